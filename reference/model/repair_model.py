"""The model as the engine sees it: candidates for a program, best first."""

import json
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from reference.model.decoding import EditSearch, Exclusive, Search
from reference.model.prompt import ACCEPTED, FIRST_LINE, PromptCodec, apply_hunks, split_lines
from reference.protocol import Failure, Problem

WEIGHTS = Path(__file__).parent / "weights"
CALIBRATION = "calibration.json"
_MAX_ANSWER_TOKENS = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """That a program is wrong.

    Parameters
    ----------
    log_odds
        Natural logarithm of the odds that it is, as the model gives them: not calibrated.
    line
        Where an edit would start, most likely; 0-based.
    """

    log_odds: float
    line: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How to read a model's log-odds, from right and wrong programs that it was not trained on.

    Parameters
    ----------
    scale, offset
        The logarithm of the true odds is `scale * log_odds + offset` (Platt, 1999), where half
        of the programs are wrong.
    least_log_odds
        From which on nine in ten such programs are wrong, or more.
    """

    scale: float
    offset: float
    least_log_odds: float

    def probability(self, suspicion: Suspicion) -> float:
        """Return how likely a program is wrong, from 0 to 1."""
        return 1 / (1 + math.exp(-self.scale * suspicion.log_odds - self.offset))


class RepairModel:
    """Proposes programs in place of a wrong one.

    Parameters
    ----------
    name, device
        For reports, such as `wpc-small` and `cpu`.
    search
        Asks the network.
    tokenizer
        The network's own.
    calibration
        None where the model's suspicion of a program, without a test, is worth nothing.
    """

    def __init__(
        self,
        name: str,
        device: str,
        search: Search,
        tokenizer: Tokenizer,
        calibration: Calibration | None = None,
    ) -> None:
        self.name = name
        self.device = device
        self.calibration = calibration
        self.tokenizer = tokenizer
        self.search = search
        self._codec = PromptCodec(tokenizer)

    def propose(
        self, code: str, problem: Problem, failure: Failure | None, *, n: int, deadline: float
    ) -> Iterator[tuple[str, float]]:
        r"""Yield at most `n` programs with the natural logarithm of their probability, best first.

        Nothing is yielded for a program too long for the model. Line ends come back as `\r\n`
        where `code` has them. `deadline` is a value of `time.monotonic`.
        """
        crlf = "\r\n" in code
        plain = code.replace("\r\n", "\n")
        rest = self._codec.program(plain, failure)
        if rest is None:
            return
        lines = len(split_lines(plain))
        found: dict[str, float] = {}
        for beam in self.search.search(
            self._codec.problem(problem) + rest,
            lines,
            width=n,
            max_tokens=_MAX_ANSWER_TOKENS,
            deadline=deadline,
        ):
            hunks = self._codec.hunks(beam.tokens, lines)
            program = plain if hunks is None else apply_hunks(plain, hunks)
            if program != plain:
                found[program] = max(beam.log_probability, found.get(program, -np.inf))
        for program in sorted(found, key=lambda text: -found[text])[:n]:
            yield (program.replace("\n", "\r\n") if crlf else program), found[program]

    def suspect(self, code: str, problem: Problem) -> Suspicion | None:
        """Say how likely a program is wrong, with no test; None if it is too long for the model."""
        plain = code.replace("\r\n", "\n")
        rest = self._codec.program(plain, None)
        if rest is None:
            return None
        count = len(split_lines(plain))
        first = self.search.first(self._codec.problem(problem) + rest, count)
        lines = first[FIRST_LINE : FIRST_LINE + count]
        odds = float(np.logaddexp.reduce(first[FIRST_LINE:]) - first[ACCEPTED])
        return Suspicion(odds, int(lines.argmax()))


def read_calibration(folder: Path) -> Calibration | None:
    """Return a model's calibration, or None if its folder has none."""
    path = folder / CALIBRATION
    if not path.exists():
        return None
    return Calibration(**json.loads(path.read_text(encoding="utf-8")))


def line_ends(tokenizer: Tokenizer, vocabulary: int) -> NDArray[np.bool_]:
    """Return which of so many tokens end a line, bool [vocabulary]."""
    return np.array([tokenizer.decode([token]).endswith("\n") for token in range(vocabulary)])


def load_model(folder: Path = WEIGHTS / "small") -> RepairModel | None:
    """Return the model of a folder, or None, with the reason in the log, if there is none."""
    if not (folder / "model.onnx").exists():
        _log.info("no model: %s holds no weights", folder)
        return None
    try:
        from reference.model.cpu import OnnxRuntime

        runtime = OnnxRuntime(folder)
    except ImportError as error:
        _log.warning("no model: onnxruntime cannot be loaded (%s)", error)
        return None
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    search = Exclusive(EditSearch(runtime, line_ends(tokenizer, runtime.vocabulary)))
    return RepairModel("wpc-small", "cpu", search, tokenizer, read_calibration(folder))
