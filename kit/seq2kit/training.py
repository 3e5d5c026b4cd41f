"""A training loop: shuffled batches, token-weighted losses, a learning rate that falls, the best weights kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

B = TypeVar("B")
# (model, batch) -> (sum of the losses of all tokens, number of tokens)
Loss = Callable[[nn.Module, B], tuple[Tensor, int]]


@dataclass(frozen=True)
class Recipe:
    """How to train. rate: Adam's learning rate at its highest, after `warmup` updates; it then falls along a cosine
    to `rate * floor`. patience: epochs without a better validation loss before stopping; 0 never stops early.
    clip: largest norm of the gradient; 0 for none."""

    epochs: int
    rate: float = 3e-3
    warmup: int = 20
    floor: float = 0.0
    clip: float = 1.0
    weight_decay: float = 0.0
    patience: int = 0

    def __post_init__(self) -> None:
        if self.epochs < 1 or not self.rate > 0:
            raise ValueError(f"a recipe needs at least one epoch and a positive rate, got {self}")

    def factor(self, update: int, total: int) -> float:
        """The share of `rate` at this update, counted from 0."""
        if update < self.warmup:
            return (update + 1) / self.warmup
        done = (update - self.warmup) / max(1, total - self.warmup)
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * min(1.0, done))) / 2


@dataclass(frozen=True)
class Run:
    """A trained model with its history. Losses are per token, in nats; entry e belongs to epoch e, counted from 0.
    `model` holds the weights of `best_epoch`, where the validation loss was lowest."""

    model: nn.Module = field(repr=False)
    train_losses: tuple[float, ...]
    validation_losses: tuple[float, ...]
    seed: int
    updates: int
    seconds: float

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss, the first of equals."""
        return min(range(len(self.validation_losses)), key=self.validation_losses.__getitem__)

    @property
    def best_loss(self) -> float:
        """The lowest validation loss, nats per token."""
        return self.validation_losses[self.best_epoch]

    def facts(self) -> dict[str, Any]:
        """Everything but the weights, as JSON can hold it."""
        return {
            "train_losses": list(self.train_losses), "validation_losses": list(self.validation_losses),
            "seed": self.seed, "updates": self.updates, "seconds": round(self.seconds, 2),
        }  # fmt: skip

    @staticmethod
    def from_facts(model: nn.Module, facts: Mapping[str, Any]) -> Run:
        """The run that `facts()` described. Raises ValueError when something is missing or no number."""
        try:
            train, validation = (tuple(map(float, facts[key])) for key in ("train_losses", "validation_losses"))
            if not validation:
                raise ValueError("no epoch")
            return Run(model, train, validation, int(facts["seed"]), int(facts["updates"]), float(facts["seconds"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"the checkpoint tells no history of its run ({error!r}): train again") from error


def evaluate(model: nn.Module, loss: Loss[B], batches: Iterable[B]) -> float:
    """Mean loss per token over all batches: long batches count for more than short ones. Nats; NaN for no token."""
    was_training = model.training
    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for batch in batches:
            part, tokens = loss(model, batch)
            total, count = total + float(part), count + int(tokens)
    model.train(was_training)
    return total / count if count else math.nan


def fit(
    model: nn.Module, loss: Loss[B], train: Callable[[torch.Generator], Sequence[B]], validation: Sequence[B],
    recipe: Recipe, *, seed: int = 0, label: str = "", progress: bool = True,
) -> Run:  # fmt: skip
    """Train `model` in place and leave the best weights in it.

    train: generator -> the batches of one epoch, in a new order each time; validation: the same batches every time.
    loss: (model, batch) -> (sum over tokens, number of tokens). The model may lie on any device, if the batches lie
    there too. Raises FloatingPointError as soon as the loss is no longer finite.
    """
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=recipe.weight_decay)
    begin, update, best = time.perf_counter(), 0, math.inf
    curves: tuple[list[float], list[float]] = ([], [])
    kept: dict[str, Tensor] = {}
    model.train()
    bar = tqdm(range(recipe.epochs), desc=label or None, disable=not progress, leave=False)
    for epoch in bar:
        batches = train(generator)
        total, count = 0.0, 0
        for batch in batches:
            for group in optimizer.param_groups:
                group["lr"] = recipe.rate * recipe.factor(update, recipe.epochs * len(batches))
            part, tokens = loss(model, batch)
            optimizer.zero_grad(set_to_none=True)
            (part / tokens).backward()
            if recipe.clip:
                nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
            optimizer.step()
            total, count, update = total + float(part.detach()), count + int(tokens), update + 1
        if not math.isfinite(total):
            raise FloatingPointError(f"the training loss became {total} in epoch {epoch}: lower the rate?")
        curves[0].append(total / count)
        curves[1].append(evaluate(model, loss, validation))
        if curves[1][-1] < best:
            best = curves[1][-1]
            kept = {name: value.detach().clone() for name, value in model.state_dict().items()}
        bar.set_postfix(train=f"{curves[0][-1]:.3f}", validation=f"{curves[1][-1]:.3f}")
        if recipe.patience and epoch - min(range(len(curves[1])), key=curves[1].__getitem__) >= recipe.patience:
            break
    model.load_state_dict(kept)
    model.eval()
    return Run(model, tuple(curves[0]), tuple(curves[1]), seed, update, time.perf_counter() - begin)
