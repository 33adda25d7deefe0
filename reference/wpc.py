"""The engine as its endpoint and its users call it."""

import functools
import threading
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING

from reference.digest import engine_digest
from reference.edits import SourceText
from reference.edits.normalise import generalise
from reference.judge import Judge
from reference.problems import ProblemBank
from reference.protocol import (
    EndpointState,
    EngineInfo,
    Health,
    Problem,
    ProblemReference,
    RepairReport,
    RepairRequest,
)
from reference.reasons import in_language
from reference.repair import Repairer

if TYPE_CHECKING:
    from reference.model import RepairModel


_digest = functools.cache(engine_digest)  # it does not change while this runs


class WPC:
    """Finds the wrong part of a program.

    Safe to share between threads; the judge runs as many programs at a time as it has workers.

    Parameters
    ----------
    bank
        By default the problems that ship with the package.
    judge
        By default one that uses every processor.
    model
        Proposes what mutations and accepted programs do not; by default there is none.
    digest
        That of the engine, where another process has read its files already.

    Examples
    --------
    >>> with WPC() as engine:
    ...     fixed_code, generalized_code = engine.process(code, "digit_sum")
    """

    def __init__(
        self,
        bank: ProblemBank | None = None,
        judge: Judge | None = None,
        model: "RepairModel | None" = None,
        *,
        digest: str | None = None,
    ) -> None:
        self.bank = bank or ProblemBank()
        self._judge = judge or Judge()
        self._info = EngineInfo(
            version=version("wpc-lsp"),
            digest=digest or _digest(),
            model=model.name if model else None,
            device=model.device if model else "cpu",
            sandbox=self._judge.tier,
        )
        self._repairer = Repairer(self._judge, self._info, model)

    def __enter__(self) -> "WPC":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def process(self, code: str, p_id: str) -> tuple[str, str]:
        """Return the fixed program and the generalised one.

        Parameters
        ----------
        code
            A program for the problem.
        p_id
            Id of a problem of the bank.

        Returns
        -------
        fixed_code, generalized_code : str
            The program with the best fix applied, in the user's own text (unchanged where it is
            right, or where no fix was found); and the program as given, re-printed from its
            syntax tree, without comments.

        Raises
        ------
        UnknownProblemError
            If the bank has no such problem.
        SyntaxError
            If `code` is not Python.
        """
        source = SourceText(code)
        generalised = generalise(source.text)
        report = self.repair(RepairRequest(code=code, problem=ProblemReference(id=p_id)))
        fixed = source.apply(report.fixes[0].edits) if report.fixes else code
        return fixed, generalised

    def repair(
        self, request: RepairRequest, *, cancelled: threading.Event | None = None
    ) -> RepairReport:
        """Judge a program and propose fixes.

        Parameters
        ----------
        cancelled
            Once it is set, the search ends soon, with an error.

        Raises
        ------
        CancelledError
            If `cancelled` was set.
        UnknownProblemError
            If the bank has no such problem.
        ProblemError
            If the problem's folder is malformed.
        """
        problem, options = self._problem(request.problem), request.options
        report = self._repairer.repair(
            request.code, problem, options, cancelled or threading.Event()
        )
        if report.reason is None:
            return report
        reason = in_language(report.reason, options.locale)
        return report.model_copy(update={"reason": reason})

    def health(self) -> Health:
        """Return what the engine is and has."""
        return Health(
            state=EndpointState.READY,
            version=self._info.version,
            digest=self._info.digest,
            model=self._info.model,
            device=self._info.device,
            sandbox=self._info.sandbox,
            problems=len(self.bank.ids()),
        )

    def close(self) -> None:
        """End the sandboxed processes."""
        self._judge.close()

    def _problem(self, reference: ProblemReference) -> Problem:
        if reference.inline is not None:
            return reference.inline
        assert reference.id is not None  # the reference's own check
        return self.bank.get(reference.id)
