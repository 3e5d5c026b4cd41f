"""Every assignment of this course: each declared mistake is caught, each alternative gets full marks, no check idle."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import find_assignments, load_assignment
from autograder.audit.quick import quick_audit
from autograder.judge.trusted import Trusted

ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]
SEED = 20


@pytest.mark.parametrize("assignment", IDS)
def test_checks_catch_every_mistake_and_no_alternative(assignment: str) -> None:
    """Each declared mistake fails the checks it names, each alternative passes all, and no check is idle."""
    audit = quick_audit(Trusted.load(load_assignment(ROOT / "assignments" / assignment)), SEED)
    assert audit.problems == ()
    assert audit.tried > 0


@pytest.mark.parametrize("assignment", IDS)
def test_each_code_item_has_enough_examples(assignment: str) -> None:
    """At least six mistakes and three alternatives stand behind each item that is judged by code."""
    loaded = load_assignment(ROOT / "assignments" / assignment)
    for item in loaded.items:
        if item.kind.value == "code":
            assert sum(m.item == item.id for m in loaded.mistakes) >= 6, item.id
            assert sum(a.item == item.id for a in loaded.alternatives) >= 3, item.id
