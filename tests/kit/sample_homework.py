"""A small notebook of a made-up course, as the build describes it and as a student fills it in."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from seq2kit import homework

Cell = dict[str, Any]
STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"
ITEMS = tuple(homework.Item(name, name.title(), name, f"test-{name}") for name in ("one", "two", "three"))
ITEMS += (homework.Item("why", "Why", "why", ""),)
LIMITS = {"cell_seconds": 2.0, "total_seconds": 60.0, "memory_mb": 1024.0, "output_kb": 64.0}


def cell(kind: str, name: str, source: str, **marks: Any) -> Cell:
    """A cell of nbformat 4.5; a name makes it one of the course."""
    node: Cell = {"cell_type": kind, "id": name or "own", "metadata": {}, "source": source}
    if kind == "code":
        node |= {"outputs": [], "execution_count": None}
    if name:
        base = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        node["metadata"]["nbgrader"] = {**base, "grade_id": name, **marks}
    return node


def given(models: tuple[str, ...] = (), limits: dict[str, float] | None = None) -> Cell:
    """The notebook as it is given out: three functions, and a text."""
    cells = [cell("markdown", "", "# Homework"), cell("code", "setup", "import math", locked=True)]
    for name in ("one", "two", "three"):
        cells.append(cell("code", name, f"def {name}(x):\n{STUB}", solution=True))
        test = f'assert {name}(2) == 4, "{name} of 2 is 4"'
        cells.append(cell("code", f"test-{name}", test, grade=True, locked=True))
    cells.append(cell("markdown", "why", "YOUR ANSWER HERE", grade=True, solution=True))
    for number, one in enumerate(cells):
        one["id"] = f"c{number}"
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    mark = homework.describe("hw", "Homework", ITEMS, limits or LIMITS, models, notebook)
    notebook["metadata"] = {"seq2grade": mark, "kernelspec": {"name": "nowhere", "display_name": "x"}}
    return notebook


def filled(*own: str, **answers: str) -> Cell:
    """The notebook with right answers, or others, and with own cells at its end."""
    notebook = given()
    for name in ("one", "two", "three"):
        at(notebook, name)["source"] = answers.get(name, f"def {name}(x):\n    return 2 * x")
    at(notebook, "why")["source"] = answers.get("why", "Because.")
    for number, source in enumerate(own):
        notebook["cells"].append({**cell("code", "", source), "id": f"own{number}"})
    return notebook


def at(notebook: Cell, name: str) -> Cell:
    """The cell of that name."""
    found: Cell = next(one for one in notebook["cells"] if homework.name_of(one) == name)
    return found


def save(folder: Path, notebook: Cell, name: str = "hw.ipynb") -> homework.Homework:
    """Write it and read it back."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return homework.read(path)


def without_marks(notebook: Cell) -> Cell:
    """As a program leaves it that keeps no metadata."""
    bare = copy.deepcopy(notebook)
    bare["metadata"] = {}
    return bare
