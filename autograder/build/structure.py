"""Do notebook, assignment.toml and checks agree? Decided on text alone, before anything is built."""

from __future__ import annotations

import ast
import math
import textwrap
from collections.abc import Mapping
from dataclasses import replace

from autograder.assignment import Assignment, Item
from autograder.authoring import Cell
from autograder.build.regions import HIDDEN, SOLUTION, split
from autograder.errors import BuildError
from autograder.model import Kind

Checks = Mapping[str, Mapping[str, float]]
"""Item id -> check name -> points: what the build needs to know about an assignment's checks."""


def verify(assignment: Assignment, checks: Checks) -> None:
    """Each item has its cells with the right nbgrader flags, points and hidden block.

    checks: item id -> check name -> points. Raises BuildError naming the cell and what is expected there.
    """
    for item in assignment.items:
        answer = assignment.cell(item.answer)
        _verify_solution(assignment, answer)
        named = checks.get(item.id, {})
        if item.kind is Kind.MANUAL:
            _verify_manual(assignment, item, answer, named)
        else:
            _verify_answer(assignment, answer)
            _verify_tests(assignment, item, named)
    known = {item.id for item in assignment.items}
    for stranger in sorted(set(checks) - known):
        raise BuildError(f"{assignment.folder}: checks of {stranger!r}, but items are {sorted(known)}")
    _verify_others(assignment)


def completed(assignment: Assignment, checks: Checks) -> Assignment:
    """The assignment with what follows from the words of its cells: points, and the blocks of hidden tests."""
    items = {item.id: item for item in assignment.items}

    def complete(cell: Cell) -> Cell:
        item = items.get(cell.answers or cell.tests)
        if item is None or not cell.is_grade:
            return cell
        named = checks.get(item.id, {})
        points = item.points if cell.answers else math.fsum(named.values())
        whole = int(points) if points is not None and float(points).is_integer() else points
        source = cell.source if cell.answers else f"{cell.source}\n{hidden_block(assignment, item, named)}"
        return replace(cell, source=source, nbgrader={**cell.nbgrader, "points": whole})

    return replace(assignment, cells=tuple(map(complete, assignment.cells)))


def hidden_block(assignment: Assignment, item: Item, names: Mapping[str, float]) -> str:
    """The lines that belong into the item's test cell after its public tests, marks included."""
    quoted = "".join(f'    "{name}",\n' for name in names)
    return (
        f"### BEGIN {HIDDEN}\n"
        "from autograder.judge.here import check_here\n\n"
        f'check_here("{assignment.id}", "{item.id}", globals(), checks=[\n{quoted}])\n'
        f"### END {HIDDEN}"
    )


def _wrong(assignment: Assignment, cell: Cell, expected: str) -> BuildError:
    return BuildError(f"{assignment.folder / cell.file}: cell {cell.grade_id}: expected {expected}")


def _verify_solution(assignment: Assignment, cell: Cell) -> None:
    found = split(cell.source, (SOLUTION,))
    if not found.regions or not found.closed:
        raise _wrong(assignment, cell, f"a solution between `### BEGIN {SOLUTION}` and `### END {SOLUTION}`")


def _verify_answer(assignment: Assignment, cell: Cell) -> None:
    if cell.type != "code" or not cell.is_solution or cell.is_grade or cell.is_locked:
        raise _wrong(assignment, cell, "a code cell with solution true, grade false, locked false")


def _verify_manual(assignment: Assignment, item: Item, cell: Cell, named: Mapping[str, float]) -> None:
    if named:
        raise BuildError(f"{assignment.folder}: a person grades {item.id}, but it has checks {sorted(named)}")
    if not cell.is_solution or not cell.is_grade or cell.is_locked:
        raise _wrong(assignment, cell, "solution true, grade true, locked false: a person grades this answer")
    if item.points is None or cell.points is None or not math.isclose(cell.points, item.points):
        raise _wrong(assignment, cell, f"points {item.points} as in assignment.toml; got {cell.points}")


def _verify_tests(assignment: Assignment, item: Item, named: Mapping[str, float]) -> None:
    if not named:
        raise BuildError(f"{assignment.folder}: {item.id} has no checks; write some, or make it manual")
    cell = assignment.cell(item.tests or "")
    if cell.type != "code" or not cell.is_grade or cell.is_solution or not cell.is_locked:
        raise _wrong(assignment, cell, "a code cell with grade true, solution false, locked true")
    total = sum(named.values())
    if cell.points is None or not math.isclose(cell.points, total):
        raise _wrong(assignment, cell, f"points {total:g}, the sum over the item's checks; got {cell.points}")
    found = split(cell.source, (HIDDEN,))
    block = hidden_block(assignment, item, named)
    if len(found.regions) != 1 or not found.closed or not found.last:
        raise _wrong(assignment, cell, f"one hidden block, at its end:\n{block}")
    if not _says(found.regions[0], block):
        raise _wrong(assignment, cell, f"this hidden block:\n{block}")


def _says(lines: tuple[str, ...], wanted: str) -> bool:
    """Whether the block is the wanted one, up to layout and the order of the names."""
    try:
        return _canonical("\n".join(lines)) == _canonical(wanted)
    except SyntaxError:
        return False


def _canonical(code: str) -> str:
    tree = ast.parse(textwrap.dedent(code))
    for node in ast.walk(tree):
        if isinstance(node, ast.List):
            node.elts.sort(key=ast.dump)
    return ast.dump(tree)


def _verify_others(assignment: Assignment) -> None:
    used = {item.answer for item in assignment.items if item.kind is Kind.MANUAL}
    used |= {item.tests for item in assignment.items if item.tests is not None}
    for cell in assignment.cells:
        if cell.is_grade and cell.grade_id not in used:
            raise _wrong(assignment, cell, "grade false, or an item in assignment.toml that names this cell")
        if cell.is_solution:
            _verify_solution(assignment, cell)
        if cell.nbgrader.get("task"):
            raise _wrong(assignment, cell, "task false: use an item of kind manual")
