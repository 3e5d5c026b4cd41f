"""Hidden checks of part 1 and 2: scores, what depends on what, and the probability of a sentence."""

from __future__ import annotations

import numpy as np
import torch
from seq2kit.concepts.wiring import KINDS

from autograder.judge import Draw, Student, check, expect, properties

from . import shared

Table = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

# --- proper-score --------------------------------------------------------------


def _predictions(draw: Draw, n: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], Table]:
    p = np.array([draw.uniform(0.05, 0.95) for _ in range(n)])
    return p, np.array([k % 3 == 0 for k in draw.permutation(n).tolist()])


@check(item="proper-score")
def brier_is_the_mean_square(student: Student, draw: Draw) -> None:
    """The Brier score is the mean of (p - y)^2, over hits and misses."""
    for n in (7, 1):
        p, hit = _predictions(draw, n)
        want = float(((p - hit.astype(np.float64)) ** 2).mean())
        got = expect.number(student.brier(p, hit), what="brier(p, hit)")
        expect.close(
            got,
            want,
            what="brier(p, hit)",
            hint="the square of the distance to 1 for a hit, to 0 for a miss; then the mean",
        )


@check(item="proper-score")
def log_score_is_that_of_what_happened(student: Student, draw: Draw) -> None:
    """The log score is the mean of minus ln of the probability of what happened, in nats."""
    for n in (7, 1):
        p, hit = _predictions(draw, n)
        want = float(-np.log(np.where(hit, p, 1 - p)).mean())
        got = expect.number(student.log_score(p, hit), what="log_score(p, hit)")
        hint = "p for a hit, 1 - p for a miss; natural logarithm; the mean"
        expect.close(got, want, what="log_score(p, hit)", hint=hint)


@check(item="proper-score")
def sure_and_right_costs_nothing(student: Student, draw: Draw) -> None:
    """A confidence of exactly 0 or 1 that comes true scores 0, alone and among others."""
    p, hit = np.array([1.0, 0.0, draw.uniform(0.2, 0.8)]), np.array([True, False, True])
    got = expect.number(student.log_score(p, hit), what="log_score with a confidence of 1 and one of 0")
    hint = "take the logarithm only of the probability of what happened"
    expect.close(got, -np.log(p[2]) / 3, what="log_score with a confidence of 1 and one of 0", hint=hint, rtol=1e-6)


@check(item="proper-score")
def small_chances_are_told_apart(student: Student, draw: Draw) -> None:
    """Nearly sure and wrong costs as much as the logarithm says, however small the chance."""
    hint = "is something cut off or added before the logarithm?"
    for low, high in ((7.0, 9.0), (20.0, 60.0)):
        p, hit = np.array([10.0 ** -draw.uniform(low, high)]), np.array([True])
        got = expect.number(student.log_score(p, hit), what="log_score of a tiny confidence")
        expect.close(got, -np.log(p[0]), what="log_score of a tiny confidence", hint=hint, rtol=1e-3)


@check(item="proper-score")
def scores_leave_everything_alone(student: Student, draw: Draw) -> None:
    """Arguments stay as they were, a second call agrees, and other predictions score otherwise."""
    for name in ("brier", "log_score"):
        properties.no_side_effects(student, name, _predictions(draw, 5), _predictions(draw, 5))


# --- s000-2.09-depends -----------------------------------------------------------

_DEPENDS = "move one input at a time, or take the derivatives of every output"


def _rule(draw: Draw, n: int) -> Table:
    """Who hears whom: neither a triangle nor its own mirror image."""
    while True:
        rule = np.array([[draw.uniform() < 0.5 for _ in range(n)] for _ in range(n)])
        if (rule != rule.T).any() and np.tril(rule, -1).any() and np.triu(rule, 1).any() and not rule.all():
            return rule


def _heard(
    student: Student, rule: Table, x: torch.Tensor, *, weak: float = 1.0, deaf: bool = False, seed: int = 1
) -> None:
    model = shared.wired(student, rule.tolist(), x.shape[1], 4, seed, weak, deaf)
    what = "depends(model, x)"
    got = expect.numbers(
        student.depends(model, x), rule.shape, what=what, hint="a row for each output, a column for each input"
    )
    expect.true(bool(((got == 0) | (got == 1)).all()), f"{what} should hold only True and False.")
    expect.true(not (got > rule).any(), f"{what} names a dependence that is not there.", _DEPENDS)
    expect.true(not (got < rule).any(), f"{what} misses a dependence.", _DEPENDS)


@check(item="s000-2.09-depends", points=2)
def drawn_wirings_are_found(student: Student, draw: Draw) -> None:
    """Who hears whom is found for a wiring that is drawn anew."""
    for n in (5, 6):
        _heard(student, _rule(draw, n), draw.tensor(n, 3), seed=draw.integer(1, 10**6))


@check(item="s000-2.09-depends")
def inputs_of_zeros_are_heard(student: Student, draw: Draw) -> None:
    """An input that is exactly zero is heard like any other."""
    x = draw.tensor(5, 3)
    x[2] = 0.0
    rule = _rule(draw, 5)
    rule[[0, 4], 2] = True
    _heard(student, rule, x, seed=draw.integer(1, 10**6))


@check(item="s000-2.09-depends")
def weak_dependences_are_heard(student: Student, draw: Draw) -> None:
    """A dependence a hundred thousand times weaker than others is one, too."""
    rule = _rule(draw, 5)
    rule[0, 3] = rule[1, 1] = True  # two of the weak ones
    _heard(student, rule, draw.tensor(5, 3), weak=1e-5, seed=draw.integer(1, 10**6))


@check(item="s000-2.09-depends")
def every_number_of_a_vector_is_asked(student: Student, draw: Draw) -> None:
    """Dependences are found where not all numbers of a vector are heard, and not all of an output ever move."""
    _heard(student, _rule(draw, 5), draw.tensor(5, 3), deaf=True, seed=draw.integer(1, 10**6))


@check(item="s000-2.09-depends")
def networks_are_what_they_are(student: Student, draw: Draw) -> None:
    """One-way and two-way networks, and attention with and without a mask, are told apart."""
    for kind in KINDS:
        n = 4
        model = student.tool("wiring").made("network", kind, seed=draw.integer(1, 10**6))
        rule = np.tril(np.ones((n, n))) if kind in ("one-way RNN", "causal attention") else np.ones((n, n))
        got = expect.numbers(student.depends(model, draw.tensor(n, 3)), (n, n), what="depends(network, x)")
        expect.true(bool((got == rule).all()), f"depends(model, x) is wrong for a network: {kind}.", _DEPENDS)


@check(item="s000-2.09-depends")
def a_single_vector_has_a_table_too(student: Student, draw: Draw) -> None:
    """A sequence of one vector gives one row of one."""
    _heard(student, np.ones((1, 1), dtype=bool), draw.tensor(1, 3), seed=draw.integer(1, 10**6))


@check(item="s000-2.09-depends")
def the_inputs_stay_as_they_were(student: Student, draw: Draw) -> None:
    """x is what it was after the call."""
    x = draw.tensor(5, 3)
    model = shared.wired(student, _rule(draw, 5).tolist(), 3, 4, 1, 1.0, False)
    got, after = student.with_inputs("depends", model, x)
    properties.alive(got, (5, 5), what="depends(model, x)")
    expect.unharmed(x, after[1], what="x")


# --- s000-2.06-chain -------------------------------------------------------------

_CHAIN = "a softmax over each row, the logarithm at the row's own token, and their sum"


def _log_prob(logits: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    return torch.log_softmax(logits, -1)[torch.arange(len(tokens)), tokens].sum()


def _tokens(draw: Draw, length: int, vocabulary: int) -> torch.Tensor:
    return torch.tensor([draw.integer(0, vocabulary - 1) for _ in range(length)])


@check(item="s000-2.06-chain", points=2)
def the_sentence_follows_the_chain_rule(student: Student, draw: Draw) -> None:
    """ln P is the sum over the places of ln softmax at the token of the place."""
    for length, vocabulary in ((4, 6), (7, 3)):
        logits, tokens = draw.tensor(length, vocabulary, scale=2.0), _tokens(draw, length, vocabulary)
        got = student.sentence_log_prob(logits, tokens)
        expect.close(got, _log_prob(logits, tokens), what="sentence_log_prob(logits, tokens)", hint=_CHAIN)


@check(item="s000-2.06-chain")
def one_token_or_one_word_will_do(student: Student, draw: Draw) -> None:
    """A sentence of one token, and a vocabulary of one, whose sentence is certain."""
    for length, vocabulary in ((1, 5), (4, 1)):
        logits, tokens = draw.tensor(length, vocabulary), _tokens(draw, length, vocabulary)
        got = student.sentence_log_prob(logits, tokens)
        expect.close(got, _log_prob(logits, tokens), what="ln P where an axis has length 1", hint=_CHAIN, atol=1e-9)


@check(item="s000-2.06-chain")
def scores_of_exactly_zero_count(student: Student, draw: Draw) -> None:
    """A score of 0 is a score like any other, at the token of a place and beside it."""
    logits, tokens = draw.tensor(4, 5), _tokens(draw, 4, 5)
    logits[0, tokens[0]] = logits[1, (tokens[1] + 1) % 5] = 0.0
    got = student.sentence_log_prob(logits, tokens)
    expect.close(got, _log_prob(logits, tokens), what="ln P where some scores are 0", hint=_CHAIN)


@check(item="s000-2.06-chain")
def large_scores_stay_finite(student: Student, draw: Draw) -> None:
    """Scores of several thousand give a finite logarithm, the right one."""
    logits, tokens = draw.tensor(4, 3, scale=3000.0), _tokens(draw, 4, 3)
    got = student.sentence_log_prob(logits, tokens)
    expect.close(
        got,
        _log_prob(logits, tokens),
        what="ln P with large scores",
        hint="is there a function that does softmax and logarithm in one?",
    )


@check(item="s000-2.06-chain")
def long_sentences_stay_finite(student: Student, draw: Draw) -> None:
    """The logarithm of a probability too small for a number is finite, and right."""
    logits, tokens = draw.tensor(3000, 3), _tokens(draw, 3000, 3)
    got = student.sentence_log_prob(logits, tokens)
    expect.close(
        got,
        _log_prob(logits, tokens),
        what="ln P of a long sentence",
        hint="sum logarithms: the product is 0",
        rtol=1e-7,
    )


@check(item="s000-2.06-chain")
def precision_of_the_logits_is_kept(student: Student, draw: Draw) -> None:
    """float32 in, float32 out; float64 keeps its digits."""
    logits, way, tokens = draw.tensor(4, 5), draw.tensor(4, 5), _tokens(draw, 4, 5)
    properties.keeps_precision(student, "sentence_log_prob", lambda step: (logits + step * way, tokens))


@check(item="s000-2.06-chain")
def gradients_reach_the_logits(student: Student, draw: Draw) -> None:
    """The derivative at the logits is that of what the function itself gives."""
    logits, tokens, way = draw.tensor(4, 5), _tokens(draw, 4, 5), draw.tensor(4, 5)
    _, (got,) = student.vjp("sentence_log_prob", [logits, tokens], [torch.ones((), dtype=torch.float64)])
    expect.true(got is not None, "No gradient reaches the logits.", "is something detached, or taken out with item()?")
    slope = float((expect.numbers(got, (4, 5), what="the gradient at the logits") * way.numpy()).sum())
    ends = [expect.number(student.sentence_log_prob(logits + e * way, tokens), what="ln P") for e in (1e-5, -1e-5)]
    moved = (ends[0] - ends[1]) / 2e-5
    fits = abs(slope - moved) < 1e-5 * max(1.0, abs(moved)) and moved != 0
    expect.true(fits, "The gradient is not that of the value.", "is a part of the sum detached?")


@check(item="s000-2.06-chain")
def the_chain_leaves_everything_alone(student: Student, draw: Draw) -> None:
    """Arguments stay as they were, a second call agrees, and other scores give another result."""
    one, other = [(draw.tensor(4, 5), _tokens(draw, 4, 5)) for _ in range(2)]
    properties.no_side_effects(student, "sentence_log_prob", one, other)
