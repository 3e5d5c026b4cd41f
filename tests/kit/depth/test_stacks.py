"""Starts, gradients by depth and collapse: what is measured is what the words say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from seq2kit.depth import collapse, initial, norms
from torch import Tensor, nn


class Tied(nn.Module):
    """Embedding and head in one, drawn with a standard deviation."""

    def __init__(self, words: int, places: int, width: int, std: float) -> None:
        super().__init__()
        self.word, self.place = (nn.Parameter(std * torch.randn(count, width)) for count in (words, places))

    def embed(self, ids: Tensor) -> Tensor:
        return nn.functional.layer_norm(self.word[ids] + self.place[: ids.shape[1]], self.word.shape[1:])

    def logits(self, hidden: Tensor) -> Tensor:
        return hidden @ self.word.T


def start(std: float) -> Any:
    return lambda words, places, width: Tied(words, places, width, std)


def test_a_start_with_unit_numbers_is_worse_and_stays_worse() -> None:
    """Losses begin far above and near a shrug, fall in both runs, and are repeatable by their seed."""
    bad, good = (initial.train(start(std), 0, steps=12) for std in (1.0, 1 / 8))
    assert bad[0] > 20
    assert good[0] < initial.shrug() + 1
    assert bad[-1] < bad[0]
    assert good[-1] < good[0] < bad[-1]
    assert initial.train(start(1.0), 0, steps=2) == bad[:2]
    assert initial.shrug() == pytest.approx(math.log(512))


class Plain(nn.Module):
    """x + fc2(x), with an attention that is not used."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.self_attn, self.fc2 = nn.MultiheadAttention(width, heads), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.fc2(x)
        return out


def test_gradients_are_measured_against_the_top() -> None:
    """The last number is 1; without strength nothing happens on the way; the generator of the caller is left alone."""
    before = torch.get_rng_state()
    found = norms.gradients(Plain, 3, seeds=4)
    assert torch.equal(torch.get_rng_state(), before)
    assert found.shape == (4, 4)
    assert np.allclose(found[:, -1], 1)
    assert np.allclose(norms.gradients(Plain, 3, strength=0.0, seeds=2), 1)
    assert not np.allclose(found[0], found[1])


def test_identity_asks_the_formula_for_each_layer() -> None:
    """The lengths are those of what the formula gives, over the last one; what it gets is normalised."""
    asked: list[int] = []

    def formula(gL: norms.Array, x0: norms.Array, L: int, at: int) -> norms.Array:
        assert abs(x0.mean()) < 1e-12
        assert x0.std() == pytest.approx(1)
        asked.append(at)
        return gL * (L + 1 - at)

    assert np.allclose(norms.identity(formula, 2, seeds=1), [[3, 2, 1]])
    assert asked == [0, 1, 2]


def test_residual_is_zero_for_equal_rows_alone() -> None:
    """Equal rows have residual 0, centred ones 1, whatever the scale."""
    row = torch.randn(1, 5, dtype=torch.float64)
    assert float(collapse.residual(row.expand(4, 5))) < 1e-12
    X = torch.randn(4, 5, dtype=torch.float64)
    assert float(collapse.residual(X - X.mean(0))) == pytest.approx(1)
    assert float(collapse.residual(7 * X)) == pytest.approx(float(collapse.residual(X)))


def test_drawn_layers_have_queries_of_a_strength() -> None:
    """The same seed draws the same; strength multiplies queries and nothing else."""
    X, layers = collapse.drawn(2, seed=3)
    again, strong = collapse.drawn(2, strength=2.0, seed=3)
    assert torch.equal(X, again)
    assert torch.allclose(strong[1][0], 2 * layers[1][0])
    assert torch.equal(strong[1][1], layers[1][1])
