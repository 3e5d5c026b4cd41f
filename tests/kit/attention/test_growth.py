"""Costs are compared by their exponents, memory by what a call really held."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from seq2kit.attention import growth


def test_exponent_of_a_power() -> None:
    """Constants and lower terms hardly show."""
    assert growth.exponent(lambda n, d: 7 * n * n * d, (10, 3), 0) == pytest.approx(2)
    assert growth.exponent(lambda n, d: n * n * d + 50 * n, (10**4, 3), 0) == pytest.approx(2, abs=0.01)
    assert growth.exponent(lambda n, d: n * n * d, (10, 3), 1) == pytest.approx(1)


def test_a_cost_is_positive() -> None:
    """There is no exponent of nothing."""
    with pytest.raises(ValueError, match="positive"):
        growth.exponent(lambda n: 0, (10,), 0)


def test_numpy_peak_sees_what_is_let_go() -> None:
    """A matrix that is gone in the end counts, one that was there before does not."""
    before = np.ones((500, 500))
    assert 500 * 500 * 8 <= growth.numpy_peak(lambda: float((before + 1).sum())) < 2 * 500 * 500 * 8
    assert growth.numpy_peak(lambda: float(before.sum())) < 10_000


def test_largest_tensor_is_found_on_the_way() -> None:
    """Of several tensors the largest counts, whatever is returned."""
    tall = torch.ones(30, 2)
    assert growth.largest_tensor(lambda: (tall @ tall.T).sum()) == 900
    assert growth.largest_tensor(lambda: tall @ (tall.T @ tall)) == 60
