import os
from pathlib import Path

import pytest

from server.check.discover import MissingPathError, discover
from server.config import Options, SettingsSource


def write(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")


def found(root: Path, *paths: Path, exclude: tuple[str, ...] | None = None) -> list[str]:
    settings = SettingsSource(Options(exclude=exclude), root=root)
    return [path.relative_to(root).as_posix() for path in discover(paths or (root,), settings)]


def test_folders_are_walked_in_order_without_what_nobody_wrote(tmp_path: Path) -> None:
    write(tmp_path, "b.py", "a/x.py", "a/note.txt", "a.py", ".venv/m.py", "__pycache__/c.py")
    write(tmp_path, "node_modules/d.py", "build/e.py", "venv/f.py")

    assert found(tmp_path) == ["a/x.py", "a.py", "b.py"]


def test_gitignore_files_hold_the_nearest_first(tmp_path: Path) -> None:
    write(tmp_path, "keep.py", "drop.py", "sub/keep.py", "sub/drop.py", "out/a.py", "sub/out/b.py")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("drop.py\nout/\n")
    (tmp_path / "sub" / ".gitignore").write_text("!drop.py\nkeep.py\n")

    assert found(tmp_path) == ["keep.py", "sub/drop.py"]
    assert found(tmp_path, tmp_path / "sub") == ["sub/drop.py"]


def test_gitignore_above_the_repository_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.py\n")
    write(tmp_path, "repository/a.py")
    (tmp_path / "repository" / ".git").mkdir()

    assert found(tmp_path, tmp_path / "repository") == ["repository/a.py"]


def test_exclude_of_the_settings(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "drafts/b.py", "x/c_old.py")
    (tmp_path / "wpc.toml").write_text('exclude = ["drafts"]\n')

    assert found(tmp_path) == ["a.py", "x/c_old.py"]


def test_named_files_are_taken_once_whatever_they_are(tmp_path: Path) -> None:
    write(tmp_path, "drafts/b.py", "program")
    (tmp_path / "wpc.toml").write_text('exclude = ["drafts"]\n')
    b, program = tmp_path / "drafts" / "b.py", tmp_path / "program"

    assert found(tmp_path, b, program, b) == ["drafts/b.py", "program"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    (tmp_path / "loop").symlink_to(tmp_path)

    assert found(tmp_path) == ["a.py"]


def test_a_file_with_several_names_is_taken_once_by_its_own(tmp_path: Path) -> None:
    write(tmp_path, "b.py", "sub/c.py")
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "z.py").symlink_to("sub/c.py")

    assert found(tmp_path) == ["b.py", "sub/c.py"]
    other_way = tmp_path / "sub" / ".." / "b.py"
    assert len(discover([other_way, tmp_path / "b.py"], SettingsSource())) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_cannot_be_entered_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "locked/b.py")
    (tmp_path / "locked").chmod(0)

    assert found(tmp_path) == ["a.py", "locked"]
    with pytest.raises(MissingPathError, match="cannot be read"):
        found(tmp_path, tmp_path / "locked" / "b.py")


def test_missing_path(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="no such file or folder"):
        found(tmp_path, tmp_path / "nowhere")
