"""Files of the course beside the notebook: for the solution, for students, in nbgrader, for references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder import publish
from autograder.assignment import load_assignment
from autograder.collect.given import with_given
from autograder.judge.trusted import Trusted
from autograder.model import Collected, Submission
from autograder.reference import at_work

if TYPE_CHECKING:
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses"]

SQUARE = "    return x * x\n"
READS = '    with open("tables/exponent.txt") as file:\n        return x ** int(file.read())\n'


def give(demo: Demo) -> None:
    """An assignment whose solution reads a file when it is called, and whose prose shows a picture."""
    folder = demo.root / "assignments" / "chain"
    (folder / "files" / "tables").mkdir(parents=True)
    (folder / "files" / "tables" / "exponent.txt").write_text("2", encoding="utf-8")
    (folder / "files" / "line.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    demo.edit("notebook.py", SQUARE, READS, "chain")
    doubles = '["x ** int(file.read())", "x * int(file.read())"]'
    demo.edit("mistakes/square.toml", '["x * x", "x + x"]', doubles, "chain")
    demo.edit("notebook.py", "# # Lengths", "# # Lengths\n#\n# ![a line](line.svg)", "chain")


def test_a_students_copy_makes_no_difference() -> None:
    """A file in the place of a given one is left out and told; the same file is no news; others come along."""
    files = {"a.csv": b"1", "b.csv": b"own", "data": b"a file", "c.csv/x": b"below", "mine.txt": b"mine"}
    given = {"a.csv": b"1", "b.csv": b"2", "data/d.csv": b"3", "c.csv": b"4"}
    found = with_given(Collected(Submission("ada", "one", Path("x")), "", {}, files=files), given)
    assert (found.files, found.given) == ({"mine.txt": b"mine"}, given)
    assert [(repair.kind, repair.message.split(" was ")[0]) for repair in found.repaired] == [
        ("files", "The file b.csv"),
        ("files", "The file data"),
        ("files", "The file c.csv/x"),
    ]


@pytest.mark.usefixtures("warm")
def test_files_reach_solution_and_student(demo: Demo, grader: Grader) -> None:
    """The solution that reads them builds and gets full marks, a student who hands in another copy too, and is told;
    references find them wherever they run."""
    give(demo)
    (report,) = publish.build(demo.root, ("chain",))
    assert (report.problems, report.summary[-15:]) == ((), "9 files changed")
    submission = demo.hand_in("someone", demo.solved("chain"), "chain")
    (submission.path.parent / "tables").mkdir()
    (submission.path.parent / "tables" / "exponent.txt").write_text("3", encoding="utf-8")
    grade = grader.grade(demo.solved("chain"), "chain")
    assert grade.score == grade.max_score == 6.0
    assert [repair.message for repair in grade.repaired] == [
        "The file tables/exponent.txt was not used: tables/exponent.txt is part of the assignment, and "
        "the assignment's own copy was taken."
    ]
    wrong = demo.solved("chain", square="def square(x):\n    return x.mul_(x)")
    grade = grader.grade(wrong, "chain")
    assert [(item.score, item.max_score) for item in grade.items] == [(2.0, 3.0), (3.0, 3.0)]
    assert grade.items[0].explanation.startswith("Your function writes into the vector")
    here = Path.cwd()
    trusted = Trusted.load(load_assignment(demo.root / "assignments" / "chain"))
    with at_work(trusted.assignment):
        assert float(trusted.reference()["length"](trusted.reference()["torch"].tensor([3.0, 4.0]))) == 5.0
    assert Path.cwd() == here
    assert json.loads((demo.root / "release/chain/chain.ipynb").read_text())["cells"][0]["source"][-1].endswith("svg)")
