"""A release notebook with one cell of every role, and ways to fill it in as a student does."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
Cell = dict[str, Any]
KNOWN = ("rnn_backprop", "gpt_lm")
RNN = "rnn_backprop"


def cell(kind: str, id: str, source: str, **nbgrader: Any) -> Cell:
    """One cell of nbformat 4.5; keywords become its nbgrader metadata."""
    node: Cell = {"cell_type": kind, "id": id, "metadata": {}, "source": source}
    if kind == "code":
        node.update(outputs=[], execution_count=None)
    if nbgrader:
        base = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        node["metadata"] = {"nbgrader": {**base, **nbgrader}}
    return node


def release() -> Cell:
    """Prose, read-only imports, a function, a class, a choice without a def line, a proof, scratch space."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3"}, "seq2grade": {"assignment": "hw1"}},
        "cells": [
            cell("markdown", "intro", "# Homework\nRead this first."),
            cell("code", "c-imports", "import math\nimport numpy as np", grade_id="imports", locked=True),
            cell("markdown", "ask-f", "Write `double`."),
            cell("code", "c-f", f'def double(x):\n    """Twice x."""\n    {STUB}', grade_id="f", solution=True),
            cell(
                "code",
                "c-test-f",
                "assert double(2) == 4\nassert double(0) == 0\nassert double(1) == 2",
                grade_id="test-f",
                grade=True,
                locked=True,
                points=4,
            ),
            cell(
                "code", "c-g", f"class Layer:\n    def forward(self, x):\n        {STUB}", grade_id="g", solution=True
            ),
            cell(
                "code",
                "c-test-g",
                "layer = Layer()\nassert layer.forward(1) == 1",
                grade_id="test-g",
                grade=True,
                locked=True,
                points=2,
            ),
            cell("code", "c-choice", STUB, grade_id="choice", solution=True),
            cell(
                "code",
                "c-test-choice",
                'assert answers["s1"]',
                grade_id="test-choice",
                grade=True,
                locked=True,
                points=1,
            ),
            cell("markdown", "c-proof", "YOUR ANSWER HERE", grade_id="proof", grade=True, solution=True, points=3),
            cell("code", "scratch", "# Try things here."),
        ],
    }


ANSWERS = {
    "f": 'def double(x):\n    """Twice x."""\n    return 2 * x',
    "g": "class Layer:\n    def forward(self, x):\n        return x",
    "choice": 'answers = {"s1": {"d"}}',
    "proof": "Because it is so.",
}


def solved() -> Cell:
    """The release with every answer filled in, and outputs."""
    notebook = release()
    for node in notebook["cells"]:
        answer = ANSWERS.get(grade_id(node))
        if answer:
            node["source"] = answer
        if node["cell_type"] == "code":
            node["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "forged"}]
            node["execution_count"] = 7
    return notebook


def grade_id(node: Cell) -> str:
    found = node["metadata"].get("nbgrader", {}).get("grade_id", "")
    assert isinstance(found, str)
    return found


def at(notebook: Cell, name: str) -> Cell:
    """The first cell with that grade_id or id."""
    found: Cell = next(node for node in notebook["cells"] if name in (grade_id(node), node.get("id")))
    return found


def index(notebook: Cell, name: str) -> int:
    found: int = notebook["cells"].index(at(notebook, name))
    return found


def sources(notebook: Cell) -> list[str]:
    return [node["source"] for node in notebook["cells"]]


def names(notebook: Cell) -> list[str]:
    """grade_id of each cell, or its id where there is none."""
    return [grade_id(node) or node["id"] for node in notebook["cells"]]


def strip_marks(notebook: Cell) -> Cell:
    """As after an editor that keeps neither ids nor metadata."""
    notebook = copy.deepcopy(notebook)
    notebook["nbformat_minor"] = 4
    for node in notebook["cells"]:
        node["metadata"] = {}
        del node["id"]
    return notebook


def save(path: Path, notebook: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
    return path


def marked(assignment: str, work: bool = True) -> dict[str, object]:
    """A notebook, solved or blank, that bears the mark of an assignment."""
    notebook = solved() if work else release()
    notebook["metadata"] = {**notebook["metadata"], "seq2grade": {"assignment": assignment}}
    return notebook
