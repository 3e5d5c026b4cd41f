"""The training loop: token-weighted, repeatable, and it keeps the best weights."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from seq2kit.training import Recipe, Run, evaluate, fit
from torch import Tensor, nn

Batch = tuple[Tensor, Tensor]
RECIPE = Recipe(epochs=6, rate=0.3, warmup=0)


def squares(model: nn.Module, batch: Batch) -> tuple[Tensor, int]:
    x, y = batch
    return ((model(x) - y) ** 2).sum(), len(x)


def data(generator: torch.Generator) -> list[Batch]:
    parts = [torch.randn(n, 2, generator=generator) for n in (5, 11, 3)]
    return [(x, x.sum(1, keepdim=True)) for x in parts]


def fresh() -> nn.Linear:
    torch.manual_seed(3)
    return nn.Linear(2, 1)


VALIDATION = data(torch.Generator().manual_seed(99))


def run(recipe: Recipe = RECIPE, seed: int = 1) -> Run:
    return fit(fresh(), squares, data, VALIDATION, recipe, seed=seed, progress=False)


def test_loss_is_per_token() -> None:
    """Each token counts alike, whatever the size of the batch it is in; the mode of the model is as before."""
    model = fresh().train()
    x, y = (torch.cat(parts) for parts in zip(*VALIDATION, strict=True))
    assert evaluate(model, squares, VALIDATION) == pytest.approx(float(((model(x) - y) ** 2).detach().mean()), rel=1e-5)
    assert model.training
    assert math.isnan(evaluate(model, squares, []))


def test_runs_repeat() -> None:
    """The same seed gives the same run, another seed another; the loss falls."""
    one, two, other = run(), run(), run(seed=2)
    assert one.train_losses == two.train_losses != other.train_losses
    assert one.updates == 18
    assert one.best_loss < one.validation_losses[0] / 2


def test_best_weights_are_kept() -> None:
    """The model holds the weights of the epoch with the lowest validation loss, not those of the last."""
    wild = run(replace(RECIPE, epochs=12, rate=2.5, floor=1.0, clip=0.0))
    assert wild.best_epoch < 11
    assert wild.best_loss < wild.validation_losses[-1]
    assert evaluate(wild.model, squares, VALIDATION) == pytest.approx(wild.best_loss, rel=1e-5)
    assert not wild.model.training


def test_patience_ends_a_run() -> None:
    """Training stops after as many epochs without a better validation loss as the recipe allows."""
    wild = run(replace(RECIPE, epochs=40, rate=2.5, floor=1.0, clip=0.0, patience=3))
    assert len(wild.validation_losses) == wild.best_epoch + 4 < 40


def test_the_rate_rises_and_falls() -> None:
    """The learning rate warms up in equal steps and falls along a cosine to its floor."""
    recipe = Recipe(epochs=1, warmup=4, floor=0.1)
    assert [recipe.factor(u, 24) for u in range(4)] == [0.25, 0.5, 0.75, 1.0]
    assert recipe.factor(14, 24) == pytest.approx(0.55)
    assert recipe.factor(24, 24) == pytest.approx(0.1)


def test_divergence_is_told() -> None:
    """A loss that is no longer finite ends the run with advice."""
    with pytest.raises(FloatingPointError, match="lower the rate"):
        run(replace(RECIPE, rate=1e30, clip=0.0))


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"epochs": 1, "rate": 0.0}, {"epochs": 1, "rate": float("nan")}])
def test_impossible_recipes_are_refused(wrong: dict[str, float]) -> None:
    """A recipe without an epoch or without a rate is refused."""
    with pytest.raises(ValueError, match="at least one epoch"):
        Recipe(**wrong)  # type: ignore[arg-type]


def test_history_survives_a_checkpoint() -> None:
    """What a run tells about itself comes back; a history that lacks something is refused."""
    one = run()
    again = Run.from_facts(one.model, one.facts())
    assert (again.validation_losses, again.best_epoch, again.seed) == (one.validation_losses, one.best_epoch, 1)
    for wrong in ({}, {**one.facts(), "validation_losses": []}, {**one.facts(), "seed": None}):
        with pytest.raises(ValueError, match="train again"):
            Run.from_facts(one.model, wrong)
