"""What a model's opinion of a program, without a test, is made to mean."""

import math

import pytest

torch = pytest.importorskip(
    "torch", reason="training needs the extra `train`", exc_type=ImportError
)

from reference.training.calibrate import CalibrationError, calibrate  # noqa: E402
from reference.training.evaluate import Opinion  # noqa: E402


def opinions(log_odds: float, wrong: int, right: int) -> list[Opinion]:
    return [Opinion("seen", right=n >= wrong, log_odds=log_odds) for n in range(wrong + right)]


def test_a_probability_is_the_share_of_wrong_programs() -> None:
    told = [*opinions(2.0, 80, 20), *opinions(-2.0, 20, 80)]
    with pytest.raises(CalibrationError, match="leave calibration"):
        calibrate(told)  # eight in ten are not enough to speak
    found = calibrate([*told, *opinions(6.0, 98, 2)])
    for log_odds, share in ((2.0, 0.8), (-2.0, 0.2), (6.0, 0.98)):
        assert found.probability(log_odds) == pytest.approx(share, abs=0.03)
    assert found.least_log_odds == 6.0


def test_nine_in_ten_are_wrong_from_the_threshold_on() -> None:
    told = [*opinions(5.0, 30, 0), *opinions(4.0, 25, 5), *opinions(3.0, 10, 20)]
    assert calibrate(told).least_log_odds == 4.0


def test_a_model_that_is_mistaken_gets_no_say() -> None:
    with pytest.raises(CalibrationError):
        calibrate([*opinions(3.0, 1, 9), *opinions(-3.0, 9, 1)])


def test_opinions_that_part_right_from_wrong_have_a_finite_fit() -> None:
    found = calibrate([*opinions(1.0, 10, 0), *opinions(-1.0, 0, 10)])
    assert math.isfinite(found.scale)
    assert found.probability(1.0) > 0.95
