"""A real Kate, without a screen, with the real server and the endpoint that it starts itself."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from ..documents import ROOT, code_blocks


def _messages(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    length = 0
    while header := stream.readline():
        if header.startswith(b"Content-Length:"):
            length = int(header.split(b":")[1])
        elif not header.strip():
            yield json.loads(stream.read(length))


@pytest.mark.skipif(
    not (shutil.which("kate") and shutil.which("dbus-run-session")),
    reason="no Kate here (Debian: kate, dbus)",
)
def test_kate_starts_the_server_and_gets_the_finding(
    home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "pepper_grades.py"
    file.write_bytes((ROOT / "examples" / file.name).read_bytes())
    # What the server says to Kate goes to this test, too.
    said, server = tmp_path / "said", tmp_path / "bin" / "wpc-lsp"
    os.mkfifo(said)
    server.parent.mkdir()
    real = Path(sys.executable).with_name("wpc-lsp")
    server.write_text(f'#!/bin/sh\n"{real}" "$@" | tee "{said}"\n', "utf-8")
    server.chmod(0o755)
    settings = home / "kate" / "lspclient" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(code_blocks("editor-client/README.md", "Kate")[0].text, "utf-8")
    (home / "katerc").write_text(  # which Kate writes when the user agrees
        f"[Kate Plugins]\nlspclientplugin=true\n\n[lspclient]\nAllowedServerCommandLines={server}\n"
    )

    path = f"{server.parent}{os.pathsep}{environment['PATH']}"
    kate = subprocess.Popen(
        ["dbus-run-session", "kate", "--new", str(file)],
        env={**environment, "PATH": path, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with said.open("rb") as stream:
            published = next(
                message["params"]
                for message in _messages(stream)
                if message.get("method") == "textDocument/publishDiagnostics"
            )
            [diagnostic] = published["diagnostics"]
            assert published["uri"] == file.as_uri()
            assert (diagnostic["code"], diagnostic["range"]["start"]["line"]) == ("WPC101", 4)
            os.killpg(kate.pid, signal.SIGTERM)
            stream.read()  # to its end: the server ends with Kate
    finally:
        os.killpg(kate.pid, signal.SIGKILL)
        kate.wait()
