"""What the judge knows and the sandbox never sees: references and declared mistakes, as namespaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.assignment import Assignment, Mistake, namespace_with, reference_namespace
from autograder.errors import AssignmentError
from autograder.judge.registry import Check, load_checks
from autograder.judge.turn import turn
from autograder.model import Kind


@dataclass
class Trusted:
    """An assignment made ready for judging. Namespaces are executed once, when first needed."""

    assignment: Assignment
    checks: tuple[Check, ...]
    _spaces: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    @staticmethod
    def load(assignment: Assignment) -> Trusted:
        """Load the checks. Raises AssignmentError when items and checks do not fit together."""
        checks = load_checks(assignment.folder)
        known = {item.id: item for item in assignment.items}
        for check in checks:
            if check.item not in known or known[check.item].kind is Kind.MANUAL:
                expected = f"expected an automatically graded item, not {check.item}"
                raise AssignmentError(assignment.folder / "checks.py", check.name, expected)
        for item in assignment.items:
            if item.kind is not Kind.MANUAL and not any(c.item == item.id for c in checks):
                raise AssignmentError(assignment.folder / "checks.py", item.id, "expected at least one check")
        names = {check.name for check in checks}
        for mistake in assignment.mistakes:
            for name in mistake.caught_by:
                if name not in names:
                    raise AssignmentError(mistake.path, "caught_by", f"expected the name of a check, got {name!r}")
        return Trusted(assignment, checks)

    def checks_of(self, item: str) -> tuple[Check, ...]:
        """The checks of one item, in order."""
        return tuple(check for check in self.checks if check.item == item)

    def mistakes_of(self, item: str) -> tuple[Mistake, ...]:
        """The declared mistakes of one item."""
        return tuple(m for m in self.assignment.mistakes if m.item == item)

    def reference(self) -> dict[str, Any]:
        """The solution's namespace."""
        return self._space("", lambda: reference_namespace(self.assignment))

    def with_mistake(self, mistake: Mistake) -> dict[str, Any]:
        """The solution's namespace with one answer replaced by a mistake. Later cells that stumble over it are left
        behind, as in a student's notebook."""

        def make() -> dict[str, Any]:
            return namespace_with(self.assignment, mistake.cell, mistake.code, go_on=True)

        return self._space(mistake.name, make)

    def _space(self, key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        with turn():
            if key not in self._spaces:
                self._spaces[key] = make()
            return self._spaces[key]

    def stand_ins(self, item: str) -> dict[str, Callable[..., Any]]:
        """Reference functions of the items that `item` builds on (error carried forward)."""
        needed = self.assignment.item(item).needs
        if not needed:
            return {}
        names = [s.split("(")[0].strip() for n in needed for s in self.assignment.item(n).submits if "(" in s]
        space = self.reference()
        return {name: space[name] for name in names if callable(space.get(name))}
