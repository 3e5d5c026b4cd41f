"""Scores into the file that Canvas or Moodle exported: one column is filled in, the rest stays as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.errors import Seq2gradeError
from autograder.export import table
from autograder.export.public import Result, number
from autograder.export.roster import Found, Person, match, person
from autograder.export.table import Table
from autograder.report.plain import plain

LMS = ("canvas", "moodle")
_WANTED = {"canvas": ("Student", "ID"), "moodle": ("Identifier", "Grade")}
_NAME = {"canvas": "student", "moodle": "full name"}
_IDS = {
    "canvas": ("sis user id", "sis login id", "integration id", "login id", "email", "email address"),
    "moodle": ("email address", "id number", "username"),
}
_TAIL = re.compile(r"\s*\((\d+)\)\s*\Z")  # of an assignment's column in Canvas
_PARTICIPANT = re.compile(r"\D*(\d+)\s*\Z")
_TEST_STUDENT = "student, test"


@dataclass(frozen=True)
class How:
    """What is asked for: `column` names the one to fill in, where it cannot be told by the assignment; `scale` brings
    points to the file's maximum; `unfinished` takes scores that are not the last word; `names`: see match."""

    lms: str
    column: str = ""
    scale: bool = False
    unfinished: bool = False
    encoding: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """The new file, how many scores were put into it, and a line for each thing that somebody should know;
    `trouble`: a student's score did not find its place."""

    data: bytes
    count: int
    notes: tuple[str, ...]
    trouble: bool


def fill(data: bytes, name: str, results: Sequence[Result], how: How, titles: Sequence[str] = ()) -> Filled:
    """`data` with the results of one assignment, which the file may call by its id or one of `titles`. Raises
    Seq2gradeError for a file that is not what `how.lms` exports, or without its column."""
    if how.lms not in LMS:
        raise Seq2gradeError(f"--lms {how.lms}: expected one of {', '.join(LMS)}")
    sheet = _Sheet(table.read(data, name, _WANTED[how.lms], how.encoding), name, how)
    column = sheet.column(results, titles)
    people = sheet.people()
    found = match([result.student for result in results], people, how.names)
    notes = [*_lost(found, {one.row: one for one in people}), *_twice(people)]
    trouble, count, graded = bool(notes), 0, set[int]()
    maxima = Counter[tuple[str, str]]()
    for result in results:
        for row in found.rows.get(result.student, ()):
            graded.add(row)
            said, put = sheet.fill(row, column, result, maxima)
            count += put
            trouble |= not put
            notes += [f"{plain(result.student)[:100]}: {said}"] if said else []
    notes += [_maximum(ours, theirs, times, how) for (ours, theirs), times in maxima.items()]
    graded.update(row for rows in found.doubtful.values() for row in rows)
    absent = [one.name for one in people if one.row not in graded and one.name.casefold() != _TEST_STUDENT]
    notes += [f"no result for {plain(name)[:100] or 'a row without a name'}" for name in absent]
    notes += sheet.defused()
    return Filled(sheet.table.dumps(), count, tuple(notes), trouble)


class _Sheet:
    """The file while it is filled in."""

    def __init__(self, read: Table, name: str, how: How) -> None:
        self.table, self.name, self.how = read, name, how
        self.header = [cell.strip().casefold() for cell in read.rows[0]]

    def column(self, results: Sequence[Result], titles: Sequence[str]) -> int:
        """Where the scores go. Raises Seq2gradeError."""
        wanted = {how.casefold() for how in ([self.how.column.strip()] if self.how.column else titles)}
        if self.how.lms == "moodle" and not self.how.column:
            wanted = {"grade"}
        found = [n for n, cell in enumerate(self.header) if cell in wanted or _TAIL.sub("", cell) in wanted]
        fixed = {"student", "id", "section", "identifier", _NAME[self.how.lms], *_IDS[self.how.lms]}
        found = [n for n in found if self.header[n] not in fixed]
        if len(found) == 1:
            if self.points_possible(found[0]) == "(read only)":
                raise Seq2gradeError(f"{self.name}: {self.table.rows[0][found[0]]} is a column that nobody may fill in")
            return found[0]
        there = [cell.strip() for cell in self.table.rows[0] if self.how.lms == "moodle" or _TAIL.search(cell)]
        said = "more than one column" if found else "no column"
        asked = " or ".join(repr(one) for one in sorted(wanted))
        raise Seq2gradeError(f"{self.name}: {said} is called {asked}; name one by --column: {', '.join(there)[:600]}")

    def people(self) -> list[Person]:
        """The students' rows."""
        found = []
        for row in range(1, len(self.table.rows)):
            cells = self.table.rows[row]
            if not any(cell.strip() for cell in cells) or self._is_heading(row):
                continue
            name = self.cell(row, _NAME[self.how.lms])
            own = self.cell(row, "id" if self.how.lms == "canvas" else "identifier")
            digits = _PARTICIPANT.match(own)
            bare = (digits[1] if digits else "") if self.how.lms == "moodle" else own.strip()
            found.append(person(row, name or own, [self.cell(row, key) for key in _IDS[self.how.lms]] + [own], bare))
        return found

    def _is_heading(self, row: int) -> bool:
        """Canvas writes points possible, and what is posted by hand, above the students."""
        if self.how.lms != "canvas":
            return False
        name = self.cell(row, "student").strip().casefold()
        return name == "points possible" or (not name and not self.cell(row, "id").strip())

    def cell(self, row: int, name: str) -> str:
        """The text of a cell, "" where there is no such column."""
        return self.table.rows[row][self.header.index(name)] if name in self.header else ""

    def points_possible(self, column: int) -> str:
        """What Canvas says above a column."""
        for row in range(1, len(self.table.rows)):
            if self.how.lms == "canvas" and self.cell(row, "student").strip().casefold() == "points possible":
                return self.table.rows[row][column].strip()
        return ""

    def maximum(self, row: int, column: int) -> str:
        """The most that the file gives, as it says it."""
        if self.how.lms == "canvas":
            return self.points_possible(column)
        return self.cell(row, "maximum grade").strip()

    def fill(self, row: int, column: int, result: Result, maxima: Counter[tuple[str, str]]) -> tuple[str, bool]:
        """Put a score into its cell; what is to be said about it, and whether it was put."""
        why = self._refused(row, column, result)
        if why:
            return why, False
        most = self.maximum(row, column)
        theirs = _value(most)
        value = result.total
        if theirs is None and (most or self.how.scale):
            return f"nothing written: the file's maximum is {most[:40]!r}, which is no number of points", False
        if theirs is not None and abs(theirs - result.max_points) > 1e-6:
            maxima[number(result.max_points), most] += 1
            if self.how.scale and result.max_points > 0:
                value = round(value * theirs / result.max_points, 2)
        new, old = number(value), self.table.rows[row][column].strip()
        if "," in most and "." not in most:
            new = new.replace(".", ",")
        said = [f"written all the same: {result.open}"] if result.open else []
        before = _value(old)
        if before is not None and abs(before - value) < 5e-5:
            return " ".join(said), True
        if old not in ("", "-"):
            said.append(f"{new} instead of {plain(old)[:40]}")
        self.table.put(row, column, new)
        return "; ".join(said), True

    def _refused(self, row: int, column: int, result: Result) -> str:
        if not result.items:
            return f"nothing written: {result.open}"
        if result.open and not self.how.unfinished:
            return f"nothing written: {result.open}; --unfinished writes the score as it is"
        if self.cell(row, "grade can be changed").strip().casefold() == "no":
            return "nothing written: the file says that this grade cannot be changed"
        if self.table.rows[row][column].strip().casefold() == "ex":
            return "nothing written: excused in the file"
        return ""

    def defused(self) -> list[str]:
        """Make text of what a spreadsheet would compute: a student chooses their name. A line for each cell."""
        notes = []
        for row in range(1, len(self.table.rows)):
            for column, text in enumerate(self.table.rows[row]):
                if table.is_formula(text):
                    self.table.put(row, column, f"'{text}")
                    where = f"line {self.table.lines[row]}, {plain(self.table.rows[0][column])[:40]}"
                    notes.append(f"{where}: an apostrophe keeps spreadsheets from computing {plain(text)[:40]!r}")
        return notes


def _lost(found: Found, people: dict[int, Person]) -> list[str]:
    """Results that have no place of their own."""
    notes = [f"{plain(student)[:100]}: in no row of the file" for student in found.unknown]
    for student, rows in found.doubtful.items():
        names = " and ".join(plain(people[row].name)[:60] for row in rows)
        others = [plain(one)[:60] for one, held in found.doubtful.items() if one != student and set(held) & set(rows)]
        told = f"fits {len(rows)} rows ({names})" if len(rows) > 1 else f"fits {names}, as {' and '.join(others)} does"
        notes.append(f"{plain(student)[:100]}: nothing written, for it {told}")
    return notes


def _twice(people: Sequence[Person]) -> list[str]:
    """The same number of the platform in two rows."""
    seen = Counter(one.number for one in people if one.number)
    return [f"number {plain(one)} is in {times} rows of the file" for one, times in seen.items() if times > 1]


def _maximum(ours: str, theirs: str, times: int, how: How) -> str:
    done = "points were scaled to it" if how.scale else "points were written as they are; --scale brings them to it"
    return f"the file's maximum is {theirs}, ours is {ours} ({times} of the scores): {done}"


def _value(text: str) -> float | None:
    """A number as a file writes it, with a point or a comma; None where it is none."""
    if not table.is_number(text) or text.strip().endswith("%"):
        return None
    return float(text.strip().replace(",", "."))
