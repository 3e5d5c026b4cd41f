"""Bigram tables for the checks of training: what a right step, evaluation or loss is for them.

Where the student's own lm_forward computes another loss (which costs its own item), a step or an evaluation that
follows that loss faithfully is right too, so both answers are worked out.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from autograder.judge import Feedback, Handle, NameMissing, NotData, Student, StudentRaised, expect

from . import reference as ref
from . import shared

VOCAB = 5


def own_loss(student: Student, table: Handle, weight: Any, windows: Any) -> float | None:
    """What the student's lm_forward says for this table; None when it says nothing."""
    table.load({"weight": weight})
    try:
        result = student.lm_forward(table, windows)
        return expect.number(shared.pair(result, "lm_forward")[1], what="it")
    except (Feedback, NameMissing, StudentRaised, NotData):
        return None


def own_update(student: Student, weight: Any, windows: Any, rate: float) -> Any | None:
    """A step of gradient descent on the student's own loss, by finite differences, if it is not the usual loss."""
    table = shared.table(student, weight)
    here = own_loss(student, table, weight, windows)
    if here is None or abs(here - ref.next_token_loss(weight[windows[:, :-1]], windows)) < 1e-6:
        return None
    slopes = torch.zeros_like(weight)
    for row in range(VOCAB):
        for column in range(VOCAB):
            nudged: list[float] = []
            for step in (1e-4, -1e-4):
                moved = weight.clone()
                moved[row, column] += step
                loss = own_loss(student, table, moved, windows)
                if loss is None:
                    return None
                nudged.append(loss)
            slopes[row, column] = (nudged[0] - nudged[1]) / 2e-4
    return weight - rate * slopes if bool(slopes.any()) else None  # a loss that nothing changes is none


def either(got: Any, wants: list[Any], *, what: str, hint: str, rtol: float = shared.ROUGH) -> None:
    """`got` is close to one of `wants`; the Feedback is about the first."""
    errors = []
    for want in (w for w in wants if w is not None):
        try:
            expect.close(got, want, what=what, hint=hint, rtol=rtol)
            return
        except Feedback as error:
            errors.append(error)
    raise errors[0]


def mean_loss(losses: list[float], batches: list[Any]) -> float:
    """Over all tokens, from the mean losses of the batches."""
    counts = [windows[:, 1:].numel() for windows in batches]
    return float(math.fsum(a * n for a, n in zip(losses, counts, strict=True)) / sum(counts))


def mean_losses(student: Student, weight: Any, batches: list[Any]) -> list[Any]:
    """The right mean loss per token, and the one by the student's own lm_forward."""
    right = [ref.next_token_loss(weight[windows[:, :-1]], windows) for windows in batches]
    table = shared.table(student, weight)
    own = [own_loss(student, table, weight, windows) for windows in batches]
    known = [loss for loss in own if loss is not None]
    # the same for all batches: no loss, and nothing to be held against
    usable = len(known) == len(own) and len(set(known)) > 1
    return [mean_loss(right, batches), mean_loss(known, batches) if usable else None]


def diary(student: Student, weight: Any) -> Handle:
    """A bigram table that writes down what it reads."""
    return shared.module(shared.module(student.value("diary"), "diary").method("Table", weight), "it")


def pages(student: Student, table: Handle) -> list[tuple[Any, bool, bool]]:
    """What such a table wrote down: for each call the numbers (b, n), and whether it was in training mode, with
    gradients on."""
    # asked for by name: a Handle has a method called gradients
    columns = [
        student.ask({"op": "get", "target": [*table.path, "diary", name]}, f"diary.{name}")
        for name in ("ids", "training", "gradients")
    ]
    ids, *switches = columns
    read = all(isinstance(column, (list, tuple)) and len(column) == len(ids) for column in columns)
    read = read and all(isinstance(part, torch.Tensor) and part.ndim == 2 for part in ids)
    read = read and all(isinstance(switch, bool) for column in switches for switch in column)
    expect.true(read, "What the model was asked cannot be read.")
    return list(zip(*columns, strict=True))
