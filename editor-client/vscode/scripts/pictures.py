# /// script
# dependencies = ["pillow>=12"]
# ///
"""Make the pictures of the extension from screenshots that its tests took.

First run `pytest -m vscode tests/e2e/vscode/test_first_minutes.py`, then this with the folder
`~/.cache/wpc-tests/vscode/screenshots`, by `uv run` or where Pillow is installed.
"""

import sys
from pathlib import Path

from PIL import Image

STEPS = ("install", "finding", "compare", "choose")
FILM = (("finding", 2500), ("compare", 2500), ("quick-fix", 3000), ("fixed", 2500))
COLORS = 256

shots = Path(sys.argv[1])
media = Path(__file__).parents[1] / "media"


def picture(name: str) -> Image.Image:
    """Return a screenshot in few colours, which suffice for text and icons."""
    shot = Image.open(shots / f"{name}.png").convert("RGB")
    return shot.quantize(COLORS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)


for step in STEPS:
    picture(step).save(media / f"{step}.png", optimize=True)
first, *rest = [picture(name) for name, _ in FILM]
durations = [duration for _, duration in FILM]
first.save(media / "wpc.gif", save_all=True, append_images=rest, duration=durations, loop=0)
