"""`new` writes an assignment that works as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from autograder.assignment import load_assignment
from autograder.build import CONFIG, build_assignment, config_fault, new_assignment, new_course
from autograder.errors import AssignmentError
from autograder.judge import in_process, load_checks
from autograder.judge.run import run_check
from autograder.model import Kind, Status
from autograder.reference import namespace_with, reference_namespace

REPOSITORY = Path(__file__).resolve().parents[2]


def verdicts(folder: Path, namespace: dict[str, object]) -> dict[str, Status]:
    return {check.name: run_check(check, in_process(namespace), seed=7).status for check in load_checks(folder)}


def test_a_new_assignment_builds(tmp_path: Path) -> None:
    """Under any id: the id is filled in wherever the template leaves room for it."""
    folder = new_assignment(tmp_path, "warm_up2")
    assert folder == tmp_path / "assignments" / "warm_up2"
    checks: dict[str, dict[str, float]] = {}
    for check in load_checks(folder):
        checks.setdefault(check.item, {})[check.name] = check.points
    files = build_assignment(load_assignment(folder), checks, tmp_path).files
    assert [path.name for path in files] == ["warm_up2.ipynb"] * 3
    text = "".join(path.read_text() for path in folder.rglob("*.*"))
    assert "warm_up2" in text
    assert "ASSIGNMENT_ID" not in text
    assert sorted(path.suffix for path in folder.iterdir()) == ["", "", ".py", ".py", ".toml"]


def test_the_example_shows_every_kind_of_part(course) -> None:
    """A code, a choice and a manual item; where checks grade, two or more, mistakes and alternatives."""
    assignment, checks = course.load(), course.checks()
    assert {item.kind for item in assignment.items} == {Kind.CODE, Kind.CHOICE, Kind.MANUAL}
    assert all(len(checks[item.id]) >= 2 for item in assignment.items if item.kind is not Kind.MANUAL)
    assert {mistake.item for mistake in assignment.mistakes} == set(checks)
    assert {alternative.item for alternative in assignment.alternatives} == set(checks)


def test_its_reference_and_alternatives_pass_its_checks(course) -> None:
    """The example is right by its own checks, also in its unusual forms."""
    assignment = course.load()
    spaces = [reference_namespace(assignment)]
    spaces += [namespace_with(assignment, other.cell, other.code) for other in assignment.alternatives]
    for space in spaces:
        assert set(verdicts(course.folder, space).values()) == {Status.PASSED}


def test_its_mistakes_fail_the_checks_that_they_name(course) -> None:
    """Each mistake of the example is caught where its header says."""
    assignment = course.load()
    for mistake in assignment.mistakes:
        found = verdicts(course.folder, namespace_with(assignment, mistake.cell, mistake.code))
        assert {found[name] for name in mistake.caught_by} == {Status.FAILED}, mistake.name


def test_nothing_is_overwritten(course) -> None:
    """An existing folder stays as it is, to the byte."""
    before = {path: path.read_bytes() for path in course.folder.rglob("*.*")}
    with pytest.raises(AssignmentError, match="exists and stays as it is"):
        new_assignment(course.root, "demo")
    assert {path: path.read_bytes() for path in course.folder.rglob("*.*")} == before
    assert [path.name for path in course.folder.parent.iterdir()] == ["demo"]


@pytest.mark.parametrize("id", ["", "Demo", "1st", "a-b", "a.b", "../a", "a/b", "a\n", "x" * 41])
def test_what_is_no_id_makes_no_folder(tmp_path: Path, id: str) -> None:
    """Only short lower-case identifiers are ids; anything else is refused before a folder is made."""
    with pytest.raises(AssignmentError, match="expected a match"):
        new_assignment(tmp_path, id)
    assert list(tmp_path.iterdir()) == []


def files_in(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_new_course_is_configured(tmp_path: Path) -> None:
    """It gets nbgrader's settings, the very file that this repository uses, what git leaves out, CI and a page."""
    root = tmp_path / "deep" / "course"
    files = new_course(root)
    assert (set(files.written), files.kept) == ({CONFIG, ".gitignore", ".github/workflows/course.yml", "README.md"}, ())
    assert (root / CONFIG).read_bytes() == (REPOSITORY / CONFIG).read_bytes()
    assert config_fault(root) == ""
    ignored = (root / ".gitignore").read_text().split()
    for name in ("reports", "submitted", "autograded", "feedback", "downloaded", "demo"):
        assert f"/{name}/" in ignored
    assert {"/gradebook.db*", "/grades.csv"} <= set(ignored)
    steps = yaml.safe_load((root / ".github" / "workflows" / "course.yml").read_text())["jobs"]["course"]["steps"]
    assert {"seq2grade build --check", "seq2grade audit"} <= {step.get("run") for step in steps}


@pytest.mark.parametrize("there", [CONFIG, ".gitignore", ".github/workflows/course.yml", "README.md"])
def test_of_a_course_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    """What is there, be it a file, a folder or a link to nowhere, stays and is named; the rest is written."""
    for number, make in enumerate((lambda p: p.write_text("mine"), Path.mkdir, lambda p: p.symlink_to("nowhere"))):
        place = tmp_path / str(number) / there
        place.parent.mkdir(parents=True)
        make(place)
        before = place.lstat()
        files = new_course(tmp_path / str(number))
        assert (files.kept, len(files.written)) == ((there,), 3)
        assert place.lstat() == before
    assert (tmp_path / "0" / there).read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("taken", [".", ".github", ".github/workflows", "assignments"])
def test_a_place_that_takes_no_files_is_named(tmp_path: Path, taken: str) -> None:
    """A file where a folder has to be stays, and the error names it."""
    place = tmp_path / "course" / taken
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine")
    with pytest.raises(AssignmentError, match=r"expected a folder to write in; .*course"):
        (new_assignment(tmp_path / "course", "x") if taken == "assignments" else new_course(tmp_path / "course"))
    assert place.read_text() == "mine"


def test_a_course_without_our_settings_is_told(tmp_path: Path) -> None:
    """No configuration, and one that is only nbgrader's: each has a sentence that says what to do."""
    assert "has no nbgrader_config.py" in config_fault(tmp_path)
    assert f"seq2grade new --course {tmp_path}" in config_fault(tmp_path)
    (tmp_path / CONFIG).write_text("c = get_config()\nc.CourseDirectory.course_id = 'dl'\n")
    assert "configure()" in config_fault(tmp_path)
