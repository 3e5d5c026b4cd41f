"""Hidden checks of kernels: D^-1 A V, linear attention, and what it costs."""

from __future__ import annotations

import numpy as np

from autograder.judge import Draw, Student, check, expect

from . import shared

# --- s002-3.3a ---------------------------------------------------------------


def _pair(student: Student, Q: shared.Array, K: shared.Array) -> tuple[shared.Array, shared.Array]:
    """A and the diagonal of D, in whichever form it is given."""
    A, D = shared.both(student.dav(Q, K), what="what dav returns", hint="two things, A and D")
    n, keys = len(Q), len(K)
    weights = expect.numbers(A, (n, keys), what="A of dav(Q, K)")
    diagonal = expect.numbers(D, what="D of dav(Q, K)")
    if diagonal.shape == (n, n) and n > 1:
        off = diagonal - np.diag(np.diag(diagonal))
        expect.true(bool((off == 0).all()), "D of dav(Q, K) is a matrix that is not diagonal.")
        return weights, np.diag(diagonal)
    if diagonal.shape in ((n, 1), (1, n)):
        diagonal = diagonal.reshape(n)
    expect.shape(diagonal, (n,), what="D of dav(Q, K)", hint="a number for each query, or a diagonal matrix")
    return weights, diagonal


@check(item="s002-3.3a")
def kernel_matrix_is_the_exponential(student: Student, draw: Draw) -> None:
    """A is the exponential of each product of a query and a key."""
    for n, d, scale in ((6, 3, 1.0), (5, 2, 1.0), (7, 3, 3.0)):
        Q, K = draw.array(n, d, scale=scale), draw.array(n, d, scale=scale)
        expect.close(
            _pair(student, Q, K)[0], np.exp(Q @ K.T), what="A of dav(Q, K)", rtol=1e-6,
            hint="entry by entry, and no root of d: that is thought of as divided in already",
        )  # fmt: skip


@check(item="s002-3.3a")
def diagonal_holds_row_sums(student: Student, draw: Draw) -> None:
    """D holds the sum of each row of A."""
    for n, keys, d in ((6, 6, 3), (5, 5, 2)):
        A, D = _pair(student, draw.array(n, d), draw.array(keys, d))
        shared.varied(A, A.shape, what="A of dav(Q, K)")
        expect.close(D, A.sum(1), what="D of dav(Q, K)", hint="a sum over the keys, for each query", rtol=1e-6)


@check(item="s002-3.3a", points=2)
def both_together_are_attention(student: Student, draw: Draw) -> None:
    """D^-1 A is positive, its rows sum to 1, and times V it is attention."""
    for n, keys, d in ((4, 4, 3), (7, 7, 2)):
        Q, K, V = draw.array(n, d), draw.array(keys, d), draw.array(keys, 5)
        A, D = _pair(student, Q, K)
        expect.true(bool((A > 0).all() and (D != 0).all()), "An entry of A is not positive, or one of D is 0.")
        hint = "each row is divided by its own sum"
        expect.close(A / D[:, None] @ V, shared.softmax(Q @ K.T, 1) @ V, what="D^-1 A V", hint=hint, rtol=1e-6)


@check(item="s002-3.3a")
def dav_takes_other_keys_than_queries(student: Student, draw: Draw) -> None:
    """There may be more or fewer keys than queries."""
    for n, keys in ((6, 9), (7, 4)):
        Q, K = draw.array(n, 3), draw.array(keys, 3)
        A, D = _pair(student, Q, K)
        want = np.exp(Q @ K.T)
        expect.close(A, want, what="A of dav(Q, K) with another number of keys", rtol=1e-6)
        expect.close(D, want.sum(1), what="D of dav(Q, K) with another number of keys", rtol=1e-6)


@check(item="s002-3.3a")
def dav_sizes_of_one(student: Student, draw: Draw) -> None:
    """A single position and vectors of width 1 are no exceptions."""
    for n, keys, d in ((4, 4, 1), (1, 1, 2)):
        Q, K = draw.array(n, d), draw.array(keys, d)
        A, D = _pair(student, Q, K)
        want = np.exp(Q @ K.T)
        expect.close(A, want, what="A of dav(Q, K) where a size is 1", rtol=1e-6)
        expect.close(D, want.sum(1), what="D of dav(Q, K) where a size is 1", rtol=1e-6)


@check(item="s002-3.3a")
def dav_leaves_arguments_alone(student: Student, draw: Draw) -> None:
    """Q and K stay as they were, and a second call gives the same."""
    Q, K = draw.array(5, 3), draw.array(5, 3)
    reply, after = student.with_inputs("dav", Q, K)
    expect.unharmed([Q, K], after, what="an argument of dav")
    A = shared.both(reply, what="what dav returns", hint="two things, A and D")[0]
    shared.varied(A, (5, 5), what="A of dav(Q, K)")
    again = _pair(student, Q, K)
    expect.same(A, again[0], what="dav called twice")
    P, L = draw.array(5, 3), draw.array(5, 3)
    other = _pair(student, P, L)
    expect.true(bool((other[0] != again[0]).any()), "dav gives the same for other arguments.")
    shared.still_right("dav", (A, np.exp(Q @ K.T)), (other[0], np.exp(P @ L.T)))
    shared.digits(A, np.exp(Q @ K.T), what="A of dav(Q, K)")
    shared.digits(again[1], np.exp(Q @ K.T).sum(1), what="D of dav(Q, K)")


# --- s002-3.3b ---------------------------------------------------------------

_SCALE = "it stands above and below the line: is something added or cut, which is not in proportion to it?"
_NORMAL = "the row sums of phiQ phiK^T, one for each query, also without the whole matrix"


def _positive(draw: Draw, *shape: int) -> shared.Array:
    result: shared.Array = np.exp(draw.array(*shape, scale=0.7))
    return result


def _linear(phiQ: shared.Array, phiK: shared.Array, V: shared.Array) -> shared.Array:
    result: shared.Array = phiQ @ (phiK.T @ V) / (phiQ @ phiK.sum(0))[:, None]
    return result


@check(item="s002-3.3b", points=2)
def linear_attention_is_that_of_the_matrix(student: Student, draw: Draw) -> None:
    """The result is that of the whole matrix phiQ phiK^T, each row divided by its sum, times V."""
    for n, m, e in ((6, 4, 3), (5, 7, 2)):
        case = [_positive(draw, n, m), _positive(draw, n, m), draw.array(n, e)]
        what = "linear_attention(phiQ, phiK, V)"
        expect.close(student.linear_attention(*case), _linear(*case), what=what, hint=_NORMAL, rtol=1e-6)


@check(item="s002-3.3b")
def linear_takes_other_keys_than_queries(student: Student, draw: Draw) -> None:
    """There may be more or fewer keys than queries."""
    for n, keys in ((4, 7), (8, 3)):
        case = [_positive(draw, n, 5), _positive(draw, keys, 5), draw.array(keys, 2)]
        what = "linear_attention(...) with another number of keys"
        expect.close(student.linear_attention(*case), _linear(*case), what=what, hint=_NORMAL, rtol=1e-6)


@check(item="s002-3.3b")
def weights_of_linear_attention_sum_to_one(student: Student, draw: Draw) -> None:
    """If all values are one vector, every query gets that vector."""
    for scale in (1.0, 100.0):
        phiQ, phiK, row = _positive(draw, 6, 4), _positive(draw, 6, 4), draw.array(3, scale=scale)
        got = student.linear_attention(phiQ, phiK, np.tile(row, (6, 1)))
        what = "linear_attention(...) where all values are equal"
        expect.close(got, np.tile(row, (6, 1)), what=what, hint=_NORMAL, rtol=1e-6)


@check(item="s002-3.3b")
def scale_of_keys_does_not_matter(student: Student, draw: Draw) -> None:
    """All features of keys times a number, however small or large, or those of one query times another, leave the
    result as it is."""
    phiQ, phiK, V = _positive(draw, 6, 4), _positive(draw, 6, 4), draw.array(6, 3)
    first = expect.numbers(student.linear_attention(phiQ, phiK, V), (6, 3), what="linear_attention(...)")
    depends = bool((np.ptp(first, axis=0) > 0).any())
    expect.true(depends, "linear_attention gives all queries the same.", "each has features of its own")
    louder = phiQ.copy()
    louder[2] *= 7.0
    for queries, keys in ((phiQ, 5.0 * phiK), (louder, phiK), (phiQ, 1e-10 * phiK), (phiQ, 1e6 * phiK)):
        got = student.linear_attention(queries, keys, V)
        expect.same(first, got, what="linear_attention(...) for features of another scale", hint=_SCALE, rtol=1e-5)


@check(item="s002-3.3b")
def linear_sizes_of_one(student: Student, draw: Draw) -> None:
    """One feature, one position and one column of values are no exceptions."""
    for n, m, keys, e in ((4, 1, 4, 3), (1, 3, 1, 2), (5, 4, 5, 1)):
        case = [_positive(draw, n, m), _positive(draw, keys, m), draw.array(keys, e)]
        what = "linear_attention(...) where a size is 1"
        expect.close(student.linear_attention(*case), _linear(*case), what=what, hint=_NORMAL, rtol=1e-6)


@check(item="s002-3.3b", points=2)
def linear_attention_is_linear_in_memory(student: Student, draw: Draw) -> None:
    """A length at which no n x n matrix has room is no trouble, and all keys count there."""
    long, short = ([_positive(draw, n, 3), _positive(draw, n, 3), draw.array(n, 2)] for n in (shared.LONG, 7))
    shared.in_linear_room(
        student, "linear_attention", long, short, 2, _linear,
        message="At a length of 120,000 linear_attention asks for more memory than there is.",
        hint="phiQ phiK^T has n x n entries: what else can phiK^T be multiplied by? Row sums need none either",
    )  # fmt: skip


@check(item="s002-3.3b")
def linear_attention_leaves_arguments_alone(student: Student, draw: Draw) -> None:
    """Features and values stay as they were, and a second call gives the same, to the digits of float64."""
    one, other = ([_positive(draw, 5, 3), _positive(draw, 5, 3), draw.array(5, 2)] for _ in range(2))
    shared.stands_alone(student, "linear_attention", one, other, _linear)


# --- s002-3.3c ---------------------------------------------------------------

# n grows strictly fastest; (n, m, d)
_RAYS = [
    ((3, 1), (5, 0), (2, 0)), ((3, 2), (5, 1), (2, 0)), ((3, 2), (5, 0), (2, 1)), ((3, 2), (5, 1), (2, 1)),
    ((3, 3), (5, 1), (2, 2)), ((3, 3), (5, 2), (2, 1)), ((3, 3), (5, 2), (2, 0)), ((3, 3), (5, 0), (2, 2)),
]  # fmt: skip


@check(item="s002-3.3c", points=2)
def approximate_time_is_linear_in_all(student: Student, draw: Draw) -> None:
    """The time grows in proportion to the length, the number of features and the width."""
    shared.grows(
        student.time_approx, [lambda n, m, d: n * m * d], _RAYS, what="time_approx(n, m, d)",
        message="time_approx grows otherwise than the time of linear attention.",
        hint="features of all vectors, then two products of thin matrices: which sizes meet in each?",
    )  # fmt: skip


@check(item="s002-3.3c", points=2)
def approximate_memory_holds_features(student: Student, draw: Draw) -> None:
    """The memory grows as inputs and features do, or as inputs and one small matrix do."""
    shared.grows(
        student.space_approx, [lambda n, m, d: n * (m + d), lambda n, m, d: n * d + m * d],
        [*_RAYS, ((3, 3), (5, 2), (2, 2))], what="space_approx(n, m, d)",
        message="space_approx grows otherwise than the memory of linear attention.",
        hint="no n x n matrix is held; inputs have n d numbers, their features n m",
    )  # fmt: skip
