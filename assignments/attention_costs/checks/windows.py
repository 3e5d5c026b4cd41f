"""Hidden checks of what attention can express: additive scores, a convolution, a maximum over a window."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from autograder.judge import Draw, Feedback, Student, check, expect, properties

from . import reference as parts

# --- s004-1.05 -------------------------------------------------------------


def _additive(draw: Draw, nq: int = 5, nk: int = 7, dq: int = 4, dk: int = 3, h: int = 6) -> tuple[Any, ...]:
    return draw.tensor(nq, dq), draw.tensor(nk, dk), draw.tensor(dq, h), draw.tensor(dk, h), draw.tensor(h)


@check(item="s004-1.05", points=2)
def scores_of_every_pair(student: Student, draw: Draw) -> None:
    """Each query scores each key by w . tanh(q Wq + k Wk), for queries and keys of different numbers and sizes."""
    for sizes in ((5, 7, 4, 3, 6), (6, 2, 3, 5, 4), (4, 4, 2, 3, 7), (3, 5, 4, 4, 4)):
        given = _additive(draw, *sizes)
        got = student.additive_scores(*given)
        expect.shape(got, sizes[:2], what="additive_scores(...)", hint="queries in rows, keys in columns")
        expect.close(
            got, parts.additive(*given), what="additive_scores(...)", rtol=properties.ROUGH,
            hint="add the two projections, then tanh, then w: in this order, and nothing divided by anything",
        )  # fmt: skip


@check(item="s004-1.05")
def scores_stay_within_the_weights(student: Student, draw: Draw) -> None:
    """However large the inputs, no score exceeds the sum of |w|, and tanh reaches its ends."""
    Q, K, Wq, Wk, w = _additive(draw)
    bound = float(w.abs().sum())
    for scale in (3.0, 1e5):
        given = (scale * Q, scale * K, Wq, Wk, w)
        got = expect.numbers(student.additive_scores(*given), (5, 7), what="additive_scores(...)")
        expect.at_most(
            abs(got), bound * (1 + 1e-5), what="a score", hint="tanh lies between -1 and 1; where does it stand?"
        )
    expect.true(bool(abs(got).max() > 1e-6), "All scores are zero for large inputs.")
    one = draw.integer(0, 5)
    alone = np.zeros(6)
    alone[one] = 2.5
    w_one = w.new_tensor(alone)
    got = expect.array(student.additive_scores(1e5 * Q, 1e5 * K, Wq, Wk, w_one), what="additive_scores(...)")
    expect.close(
        abs(got), np.full((5, 7), 2.5), what="the size of saturated scores", rtol=1e-4,
        hint="for large inputs each tanh is -1 or 1, and w weighs them",
    )  # fmt: skip


@check(item="s004-1.05")
def only_the_sum_of_projections_counts(student: Student, draw: Draw) -> None:
    """Moving all queries and all keys so that their projections move in opposite directions changes nothing."""
    Q, K, _, Wk, w = _additive(draw, dq=3, dk=3)
    Wq, shift = Wk.clone(), draw.tensor(1, 3)
    before = student.additive_scores(Q, K, Wq, Wk, w)
    numbers = expect.array(before, what="additive_scores(...)")
    expect.true(bool(numbers.size > 1 and numbers.std() > 1e-6), "All scores are the same.")
    expect.same(
        before, student.additive_scores(Q + shift, K - shift, Wq, Wk, w), rtol=properties.ROUGH,
        what="the scores, when queries gain what keys lose",
        hint="queries and keys are added, not multiplied, and tanh sees their sum",
    )  # fmt: skip


@check(item="s004-1.05")
def each_pair_is_scored_by_itself(student: Student, draw: Draw) -> None:
    """The score of a query and a key is the same when they are the only ones."""
    Q, K, *weights = _additive(draw, nq=6, nk=4)
    together = expect.array(student.additive_scores(Q, K, *weights), what="additive_scores(...)")
    expect.shape(together, (6, 4), what="additive_scores(...)", hint="queries in rows, keys in columns")
    expect.true(bool(together.std() > 1e-6), "All scores are the same.")
    i, j = draw.integer(0, 5), draw.integer(0, 3)
    alone = student.additive_scores(Q[i : i + 1], K[j : j + 1], *weights)
    expect.same(
        together[i : i + 1, j : j + 1], alone, what="the score of one pair, alone or among others",
        rtol=properties.ROUGH, hint="these are scores, before any softmax; nothing is averaged over queries or keys",
    )  # fmt: skip


@check(item="s004-1.05")
def scores_are_linear_in_w(student: Student, draw: Draw) -> None:
    """Scores for a weighted sum of two vectors w are the weighted sums of their scores."""
    *given, w = _additive(draw)
    v, a, b = draw.tensor(6), draw.uniform(1.5, 3.0), -draw.uniform(0.5, 1.2)
    one, two, both = (
        expect.numbers(student.additive_scores(*given, u), (5, 7), what="additive_scores(...)")
        for u in (w, v, a * w + b * v)
    )
    expect.true(bool(abs(one).max() > 1e-6 and abs(one - two).max() > 1e-6), "The scores do not depend on w.")
    expect.close(
        both, a * one + b * two, what="the scores for a weighted sum of vectors w", rtol=properties.ROUGH,
        hint="w comes last: nothing bends the scores after it",
    )  # fmt: skip


@check(item="s004-1.05")
def gradients_reach_all_five(student: Student, draw: Draw) -> None:
    """Gradients flow to queries, keys and all three weights, and say how the scores move."""
    hint = "nothing may be detached, turned into plain numbers, or overwritten in place on the way"
    found = parts.gradients_agree(student, "additive_scores", list(_additive(draw)), draw, hint)
    for name, gradient in zip(("Q", "K", "Wq", "Wk", "w"), found, strict=True):
        expect.true(bool((abs(gradient) > 1e-12).any()), f"The gradient at {name} is zero.", hint)


@check(item="s004-1.05")
def additive_scores_keep_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    Q, *rest = _additive(draw)
    direction = draw.tensor(5, 4)
    properties.keeps_precision(student, "additive_scores", lambda step: (Q + step * direction, *rest))


@check(item="s004-1.05")
def additive_scores_have_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes none of its arguments, and calling twice gives the same."""
    properties.no_side_effects(student, "additive_scores", _additive(draw), _additive(draw))


# --- s001-1.3.1 ------------------------------------------------------------


def _conv(student: Student) -> Any:
    return parts.read_relative(student.value("conv_params"), "conv_params")


def _response(layer: Any, n: int, at: int, around: float = 0.0) -> Any:
    """What an impulse at one position does, relative to its whole effect, away from the ends: offset -> share."""
    x = np.full(n, around)
    x[at] += 1.0
    change = layer(x) - (layer(np.full(n, around)) if around else 0.0)
    inside = {i - at: float(change[i]) for i in range(1, n - 1)}
    whole = sum(abs(value) for value in inside.values())
    expect.true(whole > 1e-9, "The layer answers with zeros.", "WV scales everything that comes out")
    return {offset: value / whole for offset, value in inside.items()}


@check(item="s001-1.3.1", points=2)
def convolution_away_from_the_ends(student: Student, draw: Draw) -> None:
    """Away from the ends the layer gives 2 x_(i-1) + x_(i+1), for sequences of any length."""
    layer = _conv(student)
    for n in (3, 12, 100):
        x = abs(draw.array(n)) + 0.1
        want = 2 * x[:-2] + x[2:]
        expect.close(
            layer(x)[1:-1], want, what=f"the output for {n} positions, without the two ends", rtol=1e-6,
            hint="send a single 1 through the layer and look at what comes out, and where",
        )  # fmt: skip


@check(item="s001-1.3.1")
def previous_position_weighs_more(student: Student, draw: Draw) -> None:
    """What stands before a position counts more than what stands after it, and both count."""
    share = _response(_conv(student), 11, draw.integer(3, 7))
    expect.true(
        share[1] > share[-1] > 0.01,
        "The heavier weight is on the wrong side, or one side is missing.",
        "p has the index i - j, and x_(i-1) is j = i - 1: which index is that?",
        f"after {share[1]}, before {share[-1]}",
    )


@check(item="s001-1.3.1")
def neighbours_weigh_two_to_one(student: Student, draw: Draw) -> None:
    """One neighbour weighs exactly twice as much as the other, whichever it is."""
    share = _response(_conv(student), 12, draw.integer(3, 8))
    low, high = sorted((share[-1], share[1]))
    expect.true(low > 1e-6, "A neighbour gets no weight.")
    expect.close(
        high / low, 2.0, what="the ratio of the weights of the two neighbours", rtol=1e-6,
        hint="p is added to scores, and softmax takes the exponential: a difference in p becomes a ratio of weights",
    )  # fmt: skip


@check(item="s001-1.3.1")
def own_position_gets_nothing(student: Student, draw: Draw) -> None:
    """A position gives no weight to itself."""
    share = _response(_conv(student), 10, draw.integer(3, 6))
    expect.true(
        abs(share[0]) < 1e-6, "A position gives weight to itself.", "e to the power of 0 is 1: p = 0 is no mask"
    )


@check(item="s001-1.3.1")
def distant_positions_get_nothing(student: Student, draw: Draw) -> None:
    """Positions two or more away get no weight, in short sequences and in long ones."""
    layer = _conv(student)
    for n in (8, 31, 120):
        share = _response(layer, n, draw.integer(2, n - 3))
        far = max(abs(value) for offset, value in share.items() if abs(offset) > 1)
        expect.true(
            far < 1e-10,
            "Positions two or more away get weight.",
            'offsets that p does not name use "default": what should a score be, so that its weight is 0?',
            f"share {far} for n = {n}",
        )


@check(item="s001-1.3.1")
def equal_inputs_come_out_threefold(student: Student, draw: Draw) -> None:
    """A sequence of equal numbers comes out as three times that number."""
    c = draw.uniform(0.5, 4.0)
    expect.close(
        _conv(student)(np.full(9, c))[1:-1], np.full(7, 3 * c), what="the output for equal inputs", rtol=1e-6,
        hint="weights sum to 1, whatever p is; 2 + 1 is more than that: what is left to set?",
    )  # fmt: skip


@check(item="s001-1.3.1")
def weights_ignore_the_content(student: Student, draw: Draw) -> None:
    """The layer is linear: the output for a weighted sum of two inputs is the weighted sum of their outputs."""
    layer = _conv(student)
    x, z, a, b = abs(draw.array(13)), abs(draw.array(13)), draw.uniform(2.0, 5.0), draw.uniform(0.3, 0.8)
    one, two, both = layer(x), layer(z), layer(a * x + b * z)
    expect.true(bool(abs(one).max() > 1e-9), "The layer answers with zeros.")
    expect.close(
        both[1:-1], (a * one + b * two)[1:-1], what="the output for a weighted sum of inputs", rtol=1e-6,
        hint="a convolution has fixed weights: the scores must not depend on x",
    )  # fmt: skip


# --- s001-1.3.2 ------------------------------------------------------------


def _pool(student: Student, k: int, lam: float) -> Any:
    return parts.read_relative(student.maxpool_params(k, lam), f"maxpool_params({k}, {lam:g})")


def _maxima(x: Any, k: int) -> Any:
    return np.array([x[max(0, i - k) : i + k + 1].max() for i in range(len(x))])


def _gain(layer: Any) -> float:
    """What the layer multiplies equal inputs by."""
    gain = float(layer(np.ones(9))[4])
    if not math.isfinite(gain) or abs(gain) < 1e-9:
        raise Feedback("The layer answers equal inputs with zeros, or not with numbers.")
    return gain


@check(item="s001-1.3.2", points=2)
def error_stays_under_its_bound(student: Student, draw: Draw) -> None:
    """For inputs of at least 0.5 the error at position i is at most 2k / (e lam x_i), also where two are largest."""
    for k, lam in ((1, 1e3), (2, 1e4), (3, 1e5), (2, 1e3)):
        layer = _pool(student, k, lam)
        wide = 0.5 + 2.5 * np.array([draw.uniform() for _ in range(14)])
        wide[draw.integer(4, 6)] = wide[7] = wide.max() + 0.2
        narrow = 1 + np.array([draw.uniform() for _ in range(14)]) / math.sqrt(lam)  # rivals close to the maximum
        # one peak in each window, so little above the rest that the error comes near its bound
        worst = [1 + (np.arange(14) % (2 * k + 1) == k) * rise / lam for rise in (1.3, 2.5, 5.0)]
        for x in (wide, narrow, *worst):
            error = np.abs(layer(x) - _maxima(x, k))
            bound = 2 * k / (math.e * lam * x)
            expect.true(
                bool((error <= bound * (1 + 1e-6) + 1e-9).all()),
                f"With k = {k} and lam = {lam:g} the output is too far from the largest value of its window.",
                "where does lam have to stand so that a larger x_j gets nearly all the weight?",
                f"errors {error.round(6)}",
            )


@check(item="s001-1.3.2")
def error_falls_as_lam_grows(student: Student, draw: Draw) -> None:
    """A larger lam brings the output closer to the maximum."""
    k = draw.integer(1, 3)
    x = 0.5 + np.array([draw.uniform() for _ in range(15)])
    errors = []
    for lam in (1.0, 6.0, 36.0, 1296.0):
        layer = _pool(student, k, lam)
        errors.append(float(np.abs(layer(x) / _gain(layer) - _maxima(x, k)).mean()))
    expect.true(
        errors[0] > 1e-3 and all(b < 0.95 * a or b < 1e-9 for a, b in itertools.pairwise(errors)),
        "A larger lam does not bring the output closer to the maximum.",
        "lam should stretch the differences between the scores of large and of small x_j",
        f"errors {errors}",
    )


@check(item="s001-1.3.2")
def equal_inputs_stay_as_they_are(student: Student, draw: Draw) -> None:
    """A sequence of equal numbers comes out unchanged, for any window and any lam."""
    for k, lam in ((1, 2.0), (2, 50.0), (3, 1e4)):
        c = draw.uniform(0.5, 2.0)
        expect.close(
            _pool(student, k, lam)(np.full(10, c)), np.full(10, c), what="the output for equal inputs", rtol=1e-6,
            hint="an average of equal numbers is that number, and WV multiplies it",
        )  # fmt: skip


@check(item="s001-1.3.2")
def window_reaches_k_to_both_sides(student: Student, draw: Draw) -> None:
    """A peak is seen from every position up to k away, before it and after it."""
    for k in (1, 2, 3):
        at = draw.integer(k, 12 - k)
        x = np.full(13, 0.6)
        x[at] = 3.0
        layer = _pool(student, k, 1e4)
        seen = layer(x)[at - k : at + k + 1] / _gain(layer)
        expect.true(
            bool((abs(seen - 3.0) < 0.03).all()),
            f"With k = {k} a peak is not seen from everywhere in its window.",
            "the window reaches from i - k to i + k, both ends included, and holds i itself",
            f"seen {seen}",
        )


@check(item="s001-1.3.2")
def positions_beyond_the_window_do_not_matter(student: Student, draw: Draw) -> None:
    """A peak more than k away changes nothing, however large lam is, in short sequences and in long ones."""
    for k, lam, n, peak in ((1, 10.0, 12, 3.0), (2, 1e3, 15, 60.0), (3, 1e9, 40, 6000.0)):
        at = draw.integer(k + 2, n - k - 3)
        x = np.full(n, 0.6)
        x[at] = peak
        layer = _pool(student, k, lam)
        away = [i for i in range(n) if abs(i - at) > k]
        got = layer(x)[away] / _gain(layer)
        expect.true(
            bool((abs(got - 0.6) < 1e-6).all()),
            f"With k = {k} and lam = {lam:g} a position outside the window has influence.",
            "outside the window no product of x_i and x_j may win, however large: compare with lam * x_i * x_j",
            f"largest deviation {abs(got - 0.6).max()}",
        )


@check(item="s001-1.3.2-zero")
def zero_input_pools_like_this(student: Student, draw: Draw) -> None:
    """What the layer returns where x_i = 0 is named."""
    chosen = expect.letters(student.value("pool_at_zero"), offered="abcde", what="pool_at_zero")
    expect.true(len(chosen) == 1, "pool_at_zero holds several letters.", "only one of them happens")
    expect.true(
        chosen == {"c"},
        "That is not what comes out where x_i = 0.",
        "write down the scores of row i for x_i = 0: what is left of them, and what does softmax make of that?",
    )
