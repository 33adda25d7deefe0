"""One run of `wpc-lsp --check`, from the words of the command line to the exit status."""

import asyncio
import os
import sys
import time
import traceback
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.text import Text

from server.check.baseline import Baseline, write_baseline
from server.check.cache import ReportCache
from server.check.checker import Checker, shown
from server.check.discover import discover
from server.check.progress import ProgressBar
from server.check.result import FileResult, Summary, fixable
from server.check.source import MAX_BYTES, Source, SourceError, decode, write
from server.check.summary import print_statistics, print_summary
from server.config import ConfigError, EndpointSettings, SettingsSource
from server.endpoint import GRACE_S, EndpointClient, EndpointError, open_endpoint
from server.errors import UserError
from server.problem import ProblemResolver
from server.report import FORMATS, Report
from server.report.diff import DiffReport
from server.text import printable, printable_line
from server.texts import Texts


class ExitStatus(IntEnum):
    """What the process says to its caller."""

    CLEAN = 0
    FINDINGS = 1
    FAILURE = 2
    INTERRUPTED = 130


@dataclass(frozen=True)
class CheckOptions:
    """What the command line says.

    Parameters
    ----------
    paths
        Files and folders.
    texts
        For what concerns no single file.
    stdin
        Check standard input instead of paths.
    stdin_filename
        Where the text of standard input would lie.
    cache
        The folder of kept reports; `None` keeps none.
    diff
        Print diffs and nothing else.
    fix
        Write fixes: those that pass every test, or all with `unsafe_fixes`.
    baseline
        Of findings not to report.
    write_baseline
        Where to write down all findings as known.
    watch
        Check again whenever something changes, until interrupted.
    """

    paths: tuple[Path, ...]
    settings: SettingsSource
    texts: Texts
    endpoint: EndpointSettings
    stdin: bool = False
    stdin_filename: Path | None = None
    problem: str | None = None
    jobs: int = 4
    cache: Path | None = None
    output_format: str = "full"
    output_file: Path | None = None
    color: bool | None = None
    diff: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    statistics: bool = False
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None
    watch: bool = False


def check(options: CheckOptions) -> ExitStatus:
    """Check what the options name, print the report, and return the exit status."""
    errors = _console(sys.stderr, False if options.color is False else None)
    run: _Run | None = None
    try:
        run = _Run(options, errors)
        return asyncio.run(_watch(options, errors) if options.watch else run.check())
    except KeyboardInterrupt:
        if run and not options.watch:
            done, files = f"{len(run.results):,}", f"{run.files:,}"
            errors.print(options.texts.stopped.format(done=done, files=files))
        return ExitStatus.INTERRUPTED
    except UserError as error:
        _print_error(errors, error.text(options.texts), options.texts)
        return ExitStatus.FAILURE
    except BrokenPipeError:  # whoever read the report has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.FAILURE
    except Exception:  # a fault of ours must not exit with 1, which says that there are findings
        traceback.print_exc()
        return ExitStatus.FAILURE


async def _watch(options: CheckOptions, errors: Console) -> ExitStatus:
    """Check, and check again after each change; what has not changed comes from the cache."""
    from server.check.watch import clear_terminal, rounds

    status = ExitStatus.CLEAN
    discover(options.paths, options.settings)  # what is not there cannot be watched
    async with aclosing(rounds(options.paths)) as watching:
        async for _ in watching:
            clear_terminal()
            options.settings.forget()
            try:
                status = await _Run(options, errors).check()
            except UserError as error:
                _print_error(errors, error.text(options.texts), options.texts)
            errors.print(options.texts.watching)
    return status


class _Run:
    """One pass over the files.

    Parameters
    ----------
    errors
        The standard error.
    """

    def __init__(self, options: CheckOptions, errors: Console) -> None:
        self.results: list[FileResult] = []
        self.files = 0
        self._options = options
        self._errors = errors
        self._bar = ProgressBar(errors, options.texts)
        self._stopped: EndpointError | None = None
        self._baseline = Baseline(options.baseline) if options.baseline else None

    async def check(self) -> ExitStatus:
        begun = time.monotonic()
        options = self._options
        source = decode(sys.stdin.buffer.read(MAX_BYTES + 1)) if options.stdin else None
        paths = discover(options.paths, options.settings)
        self.files = len(paths) + (source is not None)
        with self._output() as console, self._bar.shown():
            report = self._report(console)
            async with aclosing(self._check_all(source, paths)) as results:
                async for result in results:
                    if self._baseline:
                        result = self._baseline.without_known(result)
                    self._take(self._fix(result), report)
            summary = Summary(self.results)
            report.finish(summary)
        if source is not None and options.fix and not options.diff:
            _print_fixed(self.results[0])
        if options.statistics:
            print_statistics(self._errors, summary, options.texts)
        if self._stopped:
            _print_error(self._errors, self._stopped.text(options.texts), options.texts)
        if self.files:
            print_summary(self._errors, summary, time.monotonic() - begun, options.texts)
        else:
            self._errors.print(options.texts.no_files)
        if options.write_baseline and not summary.errors:
            write_baseline(options.write_baseline, summary.wrong)
            return ExitStatus.CLEAN
        if options.write_baseline:
            text = options.texts.baseline_not_written.format(file=options.write_baseline)
            _print_error(self._errors, text, options.texts)
        return self._status(summary)

    async def _check_all(
        self, source: Source | None, paths: list[Path]
    ) -> AsyncGenerator[FileResult, None]:
        """Yield a result for every file, whatever becomes of the endpoint."""
        if not self.files:
            return
        left = deque(paths)
        try:
            async with self._open_endpoint() as client:
                checker = await self._checker(client)
                self._bar.begin(self.files)
                if source is not None:
                    yield await checker.check(source, self._options.stdin_filename)
                async with aclosing(checker.check_all(paths)) as results:
                    async for result in results:
                        left.popleft()
                        yield result
        except EndpointError as error:
            if not self.results:
                raise
            self._stopped = error
            for path in left:
                yield FileResult(shown(path), error=error.text(self._options.texts))

    def _open_endpoint(self) -> EndpointClient:
        options = self._options
        # A program may have to wait for all that were sent before it.
        queue_s = options.jobs * options.settings.of_folder(Path.cwd()).time_budget
        return open_endpoint(options.endpoint, on_state=self._bar.state, grace_s=GRACE_S + queue_s)

    async def _checker(self, client: EndpointClient) -> Checker:
        options = self._options
        problems = await client.problems()
        health = await client.health()  # of an engine that is loaded by now, or it has no digest
        resolver = ProblemResolver([problem.id for problem in problems])
        named = options.problem and resolver.named(options.problem, Path.cwd())
        kept = options.cache and ReportCache(options.cache, health, problems)
        if kept:
            kept.prune()
        return Checker(
            client,
            options.settings,
            resolver,
            problem=named or None,
            cache=kept or None,
            jobs=options.jobs,
        )

    def _fix(self, result: FileResult) -> FileResult:
        options = self._options
        if not options.fix or options.diff:
            return result
        for _, fix in fixable([result], unsafe=options.unsafe_fixes):
            assert result.source is not None
            try:
                if result.source.path is not None:
                    write(result.source, result.fixed_text(fix))
            except SourceError as error:
                return replace(result, error=error.text(options.texts))
            return replace(result, fixed=True)
        return result

    def _take(self, result: FileResult, report: Report) -> None:
        self.results.append(result)
        said = result.error and not self._stopped
        note = said or (result.skipped and not result.without_problem)
        with self._bar.hidden() if result.findings or note else nullcontext():
            report.add(result)
            path = printable_line(result.path)
            if said:
                _print_error(self._errors, f"{path}: {result.error}", self._options.texts)
            elif note:
                template = self._options.texts.skipped
                text = template.format(path=path, reason=result.skipped)
                self._errors.print(text, markup=False)
        self._bar.advance()

    @contextmanager
    def _output(self) -> Iterator[Console]:
        options = self._options
        if options.output_file is not None:
            try:
                with options.output_file.open("w", encoding="utf-8", newline="") as file:
                    yield _console(file, options.color)
            except OSError as error:
                path, reason = options.output_file, error.strerror
                raise ConfigError(
                    lambda texts: texts.cannot_write.format(file=path, reason=reason)
                ) from None
        elif options.stdin and options.fix and not options.diff:
            yield self._errors  # the program itself goes to the standard output
        else:
            yield _console(sys.stdout, options.color)

    def _report(self, console: Console) -> Report:
        if self._options.diff:
            return DiffReport(console, unsafe=self._options.unsafe_fixes)
        return FORMATS[self._options.output_format](console, self._options.texts)

    def _status(self, summary: Summary) -> ExitStatus:
        if summary.errors:
            return ExitStatus.FAILURE
        found = summary.wrong or (summary.fixed and self._options.exit_non_zero_on_fix)
        return ExitStatus.FINDINGS if found and not self._options.exit_zero else ExitStatus.CLEAN


def _print_fixed(result: FileResult) -> None:
    """Print the program of standard input as it is now."""
    assert result.source is not None
    content = result.source.content
    if result.fixed:
        text = result.fixed_text(result.findings[0].fixes[0])
        content = text.encode(result.source.encoding, "backslashreplace")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _print_error(console: Console, message: str, texts: Texts) -> None:
    label = texts.error_label, "bold red"
    console.print(Text.assemble(label, printable(message)), soft_wrap=True)


def _console(stream: IO[str], color: bool | None) -> Console:
    """Return a console that colours always, never, or (`None`) on a terminal."""
    if color is False:
        return _Console(file=stream, color_system=None, highlight=False, emoji=False)
    return _Console(file=stream, force_terminal=color, highlight=False, emoji=False)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the caller, where the exit status is decided."""
        raise BrokenPipeError
