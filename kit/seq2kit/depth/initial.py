"""A small transformer on a chain of words, trained from any start: what an initialisation does to the loss curve."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from seq2kit.scaling.markov import zipf_source

Array = np.ndarray[Any, np.dtype[np.float64]]
WORDS, LENGTH, WIDTH, BATCH = 512, 16, 64, 16


def shrug() -> float:
    """The loss of a model that gives every word the same probability, in nats."""
    return math.log(WORDS)


@lru_cache(maxsize=1)
def text() -> Tensor:
    """(3000, LENGTH + 1) word numbers: stretches of a chain whose entropy is 1.34 nats per word."""
    return torch.from_numpy(zipf_source(WORDS).sample(3000, LENGTH + 1, seed=1))


def train(make: Callable[[int, int, int], Any], seed: int, steps: int = 60) -> list[float]:
    """The training loss at each step, in nats per word, of a transformer with two post-norm layers between what
    make(n_words, max_len, d_model) embeds and its logits. Layers, batches and make's own draws follow from the seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = make(WORDS, LENGTH, WIDTH)
        layers = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, 4, 2 * WIDTH, dropout=0.0, batch_first=True) for _ in range(2)
        )
        optimizer = torch.optim.Adam([*model.parameters(), *layers.parameters()], lr=1e-3)
        future = torch.triu(torch.full((LENGTH, LENGTH), -1e9), 1)
        losses = []
        for _ in range(steps):
            batch = text()[torch.randint(len(text()), (BATCH,))]
            x = model.embed(batch[:, :-1])
            for layer in layers:
                x = layer(x, src_mask=future)
            loss = functional.cross_entropy(model.logits(x).transpose(1, 2), batch[:, 1:])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
    return losses
