"""How declared answers differ from the solution, for whoever reviews them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.assignment import Alternative, Assignment, Mistake
from autograder.errors import Seq2gradeError
from autograder.variants import without_marks


@dataclass(frozen=True)
class Difference:
    """One declared answer: what it is `about` (lines to read), and a unified diff from the solution to it."""

    name: str
    about: tuple[str, ...]
    diff: str


def differences(assignments: Sequence[Assignment], item: str, name: str = "") -> Iterator[Difference]:
    """The declared answers to an item, in their order, or the one called `name`, with or without the item before it.

    Raises Seq2gradeError when no assignment has such an item, or the item no such answer.
    """
    owner = next((a for a in assignments if item in [known.id for known in a.items]), None)
    if owner is None:
        known = ", ".join(one.id for a in assignments for one in a.items)
        raise Seq2gradeError(f"no item is called {item}; there are {known or 'none'}")
    declared: list[Mistake | Alternative] = [m for m in owner.mistakes if m.item == item]
    declared += [a for a in owner.alternatives if a.item == item]
    chosen = [one for one in declared if not name or name == one.name or one.name.endswith(f"_{name}")]
    if name and not chosen:
        raise Seq2gradeError(f"{item} has no answer {name}; it has {', '.join(one.name for one in declared) or 'none'}")
    for one in chosen:
        solution = without_marks(owner.cell(one.cell).source)
        lines = difflib.unified_diff(solution.split("\n"), one.code.split("\n"), "solution", one.name, lineterm="")
        yield Difference(one.name, tuple(_about(one)), "\n".join(lines))


def _about(one: Mistake | Alternative) -> Iterator[str]:
    if isinstance(one, Alternative):
        yield f"right: {one.why}"
        return
    yield f"thinks: {one.misconception}"
    yield f"reads: {one.explain}"
    yield f"caught by: {', '.join(one.caught_by)}"
