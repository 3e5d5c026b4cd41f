"""With what the code was called that raised: the student's names, shapes and dtypes, and never a value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.judge.arguments import given, kind
from autograder.judge.sources import Facts
from autograder.judge.student import Handle, NameMissing, Student, StudentRaised

CODE = """
def attention(Q, K, V, *, scale=1.0):
    return Q
class Net(torch.nn.Module):
    def __init__(self, d, heads):
        pass
    def forward(self, x, *rest):
        return x
    @staticmethod
    def loss(out, words):
        return out
double = lambda z: 2 * z
made = Net(8, 2)
"""
FACTS = Facts.of([["a", CODE, "ok", "", ""]])
Q = torch.zeros(5, 8, dtype=torch.float64)


def call(*args: Any, **kwargs: Any) -> dict[str, Any]:
    return {"op": "call", "args": list(args), "kwargs": kwargs}


@pytest.mark.parametrize(("what", "asked", "says"), [
    ("attention", call(Q, Q[:3].float(), 7, scale=0.25),
     "`attention`, where `Q` is a tensor (5, 8) of float64, `K` is a tensor (3, 8) of float32, `V` is a whole number, "
     "`scale` is a number."),
    ("Net", call(8, heads=2), "`__init__` of `Net`, where `d` is a whole number, `heads` is a whole number."),
    ("Net(...)", {"op": "vjp", "inputs": [Q, Q]},
     "`forward` of `Net`, where `x` is a tensor (5, 8) of float64, `*rest` is a tensor (5, 8) of float64."),
    ("Net(...).loss", call(Q, ["secret"] * 3),
     "`loss` of `Net`, where `out` is a tensor (5, 8) of float64, `words` is a list of 3, each text."),
    ("double", call(np.zeros((2, 3), dtype=np.int64)), "`double`, where `z` is an array (2, 3) of int64."),
    ("attention", call(1, 2, 3, 4), "`attention`, where `Q` is a whole number, `K` is a whole number, `V` is a whole "
     "number, argument 4 is a whole number."),
    ("attention", call(), ""),
    ("Net(...).double", call(1), ""),
    ("module.import_module", call("torch"), ""),
    ("elsewhere", call(1), ""),
    ("made", call(Q, flag=True), "`made`, where argument 1 is a tensor (5, 8) of float64, `flag` is True or False."),
    ("made(...)", call(Q), ""),
    ("Linear", call(1), ""),
    ("Net(...).blocks", {"op": "get"}, ""),
])  # fmt: skip
def test_a_call_is_told_by_the_students_own_names(what: str, asked: dict[str, Any], says: str) -> None:
    """Parameters as the notebook calls them; nothing for what the notebook does not define or no check called."""
    assert given(what, asked, FACTS) == says


def test_no_value_is_told() -> None:
    """Whatever stands in an argument, its kind, shape and dtype are all that is said."""
    secret = 98765
    values = [secret, float(secret), str(secret), [secret], {str(secret): secret}, (secret, "98765"), {secret}, None,
              True, torch.tensor(secret), np.array([secret]), [[secret] * 4] * 2,
              list(range(secret, secret + 5)), b"98765"]  # fmt: skip
    assert not any("98765" in kind(value) for value in values)
    assert kind([[1]] * 2) == "a list of 2, each a list"
    assert kind((1, "a")) == "a tuple of 2 (a whole number, text)"
    assert kind([1, "a", 2.0, None]) == "a list of 4"
    assert kind([1] * 2_000_000) == "a list of 2000000"


def test_a_name_that_stands_for_something_else_in_the_end_has_no_parameters() -> None:
    """Overwritten, wrapped, defined in a cell that stopped, or unreadable: then arguments are only counted."""
    for later in ("attention = wrap(attention)", "from mine import attention", "for attention in range(3): pass"):
        known = Facts.of([["a", CODE, "ok", "", ""], ["b", later, "ok", "", ""]])
        assert given("attention", call(1), known) == "`attention`, where argument 1 is a whole number."
    newer = "def attention(a, b):\n    return a"
    stopped = Facts.of([["a", CODE, "ok", "", ""], ["b", newer, "error", "NameError: x", ""]])
    assert "argument 1" in given("attention", call(1), stopped)


def test_the_exception_carries_the_request() -> None:
    """Whatever the process reports, the arguments are those that the check sent."""

    class Port:
        def request(self, message: dict[str, Any]) -> dict[str, Any]:
            return {"raised": {"type": "ValueError", "args": [1, 2, 3], "asked": "forged"}}

    student = Student(Port())
    with pytest.raises(StudentRaised) as error:
        student.attention(Q, Q, Q)
    assert error.value.asked["args"] == [Q, Q, Q]
    assert not isinstance(error.value, (NameMissing, Handle))
