"""Which row of a learning platform's file a graded student is. What fits two rows fits none."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.errors import Seq2gradeError

_NUMBERED = re.compile(r"(?P<name>.*)_(?P<number>\d+)\Z", re.S)  # of an export from Canvas or Moodle
_ANONYMOUS = ("participant", "anon", "anonymous")


@dataclass(frozen=True)
class Person:
    """A row: `ids` tell a student for certain (numbers, logins, mail addresses); `number` is the platform's own, which
    it puts behind a student's name."""

    row: int
    name: str
    ids: frozenset[str]
    number: str = ""


@dataclass(frozen=True)
class Found:
    """Rows by student, and what could not be decided: `unknown` students fit no row, `doubtful` ones several, or share
    one with another student."""

    rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    doubtful: dict[str, tuple[int, ...]] = field(default_factory=dict)


def person(row: int, name: str, ids: Iterable[str], number: str = "") -> Person:
    """A row with its keys as they are compared."""
    return Person(row, name, frozenset(key for text in ids if (key := _key(text))), number)


def read_names(data: bytes, file: str) -> dict[str, str]:
    """Student -> what the platform calls them, from a CSV file of two columns. Raises Seq2gradeError."""
    names: dict[str, str] = {}
    try:
        for row in csv.reader(data.decode("utf-8-sig").splitlines()):
            if not any(cell.strip() for cell in row):
                continue
            ours, theirs = (cell.strip() for cell in row)
            if names.setdefault(ours, theirs) != theirs:
                raise Seq2gradeError(f"{file}: {ours[:60]} is there twice, as {names[ours][:60]} and {theirs[:60]}")
    except (ValueError, csv.Error) as error:
        told = "expected lines in UTF-8 of two cells: a student's folder, and number, login, mail address or name"
        raise Seq2gradeError(f"{file}: {told}") from error
    return names


def match(students: Sequence[str], people: Sequence[Person], names: Mapping[str, str] | None = None) -> Found:
    """Each student's row; of a group (names joined by `+`, as Gradescope has them) the rows of all. `names`: what the
    platform calls a student, where their folder does not tell."""
    called = {student: (names or {}).get(student, student) for student in students}
    fits = {student: _fits(called[student], people) for student in students}
    groups = {student: _group(called[student], people) for student in students if not fits[student]}
    rows: dict[str, tuple[int, ...]] = {student: found for student, found in fits.items() if len(found) == 1}
    rows |= {student: found for student, found in groups.items() if found}
    taken: dict[int, list[str]] = {}
    for student, found in rows.items():
        for row in found:
            taken.setdefault(row, []).append(student)
    shared = {student for several in taken.values() if len(several) > 1 for student in several}
    doubtful = {student: found for student, found in fits.items() if len(found) > 1}
    doubtful |= {student: rows[student] for student in students if student in shared}
    return Found(
        {student: found for student, found in rows.items() if student not in shared},
        tuple(student for student in students if student not in rows and student not in doubtful),
        doubtful,
    )


@functools.lru_cache(maxsize=10_000)  # each student is held against each row
def words(name: str) -> str:
    """A name for comparison: letters and digits alone, without case and accents; `Love, Ada` is `Ada Love`."""
    last, comma, first = name.partition(",")
    whole = f"{first} {last}" if comma else name
    split = unicodedata.normalize("NFKD", whole.casefold())
    return "".join(letter for letter in split if letter.isalnum())


def _fits(student: str, people: Sequence[Person]) -> tuple[int, ...]:
    """By what is certain, else by the name alone."""
    key, numbered = _key(student), _NUMBERED.match(student)
    sure = {one.row for one in people if key in one.ids}
    if numbered is not None:
        sure |= {p.row for p in people if p.number == numbered["number"] and _named(numbered["name"], p)}
    if not sure and (name := words(student)):
        sure = {one.row for one in people if name in _names(one.name)}
    return tuple(sorted(sure))


def _group(student: str, people: Sequence[Person]) -> tuple[int, ...]:
    parts = [_fits(part, people) for part in student.split("+")]
    rows = tuple(part[0] for part in parts if len(part) == 1)
    return rows if len(parts) > 1 and len(set(rows)) == len(parts) else ()


def _named(name: str, one: Person) -> bool:
    """Whether the name that stands before the number is this person's, or nobody's where names are kept back."""
    plain = words(name)
    return plain in _ANONYMOUS or (bool(plain) and plain in _names(one.name))


def _names(name: str) -> set[str]:
    """A name in both orders: Canvas writes the last one first and runs all together in names of files."""
    return {words(name), words(name.replace(",", " "))}


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()
