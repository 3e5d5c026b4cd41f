"""Hidden checks of steps on lists of tensors: SGD, Adam and AdamW, held against torch's own."""

from __future__ import annotations

from typing import Any

import torch

from autograder.judge import Draw, Feedback, Student, check, expect, properties

from . import reference as ref
from . import shared

_FIRST = "what does the average hold after the very first gradient?"
_BUFFER = (
    "each buffer takes a share of its past and adds the new gradient; the step is the learning rate times the buffer"
)


def _sgd(draw: Draw, **more: float) -> dict[str, float]:
    return {"lr": draw.uniform(0.02, 0.2), **more}


@check(item="s002-2.1-sgd")
def plain_steps_are_those_of_torch(student: Student, draw: Draw) -> None:
    """Without momentum, every step is the learning rate times the gradient."""
    options = _sgd(draw)
    params, gradients = shared.a_model(draw), shared.some_gradients(draw, 3)
    want = ref.torch_path(ref.sgd(**options), params, gradients)
    hint = "each step goes against its own gradient alone"
    shared.agree(shared.path(student, "sgd_step", params, gradients, options), want, what="plain SGD", hint=hint)


@check(item="s002-2.1-sgd", points=2)
def momentum_steps_are_those_of_torch(student: Student, draw: Draw) -> None:
    """With momentum, every step is torch's, for many steps and for little and much momentum."""
    for momentum, steps in ((draw.uniform(0.85, 0.95), 20), (draw.uniform(0.1, 0.4), 5)):
        options = _sgd(draw, momentum=momentum)
        params, gradients = shared.a_model(draw), shared.some_gradients(draw, steps)
        want = ref.torch_path(ref.sgd(**options), params, gradients)
        shared.agree(
            shared.path(student, "sgd_step", params, gradients, options), want, what="SGD with momentum", hint=_BUFFER
        )


@check(item="s002-2.1-sgd")
def later_gradients_are_dampened(student: Student, draw: Draw) -> None:
    """From the second step on, gradients enter the buffer dampened, and the past does not."""
    mu, tau = draw.uniform(0.6, 0.9), draw.uniform(0.2, 0.5)
    options = _sgd(draw, momentum=mu, dampening=tau)
    params, gradients = shared.a_model(draw), shared.some_gradients(draw, 5)
    gradients[0][1] *= 0.0  # a first buffer of zeros is a first buffer, too
    got = shared.path(student, "sgd_step", params, gradients, options)
    hint = "which part of the buffer does 1 - tau belong to, and at which steps?"
    try:  # a first step that is dampened, too, costs the check that is about it
        shared.agree(
            got, ref.dampened_from_the_start(params, gradients, lr=options["lr"], mu=mu, tau=tau), what="SGD", hint=hint
        )
    except Feedback:
        shared.agree(got, ref.torch_path(ref.sgd(**options), params, gradients), what="SGD with dampening", hint=hint)


@check(item="s002-2.1-sgd")
def the_first_buffer_is_the_gradient(student: Student, draw: Draw) -> None:
    """The very first step is a plain one, whatever momentum and dampening are."""
    options = _sgd(draw, momentum=draw.uniform(0.6, 0.9), dampening=draw.uniform(0.2, 0.7))
    params, gradients = shared.a_model(draw), shared.some_gradients(draw, 1)
    want = ref.torch_path(ref.sgd(**options), params, gradients)
    shared.agree(
        shared.path(student, "sgd_step", params, gradients, options), want, what="SGD with dampening", hint=_FIRST
    )


@check(item="s002-2.1-sgd")
def a_new_rate_scales_the_whole_buffer(student: Student, draw: Draw) -> None:
    """Where the learning rate changes from step to step, each step is its own rate times the buffer."""
    shared.goes_with_the_rate(student, "sgd_step", draw, _sgd(draw, momentum=0.9))


@check(item="s002-2.1-sgd")
def zeros_tiny_and_huge_gradients_make_their_steps(student: Student, draw: Draw) -> None:
    """Gradients that are exactly 0, tiny or huge are treated like all others."""
    options = _sgd(draw, momentum=0.9)
    params, gradients = shared.a_model(draw), shared.extremes(draw)
    want = ref.torch_path(ref.sgd(**options), params, gradients)
    got = shared.path(student, "sgd_step", params, gradients, options)
    for before, mine, theirs in zip([params, *want], got, want, strict=False):
        for start, a, b in zip(before, mine, theirs, strict=True):
            if float((b - start).abs().max()) < 1e-3:  # tiny gradients: what counts is the way, not the place
                continue
            expect.close(a, b, what="a parameter with huge gradients or zeros", hint=_BUFFER, rtol=properties.ROUGH)
    tiny = [draw.tensor(4, scale=1e-7)]
    moved, _ = shared.one(student, "sgd_step", [torch.zeros(4, dtype=torch.float64)], tiny, None, options)
    expect.close(
        moved[0],
        -options["lr"] * tiny[0],
        what="the way that tiny gradients make",
        hint=_BUFFER,
        rtol=properties.ROUGH,
        atol=0.0,
    )


@check(item="s002-2.1-sgd")
def sgd_keeps_dtypes_and_digits(student: Student, draw: Draw) -> None:
    """float32 parameters stay float32, and float64 is computed in float64."""
    options = _sgd(draw, momentum=0.8)
    shared.keeps_dtypes(student, "sgd_step", draw, options, lambda p, g: ref.torch_path(ref.sgd(**options), p, g))


@check(item="s002-2.1-sgd")
def sgd_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """A step changes neither the parameters nor the gradients that it was given."""
    shared.leaves_alone(student, "sgd_step", draw, _sgd(draw, momentum=0.7))


@check(item="s002-2.1-sgd")
def sgd_keeps_nothing_between_models(student: Student, draw: Draw) -> None:
    """Two models that are trained in turns do not hear of each other."""
    shared.keeps_nothing(student, "sgd_step", draw, _sgd(draw, momentum=0.7))


# --- s002-2.3-adam -----------------------------------------------------------

_HATS = "m and v of the new step, each divided by its own factor; the number of the step counts from 1"
_ROOT = "epsilon is added to the root of the repaired average of squares, not under the root"


def _adam(draw: Draw, **more: float) -> dict[str, float]:
    usual = {
        "lr": draw.uniform(0.02, 0.1),
        "beta1": draw.uniform(0.85, 0.95),
        "beta2": draw.uniform(0.97, 0.99),
        "eps": 1e-9,
    }
    return {**usual, **more}


@check(item="s002-2.3-adam")
def first_step_is_one_rate_long(student: Student, draw: Draw) -> None:
    """The first step of Adam is torch's: as long as the learning rate, for gradients of any size."""
    for scale in (1.0, 100.0):
        options = _adam(draw)
        params, gradients = shared.a_model(draw), shared.some_gradients(draw, 1, scale=scale)
        want = ref.torch_path(ref.adam(**options), params, gradients)
        shared.agree(shared.path(student, "adam_step", params, gradients, options), want, what="Adam", hint=_HATS)


@check(item="s002-2.3-adam", points=3)
def adam_steps_are_those_of_torch(student: Student, draw: Draw) -> None:
    """Every step of Adam is torch's, with betas near 1 and far from it, for a hundred steps."""
    for steps, more in ((40, {}), (20, {"beta1": 0.3, "beta2": 0.6}), (110, {"beta1": 0.9, "beta2": 0.999})):
        options = _adam(draw, **more)
        params, gradients = shared.a_model(draw), shared.some_gradients(draw, steps)
        want = ref.torch_path(ref.adam(**options), params, gradients)
        shared.agree(shared.path(student, "adam_step", params, gradients, options), want, what="Adam", hint=_HATS)


@check(item="s002-2.3-adam")
def epsilon_stands_beside_the_root(student: Student, draw: Draw) -> None:
    """A large epsilon has the effect that it has in torch, also where nothing is repaired."""
    options = _adam(draw, eps=draw.uniform(0.1, 0.5))
    params, gradients = shared.a_model(draw), shared.some_gradients(draw, 4)
    want = ref.torch_path(ref.adam(**options), params, gradients)
    got = shared.path(student, "adam_step", params, gradients, options)
    shared.agree(got, want, what="Adam with a large epsilon", hint=_ROOT)
    bare = shared.path(student, "adam_step", params, gradients, {**options, "correct": False})
    try:  # a repair that stays on costs the check that is about it
        shared.agree(bare, want, what="Adam", hint=_ROOT)
    except Feedback:
        wanted = ref.uncorrected(params, gradients, **options)
        shared.agree(bare, wanted, what="Adam with a large epsilon and without correction", hint=_ROOT)


@check(item="s002-2.3-adam")
def without_correction_averages_are_used_bare(student: Student, draw: Draw) -> None:
    """With correct=False both averages are used as they are, at every step."""
    options = _adam(draw)
    params, gradients = shared.a_model(draw), shared.some_gradients(draw, 5)
    got = shared.path(student, "adam_step", params, gradients, {**options, "correct": False})
    hint = "correct=False leaves both factors out, and changes nothing else"
    shared.agree(got, ref.uncorrected(params, gradients, **options), what="Adam without correction", hint=hint)


@check(item="s002-2.3-adam")
def a_new_rate_scales_the_whole_step(student: Student, draw: Draw) -> None:
    """Where the learning rate changes from step to step, each step of Adam is made with its own."""
    shared.goes_with_the_rate(student, "adam_step", draw, _adam(draw))


@check(item="s002-2.3-adam")
def entries_without_gradients_rest(student: Student, draw: Draw) -> None:
    """Where the gradient was always exactly 0, nothing moves; tiny and huge gradients move as far as others, and a
    weight whose gradient is 0 for once goes on."""
    options = _adam(draw, eps=1e-12)
    params, gradients = shared.a_model(draw), shared.extremes(draw)
    for more in ({"correct": False}, {}):
        got = shared.path(student, "adam_step", params, gradients, {**options, **more})
        expect.true(
            all(torch.equal(now[0][1], params[0][1]) for now in got),
            "A weight whose gradient is 0 moves.",
            "0 over epsilon is 0",
        )
    want = ref.torch_path(ref.adam(**options), params, gradients)
    shared.agree(got, want, what="Adam with zeros, tiny and huge gradients", hint=_ROOT)


@check(item="s002-2.3-adam")
def adam_keeps_dtypes_and_digits(student: Student, draw: Draw) -> None:
    """float32 parameters stay float32, and float64 is computed in float64."""
    options = _adam(draw, eps=1e-6)
    shared.keeps_dtypes(student, "adam_step", draw, options, lambda p, g: ref.torch_path(ref.adam(**options), p, g))


@check(item="s002-2.3-adam")
def adam_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """A step changes neither the parameters nor the gradients that it was given."""
    shared.leaves_alone(student, "adam_step", draw, _adam(draw))


@check(item="s002-2.3-adam")
def adam_keeps_nothing_between_models(student: Student, draw: Draw) -> None:
    """Two models that are trained in turns do not hear of each other; each counts its own steps."""
    shared.keeps_nothing(student, "adam_step", draw, _adam(draw))


# --- s003-4b-adamw -----------------------------------------------------------

_APART = "decay acts on the weights themselves: neither average may see it"


def _adamw(draw: Draw, **more: float) -> dict[str, Any]:
    return {**_adam(draw), "weight_decay": draw.uniform(0.1, 0.5), **more}


@check(item="s003-4b-adamw", points=2)
def adamw_steps_are_those_of_torch(student: Student, draw: Draw) -> None:
    """Every step of AdamW is torch's, for weak and strong decay."""
    for decay in (draw.uniform(0.01, 0.05), draw.uniform(0.5, 2.0)):
        options = _adamw(draw, weight_decay=decay)
        params, gradients = shared.a_model(draw, scale=3.0), shared.some_gradients(draw, 12)
        want = ref.torch_path(ref.adamw(**options), params, gradients)
        shared.agree(shared.path(student, "adamw_step", params, gradients, options), want, what="AdamW", hint=_APART)


@check(item="s003-4b-adamw")
def decay_goes_with_the_learning_rate(student: Student, draw: Draw) -> None:
    """Where gradients are exactly 0, each weight loses learning rate times decay of itself per step, whatever the rate
    of that step is."""
    options = _adamw(draw, weight_decay=draw.uniform(0.4, 0.9))
    rates = [draw.uniform(0.02, 0.1) * size for size in (1.0, 0.2, 3.0)]
    params, left, want = shared.a_model(draw), 1.0, []
    for rate in rates:
        left *= 1 - rate * options["weight_decay"]
        want.append([p * left for p in params])
    still = [[torch.zeros_like(p) for p in params]] * 3
    got = shared.path(student, "adamw_step", params, still, options, rates)
    shared.agree(
        got,
        want,
        what="a weight without gradients",
        hint="the share is a product of two numbers, and is lost at each step",
    )


@check(item="s003-4b-adamw")
def every_weight_loses_the_same_share(student: Student, draw: Draw) -> None:
    """What decay takes does not depend on the gradients, be they tiny or huge."""
    options = _adamw(draw, eps=1e-12)
    params = shared.a_model(draw)
    for grads in shared.extremes(draw)[:2]:
        ends = [
            shared.one(student, "adamw_step", params, grads, None, {**options, "weight_decay": w})[0]
            for w in (options["weight_decay"], 0.0)
        ]
        for p, a, b in zip(params, *ends, strict=True):
            share = (b - a) / p
            wanted = torch.full_like(p, options["lr"] * options["weight_decay"])
            expect.close(share, wanted, what="the share that decay takes", hint=_APART, rtol=properties.ROUGH)


@check(item="s003-4b-adamw")
def without_decay_this_is_adam(student: Student, draw: Draw) -> None:
    """With weight_decay 0 every step is Adam's, and epsilon is passed on."""
    options = _adam(draw, eps=draw.uniform(0.05, 0.3))
    params, gradients = shared.a_model(draw), shared.some_gradients(draw, 4)
    got = shared.path(student, "adamw_step", params, gradients, {**options, "weight_decay": 0.0})
    want = ref.torch_path(ref.adam(**options), params, gradients)
    shared.agree(got, want, what="AdamW without decay", hint="it should be Adam with the same betas and epsilon")


@check(item="s003-4b-adamw")
def adamw_keeps_dtypes_and_digits(student: Student, draw: Draw) -> None:
    """float32 parameters stay float32, and float64 is computed in float64."""
    options = _adamw(draw, eps=1e-6)
    shared.keeps_dtypes(student, "adamw_step", draw, options, lambda p, g: ref.torch_path(ref.adamw(**options), p, g))


@check(item="s003-4b-adamw")
def adamw_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """A step changes neither the parameters nor the gradients, and two models in turns do not hear of each other."""
    shared.leaves_alone(student, "adamw_step", draw, _adamw(draw))
    shared.keeps_nothing(student, "adamw_step", draw, _adamw(draw))
