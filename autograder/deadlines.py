"""When an assignment is due, and for whom later: `due` in assignment.toml, and the course's extensions.toml.

    [rnn_backprop]                          # extensions.toml, beside assignments/
    ada = 2026-12-08T23:59:00+01:00         # until when Ada may hand in

Whoever is named there is nobody else's business, so the file is none of the assignment's, and is kept from students.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.authoring import read_data
from autograder.errors import AssignmentError

EXTENSIONS = "extensions.toml"
_EXAMPLE = 'expected date, time and offset, as in ada = 2026-12-08T23:59:00+01:00; got "{}"'


@dataclass(frozen=True)
class Deadline:
    """Aware times. `due` None: what the gradebook says. `until` are the extensions by student; None without a file:
    then too the gradebook's stand."""

    due: datetime.datetime | None = None
    until: Mapping[str, datetime.datetime] | None = field(default=None)

    def extension(self, student: str, due: datetime.datetime) -> datetime.timedelta | None:
        """By how much `student` may be later than `due` (UTC without zone). Nobody's is a time before `due`."""
        until = (self.until or {}).get(student)
        if until is None:
            return None
        return max(utc(until) - due, datetime.timedelta(0))


def utc(moment: datetime.datetime) -> datetime.datetime:
    """An aware time as the gradebook holds it: UTC, without zone."""
    return moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)


def deadline(root: Path, assignment: str, due: datetime.datetime | None) -> Deadline:
    """That of an assignment whose assignment.toml says `due`.

    Raises AssignmentError when extensions.toml is not as it should be, naming the entry.
    """
    path = root / EXTENSIONS
    if not path.exists():
        return Deadline(due)
    tables = read_data(path)
    known = {folder.name for folder in (root / "assignments").glob("*") if folder.is_dir()}
    for name, table in tables.items():
        if name not in known:
            raise AssignmentError(path, name, f"expected a table for one of {', '.join(sorted(known)) or 'none yet'}")
        if not isinstance(table, dict):
            raise AssignmentError(path, name, "expected a table of students: a line [assignment], then student = time")
        for student, until in table.items():
            _check(path, f"{name}.{student}", until, due if name == assignment else None)
    return Deadline(due, dict(tables.get(assignment, {})))


def _check(path: Path, key: str, until: object, due: datetime.datetime | None) -> None:
    if not isinstance(until, datetime.datetime) or until.tzinfo is None:
        raise AssignmentError(path, key, _EXAMPLE.format(until))
    if due is not None and until < due:
        raise AssignmentError(path, key, f"expected a time after the assignment is due, {due.isoformat()}")
