"""Hidden checks of one step of training, and of evaluation.

They are tried on bigram tables, models with one matrix of logits, so nothing here depends on the student's GPT. Which
recipe a student trains with is theirs to choose: steps are tried where gradients are short, so that no sensible
clipping shows.
"""

from __future__ import annotations

from typing import Any

import torch

from autograder.judge import Draw, Student, check, expect

from . import reference as ref
from . import shared, tables

# --- one step --------------------------------------------------------------


def _steps(student: Student, weight: Any, batches: list[Any], rate: float) -> tuple[list[float], list[Any]]:
    """Losses returned by train_step and the weights after each step of plain gradient descent."""
    shared.begun(student, "train_step")
    table = shared.table(student, weight)
    optimizer = shared.torch_part(student, "optim").made("SGD", table.method("parameters"), rate)
    losses, weights = [], []
    for windows in batches:
        losses.append(expect.number(student.train_step(table, optimizer, windows), what="the result of train_step"))
        weights.append(expect.tensor(shared.weight_of(table), tuple(weight.shape), what="the weights after a step"))
    return losses, weights


@check(item="s000-5.1.9c-training", points=2)
def a_step_follows_the_gradient_of_the_batch(student: Student, draw: Draw) -> None:
    """One step with SGD moves the weights by rate times the gradient of the mean next-token loss."""
    weight, (windows,) = _gentle(draw, 1)
    _, (moved,) = _steps(student, weight, [windows], 0.3)
    expect.true(bool((moved != weight).any()), "train_step changes no weight.", "backward, then optimizer.step()")
    _follows(student, weight, windows, moved, what="the change of the weights in one step",
             hint="the gradient of the mean loss over this batch, once")  # fmt: skip


@check(item="s000-5.1.9c-training", points=2)
def gradients_do_not_pile_up(student: Student, draw: Draw) -> None:
    """The second and third step use the gradients of their own batches alone, also when gradients were left behind."""
    weight, batches = _gentle(draw, 3)
    _, weights = _steps(student, weight, batches, 0.3)
    hint = "PyTorch adds new gradients to old ones until they are cleared"
    for number, (start, windows, end) in enumerate(zip(weights, batches[1:], weights[1:], strict=False), 2):
        _follows(student, start, windows, end, what=f"the change of the weights in step {number}", hint=hint)


def _gentle(draw: Draw, count: int) -> tuple[Any, list[Any]]:
    """A table and batches on which it has a gradient of length 0.1 or less: who clips at that length or above clips
    nothing."""
    size = tables.VOCAB
    return draw.tensor(size, size, scale=0.2), [shared.windows(draw, 20, 12, size) for _ in range(count)]


def _follows(student: Student, start: Any, windows: Any, end: Any, *, what: str, hint: str) -> None:
    """From `start` to `end` is one step of gradient descent at the rate 0.3."""
    wants = [ref.table_update(start, windows, 0.3), tables.own_update(student, start, windows, 0.3)]
    tables.either(end - start, [None if w is None else w - start for w in wants], what=what, hint=hint, rtol=1e-3)


@check(item="s000-5.1.9c-training")
def a_step_returns_the_loss_before_it(student: Student, draw: Draw) -> None:
    """train_step returns the batch's mean loss as it was before the update, small ones with their digits too; windows
    stay as they are."""
    generic = draw.tensor(tables.VOCAB, tables.VOCAB), shared.windows(draw, 3, 5, tables.VOCAB)
    for weight, windows in (generic, _nearly_sure(draw), _nearly_sure(draw)):
        losses, _ = _steps(student, weight, [windows], 5.0)
        table = shared.table(student, weight)
        wants: list[float | None] = [ref.next_token_loss(weight[windows[:, :-1]], windows)]
        own = tables.own_loss(student, table, weight, windows)
        if own != tables.own_loss(student, table, -weight, windows):  # the same for every model: no loss
            wants.append(own)
        tables.either(losses[0], wants, what="the result of train_step", hint="the loss that backward() was called on")


def _nearly_sure(draw: Draw) -> tuple[Any, Any]:
    """A table and windows of which it knows each next word: its loss is about 0.01."""
    follow = draw.permutation(tables.VOCAB)
    columns = [torch.tensor([draw.integer(0, tables.VOCAB - 1) for _ in range(3)])]
    for _ in range(5):
        columns.append(follow[columns[-1]])
    weight = 6.0 * torch.eye(tables.VOCAB, dtype=torch.float64)[follow]
    return weight + draw.tensor(*weight.shape, scale=0.3), torch.stack(columns, 1)


# --- evaluate --------------------------------------------------------------


def _uneven(draw: Draw) -> list[Any]:
    return [shared.windows(draw, b, n, tables.VOCAB) for b, n in ((4, 7), (1, 3), (2, 5))]


@check(item="s000-5.1.9c-training", points=2)
def evaluation_is_a_mean_over_tokens(student: Student, draw: Draw) -> None:
    """evaluate gives the mean loss per token over batches of different numbers and lengths of windows."""
    shared.begun(student, "evaluate")
    weight, batches = draw.tensor(tables.VOCAB, tables.VOCAB, scale=2.0), _uneven(draw)
    got = expect.number(student.evaluate(shared.table(student, weight), batches), what="evaluate(...)")
    tables.either(
        got,
        tables.mean_losses(student, weight, batches),
        what="evaluate(...)",
        rtol=1e-4,
        hint="weigh each batch by the number of tokens that it predicts",
    )


@check(item="s000-5.1.9c-training")
def evaluation_switches_dropout_off_and_back(student: Student, draw: Draw) -> None:
    """Dropout is off during evaluate, and the model is in its old mode afterwards, whichever that was."""
    shared.begun(student, "evaluate")
    weight, batches = draw.tensor(tables.VOCAB, tables.VOCAB, scale=2.0), _uneven(draw)
    plain = expect.number(student.evaluate(shared.table(student, weight), batches), what="evaluate(...)")
    model = shared.table(student, weight, dropout=0.5)
    for training in (True, False):
        model.turned("train", training)
        got = expect.number(student.evaluate(model, batches), what="evaluate(...)")
        expect.same(
            plain,
            got,
            what="evaluate, when the model has dropout",
            rtol=1e-6,
            hint="evaluation mode, whatever the mode before",
        )
        expect.true(
            model.training is training,
            "evaluate leaves the model in another mode than it found it.",
            "remember model.training and put it back",
        )


@check(item="s000-5.1.9c-training")
def evaluation_leaves_no_trace(student: Student, draw: Draw) -> None:
    """evaluate changes no weight, leaves no gradient and PyTorch's gradients on, and gives the same twice."""
    shared.begun(student, "evaluate")
    weight, batches = draw.tensor(tables.VOCAB, tables.VOCAB), _uneven(draw)
    table = shared.table(student, weight)
    first, after = student.with_inputs("evaluate", table, batches)
    expect.true(all(torch.equal(a, b) for a, b in zip(after[1], batches, strict=True)), "The windows changed.")
    expect.same(first, student.evaluate(table, batches), what="evaluate, called twice")
    expect.true(torch.equal(shared.weight_of(table), weight), "evaluate changes the weights.", "no step, no training")
    gradient = student.ask({"op": "get", "target": [table.remote, "weight", "grad"]}, "the gradient")
    expect.true(gradient is None, "evaluate leaves gradients behind.", "use torch.no_grad()")
    watched = tables.diary(student, weight)
    student.evaluate(watched, batches)
    on = any(gradients for _, _, gradients in tables.pages(student, watched))
    expect.true(not on, "evaluate runs the model with gradients on.", "use torch.no_grad()")
    on = shared.torch_part(student).method("is_grad_enabled")
    if on is not True:
        shared.torch_part(student).method("set_grad_enabled", True)
    expect.true(on is True, "After evaluate, gradients are off for good.", "with torch.no_grad(): ends by itself")
