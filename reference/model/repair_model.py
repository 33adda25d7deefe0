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

from reference.model.decoding import DraftSearch, Exclusive, Search
from reference.model.prompt import MAX_ANSWER_TOKENS, MAX_TOKENS, PromptCodec, split_lines
from reference.protocol import Failure, Problem

WEIGHTS = Path(__file__).parent / "weights"
CALIBRATION = "calibration.json"
_NEARLY_CERTAIN = -1e-9

_log = logging.getLogger(__name__)


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

    def probability(self, log_odds: float) -> float:
        """Return how likely a program is wrong, from 0 to 1."""
        return 1 / (1 + math.exp(-self.scale * log_odds - self.offset))


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
        prompt, draft = self._prompt(plain, problem, failure), self._codec.answer(plain)
        if (
            prompt is None
            or len(prompt) + len(draft) > MAX_TOKENS
            or len(draft) > MAX_ANSWER_TOKENS
        ):
            return
        found: dict[str, float] = {}
        for answer in self.search.search(prompt, draft, width=n, deadline=deadline):
            program = self._codec.read(answer.tokens)
            if program is not None and split_lines(program) != split_lines(plain):
                found.setdefault(program, answer.log_probability)
        for program, log_probability in found.items():
            yield (program.replace("\n", "\r\n") if crlf else program), log_probability

    def suspect(self, code: str, problem: Problem) -> float | None:
        """Return the natural logarithm of the odds that a program is wrong, with no test.

        None if it is too long for the model. The odds are the model's own: not calibrated.
        """
        prompt = self._prompt(code.replace("\r\n", "\n"), problem, None)
        if prompt is None or len(prompt) >= MAX_TOKENS:
            return None
        right = min(self.search.likelihood(prompt, self._codec.answer(None)), _NEARLY_CERTAIN)
        return math.log(-math.expm1(right)) - right

    def _prompt(self, code: str, problem: Problem, failure: Failure | None) -> list[int] | None:
        """Return a prompt, or None if the program is too long for one."""
        program = self._codec.program(code, failure)
        return None if program is None else self._codec.problem(problem) + program


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
    search = Exclusive(DraftSearch(runtime, line_ends(tokenizer, runtime.vocabulary)))
    return RepairModel("wpc-small", "cpu", search, tokenizer, read_calibration(folder))
