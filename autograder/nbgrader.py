"""Our pipeline inside `nbgrader autograde` and formgrader, by nbgrader's own options (nbgrader_config.py).

nbgrader converts a submission in two steps, each read by an exporter and worked on by preprocessors. Here the
exporter reads nothing that a student wrote; `Collect` cleans up what nbgrader copied; `Judge` grades the file
in submitted/ as `seq2grade grade` does and hands on the executed notebook; `SaveScores` fills the gradebook.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
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

from autograder.collect import find_submissions
from autograder.collect.files import extra_files
from autograder.collect.read import read_regular
from autograder.errors import CollectError, GradebookError
from autograder.gradebook import CourseGradebook, autograded_notebook, database_url
from autograder.model import Grade, Submission
from autograder.pipeline import Course, grade_submission

REFUSED = ".refused"
TIMESTAMP = "timestamp.txt"
# Which sandbox nbgrader's commands use; `seq2grade grade` has an option for it.
SANDBOX = "SEQ2GRADE_SANDBOX"
_GRADE = "seq2grade"
T = TypeVar("T")


class _Courses:
    """The courses that this process has open. A formgrader server grades for days with one warm sandbox."""

    def __init__(self) -> None:
        self._open: dict[Path, Course] = {}
        self._lock = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None

    def at(self, root: Path) -> Course:
        with self._lock:
            if root not in self._open:
                self._open[root] = Course.open(root, os.environ.get(SANDBOX, "auto"))
            return self._open[root]

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


def prepare(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before it touches a submission (pre_convert_hook).

    Registers the assignment if nobody has, so that a fresh clone can grade; sets aside what nbgrader must not
    open; and has nbgrader look for the notebook under the assignment's name, whatever the student's is called.
    """
    root, folder = Path.cwd(), Path(notebooks[0]).parent
    source = root / "source" / assignment / f"{assignment}.ipynb"
    if source.is_file():
        with CourseGradebook(database_url(root)) as book:
            book.register(assignment, json.loads(source.read_text(encoding="utf-8")))
    set_aside(folder)
    # nbgrader goes through this very list afterwards.
    notebooks[:] = [str(folder / f"{assignment}.ipynb")]


def set_aside(folder: Path) -> tuple[str, ...]:
    """Rename links, pipes and devices in a submission, and a timestamp.txt without a time, so that nbgrader,
    which follows and copies all of them, passes them over. Returns the new names. Nothing is deleted."""
    if folder.is_symlink() or folder.parent.is_symlink():
        # What is in there may not be the student's; Collect removes what nbgrader copies from it.
        return ()
    renamed = []
    for here, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(here, name)
            if name.endswith((REFUSED, ".ipynb")) or not _is_trap(path, folder):
                continue
            target = folder / ("_".join(path.relative_to(folder).parts) + REFUSED)
            if not os.path.lexists(target):
                path.rename(target)
                renamed.append(target.name)
    return tuple(renamed)


def _is_trap(path: Path, folder: Path) -> bool:
    if not stat.S_ISREG(path.lstat().st_mode):
        return True
    return path == folder / TIMESTAMP and not _tells_time(path)


def _tells_time(path: Path) -> bool:
    try:
        text = read_regular(path, 1000).decode().strip()
        return not text or parse_utc(text) is not None
    except (CollectError, ValueError, OverflowError):
        return False


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
            Path(folders.root), student, assignment, path(folders.submitted_directory, student),
            path(folders.autograded_directory, student), path(folders.source_directory, "."), names["db_url"])


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
        place = self._place(resources)
        with CourseGradebook(place.db_url) as book:
            book.begin(place.student, place.assignment)
        for name in remove_refused(place.autograded, place.submitted, place.source):
            self.log.warning("Removed %s, which was copied from a submission but is not accepted", name)
        return nb, resources


def remove_refused(copies: Path, submitted: Path, source: Path) -> tuple[str, ...]:
    """Delete from `copies` what came from `submitted` through a link or otherwise against our rules.

    What the instructor gave along in `source` stays. Returns the names of what was deleted.
    """
    accepted = {TIMESTAMP}
    if not submitted.is_symlink() and not submitted.parent.is_symlink():
        accepted |= set(extra_files(submitted, "")[0])
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
            course = courses.at(place.root)
            grade = grade_submission(course, place.submission)
            return grade, autograded_notebook(grade, course.prepare(place.assignment).release)

        grade, notebook = courses.call(work)
        if grade.error:
            self.log.warning("%s of %s: %s", place.assignment, place.student, grade.error)
        resources[_GRADE] = grade
        return nbformat.from_dict(notebook), resources


class SaveScores(_Step):
    """Enter the grade that Judge left in the resources."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        place, grade = self._place(resources), resources[_GRADE]
        if grade.student != place.student:
            raise GradebookError(f"The folder name {place.student!r} is no text; rename the student's folder.")
        with CourseGradebook(place.db_url) as book:
            book.record(grade)
        return nb, resources
