"""What checks came to, by the text that was checked."""

import itertools
from collections import OrderedDict
from dataclasses import dataclass, field

from reference.protocol import RepairReport, RepairRequest
from server.config import Settings
from server.findings import Finding
from server.lsp.documents import Snapshot
from server.problem import ResolvedProblem

MAX_DOCUMENTS = 2_000
MAX_TEXTS = 16  # of one document: undone and redone, fixed and not

_ids = itertools.count(1)


@dataclass(frozen=True)
class Outcome:
    """What a check of a document came to.

    Parameters
    ----------
    problem
        `None` where nothing tells which problem the document solves, or nothing was checked.
    request, report
        What was sent, and what came back; `None` where nothing was sent.
    skipped
        Why nothing was checked, if so.
    id
        Tells outcomes apart; the `resultId` of pulled diagnostics.
    """

    snapshot: Snapshot
    settings: Settings | None = None
    problem: ResolvedProblem | None = None
    request: RepairRequest | None = None
    report: RepairReport | None = None
    findings: tuple[Finding, ...] = ()
    skipped: str | None = None
    id: str = field(default_factory=lambda: str(next(_ids)))


class Outcomes:
    """The latest outcomes of the documents that were checked last.

    Each document has room of its own, so that a check of a whole workspace drives out nothing
    that is known of the documents in hand.
    """

    def __init__(self) -> None:
        self._by_uri: OrderedDict[str, OrderedDict[str, Outcome]] = OrderedDict()

    def get(self, snapshot: Snapshot) -> Outcome | None:
        """Return the outcome for exactly this text, if there is one."""
        texts = self._by_uri.get(snapshot.uri)
        return texts.get(snapshot.text) if texts else None

    def keep(self, outcome: Outcome) -> None:
        """Keep an outcome, in place of an older one for the same text."""
        uri, text = outcome.snapshot.uri, outcome.snapshot.text
        texts = self._by_uri.setdefault(uri, OrderedDict())
        texts[text] = outcome
        texts.move_to_end(text)
        self._by_uri.move_to_end(uri)
        if len(texts) > MAX_TEXTS:
            texts.popitem(last=False)
        if len(self._by_uri) > MAX_DOCUMENTS:
            self._by_uri.popitem(last=False)

    def forget(self, snapshot: Snapshot) -> None:
        """Forget the outcome for this text."""
        if texts := self._by_uri.get(snapshot.uri):
            texts.pop(snapshot.text, None)

    def clear(self) -> None:
        """Forget everything."""
        self._by_uri.clear()
