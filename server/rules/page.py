"""The page of a rule in one language: a Markdown file of a fixed form."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PAGES = Path(__file__).with_name("pages")

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page: title, summary, and four sections under headings.

    The sections are why the error happens, an example, how to find it, and exceptions. The
    example holds code blocks: the wrong program, the input and the expected output of a test,
    what the program prints instead, and the right program.

    Parameters
    ----------
    path
        Its file.
    markdown
        All of it.
    """

    path: Path
    markdown: str

    @property
    def uri(self) -> str:
        """Where an editor or browser opens the page."""
        return self.path.as_uri()

    @property
    def title(self) -> str:
        """The heading, such as `WPC301: Off by one`."""
        return self.markdown.split("\n", 1)[0].removeprefix("# ")

    @property
    def summary(self) -> str:
        """What is wrong, in a sentence or two."""
        return self._paragraph(self._parts[0], 2)

    @property
    def advice(self) -> str:
        """How to find the error, in short."""
        return self._paragraph(self._parts[3], 1)

    @property
    def headings(self) -> list[str]:
        """The headings of the sections."""
        return [part.split("\n", 1)[0] for part in self._parts[1:]]

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """The language and the content of each code block."""
        return _FENCED.findall(self.markdown)

    @cached_property
    def _parts(self) -> list[str]:
        return self.markdown.split("\n## ")

    @staticmethod
    def _paragraph(part: str, number: int) -> str:
        return part.split("\n\n")[number].replace("\n", " ").strip()


def read_page(code: str, language: str) -> Page:
    """Read the page of a rule."""
    path = PAGES / language / f"{code}.md"
    return Page(path, path.read_text(encoding="utf-8"))
