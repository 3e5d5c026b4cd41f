"""Hidden checks of causal attention: query i sees the keys 0, ..., i, counted from the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from autograder.judge import Draw, Feedback, Student, StudentRaised, check, expect

from . import reference_layers as parts

NAME = "CausalScaledDotAttention"
# As many queries as keys, the plainest case. That their numbers may differ is the business of one check alone.
SQUARE, SMALL = parts.Sizes(3, 6, 6, 5), parts.Sizes(2, 3, 3, 7)
UNEQUAL = (parts.Sizes(3, 4, 7, 5), parts.Sizes(3, 8, 5, 4), parts.Sizes(2, 1, 5, 3), parts.Sizes(2, 5, 1, 3))
RULE = "query i may see the keys 0, ..., i and no others, counted from the first key"


def _mask(weights: Any, *, what: str, hint: str = RULE, present: bool = True) -> None:
    """Hold the weights (b,n,k) of every example against the rule."""
    n, k = weights.shape[1:]
    rule = parts.visible(k, n)
    rows = weights.transpose(0, 2, 1)
    expect.mask(rows, rule, what=what, hint=hint, say="lies in its future", present=present, atol=1e-9)


@check(item="s001-2.1.2", points=2)
def no_query_attends_to_a_later_key(student: Student, draw: Draw) -> None:
    """With as many queries as keys, the weights are zero wherever the key comes after the query, and nowhere else."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SQUARE.h))
    _, weights = layer(*parts.drawn_inputs(draw, SQUARE))
    _mask(weights, what="the attention weights")


@check(item="s001-2.1.2", points=2)
def rule_counts_from_the_first_key(student: Student, draw: Draw) -> None:
    """With more keys than queries, or fewer, query i still sees the keys 0, ..., i."""
    for sizes in UNEQUAL:
        layer = parts.Layer(student, NAME, parts.drawn_weights(draw, sizes.h))
        _, weights = layer(*parts.drawn_inputs(draw, sizes))
        _mask(
            weights,
            what=f"the weights of {sizes.k} queries over {sizes.n} keys",
            hint=f"{RULE}, however many keys there are: which corner of the score matrix does your triangle start in?",
        )


@check(item="s001-2.1.2", points=2)
def mask_holds_for_large_scores(student: Student, draw: Draw) -> None:
    """Nothing leaks from the future, and no gradient, when scores differ by up to 60000 in favour of later keys: the
    last key that a query sees gets all its weight."""
    # the wider one is as wide as the translator: a penalty that is divided by the root of the width is then weak
    for double, sizes in ((True, SQUARE), (False, parts.Sizes(3, 6, 6, 64))):
        layer = parts.Layer(student, NAME, parts.transparent_weights(sizes.h), double=double)
        queries, keys, values = parts.steep_inputs(draw, sizes)
        inputs = (queries, keys, values) if double else (queries.float(), keys.float(), values.float())
        _, weights = layer.finite(*inputs)
        # a visible key may rightly get nothing here, so only the forbidden side is looked at
        _mask(
            weights,
            what="the weights of very unequal scores",
            present=False,
            hint="a penalty of fixed size is outweighed by scores that are larger: how negative must it be?",
        )
        expect.close(
            weights.sum(1),
            np.ones((sizes.b, sizes.k)),
            what="the sum of the weights over the keys",
            rtol=1e-3,
            hint="hide the future before softmax, so that the visible keys share the whole weight",
        )
        ahead = np.minimum(np.arange(sizes.k), sizes.n - 1)
        expect.close(
            weights[:, ahead, np.arange(sizes.k)],
            np.ones((sizes.b, sizes.k)),
            what="the weight of the key that is far ahead of all that a query sees",
            rtol=1e-3,
            hint="softmax looks at differences of scores: the scores themselves are neither cut nor squashed",
        )
        now = draw.integer(1, sizes.k - 2)
        others = inputs[2].clone()
        others[:, now + 1 :] = draw.tensor(sizes.b, sizes.n - now - 1, sizes.h).to(others.dtype)
        parts.unheard(layer, inputs, others, slice(now + 1))
        cotangent = torch.zeros_like(inputs[0])
        cotangent[:, now] = draw.tensor(sizes.b, sizes.h).to(cotangent.dtype)
        at_keys, at_values = (expect.array(g, what="a gradient") for g in layer.gradients(inputs, cotangent)[1:])
        later = max(abs(at_keys[:, now + 1 :]).max(), abs(at_values[:, now + 1 :]).max())
        expect.true(later <= 1e-6, "With very unequal scores, a gradient comes from the future.", RULE)


@check(item="s001-2.1.2")
def visible_keys_share_the_whole_weight(student: Student, draw: Draw) -> None:
    """For each query the weights sum to 1: those that it may see share all of it, also where all scores are 0."""
    for sizes in (SQUARE, SMALL):
        layer = parts.Layer(student, NAME, parts.transparent_weights(sizes.h))
        queries, keys, values = parts.drawn_inputs(draw, sizes)
        queries[:, -1] = 0.0  # a score of 0 is no sign of a mask
        _, weights = layer(queries, keys, values)
        expect.close(
            weights.sum(1),
            np.ones((sizes.b, sizes.k)),
            what="the sum of the weights over the keys",
            rtol=parts.ROUGH,
            hint="a mask after softmax leaves rows that no longer sum to 1; and softmax runs over the keys",
        )


@check(item="s001-2.1.2", points=2)
def future_keys_and_values_change_nothing(student: Student, draw: Draw) -> None:
    """Replacing key and value j leaves the results of all queries before j as they are, and changes those from j on."""
    for sizes in (SQUARE, SMALL):
        layer = parts.Layer(student, NAME, parts.drawn_weights(draw, sizes.h))
        queries, keys, values = parts.drawn_inputs(draw, sizes)
        context, weights = layer(queries, keys, values)
        change = np.zeros((sizes.k, sizes.n))
        for j in range(sizes.n):
            other_keys, other_values = keys.clone(), values.clone()
            other_keys[:, j] = draw.tensor(sizes.b, sizes.h, scale=3.0)
            other_values[:, j] = draw.tensor(sizes.b, sizes.h, scale=3.0)
            moved, shares = layer(queries, other_keys, other_values)
            change[:, j] = abs(context - moved).max(axis=(0, 2)) + abs(weights - shares).max(axis=(0, 1))
        _influence(change, "what changes as keys and values are replaced")


def _influence(size: Any, what: str, present: bool = True) -> None:
    """Hold the influence (k, n) of each key on each query against the rule, in units of the largest."""
    expect.true(bool(size.max() > 0), "No query notices any key.", RULE)
    rule = parts.visible(*size.shape)
    expect.mask(size / size.max(), rule, what=what, hint=RULE, say="lies in its future", present=present)


@check(item="s001-2.1.2")
def no_gradient_comes_from_the_future(student: Student, draw: Draw) -> None:
    """The gradient of the context of query i is zero at keys and values after i, and not before."""
    for sizes in (SQUARE, SMALL):
        layer = parts.Layer(student, NAME, parts.drawn_weights(draw, sizes.h))
        inputs = parts.drawn_inputs(draw, sizes)
        at_keys, at_values = np.zeros((2, sizes.k, sizes.n))
        for i in range(sizes.k):
            cotangent = torch.zeros(sizes.b, sizes.k, sizes.h, dtype=torch.float64)
            cotangent[:, i] = draw.tensor(sizes.b, sizes.h)
            _, keys, values = layer.gradients(inputs, cotangent)
            at_keys[i], at_values[i] = (
                abs(expect.array(g, what="a gradient")).max(axis=(0, 2)) for g in (keys, values)
            )
        _influence(at_values, "the gradients at the values")
        # a query that sees one key gives it all its weight, whatever the score: no gradient reaches that key
        _influence(at_keys, "the gradients at the keys", present=False)


@check(item="s001-2.1.2")
def later_keys_can_be_cut_off(student: Student, draw: Draw) -> None:
    """The first queries give the same whether or not the rest of the sequence is there yet, as it grows and later."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SQUARE.h))
    queries, keys, values = parts.drawn_inputs(draw, SQUARE)
    # short calls come first, on one and the same layer, as in translating: nothing may be made to the size of a call
    lengths = (3, 2, 4)
    beginnings = [layer.finite(queries[:, :m], keys[:, :m], values[:, :m]) for m in lengths]
    context, weights = layer.finite(queries, keys, values)
    for m, (short, shares) in zip(lengths, beginnings, strict=True):
        hint = "a decoder writes one letter after the other: what it wrote must not change what it thought before"
        expect.same(
            context[:, :m],
            short,
            what="the context of the first queries, with and without the rest",
            hint=hint,
            rtol=parts.ROUGH,
        )
        expect.same(
            weights[:, :m, :m],
            shares,
            what="the weights of the first queries, with and without the rest",
            hint=hint,
            rtol=parts.ROUGH,
        )


@check(item="s001-2.1.2", points=2)
def causal_attention_equals_the_reference(student: Student, draw: Draw) -> None:
    """Context and weights equal those of PyTorch's own attention under the same mask, for few tokens and for many."""
    for sizes in (SQUARE, SMALL, parts.Sizes(2, 40, 40, 4)):
        weights, inputs = parts.drawn_weights(draw, sizes.h), parts.drawn_inputs(draw, sizes)
        context, got = parts.Layer(student, NAME, weights)(*inputs)
        q, k, v = (torch.from_numpy(parts.projected(weights, p, x)) for p, x in zip("QKV", inputs, strict=True))
        wanted = functional.scaled_dot_product_attention(q, k, v, attn_mask=parts.visible(sizes.k, sizes.n))
        _, shares = parts.reference(weights, inputs, causal=True)
        expect.close(
            got,
            shares,
            what="the attention weights",
            rtol=parts.ROUGH,
            hint="everything but the mask is as in the layer before: projections, factor, softmax over the keys",
        )
        expect.close(
            context,
            wanted,
            what="the context",
            rtol=parts.ROUGH,
            hint="weights times projected values, summed over the keys",
        )


@check(item="s001-2.1.2")
def causal_results_have_their_shapes(student: Student, draw: Draw) -> None:
    """Context (batch, queries, hidden) and weights (batch, keys, queries), with layers Q, K and V of their own."""
    for sizes in (SQUARE, SMALL):
        layer = parts.Layer(student, NAME, parts.drawn_weights(draw, sizes.h))
        layer(*parts.drawn_inputs(draw, sizes), strict=True)
    layer.owns_its_projections()


@check(item="s001-2.1.2")
def causal_context_mixes_projected_values(student: Student, draw: Draw) -> None:
    """The context is the sum over the keys of your own weights times V(value), and the weights depend on the query."""
    weights, inputs = parts.drawn_weights(draw, SQUARE.h), parts.drawn_inputs(draw, SQUARE)
    layer = parts.Layer(student, NAME, weights)
    context, got = layer.finite(*inputs)
    wanted = np.einsum("bnk,bnh->bkh", got, parts.projected(weights, "V", inputs[2]))
    expect.close(
        context,
        wanted,
        what="the context",
        rtol=parts.ROUGH,
        hint="are the weights that you use those that you return, and are the values projected by V?",
    )
    others = layer(draw.tensor(SQUARE.b, SQUARE.k, SQUARE.h), *inputs[1:])[1]
    expect.true(
        bool(abs(got - others)[:, :, 1:].max() > 1e-3),
        "The weights do not depend on the queries.",
        "hide the future, but let the scores decide about the rest",
    )


@check(item="s001-2.1.2")
def single_query_may_lack_its_axis(student: Student, draw: Draw) -> None:
    """Queries of shape (batch, hidden) give what the same queries give with a middle axis of length 1."""
    hint = "queries of shape (b, h) are one query per example: give them a middle axis of length 1 first"
    answered, told = 0, Feedback("A single query gets no answer.")
    for sizes in (parts.Sizes(3, 1, 7, 5), parts.Sizes(4, 1, 4, 4), parts.Sizes(3, 1, 1, 5)):
        layer = parts.Layer(student, NAME, parts.drawn_weights(draw, sizes.h))
        queries, keys, values = parts.drawn_inputs(draw, sizes)
        try:
            wanted = layer(queries, keys, values)
        except (Feedback, StudentRaised) as error:  # it breaks in 3-D, too: that is another check's business
            told = error if isinstance(error, Feedback) else told
            continue
        answered += 1
        got = parts.two_dimensional(layer, queries[:, 0], keys, values)
        for what, mine, theirs in zip(parts.RESULTS, got, wanted, strict=True):
            what = f"{what} of a single query, in 2-D or 3-D"
            expect.same(theirs, mine, what=what, rtol=parts.ROUGH, hint=hint)
    if not answered:
        raise told


@check(item="s001-2.1.2")
def causal_axes_of_size_one_stay(student: Student, draw: Draw) -> None:
    """One example, one query with one key, or one number per vector: every axis stays, and results are as before."""
    parts.small_sizes(student, NAME, draw)


@check(item="s001-2.1.2")
def causal_attention_can_be_differentiated(student: Student, draw: Draw) -> None:
    """The gradients at queries, keys and values equal finite differences of the layer's own outputs."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SQUARE.h))
    parts.agrees_with_differences(layer, draw, parts.drawn_inputs(draw, SQUARE))


@check(item="s001-2.1.2")
def causal_examples_stand_alone(student: Student, draw: Draw) -> None:
    """An example gives the same context and weights whichever other examples are in its batch."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SQUARE.h))
    parts.stands_alone(layer, draw, parts.drawn_inputs(draw, SQUARE), draw.integer(0, SQUARE.b - 1))


@check(item="s001-2.1.2")
def causal_attention_keeps_precision(student: Student, draw: Draw) -> None:
    """A float32 layer gives float32, and a float64 layer computes in float64."""
    parts.keeps_precision(student, NAME, draw, SQUARE)


@check(item="s001-2.1.2")
def causal_attention_has_no_side_effects(student: Student, draw: Draw) -> None:
    """Inputs and weights stay as they were, and a second call agrees with the first."""
    parts.has_no_side_effects(student, NAME, draw, SQUARE)
