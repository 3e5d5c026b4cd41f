"""The shipped model with heads to switch: causal, trained, smaller after pruning; and losses of which all is known."""

from __future__ import annotations

import pytest
import torch
from seq2kit.depth import heads
from torch import Tensor


def cut(Wq: Tensor, Wk: Tensor, Wv: Tensor, Wo: Tensor, count: int, keep: list[int]) -> tuple[Tensor, ...]:
    k = Wq.shape[1] // count
    rows = [h * k + i for h in keep for i in range(k)]
    return Wq[:, rows], Wk[:, rows], Wv[:, rows], Wo[rows]


def test_the_shipped_model_is_near_the_floor() -> None:
    """Its loss on text that it has not seen lies a little above the lowest that any model can expect."""
    with torch.no_grad():
        loss = float(heads.loss_of(heads.trained(), heads.windows(200))(torch.ones(heads.ALL)).mean())
    assert heads.floor() - 0.05 < loss < heads.floor() + 0.1


def test_it_does_not_see_the_future() -> None:
    """Another word at place 9 changes nothing before it."""
    model, ids = heads.trained(), heads.windows(2)[:, :-1]
    other = ids.clone()
    other[:, 9] = (other[:, 9] + 1) % heads.corpus().size
    with torch.no_grad():
        change = (model(ids) - model(other)).abs().amax((0, 2))
    assert not change[:9].any()
    assert bool(change[9:].all())


def test_removing_heads_is_silencing_them_for_good() -> None:
    """The smaller model gives what the whole one gives under a mask, has fewer numbers, and leaves that one alone."""
    model, text = heads.trained(), heads.windows(5)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    small = heads.without_heads(model, [[0, 2], [3]], cut)
    mask = torch.tensor([1.0, 0, 1, 0, 0, 0, 0, 1])
    with torch.no_grad():
        whole, pruned = heads.loss_of(model, text)(mask), heads.loss_of(small, text)(torch.ones(3))
    assert torch.allclose(whole, pruned, atol=1e-5)
    assert sum(p.numel() for p in small.parameters()) < sum(p.numel() for p in model.parameters())
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in before.items())


def test_losses_as_heads_are_removed() -> None:
    """One number more than heads: first the whole model, last without attention, in any order the same."""
    model, text = heads.trained(), heads.windows(20)
    one, two = (heads.removed(model, text, order) for order in (range(8), reversed(range(8))))
    assert len(one) == heads.ALL + 1
    assert one[0] == two[0]
    assert one[-1] == pytest.approx(two[-1])
    assert one[-1] > one[0] + 1


def test_time_is_measured() -> None:
    """A forward pass takes more than no time."""
    assert heads.seconds(heads.trained(), heads.windows(3), repeats=3) > 0


def test_a_planted_loss_is_the_distance_to_its_target() -> None:
    """With all heads on and the target at their sum nothing is left; each call is counted; a wrong mask is named."""
    parts = torch.randn(4, 3, 2, dtype=torch.float64)
    loss = heads.planted(parts, parts.sum(1))
    assert not loss(torch.ones(3)).any()
    off = loss(torch.tensor([1.0, 0.0, 1.0]))
    assert torch.allclose(off, parts[:, 1].square().sum(1))
    assert loss.calls == 2
    with pytest.raises(ValueError, match="one number per head"):
        loss(torch.ones(4))
