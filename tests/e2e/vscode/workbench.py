"""A real VS Code workbench in a browser, with a fresh profile and the extension."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from .toolbox import Toolbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Locator, Page

# Whatever could open by itself, ask the network, or ask the user.
QUIET = {
    "chat.disableAIFeatures": True,
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "git.enabled": False,
    "remote.autoForwardPorts": False,
    "security.workspace.trust.banner": "never",
    "security.workspace.trust.startupPrompt": "never",
    "telemetry.telemetryLevel": "off",
    "workbench.reduceMotion": "on",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
}
QUIETLY = (
    *("--auth", "none"),
    *("--bind-addr", "127.0.0.1:0"),
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
)
# A suite of tests runs where the page says that it is driven, and tells the page when it has ended.
DRIVEN = """
window.codeAutomationLog = () => {};
window.codeAutomationExit = (code) => { window.exitCode = code; };
new MutationObserver((_, observer) => {
  const element = document.getElementById('vscode-workbench-web-configuration');
  if (!element) return;
  observer.disconnect();
  const configuration = JSON.parse(element.dataset.settings);
  configuration.developmentOptions = {
    ...configuration.developmentOptions, enableSmokeTestDriver: true,
  };
  element.dataset.settings = JSON.stringify(configuration);
}).observe(document, { childList: true, subtree: true });
"""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def environment(toolbox: Toolbox, home: Path, runtime: Path) -> dict[str, str]:
    """Return an environment that is nobody's, without the tests' own programs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WPC_")}
    own.pop("VSCODE_IPC_HOOK_CLI", None)
    folders = own.get("PATH", "").split(os.pathsep)
    path = [folder for folder in folders if Path(folder) != Path(sys.prefix) / "bin"]
    return own | {
        "HOME": str(home),
        "PATH": os.pathsep.join(path),
        "PIP_CACHE_DIR": str(toolbox.pip_cache),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(runtime),
    }


class Workbench:
    """A window of VS Code on one folder.

    Parameters
    ----------
    home
        An empty folder for the profile.
    folder
        The folder that is opened.
    settings
        The user's settings of this machine.
    extensions
        The folder of the installed extensions; by default, the one that has the packed extension.
    variables
        What is to be in the environment, too.
    trusted
        Whether folders are trusted without a question.
    """

    def __init__(
        self,
        toolbox: Toolbox,
        browser: "Browser",
        home: Path,
        folder: Path,
        runtime: Path,
        *,
        settings: Mapping[str, Any],
        extensions: Path | None = None,
        variables: Mapping[str, str] | None = None,
        trusted: bool = True,
    ) -> None:
        self.folder = folder
        self._shots = toolbox.shots
        data = home / "code"
        trust = {"security.workspace.trust.enabled": not trusted}
        # Settings of the scope `machine` are read from the server's folder, not from the user's.
        for name, content in (("User", {**QUIET, **trust}), ("Machine", settings)):
            (data / name).mkdir(parents=True)
            (data / name / "settings.json").write_text(json.dumps(content), "utf-8")
        self._extensions = extensions or toolbox.extensions
        command = [*toolbox.code_server, "--user-data-dir", str(data)]
        command += ["--extensions-dir", str(self._extensions)]
        with (home / "code-server.log").open("w") as log:
            self._server = subprocess.Popen(
                [*command, *QUIETLY, str(folder)],
                env=environment(toolbox, home, runtime) | dict(variables or {}),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self._url = self._listening()
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 800})
        self.page.set_default_timeout(60_000)

    def _listening(self) -> str:
        assert self._server.stdout is not None
        for line in self._server.stdout:
            if found := re.search(r"HTTP server listening on (http://\S+?)/?$", line.strip()):
                threading.Thread(target=self._server.stdout.read, daemon=True).start()
                return found[1]
        raise AssertionError("code-server did not start")

    def open(self, file: Path | None = None) -> None:
        """Load the window anew, with a file open."""
        self._load(openFile=file)
        self.page.locator(".monaco-workbench").wait_for()
        if file:
            self.page.locator(".monaco-editor .view-lines").first.wait_for()

    def run_tests(self, suite: Path) -> int:
        """Run a suite of tests in the extension host; return its exit status."""
        self.page.add_init_script(DRIVEN)
        [extension] = self._extensions.glob("wpc.wpc-*")
        self._load(extensionDevelopmentPath=extension, extensionTestsPath=suite)
        self.page.wait_for_function("() => window.exitCode !== undefined", timeout=240_000)
        return int(self.page.evaluate("() => window.exitCode"))

    def _load(self, **payload: Path | None) -> None:
        host = self._url.removeprefix("http://")
        pairs = [(key, f"vscode-remote://{host}{path}") for key, path in payload.items() if path]
        query = {"folder": str(self.folder), "payload": json.dumps(pairs)}
        self.page.goto(f"{self._url}/?{urlencode(query, quote_via=quote)}")

    def run(self, command: str) -> None:
        """Run a command by its title in the palette."""
        self.page.keyboard.press("F1")
        box = self.page.locator(".quick-input-widget input[type=text]")
        box.fill(f">{command}")
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=command).first
        row.wait_for()
        self.page.keyboard.press("Enter")

    @property
    def squiggles(self) -> "Locator":
        """The underlined errors."""
        return self.page.locator(".squiggly-error")

    @property
    def status(self) -> "Locator":
        """The item of WPC in the status bar."""
        return self.page.locator(r"#wpc\.wpc\.wpc\.status")

    def notification(self, text: str) -> "Locator":
        """A message that holds a text."""
        return self.page.locator(".notification-list-item", has_text=text)

    def shoot(self, name: str) -> None:
        """Keep a picture of the window."""
        self.page.screenshot(path=self._shots / f"{name}.png", animations="disabled")

    def close(self) -> None:
        """Close the window and end the server with all that it started."""
        self.page.close()
        os.killpg(self._server.pid, signal.SIGTERM)
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()

    @property
    def webview(self) -> "FrameLocator":
        """The page in the only webview."""
        return self.page.frame_locator("iframe.webview").frame_locator("iframe#active-frame")

    def wait_for_status(self, words: str) -> None:
        """Wait until the status bar says this of WPC."""
        label = f'[aria-label*="{words}"]'
        self.page.locator(rf"#wpc\.wpc\.wpc\.status{label}").wait_for()

    def open_walkthrough(self) -> "Locator":
        """Open the walkthrough; return its steps."""
        self.resize(1600, 900)  # in less, there is no room for its pictures
        self.run("Open Walkthrough...")
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text="wrong part of your")
        row.click()
        steps = self.page.locator(".getting-started-step")
        steps.first.wait_for()
        return steps

    def resize(self, width: int, height: int) -> None:
        """Give the window another size, in CSS pixels."""
        self.page.set_viewport_size({"width": width, "height": height})

    def put_cursor_on(self, text: str) -> None:
        """Click on the first line of the editor that holds a text."""
        self.page.locator(".monaco-editor .view-line", has_text=text).first.click()

    def save(self) -> None:
        """Save the file and wait until it lies on the disk."""
        self.page.keyboard.press("Control+s")
        self.page.locator(".tab.active:not(.dirty)").wait_for()
