"""What the endpoint asks of an engine."""

import threading
from collections.abc import Iterable
from typing import Protocol

from reference.protocol import Health, Problem, ProblemSummary, RepairReport, RepairRequest


class Bank(Protocol):
    """The problems that an engine knows."""

    def get(self, problem_id: str, /) -> Problem:
        """Return a problem, or raise `UnknownProblemError`."""

    def summaries(self) -> Iterable[ProblemSummary]:
        """Return a line for each problem."""


class Engine(Protocol):
    """`reference.wpc.WPC`, as far as the endpoint uses it; safe to call from several threads."""

    @property
    def bank(self) -> Bank:
        """The problems that requests may name."""

    def process(self, code: str, p_id: str, /) -> tuple[str, str]:
        """Return the fixed program, and the program as sent, re-printed without comments."""

    def repair(
        self, request: RepairRequest, /, *, cancelled: threading.Event | None = None
    ) -> RepairReport:
        """Judge a program and propose fixes, within the request's time budget.

        Once `cancelled` is set, nobody waits for that any more.
        """

    def health(self) -> Health:
        """Tell version, model and device."""

    def close(self) -> None:
        """Give back processes and memory."""
