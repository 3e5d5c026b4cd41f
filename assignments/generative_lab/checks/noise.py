"""Hidden checks of part 1: what multiplicative noise does to a loss, by formula and by simulation."""

from __future__ import annotations

import numpy as np

from autograder.judge import Draw, Student, check, expect

from .shared import Array, digits_kept, letter

_NOISE = ((1.0, 0.0), (0.7, 1.3), (0.0, 2.0), (-1.5, 0.4))  # mean and standard deviation
_SECOND = "expand the square: which of the products R_ij R_ik have another expectation than mu^2?"
_GRAM = "set the gradient to zero: the squares of mu and sigma weigh two matrices, and which side does mu stand on?"


def problem(draw: Draw, n: int = 5, d: int = 3) -> tuple[Array, Array, Array]:
    """Inputs with columns of different lengths, targets and weights."""
    return draw.array(n, d) * np.linspace(0.5, 2.0, d), draw.array(n), draw.array(d)


def loss(X: Array, y: Array, w: Array, mu: float, sigma: float) -> float:
    """The expectation from the first two moments of R, entry by entry."""
    second = mu**2 * (X.T @ X) + sigma**2 * np.diag((X**2).sum(axis=0))
    return float(y @ y - 2 * mu * (y @ X @ w) + w @ second @ w)


@check(item="s003-5")
def a_is_chosen(student: Student, draw: Draw) -> None:
    """The letter for A is the right one."""
    right = letter(student.value("A"), {"mu": "a", "\u03bc": "a"}, offered="abcdef", what="A") == {"a"}
    expect.true(
        right, "This is not what multiplies the prediction.", "what is the expectation of R * X, entry by entry?"
    )


@check(item="s003-5")
def b_is_chosen(student: Student, draw: Draw) -> None:
    """The letter for B is the right one."""
    names = {"sigma^2": "d", "sigma**2": "d", "sigma2": "d", "\u03c3\u00b2": "d", "\u03c3^2": "d"}
    right = letter(student.value("B"), names, offered="abcdef", what="B") == {"d"}
    expect.true(right, "This is not what multiplies the penalty.", "what is left of the loss at mu = 1, sigma = 0?")


def _both(student: Student, mu: float, sigma: float) -> Array:
    return expect.numbers(student.AB(mu, sigma), (2,), what="what AB returns", hint="two numbers: A and B")


@check(item="s003-5")
def a_as_a_number(student: Student, draw: Draw) -> None:
    """A is right for means of either sign, for none, and whatever the spread of the noise is."""
    for mu, sigma in _NOISE:
        expect.close(_both(student, mu, sigma)[0], mu, what="A of AB(mu, sigma)", hint="what is the expectation of R?")


@check(item="s003-5")
def b_as_a_number(student: Student, draw: Draw) -> None:
    """B is right for noise of any spread; without noise it is 0."""
    for mu, sigma in _NOISE:
        hint = "the second moment of a noisy factor, less the square of its mean"
        expect.close(_both(student, mu, sigma)[1], sigma**2, what="B of AB(mu, sigma)", hint=hint)


@check(item="s003-5", points=2)
def loss_has_both_moments(student: Student, draw: Draw) -> None:
    """The expected loss is that of noise with this mean and this spread, for several rows and features."""
    for mu, sigma in _NOISE[1:]:
        X, y, w = problem(draw)
        got = expect.number(student.expected_loss(X, y, w, mu, sigma), what="expected_loss(...)")
        expect.close(got, loss(X, y, w, mu, sigma), what="expected_loss(...)", hint=_SECOND)


@check(item="s003-5")
def dropout_is_a_special_case(student: Student, draw: Draw) -> None:
    """With the moments of a coin toss the expected loss is the mean over all ways in which coins can fall."""
    X, y, w = problem(draw, 2, 2)
    keep = draw.uniform(0.3, 0.8)
    total = 0.0
    for fallen in range(16):
        R = np.array([(fallen >> bit) & 1 for bit in range(4)], dtype=np.float64).reshape(2, 2)
        chance = float(np.prod(np.where(R > 0, keep, 1 - keep)))
        total += chance * float(((y - (R * X) @ w) ** 2).sum())
    got = expect.number(
        student.expected_loss(X, y, w, keep, float(np.sqrt(keep * (1 - keep)))), what="expected_loss for coin tosses"
    )
    expect.close(got, total, what="expected_loss for coin tosses", hint=_SECOND, rtol=1e-8)


@check(item="s003-5")
def loss_of_a_single_number(student: Student, draw: Draw) -> None:
    """One row, one feature, and noise without a mean: the expected loss is right."""
    X, y, w = problem(draw, 1, 1)
    got = expect.number(student.expected_loss(X, y, w, 0.0, 0.8), what="expected_loss of one number")
    expect.close(got, loss(X, y, w, 0.0, 0.8), what="expected_loss of one number", hint=_SECOND)


def _gradient(X: Array, y: Array, w: Array, mu: float, sigma: float) -> Array:
    second = mu**2 * (X.T @ X) + sigma**2 * np.diag((X**2).sum(axis=0))
    found: Array = second @ w - mu * X.T @ y
    return found


@check(item="s003-5", points=2)
def minimiser_is_lowest(student: Student, draw: Draw) -> None:
    """At the minimiser the expected loss does not fall in any direction, with more features than rows, too."""
    for mu, sigma, n, size in ((0.7, 1.3, 5, 1.0), (-1.5, 0.4, 5, 100.0), (0.8, 0.5, 2, 1.0)):
        X, y, _ = problem(draw, n)
        y = size * y
        w = expect.numbers(student.minimiser(X, y, mu, sigma), (3,), what="minimiser(X, y, mu, sigma)", most=1e6)
        slope = float(np.abs(_gradient(X, y, w, mu, sigma)).max())
        flat = slope < 1e-6 * float(np.abs(_gradient(X, y, np.zeros(3), mu, sigma)).max())
        expect.true(flat, "The expected loss still falls away from what minimiser gives.", _GRAM, f"slope {slope:.3g}")


@check(item="s003-5")
def minimiser_without_a_mean_or_noise(student: Student, draw: Draw) -> None:
    """Without noise the minimiser is that of least squares; without a mean it is zero; one feature is enough."""
    X, y, _ = problem(draw)
    plain = expect.numbers(student.minimiser(X, y, 1.0, 0.0), (3,), what="minimiser without noise")
    expect.close(plain, np.linalg.lstsq(X, y, rcond=None)[0], what="minimiser without noise", hint=_GRAM, rtol=1e-6)
    none = expect.numbers(student.minimiser(X, y, 0.0, 1.3), (3,), what="minimiser for noise without a mean")
    expect.close(none, np.zeros(3), what="minimiser for noise without a mean", hint=_GRAM, atol=1e-9)
    one = expect.numbers(student.minimiser(X[:, :1], y, 0.7, 1.3), (1,), what="minimiser for one feature")
    want = 0.7 * float(X[:, 0] @ y) / ((0.7**2 + 1.3**2) * float(X[:, 0] @ X[:, 0]))
    expect.close(one, [want], what="minimiser for one feature", hint=_GRAM, rtol=1e-7)


_KEPT = "does it keep something between calls?"


@check(item="s003-5")
def inputs_of_the_loss_stay(student: Student, draw: Draw) -> None:
    """Neither function changes its arrays; a second call gives the same, and one with other inputs does not."""
    X, y, w = problem(draw)
    for name, given in (("expected_loss", [X, y, w, 0.7, 1.3]), ("minimiser", [X, y, 0.7, 1.3])):
        first, after = student.with_inputs(name, *given)
        expect.unharmed(given, after, what=f"an argument of {name}")
        again = student.with_inputs(name, *given)[0]
        expect.same(first, again, what=f"{name} called twice", hint=_KEPT)
        moved = student.with_inputs(name, X + 1.0, *given[1:])[0]
        one, other = (expect.array(part, what=f"what {name} gives") for part in (first, moved))
        expect.true(
            one.shape != other.shape or bool((one != other).any()), f"{name} gives the same for other inputs.", _KEPT
        )
        digits_kept(first, what=f"what {name} gives")


def _pair(reply: object) -> tuple[float, float]:
    hint = "two numbers: the mean and its standard error"
    mean, error = expect.numbers(reply, (2,), what="what simulated_loss returns", hint=hint).tolist()
    return mean, error


def _simulated(student: Student, X: Array, y: Array, w: Array, R: Array) -> tuple[float, float]:
    return _pair(student.simulated_loss(X, y, w, R))


def _losses(X: Array, y: Array, w: Array, R: Array) -> Array:
    found: Array = ((y[None] - np.einsum("kij,ij,j->ki", R, X, w)) ** 2).sum(axis=1)
    return found


@check(item="s003-5-simulation")
def mean_over_draws(student: Student, draw: Draw) -> None:
    """The mean is over the draws, of losses that are summed over the rows."""
    X, y, w = problem(draw, 4, 3)
    R = draw.array(7, 4, 3) + 0.5
    hint = "each draw gives one loss, a sum over rows; the mean is over draws"
    expect.close(_simulated(student, X, y, w, R)[0], _losses(X, y, w, R).mean(), what="the mean", hint=hint)


@check(item="s003-5-simulation")
def error_of_the_mean(student: Student, draw: Draw) -> None:
    """The standard error is the sample deviation over the root of the number of draws, for two draws too."""
    for m in (2, 9):
        X, y, w = problem(draw, 4, 3)
        R = draw.array(m, 4, 3) + 0.5
        want = _losses(X, y, w, R).std(ddof=1) / np.sqrt(m)
        hint = "of the mean, not of one draw; and m - 1 stands below the sum of squares"
        expect.close(_simulated(student, X, y, w, R)[1], want, what="the standard error", hint=hint)


@check(item="s003-5-simulation")
def inputs_of_the_simulation_stay(student: Student, draw: Draw) -> None:
    """A simulation with one row and one feature runs, and the draws stay as they were."""
    for n, d in ((1, 1), (3, 2)):
        X, y, w = problem(draw, n, d)
        given = [X, y, w, draw.array(6, n, d)]
        reply, after = student.with_inputs("simulated_loss", *given)
        expect.unharmed(given, after, what="an argument of simulated_loss")
        moved = student.simulated_loss(X + 1.0, *given[1:])
        expect.true(_pair(moved) != _pair(reply), "simulated_loss gives the same for other inputs.", _KEPT)
        expect.true(
            _pair(reply)[1] > 0,
            "The standard error of different losses is not above 0.",
            "does the product with R broadcast as it should when there is one row?",
        )
