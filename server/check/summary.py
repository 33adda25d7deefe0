"""The last words of a check, for a person."""

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reference.protocol.rules import RULES
from server.check.result import Summary, fixable
from server.texts import Texts


def print_summary(console: Console, summary: Summary, seconds: float, texts: Texts) -> None:
    """Print how many files are right, wrong, fixed, skipped and unchecked."""
    wrong, fixed = len(summary.wrong), len(summary.fixed)
    checked = texts.programs_checked.of(len(summary.judged), seconds=f"{seconds:.1f}")
    parts = [Text(checked, "bold")]
    if wrong:
        parts.append(Text(texts.wrong.format(count=wrong), "bold red"))
    elif summary.judged and not fixed:
        parts.append(Text(texts.no_errors_found, "bold green"))
    if fixed:
        parts.append(Text(texts.fixed.format(count=fixed), "green"))
    if summary.errors:
        parts.append(Text(texts.unchecked.format(count=len(summary.errors)), "bold red"))
    console.print(Text(", ").join(parts), soft_wrap=True)
    if safe := len(fixable(summary.wrong, unsafe=False)):
        console.print(texts.fixes_to_apply.of(safe), markup=False)
    if unsafe := len(fixable(summary.wrong, unsafe=True)) - safe:
        console.print(texts.unsafe_fixes_to_apply.format(count=unsafe), markup=False)
    if without := len(summary.without_problem):
        text = texts.files_without_problem.of(without)
        console.print(text, markup=False, soft_wrap=True)


def print_statistics(console: Console, summary: Summary, texts: Texts) -> None:
    """Print how often each rule was found, the most frequent first."""
    found = Counter(
        finding.rule for result in summary.results for finding in result.findings
    ).most_common()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for rule, count in found:
        known = RULES.get(rule)  # a newer endpoint may have others
        title = known.title(texts.language) if known else ""
        table.add_row(f"{count:>5}", Text(rule, "bold red"), title)
    console.print(table)
