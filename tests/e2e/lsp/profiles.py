"""Three editors, by the capabilities that they send."""

import json
from importlib import resources
from typing import Any

from lsprotocol import types
from lsprotocol.converters import get_converter

# Knows documents, pushed diagnostics, commands and edits; no code action but as a command.
BARE: dict[str, Any] = {"workspace": {"applyEdit": True}}

# vscode-languageclient 11 in VS Code 1.139, as far as it matters to this server.
VISUAL_STUDIO_CODE: dict[str, Any] = {
    "general": {
        "positionEncodings": ["utf-16"],
        "staleRequestSupport": {"cancel": True, "retryOnContentModified": []},
    },
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
        "workspaceEdit": {
            "documentChanges": True,
            "failureHandling": "textOnlyTransactional",
            "changeAnnotationSupport": {"groupsOnLabel": True},
        },
        "codeLens": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
        "executeCommand": {"dynamicRegistration": True},
    },
    "textDocument": {
        "synchronization": {"dynamicRegistration": True, "didSave": True},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": False},
        "diagnostic": {"dynamicRegistration": True, "relatedInformation": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeLens": {"dynamicRegistration": True},
        "codeAction": {
            "dynamicRegistration": True,
            "isPreferredSupport": True,
            "disabledSupport": True,
            "dataSupport": True,
            "honorsChangeAnnotations": True,
            "resolveSupport": {"properties": ["edit", "command"]},
            "tagSupport": {"valueSet": [1]},
            "codeActionLiteralSupport": {
                "codeActionKind": {"valueSet": ["", "quickfix", "refactor", "source"]}
            },
        },
    },
    "window": {
        "workDoneProgress": True,
        "showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}},
        "showDocument": {"support": True},
    },
    "experimental": {"wpcStatus": True},
    "notebookDocument": {"synchronization": {"dynamicRegistration": True}},
}


def neovim() -> dict[str, Any]:
    """Neovim 0.11, as it was recorded by pytest-lsp."""
    recorded = resources.files("pytest_lsp.clients") / "neovim_v0.11.0.json"
    capabilities: dict[str, Any] = json.loads(recorded.read_text("utf-8"))["capabilities"]
    return capabilities


PROFILES = {"vscode": VISUAL_STUDIO_CODE, "neovim": neovim(), "bare": BARE}


def capabilities(profile: dict[str, Any]) -> types.ClientCapabilities:
    return get_converter().structure(profile, types.ClientCapabilities)
