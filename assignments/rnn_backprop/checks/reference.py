"""References for the hidden checks: the network differentiated by autograd, and questions about graphs.

Nothing here uses the formulas that the exercises ask for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

Edges = frozenset[tuple[str, str]]


class Problem(NamedTuple):
    """Arguments of `bptt`, in its order."""

    Whh: Tensor
    Whx: Tensor
    Wyh: Tensor
    h0: Tensor
    x: Tensor
    y: Tensor

    def to(self, dtype: torch.dtype) -> Problem:
        return Problem(*(part.to(dtype) for part in self))


class OneLoss(NamedTuple):
    """The loss of the last step: gradients at h_1..h_t, states h_0..h_{t-1}, gradient for Whh."""

    gh: Tensor
    h: Tensor
    gradient: Tensor


def losses(p: Problem) -> tuple[list[Tensor], Tensor]:
    """States h_0..h_T and the losses J_1..J_T."""
    states, parts = [p.h0], []
    for x_t, y_t in zip(p.x, p.y, strict=True):
        states.append(p.Whh @ states[-1] + p.Whx @ x_t)
        parts.append(-(y_t * torch.log_softmax(p.Wyh @ states[-1], dim=-1)).sum())
    return states, torch.stack(parts)


def logits(p: Problem) -> Tensor:
    """(T, Y)"""
    return torch.stack(losses(p)[0][1:]) @ p.Wyh.T


def logit_gradient(o: Tensor, y: Tensor) -> Tensor:
    """dJ/do of summed softmax cross-entropy, in float64."""
    leaf = o.double().clone().requires_grad_()
    loss = -(y.double() * torch.log_softmax(leaf, dim=-1)).sum()
    return torch.autograd.grad(loss, leaf)[0]


def probability_gradient(yhat: Tensor, y: Tensor) -> Tensor:
    """dJ/dyhat of summed cross-entropy, the probabilities taken as free to move, in float64."""
    leaf = yhat.double().clone().requires_grad_()
    return torch.autograd.grad(-(y.double() * torch.log(leaf)).sum(), leaf)[0]


def softmax_jacobian(o: Tensor) -> Tensor:
    """d softmax(o)_a / d o_b at [..., a, b], in float64: one backward pass per class."""
    leaf = o.double().clone().requires_grad_()
    sums = torch.softmax(leaf, dim=-1).reshape(-1, o.shape[-1]).sum(0)  # rows are independent of each other
    return torch.stack([torch.autograd.grad(part, leaf, retain_graph=True)[0] for part in sums], dim=-2)


def state_gradient(g_o: Tensor, Wyh: Tensor, Whh: Tensor, lag: int) -> Tensor:
    """Gradient at a state `lag` steps before the logits whose gradient is g_o, in float64."""
    start = torch.ones(len(Whh), dtype=torch.float64, requires_grad=True)
    h = start
    for _ in range(lag):
        h = Whh.double() @ h
    return torch.autograd.grad(Wyh.double() @ h, start, g_o.double())[0]


def one_loss(p: Problem) -> OneLoss:
    """The last step's loss, differentiated for every state and for Whh."""
    Whh = p.Whh.clone().requires_grad_()
    states, parts = losses(p._replace(Whh=Whh))
    *gh, gradient = torch.autograd.grad(parts[-1], [*states[1:], Whh])
    return OneLoss(torch.stack(gh), torch.stack(states[:-1]).detach(), gradient)


def copy_gradients(p: Problem) -> Tensor:
    """The gradient of the last step's loss for a copy of Whh per step: (T, H, H)."""
    copies = [p.Whh.clone().requires_grad_() for _ in p.x]
    state = p.h0
    for copy, x_t in zip(copies, p.x, strict=True):
        state = copy @ state + p.Whx @ x_t
    loss = -(p.y[-1] * torch.log_softmax(p.Wyh @ state, dim=-1)).sum()
    return torch.stack(torch.autograd.grad(loss, copies))


def total_state_gradients(g_o: Tensor, Wyh: Tensor, Whh: Tensor) -> Tensor:
    """What the gradients g_o (T, Y) at all logits add up to at each state h_1..h_T: (T, H)."""
    at = torch.ones(len(Whh), dtype=torch.float64, requires_grad=True)
    states = [at]
    for _ in range(len(g_o) - 1):
        states.append(Whh @ states[-1])
    outputs = [Wyh @ state for state in states]
    return torch.stack(torch.autograd.grad(outputs, states, list(g_o)))


def step_gradients(p: Problem) -> list[Tensor]:
    """dJ_t/gradient for t = 1..T."""
    Whh = p.Whh.clone().requires_grad_()
    _, parts = losses(p._replace(Whh=Whh))
    return [torch.autograd.grad(part, Whh, retain_graph=True)[0] for part in parts]


def total_gradient(p: Problem) -> Tensor:
    """dJ/gradient, in float64."""
    wide = p.to(torch.float64)
    Whh = wide.Whh.clone().requires_grad_()
    return torch.autograd.grad(losses(wide._replace(Whh=Whh))[1].sum(), Whh)[0]


def slope(f: Callable[[Tensor], Tensor], at: Tensor, direction: Tensor, step: float = 1e-5) -> float:
    """Directional derivative of a scalar function by central differences."""
    return float(f(at + step * direction) - f(at - step * direction)) / (2 * step)


def parents(edges: Edges, node: str) -> set[str]:
    return {a for a, b in edges if b == node}


def reach(edges: Edges, start: str, without: str = "") -> set[str]:
    """Nodes at the end of a path of one or more edges from `start` that avoids `without`."""
    found: set[str] = set()
    waiting, after = [start], _children(edges)
    while waiting:
        fresh = after.get(waiting.pop(), frozenset()) - found - {without}
        found |= fresh
        waiting += fresh
    return found


@lru_cache(maxsize=16)
def _children(edges: Edges) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for parent, child in edges:
        found.setdefault(parent, set()).add(child)
    return {parent: frozenset(children) for parent, children in found.items()}


def nodes(edges: Edges) -> set[str]:
    return {name for edge in edges for name in edge}


def allowed_names(T: int) -> set[str]:
    steps = range(1, T + 1)
    return {"Whh", "Whx", "Wyh", "J", "h0"} | {f"{k}{t}" for k in ("x", "z", "h", "o", "yh", "y", "J") for t in steps}


def shifted(edges: Edges) -> Edges:
    """Every step number raised by one."""

    def later(name: str) -> str:
        kind = name.rstrip("0123456789")
        return f"{kind}{int(name[len(kind) :]) + 1}" if name != kind else name

    return frozenset((later(a), later(b)) for a, b in edges)
