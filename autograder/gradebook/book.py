"""The course's gradebook: register assignments, begin and record submissions, list scores."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import nbformat
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.utils import compute_checksum
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectin_polymorphic

from autograder import model
from autograder.collect.repair import PLACEHOLDER
from autograder.errors import GradebookError
from autograder.gradebook.cells import notebooks_of, save_assignment, submission_row
from autograder.gradebook.store import Store

# nbgrader's own default, which most of its tools take for granted.
COURSE = "default_course"
NAME_LIMIT = 128
NO_RESPONSE = "No response."


@dataclass(frozen=True)
class ScoreRow:
    """One submission as the gradebook has it. `score` counts manual scores and extra credit where a person
    gave them, without `penalty` for handing in late; `open_cells` are graded cells that wait for a person."""

    student: str
    assignment: str
    score: float
    max_score: float
    penalty: float
    open_cells: int
    flagged: bool
    timestamp: datetime.datetime | None


class CourseGradebook:
    """nbgrader's gradebook of a course. A context manager; threads may share one."""

    def __init__(self, url: str, course: str = COURSE) -> None:
        """Open the database at `url` (see database_url); `course` is nbgrader's name of the course.

        Raises GradebookError when it cannot be opened.
        """
        self._store = Store(url)
        self._course = course

    @property
    def url(self) -> str:
        """Where the gradebook lies, without its password."""
        return self._store.engine.url.render_as_string(hide_password=True)

    def __enter__(self) -> CourseGradebook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def register(self, assignment: str, notebook: Mapping[str, Any], name: str | None = None) -> None:
        """Enter an assignment, or bring it up to date: its cells, points and texts.

        notebook: its source or release (nbformat 4 as dict), `name` its file stem (else the assignment's id).
        Submissions and what people graded are kept. Raises GradebookError when a cell is gone that a person
        has graded. Doing it again changes nothing.
        """
        self._store.write(
            lambda session: save_assignment(session, self._course, assignment, name or assignment, notebook))

    def begin(self, student: str, assignment: str, timestamp: datetime.datetime | None = None) -> None:
        """Before a submission runs: create its rows, and blank what an earlier run left.

        Whatever happens to the run, no old score stands for new work: until `record`, each graded cell has no
        automatic score and asks for a person. timestamp: when it was handed in, UTC without zone; None keeps
        what is there. Raises GradebookError when the assignment is not registered.
        """
        _check_name(student)

        def work(session: Session) -> None:
            submission = _enter(session, student, assignment)
            if timestamp is not None:
                submission.timestamp = timestamp
            for submitted in notebooks_of(session, submission):
                for grade in session.scalars(select(Grade).where(Grade.notebook_id == submitted.id)):
                    grade.auto_score, grade.needs_manual_grade = None, True
                for comment in session.scalars(select(Comment).where(Comment.notebook_id == submitted.id)):
                    comment.auto_comment = None

        self._store.write(work)

    def record(self, grade: model.Grade) -> None:
        """Enter the automatic scores of a whole submission at once.

        What a person entered stays, and is flagged for another look where there is a new automatic score, as
        nbgrader does. Points that nobody could decide ask for a person and are no zero. Raises GradebookError
        when the assignment is not registered, or with other cells or points than the grade has.
        """
        _check_name(grade.student)

        def work(session: Session) -> None:
            submission = _enter(session, grade.student, grade.assignment)
            items = {item.cell: item for item in grade.items}
            for submitted in notebooks_of(session, submission):
                submitted.flagged = bool(submitted.flagged) or grade.flagged
                _save_scores(session, submitted, items)
                _save_comments(session, submitted, grade.notebook)
            if items:
                raise GradebookError(f"The gradebook has no cell {min(items)} of {grade.assignment}; register "
                                     "the assignment again.")

        self._store.write(work)

    def scores(self, assignment: str) -> tuple[ScoreRow, ...]:
        """The submissions of an assignment, by student. Empty when it is not registered."""
        def work(session: Session) -> tuple[ScoreRow, ...]:
            query = (
                select(SubmittedAssignment, SubmittedAssignment.score, SubmittedAssignment.max_score)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .where(Assignment.name == assignment)
                .order_by(SubmittedAssignment.student_id)
            )
            books, waiting = _notebooks_by_submission(session, assignment)
            return tuple(
                ScoreRow(
                    student=row.student_id, assignment=assignment, score=float(score), max_score=float(full),
                    penalty=sum(book.late_submission_penalty or 0.0 for book in books[row.id]),
                    open_cells=waiting.get(row.id, 0), flagged=any(book.flagged for book in books[row.id]),
                    timestamp=row.timestamp)
                for row, score, full in session.execute(query))

        return self._store.read(work)


def _check_name(student: str) -> None:
    plain = student.encode("utf-8", "ignore").decode("utf-8") == student and "\0" not in student
    if not (plain and 0 < len(student) <= NAME_LIMIT):
        raise GradebookError(f"The gradebook cannot hold the student id {student[:40]!r}; it takes 1 to "
                             f"{NAME_LIMIT} characters of text. Rename the folder or file.")


def _enter(session: Session, student: str, assignment: str) -> Any:
    if session.get(Student, student) is None:
        session.add(Student(id=student))
        session.flush()
    return submission_row(session, assignment, student)


def _save_scores(session: Session, submitted: Any, items: dict[str, model.ItemGrade]) -> None:
    """Fill in the grades of one notebook, and take the items that were filled in out of `items`."""
    query = (
        select(Grade, BaseCell).join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Grade.notebook_id == submitted.id).order_by(BaseCell.name)
        .options(selectin_polymorphic(BaseCell, [GradeCell, TaskCell]))
    )
    for row, cell in session.execute(query).all():
        item = items.pop(cell.name, None)
        if item is not None and abs(item.max_score - cell.max_score) > 1e-6:
            raise GradebookError(f"Cell {cell.name} counts {item.max_score:g} points, but {cell.max_score:g} "
                                 "in the gradebook; register the assignment again.")
        row.auto_score = _automatic(item)
        undecided = row.auto_score is None or (item is not None and item.pending > 0)
        row.needs_manual_grade = undecided or row.manual_score is not None


def _automatic(item: model.ItemGrade | None) -> float | None:
    """The score that a machine can answer for; None where it would only be a zero that nobody decided."""
    if item is None or item.kind is model.Kind.MANUAL or item.status == "needs_manual_grade":
        return None
    undecided = item.pending > 0 or item.status == model.Status.COULD_NOT_CHECK.value
    return None if undecided and item.score == 0 else item.score


def _save_comments(session: Session, submitted: Any, notebook: Mapping[str, Any]) -> None:
    answers = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook.get("cells", ())
               if "grade_id" in cell.get("metadata", {}).get("nbgrader", {})}
    query = (
        select(Comment, BaseCell).join(BaseCell, BaseCell.id == Comment.cell_id)
        .where(Comment.notebook_id == submitted.id)
    )
    for comment, cell in session.execute(query).all():
        answer = answers.get(cell.name)
        blank = isinstance(cell, SolutionCell) and answer is not None and _is_blank(answer)
        comment.auto_comment = NO_RESPONSE if blank else None


def _is_blank(cell: Mapping[str, Any]) -> bool:
    """Whether an answer is as it was released, by the checksum that nbgrader put into the release, or gone."""
    checksum = cell["metadata"]["nbgrader"].get("checksum")
    node = nbformat.from_dict(cell)
    return cell["source"].strip() in ("", PLACEHOLDER) or (
        checksum is not None and checksum == compute_checksum(node))


def _notebooks_by_submission(session: Session, assignment: str) -> tuple[dict[str, list[Any]], dict[str, int]]:
    """Submitted notebooks, and the number of grades that wait for a person, both by the submission's id."""
    of_assignment = (
        select(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    books: dict[str, list[Any]] = defaultdict(list)
    for book in session.scalars(of_assignment):
        books[book.assignment_id].append(book)
    counts = (
        of_assignment.with_only_columns(SubmittedNotebook.assignment_id, func.count(Grade.id))
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .where(Grade.needs_manual_grade).group_by(SubmittedNotebook.assignment_id)
    )
    return books, {id: int(count) for id, count in session.execute(counts)}
