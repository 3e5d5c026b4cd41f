"""When each student has to be done: exams write into extensions.toml, as people do, and never into anybody else's line.

An exam with `closes` begins for each student when their paper is opened for them. The first time is kept: who asks for
the paper again gets it with the clock that is running.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path

from autograder.deadlines import EXTENSIONS, deadline
from autograder.errors import Seq2gradeError
from autograder.exam.blueprint import Blueprint
from autograder.writing import replace_file

_OPENED = "opened.csv"


def write_extensions(root: Path, exam: str, later: Mapping[str, datetime.datetime]) -> None:
    """Put these times into extensions.toml; all else in it stays as it is, to the letter.

    Raises AssignmentError when the file is not as it should be, OSError."""
    if not later:
        return
    path = root / EXTENSIONS
    deadline(root, exam, None)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    changed = with_times(text, exam, later)
    if changed != text:
        replace_file(path, changed, 0o644)
        deadline(root, exam, None)


def with_times(text: str, exam: str, later: Mapping[str, datetime.datetime]) -> str:
    """extensions.toml with the lines of some students of one table written anew, or added at its end."""
    lines = text.splitlines()
    begin = next((n for n, line in enumerate(lines) if _heads(line) == exam), None)
    if begin is None:
        lines += ["", f"[{exam}]"] if lines else [f"[{exam}]"]
        begin = len(lines) - 1
    end = next((n for n in range(begin + 1, len(lines)) if _heads(lines[n])), len(lines))
    while end > begin + 1 and not lines[end - 1].strip():
        end -= 1
    table = lines[begin + 1 : end]
    for student, until in sorted(later.items()):
        fresh = f"{_key(student)} = {until.isoformat()}"
        place = next((n for n, line in enumerate(table) if _student(line) == student), None)
        if place is None:
            table.append(fresh)
        else:
            table[place] = fresh
    return "\n".join([*lines[: begin + 1], *table, *lines[end:]]) + "\n"


def _heads(line: str) -> str:
    """The table that a line begins, "" for another line."""
    found = re.match(r"\s*\[\s*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+))\s*\]", line)
    return next(filter(None, found.groups()), "") if found else ""


def _key(student: str) -> str:
    return student if re.fullmatch(r"[A-Za-z0-9_-]+", student) else json.dumps(student, ensure_ascii=False)


def _student(line: str) -> str:
    """Whose line it is, however the key is quoted."""
    found = re.match(r"\s*(?:(\"(?:[^\"\\]|\\.)*\")|'([^']*)'|([\w-]+))\s*=", line)
    if found is None:
        return ""
    return str(json.loads(found[1])) if found[1] else str(found[2] or found[3])


def opened(root: Path, exam: str) -> dict[str, datetime.datetime]:
    """Student -> when their paper was opened for them. Raises Seq2gradeError for a file that was changed by hand."""
    path = root / "exams" / exam / _OPENED
    if not path.is_file():
        return {}
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        return {student: datetime.datetime.fromisoformat(time) for student, time in rows}
    except (OSError, ValueError) as error:
        raise Seq2gradeError(f"{path}: expected lines of a student and a time; {error}") from error


def begin(root: Path, blueprint: Blueprint, student: str, now: datetime.datetime) -> datetime.datetime:
    """Open the paper for a student: returns when they began, now or the first time. More time is written down.

    Raises Seq2gradeError outside of the exam's time, AssignmentError, OSError."""
    table = blueprint.table
    if table.closes is None:
        raise Seq2gradeError(f"{blueprint.path}: all begin together at {table.opens}; `closes` lets each begin alone")
    known = opened(root, blueprint.id)
    if student not in known:
        if now < table.opens:
            raise Seq2gradeError(f"{blueprint.id} opens at {table.opens}; no paper is opened before")
        if now >= table.closes:
            raise Seq2gradeError(f"{blueprint.id} closed at {table.closes}; no paper is opened any more")
        known[student] = now.replace(microsecond=0)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows((name, time.isoformat()) for name, time in known.items())
        replace_file(root / "exams" / blueprint.id / _OPENED, text.getvalue(), 0o600)
    write_extensions(root, blueprint.id, {student: blueprint.until(student, known[student])})
    return known[student]
