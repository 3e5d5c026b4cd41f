"""References of attention_costs, and what its check files share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, Handle, Student, StudentRaised, expect

Array = np.ndarray[Any, np.dtype[np.float64]]

# Scores of size 10000 in float32 have three digits left after the point, and softmax takes their exponential.
LARGE = 1e-2

WIDTH = "scores are divided by the square root of the width h, which is the last axis of Q, before the softmax"
AHEAD = "a key far ahead of all others gets all the weight; where exp overflows, softmax has a form that does not"
THROWN_AWAY = "no exp may overflow on the way, also not one that is thrown away: set scores, not weights"
FLOWS = "nothing may be detached, turned into plain numbers, or overwritten in place on the way"


def tokens(draw: Draw, *lead: int, n: int = 5, h: int = 4, d: int = 3) -> tuple[Any, Any, Any]:
    """Queries, keys and values of n tokens."""
    return draw.tensor(*lead, n, h), draw.tensor(*lead, n, h), draw.tensor(*lead, n, d)


# --- references ------------------------------------------------------------


def attention(Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    """softmax(Q K^T / sqrt(h)) V: (..., n, h), (..., m, h), (..., m, d) -> (..., n, d)."""
    return torch.softmax(Q @ K.mT / math.sqrt(Q.shape[-1]), dim=-1) @ V


def masked(Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, pos: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Attention to all keys but `pos`, found by leaving that key out: out (..., n, d), weights (..., n, m)."""
    others = [j for j in range(K.shape[-2]) if j != pos]
    weights = torch.softmax(Q @ K[..., others, :].mT / math.sqrt(Q.shape[-1]), dim=-1)
    nothing = torch.zeros_like(weights[..., :1])
    padded = torch.cat([weights[..., :pos], nothing, weights[..., pos:]], dim=-1)
    return weights @ V[..., others, :], padded


def additive(Q: Any, K: Any, Wq: Any, Wk: Any, w: Any) -> torch.Tensor:
    """Scores w . tanh(q Wq + k Wk) of every query with every key: (nq, nk)."""
    scores: torch.Tensor = torch.tanh((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :]) @ w
    return scores


@dataclass(frozen=True)
class Relative:
    """A relative-attention layer on sequences of numbers, read from a student's parameters.

    score(i, j) = WQ x_i WK x_j + p(i - j); y_i = sum_j softmax_j(score)(i, j) WV x_j.
    """

    WQ: float
    WK: float
    WV: float
    p: Callable[[int], float]
    what: str

    def __call__(self, x: Array) -> Array:
        """(n,) -> (n,). Raises Feedback where a position has no key left, or scores are not numbers."""
        n = len(x)
        table = {offset: self.p(offset) for offset in range(1 - n, n)}
        place = np.array([[table[i - j] for j in range(n)] for i in range(n)])
        scores = self.WQ * self.WK * np.outer(x, x) + place
        top = scores.max(axis=1, keepdims=True)
        if not np.isfinite(top).all():
            raise Feedback(
                f"With {self.what}, some position has nothing left to attend to.",
                "every position needs at least one offset whose p is not minus infinity",
            )
        weights = np.exp(scores - top)
        result: Array = weights / weights.sum(axis=1, keepdims=True) @ (self.WV * x)
        return result


def read_relative(given: Any, what: str) -> Relative:
    """The layer that the dict `given` describes. Raises Feedback that names the key which is missing or no number."""
    if not isinstance(given, dict):
        raise Feedback(f"{what} should be a dict with the keys WQ, WK, WV, p and default.")
    missing = [key for key in ("WQ", "WK", "WV", "p") if key not in given]
    if missing:
        raise Feedback(f"{what} lacks the key {missing[0]}.")
    size = {key: expect.number(given[key], what=f'{what}["{key}"]') for key in ("WQ", "WK", "WV")}
    return Relative(**size, p=_position_score(given, what), what=what)


def _position_score(given: dict[Any, Any], what: str) -> Callable[[int], float]:
    p, default = given["p"], given.get("default")
    if not isinstance(p, (dict, Handle)) or (isinstance(p, Handle) and not p.remote.callable):
        raise Feedback(f'{what}["p"] should be a dict from offsets to numbers, or a function of the offset.')
    known: dict[int, float] = {}

    def score(offset: int) -> float:
        if offset not in known:
            value = p(offset) if isinstance(p, Handle) else p.get(offset)
            known[offset] = _score(default if value is None else value, offset, what)
        return known[offset]

    return score


def _score(value: Any, offset: int, what: str) -> float:
    if value is None:
        raise Feedback(f"{what} says nothing about the offset {offset}.", 'set "default" for offsets not in p')
    flat = expect.array(value, what=f"p at offset {offset} of {what}").reshape(-1)
    if flat.size != 1 or math.isnan(flat[0]) or flat[0] == math.inf:
        raise Feedback(f"p at offset {offset} of {what} should be one number, or minus infinity.")
    return float(flat[0])


# --- properties that every function has ------------------------------------


def two(got: Any, what: str) -> tuple[Any, Any]:
    """The two parts of a returned pair. Raises Feedback when there are not exactly two."""
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        raise Feedback(f"{what} should return two things, the outputs and the weights.")
    return got[0], got[1]


def _several(got: Any) -> list[Any]:
    """A returned pair as its parts; a single result, or rows in a list, as one part."""
    if isinstance(got, (tuple, list)) and got and all(isinstance(part, torch.Tensor) for part in got):
        return list(got)
    return [got]


def gradients_agree(student: Student, name: str, inputs: list[Any], draw: Any, hint: str) -> list[Array]:
    """Gradients pulled back through the student's function fit to how its own outputs move when arguments move. Where
    weights are returned beside the outputs, they may be there to be looked at, and need no gradient.

    Returns the gradients, one per tensor among the inputs. Raises Feedback where one is missing or does not fit.
    """

    def outputs(given: list[Any]) -> tuple[Any, int]:
        several = _several(student.with_inputs(name, *given)[0])
        return expect.numbers(several[0], what=f"{name}(...)"), len(several)

    out, number = outputs(inputs)
    cotangent = draw.tensor(*out.shape)
    _, gradients = student.vjp(name, inputs, [cotangent, *[None] * (number - 1)])
    places = [k for k, part in enumerate(inputs) if isinstance(part, torch.Tensor)]
    found = []
    for place, gradient in zip(places, gradients, strict=True):
        what = f"the gradient at argument {place + 1} of {name}"
        if gradient is None:
            raise Feedback(f"No gradient reaches argument {place + 1} of {name}.", hint)
        expect.shape(gradient, tuple(inputs[place].shape), what=what)
        found.append(expect.numbers(gradient, what=what))
        direction = draw.tensor(*inputs[place].shape)
        ends = []
        for step in (1e-3, -1e-3):
            moved = [part + step * direction if k == place else part for k, part in enumerate(inputs)]
            there, _ = outputs(moved)
            expect.shape(there, out.shape, what="the result")
            ends.append(float((cotangent.numpy() * there).sum()))
        slope, terms = (ends[0] - ends[1]) / 2e-3, found[-1] * direction.numpy()
        expect.true(
            abs(float(terms.sum()) - slope) <= 1e-3 * float(np.abs(terms).sum()) + 2e-3,
            f"{what[0].upper()}{what[1:]} does not fit to how the results move.",
            hint,
            f"slope {slope}, gradient along it {float(terms.sum())}",
        )
    return found


def finite_gradients(
    student: Student, name: str, inputs: list[Any], cotangents: list[Any], where: str, hint: str
) -> list[Any]:
    """The gradients at the tensors among the inputs, all of them finite. None, and an empty list, stand for gradients
    that are missing, which is what another check is about."""
    try:
        _, found = student.vjp(name, inputs, cotangents)
    except StudentRaised:
        return []
    for gradient in found:
        if gradient is not None:
            expect.finite(gradient, what=f"a gradient of {name} {where}", hint=hint)
    return list(found)


def rivals(draw: Any, n: int = 6, h: int = 4) -> tuple[Any, Any]:
    """Queries and keys (n, h) whose scores are all between 9990 and 10000, and differ by a few units."""
    along, K = draw.tensor(1, h), draw.tensor(n, h)
    along = along / along.norm()
    ahead = torch.linspace(9992.0, 9998.0, n, dtype=torch.float64)[draw.permutation(n)][:, None]
    across = K - K @ along.T @ along
    across = across / across.norm(dim=1, keepdim=True)
    # a query is 100 long in the direction of all keys; across it, it tells them apart by up to 1.5 units
    Q = 100 * along + draw.tensor(n, h).clamp(-1, 1) @ (torch.eye(h).double() - along.T @ along)
    return Q * math.sqrt(h), ahead / 100 * along + across


def decided(draw: Any, n: int = 6, h: int = 4, hidden: int | None = None) -> tuple[Any, Any, Any]:
    """Queries and keys (n, h) with scores up to 10000 in size, and the winner among the keys for every query.

    Every query has one key far ahead of the others, so that no factor near the right scale changes the weights: they
    are 1 for the winner. The key at `hidden` scores 0 and never wins; some other key always scores more.
    """
    while True:
        Q, K = draw.tensor(n, h), draw.tensor(n, h)
        if hidden is not None:
            a, b = (hidden + 1) % n, (hidden + 2) % n
            K[hidden], K[b] = 0.0, -K[a]
        Q = Q * (1e4 / (Q @ K.T / math.sqrt(h)).abs().max())
        scores = Q @ K.T / math.sqrt(h)
        if hidden is not None:
            scores[:, hidden] = -math.inf
        best = scores.topk(2, dim=1).values
        if bool((best[:, 0] - best[:, 1] > 250).all()):
            return Q, K, scores.argmax(dim=1)
