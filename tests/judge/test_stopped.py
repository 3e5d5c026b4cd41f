"""A value that a cell did not get to replace is not blamed on the answer that stands below the crash."""

from __future__ import annotations

import pytest

from autograder.judge import Check, Student, expect, in_process
from autograder.judge.run import run_check
from autograder.judge.sources import Facts
from autograder.judge.stopped import too_early
from tests.courses import Grader

pytest_plugins = ["tests.courses"]

CRASHED = "# my answer\nclaim = None\nrate = 1 / 0\nclaim = True"
ZERO = "ZeroDivisionError: division by zero"


def facts(*cells: str, line: str = "3", stopped: int = -1) -> Facts:
    """A notebook of which one cell, the last one, stopped in this line."""
    at = stopped % len(cells)
    return Facts.of((f"c{n}", text, "error" if n == at else "ok", ZERO if n == at else "", line if n == at else "")
                    for n, text in enumerate(cells))  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "line", "behind"),
    [
        ((CRASHED,), "3", True),
        (("claim = None", "rate = 1 / 0\nclaim = True"), "1", True),
        (("\n\nclaim = None\nrate = 1 / 0\nclaim = True",), "2", True),
        (("claim = None\nclaim = bool(\n    1 / 0\n)",), "3", True),
        (("claim = {'a': None}\nrate = 1 / 0\nclaim['a'] = True",), "2", True),
        (("claim = None\nfor _ in range(2):\n    claim = True\n    1 / 0",), "4", False),
        (("claim = True\nrate = 1 / 0",), "2", False),
        (("rate = 1 / 0\nclaim = True",), "1", False),
        (("claim = None\nrate = 1 / 0\ndef f():\n    claim = True",), "2", False),
        ((CRASHED,), "", False),
    ],
)
def test_a_value_is_an_earlier_one_only_if_that_is_certain(cells: tuple[str, ...], line: str, behind: bool) -> None:
    """The cell stopped in front of a line that gives the name its value, and the name had one before."""
    found = too_early(["rate", "claim"], facts(*cells, line=line))
    assert found.startswith("`claim` still has an earlier value: the cell that begins with") if behind else found == ""


def test_a_later_cell_that_ran_counts() -> None:
    """What a cell further down gives is no earlier value."""
    assert too_early(["claim"], facts(CRASHED, "claim = True", stopped=0)) == ""


def test_the_crash_is_told_in_place_of_a_cause() -> None:
    """Whoever wrote an answer is not told to write one; where nothing stopped the hint is that of the check."""
    check = Check("c", "i", 1.0, "Claim.", lambda student, draw: expect.boolean(student.value("claim"), what="claim"))
    told = [run_check(check, in_process({"claim": None}), 1, known) for known in (facts(CRASHED), Facts())]
    assert told[0].hint == (
        "`claim` still has an earlier value: the cell that begins with `# my answer`, stopped with ZeroDivisionError "
        "in line 3, `rate = 1 / 0`, before it got to the last one"
    )
    assert (told[1].message, told[1].hint) == ("claim should be True or False, but is None.", "")


def test_a_name_without_a_value_is_told_as_that() -> None:
    """A name that no cell gave a value has no earlier one."""

    def asks(student: Student, draw: object) -> None:
        student.value("claim")

    told = run_check(Check("c", "i", 1.0, "Claim.", asks), in_process({}), 1, facts("f = 1", CRASHED, stopped=1))
    assert "`claim` is not defined" in told.message
    assert "earlier value" not in told.hint


def test_a_student_reads_where_the_cell_stopped(grader: Grader) -> None:
    """Graded for real: the line above the answer that stopped its cell, and no word about a missing answer."""
    code = 'answers["hot-limit"] = {"b"}\nhot_tau = None\nprint(undefined)\nhot_tau = 500.0'
    grade = grader.grade(grader.demo.solved(hot_limit=code))
    told = [check for check in grade.items[1].checks if check.message]
    assert told
    assert {check.hint for check in told} == {
        '`hot_tau` still has an earlier value: the cell that begins with `answers["hot-limit"] = {"b"}`, stopped '
        "with NameError in line 3, `print(undefined)`, before it got to the last one"
    }
