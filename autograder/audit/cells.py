"""Right work runs: each of its cells comes to its end, and what does not is told with its line in notebook.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.assignment import Assignment
from autograder.authoring import Cell
from autograder.build.regions import HIDDEN, SOLUTION
from autograder.build.source import source_notebook
from autograder.model import Execution

EXPECTED = "raises-exception"  # Jupyter's own tag for a cell that shows an exception on purpose
_HOPELESS = ("timeout", "died", "skipped")
_NUMBERED = re.compile(r" \(\d+\.py, line \d+\)$")  # what a kernel calls the cell of a syntax error
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"(?:Cell|Input) In ?\[(\d+)\], line (\d+)|^ *Cell In ?\[(\d+)\], line (\d+)", re.MULTILINE)


def failed_cells(assignment: Assignment, execution: Execution) -> tuple[str, ...]:
    """One line for each cell that did not run as it should: its name, what happened, and where."""
    known = _cells(assignment)
    ran = [cell for cell in execution.notebook["cells"] if cell["cell_type"] == "code"]
    told = []
    for run, node in zip(execution.cells, ran, strict=True):
        cell = known.get(str(node.get("id")))
        if run.status == "ok" or (run.status == "skipped" and not run.error):  # an empty cell
            continue
        if run.status == "error" and cell is not None and EXPECTED in cell.tags:
            continue
        why = _NUMBERED.sub("", run.error) or run.status
        told.append(f"cell {run.cell} does not run{_where(node, ran, known)}: {why}")
    return tuple(told)


def hopeless(execution: Execution) -> bool:
    """Whether cells did not even come to an end, so that judging would only take long to tell what follows from it."""
    return bool(execution.ended) or any(cell.status in _HOPELESS and cell.error for cell in execution.cells)


def _cells(assignment: Assignment) -> dict[str, Cell]:
    """Cell id -> cell, as a build gives them out."""
    nodes = source_notebook(assignment)["cells"]
    return {str(node["id"]): cell for node, cell in zip(nodes, assignment.cells, strict=True)}


def _where(node: Mapping[str, Any], ran: list[Any], known: Mapping[str, Cell]) -> str:
    """` (notebook.py, line 12)`: the innermost line of the notebook's own that an exception came from."""
    for count, line in reversed(list(_frames(node))):
        place = next((other for other in ran if other.get("execution_count") == count), None)
        found = _line(place, line, known) if place is not None else 0
        if place is not None and found:
            return f" ({known[str(place.get('id'))].file}, line {found})"
    cell = known.get(str(node.get("id")))
    return f" ({cell.file}, from line {cell.line})" if cell is not None and cell.line else ""


def _frames(node: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """(execution count, line) of each frame in a cell of the notebook, outermost first."""
    for output in node.get("outputs", ()):
        if output.get("output_type") == "error":
            for found in _FRAME.finditer(_COLOURS.sub("", "\n".join(output.get("traceback", ())))):
                yield int(found[1] or found[3]), int(found[2] or found[4])


def _line(node: Mapping[str, Any], line: int, known: Mapping[str, Cell]) -> int:
    """The line of its file that line `line` of an executed cell comes from; 0 where nobody knows."""
    cell = known.get(str(node.get("id")))
    executed = str(node["source"]).splitlines()
    line += next((place for place, text in enumerate(executed) if text.strip()), 0)  # IPython takes them away
    if cell is None or not cell.line or not 0 < line <= len(executed):
        return 0
    kept = list(_given_out(cell.source))
    if line > len(kept) or kept[line - 1][1].strip() != executed[line - 1].strip():
        return 0  # another text than the author's: an alternative, say
    return cell.line + kept[line - 1][0]


def _given_out(source: str) -> Iterator[tuple[int, str]]:
    """(place, text) of the lines of an authored cell that stand in the solution: no marks, no hidden tests."""
    hidden = False
    for place, text in enumerate(source.splitlines()):
        if f"BEGIN {HIDDEN}" in text or f"END {HIDDEN}" in text:
            hidden = f"BEGIN {HIDDEN}" in text
        elif not hidden and not re.match(rf"^\s*#+\s*(BEGIN|END) {SOLUTION}\s*$", text):
            yield place, text
