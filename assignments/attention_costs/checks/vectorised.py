"""Hidden checks of attention as matrix products."""

from __future__ import annotations

import numpy as np

from autograder.judge import Draw, Student, check, expect, properties

from . import reference as parts


@check(item="s000-4.1c", points=2)
def attention_equals_one_query_at_a_time(student: Student, draw: Draw) -> None:
    """The output is that of the loop over queries, also where scores are exactly 0."""
    for n, h, d in ((6, 4, 3), (5, 3, 8)):
        Q, K, V = draw.tensor(n, h, scale=1.5), draw.tensor(n, h, scale=1.5), draw.tensor(n, d)
        if n == 6:  # a score of 0 is no sign of a mask, be it one of many or all of a query's
            Q[0], K[-1] = 0.0, 0.0
        got = student.attention(Q, K, V)
        expect.shape(got, (n, d), what="attention(Q, K, V)", hint="one row per query, as wide as the values")
        expect.close(
            got, parts.attention(Q, K, V), what="attention(Q, K, V)", rtol=properties.ROUGH,
            hint=f"{parts.WIDTH}; the weights of one query sum to 1 over the keys",
        )  # fmt: skip


@check(item="s000-4.1c")
def queries_need_not_be_as_many_as_keys(student: Student, draw: Draw) -> None:
    """With fewer queries than keys, or more, each query gets what it gets among as many queries as there are keys."""
    hint = "the number of queries and the number of keys are two numbers; the softmax is over the keys"
    for n, m in ((5, 7), (6, 2)):
        Q, K, V = draw.tensor(max(n, m), 4), draw.tensor(m, 4), draw.tensor(m, 3)
        several = [student.attention(Q[at : at + m], K, V) for at in range(0, max(n, m), m)]
        wanted = np.concatenate([expect.numbers(part, (m, 3), what="attention(Q, K, V)") for part in several])[:n]
        got = student.attention(Q[:n], K, V)
        expect.shape(got, (n, 3), what="attention(Q, K, V)", hint="one row per query, as wide as the values")
        expect.same(wanted, got, what=f"attention of {n} queries over {m} keys", hint=hint, rtol=properties.ROUGH)


@check(item="s000-4.1c")
def axes_of_size_one_are_axes(student: Student, draw: Draw) -> None:
    """A single query, a single key, a width of 1: every axis stays, and an only key hands over its value."""
    hint = "an axis of size 1 is an axis, too: squeeze() takes it away"
    for n, h, d in ((1, 4, 3), (4, 2, 3), (1, 1, 1)):
        Q, K, V = draw.tensor(n, h), draw.tensor(1, h), draw.tensor(1, d)
        got = student.attention(Q, K, V)
        expect.shape(got, (n, d), what="attention over one key", hint=hint)
        expect.close(got, V.expand(n, d), what="attention over one key", rtol=properties.ROUGH, hint=hint)
    Q, K, V = parts.tokens(draw)
    one, first = student.attention(Q[:1], K, V), student.attention(Q, K, V)
    expect.shape(one, (1, 3), what="attention of one query", hint=hint)
    first = expect.numbers(first, (5, 3), what="attention(Q, K, V)")[:1]
    expect.same(first, one, what="the output of one query, alone or among others,", rtol=properties.ROUGH, hint=hint)
    narrow = student.attention(*parts.tokens(draw, h=1, d=1))
    expect.shape(narrow, (5, 1), what="attention of width 1", hint=hint)
    expect.true(bool(expect.array(narrow, what="attention of width 1").any()), "attention of width 1 is zero.", hint)


@check(item="s000-4.1c")
def leading_axes_stand_alone(student: Student, draw: Draw) -> None:
    """Sequences of a batch, and heads, stand side by side without touching each other; a batch of one is a batch."""
    for lead in ((3,), (2, 6), (1,)):
        Q, K, V = parts.tokens(draw, *lead)
        together = student.attention(Q, K, V)
        expect.shape(together, (*lead, 5, 3), what="attention with leading axes")
        at = tuple(draw.integer(0, size - 1) for size in lead)
        alone = student.attention(Q[at], K[at], V[at])
        single = expect.numbers(alone, (5, 3), what="attention(Q, K, V)")
        expect.true(bool((single[:1] != single[1:2]).any()), "attention(Q, K, V) gives every query the same.")
        expect.same(
            alone, expect.array(together, what="attention(Q, K, V)")[at], rtol=properties.ROUGH,
            what="the output of one sequence, alone or in a batch,",
            hint="count axes from the end: transpose the last two, and take the softmax over the last",
        )  # fmt: skip


@check(item="s000-4.1c", points=2)
def operations_do_not_grow_with_the_length(student: Student, draw: Draw) -> None:
    """Eight times as many tokens take as many operations on tensors as before, only larger ones."""
    own, looped = student.value("attention"), student.value("attention_by_token")
    counts = {}
    for n in (5, 40):
        Q, K, V = parts.tokens(draw, n=n)
        out = student.attention(Q, K, V)
        expect.shape(out, (n, 3), what="attention(Q, K, V)")
        expect.finite(out, what="attention(Q, K, V)")
        expect.true(bool(expect.array(out, what="it").any()), "attention(Q, K, V) is zero.")
        counts[n] = [
            expect.number(student.count_operations(f, Q, K, V), what="count_operations") for f in (own, looped)
        ]
    grown = counts[40][1] > 4 * counts[5][1] > 0
    expect.true(grown, "count_operations no longer counts: leave the cell that defines it as it is.")
    expect.true(
        counts[40][0] <= counts[5][0] + 8,
        "The number of operations grows with the length of the sequence.",
        "a loop over queries or keys waits for each step; one product of matrices does them all at once",
        f"counts {counts}",
    )


@check(item="s000-4.1c")
def gradients_reach_queries_keys_and_values(student: Student, draw: Draw) -> None:
    """Gradients flow to Q, K and V, and say how the outputs move."""
    inputs = list(parts.tokens(draw))
    found = parts.gradients_agree(student, "attention", inputs, draw, parts.FLOWS)
    for name, gradient in zip("QKV", found, strict=True):
        expect.true(bool((abs(gradient) > 1e-12).any()), f"The gradient at {name} is zero.", parts.FLOWS)


@check(item="s000-4.1c")
def keys_may_come_in_any_order(student: Student, draw: Draw) -> None:
    """Reordering keys together with their values changes nothing; reordering queries reorders the outputs."""
    Q, K, V = draw.tensor(6, 4), draw.tensor(6, 4), draw.tensor(6, 3)
    keys, queries = draw.permutation(6), draw.permutation(6)
    before = expect.array(student.attention(Q, K, V), what="attention(Q, K, V)")
    expect.shape(before, (6, 3), what="attention(Q, K, V)")
    expect.true(bool((before[0] != before[1]).any()), "attention(Q, K, V) gives every query the same.")
    hint = "no position is special: nothing may depend on which row a token stands in"
    expect.same(
        before, student.attention(Q, K[keys], V[keys]), what="attention when keys and values are reordered",
        hint=hint, rtol=properties.ROUGH,
    )  # fmt: skip
    expect.same(
        before[queries.numpy()], student.attention(Q[queries], K, V), what="the output of each query", hint=hint,
        rtol=properties.ROUGH,
    )  # fmt: skip


@check(item="s000-4.1c")
def equal_values_come_out_unchanged(student: Student, draw: Draw) -> None:
    """Where all values are the same vector, every output is that vector, whatever the scores."""
    value = draw.tensor(1, 3)
    got = student.attention(draw.tensor(6, 4, scale=2.0), draw.tensor(6, 4, scale=2.0), value.expand(6, 3).clone())
    hint = "the weights of each query sum to 1: over which axis does your softmax sum?"
    expect.close(got, value.expand(6, 3), what="attention over equal values", rtol=properties.ROUGH, hint=hint)


@check(item="s000-4.1c")
def vectorised_attention_survives_large_scores(student: Student, draw: Draw) -> None:
    """Scores of size 10000 give finite outputs and gradients: a key far ahead gets all the weight, and keys a little
    apart share it."""
    Q, K, winner = parts.decided(draw)
    V = draw.tensor(6, 3)
    expect.close(
        student.attention(Q, K, V), V[winner], what="attention with large scores", rtol=parts.LARGE,
        hint=parts.AHEAD,
    )  # fmt: skip
    parts.finite_gradients(student, "attention", [Q, K, V], [draw.tensor(6, 3)], "with large scores", parts.THROWN_AWAY)
    Q, K = parts.rivals(draw)
    expect.close(
        student.attention(Q, K, V), parts.attention(Q, K, V), what="attention where all scores are near 10000",
        rtol=parts.LARGE, hint="only differences of scores count: the size of the scores must not change the weights",
    )  # fmt: skip


@check(item="s000-4.1c")
def vectorised_attention_keeps_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    Q, K, V = parts.tokens(draw)
    direction = draw.tensor(5, 4)
    properties.keeps_precision(student, "attention", lambda step: (Q + step * direction, K, V))


@check(item="s000-4.1c")
def vectorised_attention_has_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes none of its arguments, and calling twice gives the same."""
    properties.no_side_effects(student, "attention", parts.tokens(draw), parts.tokens(draw))
