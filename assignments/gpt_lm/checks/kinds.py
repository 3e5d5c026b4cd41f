"""The GPTs that a student's own may be, as functions of plain weights: the plan, and its usual misreadings.

What a trained model is worth is judged here, from its weights alone. A model that is asked itself can look the answers
up, whatever its weights are. A GPT that is built otherwise than planned costs its own item; its weights are put to work
in the kind of GPT that they were trained in, as far as it is one of these. All of them are causal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

Weights = Mapping[str, Tensor]
VOCAB = 70
_LONGEST_SIDE, _MOST_BLOCKS = 1024, 8  # a GPT of the notebook has sides of 64 and 256, and two blocks
_INNER = {"gelu": functional.gelu, "tanh": lambda x: functional.gelu(x, approximate="tanh"), "relu": functional.relu}


@dataclass(frozen=True)
class Kind:
    """How a GPT computes. norms: before the parts of a block, or after the sums; skipped: a norm that is not applied;
    positions: added once, in each block, or never, or once from a table that is stored on its side; scaled: word
    vectors times the root of their width; stream: what the second part of a block reads; sees: how many words a
    position attends to, itself the last, and all where it is None; runs: the blocks that are run, of those that are
    there."""

    norms: str = "before"
    skipped: str = ""
    inner: str = "gelu"
    positions: str = "once"
    scaled: bool = False
    heads: int = 4
    scores: str = "head"
    stream: str = "new"
    residual: bool = True
    sees: int | None = None
    runs: str = "all"
    end: str = "logits"


PLAN = Kind()
_OTHERS: tuple[dict[str, Any], ...] = (
    {"norms": "after"}, {"skipped": "norm"}, {"skipped": "norm1"}, {"skipped": "norm2"}, {"inner": "relu"},
    {"inner": "tanh"}, {"positions": "never"}, {"positions": "in each block"}, {"positions": "on their side"},
    {"scaled": True}, {"heads": 1}, {"heads": 2}, {"heads": 8}, {"scores": "width"}, {"scores": "never"},
    {"stream": "old"}, {"stream": "bare"}, {"residual": False}, {"sees": 3}, {"runs": "first"}, {"runs": "first again"},
    {"end": "probabilities"},
)  # fmt: skip
KINDS = (PLAN, *(replace(PLAN, **other) for other in _OTHERS))


def fitting(weights: Weights) -> bool:
    """Whether these can be the weights of a GPT of the notebook's vocabulary and of about its size."""
    words = weights.get("embedding.weight")
    modest = all(max(tensor.shape, default=1) <= _LONGEST_SIDE and tensor.ndim <= 3 for tensor in weights.values())
    sound = all(tensor.is_floating_point() and bool(torch.isfinite(tensor).all()) for tensor in weights.values())
    return words is not None and words.ndim == 2 and len(words) == VOCAB and modest and sound


def logits(weights: Weights, ids: Tensor, kind: Kind = PLAN) -> Tensor | None:
    """(b, n, V) of a GPT of this kind with these weights; None when they do not fit one.

    Whatever the table of positions is called, it is the only tensor below `position`, perhaps with an axis of one."""
    if not fitting(weights):
        return None
    try:
        found = _logits({name: tensor.detach().float() for name, tensor in weights.items()}, ids, kind)
    except (KeyError, ValueError, IndexError, RuntimeError):
        return None
    return found if found.shape == (*ids.shape, VOCAB) else None


def _logits(weights: Weights, ids: Tensor, kind: Kind) -> Tensor:
    words = weights["embedding.weight"]
    x, table = words[ids], None
    if kind.positions != "never":
        (table,) = (tensor for name, tensor in weights.items() if name.startswith("position."))
        on_its_side = kind.positions == "on their side" and table.ndim == 2  # one column for each
        table = (table.T if on_its_side else table.reshape(-1, words.shape[1]))[: ids.shape[1]]
    x = x * math.sqrt(words.shape[1]) if kind.scaled else x
    x = x + table if kind.positions in ("once", "on their side") and table is not None else x
    for part in _blocks(weights, kind):
        x = _block(part, x + table if kind.positions == "in each block" and table is not None else x, kind)
    x = _norm(x, weights, "norm", kind)
    x = functional.linear(x, weights.get("head.weight", words), weights.get("head.bias"))
    return torch.softmax(x, -1) if kind.end == "probabilities" else x


def _blocks(weights: Weights, kind: Kind) -> list[dict[str, Tensor]]:
    found: dict[str, dict[str, Tensor]] = {}
    for name, tensor in weights.items():
        if name.startswith("blocks."):
            _, number, inside = name.split(".", 2)
            found.setdefault(number, {})[inside] = tensor
    if not 0 < len(found) <= _MOST_BLOCKS:
        raise ValueError(f"{len(found)} blocks")
    blocks = [found[number] for number in sorted(found, key=int)]
    return {"all": blocks, "first": blocks[:1], "first again": 2 * blocks[:1]}[kind.runs]


def _norm(x: Tensor, weights: Weights, name: str, kind: Kind) -> Tensor:
    if kind.skipped == name:
        return x
    return functional.layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"])


def _block(part: Weights, x: Tensor, kind: Kind) -> Tensor:
    after = kind.norms == "after"

    def attend(x: Tensor) -> Tensor:
        return _attention(part, x if after else _norm(x, part, "norm1", kind), kind)

    def think(x: Tensor) -> Tensor:
        inner = x if after or kind.stream == "bare" else _norm(x, part, "norm2", kind)
        inner = _INNER[kind.inner](functional.linear(inner, part["mlp.0.weight"], part["mlp.0.bias"]))
        return functional.linear(inner, part["mlp.2.weight"], part["mlp.2.bias"])

    if not kind.residual:
        return think(attend(x))
    summed = x + attend(x)
    summed = _norm(summed, part, "norm1", kind) if after else summed
    out = summed + think(x if kind.stream == "old" else summed)
    return _norm(out, part, "norm2", kind) if after else out


def _attention(part: Weights, x: Tensor, kind: Kind) -> Tensor:
    b, n, d = x.shape
    if any(part[f"attention.{name}.weight"].shape != (d, d) for name in "QKVO"):
        raise ValueError("an attention of another width")
    q, k, v = (_linear(part, name, x).reshape(b, n, kind.heads, -1).transpose(1, 2) for name in "QKV")
    factor = {"head": (d / kind.heads) ** -0.5, "width": d**-0.5, "never": 1.0}[kind.scores]
    every = torch.ones(n, n, dtype=torch.bool)
    hidden = every.triu(1) if kind.sees is None else every.triu(1) | every.tril(-kind.sees)
    shares = torch.softmax((q @ k.mT * factor).masked_fill(hidden, -math.inf), -1)
    return _linear(part, "O", (shares @ v).transpose(1, 2).reshape(b, n, d))


def _linear(part: Weights, name: str, x: Tensor) -> Tensor:
    return functional.linear(x, part[f"attention.{name}.weight"], part.get(f"attention.{name}.bias"))
