"""An encoder-decoder whose attention comes from outside, and attention layers of torch's own to put into it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

MAX_LENGTH = 32


class EncoderDecoder(nn.Module):
    """A translator after Vaswani et al. 2017, "Attention Is All You Need", made small: one head, no dropout, no
    LayerNorm, positions added to the embeddings, residuals around every attention and every MLP.

    vocabulary_size: V, number of tokens. hidden: h, the width. layers: in the encoder, and again in the decoder.
    attention, causal_attention: layer classes (or any function of h that makes a layer). A layer is called as
    layer(queries (b, k, h), keys (b, n, h), values (b, n, h)) -> (context (b, k, h), weights (b, n, k)).
    positions: (max_len, h) fixed codes, row p for position p; None for codes that are learned, MAX_LENGTH rows.
    """

    def __init__(
        self, vocabulary_size: int, hidden: int, layers: int, attention: Callable[[int], nn.Module],
        causal_attention: Callable[[int], nn.Module], positions: Tensor | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if positions is not None and (positions.dim() != 2 or positions.shape[1] != hidden):
            raise ValueError(f"positions should be (max_len, {hidden}), but are {tuple(positions.shape)}")
        self.source_embedding = nn.Embedding(vocabulary_size, hidden)
        self.target_embedding = nn.Embedding(vocabulary_size, hidden)
        self.positions: Tensor
        if positions is None:
            self.positions = nn.Parameter(torch.randn(MAX_LENGTH, hidden) * hidden**-0.5)
        else:
            # fixed codes are made again with the model: they need no place in its checkpoint
            self.register_buffer("positions", positions.detach().float().clone(), persistent=False)
        self.encoder_attention = nn.ModuleList(attention(hidden) for _ in range(layers))
        self.encoder_mlp = nn.ModuleList(_mlp(hidden) for _ in range(layers))
        self.self_attention = nn.ModuleList(causal_attention(hidden) for _ in range(layers))
        self.cross_attention = nn.ModuleList(attention(hidden) for _ in range(layers))
        self.decoder_mlp = nn.ModuleList(_mlp(hidden) for _ in range(layers))
        self.output = nn.Linear(hidden, vocabulary_size)
        for embedding in (self.source_embedding, self.target_embedding):
            # torch's N(0, 1) drowns the sinusoidal codes, whose entries stay below 1: it learns, but generalises worse
            nn.init.normal_(embedding.weight, std=hidden**-0.5)

    def encode(self, source: Tensor) -> Tensor:
        """source (b, S) int64 -> states (b, S, h)."""
        states = self._embed(self.source_embedding, source)
        for attention, mlp in zip(self.encoder_attention, self.encoder_mlp, strict=True):
            states = states + attention(states, states, states)[0]
            states = states + mlp(states)
        return states

    def decode(self, states: Tensor, target_inputs: Tensor) -> tuple[Tensor, list[Tensor]]:
        """states (b, S, h), target_inputs (b, T) int64 -> (logits (b, T, V), cross-attention weights of each layer
        (b, S, T)). Logits t belong to the token after target_inputs[:, t]."""
        hidden = self._embed(self.target_embedding, target_inputs)
        weights: list[Tensor] = []
        layers = zip(self.self_attention, self.cross_attention, self.decoder_mlp, strict=True)
        for own, cross, mlp in layers:
            hidden = hidden + own(hidden, hidden, hidden)[0]
            context, looked = cross(hidden, states, states)
            hidden = hidden + context
            hidden = hidden + mlp(hidden)
            weights.append(looked)
        logits: Tensor = self.output(hidden)
        return logits, weights

    def forward(self, source: Tensor, target_inputs: Tensor) -> tuple[Tensor, list[Tensor]]:
        """source (b, S), target_inputs (b, T), both int64 -> (logits (b, T, V), list of weights (b, S, T))."""
        return self.decode(self.encode(source), target_inputs)

    def _embed(self, embedding: nn.Module, ids: Tensor) -> Tensor:
        length = ids.shape[1]
        if length > self.positions.shape[0]:
            raise ValueError(f"{length} tokens, but there are only {self.positions.shape[0]} positions")
        embedded: Tensor = embedding(ids)
        return embedded + self.positions[:length]


def _mlp(hidden: int) -> nn.Module:
    return nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden))


class LibraryAttention(nn.Module):
    """Attention with one head by torch's nn.MultiheadAttention, under the calling convention of this course."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(hidden, num_heads=1, batch_first=True)

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """queries (b, k, h) or (b, h), keys and values (b, n, h) -> (context (b, k, h), weights (b, n, k))."""
        return self._attend(queries, keys, values, None)

    def _attend(
        self, queries: Tensor, keys: Tensor, values: Tensor, hidden_from: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        queries = queries[:, None] if queries.dim() == 2 else queries
        context, weights = self.attention(queries, keys, values, attn_mask=hidden_from)
        return context, weights.transpose(1, 2)


class LibraryCausalAttention(LibraryAttention):
    """As `LibraryAttention`, but query i sees the keys 0..i only."""

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """queries (b, k, h) or (b, h), keys and values (b, n, h) -> (context (b, k, h), weights (b, n, k))."""
        k = queries.shape[1] if queries.dim() == 3 else 1
        future = torch.ones(k, keys.shape[1], dtype=torch.bool, device=keys.device).triu(1)
        return self._attend(queries, keys, values, future)


def count_parameters(model: nn.Module) -> int:
    """How many numbers training can change; a tensor used in two places counts once."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
