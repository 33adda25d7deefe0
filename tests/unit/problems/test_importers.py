import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reference.problems import ProblemError, read_problem, write_problem
from reference.problems.importers import json_lines, read_source
from reference.protocol import Problem, Test

Write = Callable[[dict[str, str | bytes]], Path]

SHARED_DATA = Path(__file__).parents[4] / "shared" / "data"

COCO_TASK = {
    "num_id": 7,
    "desc": "두 수를 더하세요.",
    "constraints": "0 ≤ a, b ≤ 9",
    "input_desc": "두 정수 a, b",
    "output_desc": "합",
    "sample": {"input": ["1 2", "4 4"], "output": ["3", "8"]},
    "limit": {"time": "1500", "memory": "131072"},
    "title": "더하기",
}

COMPANION_TASK = {
    "name": "B. Two Cups",
    "group": "Some judge - Round 7",
    "url": "https://judge.example/contest/7/problem/B",
    "interactive": False,
    "memoryLimit": 256,
    "timeLimit": 1500,
    "tests": [{"input": "1 2\n", "output": "3\n"}],
    "testType": "single",
    "input": {"type": "stdin"},
    "output": {"type": "stdout"},
    "languages": {"java": {"mainClass": "Main", "taskClass": "BTwoCups"}},
    "batch": {"id": "5", "size": 1},
}


def test_coco(write: Write) -> None:
    root = write(
        {
            "task_detail.json": json.dumps({"p90001": COCO_TASK}),
            "TC/p90001/input/2.txt": "5 5\n",
            "TC/p90001/input/10.txt": "0 0\n",
            "TC/p90001/output/2.txt": "10\n",
            "TC/p90001/output/10.txt": "0\n",
        }
    )
    (problem,) = read_source(root)
    assert problem == Problem(
        id="p90001",
        titles={"ko": "더하기"},
        statements={
            "ko": "두 수를 더하세요.\n\n## 입력\n\n두 정수 a, b\n\n## 출력\n\n합\n\n"
            "## 제한\n\n0 ≤ a, b ≤ 9\n"
        },
        time_limit_s=1.5,
        memory_limit_mib=128,
        tests=(
            Test(name="sample-1", input="1 2\n", output="3\n", sample=True),
            Test(name="sample-2", input="4 4\n", output="8\n", sample=True),
            Test(name="test-1", input="5 5\n", output="10\n"),
            Test(name="test-2", input="0 0\n", output="0\n"),
        ),
    )
    write_problem(problem, root / "bank" / "p90001")
    assert read_problem(root / "bank" / "p90001") == problem


def test_coco_as_a_list_with_numbered_samples(write: Write) -> None:
    tasks = [
        {
            "id": "p90002",
            "desc": "\n\nPrint hello.\n\n",
            "sample_input1": "\n\n1\n2\n\n",
            "sample_output1": "\n\n3\n\n",
            "sample_input2": "",
            "sample_output2": "\n\n0\n",
        }
    ]
    path = write({"task_detail_eng.json": json.dumps(tasks)}) / "task_detail_eng.json"
    (problem,) = read_source(path)
    assert problem.statements == {"en": "Print hello.\n"}
    assert [(test.input, test.output) for test in problem.tests] == [("1\n2\n", "3\n"), ("", "0\n")]


def test_json_lines(write: Write) -> None:
    row = {
        "id": "p90003",
        "name": "Sum",
        "statement": "Add two numbers.",
        "constraints": "",
        "input": "a b",
        "output": "",
        "time_limit_ms": "1000",
        "samples": [{"input": "\n1 2\n", "output": "3\n"}],
        "tests": [{"input": "\u2028", "output": "5\n"}],
    }
    lines = f"{json.dumps(row, ensure_ascii=False)}\n\n"
    (problem,) = read_source(write({"problems.jsonl": lines}) / "problems.jsonl")
    assert (problem.id, problem.titles) == ("p90003", {"en": "Sum"})
    assert problem.statement() == "Add two numbers.\n\n## Input\n\na b\n"
    assert problem.time_limit_s == 1.0
    assert [(test.name, test.sample, test.input) for test in problem.tests] == [
        ("sample-1", True, "\n1 2\n"),
        ("test-1", False, "\u2028"),
    ]


def test_solutions_in_json_lines(write: Write) -> None:
    rows = [{"problem_id": "a", "code": "1", "repo": "x"}, {"problem_id": "a", "code": "2"}]
    text = "\n".join(map(json.dumps, rows))
    path = write({"solutions.jsonl": text}) / "solutions.jsonl"
    assert json_lines.read_solutions(path) == {"a": ["1", "2"]}


def test_online_judge_tools(write: Write) -> None:
    root = write({"Two Cups/test/sample-1.in": "1 2\n", "Two Cups/test/sample-1.out": "3\n"})
    (problem,) = read_source(root / "Two Cups")
    assert (problem.id, problem.title()) == ("two_cups", "Two Cups")
    assert problem.tests == (Test(name="sample-1", input="1 2\n", output="3\n", sample=True),)


def test_competitive_companion(write: Write) -> None:
    path = write({"task.json": json.dumps(COMPANION_TASK)}) / "task.json"
    (problem,) = read_source(path)
    assert (problem.id, problem.title()) == ("b_two_cups", "B. Two Cups")
    assert (problem.time_limit_s, problem.memory_limit_mib) == (1.5, 256)
    assert problem.tests == (Test(name="sample-1", input="1 2\n", output="3\n", sample=True),)


def _coco(**changes: object) -> str:
    return json.dumps({"p90001": COCO_TASK | changes})


def _companion(**changes: object) -> str:
    return json.dumps(COMPANION_TASK | changes)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("notes.txt", "", "is not a source of problems"),
        ("task_detail.json", "{", "is not JSON: Expecting property name"),
        ("task_detail.json", "3", "must be an object of tasks by id, or a list"),
        ("task_detail.json", '[{"desc": ""}]', r"\[0\].id: every task of a list needs its id"),
        ("task_detail.json", '{"../etc": {}}', "'../etc' cannot be an id"),
        ("task_detail.json", '{"p1": {}}', "p1.desc: Field required"),
        ("task_detail.json", _coco(desc=None), "p90001.desc: Input should be a valid string"),
        (
            "task_detail.json",
            _coco(sample={"input": ["1"], "output": []}),
            "p90001.sample: Value error, 1 inputs, but 0 outputs",
        ),
        ("task_detail.json", _coco(limit={"time": "soon"}), "p90001.limit.time: Input should be"),
        ("task_detail.json", _coco(limit={"time": "99000"}), "p90001.time_limit_s: Input should"),
        ("p.jsonl", '{"id": "a", "samples": []}\n{', "line 2: is not JSON"),
        ("p.jsonl", '{"id": "a"}', "line 1.samples: Field required"),
        ("p.jsonl", '{"id": "A", "samples": []}', "line 1: 'A' cannot be an id"),
        ("p.jsonl", '{"id": "a", "samples": [{"input": ""}]}', "line 1.samples.0.output: Field"),
        ("p.jsonl", b"\xff", "is not UTF-8 at byte 0"),
        ("task.json", "[]", "Input should be a valid dictionary"),
        ("task.json", _companion(interactive=True), "interactive: such problems cannot be"),
        ("task.json", _companion(tests=[]), "tests: List should have at least 1 item"),
        ("task.json", _companion(input={"type": "file"}), "input.type: Input should be 'stdin'"),
        ("task.json", _companion(name="一"), "gives no id; name it with letters"),
        ("task.json", _companion(memoryLimit=1), "B. Two Cups.memory_limit_mib: Input should"),
    ],
)
def test_a_malformed_source_is_named_with_the_place(
    write: Write, name: str, text: str | bytes, message: str
) -> None:
    path = write({name: text}) / name
    with pytest.raises(ProblemError, match=message) as caught:
        list(read_source(path))
    assert caught.value.path == path


def test_coco_tests_must_be_pairs(write: Write) -> None:
    root = write({"task_detail.json": _coco(), "TC/p90001/input/1.txt": "1 1\n"})
    with pytest.raises(ProblemError, match="1 files in input, but 0 in output"):
        list(read_source(root))


@pytest.mark.skipif(not SHARED_DATA.exists(), reason=f"{SHARED_DATA} is not there")
@pytest.mark.parametrize(
    "name", ["problems.jsonl", "problems_more.jsonl", "condefects_problems.jsonl"]
)
def test_real_collections_can_be_read(name: str) -> None:
    path = SHARED_DATA / name
    rows = path.read_text(encoding="utf-8").split("\n")
    problems = list(read_source(path))
    assert len(problems) == len([row for row in rows if row])
    assert all(problem.statement() for problem in problems)
