"""Secret inputs: the same for the same seed and check, whatever else runs in the process."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.judge import Draw


def everything(draw: Draw) -> list[Any]:
    """One of each kind, as bytes or numbers that can be compared."""
    tensors = [draw.tensor(2, 3), draw.onehot(4, 5), draw.simplex(2, 4), draw.orthogonal(3), draw.permutation(6)]
    singles = [draw.integer(0, 10**6), draw.uniform(), draw.choice(["a", "b", "c", "d"])]
    return [t.numpy().tobytes() for t in tensors] + [draw.array(5).tobytes(), *singles]


def test_same_seed_and_name_draw_the_same() -> None:
    """A seed and a check's name fix every value, to the bit."""
    assert everything(Draw(7, "check")) == everything(Draw(7, "check"))


def test_values_are_the_same_on_every_machine() -> None:
    """A grade can be reproduced from its seed: these values were recorded."""
    draw = Draw(2024, "recorded")
    assert draw.seed == 7248620710550433073
    assert draw.integer(0, 10**9) == 916759286


@pytest.mark.parametrize("other", [Draw(8, "check"), Draw(7, "chess"), Draw(7)])
def test_another_seed_or_name_draws_otherwise(other: Draw) -> None:
    """Knowing one check's inputs tells nothing about another's."""
    assert not set(everything(Draw(7, "check"))[:6]) & set(everything(other)[:6])


def test_global_generators_are_neither_read_nor_moved() -> None:
    """Seeding torch or numpy changes no draw, and a draw changes none of their states."""
    torch.manual_seed(1)
    first = everything(Draw(7, "check"))
    torch.manual_seed(2)
    before, torch_state = np.random.get_state()[1].copy(), torch.get_rng_state()  # type: ignore[index]
    assert everything(Draw(7, "check")) == first
    assert np.array_equal(np.random.get_state()[1], before)  # type: ignore[index]
    assert torch.equal(torch.get_rng_state(), torch_state)


def test_shapes_and_types() -> None:
    """Tensors are float64 unless asked otherwise; arrays are numpy float64; scale is a factor."""
    draw = Draw(1)
    assert draw.tensor(2, 3).dtype == torch.float64
    assert draw.tensor(2, 3, dtype=torch.float32).shape == (2, 3)
    assert draw.tensor().shape == ()
    assert draw.array(4).dtype == np.float64
    assert torch.equal(Draw(1).tensor(9, scale=3.0), 3.0 * Draw(1).tensor(9))
    assert draw.simplex(2, 3, dtype=torch.float32).dtype == torch.float32


def test_tensors_are_generic() -> None:
    """No two entries are equal, and a square matrix is not symmetric."""
    square = Draw(3).tensor(6, 6)
    assert square.unique().numel() == 36
    assert not torch.allclose(square, square.T)


def test_simplex_rows_are_probabilities() -> None:
    """Rows are positive, sum to 1, and are not uniform."""
    rows = Draw(3).simplex(50, 4)
    assert (rows > 0).all()
    assert torch.allclose(rows.sum(-1), torch.ones(50, dtype=torch.float64))
    assert rows.std() > 0.01


def test_onehot_rows_have_a_single_one() -> None:
    """Each row has a 1 at one drawn place and zeros elsewhere."""
    rows = Draw(3).onehot(40, 5)
    assert torch.equal(rows.sum(-1), torch.ones(40, dtype=torch.float64))
    assert torch.equal(rows.max(-1).values, torch.ones(40, dtype=torch.float64))
    assert len(set(rows.argmax(-1).tolist())) == 5


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_orthogonal_is_orthogonal(n: int) -> None:
    """Q^T Q is the identity to rounding."""
    q = Draw(5, str(n)).orthogonal(n)
    assert torch.allclose(q.T @ q, torch.eye(n, dtype=torch.float64), atol=1e-12)


def test_orthogonal_has_both_orientations() -> None:
    """Rotations and reflections come equally often: no sign is fixed by the decomposition."""
    signs = [round(float(torch.det(Draw(seed).orthogonal(3)))) for seed in range(60)]
    assert 15 < signs.count(1) < 45


def test_bounds_of_integer_and_uniform() -> None:
    """integer includes both ends; uniform stays below the upper one."""
    draw = Draw(5)
    assert {draw.integer(2, 4) for _ in range(60)} == {2, 3, 4}
    assert all(0.3 <= draw.uniform(0.3, 0.4) < 0.4 for _ in range(60))


def test_a_permutation_moves_something() -> None:
    """A permutation of two or more places is never the identity; of fewer it cannot be another."""
    for seed in range(30):
        order = Draw(seed).permutation(2)
        assert order.tolist() == [1, 0]
        assert order.dtype == torch.int64
    assert Draw(1).permutation(1).tolist() == [0]
    assert Draw(1).permutation(0).tolist() == []
