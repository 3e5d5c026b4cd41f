"""Which of a student's cells is which cell of the release. Decided by evidence, since all can be edited.

No single mark is trusted: metadata can be swapped, ids are lost by some editors, and text is meant to change.
Each mark that a cell shares with a release cell counts, and the strongest pairs are taken first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.collect.manifest import ReleaseCell, Role
from autograder.collect.read import StudentCell, defined_names

SAME_TEXT, DEFINES, SAME_GRADE_ID, SAME_ID = 6, 5, 4, 3
_ALIKE = 0.5
_BOILERPLATE = frozenset({"# YOUR CODE HERE", "raise NotImplementedError()"})


@dataclass(frozen=True)
class Match:
    """`of`: place of a student cell -> place of the release cell that it is; `copies`: the same for further
    cells that claim a release cell which another cell already is. Cells in neither are the student's own."""

    of: dict[int, int]
    copies: dict[int, int]


def likeness(a: str, b: str) -> float:
    """The share of lines that two texts have in common, 0 to 1. Linear, so that a huge cell costs nothing."""
    left, right = Counter(_lines(a)), Counter(_lines(b))
    longest = max(left.total(), right.total())
    return (left & right).total() / longest if longest else 1.0


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def match(release: Sequence[ReleaseCell], cells: Sequence[StudentCell]) -> Match:
    """Pair a student's cells with the release's, each at most once."""
    evidence = _evidence(release, cells)
    pairs = sorted((-score, place, order) for (place, order), score in evidence.items())
    of: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, order in pairs:
        if place not in of and order not in taken:
            of[place] = order
            taken.add(order)
    copies = _copies(release, cells, of)
    _by_content(release, cells, of, copies)
    _by_gap(release, cells, of, copies)
    return _settle(release, cells, of, copies)


def _evidence(release: Sequence[ReleaseCell], cells: Sequence[StudentCell]) -> Counter[tuple[int, int]]:
    by_grade_id = {cell.grade_id: cell.order for cell in release if cell.grade_id}
    by_id = {cell.id: cell.order for cell in release}
    by_text: dict[str, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    names = {cell.order: defined_names(cell.source) for cell in release if cell.role is Role.SOLUTION}
    for cell in release:
        if not cell.is_answer and cell.text:
            by_text[cell.text].append(cell.order)
        for name in names.get(cell.order, ()):
            by_name[name].append(cell.order)
    evidence: Counter[tuple[int, int]] = Counter()
    for place, own in enumerate(cells):
        if own.grade_id in by_grade_id:
            evidence[place, by_grade_id[own.grade_id]] += SAME_GRADE_ID
        if own.id in by_id:
            evidence[place, by_id[own.id]] += SAME_ID
        for order in by_text.get(own.text, ()):
            evidence[place, order] += SAME_TEXT
        for order in {order for name in own.names for order in by_name.get(name, ())}:
            if names[order] <= own.names:
                evidence[place, order] += DEFINES
    return evidence


def _copies(
    release: Sequence[ReleaseCell],
    cells: Sequence[StudentCell],
    of: dict[int, int],
) -> dict[int, int]:
    """Cells left over that still claim a release cell: by its marks, or by being its untouched stub."""
    by_grade_id = {cell.grade_id: cell.order for cell in release if cell.grade_id}
    by_id = {cell.id: cell.order for cell in release}
    by_stub = {cell.text: cell.order for cell in release if cell.role is Role.SOLUTION and defined_names(cell.source)}
    present = set(of.values())
    copies: dict[int, int] = {}
    for place, own in enumerate(cells):
        if place in of:
            continue
        claims = (by_grade_id.get(own.grade_id), by_id.get(own.id), by_stub.get(own.text))
        claim = next((order for order in claims if order in present), None)
        if claim is not None:
            copies[place] = claim
    return copies


def _free(cells: Sequence[StudentCell], of: dict[int, int], copies: dict[int, int], type: str) -> list[int]:
    return [
        place
        for place, cell in enumerate(cells)
        if place not in of and place not in copies and cell.type == type and cell.text
    ]


def _missing(release: Sequence[ReleaseCell], of: dict[int, int], roles: Iterable[Role]) -> list[ReleaseCell]:
    present = set(of.values())
    return [cell for cell in release if cell.role in roles and cell.order not in present]


def _by_content(
    release: Sequence[ReleaseCell], cells: Sequence[StudentCell], of: dict[int, int], copies: dict[int, int]
) -> None:
    """A solution cell that lost every mark still has the stub's lines, or some of the names it defines."""
    for wanted in _missing(release, of, [Role.SOLUTION]):
        names, lines = defined_names(wanted.source), frozenset(_lines(wanted.source)) - _BOILERPLATE
        scores = [
            (max(_share(names, cells[place].names), _share(lines, cells[place].lines)), -place)
            for place in _free(cells, of, copies, "code")
        ]
        best, place = max(scores, default=(0.0, 0))
        if best >= _ALIKE:
            of[-place] = wanted.order


def _share(wanted: frozenset[str], found: frozenset[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 0.0


def _by_gap(
    release: Sequence[ReleaseCell], cells: Sequence[StudentCell], of: dict[int, int], copies: dict[int, int]
) -> None:
    """An answer without marks is the only cell of its type between the neighbours it has in the release."""
    place_of = {order: place for place, order in of.items()}
    missing = _missing(release, of, [Role.SOLUTION, Role.MANUAL])
    gaps: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for wanted in missing:
        before = [place_of[order] for order in range(wanted.order) if order in place_of]
        after = [place_of[order] for order in range(wanted.order + 1, len(release)) if order in place_of]
        gap = (before[-1] if before else -1, after[0] if after else len(cells), wanted.type)
        gaps[gap].append(wanted.order)
    for (left, right, type), orders in gaps.items():
        inside = [place for place in _free(cells, of, copies, type) if left < place < right]
        if len(inside) == len(orders) == 1:
            of[inside[0]] = orders[0]


def _settle(
    release: Sequence[ReleaseCell], cells: Sequence[StudentCell], of: dict[int, int], copies: dict[int, int]
) -> Match:
    """Of several cells that claim one answer, the first that is more than the stub is the answer."""
    place_of = {order: place for place, order in of.items()}
    claims: dict[int, list[int]] = defaultdict(list)
    for place, order in copies.items():
        claims[order].append(place)
    for order, places in claims.items():
        if not release[order].is_answer:
            continue
        group = sorted([place_of[order], *places])
        answered = [place for place in group if cells[place].text not in ("", release[order].text)]
        chosen = (answered or group)[0]
        del of[place_of[order]]
        copies.update(dict.fromkeys(group, order))
        del copies[chosen]
        of[chosen] = order
    return Match(of, copies)
