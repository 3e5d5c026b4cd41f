"""A test of a notebook as the body of a check: what is asked, and what stays behind."""

from __future__ import annotations

import textwrap

import pytest

from autograder.foreign.carry import Carried, carried

GIVEN = {"np": "import numpy as np", "random": "import random"}


def carry(code: str, message: str = "") -> Carried:
    """The test carried over, for answers that define f, Stack and x."""
    return carried(textwrap.dedent(code).strip(), {"f", "Stack", "x"}, GIVEN, message)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("assert f(2) == 4, 'even numbers'", "expect.true(student.f(2) == 4, 'even numbers')"),
        ("assert np.allclose(f(x), 1)", "expect.true(np.allclose(student.f(student.value('x')), 1), "),
        ("assert all(f(i) > 0 for i in range(3))", "expect.true(all((student.f(i) > 0 for i in range(3))), "),
        ("assert_equal(f(1), [1])", "expect.true(student.f(1) == [1], "),
        ("assert_almost_equal(f(1), 0.5)", "expect.true(round(student.f(1) - 0.5, 7) == 0, "),
        ("np.testing.assert_allclose(f(1), 2, rtol=1e-3)", "_holds(np.testing.assert_allclose, student.f(1), 2, rtol"),
        ("assert_raises(ValueError, f, 0)", "expect.true(student.raised('f', 0) == 'ValueError', "),
        ("with pytest.raises(KeyError):\n    f('a', b=1)", "expect.true(student.raised('f', 'a', b=1) == 'KeyError', "),
        ("try:\n    f(0)\n    assert False\nexcept TypeError:\n    pass", "student.raised('f', 0) == 'TypeError'"),
        ("if f(1) != 1:\n    raise AssertionError('one')", "if student.f(1) != 1:\n    expect.true(False, 'one')"),
    ],
)
def test_what_calls_and_compares_is_carried(code: str, line: str) -> None:
    """Names of the notebook are asked of the student, assertions become expectations, exceptions become `raised`."""
    found = carry(code)
    assert (found.expects, found.left) == (1, ())
    assert line in "\n".join(found.body).replace("(\n    ", "(").replace(",\n    ", ", ")


def test_locals_stay_locals() -> None:
    """What a test names itself is its own, in loops and functions too, and objects live where they were made."""
    found = carry("""
        def twice(g, n):
            return g(g(n))
        s = Stack()
        s.push(3)
        for n, want in [(1, 1), (2, 16)]:
            assert twice(f, n) == want
        assert s.pop() == 3
    """)
    assert (found.expects, found.left) == (2, ())
    text = "\n".join(found.body)
    assert "s = student.Stack()" in text
    assert "twice(student.value('f'), n) == want" in text
    assert "student.value('s')" not in text


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("%timeit f(1)", "no plain Python"),
        ("old = f\ndel f", "more than call names and compare"),
        ("f = None\nassert f is None", "changes f, which is the notebook's"),
        ("assert f(random.random()) > 0", "draws at random"),
        ("y = np.random.rand(3)\nassert f(y) is not None", "draws at random"),
        ("assert f(open('data.csv').read()) == 1", "calls open(), which sees this process"),
        ("assert _secret() == 1", "begin with _"),
        ("import no_such_library_here as n\nassert n.ok(f)", "not installed here"),
        ("assert_raises(MyError, f, 1)", "only Python's own exceptions"),
        ("try:\n    f(0)\nexcept ValueError:\n    pass\nfinally:\n    print(1)", "in a way of its own"),
        ("try:\n    f(0)\n    assert False\nexcept Exception:\n    pass", "the test cannot fail"),
    ],
)
def test_what_does_more_stays_behind_with_its_reason(code: str, why: str) -> None:
    """Nothing of it is asked for, and the text is there as it was."""
    found = carry(code)
    assert found.expects == 0
    assert any(why in reason for reason, _ in found.left), found.left
    assert all(text in code for _, text in found.left)


def test_what_builds_on_a_lost_statement_is_lost_too() -> None:
    """Other statements of the same test are carried over."""
    found = carry("value = np.random.rand()\nassert f(value) == 1\nassert f(2) == 4")
    assert found.expects == 1
    assert [reason.split(",")[0] for reason, _ in found.left][1] == "it uses value"


def test_a_message_that_is_put_together_is_not_shown() -> None:
    """It could hold what a student must not see; one that the author wrote out is."""
    put_together = carry('assert f(2) == 4, f"got {f(2)}, wanted 4"')
    assert "wanted" not in "".join(put_together.body)
    assert "`f`" in "".join(put_together.body)
    assert "too small" in "".join(carry("assert f(2) == 4", "too small").body)


def test_only_imports_that_are_used_come_along() -> None:
    """The file of checks imports what its checks name."""
    assert carry("assert np.isclose(f(1), 1)").imports == ("import numpy as np",)
    assert carry("assert f(1) == 1").imports == ()
