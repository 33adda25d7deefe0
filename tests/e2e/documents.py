"""What the project's documents tell people to do, for tests that do it."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class CodeBlock:
    """A block of code and the language that it is marked with."""

    language: str
    text: str


def code_blocks(document: str, heading: str) -> list[CodeBlock]:
    """Return the blocks of code below a heading, up to the next heading of its level or above.

    Parameters
    ----------
    document
        A file's path in the repository.
    """
    return [
        CodeBlock(token.info.strip(), token.content)
        for token in _section(document, heading)
        if token.type == "fence"
    ]


def words(document: str, heading: str, mark: str) -> list[str]:
    """Return what is `strong`, `em` or `code_inline` below a heading."""
    found = []
    for inline in _section(document, heading):
        for token, following in pairwise([*(inline.children or []), inline]):
            if token.type == mark:
                found.append(token.content)
            elif token.type == f"{mark}_open":
                found.append(following.content)
    return found


def _section(document: str, heading: str) -> list[Token]:
    tokens = MarkdownIt().parse((ROOT / document).read_text("utf-8"))
    titles = [
        (number, token.tag, tokens[number + 1].content)
        for number, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    begin, level = next((number, tag) for number, tag, title in titles if title == heading)
    end = next((n for n, tag, _ in titles if n > begin and tag <= level), len(tokens))
    return tokens[begin:end]
