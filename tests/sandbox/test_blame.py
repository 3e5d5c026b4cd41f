"""Which cell is left out when a notebook's process has ended, and when that is nobody's fault but ours."""

from __future__ import annotations

import nbformat
import pytest

from autograder.errors import SandboxError
from autograder.model import CellRun
from autograder.sandbox.blame import Blame, Toll

CRASH = "a crash"


def blame(*cells: str, alone: bool = True) -> Blame:
    """What is known of a notebook of these code cells, below a text cell, before it has run."""
    return Blame([nbformat.v4.new_markdown_cell("x"), *map(nbformat.v4.new_code_cell, cells)], lambda: alone)


def runs(*statuses: str) -> list[CellRun]:
    """What happened to each code cell in one run."""
    return [CellRun(str(number), status, 0.1) for number, status in enumerate(statuses)]


def test_the_cell_that_died_is_left_out() -> None:
    """Nothing runs after the cell with which the process ended."""
    known = blame("a", "b", "c")
    assert known.take(runs("ok", "died", "skipped"), CRASH, False)
    assert known.skipped() == {2}


def test_a_cell_that_never_came_to_run_is_innocent() -> None:
    """The last one that ran did it: a cell that could not even be sent is not taken for it, nor one known before."""
    known = blame("a", "b", "c")
    assert known.take(runs("ok", "ok", "skipped"), CRASH, False)
    assert known.skipped() == {2}
    assert known.take(runs("ok", "died", "skipped"), CRASH, False)
    assert known.skipped() == {1, 2}


def test_a_kernel_lost_before_any_cell_ran_is_our_failure() -> None:
    """No cell can have done it: the notebook is run again as it is, and in the end nobody loses a point."""
    known = blame("a", "b")
    for _ in range(3):
        assert not known.take(runs("skipped", "skipped"), CRASH, False)
    assert known.skipped() == frozenset()
    with pytest.raises(SandboxError, match="before a cell ran"):
        known.take(runs("skipped", "skipped"), CRASH, False)


def test_a_killed_process_is_blamed_on_a_cell_only_when_it_happens_there_again() -> None:
    """A signal may have come from outside. The same cell twice is that cell's doing."""
    known = blame("a", "b", "c")
    assert not known.take(runs("ok", "died", "skipped"), CRASH, True)
    assert not known.take(runs("died", "skipped", "skipped"), CRASH, True)
    assert known.skipped() == frozenset()
    assert known.take(runs("ok", "died", "skipped"), CRASH, True)
    assert known.skipped() == {2}


def test_a_process_killed_at_ever_other_places_as_others_are_is_our_failure() -> None:
    """Whoever kills everybody again and again costs no student a point."""
    known = blame(*"abcdef", alone=False)
    for place in range(3):
        assert not known.take(runs(*["ok"] * place, "died"), CRASH, True)
    with pytest.raises(SandboxError, match="again and again"):
        known.take(runs("ok", "ok", "ok", "died"), CRASH, True)
    assert known.skipped() == frozenset()
    assert not known.doubtful


def test_a_process_that_alone_is_killed_at_ever_other_places_is_decided() -> None:
    """It cannot keep its points open: from the fourth on, each cell at which it happens is left out."""
    known = blame(*"abcdef")
    for place in range(3):
        assert not known.take(runs(*["ok"] * place, "died"), CRASH, True)
    assert not known.doubtful
    assert known.take(runs("ok", "ok", "ok", "died"), CRASH, True)
    assert known.skipped() == {1, 2, 3, 4}
    assert known.take(runs("ok", "ok", "ok", "ok", "died"), CRASH, True)
    assert known.skipped() == {1, 2, 3, 4, 5}
    assert known.doubtful


def test_the_machine_is_blamed_when_it_kills_others_too() -> None:
    """Two others, and a third of all that ran. What one notebook does again and again says nothing of the machine."""
    toll = Toll()
    for _ in range(9):
        toll.count("mine", True)
        toll.count("other", True)
    assert toll.spares_others("mine")
    toll.count("third", True)
    assert not toll.spares_others("mine")
    for number in range(5):
        toll.count(f"lives on {number}", False)
    assert toll.spares_others("mine")


def test_many_deadly_cells_alike_are_left_out_together() -> None:
    """From the third on, what has the same code is not tried one by one; what has not still is."""
    known = blame(*["die"] * 2, "live", *["die"] * 4)
    for place in (0, 1, 3):
        known.take(runs(*["ok"] * place, "died"), CRASH, False)
    assert known.skipped() == {1, 2, 4, 5, 6, 7}


def test_the_last_runs_leave_out_what_was_never_tried() -> None:
    """First the student's own cells, so that answers after them still count; when that dies too, everything."""
    known = blame("a", "b", "own", "answer")
    known._graded = {4}
    known.take(runs("ok", "died"), CRASH, False)
    assert known.goes_on(spent=10, limit=20)
    assert known.skipped() == {2}
    assert known.goes_on(spent=30, limit=20)
    assert known.skipped() == {2, 3}
    assert known.goes_on(spent=30, limit=20)
    assert known.skipped() == {2, 3, 4}
    assert not known.goes_on(spent=30, limit=20)
