"""From the files of an export to what each student handed in, attempt by attempt. Names decide; nothing is read."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.collect.exported import exported_file, is_exported, student_in
from autograder.collect.names import Sort, sort_of
from autograder.collect.packed import is_zip
from autograder.collect.read import printable
from autograder.incoming.source import Entry, local

# nbgrader's exchange: user+assignment+time+random.
_INBOUND = re.compile(
    r"(?P<who>[^+]+)\+(?P<of>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: [^+]*)?(?:\+[^+]*)?\Z"
)
_BLACKBOARD = re.compile(r"_attempt_(?P<time>\d{4}(?:-\d\d){5})")
_LATE = re.compile(r"_LATE_\d")
_VERSION = re.compile(r"-(?P<number>\d{1,3})\Z")  # Canvas: work-2.ipynb is what was handed in the third time
_ONLINE_TEXT = "_assignsubmission_onlinetext"


@dataclass(frozen=True)
class Attempt:
    """What was handed in at once: `files` by their name beside the notebook. `time` is aware, None where nobody knows;
    `order` tells which attempt is newer where times do not; `assignment` is "" where the export does not tell; `late`:
    the platform says so."""

    label: str
    files: dict[str, Entry]
    time: datetime.datetime | None = None
    order: int = 0
    assignment: str = ""
    late: bool = False
    doubled: tuple[str, ...] = ()

    @property
    def works(self) -> list[str]:
        """The notebooks, or where there is none the zips, that may hold the work."""
        notebooks = [name for name in self.files if sort_of(name) is Sort.NOTEBOOK]
        return notebooks or [name for name in self.files if is_zip(name)]


@dataclass
class _Pile:
    """Files of one student that belong together: all of a folder, or all that one number stands before."""

    label: str
    time: datetime.datetime | None = None
    assignment: str = ""
    late: bool = False
    files: list[tuple[str, Entry]] = field(default_factory=list)


def attempts(
    found: Iterable[Entry], known: Collection[str], zone: datetime.tzinfo | None
) -> tuple[tuple[Attempt, ...], tuple[Entry, ...]]:
    """The attempts of everybody, and the files that tell no student."""
    piles: dict[tuple[str, str], _Pile] = {}
    nobodys = []
    for entry in found:
        if any(_ONLINE_TEXT in part for part in entry.path.parts):
            continue  # typed into a form, and no file
        placed = _placed(entry, zone)
        if placed is None:
            nobodys.append(entry)
            continue
        key, pile, name = placed
        if not pile.assignment or pile.assignment in known:
            mine = piles.setdefault((pile.label, key), pile)
            mine.files.append((name, entry))
            mine.late |= pile.late
    return tuple(attempt for pile in piles.values() for attempt in _attempts(pile)), tuple(nobodys)


def _placed(entry: Entry, zone: datetime.tzinfo | None) -> tuple[str, _Pile, str] | None:
    """What an entry belongs to: a key, the pile with that key, and the file's name in it."""
    parts = entry.path.parts
    for position, part in enumerate(parts[:-1]):
        rest = "/".join(parts[position + 1 :])
        if (inbound := _INBOUND.match(part)) is not None:
            time = _clock(inbound["time"][:19], "%Y-%m-%d %H:%M:%S", datetime.timezone.utc)
            return part, _Pile(printable(inbound["who"]), time, inbound["of"]), rest
        if is_exported(part):
            return part, _Pile(student_in(part)), rest
    student, name = exported_file(parts[-1]) if parts else ("", "")
    if not student:
        return None
    told = _BLACKBOARD.search(parts[-1])
    at = _clock(told["time"], "%Y-%m-%d-%H-%M-%S", zone) if told else None
    return (told["time"] if told else ""), _Pile(student, at, late=bool(_LATE.search(parts[-1]))), name or parts[-1]


def _clock(text: str, form: str, zone: datetime.tzinfo | None) -> datetime.datetime | None:
    """A time in a name; None where it is none, such as the 31st of June."""
    try:
        return local(datetime.datetime.strptime(text, form), zone)
    except (ValueError, OverflowError):
        return None


def _attempts(pile: _Pile) -> list[Attempt]:
    """One for all files of a folder. Where files lie side by side, as in Canvas's export, each notebook with its own
    version at the end of its name is one, and takes along what has the same version or none."""
    named = _named(pile.files)
    times = [entry.time for _, entry in pile.files if entry.time is not None]
    doubled = tuple(sorted({name for name, _ in named if sum(name == other for other, _ in named) > 1}))
    whole = Attempt(
        pile.label, dict(named), pile.time or max(times, default=None),
        assignment=pile.assignment, late=pile.late, doubled=doubled,
    )  # fmt: skip
    versions = sorted({_version(name) for name in whole.works})
    if doubled or len(versions) < 2 or any("/" in name for name in whole.files):
        return [whole]
    found = []
    for version in versions:
        files = {name: entry for name, entry in named if _version(name) in (version, 0) or name not in whole.works}
        files = {name: entry for name, entry in files.items() if name not in whole.works or _version(name) == version}
        own = [entry.time for name, entry in files.items() if name in whole.works and entry.time is not None]
        found.append(Attempt(pile.label, files, pile.time or max(own, default=None), version, "", pile.late))
    return found


def _version(name: str) -> int:
    found = _VERSION.search(PurePosixPath(name).stem)
    return int(found["number"]) if found else 0


def _named(files: Sequence[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    """Names as seen from the notebook: folders around everything are left out."""
    folders = [PurePosixPath(name).parts[:-1] for name, _ in files]
    common = 0
    while all(len(parts) > common and parts[common] == folders[0][common] for parts in folders):
        common += 1
    # What seq2kit keeps models in lies beside the notebook, and is no folder around it.
    if not any(sort_of(name) is Sort.NOTEBOOK or is_zip(name) for name, _ in files):
        common = 0
    return [("/".join(PurePosixPath(name).parts[common:]), entry) for name, entry in files]


def by_student(found: Iterable[tuple[str, Attempt]]) -> dict[tuple[str, str], list[Attempt]]:
    """(student or group, assignment) -> attempts, the newest last. One of which nobody knows the time comes first."""
    never = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
    piles: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for student, attempt in found:
        piles[student, attempt.assignment].append(attempt)
    return {key: sorted(some, key=lambda one: (one.time or never, one.order)) for key, some in piles.items()}
