"""One submission from file to grade: whatever happens, there is a Grade, and nobody loses points to a fault of ours."""

from __future__ import annotations

import shutil
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.course import Course
from autograder.errors import AssignmentError, SandboxError
from autograder.model import Grade, Kind, Limits, Status, Submission
from autograder.pipeline import grade_submission
from autograder.sandbox.client import Zygote
from autograder.sandbox.running import Running
from autograder.sandbox.session import Session
from tests.support import kill

if TYPE_CHECKING:
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses"]

BLANK_SQUARE = "def square(x):\n    raise NotImplementedError()"


def statuses(grade: Grade) -> dict[str, Status]:
    """Check name -> verdict."""
    return {check.name: check.status for item in grade.items for check in item.checks}


def scores(grade: Grade) -> dict[str, float]:
    return {item.id: item.score for item in grade.items}


def told(grade: Grade) -> str:
    """All that a student reads about the checks."""
    return " ".join(f"{c.message} {c.hint} {c.mistake}" for item in grade.items for c in item.checks)


class Flaky:
    """The warm process, except that its first launches fail."""

    def __init__(self, zygote: Zygote, failures: int, error: Exception) -> None:
        self.zygote, self.failures, self.error, self.launches = zygote, failures, error, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.zygote, name)

    def launch(self, limits: Limits, *files: Any) -> Running:
        self.launches += 1
        if self.launches <= self.failures:
            raise self.error
        return self.zygote.launch(limits, *files)


def flaky(grader: Grader, failures: int, error: Exception | None = None) -> tuple[Course, Flaky]:
    zygote: Any = Flaky(grader.course.zygote, failures, error or SandboxError("the machine is full"))
    return Course(grader.demo.root, zygote, grader.course.limits), zygote


def test_right_work_gets_full_marks(grader: Grader) -> None:
    """The solution earns every point, with a record of how it was graded."""
    grade = grader.grade(grader.demo.solved(), seed=77)
    assert (grade.score, grade.max_score, grade.manual_max, grade.pending) == (6.0, 6.0, 3.0, 0.0)
    assert (grade.error, grade.flagged, grade.seed) == ("", False, 77)
    assert (grade.student, grade.assignment) == ("someone", "demo")
    assert len(grade.digest) == 64
    assert grade.sandbox == grader.course.zygote.backend.name
    assert grade.seconds > 0
    assert grade.cpu_seconds > 0
    assert [cell.status for cell in grade.cells] == ["ok"] * len(grade.cells)
    assert any(cell.get("outputs") for cell in grade.notebook["cells"])
    assert [item.status for item in grade.items] == ["passed", "passed", "needs_manual_grade"]


def test_the_blank_release_earns_nothing_and_needs_no_look(grader: Grader) -> None:
    """Unwritten answers fail, which is a decision: nothing is left open but the manual item."""
    grade = grader.grade(grader.demo.notebook("release"))
    assert (grade.score, grade.pending, grade.flagged, grade.error) == (0.0, 0.0, False, "")
    assert set(statuses(grade).values()) == {Status.FAILED}
    assert {item.status for item in grade.items} == {"not_started"}
    assert {item.pending for item in grade.items} == {0.0}
    assert "the answer is not written yet" in told(grade)


def test_what_nobody_began_is_told_apart_from_what_is_wrong(grader: Grader) -> None:
    """Untouched here and nowhere else answered: not started. Anything written is an attempt."""
    demo = grader.demo
    half = grader.grade(demo.solved(hot_limit=answer_of(demo.notebook("release"), "hot-limit")))
    assert [item.status for item in half.items] == ["passed", "not_started", "needs_manual_grade"]
    tried = grader.grade(demo.solved(hot_limit="# a thought\nhot_limit = None"))
    assert [item.status for item in tried.items] == ["passed", "failed", "needs_manual_grade"]
    assert [(item.answer, bool(item.section)) for item in half.items] == [
        ("tempered-softmax", True),
        ("hot-limit", True),
        ("shift-proof", True),
    ]


@pytest.mark.parametrize("text", ["", "{", "Dear instructor", "[]", '{"cells": 3}', "\0", '{"nbformat": 2}'])
def test_what_is_no_notebook_is_a_zero_that_is_flagged(grader: Grader, text: str) -> None:
    """A file that cannot be read fails every automatic item with one clear sentence, for a person to look at."""
    grade = grader.grade(text)
    assert (grade.score, grade.max_score, grade.pending, grade.manual_max) == (0.0, 6.0, 0.0, 3.0)
    assert grade.flagged
    assert grade.error
    assert str(grader.demo.root) not in grade.error
    assert [item.status for item in grade.items] == ["failed", "failed", "needs_manual_grade"]


def test_a_missing_file_is_a_zero_that_is_flagged(grader: Grader) -> None:
    """A submission whose notebook is not there gets a grade like any other."""
    path = grader.demo.root / "submitted" / "ada" / "demo" / "demo.ipynb"
    for made in (None, path.parent, path):
        if made is not None:
            made.mkdir(parents=True)  # an empty folder, then a folder in the file's place
        grade = grade_submission(grader.course, Submission("ada", "demo", path), 1)
        assert (grade.score, grade.flagged, bool(grade.error), len(grade.items)) == (0.0, True, True, 3)


def test_an_unknown_assignment_is_said(grader: Grader) -> None:
    """An assignment that the course does not have gives a grade without items that names the known ones."""
    for name in ("other", "", "../demo"):
        grade = (
            grader.grade(grader.demo.solved(), name or "demo")
            if name == "other"
            else grade_submission(grader.course, Submission("ada", name, Path("x.ipynb")), 1)
        )
        assert grade.items == ()
        assert grade.flagged
        assert "chain, demo" in grade.error


@pytest.mark.parametrize("broken", ["assignment.toml", "checks.py", "notebook.py", "release", "no release"])
def test_a_broken_assignment_is_said(grader: Grader, broken: str) -> None:
    """An assignment that cannot be loaded, or is not built, gives grades that say so, and no crash."""
    root = grader.demo.root
    release = root / "release" / "demo" / "demo.ipynb"
    if broken == "no release":
        release.unlink()
    elif broken == "release":
        release.write_text("{half", encoding="utf-8")
    else:
        (root / "assignments" / "demo" / broken).write_text("= nonsense (", encoding="utf-8")
    grade = grader.grade(grader.demo.solved())
    assert grade.items == ()
    assert grade.flagged
    assert broken.split()[-1] in grade.error
    assert grader.grade(grader.demo.solved("chain"), "chain").score == 6.0


def test_a_sandbox_that_fails_twice_leaves_all_points_undecided(grader: Grader) -> None:
    """When no sandbox can be had, nothing is lost and nothing given: every automatic point is pending."""
    course, zygote = flaky(grader, 99)
    grade = grade_submission(course, grader.demo.hand_in("ada", grader.demo.solved()), 1)
    assert zygote.launches == 2
    assert (grade.score, grade.max_score, grade.pending, grade.manual_max) == (0.0, 6.0, 6.0, 3.0)
    assert grade.flagged
    assert "no fault of its own" in grade.error
    assert "the machine is full" not in grade.error
    assert "the machine is full" in grade.sandbox
    assert [item.status for item in grade.items] == ["could_not_check", "could_not_check", "needs_manual_grade"]
    assert len(grade.digest) == 64


def test_a_sandbox_that_fails_once_costs_nothing(grader: Grader) -> None:
    """The second attempt is a grade like any other."""
    course, zygote = flaky(grader, 1)
    grade = grade_submission(course, grader.demo.hand_in("ada", grader.demo.solved()), 1)
    assert zygote.launches == 2
    assert (grade.score, grade.pending, grade.flagged, grade.error) == (6.0, 0.0, False, "")


@pytest.mark.parametrize("error", [OSError(28, "no space left"), ValueError("a bug"), KeyError("x"), RecursionError()])
def test_any_failure_of_ours_leaves_points_undecided(grader: Grader, error: Exception) -> None:
    """A bug or a full disk on our side is treated like a failing sandbox."""
    course, _ = flaky(grader, 99, error)
    grade = grade_submission(course, grader.demo.hand_in("ada", grader.demo.solved()), 1)
    assert (grade.score, grade.pending, grade.flagged) == (0.0, 6.0, True)


def test_a_failure_while_reading_is_ours_too(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the collector leaves points undecided: it is no verdict about the notebook."""

    def collect(*_: object) -> None:
        raise IndexError("a bug of ours")

    monkeypatch.setattr("autograder.pipeline.collect", collect)
    grade = grader.grade(grader.demo.solved())
    assert (grade.score, grade.pending, grade.flagged, grade.digest) == (0.0, 6.0, True, "")
    assert "a bug of ours" in grade.sandbox


def test_a_bug_in_a_check_leaves_its_points_pending(grader: Grader) -> None:
    """A check of ours that breaks is could_not_check: its points wait, those of the others stand."""
    grader.demo.edit("checks.py", 'expect.unharmed(x, after[0], what="x")', "1 / 0", "chain")
    grade = grader.grade(grader.demo.solved("chain"), "chain")
    assert statuses(grade)["vector_is_unharmed"] is Status.COULD_NOT_CHECK
    assert (grade.score, grade.pending, grade.max_score, grade.flagged) == (5.0, 1.0, 6.0, True)
    assert [item.status for item in grade.items] == ["could_not_check", "passed"]
    assert "ZeroDivisionError" not in told(grade)
    assert "ZeroDivisionError" in next(c for c in grade.items[0].checks if c.points == 0).detail


def test_the_same_seed_gives_the_same_grade(grader: Grader) -> None:
    """Everything but the clock can be reproduced from the seed."""
    wrong = grader.demo.solved("chain", square="def square(x):\n    return x + x + 1.0")
    runs = [grader.grade(wrong, "chain", seed) for seed in (5, 5, 6)]
    plain = [[replace(c, seconds=0.0) for item in run.items for c in item.checks] for run in runs]
    assert plain[0] == plain[1] != plain[2]
    assert runs[0].digest == runs[1].digest


def test_without_a_seed_one_is_drawn(grader: Grader) -> None:
    """Each grading has its own hidden inputs, and says from which seed."""
    seeds = {grader.grade("no notebook", seed=None).seed for _ in range(5)}
    assert len(seeds) == 5


def test_a_cell_that_exits_costs_only_itself(grader: Grader) -> None:
    """An exit call is left out and told; what does not depend on it is graded."""
    notebook = grader.demo.solved("chain", square="import os\nos._exit(0)")
    grade = grader.grade(notebook, "chain")
    assert "exit" in grade.error
    assert scores(grade) == {"square": 0.0, "length": 3.0}
    assert grade.pending == 0.0


def test_a_function_that_never_returns_costs_its_checks(grader: Grader) -> None:
    """An endless loop in a function is stopped at the check's limit, and told in those words."""
    limits = replace(grader.course.limits or Limits(), check_seconds=1)
    course = Course(grader.demo.root, grader.course.zygote, limits)
    notebook = grader.demo.solved(
        "chain",
        square="def square(x):\n    while len(x) > 2:\n        pass\n    return x * x",
        length="def length(x):\n    return x.norm()",
    )
    grade = grade_submission(course, grader.demo.hand_in("ada", notebook, "chain"), 1)
    assert scores(grade) == {"square": 0.0, "length": 3.0}
    assert "did not finish in the time" in told(grade)


def test_a_function_that_kills_the_notebook_costs_its_own_checks(grader: Grader) -> None:
    """When a check's fork takes the whole notebook down, the notebook is run again for the other checks."""
    notebook = grader.demo.solved(
        "chain",
        square="import os, signal\ndef square(x):\n    if len(x) > 2:\n        os.kill(os.getppid(), signal.SIGKILL)\n"
        "        os._exit(0)\n    return x * x",
        length="def length(x):\n    return x.norm()",
    )
    grade = grader.grade(notebook, "chain")
    assert scores(grade) == {"square": 0.0, "length": 3.0}
    assert (grade.pending, grade.flagged) == (0.0, False)
    assert "ended while this check ran" in told(grade)


@pytest.mark.parametrize("late", [0.0, 0.5])
@pytest.mark.parametrize("whom", ["kernel", "first", "supervisor", "zygote"])
def test_a_process_killed_from_outside_while_it_is_judged_costs_nothing(
    grader: Grader, monkeypatch: pytest.MonkeyPatch, whom: str, late: float
) -> None:
    """Before a check is asked or in the middle of it: the notebook is run anew, and right work gets full marks."""
    left = [whom]
    channel = Session.channel

    def strike() -> None:
        kill(grader.course.zygote, left.pop())

    def struck(session: Session, seconds: float, inline: bool = False) -> Any:
        if left and session.alive:
            threading.Timer(late, strike).start()
            time.sleep(0.0 if late else 0.3)
        return channel(session, seconds, inline)

    monkeypatch.setattr(Session, "channel", struck)
    slow = "import time\ndef square(x):\n    time.sleep(1.5 if len(x) > 2 else 0)\n    return x * x"
    grade = grader.grade(grader.demo.solved("chain", square=slow), "chain")
    assert not left
    assert (grade.score, grade.pending, grade.error) == (6.0, 0.0, ""), told(grade)


def test_a_notebook_that_cannot_run_at_all_is_graded(grader: Grader) -> None:
    """Cells that raise, and cells that are no Python, cost what depends on them."""
    notebook = grader.demo.solved("chain", square="def square(x:\n", length="def length(x):\n    return x.norm()")
    grade = grader.grade(notebook, "chain")
    assert scores(grade) == {"square": 0.0, "length": 3.0}
    assert "`square` is not defined" in told(grade)


def test_repairs_are_in_the_grade(grader: Grader) -> None:
    """A deleted test cell is put back, told, and costs nothing."""
    notebook = grader.demo.solved()
    notebook["cells"] = [
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") != "test-hot-limit"
    ]
    grade = grader.grade(notebook)
    assert grade.score == 6.0
    assert [repair.kind for repair in grade.repaired] == ["deleted"]


def test_limits_of_the_course_replace_those_of_the_assignment(grader: Grader) -> None:
    """A course opened with limits grades every assignment with them."""
    short = Course(grader.demo.root, grader.course.zygote, Limits(cell_seconds=3, total_seconds=60, check_seconds=10))
    assert short.prepare("demo").assignment.limits.cell_seconds == 3
    notebook = grader.demo.solved("chain", length="import time\ntime.sleep(20)")
    grade = grade_submission(short, grader.demo.hand_in("ada", notebook, "chain"), 1)
    assert "timeout" in {cell.status for cell in grade.cells}
    assert scores(grade) == {"square": 3.0, "length": 0.0}


@pytest.mark.parametrize("where", ["a cell below", "a file beside"])
def test_an_answer_elsewhere_counts_like_one_in_its_cell(grader: Grader, where: str) -> None:
    """Below its untouched stub, or in a file that is imported there, an answer has an earlier error carried forward,
    has its own mistakes explained, and is no empty one."""
    demo = grader.demo
    stub, solution = (answer_of(demo.notebook(step, "chain"), "length") for step in ("release", "solutions"))
    inside = grader.grade(demo.solved("chain", square="def square(x):\n    return x + x"), "chain")
    notebook = demo.solved("chain", square="def square(x):\n    return x + x", length=stub)
    ids = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in notebook["cells"]]
    code = solution if where == "a cell below" else "from mine import helper\nlength = lambda x: helper(square, x)"
    own = {"cell_type": "code", "id": "mine", "metadata": {}, "source": code, "outputs": [], "execution_count": None}
    notebook["cells"].insert(ids.index("length") + 1, own)
    submission = demo.hand_in("someone", notebook, "chain")
    helper = "def helper(square, x):\n" + textwrap.indent(solution, "    ") + "\n    return length(x)\n"
    (submission.path.parent / "mine.py").write_text(helper)
    elsewhere = grade_submission(grader.course, submission, 1)
    assert scores(elsewhere) == scores(inside)
    assert [c.carried for i in elsewhere.items for c in i.checks] == [c.carried for i in inside.items for c in i.checks]
    assert any(c.carried for i in elsewhere.items for c in i.checks)
    assert told(elsewhere) == told(inside)
    assert elsewhere.unanswered == frozenset()
    assert grader.grade(demo.notebook("release", "chain"), "chain").unanswered == {"square", "length"}


def answer_of(notebook: dict[str, Any], grade_id: str) -> str:
    """The source of one answer cell."""
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
    return "".join(cell["source"])


def test_answers_as_they_were_released_are_known(demo: Demo, grader: Grader) -> None:
    """An answer cell with the released text is untouched, however the file stores it; a missing one is not."""
    prepared, every = grader.course.prepare("demo"), {"tempered-softmax", "hot-limit", "shift-proof"}
    assert prepared.untouched(prepared.release) == every
    assert prepared.untouched(demo.notebook("solutions")) == frozenset()
    half = demo.solved(hot_limit="hot_limit = None")
    assert prepared.untouched(half) == frozenset()
    joined = [{**c, "source": "".join(c["source"])} for c in prepared.release["cells"]]
    as_lines = {"cells": [{**c, "source": c["source"].splitlines(keepends=True)} for c in joined]}
    assert prepared.untouched({"cells": joined}) == every
    assert prepared.untouched(as_lines) == every
    assert prepared.untouched({"cells": []}) == frozenset()


def test_assignments_are_loaded_once(demo: Demo, grader: Grader) -> None:
    """What was prepared is kept; adopt puts another in its place."""
    course = grader.course
    assert course.ids() == ("chain", "demo")
    first = course.prepare("demo")
    shutil.rmtree(demo.root / "release")
    assert course.prepare("demo") is first
    assert first.points == {
        "tempered-softmax": {
            "rows_match_the_definition": 2.0,
            "huge_scores_stay_finite": 1.0,
            "scores_are_unharmed": 1.0,
        },
        "hot-limit": {"limit_is_recognised": 1.0, "witness_is_near_the_limit": 1.0},
    }
    other = replace(first, release={"cells": []})
    course.adopt(other)
    assert course.prepare("demo") is other
    with pytest.raises(AssignmentError, match="seq2grade build chain"):
        course.prepare("chain")


def test_manual_items_never_reach_the_automatic_score(grader: Grader) -> None:
    """What a person grades is counted apart, and is no reason for a flag."""
    grade = grader.grade(grader.demo.solved())
    manual = [item for item in grade.items if item.kind is Kind.MANUAL]
    assert [(item.score, item.max_score, item.pending) for item in manual] == [(0.0, 3.0, 3.0)]
    assert grade.max_score == 6.0


def test_a_check_here_of_the_students_own_changes_nothing(grader: Grader) -> None:
    """The function that plain nbgrader would call may be forged: nothing of it is run or believed here."""
    forged = "check_here = lambda *a, **k: 100\ndef square(x):\n    return x + 1"
    grade = grader.grade(grader.demo.solved("chain", square=forged, length="pass"), "chain")
    assert scores(grade) == {"square": 1.0, "length": 0.0}
