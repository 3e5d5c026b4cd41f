"""Nothing in an assignment folder is passed over because of its name, and files/ holds what may be given to all."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.build import forgotten, verify_layout
from autograder.build.layout import MOST_BYTES, MOST_FILES
from autograder.errors import AssignmentError, LeakError

STRANGE = [
    ("alternative/", "did you mean alternatives?"),
    ("alternatves/", "did you mean alternatives?"),
    ("mistake/", "did you mean mistakes?"),
    ("Mistakes/", "did you mean mistakes?"),
    ("misstakes/", "mistakes?"),
    ("hand-in/", "did you mean handin?"),
    ("file/", "did you mean files?"),
    ("Check/", "did you mean checks?"),
    ("checkpoints/", "did you mean handin/checkpoints?"),
    ("mistake", "did you mean mistakes?"),
    ("check.py", "did you mean checks.py?"),
    ("cheks_model.py", "did you mean checks/model.py?"),
    ("calibration.jsn", "did you mean calibration.json?"),
    ("calibrations.py", "did you mean calibration.py?"),
    ("checks_model.py", "did you mean checks/model.py?"),
    ("asignment.toml", "did you mean assignment.toml?"),
    ("notebok.py", "did you mean notebook.py?"),
    ("files", "expected a folder"),
    ("mistakes/deeper/", "the id of an item"),
    ("alternatives/one.txt", "the id of an item and .py"),
]


def put(folder: Path, name: str, data: bytes = b"1,2\n") -> Path:
    path = folder / name
    if name.endswith("/"):
        path.mkdir(parents=True)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("name", "says"), STRANGE)
def test_what_looks_like_a_part_and_is_none_is_refused(course, name: str, says: str) -> None:
    """A misspelt folder or file, one in the wrong place, or of the wrong kind, is named with what was meant."""
    path = put(course.folder, name)
    with pytest.raises(AssignmentError) as caught:
        verify_layout(course.load())
    assert caught.value.file == path
    assert says in caught.value.expected
    with pytest.raises(AssignmentError):
        course.build()


def test_an_author_keeps_what_else_is_needed(course) -> None:
    """Modules and data of the checks, notes, and what tools leave behind, are nobody's business."""
    for name in (
        "reference.py",
        "shared.py",
        "hidden_words.txt",
        "checks/model.py",
        "checker.py",
        "notebook.ipynb",
        "notes.md",
        "data/rows.csv",
        "handin/checkpoints/a.safetensors",
        ".ipynb_checkpoints/x",
        "files/.DS_Store",
        "__pycache__/checks.pyc",
        "mistakes/__pycache__/a.pyc",
        "mistakes/.hidden",
        "notebook.py~",
    ):
        put(course.folder, name, name.encode())
    verify_layout(course.load())
    assert course.load().given() == {}


def test_a_folder_without_its_toml_is_told(course) -> None:
    """What looks like an assignment and is not built is named; other folders are not."""
    put(course.root, "assignments/notes/todo.txt")
    assert forgotten(course.root) == ()
    put(course.root, "assignments/other/notebook.py")
    put(course.root, "assignments/third/asignment.toml")
    first, second = forgotten(course.root)
    assert first == "assignments/other is not built: it has no assignment.toml"
    assert second.endswith("it has no assignment.toml; is asignment.toml meant?")


REFUSED = [
    ("other.ipynb", "expected no notebook"),
    ("checkpoints/a.safetensors", "another name"),
    ("a\nb.csv", "plain"),
    ("same.txt", "handin/ does not have"),
]


@pytest.mark.parametrize(("name", "says"), REFUSED)
def test_what_cannot_lie_beside_a_notebook_is_refused(course, name: str, says: str) -> None:
    """Another notebook, a name that is the student's own, one that nobody can type, one that handin/ has too."""
    put(course.folder, "handin/same.txt", b"model")
    put(course.folder / "files", name)
    with pytest.raises(AssignmentError, match=says):
        verify_layout(course.load())


def test_files_are_plain_and_bounded(course, tmp_path: Path) -> None:
    """No link, not too many, not too large."""
    (course.folder / "files").mkdir()
    link = course.folder / "files" / "link.csv"
    link.symlink_to(put(tmp_path, "elsewhere.csv"))
    with pytest.raises(AssignmentError, match="no link"):
        verify_layout(course.load())
    link.unlink()
    with put(course.folder, "files/large.bin").open("r+b") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(AssignmentError, match=r"got 1 of 20\.0 MB"):
        verify_layout(course.load())
    (course.folder / "files" / "large.bin").unlink()
    for number in range(MOST_FILES + 1):
        put(course.folder, f"files/{number}.csv", b"%d" % number)
    with pytest.raises(AssignmentError, match=f"got {MOST_FILES + 1} of"):
        verify_layout(course.load())


def test_nothing_hidden_is_given_along(course) -> None:
    """A copy of the hidden checks under another name is refused, and so is a text that names one."""
    copy = put(course.folder, "files/help.txt", (course.folder / "checks.py").read_bytes())
    with pytest.raises(AssignmentError, match=r"a copy of checks\.py"):
        course.build()
    copy.write_text("look at scores_are_unharmed", encoding="utf-8")
    with pytest.raises(LeakError, match="scores_are_unharmed"):
        course.build()
    assert not (course.root / "source").exists()


def test_files_are_built_beside_each_notebook(course) -> None:
    """source/, release/ and solutions/ each get them; a change is drift, and what is gone is left over."""
    rows, words = put(course.folder, "files/rows.csv"), put(course.folder, "files/data/words.txt")
    result = course.build()
    for step in ("source", "release", "solutions"):
        place = course.root / step / "demo"
        assert (place / "rows.csv").read_bytes() == rows.read_bytes()
        assert (place / "data" / "words.txt").read_bytes() == words.read_bytes()
    assert len(result.files) == 9
    assert course.build(write=False).changed == ()
    rows.write_bytes(b"3,4\n")
    assert [path.name for path in course.build(write=False).changed] == ["rows.csv"] * 3
    rows.unlink()
    assert [path.name for path in course.build().leftover] == ["rows.csv"] * 3
