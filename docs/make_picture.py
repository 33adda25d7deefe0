"""Draw what `wpc-lsp --check` prints: `python docs/make_picture.py FILE… > docs/check.svg`."""

import re
import subprocess
import sys
from io import StringIO

from rich.console import Console
from rich.text import Text

WIDTH = 100
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Run the check on the files and print the picture."""
    done = subprocess.run(
        ["wpc-lsp", "--check", "--color", "always", *sys.argv[1:]],
        stdout=subprocess.PIPE,
        text=True,
    )
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    console.print(Text("$ wpc-lsp --check examples/\n", style="bold"))
    console.print(Text.from_ansi(done.stdout.rstrip()))
    # The picture must not fetch fonts from elsewhere.
    sys.stdout.write(_FONT.sub("", console.export_svg(title="WPC")))


if __name__ == "__main__":
    main()
