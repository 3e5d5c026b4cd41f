"""Every assignment of this course: mistakes are caught, alternatives get full marks, no check is idle.

`make test` tries so many mistakes that each check fails one, and a sixth of the alternatives; `make audit
AUDIT=--quick` tries all (docs/decisions/0025).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import find_assignments, load_assignment
from autograder.audit.quick import few, quick_audit
from autograder.judge.trusted import Trusted

ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]
SEED = 20


@pytest.mark.parametrize("assignment", IDS)
def test_checks_catch_mistakes_and_no_alternative(assignment: str) -> None:
    """A mistake fails the checks it names, an alternative passes all, and each check fails something."""
    trusted = Trusted.load(load_assignment(ROOT / "assignments" / assignment))
    audit = quick_audit(trusted, SEED, chosen=few(trusted))
    assert audit.problems == ()
    assert audit.tried >= len(trusted.checks) / 3


@pytest.mark.parametrize("assignment", IDS)
def test_each_code_item_has_enough_examples(assignment: str) -> None:
    """At least six mistakes and three alternatives stand behind each item that is judged by code."""
    loaded = load_assignment(ROOT / "assignments" / assignment)
    for item in loaded.items:
        if item.kind.value == "code":
            assert sum(m.item == item.id for m in loaded.mistakes) >= 6, item.id
            assert sum(a.item == item.id for a in loaded.alternatives) >= 3, item.id
