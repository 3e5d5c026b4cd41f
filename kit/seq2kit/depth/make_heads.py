"""Trains the model whose heads are ablated: `python -m seq2kit.depth.make_heads [--seed 0] [--steps 1500]`.

Two layers of four heads of width 8, tied embeddings, Adam, a batch of 32 windows of the toy English. The same seed on
the same machine gives the same weights.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from seq2kit.depth import heads


def make(seed: int, steps: int) -> heads.HeadsLM:
    """The trained model. Prints the loss on held-out text, in nats per token."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    text = heads.corpus().train
    model = heads.HeadsLM(heads.corpus().size)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    begin = time.process_time()
    for _ in range(steps):
        loss = heads.loss_of(model, _batch(text, generator))(torch.ones(heads.ALL)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        held_out = float(heads.loss_of(model, heads.windows(300))(torch.ones(heads.ALL)).mean())
    print(f"{held_out:.4f} nats per token on held-out text, {time.process_time() - begin:.0f} CPU-s")
    return model


def _batch(text: Tensor, generator: torch.Generator) -> Tensor:
    first = torch.randint(len(text) - heads.CONTEXT - 1, (32,), generator=generator)
    return text[first[:, None] + torch.arange(heads.CONTEXT + 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=heads.SHIPPED)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=1500)
    given = parser.parse_args()
    torch.set_num_threads(1)
    weights = make(given.seed, given.steps).state_dict()
    save_file({name: value.contiguous() for name, value in weights.items()}, given.out)


if __name__ == "__main__":
    main()
