"""The forward pass as it was asked for, and its usual misreadings, as functions of plain weights.

A trained model is its weights. A student whose forward pass is another one has trained weights that work in that one
only: so the misreading is found by what the model answers, and the weights are put to work in ours of the same kind.
The answers themselves never count, for a model that is asked could look the translations up. No kind here opens a mask.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import layer_norm

from . import reference as ref

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Kind:
    """How a forward pass differs from the plan. reads: what the MLP of a layer is given; order: attention and MLP in
    turn, or all attentions first; layers, mlps: which are used; keys, values: what they are made from; cut: whether a
    given mask is cut to the causal one; between: what is done to the states after each layer."""

    positions: str = "once"
    scaled: bool = False
    around_attention: str = "states"
    around_mlp: bool = True
    reads: str = "new"
    order: str = "in turn"
    layers: str = "all"
    mlps: str = "each"
    keys: str = "states"
    values: str = "states"
    cut: bool = False
    between: str = ""
    end: str = "logits"


PLAN = Kind()
_OTHERS: tuple[dict[str, Any], ...] = (
    {"positions": "never"}, {"positions": "in each layer"}, {"positions": "from one"}, {"positions": "last rows"},
    {"positions": "of the row"}, {"scaled": True}, {"around_attention": "nothing"}, {"around_attention": "embeddings"},
    {"around_mlp": False}, {"reads": "old"}, {"reads": "context"}, {"reads": "sum"}, {"order": "attention first"},
    {"layers": "reversed"}, {"layers": "without the last"}, {"layers": "first reused"}, {"mlps": "first reused"},
    {"keys": "embeddings"}, {"values": "embeddings"}, {"keys": "embeddings", "values": "embeddings"}, {"cut": True},
    {"between": "norm"}, {"between": "relu"}, {"end": "softmax"}, {"end": "log_softmax"},
)  # fmt: skip
KINDS = (PLAN, *(replace(PLAN, **other) for other in _OTHERS))


def logits(weights: Weights, tokens: Tensor, allowed: Tensor, kind: Kind = PLAN) -> Tensor:
    """(b, n, V) float64. Raises KeyError, IndexError, RuntimeError or ValueError for weights of something else."""
    w = {name: value.detach().double() for name, value in weights.items()}
    codes = _codes(w, tokens, kind)
    x = w["embedding.weight"][tokens] * (math.sqrt(w["embedding.weight"].shape[1]) if kind.scaled else 1.0) + codes
    start, masked = x, allowed & ref.tril(tokens.shape[1]) if kind.cut else allowed
    layers = _layers(w, kind)
    for number, layer in enumerate(layers):
        x = x + codes if kind.positions == "in each layer" and number else x
        x = _step(w, layer, 0 if kind.mlps == "first reused" else number, x, start, masked, kind)
    for number in range(len(layers)) if kind.order == "attention first" else ():
        x = x + ref.mlp(w, number, x)
    x = x @ w["output.weight"].T + w["output.bias"]
    return {"softmax": x.softmax(-1), "log_softmax": x.log_softmax(-1)}.get(kind.end, x)


def _codes(w: Weights, tokens: Tensor, kind: Kind) -> Tensor:
    n, table = tokens.shape[1], w["positions"]
    if kind.positions == "of the row":
        return table[torch.arange(len(tokens)) % len(table), None]
    ways = {"never": 0 * table[:n], "from one": table[1 : n + 1], "last rows": table[-n:]}
    return ways.get(kind.positions, table[:n])


def _layers(w: Weights, kind: Kind) -> list[int]:
    count = ref.sizes(w)[2]
    every = list(range(count))
    ways = {"reversed": every[::-1], "without the last": every[:-1] or every, "first reused": [0] * count}
    return ways.get(kind.layers, every)


def _step(w: Weights, layer: int, mlp: int, x: Tensor, start: Tensor, allowed: Tensor, kind: Kind) -> Tensor:
    keys, values = (start if made == "embeddings" else x for made in (kind.keys, kind.values))
    context = _context(w, layer, x, keys, values, allowed)
    old, mlp = x, layer if kind.layers == "reversed" else mlp
    x = {"nothing": context, "embeddings": start + context}.get(kind.around_attention, x + context)
    if kind.order == "attention first":
        return x
    if kind.reads == "sum":
        x = old
    read = {"old": old, "context": context, "sum": old + context}.get(kind.reads, x)
    written = ref.mlp(w, mlp, read)
    x = x + written if kind.around_mlp else written
    return layer_norm(x, x.shape[-1:]) if kind.between == "norm" else torch.relu(x) if kind.between == "relu" else x


def _context(w: Weights, layer: int, x: Tensor, keys: Tensor, values: Tensor, allowed: Tensor) -> Tensor:
    name = f"attentions.{layer}.head."
    parts = zip((x, keys, values), w[name + "in_proj_weight"].chunk(3), w[name + "in_proj_bias"].chunk(3), strict=True)
    q, k, v = (states @ weight.T + bias for states, weight, bias in parts)
    shares = torch.softmax((q @ k.mT / math.sqrt(x.shape[-1])).masked_fill(~allowed, -math.inf), dim=-1)
    return shares @ v @ w[name + "out_proj.weight"].T + w[name + "out_proj.bias"]
