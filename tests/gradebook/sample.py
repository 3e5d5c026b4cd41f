"""A small assignment, grades of it, and what nbgrader's own API says about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum

from autograder.model import CheckResult, Grade, ItemGrade, Kind, Status

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def cell(kind: str, name: str, source: str, **flags: Any) -> dict[str, Any]:
    mark = {
        "grade_id": name,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "schema_version": 3,
        **flags,
    }
    node: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {"nbgrader": mark}, "source": source}
    if kind == "code":
        node.update(outputs=[], execution_count=None)
    mark["checksum"] = compute_checksum(nbformat.from_dict(node))
    return node


def release() -> dict[str, Any]:
    """Two functions with tests of 4 and 2 points, and a proof of 3 points."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"display_name": "Python 3", "name": "python3"}},
        "cells": [
            {"cell_type": "markdown", "id": "intro", "metadata": {}, "source": "# Work <b>hard</b>"},
            cell("code", "f", STUB, solution=True),
            cell("code", "test-f", "assert f() == 1", grade=True, locked=True, points=4),
            cell("code", "g", STUB, solution=True),
            cell("code", "test-g", "assert g() == 2", grade=True, locked=True, points=2),
            cell("markdown", "proof", "YOUR ANSWER HERE", grade=True, solution=True, points=3),
        ],
    }


def check(name: str, status: Status, points: float, full: float, **more: Any) -> CheckResult:
    return CheckResult(name, "f", status, points, full, claim=f"Claim of {name}.", **more)


def item(name: str, status: str, score: float, full: float, pending: float = 0.0, **more: Any) -> ItemGrade:
    return ItemGrade(name, f"Item {name}", Kind.CODE, name, score, full, status, pending, **more)


PROOF = ItemGrade("proof", "The proof", Kind.MANUAL, "proof", 0.0, 3.0, "needs_manual_grade", 3.0)


def grade(student: str, f: float = 4.0, g: float = 2.0, **more: Any) -> Grade:
    notebook = release()
    for name, source in (("f", "f = int"), ("g", "g = int"), ("proof", "Because.")):
        next(node for node in notebook["cells"] if node["id"] == name)["source"] = source
    items = (item("test-f", "passed" if f == 4 else "failed", f, 4.0), item("test-g", "passed", g, 2.0), PROOF)
    return replace(Grade(student, "hw1", "0" * 64, f + g, 6.0, items, 3.0, notebook=notebook), **more)


def rows(url: str, student: str, assignment: str = "hw1") -> dict[str, tuple[float | None, float | None, bool]]:
    """Cell -> automatic score, manual score, whether it waits for a person; read by nbgrader's own API."""
    with Gradebook(url) as api:
        (notebook,) = api.find_submission(assignment, student).notebooks
        return {one.name: (one.auto_score, one.manual_score, one.needs_manual_grade) for one in notebook.grades}


def set_manual(url: str, student: str, name: str, score: float | None) -> None:
    """What a person does in formgrader."""
    with Gradebook(url) as api:
        row = api.find_grade(name, "hw1", "hw1", student)
        row.manual_score, row.needs_manual_grade = score, False
        api.db.commit()
