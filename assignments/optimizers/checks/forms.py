"""Hidden checks of formulas: two forms of momentum, running averages, penalty and decay under SGD."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.judge import Draw, Student, check, expect

from . import shared

PAIRS = ((0.05, 1.0), (0.9, 0.02), (0.5, 3.0), (0.99, 0.3), (0.999, 2.0))
_STEPS = (
    "write each step through the last step and the gradient, in both forms, and compare what stands in front of each"
)


def _longer(memory: float, draw: Draw) -> float:
    """A memory near this one; one close to 1 stays as close, where guarded divisions and cut series show."""
    return 1 - (1 - memory) * draw.uniform(1.0, 1.05)


def _pairs(draw: Draw) -> Iterator[tuple[float, float]]:
    """Memories and learning rates."""
    for memory, rate in PAIRS:
        yield _longer(memory, draw), rate * draw.uniform(0.8, 1.2)


def _two(reply: object, what: str) -> tuple[float, float]:
    first, second = expect.numbers(reply, (2,), what=what, hint="two numbers, in the order of the docstring")
    return float(first), float(second)


@check(item="s002-2.1", points=2)
def steps_of_both_forms_agree(student: Student, draw: Draw) -> None:
    """With the translated numbers, momentum makes the steps of the running average for any gradients."""
    for beta, delta in _pairs(draw):
        alpha, eps = _two(student.alpha_eps_from_beta_delta(beta, delta), "what alpha_eps_from_beta_delta returns")
        v, step, wanted, made = 0.0, 0.0, [], []
        for g in draw.array(9):
            v, step = beta * v + (1 - beta) * g, alpha * step - eps * g
            wanted.append(-delta * v)
            made.append(step)
        expect.true(max(map(abs, made)) < 1e50, "With your numbers the steps of momentum grow without end.", _STEPS)
        expect.close(made, wanted, what="the steps of momentum with your alpha and eps", hint=_STEPS, rtol=1e-7)


@check(item="s002-2.1", points=2)
def steps_agree_the_other_way_round(student: Student, draw: Draw) -> None:
    """With the numbers translated back, the running average makes the steps of momentum for any gradients."""
    for alpha, eps in _pairs(draw):
        beta, delta = _two(student.beta_delta_from_alpha_eps(alpha, eps), "what beta_delta_from_alpha_eps returns")
        expect.true(abs(beta) < 1.5, "With your numbers the running average grows without end.", _STEPS)
        v, step, wanted, made = 0.0, 0.0, [], []
        for g in draw.array(9):
            v, step = beta * v + (1 - beta) * g, alpha * step - eps * g
            wanted.append(step)
            made.append(-delta * v)
        expect.close(made, wanted, what="the steps of the average with your beta and delta", hint=_STEPS, rtol=1e-8)


@check(item="s002-2.1")
def there_and_back_is_nothing(student: Student, draw: Draw) -> None:
    """Translating twice gives the numbers that one began with, in either direction, and keeps their digits."""
    for a, b in _pairs(draw):
        there = _two(student.alpha_eps_from_beta_delta(a, b), "what alpha_eps_from_beta_delta returns")
        expect.close(
            _two(student.beta_delta_from_alpha_eps(*there), "the way back"),
            (a, b),
            what="(beta, delta) there and back",
            rtol=1e-7,
        )
        back = _two(student.beta_delta_from_alpha_eps(a, b), "what beta_delta_from_alpha_eps returns")
        expect.close(
            _two(student.alpha_eps_from_beta_delta(*back), "the way back"),
            (a, b),
            what="(alpha, eps) there and back",
            rtol=1e-7,
        )
        expect.true(abs(there[1] / b - 1) > 1e-3, "The learning rate is the same number in both forms.", _STEPS)
        for number in (*there, *back):
            shared.digits(number, what="A translated number")


@check(item="s002-2.1")
def without_memory_both_are_plain_steps(student: Student, draw: Draw) -> None:
    """Where nothing is remembered, the two learning rates are one, whatever their size."""
    for rate in (draw.uniform(1e-9, 1e-8), draw.uniform(2.0, 3.0), draw.uniform(1e5, 1e6)):
        for name in ("alpha_eps_from_beta_delta", "beta_delta_from_alpha_eps"):
            got = _two(getattr(student, name)(0.0, rate), f"what {name} returns")
            expect.true(abs(got[0]) < 1e-9, f"Without memory on one side, {name} remembers on the other.")
            expect.close(got[1], rate, what="the learning rate where nothing is remembered", hint=_STEPS, rtol=1e-7)


# --- s002-2.2 ----------------------------------------------------------------


def _weights(student: Student, beta: float, t: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    hint = "one weight for each gradient g_1 to g_t, in an array with one axis"
    return expect.numbers(student.unrolled_coeffs(beta, t), (t,), what="unrolled_coeffs(beta, t)", hint=hint)


@check(item="s002-2.2", points=2)
def weighted_sum_is_the_average(student: Student, draw: Draw) -> None:
    """Weights times gradients give the running average of the recursion, for vectors too."""
    for beta, t in ((0.9, 6), (0.5, 11), (0.99, 40)):
        beta *= draw.uniform(0.97, 1.0)
        gradients, v = draw.array(t, 3), np.zeros(3)
        for g in gradients:
            v = beta * v + (1 - beta) * g
        hint = (
            "put v_(t-1) into v_t, and so on: which power of beta does each gradient get, and which factor do all get?"
        )
        expect.close(_weights(student, beta, t) @ gradients, v, what="weights times gradients", hint=hint, rtol=1e-7)


@check(item="s002-2.2")
def newest_gradient_counts_most(student: Student, draw: Draw) -> None:
    """Weights are ordered from the oldest gradient to the newest: each is beta times the next."""
    beta = draw.uniform(0.6, 0.9)
    c = _weights(student, beta, 9)
    expect.true(bool((np.abs(c) > 0).all()), "Some gradient gets a weight of 0.", "nothing is forgotten at once")
    ratio = "a gradient that is a step older counts for beta times as much; the oldest one comes first"
    expect.close(c[:-1] / c[1:], np.full(8, beta), what="each weight over the next", hint=ratio, rtol=1e-7)


@check(item="s002-2.2")
def weights_sum_to_the_factor_of_the_bias(student: Student, draw: Draw) -> None:
    """The weights are those of v_t and not of a step: they sum to a little less than 1, as v_t has it."""
    for beta, t in ((0.9, 7), (0.7, 3), (0.98, 150)):
        beta *= draw.uniform(0.98, 1.0)
        hint = "v_t begins at 0, so its weights do not sum to 1 yet; a learning rate has no business here"
        expect.close(_weights(student, beta, t).sum(), 1 - beta**t, what="the sum of the weights", hint=hint, rtol=1e-7)


@check(item="s002-2.2")
def ends_of_the_range_are_right(student: Student, draw: Draw) -> None:
    """The first step, no memory at all, and a few thousand steps make sense."""
    beta = draw.uniform(0.3, 0.9)
    expect.close(
        _weights(student, beta, 1),
        [1 - beta],
        what="the weight at t = 1",
        hint="v_1 holds a single gradient",
        rtol=1e-7,
    )
    still = np.zeros(5)
    still[-1] = 1.0
    expect.close(_weights(student, 0.0, 5), still, what="the weights for beta = 0", hint="then v_t is g_t", rtol=1e-7)
    expect.close(_weights(student, 0.0, 1), [1.0], what="the weight for beta = 0 and t = 1", rtol=1e-7)
    for beta in (0.999, draw.uniform(0.4, 0.7)):  # of the second, the oldest weights are 0 in floating point
        t = draw.integer(2500, 3500)
        late = _weights(student, beta, t)
        shared.digits(late, what="unrolled_coeffs(beta, t)")
        wanted = (1 - beta) * beta ** np.arange(t - 1, -1, -1.0)
        expect.close(late, wanted, what="the weights for t in the thousands", rtol=1e-9)


# --- s002-2.3 ----------------------------------------------------------------

_SUM = "sum the weights of the running average: a geometric series"


@check(item="s002-2.3", points=2)
def factor_is_the_sum_of_the_weights(student: Student, draw: Draw) -> None:
    """The factor between the expectations is right for short and long memories, at the first and at late steps."""
    for beta, t in ((0.9, 1), (0.9, 7), (0.9999, 2), (0.5, 4), (0.98, 60), (0.98, 600), (0.9995, 2000)):
        beta = _longer(beta, draw)
        got = expect.number(student.bias_factor(beta, t), what="bias_factor(beta, t)")
        expect.close(got, 1 - beta**t, what="bias_factor(beta, t)", hint=_SUM, rtol=1e-7)


@check(item="s002-2.3", points=2)
def constant_gradients_come_back(student: Student, draw: Draw) -> None:
    """Where all gradients are one constant, the repaired average is that constant at every step."""
    for beta in (0.9, 0.999, draw.uniform(0.3, 0.7)):
        g, v = draw.array(3, 2) + 1.0, np.zeros((3, 2))
        for t in range(1, 7):
            v = beta * v + (1 - beta) * g
            expect.close(
                student.debias(v, beta, t), g, what="the repaired average of constant gradients", hint=_SUM, rtol=1e-9
            )
    g, beta, t = draw.array(3), draw.uniform(0.9993, 0.9996), draw.integer(1500, 2500)
    late = student.debias((1 - beta**t) * g, beta, t)
    expect.close(late, g, what="the repaired average after thousands of steps", hint=_SUM, rtol=1e-9)


@check(item="s002-2.3")
def repair_is_a_rescaling(student: Student, draw: Draw) -> None:
    """Nothing is added: zeros stay exactly 0, and ten times the average is repaired to ten times as much."""
    v = draw.array(4)
    v[2] = 0.0
    t = draw.integer(2, 5)
    got = expect.numbers(student.debias(v, 0.8, t), (4,), what="debias(v, beta, t)")
    expect.true(
        got[2] == 0.0, "A running average of exactly 0 is repaired to something else.", "a rescaling adds nothing"
    )
    expect.true(bool(np.abs(got).max() > 1e-9), "debias gives 0 for everything.")
    for size in (10.0, 1e-12, 1e12):
        scaled = expect.numbers(student.debias(size * v, 0.8, t), (4,), what="debias(v, beta, t)")
        expect.close(
            scaled, size * got, what="debias for averages of another size", hint="a rescaling adds nothing", rtol=1e-7
        )


@check(item="s002-2.3")
def old_averages_need_no_repair(student: Student, draw: Draw) -> None:
    """After thousands of steps, and without memory, the average stays as it is."""
    v = draw.array(1, 3)
    for beta, t in ((0.9, 3000), (0.5, 2000), (0.0, 1), (0.0, 4)):
        expect.close(
            student.bias_factor(beta, t), 1.0, what="bias_factor where nothing is missing", hint=_SUM, rtol=1e-7
        )
        expect.close(student.debias(v, beta, t), v, what="debias where nothing is missing", hint=_SUM, rtol=1e-7)


@check(item="s002-2.3")
def average_stays_unharmed(student: Student, draw: Draw) -> None:
    """debias leaves the average that it gets as it was, and both functions keep the digits of float64."""
    shared.digits(student.bias_factor(draw.uniform(0.6, 0.9), 3), what="bias_factor(beta, t)")
    v = draw.array(3)
    shared.digits(student.debias(v, 0.9, 2), what="debias(v, beta, t)")
    first, after = student.with_inputs("debias", v, 0.9, 2)
    expect.unharmed(v, after[0], what="the average given to debias")
    expect.numbers(first, (3,), what="debias(v, beta, t)")
    expect.same(first, student.debias(v, 0.9, 2), what="debias called twice")
    other = expect.numbers(student.debias(v + 1, 0.9, 2), (3,), what="debias(v, beta, t)")
    expect.true(
        bool((other != expect.array(first, what="debias(v, beta, t)")).all()), "debias gives the same for all averages."
    )


# --- s002-4.1 ----------------------------------------------------------------

_FRONT = "what stands in front of theta after one step on the loss with its penalty?"


@check(item="s002-4.1", points=2)
def decay_makes_the_steps_of_the_penalty(student: Student, draw: Draw) -> None:
    """With the translated lambda, SGD with decay makes every step that SGD makes on the loss with its penalty."""
    for eta, gamma in ((0.03, 0.5), (0.2, 0.04), (0.01, 3.0)):
        eta, gamma = eta * draw.uniform(0.8, 1.2), gamma * draw.uniform(0.8, 1.2)
        lam = expect.number(student.lambda_from_gamma(eta, gamma), what="lambda_from_gamma(eta, gamma)")
        expect.true(abs(lam) < 1e6, "Your lambda is far too large.", _FRONT)
        A, b = draw.array(5, 3), draw.array(5)
        theta = draw.array(3) + 1.0
        other = theta.copy()
        for _ in range(12):
            theta = theta - eta * (A.T @ (A @ theta - b) / 5 + 2 * gamma * theta)
            other = (1 - lam) * other - eta * A.T @ (A @ other - b) / 5
        expect.true(bool(np.isfinite(other).all()), "With your lambda the weights grow without end.", _FRONT)
        expect.close(other, theta, what="the weights after twelve steps with your lambda", hint=_FRONT, rtol=1e-7)


@check(item="s002-4.1", points=2)
def penalty_makes_the_steps_of_the_decay(student: Student, draw: Draw) -> None:
    """With the translated gamma, SGD on the loss with its penalty makes every step that SGD with decay makes."""
    for eta, lam in ((0.03, 0.01), (0.2, 0.04), (0.01, 0.3)):
        eta, lam = eta * draw.uniform(0.8, 1.2), lam * draw.uniform(0.8, 1.2)
        gamma = expect.number(student.gamma_from_lambda(eta, lam), what="gamma_from_lambda(eta, lam)")
        expect.close(
            (1 - 2 * eta * gamma) ** 2 - 1,
            (1 - lam) ** 2 - 1,
            what="what your gamma leaves of a weight",
            hint=_FRONT,
            rtol=1e-7,
        )


@check(item="s002-4.1")
def strengths_are_proportional(student: Student, draw: Draw) -> None:
    """lambda is proportional to gamma and to the learning rate, gamma to lambda and to one over the rate."""
    eta, gamma = draw.uniform(0.05, 0.2), draw.uniform(0.2, 2.0)

    def ask(name: str, *given: float) -> float:
        return expect.number(getattr(student, name)(*given), what=name)

    lam = ask("lambda_from_gamma", eta, gamma)
    expect.true(abs(lam) > 1e-9, "lambda_from_gamma is 0 for a penalty that is not.")
    expect.close(
        ask("lambda_from_gamma", 3 * eta, gamma),
        3 * lam,
        what="lambda at three times the learning rate",
        hint=_FRONT,
        rtol=1e-7,
    )
    expect.close(
        ask("lambda_from_gamma", eta, 5 * gamma),
        5 * lam,
        what="lambda for five times the penalty",
        hint=_FRONT,
        rtol=1e-7,
    )
    back = ask("gamma_from_lambda", eta, gamma)
    expect.true(abs(back) > 1e-9, "gamma_from_lambda is 0 for a decay that is not.")
    expect.close(
        ask("gamma_from_lambda", 3 * eta, gamma),
        back / 3,
        what="gamma at three times the learning rate",
        hint=_FRONT,
        rtol=1e-7,
    )
    expect.close(
        ask("gamma_from_lambda", eta, 5 * gamma),
        5 * back,
        what="gamma for five times the decay",
        hint=_FRONT,
        rtol=1e-7,
    )


@check(item="s002-4.1")
def nothing_and_extremes_are_translated(student: Student, draw: Draw) -> None:
    """No penalty is no decay, and the way there and back is the identity for tiny and for large strengths."""
    eta = draw.uniform(0.01, 0.3)
    expect.true(
        expect.number(student.lambda_from_gamma(eta, 0.0), what="lambda for no penalty") == 0,
        "No penalty, and yet a decay.",
    )
    expect.true(
        expect.number(student.gamma_from_lambda(eta, 0.0), what="gamma for no decay") == 0,
        "No decay, and yet a penalty.",
    )
    for eta, gamma in ((1e-6, 1e-9), (1e-4, 2e3), (2.0, 1e5)):
        gamma *= draw.uniform(0.8, 1.2)
        lam = expect.number(student.lambda_from_gamma(eta, gamma), what="lambda_from_gamma(eta, gamma)")
        shared.digits(lam, what="lambda_from_gamma(eta, gamma)")
        back = expect.number(student.gamma_from_lambda(eta, lam), what="gamma_from_lambda(eta, lam)")
        shared.digits(student.gamma_from_lambda(eta, gamma), what="gamma_from_lambda(eta, lam)")
        expect.close(back / gamma, 1.0, what="gamma there and back, over what it was", hint=_FRONT, rtol=1e-7)
