"""Hidden checks of kernels: D^-1 A V, linear attention, random features, and how many of them."""

from __future__ import annotations

import math

import numpy as np

from autograder.judge import Draw, Student, check, expect

from . import shared

# --- s002-3.3a ---------------------------------------------------------------


def _pair(student: Student, Q: shared.Array, K: shared.Array) -> tuple[shared.Array, shared.Array]:
    """A and the diagonal of D, in whichever form it is given."""
    A, D = expect.parts(student.dav(Q, K), 2, what="what dav returns", hint="two things, A and D")
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
    for n, keys, d in ((6, 6, 3), (5, 5, 2)):
        Q, K = draw.array(n, d), draw.array(keys, d)
        expect.close(
            _pair(student, Q, K)[0], np.exp(Q @ K.T), what="A of dav(Q, K)", rtol=1e-6,
            hint="entry by entry, and no root of d: that is thought of as divided in already",
        )  # fmt: skip


@check(item="s002-3.3a")
def diagonal_holds_row_sums(student: Student, draw: Draw) -> None:
    """D holds the sum of each row of A."""
    for n, keys, d in ((6, 6, 3), (5, 5, 2)):
        A, D = _pair(student, draw.array(n, d), draw.array(keys, d))
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
    A = expect.parts(reply, 2, what="what dav returns", hint="two things, A and D")[0]
    shared.varied(A, (5, 5), what="A of dav(Q, K)")
    again = _pair(student, Q, K)
    expect.same(A, again[0], what="dav called twice")
    other = _pair(student, draw.array(5, 3), draw.array(5, 3))
    expect.true(bool((other[0] != again[0]).any()), "dav gives the same for other arguments.")
    shared.digits(A, np.exp(Q @ K.T), what="A of dav(Q, K)")
    shared.digits(again[1], np.exp(Q @ K.T).sum(1), what="D of dav(Q, K)")


# --- s002-3.3b ---------------------------------------------------------------

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
    """If all values are one vector, every query gets that vector, however large the features are."""
    for scale in (1e-3, 1.0, 1e3):
        phiQ, phiK, row = _positive(draw, 6, 4), scale * _positive(draw, 6, 4), draw.array(3, scale=100.0)
        got = student.linear_attention(phiQ, phiK, np.tile(row, (6, 1)))
        what = "linear_attention(...) where all values are equal"
        expect.close(got, np.tile(row, (6, 1)), what=what, hint=_NORMAL, rtol=1e-6)


@check(item="s002-3.3b")
def scale_of_keys_does_not_matter(student: Student, draw: Draw) -> None:
    """All features of keys times a number, or those of one query times another, leave the result as it is."""
    phiQ, phiK, V = _positive(draw, 6, 4), _positive(draw, 6, 4), draw.array(6, 3)
    first = shared.varied(student.linear_attention(phiQ, phiK, V), (6, 3), what="linear_attention(...)")
    louder = phiQ.copy()
    louder[2] *= 7.0
    for other in ((phiQ, 5.0 * phiK, V), (louder, phiK, V)):
        got = student.linear_attention(*other)
        expect.same(first, got, what="linear_attention(...) for features of another scale", hint=_NORMAL, rtol=1e-7)


@check(item="s002-3.3b")
def linear_sizes_of_one(student: Student, draw: Draw) -> None:
    """One feature, one position and one column of values are no exceptions."""
    for n, m, keys, e in ((4, 1, 4, 3), (1, 3, 1, 2), (5, 4, 5, 1)):
        case = [_positive(draw, n, m), _positive(draw, keys, m), draw.array(keys, e)]
        what = "linear_attention(...) where a size is 1"
        expect.close(student.linear_attention(*case), _linear(*case), what=what, hint=_NORMAL, rtol=1e-6)


@check(item="s002-3.3b", points=2)
def linear_attention_is_linear_in_memory(student: Student, draw: Draw) -> None:
    """A length at which no n x n matrix has room is no trouble."""
    shared.in_linear_room(
        student, "linear_attention", [*(_positive(draw, shared.LONG, 3) for _ in "qk"), draw.array(shared.LONG, 2)], 2,
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
        student.space_approx, [lambda n, m, d: n * (m + d), lambda n, m, d: n * d + m * d], _RAYS,
        what="space_approx(n, m, d)",
        message="space_approx grows otherwise than the memory of linear attention.",
        hint="no n x n matrix is held; inputs have n d numbers, their features n m",
    )  # fmt: skip


# --- s002-3.4a ---------------------------------------------------------------

_FACTORS = "a mean of products, one for each vector; then the two factors with the squared norms"


def _mgf(q: shared.Array, k: shared.Array) -> float:
    return math.exp((q + k) @ (q + k) / 2)


def _estimate(q: shared.Array, k: shared.Array, omega: shared.Array) -> float:
    return float(np.exp(omega @ (q + k) - (q @ q + k @ k) / 2).mean())


@check(item="s002-3.4a", points=2)
def estimate_is_the_mean_over_the_vectors(student: Student, draw: Draw) -> None:
    """The estimate is the mean over the given vectors, times both factors."""
    for d, m in ((3, 40), (5, 7)):
        q, k, omega = draw.array(d, scale=0.6), draw.array(d, scale=0.6), draw.array(m, d)
        got = shared.lone(student.kernel_estimate(q, k, omega))
        expect.close(got, _estimate(q, k, omega), what="kernel_estimate(q, k, omega)", hint=_FACTORS, rtol=1e-6)


@check(item="s002-3.4a")
def estimate_is_exact_for_opposite_vectors(student: Student, draw: Draw) -> None:
    """For k = -q the estimate is exp(-|q|^2), whatever the vectors are."""
    for d, m in ((4, 9), (2, 5)):
        q, omega = draw.array(d, scale=0.7), draw.array(m, d, scale=2.0)
        got = shared.lone(student.kernel_estimate(q, -q, omega))
        expect.close(
            got,
            math.exp(-q @ q),
            what="kernel_estimate(q, -q, omega)",
            hint="then each product of exponentials is 1",
            rtol=1e-6,
        )


@check(item="s002-3.4a")
def many_vectors_come_near(student: Student, draw: Draw) -> None:
    """With very many vectors of N(0, I) the estimate comes near exp(q . k)."""
    q, k = draw.orthogonal(3)[0].numpy() * 0.5, draw.orthogonal(3)[1].numpy() * 0.4
    got = expect.number(student.kernel_estimate(q, k, draw.array(100_000, 3)), what="kernel_estimate(q, k, omega)")
    near = abs(got / math.exp(q @ k) - 1) < 0.03
    expect.true(near, "With very many vectors the estimate stays away from exp(q . k).", _FACTORS)


@check(item="s002-3.4a")
def expectation_in_closed_form(student: Student, draw: Draw) -> None:
    """The expectation is exact for vectors of any size and direction."""
    for d, scale in ((3, 0.5), (5, 1.0), (2, 0.0)):
        q, k = draw.array(d, scale=scale), draw.array(d, scale=scale)
        want = math.exp((q + k) @ (q + k) / 2)
        hint = "one exponential of a normal variable: which variance has omega . (q + k)?"
        expect.close(shared.lone(student.gaussian_mgf(q, k)), want, what="gaussian_mgf(q, k)", hint=hint, rtol=1e-6)


@check(item="s002-3.4a")
def one_vector_and_one_dimension(student: Student, draw: Draw) -> None:
    """A single vector, and vectors of width 1, are no exceptions."""
    for d, m in ((3, 1), (1, 6)):
        q, k, omega = draw.array(d), draw.array(d), draw.array(m, d)
        what = "kernel_estimate(q, k, omega) where a size is 1"
        expect.close(
            shared.lone(student.kernel_estimate(q, k, omega)),
            _estimate(q, k, omega),
            what=what,
            hint=_FACTORS,
            rtol=1e-6,
        )
    q, k = draw.array(1), draw.array(1)
    expect.close(
        shared.lone(student.gaussian_mgf(q, k)),
        math.exp((q[0] + k[0]) ** 2 / 2),
        what="gaussian_mgf(q, k) at d = 1",
        rtol=1e-6,
    )


@check(item="s002-3.4a")
def estimate_leaves_arguments_alone(student: Student, draw: Draw) -> None:
    """Both vectors and omega stay as they were, and a second call gives the same."""
    one, other = ([draw.array(3), draw.array(3), draw.array(5, 3)] for _ in range(2))
    shared.stands_alone(student, "kernel_estimate", one, other, _estimate)
    shared.stands_alone(student, "gaussian_mgf", one[:2], other[:2], _mgf)


# --- s002-3.4b ---------------------------------------------------------------

_SAME = "the same omega for queries and keys; each factor of the estimate is split evenly between f(q) and f(k)"


def _features(x: shared.Array, omega: shared.Array) -> shared.Array:
    result: shared.Array = np.exp(x @ omega.T - (x * x).sum(1, keepdims=True) / 2) / math.sqrt(len(omega))
    return result


def _sd(q: shared.Array, k: shared.Array, m: int) -> float:
    return math.sqrt(math.expm1((q + k) @ (q + k)) / m)


def _kernel(student: Student, x: shared.Array, y: shared.Array, omega: shared.Array) -> shared.Array:
    what = "favor_features(x, omega)"
    f, g = (expect.numbers(student.favor_features(part, omega), (len(part), len(omega)), what=what) for part in (x, y))
    product: shared.Array = f @ g.T
    return product


@check(item="s002-3.4b", points=2)
def features_multiply_to_the_estimate(student: Student, draw: Draw) -> None:
    """The product of the features of a query and of a key is the estimate of the kernel."""
    for n, d, m in ((4, 3, 5), (6, 4, 64)):
        x, y, omega = draw.array(n, d, scale=0.6), draw.array(n, d, scale=0.6), draw.array(m, d)
        want = _features(x, omega) @ _features(y, omega).T
        expect.close(_kernel(student, x, y, omega), want, what="f(q) . f(k)", hint=_SAME, rtol=1e-6)


@check(item="s002-3.4b")
def features_are_positive(student: Student, draw: Draw) -> None:
    """No feature is 0 or negative, in whatever direction a vector points."""
    x = draw.array(9, 3, scale=1.5)
    f = shared.varied(student.favor_features(x, draw.array(7, 3)), (9, 7), what="favor_features(x, omega)")
    expect.true(bool((f > 0).all()), "Some feature is 0 or negative.", "an exponential is neither")


@check(item="s002-3.4b")
def a_vector_of_zeros_has_kernel_one(student: Student, draw: Draw) -> None:
    """The kernel of a vector of zeros with itself is 1, for any omega and any number of features."""
    for m in (4, 7, 50):
        zero = np.zeros((2, 3))
        got = _kernel(student, zero, zero, draw.array(m, 3))
        expect.close(
            got,
            np.ones((2, 2)),
            what="f(0) . f(0)",
            hint="then every exponential is 1: what are m ones to add up to?",
            rtol=1e-6,
        )


@check(item="s002-3.4b")
def features_of_opposite_vectors(student: Student, draw: Draw) -> None:
    """The kernel of a vector with its negative is exact: long vectors are damped as they should be."""
    x = draw.array(4, 3, scale=1.2)
    got = np.diag(_kernel(student, x, -x, draw.array(6, 3, scale=3.0)))
    hint = "the factor with the squared norm: its sign, its half, and where it stands"
    expect.close(got, np.exp(-(x * x).sum(1)), what="f(q) . f(-q)", hint=hint, rtol=1e-6)


@check(item="s002-3.4b")
def feature_sizes_of_one(student: Student, draw: Draw) -> None:
    """One feature, one vector and width 1 are no exceptions."""
    for n, d, m in ((5, 3, 1), (1, 4, 6), (4, 1, 3)):
        x, y, omega = draw.array(n, d), draw.array(n, d), draw.array(m, d)
        want = _features(x, omega) @ _features(y, omega).T
        expect.close(_kernel(student, x, y, omega), want, what="f(q) . f(k) where a size is 1", hint=_SAME, rtol=1e-6)


@check(item="s002-3.4b", points=2)
def error_of_the_estimate_is_known(student: Student, draw: Draw) -> None:
    """The relative standard deviation is that of a mean of m independent terms."""
    for d, m, scale in ((3, 25, 0.5), (4, 400, 0.7), (2, 7, 1.0)):
        q, k = draw.array(d, scale=scale), draw.array(d, scale=scale)
        want = _sd(q, k, m)
        hint = "variance: mean of the square less the square of the mean, over m; both are known in closed form"
        expect.close(shared.lone(student.relative_sd(q, k, m)), want, what="relative_sd(q, k, m)", hint=hint, rtol=1e-6)
    q = draw.array(3)
    expect.close(
        shared.lone(student.relative_sd(q, -q, 5)),
        0.0,
        what="relative_sd(q, -q, m)",
        hint="for k = -q nothing varies",
        atol=1e-6,
    )


@check(item="s002-3.4b")
def features_leave_arguments_alone(student: Student, draw: Draw) -> None:
    """Vectors and omega stay as they were, and a second call gives the same, to the digits of float64."""
    one, other = ([draw.array(4, 3), draw.array(5, 3)] for _ in range(2))
    shared.stands_alone(student, "favor_features", one, other, _features)
    vectors = [[draw.array(3, scale=0.6), draw.array(3, scale=0.6), 7] for _ in range(2)]
    shared.stands_alone(student, "relative_sd", vectors[0], vectors[1], _sd)


# --- s002-3.5 ----------------------------------------------------------------


def _towards(draw: Draw, square: float, d: int = 3) -> tuple[shared.Array, shared.Array]:
    """q and k with |q + k|^2 = square, themselves generic."""
    whole = draw.array(d)
    whole *= math.sqrt(square) / np.linalg.norm(whole)
    q = draw.array(d, scale=0.5)
    return q, whole - q


def _needed(student: Student, q: shared.Array, k: shared.Array, error: float) -> float:
    return expect.number(student.features_needed(q, k, error), what="features_needed(q, k, rel_err)")


@check(item="s002-3.5", points=2)
def needed_features_are_right(student: Student, draw: Draw) -> None:
    """The number of features is that at which the relative standard deviation is the error asked for."""
    for square, error in ((2.0, 0.1), (0.7, 0.05), (4.0, 0.2)):
        q, k = _towards(draw, square)
        hint = "set relative_sd equal to the error and solve for m"
        want = math.expm1(square) / error**2
        got = _needed(student, q, k, error)
        expect.close(got, want, what="features_needed(q, k, rel_err)", hint=hint, rtol=1e-6, atol=1.0 + 1e-6)


@check(item="s002-3.5")
def needed_features_explode_with_the_norm(student: Student, draw: Draw) -> None:
    """Vectors twice as long need hundreds of times as many features."""
    q, k = _towards(draw, 2.0)
    one, two = _needed(student, q, k, 0.1), _needed(student, 2 * q, 2 * k, 0.1)
    expect.true(one > 0, "features_needed is not positive.")
    expect.true(
        two / one > 100,
        "Vectors twice as long need hardly more features.",
        "the squared norm of q + k stands in an exponential",
    )


@check(item="s002-3.5")
def needed_features_follow_the_square_of_the_error(student: Student, draw: Draw) -> None:
    """A third of the error takes nine times as many features."""
    q, k = _towards(draw, 3.0)
    one, two = _needed(student, q, k, 0.03), _needed(student, q, k, 0.01)
    expect.true(one > 0, "features_needed is not positive.")
    expect.true(
        abs(two / one - 9) < 0.05,
        "A third of the error does not take nine times as many features.",
        "the error falls with the root of m",
    )


@check(item="s002-3.5")
def counting_features_leaves_vectors_alone(student: Student, draw: Draw) -> None:
    """Both vectors stay as they were, and a second call gives the same."""
    one = [*_towards(draw, 1.5), 0.1]
    first, after = student.with_inputs("features_needed", *one)
    expect.unharmed(one, after, what="an argument of features_needed")
    expect.same(first, student.features_needed(*one), what="features_needed called twice")
    q, k = _towards(draw, 2.5)
    changed = _needed(student, q, k, 0.1) != expect.number(first, what="features_needed(q, k, rel_err)")
    expect.true(changed, "features_needed gives the same for other vectors.", "is something kept between calls?")


@check(item="s002-3.5")
def slope_of_the_error(student: Student, draw: Draw) -> None:
    """The slope of the error against m, on log-log axes, is right."""
    slope = expect.number(student.value("rmse_slope"), what="rmse_slope")
    expect.true(
        abs(slope + 0.5) < 0.03,
        "rmse_slope is not the slope of the error.",
        "the variance of a mean of m terms falls as 1 / m; and the error?",
    )


@check(item="s002-3.5")
def speedup_is_length_over_features(student: Student, draw: Draw) -> None:
    """The speed-up grows in proportion to the length and falls in proportion to the number of features."""
    rays = [
        ((3, 1), (5, 0), (20, 0)),
        ((3, 2), (5, 1), (20, 0)),
        ((3, 3), (5, 2), (20, 0)),
        ((3, 2), (5, 1), (20, 1)),
        ((3, 2), (5, 0), (20, 1)),
    ]
    shared.grows(
        student.speedup, [lambda n, m, d: n / m], rays, what="speedup(n, m, d)",
        message="speedup grows otherwise than the time of the matrix over that of linear attention.",
        hint="put both counts over each other: what cancels?",
    )  # fmt: skip


@check(item="s002-3.5")
def break_even_is_near_the_length(student: Student, draw: Draw) -> None:
    """Linear attention is faster for many times fewer features than positions, and slower for many times more."""
    n, d = draw.integer(3000, 5000), draw.integer(30, 60)
    few, many = (expect.number(student.speedup(n, m, d), what="speedup(n, m, d)") for m in (n // 20, 20 * n))
    expect.true(few > 1, "With twenty times fewer features than positions, linear attention is told to be slower.")
    expect.true(many < 1, "With twenty times more features than positions, linear attention is told to be faster.")


@check(item="s002-3.5")
def rank_is_bounded_by_the_features(student: Student, draw: Draw) -> None:
    """The largest rank is right for fewer and for more features than positions."""
    for n, m in ((100, 16), (draw.integer(20, 40), draw.integer(50, 80)), (9, 9)):
        got = expect.number(student.rank_cap(n, m), what="rank_cap(n, m)")
        expect.true(
            got == min(n, m),
            "rank_cap is wrong.",
            "a product through m columns, and an n x n matrix: either bounds the rank",
        )
