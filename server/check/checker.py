"""Checks files with an endpoint."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

from reference.protocol import RepairOptions, RepairReport, RepairRequest, Verdict
from server.check.cache import ReportCache
from server.check.result import FileResult
from server.check.source import Source, SourceError, UnfitError, read
from server.config import Settings, SettingsSource
from server.endpoint import (
    BadAnswerError,
    EndpointClient,
    EndpointTimeoutError,
    RejectedError,
)
from server.findings import findings
from server.problem import ProblemChoiceError, ProblemResolver, ResolvedProblem
from server.texts import texts_in

_LOOK_AHEAD = 16  # files in hand for each job, so that one slow program does not hold up the rest
_MOST_SILENCES = 2  # in a row, beside those of requests sent at once, before all is given up


class Checker:
    """Checks one file after another, or many at once.

    Parameters
    ----------
    client
        Asked for what the cache does not hold.
    problem
        Solved by every file; without it, each file's own problem is found.
    jobs
        Requests to the endpoint at any time.
    """

    def __init__(
        self,
        client: EndpointClient,
        settings: SettingsSource,
        resolver: ProblemResolver,
        *,
        problem: ResolvedProblem | None,
        cache: ReportCache | None,
        jobs: int,
    ) -> None:
        self._client = client
        self._settings = settings
        self._resolver = resolver
        self._problem = problem
        self._cache = cache
        self._jobs = jobs
        self._silences = 0
        self._slots = asyncio.Semaphore(jobs)

    async def check_all(self, paths: Iterable[Path]) -> AsyncGenerator[FileResult, None]:
        """Check files at once and yield the results in the files' order.

        Raises
        ------
        EndpointError
            Where the endpoint is out of reach, refuses the credentials, stays full or silent: then
            no further file can be checked. What concerns one file is in its result.
        ConfigError
            Where the configuration of a file cannot be used.
        """
        tasks: deque[asyncio.Task[FileResult]] = deque()
        try:
            for path in paths:
                tasks.append(asyncio.create_task(self._check_file(path)))
                while len(tasks) >= self._jobs * _LOOK_AHEAD:
                    yield await tasks.popleft()
            while tasks:
                yield await tasks.popleft()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def check(self, source: Source, path: Path | None) -> FileResult:
        """Check one program; raises as `check_all` does.

        Parameters
        ----------
        path
            Where the program lies or would lie: it tells the problem and the settings.
        """
        name = shown(path)
        settings = self._settings.of_file(path or Path("-"))
        texts = texts_in(settings.locale)
        try:
            problem = self._problem or self._resolver.resolve(path, source.text, settings)
        except ProblemChoiceError as wrong:
            return FileResult(name, source, error=wrong.text(texts))
        if problem is None:
            skipped = texts.no_known_problem
            return FileResult(name, source, skipped=skipped, without_problem=True)
        try:
            report = await self._report(source.text, problem, settings)
        except EndpointTimeoutError as silence:
            self._silences += 1
            if self._silences >= _MOST_SILENCES + self._jobs:
                raise
            return FileResult(name, source, problem.name, error=silence.text(texts))
        except (RejectedError, BadAnswerError) as refusal:
            return FileResult(name, source, problem.name, error=refusal.text(texts))
        self._silences = 0
        error = None
        if report.verdict is Verdict.NOT_JUDGED and not report.fixes:
            error = texts.was_not_judged.format(reason=report.reason or texts.no_reason)
        return FileResult(
            name,
            source,
            problem.name,
            report,
            tuple(findings(report, source.text, settings, path)),
            error=error,
        )

    async def _check_file(self, path: Path) -> FileResult:
        texts = texts_in(self._settings.of_file(path).locale)
        if path.suffix == ".ipynb":
            return FileResult(shown(path), skipped=texts.notebooks)
        async with self._slots:
            try:
                source = read(path)
            except UnfitError as error:
                return FileResult(shown(path), skipped=error.text(texts))
            except SourceError as error:
                return FileResult(shown(path), error=error.text(texts))
            return await self.check(source, path)

    async def _report(
        self, code: str, problem: ResolvedProblem, settings: Settings
    ) -> RepairReport:
        request = RepairRequest(
            code=code,
            problem=problem.reference,
            options=RepairOptions(
                time_budget_s=settings.time_budget, max_fixes=1, locale=settings.locale
            ),
        )
        if self._cache is not None and (kept := self._cache.get(request)):
            return kept
        report = await self._client.repair(request)
        if self._cache is not None:
            self._cache.put(request, report)
        return report


def shown(path: Path | None) -> str:
    """Return a path as results show it: relative to the working folder where it lies there."""
    if path is None:
        return "<stdin>"
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
