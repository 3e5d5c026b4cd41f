"""How often and how fast the work of a student is graded anew: feedback is an oracle for questions with few answers.

    [attempts]              # in assignment.toml, or for all assignments in course.toml
    per_day = 3             # so many in any 24 hours
    wait_minutes = 10       # so long after the one before

An attempt is work that differs from what was graded before it. It counts from the moment it begins to be graded: who
kills the run, or meets a fault of ours, hands in the same work again, and that is no further attempt.

Setting a clock does not help. What was written down in what is now the future happened just now, and between two starts
of the machine its own count of seconds has to agree with the clock.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from autograder.authoring import AttemptsTable, CourseTable, read_table, read_toml
from autograder.collect import collect
from autograder.course import Course
from autograder.errors import Seq2gradeError
from autograder.gradebook.kept import KEPT, private_folder
from autograder.model import Submission
from autograder.writing import replace_file

FOLDER = ".attempts"  # no assignment can be called that
DAY = 24 * 3600.0
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_CLOCKS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True)
class Moment:
    """Seconds of the wall clock (UTC, since 1970), and since which start of the machine how many have passed."""

    wall: float
    boot: str
    since: float

    def before(self, now: Moment) -> float:
        """How many seconds lie between this and `now`, at least."""
        passed = max(0.0, now.wall - self.wall)
        return min(passed, max(0.0, now.since - self.since)) if self.boot and self.boot == now.boot else passed


@dataclass(frozen=True)
class Attempt:
    """Work by its digest, and when it began to be graded."""

    digest: str
    at: Moment


@dataclass(frozen=True)
class Rule:
    """What is allowed; None: as often, or as soon, as one likes."""

    per_day: int | None = None
    wait_minutes: float | None = None

    @property
    def limits(self) -> bool:
        """Whether it forbids anything."""
        return self.per_day is not None or self.wait_minutes is not None

    def wait(self, earlier: Sequence[Attempt], now: Moment) -> float:
        """Seconds until a further attempt is possible; 0 where it is now. `earlier` in their order."""
        waits = [0.0]
        if self.wait_minutes is not None and earlier:
            waits.append(60 * self.wait_minutes - earlier[-1].at.before(now))
        if self.per_day is not None and len(earlier) >= self.per_day:
            waits.append(DAY - earlier[-self.per_day].at.before(now))
        return max(waits)

    def sentence(self, wait: float, now: Moment) -> str:
        """Why work is not graded now, and when it will be; safe for the student."""
        rules = []
        if self.per_day is not None:
            rules.append(f"at most {self.per_day} time{'s' * (self.per_day != 1)} in 24 hours")
        if self.wait_minutes is not None:
            rules.append(f"{self.wait_minutes:g} minutes after the last time")
        minute = 60 * math.ceil((now.wall + wait) / 60)
        when = datetime.datetime.fromtimestamp(minute, datetime.timezone.utc)
        return (
            f"New work is graded {' and '.join(rules)}. What was handed in now can be graded from "
            f"{when:%Y-%m-%d %H:%M} UTC on; until then the last grade stands."
        )


def rule_of(root: Path, assignment: str) -> Rule:
    """The rule of an assignment, else that of its course. Raises AssignmentError for a wrong value."""
    path, course = root / "assignments" / assignment / "assignment.toml", root / "course.toml"
    table: AttemptsTable | None = read_toml(path).attempts
    if table is None and course.is_file():
        table = read_table(course, CourseTable).attempts
    return Rule() if table is None else Rule(table.per_day, table.wait_minutes)


def this_moment() -> Moment:
    """Now."""
    boot = _BOOT.read_text(encoding="ascii").strip() if _BOOT.is_file() else ""
    return Moment(time.time(), boot, time.clock_gettime(_CLOCKS))


@dataclass(frozen=True)
class Attempts:
    """What is written down at `home`, in the folder where grades are kept. `clock` says what time it is."""

    home: Path
    clock: Callable[[], Moment] = this_moment

    def refusal(self, rule: Rule, assignment: str, student: str, digest: str) -> str:
        """Why work of this digest may not be graded now; "" where it may."""
        earlier, now = self._read(assignment, student), self.clock()
        if not earlier or earlier[-1].digest == digest:
            return ""
        if any(one.at.wall > now.wall for one in earlier):
            with contextlib.suppress(OSError):  # else it would be waited for until the clock is there
                self._write(assignment, student, _not_ahead(earlier, now))
        wait = rule.wait(earlier, now)
        return rule.sentence(wait, now) if wait > 0 else ""

    def note(self, assignment: str, student: str, digest: str) -> None:
        """Write down that work begins to be graded, unless it is the last that did. Raises OSError."""
        earlier, now = self._read(assignment, student), self.clock()
        if earlier and earlier[-1].digest == digest:
            return
        recent = [one for one in _not_ahead(earlier, now) if one.at.before(now) < DAY]
        self._write(assignment, student, [*recent, Attempt(digest, now)])

    def _read(self, assignment: str, student: str) -> list[Attempt]:
        """In their order. A file that cannot be read limits nobody: that is a fault of ours."""
        try:
            found = json.loads(self._path(assignment, student).read_text(encoding="utf-8"))
            return [Attempt(one["digest"], Moment(**one["at"])) for one in found]
        except (OSError, ValueError, TypeError, LookupError):
            return []

    def _write(self, assignment: str, student: str, attempts: Sequence[Attempt]) -> None:
        text = json.dumps([asdict(one) for one in attempts], indent=1)
        private_folder(self.home / KEPT)
        replace_file(self._path(assignment, student), text, 0o600)

    def _path(self, assignment: str, student: str) -> Path:
        return self.home / KEPT / FOLDER / assignment / f"{student}.json"


def _not_ahead(attempts: Sequence[Attempt], now: Moment) -> list[Attempt]:
    """What a clock that was ahead has written down counts from now on, and not only once that time has come."""
    return [replace(one, at=replace(one.at, wall=min(one.at.wall, now.wall))) for one in attempts]


def looked_through(
    course: Course, submissions: Sequence[Submission], attempts: Attempts
) -> tuple[dict[Path, str], dict[Path, str]]:
    """By path: the digest of each submission that counts as an attempt when it is graded, and the sentence that refuses
    one. What cannot be read is neither: nobody learns from it."""
    digests, refused = {}, {}
    rules: dict[str, Rule] = {}
    for one in submissions:
        if course.known(one.assignment) is None:
            continue
        if one.assignment not in rules:
            rules[one.assignment] = rule_of(course.root, one.assignment)
        if not (rule := rules[one.assignment]).limits:
            continue
        with contextlib.suppress(Seq2gradeError, OSError):
            digest = collect(one, course.prepare(one.assignment).release).digest
            if sentence := attempts.refusal(rule, one.assignment, one.student, digest):
                refused[one.path] = sentence
            else:
                digests[one.path] = digest
    return digests, refused
