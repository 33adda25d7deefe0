"""What each rule means: for `--explain`, hovers, and reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches


class UnknownRuleError(Exception):
    """A rule that does not exist; the text names close ones."""


@dataclass(frozen=True)
class Rule:
    """A kind of error.

    Parameters
    ----------
    code, name
        Such as `WPC301` and `off-by-one`.
    summary
        What is wrong, in one sentence.
    advice
        How to find and avoid it.
    wrong, right
        An example, or nothing where the rule is not about a construct.
    """

    code: str
    name: str
    summary: str
    advice: str
    wrong: str = ""
    right: str = ""

    def markdown(self) -> str:
        """Return the rule's description in Markdown."""
        parts = [f"# {self.name} ({self.code})", self.summary, self.advice]
        if self.wrong:
            parts += ["Wrong:", _fenced(self.wrong), "Right:", _fenced(self.right)]
        return "\n\n".join(parts) + "\n"


def rule(code: str) -> Rule:
    """Return a rule by its code or name.

    Raises
    ------
    UnknownRuleError
        Where there is none.
    """
    known = RULES.get(code.upper()) or _BY_NAME.get(code.lower())
    if known is None:
        close = get_close_matches(code.upper(), RULES) or get_close_matches(code.lower(), _BY_NAME)
        hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(RULES)}."
        raise UnknownRuleError(f"There is no rule {code!r}; {hint}")
    return known


def _fenced(code: str) -> str:
    return f"```python\n{code}\n```"


_ALL = (
    Rule(
        "WPC001",
        "wrong-answer",
        "The program prints something other than what the test expects, and no fix was found.",
        "Follow the program by hand on the failing test, line by line, and compare each value "
        "with what it should be. The first that differs is where the error shows.",
    ),
    Rule(
        "WPC002",
        "runtime-error",
        "The program ends with an exception on a test, and no fix was found.",
        "The message names the exception and the place is where it was raised. The cause is "
        "often earlier: look for where the bad value was made.",
    ),
    Rule(
        "WPC003",
        "time-limit",
        "The program does not end in time on a test, and no fix was found.",
        "Either a loop never ends, or there are too many steps for the largest input. Check that "
        "each loop comes nearer to its end, then count the steps.",
    ),
    Rule(
        "WPC004",
        "memory-limit",
        "The program takes more memory than the problem allows, and no fix was found.",
        "Look for lists that grow with the size of a number rather than with that of the input, "
        "and for recursion without an end.",
    ),
    Rule(
        "WPC005",
        "output-limit",
        "The program prints far more than the problem asks for, and no fix was found.",
        "There is most likely a `print` in a loop that never ends.",
    ),
    Rule(
        "WPC006",
        "syntax-error",
        "Python cannot read the program, and no fix was found.",
        "Look at the place and just before it: a bracket or quote that is not closed is noticed "
        "only later.",
    ),
    Rule(
        "WPC101",
        "comparison-operator",
        "A comparison uses the wrong operator.",
        "Try the comparison with both sides equal, and say what should happen then.",
        "if age > 18:\n    print('adult')",
        "if age >= 18:\n    print('adult')",
    ),
    Rule(
        "WPC102",
        "logical-operator",
        "`and`, `or` or `not` joins conditions the wrong way.",
        "Write down for each combination of the parts whether the whole should hold.",
        "if x < 0 and x > 9:\n    print('outside')",
        "if x < 0 or x > 9:\n    print('outside')",
    ),
    Rule(
        "WPC103",
        "incomplete-condition",
        "A condition lacks a part, or has one too many.",
        "Ask which values satisfy the condition although they should not, and the reverse.",
        "if year % 4 == 0:\n    leap = True",
        "if year % 4 == 0 and year % 100 != 0 or year % 400 == 0:\n    leap = True",
    ),
    Rule(
        "WPC104",
        "missing-case",
        "A case that the problem has is not handled.",
        "Try the smallest input, equal values, zero, and a negative number.",
        "if a > b:\n    print('A')\nelse:\n    print('B')",
        "if a > b:\n    print('A')\nelif a < b:\n    print('B')\nelse:\n    print('draw')",
    ),
    Rule(
        "WPC105",
        "control-jump",
        "A `break`, `continue` or `return` is missing, too many, or another one is needed.",
        "Ask what should still happen once this line was reached.",
        "for x in row:\n    if x < 0:\n        found = x",
        "for x in row:\n    if x < 0:\n        found = x\n        break",
    ),
    Rule(
        "WPC201",
        "arithmetic-operator",
        "A calculation uses the wrong operator.",
        "Do the calculation by hand with small numbers.",
        "area = width + height",
        "area = width * height",
    ),
    Rule(
        "WPC202",
        "division-kind",
        "`/` gives a float and `//` rounds down; the other one is needed.",
        "Use `//` where the result counts something, `/` where it measures something.",
        "half = n / 2",
        "half = n // 2",
    ),
    Rule(
        "WPC203",
        "missing-offset",
        "A value is off by a constant that is missing or one too many.",
        "Compare the program's result and the expected one: the same difference each time shows "
        "what is missing.",
        "days = last - first",
        "days = last - first + 1",
    ),
    Rule(
        "WPC204",
        "modulo-or-precedence",
        "A remainder is missing or wrong, or brackets are needed around a part.",
        "`*`, `/`, `//` and `%` bind more strongly than `+` and `-`.",
        "middle = a + b // 2",
        "middle = (a + b) // 2",
    ),
    Rule(
        "WPC301",
        "off-by-one",
        "A bound or an index is one too high or too low.",
        "Write down the first and the last value that the loop should see; `range` stops before "
        "its end.",
        "for i in range(1, n):\n    total += i",
        "for i in range(1, n + 1):\n    total += i",
    ),
    Rule(
        "WPC302",
        "loop-bounds",
        "A loop begins or ends at the wrong value, or has the wrong step.",
        "Say in words what the loop goes over, and compare.",
        "for i in range(n):\n    for j in range(n):",
        "for i in range(n):\n    for j in range(i + 1, n):",
    ),
    Rule(
        "WPC303",
        "index-or-slice",
        "An index or a slice takes another element than it should.",
        "The first element has index 0, the last -1; a slice stops before its end.",
        "last = word[len(word)]",
        "last = word[len(word) - 1]",
    ),
    Rule(
        "WPC401",
        "wrong-initial-value",
        "A variable begins with a value that spoils the result.",
        "A sum begins with 0, a product with 1, a maximum below every possible value.",
        "best = 0\nfor x in temperatures:\n    best = max(best, x)",
        "best = temperatures[0]\nfor x in temperatures:\n    best = max(best, x)",
    ),
    Rule(
        "WPC402",
        "wrong-constant",
        "A number or a text in the program is another one than the problem says.",
        "Compare each constant with the statement.",
        "price = 1.01 * net",
        "price = 1.1 * net",
    ),
    Rule(
        "WPC403",
        "wrong-variable",
        "Another variable is meant here.",
        "Give variables names that say what they hold; a name that is used only once is suspect.",
        "for x in xs:\n    total += xs[0]",
        "for x in xs:\n    total += x",
    ),
    Rule(
        "WPC501",
        "output-format",
        "The right result is printed in the wrong form.",
        "Compare the output with the expected one, character by character: spaces, line ends, "
        "capital letters, decimals.",
        "print(*row)",
        "print(*row, sep='')",
    ),
    Rule(
        "WPC502",
        "input-parsing",
        "The input is read in another way than it is given.",
        "Compare each reading line with the input of a test: how many values, of what type, on "
        "how many lines.",
        "n = input()",
        "n = int(input())",
    ),
    Rule(
        "WPC601",
        "indentation-scope",
        "A line stands in a block where it does not belong.",
        "Ask how often the line should run: once, or each time round the loop.",
        "for x in xs:\n    total += x\n    print(total)",
        "for x in xs:\n    total += x\nprint(total)",
    ),
    Rule(
        "WPC701",
        "wrong-function",
        "Another function or method is meant here.",
        "Look up what the function returns, and whether it changes its argument.",
        "print(min(scores))",
        "print(max(scores))",
    ),
    Rule(
        "WPC801",
        "statement-added-or-removed",
        "A statement is missing, or one too many.",
        "For each variable, check where it should change and where it does.",
        "while n > 0:\n    count += 1",
        "while n > 0:\n    count += 1\n    n //= 10",
    ),
    Rule(
        "WPC900",
        "rewrite",
        "Several places must change together.",
        "Compare the idea of the fix with that of the program, before its details.",
    ),
)

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _ALL}
_BY_NAME = {rule.name: rule for rule in _ALL}
