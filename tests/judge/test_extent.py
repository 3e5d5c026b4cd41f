"""What of a notebook has to run for an item: never less than its checks make use of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.judge.extent import asked_for, cells_needed, made_on_the_way, places_needed
from autograder.judge.registry import Check

TABLE = {"kind": ["from_table"]}


def helper(student: Any) -> Any:
    return student.from_helper(1)


def check(run: Callable[..., None]) -> Check:
    return Check(run.__name__, "item", 1.0, "a claim", run)


def calls(student: Any, draw: Any) -> None:
    """A claim about prose_of_the_claim alone."""
    student.square(2)


def asks(student: Any, draw: Any) -> None:
    helper(student)
    for name in ("from_tuple", *TABLE["kind"]):
        student.value(name)
    student.value('answers["x"]')
    assert draw, "a hint about prose that nobody asks for"
    (lambda: student.from_lambda())()


BEFORE, LAST = ("setup", "import math"), ("", "print(1)")
ANSWER = ("square", "def square(x):\n    return scale * x * x")


def needed(*later: str, asked: Callable[..., None] = calls, answer: tuple[str, str] = ANSWER) -> int:
    cells = [BEFORE, answer, *((f"later{n}", source) for n, source in enumerate(later)), LAST]
    return cells_needed(cells, ["square"], [check(asked)])


def test_what_a_check_asks_for_is_found() -> None:
    """Attributes and texts, also of helpers, tables and inner functions; prose is none of it."""
    found = asked_for(check(asks))
    assert {"from_helper", "from_tuple", "from_table", "answers", "from_lambda"} <= found
    assert not {"prose", "nobody"} & found
    assert "prose_of_the_claim" not in asked_for(check(calls))


def says(student: Any, draw: Any) -> None:
    draw.compare(student.square(2), 4, what="square(x)")


def test_a_letter_in_a_text_asks_for_no_variable_that_an_answer_made_on_its_way() -> None:
    """What an answer submits, what another cell makes and what a check takes as an attribute is asked for."""
    table = "rows, scale = [], 3\nfor step in range(3):\n    x, y = trained(step)\n    rows.append(x)"
    cells = [BEFORE, ANSWER, ("table", table), ("later", "y = 1")]
    unasked = made_on_the_way({"square", "table"}, {"square", "rows"}, cells)
    assert unasked == {"x", "step", "scale"}
    assert made_on_the_way({"table"}, (), [*cells, ("broken", "def")]) == frozenset()
    assert "x" in asked_for(check(says))
    assert "x" not in asked_for(check(says), unasked)
    assert "square" in asked_for(check(says), frozenset({"square"}))

    def needed(unasked: frozenset[str]) -> tuple[int, ...]:
        of = BEFORE, ("square", "def square(a):\n    return a * a"), ("table", table)
        return places_needed(of, ["square"], [check(says)], unasked)

    assert needed(frozenset()) == (1, 2)
    assert needed(unasked) == (1,)


@pytest.mark.parametrize("later", [
    "model = train()", "print(square(3))", "def other():\n    square = 1",
    "for step in range(1000):\n    pass",
])  # fmt: skip
def test_what_follows_of_no_account_is_left_out(later: str) -> None:
    """Cells that make names which nobody asks for, and names of functions of their own."""
    assert needed(later) == 2


@pytest.mark.parametrize("later", [
    "square = 1", "def square(x): return x", "class square: pass", "import numpy as square", "import square.root",
    "for square in range(3): pass", "with open('x') as square: pass", "square.size = 3", "square['a'].b = 3",
    "del square", "square += 1", "if (square := 3): pass", "square.update(a=1)", "square.part.load(1)",
    "def other():\n    global square\n    square = 1", "scale = 2", "(a, (square, *b)) = 1, (2, 3)",
    "try: pass\nexcept ValueError as square: pass", "from math import *", "match 1:\n    case square: pass",
])  # fmt: skip
def test_what_makes_or_changes_a_name_in_use_is_run(later: str) -> None:
    """However it does so, and be it a name that only the answer reads when it is called."""
    assert needed("pass", later) == 4


@pytest.mark.parametrize(("later", "needs"), [
    ("math.floor(2.5)", 2), ("dict.fromkeys('ab')", 2), ("import math, time", 2), ("math.pi = 3", 4),
    ("math = 3", 4), ("import time as math", 2), ("other.update(a=1)", 2),
])  # fmt: skip
def test_calls_of_what_was_imported_change_nothing(later: str, needs: int) -> None:
    """A module is the same after its functions were called; what is put into it, or in its place, counts."""
    uses = ("square", "def square(x):\n    return dict(a=math.floor(x))")
    assert needed("pass", later, answer=uses) == needs


@pytest.mark.parametrize(("later", "needs"), [
    ("for size in range(3): pass", 3), ("[size for size in 'ab']", 3), ("size = 3", 4), ("for table in 'ab': pass", 4),
    ("[table for table in 'ab']", 3), ("for scale in 'ab': pass", 4),
])  # fmt: skip
def test_a_loops_own_variable_counts_where_a_cell_knows_the_name(later: str, needs: int) -> None:
    """A check that says `size` asks for no variable of a loop; what an earlier cell made or reads is changed by it."""

    def says(student: Any, draw: Any) -> None:
        student.square(draw, size=draw.size, table=3)

    assert needed("table = 1", later, asked=says) == needs


def test_a_name_that_was_made_here_may_be_changed_by_a_call() -> None:
    """Imported and then made anew, it is no module."""
    uses = ("square", "def square(x):\n    return math.get(x)")
    assert needed("math = {}", "math.update(a=1)", answer=uses) == 4


def test_what_such_a_cell_reads_is_needed_too() -> None:
    """From one to the next, to the last that is of account."""
    assert needed("scale = helper(2)", "z = 1", "def helper(n): return table[n]", "q = 2", "table = {2: 3}") == 7


def test_all_is_run_where_a_cell_is_no_python() -> None:
    """A mistake may be one that does not compile; nothing can be said of it."""
    assert needed("z = 1", answer=("square", "def square(x) return x")) == 4
    assert needed("z = 1", "def broken(") == 5


def places(*before: str, answer: tuple[str, str] = ANSWER, later: tuple[str, ...] = ()) -> tuple[int, ...]:
    """Of the cells in front of an answer and behind it, which have to run for it."""
    cells = [*((f"before{n}", source) for n, source in enumerate(before)), answer, *(("", one) for one in later)]
    return places_needed(cells, ["square"], [check(calls)])


@pytest.mark.parametrize("before", [
    "model = train()", "print(other(3))", "def other():\n    scale = 1", "for step in range(1000): pass",
    "import time", "assert True",
])  # fmt: skip
def test_what_stands_before_of_no_account_is_left_out(before: str) -> None:
    """Cells that make names which nobody asks for: the whole course of a notebook before one small answer."""
    assert places(before, "scale = 2") == (1, 2)


@pytest.mark.parametrize("before", [
    "scale = 3", "scale.part = 3", "scale[0] = 3", "scale.update(a=1)", "change(scale)", "change([scale])",
    "change(a=scale)", "for _ in range(2): change(*scale)", "other = scale", "change(lambda: scale)",
    "def change():\n    scale.append(1)\nchange()", "def change(a=scale): pass", "@scale\ndef change(): pass",
    "class Other:\n    part = scale", "from math import *", "import scale", "def scale(): pass", "class scale: pass",
    "[change(one) for one in scale]", "def inner(): scale.append(1)\ndef change(): inner()\nchange()",
])  # fmt: skip
def test_what_makes_or_may_change_a_thing_in_use_is_run(before: str) -> None:
    """Also where it only reaches something that can change, through a call, another name or a function of its own."""
    assert places("scale = [2]", "z = 1", before) == (0, 2, 3)


def test_a_function_that_changes_a_thing_is_found_where_it_is_called() -> None:
    """It may have been written in another cell than the one that calls it, and then both are needed."""
    assert places("scale = [2]", "def change():\n    scale.append(1)", "z = 1", "change()") == (0, 1, 3, 4)


@pytest.mark.parametrize("before", ["math.floor(2.5)", "other = math.pi", "print(helper(2))", "print(Kind)"])
def test_no_call_changes_a_module_a_function_or_a_class(before: str) -> None:
    """Else a cell that only computes something with what all use would be needed by all."""
    uses = ("square", "def square(x):\n    return math.floor(helper(x) * Kind.a)")
    shared = "import math\ndef helper(n): return n\nclass Kind: a = 1"
    assert places(shared, before, answer=uses) == (0, 2)


def test_what_such_a_cell_reads_is_run_too() -> None:
    """From one back to the next, to the first that is of account; and what follows the answer as before."""
    before = ("table = {2: 3}", "q = 2", "def helper(n): return table[n]", "z = 1", "scale = helper(2)")
    assert places(*before) == (0, 2, 4, 5)
    assert places("scale = 1", "z = 2", later=("y = 3", "scale = z", "x = 3")) == (0, 1, 2, 4)


def test_every_cell_is_run_where_one_is_no_python() -> None:
    """As with the cells that follow."""
    assert places("z = 1", answer=("square", "def square(x) return x")) == (0, 1)
