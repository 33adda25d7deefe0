"""COCO's task_detail.json with the tests beside it.

The file maps ids to tasks, or lists tasks with their ids. Tests lie in `TC/<id>/input/*.txt` and
`TC/<id>/output/*.txt` (also `in` and `out`), paired in the order of their names.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field, model_validator

from reference.problems.importers.reading import build_problem, parse_json, parse_record
from reference.problems.importers.text import as_tests, compose_statement, language_of
from reference.protocol import Problem, Test
from reference.protocol.folder import ProblemError, in_natural_order, is_problem_id, read_text

TASKS = "task_detail.json"


class _Samples(BaseModel):
    input: list[str] = Field(default_factory=list)
    output: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _pairs(self) -> "_Samples":
        if len(self.input) != len(self.output):
            raise ValueError(f"{len(self.input)} inputs, but {len(self.output)} outputs")
        return self


class _Limit(BaseModel):
    time: int = 2000  # milliseconds
    memory: int = 512 * 1024  # KiB


class _Task(BaseModel):
    title: str = ""
    desc: str
    input_desc: str = ""
    output_desc: str = ""
    constraints: str = ""
    sample: _Samples = _Samples()
    limit: _Limit = _Limit()

    @model_validator(mode="before")
    @classmethod
    def _numbered_samples(cls, task: object) -> object:
        """Gather `sample_input1`, `sample_output1` and so on, the list's way, into `sample`."""
        if not isinstance(task, dict) or "sample_input1" not in task:
            return task
        sample: dict[str, list[object]] = {"input": [], "output": []}
        for side, texts in sample.items():
            while (key := f"sample_{side}{len(texts) + 1}") in task:
                texts.append(task[key])
        return {**task, "sample": sample}


def read(path: Path) -> Iterator[Problem]:
    """Read the tasks of a task_detail.json.

    Raises
    ------
    ProblemError
        If the file or a test is malformed; the message names the task and the key.
    """
    for task_id, record in _records(path):
        if not is_problem_id(task_id):
            raise ProblemError(path, f"{task_id!r} cannot be an id: use a-z, 0-9, _ and - only")
        task = parse_record(path, task_id, _Task, record)
        locale = language_of(task.desc)
        inputs, outputs = (
            map(_whole_lines, texts) for texts in (task.sample.input, task.sample.output)
        )
        yield build_problem(
            path,
            task_id,
            id=task_id,
            titles={locale: task.title} if task.title else {},
            statements={
                locale: compose_statement(
                    task.desc, task.input_desc, task.output_desc, task.constraints
                )
            },
            time_limit_s=task.limit.time / 1000,
            memory_limit_mib=task.limit.memory // 1024,
            tests=(
                *as_tests(zip(inputs, outputs, strict=True), "sample"),
                *_read_tests(path.parent / "TC" / task_id),
            ),
        )


def _records(path: Path) -> Iterator[tuple[str, object]]:
    tasks = parse_json(path, read_text(path))
    if isinstance(tasks, dict):
        yield from tasks.items()
    elif isinstance(tasks, list):
        for index, task in enumerate(tasks):
            task_id = task.get("id") if isinstance(task, dict) else None
            if not isinstance(task_id, str):
                raise ProblemError(path, f"[{index}].id: every task of a list needs its id")
            yield task_id, task
    else:
        raise ProblemError(path, "must be an object of tasks by id, or a list of tasks")


def _read_tests(folder: Path) -> list[Test]:
    for names in (("input", "output"), ("in", "out")):
        inputs, outputs = (
            in_natural_order(path for path in (folder / name).glob("*") if path.is_file())
            for name in names
        )
        if len(inputs) != len(outputs):
            raise ProblemError(
                folder, f"{len(inputs)} files in {names[0]}, but {len(outputs)} in {names[1]}"
            )
        if inputs:
            pairs = zip(map(read_text, inputs), map(read_text, outputs), strict=True)
            return as_tests(pairs, "test")
    return []


def _whole_lines(sample: str) -> str:
    """Trim a sample, which stands between blank lines or lacks the last line's end."""
    lines = sample.replace("\r\n", "\n").strip("\n")
    return f"{lines}\n" if lines else ""
