"""What `--explain` prints."""

from rich.console import Console
from rich.markdown import Markdown
from rich.theme import Theme

from server.rules import explanation


def explain(rule: str, locale: str) -> None:
    """Print what a rule means: set for reading on a terminal, else as Markdown.

    Raises
    ------
    UnknownRuleError
        Where there is no such rule.
    """
    console = Console(theme=Theme({"markdown.code": "bold cyan"}))  # no background of its own
    text = explanation(rule).page(locale).markdown
    if console.is_terminal:
        markdown = Markdown(text, code_theme="ansi_dark", hyperlinks=False)
        console.print(markdown, width=min(console.width, 88))
    else:
        print(text, end="")
