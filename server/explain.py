"""What `--explain` prints."""

from rich.console import Console
from rich.markdown import Markdown

from server.rules import explanation


def explain(rule: str) -> None:
    """Print what a rule means: set for reading on a terminal, else as Markdown.

    Raises
    ------
    UnknownRuleError
        Where there is no such rule.
    """
    console = Console()
    text = explanation(rule).markdown()
    if console.is_terminal:
        console.print(Markdown(text), width=min(console.width, 88))
    else:
        print(text, end="")
