"""The compute that the law was carried to, spent: models of the sweep's kind, trained on a GPU in large batches."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from seq2kit import gpu
from seq2kit.checkpoints import train_or_load
from seq2kit.scaling.markov import MarkovSource, zipf_source
from seq2kit.scaling.runs import CONTEXT, TinyGPT, exact_loss, train_on
from seq2kit.training import Run

_AT_ONCE = 50  # batches drawn together: the whole text of a run would not fit


def windows(source: MarkovSource, count: int, batch: int) -> Iterator[Tensor]:
    """`count` batches of windows (batch, CONTEXT + 1), no token twice, the same each time."""
    for start in range(0, count, _AT_ONCE):
        some = min(_AT_ONCE, count - start)
        yield from torch.from_numpy(source.sample(some * batch, CONTEXT + 1, seed=1_000_000 + start)).split(batch)


def trained_all(sizes: Mapping[str, gpu.Size], where: torch.device | None) -> dict[str, Run]:
    """The run of each size: loaded where it is there, else trained on the device `where`; losses as in the sweep."""
    return {name: trained_one(name, size, where) for name, size in sizes.items()}


def trained_one(name: str, size: gpu.Size, where: torch.device | None) -> Run:
    """The run of one size."""
    source = zipf_source()

    def train(model: torch.nn.Module) -> Run:
        began = time.perf_counter()
        with gpu.placed(model, where):
            train_on(model, windows(source, size.updates, size.batch), size.updates, size.rate)
            loss = exact_loss(model, source=source)
        return Run(model.eval(), (), (loss,), 0, size.updates, time.perf_counter() - began)

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = TinyGPT(source.vocab, CONTEXT, **size.model)
    return train_or_load(name, model, train)
