"""Marked regions of a cell: solutions, hidden tests, marking schemes; found as nbgrader finds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SOLUTION = "SOLUTION"
HIDDEN = "HIDDEN TESTS"
SCHEME = "MARK SCHEME"
MARKS = tuple(f"{edge} {kind}" for kind in (SOLUTION, HIDDEN, SCHEME) for edge in ("BEGIN", "END"))


@dataclass(frozen=True)
class Split:
    """A cell's lines: those in the open, and each marked region without its marks. `closed` is false when the
    last region has no end; `last` is true when nothing but blank lines follows the last region."""

    open: tuple[str, ...]
    regions: tuple[tuple[str, ...], ...]
    closed: bool
    last: bool


def split(source: str, kinds: Iterable[str]) -> Split:
    """Take the regions of the given kinds out of a cell's source."""
    wanted = tuple(kinds)
    outside: list[str] = []
    regions: list[tuple[str, ...]] = []
    inside: list[str] | None = None
    last = False
    for line in source.split("\n"):
        if any(f"BEGIN {kind}" in line for kind in wanted):
            inside = []
        elif any(f"END {kind}" in line for kind in wanted) and inside is not None:
            regions.append(tuple(inside))
            inside, last = None, True
        elif inside is not None:
            inside.append(line)
        else:
            outside.append(line)
            last = last and not line.strip()
    if inside is not None:
        regions.append(tuple(inside))
    return Split(tuple(outside), tuple(regions), inside is None, last and inside is None)


def open_lines(source: str, whole: bool) -> tuple[str, ...]:
    """What students see of a cell. `whole` says that the cell is a solution: without marks all of it goes."""
    if whole and not split(source, (SOLUTION,)).regions:
        return ()
    return split(source, (SOLUTION, HIDDEN, SCHEME)).open
