from pathlib import Path

import pytest

from server.config import SettingsSource
from server.problem import ProblemChoiceError, ProblemResolver, ResolvedProblem


@pytest.fixture
def resolver() -> ProblemResolver:
    return ProblemResolver(["two_sum", "count_up", "p03105"])


def resolve(
    resolver: ProblemResolver, path: Path, source: str = "print(1)\n"
) -> ResolvedProblem | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    return resolver.resolve(path, source, SettingsSource().of_file(path))


def write_problem(folder: Path, manifest: str = "title = 'Sum'\n") -> None:
    (folder / "tests").mkdir(parents=True)
    (folder / "problem.toml").write_text(manifest)
    (folder / "tests" / "sample-1.in").write_text("1 2\n")
    (folder / "tests" / "sample-1.out").write_text("3\n")


def test_order_of_what_tells_the_problem(tmp_path: Path, resolver: ProblemResolver) -> None:
    path = tmp_path / "tasks" / "two_sum" / "count_up.py"
    names = [_name(resolve(resolver, path))]  # the stem
    write_problem(tmp_path / "tasks")
    names.append(_name(resolve(resolver, path)))  # problem.toml in a parent
    (tmp_path / "wpc.toml").write_text('[problems]\n"tasks/**/*.py" = "p03105"\n')
    names.append(_name(resolve(resolver, path)))  # a glob
    names.append(_name(resolve(resolver, path, "# wpc: problem=two_sum\n")))  # a comment

    assert names == ["count_up", "tasks", "p03105", "two_sum"]


def test_folder_name_and_nothing(tmp_path: Path, resolver: ProblemResolver) -> None:
    assert _name(resolve(resolver, tmp_path / "two_sum" / "main.py")) == "two_sum"
    assert _name(resolve(resolver, tmp_path / "Two_Sum.py")) == "two_sum"
    assert resolve(resolver, tmp_path / "other" / "main.py") is None


def test_samples_of_online_judge_tools(tmp_path: Path, resolver: ProblemResolver) -> None:
    samples = tmp_path / "abc001_a" / "test"
    samples.mkdir(parents=True)
    (samples / "sample-1.in").write_text("1\n")
    (samples / "sample-1.out").write_text("2\n")

    problem = resolve(resolver, tmp_path / "abc001_a" / "main.py")

    assert problem is not None
    assert problem.name == "abc001_a"
    assert problem.reference.inline is not None
    assert [test.output for test in problem.reference.inline.tests] == ["2\n"]


def test_problem_folder_travels_without_an_id(tmp_path: Path, resolver: ProblemResolver) -> None:
    write_problem(tmp_path / "sum")

    first = resolve(resolver, tmp_path / "sum" / "ada" / "main.py")

    assert first is not None
    assert first.reference.inline is not None
    assert first.reference.inline.id == ""
    assert resolve(resolver, tmp_path / "sum" / "grace" / "main.py") is first


@pytest.mark.parametrize("name", ["generate.py", "prelude.py", "check.py"])
def test_programs_that_belong_to_a_problem_solve_none(
    tmp_path: Path, resolver: ProblemResolver, name: str
) -> None:
    write_problem(tmp_path / "two_sum")

    assert resolve(resolver, tmp_path / "two_sum" / name) is None


def test_text_without_a_file_is_told_by_its_comment(
    resolver: ProblemResolver, tmp_path: Path
) -> None:
    settings = SettingsSource().of_folder(tmp_path)

    assert _name(resolver.resolve(None, "# wpc: problem=two_sum\n", settings)) == "two_sum"
    assert resolver.resolve(None, "print(1)\n", settings) is None


def test_unknown_problem_names_close_ones(tmp_path: Path, resolver: ProblemResolver) -> None:
    with pytest.raises(ProblemChoiceError, match="'two_sums'; did you mean two_sum"):
        resolve(resolver, tmp_path / "a.py", "# wpc: problem=two_sums\n")


def test_broken_problem_folder_is_an_error(tmp_path: Path, resolver: ProblemResolver) -> None:
    write_problem(tmp_path / "sum", "time_limt = 3\n")

    with pytest.raises(ProblemChoiceError, match=r"problem\.toml: time_limt"):
        resolve(resolver, tmp_path / "sum" / "a.py")


def _name(problem: ResolvedProblem | None) -> str | None:
    return problem.name if problem else None
