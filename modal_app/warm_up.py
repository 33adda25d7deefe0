"""Requests that make an engine do, once, everything that a user's request will need."""

from collections.abc import Iterator

from reference.protocol import Problem, ProblemReference, RepairRequest, Test

# Lines of a program, in steps: a model runs one compiled shape for each.
LENGTHS = (4, 16, 64)

_PROBLEM = Problem(
    titles={"en": "Largest"},
    statements={"en": "Read integers on one line. Print the largest."},
    tests=(
        Test(name="sample-1", input="3 9 4\n", output="9\n", sample=True),
        Test(name="sample-2", input="-5 -2 -7\n", output="-2\n", sample=True),
    ),
    solutions=("print(max(map(int, input().split())))\n",),
)
_WRONG = """\
numbers = list(map(int, input().split()))
best = 0
for number in numbers:
    if number > best:
        best = number
print(best)
"""


def requests() -> Iterator[RepairRequest]:
    """Yield one request for each length of program."""
    for length in LENGTHS:
        padding = "".join(f"unused_{n} = {n}\n" for n in range(length))
        yield RepairRequest(code=padding + _WRONG, problem=ProblemReference(inline=_PROBLEM))
