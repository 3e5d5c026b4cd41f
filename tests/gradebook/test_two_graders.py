"""Two graders at once, on classes that overlap: each submission has one grade, in every place that holds grades."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import batch
from autograder.batch import Done
from autograder.gradebook import CourseGradebook
from autograder.gradebook.kept import is_genuine, read_kept
from autograder.grading import Listener
from autograder.planned import Plan
from tests.gradebook.sample import rows

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]
WRONG = "def square(x):\n    return 2 * x"


class Together(Listener):
    """Lets nobody begin before both are there, so that they do meet."""

    def __init__(self, barrier: threading.Barrier) -> None:
        self.barrier = barrier

    def total(self, count: int) -> None:
        self.barrier.wait(300)


def test_nothing_is_lost_or_doubled(demo: Demo, url: str, sandbox: str, warm: object) -> None:
    """Both begin with the middle of the class, at the same time. Afterwards gradebook, kept results and autograded/
    have every student once, with the points that the work is worth, and a third run finds nothing left to do."""
    students = [f"s{number}" for number in range(8)]
    for number, student in enumerate(students):
        right = demo.solved("chain") if number % 2 else demo.solved("chain", square=WRONG)
        demo.hand_in(student, right, "chain")
    worth = {student: 6.0 if number % 2 else 4.0 for number, student in enumerate(students)}
    barrier = threading.Barrier(2)

    def graded(some: list[str]) -> Done:
        paths = tuple(demo.root / "submitted" / student for student in some)
        plan = Plan(demo.root, paths, "chain", jobs=1, device="cpu", sandbox=sandbox, seed=3, database=url)
        try:
            return batch.run(plan, Together(barrier))
        except BaseException:
            barrier.abort()  # the other one need not wait
            raise

    middle = students[2:6]
    with ThreadPoolExecutor(2) as both:
        runs = [both.submit(graded, [*middle, *more]) for more in (students[:2], students[6:])]
    done = [run.result() for run in runs if not isinstance(run.exception(), threading.BrokenBarrierError)]
    assert [(one.problems, one.unsaved) for one in done] == [((), ())] * 2
    for one in done:
        assert {grade.student: grade.score for grade in one.grades} == {g.student: worth[g.student] for g in one.grades}
    with CourseGradebook(url) as book:
        assert {row.student: row.score for row in book.scores("chain")} == worth
        assert all(row.open_cells == 0 for row in book.scores("chain"))
    for student in students:
        kept = read_kept(demo.root, "chain", student)
        assert kept is not None
        assert is_genuine(demo.root, "chain", student)
        assert (kept.score, kept.seed) == (worth[student], 3)
        assert sum(points or 0.0 for points, _, _ in rows(url, student, "chain").values()) == worth[student]
        assert json.loads(_autograded(demo.root, student).read_text())["cells"]
    barrier = threading.Barrier(1)
    assert "8 of 8 were graded already" in " ".join(graded(students).notes)


def _autograded(root: Path, student: str) -> Path:
    return root / "autograded" / student / "chain" / "chain.ipynb"
