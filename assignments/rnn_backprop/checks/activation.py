"""Hidden checks: ReLU chains (s001-1.1.1, s001-1.1.2) and the two forms of an RNN (s002-1.1)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Elementwise, Feedback, Student, check, elementwise, expect

Array = np.ndarray[Any, np.dtype[np.float64]]
Net = tuple[Array, Array, Array, Array, Array]  # W, U, b, xs, h0


def true_slope(ws: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """f'(x) of the ReLU chain by autograd."""
    start = x.clone().requires_grad_(True)
    h = start
    for w in ws:
        h = torch.relu(w * h)
    return torch.autograd.grad(h, start)[0]


def scalar(value: float, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.tensor(value, dtype=dtype)


def slope_is_right(student: Student, ws: Any, x: Any, *, hint: str, case: str = "", rtol: float = 1e-9) -> None:
    """relu_chain_grad(ws, x) is one number and equals autograd's."""
    what = f"relu_chain_grad(ws, x) for {case or f'{len(ws)} layers'}"
    got = expect.number(student.relu_chain_grad(ws, x), what=what)
    want = true_slope(torch.as_tensor(ws, dtype=torch.float64), torch.as_tensor(x, dtype=torch.float64))
    expect.close(got, want, what=what, hint=hint, rtol=rtol)


@check(item="s001-1.1.1", points=1)
def ones_chain_slope_on_both_sides(student: Student, draw: Draw) -> None:
    """With weights 1 the slope equals autograd's, for negative and for positive inputs."""
    for depth in (1, 3, 4):
        for sign, side in ((1.0, "x > 0"), (-1.0, "x < 0")):
            hint = "follow one positive and one negative x through the chain: what does a small nudge of it do?"
            x = scalar(sign * draw.uniform(0.3, 3.0))
            slope_is_right(student, torch.ones(depth, dtype=torch.float64), x, case=f"weights 1, {side}", hint=hint)


@check(item="s001-1.1.1", points=1)
def ones_chain_slope_at_any_depth(student: Student, draw: Draw) -> None:
    """With weights 1 the slope is right however deep the chain is, up to 200 layers."""
    for depth in (2, 9, 50, 200):
        for sign in (1.0, -1.0):
            x = scalar(sign * draw.uniform(0.3, 3.0))
            hint = "an open ReLU gate passes the gradient on as it is: by what is it multiplied, layer by layer?"
            slope_is_right(student, torch.ones(depth, dtype=torch.float64), x, hint=hint)


@check(item="s001-1.1.1", points=1)
def ones_chain_slope_tiny_huge_and_zero(student: Student, draw: Draw) -> None:
    """With weights 1 the slope is right for tiny and for huge inputs, and at 0 it lies between 0 and 1."""
    ones = torch.ones(draw.integer(2, 6), dtype=torch.float64)
    for size in (1e-12, 1e-5, 1e6, 1e30):
        for sign in (1.0, -1.0):
            x = scalar(sign * size * draw.uniform(1.0, 2.0))
            slope_is_right(student, ones, x, hint="only the sign of x matters here, not its size", case="weights 1")
    at_zero = expect.number(student.relu_chain_grad(ones, scalar(0.0)), what="relu_chain_grad(ws, 0)")
    expect.true(
        0 <= at_zero <= 1,
        "At x = 0 the slope that you return is outside [0, 1].",
        "any number between the slopes on the left and on the right is accepted there",
    )


@check(item="s001-1.1.1", points=1)
def ones_chain_takes_lists_and_tensors(student: Student, draw: Draw) -> None:
    """Weights may be a list or a tensor, x a float or a 0-d tensor; the arguments stay as they were."""
    depth = draw.integer(3, 6)
    hint = "turn what you get into one form first, without changing the caller's copy"
    for sign in (1.0, -1.0):
        x = sign * draw.uniform(0.5, 2.0)
        for ws in (torch.ones(depth), torch.ones(depth, dtype=torch.float64), [1.0] * depth):
            for given in (x, torch.tensor(x, dtype=getattr(ws, "dtype", torch.float32))):
                result, after = student.with_inputs("relu_chain_grad", ws, given)
                got = expect.number(result, what="relu_chain_grad(ws, x)")
                expect.close(got, float(sign > 0), what="relu_chain_grad(ws, x)", hint=hint, rtol=1e-5)
                expect.unharmed([ws, given], after, what="an argument of relu_chain_grad")


@check(item="s001-1.1.1", points=1)
def ones_chain_neither_must_vanish_nor_explode(student: Student, draw: Draw) -> None:
    """`necessarily` says what must happen for every input, and relu_chain_grad behaves accordingly."""
    answer = student.value("necessarily")
    if not isinstance(answer, dict) or not {"vanish", "explode"} <= set(answer):
        raise Feedback("`necessarily` should be a dict with the keys 'vanish' and 'explode'.")
    flags = {key: expect.boolean(answer[key], what=f"necessarily[{key!r}]") for key in ("vanish", "explode")}
    expect.true(
        not any(flags.values()),
        "`necessarily` claims something that does not happen for every input.",
        "look for one input, positive or negative, for which the gradient does otherwise at every depth",
    )
    sizes = [
        expect.number(
            student.relu_chain_grad(torch.ones(60, dtype=torch.float64), scalar(sign * draw.uniform(0.5, 2.0))),
            what="relu_chain_grad(ws, x)",
        )
        for sign in (1.0, -1.0)
    ]
    expect.close(
        sizes,
        [1.0, 0.0],
        what="relu_chain_grad at depth 60",
        hint="your function and your answer should agree",
    )


def chains(draw: Draw) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Random chains of 2 to 6 layers: some open, some shut by the input, some by a later weight."""
    cases = []
    for trial in range(18):
        n = draw.integer(2, 6)
        ws = draw.tensor(n).abs() + 0.3
        if trial % 3 == 0:
            ws[0] = -ws[0]
        if trial % 4 == 3:
            ws[draw.integer(1, n - 1)] *= -1
        opens = (1.0 if ws[0] > 0 else -1.0) * (-1.0 if trial % 5 == 4 else 1.0)
        cases.append((ws, scalar(opens * draw.uniform(0.3, 2.0))))
    return cases


@check(item="s001-1.1.2", points=2)
def chain_slope_for_any_weights(student: Student, draw: Draw) -> None:
    """For weights of any sign the slope equals autograd's."""
    hint = "follow the values: layer i passes w_i on if what enters its ReLU is positive, else 0"
    for ws, x in chains(draw):
        slope_is_right(student, ws, x, hint=hint)


@check(item="s001-1.1.2", points=1)
def chain_gate_looks_at_the_preactivation(student: Student, draw: Draw) -> None:
    """A gate is open where w_i h_(i-1) is positive: a negative first weight opens it for negative x."""
    n = draw.integer(3, 5)
    ws = draw.tensor(n).abs() + 0.4
    flipped, twice = ws.clone(), ws.clone()
    flipped[0] *= -1
    twice[1:3] *= -1
    hint = "the ReLU of layer i sees w_i * h_{i-1}, not h_{i-1}; its slope still has the sign of w_i"
    for weights, sign, case in (
        (flipped, -1.0, "w_1 < 0 and x < 0"),
        (flipped, 1.0, "w_1 < 0 and x > 0"),
        (ws, -1.0, "positive weights and x < 0"),
        (ws, 1.0, "positive weights and x > 0"),
        (twice, 1.0, "w_2 < 0 and w_3 < 0"),
    ):
        slope_is_right(student, weights, scalar(sign * draw.uniform(0.4, 2.0)), case=case, hint=hint)


@check(item="s001-1.1.2", points=1)
def chain_slope_in_edge_cases(student: Student, draw: Draw) -> None:
    """The slope is right for one layer, for a negative last weight, with a weight of 0, and where it grows."""
    ws = draw.tensor(4).abs() + 0.4
    last, first_zero, zero = ws.clone(), ws.clone(), ws.clone()
    last[-1] *= -1
    first_zero[0] = 0.0
    zero[2] = 0.0
    for weights, case, hint in (
        (ws[:1], "one layer", "the chain of one layer is relu(w_1 * x)"),
        (-ws[:1], "one layer with w_1 < 0", "the last layer ends in a ReLU too"),
        (last, "a negative last weight", "the last layer ends in a ReLU too"),
        (zero, "a weight of 0", "a layer of weight 0 lets nothing through"),
        (first_zero, "w_1 = 0", "a layer of weight 0 lets nothing through"),
    ):
        for sign in (1.0, -1.0):
            x = scalar(sign * draw.uniform(0.4, 2.0))
            slope_is_right(student, weights.clone(), x, case=case, hint=hint)
    slope_is_right(student, ws, scalar(1.5), case="positive weights", hint="the product of the weights")
    long = draw.tensor(30).abs() + 1.3
    slope_is_right(student, long, scalar(1.5), case="a long chain of large weights", hint="the product of the weights")


def bound_is_right(student: Student, ws: Any, *, case: str, hint: str) -> None:
    what = f"relu_chain_bound(ws) for {case}"
    got = expect.number(student.relu_chain_bound(ws), what=what)
    want = float(torch.as_tensor(ws, dtype=torch.float64).abs().prod())
    expect.close(got, want, what=what, hint=hint, rtol=1e-5)


@check(item="s001-1.1.2", points=1)
def chain_bound_is_sharp(student: Student, draw: Draw) -> None:
    """The bound is never below a slope that occurs, and is reached by a chain with all gates open."""
    for trial in range(4):
        ws = draw.tensor(draw.integer(3, 6)) * 1.5
        if float(ws.prod()) * (-1) ** trial > 0:  # both signs of the product come up
            ws[draw.integer(0, 2)] *= -1
        what = "relu_chain_bound(ws)"
        got = expect.number(student.relu_chain_bound(ws), what=what)
        open_ws, x = ws.abs(), scalar(draw.uniform(0.5, 2.0))
        open_ws[0] = ws[0]
        reached = float(true_slope(open_ws, x if ws[0] > 0 else -x).abs())
        expect.true(
            got >= reached * (1 - 1e-5),
            "Your bound lies below the size of a slope that occurs for these weights, up to their signs.",
            "it bounds a magnitude: which sign may it have, and may a factor be left out?",
            f"got {got}, a slope of {reached} occurs",
        )
        expect.true(
            got <= reached * (1 + 1e-5),
            "Your bound is larger than any slope that occurs: it is a bound, but not the best one.",
            "a chain whose gates are all open reaches the best bound; what is its slope?",
            f"got {got}, the largest slope is {reached}",
        )


@check(item="s001-1.1.2", points=1)
def chain_bound_in_edge_cases(student: Student, draw: Draw) -> None:
    """The bound is right for one layer, a weight of 0, weights 1, a long chain, lists and float32."""
    ws = draw.tensor(5)
    ws[1] = -ws[1].abs()
    zero = ws.clone()
    zero[3] = 0.0
    hint = "start from the slope of a chain whose gates are all open"
    bound_is_right(student, -ws[:1].abs(), case="one layer", hint=hint)
    bound_is_right(student, zero, case="a weight of 0", hint=hint)
    bound_is_right(student, torch.ones(40, dtype=torch.float64), case="weights 1", hint=hint)
    bound_is_right(student, draw.tensor(60).sign() * 1.5, case="a long chain", hint=hint)
    bound_is_right(student, ws.tolist(), case="a list of weights", hint=hint)
    bound_is_right(student, ws.float(), case="float32 weights", hint=hint)


@check(item="s001-1.1.2", points=1)
def dead_example_has_slope_zero(student: Student, draw: Draw) -> None:
    """All weights of the example are above 1, and yet the derivative at its x exists and is 0."""
    answer = student.dead_example()
    if not isinstance(answer, (list, tuple)) or len(answer) != 2:
        raise Feedback("dead_example() should return two things: (ws, x).")
    ws = expect.array(answer[0], what="the weights of dead_example()")
    x = expect.number(answer[1], what="the x of dead_example()")
    expect.true(ws.ndim == 1 and 1 <= ws.size <= 1000, "The weights should be a list of 1 to 1000 numbers.")
    expect.finite(ws, what="the weights of dead_example()")
    expect.true(bool((ws > 1).all()), "Not all weights of your example are above 1.")
    expect.true(x != 0, "At x = 0 the derivative does not exist.", "move x to the side where the first gate is shut")
    slope = float(true_slope(torch.from_numpy(ws), scalar(x)))
    expect.true(slope == 0, "The slope of your example is not 0.", "which x shuts the very first gate?")


@check(item="s001-1.1.2", points=1)
def chain_functions_keep_dtype_and_inputs(student: Student, draw: Draw) -> None:
    """float32 stays float32, float64 float64; lists work; arguments stay as they were; two calls agree."""
    for dtype, rtol in ((torch.float32, 1e-5), (torch.float64, 1e-9)):
        ws, x = (draw.tensor(4).abs() + 0.4).to(dtype), scalar(draw.uniform(0.5, 2.0), dtype)
        ws[0] *= -1
        result, after = student.with_inputs("relu_chain_grad", ws, -x)
        expect.dtype(result, ws, what="relu_chain_grad(ws, x)")
        got = expect.number(result, what="relu_chain_grad(ws, x)")
        want = true_slope(ws.double(), -x.double())
        expect.close(got, want, what=f"relu_chain_grad(ws, x) in {str(dtype)[6:]}", rtol=rtol)
        expect.unharmed([ws, -x], after, what="an argument of relu_chain_grad")
        expect.same(result, student.relu_chain_grad(ws, -x), what="relu_chain_grad, called twice,")
        _, after = student.with_inputs("relu_chain_bound", ws)
        expect.unharmed([ws], after, what="the argument of relu_chain_bound")
    weights = [1.7, 0.6, draw.uniform(0.5, 2.0)]
    slope_is_right(student, weights, 0.8, case="a list of weights", hint="lists and floats work too", rtol=1e-5)
    _, after = student.with_inputs("relu_chain_bound", weights)
    expect.unharmed([weights], after, what="the argument of relu_chain_bound")


def network(draw: Draw, d: int = 3, p: int = 2, steps: int = 7) -> Net:
    """W (d, d), U (d, p), b (d,), xs (steps, p), h0 (d,): large enough that no activation looks linear."""
    b = draw.array(d)
    return draw.array(d, d), draw.array(d, p, scale=2.0), b + np.sign(b), draw.array(steps, p), draw.array(d)


def pre_states(W: Array, U: Array, b: Array, xs: Array, h0: Array, sigma: Elementwise) -> Array:
    """h_1 .. h_T."""
    rows, h = [], h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        rows.append(h)
    return np.stack(rows)


def post_states(W: Array, U: Array, b: Array, xs: Array, g0: Array, sigma: Elementwise) -> Array:
    """g_1 .. g_T."""
    rows, g = [], g0
    for x in xs:
        g = sigma(W @ g + U @ x + b)
        rows.append(g)
    return np.stack(rows)


ACTIVATIONS = (
    elementwise("sigmoid"),
    elementwise("relu"),
    elementwise("sin"),
    elementwise("tanh", a=3.0, b=0.5),
    elementwise("identity"),
)


@check(item="s002-1.1", points=2)
def run_h_follows_the_recurrence(student: Student, draw: Draw) -> None:
    """run_h with tanh equals the stated recurrence, row by row, with inputs and bias."""
    tanh = elementwise("tanh")
    for d, p, steps in ((3, 2, 7), (2, 4, 5)):
        args = network(draw, d, p, steps)
        got = student.run_h(*args, tanh)
        expect.shape(got, (steps, d), what="run_h(...)", hint="rows are h_1 ... h_T, without h_0")
        hint = "sigma goes around the previous state, before W; U x_t and b are added outside; row t-1 uses x_t"
        expect.close(got, pre_states(*args, tanh), what="run_h(...)", hint=hint)


@check(item="s002-1.1", points=1)
def run_h_uses_the_activation_it_is_given(student: Student, draw: Draw) -> None:
    """run_h follows the recurrence for sigmoid, ReLU, sine, a scaled tanh, and the identity, states growing or not."""
    for sigma, size in (*((sigma, 1.0) for sigma in ACTIVATIONS), (elementwise("identity"), 9.0)):
        W, U, b, xs, h0 = network(draw)
        args: Net = size * W, U, b, xs, h0
        hint = "apply the function passed as sigma, whatever it is"
        expect.close(student.run_h(*args, sigma), pre_states(*args, sigma), what="run_h(...)", hint=hint)


@check(item="s002-1.1", points=1)
def g_is_read_off_from_h(student: Student, draw: Draw) -> None:
    """g_from_h turns states of the first network into those of the second, for one step or for all."""
    for sigma in ACTIVATIONS:
        W, U, b, xs, h0 = network(draw)
        xs[1] *= 1e4
        h, g = pre_states(W, U, b, xs, h0, sigma), post_states(W, U, b, xs, sigma(h0), sigma)
        hint = "compare what the two networks compute at one step: g_t has one operation more than h_t"
        expect.close(student.g_from_h(h, sigma), g, what="g_from_h(h, sigma) for T states", hint=hint)
        expect.close(student.g_from_h(h[2], sigma), g[2], what="g_from_h(h, sigma) for one state", hint=hint)


@check(item="s002-1.1", points=1)
def both_networks_agree_at_every_step(student: Student, draw: Draw) -> None:
    """Started at g_0 = g_from_h(h_0), the second network equals g_from_h of your run of the first."""
    for sigma in (elementwise("tanh"), elementwise("sigmoid", a=2.0, b=1.5)):
        W, U, b, xs, h0 = network(draw, 4, 3, 6)
        start = student.g_from_h(h0, sigma)
        expect.close(start, sigma(h0), what="g_0 = g_from_h(h_0, sigma)", hint="the rule holds at the start, too")
        mine = student.g_from_h(expect.array(student.run_h(W, U, b, xs, h0, sigma), what="run_h(...)"), sigma)
        theirs = post_states(W, U, b, xs, sigma(h0), sigma)
        expect.close(mine, theirs, what="g_from_h(run_h(...), sigma)", hint="run both by hand for two steps")


@check(item="s002-1.1", points=1)
def run_h_single_step_and_inputs(student: Student, draw: Draw) -> None:
    """One step and one neuron work, no argument is changed, and two calls agree."""
    tanh = elementwise("tanh")
    for d, p, steps in ((3, 2, 1), (1, 2, 4), (4, 3, 5)):
        args = network(draw, d, p, steps)
        result, after = student.with_inputs("run_h", *args, tanh)
        expect.unharmed(list(args), after[:5], what="an argument of run_h")
        expect.same(result, student.run_h(*args, tanh), what="run_h(...), called twice,")
        expect.close(result, pre_states(*args, tanh), what=f"run_h(...) for {steps} steps of {d} neurons")
        result, after = student.with_inputs("g_from_h", args[3], tanh)
        expect.unharmed([args[3]], after[:1], what="the argument h of g_from_h")
        expect.close(result, np.tanh(args[3]), what="g_from_h(h, sigma)")
