from collections.abc import Iterator

import pytest

from reference.protocol import Problem, ProblemReference, RepairOptions, RepairRequest, Test
from reference.wpc import WPC


@pytest.fixture(scope="session")
def engine() -> Iterator[WPC]:
    with WPC() as engine:
        yield engine


def problem(*pairs: tuple[str, str], **fields: object) -> Problem:
    """A problem of tests (input, output)."""
    tests = tuple(
        Test(name=f"sample-{number}", input=text, output=output, sample=True)
        for number, (text, output) in enumerate(pairs, 1)
    )
    return Problem.model_validate({"tests": tests, **fields})


def request(code: str, asked: Problem | str, **options: object) -> RepairRequest:
    reference = (
        ProblemReference(id=asked) if isinstance(asked, str) else ProblemReference(inline=asked)
    )
    chosen = RepairOptions.model_validate({"time_budget_s": 30, **options})
    return RepairRequest(code=code, problem=reference, options=chosen)
