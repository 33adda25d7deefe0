from pathlib import Path

import pytest

from server.config import (
    ConfigError,
    Options,
    SettingsSource,
    camel_case,
    kebab_case,
    parse_options,
)


def test_nearest_configuration_holds(tmp_path: Path) -> None:
    (tmp_path / "wpc.toml").write_text('locale = "ko"\nselect = ["WPC1"]\n')
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.wpc]\ntime-budget = 3\n")
    (tmp_path / "a" / "b" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    source = SettingsSource()

    inner = source.of_file(tmp_path / "a" / "b" / "x.py")
    outer = source.of_file(tmp_path / "x.py")

    assert (inner.time_budget, inner.locale) == (3.0, "en")
    assert (outer.select, outer.locale) == (("WPC1",), "ko")


def test_wpc_toml_wins_over_pyproject(tmp_path: Path) -> None:
    (tmp_path / "wpc.toml").write_text('locale = "ko"\n')
    (tmp_path / "pyproject.toml").write_text('[tool.wpc]\nlocale = "en"\n')

    assert SettingsSource().of_folder(tmp_path).locale == "ko"


def test_overrides_win_option_by_option(tmp_path: Path) -> None:
    (tmp_path / "wpc.toml").write_text(
        'ignore = ["wpc5"]\ntime-budget = 3\n[problems]\n"a/*.py" = "p1"\n"*.py" = "p2"\n'
    )

    settings = SettingsSource(Options(time_budget=7)).of_folder(tmp_path)

    assert settings.ignore == ("WPC5",)
    assert settings.time_budget == 7
    assert [problem for _, problem in settings.problems] == ["p1", "p2"]


def test_globs_are_relative_to_where_they_are_said(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "wpc.toml").write_text(
        'exclude = ["b/*.py"]\n[problems]\n"b/*.py" = "../p"\n[per-file-ignores]\n"b/" = ["WPC3"]\n'
    )
    program = tmp_path / "a" / "b" / "x.py"

    in_file = SettingsSource().of_file(program)
    said = Options(exclude=("a/b/*.py",), per_file_ignores={"a/b/": ("WPC5",)})
    over = SettingsSource(said, root=tmp_path).of_file(program)
    alone = SettingsSource(said, root=tmp_path, isolated=True).of_file(program)

    for settings, rule in ((in_file, "WPC3"), (over, "WPC5"), (alone, "WPC5")):
        assert settings.exclude.match(program)
        [(files, rules)] = settings.per_file_ignores
        assert (files.match(program), rules) == (True, (rule,))
    [(files, problem)] = over.problems
    assert (files.match(program), files.root / problem) == (True, tmp_path / "a" / "../p")


def test_a_pyproject_of_another_shape_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool = 1\n")

    assert SettingsSource().of_folder(tmp_path).locale == "en"


def test_isolated_and_given_configuration(tmp_path: Path) -> None:
    (tmp_path / "wpc.toml").write_text('locale = "ko"\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    assert SettingsSource(isolated=True).of_folder(tmp_path).locale == "en"
    given = SettingsSource(config=tmp_path / "wpc.toml")
    assert given.of_folder(Path("/")).locale == "ko"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("time_budget = 3", "unknown option 'time_budget'; did you mean 'time-budget'?"),
        ("endpoint = 'http://evil.example'", "unknown option 'endpoint'"),
        ("time-budget = 99", "time-budget: input should be less than or equal to 30"),
        ("select = ['E501']", "select.0: 'E501' is no rule; write one such as WPC301 or WPC3."),
        ("select = 'WPC301'", "select: input should be a valid tuple"),
        ("per-file-ignores = {'*.py' = ['W']}", "per-file-ignores.*.py.0: 'W' is no rule"),
        ("[problems]\na = 1", "problems.a: input should be a valid string"),
        ("time-budget = ", "cannot be read"),
    ],
)
def test_errors_say_where_and_what_to_do(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "wpc.toml"
    file.write_text(text)

    with pytest.raises(ConfigError) as error:
        SettingsSource().of_folder(tmp_path)

    assert str(error.value).startswith(f"{file}: ")
    assert reason in str(error.value)


def test_options_are_spelt_as_their_place_spells_them() -> None:
    assert parse_options({"timeBudget": 2}, camel_case, lambda _: "editor") == Options(
        time_budget=2
    )
    with pytest.raises(ConfigError, match=r"^editor: unknown option 'time-budget'; did you mean "):
        parse_options({"time-budget": 2}, camel_case, lambda _: "editor")
    assert parse_options({"time-budget": 2}, kebab_case, lambda _: "file") == Options(time_budget=2)
