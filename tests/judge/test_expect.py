"""What `expect` accepts, what it refuses, and that its words never tell the expected value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import Feedback
from autograder.guest.wire import Remote
from autograder.judge import Handle, Student, expect, in_process

F64, F32 = torch.float64, torch.float32
SECRETS = [1234.5678, -8765.4321, 2345.6789]


def refused(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Feedback:
    """The Feedback that this call raises."""
    with pytest.raises(Feedback) as caught:
        call(*args, **kwargs)
    return caught.value


def handle(kind: str = "Linear") -> Handle:
    student: Student = in_process({})
    return Handle(student, Remote(1, kind, True))


@pytest.mark.parametrize(
    "got",
    [
        [[1.0, 2.0], [3.0, 4.0]],
        ((1, 2), (3, 4)),
        [torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])],
        np.array([[1, 2], [3, 4]], dtype=np.int32),
        torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True),
        torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float16),
    ],
)
def test_any_container_of_the_right_numbers_is_close(got: object) -> None:
    """Lists, tuples, arrays and tensors of the right numbers pass alike."""
    expect.close(got, torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=F64), what="f(x)")


@pytest.mark.parametrize("single", [3, 3.0, True + 2, np.float32(3), torch.tensor(3.0), np.array(3)])
def test_a_single_number_is_close_to_a_tensor_without_axes(single: object) -> None:
    """A plain number and a 0-dimensional tensor are the same answer."""
    expect.close(single, torch.tensor(3.0, dtype=F64), what="f(x)")


@pytest.mark.parametrize(("dtype", "inside", "outside"), [(F64, 1e-10, 1e-8), (F32, 2e-6, 1e-4)])
def test_tolerance_follows_the_precision(dtype: torch.dtype, inside: float, outside: float) -> None:
    """A float64 result must be right to 1e-9, a float32 result to 1e-5, relative to the largest entry."""
    want = torch.tensor([100.0, 1.0, 0.5], dtype=dtype)
    expect.close(want + 100 * inside, want, what="f(x)")
    refused(expect.close, want + 100 * outside, want, what="f(x)")


def test_a_float32_list_entry_sets_the_tolerance_of_the_whole_list() -> None:
    """One float32 tensor in a list is enough to judge the list as float32."""
    want = torch.tensor([1.0, 2.0], dtype=F64)
    expect.close([torch.tensor(1.0 + 1e-6), torch.tensor(2.0)], want, what="f(x)")
    refused(expect.close, [1.0 + 1e-6, 2.0], want, what="f(x)")


def test_tolerance_is_relative_for_small_values_too() -> None:
    """Zero is not an acceptable answer where values of 1e-12 are expected."""
    refused(expect.close, [0.0, 0.0], [1e-12, 2e-12], what="f(x)")
    expect.close([1e-12, 2e-12 * (1 + 1e-10)], [1e-12, 2e-12], what="f(x)")


def test_tolerance_can_be_widened() -> None:
    """rtol and atol replace the defaults."""
    expect.close([1.05], [1.0], what="f(x)", rtol=0.1)
    expect.close([0.05], [0.0], what="f(x)", atol=0.1)
    refused(expect.close, [1.3], [1.0], what="f(x)", rtol=0.1)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("want", [[1.0, 2.0], [0.0, 0.0], [1e300, 1e300]])
@pytest.mark.parametrize("rtol", [None, 1.0, 1e30])
def test_nan_and_infinity_are_never_close(bad: float, want: list[float], rtol: float | None) -> None:
    """No tolerance lets NaN or an infinity pass for a finite value."""
    assert "finite" in refused(expect.close, [want[0], bad], want, what="f(x)", rtol=rtol).message


@pytest.mark.parametrize(("bad", "kind"), [
    ([math.nan, 1.0], "(NaN)"), ([1.0, -math.inf], "(infinity)"), ([math.inf, math.nan], "(NaN and infinity)"),
])  # fmt: skip
def test_what_is_not_finite_is_told_and_no_cause(bad: list[float], kind: str) -> None:
    """Which of the two came back is certain; why it did is not, also where the hint is about wrong values."""
    for found in (refused(expect.close, bad, [1.0, 2.0], what="f(x)", hint="which axis?"),
                  refused(expect.same, [1.0, 2.0], bad, what="f(x)", hint="something kept?")):  # fmt: skip
        assert found.message == f"Not finite {kind}: f(x)."
        assert found.hint == ""
    cause = refused(expect.mask, [bad, bad], [[True, False]] * 2, what="w").hint
    assert ("nothing is allowed" in cause) is ("NaN" in kind)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_reference_that_is_not_finite_is_a_fault_of_the_check(bad: float) -> None:
    """Where our own value is not finite nobody passes and nobody fails: the check is broken."""
    for got in (1.0, bad):
        with pytest.raises(ValueError, match="reference"):
            expect.close([got], [bad], what="f(x)")


def test_a_reference_that_is_not_numeric_is_a_fault_of_the_check() -> None:
    """A student is not told that our reference should be numbers."""
    with pytest.raises(ValueError, match="reference"):
        expect.close([1.0], None, what="f(x)")


@pytest.mark.parametrize(
    ("got", "word"),
    [
        (None, "None"),
        (..., "Ellipsis"),
        ("1.0", "str"),
        (b"1", "bytes"),
        ({"a": 1}, "dict"),
        ({1, 2}, "set"),
        (1j, "complex"),
        ([1.0, None], "None"),
        (torch.tensor([1j]), "complex"),
        (10**400, "large"),
    ],
)
def test_what_is_not_numbers_is_named(got: object, word: str) -> None:
    """None, text, containers of names and complex numbers are refused by kind."""
    assert word in refused(expect.array, got, what="f(x)").message


def test_an_object_of_the_student_is_not_numbers() -> None:
    """A module that is returned instead of its output is refused, and named by its class."""
    assert "Linear" in refused(expect.close, handle(), [1.0], what="f(x)").message
    assert "Linear" in refused(expect.close, [handle()], [1.0], what="f(x)").message


def test_rows_of_different_lengths_are_told() -> None:
    """A ragged list is no array."""
    assert "different lengths" in refused(expect.array, [[1.0], [1.0, 2.0]], what="f(x)").message


@pytest.mark.parametrize("got", [[1.0, 2.0], [[1.0, 2.0, 3.0]], 6.0, [[1.0], [2.0], [3.0]], []])
def test_a_wrong_shape_is_never_broadcast(got: object) -> None:
    """A result of another shape fails even where broadcasting would make it equal."""
    assert "shape" in refused(expect.close, got, [1.0, 2.0, 3.0], what="f(x)").message
    assert "shape" in refused(expect.shape, got, (3,), what="f(x)").message


def test_shape_passes_what_has_it() -> None:
    """expect.shape looks at the shape alone."""
    expect.shape(torch.full((2, 3), math.nan), (2, 3), what="f(x)")
    expect.shape([[1, 2, 3]] * 2, (2, 3), what="f(x)")


def _complaints() -> list[Feedback]:
    """Every way of being wrong about SECRETS."""
    want = torch.tensor(SECRETS, dtype=F64)
    wrong: list[Any] = [want + 1, want[:2], want.float() * 1.1, [math.nan] * 3, None, "x", [[1.0]], 5]
    found = [refused(expect.close, got, want, what="f(x)", hint="think") for got in wrong]
    found += [refused(expect.same, want, want + 1, what="f(x)"), refused(expect.at_most, want, 1.0, what="f(x)")]
    return [*found, refused(expect.unharmed, want, want + 1, what="x")]


def test_messages_never_hold_values() -> None:
    """Neither message nor hint shows any digit of an expected or returned value."""
    for feedback in _complaints():
        for value in SECRETS:
            for digits in (str(abs(value)), str(int(abs(value))), f"{abs(value):.3g}"):
                assert digits not in str(feedback)


def test_the_instructor_sees_values() -> None:
    """`detail` shows both sides and the largest error."""
    detail = refused(expect.close, [1.0, 2.0], SECRETS[:2], what="f(x)").detail
    assert "1234.5678" in detail
    assert "max error" in detail


def test_the_share_of_wrong_entries_is_told() -> None:
    """Everywhere, or in how many per cent of the entries; one entry alone has no share."""
    want = np.arange(100.0)
    some = want.copy()
    some[:25] += 1
    assert "25 %" in refused(expect.close, some, want, what="f(x)").message
    assert "everywhere" in refused(expect.close, want + 1, want, what="f(x)").message
    assert refused(expect.close, 2.0, 1.0, what="f(x)").message == "Wrong value of f(x)."


def test_dtype_must_be_kept() -> None:
    """A tensor that comes back in another precision fails, alone or in a list."""
    like = torch.zeros(2, dtype=F32)
    expect.dtype(torch.ones(3), like, what="f(x)")
    expect.dtype([1.0, torch.ones(1)], like, what="f(x)")
    expect.dtype(np.ones(2, dtype=np.float32), like, what="f(x)")
    expect.dtype(1.0, like, what="f(x)")
    message = refused(expect.dtype, (torch.ones(3), torch.ones(3, dtype=F64)), like, what="f(x)").message
    assert "float64" in message
    assert "float32" in message


@pytest.mark.parametrize(
    ("before", "after"),
    [(math.nan, 1.0), (1.0, math.nan), (math.inf, 1.0), (1.0, math.inf), (math.inf, math.inf), (math.nan, math.nan)],
)
def test_results_that_are_not_finite_never_agree(before: float, after: float) -> None:
    """Two results agree only where both are finite, so NaN everywhere proves nothing."""
    assert "finite" in refused(expect.same, [before], [after], what="f(x)").message


def test_same_compares_two_results_of_a_student() -> None:
    """Two results agree up to rounding, whatever their containers; other shapes and values do not."""
    expect.same(torch.tensor([1.0, 2.0], dtype=F64), [1.0 + 1e-12, 2.0], what="f(x)")
    assert "should not change" in refused(expect.same, [1.0], [1.1], what="f(x)").message
    assert "shapes" in refused(expect.same, [1.0], [1.0, 1.0], what="f(x)").message


@pytest.mark.parametrize(
    ("before", "after", "fine"),
    [
        (torch.zeros(2), torch.zeros(2), True),
        (torch.zeros(2), np.zeros(2, dtype=np.float32), True),
        (torch.tensor([math.nan]), torch.tensor([math.nan]), True),
        (torch.zeros(2), -torch.zeros(2), False),
        (torch.zeros(2), torch.zeros(2, dtype=F64), False),
        (torch.zeros(2), torch.zeros(2, dtype=torch.int32), False),
        (torch.zeros(2), torch.zeros(2, 1), False),
        (torch.zeros(2), [0.0, 0.0], False),
        ([torch.ones(1), 2], [torch.ones(1), 2], True),
        ([torch.ones(1), 2], [torch.ones(1), 3], False),
        ([1, 2], [1, 2, 3], False),
        ({"a": torch.ones(1)}, {"a": torch.ones(1)}, True),
        ({"a": torch.ones(1)}, {"a": torch.zeros(1)}, False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_unharmed_is_bit_for_bit(before: object, after: object, fine: bool) -> None:
    """An argument is unharmed only when every bit, its dtype and its shape are as before."""
    if fine:
        expect.unharmed(before, after, what="x")
    else:
        assert "changed" in refused(expect.unharmed, before, after, what="x").message


def test_true_and_at_most() -> None:
    """A condition carries its own words; a bound admits rounding, and refuses NaN."""
    expect.true(True, "never read")
    feedback = refused(expect.true, False, "rows sum to 1", "which axis?", "instructor")
    assert (feedback.message, feedback.hint, feedback.detail) == ("rows sum to 1", "which axis?", "instructor")
    expect.at_most([1.0, 1.0 + 1e-12], 1.0, what="the norm")
    refused(expect.at_most, [0.0, 1.1], 1.0, what="the norm")
    refused(expect.at_most, [0.0, math.nan], 1.0, what="the norm")
    refused(expect.at_most, -math.inf, 1.0, what="the norm")


@pytest.mark.parametrize(
    "value",
    [2.5, "2.5", " 2,5 ", "25e-1", np.float64(2.5), torch.tensor(2.5), torch.tensor([[2.5]]), [2.5], np.array([2.5])],
)
def test_number_in_any_form(value: object) -> None:
    """A number may come as text, with a decimal comma, or in an array of one entry."""
    assert expect.number(value, what="c") == 2.5


@pytest.mark.parametrize("value", [None, "two", "", "nan", "inf", "1e999", math.inf, [1, 2], [], {}, 2j, "0x10"])
def test_what_is_not_one_finite_number(value: object) -> None:
    """Text without a number, several numbers, none, and infinities are refused."""
    refused(expect.number, value, what="c")


@pytest.mark.parametrize("value", [True, 1, 1.0, "True", " yes ", "T", np.array(True), torch.tensor([1.0]), np.ones(1)])
def test_true_in_any_form(value: object) -> None:
    """Truth may come as bool, 0/1, text, or a one-element array."""
    assert expect.boolean(value, what="necessary") is True


@pytest.mark.parametrize("value", [False, 0, -0.0, "false", "NO", "f", torch.tensor(False), np.zeros((1, 1))])
def test_false_in_any_form(value: object) -> None:
    """Falsehood has the same forms, and is not what comes of an odd value."""
    assert expect.boolean(value, what="necessary") is False


@pytest.mark.parametrize(
    "value", [None, ..., "", "maybe", 2, 0.5, math.nan, [], [True], "truee", {"a"}, np.zeros(2), 1j]
)
def test_what_is_neither_true_nor_false(value: object) -> None:
    """A placeholder or an odd value is refused and never read as False."""
    refused(expect.boolean, value, what="necessary")


@pytest.mark.parametrize(
    "value",
    [
        "ac",
        "CA",
        "a, c",
        "(a) (c)",
        "a;c",
        "a.c.",
        ["a", "c"],
        ("A", "C"),
        {"a", "c"},
        ["ac"],
        "a & c",
        "{'a', 'c'}",
        frozenset({"c", "a"}),
        "aac",
        " \n a\tc",
        "a+c",
        ["a", "", "c"],
    ],
)
def test_letters_in_any_form(value: object) -> None:
    """Case, order, brackets and separators do not matter to a choice."""
    assert expect.letters(value, offered="abcd", what="answer") == {"a", "c"}


@pytest.mark.parametrize(
    "value", ["", [], set(), " ", "[]", None, 1, ["a", 1], "e", "ae", "a and c", {"a": 1}, b"a", True]
)
def test_what_is_no_choice(value: object) -> None:
    """Nothing chosen, a letter that is not offered, and other types are refused."""
    refused(expect.letters, value, offered="abcd", what="answer")


def test_offered_letters_are_told_and_the_answer_is_not() -> None:
    """Whoever picks outside the offer reads which letters there are."""
    assert "a, b" in refused(expect.letters, "z", offered="ab", what="answer").message


def test_pairs_in_any_form() -> None:
    """Edges may be tuples or lists in any collection, with blank space around the names."""
    for value in ({("a", "b"), ("b", "c")}, [["a", " b"], ("b ", "c")], (("a", "b"), ("b", "c"), ("a", "b"))):
        assert expect.pairs(value, what="graph") == {("a", "b"), ("b", "c")}


@pytest.mark.parametrize("value", [None, "ab", {"a": "b"}, ["ab"], [("a",)], [("a", "b", "c")], [("a", 1)], 7, [None]])
def test_what_is_no_set_of_pairs(value: object) -> None:
    """Anything but pairs of names is refused, two-letter strings included."""
    refused(expect.pairs, value, what="graph")


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.floats(1e-6, 1e3))
def test_close_accepts_itself_and_nothing_farther_than_the_tolerance(values: list[float], distance: float) -> None:
    """A result is close to itself; moved by a thousandth of its scale and more it is not."""
    expect.close(values, values, what="f(x)")
    scale = max(1.0, *(abs(v) for v in values))
    refused(expect.close, [values[0] + scale * distance, *values[1:]], values, what="f(x)")
