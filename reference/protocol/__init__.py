"""What the engine, its endpoint and the language server say to each other.

The only part of `reference` that `server` imports. It needs pydantic and nothing else.
"""

from reference.protocol.health import EndpointState, Health
from reference.protocol.problem import (
    Checker,
    CheckerKind,
    Entry,
    Problem,
    ProblemSummary,
    Test,
)
from reference.protocol.repair import (
    Edit,
    EngineInfo,
    Failure,
    Fix,
    Position,
    ProblemReference,
    Range,
    RepairOptions,
    RepairReport,
    RepairRequest,
    Source,
    Suspect,
    TestResult,
    TestSummary,
    Verdict,
)

__all__ = [
    "Checker",
    "CheckerKind",
    "Edit",
    "EndpointState",
    "EngineInfo",
    "Entry",
    "Failure",
    "Fix",
    "Health",
    "Position",
    "Problem",
    "ProblemReference",
    "ProblemSummary",
    "Range",
    "RepairOptions",
    "RepairReport",
    "RepairRequest",
    "Source",
    "Suspect",
    "Test",
    "TestResult",
    "TestSummary",
    "Verdict",
]
