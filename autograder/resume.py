"""What is graded already: the same work, by the same checks, under the same settings.

So whatever ended a run, the same command goes on where it was. What was kept of a grade counts only whole, and only for
exactly what would be graded now; in doubt the work is run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

from autograder.collect import collect
from autograder.course import Course, Prepared
from autograder.gradebook.kept import executed, is_genuine, read_kept
from autograder.model import Grade, Submission


class State(str, Enum):
    """Where a submission stands. Only GRADED needs no run."""

    GRADED = "graded"
    NEW = "not graded yet"
    WORK = "handed in anew"
    CHECKS = "the assignment has changed"
    SETTINGS = "other versions, settings or seed"
    UNDECIDED = "some points could not be checked"
    CHANGED = "what was kept of it was changed by hand"
    UNREADABLE = "cannot be read"


@dataclass(frozen=True)
class Stand:
    """A submission with where it stands; `grade` is the last one that was kept, if any, with the answers it is about;
    `notebook` what was executed then, where it counts."""

    submission: Submission
    state: State
    grade: Grade | None = None
    notebook: Mapping[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> Grade | None:
        """The grade that counts, as a run would have given it; None where there has to be a run."""
        if self.state is not State.GRADED or self.grade is None:
            return None
        return replace(self.grade, notebook=dict(self.notebook))


def stand(course: Course, prepared: Prepared, submission: Submission, home: Path, seed: int | None = None) -> Stand:
    """Where this submission stands, by what lies in `home`. A `seed` of None is any. Raises GradebookError where the
    key of the course cannot be read, and nothing else, whatever a student handed in."""
    kept = read_kept(home, submission.assignment, submission.student)
    try:
        digest = collect(submission, prepared.release).digest
    except Exception:  # a student's file or a fault of ours: why is for the run to say, and it costs nobody else
        return Stand(submission, State.UNREADABLE, kept)
    if kept is None:
        return Stand(submission, State.NEW)
    if not is_genuine(home, submission.assignment, submission.student):
        return Stand(submission, State.CHANGED, kept)
    state = _state(kept, digest, prepared.digest, course.settings, seed)
    if state is not State.GRADED:
        return Stand(submission, state, kept)
    notebook = executed(home, kept)
    if notebook is None:  # what formgrader shows is gone: running it again is the way to have it back
        return Stand(submission, State.NEW, kept)
    return Stand(submission, state, kept, notebook)


def _state(kept: Grade, digest: str, edition: str, settings: str, seed: int | None) -> State:
    if kept.digest != digest:
        return State.WORK
    if kept.edition != edition:
        return State.CHECKS
    if kept.settings != settings or (seed is not None and kept.seed != seed):
        return State.SETTINGS
    return State.UNDECIDED if kept.pending else State.GRADED
