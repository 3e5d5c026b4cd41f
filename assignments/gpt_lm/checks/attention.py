"""Hidden checks of multi-head attention, with and without a causal mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Handle, Student, check, expect, properties

from . import reference as ref
from . import shared

# --- s004-1.02 -------------------------------------------------------------


def _heads(draw: Draw, b: int, n: int, d: int) -> tuple[Any, tuple[Any, Any, Any, Any]]:
    X = draw.tensor(b, n, d)
    Wq, Wk, Wv, Wo = (draw.tensor(d, d, scale=0.6) for _ in range(4))
    return X, (Wq, Wk, Wv, Wo)


@check(item="s004-1.02", points=3)
def heads_agree_with_pytorch(student: Student, draw: Draw) -> None:
    """The result equals nn.MultiheadAttention with the same weights, for two, three and six heads."""
    for b, n, d, heads in ((2, 5, 12, 3), (3, 4, 10, 2), (1, 7, 12, 6)):
        X, W = _heads(draw, b, n, d)
        expect.close(
            student.mha(X, *W, heads),
            ref.multi_head(X, *W, heads),
            what=f"mha with {heads} heads",
            rtol=shared.ROUGH,
            hint="each head has d/H neighbouring columns, its scores are scaled by its own width, and the heads come "
            "back side by side in their order",
        )


@check(item="s004-1.02")
def one_head_is_plain_attention(student: Student, draw: Draw) -> None:
    """With one head it is ordinary scaled dot-product attention followed by Wo, also for scores or values in the
    thousands, and for scores that are all exactly 0."""
    X, (Wq, Wk, Wv, Wo) = _heads(draw, 2, 5, 7)
    hint = "softmax over the keys of each query, scores divided by the root of d; Wo comes last"
    large = "exp of a large score overflows: torch.softmax takes care of that"
    even = "a score of 0 is a score like any other: equal scores give the plain mean of the values"
    for what, score, value, rtol, told in (
        ("mha with one head", 1.0, 1.0, shared.ROUGH, hint),
        ("mha with large scores", 2e3, 1.0, 0.02, large),
        ("mha with large values", 1.0, 2e3, shared.ROUGH, hint),
        ("mha with queries of zeros", 0.0, 1.0, shared.ROUGH, even),
    ):
        got = student.mha(X, score * Wq, Wk, value * Wv, Wo, 1)
        expect.shape(got, (2, 5, 7), what=what, hint=hint)
        expect.finite(got, what=what, hint=told)
        want = ref.multi_head(X, score * Wq, Wk, value * Wv, Wo, 1)
        expect.close(got, want, what=what, rtol=rtol, hint=told if score == 0 else hint)


@check(item="s004-1.02")
def rows_of_wo_belong_to_heads(student: Student, draw: Draw) -> None:
    """Without its d/H rows of Wo, a head has no influence: its queries, keys and values may be anything."""
    X, (Wq, Wk, Wv, Wo) = _heads(draw, 2, 5, 12)
    heads, width = 3, 4
    for gone in range(heads):  # every one: heads in reverse order have the same head in the middle
        columns, rows = slice(width * gone, width * (gone + 1)), Wo.clone()
        rows[columns] = 0.0
        before = shared.alive(student.mha(X, Wq, Wk, Wv, rows, heads), (2, 5, 12), what="mha(...)")
        moved = [W.clone() for W in (Wq, Wk, Wv)]
        for W in moved:
            W[:, columns] = draw.tensor(12, width)
        expect.same(
            before,
            student.mha(X, *moved, rows, heads),
            what="mha, when only a head without rows in Wo changes",
            rtol=shared.ROUGH,
            hint="head h works on columns h*d/H ... (h+1)*d/H of Q, K and V, and meets the same rows of Wo",
        )


@check(item="s004-1.02")
def order_of_positions_carries_no_meaning(student: Student, draw: Draw) -> None:
    """Permuting the positions permutes the results: there is no mask, and nothing mixes positions but attention."""
    X, W = _heads(draw, 2, 6, 8)
    order = torch.tensor([3, 0, 4, 1, 5, 2])  # no half, third or pair of neighbours stays together
    before = shared.alive(student.mha(X, *W, 2), (2, 6, 8), what="mha(...)")
    expect.same(
        before[:, order.numpy()],
        student.mha(X[:, order], *W, 2),
        what="mha of permuted positions, put back in order",
        rtol=shared.ROUGH,
        hint="after the heads, which axes does reshape run together? bring them into order first",
    )


@check(item="s004-1.02")
def uneven_heads_are_refused(student: Student, draw: Draw) -> None:
    """ValueError when d is not a multiple of H; a result when it is."""
    X, W = _heads(draw, 2, 3, 10)
    shared.alive(student.mha(X, *W, 5), (2, 3, 10), what="mha(...)")
    for heads in (3, 4, 20):
        raised = student.raised("mha", X, *W, heads)
        expect.true(
            raised == "ValueError",
            f"10 columns and {heads} heads should raise ValueError.",
            "test d % H before anything else",
            f"raised {raised or 'nothing'}",
        )


@check(item="s004-1.02")
def sequences_of_a_batch_stand_alone(student: Student, draw: Draw) -> None:
    """Each sequence gives alone what it gives in a batch, also with a single position, and with heads of width 1."""
    X, W = _heads(draw, 3, 4, 6)
    for x, heads in ((X, 3), (X[:, :1], 3), (X, 6)):
        together = shared.alive(student.mha(x, *W, heads), tuple(x.shape), what="mha(...)")
        alone = student.mha(x[1:2], *W, heads)
        expect.same(together[1:2], alone, what="mha of one sequence, alone or in a batch", rtol=shared.ROUGH)


@check(item="s004-1.02")
def heads_keep_precision_and_arguments(student: Student, draw: Draw) -> None:
    """float32 stays float32, float64 is computed in float64, and the arguments stay as they are."""
    X, W = _heads(draw, 2, 5, 8)
    _, after = student.with_inputs("mha", X, *W, 4)
    expect.unharmed([X, *W, 4], after, what="an argument of mha")
    direction = draw.tensor(2, 5, 8)
    properties.keeps_precision(student, "mha", lambda step: (X + step * direction, *W, 4))


# --- s004-1.06-attention ---------------------------------------------------


def _layer(student: Student, draw: Draw, d: int, heads: int) -> tuple[Handle, dict[str, Any]]:
    layer = shared.build(student, "CausalSelfAttention", d, heads)
    shared.layers(layer, {f"{name}.weight": (d, d) for name in "QKVO"}, "CausalSelfAttention")
    weights = shared.fill(layer, draw)
    expect.mapping(weights, [f"{name}.weight" for name in "QKVO"], what="the parameters of CausalSelfAttention")
    absent = {f"{name}.bias": torch.zeros(d, dtype=torch.float64) for name in "QKVO"}  # charged in one check only
    return layer, {**absent, **weights}


def _call(layer: Handle, x: Any) -> tuple[Any, Any]:
    out, weights = shared.pair(layer(x), "CausalSelfAttention")
    return out, weights


@check(item="s004-1.06-attention", points=3)
def causal_heads_agree_with_pytorch(student: Student, draw: Draw) -> None:
    """Output equals nn.MultiheadAttention with a causal mask and the same weights, for several sizes."""
    for b, n, d, heads in ((2, 5, 12, 3), (3, 7, 10, 2)):
        layer, weights = _layer(student, draw, d, heads)
        shared.layers(layer, {f"{name}.bias": (d,) for name in "QKVO"}, "CausalSelfAttention")
        x = draw.tensor(b, n, d)
        expect.close(
            _call(layer, x)[0],
            ref.causal(x, weights, heads)[0],
            what=f"the output with {heads} heads",
            rtol=shared.ROUGH,
            hint="scores over the root of d/H, the mask before the softmax, heads side by side, then O",
        )


@check(item="s004-1.06-attention", points=2)
def weights_lie_on_and_below_the_diagonal(student: Student, draw: Draw) -> None:
    """Query i has weight on keys 0 ... i, all of them and no other, in every head."""
    layer, _ = _layer(student, draw, 12, 3)
    _, weights = _call(layer, draw.tensor(2, 6, 12, scale=0.5))
    expect.shape(weights, (2, 3, 6, 6), what="the weights", hint="(batch, heads, query, key)")
    expect.mask(
        weights,
        np.tri(6, dtype=bool),
        what="the attention weights",
        say="lies in its future",
        hint="position i may attend to j <= i, itself included",
    )


@check(item="s004-1.06-attention", points=2)
def weights_are_distributions_of_each_head(student: Student, draw: Draw) -> None:
    """Each row of weights sums to 1 and equals PyTorch's weights for that head, also where all scores are exactly 0,
    and where they lie hundreds apart."""
    layer, weights = _layer(student, draw, 10, 2)
    x = draw.tensor(3, 6, 10)
    got = _call(layer, x)[1]
    expect.shape(got, (3, 2, 6, 6), what="the weights", hint="(batch, heads, query, key)")
    sums = expect.array(got, what="the weights").sum(-1)
    expect.close(
        sums,
        np.ones((3, 2, 6)),
        what="the sum of the weights of a query",
        rtol=shared.ROUGH,
        hint="a mask after the softmax takes weight away; before it, the rest makes up for it",
    )
    expect.close(
        got,
        ref.causal(x, weights, 2)[1],
        what="the weights",
        rtol=shared.ROUGH,
        hint="which columns belong to which head, and what are scores divided by?",
    )
    for factor, scores, hint in (
        (0.0, "scores of 0", "equal scores share the weight evenly; is a score of 0 taken for a forbidden one?"),
        (1e3, "large scores", "scores go into the softmax as they are, however large"),
    ):
        asked = {name: tensor * factor if name.startswith("Q") else tensor for name, tensor in weights.items()}
        layer.method("load_state_dict", asked, False)
        want = ref.causal(x, asked, 2)[1]
        expect.close(_call(layer, x)[1], want, what=f"the weights for {scores}", rtol=1e-3, hint=hint)


@check(item="s004-1.06-attention", points=2)
def large_scores_do_not_reach_back(student: Student, draw: Draw) -> None:
    """With scores in the ten and hundred thousands, of either sign, changing position j changes no output before j."""
    layer, weights = _layer(student, draw, 12, 3)
    x = draw.tensor(2, 7, 12, scale=2.0)
    query, key = ((x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]).unflatten(-1, (3, 4)) for name in "QK")
    largest = float(torch.einsum("bihc,bjhc->bhij", query, key).abs().max()) / 2
    for score in (2e4, 3e5, -3e5):  # the same for every draw, so that no constant passes by luck
        factor = score / largest
        large = {name: tensor * factor if name.startswith("Q") else tensor for name, tensor in weights.items()}
        layer.method("load_state_dict", large, False)
        before = shared.alive(_call(layer, x)[0], (2, 7, 12), what="the output for large scores")
        for j in (1, draw.integer(2, 5), 6):
            changed = x.clone()
            changed[:, j] = draw.tensor(2, 12, scale=2.0)
            after = expect.numbers(_call(layer, changed)[0], (2, 7, 12), what="the output")
            expect.same(
                before[:, :j],
                after[:, :j],
                what=f"the outputs before position {j}, when position {j} changes",
                rtol=shared.ROUGH,
                hint="the mask has to win against any score: minus infinity, and before the softmax",
            )
            expect.true(
                bool((after[:, j:] != before[:, j:]).any()),
                "A position does not even matter for itself and its future.",
                "position i attends to j <= i",
            )


@check(item="s004-1.06-attention")
def no_gradient_from_the_past_to_the_future(student: Student, draw: Draw) -> None:
    """The gradient of outputs up to i with respect to later inputs is zero, and to earlier ones it is not."""
    layer, _ = _layer(student, draw, 8, 2)
    i = draw.integer(1, 3)
    cotangent = torch.zeros(2, 6, 8, dtype=torch.float64)
    cotangent[:, i] = draw.tensor(2, 8)
    x, along = draw.tensor(2, 6, 8), draw.tensor(2, 6, 8)
    _, grads = student.vjp(layer, [x.clone()], [cotangent, None])
    expect.true(grads[0] is not None, "No gradient flows through the layer.", "is something detached?")
    gradient = expect.numbers(grads[0], (2, 6, 8), what="the gradient")
    expect.true(
        not gradient[:, i + 1 :].any(),
        f"Output {i} has a gradient to a position after {i}.",
        "a mask that leaves a little weight still lets the future in",
    )
    expect.true(bool(abs(gradient[:, : i + 1]).min() > 0), f"Output {i} has no gradient to a position up to {i}.")
    up, down = (
        expect.numbers(_call(layer, x + step * along)[0], (2, 6, 8), what="the output") for step in (1e-5, -1e-5)
    )
    expect.close(
        (gradient * along.numpy()).sum(),
        ((up - down) / 2e-5 * cotangent.numpy()).sum(),
        what="the gradient of the layer, compared with nudging its input,",
        rtol=1e-4,
        hint="gradients have to flow through the weights too: is something detached?",
    )


@check(item="s004-1.06-attention")
def causal_layer_refuses_uneven_heads(student: Student, draw: Draw) -> None:
    """ValueError when d is not a multiple of the heads."""
    shared.build(student, "CausalSelfAttention", 9, 3)
    for d, heads in ((9, 2), (10, 4)):
        raised = student.raised("CausalSelfAttention", d, heads)
        expect.true(
            raised == "ValueError",
            f"{d} columns and {heads} heads should raise ValueError.",
            "check when the layer is built",
            f"raised {raised or 'nothing'}",
        )


@check(item="s004-1.06-attention")
def causal_layer_takes_any_length_and_precision(student: Student, draw: Draw) -> None:
    """Lengths 1 to 128 with one layer, which keeps nothing from call to call; each sequence of a batch on its own;
    dtypes and arguments are kept."""
    layer, weights = _layer(student, draw, 6, 3)
    for n in (1, 9, 2, 128):
        x = draw.tensor(2, n, 6)
        got = shared.unharming(student, layer, x, what="CausalSelfAttention")
        out = shared.alive(shared.pair(got, "CausalSelfAttention")[0], (2, n, 6), what=f"the output for {n} positions")
        expect.same(out[:1], _call(layer, x[:1])[0], what="one sequence, alone or in a batch", rtol=shared.ROUGH)
        fresh = shared.build(student, "CausalSelfAttention", 6, 3)
        fresh.method("load_state_dict", weights, False)
        expect.same(
            out,
            _call(fresh, x)[0],
            what="the output, when the layer has seen other lengths before,",
            rtol=shared.ROUGH,
            hint="make the mask for the length of this x; is one kept from an earlier call?",
        )

    def call(given: Sequence[Any]) -> Any:
        return _call(layer.turned("to", given[0]), given[0])[0]

    x, direction = draw.tensor(2, 5, 6), draw.tensor(2, 5, 6)
    properties.call_keeps_precision(call, lambda step: (x + step * direction,), what="the output")
