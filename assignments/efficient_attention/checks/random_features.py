"""Hidden checks of random features: the identity, the feature map, and how many of them it takes."""

from __future__ import annotations

import math

import numpy as np

from autograder.judge import Draw, Student, check, expect

from . import shared

# --- s002-3.4a ---------------------------------------------------------------

_FACTORS = "a mean of products, one for each vector; then the two factors with the squared norms"


def _mgf(q: shared.Array, k: shared.Array) -> float:
    return math.exp((q + k) @ (q + k) / 2)


def _estimate(q: shared.Array, k: shared.Array, omega: shared.Array) -> float:
    return float(np.exp(omega @ (q + k) - (q @ q + k @ k) / 2).mean())


@check(item="s002-3.4a", points=2)
def estimate_is_the_mean_over_the_vectors(student: Student, draw: Draw) -> None:
    """The estimate is the mean over the given vectors, times both factors."""
    for d, m, scale in ((3, 40, 0.6), (5, 7, 0.6), (3, 9, 3.0)):
        q, k, omega = draw.array(d, scale=scale), draw.array(d, scale=scale), draw.array(m, d, scale=max(1.0, scale))
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
    one, other = ([draw.array(6, scale=0.7), draw.array(6, scale=0.7), draw.array(5, 6)] for _ in range(2))
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
    for n, d, m, scale in ((4, 3, 5, 0.6), (6, 4, 64, 0.6), (7, 3, 9, 3.0)):
        x, y = draw.array(n, d, scale=scale), draw.array(n, d, scale=scale)
        omega = draw.array(m, d, scale=max(1.0, scale))
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
    one, other = ([draw.array(8, 3), draw.array(11, 3)] for _ in range(2))  # of shapes that no other check has
    shared.stands_alone(student, "favor_features", one, other, _features)
    vectors = [[draw.array(6, scale=0.4), draw.array(6, scale=0.4), 7] for _ in range(2)]
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
    for square, error, d in ((2.0, 0.1, 3), (0.7, 0.05, 2), (4.0, 0.2, 5)):
        q, k = _towards(draw, square, d)
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
    one = [*_towards(draw, 1.5, 6), 0.1]
    first, after = student.with_inputs("features_needed", *one)
    expect.unharmed(one, after, what="an argument of features_needed")
    expect.same(first, student.features_needed(*one), what="features_needed called twice")
    q, k = _towards(draw, 2.5, 6)
    later = _needed(student, q, k, 0.1)
    changed = later != expect.number(first, what="features_needed(q, k, rel_err)")
    expect.true(changed, "features_needed gives the same for other vectors.", "is something kept between calls?")
    shared.still_right("features_needed", (first, 100 * math.expm1(1.5)), (later, 100 * math.expm1(2.5)))


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
    for n, m in ((draw.integer(200, 300), draw.integer(40, 90)), (draw.integer(20, 40), draw.integer(50, 80)), (9, 9)):
        got = expect.number(student.rank_cap(n, m), what="rank_cap(n, m)")
        expect.true(
            got == min(n, m),
            "rank_cap is wrong.",
            "a product through m columns, and an n x n matrix: either bounds the rank",
        )
