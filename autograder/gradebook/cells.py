"""An assignment as rows of nbgrader's tables: what its SaveCells does, but without losing submissions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Course,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from autograder.errors import GradebookError


@dataclass(frozen=True)
class CellRow:
    """One cell of a notebook as nbgrader's tables see it. `kinds` are the tables it has a row in."""

    name: str
    kinds: tuple[type, ...]
    type: str
    source: str
    locked: bool
    points: float = 0.0
    checksum: str | None = None


def cell_rows(notebook: Mapping[str, Any]) -> tuple[CellRow, ...]:
    """The cells of a source or release notebook that the gradebook keeps, in order."""
    return tuple(_cell_rows(notebook))


def _cell_rows(notebook: Mapping[str, Any]) -> Iterator[CellRow]:
    for cell in notebook["cells"]:
        mark = cell.get("metadata", {}).get("nbgrader", {})
        grade, solution, task = (bool(mark.get(key)) for key in ("grade", "solution", "task"))
        locked = not solution and (grade or bool(mark.get("locked")))
        if not (grade or solution or task or locked):
            continue
        tables = ((GradeCell, grade), (SolutionCell, solution), (TaskCell, task))
        source = cell["source"]
        yield CellRow(
            name=mark["grade_id"],
            kinds=tuple(kind for kind, is_one in tables if is_one),
            type=cell["cell_type"],
            source=source if isinstance(source, str) else "".join(source),
            locked=locked,
            points=float(mark.get("points", 0)),
            checksum=mark.get("checksum"),
        )


def save_assignment(
    session: Session,
    course: str,
    assignment: str,
    name: str,
    notebook: Mapping[str, Any],
) -> Any:
    """Create or update the rows of an assignment with one notebook, and return its own.

    Raises GradebookError when a cell would disappear that a person has graded or commented on.
    """
    book = _notebook(session, course, assignment, name)
    book.kernelspec = json.dumps(notebook.get("metadata", {}).get("kernelspec", {}))
    session.flush()
    rows = cell_rows(notebook)
    _save_cells(session, book, rows)
    _save_sources(session, book, rows)
    session.flush()
    where = SubmittedNotebook.notebook_id == book.id
    for submitted in session.scalars(select(SubmittedNotebook).where(where)).all():
        complete_rows(session, submitted)
    return session.get(Assignment, book.assignment_id)


def _notebook(session: Session, course: str, assignment: str, name: str) -> Any:
    row = session.scalars(select(Assignment).where(Assignment.name == assignment)).one_or_none()
    if row is None:
        if session.get(Course, course) is None:
            session.add(Course(id=course))
            session.flush()
        row = Assignment(name=assignment, course_id=course)
        session.add(row)
        session.flush()
    where = (Notebook.assignment_id == row.id, Notebook.name == name)
    book = session.scalars(select(Notebook).where(*where)).one_or_none()
    if book is None:
        book = Notebook(name=name, assignment_id=row.id)
        session.add(book)
    return book


def _save_cells(session: Session, book: Any, rows: tuple[CellRow, ...]) -> None:
    wanted = {(row.name, kind): row for row in rows for kind in row.kinds}
    found = {
        (cell.name, type(cell)): cell
        for cell in session.scalars(select(BaseCell).where(BaseCell.notebook_id == book.id))
    }
    for key, cell in found.items():
        if key not in wanted:
            _remove(session, cell)
    for (name, kind), row in wanted.items():
        cell = found.get((name, kind))
        if cell is None:
            cell = kind(name=name, notebook_id=book.id)
            session.add(cell)
        if kind is not SolutionCell:
            cell.max_score, cell.cell_type = row.points, row.type


def _remove(session: Session, cell: Any) -> None:
    by_hand = select(Grade.id).where(
        Grade.cell_id == cell.id, or_(Grade.manual_score.is_not(None), Grade.extra_credit.is_not(None))
    )
    commented = select(Comment.id).where(Comment.cell_id == cell.id, Comment.manual_comment.is_not(None))
    if session.scalars(by_hand).first() or session.scalars(commented).first():
        raise GradebookError(
            f"Cell {cell.name} is gone from the assignment, but somebody has graded it by "
            "hand. Put it back, or remove those grades in formgrader first."
        )
    for table in (Grade, Comment):
        for row in session.scalars(select(table).where(table.cell_id == cell.id)):
            session.delete(row)
    session.flush()
    session.delete(cell)


def _save_sources(session: Session, book: Any, rows: tuple[CellRow, ...]) -> None:
    found = {cell.name: cell for cell in session.scalars(select(SourceCell).where(SourceCell.notebook_id == book.id))}
    for name in found.keys() - {row.name for row in rows}:
        session.delete(found[name])
    for row in rows:
        cell = found.get(row.name)
        if cell is None:
            cell = SourceCell(name=row.name, notebook_id=book.id)
            session.add(cell)
        cell.cell_type, cell.locked = row.type, row.locked
        cell.source, cell.checksum = row.source, row.checksum


def submission_row(session: Session, assignment: str, student: str) -> Any:
    """The row of a submission, locked against other writers; created with all that hangs on it.

    The student's row must be there. Raises GradebookError when the assignment is not registered.
    """
    row = session.scalars(select(Assignment).where(Assignment.name == assignment)).one_or_none()
    if row is None:
        raise GradebookError(f"The gradebook does not know the assignment {assignment}; register it first.")
    where = (SubmittedAssignment.assignment_id == row.id, SubmittedAssignment.student_id == student)
    found = session.scalars(select(SubmittedAssignment).where(*where).with_for_update()).one_or_none()
    if found is None:
        found = SubmittedAssignment(assignment_id=row.id, student_id=student)
        session.add(found)
        session.flush()
    known = {submitted.notebook_id for submitted in notebooks_of(session, found)}
    for id in session.scalars(select(Notebook.id).where(Notebook.assignment_id == row.id)):
        if id not in known:
            session.add(SubmittedNotebook(assignment_id=found.id, notebook_id=id))
    session.flush()
    for submitted in notebooks_of(session, found):
        complete_rows(session, submitted)
    return found


def notebooks_of(session: Session, submission: Any) -> list[Any]:
    """The submitted notebooks of a submission."""
    where = SubmittedNotebook.assignment_id == submission.id
    return list(session.scalars(select(SubmittedNotebook).where(where).order_by(SubmittedNotebook.id)))


def complete_rows(session: Session, submitted: Any) -> None:
    """Give a submitted notebook a grade and a comment for each cell that has one: no more, and none twice."""
    cells = session.scalars(select(BaseCell).where(BaseCell.notebook_id == submitted.notebook_id)).all()
    for table, kinds in ((Grade, (GradeCell, TaskCell)), (Comment, (SolutionCell, TaskCell))):
        known = set(session.scalars(select(table.cell_id).where(table.notebook_id == submitted.id)))
        for cell in cells:
            if isinstance(cell, kinds) and cell.id not in known:
                session.add(table(cell_id=cell.id, notebook_id=submitted.id))
    session.flush()
