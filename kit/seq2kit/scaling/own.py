"""One budget of the sweep, trained by a student's own notebook with a seed that the shipped table does not have.

Each run keeps its weights as a checkpoint and is handed in with the notebook: five small models, 0.4 MB in all. The two
narrowest of the sweep are left out: they read the most tokens, and would take longer than all others together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from seq2kit.checkpoints import exists, may_train, train_or_load
from seq2kit.profiles import by_profile
from seq2kit.scaling.markov import zipf_source
from seq2kit.scaling.runs import BATCH, BUDGETS, CONTEXT, WIDTHS, Point, Result, TinyGPT, torch_parameters, trained
from seq2kit.training import Run

BUDGET, SEED = BUDGETS[0], 2


@dataclass(frozen=True)
class Own:
    """models: width -> trained model; runs: a Result for each, by rising width."""

    models: dict[int, nn.Module]
    runs: tuple[Result, ...]


def widths() -> tuple[int, ...]:
    """The five widest of the budget; in the fast profile three of them."""
    return by_profile(full=WIDTHS[BUDGET][2:], fast=WIDTHS[BUDGET][-3:])


def named(width: int) -> str:
    """The checkpoint of one run."""
    return f"own-width-{width}"


def own_budget(updates_for: Callable[[float, int], Any], seed: int = SEED) -> Own:
    """Train each of `widths()`, or load what was trained before.

    updates_for: (compute, parameters) -> updates, the student's. Raises ValueError before training when these cost more
    than twice the budget or less than half of it."""
    models: dict[int, nn.Module] = {}
    runs = []
    for width in widths():
        model = TinyGPT(zipf_source().vocab, CONTEXT, width)
        size = torch_parameters(model)
        updates = _paid(updates_for, size) if may_train() and not exists(named(width)) else 0
        run = train_or_load(named(width), model, lambda fresh, w=width, n=updates: _made(fresh, w, n, seed))  # type: ignore[misc]
        models[width] = run.model
        tokens = run.updates * BATCH * CONTEXT
        runs.append(Result(BUDGET, width, run.seed, size, tokens, run.best_loss, run.seconds))
    return Own(models, tuple(runs))


def _paid(updates_for: Callable[[float, int], Any], size: int) -> int:
    updates = int(updates_for(BUDGET, size))
    if not 0.5 < 6 * size * updates * BATCH * CONTEXT / BUDGET < 2:
        raise ValueError(f"{updates} updates of a model with {size} parameters do not cost {BUDGET:.0e} FLOPs")
    return updates


def _made(model: nn.Module, width: int, updates: int, seed: int) -> Run:
    made, result = trained(Point(BUDGET, width, seed), steps=updates)
    model.load_state_dict(made.state_dict())
    return Run(model.eval(), (), (result.loss,), seed, updates, result.seconds)
