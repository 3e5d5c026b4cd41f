"""What is right: torch's own optimisers, and the algorithms of the text in numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

Array = np.ndarray[Any, np.dtype[np.float64]]
Tensors = list[torch.Tensor]
Make = Callable[[Tensors], torch.optim.Optimizer]


def torch_path(make: Make, params: Tensors, gradients: Sequence[Tensors]) -> list[Tensors]:
    """The parameters after each step of an optimiser of torch's."""
    own = [p.clone().requires_grad_(True) for p in params]
    optimizer, path = make(own), []
    for grads in gradients:
        for p, g in zip(own, grads, strict=True):
            p.grad = g.clone()
        optimizer.step()
        path.append([p.detach().clone() for p in own])
    return path


def sgd(**options: Any) -> Make:
    return lambda params: torch.optim.SGD(params, **options)


def adam(*, lr: float, beta1: float, beta2: float, eps: float) -> Make:
    return lambda params: torch.optim.Adam(params, lr=lr, betas=(beta1, beta2), eps=eps)


def adamw(*, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Make:
    return lambda params: torch.optim.AdamW(params, lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay)


def dampened_from_the_start(
    params: Tensors, gradients: Sequence[Tensors], *, lr: float, mu: float, tau: float
) -> list[Tensors]:
    """SGD whose first buffer is dampened like all others: a slip in the first step, and in no other."""
    buffers, path = [torch.zeros_like(p) for p in params], []
    for grads in gradients:
        buffers = [mu * b + (1 - tau) * g for b, g in zip(buffers, grads, strict=True)]
        params = [p - lr * b for p, b in zip(params, buffers, strict=True)]
        path.append(params)
    return path


def uncorrected(
    params: Tensors, gradients: Sequence[Tensors], *, lr: float, beta1: float, beta2: float, eps: float
) -> list[Tensors]:
    """Adam without bias correction."""
    m, v = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params]
    path = []
    for grads in gradients:
        m = [beta1 * a + (1 - beta1) * g for a, g in zip(m, grads, strict=True)]
        v = [beta2 * a + (1 - beta2) * g * g for a, g in zip(v, grads, strict=True)]
        params = [p - lr * a / (b.sqrt() + eps) for p, a, b in zip(params, m, v, strict=True)]
        path.append(params)
    return path


def algorithm(
    theta: Array,
    gradients: Sequence[Array],
    *,
    eps: float,
    delta: float,
    gamma: float = 0.0,
    lam: float = 0.0,
    decay_last: bool = False,
) -> list[Array]:
    """Algorithm 8.7 with a penalty or decay: theta after each step. decay_last: the decay takes its share of what the
    step left, which differs by lam times the step."""
    s, r, path = np.zeros_like(theta), np.zeros_like(theta), []
    for t, g in enumerate(gradients, 1):
        g = g + 2 * gamma * theta
        s, r = 0.9 * s + 0.1 * g, 0.999 * r + 0.001 * g * g
        step = eps * (s / (1 - 0.9**t)) / (np.sqrt(r / (1 - 0.999**t)) + delta)
        theta = (1 - lam) * (theta - step) if decay_last else theta - step - lam * theta
        path.append(theta)
    return path
