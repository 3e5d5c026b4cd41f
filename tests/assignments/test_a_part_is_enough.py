"""A mistake comes to life with the cells that its item needs: are they all that it needs?"""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import find_assignments, load_assignment
from autograder.audit.quick import judged
from autograder.judge.extent import places_needed
from autograder.judge.trusted import Trusted
from autograder.model import Kind, Status
from autograder.reference import at_work, namespace_with, solution_cells

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]
SEED = 20


@pytest.mark.parametrize("assignment", IDS)
def test_a_part_of_the_reference_passes_its_checks(assignment: str) -> None:
    """The cells that make what an item's checks ask for give the same full marks as the whole notebook, for the first
    item of each five and for the last."""
    loaded = load_assignment(ROOT / "assignments" / assignment)
    trusted, cells = Trusted.load(loaded), solution_cells(loaded)
    items = [item for item in loaded.items if item.kind is not Kind.MANUAL]
    with at_work(loaded):
        for item in {one.id: one for one in (*items[::5], items[-1])}.values():
            checks = trusted.checks_of(item.id)
            places = places_needed(cells, (item.answer,), checks)
            space = namespace_with(loaded, item.answer, dict(cells)[item.answer], places=places)
            found = {check.name: judged(check, space, SEED) for check in checks}
            assert [name for name, result in found.items() if result.status is not Status.PASSED] == []
