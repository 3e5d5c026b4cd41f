"""Our pipeline inside `nbgrader autograde` and formgrader, by nbgrader's own options (nbgrader_config.py).

nbgrader converts a submission in two steps, each read by an exporter and worked on by preprocessors. Here the
exporter reads nothing that a student wrote; `Collect` cleans up what nbgrader copied; `Judge` grades the file
in submitted/ as `seq2grade grade` does and hands on the executed notebook; `SaveScores` fills the gradebook.
autograder/pages.py has what instructors and students see on nbgrader's pages.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import datetime
import json
import os
import secrets
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import parse_utc

from autograder.authoring import read_toml
from autograder.collect import find_submissions
from autograder.collect.files import extra_files, linked_elsewhere
from autograder.collect.read import read_regular
from autograder.course import Course, Spec, wanted_devices
from autograder.deadlines import Deadline, deadline
from autograder.device import choose
from autograder.errors import CollectError, GradebookError
from autograder.gradebook import CourseGradebook, autograded_notebook, database_url
from autograder.gradebook.kept import read_kept, write_kept
from autograder.gradebook.late import LatePolicy
from autograder.gradebook.released import SECRET, TIMESTAMP, write_release_files
from autograder.gradebook.standing import same_work
from autograder.model import Grade, Submission
from autograder.pipeline import grade_submission
from autograder.zipped import see_zips

REFUSED = ".refused"
_NAME_BYTES = 200
# Which sandbox and device nbgrader's commands use; `seq2grade grade` has options for them.
SANDBOX = "SEQ2GRADE_SANDBOX"
DEVICE = "SEQ2GRADE_DEVICE"
_GRADE = "seq2grade"
T = TypeVar("T")


class _Courses:
    """The courses that this process has open. A formgrader server grades for days with one warm sandbox."""

    def __init__(self) -> None:
        self._open: dict[tuple[Path, str], Course] = {}
        self._lock = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None

    def at(self, root: Path, assignment: str) -> Course:
        """Raises Seq2gradeError where the assignment cannot have the device that it wants."""
        device = choose(os.environ.get(DEVICE, "auto"), wanted_devices(root, [assignment]))
        with self._lock:
            if (root, device) not in self._open:
                self._open[root, device] = Course.open(Spec(root, os.environ.get(SANDBOX, "auto"), device))
            return self._open[root, device]

    def call(self, work: Callable[[], T]) -> T:
        """Do the work here, or in one thread of our own when an event loop runs here, as in formgrader: the
        pipeline starts a loop itself. One thread, kept: the sandbox ends with the thread that started it."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return work()
        with self._lock:
            self._thread = self._thread or ThreadPoolExecutor(1, "seq2grade")
        return self._thread.submit(work).result()

    def close(self) -> None:
        """End the warm sandboxes."""
        while self._open:
            self._open.popitem()[1].close()


courses = _Courses()
atexit.register(courses.close)
see_zips()


def prepare(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before it touches a submission (pre_convert_hook).

    Registers the assignment if nobody has, so that a fresh clone can grade; sets aside what nbgrader must not
    open; and has nbgrader look for the notebook under the assignment's name, whatever the student's is called.
    """
    root, folder = Path.cwd(), Path(notebooks[0]).parent
    source = root / "source" / assignment / f"{assignment}.ipynb"
    if source.is_file():
        with CourseGradebook(database_url(root)) as book:
            notebook = json.loads(source.read_text(encoding="utf-8"))
            book.register(assignment, notebook, deadline=_deadline(root, assignment))
    set_aside(folder)
    # nbgrader goes through this very list afterwards.
    notebooks[:] = [str(folder / f"{assignment}.ipynb")]


def _deadline(root: Path, assignment: str) -> Deadline:
    path = root / "assignments" / assignment / "assignment.toml"
    return deadline(root, assignment, read_toml(path).due if path.is_file() else None)


def set_aside(folder: Path) -> tuple[str, ...]:
    """Rename links, pipes, devices and hard links to files elsewhere in a submission, and a timestamp.txt without a
    time, so that nbgrader, which follows and copies all of them, passes them over. Returns the new names. Nothing is
    deleted."""
    if folder.is_symlink() or folder.parent.is_symlink():
        # What is in there may not be the student's; Collect removes what nbgrader copies from it.
        return ()
    renamed = []
    elsewhere = linked_elsewhere(folder.parent)
    for here, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(here, name)
            if name.endswith((REFUSED, ".ipynb")) or not _is_trap(path, folder, elsewhere):
                continue
            target = _free_name(folder, "_".join(path.relative_to(folder).parts))
            # What cannot be renamed must not keep the others from it.
            with contextlib.suppress(OSError):
                path.rename(target)
                renamed.append(target.name)
    return tuple(renamed)


def _free_name(folder: Path, name: str) -> Path:
    """A name in `folder` that nothing has and that is passed over; a student may have taken those that come first."""
    short = os.fsdecode(os.fsencode(name)[:_NAME_BYTES])
    target = folder / (short + REFUSED)
    while os.path.lexists(target):
        target = folder / f"{short}-{secrets.token_hex(4)}{REFUSED}"
    return target


def _is_trap(path: Path, folder: Path, elsewhere: Callable[[os.stat_result], bool]) -> bool:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or elsewhere(status):
        return True
    return path == folder / TIMESTAMP and not _tells_time(path)


def _tells_time(path: Path) -> bool:
    try:
        _time(path)
        return True
    except (CollectError, ValueError, OverflowError):
        return False


def _time(path: Path) -> datetime.datetime | None:
    """What a timestamp.txt says (UTC, without zone); None where it is empty. Raises where it says no time."""
    text = read_regular(path, 1000).decode().strip()
    return parse_utc(text) if text else None


@dataclass(frozen=True)
class _Place:
    """Where a submission lies, and where nbgrader's copy of it goes."""

    root: Path
    student: str
    assignment: str
    submitted: Path
    autograded: Path
    source: Path
    db_url: str

    @property
    def submission(self) -> Submission:
        """Raises CollectError when there is none."""
        return find_submissions(self.submitted, self.assignment, [self.assignment])[0]


# Between the two halves of a submission's conversion: the cells whose points a person gave (CourseGradebook.begin).
_settled: dict[_Place, frozenset[str]] = {}


class _Step(NbGraderPreprocessor):
    """A preprocessor that works on whole submissions."""

    def _place(self, resources: Any) -> _Place:
        # An nbgrader preprocessor hangs below its exporter, and that below the converter, which has the course.
        folders = self.parent.parent.coursedir
        names = resources["nbgrader"]
        student, assignment = names["student"], names["assignment"]

        def path(step: str, student: str) -> Path:
            return Path(folders.format_path(step, student, assignment))

        return _Place(
            Path(folders.root),
            student,
            assignment,
            path(folders.submitted_directory, student),
            path(folders.autograded_directory, student),
            path(folders.source_directory, "."),
            names["db_url"],
        )


class UnreadNotebook(NotebookExporter):
    """An exporter that does not open the notebook: it may be broken, endless, or a link to somewhere."""

    def from_filename(self, filename: str, resources: Any = None, **_: Any) -> Any:
        """An empty notebook with the resources that the preprocessors expect."""
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        resources["metadata"]["path"], base = os.path.split(filename)
        resources["metadata"]["name"] = os.path.splitext(base)[0]
        return self.from_notebook_node(nbformat.v4.new_notebook(), resources)  # type: ignore[no-untyped-call]


class Collect(_Step):
    """Blank the scores of an earlier run, and remove what nbgrader copied but we do not accept."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        place, handed_in = self._place(resources), None
        with contextlib.suppress(CollectError, ValueError, OverflowError):
            handed_in = _time(place.submitted / TIMESTAMP)
        with CourseGradebook(place.db_url) as book:
            _settled[place] = book.begin(place.student, place.assignment, handed_in)
        for name in remove_refused(place.autograded, place.submitted, place.source):
            self.log.warning("Removed %s, which was copied from a submission but is not accepted", name)
        return nb, resources


def remove_refused(copies: Path, submitted: Path, source: Path) -> tuple[str, ...]:
    """Delete from `copies` what came from `submitted` through a link or otherwise against our rules.

    What the instructor gave along in `source` stays. Returns the names of what was deleted.
    """
    accepted = {TIMESTAMP, SECRET}
    if not submitted.is_symlink() and not submitted.parent.is_symlink():
        accepted |= set(extra_files(submitted, "", submitted.parent)[0])
    removed = []
    for here, _, names in os.walk(copies):
        for path in sorted(Path(here, name) for name in names):
            name = path.relative_to(copies).as_posix()
            known = name in accepted or (source / name).is_file()
            if path.is_symlink() or not (known and path.is_file()):
                path.unlink()
                removed.append(name)
    return tuple(removed)


class Judge(_Step):
    """Grade the submission, and hand on the executed notebook with the verdicts in it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        place = self._place(resources)

        def work() -> tuple[Grade, dict[str, Any]]:
            course = courses.at(place.root, place.assignment)
            grade = grade_submission(course, place.submission)
            return grade, autograded_notebook(grade, course.prepare(place.assignment).release)

        grade, notebook = courses.call(work)
        if grade.error:
            self.log.warning("%s of %s: %s", place.assignment, place.student, grade.error)
        resources[_GRADE] = grade
        return nbformat.from_dict(notebook), resources


class SaveScores(_Step):
    """Enter the grade that Judge left in the resources, and what handing in late costs."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        place, grade = self._place(resources), resources[_GRADE]
        if grade.student != place.student:
            raise GradebookError(f"The folder name {place.student!r} is no text; rename the student's folder.")
        settled = _settled.pop(place, frozenset())
        policy = LatePolicy(self.config)
        with CourseGradebook(place.db_url, policy=policy) as book:
            book.remember(place.assignment, _deadline(place.root, place.assignment))
            book.record(grade, settled & same_work(read_kept(place.root, place.assignment, place.student), grade))
        for student, why in policy.faults.items():
            self.log.warning("%s: nothing is taken off for handing in late: %s", student, why)
        try:
            write_kept(place.root, grade)
        except GradebookError as error:
            self.log.warning("Not kept for `seq2grade report`: %s", error)
        write_release_files(place.autograded, place.submitted)
        return nb, resources
