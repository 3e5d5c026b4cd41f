"""Notebooks as nbgrader and otter have them, cell by cell."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Cell = dict[str, Any]


def code(source: str, shows: str = "", **flags: Any) -> Cell:
    """A code cell; `flags` are nbgrader's, `shows` what it printed."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": shows}] if shows else []
    cell = _cell("code", source, flags)
    return {**cell, "execution_count": None, "outputs": outputs}


def prose(source: str, **flags: Any) -> Cell:
    """A Markdown cell."""
    return _cell("markdown", source, flags)


def raw(source: str) -> Cell:
    """A raw cell, in which otter writes its marks."""
    return _cell("raw", source, {})


def _cell(type: str, source: str, flags: dict[str, Any]) -> Cell:
    return {
        "cell_type": type,
        "metadata": {"nbgrader": flags} if flags else {},
        "source": textwrap.dedent(source).strip(),
    }


def answer(source: str, id: str) -> Cell:
    """An automatically graded answer of nbgrader's."""
    return code(source, grade=False, grade_id=id, locked=False, schema_version=3, solution=True, task=False)


def tests(source: str, id: str, points: float) -> Cell:
    """A cell of tests of nbgrader's."""
    return code(
        source, grade=True, grade_id=id, locked=True, points=points, schema_version=3, solution=False, task=False
    )


def question(settings: str, *cells: Cell) -> list[Cell]:
    """A question of otter's."""
    return [raw(f"# BEGIN QUESTION\n{settings}"), *cells, raw("# END QUESTION")]


def solved(*cells: Cell) -> list[Cell]:
    """otter's block of a solution."""
    return [raw("# BEGIN SOLUTION"), *cells, raw("# END SOLUTION")]


def tested(*cells: Cell) -> list[Cell]:
    """otter's block of tests."""
    return [raw("# BEGIN TESTS"), *cells, raw("# END TESTS")]


def write(path: Path, cells: Sequence[Cell]) -> Path:
    """The notebook as a file."""
    book = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


OTTER = [
    raw("# ASSIGNMENT CONFIG\ngenerate: true\nseed:\n    variable: rng_seed\n    autograder_value: 42"),
    prose("# Primes and squares"),
    code("import numpy as np\n%matplotlib inline\nrng_seed = 42 # SEED"),
    *question(
        "name: q1",
        prose("## Question 1\n\nWrite `sieve`."),
        *solved(
            code("""
                def sieve(n):
                    '''The primes up to n, as a set.'''
                    # BEGIN SOLUTION
                    return {p for p in range(2, n + 1) if all(p % q for q in range(2, p))}
                    # END SOLUTION
            """)
        ),
        *tested(
            code("""
                def test_low(sieve):
                    assert sieve(1) == set()
                    assert sieve(3) == {2, 3}

                test_low(sieve)  # IGNORE
            """),
            code('''
                """ # BEGIN TEST CONFIG
                points: 2
                hidden: true
                failure_message: Some larger number goes wrong.
                """ # END TEST CONFIG
                def test_high(env):
                    assert env["sieve"](20) == {2, 3, 5, 7, 11, 13, 17, 19}

                test_high(globals())  # IGNORE
            '''),
        ),
    ),
    *question(
        "name: q2\npoints: 3",
        prose("## Question 2\n\nSet `x` and `half`."),
        *solved(
            code("""
                x = 6 # SOLUTION
                half = x / 2 # SOLUTION
                # BEGIN IGNORE
                print("seen by nobody")
                # END IGNORE
            """)
        ),
        *tested(
            code("x", shows="6"),
            code("# HIDDEN\nnp.isclose(half, 3.0)", shows="True"),
            code("# HIDDEN\nrng = np.random.default_rng(1)\nrng.integers(3) + x > 0", shows="True"),
        ),
    ),
    *question(
        "name: q3\nmanual: true\npoints: 4",
        prose("## Question 3\n\nWhy?"),
        raw("# BEGIN PROMPT"),
        prose("_Because ..._"),
        raw("# END PROMPT"),
        *solved(prose("**SOLUTION:** Because every square is a product.")),
    ),
    *question(
        "name: q4\nmanual: true",
        prose("## Question 4\n\nDraw it."),
        *solved(
            code('picture = list(range(x)) # SOLUTION NO PROMPT\n""" # BEGIN PROMPT\npicture = ...\n""" # END PROMPT')
        ),
    ),
    *question("name: q5", prose("## Question 5\n\nOf no worth."), *solved(code("y = 3 # SOLUTION"))),
]
