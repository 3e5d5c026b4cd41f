"""Several mistakes in one notebook: those that cannot influence each other are tried together.

Grading runs the whole notebook, so trying every mistake alone costs a run each. Items that share neither a cell
nor a function are independent: one mistake of each can stand in the same submission. Where such a bundle does not
turn out exactly as declared, its members are tried one by one, and only that counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from autograder.assignment import FIGURE_TAG, Assignment
from autograder.model import Grade
from autograder.notebooks import replace_cell


@dataclass(frozen=True)
class Case:
    """One made-up answer: `kind` is reference, blank, mistake or alternative. `code` replaces `cell` of
    `notebook`; both are "" for a whole notebook. It says nothing of the items `apart`."""

    name: str
    kind: str
    item: str
    notebook: dict[str, Any]
    caught_by: tuple[str, ...] = ()
    explain: str = ""
    cell: str = ""
    code: str = ""
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """Cases that are graded as one submission; each is judged by the items of its own group."""

    members: tuple[Case, ...]

    @property
    def name(self) -> str:
        """The name of the submission."""
        return " + ".join(case.name for case in self.members)

    @property
    def blank(self) -> bool:
        """Whether this is the release as students receive it, with nothing handed in beside it."""
        return self.members[0].kind == "blank"

    def notebook(self) -> dict[str, Any]:
        """The first member's notebook with every member's cell replaced."""
        notebook = self.members[0].notebook
        for case in self.members:
            if case.cell:
                notebook = replace_cell(notebook, case.cell, case.code)
        return notebook


def without_figures(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without the cells that only draw."""
    kept = [cell for cell in notebook["cells"] if FIGURE_TAG not in cell["metadata"].get("tags", ())]
    return {**notebook, "cells": kept}


def groups(assignment: Assignment) -> dict[str, frozenset[str]]:
    """Item id -> the items that may influence it: joined by `needs`, by an answer cell, or by a mistake or an
    alternative of one item that stands in the cell of another."""
    owner = {item.answer: item.id for item in assignment.items}
    joined = {item.id: {item.id} for item in assignment.items}

    def join(a: str, b: str) -> None:
        both = joined[a] | joined[b]
        for item in both:
            joined[item] = both

    for item in assignment.items:
        join(item.id, owner[item.answer])
        for need in item.needs:
            join(item.id, need)
    placed = [(m.item, m.cell) for m in assignment.mistakes] + [(a.item, a.cell) for a in assignment.alternatives]
    for about, cell in placed:
        # a cell without an item of its own (setup, helpers) may serve them all
        for other in [owner[cell]] if cell in owner else list(joined):
            join(about, other)
    return {item: frozenset(others) for item, others in joined.items()}


def bundles(assignment: Assignment, cases: Iterable[Case]) -> tuple[Bundle, ...]:
    """Put one case of each group into a bundle, mistakes with mistakes and alternatives with alternatives."""
    group = groups(assignment)
    lists: dict[tuple[str, frozenset[str]], list[Case]] = {}
    alone: list[Bundle] = []
    for case in cases:
        if case.cell:
            lists.setdefault((case.kind, group[case.item]), []).append(case)
        else:
            alone.append(Bundle((case,)))
    kinds = dict.fromkeys(kind for kind, _ in lists)
    together = [
        Bundle(tuple(case for case in row if case is not None))
        for kind in kinds
        for row in zip_longest(*(found for (k, _), found in lists.items() if k == kind))
    ]
    return (*alone, *together)


def share(grade: Grade, items: Iterable[str] | None) -> Grade:
    """The part of a grade that belongs to these items; all of it for None."""
    if items is None:
        return grade
    wanted = set(items)
    return grade.with_items([item for item in grade.items if item.id in wanted])
