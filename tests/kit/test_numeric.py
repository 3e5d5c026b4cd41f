"""Slopes and distances that the notebooks check answers with."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from seq2kit import numeric


def test_slope_of_a_cubic_in_three_variables() -> None:
    """Central differences give the gradient of a smooth function, entry by entry, in the shape of its argument."""
    point = torch.tensor([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])
    got = numeric.finite_difference(lambda v: (v**3).sum() + v[0, 0] * v[1, 1], point)
    want = 3 * point.double() ** 2
    want[0, 0] += 3.0
    want[1, 1] += 1.0
    assert got.shape == point.shape
    assert got.dtype == torch.float64
    assert torch.allclose(got, want, atol=1e-8)


def test_slope_at_a_single_number_and_from_lists() -> None:
    """A scalar argument has a scalar slope, and nested lists count as arrays."""
    assert float(numeric.finite_difference(torch.exp, 1.0)) == pytest.approx(math.e, rel=1e-8)
    assert numeric.finite_difference(lambda v: v.sum(), [[1, 2], [3, 4]]).tolist() == pytest.approx(
        np.ones((2, 2)), abs=1e-8
    )


def test_slope_leaves_its_argument_alone() -> None:
    """The point at which the slope is taken is not changed, nor is its tie to autograd."""
    point = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    numeric.finite_difference(lambda v: (v * v).sum(), point)
    assert point.tolist() == [1.0, 2.0]
    assert point.grad is None


def test_large_step_is_exact_for_a_quadratic() -> None:
    """Differences are central: for a quadratic they are exact at any step."""
    got = numeric.finite_difference(lambda v: (v * v).sum(), torch.tensor([2.0, -1.0]), step=0.5)
    assert got.tolist() == [4.0, -2.0]


@pytest.mark.parametrize(
    "value",
    [[[1, 2], [3, 4]], ((1.0, 2.0), (3.0, 4.0)), np.array([[1, 2], [3, 4]]), torch.tensor([[1, 2], [3, 4]])],
)
def test_every_container_becomes_the_same_numbers(value: object) -> None:
    """Lists, tuples, arrays and tensors give equal float64 tensors."""
    got = numeric.as_float64(value)
    assert got.dtype == torch.float64
    assert got.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_lists_of_tensors_are_stacked_and_detached() -> None:
    """A list of tensors, also such that require gradients, becomes one tensor that does not."""
    parts = [torch.ones(2, requires_grad=True), torch.zeros(2)]
    got = numeric.as_float64(parts)
    assert got.tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert not got.requires_grad
    assert numeric.as_float64([]).shape == (0,)


def test_a_copy_can_be_changed_without_harm() -> None:
    """What comes back shares no memory with what went in."""
    source = np.array([1.0, 2.0])
    tensor = torch.from_numpy(source)
    numeric.as_float64(source)[0] = 9.0
    numeric.as_float64(tensor)[0] = 9.0
    assert source.tolist() == [1.0, 2.0]


def test_nothing_returned_is_named() -> None:
    """None is refused with a word about the missing return."""
    with pytest.raises(ValueError, match="return"):
        numeric.as_float64(None)


def test_error_is_relative_to_the_largest_entry() -> None:
    """The error is the largest deviation over the largest expected entry, and plain where all expected are zero."""
    assert numeric.relative_error([10.0, 1.5], [10.0, 1.0]) == pytest.approx(0.05)
    assert numeric.relative_error([0.0, 0.25], [0.0, 0.0]) == 0.25
    assert numeric.relative_error(torch.empty(0), []) == 0.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_error_of_what_is_not_finite_is_infinite(bad: float) -> None:
    """NaN can never pass for close."""
    assert numeric.relative_error([1.0, bad], [1.0, 1.0]) == math.inf


def test_error_between_shapes_is_refused() -> None:
    """Results of different shapes are not compared by broadcasting."""
    with pytest.raises(ValueError, match=r"\(1, 2\) and \(2,\)"):
        numeric.relative_error([[1.0, 2.0]], [1.0, 2.0])
