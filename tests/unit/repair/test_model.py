import json
import time
from collections.abc import Iterator

import pytest
from tokenizers import Tokenizer

from reference.judge import Judge
from reference.model import RepairModel, load_model
from reference.model.repair_model import WEIGHTS, Calibration
from reference.protocol import Problem, Source, Verdict
from reference.wpc import WPC

from .conftest import problem, request

DIFFERENCE = "a, b = map(int, input().split())\nprint(a - b)\n"


@pytest.fixture(scope="module")
def model() -> RepairModel:
    found = load_model()
    if found is None:
        pytest.skip("this copy has no weights")
    return found


@pytest.fixture(scope="module")
def engine(model: RepairModel) -> Iterator[WPC]:
    with WPC(judge=Judge(), model=model) as engine:
        yield engine


def calibrated(model: RepairModel, least_log_odds: float) -> RepairModel:
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "small" / "tokenizer.json"))
    calibration = Calibration(scale=1, offset=0, least_log_odds=least_log_odds)
    return RepairModel(model.name, model.device, model.search, tokenizer, calibration)


def test_the_model_repairs_what_no_accepted_program_is_known_for(engine: WPC) -> None:
    tests = problem(("1 2\n", "3\n"), ("5 5\n", "10\n"))
    stated = tests.model_copy(update={"statements": {"en": "Print the sum of two numbers."}})
    report = engine.repair(request(DIFFERENCE, stated))
    assert report.verdict is Verdict.WRONG_ANSWER
    assert report.engine.model == "wpc-small"
    assert report.fixes
    assert report.fixes[0].verified
    assert report.fixes[0].source is Source.MODEL


def test_candidates_differ_and_come_likeliest_first(model: RepairModel) -> None:
    wanted = Problem(statements={"en": "Print the sum of two numbers."})
    found = list(model.propose(DIFFERENCE, wanted, None, n=5, deadline=time.monotonic() + 60))
    texts, scores = zip(*found, strict=True)
    assert len(set(texts)) == len(texts) > 1
    assert list(scores) == sorted(scores, reverse=True)
    assert "a, b = map(int, input().split())\nprint(a + b)\n" in texts


def test_line_ends_come_back_as_they_were(model: RepairModel) -> None:
    wanted = Problem(statements={"en": "Print the sum of two numbers."})

    def proposed(code: str) -> list[str]:
        found = model.propose(code, wanted, None, n=3, deadline=time.monotonic() + 60)
        return [text for text, _ in found]

    plain = proposed(DIFFERENCE)
    assert plain
    expected = [text.replace("\n", "\r\n") for text in plain]
    assert proposed(DIFFERENCE.replace("\n", "\r\n")) == expected


def test_without_tests_only_a_suspicion_that_is_sure_enough_is_told(model: RepairModel) -> None:
    untested = Problem(statements={"en": "Print the sum of two numbers."})
    with WPC(judge=Judge(), model=calibrated(model, -99)) as engine:
        report = engine.repair(request(DIFFERENCE, untested))
        (fix,) = report.fixes
        assert report.verdict is Verdict.NOT_JUDGED
        assert (fix.source, fix.verified, fix.total) == (Source.MODEL, False, 0)
        assert 0 < fix.confidence < 1
        assert engine.repair(request(DIFFERENCE, untested, verify=False)).fixes == report.fixes
    with WPC(judge=Judge(), model=calibrated(model, 99)) as engine:
        assert not engine.repair(request(DIFFERENCE, untested)).fixes


def test_shipped_weights_say_where_their_base_is_to_be_had() -> None:
    folder = WEIGHTS / "gpu"
    origin = json.loads((folder / "base.json").read_text())
    assert len(origin["revision"]) == 40
    assert max(path.stat().st_size for path in folder.parent.rglob("*.*")) < 50_000_000
