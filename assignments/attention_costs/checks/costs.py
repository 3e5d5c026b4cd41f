"""Hidden checks of what attention costs: counting, growth, and decoding with a cache."""

from __future__ import annotations

import itertools
import math
from typing import Any

from autograder.judge import Draw, Feedback, Student, check, expect

# A slope may count any few operations per score for the softmax, or none; widths are so large that it hardly shows.
_MOST_PER_SCORE = 50
_SLACK = 2e-3


def _part(student: Student, key: str, n: int, h: int) -> float:
    got = student.macs(n, h)
    if not isinstance(got, dict) or key not in got:
        raise Feedback(f'macs(n, h) should be a dict with the key "{key}".')
    return expect.number(got[key], what=f'macs(n, h)["{key}"]')


def _sizes(draw: Draw) -> list[tuple[int, int]]:
    """Lengths and widths: generic, one of each being 1, and far too large to be tried out."""
    n, h = draw.integer(6, 40), draw.integer(50, 90)
    return [(n, h), (h, n), (1, h), (n, 1), (1_000_003, 517), (3 * 10**8 + 7, 10**6 + 3)]


# --- s000-4.1a -------------------------------------------------------------


@check(item="s000-4.1a")
def projections_counted_per_token(student: Student, draw: Draw) -> None:
    """The projections of all tokens to queries, keys and values are counted."""
    for n, h in _sizes(draw):
        expect.close(
            _part(student, "proj", n, h),
            3.0 * n * h * h,
            what='macs(n, h)["proj"]',
            hint="how many matrices multiply X, and what does one product (n, h) times (h, h) cost?",
        )


@check(item="s000-4.1a")
def scores_counted_per_pair(student: Student, draw: Draw) -> None:
    """Every query is multiplied with every key."""
    for n, h in _sizes(draw):
        expect.close(
            _part(student, "scores", n, h),
            1.0 * n * n * h,
            what='macs(n, h)["scores"]',
            hint="one multiplication with one addition is one MAC; how long is the dot product behind one score?",
        )


@check(item="s000-4.1a")
def values_counted_per_pair(student: Student, draw: Draw) -> None:
    """Every output is a weighted sum over all values."""
    for n, h in _sizes(draw):
        expect.close(
            _part(student, "values", n, h),
            1.0 * n * n * h,
            what='macs(n, h)["values"]',
            hint="the product of the weights (n, n) and the values (n, h)",
        )


@check(item="s000-4.1a")
def softmax_counted_per_score(student: Student, draw: Draw) -> None:
    """The softmax costs the same number of operations, none or more, for each of the n x n scores."""
    per_score = []
    for n, h in _sizes(draw):
        count = _part(student, "softmax", n, h)
        expect.true(count >= 0, 'macs(n, h)["softmax"] is negative.')
        per_score.append(count / n**2)
    expect.close(
        per_score,
        [per_score[0]] * len(per_score),
        what='macs(n, h)["softmax"] divided by n * n',
        hint="it should be one constant: the softmax touches each score a fixed number of times, whatever n and h",
    )


@check(item="s000-4.1a")
def total_adds_the_four_parts(student: Student, draw: Draw) -> None:
    """The total is the sum of your four parts, and more tokens or more width cost more."""
    for n, h in _sizes(draw):
        parts = [_part(student, key, n, h) for key in ("proj", "scores", "softmax", "values")]
        total = _part(student, "total", n, h)
        expect.close(total, math.fsum(parts), what='macs(n, h)["total"]', hint="the sum of the four parts")
        longer, wider = _part(student, "total", 2 * n, h), _part(student, "total", n, 2 * h)
        expect.true(longer > total and wider > total, "More tokens, or wider ones, do not cost more.")


@check(item="s000-4.1a")
def parts_meet_at_three_halves_of_the_width(student: Student, draw: Draw) -> None:
    """Scores and values together cost less than the projections for n < 1.5 h, as much at n = 1.5 h, then more."""
    m = draw.integer(20, 400)

    def lead(n: int) -> float:
        pairs = _part(student, "scores", n, 2 * m) + _part(student, "values", n, 2 * m)
        return pairs / max(_part(student, "proj", n, 2 * m), 1e-300)

    at, below, above = lead(3 * m), lead(3 * m - 1), lead(3 * m + 1)
    expect.true(
        abs(at - 1) < 1e-9 and below < 1 < above,
        "Scores and values overtake the projections at the wrong length.",
        "which of the two is larger for n = 1, which for huge n, and where are they equal?",
        f"ratios {below}, {at}, {above}",
    )


@check(item="s000-4.1a-order")
def leading_order_keeps_both_terms(student: Student, draw: Draw) -> None:
    """The order of growth is right when length and width may both be large."""
    chosen = expect.letters(student.value("leading_order"), offered="abcdef", what="leading_order")
    expect.true(len(chosen) == 1, "leading_order holds several letters.", "one of them is the tight one")
    expect.true(
        chosen == {"c"},
        "That order of growth is not the tight one.",
        "try it on a short sequence of wide tokens and on a long sequence of narrow ones: is the total always within a "
        "fixed factor of it, from above and from below?",
    )


# --- s000-4.1b -------------------------------------------------------------


def _true_slope(h: int, n: int, m: int, per_score: float) -> float:
    first, second = (3 * k * h * h + 2 * k * k * h + per_score * k * k for k in (n, m))
    return math.log(second / first) / math.log(m / n)


def _slopes(student: Student, h: int, ns: list[int]) -> Any:
    got = expect.array(student.loglog_slope(h, ns), what="loglog_slope(h, ns)")
    expect.finite(got, what="loglog_slope(h, ns)", hint="lengths are counted, not tried out")
    flat = got.reshape(-1)
    if flat.size not in (1, len(ns) - 1):
        raise Feedback(
            f"loglog_slope returns too few or too many numbers for {len(ns)} lengths.",
            "one slope for the whole range, or one per pair of neighbours",
        )
    return flat


def _within(got: Any, bounds: list[tuple[float, float]], hint: str) -> None:
    """Each slope within its bounds; a single slope for several pairs lies between the extremes."""
    if len(got) == 1:
        bounds = [(min(low for low, _ in bounds), max(high for _, high in bounds))]
    for slope, (low, high) in zip(got, bounds, strict=True):
        if not low - _SLACK <= slope <= high + _SLACK:
            detail = f"got {slope}, expected {low} to {high}"
            raise Feedback("A slope from loglog_slope does not fit the counted cost.", hint, detail)


def _bounds(h: int, ns: list[int]) -> list[tuple[float, float]]:
    neighbours = itertools.pairwise(ns)
    return [(_true_slope(h, n, m, 0), _true_slope(h, n, m, _MOST_PER_SCORE)) for n, m in neighbours]


@check(item="s000-4.1b")
def slope_tends_to_two_for_long_sequences(student: Student, draw: Draw) -> None:
    """When the sequence is much longer than it is wide, the slope is close to 2."""
    h = draw.integer(10, 40)
    for ns in ([2000 * h, 5000 * h], [10_000 * h, 30_000 * h, 100_000 * h]):
        got = _slopes(student, h, ns)
        expect.true(
            bool(((got > 1.99) & (got < 2 + 1e-6)).all()),
            "For n far above h the slope is not close to 2.",
            "which term of the cost is left when n is huge, and what is its exponent?",
            f"got {got}",
        )


@check(item="s000-4.1b")
def slope_tends_to_one_for_short_sequences(student: Student, draw: Draw) -> None:
    """When the sequence is much shorter than it is wide, the slope is close to 1."""
    h = draw.integer(10_000, 20_000)
    for ns in ([2, 5], [3, 4, 7, 9]):
        got = _slopes(student, h, ns)
        expect.true(
            bool(((got > 1 - 1e-6) & (got < 1.01)).all()),
            "For n far below h the slope is not close to 1.",
            "the projections are part of the cost: what is their exponent in n?",
            f"got {got}",
        )


@check(item="s000-4.1b", points=2)
def slope_in_between_follows_the_counts(student: Student, draw: Draw) -> None:
    """Between two neighbouring lengths the slope is that of the counted cost."""
    h = 2 * draw.integer(2000, 3000)
    for n in (h // 2, 3 * h // 2, 5 * h):
        ns = [n, n + n // 20]
        _within(
            _slopes(student, h, ns),
            _bounds(h, ns),
            "rise over run, with logarithms of the same base in both; the total cost, with all of its terms",
        )


@check(item="s000-4.1b")
def slope_for_unevenly_spaced_lengths(student: Student, draw: Draw) -> None:
    """Lengths with unequal gaps give one slope for all, or one per pair of neighbours in order, and stay unchanged."""
    h = draw.integer(4000, 6000)
    ns = [draw.integer(8, 10), 31, 33, draw.integer(2000, 3000), 5 * h, 12 * h]
    _, after = student.with_inputs("loglog_slope", h, ns)
    expect.unharmed(ns, after[1], what="the list of lengths")
    _within(
        _slopes(student, h, ns),
        _bounds(h, ns),
        "lengths need not double from one to the next: divide by the step in log n that was really taken",
    )
    # Two lengths side by side, and one far from both. Their own slope says nothing about the whole range, for which a
    # fitted line, the mean of the pairs and the slope from end to end all stay away from it.
    for ns, pair in (([20, 22, 400 * h], 0), ([20, 400 * h, 440 * h], 1)):
        got, bounds = _slopes(student, h, ns), _bounds(h, ns)
        if len(got) > 1:
            _within(got, bounds, "one slope per pair of neighbours, in order")
            continue
        near, whole = bounds[pair][0], _true_slope(h, ns[0], ns[-1], 0)
        expect.true(
            abs(got[0] - near) > 0.25 * abs(whole - near),
            "The one slope that loglog_slope returns is that of two of the lengths, not of the whole range.",
            "go from the first length to the last, or lay a straight line through all points",
            f"got {got}, pair {near}, whole {whole}",
        )


@check(item="s000-4.1b")
def slope_rises_with_the_length(student: Student, draw: Draw) -> None:
    """At a fixed width the slope grows as the sequence gets longer."""
    h = draw.integer(100, 300)
    rises = [float(_slopes(student, h, [factor * h // 8, factor * h // 4])[0]) for factor in (1, 8, 64, 512)]
    expect.true(
        all(b > a + 0.01 for a, b in itertools.pairwise(rises)),
        "At a fixed width the slope does not grow with the length.",
        "the run is over n while h stays; the share of the quadratic term grows with n",
        f"got {rises}",
    )


# --- s000-4.1b-decoding ----------------------------------------------------


def _decoding(student: Student, n: int, h: int, cached: bool) -> float:
    return expect.number(student.decoding_macs(n, h, cached), what=f"decoding_macs(n, h, {cached})")


def _generation_sizes(draw: Draw) -> list[tuple[int, int]]:
    large = draw.integer(300, 400), draw.integer(500, 600)  # so many operations that float32 cannot count them
    small = (draw.integer(4, 9), draw.integer(10, 30)), (draw.integer(50, 90), draw.integer(2, 7))
    return [*small, (2, 1), (1, 5), large]


@check(item="s000-4.1b-decoding")
def cached_decoding_projects_each_token_once(student: Student, draw: Draw) -> None:
    """With a cache, step t projects one token and compares it with the t tokens so far."""
    for n, h in _generation_sizes(draw):
        expect.close(
            _decoding(student, n, h, True),
            3.0 * n * h * h + h * n * (n + 1.0),
            what="decoding_macs(n, h, True)",
            hint="per step: one new token to project, one query, t keys and t values; then add up all steps",
        )


@check(item="s000-4.1b-decoding")
def uncached_decoding_repeats_the_whole_layer(student: Student, draw: Draw) -> None:
    """Without a cache, step t runs the layer on all t tokens so far."""
    for n, h in _generation_sizes(draw):
        want = math.fsum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
        expect.close(
            _decoding(student, n, h, False),
            want,
            what="decoding_macs(n, h, False)",
            hint="step t costs what the whole layer costs on t tokens: all t are projected, all t are queries",
        )


@check(item="s000-4.1b-decoding")
def first_token_costs_the_same_either_way(student: Student, draw: Draw) -> None:
    """For a single token there is nothing to remember, and it does attend to itself."""
    for h in (1, draw.integer(4, 20)):
        for cached in (True, False):
            expect.close(
                _decoding(student, 1, h, cached),
                3.0 * h * h + 2.0 * h,
                what=f"decoding_macs(1, h, {cached})",
                hint="the first step has one token, not none, and its query meets its own key",
            )


@check(item="s000-4.1b-decoding")
def decoding_grows_with_square_or_cube(student: Student, draw: Draw) -> None:
    """For many tokens the work grows with the square of their number with a cache, with the cube without."""
    n, h = draw.integer(15_000, 20_000), draw.integer(2, 5)
    for cached, power in ((True, 2), (False, 3)):
        small, large = _decoding(student, n, h, cached), _decoding(student, 2 * n, h, cached)
        expect.true(small > 0, f"decoding_macs(n, h, {cached}) is not positive.")
        grown = math.log2(max(large, 1e-300) / small)
        expect.true(
            abs(grown - power) < 0.01,
            f"decoding_macs(n, h, {cached}) grows with the wrong power of n.",
            "add up what the steps cost: a sum of t over all steps, and a sum of t squared",
            f"power {grown}",
        )
