"""The terms of the gradient for a shared matrix, as a picture."""

from __future__ import annotations

import pytest
import torch
from seq2kit.rnn import outer


def problem(T: int = 3, X: int = 2, H: int = 4, Y: int = 3) -> tuple[torch.Tensor, ...]:
    random = torch.Generator().manual_seed(1)
    shapes = [(H, H), (H, X), (Y, H), (H,), (T, X), (T, Y)]
    *network, y = [torch.randn(shape, generator=random, dtype=torch.float64) for shape in shapes]
    return *network, torch.softmax(y, dim=-1)


def test_gradients_and_states_give_the_gradient_of_the_matrix() -> None:
    """Outer products of what is given here add up to autograd's gradient for the shared matrix."""
    Whh, *rest = problem()
    gh, h = outer.gradients_at_states(Whh, *rest)
    Whx, Wyh, h0, x, y = rest
    leaf = Whh.clone().requires_grad_()
    state = h0
    for x_t in x:
        state = leaf @ state + Whx @ x_t
    loss = -(y[-1] * torch.log_softmax(Wyh @ state, -1)).sum()
    (want,) = torch.autograd.grad(loss, leaf)
    assert torch.allclose(gh.T @ h, want)
    assert torch.equal(h[0], h0)


def test_a_panel_for_each_step_and_one_for_the_sum() -> None:
    """As many panels as steps and one more; the last shows the sum, on the scale of all."""
    picture = outer.terms_of_a_run(lambda gh, h: torch.einsum("ta,tb->tab", gh, h), *problem(T=3))
    shown = [axes.images[0] for axes in picture.figure.axes]
    assert len(shown) == 4
    *terms, whole = [torch.as_tensor(image.get_array()) for image in shown]
    assert torch.allclose(torch.stack(terms).sum(0), whole)
    assert len({image.get_clim() for image in shown}) == 1
    assert picture.png().startswith(b"\x89PNG")


def test_terms_of_another_shape_are_refused() -> None:
    """A sum instead of the terms is said to be one."""
    with pytest.raises(ValueError, match="3 uses of a 4 x 4 matrix"):
        outer.terms_of_a_run(lambda gh, h: gh.T @ h, *problem(T=3))


def test_terms_of_nothing_are_drawn() -> None:
    """All zeros have a picture, too."""
    assert outer.terms_of_a_run(lambda gh, h: torch.zeros(3, 4, 4), *problem(T=3)).caption
