"""Hidden checks of the gradients at logits and states of a linear RNN."""

from __future__ import annotations

import math
from typing import Any

import torch

from autograder.judge import Draw, Student, check, expect, properties

from . import reference as ref
from . import shared

# --- s000-3.2.1 ------------------------------------------------------------


@check(item="s000-3.2.1", points=3)
def logit_gradient_matches_autograd(student: Student, draw: Draw) -> None:
    """The gradient at the logits equals autograd's, for two and more classes, one-hot and soft targets."""
    for n, k in ((3, 5), (4, 2)):
        o = draw.tensor(n, k, scale=2.0)
        for y, kind in ((draw.onehot(n, k), "one-hot"), (draw.simplex(n, k), "soft")):
            expect.close(
                student.dJ_do(o, y),
                ref.logit_gradient(o, y),
                what=f"dJ_do for {k} classes and {kind} targets",
                hint="compare sign, softmax axis, and whether every class gets its own number",
                rtol=properties.ROUGH,
            )


@check(item="s000-3.2.1")
def logit_gradient_sums_to_zero_over_classes(student: Student, draw: Draw) -> None:
    """For every row, with none, one or two leading axes, the gradient sums to zero over the last axis."""
    for shape in ((5,), (3, 4), (2, 3, 6)):
        got = expect.array(student.dJ_do(draw.tensor(*shape, scale=2.0), draw.simplex(*shape)), what="dJ_do(o, y)")
        expect.shape(got, shape, what="dJ_do(o, y)", hint="one number per logit, whatever the leading axes")
        expect.finite(got, what="dJ_do(o, y)")
        expect.true(bool(abs(got).max() > 1e-3), "dJ_do(o, y) is zero although prediction and target differ.")
        expect.at_most(
            abs(got.sum(-1)),
            1e-5,
            what="the sum of dJ_do(o, y) over the classes",
            hint="softmax does not change when all logits of a row shift: the components must sum to zero",
        )


@check(item="s000-3.2.1")
def logit_gradient_ignores_a_common_shift(student: Student, draw: Draw) -> None:
    """Adding the same number to all logits of a row leaves the gradient as it is, also where one of them was 0."""
    o, y, shift = draw.tensor(4, 3), draw.simplex(4, 3), draw.tensor(4, 1, scale=5.0)
    o[0, draw.integer(0, 2)] = 0.0
    before = student.dJ_do(o, y)
    properties.alive(before, (4, 3), what="dJ_do(o, y)")
    expect.same(
        before,
        student.dJ_do(o + shift, y),
        what="dJ_do when all logits of a row shift",
        rtol=properties.ROUGH,
        hint="which probabilities does your formula use, and over which axis do they sum to 1?",
    )


@check(item="s000-3.2.1")
def logit_gradient_survives_large_logits(student: Student, draw: Draw) -> None:
    """Logits of size 10000, of either sign and beside small ones, are no different from moderate ones."""
    o, y = draw.tensor(4, 3), draw.simplex(4, 3)
    large = o.clone()
    large[0] += 1e4
    large[1] -= 1e4
    for row, top in ((2, 0), (3, draw.integer(1, 2))):  # a shift by the first logit saves one of the two
        o[row, top], large[row, top] = 100.0, 1e4
    before = student.dJ_do(o, y)
    properties.alive(before, (4, 3), what="dJ_do(o, y)")
    hint = "exp overflows, or everything else vanishes: softmax has a form that does neither, row by row"
    expect.same(before, student.dJ_do(large, y), what="dJ_do, as logits grow to 10000", hint=hint, rtol=1e-2)


@check(item="s000-3.2.1")
def each_row_of_logits_stands_alone(student: Student, draw: Draw) -> None:
    """A row gives the same gradient alone as it gives among other rows."""
    o, y = draw.tensor(2, 4, 3), draw.simplex(2, 4, 3)
    together = properties.alive(student.dJ_do(o, y), (2, 4, 3), what="dJ_do(o, y)")
    a, b = draw.integer(0, 1), draw.integer(0, 3)
    hint = "nothing is averaged or normalised over rows"
    expect.same(
        together[a, b],
        student.dJ_do(o[a, b], y[a, b]),
        what="the gradient of one row, alone or among others",
        hint=hint,
        rtol=properties.ROUGH,
    )
    expect.same(
        together[a : a + 1],
        student.dJ_do(o[a : a + 1], y[a : a + 1]),
        what="the gradient of a smaller batch",
        hint=hint,
        rtol=properties.ROUGH,
    )


@check(item="s000-3.2.1")
def logit_gradient_keeps_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    o, y = shared.moving(draw, draw.tensor(3, 4)), shared.moving_rows(draw, draw.simplex(3, 4))
    properties.keeps_precision(student, "dJ_do", lambda step: (*o(step), y(step)))


@check(item="s000-3.2.1")
def logit_gradient_has_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes neither the logits nor the targets, and calling twice gives the same."""
    one, other = ((draw.tensor(3, 4), draw.simplex(3, 4)) for _ in range(2))
    properties.no_side_effects(student, "dJ_do", one, other)


# --- s000-3.2.2 ------------------------------------------------------------


def _readout(draw: Draw, H: int = 5, Y: int = 3) -> tuple[Any, Any, Any]:
    return draw.tensor(Y), draw.tensor(Y, H), draw.tensor(H, H, scale=0.6)


@check(item="s000-3.2.2", points=3)
def earlier_states_receive_gradient(student: Student, draw: Draw) -> None:
    """For i < t the gradient equals autograd's through all steps in between."""
    g_o, Wyh, Whh = _readout(draw)
    for t in range(2, 6):
        for i in range(1, t):
            got = student.dJt_dhi(g_o, Wyh, Whh, t, i)
            expect.shape(got, (5,), what="dJt_dhi(...)", hint="the shape of the state, (H,)")
            expect.true(
                bool(abs(expect.array(got, what="dJt_dhi(...)")).max() > 0),
                "The gradient at an earlier state is zero.",
                "J_t contains only h_t, but h_t was computed from h_i",
            )
            expect.close(
                got,
                ref.state_gradient(g_o, Wyh, Whh, t - i),
                what="the gradient at an earlier state",
                rtol=properties.ROUGH,
                hint="count the steps from i to t; what does one step do to a gradient on its way back?",
            )


@check(item="s000-3.2.2")
def the_state_of_the_same_step(student: Student, draw: Draw) -> None:
    """For i = t the gradient passes the readout matrix only, be it large or tiny, and with one state or one class."""
    for H, Y, size in ((5, 3, 1.0), (2, 4, 1e4), (3, 2, 1e-9), (1, 3, 1.0), (4, 1, 1.0)):
        g_o, Wyh, Whh = _readout(draw, H, Y)
        t, Wyh = draw.integer(1, 6), size * Wyh
        expect.close(
            student.dJt_dhi(g_o, Wyh, Whh, t, t),
            ref.state_gradient(g_o, Wyh, Whh, 0),
            what="the gradient at the state of the same step",
            hint="the result has the shape (H,): which product of Wyh, of shape (Y, H), with g_o gives that?",
            rtol=properties.ROUGH,
        )


@check(item="s000-3.2.2")
def later_states_receive_nothing(student: Student, draw: Draw) -> None:
    """For i > t the gradient is a vector of zeros, also when the state has one entry."""
    for t, i, H in ((4, 5, 1), (1, 2, 5), (2, 5, 5), (4, 5, 5)):
        g_o, Wyh, Whh = _readout(draw, H)
        got = expect.array(student.dJt_dhi(g_o, Wyh, Whh, t, i), what="dJt_dhi for i > t")
        expect.shape(got, (H,), what="dJt_dhi for i > t", hint="a gradient of zero still has the shape of the state")
        expect.true(
            not got.any(),
            "A state of a later step receives gradient from an earlier loss.",
            "the loss of step t was known before h_i existed",
        )
    now = expect.array(student.dJt_dhi(g_o, Wyh, Whh, 2, 2), what="dJt_dhi for i = t")
    expect.true(bool(now.any()), "The gradient is zero for i = t as well.", "zero is right for later states only")


@check(item="s000-3.2.2")
def orthogonal_recurrence_keeps_the_norm(student: Student, draw: Draw) -> None:
    """With an orthogonal recurrent matrix the gradient keeps its norm; with c times one it grows c-fold a step."""
    g_o, Wyh, _ = _readout(draw)
    turn = draw.orthogonal(5)
    want = math.sqrt(float((Wyh.T @ g_o) @ (Wyh.T @ g_o)))
    for i, factor in ((40, 1.0), (39, 1.0), (20, 1.0), (1, 1.0), (20, 1.5), (1, 1.3)):
        got = expect.array(student.dJt_dhi(g_o, Wyh, factor * turn, 40, i), what="dJt_dhi")
        expect.shape(got, (5,), what="dJt_dhi")
        expect.close(
            math.sqrt(float((got**2).sum())),
            want * factor ** (40 - i),
            what="the norm of the gradient under an orthogonal recurrence",
            rtol=1e-4,
            hint="a rotation, applied many times, changes no length; is yours a product of matrices, and may it grow?",
        )


@check(item="s000-3.2.2")
def nilpotent_recurrence_forgets(student: Student, draw: Draw) -> None:
    """With a strictly triangular recurrent matrix the gradient is gone after H steps, and not before."""
    g_o, Wyh, Whh = _readout(draw, H=4)
    Whh = torch.tril(Whh, -1) + torch.diag(torch.ones(3, dtype=torch.float64), -1)
    for lag in range(7):
        got = expect.numbers(student.dJt_dhi(g_o, Wyh, Whh, 8, 8 - lag), (4,), what="dJt_dhi")
        if lag < 4:
            expect.true(
                bool(abs(got).max() > 0),
                "The gradient is gone while the state still remembers.",
                "with H = 4 the memory lasts for three steps",
            )
        else:
            expect.at_most(
                abs(got),
                1e-12,
                what="the gradient across more steps than a nilpotent recurrence remembers",
                hint="a matrix power is not the power of each entry",
            )


@check(item="s000-3.2.2")
def only_the_time_lag_counts(student: Student, draw: Draw) -> None:
    """Moving t and i by the same number of steps leaves the gradient as it is."""
    for lag, H in ((0, 5), (1, 1), (3, 5)):
        g_o, Wyh, Whh = _readout(draw, H)
        before = student.dJt_dhi(g_o, Wyh, Whh, 1 + lag, 1)
        properties.alive(before, (H,), what="dJt_dhi for i <= t")
        after = student.dJt_dhi(g_o, Wyh, Whh, 7 + lag, 7)
        expect.same(
            before,
            after,
            what="the gradient for the same lag t - i",
            hint="the same weights act at every step: what counts is how many lie between",
            rtol=properties.ROUGH,
        )


@check(item="s000-3.2.2")
def state_gradient_keeps_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, also where the gradient is zero, and float64 is computed in float64."""
    g_o, Wyh, Whh = _readout(draw)
    weights_at = shared.moving(draw, g_o, Wyh, Whh)
    for t, i in ((2, 2), (4, 1)):
        if i < t and not expect.array(student.dJt_dhi(g_o, Wyh, Whh, t, i), what="dJt_dhi(...)").any():
            continue  # zero has no digits to lose; another check says that it is wrong

        def moved(step: float, t: int = t, i: int = i) -> tuple[Any, ...]:
            return *weights_at(step), t, i

        properties.keeps_precision(student, "dJt_dhi", moved)
    for dtype in (torch.float64, torch.float32):
        weights = g_o.to(dtype), Wyh.to(dtype), Whh.to(dtype)
        expect.dtype(student.dJt_dhi(*weights, 1, 3), weights[0], what="dJt_dhi for i > t")


@check(item="s000-3.2.2")
def state_gradient_has_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes none of its arguments, and calling twice gives the same."""
    one, other = _readout(draw), _readout(draw)
    properties.no_side_effects(student, "dJt_dhi", (*one, 4, 4), (*other, 4, 4))
    for i in (1, 6):
        _, after = student.with_inputs("dJt_dhi", *one, 4, i)
        expect.unharmed([*one, 4, i], after, what="an argument of dJt_dhi")
