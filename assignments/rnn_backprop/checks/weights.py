"""Hidden checks of the gradient for the recurrent matrix: one loss, and the total loss from end to end."""

from __future__ import annotations

from functools import partial

import torch

from autograder.judge import Draw, Student, check, expect, properties

from . import reference as ref
from . import shared

# --- s000-3.2.3 ------------------------------------------------------------


@check(item="s000-3.2.3", points=3)
def every_use_of_whh_contributes(student: Student, draw: Draw) -> None:
    """The gradient of one loss equals autograd's, for one to six steps, with and without a start state."""
    for t, H, start in ((1, 3, 1.0), (2, 5, 1.0), (3, 4, 1.0), (6, 5, 1.0), (4, 3, 0.0)):
        p = shared.problem(draw, t, H=H)
        one = ref.one_loss(p._replace(h0=start * p.h0))
        expect.close(
            student.dJt_dWhh(one.gh, one.h),
            one.gradient,
            what="dJt_dWhh(gh, h)",
            rtol=properties.ROUGH,
            hint="Whh is used once per step, and each use has its own gradient and its own old state",
        )


@check(item="s000-3.2.3")
def single_step_pairs_gradient_and_state(student: Student, draw: Draw) -> None:
    """With one step, row a, column b tells how the weight from old entry b to new entry a moves the loss."""
    for H in (4, 1):
        gh, h = draw.tensor(1, H), draw.tensor(1, H)
        want = [[float(gh[0, a] * h[0, b]) for b in range(H)] for a in range(H)]
        expect.close(
            student.dJt_dWhh(gh, h),
            want,
            what="dJt_dWhh for a single step",
            rtol=properties.ROUGH,
            hint="rows belong to the new state, columns to the old one; is yours transposed or scaled?",
        )


@check(item="s000-3.2.3")
def one_loss_matches_finite_differences(student: Student, draw: Draw) -> None:
    """Nudging all weights along a drawn direction changes the loss as the gradient predicts."""
    p = shared.problem(draw, 5, H=4)
    one = ref.one_loss(p)
    direction = draw.tensor(4, 4)
    measured = ref.slope(lambda W: ref.losses(p._replace(Whh=W))[1][-1], p.Whh, direction)
    got = expect.array(student.dJt_dWhh(one.gh, one.h), what="dJt_dWhh(gh, h)")
    expect.shape(got, (4, 4), what="dJt_dWhh(gh, h)", hint="the shape of Whh")
    expect.close(
        float((got * direction.numpy()).sum()),
        measured,
        what="the predicted change of the loss along a direction",
        rtol=1e-4,
        hint="the loss moves through every step at once, not only through the last one",
    )


@check(item="s000-3.2.3")
def each_gradient_meets_the_state_before_it(student: Student, draw: Draw) -> None:
    """If only g_{h_i} is not zero, what comes back depends on h_{i-1} and on no other state."""
    t, H = 4, 3
    for i in range(1, t + 1):
        gh = torch.zeros(t, H, dtype=torch.float64)
        gh[i - 1] = draw.tensor(H)
        h = draw.tensor(t, H)
        others = draw.tensor(t, H)
        others[i - 1] = h[i - 1]
        got = student.dJt_dWhh(gh, h)
        properties.alive(got, (H, H), what=f"dJt_dWhh, when only the gradient at step {i} is not zero,")
        expect.same(
            got,
            student.dJt_dWhh(gh, others),
            what="the term of one step, when the states of other steps change",
            rtol=properties.ROUGH,
            hint="row k of gh belongs to h_{k+1}, row k of h to h_k: is something shifted by one?",
        )


@check(item="s000-3.2.3")
def linear_in_the_state_gradients(student: Student, draw: Draw) -> None:
    """A weighted sum of two sets of state gradients gives the same weighted sum of results, be they large or tiny."""
    a, b, h = draw.tensor(5, 3), draw.tensor(5, 3), draw.tensor(5, 3)
    alpha = draw.uniform(1e3, 2e3)
    one, two = (properties.alive(student.dJt_dWhh(g, h), (3, 3), what="dJt_dWhh(gh, h)") for g in (a, b))
    expect.close(
        student.dJt_dWhh(alpha * a - b, h),
        alpha * one - two,
        what="dJt_dWhh of a weighted sum of two sets of gradients",
        hint=_LINEAR,
        rtol=properties.ROUGH,
    )
    tiny = student.dJt_dWhh(1e-9 * a, h)
    expect.close(tiny, 1e-9 * one, what="dJt_dWhh of tiny gradients", hint=_LINEAR, rtol=properties.ROUGH)


_LINEAR = "a gradient is linear in the gradient that comes in: no norm, no product of gradients, nothing cut off"


@check(item="s000-3.2.3")
def one_loss_keeps_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    properties.keeps_precision(student, "dJt_dWhh", shared.moving(draw, draw.tensor(4, 3), draw.tensor(4, 3)))


@check(item="s000-3.2.3")
def one_loss_has_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes neither the gradients nor the states, and calling twice gives the same."""
    one, other = ((draw.tensor(4, 3), draw.tensor(4, 3)) for _ in range(2))
    properties.no_side_effects(student, "dJt_dWhh", one, other)


# --- s000-3.2.4 ------------------------------------------------------------


@check(item="s000-3.2.4")
def gradients_of_the_steps_add_up(student: Student, draw: Draw) -> None:
    """One, three and seven step gradients, large ones, and single numbers (H = 1), in any form and order, are added."""
    for T, H, size in ((1, 4, 1.0), (3, 1, 1.0), (7, 4, 1e4)):
        p = shared.problem(draw, T, H=H)
        parts, want = [size * part for part in ref.step_gradients(p)], size * ref.total_gradient(p)
        mixed = [parts[int(k)] for k in draw.permutation(T)]
        for given, form in (
            (parts, "a list"),
            (torch.stack(parts), "one tensor"),
            (mixed, "a list in another order"),
        ):
            expect.close(
                student.dJ_dWhh(given),
                want,
                what=f"dJ_dWhh of {T} gradients in {form}",
                rtol=properties.ROUGH,
                hint="J is the sum of the J_t: not their mean, not their product, and none is left out",
            )


@check(item="s000-3.2.4")
def combining_leaves_the_gradients_unchanged(student: Student, draw: Draw) -> None:
    """The gradients of the steps, in a list or in one tensor, are the same after they were combined."""
    one, other = ([draw.tensor(4, 4) for _ in range(3)] for _ in range(2))
    properties.no_side_effects(student, "dJ_dWhh", (one,), (other,))
    properties.no_side_effects(student, "dJ_dWhh", (torch.stack(one),), (torch.stack(other),))


@check(item="s000-3.2.4", points=3)
def bptt_matches_autograd(student: Student, draw: Draw) -> None:
    """The gradient of the total loss equals autograd's for three and seven steps, all sizes different."""
    for T, X, H, Y in ((3, 4, 5, 2), (7, 2, 3, 4)):
        p = shared.problem(draw, T, X, H, Y)
        for target, kind in ((p.y, "soft"), (draw.onehot(T, Y), "one-hot")):
            q = p._replace(y=target)
            expect.close(
                student.bptt(*q),
                ref.total_gradient(q),
                what=f"bptt for T = {T} and {kind} targets",
                rtol=properties.ROUGH,
                hint="check the pieces one by one: states, logit gradients, the way back, the sum over steps",
            )


@check(item="s000-3.2.4")
def bptt_matches_finite_differences(student: Student, draw: Draw) -> None:
    """Nudging Whh along a drawn direction changes the total loss as bptt predicts, with large states too."""
    for p, step, case in (
        (shared.problem(draw, 4, X=2, H=3, Y=5), 1e-5, ""),
        (_large(shared.problem(draw, 3, X=2, H=4, Y=3)), 1e-10, ", where states and weights are large"),
    ):
        H = len(p.h0)
        direction = draw.tensor(H, H)
        measured = ref.slope(partial(_total_loss, p), p.Whh, direction, step)
        got = expect.array(student.bptt(*p), what="bptt(...)")
        expect.shape(got, (H, H), what="bptt(...)", hint="the shape of Whh")
        expect.close(
            float((got * direction.numpy()).sum()),
            measured,
            what=f"the predicted change of J along a direction{case}",
            rtol=1e-4,
            hint="nudging Whh moves the loss of every step, through every earlier step, by however much it is",
        )


def _total_loss(p: ref.Problem, Whh: torch.Tensor) -> torch.Tensor:
    return ref.losses(p._replace(Whh=Whh))[1].sum()


def _large(p: ref.Problem) -> ref.Problem:
    """Gradients at states of some hundreds, and states of some thousands which the readout does not see yet: the
    logits stay small, so that nothing saturates."""
    seen = len(p.h0) // 2
    Whh, Wyh, h0 = p.Whh.clone(), 300.0 * p.Wyh, 0.01 * p.h0
    Whh[:seen, seen:], Wyh[:, seen:] = 0.0, 0.0
    h0[seen:] *= 3e5
    return p._replace(Whh=Whh, Whx=0.01 * p.Whx, Wyh=Wyh, h0=h0)


@check(item="s000-3.2.4")
def bptt_counts_the_start_state(student: Student, draw: Draw) -> None:
    """With one step only Whh h_0 matters: only weights that act along h_0 get a gradient; none if h_0 = 0."""
    hint = "with T = 1 there is one use of Whh, and it multiplies h_0"
    p = shared.problem(draw, 1, X=2, H=4, Y=3)
    got = properties.alive(student.bptt(*p), (4, 4), what="bptt for a single step")
    aside = draw.tensor(4)
    aside -= p.h0 * float(aside @ p.h0) / float(p.h0 @ p.h0)
    bound = 1e-5 * float(abs(got).max()) * float(aside.norm())
    expect.at_most(abs(got @ aside.numpy()), bound, what="the gradient for what Whh does beside h_0", hint=hint)
    still = expect.array(student.bptt(*p._replace(h0=torch.zeros_like(p.h0))), what="bptt for h_0 = 0")
    expect.at_most(abs(still), 1e-9, what="the gradient of a single step from h_0 = 0", hint=hint)
    tiny = shared.problem(draw, 1, X=1, H=1, Y=2)
    properties.alive(student.bptt(*tiny), (1, 1), what="bptt for one state and one input")


@check(item="s000-3.2.4")
def bptt_reaches_back_from_the_last_loss(student: Student, draw: Draw) -> None:
    """When all predictions but the last are perfect, the last loss still reaches each use of Whh."""
    T, H = 4, 6
    p = shared.problem(draw, T, X=2, H=H, Y=3)
    perfect = torch.softmax(ref.logits(p), dim=-1)
    perfect[-1] = p.y[-1]
    got = properties.alive(student.bptt(*p._replace(y=perfect)), (H, H), what="bptt with one loss left")
    states = torch.stack(ref.losses(p)[0][:-1])
    # column k meets the k-th old state and no other, so it reads off what the use at step k + 1 was sent
    sent = abs(got @ torch.linalg.pinv(states).numpy()).max(axis=0)
    expect.true(
        bool((sent > 1e-6 * sent.max()).all()),
        "The last loss does not reach every use of Whh.",
        "a gradient walks back through all steps, also through those whose own loss has nothing to teach",
        f"sent {sent}",
    )


@check(item="s000-3.2.4")
def bptt_survives_large_logits(student: Student, draw: Draw) -> None:
    """Adding one vector to all rows of Wyh shifts all logits alike, from 0 or to 10000: the gradient stays."""
    p = shared.problem(draw, 5, X=2, H=4, Y=3)
    p.Wyh[draw.integer(0, 2)] = 0.0
    common = draw.tensor(4)
    shifts = torch.stack(ref.losses(p)[0][1:]) @ common
    common *= 1e4 / float(shifts[shifts.abs().argmax()])
    before = student.bptt(*p)
    properties.alive(before, (4, 4), what="bptt(...)")
    expect.same(
        before,
        student.bptt(*p._replace(Wyh=p.Wyh + common)),
        what="bptt, when all logits of a step shift by the same up to 10000",
        hint="exp overflows: softmax has a form that does not, row by row",
        rtol=0.05,
    )


@check(item="s000-3.2.4")
def bptt_keeps_precision(student: Student, draw: Draw) -> None:
    """In both functions float32 stays float32, and float64 is computed in float64."""
    p = shared.problem(draw, 4, X=2, H=3, Y=5)
    network, y = shared.moving(draw, *p[:-1]), shared.moving_rows(draw, p.y)
    properties.keeps_precision(student, "bptt", lambda step: (*network(step), y(step)))
    direction = draw.tensor(3, 3)
    parts = [draw.tensor(3, 3) for _ in range(4)]
    properties.keeps_precision(student, "dJ_dWhh", lambda step: ([g + step * direction for g in parts],))


@check(item="s000-3.2.4")
def bptt_has_no_side_effects(student: Student, draw: Draw) -> None:
    """bptt changes neither weights nor data, and calling twice gives the same."""
    properties.no_side_effects(student, "bptt", shared.problem(draw, 4), shared.problem(draw, 4))
