"""What a person gave is part of the grade: it flows into results, and grading again neither loses nor changes it."""

from __future__ import annotations

import copy
import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.assignment import Assignment, load_assignment
from autograder.build import new_assignment
from autograder.gradebook import CourseGradebook
from autograder.gradebook.kept import KEPT, all_kept, read_kept, write_kept
from autograder.gradebook.late import Lateness
from autograder.gradebook.standing import Marked, Standing, same_work, with_standing
from autograder.model import Grade, ItemGrade, Kind
from tests.gradebook.sample import grade, rows, set_manual
from tests.gradebook.test_autograded import CHECKED


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return load_assignment(new_assignment(tmp_path_factory.mktemp("course"), "tiny"))


def made(**more: Any) -> Grade:
    """A grade of that assignment: one item by checks, not decided, and one for a person."""
    items = (
        ItemGrade("hot-limit", "Hot", Kind.CODE, "test-hot-limit", 0.0, 2.0, "could_not_check", 2.0),
        ItemGrade("shift-proof", "Shift", Kind.MANUAL, "shift-proof", 0.0, 3.0, "needs_manual_grade", 3.0),
    )
    return replace(Grade("ann", "tiny", "0" * 64, 0.0, 2.0, items, 3.0, pending=2.0), **more)


def test_a_persons_points_and_words_are_in_the_grade(assignment: Assignment) -> None:
    """Points, extra credit and comments are filled in, what a person decided is open no more, and the reference answer
    comes with the points, never before."""
    cells = {
        "test-hot-limit": Marked(1.5),
        "hot-limit": Marked(comment="Right in the end."),
        "shift-proof": Marked(2.0, 0.5, "Why?"),
    }
    code, proof = (whole := with_standing(made(), Standing(cells), assignment)).items
    assert (code.person, code.score, code.pending, code.comment) == (1.5, 0.0, 0.0, "Right in the end.")
    assert (proof.person, proof.extra, proof.comment) == (2.0, 0.5, "Why?")
    assert (proof.status, proof.pending, whole.pending, whole.flagged) == ("partial", 0.0, 0.0, False)
    assert proof.rubric.startswith("- **")
    assert "cancels" in proof.reference
    assert "SOLUTION" not in proof.reference
    waiting = with_standing(made(), Standing(), assignment).items[1]
    assert (waiting.person, waiting.status, waiting.pending, waiting.reference) == (None, "needs_manual_grade", 3.0, "")
    assert waiting.rubric == proof.rubric


@pytest.mark.parametrize(("points", "status"), [(3.0, "passed"), (0.0, "failed"), (1.0, "partial")])
def test_a_persons_verdict(assignment: Assignment, points: float, status: str) -> None:
    """All, none and some of the points; where the answer changed since, the points stay and somebody should look."""
    for waits in (False, True):
        found = with_standing(made(), Standing({"shift-proof": Marked(points, waits=waits)}), assignment)
        assert (found.items[1].person, found.flagged) == (points, waits)
        assert found.items[1].status == ("needs_manual_grade" if waits else status)


def test_lateness_is_in_the_grade(assignment: Assignment) -> None:
    """The penalty, and the sentence that says why; the score of the checks is what it was."""
    late = Lateness(datetime.datetime(2030, 1, 2), 3600.0, 0.5)
    whole = made()
    right = replace(whole.items[0], score=2.0, status="passed", pending=0.0)
    found = with_standing(whole.with_items([right, whole.items[1]]), Standing(late=late), assignment)
    assert (found.score, found.penalty) == (2.0, 0.5)
    assert found.late.startswith("Handed in 1 hour after")


def test_a_blank_answer_needs_nobody(assignment: Assignment, book: CourseGradebook, url: str) -> None:
    """An answer that nobody wrote is 0 without a click, and not started; one that somebody wrote waits for a person."""
    found = with_standing(made(unanswered=frozenset({"shift-proof"})), Standing(), assignment)
    assert (found.items[1].status, found.items[1].pending) == ("not_started", 0.0)
    book.record(grade("ann", unanswered=frozenset({"proof"})))
    assert rows(url, "ann")["proof"] == (0.0, None, False)
    book.record(grade("ann"))
    assert rows(url, "ann")["proof"] == (None, None, True)


def changed(before: Grade, name: str, source: str) -> Grade:
    """The same grade of a notebook in which one answer is another."""
    notebook = copy.deepcopy(before.notebook)
    next(cell for cell in notebook["cells"] if cell["id"] == name)["source"] = source
    return replace(before, notebook=notebook, digest="1" * 64)


def test_same_work() -> None:
    """All of the same file with the same points; of another file the written answers that are the same in it."""
    before = grade("ann")
    every = {"test-f", "test-g", "proof"}
    assert same_work(before, grade("ann")) == every
    assert same_work(before, grade("ann", f=0.0)) == every - {"test-f"}
    assert same_work(before, changed(before, "g", "g = max")) == {"proof"}
    assert same_work(before, changed(before, "proof", "Because not.")) == set()
    assert same_work(None, before) == set()
    assert same_work(replace(before, digest=""), replace(before, digest="")) == {"proof"}


def test_grading_again_keeps_what_a_person_decided(book: CourseGradebook, url: str) -> None:
    """Of unchanged work the points stay and ask for nobody; once it has changed they stay and somebody should look,
    until somebody does."""
    before = grade("ann", f=0.0)
    book.record(before)
    set_manual(url, "ann", "test-f", 3.0)
    set_manual(url, "ann", "proof", 2.0)
    for now, waits in ((before, False), (changed(before, "proof", "Or not."), True)):
        settled = book.begin("ann", "hw1")
        assert settled == {"test-f", "proof"}
        assert all(row[2] for row in rows(url, "ann").values())
        book.record(now, settled & same_work(before, now))
        assert rows(url, "ann") == {
            "test-f": (0.0, 3.0, waits),
            "test-g": (2.0, None, False),
            "proof": (None, 2.0, waits),
        }
    assert book.begin("ann", "hw1") == frozenset()
    book.record(before, frozenset())
    assert rows(url, "ann")["proof"] == (None, 2.0, True)


def test_standing(book: CourseGradebook, url: str) -> None:
    """Whatever people left in formgrader is found: points, extra credit without points, comments; automatic remarks are
    none of theirs."""
    book.record(grade("ann", unanswered=frozenset({"proof"})))
    with Gradebook(url) as api:
        api.find_grade("test-f", "hw1", "hw1", "ann").extra_credit = 1.0
        api.find_comment("f", "hw1", "hw1", "ann").manual_comment = "Neat."
        api.db.commit()
    cells = book.standing("hw1")["ann"].cells
    assert cells["test-f"] == Marked(None, 1.0)
    assert cells["f"] == Marked(comment="Neat.")
    assert cells["proof"].comment == ""
    assert book.standing("hw1", "bob") == {}


def test_a_grade_is_kept(tmp_path: Path) -> None:
    """What was kept comes back as it was, with the answers; whatever a student wrote, and however the file was hurt,
    nothing breaks."""
    given = grade("ann", items=(CHECKED, *grade("ann").items[1:]), unanswered=frozenset({"g"}), error="odd \ud800 text")
    write_kept(tmp_path, given)
    found = read_kept(tmp_path, "hw1", "ann")
    assert found is not None
    assert replace(found, notebook={}, error="") == replace(given, notebook={}, error="")
    assert [cell["id"] for cell in found.notebook["cells"]] == ["f", "g", "proof"]
    assert same_work(found, given) == {"test-f", "test-g", "proof"}
    assert [one.student for one in all_kept(tmp_path, "hw1")] == ["ann"]
    path = tmp_path / KEPT / "hw1" / "ann.json"
    assert (path.stat().st_mode | path.parents[1].stat().st_mode) & 0o077 == 0
    assert (tmp_path / KEPT / ".gitignore").read_text() == "*\n"
    for text in ("{", "[]", json.dumps({"student": 3}), "\udcff"):
        path.unlink()
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        assert read_kept(tmp_path, "hw1", "ann") is None
    assert all_kept(tmp_path, "hw1") == ()
    assert read_kept(tmp_path, "..", "ann") is None
