"""Training a recurrent network until its numbers are no numbers any more, or not."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

RATE = 0.002
Clip = Callable[[list[Tensor]], list[Tensor]]


def train(radius: float, seed: int, clip: Clip | None = None, steps: int = 40, length: int = 30) -> list[float]:
    """Norm of the gradient at each update of h_t = W h_{t-1} + U x_t, trained by SGD to sum its inputs at the end.

    radius: spectral radius of the first W; clip: what is done with the list of gradients before each update, if
    anything. The last number is NaN or infinite where training broke; it goes no further then."""
    drawn = torch.Generator().manual_seed(seed)
    W = torch.randn(8, 8, generator=drawn)
    W *= radius / torch.linalg.eigvals(W).abs().max()
    U, v = torch.randn(8, 1, generator=drawn), torch.randn(8, generator=drawn) / 8
    params = [W, U, v]
    norms: list[float] = []
    for _ in range(steps):
        x = torch.randn(length, 16, 1, generator=drawn)
        for p in params:
            p.requires_grad_(True)
        h = torch.zeros(16, 8)
        for x_t in x:
            h = h @ params[0].T + x_t @ params[1].T
        loss = ((h @ params[2] - x.sum((0, 2))) ** 2).mean()
        grads = list(torch.autograd.grad(loss, params))
        norms.append(float(torch.cat([g.double().reshape(-1) for g in grads]).norm()))
        if not torch.isfinite(torch.tensor(norms[-1])):
            break
        if clip is not None:
            grads = clip(grads)
        params = [(p - RATE * g).detach() for p, g in zip(params, grads, strict=True)]
    return norms
