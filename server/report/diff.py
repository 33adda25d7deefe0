"""Unified diffs of the fixes, for `patch` and `git apply`."""

from rich.console import Console
from rich.text import Text

from server.check.result import FileResult, Summary, fixable

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


class DiffReport:
    """Prints a diff for each file that can be fixed, and nothing else.

    Parameters
    ----------
    unsafe
        Also fixes that no test verifies.
    """

    def __init__(self, console: Console, *, unsafe: bool) -> None:
        self._console = console
        self._unsafe = unsafe

    def add(self, result: FileResult) -> None:
        """Print the diff of a file."""
        for _, fix in fixable([result], unsafe=self._unsafe):
            diff = result.diff(fix)
            if not self._console.is_terminal:
                self._console.file.write(diff)
                continue
            for line in diff.splitlines():
                style = "bold" if line[:3] in ("---", "+++") else _STYLES.get(line[:1], "")
                self._console.print(Text(line, style), soft_wrap=True)

    def finish(self, summary: Summary) -> None:
        """Print nothing more."""
