"""What a worker of a fleet does: open a course once, keep it warm, and grade what it is sent.

Dask calls the two functions here by name. Both take bytes and give bytes, and neither raises: a fault of one
submission is its grade, a worker that is not fit says so in a sentence that tells what to do.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder import versions
from autograder.course import Course, Spec
from autograder.errors import SandboxError, SandboxUnavailable, Seq2gradeError
from autograder.fleet.wire import Answer, Greeting, Job, code_digest
from autograder.model import Grade
from autograder.pipeline import grade_submission, lost

PLACE = "SEQ2GRADE_COURSE"  # names the course's folder where it is not where the others have it


@dataclass
class _Desk:
    """A course that is open. `hidden` is what any run over it wants hidden; `at_work` counts who is grading."""

    course: Course
    hidden: dict[str, None] = field(default_factory=dict)
    at_work: int = 0


class _Hall:
    """The courses that this process has open, and the greetings that they answered."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.desks: dict[Spec, _Desk] = {}
        self.greeted: dict[str, tuple[Greeting, _Desk]] = {}

    def welcome(self, greeting: Greeting) -> None:
        """Be ready for what it names. Raises Seq2gradeError with a sentence where that cannot be."""
        if greeting.code != code_digest():
            raise Seq2gradeError(_other_code())
        spec = replace(greeting.spec, root=Path(os.environ.get(PLACE) or greeting.spec.root))
        if not (spec.root / "assignments").is_dir():
            raise Seq2gradeError(
                f"{spec.root} is no course there: share that folder with the worker, or start the worker with {PLACE} "
                "naming its copy"
            )
        with self.lock:
            desk = self.desks.get(spec) or self._open(spec)
            if desk.course.settings != greeting.settings:
                raise Seq2gradeError(
                    f"it would grade with other versions or settings ({desk.course.settings}; here: "
                    f"{greeting.settings}): install the same ones there"
                )
            for assignment, edition in greeting.editions.items():
                if desk.course.prepare(assignment).digest != edition:
                    raise Seq2gradeError(_other_edition(assignment, spec.root))
            fresh = [path for path in greeting.hidden if path not in desk.hidden]
            desk.hidden |= dict.fromkeys(fresh)
            if fresh or not self.greeted:
                desk.course.zygote.hide(*desk.hidden, *_keys())
            desk.course.zygote.start()
            self.greeted[greeting.key] = greeting, desk

    def _open(self, spec: Spec) -> _Desk:
        """Close what nobody uses first: a warm process holds hundreds of megabytes."""
        for other in [known for known, desk in self.desks.items() if not desk.at_work]:
            desk = self.desks.pop(other)
            self.greeted = {key: one for key, one in self.greeted.items() if one[1] is not desk}
            desk.course.close()
        self.desks[spec] = desk = _Desk(Course.open(spec))
        return desk

    def take(self, key: str) -> _Desk | None:
        """The desk for a job, which is at work until `put_back`; None where nobody was greeted so."""
        with self.lock:
            if key not in self.greeted:
                return None
            desk = self.greeted[key][1]
            desk.at_work += 1
            return desk

    def put_back(self, desk: _Desk) -> None:
        with self.lock:
            desk.at_work -= 1


_hall = _Hall()


def dask_setup(_: object) -> None:
    """Dask calls it in each worker that names this module as preload: those of one run, on one terminal. Ctrl-C there
    is for the command, which ends its workers itself."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def greet(data: bytes) -> bytes:
    """Get ready. `data` is a Greeting; gives an Answer: ready, or refused with a sentence."""
    try:
        _hall.welcome(Greeting.load(data))
        return Answer(ready=True).dump()
    except Seq2gradeError as error:
        # a warm process that does not start on a busy machine may start the next time
        later = isinstance(error, SandboxError) and not isinstance(error, SandboxUnavailable)
        return Answer(refused=str(error), later=later).dump()
    except Exception as error:  # a message of another version may lack anything
        return Answer(refused=f"it cannot be used: {error!r}; install the same versions there").dump()


def grade(data: bytes) -> bytes:
    """Grade one submission. `data` is a Job; gives an Answer: the grade; unknown, where a greeting has to come first;
    or refused, where the assignment is another one here by now."""
    try:
        job = Job.load(data)
        desk = _hall.take(job.greeting)
    except Exception as error:
        return Answer(refused=f"it cannot read what it is sent: {error!r}; install the same versions there").dump()
    if desk is None:
        return Answer(unknown=True).dump()
    try:
        return _answer(desk.course, job).dump()
    finally:
        _hall.put_back(desk)


def _answer(course: Course, job: Job) -> Answer:
    submission = job.collected.submission
    try:
        if course.prepare(submission.assignment).digest != job.edition:
            return Answer(refused=_other_edition(submission.assignment, course.root))
    except Seq2gradeError as error:
        return Answer(refused=str(error))
    found = _graded(course, job)
    if found.edition not in ("", job.edition):
        return Answer(refused=_other_edition(submission.assignment, course.root))
    return Answer(found)


def _graded(course: Course, job: Job) -> Grade:
    """A grade, whatever happens, as the local fleet has it."""
    submission = job.collected.submission
    try:
        return grade_submission(course, submission, job.seed, None, job.earlier, job.collected)
    except BaseException as error:
        return lost(course, submission, f"failed: {error!r}", job.seed)


def _other_code() -> str:
    return (
        f"it has another seq2grade (there: {', '.join(versions.lines()[:2])}, code {code_digest()[:12]}): install the "
        "very same one there"
    )


def _other_edition(assignment: str, root: Path) -> str:
    return (
        f"{assignment} in {root} is not the one that is graded here: share one course folder, or copy assignments/ and "
        "release/ there"
    )


def _keys() -> tuple[str, ...]:
    """The files with which this worker proves who it is to the fleet."""
    import dask.config

    found = (dask.config.get(f"distributed.comm.tls.{role}.key", None) for role in ("worker", "client", "scheduler"))
    return tuple(path for path in found if isinstance(path, str) and os.path.isfile(path))
