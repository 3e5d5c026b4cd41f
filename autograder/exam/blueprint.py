"""What an exam is to be: exams/<id>.toml, and who sits it.

title = "Mid-term"
opens = 2026-12-15T09:00:00+01:00
minutes = 60
closes = 2026-12-15T18:00:00+01:00    # optional: until then each student begins when they like

[extra_minutes]                       # optional: more time for some
ada = 15

[[sections]]
title = "Counting"
topic = "counting"
number = 3
points = 2                            # of each question
form = "choice"                       # optional: numbers are chosen among four instead of written
mix = true                            # optional: students get different questions of the same kind and level
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from autograder.assignment import ID_PATTERN
from autograder.authoring import read_table, read_text
from autograder.errors import AssignmentError, GradebookError
from autograder.gradebook.autograded import NAME_LIMIT, check_folder_name
from autograder.questions.bank import BANK

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_Text = Annotated[str, Field(min_length=1)]


class SectionTable(BaseModel):
    """One [[sections]]: `number` questions on a topic, or those that `questions` names."""

    model_config = _STRICT
    title: _Text
    topic: str = ""
    questions: list[_Text] = []
    number: Annotated[int, Field(gt=0)] | None = None
    points: Annotated[int | float, Field(gt=0, allow_inf_nan=False)] = 1
    form: Literal["", "choice"] = ""
    mix: bool = False


class BlueprintTable(BaseModel):
    """The whole file."""

    model_config = _STRICT
    title: _Text
    opens: AwareDatetime
    minutes: Annotated[int, Field(gt=0)]
    closes: AwareDatetime | None = None
    extra_minutes: dict[str, Annotated[int, Field(ge=0)]] = {}
    sections: Annotated[list[SectionTable], Field(min_length=1)]


@dataclass(frozen=True)
class Blueprint:
    """An exam as it is planned. `digest` is that of what decides the papers: neither time nor title does."""

    id: str
    path: Path
    table: BlueprintTable
    digest: str

    @property
    def due(self) -> datetime.datetime:
        """When who begins at once, and has no more time, has to be done."""
        return self.table.opens + datetime.timedelta(minutes=self.table.minutes)

    def until(self, student: str, begun: datetime.datetime | None = None) -> datetime.datetime:
        """When this student has to be done, having begun then, or with the others: never after the exam closes, and
        never before those who began at once."""
        start = max(begun or self.table.opens, self.table.opens)
        end = start + datetime.timedelta(minutes=self.table.minutes + self.table.extra_minutes.get(student, 0))
        return end if self.table.closes is None else max(self.due, min(end, self.table.closes))


def read_blueprint(path: Path) -> Blueprint:
    """Raises AssignmentError naming the key."""
    if not re.fullmatch(ID_PATTERN, path.stem) or path.stem == BANK.name:
        told = f"expected small letters, digits and _, for this is the exam's id, and not {BANK.name}"
        raise AssignmentError(path, "file name", told)
    table = read_table(path, BlueprintTable, SectionTable.model_fields)
    for number, section in enumerate(table.sections):
        key = f"sections[{number}]"
        if bool(section.topic) == bool(section.questions):
            raise AssignmentError(path, key, "expected either topic, with number, or questions, which names them")
        if section.topic and section.number is None:
            raise AssignmentError(path, f"{key}.number", "expected how many questions on the topic")
    if table.closes is not None and table.closes < table.opens + datetime.timedelta(minutes=table.minutes):
        raise AssignmentError(path, "closes", "expected a time after opens + minutes")
    decides = "\n".join(section.model_dump_json() for section in table.sections)
    return Blueprint(path.stem, path, table, hashlib.sha256(decides.encode()).hexdigest())


def read_class(path: Path | None, named: Sequence[str] = ()) -> tuple[str, ...]:
    """The students of a CSV file (its column `student`, or its first one), and those named. Sorted, each once.

    Raises AssignmentError for an empty class and for a name that no folder or gradebook takes."""
    students = list(named)
    if path is not None:
        try:
            rows = [row for row in csv.reader(read_text(path).removeprefix("\ufeff").splitlines()) if any(row)]
        except csv.Error as error:
            raise AssignmentError(path, "lines", f"expected CSV; {error}") from error
        head = [cell.strip().lower() for cell in rows[0]] if rows else []
        column = head.index("student") if "student" in head else 0
        students += [row[column].strip() for row in rows["student" in head :] if len(row) > column]
    found = tuple(sorted({student for student in students if student}))
    where = path or Path("--student")
    if not found:
        raise AssignmentError(where, "students", "expected a line for each student, or --student NAME")
    for student in found:
        try:
            check_folder_name(student)
        except GradebookError as error:
            raise AssignmentError(where, student, str(error)) from error
        if len(student) > NAME_LIMIT:
            raise AssignmentError(where, student[:40], f"expected at most {NAME_LIMIT} characters")
    return found
