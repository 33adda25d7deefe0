"""Checks documents: the problem, the endpoint's report, the findings."""

import asyncio
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath

from reference.protocol import (
    EngineInfo,
    RepairOptions,
    RepairReport,
    RepairRequest,
    TestSummary,
    Verdict,
)
from server.check.source import MAX_BYTES
from server.config import Settings
from server.findings import findings
from server.lsp.configuration import Run
from server.lsp.documents import Snapshot
from server.lsp.outcomes import Outcome, Outcomes
from server.lsp.progress import progress
from server.lsp.session import Session
from server.problem import ProblemResolver
from server.text import Text
from server.texts import Texts, texts_in


class Trigger(IntEnum):
    """What may start a check, the most urgent last; the `run` option says which of them do."""

    TYPE = 1
    OPEN = 2
    SAVE = 3
    COMMAND = 4


@dataclass
class _Check:
    snapshot: Snapshot
    trigger: Trigger
    task: "asyncio.Task[Outcome | None] | None" = None
    under_way: bool = False  # past what may put it off or call it off


class Checker:
    """Runs at most one check a document; a newer one ends an older one.

    A check comes to `None` where the settings don't let its trigger start one. It may end with
    `EndpointError`, `ConfigError` or `ProblemChoiceError`, or be cancelled.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._checks: dict[str, _Check] = {}
        self._expected: set[str] = set()
        self._outcomes = Outcomes()
        self._engines: set[str] = set()

    def start(self, snapshot: Snapshot, trigger: Trigger) -> "asyncio.Task[Outcome | None]":
        """Check a document, or join the check of the same text that is under way."""
        old = self._checks.get(snapshot.uri)
        if (
            old
            and old.task
            and old.snapshot.text == snapshot.text
            and (old.under_way or old.trigger >= trigger)
        ):
            return old.task
        self.cancel(snapshot.uri)
        check = self._checks[snapshot.uri] = _Check(snapshot, trigger)
        check.task = asyncio.create_task(self._run(check))
        check.task.add_done_callback(lambda task: self._ended(check, task))
        return check.task

    def running(self, snapshot: Snapshot) -> "asyncio.Task[Outcome | None] | None":
        """Return the check of exactly this text, if there is one now."""
        check = self._checks.get(snapshot.uri)
        return check.task if check and check.snapshot.text == snapshot.text else None

    def known(self, snapshot: Snapshot) -> Outcome | None:
        """Return what a check of exactly this text came to, if there was one."""
        return self._outcomes.get(snapshot)

    def expect_change(self, uri: str) -> None:
        """Take the next change of a document as a command to check it."""
        self._expected.add(uri)

    def trigger_of_change(self, uri: str) -> Trigger:
        """Return what the change of a document that just came stands for."""
        if uri in self._expected:
            self._expected.discard(uri)
            return Trigger.COMMAND
        return Trigger.TYPE

    def cancel(self, uri: str) -> None:
        """End the check of a document, and with it the request to the endpoint."""
        check = self._checks.pop(uri, None)
        if check and check.task:
            check.task.cancel()

    def stop(self, snapshot: Snapshot) -> Trigger | None:
        """End the check of this text and return what had started it, if there is one."""
        check = self._checks.get(snapshot.uri)
        if check is None or check.snapshot.text != snapshot.text:
            return None
        self.cancel(snapshot.uri)
        return check.trigger

    def cancel_all(self) -> None:
        """End all checks."""
        for uri in tuple(self._checks):
            self.cancel(uri)

    def forget(self) -> None:
        """Forget all outcomes, since what they rest on has changed."""
        self._outcomes.clear()

    def forget_text(self, snapshot: Snapshot) -> None:
        """Forget what a check of this text came to."""
        self._outcomes.forget(snapshot)

    def _ended(self, check: _Check, task: "asyncio.Task[Outcome | None]") -> None:
        if self._checks.get(check.snapshot.uri) is check:
            del self._checks[check.snapshot.uri]
        if not task.cancelled():
            task.exception()  # taken note of, also where nobody waits any more

    async def _run(self, check: _Check) -> Outcome | None:
        configuration = self._session.configuration
        await configuration.ready()
        editor = configuration.editor(check.snapshot)
        if check.trigger is Trigger.TYPE:
            if editor.run is not Run.ON_TYPE:
                return None
            await asyncio.sleep(editor.debounce / 1000)
        elif editor.run is Run.MANUAL and check.trigger is not Trigger.COMMAND:
            return None
        check.under_way = True
        name = PurePosixPath(check.snapshot.uri).name
        title = configuration.texts(check.snapshot).checking_file.format(name=name)
        async with progress(self._session, title):
            return await self.check(check.snapshot)

    async def check(self, snapshot: Snapshot) -> Outcome:
        """Check a document here and now; the endpoint is asked only for what is not known."""
        settings = self._session.configuration.settings(snapshot)
        if reason := _why_not(snapshot, settings, texts_in(settings.locale)):
            return Outcome(snapshot, settings, skipped=reason)
        summaries = await self._session.connection.problems()
        resolver = ProblemResolver([summary.id for summary in summaries])
        problem = resolver.resolve(snapshot.path, snapshot.text, settings)
        if problem is None:
            return self._keep(Outcome(snapshot, settings))
        options = RepairOptions(time_budget_s=settings.time_budget, locale=settings.locale)
        request = RepairRequest(code=snapshot.text, problem=problem.reference, options=options)
        known = self.known(snapshot)
        if known and known.report and known.request == request:
            if known.settings == settings:
                return known
            report = known.report
        else:
            report = await self._session.connection.repair(request)
            self._met(report.engine, snapshot)
            spent = ", ".join(f"{stage} {ms:.0f} ms" for stage, ms in report.timings_ms.items())
            self._session.trace(
                f"{snapshot.uri}: {report.verdict.value} on {problem.name}, "
                f"{len(report.fixes)} fixes; {spent or 'no timings'}"
            )
        found = findings(report, snapshot.text, settings, snapshot.path)
        outcome = Outcome(snapshot, settings, problem, request, report, tuple(found))
        self._keep_fixed(outcome)
        return self._keep(outcome)

    def _met(self, engine: EngineInfo, snapshot: Snapshot) -> None:
        """Forget what other engines said of other texts when a new one answers; ask it of them."""
        if engine.digest in self._engines:
            return
        self._engines.add(engine.digest)
        if len(self._engines) > 1:
            self.forget()
            self._session.connection.forget()
            self._session.review_all(but=snapshot.uri)

    def _keep(self, outcome: Outcome) -> Outcome:
        self._outcomes.keep(outcome)
        return outcome

    def _keep_fixed(self, outcome: Outcome) -> None:
        """Keep what is known of the program with a verified fix: it passes every test."""
        snapshot, request, report = outcome.snapshot, outcome.request, outcome.report
        for finding in outcome.findings:
            for fix in finding.fixes:
                if not fix.verified or request is None or report is None:
                    continue
                text = Text(snapshot.text).apply(fix.edits)
                accepted = RepairReport(
                    verdict=Verdict.ACCEPTED,
                    tests=_all_passed(report.tests, fix.total),
                    engine=report.engine,
                )
                self._keep(
                    Outcome(
                        Snapshot(snapshot.uri, None, text, snapshot.language_id),
                        outcome.settings,
                        outcome.problem,
                        request.model_copy(update={"code": text}),
                        accepted,
                    )
                )


def _all_passed(tests: TestSummary, total: int) -> TestSummary:
    results = (result.model_copy(update={"verdict": Verdict.ACCEPTED}) for result in tests.results)
    return TestSummary(passed=total, total=total, results=tuple(results))


def _why_not(snapshot: Snapshot, settings: Settings, texts: Texts) -> str | None:
    """Return why a document can't be checked, if so."""
    if snapshot.uri.startswith("vscode-notebook-cell:") or snapshot.uri.endswith(".ipynb"):
        return texts.notebook_cell
    if snapshot.language_id != "python":
        language = snapshot.language_id or texts.unknown_language
        return texts.other_language.format(language=language)
    try:
        size = len(snapshot.text.encode())
    except UnicodeEncodeError:
        return texts.half_surrogate
    if size > MAX_BYTES:
        return texts.too_long.format(limit=MAX_BYTES // 1024)
    path = snapshot.path
    if path and settings.exclude.match(path):
        return texts.excluded
    return None
