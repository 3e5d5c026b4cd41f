"""Running a student's steps from outside: what is asked, and what has to come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, Student, expect, properties

from .reference import Array, Tensors

SHAPES: tuple[tuple[int, ...], ...] = ((3, 2), (5,), (1,), (2, 1, 4), (5,))
_PAIR = "give back two things: the new parameters, in a list, and the state"
_STATE = "whatever a step remembers has to travel through `state`: another model may be trained in between"


def a_model(draw: Draw, *, dtype: torch.dtype = torch.float64, scale: float = 1.0) -> Tensors:
    """Tensors of different shapes, and two of one shape."""
    return [draw.tensor(*shape, scale=scale, dtype=dtype) for shape in SHAPES]


def some_gradients(draw: Draw, steps: int, *, dtype: torch.dtype = torch.float64, scale: float = 1.0) -> list[Tensors]:
    """Gradients of such a model that grow and fall from step to step."""
    return [a_model(draw, dtype=dtype, scale=scale * draw.uniform(0.3, 3.0)) for _ in range(steps)]


def moved(reply: Any, params: Tensors, name: str) -> tuple[Tensors, Any]:
    """The new parameters, known to be tensors of the right shapes, and the state."""
    back, state = expect.parts(reply, 2, what=f"what {name} returns", hint=_PAIR)
    rows = expect.parts(back, len(params), what=f"the first thing that {name} returns", hint=_PAIR)
    new = [
        expect.tensor(row, tuple(p.shape), what="a parameter after the step")
        for row, p in zip(rows, params, strict=True)
    ]
    return [part.to(p.dtype) for part, p in zip(new, params, strict=True)], state


def one(
    student: Student, name: str, params: Tensors, grads: Tensors, state: Any, options: dict[str, Any]
) -> tuple[Tensors, Any]:
    """One step of the student's."""
    return moved(getattr(student, name)(params, grads, state, **options), params, name)


def path(
    student: Student,
    name: str,
    params: Tensors,
    gradients: Sequence[Tensors],
    options: dict[str, Any],
    rates: Sequence[float] = (),
) -> list[Tensors]:
    """The parameters after each step of the student's. rates: the learning rate of each step, if it changes."""
    state, found = None, []
    for t, grads in enumerate(gradients):
        now = {**options, "lr": rates[t]} if rates else options
        params, state = one(student, name, params, grads, state, now)
        found.append(params)
    return found


def agree(
    got: Sequence[Tensors], want: Sequence[Tensors], *, what: str, hint: str, rtol: float = properties.ROUGH
) -> None:
    """Every parameter after every step."""
    for t, (mine, theirs) in enumerate(zip(got, want, strict=True), 1):
        for a, b in zip(mine, theirs, strict=True):
            expect.close(a, b, what=f"{what}, step {t}", hint=hint, rtol=rtol)


def keeps_dtypes(student: Student, name: str, draw: Draw, options: dict[str, Any], want: Any) -> None:
    """float32 stays float32; float64 is computed in float64 to the last digits."""
    for dtype in (torch.float32, torch.float64):
        params, gradients = a_model(draw, dtype=dtype), some_gradients(draw, 3, dtype=dtype)
        state, single = None, dtype == torch.float32
        for grads, right in zip(gradients, want(params, gradients), strict=True):
            back, state = expect.parts(
                getattr(student, name)(params, grads, state, **options), 2, what=f"what {name} returns", hint=_PAIR
            )
            rows = expect.parts(back, len(params), what=f"the first thing that {name} returns", hint=_PAIR)
            for row, p, exact in zip(rows, params, right, strict=True):
                expect.dtype(row, p, what="a parameter after the step")
                what = f"a parameter after the step, in {'float32' if single else 'float64'}"
                hint = "is some step done in float32? Tensors that you make get the dtype of the parameter"
                expect.close(row, exact, what=what, hint=hint, rtol=properties.SINGLE if single else 1e-12)
            params = [
                expect.tensor(row, tuple(p.shape), what="a parameter").to(dtype)
                for row, p in zip(rows, params, strict=True)
            ]


def leaves_alone(student: Student, name: str, draw: Draw, options: dict[str, Any]) -> None:
    """Two steps change neither the parameters nor the gradients that they were given."""
    params, state = a_model(draw), None
    for grads in some_gradients(draw, 2):
        reply, after = student.with_inputs(name, params, grads, state, **options)
        expect.unharmed(params, after[0], what="a parameter that was given")
        expect.unharmed(grads, after[1], what="a gradient that was given")
        back, state = moved(reply, params, name)
        expect.true(
            any(not torch.equal(a, b) for a, b in zip(back, params, strict=True)),
            "A step leaves all parameters where they were.",
        )


def keeps_nothing(student: Student, name: str, draw: Draw, options: dict[str, Any]) -> None:
    """Models that are trained in turns end where they end alone, those of the same shapes too."""
    models = [a_model(draw), [draw.tensor(4), draw.tensor(2, 3)], a_model(draw)]
    small = [[draw.tensor(4), draw.tensor(2, 3)] for _ in range(4)]
    runs = [some_gradients(draw, 4), small, some_gradients(draw, 4)]
    alone = [path(student, name, params, gradients, options) for params, gradients in zip(models, runs, strict=True)]
    states: list[Any] = [None, None, None]
    for t in range(4):
        for k in (0, 1, 2):
            models[k], states[k] = one(student, name, models[k], runs[k][t], states[k], options)
            for a, b in zip(models[k], alone[k][t], strict=True):
                expect.same(b, a, what="a step of one model while another is trained in between", hint=_STATE)


def goes_with_the_rate(student: Student, name: str, draw: Draw, options: dict[str, Any]) -> None:
    """With the same gradients, each step over its learning rate is the same, whatever the rates are. Both paths are the
    student's: what else is wrong costs its own check."""
    params, gradients, ways = a_model(draw), some_gradients(draw, 4), []
    for sizes in ((1.0, 1.0, 1.0, 1.0), (1.0, 0.2, 2.0, 0.5)):
        rates = [0.1 * size for size in sizes]
        places = [params, *path(student, name, params, gradients, options, rates)]
        steps = zip(places[:-1], places[1:], rates, strict=True)
        ways.append([[(b - a) / rate for a, b in zip(old, new, strict=True)] for old, new, rate in steps])
    expect.true(all(bool(way.any()) for way in ways[0][0]), "A step leaves parameters where they were.")
    hint = "what is remembered: gradients, or steps and rates of the past?"
    agree(ways[1], ways[0], what="a step over its learning rate", hint=hint)


def arrays(student: Student, name: str, theta: Array, gradients: Sequence[Array], rest: Sequence[float]) -> list[Array]:
    """theta after each step of name(theta, g, state, t, *rest)."""
    state, found = None, []
    for t, g in enumerate(gradients, 1):
        reply = getattr(student, name)(theta, g, state, t, *rest)
        back, state = expect.parts(
            reply, 2, what=f"what {name} returns", hint="give back two things: theta and the state"
        )
        theta = expect.numbers(back, theta.shape, what=f"theta after a step of {name}")
        found.append(theta)
    return found


def arrays_apart(student: Student, name: str, draw: Draw, rest: Sequence[float]) -> None:
    """Arrays stay as they were, and two runs in turns end where they end alone."""
    starts = [draw.array(3), draw.array(2, 4), draw.array(3)]
    runs = [[draw.array(*theta.shape) for _ in range(3)] for theta in starts]
    alone = [arrays(student, name, theta, gradients, rest) for theta, gradients in zip(starts, runs, strict=True)]
    expect.true(bool((alone[0][0] != alone[2][0]).all()), f"{name} gives the same for all arrays of one shape.")
    now, states = list(starts), [None, None, None]
    for t in range(3):
        for k in (0, 1, 2):
            reply, after = student.with_inputs(name, now[k], runs[k][t], states[k], t + 1, *rest)
            expect.unharmed([now[k], runs[k][t]], after[:2], what=f"an array given to {name}")
            back, states[k] = expect.parts(
                reply, 2, what=f"what {name} returns", hint="give back two things: theta and the state"
            )
            expect.same(alone[k][t], back, what="a step of one run while another goes on in between", hint=_STATE)
            now[k] = expect.numbers(back, now[k].shape, what=f"theta after a step of {name}")


def close_to_either(
    got: Sequence[Array], one: Sequence[Array], other: Sequence[Array], *, what: str, hint: str
) -> None:
    """The whole path is one of two that are right. Raises Feedback about the first."""
    try:
        for a, b in zip(got, other, strict=True):
            expect.close(a, b, what=what, rtol=1e-7)
    except Feedback:
        for t, (a, b) in enumerate(zip(got, one, strict=True), 1):
            expect.close(a, b, what=f"{what}, step {t}", hint=hint, rtol=1e-7)


def choice(student: Student, name: str, words: Sequence[str], right: str, *, wrong: str, hint: str) -> None:
    """A variable that holds one of some words; case and spaces do not matter."""
    said = student.value(name)
    word = expect.one_of(said.strip().lower() if isinstance(said, str) else said, words, what=f"`{name}`")
    expect.true(word == right, wrong, hint)


def extremes(draw: Draw) -> list[Tensors]:
    """Gradients with zeros at all steps, tiny and huge ones, and zeros at one step, each kind in its own tensor."""
    steps = some_gradients(draw, 3)
    for grads in steps:
        grads[0][1] = 0.0
        grads[1] *= 1e-6
        grads[2] *= 1e8
    steps[1][3][0] = 0.0  # what is remembered moves on
    return steps


def with_pauses(gradients: list[Array]) -> list[Array]:
    """The same gradients, the first entry 0 at the third and the fourth step: what is remembered moves on."""
    for g in gradients[2:4]:
        g.flat[0] = 0.0
    return gradients


def digits(value: Any, *, what: str) -> None:
    """Numbers that float32 cannot hold. A wrong formula in double precision passes, and costs its own check."""
    found = expect.numbers(value, what=what)
    expect.true(
        bool((found.astype(np.float32).astype(np.float64) != found).any()),
        f"{what} has lost the digits of float64.",
        "is something converted to float32 on the way?",
    )
