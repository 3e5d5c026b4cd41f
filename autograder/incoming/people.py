"""The roster of a course: who is who in an export, and who works together. What fits two people fits none."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograder.errors import Seq2gradeError
from autograder.export.roster import words

# What a folder in submitted/ is named for: the first of these that the roster has.
_FOLDER = (
    "username",
    "login",
    "sis_login_id",
    "student_id",
    "sis_user_id",
    "id_number",
    "id",
    "email",
    "email_address",
)
_NAME, _FIRST, _LAST = (
    ("name", "full_name", "student", "student_name"),
    ("first_name", "firstname"),
    ("last_name", "lastname"),
)
_EMAIL = ("email", "email_address", "e_mail", "mail")
_GROUP = ("group", "team")
_IDS = (*_FOLDER, *_EMAIL, "number", "sid", "identifier", "participant")
_ANONYMOUS = ("participant", "anon", "anonymous")
_PARTICIPANT = re.compile(r"\A\D+(?=\d+\Z)")  # of a Moodle worksheet's Identifier: Participant 900
_DEFAULT_GROUP = "defaultgroup"  # Moodle's, of whoever is in none
_NUMBERED = re.compile(r"(?P<who>.*?)_?(?P<number>\d+)\Z", re.S)  # behind a name, in exports of Moodle and Canvas


@dataclass(frozen=True)
class Person:
    """`student` names the folder; `ids` tell for certain who it is; `group` is "" for who works alone."""

    student: str
    names: frozenset[str]
    ids: frozenset[str]
    group: str = ""


@dataclass(frozen=True)
class Roster:
    """The people of a course, and whom a label in an export means."""

    people: tuple[Person, ...] = ()
    _by_id: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _by_group: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for one in self.people:
            for key in one.ids:
                self._by_id[key].add(one.student)
            for key in one.names:
                self._by_name[key].add(one.student)
            if one.group:
                self._by_group[words(one.group)].add(one.student)

    def members(self, label: str) -> tuple[str, ...]:
        """The students that a label of an export means: one, or all of a group. Empty where it means nobody, or could
        be two people."""
        number = _NUMBERED.match(label)
        bare = words(number["who"]) if number else words(label)
        named = self._by_name.get(bare, set())
        numbered = self._by_id.get(number["number"], set()) if number and bare else set()
        # A platform's number may be another one's at school: it counts beside the name, or where names are kept back.
        sure = numbered if bare in _ANONYMOUS else numbered & named
        for found in (self._by_id.get(_key(label), set()), sure, self._by_name.get(words(label), set()), named):
            if found:
                return self._together(next(iter(found))) if len(found) == 1 else ()
        group = self._by_group.get(words(label)) or self._by_group.get(bare)
        before, dash, rest = label.partition("-")
        if not group and dash and (words(before) in self._by_group or words(before) == _DEFAULT_GROUP):
            return self.members(rest)  # Moodle writes a group before its member
        return tuple(sorted(group or ()))

    def group_of(self, members: Sequence[str]) -> str:
        """The name of the group that works together; "" where they are none."""
        return next((one.group for one in self.people if one.student in members), "")

    def _together(self, student: str) -> tuple[str, ...]:
        group = next((one.group for one in self.people if one.student == student), "")
        return tuple(sorted(self._by_group[words(group)])) if group else (student,)


def read_roster(data: bytes, file: str) -> Roster:
    """From a CSV file whose first line names its columns; comma, semicolon or tab between. Raises Seq2gradeError."""
    try:
        text = data.decode("utf-8-sig")
        dialect = max(",;\t", key=text.partition("\n")[0].count)
        rows = [{_column(key or ""): (cell or "").strip() for key, cell in row.items() if isinstance(cell, str | None)}
                for row in csv.DictReader(text.splitlines(), delimiter=dialect)]  # fmt: skip
    except (UnicodeError, csv.Error) as error:
        raise Seq2gradeError(f"{file}: expected a roster as CSV in UTF-8; {error}") from error
    for row in rows:
        row.setdefault("email", _of(row, _EMAIL))
    columns = {key for row in rows for key in row if row[key]}
    folder = next((name for name in _FOLDER if name in columns), "")
    if not folder:
        raise Seq2gradeError(
            f"{file}: expected a column that names a student's folder ({', '.join(_FOLDER)}); "
            f"it has {', '.join(sorted(columns)) or 'none'}"
        )
    # Canvas has a line of maxima, which names nobody.
    people = [_person(row, folder, file) for row in rows if any(row.get(name) for name in _IDS)]
    twice = {one.student for one in people if sum(one.student == other.student for other in people) > 1}
    if twice:
        raise Seq2gradeError(f"{file}: {', '.join(sorted(twice))} is there twice; a student has one line")
    return Roster(tuple(people))


def _person(row: dict[str, str], folder: str, file: str) -> Person:
    student = row[folder]
    if not is_folder_name(student):
        raise Seq2gradeError(f"{file}: {student[:60]!r} cannot name a folder; mend the column {folder}")
    whole = " ".join(filter(None, (_of(row, _FIRST), _of(row, _LAST))))
    told = {name: row[name] for name in _IDS if row.get(name)}
    told["identifier"] = _PARTICIPANT.sub("", told.get("identifier", ""))
    ids = frozenset(key for text in told.values() if (key := _key(text)))
    names = frozenset(key for name in (_of(row, _NAME), whole) for key in _orders(name))
    return Person(student, names, ids, _of(row, _GROUP))


def is_folder_name(text: str) -> bool:
    """Whether a folder in submitted/ can be called that: one part of a path, in plain sight."""
    return bool(text) and text.isprintable() and text == text.strip() and not text.startswith(".") and not (
        {"/", "\\"} & set(text) or len(text.encode("utf-8", "replace")) > 128
    )  # fmt: skip


def _orders(name: str) -> Iterable[str]:
    """A name in the orders in which platforms write it: Canvas runs the last one and the first ones together."""
    last, comma, first = name.partition(",")
    parts = [*first.split(), *last.split()] if comma else name.split()
    return {words(" ".join(parts[n:] + parts[:n])) for n in range(len(parts))} - {""}


def _of(row: dict[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _column(title: str) -> str:
    return re.sub(r"[^a-z]+", "_", title.casefold()).strip("_")


def _key(text: str) -> str:
    return text.strip().casefold()
