"""Read problems that other tools keep in their own formats."""

from collections.abc import Iterator
from pathlib import Path

from reference.problems.importers import (
    coco,
    competitive_companion,
    json_lines,
    online_judge_tools,
)
from reference.protocol import Problem
from reference.protocol.folder import ProblemError

__all__ = ["read_source"]


def read_source(source: Path) -> Iterator[Problem]:
    """Read the problems of `source`, whose format its shape tells.

    ```
    FOLDER/task_detail.json, or that file    COCO, with its tests in FOLDER/TC
    FOLDER/test/*.in *.out                   online-judge-tools
    FILE.jsonl                               JSON Lines, one problem a line
    FILE.json                                Competitive Companion
    ```

    Raises
    ------
    ProblemError
        If the source has none of these shapes, or is malformed; the iterator may raise it too.
    """
    if (source / coco.TASKS).is_file():
        return coco.read(source / coco.TASKS)
    if source.name.startswith("task_detail") and source.suffix == ".json":
        return coco.read(source)
    if (source / "test").is_dir():
        return iter([online_judge_tools.read(source)])
    if source.suffix == ".jsonl":
        return json_lines.read(source)
    if source.suffix == ".json":
        return iter([competitive_companion.read(source)])
    raise ProblemError(
        source,
        "is not a source of problems; give COCO's task_detail.json, a folder with the tests of"
        " online-judge-tools in test/, a .jsonl file, or a .json file of Competitive Companion",
    )
