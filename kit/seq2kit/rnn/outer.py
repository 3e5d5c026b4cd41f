"""The gradient of a shared matrix as a sum of outer products, one per use, drawn with the student's own function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from seq2kit.numeric import as_float64
from seq2kit.pictures import INK, Picture


def gradients_at_states(
    Whh: Tensor, Whx: Tensor, Wyh: Tensor, h0: Tensor, x: Tensor, y: Tensor
) -> tuple[Tensor, Tensor]:
    """(gradients of the last step's loss at h_1..h_T, the states h_0..h_(T-1)), both (T, H).

    The linear RNN of the assignment, differentiated by autograd."""
    states = [h0.detach().requires_grad_()]
    for x_t in x:
        states.append(Whh @ states[-1] + Whx @ x_t)
    loss = -(y[-1] * torch.log_softmax(Wyh @ states[-1], dim=-1)).sum()
    rows = torch.autograd.grad(loss, states[1:])
    return torch.stack(rows), torch.stack(states[:-1]).detach()


def terms_of_a_run(terms: Callable[[Tensor, Tensor], Any], *problem: Tensor) -> Picture:
    """One panel for each use of the recurrent matrix, and one for the sum: what nudging a weight does to the loss.

    terms: (gh, h) -> (T, H, H), the student's function; problem: (Whh, Whx, Wyh, h0, x, y). All panels share one scale.
    Raises ValueError when the terms have another shape."""
    gh, h = gradients_at_states(*problem)
    steps, size = h.shape
    found = as_float64(terms(gh.clone(), h.clone()))
    if found.shape != (steps, size, size):
        raise ValueError(f"{steps} uses of a {size} x {size} matrix are {steps} terms of that shape")
    panels = [*found, found.sum(0)]
    names = [f"step {i}: $g_{{h_{i}}} h_{i - 1}^\\top$" for i in range(1, steps + 1)] + ["all steps together"]
    largest = max(float(panel.abs().max()) for panel in panels) or 1.0
    figure = Figure(figsize=(1.9 * len(panels), 2.4), layout="constrained")
    for axes, panel, name in zip(figure.subplots(1, len(panels)), panels, names, strict=True):
        axes.imshow(panel.numpy(), cmap="RdBu_r", vmin=-largest, vmax=largest)
        axes.set_title(name, fontsize=10, color=INK)
        axes.set_xticks(range(size))
        axes.set_yticks(range(size))
        axes.tick_params(labelsize=7)
    figure.supxlabel("entry of the old state", fontsize=9)
    figure.supylabel("entry of the new state", fontsize=9)
    return Picture(figure, f"The {steps} terms of the gradient for the recurrent matrix, and their sum.")
