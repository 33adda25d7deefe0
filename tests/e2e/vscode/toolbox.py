"""What the tests need beside Python: VS Code's server, a browser, and the packed extension."""

import os
import platform
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[3]
EXTENSION = ROOT / "editor-client" / "vscode"
CODE_SERVER = "code-server@4.139.1"  # VS Code 1.139
ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Toolbox:
    """Programs and files that are made once and kept in the user's cache.

    Parameters
    ----------
    code_server
        The command that starts VS Code's server.
    chromium
        The browser in which the workbench runs.
    vsix
        The extension, packed from this working tree.
    extensions
        The folder where it is installed.
    suite
        The extension's own tests, which run in the extension host.
    shots
        Where screenshots go.
    pip_cache
        Where pip keeps what it has fetched, as it does for anybody.
    """

    code_server: tuple[str, ...]
    chromium: str
    vsix: Path
    extensions: Path
    suite: Path
    shots: Path
    pip_cache: Path

    def install(self, vsix: Path, extensions: Path) -> None:
        """Install a packed extension into a folder of extensions."""
        command = [*self._code(extensions), "--force", "--install-extension", str(vsix)]
        run(command, extensions.parent)

    def put_code_on_path(self, folder: Path, extensions: Path) -> None:
        """Make the command `code` in a folder; it installs into a folder of extensions."""
        folder.mkdir()
        code = folder / "code"
        code.write_text(f'#!/bin/sh\nexec {shlex.join(self._code(extensions))} "$@"\n', "utf-8")
        code.chmod(0o755)

    def _code(self, extensions: Path) -> list[str]:
        user = f"{extensions}-user"
        return [*self.code_server, "--extensions-dir", str(extensions), "--user-data-dir", user]


def prepare() -> Toolbox:
    """Install and build what is not there yet; skip the test where this machine can't."""
    architecture = ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        pytest.skip("VS Code is driven on Linux only")
    if shutil.which("npm") is None:
        pytest.skip("no npm here: install Node.js 20 or newer")
    cache = (
        Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wpc-tests" / "vscode"
    )
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "lock"):
        chromium = _chromium()
        modules = _code_server(cache, architecture)
        node = modules / f"node-linux-{architecture}" / "bin" / "node"
        entry = modules / "code-server" / "out" / "node" / "entry.js"
        shots = Path(os.environ.get("WPC_SCREENSHOTS") or cache / "screenshots")
        shots.mkdir(parents=True, exist_ok=True)
        toolbox = Toolbox(
            (str(node), str(entry)),
            chromium,
            vsix=_vsix(cache),
            extensions=cache / "extensions",
            suite=EXTENSION / "dist" / "tests" / "index.js",
            shots=shots,
            pip_cache=cache / "pip",
        )
        toolbox.install(toolbox.vsix, toolbox.extensions)
    return toolbox


def _chromium() -> str:
    found = shutil.which("chromium")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        run(["apt-get", "update", "-q"], Path("/"))
        run(["apt-get", "install", "-yq", "--no-install-recommends", "chromium"], Path("/"))
        found = shutil.which("chromium")
    if found is None:
        pytest.skip("no chromium here: apt-get install chromium")
    return found


def _code_server(cache: Path, architecture: str) -> Path:
    folder = cache / CODE_SERVER
    installed = folder / "installed"
    if not installed.exists():
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', "utf-8")
        # VS Code 1.139 needs a newer Node than the machine may have. No package needs its scripts.
        install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        run([*install, f"node-linux-{architecture}@24", CODE_SERVER], folder)
        inner = folder / "node_modules" / "code-server" / "lib" / "vscode"
        run([*install, "--omit=dev"], inner)
        installed.touch()
    return folder / "node_modules"


def _vsix(cache: Path) -> Path:
    lock = EXTENSION / "package-lock.json"
    installed = EXTENSION / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run(["npm", "ci"], EXTENSION)
    run(["npm", "run", "build:tests"], EXTENSION)
    vsix = cache / "wpc.vsix"
    output = run(["npm", "run", "package", "--", "--out", str(vsix)], EXTENSION)
    assert "WARN" not in output, output
    return vsix


def pack(extension: str, vsix: Path) -> Path:
    """Pack an extension of the tests' own."""
    vsce = EXTENSION / "node_modules" / ".bin" / "vsce"
    flags = ("--no-dependencies", "--allow-missing-repository", "--skip-license")
    run([str(vsce), "package", *flags, "--out", str(vsix)], Path(__file__).with_name(extension))
    return vsix


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
    return done.stdout
