"""A small trained language model whose attention heads can be switched off, and a family of layers to try rankings on.

The model reads the toy English of `seq2kit.language`. Its weights are shipped; `python -m seq2kit.depth.make_heads`
makes them anew. A mask holds one number per head, the heads of layer 0 first: 1 leaves a head as it is, 0 silences it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from seq2kit.language.corpus import Corpus, from_automaton
from seq2kit.language.toy_english import toy_english

SHIPPED = Path(__file__).resolve().parent.parent / "models" / "heads" / "model.safetensors"
CONTEXT, WIDTH, LAYERS, HEADS = 24, 32, 2, 4
ALL = LAYERS * HEADS
Loss = Callable[[Tensor], Tensor]
"""loss(mask): (H,) -> the loss of each example, (examples,)."""


class Attention(nn.Module):
    """Causal self-attention with `heads` heads of width k. Wq, Wk, Wv: (d, heads * k), head h in columns h k to
    (h + 1) k; Wo: (heads * k, d). forward(x, mask): (b, n, d), (heads,) -> (b, n, d)."""

    def __init__(self, d: int, heads: int, k: int) -> None:
        super().__init__()
        self.heads = heads
        self.Wq, self.Wk, self.Wv = (nn.Parameter(torch.randn(d, heads * k) / d**0.5) for _ in range(3))
        self.Wo = nn.Parameter(torch.randn(heads * k, d) / (heads * k) ** 0.5)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        b, n, _ = x.shape
        q, k, v = ((x @ W).reshape(b, n, self.heads, -1).transpose(1, 2) for W in (self.Wq, self.Wk, self.Wv))
        out = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        if mask is not None:
            out = out * mask[:, None, None]
        return out.transpose(1, 2).reshape(b, n, -1) @ self.Wo


class Block(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x))."""

    def __init__(self, d: int, heads: int, k: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = Attention(d, heads, k)
        self.mlp = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = x + self.attention(self.norm1(x), mask)
        return cast(Tensor, x + self.mlp(self.norm2(x)))


class HeadsLM(nn.Module):
    """A language model with heads to switch. forward(ids, mask): (b, n) int64, (all heads,) -> (b, n, vocab)."""

    def __init__(self, vocab: int, heads: tuple[int, ...] = (HEADS,) * LAYERS) -> None:
        super().__init__()
        self.counts = list(heads)
        self.word, self.place = nn.Embedding(vocab, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        for table in (self.word, self.place):
            nn.init.normal_(table.weight, std=WIDTH**-0.5)
        self.blocks = nn.ModuleList(Block(WIDTH, count, WIDTH // HEADS) for count in heads)
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.word(ids) + self.place.weight[: ids.shape[1]]
        masks = [None] * len(self.counts) if mask is None else list(torch.split(mask, self.counts))
        for block, own in zip(self.blocks, masks, strict=True):
            x = block(x, own)
        return cast(Tensor, self.norm(x) @ self.word.weight.T)


@lru_cache(maxsize=1)
def corpus() -> Corpus:
    """The text that the model was trained on, and the text that it is measured on."""
    return from_automaton(toy_english(), train=150_000, validation=9_600)


def trained() -> HeadsLM:
    """The shipped model, on its own copy of the weights."""
    model = HeadsLM(corpus().size)
    model.load_state_dict(load_file(SHIPPED))
    return model.eval()


def windows(count: int, *, seed: int = 0) -> Tensor:
    """(count, CONTEXT + 1) token ids of running text that the model was not trained on."""
    text = corpus().validation
    first = torch.randint(len(text) - CONTEXT - 1, (count,), generator=torch.Generator().manual_seed(seed))
    return text[first[:, None] + torch.arange(CONTEXT + 1)]


def loss_of(model: HeadsLM, text: Tensor) -> Loss:
    """loss(mask) -> the mean loss per token of each window, (windows,), in nats."""

    def loss(mask: Tensor) -> Tensor:
        logits = model(text[:, :-1], mask.to(torch.float32))
        return functional.cross_entropy(logits.transpose(1, 2), text[:, 1:], reduction="none").mean(1)

    return loss


def floor() -> float:
    """The lowest loss that any model can expect on such windows, in nats per token."""
    return toy_english().window_loss(CONTEXT)


def removed(model: HeadsLM, text: Tensor, order: Iterable[int]) -> list[float]:
    """The mean loss with no head silenced, with the first of `order`, the first two, and so on: ALL + 1 numbers."""
    loss, mask = loss_of(model, text), torch.ones(ALL)
    with torch.no_grad():
        found = [float(loss(mask).mean())]
        for head in order:
            mask[int(head)] = 0
            found.append(float(loss(mask).mean()))
    return found


def without_heads(model: HeadsLM, keep: list[list[int]], prune: Callable[..., Iterable[Tensor]]) -> HeadsLM:
    """A smaller model that has these heads alone, layer by layer. prune(Wq, Wk, Wv, Wo, heads, keep) gives the four
    smaller matrices. The model that was given stays as it was."""
    small = HeadsLM(model.word.num_embeddings, tuple(len(kept) for kept in keep))
    state = dict(model.state_dict())
    for number, kept in enumerate(keep):
        names = [f"blocks.{number}.attention.{name}" for name in ("Wq", "Wk", "Wv", "Wo")]
        for name, matrix in zip(names, prune(*(state[name] for name in names), HEADS, kept), strict=True):
            state[name] = torch.as_tensor(matrix)
    small.load_state_dict(state)
    return small.eval()


def seconds(model: HeadsLM, text: Tensor, repeats: int = 7) -> float:
    """The median time of a forward pass over these windows, after one to warm up."""
    times = []
    with torch.no_grad():
        for _ in range(repeats + 1):
            begin = time.perf_counter()
            model(text[:, :-1])
            times.append(time.perf_counter() - begin)
    return sorted(times[1:])[repeats // 2]


@dataclass
class Planted:
    """A layer of heads whose importance is known: a sum over heads, and the squared distance to a target.

    parts: (examples, H, d), what each head adds to the output of each example; target: (examples, d). `calls` counts
    the calls."""

    parts: Tensor
    target: Tensor
    calls: int = 0

    def __call__(self, mask: Tensor) -> Tensor:
        """(H,) -> (examples,)."""
        self.calls += 1
        mask = torch.as_tensor(mask, dtype=self.parts.dtype)
        if mask.shape != (self.parts.shape[1],):
            raise ValueError(f"the mask has one number per head, {self.parts.shape[1]}, not shape {tuple(mask.shape)}")
        return ((mask[:, None] * self.parts).sum(1) - self.target).square().sum(1)


def planted(parts: Tensor, target: Tensor) -> Planted:
    """A loss of masks over these heads: see Planted."""
    return Planted(parts, target)
