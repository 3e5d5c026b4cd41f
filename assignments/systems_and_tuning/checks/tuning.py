"""Hidden checks of part 4, its first half: low-rank corrections, and prompts of vectors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.judge import Draw, Handle, Student, check, expect, gradients_fit_values

Weights = dict[str, Tensor]


def _base(
    student: Student, draw: Draw, width: int, out: int, *, bias: bool = True, single: bool = False
) -> tuple[Handle, Weights]:
    """An nn.Linear of the student's process with drawn weights, and these."""
    layer = student.tool("nn").made("Linear", width, out, bias)
    layer = layer if single else layer.turned("double")
    dtype = torch.float32 if single else torch.float64
    weights = {"weight": draw.tensor(out, width, dtype=dtype)}
    if bias:
        weights["bias"] = draw.tensor(out, dtype=dtype)
    layer.load(weights)
    return layer, weights


def _plain(weights: Weights, x: Tensor) -> Tensor:
    found: Tensor = torch.nn.functional.linear(x, weights["weight"], weights.get("bias"))
    return found


def _lora(student: Student, base: Handle, r: int, alpha: float) -> Handle:
    return expect.handle(student.LoRALinear(base, r, alpha), what="LoRALinear(base, r, alpha)")


def trained(layer: Handle) -> Weights:
    """The parameters that require a gradient."""
    found = {}
    for name, p in layer.parameters().items():
        own = layer.method("get_parameter", name)
        if isinstance(own, Tensor) and own.requires_grad:
            found[name] = p
    return found


def _pair(layer: Handle, width: int, out: int, r: int) -> tuple[str, str]:
    """Names of the matrices at the input's and at the output's side."""
    found = trained(layer)
    inner = [name for name, p in found.items() if tuple(p.shape) in ((r, width), (width, r))]
    outer = [name for name, p in found.items() if tuple(p.shape) in ((r, out), (out, r))]
    expect.true(
        len(found) == 2 and len(inner) == len(outer) == 1,
        "What is trained should be two matrices, of r x in and out x r numbers.",
        "the base is frozen, and both matrices are parameters",
    )
    return inner[0], outer[0]


def _filled(layer: Handle, draw: Draw, width: int, out: int, r: int) -> Tensor:
    """Put drawn numbers into both matrices; returns their product (out, width)."""
    names, weights = _pair(layer, width, out, r), dict(layer.parameters())
    sides = []
    for name, size in zip(names, (width, out), strict=True):
        weights[name] = draw.tensor(*weights[name].shape, dtype=weights[name].dtype)
        sides.append(weights[name] if weights[name].shape == (r, size) else weights[name].T)
    layer.load(weights)
    product: Tensor = sides[1].T.double() @ sides[0].double()
    return product


@check(item="s004-1.15")
def the_start_is_the_old_layer(student: Student, draw: Draw) -> None:
    """A new layer gives what its base gives."""
    for width, out, r, bias in ((5, 3, 2, True), (4, 6, 1, False)):
        base, weights = _base(student, draw, width, out, bias=bias)
        x = draw.tensor(7, width)
        got = _lora(student, base, r, 3.0)(x)
        expect.close(got, _plain(weights, x), what="the first output", hint="which matrix begins at 0?", rtol=1e-7)


@check(item="s004-1.15", points=2)
def two_thin_matrices_are_trained(student: Student, draw: Draw) -> None:
    """What is trained are r (in + out) numbers; the base is not among them."""
    for width, out, r in ((12, 20, 3), (7, 4, 1)):
        layer = _lora(student, _base(student, draw, width, out)[0], r, 2.0)
        count = sum(p.numel() for p in trained(layer).values())
        hint = "is the base frozen, bias and all, and are both matrices parameters?"
        expect.true(count == r * (width + out), "Another number of weights is trained than r (in + out).", hint)
        _pair(layer, width, out, r)


@check(item="s004-1.15")
def training_can_start(student: Student, draw: Draw) -> None:
    """At the start one of the matrices has a gradient that is not 0."""
    layer = _lora(student, _base(student, draw, 5, 3)[0], 2, 3.0)
    slopes = layer.parameter_gradients([draw.tensor(7, 5)], [draw.tensor(7, 3)])
    alive = any(g is not None and bool((g != 0).any()) for g in slopes.values())
    expect.true(alive, "At the start no matrix has a gradient.", "a product of two zeros stays 0")


@check(item="s004-1.15")
def ranks_are_told_apart(student: Student, draw: Draw) -> None:
    """What begins at random numbers differs from rank to rank: equal ones would stay equal, as if r were 1."""
    width, out, r = 5, 4, 3
    layer = _lora(student, _base(student, draw, width, out)[0], r, 3.0)
    found = trained(layer)
    for name in _pair(layer, width, out, r):
        side = found[name] if found[name].shape[0] == r else found[name].T
        alike = bool((side[0] == side[1]).all()) and bool((side[0] == side[2]).all())
        expect.true(not alike or not bool(side.any()), "All ranks begin at the same numbers.", "draw them at random")


@check(item="s004-1.15")
def gradients_pass_through_everything(student: Student, draw: Draw) -> None:
    """The gradients at x and at both matrices are those of what the layer computes."""
    width, out, r = 5, 3, 2
    layer = _lora(student, _base(student, draw, width, out)[0], r, 3.0)
    _filled(layer, draw, width, out, r)
    points = torch.cat([torch.eye(width, dtype=torch.float64), torch.zeros(1, width, dtype=torch.float64)])
    rows = expect.tensor(layer(points), (width + 1, out), what="the layer's output", most=1e9)
    x, cotangent = draw.tensor(7, width), draw.tensor(7, out)
    _, slopes = student.vjp(layer, [x], [cotangent])
    hint = "frozen are the weights of the base; the gradient passes through it to the layers before"
    expect.true(slopes[0] is not None, "The gradient does not reach x.", hint)
    want = cotangent @ (rows[:-1] - rows[-1]).T
    expect.close(slopes[0], want, what="the gradient at x", hint=hint, rtol=1e-6)
    gradients_fit_values(layer, [x], draw, what="the layer's output")


@check(item="s004-1.15", points=2)
def correction_is_the_scaled_product(student: Student, draw: Draw) -> None:
    """The output is that of the base plus alpha / r times the product of both matrices."""
    for width, out, r, alpha in ((5, 3, 2, 3.0), (4, 6, 1, 0.5), (3, 8, 2, 16.0)):
        base, weights = _base(student, draw, width, out)
        layer, x = _lora(student, base, r, alpha), draw.tensor(7, width)
        product = _filled(layer, draw, width, out, r)
        want = _plain(weights, x) + alpha / r * x @ product.T
        hint = "alpha over r, and the matrix at the input's side comes first"
        expect.close(layer(x), want, what="the output with both matrices filled", hint=hint, rtol=1e-7)
        layer.method("eval")
        expect.close(layer(x), want, what="the output in use, after eval()", hint="as in training", rtol=1e-7)


@check(item="s004-1.15", points=2)
def base_is_frozen(student: Student, draw: Draw) -> None:
    """Training steps, with weight decay, leave the base bit by bit what it was, and move the correction."""
    base, weights = _base(student, draw, 5, 3)
    layer, x = _lora(student, base, 2, 3.0), draw.tensor(7, 5)
    before = trained(layer)
    student.tool("tuning").method("a_step", layer, x)
    after = layer.parameters()
    moved = any(not expect.identical(value, after.get(name)) for name, value in before.items())
    expect.true(moved, "Training moves nothing.", "are the matrices parameters?")
    apart = _kept_apart(layer, weights, x)
    for name, value in weights.items():
        same = apart or any(expect.identical(value, p) for p in after.values())
        expect.true(same, f"Training changes the {name} of the base.", "requires_grad, of all its parameters")
    for name, own in base.parameters().items():
        same = name not in weights or expect.identical(weights[name], own)
        expect.true(same, "Training changes the layer that was given.", "it is frozen")


def _kept_apart(layer: Handle, weights: Weights, x: Tensor) -> bool:
    """Whether a base that is no parameter (a buffer, say) is still at work, to the last digits: then the output without
    the correction is that of the old layer."""
    values, out = dict(layer.parameters()), len(weights["weight"])
    if any(expect.identical(old, p) for old in weights.values() for p in values.values()):
        return False
    layer.load({name: torch.zeros_like(p) for name, p in values.items()})
    plain = expect.tensor(layer(x), (len(x), out), what="the layer's output")
    layer.load(values)
    return bool(torch.allclose(plain, _plain(weights, x), rtol=1e-12, atol=1e-12))


@check(item="s004-1.15", points=2)
def merged_layer_computes_the_same(student: Student, draw: Draw) -> None:
    """merged() is an nn.Linear with the same outputs, with a bias where the base has one; the layer stays as it was."""
    for width, out, r, bias in ((5, 3, 2, True), (4, 6, 1, False)):
        base, _ = _base(student, draw, width, out, bias=bias)
        layer, x = _lora(student, base, r, 3.0), draw.tensor(7, width)
        _filled(layer, draw, width, out, r)
        before = expect.tensor(layer(x), (7, out), what="the layer's output", most=1e9)
        one = layer.made("merged")
        expect.close(one(x), before, what="the output of the merged layer", hint="weight and bias", rtol=1e-7)
        shapes = {name: tuple(p.shape) for name, p in one.parameters().items()}
        plain = {"weight": (out, width), **({"bias": (out,)} if bias else {})}
        expect.true(shapes == plain, "The merged layer is no plain nn.Linear.", "one weight, one bias")
        expect.close(layer(x), before, what="the layer's output after merging", hint="add to a copy", rtol=1e-7)


@check(item="s004-1.15")
def layer_keeps_dtype_and_axes(student: Student, draw: Draw) -> None:
    """float32 and float64 stay, and leading axes stay, and so does the input."""
    for single in (True, False):
        layer = _lora(student, _base(student, draw, 4, 3, single=single)[0], 2, 3.0)
        dtype = torch.float32 if single else torch.float64
        for shape in ((4,), (1, 5, 4)):
            x = draw.tensor(*shape, dtype=dtype)
            got, after = student.with_inputs(layer, x)
            expect.unharmed(x, after[0], what="the input of the layer")
            expect.shape(got, (*shape[:-1], 3), what="the output")
            expect.dtype(got, x, what="the output")


# --- s003-7b -----------------------------------------------------------------


@check(item="s003-7b", points=2)
def prompt_numbers_are_counted(student: Student, draw: Draw) -> None:
    """A prompt has a number for each vector and each dimension, whatever the model's depth."""
    for tokens, d in ((5, 5120), (20, 768), (1, 7), (4097, 5121), (draw.integer(3, 9), draw.integer(10, 99))):
        got = expect.number(student.prompt_params(tokens, d), what="prompt_params(tokens, d)")
        expect.close(got, tokens * d, what="the trained numbers of a prompt", hint="it stands at the input alone")


def _prompt(student: Student, tokens: int, d: int) -> tuple[Handle, Tensor]:
    layer = expect.handle(student.SoftPrompt(tokens, d), what="SoftPrompt(tokens, d)")
    return layer, _vectors(layer, tokens, d)


def _vectors(layer: Handle, tokens: int, d: int) -> Tensor:
    """The trained vectors (tokens, d) as they are now."""
    weights = list(layer.parameters().values())
    fits = len(weights) == 1 and weights[0].numel() == tokens * d
    expect.true(
        fits, "A soft prompt should have one table of parameters: tokens x d numbers.", "nothing else is trained"
    )
    return expect.tensor(weights[0], what="the vectors of the prompt", most=1e6).reshape(tokens, d)


def _longer(layer: Handle, embeds: Tensor, mask: Tensor, tokens: int) -> tuple[Any, Any]:
    out, longer = expect.parts(layer(embeds, mask), 2, what="what SoftPrompt gives", hint="vectors and mask")
    b, n, d = embeds.shape
    expect.shape(out, (b, tokens + n, d), what="the vectors with their prompt")
    expect.shape(longer, (b, tokens + n), what="the mask with its prompt")
    return out, longer


def _mask(b: int, n: int, dtype: torch.dtype = torch.long) -> Tensor:
    mask = torch.ones(b, n, dtype=dtype)
    mask[0, n - 1] = 0
    return mask


@check(item="s003-7b")
def prompt_stands_before_every_sentence(student: Student, draw: Draw) -> None:
    """The trained vectors come first, for all sentences, and those of the words after them, as they were."""
    for tokens, b, n in ((3, 2, 5), (1, 1, 1)):
        layer, _ = _prompt(student, tokens, 4)
        layer.load({name: draw.tensor(*p.shape, scale=50.0, dtype=p.dtype) for name, p in layer.parameters().items()})
        vectors = _vectors(layer, tokens, 4)
        for scale, dtype in ((1.0, torch.float32), (50.0, torch.float64)):
            embeds = draw.tensor(b, n, 4, scale=scale, dtype=dtype)
            out, _ = _longer(layer, embeds, _mask(b, n), tokens)
            front = expect.tensor(out, what="the vectors with their prompt")
            expect.close(front[:, tokens:], embeds, what="the vectors of the words", hint="the prompt comes first")
            expect.close(front[:, :tokens], vectors.expand(b, -1, -1), what="the vectors of the prompt", rtol=1e-5)
            expect.dtype(out, embeds, what="the vectors with their prompt")


@check(item="s003-7b")
def sentences_and_masks_stay(student: Student, draw: Draw) -> None:
    """The words' vectors and the mask that were given stay as they were."""
    layer, _ = _prompt(student, 3, 4)
    given = [draw.tensor(2, 5, 4, dtype=torch.float32), _mask(2, 5)]
    _, after = student.with_inputs(layer, *given)
    expect.unharmed(given, after, what="what SoftPrompt was given")


@check(item="s003-7b")
def mask_gets_longer(student: Student, draw: Draw) -> None:
    """Prompt vectors count as real tokens, and padding stays padding."""
    layer, _ = _prompt(student, 3, 4)
    for b, n, dtype in ((2, 5, torch.long), (1, 1, torch.long), (2, 4, torch.bool), (3, 2, torch.float32)):
        mask = _mask(b, n, dtype)
        _, longer = _longer(layer, draw.tensor(b, n, 4, dtype=torch.float32), mask, 3)
        want = torch.cat([torch.ones(b, 3, dtype=dtype), mask], 1)
        expect.close(longer, want, what="the longer mask", hint="1 for what may be looked at")
        expect.dtype(longer, mask, what="the mask")


@check(item="s003-7b")
def prompt_is_trained(student: Student, draw: Draw) -> None:
    """The prompt gets a gradient through the vectors that come out, from all sentences."""
    layer, _ = _prompt(student, 3, 4)
    cotangent = draw.tensor(2, 8, 4, dtype=torch.float32)
    slopes = layer.parameter_gradients([draw.tensor(2, 5, 4, dtype=torch.float32), _mask(2, 5)], [cotangent, None])
    hint = "a parameter, neither detached nor copied at the start"
    expect.true(len(slopes) == 1, "The prompt's vectors are not trained.", hint)
    (slope,) = slopes.values()
    expect.true(slope is not None and slope.numel() == 12, "The prompt's vectors get no gradient.", hint)
    expect.close(slope.reshape(3, 4), cotangent[:, :3].sum(0), what="the gradient of the prompt", hint=hint, rtol=1e-4)


@check(item="s003-7b")
def prompt_begins_at_numbers_that_differ(student: Student, draw: Draw) -> None:
    """The vectors of a new prompt are not all alike."""
    _, vectors = _prompt(student, 3, 4)
    hint = "equal vectors get equal gradients for as long as nothing tells them apart"
    expect.true(bool((vectors[0] != vectors[1]).any()), "The prompt's vectors are all the same at the start.", hint)
