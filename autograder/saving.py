"""Keeps what was graded: gradebook, autograded/, reports and results, each for itself.

A fault of one place (a full disk, a database that went away) costs nothing in another and never ends a batch. What
could not be kept is told at the end, one line per kind of fault, and the same command keeps it later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.assignment import Assignment
from autograder.errors import GradebookDown
from autograder.gradebook import write_autograded
from autograder.gradebook.kept import executed, read_kept, write_kept
from autograder.gradebook.released import write_release_files
from autograder.gradebook.standing import Standing, same_work, with_standing
from autograder.model import Grade, Submission
from autograder.notebooks import without_outputs
from autograder.report.plain import plain

if TYPE_CHECKING:
    from autograder.gradebook import CourseGradebook

_PAUSE = 60.0  # seconds before a gradebook that did not answer is asked again
_HURRIED = 10.0  # seconds that it gets to answer at the end
_LAST = 20.0  # seconds that one that is down gets to come back, say from a restart, once all is graded
_NAMED = 5
_STALE = "the gradebook was not brought up to date (it may show earlier scores; these results lack what people gave)"
LATE = "what handing in late costs was not worked out, and nothing is taken off"


@dataclass
class Faults:
    """What could not be saved, by kind: reason -> students."""

    found: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, kind: str, reason: object, student: str = "") -> None:
        """`kind`: what is missing, as the line begins."""
        text = plain(" ".join(str(reason).split()))[:300].rstrip(".")
        names = self.found.setdefault(kind, {}).setdefault(text, [])
        if student and student not in names:
            names.append(plain(student)[:60])

    def lines(self) -> list[str]:
        """One line for each kind of fault."""
        return [_line(kind, reasons) for kind, reasons in self.found.items()]


def _line(kind: str, reasons: Mapping[str, Sequence[str]]) -> str:
    names = list(dict.fromkeys(name for some in reasons.values() for name in some))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    whom = f" for {', '.join(names[:_NAMED])}{more}" if names else ""
    first, *others = reasons
    also = f" (and {len(others)} other reasons)" if others else ""
    return f"{kind}{whom}: {first}{also}. Once that is mended, the same command saves it."


@dataclass
class _Begun:
    """A submission that is being graded: when and where it was handed in, and the cells whose points a person gave;
    None: the gradebook has not heard of it yet."""

    handed_in: datetime | None = None
    folder: Path | None = None
    settled: frozenset[str] | None = None


@dataclass
class Keeper:
    """Saves grades as they come. No method raises. Threads may call `begin` while another saves."""

    book: CourseGradebook | None
    home: Path
    release: Callable[[str], Mapping[str, Any]]
    faults: Faults
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting: list[Grade] = field(default_factory=list)
    _begun: dict[tuple[str, str], _Begun] = field(default_factory=dict)
    _stands: dict[tuple[str, str], Standing] = field(default_factory=dict)
    _ask_again: float = 0.0
    _reason: str = ""
    _hurried: bool = False

    def begin(self, submission: Submission, handed_in: datetime | None) -> None:
        """Blank what an earlier run left in the gradebook. Where that fails, `record` sets it right."""
        begun = _Begun(handed_in, submission.path.parent)
        with self._lock:
            self._begun[submission.assignment, submission.student] = begun
            if self.book is not None and time.monotonic() >= self._ask_again:
                book = self.book
                self._try(submission.student, lambda: self._enter(book, submission, begun), told=False)

    def _enter(self, book: CourseGradebook, submission: Submission | Grade, begun: _Begun) -> None:
        begun.settled = book.begin(submission.student, submission.assignment, begun.handed_in)

    def record(self, grade: Grade) -> None:
        """Save one grade in gradebook and autograded/."""
        begun = self._begun.get((grade.assignment, grade.student), _Begun())
        self._save(replace(grade, notebook=without_outputs(grade.notebook)))
        try:
            path = write_autograded(self.home, grade, self.release(grade.assignment))
            write_release_files(path.parent, begun.folder)
        except Exception as error:
            self.faults.add("autograded/ was not written", error, grade.student)

    def again(self, submission: Submission, handed_in: datetime | None, kept: Grade) -> None:
        """Save in the gradebook a grade that was kept: it then stands there as if it were of this run, whatever an
        earlier one left. Its notebook lies in autograded/ already."""
        self.begin(submission, handed_in)
        self._save(kept)

    def stays(self, submission: Submission) -> Grade | None:
        """The last grade that was kept, of work that may differ from this. Nothing is saved: what stands in the
        gradebook is about that grade."""
        kept = read_kept(self.home, submission.assignment, submission.student)
        book = self.book
        if kept is None or book is None:
            return kept
        name = submission.assignment, submission.student

        def look() -> None:
            self._stands[name] = book.standing(*name)[submission.student]

        with self._lock:
            self._try(submission.student, look, told=False)
        return replace(kept, notebook=executed(self.home, kept) or kept.notebook)

    def _save(self, grade: Grade) -> None:
        with self._lock:
            if self.book is not None:
                self._waiting.append(grade)
                self._flush(self.book)

    def _enter_scores(self, book: CourseGradebook, grade: Grade) -> None:
        """What a person gave stays settled where it was given to this very work."""
        begun = self._begun.get((grade.assignment, grade.student), _Begun())
        if begun.settled is None:
            self._enter(book, grade, begun)
        earlier = read_kept(self.home, grade.assignment, grade.student) if begun.settled else None
        book.record(grade, (begun.settled or frozenset()) & same_work(earlier, grade))
        self._stands[grade.assignment, grade.student] = book.standing(grade.assignment, grade.student)[grade.student]
        try:
            write_kept(self.home, grade)
        except Exception as error:
            self.faults.add("results for `seq2grade report` were not kept", error, grade.student)

    def completed(self, grades: Sequence[Grade], assignments: Mapping[str, Assignment]) -> list[Grade]:
        """The grades with what people and the calendar say of those that were saved."""
        for student, why in (self.book.late_faults() if self.book is not None else {}).items():
            self.faults.add(LATE, why, student)
        return [
            with_standing(grade, stands, assignments[grade.assignment])
            if (stands := self._stands.get((grade.assignment, grade.student))) is not None
            else grade
            for grade in grades
        ]

    def finish(self) -> None:
        """Try once more what the gradebook did not take; tell what it still does not take."""
        if self.book is None:
            return
        self.book.patience = _HURRIED
        deadline = time.monotonic() + _LAST
        with self._lock:
            while self._waiting:
                self._ask_again = 0.0
                self._flush(self.book)
                if not self._waiting or self._hurried or time.monotonic() >= deadline:
                    break
                time.sleep(0.5)
            for grade in self._waiting:
                self.faults.add(_STALE, self._reason, grade.student)

    def hurry(self) -> None:
        """From now on a gradebook that is busy is waited for only briefly, and one that is down not at all."""
        self._hurried = True
        if self.book is not None:
            self.book.patience = _HURRIED

    def _flush(self, book: CourseGradebook) -> None:
        """Save what waits, in its order, as long as the gradebook takes it."""
        while self._waiting and time.monotonic() >= self._ask_again:
            grade = self._waiting[0]
            if not self._try(grade.student, lambda grade=grade: self._enter_scores(book, grade)):  # type: ignore[misc]
                return
            self._waiting.pop(0)

    def _try(self, student: str, work: Callable[[], None], told: bool = True) -> bool:
        """Whether there is no use in trying again: it is done, or will never work (then that is told)."""
        try:
            work()
        except GradebookDown as error:
            self._reason, self._ask_again = str(error), time.monotonic() + _PAUSE
            return False
        except Exception as error:
            if told:
                self.faults.add(_STALE, error, student)
        return True
