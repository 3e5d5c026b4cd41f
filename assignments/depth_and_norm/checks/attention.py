"""Hidden checks of self-attention, and of stacks of it: values, symmetry, and how fast the rows become alike."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Student, StudentRaised, check, expect, properties

from . import shared

Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
_SCORES = "scores are queries times keys over the root of the width of a key; softmax over keys; then a mean of values"


def attention(X: torch.Tensor, Wq: torch.Tensor, Wk: torch.Tensor, Wv: torch.Tensor) -> torch.Tensor:
    scores = (X @ Wq) @ (X @ Wk).transpose(-2, -1) / math.sqrt(Wk.shape[-1])
    return torch.softmax(scores, -1) @ (X @ Wv)


def matrices(draw: Draw, d: int, k: int, v: int) -> Three:
    return draw.tensor(d, k), draw.tensor(d, k), draw.tensor(d, v)


@check(item="s004-1.01", points=3)
def attention_is_that_of_torch(student: Student, draw: Draw) -> None:
    """For a sequence, outputs equal scaled dot-product attention, with values of another width than keys."""
    for n, d, k, v, size in ((4, 5, 3, 6, 1.0), (6, 3, 7, 2, 0.4)):  # the smaller one: where no weight is tiny
        X, W = draw.tensor(n, d, scale=size), matrices(draw, d, k, v)
        expect.close(
            student.self_attention(X, *W), attention(X, *W), what="self_attention", hint=_SCORES, rtol=properties.ROUGH
        )


@check(item="s004-1.01")
def sequences_of_a_batch_stand_alone(student: Student, draw: Draw) -> None:
    """Each sequence of a batch gets what it gets alone; a batch of one is a batch."""
    X, W = draw.tensor(3, 4, 5), matrices(draw, 5, 2, 6)
    whole = expect.numbers(student.self_attention(X, *W), (3, 4, 6), what="self_attention of a batch")
    hint = "keys are transposed over their last two axes; the softmax goes along the last one"
    for b in range(3):
        alone = expect.numbers(student.self_attention(X[b], *W), (4, 6), what="self_attention of a sequence")
        expect.close(whole[b], alone, what="a sequence of a batch, against it alone,", hint=hint, rtol=properties.ROUGH)
    hint = "what has a batch axis keeps it"
    expect.shape(student.self_attention(X[:1], *W), (1, 4, 6), what="self_attention of a batch of one", hint=hint)


@check(item="s004-1.01")
def outputs_are_means_of_values(student: Student, draw: Draw) -> None:
    """Each output lies between the smallest and the largest value; where all values are equal, so are the outputs."""
    for n in (5, 9):
        X, W = draw.tensor(n, 4), matrices(draw, 4, 3, 6)
        values = (X @ W[2]).numpy()
        got = expect.numbers(student.self_attention(X, *W), (n, 6), what="self_attention(X, ...)")
        inside = bool((got >= values.min(0) - 1e-6).all() and (got <= values.max(0) + 1e-6).all())
        expect.true(inside, "An output lies outside of all values.", "weights are positive and sum to 1 for each query")
        apart = bool(np.abs(got - got.mean(0)).max() > 1e-6)
        expect.true(apart, "All words get the same output.", "each word has a query of its own")


@check(item="s004-1.01")
def order_of_words_does_not_matter(student: Student, draw: Draw) -> None:
    """Words in another order give the same outputs in that order."""
    X, W, order = draw.tensor(5, 4), matrices(draw, 4, 3, 6), draw.permutation(5)
    plain = expect.tensor(student.self_attention(X, *W), (5, 6), what="self_attention(X, ...)")
    turned = expect.tensor(student.self_attention(X[order], *W), (5, 6), what="self_attention(X, ...)")
    expect.close(turned, plain[order], what="outputs of words in another order", rtol=properties.ROUGH,
                 hint="nothing here knows of positions, and nothing is masked")  # fmt: skip


@check(item="s004-1.01")
def single_words_and_widths_of_one(student: Student, draw: Draw) -> None:
    """A word alone gets its own value, in a batch too; keys and values of width 1 are wide enough."""
    X, W = draw.tensor(1, 4), matrices(draw, 4, 3, 5)
    expect.close(student.self_attention(X, *W), X @ W[2], what="self_attention of a single word", rtol=properties.ROUGH,
                 hint="with one key, all weight is on it")  # fmt: skip
    with suppress(StudentRaised):  # who cannot take batches at all loses the check about them, and not this one
        batch = student.self_attention(draw.tensor(2, 1, 4), *W)
        expect.shape(batch, (2, 1, 5), what="self_attention of single words", hint="an axis of size 1 is an axis")
    X, W = draw.tensor(3, 4), matrices(draw, 4, 1, 1)
    expect.close(
        student.self_attention(X, *W),
        attention(X, *W),
        what="self_attention of width 1",
        hint=_SCORES,
        rtol=properties.ROUGH,
    )


@check(item="s004-1.01")
def large_scores_and_zeros_are_fine(student: Student, draw: Draw) -> None:
    """Scores of several thousand are finite and right; where all scores are 0 the output is the mean of the values, and
    a word whose numbers are all 0 counts as any other."""
    X, W = draw.tensor(4, 3), matrices(draw, 3, 2, 5)
    hint = "torch.softmax takes care of large scores; exp alone does not"
    expect.close(
        student.self_attention(60 * X, *W),
        attention(60 * X, *W),
        what="self_attention with large scores",
        hint=hint,
        rtol=properties.ROUGH,
    )
    empty = X.clone()
    empty[2] = 0.0
    expect.close(student.self_attention(empty, *W), attention(empty, *W), what="self_attention with a word of zeros",
                 hint="a score of 0 is a score, and no mask", rtol=properties.ROUGH)  # fmt: skip
    none = torch.zeros(3, 2, dtype=torch.float64)
    expect.close(student.self_attention(X, none, none, W[2]), (X @ W[2]).mean(0).expand(4, 5),
                 what="self_attention with scores of 0",
                 hint="a score of 0 is a score, and no mask", rtol=properties.ROUGH)  # fmt: skip


@check(item="s004-1.01")
def attention_keeps_dtypes_and_arguments(student: Student, draw: Draw) -> None:
    """float32 and float64 stay what they are, float64 keeps its digits, arguments stay as they were."""
    X, W = draw.tensor(4, 5), matrices(draw, 5, 2, 3)
    other = draw.tensor(3, 5)
    properties.no_side_effects(student, "self_attention", [X, *W], [other, *W])
    shared.rows_stay(student, "self_attention", [draw.tensor(2, 3, 5), *W])
    along = draw.tensor(4, 5)
    properties.keeps_precision(student, "self_attention", lambda step: [X + step * along, *W])


# --- s004-1.03 ---------------------------------------------------------------


def layers_of(draw: Draw, d: int, count: int) -> list[Three]:
    return [(draw.tensor(d, d), draw.tensor(d, d), draw.tensor(d, d)) for _ in range(count)]


def listed(reply: Any, count: int) -> list[Any]:
    """The states, which may also come in one tensor (L + 1, n, d)."""
    if isinstance(reply, (torch.Tensor, np.ndarray)) and reply.ndim == 3:
        reply = list(reply)
    return expect.parts(reply, count, what="the states", hint="the input, and what each layer gives")


def _states(student: Student, X: torch.Tensor, layers: list[Three], skip: bool) -> list[torch.Tensor]:
    reply = student.attention_stack(X, layers, skip)
    states = listed(reply, len(layers) + 1)
    return [expect.tensor(state, tuple(X.shape), what="a state") for state in states]


def _stacked(student: Student, draw: Draw, skip: bool) -> None:
    X, layers = draw.tensor(4, 3), layers_of(draw, 3, 3)
    state = X
    for depth, (mine, three) in enumerate(zip(_states(student, X, layers, skip)[1:], layers, strict=True), 1):
        state = attention(state, *three) + (state if skip else 0)
        hint = "each layer gets what the one below gave, and has its own matrices"
        hint += "; its own input is added" if skip else "; without a skip nothing is added"
        expect.close(mine, state, what=f"the state after layer {depth}", hint=hint, rtol=properties.ROUGH)


@check(item="s004-1.03", points=2)
def stack_without_skips(student: Student, draw: Draw) -> None:
    """Without skips each state is the attention of the one before, by its layer's own matrices."""
    _stacked(student, draw, False)


@check(item="s004-1.03", points=2)
def stack_with_skips(student: Student, draw: Draw) -> None:
    """With skips each layer adds to what it gets."""
    _stacked(student, draw, True)


@check(item="s004-1.03")
def stack_begins_with_its_input(student: Student, draw: Draw) -> None:
    """The first state is the input, also where there is no layer, or a single word; the input stays as it was."""
    X, layers = draw.tensor(4, 3), layers_of(draw, 3, 2)
    reply, after = student.with_inputs("attention_stack", X, layers, False)
    expect.unharmed([X, layers], after[:2], what="an argument of attention_stack")
    states = listed(reply, 3)
    expect.close(states[0], X, what="the first state", hint="the states begin with the input", rtol=properties.ROUGH)
    expect.close(_states(student, X, [], False)[0], X, what="the state of no layers", rtol=properties.ROUGH)
    expect.close(_states(student, X[:1], layers, False)[0], X[:1], what="the first state", rtol=properties.ROUGH)
    apart = _states(student, X, layers, False)
    expect.true(bool((apart[1] - apart[2]).abs().max() > 1e-6), "The states of two layers are the same.")


@check(item="s004-1.03")
def stack_keeps_dtypes_and_large_states(student: Student, draw: Draw) -> None:
    """float32 stays float32 and float64 keeps its digits; states of several thousand pass as they are."""
    X, layers = draw.tensor(3, 2, scale=2e3), layers_of(draw, 2, 1)
    for dtype, rtol in ((torch.float32, properties.SINGLE), (torch.float64, 1e-9)):
        given = [(Wq.to(dtype) / 1e6, Wk.to(dtype), Wv.to(dtype)) for Wq, Wk, Wv in layers]
        reply = listed(student.attention_stack(X.to(dtype), given, False), 2)
        expect.dtype(reply[1], given[0][0], what="a state")
        want = attention(X.to(dtype), *given[0])
        expect.close(reply[1], want, what="a state of large numbers", rtol=rtol, hint="nothing is cut or rounded")


def _curve(student: Student, L: int, skip: bool, **more: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    curve = expect.numbers(
        student.collapse_curve(L, skip, **more), (L + 1,), what="collapse_curve(L, skip)", hint="L + 1 numbers"
    )
    expect.true(bool((curve >= 0).all()), "A curve has negative numbers.", "0 means: all rows are the same")
    return curve


@check(item="s004-1.03")
def curves_begin_at_one(student: Student, draw: Draw) -> None:
    """Curves of any depth have L + 1 numbers, the first of which is 1."""
    for L, skip in ((0, False), (1, False), (6, False), (0, True), (6, True)):
        first = _curve(student, L, skip)[0]
        hint = "each number is divided by the first, which belongs to the input"
        expect.close(first, 1.0, what="the first number of a curve", hint=hint, rtol=1e-6)


@check(item="s004-1.03")
def without_skips_words_become_alike(student: Student, draw: Draw) -> None:
    """Without skips less than a thousandth of the differences is left after six layers, for several seeds."""
    for seed in (draw.integer(1, 400), draw.integer(401, 900)):
        curve = _curve(student, 6, False, seed=seed)
        hint = "is the mean row taken away first? A matrix of equal rows has a norm, too. And is a skip left in?"
        expect.true(bool(curve[6] < 1e-3), "Without skips, words stay different.", hint)
        expect.true(bool(curve[1] > 1e-6), "Nothing is left after a single layer.", "are layers and input generic?")


@check(item="s004-1.03")
def curves_go_below_what_float32_can_tell(student: Student, draw: Draw) -> None:
    """Without skips, curves of eight layers reach numbers that only float64 can tell from 0."""
    fine = 0
    for _ in range(8):  # float32 gives about 1e-7, or leaps to 0; float64 has now and then no number in between either
        curve = _curve(student, 8, False, seed=draw.integer(1, 900))
        fine += bool(((curve > 0) & (curve < 1e-9)).any())
    hint = "is everything in float64, from the draw of the input on? torch.randn gives float32 unless told otherwise"
    expect.true(fine > 1, "Your curves end where float32 cannot tell differences from 0.", hint, f"{fine} of 8")


@check(item="s004-1.03")
def skips_keep_words_apart(student: Student, draw: Draw) -> None:
    """With skips at least ten times as much is left after six layers, and not less than a hundredth."""
    for seed in (draw.integer(1, 400), draw.integer(401, 900)):
        pure, kept = _curve(student, 6, False, seed=seed), _curve(student, 6, True, seed=seed)
        hint = "x + attention(x): the differences in x stay in the sum"
        expect.true(bool(kept[6] >= 10 * pure[6] and kept[6] > 1e-3), "With skips, words become alike as well.", hint)


@check(item="s004-1.03")
def seeds_draw_and_repeat(student: Student, draw: Draw) -> None:
    """The same seed gives the same curve, another seed another one."""
    one = draw.integer(1, 400)
    curve = _curve(student, 2, False, seed=one)
    again = _curve(student, 2, False, seed=one)
    expect.same(curve, again, what="the curve of a seed, drawn again,", hint="draw from a generator with that seed")
    for two in (one + 1, one + 2, draw.integer(500, 900)):
        other = _curve(student, 2, False, seed=two)
        expect.true(
            bool(np.abs(curve[1:] - other[1:]).max() > 1e-9),
            "Two seeds give the same curve.",
            "what is drawn from the seed?",
        )
