"""The digits that come with the kit."""

from __future__ import annotations

import numpy as np
import pytest
from seq2kit.generative import digits


def test_there_are_1797_of_ten_kinds() -> None:
    """Images of 64 pixels from 0 to 1, about as many of each digit."""
    x, y = digits.images(), digits.labels()
    assert x.shape == (1797, digits.PIXELS)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_who_changes_a_copy_changes_nothing() -> None:
    """Each call gives a fresh copy."""
    x, y = digits.images(), digits.labels()
    x[:], y[:] = -1, -1
    assert digits.images().min() == 0.0
    assert digits.labels().min() == 0


def test_split_keeps_every_digit_once() -> None:
    """Both sides together are all digits, each with its label."""
    x, y, other, labels = digits.split(97, seed=3)
    assert (len(x), len(other)) == (1700, 97)
    both = sorted([*(x.sum(1) + 100 * y).tolist(), *(other.sum(1) + 100 * labels).tolist()])
    assert np.allclose(both, sorted((digits.images().sum(1) + 100 * digits.labels()).tolist()), atol=1e-3)


@pytest.mark.parametrize("held_out", [0, 1797])
def test_a_side_without_digits_is_refused(held_out: int) -> None:
    """There is something to train on, and something to test on."""
    with pytest.raises(ValueError, match="held_out"):
        digits.split(held_out)
