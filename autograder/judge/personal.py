"""Checks of an exam: whose work is judged decides what is right.

Who that is says the folder that was handed in, never the notebook. It is told to the judge with each submission, and
holds for as long as that one is judged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from autograder.assignment import CHECKS
from autograder.errors import AssignmentError, Feedback
from autograder.judge.student import Student
from autograder.questions.marking import mark
from autograder.questions.paper import PAPERS, SPECIMEN, read_papers

_WHO: ContextVar[str] = ContextVar("who", default=SPECIMEN)


@contextlib.contextmanager
def work_of(student: str) -> Iterator[None]:
    """While this lasts, it is this student's work that is judged; "" is the course's own."""
    token = _WHO.set(student)
    try:
        yield
    finally:
        _WHO.reset(token)


def answered(file: str, student: Student, name: str) -> None:
    """`answers[name]` answers the question of that name on the paper of whoever handed this in. `file` is the one of
    the checks. Raises Feedback; AssignmentError for somebody without a paper, who loses nothing by that."""
    folder = Path(file).resolve().parent
    path = (folder.parent if folder.name == CHECKS else folder) / PAPERS
    papers, who = read_papers(path), _WHO.get()
    if who not in papers.papers:
        told = f"expected one of those who have a paper: {', '.join(papers.students)[:300]}"
        raise AssignmentError(path, who or "the course's own", told)
    question = papers.papers[who].question(name)
    found = mark(question, student.entry("answers", name))
    if not found.right:
        # each question has a cause of its own: a report shows what has the same message as one
        raise Feedback(
            f"Question {name.removeprefix('q')}: {found.message}",
            found.explain,
            detail=f"{question.template}: {found.thinks}".rstrip(": "),
        )
