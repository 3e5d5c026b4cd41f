"""Faults of the machine in the middle of a batch: nothing that was graded is lost, and a line says what is
missing."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder import batch, saving
from autograder.batch import Done, Plan
from autograder.errors import Seq2gradeError
from autograder.fleet.stop import Stop
from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook import store as gradebook_store
from autograder.grading import Listener
from autograder.model import Grade, Submission
from autograder.sandbox import scratch
from autograder.sandbox.client import Zygote

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]
pytestmark = pytest.mark.usefixtures("warm")

Fault = Callable[[Path], AbstractContextManager[None]]


class Listening(Listener):
    """Does something when the first grade is there."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act = act
        self.count = 0

    def finished(self, grade: Grade) -> None:
        self.count += 1
        if self.count == 1:
            self.act()


def grade(demo: Demo, listener: Listener | None = None, **more: Any) -> Done:
    """Grade all of submitted/, one after the other."""
    return batch.run(Plan(demo.root, (demo.root / "submitted",), seed=1, jobs=1, **more), listener or Listener())


def hand_in_three(demo: Demo) -> None:
    for name in ("ada", "bob", "cleo"):
        demo.hand_in(name, demo.solved("chain"), "chain")


def saved(demo: Demo) -> dict[str, float]:
    """Student -> score in the gradebook."""
    with CourseGradebook(database_url(demo.root)) as book:
        return {row.student: row.score for row in book.scores("chain")}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the gradebook."""
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


@contextlib.contextmanager
def gone(path: Path) -> Iterator[None]:
    """The folder with the gradebook was taken away."""
    path.parent.rename(path.parent.with_name("away"))
    yield
    path.parent.with_name("away").rename(path.parent)


@contextlib.contextmanager
def full(path: Path) -> Iterator[None]:
    """The disk with the gradebook takes nothing more."""
    with (path.parent / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield
    (path.parent / "filler").unlink()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A gradebook on a small disk of its own where we may mount one, else in a folder of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0
    if mounted:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=True)
    path = folder / "inside" / "gradebook.db"
    path.parent.mkdir()
    monkeypatch.setenv("SEQ2GRADE_DB", f"sqlite:///{path}")
    yield path
    if mounted:
        subprocess.run(["umount", folder], check=True)


FAULTS = [locked, gone, *([full] if os.geteuid() == 0 else [])]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_gradebook_that_goes_away_costs_no_grade(
    demo: Demo, place: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After the first grade the database takes nothing: all are graded and reported, one line says whose scores are
    missing, no old score is given for a new one unsaid, and the same command saves them when the fault is mended."""
    monkeypatch.setattr(gradebook_store, "_PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(gradebook_store, "_BUSY_SECONDS", 0.2)
    monkeypatch.setattr(saving, "_HURRIED", 0.5)
    monkeypatch.setattr(saving, "_LAST", 0.5)
    hand_in_three(demo)
    with contextlib.ExitStack() as stack:
        done = grade(demo, Listening(lambda: stack.enter_context(fault(place))), report=tmp_path / "out")
        assert [(g.student, g.score) for g in done.grades] == [("ada", 6.0), ("bob", 6.0), ("cleo", 6.0)]
        (line,) = done.unsaved
        assert line.startswith("the gradebook was not brought up to date")
        assert "bob, cleo" in line
        assert "ada" not in line
        assert "same command" in line
        assert (tmp_path / "out" / "chain" / "feedback" / "cleo" / "feedback.html").is_file()
    assert saved(demo)["ada"] == 6.0
    done = grade(demo)
    assert done.unsaved == ()
    assert saved(demo) == {"ada": 6.0, "bob": 6.0, "cleo": 6.0}


def test_a_gradebook_that_comes_back_is_filled_up(demo: Demo, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it did not take in between it gets in the end, without another command."""
    monkeypatch.setattr(gradebook_store, "_PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(gradebook_store, "_BUSY_SECONDS", 0.2)
    hand_in_three(demo)
    stack = contextlib.ExitStack()

    class Coming(Listener):
        def finished(self, grade: Grade) -> None:
            if grade.student == "ada":
                stack.enter_context(locked(place))
            if grade.student == "cleo":
                stack.close()

    assert grade(demo, Coming()).unsaved == ()
    assert saved(demo) == {"ada": 6.0, "bob": 6.0, "cleo": 6.0}


@pytest.mark.parametrize("stopped", [False, True])
def test_a_gradebook_that_starts_again_is_waited_for(
    demo: Demo, place: Path, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    """One that is down when all is graded gets some seconds to come back, unless somebody wants the run to end."""
    monkeypatch.setattr(Zygote, "abandon", lambda zygote: None)  # the warm process is shared by all tests
    hand_in_three(demo)
    stop, stack = Stop(), contextlib.ExitStack()
    back = threading.Timer(2.0, stack.close)

    class Restarting(Listener):
        def finished(self, grade: Grade) -> None:
            if grade.student == "ada":
                stack.enter_context(gone(place))
            if grade.student == "cleo":
                back.start()
                if stopped:
                    stop.request()

    done = batch.run(Plan(demo.root, (demo.root / "submitted",), seed=1, jobs=1), Restarting(), stop)
    back.join()
    assert any(line.startswith("the gradebook was not") for line in done.unsaved) == stopped
    assert ("cleo" in saved(demo)) != stopped


def test_a_folder_that_cannot_be_written_costs_only_what_lies_in_it(demo: Demo, tmp_path: Path) -> None:
    """autograded/ that is a file, a feedback folder that is one, a class report that is a folder: a line each, and
    everything else is there."""
    hand_in_three(demo)
    (demo.root / "autograded").write_text("in the way")
    (tmp_path / "out" / "chain" / "feedback").mkdir(parents=True)
    (tmp_path / "out" / "chain" / "feedback" / "bob").write_text("in the way")
    (tmp_path / "out" / "chain" / "class.html").mkdir()
    done = grade(demo, report=tmp_path / "out")
    assert [g.score for g in done.grades] == [6.0, 6.0, 6.0]
    assert [line.split(" was not written")[0] for line in done.unsaved] == [
        "autograded/",
        "feedback",
        "the class report of chain",
    ]
    assert "ada, bob, cleo" in done.unsaved[0]
    assert " for bob: " in done.unsaved[1]
    assert saved(demo) == {"ada": 6.0, "bob": 6.0, "cleo": 6.0}
    assert (tmp_path / "out" / "chain" / "feedback" / "cleo" / "feedback.html").is_file()


def test_a_page_that_breaks_costs_one_student(demo: Demo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An error of ours while one student's papers are written is told for that student, and the batch goes on."""
    hand_in_three(demo)
    write_feedback, write_autograded = batch.write_feedback, saving.write_autograded

    def break_for_bob(work: Callable[..., Any]) -> Callable[..., Any]:
        def broken(*args: Any, **more: Any) -> Any:
            if any(isinstance(arg, Grade) and arg.student == "bob" for arg in args):
                raise RecursionError("too deep")
            return work(*args, **more)

        return broken

    monkeypatch.setattr(batch, "write_feedback", break_for_bob(write_feedback))
    monkeypatch.setattr(saving, "write_autograded", break_for_bob(write_autograded))
    monkeypatch.setattr(CourseGradebook, "record", break_for_bob(CourseGradebook.record))
    done = grade(demo, report=tmp_path / "out")
    assert [g.score for g in done.grades] == [6.0, 6.0, 6.0]
    assert len(done.unsaved) == 3
    assert all(" for bob: too deep. " in line for line in done.unsaved)
    assert saved(demo)["cleo"] == 6.0


def test_a_display_that_breaks_stops_nothing(demo: Demo) -> None:
    """Progress is for show."""

    class Broken(Listener):
        def started(self, submission: Submission) -> None:
            raise OSError("no terminal")

        def finished(self, grade: Grade) -> None:
            raise OSError("no terminal")

    hand_in_three(demo)
    assert [g.score for g in grade(demo, Broken()).grades] == [6.0, 6.0, 6.0]


@pytest.mark.parametrize("option", ["json", "report"])
def test_a_place_that_takes_nothing_is_refused_before_grading(demo: Demo, tmp_path: Path, option: str) -> None:
    """Where results or report can certainly not be written, nothing is graded."""
    hand_in_three(demo)
    (tmp_path / "file").write_text("in the way")
    listener = Listening(lambda: None)
    with pytest.raises(Seq2gradeError, match="cannot be written"):
        grade(demo, listener, **{option: tmp_path / "file" / "results"})
    with pytest.raises(Seq2gradeError, match="cannot be written"):
        grade(demo, listener, **{option: {"json": tmp_path, "report": tmp_path / "file"}[option]})
    assert listener.count == 0


def test_a_temporary_disk_that_is_gone_is_no_fault_of_a_student(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a scratch folder nothing can be checked, which costs no points and is flagged; the batch ends."""
    hand_in_three(demo)
    monkeypatch.setattr(scratch, "_base", lambda: str(demo.root / "nowhere"))
    done = grade(demo)
    assert [(g.score, g.pending, g.flagged) for g in done.grades] == [(0.0, 6.0, True)] * 3
    assert "no scratch folder" in done.grades[0].sandbox
