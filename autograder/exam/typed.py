"""Answers from paper, typed in by somebody: each student's become a notebook, which is graded like any other.

Two forms of CSV: a line for each answer (student, question, answer), or a line for each student (student, q1, q2, ...).
A column `handed_in` may say when, as 2026-12-15T10:02:00+01:00.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring import read_text
from autograder.errors import AssignmentError
from autograder.notebooks import copy_of, grade_id_of, source_of
from autograder.questions.paper import Papers
from autograder.writing import replace_file

_TYPED = "# typed in from paper"
_SHOWN = 60


@dataclass(frozen=True)
class Typed:
    """One student's answers by question, and when they were handed in, where that is told."""

    student: str
    answers: dict[str, str] = field(default_factory=dict)
    handed_in: datetime.datetime | None = None


@dataclass(frozen=True)
class Entered:
    """What came of it. `left` are lines that were not used, each with its reason: nothing is dropped in silence."""

    students: tuple[Typed, ...]
    left: tuple[str, ...]


def read_typed(path: Path, papers: Papers) -> Entered:
    """The answers of a file. Raises AssignmentError when it is not of either form."""
    try:
        rows = list(csv.reader(read_text(path).removeprefix("\ufeff").splitlines(), strict=True))
    except csv.Error as error:
        raise AssignmentError(path, "lines", f"expected CSV; {error}") from error
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    long = {"student", "question", "answer"} <= set(head)
    names = {one.name for paper in papers.papers.values() for one in paper.questions}
    if "student" not in head or not (long or names & set(head)):
        raise AssignmentError(path, "line 1", "expected student,question,answer or student,q1,q2,...")
    if len(set(head)) < len(head):
        raise AssignmentError(path, "line 1", "expected each column once")
    left: list[str] = []
    found: dict[str, Typed] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        for problem in _take(found, cells, long, len(row) > len(head), papers):
            left.append(f"line {number}: {problem}")
    left += [
        f"column {name}: no such question" for name in head if not long and name not in {*names, "student", "handed_in"}
    ]
    return Entered(tuple(one for _, one in sorted(found.items())), tuple(left))


def _take(found: dict[str, Typed], cells: dict[str, str], long: bool, longer: bool, papers: Papers) -> Iterator[str]:
    """Put one line where it belongs; what cannot be put there is told."""
    student = cells.get("student", "")
    if longer:
        yield f"{_brief(student)}: more cells than columns; put an answer with a comma into quotes"
        return
    if student not in papers.students:
        yield f"{_brief(student)} has no paper; there are {', '.join(papers.students)[:200]}"
        return
    told = found.get(student, Typed(student))
    when = told.handed_in
    if text := cells.get("handed_in", ""):
        try:
            moment = datetime.datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            yield f"{_brief(student)}: expected a time as 2026-12-15T10:02:00+01:00; got {_brief(text)}"
        else:
            when = max(when, moment) if when is not None else moment
    answers = dict(told.answers)
    own = {one.name for one in papers.papers[student].questions}
    given = {cells["question"].lower(): cells["answer"]} if long else {k: v for k, v in cells.items() if k in own and v}
    for name, answer in given.items():
        name = f"q{name}" if name.isdigit() else name
        if name not in own:
            yield f"{_brief(student)}: no question {_brief(name)}; there are q1 to q{len(own)}"
        elif answers.get(name, answer) != answer:
            twice = f"{_brief(answers[name])} and {_brief(answer)}"
            yield f"{_brief(student)}: {name} is there twice, as {twice}; the first counts"
        elif answer:
            answers[name] = answer
    found[student] = Typed(student, answers, when)


def _brief(text: str) -> str:
    return repr(text[:_SHOWN])


def write_typed(
    release: dict[str, Any], exam: str, typed: Sequence[Typed], folder: Path
) -> tuple[list[Path], list[str]]:
    """A notebook for each student below `folder`, in nbgrader's layout. Work that somebody handed in as a notebook is
    never replaced: that is told instead. Raises OSError."""
    written, kept = [], []
    for one in typed:
        path = folder / one.student / exam / f"{exam}.ipynb"
        others = [p for p in path.parent.glob("*.ipynb") if p.is_file()] if path.parent.is_dir() else []
        if any(not _is_typed(other) for other in others):
            kept.append(f"{one.student} handed in a notebook already, which stays; compare it with the paper")
            continue
        text = json.dumps(filled(release, one), ensure_ascii=False, indent=1) + "\n"
        written.append(replace_file(path, text, 0o644))
        if one.handed_in is not None:
            utc = one.handed_in.astimezone(datetime.timezone.utc)
            replace_file(path.parent / "timestamp.txt", f"{utc:%Y-%m-%d %H:%M:%S.%f} UTC\n", 0o644)
    return written, kept


def filled(release: dict[str, Any], typed: Typed) -> dict[str, Any]:
    """The released form with these answers in its cells, as text: nothing that somebody wrote becomes code."""
    notebook = copy_of(release)
    for cell in notebook["cells"]:
        if (name := grade_id_of(cell)) in typed.answers:
            cell["source"] = f'{_TYPED}\nanswers["{name}"] = {json.dumps(typed.answers[name])}'
    return notebook


def _is_typed(path: Path) -> bool:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return any(source_of(cell).startswith(_TYPED) for cell in cells)
    except (OSError, ValueError, KeyError, TypeError):
        return False
