"""What the checks compare with, written independently of the notebook's solution."""

from __future__ import annotations

import math

import torch
from seq2kit.language import agreement, corpus
from seq2kit.language.toy_english import toy_english
from torch import Tensor, nn

from . import kinds

CONTEXT = 64
CONFIG = {"vocab": 70, "context": CONTEXT, "d": 64, "layers": 2, "heads": 4}


def multi_head(X: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor, Wo: Tensor, heads: int) -> Tensor:
    """PyTorch's own multi-head attention with these weights, without biases and mask."""
    layer = nn.MultiheadAttention(X.shape[-1], heads, bias=False, batch_first=True, dtype=X.dtype)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.cat([Wq.T, Wk.T, Wv.T]))
        layer.out_proj.weight.copy_(Wo.T)
        out: Tensor = layer(X, X, X, need_weights=False)[0]
    return out


def causal(x: Tensor, weights: dict[str, Tensor], heads: int, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """PyTorch's own causal attention with the weights of layers Q, K, V, O: output and weights per head."""
    d = x.shape[-1]
    layer = nn.MultiheadAttention(d, heads, batch_first=True, dtype=x.dtype)
    hidden = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1) if mask is None else mask
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.cat([weights[f"{name}.weight"] for name in "QKV"]))
        layer.in_proj_bias.copy_(torch.cat([weights[f"{name}.bias"] for name in "QKV"]))
        layer.out_proj.weight.copy_(weights["O.weight"])
        layer.out_proj.bias.copy_(weights["O.bias"])
        out, shares = layer(x, x, x, attn_mask=hidden, average_attn_weights=False)
    return out, shares


def gpt(weights: dict[str, Tensor], ids: Tensor) -> Tensor | None:
    """Logits (b, n, V) of a GPT of the notebook's plan with these weights; None when they do not fit the plan."""
    found: Tensor | None = kinds.logits(weights, ids)
    return found


def kinds_of(weights: dict[str, Tensor], windows: Tensor, good: float, few: int = 16) -> list[tuple[kinds.Kind, float]]:
    """The kinds of GPT that these weights may have been trained in, and what they lose there on the windows: the
    planned one, if they fit it, and, unless its loss is `good` or less, that of the others in which they do best on a
    few."""
    by_plan = gpt(weights, windows[:, :-1])
    found = [] if by_plan is None else [(kinds.PLAN, next_token_loss(by_plan, windows))]
    if found and found[0][1] <= good:
        return found
    tried = [(kind, kinds.logits(weights, windows[:few, :-1], kind)) for kind in kinds.KINDS[1:]]
    costs = {kind: next_token_loss(logits, windows[:few]) for kind, logits in tried if logits is not None}
    costs = {kind: cost for kind, cost in costs.items() if math.isfinite(cost)}
    if costs:
        best = min(costs, key=costs.__getitem__)
        logits = kinds.logits(weights, windows[:, :-1], best)
        if logits is not None:
            found.append((best, next_token_loss(logits, windows)))
    return found


def losses(weights: dict[str, Tensor], windows: Tensor, good: float) -> list[float]:
    """What these weights lose on the windows in each of `kinds_of`."""
    return [loss for _, loss in kinds_of(weights, windows, good)]


DISTANCES, PAIRS = (1, 2, 3, 4), 50  # relative clauses between subject and verb; pairs of sentences for each


def agreements(weights: dict[str, Tensor], seed: int, kind: kinds.Kind = kinds.PLAN) -> list[float]:
    """For each distance the share of sentences in which a GPT of this kind expects a verb that agrees with its subject.

    Raises ValueError when the weights do not fit one."""

    def model(ids: Tensor) -> Tensor:
        found: Tensor | None = kinds.logits(weights, ids, kind)
        if found is None:
            raise ValueError("these weights fit no GPT of this kind")
        return found

    random = torch.Generator().manual_seed(seed % 2**62)
    seeds = torch.randint(2**40, (len(DISTANCES),), generator=random).tolist()
    lengths = torch.randint(CONTEXT // 2, CONTEXT + 1, (len(DISTANCES),), generator=random).tolist()
    return [
        agreement.of_model(model, clauses, PAIRS, length=length, seed=one)
        for clauses, one, length in zip(DISTANCES, seeds, lengths, strict=True)
    ]


def next_token_loss(logits: Tensor, windows: Tensor) -> float:
    """Mean over all predictions of -log p(next token); logits (b, n, V) for windows (b, n + 1)."""
    chosen = torch.log_softmax(logits.double(), -1).gather(-1, windows[:, 1:, None])
    return -float(chosen.detach().mean())


def table_update(weight: Tensor, windows: Tensor, rate: float) -> Tensor:
    """A bigram table (V, V) of logits after one step of gradient descent on the next-token loss, by formula:
    the gradient of a row is the sum of softmax - onehot over its occurrences, divided by the number of predictions."""
    gradient = torch.zeros_like(weight)
    before, after = windows[:, :-1].flatten(), windows[:, 1:].flatten()
    gradient.index_add_(0, before, weight.softmax(-1)[before])
    gradient.index_put_((before, after), torch.tensor(-1.0, dtype=weight.dtype), accumulate=True)
    return weight - rate * gradient / len(before)


def parameters(cfg: dict[str, int], head: bool) -> int:
    """Counted on a model built from PyTorch's parts."""
    d = cfg["d"]
    with torch.device("meta"):  # shapes alone
        layer = nn.TransformerEncoderLayer(d, cfg["heads"], 4 * d)
        parts = [nn.Embedding(cfg["vocab"], d), nn.Embedding(cfg["context"], d), nn.LayerNorm(d)]
    count = sum(p.numel() for part in parts for p in part.parameters())
    count += cfg["layers"] * sum(p.numel() for p in layer.parameters())
    return count + (cfg["vocab"] * d if head else 0)


def perplexity(losses: list[float], counts: list[int]) -> float:
    """exp of the mean over tokens."""
    return math.exp(math.fsum(a * n for a, n in zip(losses, counts, strict=True)) / sum(counts))


def hidden_windows(seed: int, count: int = 192) -> Tensor:
    """Windows of fresh toy English, (count, CONTEXT + 1)."""
    length = CONTEXT + 1
    numbers = toy_english().sample(count * length, 1_000_003 + seed % 2**40)
    return torch.from_numpy(numbers).reshape(count, length)


def best_loss(windows: Tensor) -> float:
    """The loss of the best possible predictor on exactly these windows."""
    return float(toy_english().surprise(windows.numpy())[:, 1:].mean())


def training_text() -> Tensor:
    """The training text of the notebook."""
    return corpus.from_automaton(toy_english()).train


def validation_windows() -> Tensor:
    """The validation windows of the notebook."""
    return corpus.windows(corpus.from_automaton(toy_english()).validation, CONTEXT)
