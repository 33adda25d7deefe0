"""Measure the engine on pairs of a wrong program and its author's accepted one."""

import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import SequenceMatcher

from pydantic import BaseModel

from reference.edits import SourceText
from reference.edits.normalise import canonical
from reference.judge import Judge
from reference.protocol import (
    Problem,
    ProblemReference,
    RepairOptions,
    RepairReport,
    RepairRequest,
    Source,
    Test,
    Verdict,
)
from reference.wpc import WPC


class Pair(BaseModel):
    """A wrong program and the one that its author then had accepted."""

    id: str
    problem_id: str
    buggy: str
    fixed: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine did with one pair.

    Parameters
    ----------
    fails_sample
        Whether the wrong program fails a sample; if not, only tests held back tell.
    reported
        Whether the engine found anything wrong.
    passes_samples, passes_all
        What its best fix passes; the engine never saw the tests held back.
    similarity
        Share of lines that the best fix keeps, if it passes everything.
    changed
        Characters that it takes away and adds, if it passes everything.
    false_alarm
        Whether the engine reports anything about the author's accepted program.
    """

    pair: str
    fails_sample: bool
    reported: bool
    passes_samples: bool
    passes_all: bool
    any_passes_all: bool
    source: Source | None
    similarity: float | None
    changed: int | None
    seconds: float
    false_alarm: bool | None


class Evaluation:
    """Runs the engine on pairs as an unknowing user would, and judges its answers.

    The engine sees a problem's samples and the accepted programs, but not the tests, and no
    accepted program that is the pair's own fix up to names and formatting.

    Parameters
    ----------
    problems
        By id, with samples and tests.
    solutions
        Accepted programs by problem id.
    accepted_too
        Also run the engine on the authors' accepted programs, to count false alarms.
    """

    def __init__(
        self,
        engine: WPC,
        judge: Judge,
        problems: Mapping[str, Problem],
        solutions: Mapping[str, Sequence[str]],
        *,
        time_budget_s: float,
        accepted_too: bool = True,
    ) -> None:
        self._engine = engine
        self._judge = judge
        self._problems = problems
        self._solutions = solutions
        self._options = RepairOptions(time_budget_s=time_budget_s)
        self._accepted_too = accepted_too

    def run(self, pairs: Iterable[Pair], jobs: int = 1) -> Iterator[Outcome]:
        """Yield the outcome of each pair, in order, with `jobs` pairs in work at a time."""
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(self._outcome, pairs)

    def _outcome(self, pair: Pair) -> Outcome:
        problem = self._problems[pair.problem_id]
        visible = problem.model_copy(
            update={
                "id": "",
                "tests": tuple(test for test in problem.tests if test.sample),
                "solutions": self._peers(pair),
            }
        )
        start = time.monotonic()
        report = self._repair(pair.buggy, visible)
        seconds = time.monotonic() - start
        fixed = [SourceText(pair.buggy).apply(fix.edits) for fix in report.fixes]
        right = [self._passes(text, problem, problem.tests) for text in fixed]
        good = bool(right) and right[0]
        alarm = None
        if self._accepted_too:
            verdict = self._repair(pair.fixed, visible).verdict
            alarm = verdict not in (Verdict.ACCEPTED, Verdict.NOT_JUDGED)
        return Outcome(
            pair=pair.id,
            fails_sample=not self._passes(pair.buggy, problem, visible.tests),
            reported=report.verdict not in (Verdict.ACCEPTED, Verdict.NOT_JUDGED),
            passes_samples=bool(fixed) and self._passes(fixed[0], problem, visible.tests),
            passes_all=good,
            any_passes_all=any(right),
            source=report.fixes[0].source if report.fixes else None,
            similarity=line_similarity(pair.buggy, fixed[0]) if good else None,
            changed=changed_characters(pair.buggy, fixed[0]) if good else None,
            seconds=seconds,
            false_alarm=alarm,
        )

    def _repair(self, code: str, problem: Problem) -> RepairReport:
        reference = ProblemReference(inline=problem)
        return self._engine.repair(
            RepairRequest(code=code, problem=reference, options=self._options)
        )

    def _peers(self, pair: Pair) -> tuple[str, ...]:
        own = _form(pair.fixed)
        peers = self._solutions.get(pair.problem_id, ())
        return tuple(code for code in peers if _form(code) != own)

    def _passes(self, code: str, problem: Problem, tests: Sequence[Test]) -> bool:
        return self._judge.judge(code, problem, tests, stop_at_failure=True).accepted


def summarise(outcomes: Sequence[Outcome]) -> dict[str, float | int | dict[str, int] | None]:
    """Return the figures of an evaluation; shares are of all pairs unless the name says else."""
    failing = [outcome for outcome in outcomes if outcome.fails_sample]
    passing = [outcome for outcome in outcomes if outcome.passes_all]
    checked = [outcome for outcome in outcomes if outcome.false_alarm is not None]
    seconds = sorted(outcome.seconds for outcome in outcomes)
    return {
        "pairs": len(outcomes),
        "wrong on samples": len(failing),
        "reported": sum(outcome.reported for outcome in outcomes),
        "repaired on samples": sum(outcome.passes_samples for outcome in failing),
        "of those wrong on samples, passing everything": sum(
            outcome.passes_all for outcome in failing
        ),
        "passing everything": len(passing),
        "passing everything, any of the fixes": sum(outcome.any_passes_all for outcome in outcomes),
        "line similarity, mean": _mean([outcome.similarity for outcome in passing]),
        "changed characters, median": _median([outcome.changed for outcome in passing]),
        "seconds, median": _median(seconds),
        "seconds, 95th percentile": seconds[int(0.95 * (len(seconds) - 1))] if seconds else None,
        "accepted programs": len(checked),
        "accepted programs with findings": sum(bool(outcome.false_alarm) for outcome in checked),
        "passing everything, by proposer": dict(
            Counter(outcome.source.value for outcome in passing if outcome.source)
        ),
    }


def line_similarity(before: str, after: str) -> float:
    """Return the share of lines that two programs have in common, from 0 to 1."""
    a, b = (SourceText(text).text.split("\n") for text in (before, after))
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def changed_characters(before: str, after: str) -> int:
    """Return how many characters are taken away and added between two programs."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return sum(
        (i2 - i1) + (j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    )


def _form(code: str) -> str:
    try:
        return canonical(code)
    except (SyntaxError, ValueError, RecursionError):
        return code


def _mean(values: Iterable[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return round(statistics.mean(numbers), 3) if numbers else None


def _median(values: Iterable[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return round(statistics.median(numbers), 3) if numbers else None
