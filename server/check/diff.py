"""Unified diffs."""

import difflib

from server.text import Text

_NO_NEWLINE = "\n\\ No newline at end of file\n"


def unified_diff(path: str, before: str, after: str) -> str:
    """Return a diff that `patch` and `git apply -p0` take; line ends are those of the texts."""
    lines = difflib.unified_diff(Text(before).lines, Text(after).lines, path, path)
    return "".join(
        line if line.endswith(("\n", "\r")) else f"{line}{_NO_NEWLINE}" for line in lines
    )
