"""The course's gradebook: register assignments, begin and record submissions, list scores."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

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
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectin_polymorphic

from autograder import model
from autograder.deadlines import Deadline, utc
from autograder.errors import GradebookError
from autograder.gradebook.autograded import NAME_LIMIT
from autograder.gradebook.cells import notebooks_of, save_assignment, submission_row
from autograder.gradebook.late import Lateness, LatePolicy
from autograder.gradebook.standing import Marked, Standing
from autograder.gradebook.store import Store

# nbgrader's own default, which most of its tools take for granted.
COURSE = "default_course"
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

    def __init__(self, url: str, course: str = COURSE, policy: LatePolicy | None = None) -> None:
        """Open the database at `url` (see database_url); `course` is nbgrader's name of the course, `policy` says
        what handing in late costs (None: nothing).

        Raises GradebookError when it cannot be opened.
        """
        self._store = Store(url)
        self._course = course
        self._policy = policy
        self._deadlines: dict[str, Deadline] = {}

    @property
    def url(self) -> str:
        """Where the gradebook lies, without its password."""
        return self._store.engine.url.render_as_string(hide_password=True)

    @property
    def patience(self) -> float:
        """Seconds that a busy database is waited for."""
        return self._store.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self._store.patience = seconds

    def __enter__(self) -> CourseGradebook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def register(
        self, assignment: str, notebook: Mapping[str, Any], name: str | None = None, deadline: Deadline | None = None
    ) -> None:
        """Enter an assignment, or bring it up to date: its cells, points and texts, and when it is due.

        notebook: its source or release (nbformat 4 as dict), `name` its file stem (else the assignment's id).
        A `deadline` that names no time leaves the one that is there. Submissions and what people graded are kept.
        Raises GradebookError when a cell is gone that a person has graded. Doing it again changes nothing.
        """
        self.remember(assignment, deadline)

        def work(session: Session) -> None:
            row = save_assignment(session, self._course, assignment, name or assignment, notebook)
            if deadline is not None and deadline.due is not None:
                row.duedate = utc(deadline.due)

        self._store.write(work)

    def remember(self, assignment: str, deadline: Deadline | None) -> None:
        """Let what is recorded from now on be held against this deadline; nothing is written yet."""
        self._deadlines[assignment] = deadline or Deadline()

    def begin(self, student: str, assignment: str, timestamp: datetime.datetime | None = None) -> frozenset[str]:
        """Before a submission runs: create its rows, and blank what an earlier run left.

        Whatever happens to the run, no old score stands for new work: until `record`, each graded cell has no
        automatic score and asks for a person. timestamp: when it was handed in, UTC without zone; None: nobody
        knows. Returns the cells that a person had given points, and that asked for nobody. Raises GradebookError
        when the assignment is not registered.
        """
        _check_name(student)

        def work(session: Session) -> frozenset[str]:
            submission = _enter(session, student, assignment)
            submission.timestamp = timestamp
            settled = set()
            for submitted in notebooks_of(session, submission):
                submitted.late_submission_penalty = None
                rows = select(Grade, BaseCell.name).join(BaseCell, BaseCell.id == Grade.cell_id)
                for grade, name in session.execute(rows.where(Grade.notebook_id == submitted.id)).all():
                    if grade.manual_score is not None and not grade.needs_manual_grade:
                        settled.add(name)
                    grade.auto_score, grade.needs_manual_grade = None, True
                for comment in session.scalars(select(Comment).where(Comment.notebook_id == submitted.id)):
                    comment.auto_comment = None
            return frozenset(settled)

        return self._store.write(work)

    def record(self, grade: model.Grade, settled: Collection[str] = ()) -> None:
        """Enter the automatic scores of a whole submission at once, and what handing it in late costs.

        What a person entered stays, and is flagged for another look, as nbgrader does, except in the cells of
        `settled`, where it is known to be about this very work. Points that nobody could decide ask for a person
        and are no zero. Raises GradebookError when the assignment is not registered, or with other cells or points
        than the grade has.
        """
        _check_name(grade.student)

        def work(session: Session) -> None:
            submission = _enter(session, grade.student, grade.assignment)
            items = {item.cell: item for item in grade.items}
            for submitted in notebooks_of(session, submission):
                submitted.flagged = bool(submitted.flagged) or grade.flagged
                _save_scores(session, submitted, items, grade.unanswered, settled)
                _save_comments(session, submitted, grade.unanswered)
            if items:
                raise GradebookError(
                    f"The gradebook has no cell {min(items)} of {grade.assignment}; register the assignment again."
                )
            self._settle(session, submission, grade.assignment)

        self._store.write(work)

    def late_faults(self) -> dict[str, str]:
        """Student -> why the policy could not say what handing in late costs."""
        return dict(self._policy.faults) if self._policy is not None else {}

    def settle(self, assignment: str, student: str | None = None) -> None:
        """Work out anew what handing in late costs, for each submission of an assignment, or that of one student."""

        def work(session: Session) -> None:
            for submission in _submissions(session, assignment, student):
                self._settle(session, submission, assignment)

        self._store.write(work)

    def _settle(self, session: Session, submission: Any, assignment: str) -> None:
        deadline = self._deadlines.get(assignment, Deadline())
        due = utc(deadline.due) if deadline.due is not None else submission.assignment.duedate
        if deadline.until is not None:
            submission.extension = deadline.extension(submission.student_id, due) if due is not None else None
        session.flush()
        late = _seconds_late(submission, due)
        for submitted in notebooks_of(session, submission):
            query = select(SubmittedNotebook.score).where(SubmittedNotebook.id == submitted.id)
            score = float(session.scalar(query) or 0.0)
            submitted.late_submission_penalty = (
                self._policy.penalty(submission.student_id, score, late) if self._policy is not None else None
            )

    def standing(self, assignment: str, student: str | None = None) -> dict[str, Standing]:
        """Student (this one only, or all) -> what people gave and wrote, and how late the work was."""

        def work(session: Session) -> dict[str, Standing]:
            found = {}
            for submission in _submissions(session, assignment, student):
                cells: dict[str, Marked] = {}
                penalty = 0.0
                for submitted in notebooks_of(session, submission):
                    cells |= _marks(session, submitted)
                    penalty += submitted.late_submission_penalty or 0.0
                due = submission.assignment.duedate
                late = _seconds_late(submission, due)
                found[submission.student_id] = Standing(
                    cells, Lateness(due + (submission.extension or _NO_TIME), late, penalty) if late else None
                )
            return found

        return self._store.read(work)

    def automatic(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """Student -> cell -> the automatic score that stands there, None where there is none."""

        def work(session: Session) -> dict[str, dict[str, float | None]]:
            found: dict[str, dict[str, float | None]] = {}
            for submission in _submissions(session, assignment, None):
                for submitted in notebooks_of(session, submission):
                    rows = select(BaseCell.name, Grade.auto_score).join(Grade, Grade.cell_id == BaseCell.id)
                    scores = session.execute(rows.where(Grade.notebook_id == submitted.id))
                    found.setdefault(submission.student_id, {}).update((name, score) for name, score in scores)
            return found

        return self._store.read(work)

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
                    student=row.student_id,
                    assignment=assignment,
                    score=float(score),
                    max_score=float(full),
                    penalty=sum(book.late_submission_penalty or 0.0 for book in books[row.id]),
                    open_cells=waiting.get(row.id, 0),
                    flagged=any(book.flagged for book in books[row.id]),
                    timestamp=row.timestamp,
                )
                for row, score, full in session.execute(query)
            )

        return self._store.read(work)


_NO_TIME = datetime.timedelta(0)


def _submissions(session: Session, assignment: str, student: str | None) -> list[Any]:
    query = select(SubmittedAssignment).join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    query = query.where(Assignment.name == assignment)
    return list(session.scalars(query if student is None else query.where(SubmittedAssignment.student_id == student)))


def _seconds_late(submission: Any, due: datetime.datetime | None) -> float:
    """nbgrader's own measure; it raises where there is an extension, but nothing is due."""
    if due is None or submission.timestamp is None:
        return 0.0
    return max(0.0, float((submission.timestamp - due - (submission.extension or _NO_TIME)).total_seconds()))


def _marks(session: Session, submitted: Any) -> dict[str, Marked]:
    """What people left in one notebook, by cell."""
    of_notebook = select(BaseCell.name, Comment.manual_comment).join(BaseCell, BaseCell.id == Comment.cell_id)
    found = session.execute(of_notebook.where(Comment.notebook_id == submitted.id))
    marks = {row[0]: Marked(comment=row[1] or "") for row in found}
    graded = select(BaseCell.name, Grade).join(BaseCell, BaseCell.id == Grade.cell_id)
    for name, row in session.execute(graded.where(Grade.notebook_id == submitted.id)):
        comment = marks.get(name, Marked()).comment
        marks[name] = Marked(row.manual_score, row.extra_credit or 0.0, comment, row.needs_manual_grade)
    return marks


def _check_name(student: str) -> None:
    plain = student.encode("utf-8", "ignore").decode("utf-8") == student and "\0" not in student
    if not (plain and 0 < len(student) <= NAME_LIMIT):
        raise GradebookError(
            f"The gradebook cannot hold the student id {student[:40]!r}; it takes 1 to "
            f"{NAME_LIMIT} characters of text. Rename the folder or file."
        )


def _enter(session: Session, student: str, assignment: str) -> Any:
    if session.get(Student, student) is None:
        session.add(Student(id=student))
        session.flush()
    return submission_row(session, assignment, student)


def _save_scores(
    session: Session,
    submitted: Any,
    items: dict[str, model.ItemGrade],
    unanswered: Collection[str],
    settled: Collection[str],
) -> None:
    """Fill in the grades of one notebook, and take the items that were filled in out of `items`."""
    query = (
        select(Grade, BaseCell)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Grade.notebook_id == submitted.id)
        .order_by(BaseCell.name)
        .options(selectin_polymorphic(BaseCell, [GradeCell, TaskCell]))
    )
    for row, cell in session.execute(query).all():
        item = items.pop(cell.name, None)
        if item is not None and abs(item.max_score - cell.max_score) > 1e-6:
            raise GradebookError(
                f"Cell {cell.name} counts {item.max_score:g} points, but {cell.max_score:g} "
                "in the gradebook; register the assignment again."
            )
        # An answer that nobody wrote needs nobody to read it.
        blank = item is not None and item.kind is model.Kind.MANUAL and cell.name in unanswered
        row.auto_score = 0.0 if blank else automatic_score(item)
        undecided = not blank and (row.auto_score is None or (item is not None and item.pending > 0))
        row.needs_manual_grade = cell.name not in settled if row.manual_score is not None else undecided


def automatic_score(item: model.ItemGrade | None) -> float | None:
    """The score that a machine can answer for; None where it would only be a zero that nobody decided."""
    if item is None or item.kind is model.Kind.MANUAL or item.status == "needs_manual_grade":
        return None
    undecided = item.pending > 0 or item.status == model.Status.COULD_NOT_CHECK.value
    return None if undecided and item.score == 0 else item.score


def _save_comments(session: Session, submitted: Any, unanswered: Collection[str]) -> None:
    """nbgrader's own remark on an answer that nobody gave."""
    query = (
        select(Comment, BaseCell)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .where(Comment.notebook_id == submitted.id)
    )
    for comment, cell in session.execute(query).all():
        blank = isinstance(cell, SolutionCell) and cell.name in unanswered
        comment.auto_comment = NO_RESPONSE if blank else None


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
        .where(Grade.needs_manual_grade)
        .group_by(SubmittedNotebook.assignment_id)
    )
    return books, {id: int(count) for id, count in session.execute(counts)}
