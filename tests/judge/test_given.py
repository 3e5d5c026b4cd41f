"""A reply that lacks what a check takes out of it fails that check in words, whatever way the check takes it apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.errors import Feedback
from autograder.guest.wire import pack, unpack
from autograder.judge import Check, Student, expect, in_process
from autograder.judge.given import given
from autograder.judge.run import run_check
from autograder.model import CheckResult, Status

NET = """
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.Linear(3, 4, bias=False)
"""


def space() -> dict[str, Any]:
    found: dict[str, Any] = {"pair": lambda: [1.0], "table": lambda: {"a": {}}, "two": lambda: (1.0, [2.0])}
    exec(NET, found)
    return found


def verdict(run: Callable[[Student], Any]) -> CheckResult:
    """The verdict of a check that does this with a notebook of poor answers."""
    return run_check(Check("c", "i", 1.0, "Claim.", lambda student, draw: run(student)), in_process(space()), 1)


@pytest.mark.parametrize(("run", "message"), [
    (lambda s: s.pair()[1], "What `pair` gives has fewer parts than it should."),
    (lambda s: s.two()[2], "What `two` gives has fewer parts than it should."),
    (lambda s: s.two()[1][1], "What `two` gives has fewer parts than it should."),
    (lambda s: s.table()["b"], "What `table` gives lacks an entry that it should have."),
    (lambda s: s.table()["a"]["b"], "What `table` gives lacks an entry that it should have."),
    (lambda s: s.Net().parameters()["inner.bias"], "What `Net` gives has no parameter inner.bias."),
    (lambda s: list(map(s.Net().parameters().__getitem__, ("inner.weight", "b"))), "has no parameter b."),
])  # fmt: skip
def test_what_is_not_there_is_a_failure_in_words(run: Callable[[Student], Any], message: str) -> None:
    """No index and no key of a reply breaks a check: it fails, says what came from where, and flags nobody."""
    result = verdict(run)
    assert (result.status, result.odd) == (Status.FAILED, False)
    assert message in result.message


def test_a_check_may_expect_it() -> None:
    """Whoever catches KeyError and IndexError still does."""

    def run(student: Student) -> None:
        for error, take in ((KeyError, lambda: student.table()["b"]), (IndexError, lambda: student.two()[2])):
            with pytest.raises(error):
                take()

    assert verdict(run).status is Status.PASSED


@pytest.mark.parametrize("value", [[1.0, [2.0]], (1.0, (2.0, 3.0)), {"a": [1.0]}])
def test_it_is_what_it_was(value: Any) -> None:
    """Equal to the plain container, told apart by none of what checks do with one, and sent back as one."""
    safe = given(value, "f(...)")
    assert safe == value
    assert isinstance(safe, type(value))
    assert list(safe) == list(value)
    echo = in_process({"echo": lambda x: type(x).__name__})
    assert echo.echo(safe) == type(value).__name__
    assert unpack(pack({"ok": value})) == {"ok": value}


@pytest.mark.parametrize("value", [[1.0], (1.0,), {"a": 1}])
def test_it_is_called_what_it_is(value: Any) -> None:
    """A message names the class that the student knows."""
    for look in (expect.handle, expect.text):
        with pytest.raises(Feedback, match=f"is a {type(value).__name__}"):
            look(given(value, "f(...)"), what="f(x)")


def test_numbers_in_it_are_numbers() -> None:
    """torch and numpy read it as they read a plain list."""
    safe = given([1.0, 2.0], "f(...)")
    assert torch.tensor(safe).tolist() == np.asarray(safe).tolist() == [1.0, 2.0]
    assert torch.stack(given((torch.ones(2), torch.ones(2)), "f(...)")).shape == (2, 2)
    expect.close(safe, [1.0, 2.0], what="f(x)")
    assert (safe[-1], safe[:1]) == (2.0, [1.0])
