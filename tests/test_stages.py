"""Where the time of a submission goes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from autograder.stages import STAGES, Profile, Spent, follow, judged, stage

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.courses", "tests.commands"]


def test_a_stage_inside_another_one_is_counted_once() -> None:
    """A notebook that is run again while it is judged costs its stages, not the judge's. Who is not followed is not
    measured, nor asked."""
    spent, used = Spent(), iter([1.0, 4.0, 6.0, 7.0])
    follow(spent)
    try:
        with stage("judge", lambda: next(used)):
            judged(0.5)
            with stage("cells", lambda: next(used)):
                time.sleep(0.3)
    finally:
        follow(None)
    with stage("cells", lambda: 1 / 0):
        judged(9.0)
    assert (spent.stages["judge"].student, spent.stages["cells"].student) == (4.0, 2.0)
    assert (spent.stages["judge"].judge, spent.whole.judge) == (0.5, 0.5)
    assert spent.stages["cells"].wall >= 0.3 > spent.stages["judge"].wall
    assert spent.stages["judge"].cpu == spent.stages["judge"].grader + 4.5


def test_what_cannot_be_told_counts_as_nothing() -> None:
    """A process that has ended says no more what it used."""
    spent = Spent()
    follow(spent)
    try:
        with stage("judge", lambda: 1 / 0):
            pass
    finally:
        follow(None)
    assert spent.stages["judge"].student == 0.0


def test_the_profile_of_a_run(course: Demo, seq2grade: Command) -> None:
    """One row for each stage, in seconds of clock and processors, for what was run: cells that sleep and compute show
    as that."""
    work = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass\ntime.sleep(0.5)\n"
    notebook = course.solved("chain", square=work + "def square(x):\n    return x * x")
    course.hand_in("ada", notebook, "chain")
    ran = seq2grade("grade", "submitted", "--profile", "--jobs", 1)
    rows = {line.split("  ")[0].strip(): line for line in ran.err.splitlines()}
    assert set(STAGES) <= set(rows)
    wall, cpu, grader, student, judge = map(float, rows["cells"].split()[1:6])
    assert wall >= 1.0
    assert student >= 0.4
    assert judge == 0.0
    assert abs(cpu - grader - student) < 0.002
    assert float(rows["judge"].split()[5]) > 0
    assert float(rows["record"].split()[1]) > 0
    again = seq2grade("grade", "submitted", "--profile")
    assert "nothing was run" in again.err


def test_a_mean_is_over_submissions() -> None:
    """Two that took one and three seconds took two each."""
    profile = Profile({("a", "x"): Spent(), ("a", "y"): Spent()})
    for wall, spent in zip((1.0, 3.0), profile.spent.values(), strict=True):
        spent.stages["cells"].wall = wall
    assert profile.mean().whole.wall == 2.0
