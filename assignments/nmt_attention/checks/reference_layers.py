"""What the checks of the attention layers share: a student's layer with known weights, and a reference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.judge import Draw, Feedback, Handle, Student, StudentRaised, expect, properties

ROUGH = properties.ROUGH
# The largest score for which the notebook promises that a mask must hold.
LARGEST_SCORE = 3e4
PARTS = ("Q", "K", "V")
RESULTS = ("the context", "the attention weights")

Weights = dict[str, dict[str, Tensor]]
Inputs = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True)
class Sizes:
    """b examples, k queries, n keys, h numbers per vector."""

    b: int
    k: int
    n: int
    h: int


def drawn_weights(draw: Draw, h: int) -> Weights:
    """Generic weights and biases, representable in float32, so that both precisions start from the same."""
    return {
        part: {
            "weight": _single(draw.tensor(h, h, scale=1.4 / math.sqrt(h))),
            "bias": _single(draw.tensor(h, scale=0.4)),
        }
        for part in PARTS
    }


def transparent_weights(h: int) -> Weights:
    """Projections that change nothing: scores are the products of the inputs themselves."""
    one, none = torch.eye(h, dtype=torch.float64), torch.zeros(h, dtype=torch.float64)
    return {part: {"weight": one.clone(), "bias": none.clone()} for part in PARTS}


def _single(values: Tensor) -> Tensor:
    return values.float().double()


def drawn_inputs(draw: Draw, sizes: Sizes, scale: float = 1.0) -> Inputs:
    """Queries (b,k,h), keys (b,n,h), values (b,n,h), representable in float32."""
    b, k, n, h = sizes.b, sizes.k, sizes.n, sizes.h
    shapes = (b, k, h), (b, n, h), (b, n, h)
    queries, keys, values = (_single(draw.tensor(*shape, scale=scale)) for shape in shapes)
    return queries, keys, values


class Layer:
    """A layer of the student's that holds these weights, in float64 unless `double` is False."""

    def __init__(self, student: Student, name: str, weights: Weights, *, double: bool = True) -> None:
        hidden = len(weights["Q"]["bias"])
        made = getattr(student, name)(hidden_size=hidden)
        if not isinstance(made, Handle):
            raise Feedback(f"{name}(hidden_size) does not make a layer.", "it should be a class derived from nn.Module")
        for part in PARTS:
            inner = expect.handle(getattr(made, part), what=f"The attribute {part} of {name}", hint="an nn.Linear")
            _load(inner, weights[part], f"{name}.{part}")
        self.student, self.name, self.weights = student, name, weights
        self.dtype = torch.float64 if double else torch.float32
        self.handle: Handle = made.turned("double") if double else made

    def owns_its_projections(self) -> None:
        """Each of Q, K and V still holds what was loaded into it, a bias too: no two are one and the same."""
        for part in PARTS:
            held = self.handle.part(part).parameters()
            for kind, loaded in self.weights[part].items():
                expect.true(kind in held, f"{part} has no {kind}.", "nn.Linear(hidden_size, hidden_size)")
                expect.shape(held[kind], tuple(loaded.shape), what=f"the {kind} of {part}")
                same = bool((expect.array(held[kind], what=f"the {kind} of {part}") == loaded.numpy()).all())
                hint = "each is an nn.Linear with weights that no other shares"
                expect.true(same, "Q, K and V are not three layers of their own.", hint)

    def raw(self, *inputs: Tensor) -> Any:
        """What the layer returns, as it comes."""
        return self.handle(*inputs)

    def __call__(self, queries: Tensor, keys: Tensor, values: Tensor, *, strict: bool = False) -> Any:
        """(context (b,k,h), weights (b,n,k)) as float64 arrays.

        Only the check of the shapes (`strict`) insists on the order of the pair and of the last two axes, and on axes
        of size 1, so that a slip there costs its own points and no others."""
        b, k, h = queries.shape if queries.dim() == 3 else (len(queries), 1, queries.shape[-1])
        context, weights = two_results(self.raw(queries, keys, values), self.name)
        wanted = ((b, k, h), (b, keys.shape[1], k))
        if not strict:
            context, weights = (_without_gaps(part) for part in (context, weights))
            if context.shape != wanted[0] and weights.shape == wanted[0]:
                context, weights = weights, context
            if weights.shape == (b, k, keys.shape[1]) and (k != keys.shape[1] or self._turns_weights(weights, h)):
                weights = weights.transpose(0, 2, 1)
            context, weights = (_with_axes(part, shape) for part, shape in zip((context, weights), wanted, strict=True))
        expect.shape(context, wanted[0], what="the context", hint="(batch, queries, hidden)")
        expect.shape(weights, wanted[1], what="the attention weights", hint="(batch, keys, queries)")
        if strict and k == keys.shape[1]:
            expect.true(not self._turns_weights(weights, h), "Queries stand before keys.", "(batch, keys, queries)")
        if not strict:  # zeros agree with zeros wherever a layer is compared with itself
            for part, what in zip((context, weights), RESULTS, strict=True):
                expect.true(bool(part.any()), f"All of {what} is zero.", "does the layer return what it computes?")
        return context, weights

    def finite(self, *inputs: Tensor) -> Any:
        """The same, and no NaN or infinity among the results."""
        hint = "NaN comes from a row of scores that are all minus infinity, or from exp of a large number"
        for part, what in zip(two_results(self.raw(*inputs), self.name), RESULTS, strict=True):
            expect.numbers(part, what=what, hint=hint)
        results = self(*inputs)
        for part, what in zip(results, RESULTS, strict=True):
            expect.numbers(part, what=what, hint=hint)
        return results

    def _turns_weights(self, weights: Any, hidden: int) -> bool:
        """Whether the weights come as (b, k, n): a square matrix does not tell, so ask with 3 queries and more keys.

        Where the layer breaks on that, which is another check's business, its square weights tell by their sums."""
        n = 4 if hidden != 4 else 5  # so that the context cannot be taken for the weights
        probe = torch.linspace(-1.0, 1.0, 2 * (3 + n) * hidden, dtype=self.dtype).reshape(2, 3 + n, hidden)
        try:
            _, found = two_results(self.raw(probe[:, :3], probe[:, 3:], probe[:, 3:]), self.name)
        except (StudentRaised, Feedback):
            over_keys, over_queries = (abs(weights.sum(axis) - 1).max() < 1e-3 for axis in (1, 2))
            return bool(over_queries and not over_keys)
        return bool(found.shape == (2, 3, n))

    def gradients(self, inputs: Inputs, cotangent: Tensor) -> list[Any]:
        """The gradients at queries, keys and values when `cotangent` (b,k,h) comes in at the context."""
        _, found = self.student.vjp(self.handle, list(inputs), [cotangent, None])
        for name, x, gradient in zip(("queries", "keys", "values"), inputs, found, strict=True):
            expect.true(
                gradient is not None,
                f"No gradient reaches the {name}.",
                "something is detached, computed outside of torch, or not used at all",
            )
            expect.numbers(
                gradient,
                tuple(x.shape),
                what=f"the gradient at the {name}",
                hint="a row of scores that are all minus infinity gives NaN, also in the gradient",
            )
        return list(found)

    def with_inputs(self, *inputs: Tensor) -> tuple[Any, list[Any]]:
        """(results, the inputs as the call left them)."""
        return self.student.with_inputs(self.handle, *inputs)


def _without_gaps(values: Any) -> Any:
    """NaN as 0, if it is in the minority: a row of NaN costs the checks that are about it, and no others."""
    gaps = np.isnan(values)
    return np.where(gaps, 0.0, values) if 0 < gaps.mean() <= 0.5 else values


def _with_axes(values: Any, shape: tuple[int, ...]) -> Any:
    """The same with axes of size 1 as in `shape`, if nothing else differs."""
    fits = [size for size in values.shape if size != 1] == [size for size in shape if size != 1]
    return values.reshape(shape) if fits else values


def _load(inner: Handle, weights: dict[str, Tensor], what: str) -> None:
    # not by looking at its parameters first: they start from random numbers, and a reply that differs from run to run
    # would hide from the diagnosis which mistake this is
    said = ""
    # a layer without a bias takes the weight alone: it fails where a bias matters, and not everywhere
    for kinds in (("weight", "bias"), ("weight",)):
        try:
            inner.load({kind: weights[kind].float() for kind in kinds})
            return
        except StudentRaised as error:
            said = str(error)
    hint = "nn.Linear(hidden_size, hidden_size), with its bias"
    raise Feedback(f"{what} is not the linear layer that is asked for.", hint, said)


def two_results(pair: Any, name: str) -> tuple[Any, Any]:
    """The two arrays that a layer returns. Raises Feedback for anything else."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise Feedback(f"{name} does not return a pair.", "return the context and the attention weights")
    return expect.array(pair[0], what="the context"), expect.array(pair[1], what="the attention weights")


def reference(weights: Weights, inputs: Inputs, causal: bool = False) -> tuple[Tensor, Tensor]:
    """(context (b,k,h), weights (b,n,k)) in float64; with `causal`, query i sees the keys 0..i."""
    q, k, v = (x @ weights[part]["weight"].T + weights[part]["bias"] for part, x in zip(PARTS, inputs, strict=True))
    scores = torch.einsum("bkh,bnh->bkn", q, k) / math.sqrt(q.shape[-1])
    if causal:
        scores = torch.where(visible(*scores.shape[1:]), scores, torch.full_like(scores, -torch.inf))
    shares = torch.softmax(scores, dim=2)
    return torch.einsum("bkn,bnh->bkh", shares, v), shares.transpose(1, 2)


def visible(k: int, n: int) -> Tensor:
    """(k, n) booleans: whether query i may see key j, that is j <= i."""
    return torch.arange(n)[None, :] <= torch.arange(k)[:, None]


def projected(weights: Weights, part: str, x: Tensor) -> np.ndarray[Any, Any]:
    """The inputs after one of the three linear layers, as an array."""
    result: np.ndarray[Any, Any] = (x @ weights[part]["weight"].T + weights[part]["bias"]).numpy()
    return result


def pattern(logs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Logarithms of weights (b,n,k) with their means over each axis taken out: what is left of the scores, whatever
    they were normalised over."""
    for axis in range(3):
        logs = logs - logs.mean(axis=axis, keepdims=True)
    return logs


def log_weights(weights: Any) -> np.ndarray[Any, Any]:
    """Raises Feedback where a weight of moderate scores is not positive."""
    expect.finite(weights, what="the attention weights")
    expect.true(
        bool((weights > 0).all()),
        "An attention weight is zero or negative for scores of ordinary size.",
        "softmax gives every key a positive share",
    )
    result: np.ndarray[Any, Any] = np.log(weights)
    return result


def steep_inputs(draw: Draw, sizes: Sizes) -> Inputs:
    """For transparent weights: every later key has a higher score than all before, from -LARGEST_SCORE to
    LARGEST_SCORE, for every query. A mask that is too weak gives way here."""
    b, k, n, h = sizes.b, sizes.k, sizes.n, sizes.h
    along = draw.tensor(b, 1, h)
    along = along / along.norm(dim=-1, keepdim=True)
    ladder = torch.linspace(-1.0, 1.0, n, dtype=torch.float64)[None, :, None]
    noise = draw.tensor(b, n, h, scale=0.01)
    keys = ladder * along + noise - (noise * along).sum(-1, keepdim=True) * along
    queries = LARGEST_SCORE * math.sqrt(h) * along * torch.ones(b, k, 1, dtype=torch.float64)
    return queries, keys, draw.tensor(b, n, h)


def rival_inputs(draw: Draw, sizes: Sizes) -> Inputs:
    """For transparent weights: scores near LARGEST_SCORE, and near its negative for every other query, that differ by
    a few units, so that several keys share the weight."""
    b, k, n, h = sizes.b, sizes.k, sizes.n, sizes.h
    along = draw.tensor(b, 1, h)
    along = along / along.norm(dim=-1, keepdim=True)
    below = torch.stack([draw.permutation(n) for _ in range(b)]).double()[:, :, None] * 0.7 + 1.0
    signs = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(k)[None, :k, None]
    queries = LARGEST_SCORE * math.sqrt(h) * along * signs
    return queries, along * (1 - below / LARGEST_SCORE), draw.tensor(b, n, h)


def unheard(layer: Layer, inputs: Inputs, other_values: Tensor, queries: slice) -> None:
    """With `other_values` these queries get the same context: what differs has no weight for them."""
    before, after = layer.finite(*inputs), layer.finite(inputs[0], inputs[1], other_values)
    expect.same(
        before[0][:, queries],
        after[0][:, queries],
        what="the context, as values that have no weight are replaced,",
        rtol=1e-3,
        hint="are the weights that mix the values those that you return, also for very unequal scores?",
    )


def agrees_with_differences(layer: Layer, draw: Draw, inputs: Inputs) -> None:
    """Autograd's gradient of the layer equals finite differences of the layer's own outputs, input by input."""
    cotangent, step = draw.tensor(*inputs[0].shape), 1e-4
    gradients = layer.gradients(inputs, cotangent)
    for place, (name, gradient) in enumerate(zip(("queries", "keys", "values"), gradients, strict=True)):
        expect.true(bool((gradient != 0).any()), f"The gradient at the {name} is zero.", "are they used at all?")
        direction = draw.tensor(*inputs[place].shape)
        ends = []
        for sign in (1, -1):
            moved = [x + sign * step * direction if at == place else x for at, x in enumerate(inputs)]
            ends.append(float((layer.finite(*moved)[0] * cotangent.numpy()).sum()))
        expect.close(
            float((gradient * direction).sum()),
            (ends[0] - ends[1]) / (2 * step),
            rtol=1e-3,
            atol=1e-3,
            what=f"the gradient at the {name}",
            hint="autograd must be able to follow every step: no detach, no .data, no numpy, no rounding",
        )


def keeps_precision(student: Student, name: str, draw: Draw, sizes: Sizes) -> None:
    """float32 in, float32 out; and in float64 a small step in the inputs shows in the results."""
    weights, inputs, direction = drawn_weights(draw, sizes.h), drawn_inputs(draw, sizes), drawn_inputs(draw, sizes)
    layers = {double: Layer(student, name, weights, double=double) for double in (False, True)}

    def call(given: Sequence[Any]) -> Any:
        pair = layers[given[0].dtype == torch.float64].raw(*given)
        two_results(pair, name)
        return pair

    def moved(step: float) -> Sequence[Any]:
        return [x + step * d for x, d in zip(inputs, direction, strict=True)]

    properties.call_keeps_precision(call, moved, what=f"what {name} returns")


def has_no_side_effects(student: Student, name: str, draw: Draw, sizes: Sizes) -> None:
    """Inputs and weights stay as they are, a second call agrees, and a call in between leaves no trace."""
    weights, inputs, others = (
        drawn_weights(draw, sizes.h),
        drawn_inputs(draw, sizes),
        drawn_inputs(draw, sizes),
    )
    layer = Layer(student, name, weights)
    before = layer.handle.parameters()
    first, after = layer.with_inputs(*inputs)
    expect.unharmed(list(inputs), after, what="an input of the layer")
    between = layer(*others)[0]
    second = layer.raw(*inputs)
    for place, what in enumerate(RESULTS):
        expect.same(
            _without_gaps(two_results(first, name)[place]),
            _without_gaps(two_results(second, name)[place]),
            what=f"{what} of a second call",
            hint="does the layer keep something between calls?",
        )
    expect.unharmed(before, layer.handle.parameters(), what="a weight of the layer")
    moved = _without_gaps(two_results(second, name)[0])
    expect.true(
        moved.shape != between.shape or bool((moved != between).any()),
        "The context is the same for all inputs.",
    )


def stands_alone(layer: Layer, draw: Draw, inputs: Inputs, at: int) -> None:
    """One example gives the same results whichever other examples are in its batch."""
    together, mixed = layer(*inputs), [draw.tensor(*x.shape, scale=3.0) for x in inputs]
    for x, other in zip(inputs, mixed, strict=True):
        other[at] = x[at]
    among_others = layer(*mixed)
    for place, what in enumerate(RESULTS):
        expect.same(
            together[place][at],
            among_others[place][at],
            what=f"{what} of an example, beside one batch of others or another,",
            rtol=ROUGH,
            hint="nothing is shared or normalised over the batch",
        )


def small_sizes(student: Student, name: str, draw: Draw) -> None:
    """One example, one query with one key, one number per vector: what comes has all its axes, and is what it was in
    a larger call."""
    hint = "an axis of size 1 is an axis, too: squeeze() takes it away"
    layer = Layer(student, name, drawn_weights(draw, 5))
    queries, keys, values = drawn_inputs(draw, Sizes(3, 6, 6, 5))

    def answered(some: Layer, *inputs: Tensor) -> Any:
        three = all(part.ndim == 3 for part in two_results(some.raw(*inputs), name))
        expect.true(three, "A result of the layer lacks an axis, or has one too many, where a size is 1.", hint)
        return some(*inputs)

    single = answered(layer, queries[1:2], keys[1:2], values[1:2])
    for whole, one, what in zip(layer(queries, keys, values), single, RESULTS, strict=True):
        expect.same(whole[1:2], one, what=f"{what} of a single example", rtol=ROUGH, hint=hint)
    weights = answered(layer, queries[:, :1], keys[:, :1], values[:, :1])[1]
    expect.true(bool((weights == weights[:1]).all()), "An only key gets another weight in each example.", hint)
    for sizes in (Sizes(2, 4, 4, 1), Sizes(1, 1, 1, 1)):
        small = Layer(student, name, drawn_weights(draw, sizes.h))
        for part, what in zip(answered(small, *drawn_inputs(draw, sizes)), RESULTS, strict=True):
            expect.finite(part, what=what)


def two_dimensional(layer: Layer, queries: Tensor, keys: Tensor, values: Tensor) -> Any:
    """The results for queries (b,h), which must have the shapes of a single query per example."""
    got = two_results(layer.raw(queries, keys, values), layer.name)
    b, h = queries.shape
    n = keys.shape[1]
    hint = "queries of shape (b, h) are one query per example: give them a middle axis of length 1 first"
    expect.shape(got[0], (b, 1, h), what="the context of 2-D queries", hint=hint)
    weights = got[1].transpose(0, 2, 1) if got[1].shape == (b, 1, n) and n > 1 else got[1]
    expect.shape(weights, (b, n, 1), what="the attention weights of 2-D queries", hint=hint)
    return got[0], weights
