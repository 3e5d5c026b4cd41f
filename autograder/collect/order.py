"""Where each cell runs: answers and own cells in the student's order, locked cells with their answers.

A release falls into sections: each answer cell with what follows it, up to the next answer cell; before the
first answer lies a section without one. Sections come in the order in which the student left the answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.collect.manifest import ReleaseCell


@dataclass(frozen=True)
class Slot:
    """A place in the notebook: `cell` is an index into the student's cells, `order` one into the release.
    A cell of the student's own has no order; a cell put back has no cell."""

    cell: int | None
    order: int | None


def arrange(
    release: Sequence[ReleaseCell],
    slots: Sequence[Slot],
) -> tuple[tuple[Slot, ...], frozenset[int]]:
    """The slots with every release cell exactly once, and the orders of the locked cells moved back.

    Answers, prose and own cells keep the student's order. A locked cell that stands in its section, in
    release order among the locked cells there, stays; one that does not, or is missing, goes right behind its
    nearest predecessor in the section.
    """
    heads = list(_heads(release))
    result = list(slots)
    present = {slot.order for slot in slots}
    for cell in release:
        if cell.is_answer and cell.order not in present:
            result.insert(_behind(release, heads, result, cell.order), Slot(None, cell.order))
    moved = _misplaced(release, heads, result)
    origin = {slot.order: slot.cell for slot in result}
    result = [slot for slot in result if slot.order not in moved]
    for cell in release:
        if cell.order in moved or (cell.order not in present and not cell.is_answer):
            place = _behind(release, heads, result, cell.order)
            result.insert(place, Slot(origin.get(cell.order), cell.order))
    return tuple(result), moved


def _heads(release: Sequence[ReleaseCell]) -> Iterator[int | None]:
    """For each release cell, the answer cell before it: the one whose section it belongs to."""
    head = None
    for cell in release:
        yield head
        if cell.is_answer:
            head = cell.order


def _sections(release: Sequence[ReleaseCell], slots: Sequence[Slot]) -> Iterator[int | None]:
    """For each slot, the answer cell whose section it stands in. An answer stands in its predecessor's."""
    section = None
    for slot in slots:
        yield section
        if slot.order is not None and release[slot.order].is_answer:
            section = slot.order


def _misplaced(
    release: Sequence[ReleaseCell],
    heads: Sequence[int | None],
    slots: Sequence[Slot],
) -> frozenset[int]:
    """Locked cells outside their section, and as few as possible of those out of order within it."""
    locked = [
        (slot.order, section)
        for slot, section in zip(slots, _sections(release, slots), strict=True)
        if slot.order is not None and release[slot.order].is_locked
    ]
    at_home: dict[int | None, list[int]] = defaultdict(list)
    for order, section in locked:
        if heads[order] == section:
            at_home[section].append(order)
    steady = {order for orders in at_home.values() for order in _longest_rising(orders)}
    return frozenset(order for order, _ in locked) - steady


def _longest_rising(orders: Sequence[int]) -> list[int]:
    """A longest rising subsequence."""
    best: list[list[int]] = []
    for order in orders:
        before = max((run for run in best if run[-1] < order), key=len, default=[])
        best.append([*before, order])
    return max(best, key=len, default=[])


def _behind(
    release: Sequence[ReleaseCell],
    heads: Sequence[int | None],
    slots: Sequence[Slot],
    order: int,
) -> int:
    """The place right behind the nearest predecessor of a release cell that stands in its section."""
    home = heads[order]
    start = 0 if home is None else 1 + next(i for i, slot in enumerate(slots) if slot.order == home)
    nearest, place = -1, start
    for index, section in enumerate(_sections(release, slots)):
        found = slots[index].order
        if section != home or found is None or heads[found] != home:
            continue
        if found > order and release[found].is_locked:
            break
        if nearest < found < order and not release[found].is_answer:
            nearest, place = found, index + 1
    return place
