"""Hidden checks of the equivariance gap and of the sinusoidal codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.judge import Draw, Handle, Student, check, elementwise, expect

# --- s001-2.1.3a -----------------------------------------------------------


def _mixing(student: Student, weights: Tensor) -> Handle:
    """In the student's process: a layer (b, n, d) -> (b, n, d) that mixes positions by weights (n, n, 3) and each
    feature with its neighbours. A convolution that takes the positions for its channels."""
    n = weights.shape[0]
    layer: Handle = student.tool("torch").part("nn").made("Conv1d", n, n, 3, padding=1)
    layer.load({"weight": weights.float(), "bias": torch.zeros(n)})
    return layer.turned("double").turned("requires_grad_", False)


def _features(student: Student, weights: Tensor) -> Handle:
    """In the student's process: a linear layer on the features of each position."""
    d = weights.shape[0]
    layer: Handle = student.tool("torch").part("nn").made("Linear", d, d)
    layer.load({"weight": weights.float(), "bias": torch.linspace(-1, 1, d)})
    return layer.turned("double").turned("requires_grad_", False)


def _difference(weights: Tensor, x: Tensor, perm: Tensor) -> Any:
    def run(given: Tensor) -> Tensor:
        return torch.nn.functional.conv1d(given, weights.float().double(), padding=1)

    return (run(x[:, perm]) - run(x)[:, perm]).numpy()


def _cycle(draw: Draw, n: int) -> Tensor:
    """A permutation that is not its own inverse."""
    while True:
        perm = draw.permutation(n)
        if not torch.equal(perm[perm], torch.arange(n)):
            return perm


def _gap(student: Student, layer: Any, x: Tensor, perm: Tensor) -> float:
    value = expect.number(student.equivariance_gap(layer, x, perm), what="equivariance_gap(layer, x, perm)")
    expect.true(value >= 0, "The gap is negative.", "a norm never is: differences of either sign must not cancel")
    return value


@check(item="s001-2.1.3a")
def gap_vanishes_for_layers_without_order(student: Student, draw: Draw) -> None:
    """The gap is zero for layers that treat every position alike, whatever they do to the features."""
    for b, n, d in ((3, 5, 4), (6, 4, 7)):
        x = draw.tensor(b, n, d)
        layers = (elementwise("tanh", a=2.0, b=1.5), _features(student, draw.tensor(d, d)))
        for layer in layers:
            gap = _gap(student, layer, x, _cycle(draw, n))
            hint = "reorder the positions (axis 1), and put both sides into the same order before you subtract"
            expect.true(
                gap < 1e-8 * x.numel(),
                "The gap is not zero for a layer that treats all positions alike.",
                hint,
            )
    weights, x = draw.tensor(5, 5, 3), draw.tensor(2, 5, 4)
    gap = _gap(student, _mixing(student, weights), x, torch.arange(5))
    expect.true(
        gap < 1e-8,
        "The gap is not zero when nothing is reordered.",
        "the identity permutation changes nothing",
    )
    _some_gap(student, draw)


def _some_gap(student: Student, draw: Draw) -> None:
    weights, x = draw.tensor(5, 5, 3), draw.tensor(2, 5, 4)
    gap = _gap(student, _mixing(student, weights), x, _cycle(draw, 5))
    expect.true(gap > 1e-3, "The gap is zero also for a layer that depends on the order.")


@check(item="s001-2.1.3a")
def gap_is_a_norm_of_the_difference(student: Student, draw: Draw) -> None:
    """For a layer that mixes positions, the gap has the size of f(Px) - P f(x)."""
    cases = []
    for b, n, d in ((3, 5, 4), (2, 7, 6)):
        weights, x, perm = draw.tensor(n, n, 3), draw.tensor(b, n, d), _cycle(draw, n)
        # a sum in which signs cancel is no norm for sure where it is negative
        cases.append((-weights if _difference(weights, x, perm).sum() > 0 else weights, x, perm))
    # moving all positions on by one changes no norm, so that both sides are equally long
    moving_on, swap = torch.zeros(6, 6, 3, dtype=torch.float64), torch.tensor([1, 0, 2, 3, 4, 5])
    moving_on[:, :, 1] = torch.eye(6).roll(1, 0)
    cases.append((moving_on, draw.tensor(2, 6, 3), swap))
    for weights, x, perm in cases:
        entries = abs(_difference(weights, x, perm))
        gap = _gap(student, _mixing(student, weights), x, perm)
        # every usual norm of the entries lies between their mean and their sum
        expect.true(
            0.99 * entries.mean() <= gap <= 1.01 * entries.sum(),
            "The gap is no norm of f(Px) - P f(x).",
            "take a norm of the difference over all entries",
            f"got {gap}, mean {entries.mean()}, sum {entries.sum()}",
        )


@check(item="s001-2.1.3a")
def gap_doubles_with_the_difference(student: Student, draw: Draw) -> None:
    """A layer with doubled outputs has twice the gap, one with the opposite sign the same, and a linear layer with tiny
    inputs a gap as tiny as they are."""
    weights, x, perm = draw.tensor(6, 6, 3), draw.tensor(2, 6, 4), _cycle(draw, 6)
    gap = _gap(student, _mixing(student, weights), x, perm)
    expect.true(gap > 1e-3, "The gap is zero for a layer that depends on the order.")
    for factor in (2.0, -1.0):
        other = _gap(student, _mixing(student, factor * weights), x, perm)
        expect.close(
            other,
            abs(factor) * gap,
            what="the gap of a layer with scaled outputs",
            rtol=1e-4,
            hint="a norm is not squared, not divided by the size of the outputs, and blind to sign",
        )
    expect.close(
        1e5 * _gap(student, _mixing(student, weights), x / 1e5, perm),
        gap,
        what="the gap for tiny inputs of a linear layer",
        rtol=1e-3,
        hint="a norm of the difference is not divided by the size of x, and a small difference has a small norm, not 0",
    )


@check(item="s001-2.1.3a", points=1)
def gap_reorders_as_the_indices_say(student: Student, draw: Draw) -> None:
    """Position i of the reordered sequence is position perm[i] of the old one, on both sides."""
    # The layer copies position c to another place, and only one position of x is not zero: the gap is zero or not,
    # depending on which way the permutation is read.
    n, d, perm = 7, 4, _cycle(draw, 7)
    hint = "index with perm itself, not with its inverse, and the same on both sides"
    turning = [c for c in range(n) if int(perm[perm[c]]) != c]
    for c in turning:
        weights = torch.zeros(n, n, 3, dtype=torch.float64)
        weights[(c + 2) % n, c, 1] = 1.0
        for place, moves in ((int(perm[c]), True), (int(torch.argsort(perm)[c]), False)):
            x = torch.zeros(1, n, d, dtype=torch.float64)
            x[0, place] = draw.tensor(d)
            gap = _gap(student, _mixing(student, weights), x, perm)
            expect.true((gap > 1e-3) == moves, "The gap does not belong to this permutation.", hint)


@check(item="s001-2.1.3a")
def gap_looks_at_every_example(student: Student, draw: Draw) -> None:
    """An order that matters in one example of the batch shows in the gap, and no two differences cancel."""
    n, d, perm = 5, 4, _cycle(draw, 5)
    weights = draw.tensor(n, n, 3)
    for example in range(3):
        x = torch.zeros(3, n, d, dtype=torch.float64)
        x[example] = draw.tensor(n, d)
        gap = _gap(student, _mixing(student, weights), x, perm)
        expect.true(
            gap > 1e-3,
            "The gap is zero although the order matters in one example of the batch.",
            "all examples, positions and features count",
        )
    once = torch.zeros(n, n, 3, dtype=torch.float64)
    once[:, :, 1] = weights[:, :, 1]  # mixes no features, so that opposite inputs have opposite differences
    expect.true(_gap(student, _mixing(student, once), torch.zeros(2, n, d).double(), perm) < 1e-8, "0 has a gap.")
    one = draw.tensor(1, n, 1)
    for x, where in ((torch.cat([one, -one], 0), "examples"), (torch.cat([one, -one], 2), "features")):
        gap = _gap(student, _mixing(student, once), x, perm)
        expect.true(
            gap > 1e-3,
            f"The gap is zero where the differences of two {where} are opposite.",
            "a norm over all entries: nothing is added up before absolute values or squares are taken",
        )


@check(item="s001-2.1.3a")
def gap_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """The sequence and the permutation stay as they were, and calling twice gives the same."""
    weights, x, perm = draw.tensor(5, 5, 3), draw.tensor(2, 5, 4), _cycle(draw, 5)
    layer = _mixing(student, weights)
    before = [x.clone(), perm.clone()]
    gap, after = student.with_inputs("equivariance_gap", layer, x, perm)
    expect.unharmed(before, after[1:], what="an argument of equivariance_gap")
    first = expect.number(gap, what="equivariance_gap(layer, x, perm)")
    expect.true(first > 1e-3, "The gap is zero for a layer that depends on the order.")
    expect.same(first, _gap(student, layer, x, perm), what="equivariance_gap called twice")
    still = _gap(student, layer, x, torch.arange(5))
    expect.true(still < 1e-8, "The gap is the same whatever is reordered.", "the identity reorders nothing")


# --- s001-2.1.3b -----------------------------------------------------------


def _codes(n: int, d: int) -> Any:
    position, pair = np.arange(n)[:, None], np.arange(d // 2)[None, :]
    angle = position * 10000.0 ** (-2 * pair / d)
    table = np.empty((n, d))
    table[:, 0::2], table[:, 1::2] = np.sin(angle), np.cos(angle)
    return table


def _table(student: Student, n: int, d: int) -> Any:
    hint = "one row per position, one column per number of the code"
    return expect.numbers(student.sinusoidal(n, d), (n, d), what="sinusoidal(n, d)", hint=hint)


@check(item="s001-2.1.3b")
def positions_are_rows_and_start_at_zero(student: Student, draw: Draw) -> None:
    """The table has n rows and d columns; row 0 is 0, 1, 0, 1, ..., and no two rows agree."""
    for n, d in ((9, 6), (1, 4), (5, 12), (7, 2)):
        table = _table(student, n, d)
        expect.close(
            table[0, 0::2],
            np.zeros(d // 2),
            what="the even columns of row 0",
            atol=1e-6,
            hint="position 0 comes first, and the even columns hold sines",
        )
        expect.close(
            table[0, 1::2],
            np.ones(d // 2),
            what="the odd columns of row 0",
            rtol=1e-6,
            hint="position 0 comes first, and the odd columns hold cosines",
        )
    table = _table(student, 100, 8)
    apart = abs(table[:, None] - table[None]).max(-1) + np.eye(100)
    expect.true(bool(apart.min() > 1e-3), "Two positions have the same code.")


@check(item="s001-2.1.3b", points=2)
def each_entry_follows_the_formula(student: Student, draw: Draw) -> None:
    """The entries are those of the formula, for several sizes."""
    for n, d in ((9, 6), (13, 20), (4, 2), (1, 8), (30, 64)):
        expect.close(
            student.sinusoidal(n, d),
            _codes(n, d),
            what="sinusoidal(n, d)",
            rtol=1e-5,
            hint="compare column by column with the formula: order of the columns, exponent, base",
        )


@check(item="s001-2.1.3b")
def sine_and_cosine_share_a_frequency(student: Student, draw: Draw) -> None:
    """Columns 2i and 2i + 1 are the sine and the cosine of the same angle: their squares sum to 1."""
    table = _table(student, 17, 10)
    squares = table[:, 0::2] ** 2 + table[:, 1::2] ** 2
    expect.close(
        squares,
        np.ones((17, 5)),
        what="the sum of the squares of columns 2i and 2i + 1",
        rtol=1e-5,
        hint="the exponent belongs to the pair of columns, and the two stand side by side",
    )
    expect.true(
        bool(abs(table[:, 0]).max() > 1e-3),
        "The first column does not move.",
        "it is the sine of the position",
    )


@check(item="s001-2.1.3b")
def clocks_slow_down_from_pair_to_pair(student: Student, draw: Draw) -> None:
    """From each pair of columns to the next the angle per position shrinks by the same factor, 10000 to the -2/d."""
    for d in (6, 16):
        table = _table(student, 2, d)
        angles = np.arctan2(table[1, 0::2], table[1, 1::2])
        expect.true(
            bool((angles > 0).all()),
            "A clock stands still or runs backwards from position 0 to 1.",
            "even columns hold sines, odd columns cosines, side by side",
        )
        expect.close(
            angles[1:] / angles[:-1],
            np.full(d // 2 - 1, 10000.0 ** (-2 / d)),
            rtol=1e-3,
            what="the ratio of the frequencies of neighbouring pairs",
            hint="the exponent is -2i/d for pair i, the base 10000",
        )


@check(item="s001-2.1.3b")
def shift_by_k_is_the_same_rotation_everywhere(student: Student, draw: Draw) -> None:
    """Products of two codes depend on their distance only, and each code has the squared length d/2."""
    n, d = 40, 12
    table = _table(student, n, d)
    products = table @ table.T
    for distance in (0, 1, 5, 17):
        along = np.diagonal(products, distance)
        expect.close(
            along,
            np.full(len(along), along[0]),
            what="the products of codes at a fixed distance",
            rtol=1e-4,
            hint="each clock turns by the same angle per step, wherever one starts: what disturbs that?",
        )
    expect.close(
        products[0, 0],
        d / 2,
        what="the squared length of a code",
        rtol=1e-4,
        hint="sine and cosine of d/2 angles",
    )
    expect.true(bool(abs(products[0, 1:] - d / 2).min() > 1e-3), "All positions have the same code.")


@check(item="s001-2.1.3b")
def a_longer_table_begins_with_the_shorter(student: Student, draw: Draw) -> None:
    """The code of a position does not depend on how many positions there are."""
    short, long = _table(student, 10, 8), _table(student, 25, 8)
    expect.same(
        short,
        long[:10],
        what="the first rows of a longer table",
        rtol=1e-5,
        hint="nothing is divided by the number of positions",
    )
    expect.true(bool(abs(long[10:] - long[:15]).max() > 0.1), "All positions have the same code.")


@check(item="s001-2.1.3b", points=1)
def codes_keep_digits_at_far_positions(student: Student, draw: Draw) -> None:
    """From row 1998 to 1999 the clocks turn as from row 0 to 1, in a table of type float32 or float64."""
    given = student.sinusoidal(2000, 6)
    kind = str(getattr(given, "dtype", "float64"))
    expect.true(
        kind.endswith(("float32", "float64")),
        "The table holds no numbers of type float32 or float64.",
        "is some step done in integers or in half precision?",
    )
    table = expect.array(given, what="sinusoidal(n, d)")
    expect.shape(table, (2000, 6), what="sinusoidal(n, d)")
    steps = (table[:-1] * table[1:]).sum(1)
    expect.true(bool(abs(table[1] - table[0]).max() > 1e-6), "All positions have the same code.")
    expect.close(
        steps,
        np.full(1999, steps[0]),
        what="the product of neighbouring rows",
        rtol=1e-3,
        hint="is the angle rounded, or the position limited?",
    )
