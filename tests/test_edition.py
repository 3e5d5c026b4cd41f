"""Grades follow the files: whoever has a course open grades by what lies there now, and by one edition at a time."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from autograder import pipeline
from autograder.course import Course, Prepared, Spec
from autograder.edition import digest, stamp
from autograder.errors import AssignmentError
from autograder.model import Grade, Submission

if TYPE_CHECKING:
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses"]


def test_a_rebuilt_assignment_is_judged_anew(grader: Grader) -> None:
    """A course that stays open, as formgrader's does, grades by the checks of the new files, with the judges it has;
    the grade says by which edition."""
    demo = grader.demo
    first = grader.grade(demo.solved("chain"), "chain")
    assert first.edition == digest(demo.root, "chain")
    demo.edit("checks.py", "x**2, what", "x**2 + 1, what", "chain")
    second = grader.grade(demo.solved("chain"), "chain")
    assert second.edition == digest(demo.root, "chain") != first.edition
    assert (first.score, second.score) == (6.0, 4.0)
    demo.edit("checks.py", "x**2 + 1, what", "x**2, what", "chain")
    third = grader.grade(demo.solved("chain"), "chain")
    assert (third.score, third.edition) == (6.0, first.edition)


def test_only_content_counts(grader: Grader) -> None:
    """Files that were touched, caches and hidden files make no new edition; a release or a model that changed does."""
    course, root = grader.course, grader.demo.root
    first = course.prepare("demo")
    folder = root / "assignments" / "demo"
    os.utime(folder / "checks.py", (1, 1))
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / ".swap").write_text("x")
    assert course.prepare("demo") is first
    (folder / "handin").mkdir()
    (folder / "handin" / "model.bin").write_bytes(b"x")
    second = course.prepare("demo")
    assert second.digest not in ("", first.digest)
    release = root / "release" / "demo" / "demo.ipynb"
    release.write_text(release.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert course.prepare("demo").digest not in (first.digest, second.digest)


def test_what_is_gone_or_broken(grader: Grader) -> None:
    """In the moment in which files are missing the assignment is what it was; one that does not load is said, and is
    right again once it is mended."""
    course, root = grader.course, grader.demo.root
    first = course.prepare("chain")
    path = root / "assignments" / "chain" / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    path.rename(path.with_suffix(".away"))
    (root / "release" / "chain" / "chain.ipynb").rename(root / "away.ipynb")
    assert stamp(root, "chain") is None
    assert course.prepare("chain") is first
    (root / "away.ipynb").rename(root / "release" / "chain" / "chain.ipynb")
    path.with_suffix(".away").rename(path)
    path.write_text("title = ", encoding="utf-8")
    with pytest.raises(AssignmentError, match="syntax"):
        course.prepare("chain")
    path.write_text(text, encoding="utf-8")
    assert course.prepare("chain").digest == first.digest


def test_what_is_adopted_stays(grader: Grader) -> None:
    """A build tries what is not written yet: that is no older edition of the files."""
    course = grader.course
    tried = replace(course.prepare("demo"), release={"cells": []})
    course.adopt(tried)
    grader.demo.edit("assignment.toml", 'title = "', 'title = "New: ')
    assert course.prepare("demo") is tried


@pytest.mark.parametrize("times", [1, 9])
def test_a_grade_is_of_one_edition(demo: Demo, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """What was judged while the assignment was built anew is thrown away and judged again; where that never ends the
    points stay open."""
    seen: list[str] = []

    def graded(course: Course, prepared: Prepared, submission: Submission, *rest: object) -> Grade:
        seen.append(prepared.digest)
        if len(seen) <= times:
            demo.edit("assignment.toml", 'title = "', 'title = "New: ', "chain")
        return Grade(submission.student, submission.assignment, "", 1.0, 1.0, (), edition=prepared.digest)

    monkeypatch.setattr(pipeline, "_graded", graded)
    with Course.open(Spec(demo.root, "none")) as course:
        grade = pipeline.grade_submission(course, demo.hand_in("ada", demo.solved("chain"), "chain"))
    if times == 1:
        assert (grade.edition, len(seen)) == (digest(demo.root, "chain"), 2)
    else:
        assert (grade.score, grade.flagged, "again and again" in grade.sandbox) == (0.0, True, True)
        assert grade.pending > 0
