"""One run of `seq2grade grade`: what is found, graded, saved and reported."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from seq2kit import handin

from autograder import batch
from autograder.batch import Done, Plan
from autograder.errors import AssignmentError, CollectError, GradebookError, Seq2gradeError
from autograder.fleet.stop import Stop
from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook.book import ScoreRow
from autograder.grading import Listener
from autograder.model import Grade, Submission
from autograder.sandbox.client import Zygote

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]
pytestmark = pytest.mark.usefixtures("warm")

WRONG = "def square(x):\n    return x + 1.5"


def run(demo: Demo, *paths: Path, listener: Listener | None = None, **more: Any) -> Done:
    """Grade these paths, or the whole of submitted/."""
    plan = Plan(demo.root, paths or (demo.root / "submitted",), seed=1, **more)
    return batch.run(plan, listener or Listener())


def saved(demo: Demo, assignment: str = "chain", url: str | None = None) -> dict[str, ScoreRow]:
    """Student -> row of the gradebook."""
    with CourseGradebook(url or database_url(demo.root)) as book:
        return {row.student: row for row in book.scores(assignment)}


def hand_in_three(demo: Demo) -> None:
    demo.hand_in("cleo", demo.solved("chain"), "chain")
    demo.hand_in("ada", demo.solved("chain", square=WRONG), "chain")
    demo.hand_in("bob", "no notebook", "chain")


def test_a_folder_is_graded_and_saved(demo: Demo) -> None:
    """Every submission below a folder gets a grade, a row in the gradebook, and an autograded notebook."""
    hand_in_three(demo)
    done = run(demo)
    assert [(g.student, g.score) for g in done.grades] == [("ada", 4.0), ("bob", 0.0), ("cleo", 6.0)]
    assert {name: row.score for name, row in saved(demo).items()} == {"ada": 4.0, "bob": 0.0, "cleo": 6.0}
    assert {name for name, row in saved(demo).items() if row.flagged} == {"bob"}
    for name in ("ada", "bob", "cleo"):
        path = demo.root / "autograded" / name / "chain" / "chain.ipynb"
        assert "test-square" in path.read_text(encoding="utf-8")
    assert done.notes == (f"gradebook: sqlite:///{demo.root / 'gradebook.db'}",)
    assert done.problems == ()


BEGUN = """
import sys
from autograder.sandbox.client import Zygote

begin = Zygote.begin

def told(zygote):
    print("begins", *sorted({"nbgrader", "sqlalchemy", "torch"} & set(sys.modules)))
    begin(zygote)

Zygote.begin = told
from autograder.cli import main
main()
"""


def test_what_cells_printed_is_kept_on_disk_and_not_in_memory(demo: Demo, tmp_path: Path) -> None:
    """Pictures of a whole class are gigabytes. Pages still show each answer, in this run and in the next."""
    demo.hand_in(
        "cleo", demo.solved("chain", square="# mine\ndef square(x):\n    return x * x\n\nprint(3 * '!')"), "chain"
    )
    for report in (tmp_path / "first", tmp_path / "next"):
        (grade,) = run(demo, report=report).grades
        assert grade.notebook["cells"]
        assert not any("outputs" in cell for cell in grade.notebook["cells"])
        assert "# mine" in next(report.rglob("cleo/*.html")).read_text(encoding="utf-8")
    assert '"!!!\\n"' in (demo.root / "autograded/cleo/chain/chain.ipynb").read_text(encoding="utf-8")


def test_the_warm_process_begins_before_nbgrader_is_imported(demo: Demo) -> None:
    """Both take seconds, and each has a core of its own."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    command = [sys.executable, "-c", BEGUN, "grade", "submitted"]
    ran = subprocess.run(command, cwd=demo.root, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "begins"), ran.stderr
    assert saved(demo)["ada"].score == 6.0


def test_a_lone_notebook_is_not_saved(demo: Demo, tmp_path: Path) -> None:
    """Trying one notebook leaves the gradebook alone."""
    before = saved(demo)
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(demo.solved("chain")), encoding="utf-8")
    done = run(demo, path)
    assert [(g.student, g.assignment, g.score) for g in done.grades] == [("mine", "chain", 6.0)]
    assert done.notes == ()
    assert saved(demo) == before
    assert not (demo.root / "autograded").exists()


def test_a_zip_is_graded_like_the_notebook_in_it(demo: Demo, tmp_path: Path) -> None:
    """In a student's folder, with a row and an autograded notebook; and alone, by its own name."""
    path = demo.hand_in("ada", demo.solved("chain"), "chain").path
    packed = handin.zipped({"chain.ipynb": path.read_bytes(), "helpers.py": b""})
    path.unlink()
    (path.parent / "chain-handin.zip").write_bytes(packed)
    (tmp_path / "chain-handin.zip").write_bytes(packed)
    assert [(g.student, g.assignment, g.score) for g in run(demo).grades] == [("ada", "chain", 6.0)]
    assert saved(demo)["ada"].score == 6.0
    assert (demo.root / "autograded/ada/chain/chain.ipynb").is_file()
    (grade,) = run(demo, tmp_path / "chain-handin.zip").grades
    assert (grade.assignment, grade.score, grade.repaired) == ("chain", 6.0, ())


@pytest.mark.parametrize("save", [True, False])
def test_saving_can_be_asked_for_and_declined(demo: Demo, save: bool) -> None:
    """gradebook=True saves a lone notebook, gradebook=False saves nothing of a folder."""
    path = demo.hand_in("ada", demo.solved("chain"), "chain").path
    run(demo, path if save else path.parent.parent.parent, gradebook=save)
    assert list(saved(demo)) == (["ada"] if save else [])
    assert (demo.root / "autograded").exists() is save


def test_a_new_run_replaces_old_scores(demo: Demo) -> None:
    """After worse work is handed in, the old score is gone."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    run(demo)
    assert saved(demo)["ada"].score == 6.0
    demo.hand_in("ada", demo.solved("chain", square=WRONG), "chain")
    run(demo)
    assert saved(demo)["ada"].score == 4.0


def test_a_class_has_one_seed_of_its_own(demo: Demo) -> None:
    """Everybody meets the same hidden inputs, where none is asked for; another run draws others."""
    for student in ("ada", "bob"):
        demo.hand_in(student, demo.solved("chain"), "chain")
    plan = Plan(demo.root, (demo.root / "submitted",), jobs=2, again=True)
    first, second = ({grade.seed for grade in batch.run(plan, Listener()).grades} for _ in range(2))
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize("cell", ["import os\nos._exit(0)", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"])
def test_a_run_that_dies_leaves_no_old_score_standing(demo: Demo, cell: str) -> None:
    """A notebook that ends its own process is graded as it is: full marks of an earlier run do not survive."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    run(demo)
    demo.hand_in("ada", demo.solved("chain", square=cell, length="pass"), "chain")
    run(demo)
    assert saved(demo)["ada"].score == 0.0


def test_old_scores_are_gone_before_the_new_run_ends(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the grader itself be killed half-way, the gradebook shows no score rather than a stale one."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    run(demo)
    demo.hand_in("ada", demo.solved("chain", square=WRONG), "chain")

    stop = Stop()

    def interrupted(course: object, submission: Submission, *rest: object) -> Grade:
        stop.request()
        return Grade(submission.student, submission.assignment, "", 6.0, 6.0, ())

    monkeypatch.setattr("autograder.fleet.local.grade_submission", interrupted)
    monkeypatch.setattr(Zygote, "abandon", lambda zygote: None)  # the warm process is shared by all tests
    done = batch.run(Plan(demo.root, (demo.root / "submitted",), seed=1), Listener(), stop)
    assert (done.grades, done.stopped) == ((), 2)
    assert done.unsaved == ("stopped: 1 of 1 submissions were not graded; the same command does it.",)
    row = saved(demo)["ada"]
    assert row.score == 0.0
    assert row.open_cells == 2


def test_the_gradebook_may_lie_elsewhere(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEQ2GRADE_DB names the database; its password is not printed."""
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    monkeypatch.setenv("SEQ2GRADE_DB", url)
    demo.hand_in("ada", demo.solved("chain"), "chain")
    assert run(demo).notes == (f"gradebook: {url}",)
    assert saved(demo, url=url)["ada"].score == 6.0
    monkeypatch.delenv("SEQ2GRADE_DB")
    assert saved(demo) == {}


def test_a_gradebook_that_cannot_be_opened_is_said(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a database is a GradebookError, before anything is graded."""
    monkeypatch.setenv("SEQ2GRADE_DB", "sqlite:////nowhere/at/all.db")
    demo.hand_in("ada", demo.solved("chain"), "chain")
    with pytest.raises(GradebookError):
        run(demo)


def test_reports_are_written(demo: Demo, tmp_path: Path) -> None:
    """A class report with a link to one feedback page per student, one folder per assignment."""
    hand_in_three(demo)
    demo.hand_in("dan", demo.notebook("release"), "demo")
    done = run(demo, report=tmp_path / "out")
    assert [note.split(": ")[1] for note in done.notes[1:]] == [
        str(tmp_path / "out" / name / "class.html") for name in ("chain", "demo")
    ]
    page = (tmp_path / "out" / "chain" / "class.html").read_text(encoding="utf-8")
    assert "Lengths" in page
    for name in ("ada", "bob", "cleo"):
        assert f'href="feedback/{name}/feedback.html"' in page
        place = tmp_path / "out" / "chain" / "feedback" / name
        assert sorted(path.name for path in place.iterdir()) == ["feedback.html", "feedback.md"]
    assert "dan" not in page


@pytest.mark.parametrize("name", ["class.html", "feedback", "a'b <i>&#", "ünï côdé", "-rf", "x" * 200, "100%[red]"])
def test_any_name_that_a_student_chose_is_graded(demo: Demo, name: str, tmp_path: Path) -> None:
    """The name of a file can neither stop a batch nor hide another student's result."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    demo.hand_in(name, demo.solved("chain", square=WRONG), "chain")
    done = run(demo, report=tmp_path / "out")
    assert {g.student: g.score for g in done.grades} == {"ada": 6.0, name: 4.0}
    fits = len(name) <= 128
    assert {n: r.score for n, r in saved(demo).items()} == ({"ada": 6.0, name: 4.0} if fits else {"ada": 6.0})
    assert bool(done.problems) is not fits
    assert (tmp_path / "out" / "chain" / "feedback" / name / "feedback.html").is_file()
    assert (tmp_path / "out" / "chain" / "class.html").is_file()


def test_what_belongs_to_no_assignment_is_a_problem(demo: Demo, tmp_path: Path) -> None:
    """A notebook that does not tell its assignment has a result, and is named as not graded."""
    folder = tmp_path / "flat"
    folder.mkdir()
    unmarked: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "who.ipynb").write_text(json.dumps(unmarked), encoding="utf-8")
    (folder / "ada.ipynb").write_text(json.dumps(demo.solved("chain")), encoding="utf-8")
    done = run(demo, folder)
    assert {g.student: g.score for g in done.grades} == {"ada": 6.0, "who": 0.0}
    assert len(done.problems) == 1
    assert done.problems[0].startswith("not graded: who: ")
    again = run(demo, folder, assignment="chain")
    assert again.problems == ()


def test_a_file_named_twice_is_graded_once(demo: Demo) -> None:
    """A folder and a notebook inside it are one submission."""
    path = demo.hand_in("ada", demo.solved("chain"), "chain").path
    assert len(run(demo, demo.root / "submitted", path).grades) == 1


def test_two_submissions_under_one_name_are_refused(demo: Demo, tmp_path: Path) -> None:
    """Which of the two would count in gradebook and report is not left to chance: the student is flagged with both, and
    the others are graded; without gradebook and report it does not matter."""
    paths = [tmp_path / "early" / "ada.ipynb", tmp_path / "late" / "ada.ipynb"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(json.dumps(demo.solved("chain")), encoding="utf-8")
    other = demo.hand_in("bob", demo.solved("chain"), "chain").path
    for more in ({"gradebook": True}, {"report": tmp_path / "out"}):
        ada, bob = run(demo, *paths, other, **more).grades
        assert (ada.student, ada.score, ada.flagged) == ("ada", 0.0, True)
        assert "early/ada.ipynb, late/ada.ipynb" in ada.error
        assert (bob.student, bob.score) == ("bob", 6.0)
    assert len(run(demo, *paths).grades) == 2


def test_nothing_to_grade_is_said(demo: Demo, tmp_path: Path) -> None:
    """A path that does not exist and a folder without submissions are errors, not empty results."""
    with pytest.raises(CollectError, match="does not exist"):
        run(demo, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CollectError, match="no submissions"):
        run(demo, tmp_path / "empty")


def test_a_folder_that_is_no_course_is_said(demo: Demo, tmp_path: Path) -> None:
    """Forgetting --course is an error that says what is missing."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    plan = Plan(tmp_path / "home", (demo.root / "submitted",))
    with pytest.raises(AssignmentError, match="course folder"):
        batch.run(plan, Listener())


@pytest.mark.parametrize("step", ["release", "source"])
def test_an_assignment_that_is_not_built_is_said_at_once(demo: Demo, step: str) -> None:
    """Before anything is graded, the error names the command that builds."""
    hand_in_three(demo)
    (demo.root / step / "chain" / "chain.ipynb").unlink()
    heard = Heard()
    with pytest.raises(AssignmentError, match="seq2grade build chain"):
        run(demo, listener=heard)
    assert heard.names == []


def test_an_unknown_device_is_refused(demo: Demo) -> None:
    """A device is cpu, cuda or auto."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    with pytest.raises(Seq2gradeError, match="'gpu'"):
        run(demo, device="gpu")


def test_the_time_of_handing_in_is_saved(demo: Demo) -> None:
    """nbgrader's timestamp.txt arrives in the gradebook; one that says nothing does not."""
    for name, text in (("ada", "2030-05-06 07:08:09 UTC"), ("bob", "half past never"), ("cleo", "")):
        path = demo.hand_in(name, demo.notebook("release", "chain"), "chain").path
        (path.parent / "timestamp.txt").write_text(text, encoding="utf-8")
    run(demo)
    times = {name: str(row.timestamp) for name, row in saved(demo).items()}
    assert times == {"ada": "2030-05-06 07:08:09", "bob": "None", "cleo": "None"}


class Heard(Listener):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.count = 0
        self.names: list[str] = []
        self.scores: list[float] = []

    def total(self, count: int) -> None:
        self.count = count

    def started(self, submission: Submission) -> None:
        self.names.append(submission.student)

    def finished(self, grade: Grade) -> None:
        self.scores.append(grade.score)


def test_a_listener_hears_of_progress(demo: Demo) -> None:
    """How many there are, which begin, which are done; the grades keep the order of the submissions."""
    hand_in_three(demo)
    heard = Heard()
    done = run(demo, listener=heard, jobs=2)
    assert heard.count == 3
    assert sorted(heard.names) == ["ada", "bob", "cleo"]
    assert sorted(heard.scores) == [0.0, 4.0, 6.0]
    assert [g.student for g in done.grades] == ["ada", "bob", "cleo"]


def test_progress_is_shown_on_a_terminal_only() -> None:
    """A bar where a person looks on, silence in a log."""
    submission, grade = Submission("ada[red]", "x", Path("x")), Grade("ada[red]", "x", "", 0, 0, ())
    for terminal in (True, False):
        screen = io.StringIO()
        with batch.progress(Console(file=screen, force_terminal=terminal, width=100)) as listener:
            listener.total(1)
            listener.started(submission)
            listener.finished(grade)
        assert ("1/1" in screen.getvalue()) is terminal
        assert bool(screen.getvalue()) is terminal


@pytest.mark.long
def test_the_demo_shows_every_kind_of_submission(demo: Demo, tmp_path: Path) -> None:
    """The made-up class: good and wrong work, crashes, hunger, tampering; cheats earn nothing, repairs cost nothing."""
    demo.edit("assignment.toml", "cell_seconds = 20", "cell_seconds = 6")
    place = tmp_path / "demo"
    done = batch.run(replace(batch.make_demo(demo.root, "demo", place, 0, "auto"), seed=1), Listener())
    scores = {g.student: g.score for g in done.grades}
    assert len(scores) >= 16
    for name in ("perfect", "deleted-test-cell", "duplicated-cell-id", "crash-in-a-cell", "endless-loop"):
        assert scores[name] == 6.0, name
    for name in ("blank", "cheat-skips-tests", "cheat-always-equal", "not-a-notebook"):
        assert scores[name] == 0.0, name
    for name, score in scores.items():
        if name.startswith("unusual-"):
            assert score == 6.0, name
        if name.startswith("mistake-") or name == "half-done":
            assert score < 6.0, name
    assert not any(g.pending for g in done.grades)
    assert done.problems == ()
    assert (place / "reports" / "demo" / "class.html").is_file()
    assert len(saved(demo, "demo", database_url(place))) == len(scores)
    assert not (demo.root / "autograded").exists()
