"""Hidden checks of what the gradients are put together from: the two factors at the logits, one term of Whh for each
step, and the gradient of the total loss at each state."""

from __future__ import annotations

from typing import Any

import torch

from autograder.judge import Draw, Student, check, expect, properties

from . import reference as ref
from . import shared

# --- s000-3.2.1-jacobian ---------------------------------------------------


@check(item="s000-3.2.1-jacobian", points=2)
def loss_gradient_at_the_probabilities(student: Student, draw: Draw) -> None:
    """The gradient at the probabilities equals autograd's, for soft and one-hot targets and any leading axes."""
    for shape in ((4,), (3, 2), (2, 3, 5)):
        yhat = draw.simplex(*shape)
        onehot = torch.zeros(shape, dtype=torch.float64)
        onehot[..., draw.integer(0, shape[-1] - 1)] = 1.0
        for y, kind in ((draw.simplex(*shape), "soft"), (onehot, "one-hot")):
            expect.close(
                student.dJ_dyhat(yhat, y),
                ref.probability_gradient(yhat, y),
                what=f"dJ_dyhat for {kind} targets",
                hint="one probability stands in one logarithm: what is its derivative, and which sign has the loss?",
                rtol=properties.ROUGH,
            )


@check(item="s000-3.2.1-jacobian")
def tiny_probabilities_have_large_gradients(student: Student, draw: Draw) -> None:
    """Probabilities from one in a million to 1e-22, and one of 1 (a single class), are treated like any other."""
    yhat, y = draw.simplex(3, 4), draw.simplex(3, 4)
    for row in range(3):
        yhat[row, draw.integer(0, 3)] = 10.0 ** -(6 + 8 * row)
    yhat /= yhat.sum(-1, keepdim=True)
    for p, t, case in ((yhat, y, "tiny probabilities"), (torch.ones(2, 1), torch.ones(2, 1), "a single class")):
        for row in range(len(p)):  # row by row: each has a scale of its own
            expect.close(
                student.dJ_dyhat(p[row].double(), t[row].double()),
                ref.probability_gradient(p[row], t[row]),
                what=f"dJ_dyhat for {case}",
                hint="nothing is added to a probability, and nothing is cut off: it is never 0 here",
                rtol=properties.ROUGH,
            )


@check(item="s000-3.2.1-jacobian", points=3)
def softmax_jacobian_matches_autograd(student: Student, draw: Draw) -> None:
    """The Jacobian equals autograd's, row by row, for two and more classes and none, one or two leading axes."""
    for shape in ((5,), (3, 2), (2, 3, 4)):
        o = draw.tensor(*shape, scale=2.0)
        expect.close(
            student.softmax_jacobian(o),
            ref.softmax_jacobian(o),
            what="softmax_jacobian(o)",
            hint="one matrix per row of logits; on its diagonal a probability meets itself, beside it two of them meet",
            rtol=properties.ROUGH,
        )


@check(item="s000-3.2.1-jacobian")
def what_one_probability_wins_the_others_lose(student: Student, draw: Draw) -> None:
    """In each Jacobian every row and every column sums to zero, the diagonal is positive and all else negative."""
    for shape in ((4,), (3, 5)):
        got = expect.numbers(
            student.softmax_jacobian(draw.tensor(*shape)), (*shape, shape[-1]), what="softmax_jacobian(o)"
        )
        hint = "the probabilities sum to 1 whatever the logits are, and do not change when all logits shift"
        for axis, name in ((-2, "column"), (-1, "row")):
            expect.at_most(abs(got.sum(axis)), 1e-5, what=f"the sum of a {name} of the Jacobian", hint=hint)
        size = shape[-1]
        for a in range(size):
            for b in range(size):
                right = (got[..., a, b] > 0) if a == b else (got[..., a, b] < 0)
                expect.true(
                    bool(right.all()),
                    "An entry of the Jacobian has the wrong sign, or is 0.",
                    "a logit that grows raises its own probability and lowers all others",
                )


@check(item="s000-3.2.1-jacobian")
def softmax_jacobian_in_extreme_cases(student: Student, draw: Draw) -> None:
    """Logits around 10000 or -10000 give the Jacobian of moderate ones; a single class gives 0, a sure one nearly 0."""
    o = draw.tensor(2, 3)
    o[0, draw.integer(0, 2)] = 0.0  # a logit like any other
    moderate = properties.alive(student.softmax_jacobian(o), (2, 3, 3), what="softmax_jacobian(o)")
    large = o + torch.tensor([[1e4], [-1e4]], dtype=torch.float64)
    hint = "exp overflows: softmax has a form that does not, row by row"
    expect.same(
        moderate, student.softmax_jacobian(large), what="softmax_jacobian as all logits shift", hint=hint, rtol=1e-5
    )
    sure = torch.zeros(2, 4, dtype=torch.float64)
    sure[0, 0], sure[1, draw.integer(1, 3)] = 1e4, 1e4  # a shift by the first logit saves one of the two
    for logits, case in ((draw.tensor(3, 1), "a single class"), (sure, "a class that is certain")):
        got = expect.numbers(
            student.softmax_jacobian(logits), (*logits.shape, logits.shape[-1]), what=f"softmax_jacobian for {case}"
        )
        expect.at_most(abs(got), 1e-9, what=f"softmax_jacobian for {case}", hint="nothing is left that could move")


@check(item="s000-3.2.1-jacobian")
def factors_keep_precision(student: Student, draw: Draw) -> None:
    """In both functions float32 stays float32, and float64 is computed in float64."""
    properties.keeps_precision(student, "softmax_jacobian", shared.moving(draw, draw.tensor(3, 4)))
    yhat, y = (shared.moving_rows(draw, draw.simplex(3, 4)) for _ in range(2))
    properties.keeps_precision(student, "dJ_dyhat", lambda step: (yhat(step), y(step)))


@check(item="s000-3.2.1-jacobian")
def factors_have_no_side_effects(student: Student, draw: Draw) -> None:
    """Neither call changes its arguments, and calling twice gives the same."""
    properties.no_side_effects(student, "softmax_jacobian", (draw.tensor(3, 4),), (draw.tensor(3, 4),))
    one, other = ((draw.simplex(3, 4), draw.simplex(3, 4)) for _ in range(2))
    properties.no_side_effects(student, "dJ_dyhat", one, other)


# --- s000-3.2.3-outer ------------------------------------------------------


@check(item="s000-3.2.3-outer", points=3)
def each_copy_gets_its_own_gradient(student: Student, draw: Draw) -> None:
    """With a copy of Whh per step, each term equals autograd's gradient for its copy, also where the start is zero."""
    for t, H, start in ((1, 3, 1.0), (2, 5, 1.0), (6, 4, 1.0), (4, 3, 0.0), (3, 1, 1.0)):
        p = shared.problem(draw, t, H=H)
        p = p._replace(h0=start * p.h0)
        one = ref.one_loss(p)
        expect.close(
            student.terms_of_dJt_dWhh(one.gh, one.h),
            ref.copy_gradients(p),
            what="terms_of_dJt_dWhh(gh, h)",
            rtol=properties.ROUGH,
            hint="one matrix per step, each from one gradient and one old state, and nothing is added up",
        )


@check(item="s000-3.2.3-outer")
def rows_are_new_columns_are_old(student: Student, draw: Draw) -> None:
    """In each term row a, column b is entry a of the gradient times entry b of the state, as many steps as entries."""
    gh, h = draw.tensor(4, 4), draw.tensor(4, 4)
    want = [[[float(gh[i, a] * h[i, b]) for b in range(4)] for a in range(4)] for i in range(4)]
    expect.close(
        student.terms_of_dJt_dWhh(gh, h),
        want,
        what="terms_of_dJt_dWhh for four steps and four entries",
        rtol=properties.ROUGH,
        hint="rows belong to the new state, columns to the old one, the first axis to the step",
    )


@check(item="s000-3.2.3-outer")
def a_term_knows_its_own_step_only(student: Student, draw: Draw) -> None:
    """Changing gradient and state of one step changes the term of that step and no other."""
    t, H = 5, 3
    gh, h = draw.tensor(t, H), draw.tensor(t, H)
    before = properties.alive(student.terms_of_dJt_dWhh(gh, h), (t, H, H), what="terms_of_dJt_dWhh(gh, h)")
    for i in (0, t - 1, draw.integer(1, t - 2)):
        gh2, h2 = gh.clone(), h.clone()
        gh2[i], h2[i] = draw.tensor(H), draw.tensor(H)
        after = expect.numbers(student.terms_of_dJt_dWhh(gh2, h2), (t, H, H), what="terms_of_dJt_dWhh(gh, h)")
        moved = abs(after - before).max(axis=(1, 2)) > 1e-5
        expect.true(
            bool(moved[i]) and int(moved.sum()) == 1,
            "When gradient and state of one step change, other terms change than the one of this step.",
            "the two rows of one index, of gh and of h, belong to one use of the matrix",
        )


@check(item="s000-3.2.3-outer")
def a_silent_step_contributes_nothing(student: Student, draw: Draw) -> None:
    """A gradient or a state of zero gives a term of zeros; beside it large ones give a large, tiny ones a tiny one."""
    gh, h = draw.tensor(4, 3), draw.tensor(4, 3)
    gh[0] = 1e-9 * gh[0]
    gh[1], h[2] = 0.0, 0.0
    gh[3], h[3] = 1e3 * gh[3], 1e3 * h[3]
    got = expect.numbers(student.terms_of_dJt_dWhh(gh, h), (4, 3, 3), what="terms_of_dJt_dWhh(gh, h)")
    expect.at_most(abs(got[1:3]), 1e-12, what="the term of a step whose gradient or state is zero")
    for i in (0, 3):
        want = gh[i].unsqueeze(1) * h[i].unsqueeze(0)
        expect.close(got[i], want, what="the term of a step beside silent ones", rtol=properties.ROUGH)


@check(item="s000-3.2.3-outer")
def terms_keep_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    properties.keeps_precision(student, "terms_of_dJt_dWhh", shared.moving(draw, draw.tensor(4, 3), draw.tensor(4, 3)))


@check(item="s000-3.2.3-outer")
def terms_have_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes neither the gradients nor the states, and calling twice gives the same."""
    one, other = ((draw.tensor(4, 3), draw.tensor(4, 3)) for _ in range(2))
    properties.no_side_effects(student, "terms_of_dJt_dWhh", one, other)


# --- s000-3.2.4-delta ------------------------------------------------------


def _arguments(draw: Draw, T: int, H: int = 5, Y: int = 3) -> tuple[Any, Any, Any]:
    return draw.tensor(T, Y), draw.tensor(Y, H), draw.tensor(H, H, scale=0.6)


@check(item="s000-3.2.4-delta", points=3)
def every_later_loss_counts(student: Student, draw: Draw) -> None:
    """Each row equals autograd's gradient of the total loss, for one to twelve steps and single entries."""
    for T, H, Y in ((3, 5, 2), (12, 2, 4), (1, 4, 3), (4, 1, 2), (2, 3, 1), (3, 3, 3)):
        args = _arguments(draw, T, H, Y)
        expect.close(
            student.dJ_dh(*args),
            ref.total_state_gradients(*args),
            what=f"dJ_dh for {T} steps",
            rtol=properties.ROUGH,
            hint="two arrows leave a state: one to its own loss, one to the next state and all that follows",
        )


@check(item="s000-3.2.4-delta")
def the_last_state_hears_its_own_loss_only(student: Student, draw: Draw) -> None:
    """The last row is what the readout sends back from the last loss: no other loss, and no recurrent matrix."""
    g_o, Wyh, Whh = _arguments(draw, 4)
    got = properties.alive(student.dJ_dh(g_o, Wyh, Whh), (4, 5), what="dJ_dh(...)")
    expect.close(got[-1], Wyh.T @ g_o[-1], what="dJ_dh at the last state", rtol=properties.ROUGH, hint=_LAST)
    g_o[:3], other = draw.tensor(3, 3), draw.tensor(5, 5)
    again = expect.numbers(student.dJ_dh(g_o, Wyh, other), (4, 5), what="dJ_dh(...)")
    expect.same(
        got[-1],
        again[-1],
        what="dJ_dh at the last state, when earlier losses and the recurrent matrix change",
        hint=_LAST,
        rtol=properties.ROUGH,
    )


_LAST = "no step follows the last one: which row of yours belongs to it, and what reaches it?"


@check(item="s000-3.2.4-delta")
def a_loss_reaches_no_later_state(student: Student, draw: Draw) -> None:
    """If only the loss of step t sends a gradient, it arrives at the states 1 to t and at none after them."""
    T = 5
    for t in (1, 3, T):
        g_o, Wyh, Whh = _arguments(draw, T)
        g_o[: t - 1], g_o[t:] = 0.0, 0.0
        got = expect.numbers(student.dJ_dh(g_o, Wyh, Whh), (T, 5), what="dJ_dh(...)")
        sizes = abs(got).max(axis=1)
        expect.true(
            bool((sizes[:t] > 1e-6).all()),
            "A loss does not reach every state that it was computed from.",
            "a gradient walks back through all steps, also through those whose own loss has nothing to teach",
        )
        expect.at_most(
            sizes[t:], 1e-12, what="the gradient of a loss at states of later steps", hint="time runs one way"
        )


@check(item="s000-3.2.4-delta")
def losses_add_up_at_every_state(student: Student, draw: Draw) -> None:
    """The gradients of a weighted sum of losses are the same weighted sum, with large and tiny weights and zeros."""
    a, Wyh, Whh = _arguments(draw, 4)
    b = draw.tensor(4, 3)
    b[1] = 0.0
    alpha = draw.uniform(1e3, 2e3)
    one, two = (properties.alive(student.dJ_dh(g, Wyh, Whh), (4, 5), what="dJ_dh(...)") for g in (a, b))
    expect.close(
        student.dJ_dh(alpha * a - b, Wyh, Whh),
        alpha * one - two,
        what="dJ_dh of a weighted sum of two sets of gradients",
        hint=_LINEAR,
        rtol=properties.ROUGH,
    )
    tiny = student.dJ_dh(1e-9 * a, Wyh, Whh)
    expect.close(tiny, 1e-9 * one, what="dJ_dh of tiny gradients", hint=_LINEAR, rtol=properties.ROUGH)


_LINEAR = "a gradient is linear in the gradient that comes in: nothing is averaged, squared or cut off"


@check(item="s000-3.2.4-delta")
def the_way_back_keeps_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    properties.keeps_precision(student, "dJ_dh", shared.moving(draw, *_arguments(draw, 4)))


@check(item="s000-3.2.4-delta")
def the_way_back_has_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes none of its arguments, and calling twice gives the same."""
    properties.no_side_effects(student, "dJ_dh", _arguments(draw, 4), _arguments(draw, 4))
