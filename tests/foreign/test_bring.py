"""A notebook of another grader becomes an assignment that builds, and nothing of it is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import nbgrader
import pytest

from autograder import publish
from autograder.assignment import load_assignment
from autograder.authoring import Cell
from autograder.course import Course
from autograder.errors import Seq2gradeError
from autograder.foreign import Brought, bring
from autograder.judge.ports import in_process
from autograder.judge.registry import load_checks
from autograder.judge.run import run_check
from autograder.model import Submission
from autograder.pipeline import grade_submission
from tests.foreign import sample

if TYPE_CHECKING:
    from tests.commands import Command

pytest_plugins = ["tests.courses", "tests.commands"]

PS1 = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"
OLD = Path(nbgrader.__file__).parent / "tests" / "apps" / "files" / "test-v0.ipynb"


def cells_of(brought: Brought) -> dict[str, Cell]:
    """The cells that have names."""
    return {cell.grade_id: cell for cell in load_assignment(brought.folder).cells if cell.grade_id}


def todo(brought: Brought) -> str:
    """What was left to the author."""
    return (brought.folder / "TODO.md").read_text(encoding="utf-8")


def test_nbgraders_own_example(tmp_path: Path) -> None:
    """The problem set of nbgrader's user guide: all ten points, its picture, its tests; the one that takes `squares`
    away is listed as it was."""
    brought = bring(PS1 / "problem1.ipynb", tmp_path)
    assert (brought.grader, brought.items, brought.checks, brought.problems) == ("nbgrader", 5, 3, ())
    assert (brought.points, brought.by_checks, brought.worth) == (10, 3, 10)
    assignment = load_assignment(brought.folder)
    assert [item.points for item in assignment.items] == [None, None, 1, 2, 4]
    assert [check.points for check in load_checks(brought.folder)] == [1, 1, 1]  # a lost test's half point stays
    assert (brought.folder / "files" / "jupyter.png").read_bytes() == (PS1 / "jupyter.png").read_bytes()
    assert "orig_squares = squares\ndel squares\ntry:" in todo(brought)
    assert "0.5 of its 1 points were those of lost tests; they stand at sum_of_squares_holds_1 now" in todo(brought)
    assert "def pyramidal_number" in cells_of(brought)["sum_of_squares_application"].source


def test_a_notebook_of_nbgraders_first_format(tmp_path: Path) -> None:
    """Points as text, no schema: the same assignment, without the task that there was not yet."""
    brought = bring(OLD, tmp_path, "old")
    assert (brought.points, brought.by_checks, brought.worth) == (6, 3, 6)


@pytest.mark.parametrize(
    ("name", "by_checks", "worth", "kept"),
    [
        ("preprocessors/files/test_taskcell.ipynb", 3, 8, "- 1 mark for writing nicely formatted code"),
        ("apps/files/autotest-simple.ipynb", 0, 1, "### AUTOTEST c"),
        ("apps/files/timeout.ipynb", 1, 1, ""),
    ],
)
def test_nbgraders_own_odd_ones(name: str, by_checks: float, worth: float, kept: str, tmp_path: Path) -> None:
    """Tests by nose become checks, tasks get a cell to answer in, generated tests are listed; all points stay."""
    brought = bring(OLD.parents[2] / name, tmp_path, "odd")
    assert (brought.points, brought.by_checks, brought.worth, brought.problems) == (worth, by_checks, worth, ())
    assert kept in (todo(brought) if kept else "")


def test_each_carried_check_fails_wrong_work(tmp_path: Path) -> None:
    """A check that came over is as sharp as the test was."""
    brought = bring(PS1 / "problem1.ipynb", tmp_path)
    first, second, third = load_checks(brought.folder)
    wrong = {"squares": lambda n: [i**2 for i in range(n)], "sum_of_squares": lambda n: n}
    verdicts = [run_check(check, in_process(wrong), 1) for check in (first, second, third)]
    assert [verdict.status.value for verdict in verdicts] == ["failed"] * 3
    assert verdicts[0].message == "What `squares` gives is not always what the task asks for."
    assert verdicts[1].message == "`squares` should refuse some arguments with ValueError, and does not."


def test_hidden_tests_of_nbgrader_are_hidden(tmp_path: Path) -> None:
    """They are in checks.py alone; what students saw is their public test."""
    cells = [
        sample.prose("# Halves"),
        sample.answer("def half(n):\n    ### BEGIN SOLUTION\n    return n / 2\n    ### END SOLUTION", "half"),
        sample.tests(
            "assert half(4) == 2, 'of four'\n### BEGIN HIDDEN TESTS\nassert half(7) == 3.5\n### END HIDDEN TESTS",
            "test_half",
            2,
        ),
    ]
    brought = bring(sample.write(tmp_path / "halves.ipynb", cells), tmp_path)
    assert (brought.points, brought.checks, brought.left, brought.problems) == (2, 1, (), ())
    assert not (brought.folder / "TODO.md").exists()
    assert "half(7)" in (brought.folder / "checks.py").read_text(encoding="utf-8")
    assert "half(7)" not in (brought.folder / "notebook.py").read_text(encoding="utf-8")
    assert cells_of(brought)["test-half"].source.strip() == "assert half(4) == 2, 'of four'"
    assert load_assignment(brought.folder).title == "Halves"


def test_otters_master_notebook(tmp_path: Path) -> None:
    """Points by otter's rules, hidden tests hidden, prompts and ignored lines listed."""
    brought = bring(sample.write(tmp_path / "primes.ipynb", sample.OTTER), tmp_path)
    assert (brought.grader, brought.items, brought.checks, brought.problems) == ("otter", 4, 3, ())
    assert (brought.points, brought.by_checks, brought.worth) == (10, 5, 10)
    assert [check.points for check in load_checks(brought.folder)] == [2, 2, 1]
    notebook = (brought.folder / "notebook.py").read_text(encoding="utf-8")
    assert "assert sieve(3) == {2, 3}" in notebook
    assert "{2, 3, 5, 7" not in notebook
    assert "SOLUTION NO PROMPT" not in notebook
    for kept in ("rng.integers(3)", "seen by nobody", "picture = ...", "autograder_value: 42", "%matplotlib inline"):
        assert kept in todo(brought)
        assert kept not in notebook


def test_tests_that_prove_nothing_are_taken_out(tmp_path: Path) -> None:
    """A test that the solution fails, one that the blank notebook passes, and one that asks nothing become no checks;
    their points go to a person, and the reasons are told."""
    cells = [
        sample.prose("# Odd tests"),
        sample.answer("### BEGIN SOLUTION\ndef f(n):\n    return n\n### END SOLUTION", "fails"),
        sample.tests("### BEGIN HIDDEN TESTS\nassert f(1) == 2\n### END HIDDEN TESTS", "t1", 1),
        sample.answer("g = 1\n### BEGIN SOLUTION\ng = 1\n### END SOLUTION", "blank"),
        sample.tests("assert g == 1", "t2", 1),
        sample.answer("### BEGIN SOLUTION\nh = 3\n### END SOLUTION", "nothing"),
        sample.tests("assert 1 + 1 == 2", "t3", 1),
        sample.answer("### BEGIN SOLUTION\nk = 4\n### END SOLUTION", "good"),
        sample.tests("assert k == 4", "t4", 1),
    ]
    brought = bring(sample.write(tmp_path / "odd.ipynb", cells), tmp_path)
    assert (brought.points, brought.by_checks, brought.checks, brought.problems) == (4, 1, 1, ())
    told = todo(brought)
    assert "own solution does not pass it" in told
    assert "passes before anything is answered" in told
    assert "passes without asking the student anything" in told
    assert told.count("None of its tests became a check: a person grades it, for all of its 1 points") == 3


@pytest.mark.parametrize("grader", ["nbgrader", "otter"])
def test_what_came_over_builds_and_grades(grader: str, tmp_path: Path, warm: object) -> None:
    """`build` in the sandbox takes it as it is; the solution has full marks by its checks, the blank release none."""
    path = PS1 / "problem1.ipynb" if grader == "nbgrader" else sample.write(tmp_path / "p.ipynb", sample.OTTER)
    root = tmp_path / "course"
    brought = bring(path, root, "moved")
    (report,) = publish.build(root, ())
    assert report.problems == (), report
    with Course.open(publish.Spec(root)) as course:
        for step, share in (("solutions", 1.0), ("release", 0.0)):
            handed_in = root / "submitted" / step / "moved" / "moved.ipynb"
            handed_in.parent.mkdir(parents=True)
            handed_in.write_bytes((root / step / "moved" / "moved.ipynb").read_bytes())
            grade = grade_submission(course, Submission(step, "moved", handed_in), 1)
            checks = [check for item in grade.items for check in item.checks]
            assert sum(check.points for check in checks) == share * brought.by_checks


def test_a_solution_that_fails_its_own_tests_is_told(tmp_path: Path) -> None:
    """The folder is there, and what keeps it from building is named with its cell."""
    cells = [sample.answer("### BEGIN SOLUTION\ndef f(n):\n    return n\n### END SOLUTION", "f")]
    brought = bring(sample.write(tmp_path / "bad.ipynb", [*cells, sample.tests("assert f(1) == 2", "t", 1)]), tmp_path)
    assert brought.folder.is_dir()
    assert brought.problems[0].startswith("assignments/bad/notebook.py: cell tests-of-f: expected it to run")
    assert brought.problems[0] in todo(brought)


def test_what_cannot_be_taken_is_said(tmp_path: Path) -> None:
    """A released notebook, one of no grader, one without points, a file that is none."""
    stub = sample.answer("def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()", "f")
    for name, cells, told in (
        ("released", [stub], "holds a stub, not a solution"),
        ("plain", [sample.code("x = 1")], "this is neither"),
        ("unpaid", [sample.answer("x = 1", "x")], "nothing in this notebook earns points"),
    ):
        with pytest.raises(Seq2gradeError, match=told):
            bring(sample.write(tmp_path / f"{name}.ipynb", cells), tmp_path)
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(Seq2gradeError, match="expected a notebook"):
        bring(tmp_path / "broken.ipynb", tmp_path)
    assert not list((tmp_path / "assignments").glob("*")) if (tmp_path / "assignments").exists() else True


def test_the_command_says_what_is_left(tmp_path: Path, seq2grade: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1 where something needs a person; a folder that is there stays as it is."""
    monkeypatch.chdir(tmp_path)
    ran = seq2grade("import", PS1 / "problem1.ipynb", "--id", "first")
    assert ran.code == 1
    assert "5 items, 10 of 10 points: 3 by 3 checks, 7 by a person" in ran.out
    assert "to look at: assignments/first/TODO.md" in ran.out
    before = json.dumps(sorted(str(path) for path in tmp_path.rglob("*")))
    again = seq2grade("import", PS1 / "problem1.ipynb", "--id", "first")
    assert (again.code, "this folder exists and stays as it is" in again.err) == (2, True)
    assert json.dumps(sorted(str(path) for path in tmp_path.rglob("*"))) == before
