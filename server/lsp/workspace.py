"""`workspace/diagnostic`: the findings of files that are not open, where the settings want them."""

import asyncio
from functools import partial
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from server.check.discover import MissingPathError, discover
from server.check.source import SourceError, read
from server.config import ConfigError
from server.endpoint import EndpointError
from server.errors import UserError
from server.lsp.background import on_thread
from server.lsp.configuration import Scope
from server.lsp.documents import Snapshot
from server.lsp.outcomes import Outcome
from server.lsp.progress import progress
from server.lsp.session import Session
from server.problem import ProblemChoiceError

AT_ONCE = 4


class WorkspaceCheck:
    """Checks the programs of the workspace's folders that no editor has open."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._running: asyncio.Task[None] | None = None
        self._outcomes: dict[str, Outcome] = {}

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What is known by now of files that are not open, by URI."""
        opened = self.opened()
        outcomes = self._outcomes.items()
        return {uri: outcome for uri, outcome in outcomes if outcome.snapshot.path not in opened}

    def opened(self) -> set[Path | None]:
        """Return where the open documents lie: editors quote URIs in other ways than Python."""
        return {snapshot.path for snapshot in self._session.snapshots()}

    def start(self) -> None:
        """Check the workspace in the background, from the beginning."""
        if self._running:
            self._running.cancel()
        self._running = self._session.spawn(self._run())

    async def _run(self) -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        found: dict[str, Outcome] = {}

        async def check(path: Path) -> None:
            async with turns:
                if outcome := await self._check(path):
                    found[outcome.snapshot.uri] = outcome

        title = self._session.configuration.texts().checking_workspace
        async with progress(self._session, title):
            paths = await self._paths()
            opened = self.opened()
            await asyncio.gather(*(check(path) for path in paths if path not in opened))
        gone = set(self.outcomes) - set(found)
        self._outcomes = found
        self._show(gone)

    async def _paths(self) -> list[Path]:
        paths: list[Path] = []
        for uri in self._session.folders:
            folder = to_fs_path(uri)
            probe = Snapshot(f"{uri.rstrip('/')}/", None, "", "python")
            if not folder or self._session.configuration.editor(probe).scope is not Scope.WORKSPACE:
                continue
            try:
                files = self._session.configuration.files(probe.uri)
                paths += await on_thread(partial(discover, [Path(folder)], files))
            except (ConfigError, MissingPathError) as error:
                self._session.configuration.tell_once(error)
            except OSError as error:
                self._session.configuration.tell_once(UserError(str(error)))
        return paths

    async def _check(self, path: Path) -> Outcome | None:
        try:
            snapshot = Snapshot(path.as_uri(), None, read(path).text, "python")
            return await self._session.checker.check(snapshot)
        except (ConfigError, ProblemChoiceError) as error:
            self._session.configuration.tell_once(error)
        except SourceError:
            pass  # no program
        except EndpointError:  # of which the user was told
            return self._outcomes.get(path.as_uri())
        return None

    def _show(self, gone: set[str]) -> None:
        session = self._session
        if session.client.pulls_diagnostics:
            if self._outcomes or gone:
                session.workspace_diagnostic_refresh(None)
            return
        for uri in gone:
            session.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for uri, outcome in self.outcomes.items():
            items = session.diagnostics.of(outcome)
            session.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, items))


async def workspace_diagnostic(
    session: Session, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """Return what is known of the workspace by now; more will come with a refresh."""
    seen = {previous.uri: previous.value for previous in params.previous_result_ids}
    outcomes = session.workspace_check.outcomes
    items: list[types.WorkspaceDocumentDiagnosticReport] = [
        types.WorkspaceFullDocumentDiagnosticReport(uri, [])
        for uri in _gone(session, seen.keys() - outcomes.keys())
    ]
    for uri, outcome in outcomes.items():
        if seen.get(uri) == outcome.id:
            items.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, outcome.id))
        else:
            report = session.diagnostics.of(outcome)
            items.append(
                types.WorkspaceFullDocumentDiagnosticReport(uri, report, result_id=outcome.id)
            )
    return types.WorkspaceDiagnosticReport(items)


def _gone(session: Session, uris: set[str]) -> list[str]:
    """Return the files of which nothing is known any more; open ones speak for themselves."""
    opened = session.workspace_check.opened()
    return [uri for uri in uris if Snapshot(uri, None, "", None).path not in opened]
