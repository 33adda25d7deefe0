from enum import Enum

from pydantic import Field

from reference.protocol.base import WireModel


class CheckerKind(str, Enum):
    """How a program's output is compared with the expected output."""

    TOKENS = "tokens"  # the same words, whatever white space lies between them
    EXACT = "exact"  # the same text, but for white space at the ends of lines and of the text
    FLOAT = "float"  # the same words; numbers may differ by the tolerance
    PROGRAM = "program"  # a program decides


class Checker(WireModel):
    """The comparison of one problem.

    Parameters
    ----------
    tolerance
        For `float`: the absolute or relative error (either suffices) that is still right.
    program
        For `program`: Python source. It reads a JSON object `{"input", "expected", "actual"}`
        from standard input and prints `accepted`, or else what is wrong, on its first line.
    unique
        Whether the expected output is the only right one. If it is not, and no program decides,
        another output is neither right nor wrong, and is not judged.
    """

    kind: CheckerKind = CheckerKind.TOKENS
    tolerance: float = Field(default=1e-6, gt=0)
    program: str | None = None
    unique: bool = True


class Entry(str, Enum):
    """What a test runs."""

    STDIN = "stdin"  # the whole program; a test's input is its standard input
    FUNCTION = "function"  # an expression over the program's functions; output is its value


class Test(WireModel):
    """One test of a problem.

    With `Entry.FUNCTION`, `input` is a Python expression such as `search(3, [1, 5])` and
    `output` is the expression of the expected value; values are compared, not texts.
    """

    __test__ = False  # not a pytest class

    name: str
    input: str
    output: str
    sample: bool = False


class Problem(WireModel):
    """A judge problem: what the program shall do, and how it is judged.

    Parameters
    ----------
    id
        The name in the bank; the empty string for a problem that travels in a request.
    titles, statements
        By locale, such as `{"en": …, "ko": …}`; the first is the default. Statements are
        Markdown.
    time_limit_s, memory_limit_mib
        For each test.
    prelude
        For `Entry.FUNCTION`: Python source that runs before the program (given helpers).
    solutions
        Accepted programs, best first.
    generator
        Python source of a program that reads a seed (an integer) from standard input and prints
        one valid test input.
    """

    id: str = ""
    titles: dict[str, str] = Field(default_factory=dict)
    statements: dict[str, str] = Field(default_factory=dict)
    time_limit_s: float = Field(default=2.0, gt=0, le=30)
    memory_limit_mib: int = Field(default=512, ge=16, le=4096)
    checker: Checker = Checker()
    entry: Entry = Entry.STDIN
    prelude: str = ""
    tests: tuple[Test, ...] = ()
    solutions: tuple[str, ...] = ()
    generator: str | None = None

    def title(self, locale: str = "en") -> str:
        """Return the title in `locale`, or else in the problem's first language, or else the id."""
        return _localised(self.titles, locale) or self.id

    def statement(self, locale: str = "en") -> str:
        """Return the statement in `locale`, or else in the problem's first language."""
        return _localised(self.statements, locale)


class ProblemSummary(WireModel):
    """A line of the bank's table of contents.

    `digest` is another one whenever a file of the problem has changed.
    """

    id: str
    titles: dict[str, str]
    tests: int
    digest: str = ""


def _localised(texts: dict[str, str], locale: str) -> str:
    language = locale.replace("_", "-").split("-")[0].lower()
    return texts.get(locale) or texts.get(language) or next(iter(texts.values()), "")
