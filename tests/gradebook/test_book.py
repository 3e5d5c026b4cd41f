"""Claims about the gradebook: whole transactions, no stale score, no lost work."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.errors import GradebookError
from autograder.gradebook import CourseGradebook, ScoreRow
from autograder.model import Grade, ItemGrade
from tests.gradebook.sample import PROOF, cell, grade, item, release, rows, set_manual


def test_nbgrader_reads_it(book: CourseGradebook, url: str) -> None:
    """nbgrader's own API finds the assignment with its cells and points."""
    with Gradebook(url) as api:
        assignment = api.find_assignment("hw1")
        (notebook,) = assignment.notebooks
        assert notebook.name == "hw1"
        assert assignment.max_score == 9.0
        assert {one.name: (one.max_score, one.cell_type) for one in notebook.grade_cells} == {
            "test-f": (4.0, "code"),
            "test-g": (2.0, "code"),
            "proof": (3.0, "markdown"),
        }
        assert {one.name for one in notebook.solution_cells} == {"f", "g", "proof"}
        assert {one.name: one.locked for one in notebook.source_cells} == {
            "f": False,
            "test-f": True,
            "g": False,
            "test-g": True,
            "proof": False,
        }


def test_record(book: CourseGradebook, url: str) -> None:
    """Automatic scores stand as they are; what a person grades waits for a person."""
    book.begin("ann", "hw1")
    book.record(grade("ann", f=1.5))
    assert rows(url, "ann") == {"test-f": (1.5, None, False), "test-g": (2.0, None, False), "proof": (None, None, True)}
    assert book.scores("hw1") == (ScoreRow("ann", "hw1", 3.5, 9.0, 0.0, 1, False, None),)


def test_record_without_begin(book: CourseGradebook, url: str) -> None:
    """A grade can be recorded for a student whom the gradebook has never met."""
    book.record(grade("zoë O'Brien; DROP TABLE grade"))
    assert rows(url, "zoë O'Brien; DROP TABLE grade")["test-f"] == (4.0, None, False)


def test_begin_blanks(book: CourseGradebook, url: str) -> None:
    """From the beginning of a new run no old score stands, so that a run that dies leaves none."""
    book.record(grade("ann"))
    book.begin("ann", "hw1")
    assert all(row == (None, None, True) for row in rows(url, "ann").values())
    assert book.scores("hw1")[0].score == 0.0


def test_begin_keeps_what_people_did(book: CourseGradebook, url: str) -> None:
    """Manual scores survive a new run, and ask for another look next to a new automatic score."""
    book.record(grade("ann", f=0.0))
    set_manual(url, "ann", "test-f", 3.0)
    set_manual(url, "ann", "proof", 2.0)
    book.begin("ann", "hw1")
    book.record(grade("ann", f=1.0))
    assert rows(url, "ann") == {"test-f": (1.0, 3.0, True), "test-g": (2.0, None, False), "proof": (None, 2.0, True)}
    assert book.scores("hw1")[0].score == 7.0


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (item("test-f", "could_not_check", 0.0, 4.0, pending=4.0), (None, None, True)),
        (item("test-f", "could_not_check", 0.0, 4.0), (None, None, True)),
        (item("test-f", "partial", 1.0, 4.0, pending=3.0), (1.0, None, True)),
        (item("test-f", "failed", 0.0, 4.0), (0.0, None, False)),
        (item("test-f", "partial", 2.5, 4.0), (2.5, None, False)),
    ],
)
def test_undecided(book: CourseGradebook, url: str, given: ItemGrade, stored: tuple[Any, ...]) -> None:
    """Points that nobody could decide wait for a person; they are never a zero that looks decided."""
    book.record(replace(grade("ann"), items=(given, item("test-g", "passed", 2.0, 2.0), PROOF)))
    assert rows(url, "ann")["test-f"] == stored


def test_nothing_graded(book: CourseGradebook, url: str) -> None:
    """A grade without items leaves everything undecided and flags the submission."""
    book.record(grade("ann"))
    book.record(Grade("ann", "hw1", "", 0.0, 6.0, (), error="lost", flagged=True))
    assert all(row == (None, None, True) for row in rows(url, "ann").values())
    assert book.scores("hw1")[0].flagged


@pytest.mark.parametrize(("unanswered", "comment"), [({"proof"}, "No response."), (set(), None)])
def test_no_response(book: CourseGradebook, url: str, unanswered: set[str], comment: str | None) -> None:
    """An answer that nobody gave is commented on, as nbgrader does; one given in a cell of the student's own is not,
    though its answer cell is as it was released."""
    given = replace(grade("ann"), unanswered=frozenset(unanswered))
    given.notebook["cells"][-1]["source"] = "YOUR ANSWER HERE"
    book.record(given)
    with Gradebook(url) as api:
        assert api.find_comment("proof", "hw1", "hw1", "ann").auto_comment == comment
        assert api.find_comment("f", "hw1", "hw1", "ann").auto_comment is None


def test_register_again(book: CourseGradebook, url: str) -> None:
    """Registering the same again changes nothing, and new points change the maximum without losing work."""
    book.record(grade("ann"))
    set_manual(url, "ann", "proof", 1.0)
    before = rows(url, "ann")
    book.register("hw1", release())
    assert rows(url, "ann") == before
    changed = release()
    changed["cells"][2]["metadata"]["nbgrader"]["points"] = 8
    book.register("hw1", changed)
    assert rows(url, "ann") == before
    assert book.scores("hw1")[0].max_score == 13.0


def test_register_new_cells(book: CourseGradebook, url: str) -> None:
    """A cell that is added later gets a grade in each submission; one that is dropped takes its grade along."""
    book.record(grade("ann"))
    changed = release()
    changed["cells"][3:5] = [
        cell("code", "test-h", "assert h", grade=True, locked=True, points=1),
        cell("markdown", "task", "Draw.", task=True, locked=True, points=5),
    ]
    book.register("hw1", changed)
    assert rows(url, "ann") == {
        "test-f": (4.0, None, False),
        "proof": (None, None, True),
        "test-h": (None, None, True),
        "task": (None, None, True),
    }
    assert book.scores("hw1")[0].max_score == 13.0


def test_register_refuses_to_lose_work(book: CourseGradebook, url: str) -> None:
    """A cell that somebody graded by hand cannot be dropped; then nothing is changed at all."""
    book.record(grade("ann"))
    set_manual(url, "ann", "test-g", 1.0)
    before = rows(url, "ann")
    changed = release()
    del changed["cells"][3:5]
    changed["cells"][2]["metadata"]["nbgrader"]["points"] = 8
    with pytest.raises(GradebookError, match=r"test-g .*by hand"):
        book.register("hw1", changed)
    assert rows(url, "ann") == before
    assert book.scores("hw1")[0].max_score == 9.0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (replace(grade("ann"), items=(item("test-x", "passed", 1.0, 1.0),)), "no cell test-x"),
        (replace(grade("ann"), items=(item("test-f", "passed", 5.0, 5.0),)), "5 points, but 4"),
        (replace(grade("ann"), assignment="hw2"), "does not know the assignment hw2"),
        (grade(""), "student id"),
        (grade("x" * 129), "student id"),
        (grade("caf\udce9"), "student id"),
    ],
)
def test_record_refuses(book: CourseGradebook, url: str, given: Grade, says: str) -> None:
    """A grade that does not fit is refused as a whole, with what to do about it."""
    book.begin("ann", "hw1")
    with pytest.raises(GradebookError, match=says):
        book.record(given)
    assert all(row == (None, None, True) for row in rows(url, "ann").values())


def test_scores(book: CourseGradebook, url: str) -> None:
    """Scores come by student, with manual points, extra credit and the penalty for being late."""
    late = datetime.datetime(2030, 1, 2, 3, 4)
    for name in ("zed", "bob", "ann"):
        book.begin(name, "hw1", late if name == "bob" else None)
        book.record(grade(name))
    set_manual(url, "bob", "proof", 2.0)
    with Gradebook(url) as api:
        api.find_grade("test-f", "hw1", "hw1", "bob").extra_credit = 0.5
        api.find_submission_notebook("hw1", "hw1", "bob").late_submission_penalty = 1.5
        api.db.commit()
    assert book.scores("hw1") == (
        ScoreRow("ann", "hw1", 6.0, 9.0, 0.0, 1, False, None),
        ScoreRow("bob", "hw1", 8.5, 9.0, 1.5, 0, False, late),
        ScoreRow("zed", "hw1", 6.0, 9.0, 0.0, 1, False, None),
    )
    assert book.scores("hw2") == ()


def test_two_assignments(book: CourseGradebook, url: str) -> None:
    """Scores of one assignment do not touch those of another with the same cells."""
    book.register("hw2", release())
    book.record(grade("ann"))
    book.begin("ann", "hw2")
    assert rows(url, "ann")["test-f"] == (4.0, None, False)
    assert [row.score for row in book.scores("hw2")] == [0.0]


def test_crash_in_between(book: CourseGradebook, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When recording fails half-way, nothing of it is stored."""
    book.begin("ann", "hw1")

    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("autograder.gradebook.book._save_comments", fail)
    with pytest.raises(RuntimeError):
        book.record(grade("ann"))
    assert all(row == (None, None, True) for row in rows(url, "ann").values())
