"""The progress bar."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from server.endpoint import ConnectionState
from server.texts import Texts


class ProgressBar:
    """Shows on a terminal how many files are checked, how fast, and the time left.

    Parameters
    ----------
    console
        Of the standard error; nothing is shown where that is no terminal.
    """

    def __init__(self, console: Console, texts: Texts) -> None:
        self._descriptions = {
            ConnectionState.STARTING: texts.state_starting,
            ConnectionState.READY: texts.state_ready,
            ConnectionState.BUSY: texts.state_busy,
            ConnectionState.UNAUTHORIZED: texts.state_unauthorized,
            ConnectionState.UNREACHABLE: texts.state_unreachable,
        }
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(compact=True),
            console=console,
            disable=not console.file.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task(texts.starting, total=None)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bar for as long as the context lasts."""
        with self._progress:
            yield

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Hide the bar while something else is printed."""
        self._progress.stop()
        yield
        self._progress.start()

    def begin(self, files: int) -> None:
        """Say how many files there are."""
        self._progress.update(self._task, total=files)

    def advance(self) -> None:
        """Count a file."""
        self._progress.advance(self._task)

    def state(self, state: ConnectionState) -> None:
        """Say how the endpoint is doing."""
        self._progress.update(self._task, description=self._descriptions[state])


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="progress.data.speed")
