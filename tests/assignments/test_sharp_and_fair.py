"""Every assignment of this course: mistakes are caught, alternatives get full marks, no check is idle.

`make test` tries so many mistakes that each check fails one, and a sixth of the alternatives; `make audit
AUDIT=--quick` tries all (docs/decisions/0025).
"""

from __future__ import annotations

import pytest

from autograder.audit.quick import few, quick_audit
from tests.assignments.ready import IDS, trusted

SEED = 20


@pytest.mark.parametrize("assignment", IDS)
def test_checks_catch_mistakes_and_no_alternative(assignment: str) -> None:
    """A mistake fails the checks it names, an alternative passes all, and each check fails something."""
    known = trusted(assignment)
    audit = quick_audit(known, SEED, chosen=few(known))
    assert audit.problems == ()
    assert audit.tried >= len(known.checks) / 3


@pytest.mark.parametrize("assignment", IDS)
def test_each_code_item_has_enough_examples(assignment: str) -> None:
    """At least six mistakes and three alternatives stand behind each item that is judged by code, and each check is
    one that a mistake names."""
    loaded = trusted(assignment).assignment
    named = {name for mistake in loaded.mistakes for name in mistake.caught_by}
    assert [check.name for check in trusted(assignment).checks if check.name not in named] == []
    for item in loaded.items:
        if item.kind.value == "code":
            assert sum(m.item == item.id for m in loaded.mistakes) >= 6, item.id
            assert sum(a.item == item.id for a in loaded.alternatives) >= 3, item.id
