"""Cells of notebook.py as notebook JSON in which nothing depends on the machine or the day."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import nbformat

from autograder.assignment import FIGURE_TAG, Assignment
from autograder.authoring import Cell

ID_LENGTH = 64

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def source_notebook(assignment: Assignment) -> dict[str, Any]:
    """The instructor's notebook: every cell, solutions and hidden blocks included, without outputs."""
    taken: set[str] = set()
    cells = [_cell(cell, _cell_id(cell, taken)) for cell in assignment.cells]
    return settled({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, assignment.id)


def settled(notebook: dict[str, Any], assignment_id: str) -> dict[str, Any]:
    """The notebook with our fixed metadata in place of whatever a library wrote there."""
    metadata = {"kernelspec": _KERNEL, "language_info": _LANGUAGE, "seq2grade": {"assignment": assignment_id}}
    return {**notebook, "metadata": metadata}


def to_text(notebook: dict[str, Any]) -> str:
    """Validated notebook JSON: one value per line, keys sorted, ending in a newline."""
    node = nbformat.from_dict(notebook)
    nbformat.validate(node)
    text: str = nbformat.writes(node, version=nbformat.NO_CONVERT)
    return text.rstrip("\n") + "\n"


def from_text(text: str) -> dict[str, Any]:
    """The notebook in the text, each cell's source one string. Raises ValueError when it is none."""
    notebook: dict[str, Any] = nbformat.reads(text, nbformat.NO_CONVERT)
    return notebook


def _cell(cell: Cell, id: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if cell.nbgrader:
        metadata["nbgrader"] = dict(cell.nbgrader)
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    if FIGURE_TAG in cell.tags:  # how a picture is drawn is not what it shows: JupyterLab folds it
        metadata["jupyter"] = {"source_hidden": True}
    node: dict[str, Any] = {"cell_type": cell.type, "id": id, "metadata": metadata, "source": cell.source}
    if cell.type == "code":
        node |= {"execution_count": None, "outputs": []}
    return node


def _cell_id(cell: Cell, taken: set[str]) -> str:
    """The grade_id where it fits, otherwise a hash of the content: the same at each build, and unique."""
    digest = hashlib.sha256(f"{cell.type}\n{cell.grade_id}\n{cell.source}".encode()).hexdigest()[:12]
    base = re.sub(r"[^A-Za-z0-9_-]", "-", cell.grade_id)
    if not base:
        base = f"{cell.type}-{digest}"
    elif base != cell.grade_id or len(base) > ID_LENGTH:
        base = f"{base[: ID_LENGTH - 13]}-{digest}"
    id, count = base, 1
    while id in taken:
        count += 1
        suffix = f"-{count}"
        id = base[: ID_LENGTH - len(suffix)] + suffix
    taken.add(id)
    return id
