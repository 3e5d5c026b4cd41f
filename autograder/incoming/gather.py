"""An export into submitted/: whose work it is, which attempt counts, and what somebody should know of the rest."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.collect.names import shown
from autograder.errors import CollectError, Seq2gradeError
from autograder.incoming.handed import Attempt, attempts, by_student
from autograder.incoming.people import Roster, is_folder_name
from autograder.incoming.place import Content, read, standing, write
from autograder.incoming.source import opened, told

ATTEMPT = ("newest", "best", "all")


@dataclass(frozen=True)
class Trial:
    """An attempt that is graded to see which is best, in a folder `label` as a student has one."""

    label: str
    student: str
    assignment: str
    time: datetime.datetime | None


# The folder of all trials, and the trials -> by label, points and what could not be checked of them.
Grades = Callable[[Path, Sequence[Trial]], dict[str, tuple[float, float]]]


@dataclass(frozen=True)
class _Choice:
    student: str
    assignment: str
    attempts: tuple[Attempt, ...]

    def __hash__(self) -> int:
        return hash((self.student, self.assignment))


@dataclass(frozen=True)
class Wish:
    """What is asked for. `assignment` is "" where the export tells; `roster` None: names as the platform has them."""

    source: Path
    into: Path
    known: Collection[str]
    assignment: str = ""
    roster: Roster | None = None
    attempt: str = "newest"
    zone: datetime.tzinfo | None = None
    replace: bool = False


@dataclass
class Gathered:
    """What came of it. `notes` are lines for everybody; `trouble`: work that did not find its place."""

    written: int = 0
    same: int = 0
    notes: list[str] = field(default_factory=list)
    trouble: bool = False

    def wrong(self, line: str) -> None:
        """A line about work that is not where it should be."""
        self.notes.append(line)
        self.trouble = True


def gather(wish: Wish, grade: Grades) -> Gathered:
    """Do it. One bad submission never stops the others. `grade` is asked where the best attempt is to count. Raises
    CollectError for what is no export, Seq2gradeError for a wish that cannot be met."""
    if wish.attempt not in ATTEMPT:
        raise Seq2gradeError(f"--attempt {wish.attempt}: expected one of {', '.join(ATTEMPT)}")
    done = Gathered()
    with opened(wish.source, wish.zone) as entries:
        found, nobodys = attempts(entries, wish.known, wish.zone)
        if not found:
            raise CollectError(
                f"{wish.source} holds no submission that is named as Moodle, Canvas or nbgrader's exchange name them"
            )
        if not wish.assignment and any(not one.assignment for one in found):
            raise Seq2gradeError(f"{wish.source} does not tell its assignment: name it by --assignment")
        if wish.assignment:
            found = tuple(
                replace(one, assignment=wish.assignment) for one in found if one.assignment in ("", wish.assignment)
            )
        with tempfile.TemporaryDirectory(prefix="seq2grade-") as work:
            choices = []
            for key, some in sorted(by_student(_whose(found, wish.roster, done)).items()):
                with _told(key[0], done):
                    choices.append(_one(key, some, wish, done, Path(work) / "submitted"))
            sure = [one for one in choices if one is not None]
            best = _best(sure, Path(work) / "submitted", grade, done) if wish.attempt == "best" else {}
        for one in sure:
            with _told(one.student, done):
                _place(one, best.get(one, len(one.attempts) - 1), wish, done)
    for entry in nobodys[:20]:
        done.notes.append(f"{told(entry)}: its name tells no student; passed over")
    if nobodys[20:]:
        done.notes.append(f"{len(nobodys) - 20} more files tell no student")
    return done


def _folder(members: tuple[str, ...], roster: Roster | None) -> str:
    """What the folder of these students is called: by all of them, a group too large for that by its own name; "" where
    neither can name a folder."""
    names = ["+".join(members), roster.group_of(members) if roster is not None else ""]
    return next((name for name in names if is_folder_name(name)), "")


@contextlib.contextmanager
def _told(student: str, done: Gathered) -> Iterator[None]:
    """One submission that cannot be read or written never stops the others."""
    try:
        yield
    except (CollectError, OSError) as error:
        done.wrong(f"{student}: {str(error).rstrip('.')}; left out")


def _whose(found: Sequence[Attempt], roster: Roster | None, done: Gathered) -> list[tuple[str, Attempt]]:
    """Each attempt with the folder of its students. Whoever is unknown is told, and so is who handed in nothing."""
    placed, seen = [], set[str]()
    for attempt in found:
        members = roster.members(attempt.label) if roster is not None else (attempt.label,)
        if not members:
            done.wrong(f"{shown(attempt.label)}: in no line of the roster, or in two; left out")
        elif not (folder := _folder(members, roster)):
            done.wrong(f"{shown('+'.join(members))}: cannot name a folder; left out")
        else:
            placed.append((folder, attempt))
            seen.update(members)
    if roster is not None:
        done.notes += [f"{one.student}: nothing was handed in" for one in roster.people if one.student not in seen]
    return placed


def _one(key: tuple[str, str], some: list[Attempt], wish: Wish, done: Gathered, work: Path) -> _Choice | None:
    """One student's attempts, the newest last, or those of one group. Where the best counts, a copy of each goes into
    `work`."""
    student, assignment = key
    able = [one for one in some if one.works]
    usable = []
    for one in able or some[-1:]:
        content = _read(student, one, done)
        if content is not None:
            usable.append(one)
            number = len(usable)
            if wish.attempt == "all":
                earlier = wish.into.with_name(f"{wish.into.name}-attempts") / str(number) / student / assignment
                _put(earlier, f"{student}, attempt {number}", content, wish, Gathered())
            if wish.attempt == "best" and len(able) > 1:
                write(work / _label(key, number) / assignment, content)
    if usable and not able:
        done.notes.append(f"{student}: no notebook was handed in")
    return _Choice(student, assignment, tuple(usable)) if usable else None


def _label(key: tuple[str, str], number: int) -> str:
    """A folder for one attempt, which tells its grader nothing of the student."""
    return hashlib.sha256(repr((key, number)).encode()).hexdigest()[:24]


def _read(student: str, attempt: Attempt, done: Gathered) -> Content | None:
    try:
        content = read(attempt, attempt.assignment)
    except CollectError as error:
        done.wrong(f"{student}: {str(error).rstrip('.')}; left out")
        return None
    done.notes += [f"{student}: {line}" for line in content.refused[:5]]
    if content.refused[5:]:
        done.notes.append(f"{student}: {len(content.refused) - 5} more files were left out")
    if not content.files:
        done.wrong(f"{student}: nothing of it can be used; left out")
        return None
    return content


def _best(choices: Sequence[_Choice], work: Path, grade: Grades, done: Gathered) -> dict[_Choice, int]:
    """Which attempt of each has the most points, of equal ones the newest. One of which points could not be checked
    might be better: that is told."""
    several = [one for one in choices if len(one.attempts) > 1]
    trials = [
        Trial(_label((one.student, one.assignment), number), one.student, one.assignment, attempt.time)
        for one in several
        for number, attempt in enumerate(one.attempts, 1)
    ]
    points = grade(work, trials) if trials else {}
    places = {}
    for one in several:
        labels = [_label((one.student, one.assignment), number + 1) for number in range(len(one.attempts))]
        scores = [points.get(label, (0.0, 0.0)) for label in labels]
        places[one] = place = max(range(len(scores)), key=lambda n: (scores[n][0], n))
        listed = ", ".join(f"{score:.4g}" for score, _ in scores)
        done.notes.append(f"{one.student}: attempt {place + 1} of {len(scores)} counts; they got {listed} points")
        if any(score + pending > scores[place][0] for score, pending in scores if pending):
            done.wrong(f"{one.student}: points could not be checked; collect again to be sure which is best")
    return places


def _place(choice: _Choice, number: int, wish: Wish, done: Gathered) -> None:
    attempt = choice.attempts[number]
    content = _read(choice.student, attempt, Gathered())
    if content is None:
        done.wrong(f"{choice.student}: its files changed while they were read; left out")
        return
    if attempt.late:
        done.notes.append(f"{choice.student}: the platform calls it late")
    _put(wish.into / choice.student / choice.assignment, choice.student, content, wish, done)


def _put(folder: Path, who: str, content: Content, wish: Wish, done: Gathered) -> None:
    stands = standing(folder, content)
    if stands == "same":
        done.same += 1
    elif stands and not (wish.replace and folder.is_dir() and not folder.is_symlink()):
        done.wrong(f"{who}: {stands}")
    else:
        write(folder, content)
        done.written += 1
