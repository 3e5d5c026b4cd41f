"""What the judge knows and the sandbox never sees: references and declared mistakes, as namespaces."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.assignment import Alternative, Assignment, Mistake
from autograder.errors import AssignmentError
from autograder.judge.extent import made_on_the_way, places_needed
from autograder.judge.fingerprint import Traces
from autograder.judge.registry import Check, file_of, load_checks
from autograder.model import Kind
from autograder.nearest import meant
from autograder.reference import cells_with, namespace_with, reference_namespace, solution_cells
from autograder.request import Listed

_KEPT = 8  # namespaces of mistakes at a time: what a check saw of each is kept, so one is seldom needed again
_DEAR = 0.5  # CPU seconds; what took longer to make is kept all the same


@dataclass
class Trusted:
    """An assignment made ready for judging. The solution is executed once, when first needed; a declared mistake is
    when it is needed and was not among the last ones, or took long."""

    assignment: Assignment
    checks: tuple[Check, ...]
    traces: Traces = field(default_factory=Traces, repr=False, compare=False)  # of its declared mistakes
    _spaces: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    _cheap: deque[str] = field(default_factory=deque, repr=False)  # of `_spaces`, the first made first

    @staticmethod
    def load(assignment: Assignment) -> Trusted:
        """Load the checks. Raises AssignmentError when items and checks do not fit together."""
        checks = load_checks(assignment.folder)
        known = {item.id: item for item in assignment.items}
        for check in checks:
            if check.item not in known or known[check.item].kind is Kind.MANUAL:
                graded = [item.id for item in assignment.items if item.kind is not Kind.MANUAL]
                expected = f"expected an automatically graded item, not {check.item}{meant(check.item, graded)}"
                raise AssignmentError(file_of(check), check.name, expected)
        for item in assignment.items:
            if item.kind is not Kind.MANUAL and not any(c.item == item.id for c in checks):
                raise AssignmentError(assignment.folder / "checks.py", item.id, "expected at least one check")
        names = {check.name for check in checks}
        for mistake in assignment.mistakes:
            for name in mistake.caught_by:
                if name not in names:
                    expected = f"expected the name of a check, got {name!r}{meant(name, names)}"
                    raise AssignmentError(mistake.path, f"{mistake.name}.caught_by", expected)
        return Trusted(assignment, checks)

    @property
    def listed(self) -> tuple[Listed, ...]:
        """The checks without their code, in order."""
        return tuple(Listed(c.name, c.item, c.points, c.claim, c.training, file_of(c)) for c in self.checks)

    def checks_of(self, item: str) -> tuple[Check, ...]:
        """The checks of one item, in order."""
        return tuple(check for check in self.checks if check.item == item)

    def mistakes_of(self, item: str) -> tuple[Mistake, ...]:
        """The declared mistakes of one item."""
        return tuple(m for m in self.assignment.mistakes if m.item == item)

    def reference(self) -> dict[str, Any]:
        """The solution's namespace."""
        if "" not in self._spaces:
            self._spaces[""] = reference_namespace(self.assignment)
        return self._spaces[""]

    def with_mistake(self, mistake: Mistake, item: str = "") -> dict[str, Any]:
        """The solution's namespace with one answer replaced by a mistake: see `like`."""
        item = item or mistake.item
        key, begin = f"{mistake.name} {item}", time.process_time()
        if key not in self._spaces:
            self._spaces[key] = self.like(mistake, item)
            if time.process_time() - begin < _DEAR:
                self._cheap.append(key)
            if len(self._cheap) > _KEPT:  # hundreds of them are hundreds of megabytes, for each judge
                self._spaces.pop(self._cheap.popleft()).clear()  # its functions and it hold each other
        return self._spaces[key]

    def like(self, other: Mistake | Alternative, item: str = "") -> dict[str, Any]:
        """A fresh namespace of the solution with one answer replaced, as far as the checks of `item`, or else its own,
        need it. Cells that stumble over what was replaced are left behind, as in a student's notebook."""
        cells = cells_with(self.assignment, other.cell, other.code)
        wanted = (other.cell, self.assignment.item(item or other.item).answer)
        places = places_needed(cells, wanted, self.checks_of(item or other.item), self._unasked)
        return namespace_with(self.assignment, other.cell, other.code, go_on=True, places=places)

    @cached_property
    def _unasked(self) -> frozenset[str]:
        items = self.assignment.items
        submitted = {name for item in items for name in item.submits}
        return made_on_the_way({item.answer for item in items}, submitted, solution_cells(self.assignment))

    def stand_ins(self, item: str) -> dict[str, Callable[..., Any]]:
        """Reference functions of the items that `item` builds on (error carried forward). No classes: what they make
        cannot cross, and they would make it of any size that student code asks for."""
        needed = self.assignment.item(item).needs
        if not needed:
            return {}
        names = [name for n in needed for name in self.assignment.item(n).submits]
        space = self.reference()
        return {name: space[name] for name in names if callable(space.get(name)) and not isinstance(space[name], type)}
