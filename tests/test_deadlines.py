"""When an assignment is due, and for whom later."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.build import new_assignment
from autograder.deadlines import deadline, utc
from autograder.errors import AssignmentError
from autograder.sandbox.secrets import exposed

DUE = datetime.datetime.fromisoformat("2026-12-01T23:59:00+01:00")


def say_due(root: Path, value: str) -> Path:
    """An assignment `hw` whose assignment.toml begins with `due = value`."""
    folder = root / "assignments" / "hw"
    if not folder.is_dir():
        new_assignment(root, "hw")
    path = folder / "assignment.toml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("due")]
    path.write_text("\n".join([f"due = {value}", *lines]), encoding="utf-8")
    return folder


def test_due_needs_an_offset(tmp_path: Path) -> None:
    """A time with its offset is read; one without, a date and a text are refused with an example."""
    assert load_assignment(say_due(tmp_path, "2026-12-01T23:59:00+01:00")).due == DUE
    for value in ("2026-12-01T23:59:00", "2026-12-01", '"2026-12-01T23:59:00+01:00"'):
        with pytest.raises(AssignmentError, match=r"due.*expected date, time and offset without quotes"):
            load_assignment(say_due(tmp_path, value))


def test_extensions(tmp_path: Path) -> None:
    """Who is named may hand in until then; who is not has none; without the file the gradebook's stand."""
    (tmp_path / "assignments" / "hw").mkdir(parents=True)
    assert deadline(tmp_path, "hw", DUE).until is None
    (tmp_path / "extensions.toml").write_text('[hw]\n"ada l." = 2026-12-03T23:59:00+01:00\n', encoding="utf-8")
    found = deadline(tmp_path, "hw", DUE)
    assert found.extension("ada l.", utc(DUE)) == datetime.timedelta(days=2)
    assert found.extension("bob", utc(DUE)) is None
    assert found.extension("ada l.", utc(DUE) + datetime.timedelta(days=9)) == datetime.timedelta(0)


@pytest.mark.parametrize(("text", "says"), [
    ("[hv]\nada = 2026-12-03T23:59:00+01:00", "hv: expected a table for one of hw"),
    ("hw = 3", "hw: expected a table of students"),
    ("[hw]\nada = 3", "hw.ada: expected date, time and offset"),
    ("[hw]\nada = 2026-12-03T23:59:00", "hw.ada: expected date, time and offset"),
    ("[hw]\nada = 2026-11-03T23:59:00+01:00", "hw.ada: expected a time after the assignment is due"),
    ("[hw", "syntax: expected TOML"),
])  # fmt: skip
def test_wrong_extensions_are_named(tmp_path: Path, text: str, says: str) -> None:
    """A misspelt assignment, a number, a time without offset or before the due time: file and entry are named."""
    (tmp_path / "assignments" / "hw").mkdir(parents=True)
    (tmp_path / "extensions.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        deadline(tmp_path, "hw", DUE)
    assert says in str(caught.value)


def test_extensions_are_kept_from_students(tmp_path: Path) -> None:
    """Plain text on top of a course is no secret, but who may hand in later is."""
    tmp_path.chmod(0o755)
    for path in tmp_path.parents:
        if path.stat().st_mode & 0o001 == 0:
            path.chmod(path.stat().st_mode | 0o001)
    (tmp_path / "assignments").mkdir()
    for name in ("README.md", "extensions.toml"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o644)
    assert [Path(one.proof).name for one in exposed([str(tmp_path)], ())] == ["extensions.toml"]
