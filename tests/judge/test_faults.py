"""A syntax error is told with its line and Python's own words, and only where that is certain."""

from __future__ import annotations

import pytest

from autograder.judge.raised import missing, told
from autograder.judge.sources import Facts
from autograder.judge.student import StudentRaised

BROKEN = "def f(x):\n    y = 2 * x\n    if y\n        return y"
SAID = "SyntaxError: expected ':' (689672726.py, line 3)"
OURS = ("689672726", "Traceback", "/tmp")


def ran(*cells: tuple[str, str]) -> Facts:
    """A notebook of these cells, each with what it stopped with."""
    return Facts.of([f"cell{n}", code, "error" if error else "ok", error, ""] for n, (code, error) in enumerate(cells))


@pytest.mark.parametrize(("code", "error", "says"), [
    (BROKEN, SAID, "its cell is no valid Python: line 3, `if y` (expected ':')"),
    ("def f(x:\n    return x", "SyntaxError: invalid syntax (1.py, line 1)", "its cell is no valid Python: line 1"),
    ("def f(x):\nreturn x", "IndentationError: expected an indented block (1.py, line 2)", "line 2, `return x`"),
    ("\n\ndef f(x):\n    retrun x", "SyntaxError: invalid syntax (1.py, line 2)", "line 4, `retrun x`"),
    ("x = 1\nf = (x,", "SyntaxError: '(' was never closed (1.py, line 2)", "begins with `x = 1` is no valid Python"),
    ("class f:\n    pass\nreturn f", "SyntaxError: 'return' outside function (1.py, line 3)", "line 3, `return f`"),
    ("%matplotlib inline\ndef f(x)\n    return x", "SyntaxError: expected ':' (1.py, line 2)", "line 2, `def f(x)`"),
])  # fmt: skip
def test_a_syntax_error_is_told_with_its_line(code: str, error: str, says: str) -> None:
    """What is missing is missing because its cell cannot be read: line, source line, and what Python says of it."""
    found = missing("f", ran(("import torch", ""), (code, error)))
    assert found.message.startswith("`f` is not defined: ")
    assert says in found.message
    assert "nothing of that cell ran" in found.hint
    assert not any(word in str(found) for word in OURS)


def test_what_uses_it_is_told_why_it_is_not_there() -> None:
    """In an answer that builds on the broken one the hint names the broken line."""
    user = "def g(x):\n    return f(x)"
    from tests.judge.test_raised import at

    report = {"type": "NameError", **at(user, 2)}
    error = StudentRaised("g", "NameError", "name 'f' is not defined", "", "", report)
    found = told(error, ran((BROKEN, SAID), (user, "")))
    assert found.message == "`g` raised NameError in line 2 of its cell: `return f(x)`."
    assert found.hint == "`f` has no value: its cell is no valid Python: line 3, `if y` (expected ':')"


def test_in_doubt_no_line_is_told() -> None:
    """Two cells that could be meant, a line that Python and we do not agree on, another kind of error: no guess."""
    twice = ran((BROKEN, SAID), (BROKEN + " ", SAID))
    assert missing("f", twice).hint == "define it under exactly this name, outside any function"
    elsewhere = missing("f", ran((BROKEN, "SyntaxError: expected ':' (1.py, line 1)")))
    assert elsewhere.message == "`f` is not defined: its cell is no valid Python."
    magic = ran(("%%writefile f.py\ndef f(x:", "SyntaxError: something (1.py, line 1)"))
    assert "line" not in missing("f", magic).message
    assert "no valid Python" not in missing("f", ran((BROKEN, "NameError: name 'q' is not defined"))).message
    assert "no valid Python" not in missing("g", ran((BROKEN, SAID))).message


def test_a_name_that_another_cell_gave_is_not_blamed_on_a_broken_one() -> None:
    """Where a readable cell defines it, a broken cell that defines it too is not why it is missing."""
    known = ran((BROKEN, SAID), ("def f(x):\n    return x", ""), ("del f", ""))
    assert "deleted" in missing("f", known).hint


def test_the_line_in_which_the_defining_cell_stopped_is_told() -> None:
    """An ordinary error above a definition comes with the line that raised it."""
    code = "import torch\nimport jax\ndef f(x):\n    return x"
    known = Facts.of([["a", code, "error", "ModuleNotFoundError: No module named 'jax'", "2"]])
    assert "stopped with ModuleNotFoundError in line 2, `import jax`, before it got there" in missing("f", known).hint


@pytest.mark.parametrize("code", [
    "(" * 3000, "x = 1\n" * 9000 + "(", "\x00", "-" * 20_000 + "(", "f(" * 150, "\ud800 = (",
])  # fmt: skip
def test_any_broken_text_is_read_in_bounded_time(code: str) -> None:
    """What no Python reads gives a message all the same."""
    assert missing("f", ran((f"{code}\ndef f(", "SyntaxError: no (1.py, line 1)"))).message
