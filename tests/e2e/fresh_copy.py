"""The repository as somebody has it who has just cloned it."""

import shutil
from pathlib import Path

from .documents import ROOT

_MADE_HERE = (
    ".git",
    ".venv",
    "node_modules",
    "build",
    "dist",
    "bundled",
    "*.vsix",
    "__pycache__",
    ".*_cache",
)


def fresh_copy(folder: Path) -> Path:
    """Copy the repository, without what was made in it, to a folder that is not there yet."""
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_MADE_HERE)))
