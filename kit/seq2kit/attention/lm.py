"""A small trained GPT whose attention can be exchanged: what does an approximation cost in nats?

The weights are those of the reference run of `gpt_lm` (2 layers, 4 heads, width 64, context 64, 70 words), so the model
reads the toy English, whose entropy is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import cross_entropy, gelu, layer_norm, linear

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(Q, K, V), each (batch, heads, n, d/heads), -> the same shape. Q and K are scaled: the score is their product."""


def softmax_attention(Q: Tensor, K: Tensor, V: Tensor) -> Tensor:
    """Causal softmax attention, as the model was trained."""
    future = torch.ones(Q.shape[-2], K.shape[-2], dtype=torch.bool).triu(1)
    return (Q @ K.transpose(-1, -2)).masked_fill(future, -math.inf).softmax(-1) @ V


def kernel_attention(features: Callable[[Tensor], Tensor]) -> Attend:
    """Causal attention with the kernel features(q) . features(k) in place of exp(q . k).

    features: (..., n, d) -> (..., n, m), positive numbers. Where all of a row underflow to 0, its output is 0. At 64
    positions the masked matrix is small enough to be made; running sums would give the same numbers."""

    def attend(Q: Tensor, K: Tensor, V: Tensor) -> Tensor:
        weights = (features(Q) @ features(K).transpose(-1, -2)).tril()
        return weights @ V / weights.sum(-1, keepdim=True).clamp_min(torch.finfo(V.dtype).tiny)

    return attend


@dataclass(frozen=True, eq=False)
class LanguageModel:
    """weights: name -> tensor, as `gpt_lm` names them; heads: how many there are in each layer."""

    weights: dict[str, Tensor]
    heads: int = 4

    @property
    def layers(self) -> int:
        """How many blocks there are."""
        return 1 + max(int(name.split(".")[1]) for name in self.weights if name.startswith("blocks."))

    def logits(self, ids: Tensor, attend: Attend = softmax_attention) -> Tensor:
        """Logits (batch, n, words) for ids (batch, n), n at most 64, with `attend` in every layer."""
        w = self.weights
        x = w["embedding.weight"][ids] + w["position.table"][: ids.shape[1]]
        for layer in range(self.layers):
            x = x + self._heads(x, layer, attend)
            inner = gelu(self._linear(self._norm(x, f"blocks.{layer}.norm2"), f"blocks.{layer}.mlp.0"))
            x = x + self._linear(inner, f"blocks.{layer}.mlp.2")
        return self._norm(x, "norm") @ w["head.weight"].T

    def nats(self, windows: Tensor, attend: Attend = softmax_attention) -> float:
        """Mean surprise in nats per word over windows (batch, n + 1), each word predicted from those before it."""
        with torch.no_grad():
            logits = self.logits(windows[:, :-1], attend)
            return cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten()).item()

    def queries_and_keys(self, ids: Tensor) -> list[tuple[Tensor, Tensor]]:
        """(Q, K) of each layer, (batch, heads, n, d/heads), both scaled so that the score is their product."""
        seen: list[tuple[Tensor, Tensor]] = []

        def noted(Q: Tensor, K: Tensor, V: Tensor) -> Tensor:
            seen.append((Q, K))
            return softmax_attention(Q, K, V)

        with torch.no_grad():
            self.logits(ids, noted)
        return seen

    def _heads(self, x: Tensor, layer: int, attend: Attend) -> Tensor:
        inside = self._norm(x, f"blocks.{layer}.norm1")
        batch, n, d = x.shape
        rows = [self._linear(inside, f"blocks.{layer}.attention.{part}") for part in "QKV"]
        Q, K, V = (row.view(batch, n, self.heads, -1).transpose(1, 2) for row in rows)
        scale = (d // self.heads) ** -0.25  # half of 1 / sqrt(d) on either side
        mixed = attend(scale * Q, scale * K, V).transpose(1, 2).reshape(batch, n, d)
        return self._linear(mixed, f"blocks.{layer}.attention.O")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return layer_norm(x, weight.shape, weight, bias)


def load(path: Path | str) -> LanguageModel:
    """The model whose weights lie at `path` (safetensors, names as in `gpt_lm`), in float64. Raises OSError."""
    return LanguageModel({name: tensor.double() for name, tensor in load_file(str(path)).items()})
