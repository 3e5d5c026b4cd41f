"""Decoder-only translators of six widths, trained alike on Pig Latin, and the runs that were made with them.

A word and its translation are one sequence: the letters, the sign that ends the prompt, the translation, EOS. Only
the translation counts in the loss. `python -m seq2kit.scaling.size_runs` makes data/size_runs.csv again.
"""

from __future__ import annotations

import csv
import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from seq2kit.checkpoints import may_train
from seq2kit.profiles import by_profile
from seq2kit.scaling.runs import TinyGPT, torch_parameters
from seq2kit.training import Recipe, fit
from seq2kit.translation.piglatin import load_pairs
from seq2kit.translation.translate import Batch, Vocabulary, batches, token_loss

VOCAB, CONTEXT, LAYERS, LENGTH = len(Vocabulary()), 32, 2, 20
"""Sizes that all translators share; LENGTH is the mean number of tokens of a sequence, rounded."""

WIDTHS, SEEDS, EPOCHS = (16, 32, 48, 64, 96, 128), (0, 1, 2), 12
RATE, LOWER_RATE = 3e-3, 1e-3
_BATCH = 32
_RUNS = "size_runs.csv"


@dataclass(frozen=True)
class SizeRun:
    """One translator trained. sequences: how many were seen in training, repeats included; losses: validation loss
    after each epoch, train_losses: mean over each epoch while training, both in nats per token; kind: "table" (same
    epochs for all), "same compute", or "lower rate" (the widest once more, as in the table but for its learning
    rate); seconds: of processor time."""

    kind: str
    width: int
    seed: int
    parameters: int
    sequences: int
    losses: tuple[float, ...]
    train_losses: tuple[float, ...]
    seconds: float


def translator(width: int) -> TinyGPT:
    """A freshly initialised translator of this width."""
    return TinyGPT(VOCAB, CONTEXT, width, LAYERS)


def prompted_loss(model: nn.Module, batch: Batch) -> tuple[Tensor, int]:
    """(sum of the losses of the real translation tokens in nats, their number) for a decoder-only model."""
    start = torch.full_like(batch.source[:, :1], Vocabulary().sos)
    inputs = torch.cat((start, batch.source, batch.target[:, :-1]), dim=1)
    logits = model(inputs)[:, batch.source.shape[1] :]
    return token_loss(logits, batch.target, batch.real)


def train_size(width: int, seed: int, epochs: int = EPOCHS, kind: str = "table") -> SizeRun:
    """Train one translator on the small word list from nothing. No state outside is read or left behind."""
    rate = LOWER_RATE if kind == "lower rate" else RATE
    begin, vocabulary, pairs = time.process_time(), Vocabulary(), load_pairs("small")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = translator(width)
    run = fit(
        model, prompted_loss, lambda generator: batches(pairs.train, vocabulary, _BATCH, generator, end=vocabulary.eop),
        batches(pairs.validation, vocabulary, 256, end=vocabulary.eop), Recipe(epochs, rate, warmup=50),
        seed=seed, progress=False,
    )  # fmt: skip
    losses, train_losses = (tuple(round(v, 5) for v in curve) for curve in (run.validation_losses, run.train_losses))
    seconds, seen = round(time.process_time() - begin, 1), epochs * len(pairs.train)
    return SizeRun(kind, width, seed, torch_parameters(model), seen, losses, train_losses, seconds)


def epochs_at_same_compute(width: int) -> int:
    """How many epochs cost a translator of this width what EPOCHS cost the widest one, by C = 6 N D."""
    return max(1, round(EPOCHS * torch_parameters(translator(max(WIDTHS))) / torch_parameters(translator(width))))


def plan() -> tuple[tuple[str, int, int, int], ...]:
    """(kind, width, seed, epochs) of all shipped runs."""
    table = [("table", width, seed, EPOCHS) for seed in SEEDS for width in WIDTHS]
    same = [("same compute", width, 0, epochs_at_same_compute(width)) for width in WIDTHS[1:-1]]
    return (*table, *same, ("lower rate", max(WIDTHS), 0, EPOCHS))


def repeat_sizes() -> tuple[tuple[int, int], ...]:
    """(width, seed) of the runs that a notebook repeats: one seed, or in the fast profile the two narrowest."""
    return tuple((width, 0) for width in by_profile(full=WIDTHS, fast=WIDTHS[:2]))


def load_or_repeat(repeat: bool = False) -> tuple[SizeRun, ...]:
    """The shipped runs of the table; with `repeat` those of the plan in force are made anew and take the place of
    the shipped ones. Where submissions are graded nothing is trained, whatever `repeat` says."""
    runs = {(run.width, run.seed): run for run in shipped_sizes()}
    if repeat and may_train():
        runs |= {(width, seed): train_size(width, seed) for width, seed in tqdm(repeat_sizes(), desc="translators")}
    return tuple(runs.values())


def shipped_sizes(kind: str = "table") -> tuple[SizeRun, ...]:
    """The runs of one kind as they were made once."""
    rows = csv.DictReader(_read().splitlines())
    runs = (
        SizeRun(
            row["kind"], int(row["width"]), int(row["seed"]), int(row["parameters"]), int(row["sequences"]),
            tuple(map(float, row["losses"].split())), tuple(map(float, row["train_losses"].split())),
            float(row["seconds"]),
        )
        for row in rows
    )  # fmt: skip
    return tuple(run for run in runs if run.kind == kind)


def _read() -> str:
    return (resources.files("seq2kit") / "data" / _RUNS).read_text(encoding="utf-8")


def baselines() -> dict[str, float]:
    """Nats per token of those who know letters but not the word: how frequent each letter of the translations is
    (unigram), or how frequent after the one before (bigram), the end of a translation being a letter too. Counted
    on the validation words themselves. The floor is 0: a translation follows from its word."""
    letters: Counter[str] = Counter()
    steps: Counter[tuple[str, str]] = Counter()
    for _, translation in load_pairs("small").validation:
        letters.update(f"{translation}.")
        steps.update(zip(f".{translation}", f"{translation}.", strict=True))
    before: Counter[str] = Counter()
    for (letter, _), count in steps.items():
        before[letter] += count
    return {"unigram": _entropy(letters.values()), "bigram": _entropy(steps.values()) - _entropy(before.values())}


def _entropy(counts: Iterable[int]) -> float:
    numbers = list(counts)
    return math.log(sum(numbers)) - sum(number * math.log(number) for number in numbers) / sum(numbers)


def write_sizes(runs: Iterable[SizeRun], path: Path) -> None:
    """Write runs as CSV, one row per run; the losses of the epochs stand in one field, parted by spaces."""
    names = [field.name for field in fields(SizeRun)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for run in runs:
            values = (getattr(run, name) for name in names)
            writer.writerow(" ".join(map(str, value)) if isinstance(value, tuple) else value for value in values)


def main() -> None:
    """Make the shipped table again, and print each run."""
    runs = []
    for kind, width, seed, epochs in plan():
        runs.append(train_size(width, seed, epochs, kind))
        print(kind, width, seed, runs[-1].parameters, min(runs[-1].losses), runs[-1].seconds, flush=True)
    write_sizes(runs, Path(__file__).parents[1] / "data" / _RUNS)


if __name__ == "__main__":
    main()
