"""What each rule means, at length: for `--explain`, hovers, and reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from reference.protocol.rules import RULES


class UnknownRuleError(Exception):
    """A rule that does not exist; the text names close ones."""


@dataclass(frozen=True)
class Explanation:
    """What a rule means.

    Parameters
    ----------
    code
        Such as `WPC301`.
    summary
        What is wrong, in one sentence.
    advice
        How to find and avoid it.
    wrong, right
        An example, or nothing where the rule is not about a construct.
    """

    code: str
    summary: str
    advice: str
    wrong: str = ""
    right: str = ""

    @property
    def name(self) -> str:
        """The rule's name, such as `off-by-one`."""
        return RULES[self.code].name

    def markdown(self) -> str:
        """Return the explanation in Markdown."""
        parts = [f"# {self.name} ({self.code})", self.summary, self.advice]
        if self.wrong:
            parts += ["Wrong:", _fenced(self.wrong), "Right:", _fenced(self.right)]
        return "\n\n".join(parts) + "\n"


def explanation(rule: str) -> Explanation:
    """Return the explanation of a rule, by its code or name.

    Raises
    ------
    UnknownRuleError
        Where there is no such rule.
    """
    by_name = {known.name: known for known in EXPLANATIONS.values()}
    known = EXPLANATIONS.get(rule.upper()) or by_name.get(rule.lower())
    if known is None:
        close = get_close_matches(rule.upper(), RULES) or get_close_matches(rule.lower(), by_name)
        hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(RULES)}."
        raise UnknownRuleError(f"There is no rule {rule!r}; {hint}")
    return known


def _fenced(code: str) -> str:
    return f"```python\n{code}\n```"


_ALL = (
    Explanation(
        "WPC001",
        "The program prints something other than what the test expects, and no fix was found.",
        "Follow the program by hand on the failing test, line by line, and compare each value "
        "with what it should be. The first that differs is where the error shows.",
    ),
    Explanation(
        "WPC002",
        "The program ends with an exception on a test, and no fix was found.",
        "The message names the exception and the place is where it was raised. The cause is "
        "often earlier: look for where the bad value was made.",
    ),
    Explanation(
        "WPC003",
        "The program does not end in time on a test, and no fix was found.",
        "Either a loop never ends, or there are too many steps for the largest input. Check that "
        "each loop comes nearer to its end, then count the steps.",
    ),
    Explanation(
        "WPC004",
        "The program takes more memory than the problem allows, and no fix was found.",
        "Look for lists that grow with the size of a number rather than with that of the input, "
        "and for recursion without an end.",
    ),
    Explanation(
        "WPC005",
        "The program prints far more than the problem asks for, and no fix was found.",
        "There is most likely a `print` in a loop that never ends.",
    ),
    Explanation(
        "WPC006",
        "Python cannot read the program, and no fix was found.",
        "Look at the place and just before it: a bracket or quote that is not closed is noticed "
        "only later.",
    ),
    Explanation(
        "WPC101",
        "A comparison uses the wrong operator.",
        "Try the comparison with both sides equal, and say what should happen then.",
        "if age > 18:\n    print('adult')",
        "if age >= 18:\n    print('adult')",
    ),
    Explanation(
        "WPC102",
        "`and`, `or` or `not` joins conditions the wrong way.",
        "Write down for each combination of the parts whether the whole should hold.",
        "if x < 0 and x > 9:\n    print('outside')",
        "if x < 0 or x > 9:\n    print('outside')",
    ),
    Explanation(
        "WPC103",
        "A condition lacks a part, or has one too many.",
        "Ask which values satisfy the condition although they should not, and the reverse.",
        "if year % 4 == 0:\n    leap = True",
        "if year % 4 == 0 and year % 100 != 0 or year % 400 == 0:\n    leap = True",
    ),
    Explanation(
        "WPC104",
        "A case that the problem has is not handled.",
        "Try the smallest input, equal values, zero, and a negative number.",
        "if a > b:\n    print('A')\nelse:\n    print('B')",
        "if a > b:\n    print('A')\nelif a < b:\n    print('B')\nelse:\n    print('draw')",
    ),
    Explanation(
        "WPC105",
        "A `break`, `continue` or `return` is missing, too many, or another one is needed.",
        "Ask what should still happen once this line was reached.",
        "for x in row:\n    if x < 0:\n        found = x",
        "for x in row:\n    if x < 0:\n        found = x\n        break",
    ),
    Explanation(
        "WPC201",
        "A calculation uses the wrong operator.",
        "Do the calculation by hand with small numbers.",
        "area = width + height",
        "area = width * height",
    ),
    Explanation(
        "WPC202",
        "`/` gives a float and `//` rounds down; the other one is needed.",
        "Use `//` where the result counts something, `/` where it measures something.",
        "half = n / 2",
        "half = n // 2",
    ),
    Explanation(
        "WPC203",
        "A value is off by a constant that is missing or one too many.",
        "Compare the program's result and the expected one: the same difference each time shows "
        "what is missing.",
        "days = last - first",
        "days = last - first + 1",
    ),
    Explanation(
        "WPC204",
        "A remainder is missing or wrong, or brackets are needed around a part.",
        "`*`, `/`, `//` and `%` bind more strongly than `+` and `-`.",
        "middle = a + b // 2",
        "middle = (a + b) // 2",
    ),
    Explanation(
        "WPC301",
        "A bound or an index is one too high or too low.",
        "Write down the first and the last value that the loop should see; `range` stops before "
        "its end.",
        "for i in range(1, n):\n    total += i",
        "for i in range(1, n + 1):\n    total += i",
    ),
    Explanation(
        "WPC302",
        "A loop begins or ends at the wrong value, or has the wrong step.",
        "Say in words what the loop goes over, and compare.",
        "for i in range(n):\n    for j in range(n):\n        count(i, j)",
        "for i in range(n):\n    for j in range(i + 1, n):\n        count(i, j)",
    ),
    Explanation(
        "WPC303",
        "An index or a slice takes another element than it should.",
        "The first element has index 0, the last -1; a slice stops before its end.",
        "last = word[len(word)]",
        "last = word[len(word) - 1]",
    ),
    Explanation(
        "WPC401",
        "A variable begins with a value that spoils the result.",
        "A sum begins with 0, a product with 1, a maximum below every possible value.",
        "best = 0\nfor x in temperatures:\n    best = max(best, x)",
        "best = temperatures[0]\nfor x in temperatures:\n    best = max(best, x)",
    ),
    Explanation(
        "WPC402",
        "A number or a text in the program is another one than the problem says.",
        "Compare each constant with the statement.",
        "price = 1.01 * net",
        "price = 1.1 * net",
    ),
    Explanation(
        "WPC403",
        "Another variable is meant here.",
        "Give variables names that say what they hold; a name that is used only once is suspect.",
        "for x in xs:\n    total += xs[0]",
        "for x in xs:\n    total += x",
    ),
    Explanation(
        "WPC501",
        "The right result is printed in the wrong form.",
        "Compare the output with the expected one, character by character: spaces, line ends, "
        "capital letters, decimals.",
        "print(*row)",
        "print(*row, sep='')",
    ),
    Explanation(
        "WPC502",
        "The input is read in another way than it is given.",
        "Compare each reading line with the input of a test: how many values, of what type, on "
        "how many lines.",
        "n = input()",
        "n = int(input())",
    ),
    Explanation(
        "WPC601",
        "A line stands in a block where it does not belong.",
        "Ask how often the line should run: once, or each time round the loop.",
        "for x in xs:\n    total += x\n    print(total)",
        "for x in xs:\n    total += x\nprint(total)",
    ),
    Explanation(
        "WPC701",
        "Another function or method is meant here.",
        "Look up what the function returns, and whether it changes its argument.",
        "print(min(scores))",
        "print(max(scores))",
    ),
    Explanation(
        "WPC801",
        "A statement is missing, or one too many.",
        "For each variable, check where it should change and where it does.",
        "while n > 0:\n    count += 1",
        "while n > 0:\n    count += 1\n    n //= 10",
    ),
    Explanation(
        "WPC900",
        "Several places must change together.",
        "Compare the idea of the fix with that of the program, before its details.",
    ),
)

EXPLANATIONS: Mapping[str, Explanation] = {known.code: known for known in _ALL}
