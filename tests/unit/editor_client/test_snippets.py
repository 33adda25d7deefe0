"""The snippets for editors that no test can run are at least well formed and start the server."""

import json
import sys

import pytest

from tests.e2e.documents import code_blocks

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCUMENT = "editor-client/README.md"


def test_helix() -> None:
    [block] = code_blocks(DOCUMENT, "Helix")
    languages = tomllib.loads(block.text)
    assert languages["language-server"]["wpc"]["command"] == "wpc-lsp"
    [python] = languages["language"]
    assert python["name"] == "python"
    assert "wpc" in python["language-servers"]


@pytest.mark.parametrize("editor", ["Sublime Text", "Zed", "Kate"])
def test_editors_with_json(editor: str) -> None:
    [block] = code_blocks(DOCUMENT, editor)
    assert block.language == "json"
    assert '"wpc-lsp"' in json.dumps(json.loads(block.text))
