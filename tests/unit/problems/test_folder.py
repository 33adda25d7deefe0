import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reference.protocol import CheckerKind, Entry, ProblemSummary
from reference.protocol.folder import (
    ProblemError,
    folder_digest,
    read_problem,
    read_samples,
    read_summary,
)

Write = Callable[[dict[str, str | bytes]], Path]


def test_a_folder_becomes_a_problem(write: Write) -> None:
    problem = read_problem(
        write(
            {
                "two_cups/problem.toml": 'title = "Two cups"\ntime_limit = 1.5\nmemory_limit = 64',
                "two_cups/statement.md": "Add.",
                "two_cups/statement.ko.md": "더하세요.",
                "two_cups/tests/sample-1.in": "1 2\n",
                "two_cups/tests/sample-1.out": "3\n",
                "two_cups/tests/10.in": "5 5\n",
                "two_cups/tests/10.out": "10\n",
                "two_cups/tests/9.in": "4 5\n",
                "two_cups/tests/9.out": "9\n",
                "two_cups/solutions/b.py": "print(sum(map(int, input().split())))\n",
                "two_cups/solutions/a.py": "a, b = map(int, input().split())\nprint(a + b)\n",
                "two_cups/generate.py": "print(input(), 1)\n",
            }
        )
        / "two_cups"
    )
    assert problem.id == "two_cups"
    assert problem.titles == {"en": "Two cups"}
    assert problem.statement("ko-KR") == "더하세요."
    assert (problem.time_limit_s, problem.memory_limit_mib) == (1.5, 64)
    assert problem.checker.kind is CheckerKind.TOKENS
    assert [(test.name, test.sample) for test in problem.tests] == [
        ("sample-1", True),
        ("9", False),
        ("10", False),
    ]
    assert problem.solutions[0].startswith("a, b")
    assert problem.generator == "print(input(), 1)\n"


def test_everything_in_a_manifest_has_a_default(write: Write) -> None:
    folder = write({"My Homework 3/problem.toml": ""}) / "My Homework 3"
    problem = read_problem(folder)
    assert (problem.id, problem.titles, problem.statements) == ("", {}, {})
    assert (problem.time_limit_s, problem.memory_limit_mib) == (2.0, 512)
    assert problem.tests == ()


def test_the_language_of_statement_md_comes_first(write: Write) -> None:
    folder = write(
        {
            "p/problem.toml": 'locale = "ko"\ntitle = { en = "Cups", ko = "컵" }',
            "p/statement.en.md": "Add.",
            "p/statement.md": "더하세요.",
        }
    )
    problem = read_problem(folder / "p")
    assert list(problem.titles) == ["ko", "en"]
    assert problem.statement("fr") == "더하세요."


@pytest.mark.parametrize(
    ("line", "kind", "tolerance"),
    [
        ('checker = "exact"', CheckerKind.EXACT, 1e-6),
        ('checker = "float"', CheckerKind.FLOAT, 1e-6),
        ('checker = { kind = "float", tolerance = 0.01 }', CheckerKind.FLOAT, 0.01),
    ],
)
def test_checkers(write: Write, line: str, kind: CheckerKind, tolerance: float) -> None:
    checker = read_problem(write({"p/problem.toml": line}) / "p").checker
    assert (checker.kind, checker.tolerance, checker.program) == (kind, tolerance, None)


def test_a_program_decides(write: Write) -> None:
    folder = write(
        {
            "p/problem.toml": 'checker = { kind = "program", path = "check.py" }',
            "p/check.py": 'print("accepted")\n',
        }
    )
    assert read_problem(folder / "p").checker.program == 'print("accepted")\n'


def test_a_function_problem(write: Write) -> None:
    folder = write(
        {
            "p/problem.toml": 'entry = "function"',
            "p/prelude.py": "LIMIT = 3\n",
            "p/tests/1.in": "double(LIMIT)\n",
            "p/tests/1.out": "6\n",
        }
    )
    problem = read_problem(folder / "p")
    assert (problem.entry, problem.prelude) == (Entry.FUNCTION, "LIMIT = 3\n")


def test_line_ends_and_a_byte_order_mark_do_not_matter(write: Write) -> None:
    folder = write(
        {
            "p/problem.toml": "",
            "p/tests/1.in": b"\xef\xbb\xbf1\r\n2\r\n",
            "p/tests/1.out": b"3\r\n",
        }
    )
    (test,) = read_problem(folder / "p").tests
    assert (test.input, test.output) == ("1\n2\n", "3\n")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("title = ", "is not TOML: Invalid value (at end of document)"),
        ("time_limits = 2", "time_limits: no such key; did you mean time_limit?"),
        ("colour = 1", "colour: no such key; remove it"),
        ("time_limit = 31", "time_limit: input should be less than or equal to 30"),
        ("memory_limit = 1", "memory_limit: input should be greater than or equal to 16"),
        ('time_limit = "fast"', "time_limit: input should be a valid number"),
        ('checker = "fuzzy"', "checker.kind: input should be 'tokens', 'exact', 'float'"),
        ('checker = { kind = "exact", tolerance = 1 }', 'tolerance needs kind = "float"'),
        ('checker = { kind = "program" }', 'path goes with kind = "program"'),
        ('checker = { kind = "tokens", path = "x.py" }', 'path goes with kind = "program"'),
        ('entry = "main"', "entry: input should be 'stdin' or 'function'"),
        ('locale = "../x"', "locale: string should match"),
        ("title = 3", "title: input should be a valid dictionary"),
    ],
)
def test_a_malformed_manifest_is_named_with_its_key(
    write: Write, manifest: str, message: str
) -> None:
    folder = write({"p/problem.toml": manifest}) / "p"
    with pytest.raises(ProblemError) as caught:
        read_problem(folder)
    assert caught.value.path == folder / "problem.toml"
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("files", "at_fault", "message"),
    [
        ({"statement.md": "Add."}, "problem.toml", "is missing"),
        ({"problem.toml": b"title = '\xff'"}, "problem.toml", "is not UTF-8 at byte 9"),
        ({"problem.toml": "", "tests/1.in": "1"}, "tests/1.out", "is missing; 1.in needs it"),
        ({"problem.toml": "", "tests/1.out": "1"}, "tests/1.in", "is missing; 1.out needs it"),
        (
            {"problem.toml": "", "tests/1.in": b"\xe9", "tests/1.out": "1"},
            "tests/1.in",
            "is not UTF-8 at byte 0; save it as UTF-8",
        ),
        (
            {"problem.toml": "", "prelude.py": "x = 1"},
            "prelude.py",
            'serves only entry = "function"',
        ),
        (
            {"problem.toml": 'entry = "function"', "tests/1.in": "f(", "tests/1.out": "1"},
            "tests/1.in",
            "a test is one Python expression",
        ),
        (
            {"problem.toml": 'entry = "function"', "tests/1.in": "f()", "tests/1.out": "x = 1"},
            "tests/1.out",
            "a test is one Python expression",
        ),
        (
            {"problem.toml": 'checker = { kind = "program", path = "check.py" }'},
            "check.py",
            "is missing",
        ),
        (
            {"problem.toml": 'checker = { kind = "program", path = "../secret.py" }'},
            "../secret.py",
            "must lie in the problem's folder",
        ),
        (
            {"problem.toml": "", "statement.md": "a", "statement.en.md": "b"},
            "statement.md",
            "is a second statement in 'en'",
        ),
    ],
)
def test_a_malformed_file_is_named(
    write: Write, files: dict[str, str | bytes], at_fault: str, message: str
) -> None:
    folder = write({f"p/{name}": text for name, text in files.items()} | {"secret.py": ""}) / "p"
    with pytest.raises(ProblemError) as caught:
        read_problem(folder)
    assert caught.value.path == folder / at_fault
    assert message in caught.value.message


@pytest.mark.parametrize("name", ["statement.md", "tests/1.out", "solutions/a.py", "generate.py"])
def test_no_link_leads_out_of_a_problem(write: Write, name: str) -> None:
    files = {"problem.toml": "", "statement.md": "", "tests/1.in": "", "tests/1.out": ""}
    files |= {"solutions/a.py": "", "generate.py": ""}
    folder = write({f"p/{one}": text for one, text in files.items()} | {"secret": "s"}) / "p"
    (folder / name).unlink()
    (folder / name).symlink_to(folder.parent / "secret")
    with pytest.raises(ProblemError, match="must lie in the problem's folder"):
        read_problem(folder)


def test_a_pipe_is_no_test(write: Write) -> None:
    folder = write({"p/problem.toml": "", "p/tests/1.in": ""}) / "p"
    os.mkfifo(folder / "tests" / "1.out")
    with pytest.raises(ProblemError, match="no regular file"):
        read_problem(folder)


def test_a_summary_opens_no_test(write: Write) -> None:
    folder = write({"p/problem.toml": 'title = "Cups"', "p/tests/1.in": b"\xff"}) / "p"
    summary = read_summary(folder)
    assert summary == ProblemSummary(
        id="p", titles={"en": "Cups"}, tests=1, digest=folder_digest(folder)
    )


@pytest.mark.parametrize("name", ["problem.toml", "tests/1.out", "solutions/1.py", "new.md"])
def test_a_digest_tells_of_every_change(write: Write, name: str) -> None:
    files = {
        "p/problem.toml": "",
        "p/tests/1.in": "1",
        "p/tests/1.out": "1",
        "p/solutions/1.py": "",
    }
    folder = write(files) / "p"
    before = folder_digest(folder)
    assert folder_digest(folder) == before

    (folder / name).write_text("# 2")

    assert folder_digest(folder) != before


def test_samples_of_online_judge_tools(write: Write) -> None:
    folder = write(
        {
            "test/sample-1.in": "1 2\n",
            "test/sample-1.out": "3\n",
            "test/mine.in": "0 0\n",
            "test/mine.out": "0\n",
            "test/not-yet-answered.in": "9 9\n",
        }
    )
    problem = read_samples(folder)
    assert problem.id == ""
    assert [(test.name, test.sample) for test in problem.tests] == [
        ("sample-1", True),
        ("mine", False),
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"main.py": ""}, "holds no test"),
        ({"test/1.in": "1"}, "holds no test"),
        ({"test/1.out": "1"}, "is missing; 1.out needs it"),
    ],
)
def test_samples_that_test_nothing(
    write: Write, files: dict[str, str | bytes], message: str
) -> None:
    with pytest.raises(ProblemError, match=message):
        read_samples(write(files))
