"""What the model reads and writes.

The model reads the problem, then the program with a token before each line that names the line,
then a failing test if one is known. It writes the program again, repaired. Nearly all of that is
what was sent, so that the program serves as a draft: to read it takes one pass, and only what
differs is written.
"""

import re
from collections.abc import Sequence

from tokenizers import Tokenizer

from reference.protocol import Failure, Problem, Verdict

MAX_LINES = 160
MAX_TOKENS = 1536
"""Of a prompt and an answer: no model has seen more."""

MAX_ANSWER_TOKENS = 700
_STATEMENT_TOKENS = 320
_SAMPLE_TOKENS = 60
_TEST_TOKENS = 80
_ERROR_TOKENS = 40

PAD, END, ACCEPTED, PROBLEM, SAMPLE, EXPECTED, CODE, TEST, ACTUAL, ERROR, FIX = range(11)
_NAMED = ("pad", "end", "ok", "problem", "sample", "expected", "code", "test", "actual", "error")
FIRST_LINE = len(_NAMED) + 1
SPECIAL_TOKENS = (
    *(f"<{name}>" for name in (*_NAMED, "fix")),
    *(f"<{line}>" for line in range(MAX_LINES + 1)),
)


class PromptCodec:
    """Turns problems and programs into tokens, and tokens into programs.

    Parameters
    ----------
    tokenizer
        Maps text to ids from `len(SPECIAL_TOKENS)` on; it never yields one of our special tokens,
        whatever the text.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def problem(self, problem: Problem) -> list[int]:
        """Return the start of a prompt, the same for all programs of a problem."""
        ids = [PROBLEM, *self.text(compact_statement(problem.statement()))[:_STATEMENT_TOKENS]]
        sample = next((test for test in problem.tests if test.sample), None)
        if sample is not None:
            ids += [SAMPLE, *self._cut(sample.input, _SAMPLE_TOKENS)]
            ids += [EXPECTED, *self._cut(sample.output, _SAMPLE_TOKENS)]
        return ids

    def program(self, code: str, failure: Failure | None) -> list[int] | None:
        """Return the rest of a prompt, or None if the program is too long for the model."""
        lines = split_lines(code)
        if len(lines) > MAX_LINES:
            return None
        ids = [CODE]
        for number, line in enumerate(lines):
            ids.append(FIRST_LINE + number)
            ids += self.text(line + "\n")
        ids.append(FIRST_LINE + len(lines))
        if failure is not None:
            ids += [TEST, *self._cut(failure.input, _TEST_TOKENS)]
            ids += [EXPECTED, *self._cut(failure.expected, _TEST_TOKENS)]
            ids += [ACTUAL, *self._cut(failure.actual, _TEST_TOKENS)]
            error = _error(failure)
            if error:
                ids += [ERROR, *self.text(error)[:_ERROR_TOKENS]]
                if failure.line is not None and failure.line < len(lines):
                    ids.append(FIRST_LINE + failure.line)
        ids.append(FIX)
        return ids if len(ids) <= MAX_TOKENS else None

    def answer(self, program: str | None) -> list[int]:
        """Return the tokens that the model should write; None means that nothing is wrong."""
        if program is None:
            return [ACCEPTED, END]
        ids = [token for line in split_lines(program) for token in self.text(line + "\n")]
        return [*ids, END]

    def read(self, ids: Sequence[int]) -> str | None:
        """Return the program that the model wrote, or None if it wrote none."""
        if len(ids) < 2 or ids[-1] != END or min(ids[:-1]) < len(SPECIAL_TOKENS):
            return None
        program: str = self._tokenizer.decode(list(ids[:-1]))
        return program

    def text(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _cut(self, text: str, limit: int) -> list[int]:
        """Return the tokens of a text, the middle left out if there are too many."""
        text = text.strip()
        if len(text) > 4 * limit:
            text = f"{text[: 2 * limit]} ... {text[-2 * limit :]}"
        ids = self.text(text)
        if len(ids) > limit:
            ids = ids[: limit // 2] + ids[-limit // 2 :]
        return ids


def split_lines(code: str) -> list[str]:
    r"""Split a program whose line ends are `\n`; a final line end starts no further line."""
    return code.removesuffix("\n").split("\n")


def compact_statement(statement: str) -> str:
    """Return a statement without mark-up that costs tokens: TeX as plain text, no examples."""
    text = re.split(r"(?mi)^#+\s*(?:sample|example|예제)", statement, maxsplit=1)[0]
    for pattern, plain in _PLAIN:
        text = pattern.sub(plain, text)
    return text.strip()


_PLAIN = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(?m)^(?:[ \t]*(?:#+|>|[-*])(?:[ \t]+|$))+", ""),
        (r"\\le(q|qq|qslant)?(?![a-z])", "<="),
        (r"\\ge(q|qq|qslant)?(?![a-z])", ">="),
        (r"\\neq?(?![a-z])", "!="),
        (r"\\times(?![a-z])", "*"),
        (r"\\([lcv]?dots)(?![a-z])", "..."),
        (r"\\(?:mathrm|text|mathit|texttt|operatorname)\{([^{}]*)\}", r"\1"),
        (r"_\{([^{}]*)\}", r"_\1"),
        (r"\\([a-z]+)", r"\1"),
        (r"[$`]", ""),
        (r"\*\*", ""),
        (r"[ \t]+", " "),
        (r"\s*\n\s*", "\n"),
    )
)


def _error(failure: Failure) -> str:
    if failure.verdict is Verdict.RUNTIME_ERROR:
        last_line: str = failure.stderr.strip().rpartition("\n")[2]
        return last_line or "runtime error"
    if failure.verdict in (Verdict.TIME_LIMIT, Verdict.MEMORY_LIMIT, Verdict.OUTPUT_LIMIT):
        return str(failure.verdict.value).replace("_", " ")
    return ""
