"""How far to trust what a model thinks of a program without a test.

Run `python -m reference.training.calibrate --help`.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from reference.model.repair_model import CALIBRATION, Calibration
from reference.training.evaluate import Opinion

PRECISION = 0.9
_STEPS = 50
_RIDGE = 1e-3


class CalibrationError(Exception):
    """Opinions do not tell right programs from wrong ones; the message says what follows."""


def calibrate(opinions: Sequence[Opinion]) -> Calibration:
    """Fit a model's log-odds to what is so (Platt, 1999), and find from where on to believe it.

    By Newton's method. The threshold is the least opinion such that, of the programs with that one
    or a higher one, nine in ten are wrong.

    Raises
    ------
    CalibrationError
        If higher odds do not mean that more programs are wrong, or there is no such threshold.
    """
    odds = np.array([opinion.log_odds for opinion in opinions])
    wrong = np.array([not opinion.right for opinion in opinions], float)
    inputs = np.column_stack((odds, np.ones_like(odds)))
    fit = np.zeros(2)
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-inputs @ fit))
        curvature = inputs.T @ (inputs * (guess * (1 - guess))[:, None])
        # A little of a ridge, since the best fit to what is separable is infinite.
        fit += np.linalg.solve(curvature + _RIDGE * np.eye(2), inputs.T @ (wrong - guess))
    scale, offset = fit.tolist()
    believed = [least for least in np.unique(odds) if wrong[odds >= least].mean() >= PRECISION]
    if scale <= 0 or not believed:
        raise CalibrationError("what the model thinks says nothing; leave calibration.json out")
    return Calibration(scale, offset, float(believed[0]))


def main() -> None:
    """Write calibration.json into a model's folder, from its opinions of seen problems' programs.

    Unseen problems' are left to measure by.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("opinions", type=Path, help="file that reference.training.evaluate wrote")
    parser.add_argument("model", type=Path, help="folder to write calibration.json to")
    arguments = parser.parse_args()
    lines = arguments.opinions.read_text(encoding="utf-8").splitlines()
    opinions = [Opinion(**json.loads(line)) for line in lines]
    try:
        found = calibrate([opinion for opinion in opinions if opinion.split == "seen"])
    except CalibrationError as error:
        raise SystemExit(str(error)) from None
    text = json.dumps(asdict(found), indent=1) + "\n"
    (arguments.model / CALIBRATION).write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
