"""Answers from paper: each line goes where it belongs, or is told; text stays text."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AssignmentError
from autograder.exam.typed import Entered, Typed, filled, read_typed, write_typed
from tests.exam.plans import papers, plan

RELEASE: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# Form"},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "q1"}}, "source": "# ..."},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "q2"}}, "source": "# ..."},
    ]
}


def read(tmp_path: Path, text: str) -> Entered:
    """What a file of this text says about the small exam of Ada and Bob."""
    path = tmp_path / "typed.csv"
    path.write_text(text, encoding="utf-8")
    return read_typed(path, papers(plan(tmp_path), "ada", "bob"))


def test_both_forms_are_the_same(tmp_path: Path) -> None:
    """A line for each answer, or one for each student; questions by name or number, blanks are no answers."""
    long = read(tmp_path, 'student,question,answer\nada,q1,"a, c"\nada,2,"12,288"\nbob,Q1,b\nbob,q3,\n\n')
    wide = read(tmp_path, '\ufeffStudent,q1,q2,q3\nada,"a, c","12,288",\nbob,b,,\n')
    assert long == wide
    assert long.students == (Typed("ada", {"q1": "a, c", "q2": "12,288"}), Typed("bob", {"q1": "b"}))
    assert long.left == ()


@pytest.mark.parametrize(("lines", "says"), [
    ("eve,q1,a,", "line 2: 'eve' has no paper; there are ada, bob"),
    ("ada,q77,a,", "line 2: 'ada': no question 'q77'; there are q1 to q6"),
    ("ada,q1,a,\nada,q1,b,", "line 3: 'ada': q1 is there twice, as 'a' and 'b'; the first counts"),
    ("ada,q1,a,10:00", "line 2: 'ada': expected a time as 2026-12-15T10:02:00+01:00; got '10:00'"),
    ("ada,q1,12,288,", "more cells than columns; put an answer with a comma into quotes"),
])  # fmt: skip
def test_what_fits_nowhere_is_told(tmp_path: Path, lines: str, says: str) -> None:
    """Unknown students and questions, contradictions and times that are none: the line is told, others count."""
    found = read(tmp_path, f"student,question,answer,handed_in\n{lines}\nbob,q1,b,\n")
    assert len(found.left) == 1
    assert says in found.left[0]
    assert Typed("bob", {"q1": "b"}) in found.students


def test_an_unknown_column_is_told(tmp_path: Path) -> None:
    """A question that nobody was asked is told, once; a file of another kind is refused."""
    assert read(tmp_path, "student,q1,q77\nada,a,b\n").left == ("column q77: no such question",)
    for text in ("", "name,mark\nada,1\n", "student\nada\n", "student,q1,q1\nada,a,b\n", 'student,q1\n"ada,a\n'):
        with pytest.raises(AssignmentError):
            read(tmp_path, text)


def test_answers_stay_text() -> None:
    """Whatever is written on paper becomes a string in its cell, and never code."""
    nasty = '"); import os; os._exit(0) #\n\\'
    cell = filled(RELEASE, Typed("ada", {"q1": nasty}))["cells"][1]["source"]
    (statement,) = ast.parse(cell).body
    assert isinstance(statement, ast.Assign)
    assert isinstance(statement.value, ast.Constant)
    assert statement.value.value == nasty
    assert RELEASE["cells"][1]["source"] == "# ..."


def test_a_handed_in_notebook_is_never_replaced(tmp_path: Path) -> None:
    """Typed answers replace typed answers, with their time; beside a student's own notebook they are told."""
    found = read(tmp_path, "student,q1,handed_in\nada,a,2027-02-01T10:20:00+01:00\nbob,b,\n")
    own = tmp_path / "submitted" / "bob" / "small" / "small.ipynb"
    own.parent.mkdir(parents=True)
    own.write_text('{"cells": []}', encoding="utf-8")
    for _ in range(2):
        written, kept = write_typed(RELEASE, "small", found.students, tmp_path / "submitted")
        assert [path.parts[-3] for path in written] == ["ada"]
        assert kept == ["bob handed in a notebook already, which stays; compare it with the paper"]
    assert own.read_text(encoding="utf-8") == '{"cells": []}'
    stamp = written[0].with_name("timestamp.txt").read_text(encoding="utf-8")
    assert stamp == "2027-02-01 09:20:00.000000 UTC\n"
