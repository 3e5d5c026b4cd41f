"""Hidden checks: Jacobians of RNNs and what bounds them (s001-1.2.1, s002-1.2, s002-1.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Elementwise, Feedback, Student, check, elementwise, expect

Array = np.ndarray[Any, np.dtype[np.float64]]
Net = tuple[Array, Array, Array, Array, Array]  # W, U, b, xs, h0


def true_jacobian(W: torch.Tensor, x1: torch.Tensor, n: int) -> torch.Tensor:
    """dx_n/dx_1 of x_{t+1} = sigmoid(W x_t) by autograd."""

    def last(x: torch.Tensor) -> torch.Tensor:
        for _ in range(n - 1):
            x = torch.sigmoid(W @ x)
        return x

    result: torch.Tensor = torch.func.jacrev(last)(x1)
    return result


def largest(M: torch.Tensor) -> float:
    return float(torch.linalg.matrix_norm(M, ord=2))


@check(item="s001-1.2.1", points=2)
def jacobian_matches_autograd(student: Student, draw: Draw) -> None:
    """The Jacobian equals autograd's for generic weights, 2 to 6 states."""
    hint = (
        "each step contributes diag(slopes) W, the newest step on the left; the slopes belong to W x_t, "
        "with the x_t of that step; between x_1 and x_n lie n-1 steps"
    )
    for m, n in ((3, 2), (4, 3), (2, 6), (5, 4)):
        W, x1 = draw.tensor(m, m, scale=1.4), draw.tensor(m)
        expect.close(student.jacobian(W, x1, n), true_jacobian(W, x1, n), what=f"jacobian(W, x1, {n})", hint=hint)


@check(item="s001-1.2.1", points=1)
def jacobian_of_no_step_and_one_neuron(student: Student, draw: Draw) -> None:
    """For n = 1 nothing has happened yet; a single neuron (m = 1) works too."""
    W, x1 = draw.tensor(4, 4), draw.tensor(4)
    expect.close(
        student.jacobian(W, x1, 1),
        torch.eye(4, dtype=torch.float64),
        what="jacobian(W, x1, 1)",
        hint="how does x_1 answer to a nudge of x_1?",
    )
    w, x = draw.tensor(1, 1) + 1.5, draw.tensor(1)
    for n in (2, 5):
        got = student.jacobian(w, x, n)
        expect.close(got, true_jacobian(w, x, n), what=f"jacobian of one neuron, n = {n}", hint="keep shape (1, 1)")


@check(item="s001-1.2.1", points=1)
def jacobian_survives_saturation(student: Student, draw: Draw) -> None:
    """Pre-activations of +950 and -950 give a finite Jacobian with the right values; so do large weights."""
    x1 = draw.tensor(4)
    along = x1 / x1.dot(x1)
    z = torch.tensor([950.0, -950.0, draw.uniform(0.2, 0.9), -draw.uniform(0.2, 0.9)], dtype=torch.float64)
    rest = draw.tensor(4, 4)
    W = torch.outer(z, along) + rest - torch.outer(rest @ x1, along)
    for n in (2, 4):
        got = student.jacobian(W, x1, n)
        hint = "exp of a large number overflows: write the slope of the sigmoid through a stable sigmoid"
        expect.finite(got, what="the Jacobian at huge pre-activations", hint=hint)
        want = true_jacobian(W, x1, n)
        expect.close(got, want, what="the Jacobian at huge pre-activations", hint=hint, rtol=1e-8)
    W, x1 = draw.tensor(4, 4), torch.full((4,), draw.uniform(0.2, 0.9), dtype=torch.float64)
    W = 60.0 * (W - W.mean(1, keepdim=True))  # every state is 1/2, where the sigmoid is steepest
    hint = "with large weights and steep slopes the Jacobian grows with every step: leave its entries as they are"
    got = student.jacobian(W, x1, 4)
    expect.close(got, true_jacobian(W, x1, 4), what="a Jacobian that grows", hint=hint, rtol=1e-7)


@check(item="s001-1.2.1", points=1)
def jacobian_bound_counts_steps_and_weights(student: Student, draw: Draw) -> None:
    """The bound has one factor for the slope and one for the weights per step, and follows smax."""
    hint = "count the steps from x_1 to x_n; each has the steepest slope of the sigmoid and smax as factors"
    for n in (1, 2, 5, 9):
        got = expect.number(student.jacobian_bound(n), what=f"jacobian_bound({n})")
        expect.close(got, 0.0625 ** (n - 1), what=f"jacobian_bound({n})", hint=hint, rtol=1e-5)
    for n, smax in ((1, 0.7), (2, draw.uniform(1.0, 3.0)), (4, draw.uniform(0.3, 0.9)), (3, 4.0), (5, 9.0)):
        what = f"jacobian_bound({n}, smax)"
        got = expect.number(student.jacobian_bound(n, smax), what=what)
        expect.close(got, (smax / 4) ** (n - 1), what=what, hint=hint, rtol=1e-5)


@check(item="s001-1.2.1", points=1)
def power_of_W_loses_singular_values(student: Student, draw: Draw) -> None:
    """The counterexample W has a largest singular value of W @ W clearly below the square of that of W."""
    W = expect.array(student.lemma_counterexample(), what="lemma_counterexample()")
    square = W.ndim == 2 and W.shape[0] == W.shape[1] and 1 <= len(W) <= 100
    expect.true(square, "lemma_counterexample() should be one square matrix.", detail=f"shape {W.shape}")
    expect.finite(W, what="lemma_counterexample()")
    size = float(np.linalg.norm(W, 2))
    expect.true(1e-6 < size < 1e6, "The entries of your W are all 0, or too extreme to compute with.")
    M = W / size
    expect.true(
        float(np.linalg.norm(M @ M, 2)) <= 0.99 + 1e-6,
        "For your W the argument holds: W @ W has the squared largest singular value.",
        "it holds for symmetric W; what if W turns its most stretched direction into a weak one?",
    )


@check(item="s001-1.2.1", points=1)
def tight_case_reaches_the_bound(student: Student, draw: Draw) -> None:
    """tight_case(m) has sigma_max(W) = 1/4, and its Jacobian at n = 5 reaches 99.9 % of the bound."""
    for m in (2, 3, draw.integer(5, 8)):
        answer = student.tight_case(m)
        if not isinstance(answer, (list, tuple)) or len(answer) != 2:
            raise Feedback("tight_case(m) should return two things: (W, x1).")
        W_, x1_ = (expect.array(part, what=name) for part, name in zip(answer, ("W", "x1"), strict=True))
        expect.shape(W_, (m, m), what=f"W of tight_case({m})")
        expect.shape(x1_, (m,), what=f"x1 of tight_case({m})")
        expect.finite(W_, what=f"W of tight_case({m})")
        expect.finite(x1_, what=f"x1 of tight_case({m})")
        W, x1 = torch.from_numpy(W_), torch.from_numpy(x1_)
        size = largest(W)
        expect.true(
            abs(size - 0.25) <= 1e-5,
            f"W of tight_case({m}) does not have the largest singular value 1/4.",
            detail=f"sigma_max {size}",
        )
        reached = largest(true_jacobian(W, x1, 5)) * 16.0**4
        expect.true(
            reached >= 0.999,
            f"The Jacobian of tight_case({m}) stays below 99.9 % of the bound at n = 5.",
            "the sigmoid must be at its steepest in every step; where is that, and what do the states "
            "x_2, x_3, ... look like then? Which W sends such states there again?",
            f"reaches {reached} of the bound",
        )


@check(item="s001-1.2.1", points=1)
def jacobian_keeps_dtype_and_inputs(student: Student, draw: Draw) -> None:
    """float32 stays float32, float64 float64; neither W nor x1 changes; two calls agree."""
    for dtype, rtol in ((torch.float32, 1e-5), (torch.float64, 1e-9)):
        W, x1 = draw.tensor(3, 3, dtype=dtype), draw.tensor(3, dtype=dtype)
        for n in (1, 4):
            result, after = student.with_inputs("jacobian", W, x1, n)
            expect.unharmed([W, x1], after[:2], what="an argument of jacobian")
            expect.dtype(result, W, what=f"jacobian(W, x1, {n})")
            expect.same(result, student.jacobian(W, x1, n), what="jacobian, called twice,")
            want = true_jacobian(W.double(), x1.double(), n)
            expect.close(result, want, what=f"jacobian(W, x1, {n}) in {str(dtype)[6:]}", rtol=rtol)


def network(draw: Draw, d: int, p: int, steps: int, norm: float = 2.0) -> Net:
    """W (d, d) of this operator norm, U (d, p), b (d,), xs (steps, p), h0 (d,)."""
    W = draw.array(d, d)
    b = draw.array(d)
    return W * (norm / np.linalg.norm(W, 2)), draw.array(d, p), b, draw.array(steps, p), draw.array(d)


def last_state(W: Array, U: Array, b: Array, xs: Array, h0: Array, sigma: Elementwise) -> Array:
    h = h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
    return h


def true_jac(W: Array, U: Array, b: Array, xs: Array, h0: Array, sigma: Elementwise) -> Array:
    """dh_T/dh_0, step by step."""
    J, h, slope = np.eye(len(h0)), h0, sigma.derivative()
    for x in xs:
        J = W @ np.diag(slope(h)) @ J
        h = W @ sigma(h) + U @ x + b
    return J


def by_differences(W: Array, U: Array, b: Array, xs: Array, h0: Array, sigma: Elementwise) -> Array:
    """dh_T/dh_0 by central differences: knows nothing of the chain rule."""
    columns = []
    for nudge in 1e-5 * np.eye(len(h0)):
        ahead = last_state(W, U, b, xs, h0 + nudge, sigma)
        columns.append((ahead - last_state(W, U, b, xs, h0 - nudge, sigma)) / 2e-5)
    return np.stack(columns, axis=1)


@check(item="s002-1.2", points=1)
def step_jacobian_takes_the_slopes_at_the_inputs(student: Student, draw: Draw) -> None:
    """One step's Jacobian has the slope of each incoming entry in its column."""
    cases = (3, 1.5, elementwise("tanh")), (5, 1e4, elementwise("sin")), (1, 1.5, elementwise("sigmoid", a=3.0))
    for d, size, sigma in cases:
        W, h = draw.array(d, d, scale=size), draw.array(d)
        slope = sigma.derivative()
        result, after = student.with_inputs("step_jac", W, h, slope)
        hint = "nudge h_prev[j]: only sigma(h_prev[j]) moves, and column j of W passes that on"
        expect.close(result, W @ np.diag(slope(h)), what="step_jac(W, h_prev, dsigma)", hint=hint)
        expect.unharmed([W, h], after[:2], what="an argument of step_jac")


@check(item="s002-1.2", points=2)
def jac_T_matches_finite_differences(student: Student, draw: Draw) -> None:
    """jac_T agrees with nudging h_0 and running the network, for four activations."""
    for d, steps, sigma in (
        (3, 5, elementwise("tanh")),
        (4, 3, elementwise("sin")),
        (2, 4, elementwise("tanh", a=3.0, b=0.5)),
        (5, 2, elementwise("sigmoid", a=2.0)),
    ):
        args = network(draw, d, d + 1, steps)
        what = f"jac_T(...) for {steps} steps"
        got = student.jac_T(*args, sigma, sigma.derivative())
        hint = "newest step on the left; step t has its slopes at h_{t-1}; run the states with U, b and xs"
        expect.close(got, by_differences(*args, sigma), what=what, hint=hint, rtol=1e-4, atol=1e-8)


@check(item="s002-1.2", points=1)
def jac_T_of_no_step_and_one_step(student: Student, draw: Draw) -> None:
    """For T = 0 the Jacobian is the identity, the bound 1; T = 1 is one step at h_0; a single neuron works too."""
    W, U, b, xs, h0 = network(draw, 4, 3, 1)
    sigma = elementwise("sin")
    none = student.jac_T(W, U, b, xs[:0], h0, sigma, sigma.derivative())
    expect.close(none, np.eye(4), what="jac_T(...) for T = 0", hint="h_0 answers to a nudge of itself one to one")
    one = student.jac_T(W, U, b, xs, h0, sigma, sigma.derivative())
    expect.close(one, true_jac(W, U, b, xs, h0, sigma), what="jac_T(...) for T = 1", hint="the slopes are at h_0")
    neuron = network(draw, 1, 2, 3)
    single = student.jac_T(*neuron, sigma, sigma.derivative())
    hint = "keep the shape (d, d), here (1, 1), and the state an array of shape (d,)"
    expect.close(single, true_jac(*neuron, sigma), what="jac_T(...) for d = 1", hint=hint)
    for matrix in (W, np.zeros((2, 2))):
        bound = expect.number(student.vanishing_bound(matrix, 1.3, 0), what="vanishing_bound(W, gamma, 0)")
        expect.close(bound, 1.0, what="vanishing_bound(W, gamma, 0)", hint="no step, no factor", rtol=1e-9)


@check(item="s002-1.2", points=2)
def vanishing_bound_is_built_on_the_stretch_of_W(student: Student, draw: Draw) -> None:
    """The bound multiplies, per step, gamma and the largest stretch of W, also where W is not normal."""
    nilpotent = np.zeros((2, 2))
    nilpotent[0, 1] = draw.uniform(2.0, 4.0)
    W = draw.array(4, 4)
    hint = "the operator norm is the largest singular value: no eigenvalue, no root of a sum of squares"
    for matrix, gamma, T in (
        (nilpotent, 2.0, 1),
        (nilpotent, 0.25, 3),
        (W, 1.0, 1),
        (W, 0.7, 2),
        (draw.array(3, 3), 1.6, 5),
        (np.zeros((3, 3)), 1.0, 2),
        (np.array([[-draw.uniform(0.5, 0.9)]]), 1.0, 3),
    ):
        what = f"vanishing_bound(W, gamma, {T})"
        got, after = student.with_inputs("vanishing_bound", matrix, gamma, T)
        want = (gamma * float(np.linalg.norm(matrix, 2))) ** T
        expect.close(expect.number(got, what=what), want, what=what, hint=hint, rtol=1e-6)
        expect.unharmed([matrix], after[:1], what="W")


@check(item="s002-1.2", points=1)
def long_gradient_decays_below_the_bound(student: Student, draw: Draw) -> None:
    """With gamma times the norm of W at 0.9, 60 steps leave a tiny, exact gradient below the bound; a large one is
    as exact."""
    for sigma in (elementwise("tanh"), elementwise("sigmoid")):
        gamma = sigma.steepest()
        args = network(draw, 5, 2, 60, norm=0.9 / gamma)
        got = expect.array(student.jac_T(*args, sigma, sigma.derivative()), what="jac_T(...) for 60 steps")
        hint = "a product of many small factors should stay exact: multiply the steps, do not subtract"
        want = true_jac(*args, sigma)
        expect.close(got, want, what="jac_T(...) for 60 steps", hint=hint, rtol=1e-6, atol=0.0)
        bound = expect.number(student.vanishing_bound(args[0], gamma, 60), what="vanishing_bound(W, gamma, 60)")
        expect.true(0 < bound < 0.01, "gamma * ||W|| is 0.9, yet your bound does not get small in 60 steps.")
        expect.at_most(
            float(np.linalg.norm(want, 2)), bound, what="the norm of the gradient, against your bound,",
            hint="a bound may not lie below what it bounds",
        )  # fmt: skip
    sigma = elementwise("identity")
    _, U, b, xs, h0 = network(draw, 3, 2, 6)
    grows: Net = 6.0 * draw.orthogonal(3).numpy(), U, b, xs, h0
    hint = "6-fold in each of 6 steps: nothing is cut where it gets large"
    got = student.jac_T(*grows, sigma, sigma.derivative())
    expect.close(got, true_jac(*grows, sigma), what="jac_T(...), where the gradient grows,", hint=hint, rtol=1e-6)


@check(item="s002-1.2", points=1)
def jac_T_keeps_its_inputs_and_activation(student: Student, draw: Draw) -> None:
    """jac_T uses the sigma and dsigma it is given, saturated too; arguments stay; two calls agree."""
    for kind, a, b in (("sigmoid", 1.0, 1.0), ("relu", 1.5, 1.0), ("tanh", 0.5, 2.0), ("identity", 0.8, 1.0)):
        sigma = elementwise(kind, a, b)
        args = network(draw, 3, 2, 4)
        result, after = student.with_inputs("jac_T", *args, sigma, sigma.derivative())
        expect.unharmed(list(args), after[:5], what="an argument of jac_T")
        expect.same(result, student.jac_T(*args, sigma, sigma.derivative()), what="jac_T, called twice,")
        hint = "apply the functions passed as sigma and dsigma, whatever they are"
        expect.close(result, true_jac(*args, sigma), what="jac_T(...)", hint=hint)
    W, U, offset, xs, h0 = network(draw, 3, 2, 2)
    h0[:2] = 900.0, -900.0
    sigma = elementwise("sigmoid")
    result = student.jac_T(W, U, offset, xs, h0, sigma, sigma.derivative())
    want = true_jac(W, U, offset, xs, h0, sigma)
    expect.close(result, want, what="jac_T(...) from saturated states")


STEEPEST = {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0, "identity": 1.0}


def witness(value: Any, name: str) -> tuple[str, Array, Array]:
    """The dict that `name()` returned as (act, W, h0). Raises Feedback where it is not well formed."""
    if not isinstance(value, dict) or not {"act", "W", "h0"} <= set(value):
        raise Feedback(f"{name}() should return a dict with the keys act, W and h0.")
    act = value["act"].strip().lower() if isinstance(value["act"], str) else ""
    expect.true(act in STEEPEST, f"act of {name}() should be one of the names {', '.join(STEEPEST)}.")
    W = np.atleast_2d(expect.array(value["W"], what=f"W of {name}()"))
    h0 = expect.array(value["h0"], what=f"h0 of {name}()").reshape(-1)
    fits = W.ndim == 2 and 1 <= h0.size <= 50 and W.shape == (h0.size, h0.size)
    expect.true(fits, f"In {name}() W should be d x d where h0 has d entries, d at most 50.")
    for part, what in ((W, "W"), (h0, "h0")):
        expect.finite(part, what=f"{what} of {name}()")
        expect.at_most(np.abs(part), 1e6, what=f"An entry of {what} of {name}()")
    return act, W, h0


def slopes(act: str, h: Array) -> Array:
    """sigma'(h), exact where h is large."""
    if act == "relu":
        return (h > 0).astype(np.float64)
    if act == "identity":
        return np.ones_like(h)
    tail = np.exp(-np.abs(2 * h if act == "tanh" else h))
    return (4.0 if act == "tanh" else 1.0) * tail / (1.0 + tail) ** 2


def log10_norm(act: str, W: Array, h0: Array, steps: int = 300) -> float:
    """log10 of ||dh_steps/dh_0|| for x = b = 0; rescaled on the way, so that nothing overflows."""
    sigma = elementwise(act)
    J, h, log = np.eye(len(h0)), h0.copy(), 0.0
    for _ in range(steps):
        J = W @ (slopes(act, h)[:, None] * J)
        size = float(np.abs(J).max())
        if size == 0:
            return -np.inf
        J, log = J / size, log + float(np.log10(size))
        h = W @ sigma(h)
        if act in ("relu", "identity"):  # slopes depend on the direction of h only
            h = h / (float(np.abs(h).max()) or 1.0)
    return log + float(np.log10(np.linalg.norm(J, 2)))


def beyond_the_bound(student: Student) -> tuple[str, Array, Array]:
    """not_sufficient(), known to have gamma * ||W|| > 1.05."""
    act, W, h0 = witness(student.not_sufficient(), "not_sufficient")
    reach = STEEPEST[act] * float(np.linalg.norm(W, 2))
    expect.true(
        reach > 1.05,
        "In not_sufficient() gamma * ||W|| is not above 1.05: there the gradient has to vanish anyway.",
        f"the largest slope of {act} is {STEEPEST[act]:g}; W needs a larger stretch",
        f"gamma * ||W|| = {reach}",
    )
    return act, W, h0


@check(item="s002-1.3", points=1)
def necessary_but_is_it_sufficient(student: Student, draw: Draw) -> None:
    """Both answers, on necessity and on sufficiency, are right."""
    answers = [expect.boolean(student.value(name), what=f"`{name}`") for name in ("necessary", "sufficient")]
    expect.true(
        answers == [True, False],
        "At least one of `necessary` and `sufficient` is wrong.",
        "necessary: can gradients explode where the condition fails? sufficient: must they where it holds?",
    )


@check(item="s002-1.3", points=1)
def witness_lies_beyond_the_vanishing_bound(student: Student, draw: Draw) -> None:
    """not_sufficient() is well formed and has gamma times the norm of W above 1.05."""
    beyond_the_bound(student)


@check(item="s002-1.3", points=2)
def witness_vanishes_beyond_the_bound(student: Student, draw: Draw) -> None:
    """not_sufficient() has gamma times the norm of W above 1.05, and its gradient vanishes all the same."""
    size = log10_norm(*beyond_the_bound(student))
    expect.true(
        size < -6,
        "In not_sufficient() the gradient does not vanish within 300 steps.",
        "the factors must miss their largest values: flat slopes, or stretches that do not line up",
        f"log10 of the norm: {size}",
    )


@check(item="s002-1.3", points=1)
def witness_of_explosion_explodes(student: Student, draw: Draw) -> None:
    """explodes() has a gradient of norm above 1000 after 300 steps."""
    size = log10_norm(*witness(student.explodes(), "explodes"))
    expect.true(
        size > 3,
        "In explodes() the gradient after 300 steps is not above 1000.",
        "look for a case in which every step really multiplies by the same factor above 1",
        f"log10 of the norm: {size}",
    )
