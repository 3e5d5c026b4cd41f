"""Hidden checks of separable attention: its matrix, its linear form, and what it cannot express."""

from __future__ import annotations

import numpy as np

from autograder.judge import Draw, Student, check, expect

from . import shared

_AXES = "softmax over each row of Q (over its features), over each column of K (over the keys)"


def _weights(Q: shared.Array, K: shared.Array) -> shared.Array:
    result: shared.Array = shared.softmax(Q, 1) @ shared.softmax(K, 0).T
    return result


def _large(draw: Draw) -> list[shared.Array]:
    """Q and K (6, 3) with entries of many thousands, and softmaxes that are not all 0 and 1: some entries that are
    summed together differ by little. Where one begins is far from where the next one does."""
    far = np.array([-20_000.0, 0.0, 20_000.0])
    Q, K = draw.array(6, 3), draw.array(6, 3)
    Q[:, 2] += draw.array(6, scale=3000.0)
    K[3:] += draw.array(3, 3, scale=3000.0)
    return [Q + np.repeat(far, 2)[:, None], K + far]


# --- s002-3.2a ---------------------------------------------------------------


@check(item="s002-3.2a", points=2)
def separable_weights_are_two_softmaxes(student: Student, draw: Draw) -> None:
    """The weights are the row softmax of Q times the transposed column softmax of K."""
    for n, d in ((6, 3), (4, 7)):
        Q, K = draw.array(n, d), draw.array(n, d)
        expect.close(
            student.separable_weights(Q, K), _weights(Q, K), what="separable_weights(Q, K)", hint=_AXES, rtol=1e-6
        )


@check(item="s002-3.2a")
def separable_rows_are_distributions(student: Student, draw: Draw) -> None:
    """No weight is negative, and the weights of each query sum to 1, whatever n and d are."""
    for n, d in ((6, 3), (3, 8), (20, 2)):
        A = expect.numbers(
            student.separable_weights(draw.array(n, d), draw.array(n, d)), (n, n), what="separable_weights(Q, K)"
        )
        expect.true(bool((A >= 0).all()), "Some weight is negative.", "a softmax is never negative")
        expect.true(
            bool((np.abs(A.sum(1) - 1) < 1e-6).all()), "The weights of a query do not sum to 1.",
            "a query is a distribution over features, and a feature is a distribution over keys: which axis is which?",
        )  # fmt: skip


@check(item="s002-3.2a")
def separable_rows_mix_the_columns_of_keys(student: Student, draw: Draw) -> None:
    """Each row of weights is a mixture of the same d distributions over the keys."""
    Q, K = draw.array(7, 3, scale=2.0), draw.array(7, 3, scale=2.0)
    A = expect.numbers(student.separable_weights(Q, K), (7, 7), what="separable_weights(Q, K)")
    C = shared.softmax(K, 0)
    low, high = C.min(1), C.max(1)
    inside = bool((np.clip(A, low - 1e-6, high + 1e-6) == A).all())
    expect.true(
        inside, "A weight lies outside of what the features give to that key.",
        "the weight of key j is a mean of its entries in the column softmax; nothing is normalised afterwards",
    )  # fmt: skip


@check(item="s002-3.2a")
def separable_takes_other_keys_than_queries(student: Student, draw: Draw) -> None:
    """There may be more or fewer keys than queries."""
    for n, keys in ((4, 7), (6, 3)):
        Q, K = draw.array(n, 5), draw.array(keys, 5)
        what = "separable_weights(Q, K) with another number of keys"
        expect.close(student.separable_weights(Q, K), _weights(Q, K), what=what, hint=_AXES, rtol=1e-6)


@check(item="s002-3.2a")
def separable_with_one_feature(student: Student, draw: Draw) -> None:
    """With d = 1 all queries get the same weights; a single position gets weight 1."""
    Q, K = draw.array(5, 1), draw.array(5, 1)
    what = "separable_weights(Q, K) at d = 1"
    expect.close(
        student.separable_weights(Q, K), _weights(Q, K), what=what, hint="a softmax over one feature is 1", rtol=1e-6
    )
    got = student.separable_weights(draw.array(1, 3), draw.array(1, 3))
    expect.close(got, [[1.0]], what="separable_weights(Q, K) for one position", rtol=1e-6)


@check(item="s002-3.2a")
def separable_weights_survive_large_entries(student: Student, draw: Draw) -> None:
    """Entries of many thousands give finite and right weights."""
    Q, K = _large(draw)
    hint = "a common shift changes nothing in a softmax, if it is common to what is summed over"
    what = "separable_weights(Q, K) with large entries"
    expect.close(student.separable_weights(Q, K), _weights(Q, K), what=what, hint=hint, rtol=1e-6)


@check(item="s002-3.2a")
def separable_weights_leave_arguments_alone(student: Student, draw: Draw) -> None:
    """Q and K stay as they were, and a second call gives the same, to the digits of float64."""
    one, other = ([draw.array(5, 3), draw.array(5, 3)] for _ in range(2))
    shared.stands_alone(student, "separable_weights", one, other, _weights)


# --- s002-3.2b ---------------------------------------------------------------


def _attention(Q: shared.Array, K: shared.Array, V: shared.Array) -> shared.Array:
    result: shared.Array = shared.softmax(Q, 1) @ (shared.softmax(K, 0).T @ V)
    return result


@check(item="s002-3.2b", points=2)
def separable_attention_is_weights_times_values(student: Student, draw: Draw) -> None:
    """The result is that of the whole matrix of separable weights times V."""
    for n, d in ((7, 3), (4, 6)):
        case = [draw.array(n, d) for _ in range(3)]
        what = "separable_attention(Q, K, V)"
        expect.close(student.separable_attention(*case), _attention(*case), what=what, hint=_AXES, rtol=1e-6)


@check(item="s002-3.2b")
def separable_attention_takes_other_sizes(student: Student, draw: Draw) -> None:
    """There may be more or fewer keys than queries, and V may have another width."""
    for n, keys, d, e in ((4, 7, 5, 2), (6, 3, 4, 5)):
        case = [draw.array(*shape) for shape in ((n, d), (keys, d), (keys, e))]
        what = "separable_attention(Q, K, V) with other sizes"
        expect.close(student.separable_attention(*case), _attention(*case), what=what, hint=_AXES, rtol=1e-6)


@check(item="s002-3.2b")
def separable_attention_sizes_of_one(student: Student, draw: Draw) -> None:
    """A single feature and a single position are no exceptions."""
    for n, d in ((5, 1), (1, 3)):
        case = [draw.array(n, d) for _ in range(3)]
        what = "separable_attention(Q, K, V) where a size is 1"
        expect.close(student.separable_attention(*case), _attention(*case), what=what, hint=_AXES, rtol=1e-6)


@check(item="s002-3.2b", points=2)
def separable_attention_is_linear_in_memory(student: Student, draw: Draw) -> None:
    """A length at which no n x n matrix has room is no trouble, and all keys count there."""
    long, short = ([draw.array(n, 3) for _ in range(3)] for n in (shared.LONG, 7))
    shared.in_linear_room(
        student, "separable_attention", long, short, 2, _attention,
        message="At a length of 120,000 separable_attention asks for more memory than there is.",
        hint="the two softmaxes are thin; which product makes n x n entries, and what can be multiplied before it?",
    )  # fmt: skip


@check(item="s002-3.2b")
def separable_attention_survives_large_entries(student: Student, draw: Draw) -> None:
    """Entries of many thousands in Q and K give finite and right results."""
    case = [*_large(draw), draw.array(6, 3, scale=100.0)]
    what = "separable_attention(Q, K, V) with large entries"
    hint = "a common shift changes nothing in a softmax"
    expect.close(student.separable_attention(*case), _attention(*case), what=what, hint=hint, rtol=1e-6)


_RAYS = [((3, 1), (5, 0)), ((3, 2), (5, 1)), ((3, 3), (5, 1)), ((3, 3), (5, 2))]


@check(item="s002-3.2b")
def separable_time_is_that_of_two_thin_products(student: Student, draw: Draw) -> None:
    """For n much larger than d, the time grows as two products with a d x d matrix do."""
    shared.grows(
        student.time_sep, [lambda n, d: n * d * d], _RAYS, what="time_sep(n, d)",
        message="time_sep grows otherwise than the time of separable attention.",
        hint="what is multiplied after the two softmaxes, and how many multiplications has each product?",
    )  # fmt: skip


@check(item="s002-3.2b")
def separable_memory_is_that_of_the_inputs(student: Student, draw: Draw) -> None:
    """For n much larger than d, the memory grows as the inputs do."""
    shared.grows(
        student.space_sep, [lambda n, d: n * d], _RAYS, what="space_sep(n, d)",
        message="space_sep grows otherwise than the memory of separable attention.",
        hint="no n x n matrix is held; what is?",
    )  # fmt: skip


@check(item="s002-3.2b")
def separable_attention_leaves_arguments_alone(student: Student, draw: Draw) -> None:
    """Q, K and V stay as they were, and a second call gives the same, to the digits of float64."""
    one, other = ([draw.array(5, 3) for _ in range(3)] for _ in range(2))
    shared.stands_alone(student, "separable_attention", one, other, _attention)


# --- s002-3.2c ---------------------------------------------------------------


@check(item="s002-3.2c")
def expressiveness_is_judged(student: Student, draw: Draw) -> None:
    """Says whether separable attention makes all matrices that standard attention makes."""
    said = expect.boolean(student.value("as_expressive"), what="as_expressive")
    expect.true(not said, "That is not so.", "which rank can a product through d columns have, at the most?")


@check(item="s002-3.2c")
def rank_is_bounded_by_the_width(student: Student, draw: Draw) -> None:
    """The largest rank of separable attention is right for more positions than features."""
    for n, d in ((10, 3), (draw.integer(30, 60), draw.integer(5, 20))):
        got = expect.number(student.max_rank(n, d), what="max_rank(n, d)")
        expect.true(
            got == d, "max_rank is wrong for more positions than features.", "the product goes through d columns"
        )


@check(item="s002-3.2c")
def rank_is_bounded_by_the_length(student: Student, draw: Draw) -> None:
    """The largest rank is right for no more positions than features, too."""
    for n, d in ((3, 10), (5, 5), (draw.integer(5, 20), draw.integer(30, 60))):
        got = expect.number(student.max_rank(n, d), what="max_rank(n, d)")
        expect.true(
            got == n, "max_rank is wrong for no more positions than features.", "no n x n matrix has a rank beyond n"
        )


def _away(student: Student, n: int) -> float:
    reply = shared.both(student.witness(n), what="what witness(n) returns", hint="two arrays, Q and K")
    Q, K = (expect.numbers(part, (n, 2), what="an array of the witness", hint="n rows, 2 columns") for part in reply)
    return float(np.linalg.norm(shared.softmax(Q @ K.T, 1) - np.eye(n)))


@check(item="s002-3.2c", points=2)
def witness_looks_at_itself(student: Student, draw: Draw) -> None:
    """Standard attention with the witness of ten positions is within 0.1 of the identity."""
    expect.true(
        _away(student, 10) < 0.1, "The attention of your witness is not near the identity.",
        "each query should have by far its largest product with its own key; how large are the differences?",
    )  # fmt: skip


@check(item="s002-3.2c")
def witness_of_other_lengths(student: Student, draw: Draw) -> None:
    """So it is for fewer positions."""
    for n in (draw.integer(3, 5), draw.integer(6, 9), 2):
        expect.true(
            _away(student, n) < 0.1, "The attention of your witness is not near the identity for every small n.",
            "the number of positions is an argument: spread that many points out",
        )  # fmt: skip
