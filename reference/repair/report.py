"""Word what was found for the report."""

from collections.abc import Mapping, Sequence

from reference.edits import Program, SourceText, TextEdit, trimmed
from reference.judge import Judgement, TestRun
from reference.propose import Candidate
from reference.protocol import Failure, Fix, Range, Suspect, TestResult, TestSummary, Verdict
from reference.rules import classify

_SUSPECTS = 5
_SHOWN = 2000  # characters of a test that a report carries


def summary(judgement: Judgement) -> TestSummary:
    """Return how a program does on each test, and the first that it does not pass."""
    first = _first_failing(judgement.runs)
    return TestSummary(
        passed=judgement.passed,
        total=judgement.total,
        first_failure=_failure(first) if first else None,
        results=tuple(map(_result, judgement.runs)),
    )


def with_witness(summary: TestSummary, found: Sequence[TestRun]) -> TestSummary:
    """Return a summary with the first failure on tests of our own making, if there is one."""
    first = _first_failing(found)
    witness = _failure(first, found=True) if first else None
    failing = (_result(first),) if first else ()
    return summary.model_copy(
        update={"first_failure": witness, "results": summary.results + failing}
    )


def _first_failing(runs: Sequence[TestRun]) -> TestRun | None:
    failing = (run for run in runs if run.verdict is not Verdict.ACCEPTED)
    return next(failing, None)


def _result(run: TestRun) -> TestResult:
    return TestResult(test=run.test.name, verdict=run.verdict)


def _failure(run: TestRun, *, found: bool = False) -> Failure:
    return Failure(
        test=run.test.name,
        verdict=run.verdict,
        input=_cut(run.test.input),
        expected=_cut(run.test.output),
        actual=_cut(run.run.output),
        stderr=_cut(run.run.stderr),
        line=run.run.line,
        found=found,
    )


def fix(
    text: SourceText, program: Program, candidate: Candidate, *, tests: int, rank: int, locale: str
) -> Fix:
    """Describe a candidate that passes all tests.

    Parameters
    ----------
    tests
        How many it passes.
    rank
        How many fixes are better.
    """
    error = classify(program, Program(candidate.text))
    edits = [trimmed(program.text, edit) for edit in candidate.edits]
    return Fix(
        edits=text.edits(edits),
        range=text.range(*error.span) if error.span else _place(text, edits[0]),
        rule=error.rule,
        message=error.message(locale),
        source=candidate.source,
        verified=True,
        passed=tests,
        total=tests,
        confidence=_confidence(rank, tests),
        diff=text.diff(candidate.text),
    )


def unverified(
    text: SourceText, program: Program, candidate: Candidate, *, confidence: float, locale: str
) -> Fix:
    """Describe a candidate that no test speaks for.

    Parameters
    ----------
    confidence
        How likely the program is wrong at all, from 0 to 1.
    """
    verified = fix(text, program, candidate, tests=0, rank=0, locale=locale)
    return verified.model_copy(update={"verified": False, "confidence": round(confidence, 2)})


def suspects(text: SourceText, lines: Mapping[int, float]) -> list[Suspect]:
    """Return the most suspicious lines, given by their 1-based numbers."""
    ranked = sorted(lines.items(), key=lambda pair: (-pair[1], pair[0]))[:_SUSPECTS]
    return [
        Suspect(range=text.line_range(line - 1), score=round(score, 3)) for line, score in ranked
    ]


def raised(text: SourceText, runs: Sequence[TestRun]) -> list[Suspect]:
    """Return the line that an error names."""
    lines = [run.run.line for run in runs if run.run.line is not None]
    return [Suspect(range=text.line_range(line), score=1.0) for line in lines[:1]]


def _place(text: SourceText, edit: TextEdit) -> Range:
    """Return the line where something is missing: the one that the edit goes before."""
    before = text.text[: edit.start]
    line = before.count("\n")
    at_end = not text.text[edit.start :].strip()
    return text.line_range(len(before.rstrip().split("\n")) - 1 if at_end else line)


def _confidence(rank: int, tests: int) -> float:
    """How likely a fix that passes `tests` tests is right; later ones are less likely."""
    return round((tests / (tests + 1.5)) / (rank + 1), 2)


def _cut(text: str) -> str:
    if len(text) <= _SHOWN:
        return text
    half = _SHOWN // 2
    return f"{text[:half]}\n… {len(text) - _SHOWN} characters more …\n{text[-half:]}"
