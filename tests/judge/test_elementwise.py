"""Functions that can be sent by name: the same on floats, numpy and torch, with the right slope."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.guest.functions import KINDS
from autograder.guest.wire import pack, unpack
from autograder.judge import Elementwise, elementwise

POINTS = np.array([-2.3, -0.7, -0.1, 0.2, 0.9, 3.1])
kinds = st.sampled_from(KINDS)
factors = st.floats(-4, 4, allow_subnormal=False)


def truth(kind: str, x: float) -> float:
    """f(x), from the standard library."""
    return {
        "tanh": math.tanh(x),
        "sin": math.sin(x),
        "sigmoid": 1 / (1 + math.exp(-x)),
        "relu": max(x, 0.0),
        "identity": x,
    }[kind]


@given(kinds, factors, factors)
def test_value_is_a_f_of_b_x(kind: str, a: float, b: float) -> None:
    """elementwise(kind, a, b) is x -> a f(b x)."""
    f = elementwise(kind, a=a, b=b)
    for x in POINTS:
        assert f(float(x)) == pytest.approx(a * truth(kind, b * x), abs=1e-12)


@given(kinds, factors, factors)
def test_derivative_matches_finite_differences(kind: str, a: float, b: float) -> None:
    """The derivative is the slope of the function wherever it has one."""
    f, step = elementwise(kind, a=a, b=b), 1e-6
    slope = (f(POINTS + step) - f(POINTS - step)) / (2 * step)
    assert np.allclose(f.derivative()(POINTS), slope, atol=1e-7 * (1 + abs(a * b) ** 3))


@pytest.mark.parametrize("kind", KINDS)
def test_derivative_matches_autograd(kind: str) -> None:
    """torch's gradient through the function is the derivative that is sent."""
    f = elementwise(kind, a=3.0, b=0.5)
    x = torch.from_numpy(POINTS).requires_grad_(True)
    (gradient,) = torch.autograd.grad(f(x).sum(), x)
    assert torch.allclose(gradient, f.derivative()(x.detach()), atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", [0, 1])
def test_floats_arrays_and_tensors_agree(kind: str, order: int) -> None:
    """The three kinds of argument give the same numbers, each as its own kind."""
    f = Elementwise(kind, 3.0, 0.5, order)
    array, tensor = f(POINTS), f(torch.from_numpy(POINTS))
    assert isinstance(array, np.ndarray)
    assert isinstance(tensor, torch.Tensor)
    singles = [f(float(x)) for x in POINTS]
    assert all(type(value) is float for value in singles)
    assert np.allclose(array, singles, atol=1e-14)
    assert np.allclose(tensor.numpy(), singles, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", [0, 1])
def test_shape_and_precision_are_kept(kind: str, order: int) -> None:
    """float32 stays float32, in any shape; lists count as arrays, integers as numbers."""
    f = Elementwise(kind, 3.0, 0.5, order)
    single = f(np.ones((2, 3), dtype=np.float32))
    assert (single.dtype, single.shape) == (np.float32, (2, 3))
    tensor = f(torch.ones(2, 1, 3))
    assert (tensor.dtype, tensor.shape) == (torch.float32, (2, 1, 3))
    assert np.asarray(f([1.0, 2.0])).shape == (2,)
    assert type(f(1)) is float


@pytest.mark.parametrize("x", [-1e4, 1e4])
def test_large_arguments_neither_overflow_nor_warn(x: float) -> None:
    """At ±10000 every kind is finite, the sigmoid 0 or 1 (warnings are errors here)."""
    for kind in KINDS:
        f = elementwise(kind)
        for value in (x, np.array([x]), torch.tensor([x])):
            assert np.isfinite(np.asarray(f(value))).all()
            assert np.isfinite(np.asarray(f.derivative()(value))).all()
    assert elementwise("sigmoid")(x) == (1.0 if x > 0 else 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_steepest_bounds_every_slope(kind: str) -> None:
    """steepest() is the largest slope, and is reached."""
    f = elementwise(kind, a=-2.0, b=1.5)
    slopes = np.abs(f.derivative()(np.linspace(-5, 5, 10001)))
    assert slopes.max() == pytest.approx(f.steepest())


@pytest.mark.parametrize("kind", KINDS)
def test_functions_cross_the_wire_by_name(kind: str) -> None:
    """What arrives is the same function, without any code having travelled."""
    f = elementwise(kind, a=3, b=0.5).derivative()
    assert unpack(pack(f)) == f


@pytest.mark.parametrize(("kind", "a"), [("exp", 1.0), ("tanh", math.nan), ("tanh", math.inf)])
def test_other_functions_are_refused(kind: str, a: float) -> None:
    """Only the listed kinds, with finite factors."""
    with pytest.raises(ValueError, match=r"kind|finite"):
        elementwise(kind, a=a)
