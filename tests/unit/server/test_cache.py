import os
import time
from pathlib import Path

import pytest

from reference.protocol import (
    EndpointState,
    EngineInfo,
    Health,
    ProblemReference,
    ProblemSummary,
    RepairOptions,
    RepairReport,
    RepairRequest,
    Verdict,
)
from server.check.cache import KEEP_CUT_SHORT_S, KEEP_S, ReportCache

from .reports import DIGEST, report

REQUEST = RepairRequest(code="print(1)\n", problem=ProblemReference(id="sums"))
BANK = [ProblemSummary(id="sums", titles={}, tests=3, digest="a")]
ENGINE = Health(state=EndpointState.READY, version="1", digest=DIGEST)


@pytest.fixture
def cache(tmp_path: Path) -> ReportCache:
    return ReportCache(tmp_path, ENGINE, BANK)


def age(folder: Path, seconds: float) -> None:
    then = time.time() - seconds
    for file in folder.glob("*/*"):
        os.utime(file, (then, then))


def test_same_question_has_the_same_answer(cache: ReportCache) -> None:
    assert cache.get(REQUEST) is None

    cache.put(REQUEST, report())

    assert cache.get(REQUEST) == report()


def test_another_question_is_asked_anew(cache: ReportCache) -> None:
    cache.put(REQUEST, report())
    other_code = REQUEST.model_copy(update={"code": "print(2)\n"})
    other_budget = REQUEST.model_copy(update={"options": RepairOptions(time_budget_s=1)})

    assert cache.get(other_code) is None
    assert cache.get(other_budget) is None


@pytest.mark.parametrize(
    "change", [{"version": "2"}, {"digest": "2"}, {"model": "2"}, {"device": "cuda"}]
)
def test_another_engine_is_asked_anew(
    cache: ReportCache, tmp_path: Path, change: dict[str, str]
) -> None:
    cache.put(REQUEST, report())

    assert ReportCache(tmp_path, ENGINE.model_copy(update=change), BANK).get(REQUEST) is None


@pytest.mark.parametrize("change", [{"tests": 4}, {"digest": "b"}])
def test_a_problem_that_changed_is_asked_anew(
    cache: ReportCache, tmp_path: Path, change: dict[str, object]
) -> None:
    cache.put(REQUEST, report())

    bank = [BANK[0].model_copy(update=change)]
    assert ReportCache(tmp_path, ENGINE, bank).get(REQUEST) is None


def test_what_an_engine_said_that_came_meanwhile_is_not_kept(cache: ReportCache) -> None:
    cache.put(REQUEST, report(engine=EngineInfo(version="1", digest="another")))

    assert cache.get(REQUEST) is None


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (report(verdict=Verdict.NOT_JUDGED), False),
        (report(timings_ms={"total": 9_900}), True),
    ],
)
def test_what_may_be_kept(cache: ReportCache, answer: RepairReport, kept: bool) -> None:
    cache.put(REQUEST, answer)

    assert (cache.get(REQUEST) is not None) is kept


@pytest.mark.parametrize(("spent_ms", "kept"), [(9_900, False), (1_000, True)])
def test_search_that_was_cut_short_is_tried_again_later(
    cache: ReportCache, tmp_path: Path, spent_ms: float, kept: bool
) -> None:
    cache.put(REQUEST, report(timings_ms={"total": spent_ms}))
    age(tmp_path, KEEP_CUT_SHORT_S + 1)

    assert (cache.get(REQUEST) is not None) is kept


def test_broken_entry_is_none(cache: ReportCache, tmp_path: Path) -> None:
    cache.put(REQUEST, report())
    for file in tmp_path.glob("*/*"):
        file.write_bytes(file.read_bytes()[:-9])

    assert cache.get(REQUEST) is None


def test_old_entries_go(cache: ReportCache, tmp_path: Path) -> None:
    cache.put(REQUEST, report())
    age(tmp_path, KEEP_S + 1)

    cache.prune()

    assert not list(tmp_path.glob("*/*"))


def test_only_the_user_can_read_it(cache: ReportCache, tmp_path: Path) -> None:
    cache.put(REQUEST, report())

    assert {file.stat().st_mode & 0o077 for file in tmp_path.glob("*")} == {0}
