"""Three small data sets of sequences, two with a label for each, one with a transcript; a network that reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

NAMES = ("transcripts of speech", "sentiment of a text", "voice of a speaker")


@dataclass(frozen=True)
class Task:
    """x (b, n, d) padded with zeros, lengths (b,), and for each sequence what is to be given out: a tuple of labels."""

    name: str
    x: Tensor
    lengths: Tensor
    outputs: list[tuple[int, ...]]

    @property
    def labels(self) -> Tensor:
        """(b,) the first of each output."""
        return torch.tensor([out[0] for out in self.outputs])


def task(name: str, count: int, seed: int) -> Task:
    """One of NAMES, drawn anew. Raises ValueError for another name."""
    if name not in NAMES:
        raise ValueError(f"name is one of {', '.join(NAMES)}")
    drawn = torch.Generator().manual_seed(seed)
    lengths = torch.randint(4, 11, (count,), generator=drawn)
    x = torch.zeros(count, 10, 4)
    outputs: list[tuple[int, ...]] = []
    for row, n in enumerate(lengths.tolist()):
        make = {NAMES[0]: _speech, NAMES[1]: _text, NAMES[2]: _voice}[name]
        frames, out = make(n, drawn)
        x[row, :n] = frames
        outputs.append(out)
    return Task(name, x, lengths, outputs)


def _speech(n: int, drawn: torch.Generator) -> tuple[Tensor, tuple[int, ...]]:
    """Sounds that last one to three frames each; the transcript names each once."""
    said: list[int] = []
    frames: list[int] = []
    while len(frames) < n:
        sound = int(torch.randint(2, (1,), generator=drawn)) if not said else 1 - said[-1]
        said.append(sound)
        frames += [sound] * int(torch.randint(1, 4, (1,), generator=drawn))
    return nn.functional.one_hot(torch.tensor(frames[:n]), 4).float(), tuple(said)


def _text(n: int, drawn: torch.Generator) -> tuple[Tensor, tuple[int, ...]]:
    """Words "good", "bad", "not" and a filler; "not" turns the next word. Label 1 if more is praised than blamed."""
    words = torch.randint(4, (n,), generator=drawn).tolist()
    words[-1] %= 2
    told = [{0: 1, 1: -1}.get(word, 0) * (-1 if t and words[t - 1] == 2 else 1) for t, word in enumerate(words)]
    return nn.functional.one_hot(torch.tensor(words), 4).float(), (int((sum(told) or told[-1]) > 0),)


def _voice(n: int, drawn: torch.Generator) -> tuple[Tensor, tuple[int, ...]]:
    """Four bands of sound; in one kind of voice the second is a little stronger on average."""
    label = int(torch.randint(2, (1,), generator=drawn))
    frames = torch.randn(n, 4, generator=drawn)
    frames[:, 1] += 1.0 if label else -1.0
    return frames, (label,)


def read_once(name: str, read_out: Callable[[Tensor, Tensor], Tensor], seed: int, steps: int = 150) -> float:
    """Share of new sequences whose whole output a many-to-one network gives: a GRU, a read-out, one label.

    read_out: (states (b, n, h), lengths (b,)) -> (b, h)"""
    data, fresh = task(name, 640, seed), task(name, 300, seed + 1000)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        rnn, head = nn.GRU(4, 16, batch_first=True), nn.Linear(16, 2)
    optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr=2e-2)
    labels = data.labels
    for step in range(steps):
        rows = torch.arange(64 * step, 64 * step + 64) % len(labels)
        scores = head(read_out(rnn(data.x[rows])[0], data.lengths[rows]))
        optimizer.zero_grad()
        nn.functional.cross_entropy(scores, labels[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        said = head(read_out(rnn(fresh.x)[0], fresh.lengths)).argmax(-1).tolist()
    return sum((label,) == out for label, out in zip(said, fresh.outputs, strict=True)) / len(said)
