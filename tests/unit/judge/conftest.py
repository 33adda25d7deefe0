from collections.abc import Callable, Iterator

import pytest

from reference.judge import Judge, Judgement
from reference.judge.sandbox import Sandbox
from reference.judge.tiers import candidates
from reference.protocol import Problem, Test

Check = Callable[..., Judgement]


@pytest.fixture(scope="session", params=["bubblewrap", "landlock", "sandbox-exec"])
def sandboxes(request: pytest.FixtureRequest) -> list[Sandbox]:
    """The sandboxes of each kind that this system may have."""
    return [sandbox for sandbox in candidates() if sandbox.tier == request.param]


@pytest.fixture(scope="session")
def judge(sandboxes: list[Sandbox]) -> Iterator[Judge]:
    """A judge that confines in this way, if this machine can."""
    with Judge(2, sandboxes=sandboxes) as judge:
        if judge.tier is None:
            pytest.skip(str(judge.reason))
        yield judge


@pytest.fixture
def check(judge: Judge) -> Check:
    """Judge a program on one test."""

    def check(program: str, given: str = "", wanted: str = "", **options: object) -> Judgement:
        test = Test(name="only", input=given, output=wanted)
        return judge.judge(program, Problem.model_validate({"tests": (test,), **options}))

    return check
