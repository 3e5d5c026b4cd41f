"""Hidden checks: the long sequence (s001-2.2.1), the prefix mask (s004-1.13), counting scores (s001-2.2.3b)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.judge import Draw, Student, check, expect

from . import reference as ref

NAME = "generate_tensors_for_training_decoder_nmt"
SIZES = ((3, 5, 8), (2, 4, 6), (5, 7, 4))  # words, S, T; single ones are the business of one check


def a_batch(draw: Draw, b: int, S: int, T: int) -> tuple[Tensor, Tensor]:
    """(source, target) with tokens from 1 to 26, each ending in a sign, some translations in more than one."""
    source, target = (torch.tensor([[draw.integer(1, 26) for _ in range(n)] for _ in range(b)]) for n in (S, T))
    source[:, -1], target[:, -1] = 29, 28
    target[1::2, -2:] = 28
    return source, target


def made(student: Student, source: Tensor, target: Tensor, start: int) -> tuple[Any, Any]:
    """What the student's function gives: a pair (inputs, targets)."""
    got = getattr(student, NAME)(source, target, start, False)
    return pair(got, f"what {NAME} returns", "(inputs, targets)")


def pair(got: Any, what: str, of: str) -> tuple[Any, Any]:
    """A tuple or list of two. Raises Feedback for anything else."""
    expect.true(isinstance(got, (tuple, list)) and len(got) == 2, f"{what} should be a pair {of}.")
    return got[0], got[1]


def table(value: Any, rows: int, *, what: str) -> Any:
    """A float64 array with `rows` rows and at least one column."""
    numbers = expect.array(value, what=what)
    expect.true(numbers.ndim == 2, f"{what} should have two axes: words and positions.")
    expect.true(len(numbers) == rows, f"{what} should have one row per word.", "is only the first word used?")
    expect.true(numbers.shape[1] > 0, f"{what} are empty.")
    return numbers


@check(item="s001-2.2.1", points=1)
def inputs_begin_with_the_start_token(student: Student, draw: Draw) -> None:
    """The first token that the model reads is the start token, in every row, whichever token that is."""
    for (b, S, T), start in zip(SIZES, (27, 0, draw.integer(30, 90)), strict=True):
        inputs, _ = made(student, *a_batch(draw, b, S, T), start)
        first = table(inputs, b, what="the inputs")[:, 0]
        expect.true(
            bool((first == start).all()),
            "Not every row of the inputs begins with the start token.",
            "there is one start token per word, and which token it is comes as an argument",
        )


@check(item="s001-2.2.1", points=2)
def targets_are_source_then_translation(student: Student, draw: Draw) -> None:
    """The targets are the source with its EOP, then the translation with its EOS."""
    for b, S, T in SIZES:
        source, target = a_batch(draw, b, S, T)
        _, targets = made(student, source, target, 27)
        found = table(targets, b, what="the targets")
        hint = "the source comes first, and nothing of either is left out"
        expect.close(found, torch.cat([source, target], 1), what="the targets", hint=hint)


@check(item="s001-2.2.1", points=2)
def inputs_lag_one_step_behind(student: Student, draw: Draw) -> None:
    """At each position after the first, the model reads what was the target one position before."""
    for b, S, T in SIZES:
        inputs, targets = made(student, *a_batch(draw, b, S, T), 27)
        read, said = table(inputs, b, what="the inputs"), table(targets, b, what="the targets")
        expect.true(
            read.shape == said.shape,
            "Inputs and targets do not fit together: their shapes differ.",
            "the start token shifts everything by one place, so the last token is never read",
        )
        expect.true(
            bool((read[:, 1:] == said[:, :-1]).all()),
            "Inputs and targets are not the same sequence one step apart.",
            "at position i the model reads what it should have said at position i - 1",
        )


@check(item="s001-2.2.1", points=1)
def sequences_hold_integers(student: Student, draw: Draw) -> None:
    """Both tensors are int64, as an embedding wants them."""
    for part, what in zip(made(student, *a_batch(draw, 2, 4, 6), 27), ("the inputs", "the targets"), strict=True):
        table(part, 2, what=what)
        hint = "the start token is an int; a tensor made without a dtype may be float"
        expect.dtype(part, torch.zeros(1, dtype=torch.int64), what=what, hint=hint)


@check(item="s001-2.2.1", points=2)
def shortest_words_make_sequences(student: Student, draw: Draw) -> None:
    """It also works for a single word, and where source or translation is nothing but its end sign."""
    for b, S, T in ((1, 4, 6), (1, 1, 1), (1, 3, 1), (4, 1, 2)):
        source, target = a_batch(draw, b, S, T)
        inputs, targets = made(student, source, target, 27)
        want = ref.sequences(source, target, 27)
        where = f"for {b} word(s), S = {S}, T = {T}"
        expect.close(inputs, want[0], what=f"the inputs {where}", hint="inputs and targets have S + T tokens")
        expect.close(targets, want[1], what=f"the targets {where}")


@check(item="s001-2.2.1", points=1)
def arguments_of_the_sequences_stay_unharmed(student: Student, draw: Draw) -> None:
    """Source and target are the same after the call; a second call gives the same, one with other words does not."""
    source, target = a_batch(draw, 3, 4, 7)
    first, after = student.with_inputs(NAME, source, target, 27, False)
    expect.unharmed([source, target], after[:2], what="source or target")
    again = made(student, source, target, 27)
    for one, other in zip(pair(first, "the result", "(inputs, targets)"), again, strict=True):
        expect.true(bool(expect.array(one, what="the result").any()), "The sequences hold nothing but zeros.")
        expect.same(one, other, what="a second call with the same arguments")
    fresh = made(student, *a_batch(draw, 3, 4, 7), 27)  # as many words, as long
    for one, other in zip(again, fresh, strict=True):
        known, new = (expect.array(part, what="the result") for part in (one, other))
        told = "Other words, as many and as long, give the same sequences."
        expect.true(known.shape != new.shape or bool((known != new).any()), told, "is a result kept between calls?")


# --- the prefix mask -------------------------------------------------------------------------------------------------

HALVES = ((3, 4), (5, 2), (2, 6), (14, 9))


def square(student: Student, n: int, m: int) -> Any:
    """prefix_mask(n, m) as a float array of 0 and 1 of the right shape."""
    got = expect.array(student.prefix_mask(n, m), what=f"prefix_mask({n}, {m})")
    hint = "one row and one column for each of the n + m tokens"
    expect.shape(got, (n + m, n + m), what=f"prefix_mask({n}, {m})", hint=hint)
    return got


def part_is_right(student: Student, rows: str, columns: str, hint: str, say: str) -> None:
    """One of the four blocks follows the rule; the others are not looked at."""
    for n, m in HALVES:
        got, rule = square(student, n, m), ref.prefix(n, m).numpy()
        half = {"prefix": slice(0, n), "rest": slice(n, n + m)}
        allowed = got > 0
        allowed[half[rows], half[columns]] = rule[half[rows], half[columns]]
        expect.mask(got, allowed, what=f"prefix_mask({n}, {m})", hint=hint, say=say, rows="row", columns="column")


@check(item="s004-1.13", points=1)
def prefix_mask_is_a_square_of_booleans(student: Student, draw: Draw) -> None:
    """The mask has a row and a column per token, and holds True and False."""
    for n, m in HALVES:
        got = student.prefix_mask(n, m)
        flat = square(student, n, m)
        expect.dtype(got, np.zeros(1, dtype=bool), what=f"prefix_mask({n}, {m})", hint="use dtype=torch.bool")
        told = "The mask is the same everywhere."
        expect.true(bool(flat.any()) and not bool(flat.all()), told)


@check(item="s004-1.13", points=2)
def the_prefix_sees_all_of_itself(student: Student, draw: Draw) -> None:
    """Every token of the prefix may look at every other one, ahead and back."""
    part_is_right(student, "prefix", "prefix", "the first n rows and columns are one open square", "is not allowed")


@check(item="s004-1.13", points=2)
def the_prefix_never_sees_the_rest(student: Student, draw: Draw) -> None:
    """No token of the prefix may look at a token after the prefix."""
    hint = "rows are the ones that look: rows of the prefix stop at column n - 1"
    part_is_right(student, "prefix", "rest", hint, "comes after the prefix")


@check(item="s004-1.13", points=1)
def the_rest_sees_the_whole_prefix(student: Student, draw: Draw) -> None:
    """Every token after the prefix may look at all of the prefix."""
    part_is_right(student, "rest", "prefix", "what is written depends on all of the source", "is not allowed")


@check(item="s004-1.13", points=2)
def the_rest_does_not_look_ahead(student: Student, draw: Draw) -> None:
    """A token after the prefix may look at itself and at what came before it, not ahead."""
    part_is_right(student, "rest", "rest", "among the last m tokens the rule is causal", "lies in its future")


@check(item="s004-1.13", points=1)
def empty_halves_make_sense(student: Student, draw: Draw) -> None:
    """Without a prefix the mask is causal; with nothing after it everything is open; one token is a half, too."""
    hints = "n = 0: an ordinary causal mask", "m = 0: all is prefix"
    for size in (draw.integer(3, 6), 1):
        for n, m, hint in ((0, size, hints[0]), (size, 0, hints[1])):
            got, rule, what = square(student, n, m), ref.prefix(n, m).numpy(), f"prefix_mask({n}, {m})"
            expect.mask(got, rule, what=what, hint=hint, rows="row", columns="column")
    for n, m in ((1, 6), (4, 1), (1, 1)):
        # a slip in the rule costs the check of its block; here it only has to be the same slip
        got, larger = square(student, n, m), square(student, n + 2, m + 2)
        places = [*range(n), *range(n + 2, n + 2 + m)]
        what = f"prefix_mask({n}, {m}), held against a larger one,"
        expect.same(larger[np.ix_(places, places)], got, what=what, hint="one token is a half like any other")


# --- counting scores -------------------------------------------------------------------------------------------------

LENGTHS = ((8, 10), (3, 7), (9, 2), (20, 20))


def counted(n: int, m: int, kind: str) -> int:
    """The scores, from masks that are built and added up."""
    full = kind.endswith("_full")
    two_halves = [torch.ones(n, n), ref.tril(m), torch.ones(m, n)]
    blocks = two_halves if kind.startswith("encoder_decoder") else [ref.tril(n + m)]
    return sum(block.numel() if full else int(block.sum()) for block in blocks)


def counts_are_right(student: Student, kind: str, hint: str) -> None:
    for n, m in LENGTHS:
        what = f"score_counts({n}, {m}, {kind!r})"
        expect.close(
            expect.number(student.score_counts(n, m, kind), what=what), counted(n, m, kind), what=what, hint=hint
        )


@check(item="s001-2.2.3b", points=1)
def causal_sequence_counts_its_triangle(student: Student, draw: Draw) -> None:
    """decoder_only: the pairs that one causal mask over n + m tokens allows."""
    counts_are_right(student, "decoder_only", "each token looks at itself and at all before it, source included")


@check(item="s001-2.2.3b", points=2)
def encoder_decoder_counts_three_attentions(student: Student, draw: Draw) -> None:
    """encoder_decoder: source at source, translation causally at itself, translation at source."""
    hint = "three attentions: the encoder's, the decoder's own (causal), and the one from decoder to encoder"
    counts_are_right(student, "encoder_decoder", hint)


@check(item="s001-2.2.3b", points=1)
def full_sequence_counts_its_square(student: Student, draw: Draw) -> None:
    """decoder_only_full: all pairs of n + m tokens."""
    counts_are_right(student, "decoder_only_full", "every pair of the long sequence is computed, allowed or not")


@check(item="s001-2.2.3b", points=1)
def full_encoder_decoder_counts_rectangles(student: Student, draw: Draw) -> None:
    """encoder_decoder_full: three rectangles, nothing left out by a mask."""
    counts_are_right(student, "encoder_decoder_full", "three attentions again; only the decoder's own had a mask")


@check(item="s001-2.2.3b", points=1)
def source_and_translation_are_told_apart(student: Student, draw: Draw) -> None:
    """A longer source costs the encoder-decoder more than a longer translation; the causal sequence does not care."""
    n = draw.integer(12, 30)
    m = draw.integer(2, 9)
    long_source, long_target = (
        expect.number(student.score_counts(*lengths, "encoder_decoder"), what="score_counts(...)")
        for lengths in ((n, m), (m, n))
    )
    expect.true(
        long_source > long_target,
        "A long source with a short translation should need more scores in an encoder-decoder than the reverse.",
        "only one of the two halves has a causal mask; are n and m swapped?",
    )
    one, other = (
        expect.number(student.score_counts(*lengths, "decoder_only"), what="score_counts(...)")
        for lengths in ((n, m), (m, n))
    )
    expect.true(one == other, "For one causal sequence only n + m should matter.")


@check(item="s001-2.2.3b", points=1)
def nothing_to_read_or_to_write_is_no_error(student: Student, draw: Draw) -> None:
    """A source or a translation of no tokens, or of one, has a count too; without any token it is 0."""
    for kind in ("decoder_only", "encoder_decoder", "decoder_only_full", "encoder_decoder_full"):
        for n, m in ((0, 4), (6, 0), (1, 1), (1, 5)):
            what = f"score_counts({n}, {m}, {kind!r})"
            expect.true(expect.number(student.score_counts(n, m, kind), what=what) > 0, f"{what} is not above 0.")
        nothing = expect.number(student.score_counts(0, 0, kind), what=f"score_counts(0, 0, {kind!r})")
        expect.true(nothing == 0, f"score_counts(0, 0, {kind!r}) is not 0.", "no token looks at anything")


@check(item="s001-2.2.3b", points=1)
def unknown_kinds_are_refused(student: Student, draw: Draw) -> None:
    """A kind that does not exist raises ValueError."""
    for kind in ("encoder", "decoder_only_half", "encoder_decoder_half", "full", "Encoder_Decoder", ""):
        raised = student.raised("score_counts", 3, 4, kind)
        expect.true(
            raised == "ValueError",
            f"score_counts(3, 4, {kind!r}) should raise ValueError.",
            "an unknown kind must not fall through to one of the counts, or to None",
        )
    expect.true(not student.raised("score_counts", 3, 4, "decoder_only"), "The kinds of the table must be accepted.")
