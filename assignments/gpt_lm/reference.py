"""What the checks compare with, written independently of the notebook's solution."""

from __future__ import annotations

import math

import torch
from seq2kit import corpus
from seq2kit.toy_english import toy_english
from torch import Tensor, nn
from torch.nn import functional

CONTEXT = 64
CONFIG = {"vocab": 70, "context": CONTEXT, "d": 64, "layers": 2, "heads": 4}


def multi_head(X: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor, Wo: Tensor, heads: int) -> Tensor:
    """PyTorch's own multi-head attention with these weights, without biases and mask."""
    layer = nn.MultiheadAttention(X.shape[-1], heads, bias=False, batch_first=True, dtype=X.dtype)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.cat([Wq.T, Wk.T, Wv.T]))
        layer.out_proj.weight.copy_(Wo.T)
        return layer(X, X, X, need_weights=False)[0]


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


def gpt(weights: dict[str, Tensor], ids: Tensor, heads: int = 4) -> Tensor | None:
    """Logits (b, n, V) of a GPT of the notebook's plan with these weights; None when they do not fit the plan.

    Whatever the table of positions is called, it is the only tensor below `position`, perhaps with an axis of one."""
    tables = [tensor for name, tensor in weights.items() if name.startswith("position.")]
    try:
        (table,) = tables
        words = weights["embedding.weight"]
        x = words[ids] + table.reshape(-1, words.shape[1])[: ids.shape[1]]
        layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blocks."))
        for number in range(layers):
            part = {
                name.split(".", 2)[2]: tensor
                for name, tensor in weights.items()
                if name.startswith(f"blocks.{number}.")
            }
            x = _block(part, x, heads)
        head = weights.get("head.weight", words)
        return _norm(x, weights, "norm") @ head.T
    except (KeyError, ValueError, IndexError, RuntimeError):
        return None


def _norm(x: Tensor, weights: dict[str, Tensor], name: str) -> Tensor:
    return functional.layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"])


def _block(part: dict[str, Tensor], x: Tensor, heads: int) -> Tensor:
    layers = {name.removeprefix("attention."): tensor for name, tensor in part.items() if name.startswith("attention.")}
    x = x + causal(_norm(x, part, "norm1"), layers, heads)[0]
    inner = functional.gelu(functional.linear(_norm(x, part, "norm2"), part["mlp.0.weight"], part["mlp.0.bias"]))
    return x + functional.linear(inner, part["mlp.2.weight"], part["mlp.2.bias"])


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
