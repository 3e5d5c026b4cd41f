"""Hidden checks of LayerNorm by hand: centring, scaling, both, and torch's own with epsilon, weight and bias."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from autograder.judge import Draw, Student, check, expect

from . import shared

Array = shared.Array
_ROWS = "sums and means go along the last axis: one for each row"


def centred(x: torch.Tensor) -> torch.Tensor:
    return x - x.mean(-1, keepdim=True)


def scaled(z: torch.Tensor) -> torch.Tensor:
    return z / z.square().mean(-1, keepdim=True).sqrt()


def both(x: torch.Tensor) -> torch.Tensor:
    return scaled(centred(x))


def slopes(f: Callable[[torch.Tensor], torch.Tensor], g: Array, x: Array) -> Array:
    """What autograd gives at x for the gradient g at f(x)."""
    t = torch.from_numpy(np.array(x)).requires_grad_(True)
    return torch.autograd.grad(f(t), t, torch.from_numpy(np.array(g)))[0].numpy()


# --- s003-12a ----------------------------------------------------------------


@check(item="s003-12a", points=2)
def centring_passes_back_what_autograd_says(student: Student, draw: Draw) -> None:
    """For a vector of any length the gradient equals autograd's."""
    for d, size in ((5, 1.0), (2, 1.0), (64, 1e3), (5, 2.0)):
        g = draw.array(d, scale=size)
        hint = "every x moves the mean, and the mean moves every output: what does a common part of g do?"
        expect.close(student.demean_backward(g), slopes(centred, g, g), what="demean_backward(g)", hint=hint, rtol=1e-5)


@check(item="s003-12a")
def rows_are_centred_by_themselves(student: Student, draw: Draw) -> None:
    """Each row of a batch gets what it gets alone, also where there are as many rows as columns, or a single one."""
    for n, d in ((4, 7), (3, 3), (1, 5)):
        g = draw.array(n, d) + draw.array(n, 1)
        expect.close(
            student.demean_backward(g), slopes(centred, g, g), what="demean_backward of rows", hint=_ROWS, rtol=1e-5
        )


@check(item="s003-12a")
def common_part_does_not_pass(student: Student, draw: Draw) -> None:
    """A gradient that is the same everywhere comes back as 0, and so does that of a single number."""
    even = np.full(6, draw.uniform(1.0, 3.0))
    got = expect.numbers(student.demean_backward(even), (6,), what="demean_backward of equal numbers")
    expect.true(
        bool(np.abs(got).max() < 1e-9), "A common part of the gradient passes.", "centring forgets a common shift"
    )
    got = expect.numbers(student.demean_backward(draw.array(1)), (1,), what="demean_backward of a single number")
    expect.true(bool(np.abs(got).max() < 1e-9), "Something passes through the centring of a single number.")
    apart = np.array([draw.uniform(1.0, 2.0), 0.0, 0.0])
    expect.true(
        bool(np.abs(expect.numbers(student.demean_backward(apart), (3,), what="the gradient")).max() > 0.1),
        "Nothing passes.",
    )


@check(item="s003-12a")
def centring_keeps_digits_and_arguments(student: Student, draw: Draw) -> None:
    """Gradients keep their digits, large ones too, and the argument stays as it was, a vector or rows."""
    g = draw.array(5, scale=1e6)
    shared.stays_apart(student, "demean_backward", [g], [draw.array(5)])
    shared.rows_stay(student, "demean_backward", [draw.array(3, 4)])
    for some in (g, 1e-6 * g):
        shared.digits(student.demean_backward(some), slopes(centred, some, some), what="demean_backward(g)")


@check(item="s003-12a")
def scaling_what_is_centred(student: Student, draw: Draw) -> None:
    """The two letters say what a larger input does to centring, and to the gradient behind it."""
    said = shared.chosen(student, "s003-12a", offered="abcdef")
    hint = "centring is linear: put a x into it, and look whether x appears in its backward pass at all"
    expect.true(said == {"b", "d"}, "One of your letters is not true of centring, or one is missing.", hint)


# --- s003-12b ----------------------------------------------------------------

_ALONG = "what part of g along z comes through? Moving z along itself changes nothing"


@check(item="s003-12b", points=3)
def scaling_passes_back_what_autograd_says(student: Student, draw: Draw) -> None:
    """For vectors of any length, with a mean that is not 0, the gradient at z equals autograd's."""
    for d in (5, 2, 64, 5):
        g, z = draw.array(d), draw.array(d) + draw.uniform(0.5, 1.5)
        got = student.normalize_backward(g, z)
        expect.close(got, slopes(scaled, g, z), what="normalize_backward(g, z)", hint=_ALONG, rtol=1e-5)


@check(item="s003-12b")
def scaling_holds_for_small_and_large_inputs(student: Student, draw: Draw) -> None:
    """Inputs of a hundred-thousandth or of a million change the size of the gradient as they should, also where some
    of them are 0."""
    for size in (1e-5, 1e3, 1e6):
        g, z = draw.array(6), draw.array(6, scale=size)
        z[draw.integer(2, 5)] = z[0] = g[1] = 0.0
        hint = "by what is the gradient divided: by the root of the mean square, or by something else? No eps here"
        expect.close(student.normalize_backward(g, z), slopes(scaled, g, z), what="normalize_backward of other sizes",
                     hint=hint, rtol=1e-5, atol=0.0)  # fmt: skip


@check(item="s003-12b")
def nothing_passes_along_the_input(student: Student, draw: Draw) -> None:
    """A gradient along z comes back as 0, and what comes back is at right angles to z."""
    z = draw.array(7) + 1.0
    got = expect.numbers(student.normalize_backward(z * draw.uniform(1, 2), z), (7,), what="normalize_backward along z")
    expect.true(bool(np.abs(got).max() < 1e-6), "A gradient along z passes.", "the length of z is what scaling forgets")
    got = expect.numbers(student.normalize_backward(draw.array(7), z), (7,), what="normalize_backward(g, z)")
    expect.true(bool(np.abs(got).max() > 1e-3), "Nothing passes at all.")
    expect.true(abs(float(got @ z)) < 1e-6 * float(np.linalg.norm(got) * np.linalg.norm(z)),
                "What comes back has a part along z.", _ALONG)  # fmt: skip


@check(item="s003-12b")
def rows_are_scaled_by_themselves(student: Student, draw: Draw) -> None:
    """Each row of a batch gets what it gets alone; a row with a gradient of 0 gets 0, a row of one number too."""
    for n, d in ((4, 6), (3, 3)):
        g, z = draw.array(n, d), draw.array(n, d) + draw.array(n, 1)
        g[1] = 0.0
        shared.rows_alone(student.normalize_backward, g, z, what="normalize_backward")
    one = expect.numbers(student.normalize_backward(draw.array(1, 1), np.array([[2.5]])), (1, 1), what="the gradient")
    expect.true(bool(np.abs(one).max() < 1e-9), "Something passes through the scaling of a single number.")


@check(item="s003-12b", points=2)
def layernorm_passes_back_what_autograd_says(student: Student, draw: Draw) -> None:
    """For vectors of any length the gradient through both equals autograd's."""
    for d in (5, 3, 40, 5):
        g, x = draw.array(d), draw.array(d, scale=2.0) + draw.uniform(0.5, 1.5)
        hint = "two steps: back through the scaling, whose input was the centred x, then back through the centring"
        expect.close(
            student.layernorm_backward(g, x), slopes(both, g, x), what="layernorm_backward(g, x)", hint=hint, rtol=1e-5
        )


@check(item="s003-12b")
def layernorm_does_not_feel_an_offset(student: Student, draw: Draw) -> None:
    """A common offset of x, even a large one, changes nothing; nor does a gradient that is the same everywhere."""
    g, x = draw.array(6), draw.array(6)
    hint = "what goes into the scaling is x without its mean: not x"
    plain = student.layernorm_backward(g, x)
    expect.true(
        bool(np.abs(expect.numbers(plain, (6,), what="layernorm_backward")).max() > 1e-3), "Nothing passes at all."
    )
    for shift in (30.0, 1e4):
        expect.same(
            plain,
            student.layernorm_backward(g, x + shift),
            what="layernorm_backward of shifted x",
            hint=hint,
            rtol=1e-6,
        )
    expect.same(plain, student.layernorm_backward(g + 3.0, x), what="layernorm_backward of a shifted g", rtol=1e-6,
                hint="the mean that comes in front takes a common part out of the gradient")  # fmt: skip


@check(item="s003-12b")
def layernorm_holds_for_small_and_large_numbers(student: Student, draw: Draw) -> None:
    """Inputs of a hundred-thousandth or of a thousand, and large gradients, change the result as they should, also
    where an input is just the mean."""
    even = np.array([1.0, 3.0, -1.0, 0.0, 2.0, 1.0]) * 2.0 ** draw.integer(-3, 3)  # two of them are the mean
    for gain, x in (
        (1.0, draw.array(6, scale=1e-5)),
        (1.0, draw.array(6, scale=1e3)),
        (1e3, draw.array(6)),
        (1.0, even),
    ):
        g = draw.array(6, scale=gain)
        hint = "the result is linear in g, and divided by the standard deviation of x; no eps here"
        got = student.layernorm_backward(g, x)
        expect.close(got, slopes(both, g, x), what="layernorm_backward of other sizes", hint=hint, rtol=1e-5, atol=0.0)


@check(item="s003-12b")
def layernorm_takes_rows_by_themselves(student: Student, draw: Draw) -> None:
    """Each row of a batch gets what it gets alone, also where there are as many rows as columns, or a single one."""
    for n, d in ((4, 6), (3, 3), (1, 5)):
        g, x = draw.array(n, d), draw.array(n, d, scale=2.0) + draw.array(n, 1)
        shared.rows_alone(student.layernorm_backward, g, x, what="layernorm_backward")


@check(item="s003-12b")
def norms_keep_digits_and_arguments(student: Student, draw: Draw) -> None:
    """float64 keeps its digits, and g, z and x stay as they were, vectors or rows."""
    for name, f in (("normalize_backward", scaled), ("layernorm_backward", both)):
        g, x = draw.array(5), draw.array(5)
        shared.stays_apart(student, name, [g, x], [draw.array(5), draw.array(5)])
        shared.rows_stay(student, name, [draw.array(3, 4), draw.array(3, 4)])
        shared.digits(getattr(student, name)(g, x), slopes(f, g, x), what=f"{name}(...)")


# --- s003-12c ----------------------------------------------------------------


@check(item="s003-12c", points=2)
def scaling_what_is_normalised(student: Student, draw: Draw) -> None:
    """The two letters say what a larger input does to scaling, and to the gradient behind it."""
    said = shared.chosen(student, "s003-12c", offered="abcdef")
    hint = "try your normalize_backward at z and at 3 z, with the same g, and compare lengths"
    expect.true(said == {"a", "f"}, "One of your letters is not true of scaling, or one is missing.", hint)


@check(item="s003-12c")
def own_gradient_shows_the_speed_bump(student: Student, draw: Draw) -> None:
    """In your own function, inputs that are larger or smaller by a factor get gradients smaller or larger by it."""
    g, z = draw.array(5), draw.array(5)
    g = g - z * (g @ z) / (z @ z)  # the part that passes: whether the rest is taken out is what other checks are about
    plain = expect.numbers(student.normalize_backward(g, z), (5,), what="normalize_backward(g, z)")
    expect.true(bool(np.abs(plain).max() > 1e-6), "The gradient of normalize_backward is 0.")
    for a in (draw.uniform(2, 4), draw.uniform(0.1, 0.4)):
        more = expect.numbers(student.normalize_backward(g, a * z), (5,), what="normalize_backward(g, a z)")
        hint = "the slope of z / sigma is measured in units of sigma"
        expect.close(more * a, plain, what="a times the gradient at a z", hint=hint, rtol=1e-6)


# --- s003-12b-torch ----------------------------------------------------------

PARTS = ("x", "the weight", "the bias")
_HINTS = (
    "g times the weight comes first; then the means of it, and of it times the normalised x, are taken out of each row",
    "each row adds what came in times its normalised x",
    "each row adds what came in",
)


def _wanted(g: torch.Tensor, x: torch.Tensor, w: torch.Tensor, eps: float) -> tuple[torch.Tensor, ...]:
    own = [t.clone().requires_grad_(True) for t in (x, w, torch.zeros_like(w))]
    return torch.autograd.grad(functional.layer_norm(own[0], x.shape[-1:], own[1], own[2], eps), own, g)


def _got(student: Student, g: torch.Tensor, x: torch.Tensor, w: torch.Tensor, eps: float) -> list[Any]:
    reply = student.layer_norm_backward(g, x, w, eps)
    return expect.parts(reply, 3, what="what layer_norm_backward returns", hint="gradients at x, weight and bias")


def _part(student: Student, draw: Draw, which: int, shape: tuple[int, ...], *, eps: float = 1e-5, scale: float = 1.0,
          offset: float = 0.0, rtol: float = 1e-5, case: str = "") -> None:  # fmt: skip
    g, w = draw.tensor(*shape), draw.tensor(shape[-1])
    x = draw.tensor(*shape, scale=scale) + offset
    got, want = _got(student, g, x, w, eps)[which], _wanted(g, x, w, eps)[which]
    expect.close(got, want, what=f"the gradient at {PARTS[which]}{case}", hint=_HINTS[which], rtol=rtol)


@check(item="s003-12b-torch", points=3)
def gradient_at_x_is_autograds(student: Student, draw: Draw) -> None:
    """The gradient at x equals autograd's, for rows with weights of any sign."""
    for shape in ((4, 6), (2, 5)):
        _part(student, draw, 0, shape)


@check(item="s003-12b-torch")
def gradient_at_the_weight_is_autograds(student: Student, draw: Draw) -> None:
    """The gradient at the weight equals autograd's: every row adds to it."""
    _part(student, draw, 1, (4, 6))


@check(item="s003-12b-torch")
def gradient_at_the_bias_is_autograds(student: Student, draw: Draw) -> None:
    """The gradient at the bias equals autograd's: every row adds to it."""
    _part(student, draw, 2, (4, 6))


@check(item="s003-12b-torch")
def axes_in_front_are_rows(student: Student, draw: Draw) -> None:
    """With any number of axes in front, or none, each of the three gradients equals autograd's, and has its shape; an
    axis of size 1 stays."""
    for shape in ((2, 3, 5), (4,), (2, 3, 2, 4), (1, 5)):
        g, x, w = draw.tensor(*shape), draw.tensor(*shape), draw.tensor(shape[-1])
        for mine, want, name, hint in zip(
            _got(student, g, x, w, 1e-5), _wanted(g, x, w, 1e-5), PARTS, _HINTS, strict=True
        ):
            what = f"the gradient at {name} with {len(shape)} axes"
            expect.close(mine, want, what=what, hint=hint, rtol=1e-5)


@check(item="s003-12b-torch")
def eps_counts_where_x_varies_little(student: Student, draw: Draw) -> None:
    """Where eps is as large as the variance, it stands where it does in the forward pass; large x are right too."""
    _part(student, draw, 0, (3, 5), eps=draw.uniform(0.3, 1.0), case=" with a large eps")
    _part(student, draw, 1, (3, 5), eps=draw.uniform(0.3, 1.0), case=" with a large eps")
    _part(student, draw, 0, (3, 5), scale=1e-3, case=" for x that varies little")
    _part(student, draw, 0, (3, 5), scale=1e4, case=" for large x")
    g, w, x = draw.tensor(3, 5), draw.tensor(5), draw.tensor(3, 5, scale=1e-3)
    usual = expect.parts(student.layer_norm_backward(g, x, w), 3, what="what layer_norm_backward returns")[0]
    hint = "the usual eps is 1e-5"
    expect.close(usual, _wanted(g, x, w, 1e-5)[0], what="the gradient at x without a given eps", hint=hint, rtol=1e-5)


@check(item="s003-12b-torch")
def offsets_and_equal_rows_are_no_trouble(student: Student, draw: Draw) -> None:
    """A large offset of x changes nothing; a row of equal numbers and a row of one number have finite gradients."""
    _part(student, draw, 0, (3, 5), offset=1e4, rtol=1e-4, case=" for x with an offset")
    g, w, x = draw.tensor(2, 5), draw.tensor(5), draw.tensor(2, 5)
    x[1] = 3.0
    want = _wanted(g, x, w, 1e-5)[0]
    hint = "the variance of such a row is 0, and eps alone stands under the root"
    expect.close(
        _got(student, g, x, w, 1e-5)[0], want, what="the gradient at a row of equal numbers", hint=hint, rtol=1e-5
    )
    one = _got(student, draw.tensor(3, 1), draw.tensor(3, 1), draw.tensor(1), 1e-5)
    found = expect.numbers(one[0], (3, 1), what="the gradient at rows of one number")
    expect.true(bool(np.abs(found).max() < 1e-6), "Something passes to a row of a single number.")


@check(item="s003-12b-torch")
def layer_norm_keeps_dtypes_and_arguments(student: Student, draw: Draw) -> None:
    """float32 stays float32, float64 keeps its digits, and the arguments stay as they were."""
    g, x, w = draw.tensor(3, 4), draw.tensor(3, 4), draw.tensor(4)
    reply, after = student.with_inputs("layer_norm_backward", g, x, w, 1e-5)
    expect.unharmed([g, x, w], after[:3], what="an argument of layer_norm_backward")
    shared.rows_stay(student, "layer_norm_backward", [draw.tensor(2, 3, 4), draw.tensor(2, 3, 4), w, 1e-5])
    for mine, right, name in zip(
        expect.parts(reply, 3, what="what comes back"), _wanted(g, x, w, 1e-5), PARTS, strict=True
    ):
        expect.dtype(mine, g, what=f"the gradient at {name}")
        shared.digits(mine, right.numpy(), what=f"the gradient at {name}")
    single = _got(student, g.float(), x.float(), w.float(), 1e-5)
    for mine, right, name in zip(single, _wanted(g, x, w, 1e-5), PARTS, strict=True):
        expect.dtype(mine, g.float(), what=f"the gradient at {name}")
        expect.finite(mine, what=f"the gradient at {name}, in float32")
        near = expect.array(mine, what=f"the gradient at {name}").shape == tuple(right.shape)
        expect.true(near, f"The gradient at {name} has another shape in float32.")
    zero = _got(student, torch.zeros(2, 4, dtype=torch.float64), x[:2], w, 1e-5)
    shapes = ((2, 4), (4,), (4,))
    found = [expect.numbers(part, shape, what="a gradient") for part, shape in zip(zero, shapes, strict=True)]
    expect.true(not any(part.any() for part in found), "A gradient of 0 gives more than 0.")
