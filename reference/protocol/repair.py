from enum import Enum
from typing import Literal

from pydantic import Field, model_validator

from reference.protocol.base import WireModel
from reference.protocol.problem import Problem

MAX_TIME_BUDGET_S = 30.0


class Verdict(str, Enum):
    """What the judge says of a program, or of its run on one test."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    SYNTAX_ERROR = "syntax_error"
    NOT_JUDGED = "not_judged"  # nothing was run; the report's `reason` says why


class Source(str, Enum):
    """Which proposer found a fix."""

    PEERS = "peers"
    MUTATION = "mutation"
    MODEL = "model"


class Position(WireModel):
    r"""A place in a text: 0-based line, and offset in that line in UTF-16 code units.

    A line ends at `\n`, `\r\n` or `\r`, and nowhere else.
    """

    line: int = Field(ge=0)
    character: int = Field(ge=0)


class Range(WireModel):
    """A stretch of text, from `start` up to but not including `end`."""

    start: Position
    end: Position


class Edit(WireModel):
    """A replacement of `range` in the program as sent."""

    range: Range
    new_text: str


class ProblemReference(WireModel):
    """The problem to judge by: the `id` of one in the endpoint's bank, or one sent `inline`."""

    id: str | None = None
    inline: Problem | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "ProblemReference":
        if (self.id is None) == (self.inline is None):
            raise ValueError("give either the id of a problem of the bank or an inline problem")
        return self


class RepairOptions(WireModel):
    """What a client may ask for.

    Parameters
    ----------
    time_budget_s
        Seconds the engine may spend in all; it answers with the best it has by then.
    max_fixes
        How many alternative fixes to return, best first.
    verify
        Whether the program may be run on the tests. If not, only the model speaks.
    locale
        Language of messages: `en` or `ko`; others fall back to English.
    """

    time_budget_s: float = Field(default=10.0, gt=0, le=MAX_TIME_BUDGET_S)
    max_fixes: int = Field(default=3, ge=0, le=10)
    verify: bool = True
    locale: str = "en"


class RepairRequest(WireModel):
    """`POST /v1/repair`."""

    version: Literal[1] = 1
    code: str
    problem: ProblemReference
    options: RepairOptions = RepairOptions()


class Failure(WireModel):
    """A test that the program does not pass.

    `line` is the 0-based line of the program where a runtime error was raised, if known.
    `found` says that the engine made this input itself and that accepted programs agree on
    `expected`. Long texts are cut in the middle.
    """

    test: str
    verdict: Verdict
    input: str
    expected: str
    actual: str
    stderr: str = ""
    line: int | None = None
    found: bool = False


class TestResult(WireModel):
    """What the program did on one test."""

    __test__ = False  # not a pytest class

    test: str
    verdict: Verdict


class TestSummary(WireModel):
    """How many tests the program passes.

    `results` are those of the tests that were run, in the problem's order, and last that of a
    test of the engine's own making that the program fails. An older endpoint sends none.
    """

    __test__ = False  # not a pytest class

    passed: int
    total: int
    first_failure: Failure | None = None
    results: tuple[TestResult, ...] = ()


class Suspect(WireModel):
    """A place that may be wrong; `score` from 0 to 1, higher is more suspicious."""

    range: Range
    score: float


class Fix(WireModel):
    """A proposed change of the program.

    Parameters
    ----------
    edits
        Do not overlap, in the order of the text.
    range
        The place to underline: the smallest stretch of tokens that holds the error.
    rule
        Such as `WPC301`; `reference.rules` lists them.
    verified
        Whether the changed program passes every test of the problem.
    passed, total
        Tests of the problem that the changed program passes.
    confidence
        From 0 to 1: how likely the fix is what the author meant.
    diff
        Unified diff of the program as sent and as changed.
    """

    edits: tuple[Edit, ...]
    range: Range
    rule: str
    message: str
    source: Source
    verified: bool
    passed: int
    total: int
    confidence: float = Field(ge=0, le=1)
    diff: str


class EngineInfo(WireModel):
    """Who answered.

    Two engines of one `digest` answer alike: it is made from the engine's code, its model's
    weights and the Python that runs programs.
    """

    version: str
    digest: str = ""
    model: str | None = None
    device: str = "cpu"
    sandbox: str | None = None


class RepairReport(WireModel):
    """The answer to `POST /v1/repair`.

    An accepted program has no `fixes` and no `suspects`. `reason` is set where the verdict is
    `not_judged`. `timings_ms` names stages: `judge`, `search`, `minimise`, `total`.
    """

    version: Literal[1] = 1
    verdict: Verdict
    reason: str | None = None
    tests: TestSummary
    suspects: tuple[Suspect, ...] = ()
    fixes: tuple[Fix, ...] = ()
    engine: EngineInfo
    timings_ms: dict[str, float] = Field(default_factory=dict)
