"""Findings and fixes lie where they belong, whatever the text and the units."""

from pathlib import Path

import pytest
from lsprotocol import types

from server.lsp.positions import LineIndex

from .editor import Opener
from .endpoint import ScriptedEndpoint

TEXTS = {
    "ascii": "a = 1\nprint(WRONG)\n",
    "astral": "a = '😀𐍈'; b = WRONG  # 😀\nprint('é', WRONG)\n",
    "crlf": "a = 1\r\nb = '😀'; print(WRONG)\r\n",
    "cr": "a = 1\rprint(WRONG)\r",
    "mixed": "a = 1\r\nb = 2\nc = 3\rprint(WRONG)",
    "form feed": "a = 1\n\x0c\nprint('\x0b\x1c\x85\u2028', WRONG)\n",
    "tabs": "if 1:\n\tprint(WRONG)\n",
    "combining": "s = 'e\u0301\u200d👩‍👩‍👧'; print(WRONG)\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_places_hold_in_every_encoding(
    open_editor: Opener, endpoint: ScriptedEndpoint, tmp_path: Path, encoding: str
) -> None:
    editor = await open_editor("vscode")
    result = await editor.begin(
        tmp_path, options={"endpoint": endpoint.url}, encodings=[encoding, "utf-16"]
    )
    assert result.capabilities.position_encoding == encoding
    for name, text in TEXTS.items():
        uri = editor.open_file(tmp_path / name / "two_sum.py", text)
        [diagnostic] = await editor.items(uri)
        index = LineIndex(text, encoding)
        assert text[index.span(diagnostic.range)] == "WRONG", name

        fix, *_ = await editor.actions(uri, diagnostic.range, types.CodeActionKind.QuickFix.value)
        await editor.take(fix)
        assert editor.texts[uri] == text.replace("WRONG", "RIGHT"), name
        assert await editor.items(uri) == [], name  # so the server's copy is the same


async def test_utf_16_where_the_client_says_nothing(open_editor: Opener) -> None:
    editor = await open_editor("bare")
    result = await editor.begin()
    assert result.capabilities.position_encoding == "utf-16"
