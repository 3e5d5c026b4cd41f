"""Which cell is left out when a notebook's process has ended, and when that is nobody's fault but ours."""

from __future__ import annotations

import pytest

from autograder.errors import SandboxError
from autograder.model import CellRun
from autograder.sandbox.session import _culprit

OK, GONE = CellRun("a", "ok", 0.1), CellRun("b", "died", 0.1, "a crash")
CUT = CellRun("c", "skipped", 0.0, "a crash")


def test_the_cell_that_died_is_left_out() -> None:
    """Nothing runs after the cell with which the process ended."""
    assert _culprit([OK, GONE, CUT], "a crash", [False] * 3) == 1


def test_a_cell_that_never_came_to_run_is_innocent() -> None:
    """The last one that ran did it: a cell that could not even be sent is not taken for it, nor one known before."""
    assert _culprit([OK, OK, CUT], "a crash", [False] * 3) == 1
    assert _culprit([OK, GONE, CUT], "a crash", [False, True, False]) == 0


def test_a_kernel_lost_before_any_cell_ran_is_our_failure() -> None:
    """No cell can have done it, so none is left out, and nobody loses a point."""
    with pytest.raises(SandboxError, match="before a cell ran"):
        _culprit([CUT, CUT], "a crash", [False, False])
