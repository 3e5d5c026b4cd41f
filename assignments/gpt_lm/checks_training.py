"""Hidden checks of the training loop.

Steps, evaluation and training are tried on bigram tables, models with one matrix of logits, so nothing here depends
on the student's GPT. Where the student's own lm_forward computes another loss (which costs its own item), a step or
an evaluation that follows that loss faithfully is right too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from autograder.errors import Feedback
from autograder.judge import Draw, Handle, Student, beside, check, expect
from autograder.judge.student import NameMissing, NotData, StudentRaised

ref, shared = beside(__file__, "reference.py"), beside(__file__, "shared.py")
VOCAB = 5


# --- s000-5.1.9c-training: one step ----------------------------------------


def _own_loss(student: Student, table: Handle, weight: Any, windows: Any) -> float | None:
    """What the student's lm_forward says for this table; None when it says nothing."""
    table.load({"weight": weight})
    try:
        result = student.lm_forward(table, windows)
        return expect.number(shared.pair(result, "lm_forward")[1], what="it")
    except (Feedback, NameMissing, StudentRaised, NotData):
        return None


def _own_update(student: Student, weight: Any, windows: Any, rate: float) -> Any | None:
    """A step of gradient descent on the student's own loss, by finite differences, if it is not the usual loss."""
    table = shared.table(student, weight)
    here = _own_loss(student, table, weight, windows)
    if here is None or abs(here - ref.next_token_loss(weight[windows[:, :-1]], windows)) < 1e-6:
        return None
    slopes = torch.zeros_like(weight)
    for row in range(VOCAB):
        for column in range(VOCAB):
            nudged = []
            for step in (1e-4, -1e-4):
                moved = weight.clone()
                moved[row, column] += step
                nudged.append(_own_loss(student, table, moved, windows))
            if None in nudged:
                return None
            slopes[row, column] = (nudged[0] - nudged[1]) / 2e-4
    return weight - rate * slopes


def _either(got: Any, wants: list[Any], *, what: str, hint: str, rtol: float = shared.ROUGH) -> None:
    """`got` is close to one of `wants`; the Feedback is about the first."""
    errors = []
    for want in (w for w in wants if w is not None):
        try:
            expect.close(got, want, what=what, hint=hint, rtol=rtol)
            return
        except Feedback as error:
            errors.append(error)
    raise errors[0]


def _steps(student: Student, weight: Any, batches: list[Any], rate: float) -> tuple[list[float], list[Any]]:
    """Losses returned by train_step and the weights after each step of plain gradient descent."""
    shared.written(student, "train_step", None, None, None)
    table = shared.table(student, weight)
    optimizer = shared.torch_part(student, "optim").method("SGD", table.method("parameters"), rate)
    losses, weights = [], []
    for windows in batches:
        losses.append(expect.number(student.train_step(table, optimizer, windows), what="the result of train_step"))
        weights.append(shared.weight_of(table))
    return losses, weights


@check(item="s000-5.1.9c-training", points=2)
def a_step_follows_the_gradient_of_the_batch(student: Student, draw: Draw) -> None:
    """One step with SGD moves the weights by rate times the gradient of the mean next-token loss."""
    weight, windows = draw.tensor(VOCAB, VOCAB), shared.windows(draw, 4, 6, VOCAB)
    _, (moved,) = _steps(student, weight, [windows], 0.3)
    wants = [ref.table_update(weight, windows, 0.3), _own_update(student, weight, windows, 0.3)]
    expect.true(bool((moved != weight).any()), "train_step changes no weight.", "backward, then optimizer.step()")
    _either(
        moved,
        wants,
        what="the weights after one step",
        rtol=1e-4,
        hint="the gradient of the mean loss over this batch, once",
    )


@check(item="s000-5.1.9c-training", points=2)
def gradients_do_not_pile_up(student: Student, draw: Draw) -> None:
    """The second and third step use the gradients of their own batches alone, also when gradients were left behind."""
    weight = draw.tensor(VOCAB, VOCAB)
    batches = [shared.windows(draw, 4, 6, VOCAB) for _ in range(3)]
    _, weights = _steps(student, weight, batches, 0.3)
    hint = "PyTorch adds new gradients to old ones until they are cleared"
    for number, (start, windows, end) in enumerate(zip(weights, batches[1:], weights[1:], strict=False), 2):
        wants = [ref.table_update(start, windows, 0.3), _own_update(student, start, windows, 0.3)]
        _either(end, wants, what=f"the weights after step {number}", hint=hint, rtol=1e-4)


@check(item="s000-5.1.9c-training")
def a_step_returns_the_loss_before_it(student: Student, draw: Draw) -> None:
    """train_step returns the batch's mean loss as it was before the update; windows stay as they are."""
    weight, windows = draw.tensor(VOCAB, VOCAB), shared.windows(draw, 3, 5, VOCAB)
    losses, _ = _steps(student, weight, [windows], 5.0)
    table = shared.table(student, weight)
    wants = [ref.next_token_loss(weight[windows[:, :-1]], windows), _own_loss(student, table, weight, windows)]
    _either(losses[0], wants, what="the result of train_step", hint="the loss that backward() was called on")


# --- evaluate --------------------------------------------------------------


def _uneven(draw: Draw) -> list[Any]:
    return [shared.windows(draw, b, n, VOCAB) for b, n in ((4, 7), (1, 3), (2, 5))]


def _mean_loss(losses: list[float], batches: list[Any]) -> float:
    counts = [windows[:, 1:].numel() for windows in batches]
    return math.fsum(a * n for a, n in zip(losses, counts, strict=True)) / sum(counts)


def _mean_losses(student: Student, weight: Any, batches: list[Any]) -> list[Any]:
    """The right mean loss per token, and the one by the student's own lm_forward."""
    right = [ref.next_token_loss(weight[windows[:, :-1]], windows) for windows in batches]
    table = shared.table(student, weight)
    own = [_own_loss(student, table, weight, windows) for windows in batches]
    return [_mean_loss(right, batches), None if None in own else _mean_loss(own, batches)]


@check(item="s000-5.1.9c-training", points=2)
def evaluation_is_a_mean_over_tokens(student: Student, draw: Draw) -> None:
    """evaluate gives the mean loss per token over batches of different numbers and lengths of windows."""
    shared.written(student, "evaluate", None)
    weight, batches = draw.tensor(VOCAB, VOCAB, scale=2.0), _uneven(draw)
    got = expect.number(student.evaluate(shared.table(student, weight), batches), what="evaluate(...)")
    _either(
        got,
        _mean_losses(student, weight, batches),
        what="evaluate(...)",
        rtol=1e-4,
        hint="weigh each batch by the number of tokens that it predicts",
    )


@check(item="s000-5.1.9c-training")
def evaluation_switches_dropout_off_and_back(student: Student, draw: Draw) -> None:
    """Dropout is off during evaluate, and the model is in its old mode afterwards, whichever that was."""
    shared.written(student, "evaluate", None)
    weight, batches = draw.tensor(VOCAB, VOCAB, scale=2.0), _uneven(draw)
    plain = expect.number(student.evaluate(shared.table(student, weight), batches), what="evaluate(...)")
    model = shared.table(student, weight, dropout=0.5)
    for training in (True, False):
        model.method("train", training)
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
    """evaluate changes no weight, leaves no gradient, and gives the same twice."""
    shared.written(student, "evaluate", None)
    weight, batches = draw.tensor(VOCAB, VOCAB), _uneven(draw)
    table = shared.table(student, weight)
    first, after = student.with_inputs("evaluate", table, batches)
    expect.true(all(torch.equal(a, b) for a, b in zip(after[1], batches, strict=True)), "The windows changed.")
    expect.same(first, student.evaluate(table, batches), what="evaluate, called twice")
    expect.true(torch.equal(shared.weight_of(table), weight), "evaluate changes the weights.", "no step, no training")
    gradient = student.ask({"op": "get", "target": [table.remote, "weight", "grad"]}, "the gradient")
    expect.true(gradient is None, "evaluate leaves gradients behind.", "use torch.no_grad()")


# --- train -----------------------------------------------------------------


def _text(draw: Draw, law: Any, count: int) -> Any:
    """Running text of a Markov chain with transition law (V, V)."""
    ids = [draw.integer(0, VOCAB - 1)]
    table = law.cumsum(-1).numpy()
    for _ in range(count - 1):
        ids.append(min(VOCAB - 1, int(np.searchsorted(table[ids[-1]], draw.uniform()))))
    return torch.tensor(ids)


def _laws(draw: Draw) -> tuple[Any, Any]:
    """Two sharp laws that contradict each other, but agree with a table of zeros about nothing in particular."""
    law = torch.softmax(draw.tensor(VOCAB, VOCAB, scale=1.5), -1)
    return law, law[draw.permutation(VOCAB)]


def _train(student: Student, weight: Any, text: Any, validation: Any, **changes: Any) -> tuple[Any, Any, Handle]:
    shared.written(student, "train", None, None, None, steps=1, batch=1, length=1, rate=1.0, every=1)
    settings = {"steps": 60, "batch": 8, "length": 6, "rate": 0.05, "every": 20, "seed": 3} | changes
    table = shared.table(student, weight)
    log, best = shared.pair(student.train(table, text, validation, **settings), "train")
    return shared.rows(log, "the log"), best, table


def _validation_loss(weight: Any, validation: Any) -> float:
    return float(ref.next_token_loss(weight[validation[:, :-1]], validation))


def _weight(best: Any) -> Any:
    """The table among the best tensors."""
    if not isinstance(best, dict) or not isinstance(best.get("weight"), torch.Tensor):
        raise Feedback("best is not a dict with the tensors of state_dict().", "name -> tensor")
    expect.shape(best["weight"], (VOCAB, VOCAB), what="the best weights")
    return best["weight"].detach().double()


@check(item="s000-5.1.9c-training", points=2)
def the_log_has_its_rows(student: Student, draw: Draw) -> None:
    """Rows for step 0, every `every` steps and the last; row 0 from before training; the last from after it."""
    law, _ = _laws(draw)
    text, other = _text(draw, law, 300), _text(draw, law, 60)
    validation = torch.stack([other[start : start + 8] for start in (0, 7, 14, 21)])
    weight = draw.tensor(VOCAB, VOCAB, scale=0.3)
    for steps, every in ((50, 20), (30, 10), (7, 25)):
        log, _, table = _train(student, weight, text, validation, steps=steps, every=every)
        want = sorted({*range(0, steps + 1, every), steps})
        found = [row[0] for row in log]
        expect.true(
            found == want,
            f"For {steps} steps with a look every {every}, the rows of the log are for other steps.",
            "step 0 before the first update, then after every `every` updates, and after the last; each once",
            f"got {found}, want {want}",
        )
        hint = "the mean over the validation windows as `evaluate` gives it, with the weights of that moment"
        for row, moment, now in (
            (log[0], "before training", weight),
            (log[-1], "after training", shared.weight_of(table)),
        ):
            wants = _mean_losses(student, now, [validation])
            _either(row[2], wants, what=f"the validation loss {moment}", hint=hint, rtol=1e-3)


@check(item="s000-5.1.9c-training", points=2)
def best_is_the_minimum_of_validation(student: Student, draw: Draw) -> None:
    """The best weights reproduce the lowest validation loss of the log, wherever in the log that is."""
    law, contrary = _laws(draw)
    text = _text(draw, law, 400)
    against, along = (torch.stack([_text(draw, rule, 9) for _ in range(6)]) for rule in (contrary, law))
    zero = torch.zeros(VOCAB, VOCAB, dtype=torch.float64)
    for start, validation in ((contrary.log(), against), (zero, along), (0.5 * contrary.log(), against)):
        log, best, _ = _train(student, start, text, validation)
        lowest = min(row[2] for row in log)
        wants = _mean_losses(student, _weight(best), [validation])
        expect.true(
            any(w is not None and abs(w - lowest) <= 1e-3 * lowest for w in wants),
            "The best weights do not have the lowest validation loss of the log.",
            "keep a *copy* of the weights whenever the validation loss is lower than ever before",
            f"best {wants}, log {log}",
        )


@check(item="s000-5.1.9c-training", points=2)
def training_learns_from_the_training_text(student: Student, draw: Draw) -> None:
    """The weights end close to the law of the training text, and the validation loss says how well that fits."""
    law, contrary = _laws(draw)
    text = _text(draw, law, 3000)
    against = torch.stack([_text(draw, contrary, 9) for _ in range(6)])
    zero = torch.zeros(VOCAB, VOCAB, dtype=torch.float64)
    log, _, table = _train(student, zero, text, against, steps=200, every=100, rate=0.1, batch=16)
    windows = torch.stack([text[start : start + 9] for start in range(0, 2900, 8)])
    reached, best = _validation_loss(shared.weight_of(table), windows), _validation_loss(_fit(text), windows)
    expect.true(
        reached < best + 0.06 or _own_differs(student, windows),
        "Training does not reach what the text allows.",
        "are gradients cleared before each update, and windows drawn anew from train_ids?",
        f"{reached} against {best}",
    )
    wants = _mean_losses(student, shared.weight_of(table), [against])
    _either(
        log[-1][2],
        wants,
        what="the validation loss after training",
        rtol=1e-3,
        hint="it is measured on the validation windows, which training never touches",
    )
    expect.true(log[-1][1] < log[0][1], "The training loss of the log does not fall.", "measure it on training windows")


def _fit(text: Any) -> Any:
    """The best bigram table for a text."""
    counts = torch.full((VOCAB, VOCAB), 1e-3, dtype=torch.float64)
    counts.index_put_((text[:-1], text[1:]), torch.tensor(1.0, dtype=torch.float64), accumulate=True)
    return (counts / counts.sum(-1, keepdim=True)).log()


def _own_differs(student: Student, windows: Any) -> bool:
    """Whether lm_forward computes something else than the next-token loss, which is charged elsewhere."""
    weight = torch.eye(VOCAB, dtype=torch.float64)
    own = _own_loss(student, shared.table(student, weight), weight, windows[:4])
    return own is not None and abs(own - ref.next_token_loss(weight[windows[:4, :-1]], windows[:4])) > 1e-6


@check(item="s000-5.1.9c-training")
def the_seed_decides_the_batches(student: Student, draw: Draw) -> None:
    """The same seed gives the same log, whatever the global generator does; another seed gives another."""
    law, _ = _laws(draw)
    text, weight = _text(draw, law, 300), draw.tensor(VOCAB, VOCAB)
    validation = torch.stack([_text(draw, law, 7) for _ in range(3)])
    one, again, other = (_train(student, weight, text, validation, seed=seed)[0] for seed in (5, 5, 6))
    hint = "draw windows with a torch.Generator of your own, seeded with `seed`"
    expect.same(np.array(one)[:, 2], np.array(again)[:, 2], what="the log of two runs with one seed", hint=hint)
    expect.true(bool((np.array(one)[-1, 2] != np.array(other)[-1, 2]).any()), "Every seed gives the same run.", hint)


@check(item="s000-5.1.9c-training")
def training_trains_in_training_mode(student: Student, draw: Draw) -> None:
    """Dropout is on during updates, whatever the mode before, and also after the first look at the losses."""
    shared.written(student, "train", None, None, None, steps=1, batch=1, length=1, rate=1.0, every=1)
    law, _ = _laws(draw)
    text, validation = _text(draw, law, 300), torch.stack([_text(draw, law, 7) for _ in range(3)])
    zero = torch.zeros(VOCAB, VOCAB, dtype=torch.float64)
    settings = {"steps": 40, "batch": 8, "length": 6, "rate": 0.05, "every": 10, "seed": 1}
    model = shared.table(student, zero, dropout=0.5).method("eval")
    shared.pair(student.train(model, text, validation, **settings), "train")
    (with_dropout,) = model.parameters().values()
    plain = shared.table(student, zero)
    shared.pair(student.train(plain, text, validation, **settings), "train")
    difference = float((with_dropout - shared.weight_of(plain)).abs().max())
    expect.true(
        difference > 1e-6,
        "Updates happen with dropout switched off.",
        "call model.train() before training; evaluate restores the mode",
        f"difference {difference}",
    )
