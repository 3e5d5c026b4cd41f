"""Declared answers as edits of a solution, and as what they define anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import AssignmentError
from autograder.variants import edited, redefined, without_marks

FILE = Path("item.toml")
SOLUTION = '''import math
runs, table = [], {}
limit = 3

@staticmethod
def double(x):
    """Twice x."""
    # the sum
    return x + x

def both(x):
    return double(x), limit
for n in range(limit):
    runs.append(double(n))
runs, table = runs[1:], {"a": 1}'''


def test_only_the_marked_lines_go() -> None:
    """The lines that mark a solution are no part of it; everything else is."""
    assert without_marks("a = 1\n    ### BEGIN SOLUTION\n    b = '### END SOLUTION x'\n### END SOLUTION\n") == (
        "a = 1\n    b = '### END SOLUTION x'\n"
    )


def test_changes_are_made_to_the_solution_and_not_to_each_other() -> None:
    """A text that one change puts in is not found by the next, in whatever order they stand."""
    changes = [["return x + x", "return limit"], ["limit = 3", "limit = x_plus_x"]]
    assert edited(FILE, "m", SOLUTION, changes) == edited(FILE, "m", SOLUTION, changes[::-1])
    assert "limit = x_plus_x" in edited(FILE, "m", SOLUTION, changes)


def test_a_definition_takes_its_place() -> None:
    """What is defined anew stands where it stood, decorators and all; what is new comes right before it."""
    code = redefined(FILE, "m", SOLUTION, "from math import pi\n\ndef double(x):\n    return pi * x")
    lines = code.split("\n")
    assert "@staticmethod" not in code
    assert "# the sum" not in code
    assert lines.index("from math import pi") < lines.index("def double(x):") < lines.index("def both(x):")
    space: dict[str, object] = {}
    exec(code, space)
    assert space["runs"] == [pytest.approx(3.14159, rel=1e-5), pytest.approx(6.28319, rel=1e-5)]


def test_the_last_of_several_places_counts() -> None:
    """A name that the cell first leaves open and then answers is answered anew."""
    code = redefined(FILE, "m", SOLUTION, 'runs = [0]\ntable = {"b": 2}')
    assert code.startswith("import math\nruns, table = [], {}\n")
    assert code.endswith('    runs.append(double(n))\nruns = [0]\ntable = {"b": 2}')


def test_new_statements_at_the_end_stay_there() -> None:
    """What no definition follows goes to the end."""
    assert redefined(FILE, "m", SOLUTION, "limit = 4\nprint(limit)").endswith('{"a": 1}\nprint(limit)')


def test_nothing_is_lost_with_a_statement() -> None:
    """A statement that defines two names is not replaced by one that defines one of them."""
    with pytest.raises(AssignmentError, match="expected table as well"):
        redefined(FILE, "m", SOLUTION, "runs = [0]")
