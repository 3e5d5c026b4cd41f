"""Hidden checks of scaled dot-product attention with learned projections."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional

from autograder.judge import Draw, Student, check, expect

from . import reference_layers as parts

NAME = "ScaledDotAttention"
# As many queries as keys, the plainest case: only the check about their numbers has other ones.
SIZES = parts.Sizes(b=3, k=6, n=6, h=5)


@check(item="s001-2.1.1")
def context_and_weights_have_their_shapes(student: Student, draw: Draw) -> None:
    """Made by hidden_size, it returns context (batch, queries, hidden) and weights (batch, keys, queries)."""
    for sizes in (SIZES, parts.Sizes(2, 4, 4, 8)):
        layer = parts.Layer(student, NAME, parts.drawn_weights(draw, sizes.h))
        layer(*parts.drawn_inputs(draw, sizes), strict=True)
    layer.owns_its_projections()


@check(item="s001-2.1.1")
def weights_sum_to_one_over_the_keys(student: Student, draw: Draw) -> None:
    """For each query of each example the weights are positive and sum to 1 over the keys, and over nothing else; a
    score of 0 is a score."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SIZES.h))
    _, weights = layer(*parts.drawn_inputs(draw, SIZES))
    expect.true(bool((weights >= 0).all()), "An attention weight is negative.")
    expect.close(
        weights.sum(1),
        np.ones((SIZES.b, SIZES.k)),
        what="the sum of the weights over the keys",
        rtol=parts.ROUGH,
        hint="softmax runs over the axis of the keys; which number has that axis where you call it?",
    )
    expect.true(bool(weights.std(1).min() > 1e-3), "All keys get the same weight, whatever the query asks.")
    queries, keys, values = parts.drawn_inputs(draw, SIZES)
    queries[:, -1], keys[:, 0] = 0.0, 0.0  # without biases, whole rows and columns of scores are 0
    _, weights = parts.Layer(student, NAME, parts.transparent_weights(SIZES.h)).finite(queries, keys, values)
    hint = "a score of 0 is a score like any other, and no sign of a mask"
    expect.true(bool((weights > 1e-9).all()), "A key whose score is 0 gets no weight.", hint)


@check(item="s001-2.1.1")
def scores_compare_queries_with_keys(student: Student, draw: Draw) -> None:
    """Up to a factor, a score is the product of Q(query) and K(key): bilinear, with the right layer on each side."""
    weights, inputs = parts.drawn_weights(draw, SIZES.h), parts.drawn_inputs(draw, SIZES)
    _, got = parts.Layer(student, NAME, weights)(*inputs)
    mine = parts.pattern(parts.log_weights(got))
    wanted = parts.pattern(parts.log_weights(parts.reference(weights, inputs)[1].numpy()))
    factor = float((mine * wanted).sum() / (wanted**2).sum())
    expect.true(factor > 0, "The better a key fits a query, the less weight it gets.", "look for a stray minus sign")
    expect.close(
        mine / factor,
        wanted,
        what="the pattern of the scores",
        rtol=1e-4,
        hint="queries go through the layer Q and keys through the layer K, before they meet",
    )


@check(item="s001-2.1.1", points=2)
def scores_are_divided_by_the_root_of_hidden(student: Student, draw: Draw) -> None:
    """The factor of the scores is one over the root of the hidden size, however many keys and queries."""
    for sizes in (SIZES, parts.Sizes(2, 4, 4, 11)):
        queries, keys, values = parts.drawn_inputs(draw, sizes)
        _, got = parts.Layer(student, NAME, parts.transparent_weights(sizes.h))(queries, keys, values)
        products = parts.pattern(torch.einsum("bkh,bnh->bnk", queries, keys).numpy())
        factor = float((parts.pattern(parts.log_weights(got)) * products).sum() / (products**2).sum())
        expect.close(
            factor,
            1 / math.sqrt(sizes.h),
            what="the factor before the scores",
            rtol=1e-4,
            hint="compare several hidden sizes: products of longer vectors are larger, and the factor undoes that",
        )


@check(item="s001-2.1.1")
def context_is_a_weighted_mean_of_projected_values(student: Student, draw: Draw) -> None:
    """The context is the sum over the keys of your own weights times V(value)."""
    weights, inputs = parts.drawn_weights(draw, SIZES.h), parts.drawn_inputs(draw, SIZES)
    context, got = parts.Layer(student, NAME, weights).finite(*inputs)
    wanted = np.einsum("bnk,bnh->bkh", got, parts.projected(weights, "V", inputs[2]))
    expect.close(
        context,
        wanted,
        what="the context",
        rtol=parts.ROUGH,
        hint="values, not keys, projected by V, and mixed with the weights that you return?",
    )


@check(item="s001-2.1.1", points=2)
def attention_equals_the_reference(student: Student, draw: Draw) -> None:
    """Context and weights equal those of PyTorch's own attention, for few tokens and for many."""
    for sizes in (SIZES, parts.Sizes(2, 4, 4, 8), parts.Sizes(2, 40, 40, 6)):
        weights, inputs = parts.drawn_weights(draw, sizes.h), parts.drawn_inputs(draw, sizes)
        context, got = parts.Layer(student, NAME, weights)(*inputs)
        q, k, v = (torch.from_numpy(parts.projected(weights, p, x)) for p, x in zip("QKV", inputs, strict=True))
        wanted = functional.scaled_dot_product_attention(q, k, v)
        _, shares = parts.reference(weights, inputs)
        expect.close(
            got,
            shares,
            what="the attention weights",
            rtol=parts.ROUGH,
            hint="project, compare, scale, softmax over the keys: print the shape after each step",
        )
        expect.close(
            context,
            wanted,
            what="the context",
            rtol=parts.ROUGH,
            hint="weights times projected values, summed over the keys",
        )


@check(item="s001-2.1.1")
def queries_and_keys_may_differ_in_number(student: Student, draw: Draw) -> None:
    """With fewer queries than keys, or more, each query gets what it gets among as many queries as there are keys."""
    hint = "the number of queries and the number of keys are two numbers: which one did you read, and from where?"
    for k, n, h in ((4, 7, 5), (6, 3, 8), (1, 5, 4)):
        layer = parts.Layer(student, NAME, parts.drawn_weights(draw, h))
        queries, keys, values = parts.drawn_inputs(draw, parts.Sizes(3, max(k, n), n, h))
        several = [layer(queries[:, at : at + n], keys, values) for at in range(0, max(k, n), n)]
        contexts, weights = zip(*several, strict=True)
        wanted = np.concatenate(contexts, axis=1)[:, :k], np.concatenate(weights, axis=2)[:, :, :k]
        for what, mine, theirs in zip(parts.RESULTS, layer(queries[:, :k], keys, values), wanted, strict=True):
            expect.same(theirs, mine, what=f"{what} of {k} queries over {n} keys", hint=hint, rtol=parts.ROUGH)
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, 4))
    _, weights = layer(*parts.drawn_inputs(draw, parts.Sizes(2, 5, 1, 4)))
    expect.close(weights, np.ones((2, 1, 5)), what="the weights of 5 queries over 1 key", hint=hint, rtol=parts.ROUGH)


@check(item="s001-2.1.1")
def axes_of_size_one_stay(student: Student, draw: Draw) -> None:
    """One example, one query with one key, or one number per vector: every axis stays, and results are as before."""
    parts.small_sizes(student, NAME, draw)


@check(item="s001-2.1.1")
def two_dimensional_queries_are_one_query(student: Student, draw: Draw) -> None:
    """Queries of shape (batch, hidden) give what the same queries give as the first of several."""
    for sizes, size in ((parts.Sizes(3, 7, 7, 5), 1), (parts.Sizes(4, 4, 4, 4), 1000), (parts.Sizes(2, 6, 6, 3), 1)):
        layer = parts.Layer(student, NAME, (parts.drawn_weights if size == 1 else _plain)(draw, sizes.h))
        queries, keys, values = parts.drawn_inputs(draw, sizes)
        queries, keys = size * queries, keys / size  # large entries, and scores of ordinary size
        single = parts.two_dimensional(layer, queries[:, 0], keys, values)
        context, weights = layer(queries, keys, values)
        hint = "query number b belongs to example number b; it does not meet the other examples"
        for what, alone, first in zip(parts.RESULTS, single, (context[:, :1], weights[:, :, :1]), strict=True):
            told = f"{what} of a single query, in 2-D or as the first of several in 3-D,"
            expect.same(first, alone, what=told, hint=hint, rtol=parts.ROUGH)


def _plain(_: Draw, h: int) -> parts.Weights:
    return parts.transparent_weights(h)


@check(item="s001-2.1.1")
def keys_are_a_set_and_queries_stand_alone(student: Student, draw: Draw) -> None:
    """Reordering keys and values together leaves the context; a query gives the same whatever the others ask."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SIZES.h))
    queries, keys, values = parts.drawn_inputs(draw, SIZES)
    context, weights = layer(queries, keys, values)
    expect.true(bool((context[:, 0] != context[:, 1]).any()), "Every query gets the same context.")
    order, turn = draw.permutation(SIZES.n), draw.permutation(SIZES.k)
    mixed = layer(queries, keys[:, order], values[:, order])
    hint = "nothing in this layer may depend on the place of a key: there is no mask here"
    expect.same(
        context,
        mixed[0],
        what="the context, as keys and values change places together",
        hint=hint,
        rtol=parts.ROUGH,
    )
    expect.same(
        weights[:, order.numpy()],
        mixed[1],
        what="the weight of each key, as keys change places",
        hint=hint,
        rtol=parts.ROUGH,
    )
    turned = layer(queries[:, turn], keys, values)
    expect.same(
        context[:, turn.numpy()],
        turned[0],
        what="the context of each query, as queries change places",
        rtol=parts.ROUGH,
    )
    others = draw.tensor(SIZES.b, SIZES.k, SIZES.h, scale=3.0)
    others[:, 2] = queries[:, 2]
    expect.same(
        context[:, 2],
        layer(others, keys, values)[0][:, 2],
        what="the context of a query, among some others or among different ones,",
        rtol=parts.ROUGH,
        hint="the other queries must have no influence: over which axis does softmax run?",
    )


@check(item="s001-2.1.1")
def attention_survives_large_scores(student: Student, draw: Draw) -> None:
    """With scores up to 30000 in size a key far ahead gets all the weight, keys a little apart share it, and gradients
    stay finite."""
    queries, keys, values = parts.steep_inputs(draw, SIZES)
    # the best key is the last for the even queries and the first for the others, and scores have different maxima
    queries = queries * torch.tensor([1.0, -1.0, 0.3, -0.3, 0.7, -0.7])[None, :, None]
    wanted = np.zeros((SIZES.b, SIZES.n, SIZES.k))
    wanted[:, -1, 0::2] = wanted[:, 0, 1::2] = 1.0
    others = values.clone()
    others[:, 1:-1] = draw.tensor(SIZES.b, SIZES.n - 2, SIZES.h)
    for double in (True, False):
        layer = parts.Layer(student, NAME, parts.transparent_weights(SIZES.h), double=double)
        given = (queries, keys, values) if double else (queries.float(), keys.float(), values.float())
        expect.close(
            layer.finite(*given)[1],
            wanted,
            what="the weights of very different scores",
            rtol=1e-3,
            hint="exp of a large number is infinite: softmax has a form that subtracts the maximum of each query first",
        )
        parts.unheard(layer, given, others if double else others.float(), slice(None))
        layer.gradients(given, draw.tensor(*queries.shape).to(given[0].dtype))
    rivals, plain = parts.rival_inputs(draw, SIZES), parts.transparent_weights(SIZES.h)
    expect.close(
        parts.Layer(student, NAME, plain).finite(*rivals)[1],
        parts.reference(plain, rivals)[1],
        what="the weights of large scores that differ by a few units",
        rtol=2e-2,
        hint="only differences of scores count: the size of the scores must not change the weights",
    )


@check(item="s001-2.1.1")
def each_example_of_a_batch_stands_alone(student: Student, draw: Draw) -> None:
    """An example gives the same context and weights whichever other examples are in its batch."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SIZES.h))
    parts.stands_alone(layer, draw, parts.drawn_inputs(draw, SIZES), draw.integer(0, SIZES.b - 1))


@check(item="s001-2.1.1")
def attention_can_be_differentiated(student: Student, draw: Draw) -> None:
    """The gradients at queries, keys and values equal finite differences of the layer's own outputs."""
    layer = parts.Layer(student, NAME, parts.drawn_weights(draw, SIZES.h))
    parts.agrees_with_differences(layer, draw, parts.drawn_inputs(draw, SIZES))


@check(item="s001-2.1.1")
def attention_keeps_precision(student: Student, draw: Draw) -> None:
    """A float32 layer gives float32, and a float64 layer computes in float64."""
    parts.keeps_precision(student, NAME, draw, SIZES)


@check(item="s001-2.1.1")
def attention_has_no_side_effects(student: Student, draw: Draw) -> None:
    """Inputs and weights stay as they were, and a second call agrees with the first."""
    parts.has_no_side_effects(student, NAME, draw, SIZES)
