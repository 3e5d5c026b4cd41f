"""References for the hidden checks, as functions of plain weights: nothing here calls the notebook's model.

A model is a dict of tensors named as the notebook's class names them. All arithmetic is done in float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, pad

Weights = dict[str, Tensor]
Model = Callable[[Tensor, Tensor], Tensor]  # (tokens (b, n), allowed (n, n)) -> logits (b, n, V)
Past = list[tuple[Tensor, Tensor]]  # keys and values of each layer, (b, p, h) each
Rule = Callable[[int, int], Tensor]  # (tokens given, tokens written) -> allowed (n, n)


def tril(n: int) -> Tensor:
    """(n, n) bool, the causal mask."""
    return torch.ones(n, n, dtype=torch.bool).tril()


def prefix(n: int, m: int) -> Tensor:
    """(n + m, n + m) bool: a prefix of n tokens that all see one another, then m causal ones."""
    allowed = tril(n + m)
    allowed[:n, :n] = True
    return allowed


def mask(known: int, more: int, with_prefix: bool) -> Tensor:
    """The mask over `known` tokens that are given and `more` that are written."""
    return prefix(known, more) if with_prefix else tril(known + more)


def prefix_moved(known: int, more: int, by: int) -> Tensor:
    """The prefix mask of somebody who lets the prefix end `by` tokens later than it does (but not beyond the end)."""
    length = min(known + by, known + more)
    return prefix(length, known + more - length)


def sizes(weights: Weights) -> tuple[int, int, int]:
    """(vocabulary, hidden, layers) of a decoder-only model. Raises KeyError for weights of another one."""
    vocabulary, hidden = weights["embedding.weight"].shape
    return vocabulary, hidden, sum(name.endswith(".head.in_proj_weight") for name in weights)


def attend(weights: Weights, layer: int, x: Tensor, allowed: Tensor) -> tuple[Tensor, Tensor]:
    """One attention of one head: (context (b, n, h), weights (b, n, n))."""
    name = f"attentions.{layer}.head."
    projected = x @ weights[name + "in_proj_weight"].T + weights[name + "in_proj_bias"]
    queries, keys, values = projected.chunk(3, dim=-1)
    scores = (queries @ keys.mT / math.sqrt(x.shape[-1])).masked_fill(~allowed, -math.inf)
    looked = torch.softmax(scores, dim=-1)
    return looked @ values @ weights[name + "out_proj.weight"].T + weights[name + "out_proj.bias"], looked


def mlp(weights: Weights, layer: int, x: Tensor) -> Tensor:
    """The small network of one layer."""
    name = f"mlps.{layer}."
    hidden = torch.relu(x @ weights[name + "0.weight"].T + weights[name + "0.bias"])
    return hidden @ weights[name + "2.weight"].T + weights[name + "2.bias"]


def decoder(weights: Weights, tokens: Tensor, allowed: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """(logits (b, n, V), attention (L, b, n, n)), float64."""
    w = {name: value.detach().double() for name, value in weights.items()}
    allowed = tril(tokens.shape[1]) if allowed is None else allowed
    x = w["embedding.weight"][tokens] + w["positions"][: tokens.shape[1]]
    looked = []
    for layer in range(sizes(weights)[2]):
        context, found = attend(w, layer, x, allowed)
        x = x + context
        x = x + mlp(w, layer, x)
        looked.append(found)
    return x @ w["output.weight"].T + w["output.bias"], torch.stack(looked)


def toy(table: Tensor, tokens: Tensor, allowed: Tensor) -> Tensor:
    """The logits of the notebook's model without learning."""
    place = torch.arange(tokens.shape[1])
    near = 0.6 ** (place[:, None] - place[None, :]).abs().double() * allowed
    return near @ (near @ table.double()[tokens])


def toy_with(table: Tensor) -> Model:
    """The notebook's model without learning, with this table."""
    return lambda tokens, allowed: toy(table, tokens, allowed)


def sequences(source: Tensor, target: Tensor, start: int) -> tuple[Tensor, Tensor]:
    """(inputs, targets), both (b, S + T)."""
    targets = torch.cat([source, target], dim=1)
    return pad(targets[:, :-1], (1, 0), value=start), targets


def teacher_forced(
    model: Model, source: Tensor, target: Tensor, real: Tensor, start: int, with_prefix: bool
) -> tuple[float, int]:
    """(sum over the real tokens of the translations in nats, their number)."""
    inputs, _ = sequences(source, target, start)
    S, T = source.shape[1], target.shape[1]
    logits = model(inputs, mask(S + 1, T - 1, with_prefix))[:, S:].double()
    costs = cross_entropy(logits.transpose(1, 2), target, reduction="none")
    return float((costs * real).sum()), int(real.sum())


def greedy(
    model: Model, source: Tensor, start: int, end: int, limit: int, rule: bool | Rule, whole: bool = False
) -> tuple[list[list[int]], float]:
    """(what is written, up to and with the first `end`; the smallest lead of a token over the second best).

    rule: whether there is a prefix, or the mask for (tokens given, tokens written). whole: with what follows `end`.
    """
    allowed = rule if callable(rule) else lambda known, more: mask(known, more, rule)
    read = pad(source, (1, 0), value=start)
    known, lead = read.shape[1], math.inf
    ended = torch.zeros(len(source), dtype=torch.bool)
    for step in range(limit):
        best = model(read, allowed(known, step))[:, -1].double().topk(2, dim=-1)
        gaps = (best.values[:, 0] - best.values[:, 1])[~ended]
        lead = min(lead, float(gaps.min())) if len(gaps) else lead
        read = torch.cat([read, best.indices[:, :1]], dim=1)
        ended |= best.indices[:, 0] == end
        if bool(ended.all()):
            break
    return [row if whole else until(row, end) for row in read[:, known:].tolist()], lead


def until(row: list[int], end: int) -> list[int]:
    """The row up to and with its first `end`."""
    return row[: row.index(end) + 1] if end in row else row


def read_on(
    weights: Weights, tokens: Tensor, past: Past | None = None, allowed: Tensor | None = None
) -> tuple[Tensor, Past]:
    """(logits of `tokens` (b, m, V), keys and values of all tokens so far, (b, p + m, h) each, per layer), float64."""
    w = {name: value.detach().double() for name, value in weights.items()}
    known, more = (past[0][0].shape[1] if past else 0), tokens.shape[1]
    allowed = tril(known + more)[known:] if allowed is None else allowed
    x = w["embedding.weight"][tokens] + w["positions"][known : known + more]
    grown: Past = []
    for layer in range(sizes(weights)[2]):
        name = f"attentions.{layer}.head."
        projected = x @ w[name + "in_proj_weight"].T + w[name + "in_proj_bias"]
        queries, keys, values = projected.chunk(3, dim=-1)
        if past:
            keys, values = torch.cat([past[layer][0], keys], 1), torch.cat([past[layer][1], values], 1)
        grown.append((keys, values))
        scores = (queries @ keys.mT / math.sqrt(x.shape[-1])).masked_fill(~allowed, -math.inf)
        context = torch.softmax(scores, dim=-1) @ values
        x = x + context @ w[name + "out_proj.weight"].T + w[name + "out_proj.bias"]
        x = x + mlp(w, layer, x)
    return x @ w["output.weight"].T + w["output.bias"], grown


Step = Callable[[Tensor, "Past | None", "Tensor | None"], tuple[Tensor, Any]]


def write(
    step: Step, source: Tensor, start: int, end: int, limit: int, with_prefix: bool
) -> tuple[list[list[int]], list[float]]:
    """As `greedy`, with a step that reads what is new and keeps the rest: (tokens, past, allowed) -> (logits, past).
    The leads are those of each row."""
    known = pad(source, (1, 0), value=start)
    logits, past = step(known, None, mask(known.shape[1], 0, with_prefix))
    written: list[Tensor] = []
    ended = torch.zeros(len(source), dtype=torch.bool)
    leads = torch.full((len(source),), math.inf, dtype=torch.float64)
    while True:
        best = logits[:, -1].double().topk(2, dim=-1)
        leads = torch.where(ended, leads, torch.minimum(leads, best.values[:, 0] - best.values[:, 1]))
        written.append(best.indices[:, 0])
        ended |= written[-1] == end
        if len(written) == limit or bool(ended.all()):
            return [until(row, end) for row in torch.stack(written, dim=1).tolist()], leads.tolist()
        logits, past = step(written[-1][:, None], past, None)


def cached(weights: Weights) -> Step:
    """The step of a decoder-only model with these weights."""
    w = {name: value.detach().double() for name, value in weights.items()}
    return lambda tokens, past, allowed: read_on(w, tokens, past, allowed)
