"""Claims about finding submissions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.collect import find_submissions
from autograder.errors import CollectError
from autograder.model import Submission
from tests.collect.sample import release, save

KNOWN = ("hw1", "hw2")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Four students: bob chose another file name, carol handed in no notebook, dan an empty folder."""
    notebooks = [("ann", "hw1", "hw1"), ("ann", "hw2", "hw2"), ("bob", "hw1", "my work")]
    for student, assignment, name in notebooks:
        save(tmp_path / "submitted" / student / assignment / f"{name}.ipynb", release())
    save(tmp_path / "submitted" / "carol" / "hw1" / "notes.txt", "nothing")
    (tmp_path / "submitted" / "dan").mkdir()
    save(tmp_path / "submitted" / "ann" / "elsewhere" / "x.ipynb", release())
    save(tmp_path / "submitted" / "ann" / "hw1" / ".ipynb_checkpoints" / "hw1-checkpoint.ipynb", release())
    save(tmp_path / "submitted" / "README", "not a student")
    return tmp_path


def found(
    path: Path,
    assignment_id: str | None = None,
    root: Path | None = None,
) -> list[tuple[str, str, str]]:
    return [
        (one.student, one.assignment, os.path.relpath(one.path, root or path))
        for one in find_submissions(path, assignment_id, KNOWN)
    ]


HW1 = [
    ("ann", "hw1", "ann/hw1/hw1.ipynb"),
    ("bob", "hw1", "bob/hw1/my work.ipynb"),
    ("carol", "hw1", "carol/hw1/hw1.ipynb"),
    ("dan", "hw1", "dan/hw1.ipynb"),
]


@pytest.mark.parametrize("below", ["", "submitted"])
def test_course(course: Path, below: str) -> None:
    """A course and its submitted folder hold the same: one submission for every student."""
    assert found(course / below, "hw1", course / "submitted") == HW1


def test_all_assignments(course: Path) -> None:
    """Without a selection every known assignment counts; an empty folder is told, of whatever assignment it is."""
    assert found(course / "submitted") == [HW1[0], ("ann", "hw2", "ann/hw2/hw2.ipynb"), *HW1[1:3], ("dan", "", "dan")]


def test_other_assignment(course: Path) -> None:
    """Who handed in another assignment only gets no result for this one; who handed in nothing does."""
    assert found(course / "submitted", "hw2") == [("ann", "hw2", "ann/hw2/hw2.ipynb"), ("dan", "hw2", "dan/hw2.ipynb")]


def test_one_student(course: Path) -> None:
    """One student's folder gives that student's submissions."""
    assert found(course / "submitted" / "ann", None, course / "submitted") == [
        ("ann", "hw1", "ann/hw1/hw1.ipynb"),
        ("ann", "hw2", "ann/hw2/hw2.ipynb"),
    ]


@pytest.mark.parametrize("place", ["bob/hw1", "bob/hw1/my work.ipynb"])
def test_one_submission(course: Path, place: str) -> None:
    """An assignment folder, and the notebook in it, give that one submission."""
    assert found(course / "submitted" / place, None, course / "submitted") == [HW1[1]]


def test_assignment_folder_elsewhere(tmp_path: Path) -> None:
    """An assignment folder is recognised outside a course by the notebook in it."""
    path = save(tmp_path / "eve" / "hw1" / "hw1.ipynb", release())
    assert find_submissions(path.parent, None, KNOWN) == (Submission("eve", "hw1", path),)


def test_renamed_submitted_folder(course: Path) -> None:
    """A folder of students is recognised whatever it is called, by the assignments in it."""
    (course / "submitted").rename(course / "spring")
    assert found(course / "spring", "hw1") == HW1


def test_too_high(tmp_path: Path) -> None:
    """A notebook handed in one folder too high is found."""
    path = save(tmp_path / "submitted" / "eve" / "hw1.ipynb", release())
    assert find_submissions(tmp_path, None, KNOWN) == (Submission("eve", "hw1", path),)


def test_several_notebooks(tmp_path: Path) -> None:
    """Of several notebooks the one with the assignment's name counts; without it none is guessed."""
    folder = tmp_path / "submitted" / "eve" / "hw1"
    for name in ("a", "b"):
        save(folder / f"{name}.ipynb", release())
    assert find_submissions(tmp_path, "hw1", KNOWN)[0].path == folder / "hw1.ipynb"
    assert not (folder / "hw1.ipynb").exists()


@pytest.mark.parametrize("folder", ["downloads", "hw1"])
def test_flat(tmp_path: Path, folder: str) -> None:
    """In a flat folder the file stem is the student, and the notebook tells its assignment; a hidden one is told."""
    names = ["zoë", "a b", "x'; DROP TABLE students;--", "..."]
    for name in names:
        save(tmp_path / folder / f"{name}.ipynb", release())
    result = find_submissions(tmp_path / folder, None, KNOWN)
    assert {one.student for one in result} == set(names)
    assert [one.student for one in result if one.problem] == ["..."]
    assert {one.assignment for one in result if not one.problem} == {"hw1"}


def test_selection_beats_metadata(tmp_path: Path) -> None:
    """What the instructor asks for holds, whatever the notebook says about itself."""
    path = save(tmp_path / "ann.ipynb", release())
    assert find_submissions(path, "hw2", KNOWN)[0].assignment == "hw2"
    assert find_submissions(path, None, KNOWN)[0].assignment == "hw1"


@pytest.mark.parametrize("notebook", ["{", "{}", '{"nbformat": 4, "cells": [{}], "metadata": {"seq2grade": 3}}'])
def test_unreadable_tells_nothing(tmp_path: Path, notebook: str) -> None:
    """An unreadable notebook is still a submission; its file name may tell the assignment."""
    save(tmp_path / "ann.ipynb", notebook)
    save(tmp_path / "hw2.ipynb", notebook)
    assert found(tmp_path) == [("ann", "", "ann.ipynb"), ("hw2", "hw2", "hw2.ipynb")]


def test_undecodable_name(tmp_path: Path) -> None:
    """A student folder whose name is not UTF-8 is found, under a name that can be stored."""
    name = os.fsdecode(b"caf\xe9")
    save(tmp_path / "submitted" / name / "hw1" / "hw1.ipynb", release())
    (one,) = find_submissions(tmp_path, "hw1", KNOWN)
    assert one.student == "caf\\xe9"
    assert one.path.exists()


@pytest.mark.parametrize("place", ["absent", "empty", "other"])
def test_nothing_there(tmp_path: Path, place: str) -> None:
    """A path without submissions is an error that says what is expected."""
    (tmp_path / "empty").mkdir()
    save(tmp_path / "other" / "file.txt", "x")
    with pytest.raises(CollectError, match=r"expected notebooks|does not exist"):
        find_submissions(tmp_path / place, None, KNOWN)
