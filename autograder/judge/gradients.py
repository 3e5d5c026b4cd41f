"""Whether a module's gradients are those of its own values: what a detach or a copy on the way breaks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import torch

from autograder.errors import Feedback, ProtocolError
from autograder.judge import expect, said
from autograder.judge.draw import Draw
from autograder.judge.student import Handle, StudentRaised

_STEP = 1e-6  # in float64; small, for the kink of a ReLU within a step would count as an error
_WITHIN, _NOISE = 0.01, 1e-3  # of the slope itself, and of the largest one; a broken gradient is off by its whole size
_HINT = "nothing on the way may be detached, rebuilt from plain numbers, or computed under no_grad"


def gradients_fit_values(
    module: Handle, inputs: list[Any], draw: Draw, *, what: str, hint: str = _HINT, known: Collection[str] = ()
) -> None:
    """Compare the gradient of each trained parameter with central differences of the first output, in float64.

    The module is left in float64. It has to give the same for the same inputs: no dropout. One that does not run in
    float64 is not judged: that is no matter of gradients. Raises Feedback that names the first parameter that is off:
    by its name where that is `known`, as one that the task asks for, else by its place."""
    before = module.parameters()
    shape = _first(module, inputs, what).shape
    module.method("double")
    try:
        _first(module, inputs, what)
    except StudentRaised:
        _load(module.method("float"), before)
        return
    weights, cotangent = {name: value.double() for name, value in before.items()}, draw.tensor(*shape)
    gradients = module.parameter_gradients(inputs, [cotangent])
    for name, gradient in gradients.items():
        if name not in weights or (gradient is not None and gradient.shape != weights[name].shape):
            raise ProtocolError("gradients of other parameters than the module has")
    off = set(gradients)
    for _ in range(2):  # a kink is not met twice
        some = {name: weights[name] for name in gradients if name in off}
        off = _misfits(module, inputs, weights, some, gradients, cotangent, draw, what)
    if off:
        names = sorted(off, key=list(gradients).index)
        first = said.name(names[0], known, _place(names[0], list(gradients)))
        raise Feedback(
            f"Moving {first} changes {what} otherwise than its gradient says.",
            hint,
            f"off: {', '.join(names)}",
        )


def _place(name: str, names: list[str]) -> str:
    """Where a parameter stands: its name is the student's choice, and may spell out what was fed to the module."""
    place, kind = names.index(name), "bias" if name.endswith("bias") else "parameter"
    return f"{kind} {place} of named_parameters(), counted from 0," if place < 64 else f"a {kind}"


def _misfits(
    module: Handle,
    inputs: list[Any],
    weights: dict[str, torch.Tensor],
    some: dict[str, torch.Tensor],
    gradients: dict[str, Any],
    cotangent: torch.Tensor,
    draw: Draw,
    what: str,
) -> set[str]:
    """Those of `some` parameters whose gradient says something else than a step in a drawn direction does. All
    `weights` are loaded each time: how a module loads may be its author's, who counts on all of them."""
    slopes, wants, sizes = {}, {}, {}
    for name, weight in some.items():
        direction, ends = draw.tensor(*weight.shape), []
        for step in (_STEP, -_STEP):
            _load(module, weights | {name: weight + step * direction})
            out = _first(module, inputs, what)
            expect.shape(out, tuple(cotangent.shape), what=what)
            ends.append(float((cotangent.numpy() * out).sum()))
        _load(module, weights)
        wants[name] = (ends[0] - ends[1]) / (2 * _STEP)
        gradient = gradients[name]
        terms = np.zeros(1)
        if gradient is not None:
            terms = expect.array(gradient * direction, what=f"a gradient of {what}")
        slopes[name], sizes[name] = float(terms.sum()), float(np.abs(terms).sum())
    noise = _NOISE * max(map(abs, wants.values()), default=0.0)
    return {n for n, want in wants.items() if abs(slopes[n] - want) > _WITHIN * (sizes[n] + abs(want)) + noise}


def _first(module: Handle, inputs: list[Any], what: str) -> Any:
    found = module(*inputs)
    first = found[0] if isinstance(found, (tuple, list)) and found else found
    return expect.numbers(first, what=f"the result of {what}")


def _load(module: Handle, weights: dict[str, torch.Tensor]) -> None:
    module.method("load_state_dict", weights, False)
