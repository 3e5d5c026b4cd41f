"""Judging again after a change of checks: what changed is judged, all is shown first, and people's scores stay."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader.api import Gradebook

from autograder import rejudge
from autograder.batch import Done
from autograder.fleet.stop import Stop
from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook.kept import read_kept
from autograder.grading import Listener
from autograder.model import Grade
from autograder.planned import Plan, stands
from autograder.rejudge import Change, Preview
from tests.test_resume import kept_by, rows, run

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.commands", "tests.courses"]
pytestmark = pytest.mark.usefixtures("warm")

ROOTLESS = "def length(x):\n    return (x * x).sum()"


def split(demo: Demo) -> None:
    """The checks of chain as a folder, a file for each item."""
    folder = demo.root / "assignments" / "chain"
    head, first, *rest = (folder / "checks.py").read_text(encoding="utf-8").split("\n\n\n@check(")
    parts = [first, *rest]
    (folder / "checks.py").unlink()
    (folder / "checks").mkdir()
    for item in ("square", "length"):
        mine = [f"@check({part}" for part in parts if part.startswith(f'item="{item}"')]
        (folder / "checks" / f"{item}.py").write_text("\n\n\n".join([head, *mine]), encoding="utf-8")


@pytest.fixture
def two(demo: Demo) -> Demo:
    """Ada forgets the root, Bob is right; both graded by checks that take Bob for right."""
    split(demo)
    demo.hand_in("ada", demo.solved("chain", length=ROOTLESS), "chain")
    demo.hand_in("bob", demo.solved("chain"), "chain")
    run(demo)
    return demo


def turn_around(demo: Demo) -> None:
    """From now on Ada's length is the right one."""
    demo.edit("checks/length.py", "x.norm(), what", "(x * x).sum(), what", "chain")


def plan_of(demo: Demo, **more: Any) -> Plan:
    return Plan(demo.root, (demo.root / "submitted",), jobs=1, **more)


def judged_again(demo: Demo, agree: bool = True, stop: Stop | None = None) -> tuple[Done, list[Preview]]:
    """What came of it, and what was shown."""
    shown: list[Preview] = []

    def agreed(preview: Preview) -> bool:
        shown.append(preview)
        return agree

    return rejudge.rejudge(plan_of(demo), agreed, Listener(), stop), shown


def kept(demo: Demo) -> dict[str, Grade]:
    found = {name: read_kept(demo.root, "chain", name) for name in ("ada", "bob")}
    return {name: grade for name, grade in found.items() if grade is not None}


def test_only_items_whose_checks_changed_are_judged(two: Demo) -> None:
    """The verdicts of the other item are the very ones of before; seed and work are the same."""
    before = kept(two)
    turn_around(two)
    done, shown = judged_again(two)
    after = kept(two)
    assert [one.state.value for one in stands(plan_of(two))] == ["graded", "graded"]
    for name in ("ada", "bob"):
        old, new = before[name], after[name]
        assert (old.seed, old.digest, old.edition == new.edition) == (new.seed, new.digest, False)
        assert old.items[0] == new.items[0]  # to the millisecond
        assert old.items[1].checks != new.items[1].checks
    assert shown[0].items == 2
    assert [grade.score for grade in done.grades] == [row.score for row in rows(two)] == [5.0, 4.0]


def test_what_needs_a_changed_item_is_judged_too(two: Demo) -> None:
    """Whether an earlier item is right decides what is carried forward."""
    two.edit("checks/square.py", "draw.tensor(7)", "draw.tensor(8)", "chain")
    done, shown = judged_again(two)
    assert (shown[0].items, shown[0].changes) == (4, ())
    assert [grade.score for grade in done.grades] == [3.0, 6.0]


def test_gains_and_losses_are_shown_first(two: Demo) -> None:
    """Who is asked knows item by item what changes, and nothing is written before the answer, nor after a no."""
    scores, files = rows(two), {path: path.read_bytes() for path in kept_by(two)}
    turn_around(two)
    done, shown = judged_again(two, agree=False)
    assert shown == [Preview(2, 2, (
        Change("ada", "chain", "length", 0.0, 2.0), Change("bob", "chain", "length", 3.0, 1.0),
    ))]  # fmt: skip
    assert [change.gain for change in shown[0].changes] == [2.0, -2.0]
    assert done.grades == ()
    assert rejudge.NOTHING_WRITTEN in done.problems
    assert rows(two) == scores
    assert {path: path.read_bytes() for path in kept_by(two)} == files


def test_what_a_person_gave_stays(two: Demo) -> None:
    """A score that somebody set counts after it as before, and is shown as staying."""
    with Gradebook(database_url(two.root)) as book:
        grade = book.find_grade("test-length", "chain", "chain", "bob")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.db.commit()
    turn_around(two)
    done, shown = judged_again(two)
    bob = next(change for change in shown[0].changes if change.student == "bob")
    assert (bob.person, bob.gain) == (2.5, 0.0)
    assert done.grades[1].total == 5.5
    with Gradebook(database_url(two.root)) as book:
        grade = book.find_grade("test-length", "chain", "chain", "bob")
        assert (grade.manual_score, grade.auto_score) == (2.5, 1.0)


def test_what_cannot_be_checked_changes_nothing(two: Demo) -> None:
    """A check that breaks on the reference, too, is a fault of ours: everybody keeps the grade they have."""
    scores = rows(two)
    two.edit("checks/length.py", "expect.same(", "expect.sameish(", "chain")
    done, shown = judged_again(two)
    assert (shown, done.grades) == ([], ())
    assert sum("keeps its grade" in line for line in done.problems) == 2
    assert rows(two) == scores


def test_other_work_is_left_alone(two: Demo) -> None:
    """What was handed in anew, or never graded, is for an ordinary run."""
    two.hand_in("ada", two.solved("chain"), "chain")
    two.hand_in("cleo", two.solved("chain"), "chain")
    turn_around(two)
    done, shown = judged_again(two)
    assert [grade.student for grade in done.grades] == ["bob"]
    assert shown[0].submissions == 1
    again, shown = judged_again(two)
    assert (again.notes, shown) == ((rejudge.NOTHING_TO_DO,), [])


def test_a_change_of_prose_judges_nothing(two: Demo) -> None:
    """Files that decide no item are known as such: all verdicts stand."""
    before = kept(two)
    two.edit("assignment.toml", "minutes = 10", "minutes = 11", "chain")
    done, shown = judged_again(two)
    assert (shown[0].items, shown[0].changes) == (0, ())
    assert [grade.items for grade in done.grades] == [grade.items for grade in before.values()]


def test_a_stopped_run_writes_nothing(two: Demo) -> None:
    """Ctrl-C before the answer leaves everything as it was."""
    scores = rows(two)
    turn_around(two)
    stop = Stop()
    stop.request(signal.SIGINT)
    done, shown = judged_again(two, stop=stop)
    assert (done.stopped, done.grades, shown) == (signal.SIGINT, (), [])
    assert rows(two) == scores


def test_the_command_asks_or_is_told(two: Demo, seq2grade: Command) -> None:
    """Where nobody can be asked nothing is written without --yes; options that say something else are refused."""
    scores = rows(two)
    turn_around(two)
    arguments = ("grade", two.root / "submitted", "--course", two.root, "--rejudge")
    said = seq2grade(*arguments)
    assert said.code == 1
    assert "--yes writes it" in said.err
    assert "1 students gain, 1 lose, 0 stay" in said.err
    assert ["ada", "chain", "length", "0", "2", "+2"] in map(str.split, said.err.splitlines())
    assert rows(two) == scores
    for option in (("--seed", "1"), ("--again",), ("--no-gradebook",), ("--report", two.root / "pages")):
        refused = seq2grade(*arguments, *option)
        assert refused.code != 0
        assert option[0] in refused.err or "seq2grade report" in refused.err
    assert "--rejudge" in seq2grade("grade", two.root / "submitted", "--course", two.root, "--yes").err
    said = seq2grade(*arguments, "--yes")
    assert said.code == 0
    with CourseGradebook(database_url(two.root)) as book:
        assert [row.score for row in book.scores("chain")] == [5.0, 4.0]
