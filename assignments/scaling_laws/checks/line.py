"""Hidden checks: the line on log-log axes (s001-2.3.3a)."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judge import Draw, Student, check, expect

from . import reference as ref

Array = np.ndarray[Any, np.dtype[np.float64]]
ROUGH = 1e-5


def lined(student: Student, x: Any, y: Any) -> tuple[float, float]:
    """(m, c) as the student returns them."""
    answer = student.fit_linear_log(x, y)
    flat = expect.array(answer, what="the result of fit_linear_log").reshape(-1)
    expect.true(len(flat) == 2, "fit_linear_log should return two numbers, the slope and the intercept.")
    return expect.number(flat[0], what="m"), expect.number(flat[1], what="c")


def power_law(draw: Draw, n: int, sign: int = 1) -> tuple[Array, Array, float, float]:
    """x, y = 10^c x^m, m of this sign, c; x spans several decades in no order."""
    m, c = sign * draw.uniform(0.3, 1.4), draw.choice([-1, 1]) * draw.uniform(0.5, 3.0)
    u = np.linspace(draw.uniform(1.0, 3.0), draw.uniform(6.0, 9.0), n)
    u = u + np.array([draw.uniform(-0.3, 0.3) for _ in u]) * (u[1] - u[0])
    x = 10 ** u[draw.permutation(n).numpy()]
    return x, 10**c * x**m, m, c


@check(item="s001-2.3.3a", points=2)
def slope_is_the_exponent(student: Student, draw: Draw) -> None:
    """For y = k x^m the first result is m."""
    for n, sign in ((3, 1), (6, -1)):
        x, y, m, _ = power_law(draw, n, sign)
        got, _ = lined(student, x, y)
        expect.close(
            got, m, what="m, the first result, on a power law", rtol=ROUGH,
            hint="logarithms of both x and y; y is explained by x; the slope comes first",
        )  # fmt: skip


@check(item="s001-2.3.3a", points=2)
def intercept_is_log10_of_the_factor(student: Student, draw: Draw) -> None:
    """For y = k x^m the second result is log10 k, and 10^(m log10 x + c) gives y back."""
    for n, sign in ((4, -1), (7, 1)):
        x, y, _, c = power_law(draw, n, sign)
        m, got = lined(student, x, y)
        hint = "both logarithms to base 10; c is where the line meets log10 x = 0"
        expect.close(got, c, what="c, the second result, on a power law", hint=hint, rtol=ROUGH, atol=1e-6)
        expect.close(m * np.log10(x) + got, np.log10(y), what="log10 y on the line", hint=hint, rtol=ROUGH)


@check(item="s001-2.3.3a", points=1)
def scatter_is_fitted_by_least_squares(student: Student, draw: Draw) -> None:
    """Scattered points give the least-squares line of log10 y on log10 x."""
    for n, sign in ((4, -1), (8, 1)):
        x, y, _, _ = power_law(draw, n, sign)
        y = y * 10 ** draw.array(n, scale=0.3)
        got = lined(student, x, y)
        expect.close(
            got, ref.line(x, y), what="(m, c) for scattered points", rtol=ROUGH,
            hint="least squares in log10 y, every point with the same weight; not through two of the points only",
        )  # fmt: skip


@check(item="s001-2.3.3a", points=1)
def other_units_shift_the_intercept(student: Student, draw: Draw) -> None:
    """In other units the slope stays, and the intercept moves by the logarithm of the factor."""
    x, y, _, _ = power_law(draw, 5)
    y = y * 10 ** draw.array(5, scale=0.2)
    m, c = lined(student, x, y)
    hint = "log10(k y) = log10 k + log10 y, and log10(k x) = log10 k + log10 x"
    for mx, my in ((10.0, 1.0), (1.0, 1000.0), (1.0, 1e30)):
        m_new, c_new = lined(student, mx * x, my * y)
        expect.same(m, m_new, what="m in other units", hint=hint, rtol=ROUGH)
        shift = np.log10(my) - m * np.log10(mx)
        expect.close(c_new - c, shift, what="the shift of c in other units", hint=hint, rtol=ROUGH, atol=1e-6)


@check(item="s001-2.3.3a", points=1)
def two_points_are_met_exactly(student: Student, draw: Draw) -> None:
    """The line through two points meets both, whichever comes first."""
    x1, x2 = 10 ** draw.uniform(1.0, 3.0), 10 ** draw.uniform(4.0, 7.0)
    y1, y2 = 10 ** draw.uniform(2.0, 4.0), 10 ** draw.uniform(0.2, 1.5)
    for x, y in (([x1, x2], [y1, y2]), ([x2, x1], [y2, y1])):
        m, c = lined(student, x, y)
        at = np.array([m * np.log10(v) + c for v in x])
        expect.close(at, np.log10(y), what="the line at its two points", hint="10**(m log10 x + c) is y", rtol=ROUGH)


@check(item="s001-2.3.3a", points=1)
def line_takes_lists_and_arrays(student: Student, draw: Draw) -> None:
    """Lists of integers of any size, tuples and arrays give the same line in double precision, and stay unchanged."""
    x, y, _, _ = power_law(draw, 5)
    x, y = np.round(x), np.round(1e6 * y / y.min())
    want = ref.line(x, y)
    hint = "turn what comes in into float64 of your own first; what torch makes of a list is float32"
    for huge in (([int(v) * 10**20 for v in x], y), (x, [int(v) * 10**20 for v in y])):
        got = lined(student, *(list(part) for part in huge))
        what = "(m, c) for integers beyond 2**64"
        expect.close(got, ref.line(*huge), what=what, hint=hint, rtol=1e-9)
    for given in (
        ([int(v) for v in x], [int(v) for v in y]),
        (tuple(map(float, x)), tuple(map(float, y))),
        (x.astype(np.int64), y),
        (x.copy(), y.copy()),
    ):
        answer, after = student.with_inputs("fit_linear_log", *given)
        flat = expect.array(answer, what="the result of fit_linear_log").reshape(-1)
        expect.close(
            flat, want, what=f"(m, c) for {type(given[0]).__name__}s", rtol=1e-9, hint=hint,
        )  # fmt: skip
        expect.unharmed(list(given), after, what="an argument of fit_linear_log")
