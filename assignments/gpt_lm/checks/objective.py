"""Hidden checks of the choice, the objective and perplexity."""

from __future__ import annotations

import math
from typing import Any

import torch

from autograder.judge import Draw, Student, check, expect

from . import reference as ref
from . import shared


@check(item="s004-1.06-choice")
def the_choice_is_a_causal_stack(student: Student, draw: Draw) -> None:
    """The chosen design predicts each next word without seeing it, in one pass, from left to right."""
    chosen = expect.letters(student.entry("answers", "s004-1.06"), offered="abcd", what='answers["s004-1.06"]')
    expect.true(
        chosen == {"b"},
        "This choice does not do the job, or not alone.",
        "ask of each design: at position i, is word i + 1 among what it can see? does each position predict?",
    )


# --- s004-1.06 -------------------------------------------------------------


def _forward(student: Student, table: Any, windows: Any) -> tuple[Any, float]:
    logits, loss = shared.pair(student.lm_forward(table, windows), "lm_forward")
    return logits, expect.number(loss, what="the loss")


@check(item="s004-1.06", points=2)
def the_target_is_the_next_token(student: Student, draw: Draw) -> None:
    """The loss is the mean of -log p(next token) over all predictions, for a bigram model with drawn logits, small or
    large."""
    shared.begun(student, "lm_forward")
    for b, n, vocab, scale in ((4, 6, 11, 2.0), (2, 9, 7, 2.0), (3, 5, 8, 300.0)):
        weight, windows = draw.tensor(vocab, vocab, scale=scale), shared.windows(draw, b, n, vocab)
        loss = _forward(student, shared.table(student, weight), windows)[1]
        expect.close(
            loss,
            ref.next_token_loss(weight[windows[:, :-1]], windows),
            what="the loss of lm_forward",
            rtol=shared.ROUGH,
            hint="position i reads token i and is asked for token i + 1: which slice goes in, and which is the target?",
        )


@check(item="s004-1.06")
def logits_belong_to_the_tokens_read(student: Student, draw: Draw) -> None:
    """n logits rows for windows of n + 1 tokens, the model's own, for tokens 0 ... n-1; also for a single window, and
    for windows of two tokens."""
    shared.begun(student, "lm_forward")
    weight = draw.tensor(9, 9)
    table = shared.table(student, weight)
    for b, n in ((3, 5), (1, 4), (4, 1)):
        windows = shared.windows(draw, b, n, 9)
        logits = _forward(student, table, windows)[0]
        expect.shape(logits, (b, n, 9), what="the logits", hint="a window of n + 1 tokens makes n predictions")
        expect.close(
            logits,
            weight[windows[:, :-1]],
            what="the logits of lm_forward",
            rtol=shared.ROUGH,
            hint="return what the model gives, without softmax, for all tokens but the last",
        )


@check(item="s004-1.06")
def repeating_what_was_read_is_no_prediction(student: Student, draw: Draw) -> None:
    """A model that is sure of the token it reads is punished; one that is sure of the next is not."""
    shared.begun(student, "lm_forward")
    order = draw.permutation(8)
    windows = torch.zeros(3, 7, dtype=torch.int64)
    windows[:, 0] = torch.tensor([0, 3, 5])
    for place in range(1, 7):
        windows[:, place] = order[windows[:, place - 1]]
    known, repeat = (20.0 * torch.eye(8, dtype=torch.float64)[targets] for targets in (order, torch.arange(8)))
    fixed = bool((order[windows[:, :-1]] != windows[:, :-1]).any())
    low = _forward(student, shared.table(student, known), windows)[1]
    high = _forward(student, shared.table(student, repeat), windows)[1]
    expect.true(
        low < 1e-3, "A model that knows each next token still has a loss.", "one shift by one position, not two"
    )
    expect.true(high > 2.0 or not fixed, "A model that repeats what it reads has a low loss.", "the target is shifted")


@check(item="s004-1.06")
def the_loss_is_a_mean_over_predictions(student: Student, draw: Draw) -> None:
    """Twice the same windows, or a uniform model of any size: the loss per prediction stays what it is."""
    shared.begun(student, "lm_forward")
    weight, windows = draw.tensor(6, 6), shared.windows(draw, 2, 5, 6)
    table = shared.table(student, weight)
    once, twice = (_forward(student, table, w)[1] for w in (windows, windows.repeat(3, 1)))
    expect.close(
        twice,
        once,
        what="the loss of the same windows three times",
        rtol=shared.ROUGH,
        hint="a mean over all predictions, not a sum",
    )
    for b, n, vocab in ((3, 4, 5), (5, 2, 9)):
        uniform = shared.table(student, torch.zeros(vocab, vocab, dtype=torch.float64))
        loss = _forward(student, uniform, shared.windows(draw, b, n, vocab))[1]
        expect.close(
            loss,
            math.log(vocab),
            what="the loss of a uniform model",
            rtol=shared.ROUGH,
            hint="guessing among V tokens costs ln V nats, however many predictions there are",
        )


@check(item="s004-1.06")
def the_loss_can_be_differentiated(student: Student, draw: Draw) -> None:
    """The loss is a scalar tensor connected to the model's parameters; tokens, the model's mode and its gradients stay
    as they are."""
    shared.begun(student, "lm_forward")
    weight, windows = draw.tensor(7, 7), shared.windows(draw, 2, 4, 7)
    (_, loss), after = student.with_inputs("lm_forward", shared.table(student, weight), windows)
    expect.true(torch.equal(after[1], windows), "The tokens changed during the call.", "work on slices or copies")
    expect.number(loss, what="the loss")
    expect.true(
        isinstance(loss, torch.Tensor) and loss.ndim == 0 and loss.requires_grad,
        "The loss is not a scalar tensor that gradients can flow through.",
        "no .item(), no detach, no torch.no_grad",
    )
    for training in (True, False):
        table = shared.table(student, weight).turned("train", training)
        student.lm_forward(table, windows)
        expect.true(
            table.training is training,
            "lm_forward switches the model to another mode.",
            "whoever calls it decides between train() and eval()",
        )
        gradient = student.ask({"op": "get", "target": [table.remote, "weight", "grad"]}, "the gradient")
        expect.true(gradient is None, "lm_forward leaves gradients behind.", "backward() is the business of train_step")


@check(item="s004-1.06")
def the_model_never_reads_the_last_token(student: Student, draw: Draw) -> None:
    """Windows of n + 1 tokens fit a model with room for n."""
    shared.begun(student, "lm_forward")
    nn = shared.torch_part(student, "nn")
    student.seed(3)
    narrow = nn.method("Sequential", nn.made("Embedding", 8, 5), nn.made("LayerNorm", [4, 5]), nn.made("Linear", 5, 8))
    logits, loss = shared.pair(student.lm_forward(narrow, shared.windows(draw, 2, 4, 8)), "lm_forward")
    expect.shape(logits, (2, 4, 8), what="the logits of a model with room for 4")
    expect.number(loss, what="the loss")


# --- s000-5.1.9a -----------------------------------------------------------


@check(item="s000-5.1.9a")
def perplexity_is_the_exponential(student: Student, draw: Draw) -> None:
    """ppl is exp for numbers and for tensors of any shape, in their precision."""
    for loss in (draw.uniform(0.5, 3.0), draw.uniform(8.0, 11.0), 0.0):
        expect.close(
            student.ppl(loss), math.exp(loss), what="ppl(loss)", rtol=1e-6, hint="losses are in nats, so the base is e"
        )
    for shape, scale in (((3, 4), 1.0), ((3, 4), 3.0), ((1, 1), 1.0)):
        many = draw.tensor(*shape, scale=scale).abs()
        got = student.ppl(many)
        expect.close(got, many.exp(), what="ppl of a tensor", hint="elementwise, in the precision of the tensor")
        expect.dtype(got, many, what="ppl of a tensor")


def _batches(draw: Draw) -> tuple[list[float], list[int]]:
    counts = [draw.integer(5, 300) for _ in range(6)]
    return [draw.uniform(0.5, 4.0) for _ in counts], counts


@check(item="s000-5.1.9a", points=3)
def unequal_batches_count_by_their_tokens(student: Student, draw: Draw) -> None:
    """The perplexity over batches is exp of the mean over all tokens, whatever the sizes of the batches."""
    losses, counts = _batches(draw)
    hint = "long batches weigh more: the mean is over tokens, and exp comes last"
    expect.close(
        student.token_perplexity(losses, counts),
        ref.perplexity(losses, counts),
        what="token_perplexity(losses, counts)",
        rtol=1e-6,
        hint=hint,
    )
    as_tensors = torch.tensor(losses, dtype=torch.float64), torch.tensor(counts)
    expect.close(
        student.token_perplexity(*as_tensors),
        ref.perplexity(losses, counts),
        what="token_perplexity of tensors",
        rtol=1e-6,
        hint=hint,
    )


@check(item="s000-5.1.9a", points=2)
def batches_of_equal_size_are_no_exception(student: Student, draw: Draw) -> None:
    """With batches of one size and different losses it is the exponential of the mean, not the mean of exponentials."""
    losses = [draw.uniform(0.5, 4.0) for _ in range(5)]
    expect.close(
        student.token_perplexity(losses, [32] * 5),
        math.exp(sum(losses) / 5),
        rtol=1e-6,
        what="token_perplexity for batches of one size",
        hint="exp of a mean is smaller than the mean of exps: which comes first?",
    )


@check(item="s000-5.1.9a")
def cutting_a_batch_in_two_changes_nothing(student: Student, draw: Draw) -> None:
    """The same tokens in other batches, also empty ones, have the same perplexity; arguments stay as they are."""
    losses, counts = _batches(draw)
    whole, after = student.with_inputs("token_perplexity", losses, counts)
    expect.unharmed([losses, counts], after, what="an argument of token_perplexity")
    parts = [(loss, size) for loss, count in zip(losses, counts, strict=True) for size in (3, count - 3)]
    cut = [list(column) for column in zip(*parts, strict=True)]
    expect.number(whole, what="token_perplexity(losses, counts)")
    hint = "how often a batch was cut must not matter"
    expect.same(
        whole,
        student.token_perplexity(*cut),
        what="the perplexity of the same tokens in smaller batches",
        rtol=1e-6,
        hint=hint,
    )
    for place in (0, 2, len(losses)):
        more = [[*column[:place], extra, *column[place:]] for column, extra in ((losses, 7.0), (counts, 0))]
        empty = student.token_perplexity(*more)
        expect.same(whole, empty, what="the perplexity with an empty batch more", rtol=1e-6, hint=hint)
