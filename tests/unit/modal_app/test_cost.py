import pytest
from click.testing import CliRunner

from modal_app.commands.modal import modal
from modal_app.cost import Load


@pytest.mark.parametrize(
    ("load", "billed_s"),
    [
        (Load(0, 8, 1.0, 10.0, 120.0), 0.0),
        # One an hour: each starts a container of its own, which then waits in vain.
        (Load(8, 8, 1.0, 10.0, 120.0), 8 * (10 + 1 + 120)),
        # One a minute: the first starts a container, the others keep it up.
        (Load(480, 8, 1.0, 10.0, 120.0), 8 * 3600 + 10 + 120),
        # Two a second, of one second each, one at a time: two containers, or one that serves two.
        (Load(57600, 8, 1.0, 10.0, 120.0), 2 * (8 * 3600 + 130)),
        (Load(57600, 8, 1.0, 10.0, 120.0, at_once=2), 8 * 3600 + 130),
        # All day: never more than the day.
        (Load(86400, 24, 0.5, 10.0, 120.0), 86400.0),
    ],
)
def test_billed_seconds(load: Load, billed_s: float) -> None:
    assert load.billed_s() == pytest.approx(billed_s)


def test_the_command_multiplies_by_the_price() -> None:
    arguments = ["--requests", "8", "--seconds", "1", "--start", "10", "--price", "0.001"]
    result = CliRunner().invoke(modal, ["cost", *arguments])
    assert result.exit_code == 0
    assert "0.29 h of a container a day: $1.05" in result.output
    assert "$31.44 in 30 days" in result.output
    assert "$131.000 for 1,000 requests" in result.output
