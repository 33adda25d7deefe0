"""The last words of a check, for a person."""

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from server.check.result import Summary, fixable


def print_summary(console: Console, summary: Summary, seconds: float) -> None:
    """Print how many files are right, wrong, fixed, skipped and unchecked."""
    wrong, fixed = len(summary.wrong), len(summary.fixed)
    parts = [Text(f"{_count(len(summary.judged), 'program')} checked in {seconds:.1f} s", "bold")]
    if wrong:
        parts.append(Text(f"{wrong} wrong", "bold red"))
    elif summary.judged and not fixed:
        parts.append(Text("no errors found", "bold green"))
    if fixed:
        parts.append(Text(f"{fixed} fixed", "green"))
    if summary.errors:
        parts.append(Text(f"{len(summary.errors)} could not be checked", "bold red"))
    console.print(Text(", ").join(parts), soft_wrap=True)
    if safe := len(fixable(summary.wrong, unsafe=False)):
        console.print(f"{_count(safe, 'fix', 'fixes')} [*] to apply with --fix", markup=False)
    if unsafe := len(fixable(summary.wrong, unsafe=True)) - safe:
        console.print(f"{unsafe} more with --unsafe-fixes: no test verifies them", markup=False)
    if without := len(summary.without_problem):
        solve = "file solves" if without == 1 else "files solve"
        console.print(
            f"{without} {solve} no problem that WPC knows; name it with a comment "
            "`# wpc: problem=ID`, with --problem, or in [tool.wpc.problems] of pyproject.toml",
            markup=False,
            soft_wrap=True,
        )


def print_statistics(console: Console, summary: Summary) -> None:
    """Print how often each rule was found, the most frequent first."""
    found = Counter(
        finding.rule for result in summary.results for finding in result.findings
    ).most_common()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for rule, count in found:
        table.add_row(f"{count:>5}", Text(rule, "bold red"))
    console.print(table)


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
