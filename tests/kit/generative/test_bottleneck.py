"""The bottleneck: its data, its stacked starts, and what training does to the code."""

from __future__ import annotations

import numpy as np
import torch
from seq2kit.generative import bottleneck, digits
from torch import Tensor


def loss(logits: Tensor, y: Tensor, mu: Tensor, sigma: Tensor, beta: float) -> Tensor:
    """Cross-entropy and the divergence from a standard normal distribution."""
    paid = 0.5 * (mu**2 + sigma**2 - 1 - 2 * sigma.log()).sum(1).mean()
    return torch.nn.functional.cross_entropy(logits, y) + beta * paid


def test_a_fifth_of_the_labels_is_wrong() -> None:
    """Of those that are trained on; those that are measured on are true."""
    x, y, others, true = bottleneck.data()
    known = {tuple(row): label for row, label in zip(digits.images().tolist(), digits.labels().tolist(), strict=True)}
    right = [bottleneck.CLASSES.index(known[tuple(row)]) for row in x.double().tolist()]
    assert int((torch.tensor(right) != y).sum()) == 72
    assert [bottleneck.CLASSES.index(known[tuple(row)]) for row in others.double().tolist()] == true.tolist()


def test_starts_differ_and_stand_apart() -> None:
    """Each start has its own answer, and none depends on another's weights."""
    model = bottleneck.Bottleneck()
    x = bottleneck.data()[0][:4]
    mu, sigma = model.encode(x)
    assert mu.shape == sigma.shape == (bottleneck.STARTS, 4, 2)
    assert bool((sigma > 0).all())
    assert not torch.allclose(mu[0], mu[1])
    with torch.no_grad():
        model.weights["e1"][1].zero_()
    assert torch.equal(model.encode(x)[0][0], mu[0])


def test_a_dear_code_collapses() -> None:
    """At a large beta the code becomes the prior; at none it stays where it was or gets quieter."""
    found = {}
    for beta in (0.0, 3.0):
        model = bottleneck.Bottleneck()
        run = bottleneck.train(model, beta, lambda mu, sigma, V: mu + sigma * V, loss, updates=150)
        assert run.updates == 150
        found[beta] = bottleneck.measured(model)
    assert np.mean(found[3.0]["sigma"]) > 0.9 > 2 * np.mean(found[0.0]["sigma"])
    assert np.mean(found[3.0]["nll"]) > 2 * np.mean(found[0.0]["nll"])
