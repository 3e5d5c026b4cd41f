# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Backpropagation through time, by hand
#
# `loss.backward()` computes every gradient of a recurrent network for you. So why derive them? Because the
# formula tells you what the network can learn. It says how much a mistake made *now* can teach about
# something seen thirty steps *ago*, and it says why that amount so often shrinks to nothing.
#
# **What you will be able to do**
#
# - draw the computation graph of a network that uses the same weights at every step;
# - derive the gradient for such weights by hand, and check a derivation with numbers;
# - tell a *direct* dependence from a *total* one, the distinction that most wrong answers miss;
# - say when gradients must vanish, when they may, and when nothing can be concluded.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Backpropagation through time | five exercises and one short derivation on a linear RNN | about 75 minutes |
# | 2. How gradients vanish | chains of ReLUs, sigmoids and general activations; bounds and counterexamples | about 75 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*.
# Run them as often as you like: they check shapes, properties and small cases, and their messages are meant
# to help. After you hand in, *hidden checks* call your functions with other sizes and other numbers. They
# look at the state of the notebook after **all** cells have run from top to bottom, so before you hand in
# choose *Restart kernel and run all cells*. Points are counted per property: one slip costs the property
# that it breaks, not the whole exercise. Derivations in text are read by a person.
#
# Three rules hold throughout. Return what the docstring asks for, in the shape it gives. Keep the dtype:
# float32 in, float32 out; float64 in, float64 out. Leave the arguments as they are: whoever called you
# still needs them. You may use autograd to *check* your answers; the aim is to write the answers themselves
# without it.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import torch

from seq2kit import graphs, numeric, pictures

# %% [markdown]
# # Part 1: Backpropagation through time
#
# ## The model
#
# A recurrent network reads $x_1, \dots, x_T$ one step at a time and keeps a state $h_t$. We take the
# simplest one that still shows the whole problem, a network **without** nonlinearity in the state (Part 2
# puts one in):
#
# $$z_t = W_{hh}\,h_{t-1} + W_{hx}\,x_t, \qquad h_t = z_t, \qquad o_t = W_{yh}\,h_t, \qquad
#   \hat y_t = \operatorname{softmax}(o_t)$$
#
# At every step the prediction $\hat y_t$ is compared with a target $y_t$ by cross-entropy, and the losses
# are added:
#
# $$J_t = -\sum_{k} y_{t,k}\,\log \hat y_{t,k}, \qquad J = \sum_{t=1}^{T} J_t$$
#
# | symbol | meaning | in Python | shape |
# |---|---|---|---|
# | $T$ | number of steps, counted $1, \dots, T$ | `T` | |
# | $x_t$ | input of step $t$ | `x[t - 1]`, `x` is | `(T, X)` |
# | $h_t$ | state after step $t$; $h_0$ is given | `h[t]`, `h` is | `(T + 1, H)` |
# | $o_t$ | logits of step $t$ | `o[t - 1]`, `o` is | `(T, Y)` |
# | $y_t$ | target: entries $\ge 0$ that sum to 1, often one-hot | `y[t - 1]`, `y` is | `(T, Y)` |
# | $W_{hh}$ | from state to state | `Whh` | `(H, H)` |
# | $W_{hx}$ | from input to state | `Whx` | `(H, X)` |
# | $W_{yh}$ | from state to logits | `Wyh` | `(Y, H)` |
# | $g_v$ | gradient of a loss with respect to $v$ | `g_o`, `gh` | the shape of $v$ |
#
# Two conventions save a lot of pain. **A gradient has the shape of the thing it belongs to**, so the
# gradient at a state is a vector `(H,)` and the gradient for $W_{hh}$ is a matrix `(H, H)`. And **steps
# count from 1, rows of a tensor count from 0**: `x` has no row for step 0, but `h` has one, for $h_0$.

# %% nbgrader={"grade": false, "grade_id": "picture-unrolled", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.unrolled_rnn(3)

# %% [markdown]
# The same model in code. You may use these functions in your answers.


# %% nbgrader={"grade": false, "grade_id": "model", "locked": true, "schema_version": 3, "solution": false, "task": false}
def rnn_states(Whh, Whx, h0, x):
    """All states h_0, ..., h_T as rows: (H, H), (H, X), (H,), (T, X) -> (T + 1, H)."""
    states = [h0]
    for x_t in x:
        states.append(Whh @ states[-1] + Whx @ x_t)
    return torch.stack(states)


def cross_entropy(o, y):
    """Cross-entropy of softmax(o) against y, one loss per row: (..., Y), (..., Y) -> (...)."""
    return -(y * torch.log_softmax(o, dim=-1)).sum(-1)


def total_loss(Whh, Whx, Wyh, h0, x, y):
    """J, the sum of the losses of all steps: a scalar tensor."""
    h = rnn_states(Whh, Whx, h0, x)
    return cross_entropy(h[1:] @ Wyh.T, y).sum()


def small_problem(T=3, X=3, H=4, Y=2, seed=0):
    """A random network and data to try things on: (Whh, Whx, Wyh, h0, x, y), all float64."""
    random = torch.Generator().manual_seed(seed)
    shapes = [(H, H), (H, X), (Y, H), (H,), (T, X), (T, Y)]
    *network, y = [torch.randn(shape, generator=random, dtype=torch.float64) for shape in shapes]
    return *network, torch.softmax(y, dim=-1)


print("J of a small problem:", round(float(total_loss(*small_problem())), 4))

# %% [markdown]
# **How to check a gradient.** Nudge one entry of the input up and down by a tiny $\varepsilon$ and see how
# the loss moves: $\bigl(f(x + \varepsilon) - f(x - \varepsilon)\bigr) / 2\varepsilon$. It is slow, but it
# assumes nothing about your derivation, so it cannot share your mistake. `numeric.finite_difference(f, x)`
# does it for every entry of `x`. Below, $f(x) = x_1^2 + 3 x_2$ at $(2, 5)$, whose gradient is $(4, 3)$:

# %% nbgrader={"grade": false, "grade_id": "finite-differences", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(numeric.finite_difference(lambda v: v[0] ** 2 + 3 * v[1], torch.tensor([2.0, 5.0])))

# %% [markdown]
# ## 1.1 The computation graph
#
# **Why.** Backpropagation is bookkeeping on a graph: one node per quantity, one edge from each quantity to
# each quantity that is computed *directly* from it. A gradient collects one contribution per path, so
# whoever forgets an edge loses gradient, and whoever invents one adds some. Before you differentiate, get
# the graph right.
#
# **The idea.** Read an equation from right to left. $L = (p - y)^2$ with $p = w\,x$ has the graph
#
# ```python
# {("w", "p"), ("x", "p"), ("p", "L"), ("y", "L")}
# ```
#
# Each pair is `(parent, child)`. Note that `("w", "L")` is *not* there: $w$ matters for $L$, but only by
# way of $p$.
#
# **A trap.** "The same weights at every step" is a statement about the graph. How many nodes is it?
#
# **Your task** (s000-3.1). Return the graph of the network unrolled over $T$ steps as a set of pairs of
# strings. The names are `Whh`, `Whx`, `Wyh`, `J` and, with the number of the step appended, `x1`, `h0`,
# `h1`, `z1`, `o1`, `yh1` (for $\hat y_1$), `y1`, `J1`, and so on. You may leave out $z_t$, since
# $h_t = z_t$, and you may leave out $h_0$.


# %% nbgrader={"grade": false, "grade_id": "s000-3_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_graph(T: int) -> set[tuple[str, str]]:
    """Edges (parent, child) of the computation graph of the RNN unrolled over T >= 1 steps."""
    ### BEGIN SOLUTION
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-3_1", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def public_tests_graph():
    one, two = rnn_graph(1), rnn_graph(2)
    assert all(len(edge) == 2 and all(isinstance(name, str) for name in edge) for edge in two), (
        "each edge is a pair (parent, child) of strings"
    )
    one, two = {tuple(edge) for edge in one}, {tuple(edge) for edge in two}
    assert "J1" in graphs.descendants(one, "x1"), (
        "with a single step there must still be a path from x1 to J1"
    )
    assert ("J1", "J") in one, "the total loss J is computed from the losses of the steps"
    assert "J2" in graphs.descendants(two, "x1"), (
        "x1 must reach J2: the state carries what was read at step 1 on to step 2"
    )
    assert "J1" not in graphs.descendants(two, "x2"), (
        "x2 must not reach J1: the loss of step 1 cannot see the future"
    )
    assert "h1" not in graphs.descendants(two, "h1"), (
        "h1 must not lead back to itself: unrolled, the graph has no cycle"
    )
    assert {"J1", "J2"} <= graphs.descendants(two, "Wyh"), (
        "Wyh is one node that every step uses, so it reaches every loss"
    )
    print("public tests of 1.1 passed")


public_tests_graph()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "rnn_backprop",
    "s000-3.1",
    globals(),
    checks=[
        "graph_has_the_named_nodes_and_no_cycle",
        "inputs_reach_present_and_later_losses",
        "weights_are_single_shared_roots",
        "state_comes_from_last_state_and_input",
        "states_alone_carry_the_memory",
        "each_loss_compares_prediction_and_target",
        "every_step_adds_the_same_edges",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# Look at what you built. Red marks what should make you suspicious: an edge that runs against time, a node
# whose name does not belong to this network.

# %% nbgrader={"grade": false, "grade_id": "picture-graph", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready("rnn_graph", lambda: pictures.graph(rnn_graph(3), "your graph for T = 3"))

# %% [markdown]
# ## 1.2 The gradient at the logits
#
# **Why.** Every gradient in this notebook starts here, where the loss meets the network. It is also a small
# marvel: $\log$, $\exp$ and a quotient go in, and almost nothing is left.
#
# **The idea.** Go through $\hat y$: first $\partial J / \partial \hat y_k$, then how *every* $\hat y_k$
# reacts when *one* logit moves. All probabilities react, because they share the denominator. Put the two
# together and simplify; the targets sum to 1.
#
# **By hand.** Two classes, logits $(0, 0)$, target $(1, 0)$. Then $\hat y = (\tfrac12, \tfrac12)$ and
# $J = \log 2 \approx 0.693$. Raise the first logit by $0.1$ and $J$ falls to $0.644$; raise the second by
# $0.1$ and $J$ grows to $0.744$. So the gradient is close to $(-\tfrac12, \tfrac12)$. Does your formula say
# so?
#
# **A trap.** $e^{1000}$ is infinity in floating point, and infinity divided by infinity is not a number.
# Also: which axis holds the classes when there are several rows?
#
# **Your task** (s000-3.2.1). The gradient of the cross-entropy with respect to the logits, row by row: each
# row is a prediction of its own, and nothing is averaged. It should work for any number of leading axes
# (none, one, several).


# %% nbgrader={"grade": false, "grade_id": "s000-3_2_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dJ_do(o: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Gradient of -sum_k y_k log softmax(o)_k with respect to o.

    o: logits (..., K); y: targets (..., K), rows sum to 1; returns (..., K).
    """
    ### BEGIN SOLUTION
    return torch.softmax(o, dim=-1) - y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-3_2_1", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def public_tests_logits():
    random = torch.Generator().manual_seed(1)
    o = torch.randn(3, 5, generator=random, dtype=torch.float64)
    y = torch.softmax(torch.randn(3, 5, generator=random, dtype=torch.float64), dim=-1)
    got = numeric.as_float64(dJ_do(o.clone(), y.clone()))
    assert got.shape == o.shape, (
        f"one number per logit: expected shape {tuple(o.shape)}, got {tuple(got.shape)}"
    )
    assert got.sum(-1).abs().max() < 1e-6, (
        "dJ_do must sum to zero over the classes: softmax does not change when all logits shift"
    )
    by_hand = dJ_do(torch.zeros(2, dtype=torch.float64), torch.tensor([1.0, 0.0], dtype=torch.float64))
    first, second = numeric.as_float64(by_hand)
    assert first < 0 < second, (
        "the loss falls when the logit of the right class grows: its gradient is negative"
    )
    nudged = numeric.finite_difference(lambda v: cross_entropy(v, y).sum(), o)
    assert numeric.relative_error(got, nudged) < 1e-5, (
        "nudging the logits one by one moves the loss differently from what dJ_do says"
    )
    print("public tests of 1.2 passed")


public_tests_logits()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "rnn_backprop",
    "s000-3.2.1",
    globals(),
    checks=[
        "logit_gradient_matches_autograd",
        "logit_gradient_sums_to_zero_over_classes",
        "logit_gradient_ignores_a_common_shift",
        "logit_gradient_survives_large_logits",
        "each_row_of_logits_stands_alone",
        "logit_gradient_keeps_precision",
        "logit_gradient_has_no_side_effects",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# ## 1.3 Back through time: the gradient at a state
#
# **Why.** This is the heart of the matter. Learning that step 3 went wrong because of something at step 1
# needs a gradient that travels from $J_3$ back to $h_1$. Its size is what "vanishing" and "exploding" are
# about.
#
# **The idea.** A gradient asks: if I nudge *this* quantity and let everything that is computed from it
# follow, what happens to the loss? So it collects every path from the quantity to the loss; along a path,
# local derivatives multiply; over paths, the products add.
#
# **A tiny example.** Let $b = 3a$ and $c = 2b + 5a$. Only the term $5a$ shows $a$ *directly*, but $a$ also
# moves $b$. There are two paths, and $\mathrm{d}c/\mathrm{d}a = 5 + 2 \cdot 3 = 11$. Whoever stops at the
# direct path answers 5. Check: $a = 1$ gives $c = 11$.
#
# **Two traps.** First, "$J_t$ contains $h_t$ and no other state" is true of the formula for $J_t$ and false
# of the dependence; look at your graph. Second, a matrix that carries a *state* forwards carries a
# *gradient* backwards in another form. Choose all sizes different, as in $H = 4$, $Y = 2$: then most wrong
# products do not even fit, and the shapes all but write the answer for you. (With $H = Y$ everything fits
# and wrong answers survive.)
#
# **Your task** (s000-3.2.2). Given $g_{o_t} = \partial J_t / \partial o_t$, return
# $\partial J_t / \partial h_i$ for steps $i, t \ge 1$. Think about $i = t$, $i < t$ and $i > t$.


# %% nbgrader={"grade": false, "grade_id": "s000-3_2_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dJt_dhi(g_o: torch.Tensor, Wyh: torch.Tensor, Whh: torch.Tensor, t: int, i: int) -> torch.Tensor:
    """Gradient of the loss of step t with respect to the state of step i.

    g_o: gradient at the logits of step t, (Y,); Wyh: (Y, H); Whh: (H, H); steps t, i >= 1; returns (H,).
    """
    ### BEGIN SOLUTION
    gradient = Wyh.T @ g_o
    if i > t:
        return torch.zeros_like(gradient)
    for _ in range(t - i):
        gradient = Whh.T @ gradient
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-3_2_2", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
def public_tests_states():
    Whh, Whx, Wyh, h0, x, y = small_problem(T=3)
    h = rnn_states(Whh, Whx, h0, x)
    t = 3
    g_o = numeric.finite_difference(lambda o: cross_entropy(o, y[t - 1]), Wyh @ h[t])

    def loss_from(i):  # J_t as a function of h_i: start there and run the remaining steps
        return lambda state: cross_entropy(Wyh @ rnn_states(Whh, Whx, state, x[i:t])[-1], y[t - 1])

    for i in (3, 2, 1):
        got = numeric.as_float64(dJt_dhi(g_o, Wyh, Whh, t, i))
        assert got.shape == (4,), (
            f"a gradient at a state has the shape of the state, (4,); got {tuple(got.shape)}"
        )
        nudged = numeric.finite_difference(loss_from(i), h[i])
        assert got.abs().max() > 0, (
            f"nudging h_{i} does move J_3: follow the edges that leave h_{i} in your graph"
        )
        assert numeric.relative_error(got, nudged) < 1e-5, (
            f"dJ_3/dh_{i} differs from what nudging h_{i} does to J_3; "
            "compare how a state passes one step and how a gradient does"
        )
    future = numeric.as_float64(dJt_dhi(g_o, Wyh, Whh, 1, 3))
    assert future.shape == (4,) and future.abs().max() == 0, (
        "J_1 was known before h_3: nudging h_3 cannot change it"
    )
    print("public tests of 1.3 passed")


public_tests_states()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "rnn_backprop",
    "s000-3.2.2",
    globals(),
    checks=[
        "earlier_states_receive_gradient",
        "the_state_of_the_same_step",
        "later_states_receive_nothing",
        "orthogonal_recurrence_keeps_the_norm",
        "nilpotent_recurrence_forgets",
        "only_the_time_lag_counts",
        "state_gradient_keeps_precision",
        "state_gradient_has_no_side_effects",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s000-3.2.2, derivation; read by a person). Derive your formula in a few lines: show
# from the sum over paths, or by induction on $t - i$, why $\partial J_t / \partial h_i$ is what your code
# computes for $i \le t$. Say which paths lead from $h_i$ to $J_t$, what one step contributes and in which
# order the factors stand, and why the gradient is zero for $i > t$. LaTeX between dollar signs works; plain
# text is fine.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s000-3_2_2", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# *Paths.* $h_i$ enters the loss $J_t$ only through $o_t$, and $o_t$ only through $h_t$. In the graph, $h_s$
# has two children, $o_s$ and $h_{s+1}$ (by way of $z_{s+1}$). A path that turns off at some $o_s$ with
# $s < t$ ends in $J_s$, never in $J_t$. So exactly one path is left,
# $h_i \to h_{i+1} \to \dots \to h_t \to o_t \to J_t$, and the sum over paths has this one term. (For the
# total loss $J$ there is one path for each $t \ge i$, and their contributions add.)
#
# *Base, $i = t$.* $o_t = W_{yh} h_t$, that is $\partial o_{t,a} / \partial h_{t,b} = (W_{yh})_{ab}$. Hence
# $\partial J_t / \partial h_{t,b} = \sum_a (g_{o_t})_a (W_{yh})_{ab}$, which is entry $b$ of
# $W_{yh}^\top g_{o_t}$.
#
# *Step, from $i + 1$ to $i$.* $h_{i+1} = W_{hh} h_i + W_{hx} x_{i+1}$, so
# $\partial h_{i+1,a} / \partial h_{i,b} = (W_{hh})_{ab}$ and $\partial J_t / \partial h_i = W_{hh}^\top\,
# \partial J_t / \partial h_{i+1}$: one factor $W_{hh}^\top$ from the left for each step. By induction
#
# $$\frac{\partial J_t}{\partial h_i} = (W_{hh}^\top)^{\,t-i}\; W_{yh}^\top\, g_{o_t} \qquad (1 \le i \le t).$$
#
# *$i > t$.* No path leads from $h_i$ to $J_t$, since edges between states only run forwards; an empty sum
# is zero.
# ### END SOLUTION

# %% [markdown]
# **What the formula means.** Run your function for a loss at step 30 and look at the size of the gradient
# at all earlier states. Three of the recurrent matrices are an orthogonal matrix times a factor. The fourth
# is not: all its eigenvalues are 0.7, and yet its gradient first grows. Keep that curve in mind for Part 2.


# %% nbgrader={"grade": false, "grade_id": "picture-norms", "locked": true, "schema_version": 3, "solution": false, "task": false}
def norms_against_lag(Whh, steps=30):
    """Norms of dJ_t/dh_i for t = steps at lag 0, 1, ...: a list of floats."""
    random = torch.Generator().manual_seed(2)
    Wyh = torch.randn(3, len(Whh), generator=random, dtype=torch.float64)
    g_o = torch.tensor([0.6, -0.5, -0.1], dtype=torch.float64)
    return [float(numeric.as_float64(dJt_dhi(g_o, Wyh, Whh, steps, i)).norm()) for i in range(steps, 0, -1)]


def picture_of_norms():
    random = torch.Generator().manual_seed(3)
    Q = torch.linalg.qr(torch.randn(4, 4, generator=random, dtype=torch.float64)).Q
    skewed = (0.7 * torch.eye(4) + 1.5 * torch.diag(torch.ones(3), 1)).double()
    matrices = {
        "0.8 x orthogonal": 0.8 * Q,
        "orthogonal": Q,
        "1.2 x orthogonal": 1.2 * Q,
        "all eigenvalues 0.7": skewed,
    }
    return pictures.gradient_norms({name: norms_against_lag(matrix) for name, matrix in matrices.items()})


pictures.when_ready("dJt_dhi", picture_of_norms)

# %% [markdown]
# ## 1.4 One loss, one shared matrix
#
# **Why.** States are not what we train; weights are. $W_{hh}$ is used at *every* step, and that is where it
# becomes a matter of care.
#
# **The idea.** Pretend that each step has a copy of its own, $W^{(1)}, \dots, W^{(t)}$, which happen to be
# equal. Each copy is used once, so its gradient is easy. The copies are tied together: to nudge the shared
# matrix is to nudge all of them at once, so the effects add.
#
# **A tiny example.** $f(w) = w \cdot (w \cdot a)$, a scalar network of two steps. With copies it is
# $w_2 \cdot (w_1 \cdot a)$. The gradient for $w_1$ is $w_2 a$, the gradient for $w_2$ is $w_1 a$, and
# together they give $2wa$, the derivative of $w^2 a$. Look only at the last use and half of it is gone.
#
# **One copy of a matrix.** Which entries does a single weight $W_{ab}$ connect? It multiplies entry $b$ of
# the old state and adds to entry $a$ of the new one. Write the derivative for this one weight; then ask
# which matrix has that number in row $a$, column $b$.
#
# **A trap.** Which state stands beside which gradient? $h_i$ is computed *from* another state; mind the
# numbers when two rows of the same index, `gh[k]` and `h[k]`, belong to different steps.
#
# **Your task** (s000-3.2.3). All gradients $g_{h_i} = \partial J_t / \partial h_i$, $i = 1, \dots, t$, are
# given as rows of `gh`, and the states $h_0, \dots, h_{t-1}$ as rows of `h`. Return
# $\partial J_t / \partial W_{hh}$.


# %% nbgrader={"grade": false, "grade_id": "s000-3_2_3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dJt_dWhh(gh: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """Gradient of the loss of one step t with respect to the shared matrix Whh.

    gh: (t, H), gradients at h_1, ..., h_t; h: (t, H), the states h_0, ..., h_{t-1}; returns (H, H).
    """
    ### BEGIN SOLUTION
    return gh.T @ h
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-3_2_3", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def public_tests_one_loss():
    for t in (1, 3):
        Whh, Whx, Wyh, h0, x, y = small_problem(T=t, seed=4)
        h = rnn_states(Whh, Whx, h0, x)

        def loss_from(i, state):  # J_t when the state of step i is `state`
            return cross_entropy(Wyh @ rnn_states(Whh, Whx, state, x[i:])[-1], y[t - 1])

        rows = [
            numeric.finite_difference(lambda state, i=i: loss_from(i, state), h[i]) for i in range(1, t + 1)
        ]
        got = numeric.as_float64(dJt_dWhh(torch.stack(rows), h[:t].clone()))
        assert got.shape == (4, 4), (
            f"a gradient has the shape of its matrix, (4, 4); got {tuple(got.shape)}"
        )
        nudged = numeric.finite_difference(
            lambda W: cross_entropy(Wyh @ rnn_states(W, Whx, h0, x)[-1], y[t - 1]), Whh
        )
        ask = "are rows new, columns old?" if t == 1 else "does every use of Whh contribute?"
        assert numeric.relative_error(got, nudged) < 1e-5, (
            f"with t = {t} the gradient differs from what nudging the entries of Whh does to J_{t}; {ask}"
        )
    print("public tests of 1.4 passed")


public_tests_one_loss()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "rnn_backprop",
    "s000-3.2.3",
    globals(),
    checks=[
        "every_use_of_whh_contributes",
        "single_step_pairs_gradient_and_state",
        "one_loss_matches_finite_differences",
        "each_gradient_meets_the_state_before_it",
        "linear_in_the_state_gradients",
        "one_loss_keeps_precision",
        "one_loss_has_no_side_effects",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# ## 1.5 The total loss, from end to end
#
# **Why.** Training minimises $J = \sum_t J_t$. You now hold all the pieces; putting them together is
# backpropagation through time.
#
# **The idea.** First the easy half: differentiate a sum. Then the whole algorithm. A forward pass stores
# the states, a backward pass uses them. You can work out each $\partial J_t / \partial W_{hh}$ by itself
# and combine them, at the price of walking back from every $t$: about $T^2/2$ steps in all. Or you walk
# back **once**. Define $\delta_i = \partial J / \partial h_i$, the gradient of the *total* loss, and look
# at your graph: which arrows leave $h_i$? A recursion for $\delta_i$ follows, and the work is proportional
# to $T$. Either way is right; the second is what `backward()` does.
#
# **Two traps.** `total = g_list[0]` followed by `total += ...` writes into the caller's first gradient:
# in-place addition changes the tensor that both names share. And with $T = 1$ there is one use of $W_{hh}$,
# which multiplies $h_0$; if $h_0$ is forgotten, that gradient is lost.
#
# **Your task** (s000-3.2.4). `dJ_dWhh` combines the gradients of the single losses (a list of $T$ matrices,
# or one tensor $(T, H, H)$). `bptt` computes $\partial J / \partial W_{hh}$ from the weights and the data,
# and may use the functions that you wrote above.


# %% nbgrader={"grade": false, "grade_id": "s000-3_2_4", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dJ_dWhh(g_list: list[torch.Tensor] | torch.Tensor) -> torch.Tensor:
    """Gradient of the total loss from the gradients of the T single losses.

    g_list: T matrices (H, H) in a list, or a tensor (T, H, H); T >= 1; returns (H, H).
    """
    ### BEGIN SOLUTION
    return torch.stack(tuple(g_list)).sum(dim=0)
    ### END SOLUTION


def bptt(
    Whh: torch.Tensor,
    Whx: torch.Tensor,
    Wyh: torch.Tensor,
    h0: torch.Tensor,
    x: torch.Tensor,
    y: torch.Tensor,
) -> torch.Tensor:
    """Gradient of J = sum_t J_t with respect to Whh.

    Whh: (H, H); Whx: (H, X); Wyh: (Y, H); h0: (H,); x: (T, X); y: (T, Y), rows sum to 1; returns (H, H).
    """
    ### BEGIN SOLUTION
    h = rnn_states(Whh, Whx, h0, x)
    at_logits = dJ_do(h[1:] @ Wyh.T, y)
    delta = torch.zeros_like(h0)
    total = torch.zeros_like(Whh)
    for t in range(len(x), 0, -1):
        delta = Wyh.T @ at_logits[t - 1] + Whh.T @ delta
        total = total + torch.outer(delta, h[t - 1])
    return total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-3_2_4", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
def public_tests_total():
    parts = [torch.tensor([[1.0, 2.0], [0.0, 4.0]]), torch.tensor([[10.0, 0.0], [30.0, 0.0]])]
    together, stacked = numeric.as_float64(dJ_dWhh(parts)), numeric.as_float64(dJ_dWhh(torch.stack(parts)))
    assert torch.equal(together, stacked), (
        "a list of matrices and one tensor (T, H, H) of them mean the same"
    )
    assert together.shape == (2, 2), (
        f"combining (2, 2) gradients gives a (2, 2) gradient; got {tuple(together.shape)}"
    )
    assert float(together[1, 0]) == 30, (
        "a loss with zero gradient for a weight leaves the gradient of the others as it is"
    )
    assert float(parts[0][0, 0]) == 1, (
        "the list still belongs to the caller: its first gradient has been overwritten"
    )
    for T in (1, 3):
        Whh, Whx, Wyh, h0, x, y = small_problem(T=T, seed=5)
        got = numeric.as_float64(bptt(Whh, Whx, Wyh, h0, x, y))
        assert got.shape == Whh.shape, (
            f"a gradient has the shape of its matrix, (4, 4); got {tuple(got.shape)}"
        )
        nudged = numeric.finite_difference(lambda W: total_loss(W, Whx, Wyh, h0, x, y), Whh)
        assert numeric.relative_error(got, nudged) < 1e-5, (
            f"for T = {T}, nudging the entries of Whh moves J differently from what bptt says; "
            "work through T = 1 by hand first"
        )
    print("public tests of 1.5 passed")


public_tests_total()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "rnn_backprop",
    "s000-3.2.4",
    globals(),
    checks=[
        "gradients_of_the_steps_add_up",
        "combining_leaves_the_gradients_unchanged",
        "bptt_matches_autograd",
        "bptt_matches_finite_differences",
        "bptt_counts_the_start_state",
        "bptt_reaches_back_from_the_last_loss",
        "bptt_survives_large_logits",
        "bptt_keeps_precision",
        "bptt_has_no_side_effects",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **Before you go on.** Go back to the picture after 1.3 and to the way back in 1.5. The same matrix
# multiplies the gradient at every step, so after many steps what counts is how that matrix acts when it is
# applied over and over. With a nonlinearity in the state, a second factor joins in at each step. How far
# can one get with nothing but a *bound* on both? That is Part 2.

# %% [markdown]
# # Part 2: How gradients vanish
#
# Early layers learn only from the gradient that reaches them, and that gradient is a product with one factor
# per layer, or per time step. A hundred factors of one half leave nothing; a hundred factors of two drown
# everything else. So the question of this part is always the same: *which factors are multiplied, and how
# large can each one be?* We start with single neurons, go on to matrices, and end with a real RNN. Exercises
# 2.1 to 2.3 use torch tensors, 2.4 to 2.6 numpy arrays of float64.

# %% [markdown]
# ## 2.1 A chain of ReLU neurons, all weights one
#
# **Why.** A layer multiplies the gradient by its weight and by the slope of its activation. Set every weight
# to 1, and only the activation is left to be blamed.
#
# **The idea.** A chain of depth $n$ computes $h_0 = x$, $h_i = \mathrm{relu}(w_i\,h_{i-1})$ and $f(x) = h_n$.
# By the chain rule, $f'(x) = \prod_{i=1}^{n} w_i\,\mathrm{relu}'(w_i\,h_{i-1})$.
#
# **A small example.** With the sigmoid in place of ReLU no factor exceeds $1/4$: after five layers at most
# $4^{-5} \approx 0.001$ of the gradient is left. Now do the same with ReLU: take $x = 3$ and two layers,
# nudge $x$ to $3.01$, and see by how much the output moves. Then start from $x = -3$.
#
# **A trap.** "The slope lies between 0 and 1" is true and says little. Ask which values in between occur.
#
# **Your task** (s001-1.1.1). Write `relu_chain_grad` for *arbitrary* weights: this item tries it with weights
# 1 only, the next one with all others. At $x = 0$ there is no derivative; any number from 0 to 1 will do
# there. Then answer for weights 1: as the chain gets deeper, *must* the gradient vanish? *Must* it explode?
# Say `True` only if it happens for every input.

# %% nbgrader={"grade": false, "grade_id": "s001-1_1_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_chain_grad(ws, x):
    """The derivative of f at x, where h_0 = x, h_i = relu(w_i * h_{i-1}) and f(x) = h_n.

    ws: the n weights, a list of floats or a tensor of shape (n,)
    x: a float or a tensor of shape ()
    returns: one number, a float or a tensor of shape () and of the dtype of ws
    """
    ### BEGIN SOLUTION
    product = 1.0
    for w in ws:
        product = product * w
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return product if gates_are_open else 0.0 * ws[0]
    ### END SOLUTION


# Replace each None by True or False (weights 1, any input, deeper and deeper), and delete the `raise` below.
necessarily = {"vanish": None, "explode": None}
### BEGIN SOLUTION
necessarily = {"vanish": False, "explode": False}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-1_1_1", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def public_tests_ones_chain():
    def f(x):
        for _ in range(4):
            x = max(0.0, x)
        return x

    for x in (2.5, -2.5):
        slope = numeric.as_float64(relu_chain_grad([1.0] * 4, x))
        assert slope.numel() == 1, "relu_chain_grad returns one number: the slope at x"
        nudged = (f(x + 1e-3) - f(x - 1e-3)) / 2e-3
        assert abs(slope.item() - nudged) < 1e-4, f"x = {x}: your slope is not how f answers to a nudge of x"
    assert set(necessarily) == {"vanish", "explode"}, "necessarily has the two keys 'vanish' and 'explode'"
    assert all(answer is not None for answer in necessarily.values()), "replace both None by True or False"
    print("public tests of 2.1 passed")


public_tests_ones_chain()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("rnn_backprop", "s001-1.1.1", globals(), checks=[
    "ones_chain_slope_on_both_sides",
    "ones_chain_slope_at_any_depth",
    "ones_chain_slope_tiny_huge_and_zero",
    "ones_chain_takes_lists_and_tensors",
    "ones_chain_neither_must_vanish_nor_explode",
])
### END HIDDEN TESTS

# %% [markdown]
# ## 2.2 A chain of ReLU neurons, any weights
#
# **Why.** Trained weights are not 1. Before we blame or praise them we want the sharpest bound on $|f'(x)|$
# that can be had without knowing the input.
#
# **The idea.** The factor of layer $i$ is $w_i$ if that neuron is on, and 0 if it is off. So there are two
# separate questions: which neurons are on, and how large is the product when all of them are?
#
# **A small example.** $w = (3, 0.5)$, $x = 2$: the neurons compute 6 and then 3. A nudge of $x$ by $0.1$
# moves them by $0.3$ and $0.15$.
#
# **Traps.** A neuron is on when *what enters its ReLU* is positive. What enters layer 1? And what do "small
# weights" mean when weights may be negative?
#
# **Your task** (s001-1.1.2). Make `relu_chain_grad` above right for all weights. Then write
# `relu_chain_bound(ws)`: the best bound on $|f'(x)|$ that holds for every input $x$ and for every choice of
# the *signs* of the weights: nothing exceeds it, and some input with some signs reaches it. Last, refute "if
# all weights are above 1, the gradient cannot vanish": `dead_example()` returns weights that are all above 1,
# and an $x$ where the derivative exists and is 0.

# %% nbgrader={"grade": false, "grade_id": "s001-1_1_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_chain_bound(ws):
    """The best upper bound on |f'(x)| over every x and every choice of the signs of the weights.

    ws: the n weights, a list of floats or a tensor of shape (n,)
    returns: one number >= 0, a float or a tensor of shape ()
    """
    ### BEGIN SOLUTION
    bound = 1.0
    for w in ws:
        bound = bound * abs(w)
    return bound
    ### END SOLUTION


def dead_example():
    """(ws, x): n >= 1 weights, all above 1, and an x where f'(x) exists and equals 0."""
    ### BEGIN SOLUTION
    return [2.0, 3.0, 1.5], -1.0
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-1_1_2", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def public_tests_chain():
    def f(ws, x):
        for w in ws:
            x = max(0.0, w * x)
        return x

    for ws, x in (([3.0, 0.5], 2.0), ([0.7, 1.9, 2.0], 1.3), ([1.4, -2.0, 0.6], 0.9), ([1.5, 2.5], -0.8)):
        slope = numeric.as_float64(relu_chain_grad(ws, x)).item()
        nudged = (f(ws, x + 1e-3) - f(ws, x - 1e-3)) / 2e-3
        assert abs(slope - nudged) < 1e-4, f"weights {ws}, x = {x}: follow the values; which neurons are on?"
        bound = numeric.as_float64(relu_chain_bound(ws))
        assert bound.numel() == 1, "relu_chain_bound returns one number"
        assert bound.item() >= abs(nudged) - 1e-4, f"weights {ws}: your bound lies below a slope that occurs"
    ws, x = dead_example()
    weights = numeric.as_float64(ws)
    assert weights.ndim == 1, "dead_example returns (ws, x), ws a list of weights"
    assert (weights > 1).all(), "dead_example: all weights must be above 1"
    assert numeric.as_float64(x).numel() == 1, "dead_example returns (ws, x), x one number"
    print("public tests of 2.2 passed")


public_tests_chain()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("rnn_backprop", "s001-1.1.2", globals(), checks=[
    "chain_slope_for_any_weights",
    "chain_gate_looks_at_the_preactivation",
    "chain_slope_in_edge_cases",
    "chain_bound_is_sharp",
    "chain_bound_in_edge_cases",
    "dead_example_has_slope_zero",
    "chain_functions_keep_dtype_and_inputs",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s001-1.1.2, derivation; read by a person). Derive your bound: show
# $0 \le |f'(x)| \le B(w_1, \dots, w_n)$ and say when the upper end is reached. Then say whether the gradient
# must vanish, must explode, or neither, as $n$ grows.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s001-1_1_2", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Bound.** Layer $i$ contributes $w_i$ if its pre-activation $z_i = w_i h_{i-1}$ is positive, and 0 if it is
# negative. So $f'(x) = \prod_i w_i$ if all $z_i > 0$, else 0, and $0 \le |f'(x)| \le \prod_i |w_i|$. Since
# $h_{i-1} > 0$ behind an open gate, all gates are open exactly if $w_1 x > 0$ and $w_2, \dots, w_n > 0$; then
# the upper end is reached.
#
# **Neither is forced.** The product can stay put (all $w_i = 1$), shrink (all $|w_i| \le c < 1$) or grow (all
# $w_i \ge c > 1$ and $x > 0$). Size alone decides nothing for certain: weights above 1 with $x < 0$ give 0,
# and factors below 1 need not multiply to 0, for example $\prod_i (1 - 2^{-i}) \to 0.289$.
# ### END SOLUTION

# %% [markdown]
# ## 2.3 The Jacobian of a sigmoid RNN
#
# **Why.** With vectors the factors become matrices, and what counts is how much a product of matrices can
# stretch a vector: its largest singular value $\sigma_{\max}$.
#
# **The idea.** The network $x_{t+1} = \mathrm{sigmoid}(W x_t)$ applies one matrix over and over. Its Jacobian
# $\partial x_n / \partial x_1$ is a product of $n-1$ step Jacobians. For any two matrices
# $\sigma_{\max}(AB) \le \sigma_{\max}(A)\,\sigma_{\max}(B)$, and for a diagonal matrix $\sigma_{\max}$ is the
# largest entry in absolute value.
#
# **A small example.** One neuron, $W = 2$, $x_1 = 0$: the pre-activation is 0, where the sigmoid has slope
# $1/4$, so $\partial x_2/\partial x_1 = 2/4$. The next pre-activation is $2 \cdot \tfrac12 = 1$, and the
# slope there is smaller.
#
# **Traps.** Count the steps between $x_1$ and $x_n$. Ask at which vector each slope is taken. And mistrust
# the argument "$W^i$ has the singular values of $W$ to the power $i$": it sounds right.
#
# **Your task** (s001-1.2.1). `jacobian`; the bound for a given $\sigma_{\max}(W)$; a matrix that refutes the
# argument just quoted; and, for each size $m \ge 2$, a case that shows that nobody can improve the bound.
# Pre-activations may be huge, both positive and negative: your Jacobian must stay finite.

# %% nbgrader={"grade": false, "grade_id": "s001-1_2_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jacobian(W, x1, n):
    """The Jacobian of x_n with respect to x_1, where x_{t+1} = sigmoid(W x_t).

    W: tensor (m, m); x1: tensor (m,); n >= 1
    returns: tensor (m, m) of the dtype of W; entry [i, j] says how x_n[i] answers to x_1[j]
    """
    ### BEGIN SOLUTION
    J, x = torch.eye(len(x1), dtype=W.dtype), x1
    for _ in range(n - 1):
        x = torch.sigmoid(W @ x)
        J = (x * (1 - x))[:, None] * (W @ J)
    return J
    ### END SOLUTION


def jacobian_bound(n, smax=0.25):
    """An upper bound on the largest singular value of jacobian(W, x1, n), if smax is that of W. A number."""
    ### BEGIN SOLUTION
    return (smax / 4) ** (n - 1)
    ### END SOLUTION


def lemma_counterexample():
    """W, a square tensor: sigma_max(W @ W) is at least one percent smaller than sigma_max(W) ** 2."""
    ### BEGIN SOLUTION
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])
    ### END SOLUTION


def tight_case(m):
    """(W, x1) of size m >= 2: tensors (m, m) and (m,), with sigma_max(W) = 1/4, whose Jacobian at n = 5
    has a largest singular value of at least 0.999 times jacobian_bound(5)."""
    ### BEGIN SOLUTION
    # After one step all entries of x are equal, and W sends such vectors to 0, where the sigmoid is steepest.
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-1_2_1", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def public_tests_jacobian():
    W = torch.tensor([[0.9, -1.7, 0.4], [1.1, 0.3, -0.8], [-0.6, 2.0, 0.5]], dtype=torch.float64)
    x1 = torch.tensor([0.4, -1.2, 0.7], dtype=torch.float64)

    def last_entry(n, i):  # x_n[i] as a function of x_1
        def run(x):
            for _ in range(n - 1):
                x = torch.sigmoid(torch.mv(W, x))
            return x[i]

        return run

    for n in (2, 4):
        J = numeric.as_float64(jacobian(W.clone(), x1.clone(), n))
        assert J.shape == (3, 3), f"3 outputs, 3 inputs: the Jacobian is 3 x 3, yours is {tuple(J.shape)}"
        for i in range(3):
            nudged = numeric.finite_difference(last_entry(n, i), x1)
            assert numeric.relative_error(J[i], nudged) < 1e-5, (
                f"n = {n}: row {i} of your Jacobian is not how x_n[{i}] answers to nudges of x_1"
            )
    bounds = [numeric.as_float64(jacobian_bound(n)).item() for n in (2, 3, 4)]
    assert bounds[0] > bounds[1] > bounds[2] > 0, "the bound is positive and shrinks with every step"
    shape = numeric.as_float64(lemma_counterexample()).shape
    assert len(shape) == 2, "lemma_counterexample returns one matrix"
    assert shape[0] == shape[1], "lemma_counterexample returns a square matrix"
    W4, start = tight_case(4)
    assert numeric.as_float64(W4).shape == (4, 4), "tight_case(m) returns (W, x1); W is m x m"
    assert numeric.as_float64(start).shape == (4,), "tight_case(m) returns (W, x1); x1 has m entries"
    print("public tests of 2.3 passed")


public_tests_jacobian()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("rnn_backprop", "s001-1.2.1", globals(), checks=[
    "jacobian_matches_autograd",
    "jacobian_of_no_step_and_one_neuron",
    "jacobian_survives_saturation",
    "jacobian_bound_counts_steps_and_weights",
    "power_of_W_loses_singular_values",
    "tight_case_reaches_the_bound",
    "jacobian_keeps_dtype_and_inputs",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s001-1.2.1, derivation; read by a person). Let $\sigma_{\max}(W) = 1/4$. Prove
# $0 \le \sigma_{\max}(\partial x_n/\partial x_1) \le (1/16)^{n-1}$ without the argument that your
# counterexample refutes.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s001-1_2_1", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Factors.** Step $t$ has the Jacobian $D_t W$ with $D_t = \mathrm{diag}(s'(W x_t))$, $s$ the sigmoid. So
# $\partial x_n/\partial x_1 = D_{n-1} W \cdots D_1 W$, with $n-1$ factors $D_t$ and $n-1$ factors $W$.
#
# **Sizes.** $s' = s(1-s) \le 1/4$, since $s(1-s) = 1/4 - (s - 1/2)^2$. A diagonal matrix stretches most along
# one axis, so $\sigma_{\max}(D_t) = \max_i s'((W x_t)_i) \le 1/4$. And $\sigma_{\max}(W) = 1/4$.
#
# **Product.** Apply $\sigma_{\max}(AB) \le \sigma_{\max}(A)\,\sigma_{\max}(B)$ to all $2(n-1)$ factors one
# after the other: $\sigma_{\max} \le (1/4)^{n-1}(1/4)^{n-1} = (1/16)^{n-1}$. Powers of $W$ never appear, so
# nothing has to be said about $W^{n-1}$. Singular values are never negative, hence the lower end.
# ### END SOLUTION

# %% [markdown]
# ## 2.4 Two ways to write the same RNN
#
# **Why.** Some books put the activation before the matrix, some after it. If both are the same network, a
# theorem about one is a theorem about the other, and the next item may choose the handier form.
#
# **The idea.** Compare $h_t = W\sigma(h_{t-1}) + U x_t + b$ with $g_t = \sigma(W g_{t-1} + U x_t + b)$. Both
# have the same weights and inputs. Look for a rule that turns $h_t$ into $g_t$, whatever $t$ is.
#
# **A small example.** One neuron, $\sigma = \mathrm{relu}$, $W = 1$, $U = 1$, $b = -1$, $h_0 = g_0 = 2$,
# input $x_1 = -4$: $h_1 = 2 - 4 - 1 = -3$, $g_1 = \mathrm{relu}(2 - 4 - 1) = 0$. With $x_2 = 5$:
# $h_2 = 0 + 5 - 1 = 4$ and $g_2 = \mathrm{relu}(0 + 5 - 1) = 4$.
#
# **A trap.** For small numbers $\tanh(a) \approx a$, so a misplaced $\tanh$ is easily overlooked. The hidden
# tests use large weights, several activations and a bias; use the `sigma` that you are given.
#
# **Your task** (s002-1.1). `run_h` runs the first network; `g_from_h` is your rule.

# %% nbgrader={"grade": false, "grade_id": "s002-1_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def g_from_h(h, sigma):
    """The states of the second network from those of the first.

    h: array (d,) for one step or (T, d) for several; sigma: works elementwise on arrays
    returns: array of the shape of h
    """
    ### BEGIN SOLUTION
    return sigma(h)
    ### END SOLUTION


def run_h(W, U, b, xs, h0, sigma):
    """Run the first network, h_t = W sigma(h_{t-1}) + U x_t + b, for T >= 1 steps.

    W: (d, d); U: (d, p); b: (d,); xs: (T, p), row t-1 is x_t; h0: (d,)
    returns: array (T, d) with the rows h_1, ..., h_T
    """
    ### BEGIN SOLUTION
    states, h = [], h0
    for x in xs:
        h = W @ sigma(h) + U @ x + b
        states.append(h)
    return np.stack(states)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s002-1_1", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def public_tests_two_forms():
    def relu(a):
        return np.maximum(a, 0.0)

    xs, h0 = np.array([[-4.0], [5.0]]), np.array([2.0])
    h = numeric.as_float64(run_h(np.eye(1), np.eye(1), -np.ones(1), xs, h0, relu))
    assert h.shape == (2, 1), f"two steps, one neuron: run_h returns (2, 1), yours is {tuple(h.shape)}"
    assert np.allclose(h[:, 0], [-3.0, 4.0]), "run_h differs from the small example above (h_1 = -3, h_2 = 4)"
    g = numeric.as_float64(g_from_h(np.array([[-3.0], [4.0]]), relu))
    assert g.shape == (2, 1), "g_from_h keeps the shape of h"
    assert np.allclose(g[:, 0], [0.0, 4.0]), "g_from_h differs from the small example above (g_1 = 0, g_2 = 4)"
    one = numeric.as_float64(g_from_h(np.array([0.3, -0.2, 2.0]), np.tanh))
    assert one.shape == (3,), "h may also be a single state of shape (d,)"
    print("public tests of 2.4 passed")


public_tests_two_forms()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("rnn_backprop", "s002-1.1", globals(), checks=[
    "run_h_follows_the_recurrence",
    "run_h_uses_the_activation_it_is_given",
    "g_is_read_off_from_h",
    "both_networks_agree_at_every_step",
    "run_h_single_step_and_inputs",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s002-1.1, derivation; read by a person). State your rule for $g_t$ and prove the
# induction step: if it holds at $t-1$, it holds at $t$. What must be true of $g_0$ for the rule to hold from
# the start?

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s002-1_1", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Rule.** $g_t = \sigma(h_t)$.
#
# **Hypothesis.** $g_{t-1} = \sigma(h_{t-1})$.
#
# **Step.** $g_t = \sigma(W g_{t-1} + U x_t + b) = \sigma(W\sigma(h_{t-1}) + U x_t + b) = \sigma(h_t)$: first
# the definition of $g_t$, then the hypothesis put in for $g_{t-1}$, then the definition of $h_t$. This holds
# for every component, since $\sigma$ acts on each one alone.
#
# **Start.** $g_0 = \sigma(h_0)$ is needed, so $g_0$ must be a value that $\sigma$ takes. (A ReLU network
# started at $g_0 = -1$ has no partner $h_0$.)
# ### END SOLUTION

# %% [markdown]
# ## 2.5 When the gradient must vanish
#
# **Why.** We want one number, computed from the weights before any training, that tells whether a loss at
# step $T$ can still reach step 0.
#
# **The idea.** Keep $h_t = W\sigma(h_{t-1}) + U x_t + b$ and let $|\sigma'| \le \gamma$. Write down how $h_t$
# answers to a nudge of $h_{t-1}$, multiply the steps, and bound each factor. The operator norm
# $\|A\| = \sqrt{\lambda_1(A^\top A)}$ says how much $A$ can stretch a vector; $\|AB\| \le \|A\|\,\|B\|$.
#
# **A small example.** One neuron, $W = 0.8$, $\sigma = \tanh$, $h_0 = 0$, no input: the step factor is
# $0.8 \cdot (1 - \tanh^2 0) = 0.8$, so $J_3 = 0.512$. With $h_0 = 2$ the first factor is only
# $0.8 \cdot 0.071 = 0.057$.
#
# **Traps.** Nudge *one* entry of $h_{t-1}$: which entries of $h_t$ move, a row's or a column's? Which state
# does $\sigma'$ see? And eigenvalues of $W$ are not its stretch: think of a matrix whose square is zero.
#
# **Your task** (s002-1.2). The Jacobian of one step, that of $T$ steps (for $T = 0$ nothing happens), and the
# bound on its norm after $T$ steps that follows from $W$ and $\gamma$ alone.

# %% nbgrader={"grade": false, "grade_id": "s002-1_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_jac(W, h_prev, dsigma):
    """The Jacobian of h_t = W sigma(h_{t-1}) + U x_t + b with respect to h_{t-1}.

    W: (d, d); h_prev: h_{t-1}, (d,); dsigma: the derivative of sigma, works elementwise on arrays
    returns: array (d, d); entry [i, j] says how h_t[i] answers to h_{t-1}[j]
    """
    ### BEGIN SOLUTION
    return W * dsigma(h_prev)[None, :]
    ### END SOLUTION


def jac_T(W, U, b, xs, h0, sigma, dsigma):
    """The Jacobian of h_T with respect to h_0.

    W: (d, d); U: (d, p); b: (d,); xs: (T, p), T >= 0; h0: (d,); sigma, dsigma: elementwise on arrays
    returns: array (d, d)
    """
    ### BEGIN SOLUTION
    J, h = np.eye(len(h0)), h0
    for x in xs:
        J = step_jac(W, h, dsigma) @ J
        h = W @ sigma(h) + U @ x + b
    return J
    ### END SOLUTION


def vanishing_bound(W, gamma, T):
    """An upper bound on the operator norm of jac_T after T steps if |sigma'| <= gamma: the product of the
    bounds of its steps. W: (d, d); gamma >= 0; T >= 0; returns a number."""
    ### BEGIN SOLUTION
    return float(gamma * np.linalg.norm(W, 2)) ** T
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s002-1_2", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def public_tests_vanishing():
    def slope_of_tanh(a):
        return 1.0 - np.tanh(a) ** 2

    W, h0 = np.array([[0.7, -1.4], [0.2, 1.1]]), np.array([0.9, -0.4])
    U, b = np.array([[0.5, -0.3, 0.8], [1.0, 0.4, -0.6]]), np.array([0.3, -0.5])
    xs = np.array([[0.2, -1.0, 0.5], [1.1, 0.3, -0.7], [-0.4, 0.6, 0.1]])

    def last_entry(steps, i):  # h_T[i] as a function of h_0
        def run(h):
            h = h.numpy()
            for x in xs[:steps]:
                h = W.dot(np.tanh(h)) + U.dot(x) + b
            return h[i]

        return run

    one = numeric.as_float64(step_jac(W.copy(), h0.copy(), slope_of_tanh))
    three = numeric.as_float64(jac_T(W.copy(), U, b, xs, h0.copy(), np.tanh, slope_of_tanh))
    for J, steps, name in ((one, 1, "step_jac"), (three, 3, "jac_T")):
        assert J.shape == (2, 2), f"{name} returns a (d, d) matrix, yours is {tuple(J.shape)}"
        for i in range(2):
            nudged = numeric.finite_difference(last_entry(steps, i), h0)
            assert numeric.relative_error(J[i], nudged) < 1e-5, (
                f"{name}: row {i} is not how h_{steps}[{i}] answers to nudges of h_0"
            )
    bounds = [numeric.as_float64(vanishing_bound(0.1 * np.eye(2), 1.0, T)).item() for T in (1, 2, 5)]
    assert bounds[0] > bounds[1] > bounds[2] > 0, "with weights this small every further step shrinks the bound"
    print("public tests of 2.5 passed")


public_tests_vanishing()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("rnn_backprop", "s002-1.2", globals(), checks=[
    "step_jacobian_takes_the_slopes_at_the_inputs",
    "jac_T_matches_finite_differences",
    "jac_T_of_no_step_and_one_step",
    "vanishing_bound_is_built_on_the_stretch_of_W",
    "long_gradient_decays_below_the_bound",
    "jac_T_keeps_its_inputs_and_activation",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s002-1.2, derivation; read by a person). Let $|\sigma'| \le \gamma$ and
# $\lambda_1(W^\top W) \le \delta^2/\gamma^2$ for some $0 \le \delta < 1$. Prove
# $\|\partial h_T/\partial h_0\| \to 0$ as $T \to \infty$. Give a reason for every norm that you bound.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s002-1_2", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Steps.** Only $\sigma(h_{t-1})$ depends on $h_{t-1}$, entry by entry, so
# $\partial h_t/\partial h_{t-1} = W D_{t-1}$ with $D_{t-1} = \mathrm{diag}(\sigma'(h_{t-1}))$, and
# $J_T = W D_{T-1} \cdots W D_0$.
#
# **Norms.** $\|D v\|^2 = \sum_i d_i^2 v_i^2 \le \max_i d_i^2\,\|v\|^2$, so $\|D_t\| \le \gamma$.
# $\|W\| = \sqrt{\lambda_1(W^\top W)} \le \delta/\gamma$. The norm of a product is at most the product of the
# norms: each step has $\|W D_{t-1}\| \le \delta$, hence $\|J_T\| \le \delta^T$.
#
# **Limit.** $0 \le \|J_T\| \le \delta^T$, and $\delta^T \to 0$ because $0 \le \delta < 1$; so
# $\|J_T\| \to 0$.
# ### END SOLUTION

# %% [markdown]
# ## 2.6 And the other way round?
#
# **Why.** "Large weights, so gradients explode" is heard often. A bound that no longer forbids something does
# not make it happen.
#
# **The idea.** Turn the condition round: $\lambda_1(W^\top W) > \delta^2/\gamma^2$, that is
# $\gamma\|W\| > \delta$, for some $0 \le \delta < 1$. It is *necessary* for exploding gradients if they
# cannot explode without it. It is *sufficient* if they always explode with it.
#
# **A small example** of the two words: to win the lottery, buying a ticket is necessary and not sufficient.
#
# **Traps.** If $\gamma\|W\|$ is below 1, the last item has settled the case, and nothing new is shown. And
# $\gamma\|W\|$ is a product of two largest values: does every step attain both?
#
# **Your task** (s002-1.3). Two answers and two witnesses, all for $x_t = 0$ and $b = 0$. A witness is a dict
# with `act` (`"tanh"`, `"sigmoid"`, `"relu"` or `"identity"`), `W` ($d \times d$) and `h0` ($d$ entries). We
# compute $\gamma$, $\|W\|$ and $J_{300}$ ourselves (ReLU has slope 0 at 0). Sizes: $d \le 50$, entries at
# most $10^6$.

# %% nbgrader={"grade": false, "grade_id": "s002-1_3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def not_sufficient():
    """A dict act, W, h0 with gamma * ||W|| > 1.05 and yet ||J_300|| < 1e-6."""
    ### BEGIN SOLUTION
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}
    ### END SOLUTION


def explodes():
    """A dict act, W, h0 with ||J_300|| > 1e3."""
    ### BEGIN SOLUTION
    return {"act": "identity", "W": [[1.1]], "h0": [1.0]}
    ### END SOLUTION


# Is the reversed condition necessary for exploding gradients? Is it sufficient?
# Replace each None by True or False, and delete the `raise` below.
necessary = None
sufficient = None
### BEGIN SOLUTION
necessary = True
sufficient = False
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s002-1_3", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def public_tests_witnesses():
    for name, example in (("not_sufficient", not_sufficient()), ("explodes", explodes())):
        assert set(example) == {"act", "W", "h0"}, f"{name} returns a dict with the keys act, W and h0"
        known = ("tanh", "sigmoid", "relu", "identity")
        assert example["act"] in known, f"{name}: act is one of {', '.join(known)}"
        W, h0 = numeric.as_float64(example["W"]), numeric.as_float64(example["h0"])
        assert W.shape == (h0.numel(), h0.numel()), f"{name}: W is d x d where h0 has d entries"
        for part, what in ((W, "W"), (h0, "h0")):
            assert part.isfinite().all(), f"{name}: the entries of {what} must be finite"
    for answer in (necessary, sufficient):
        assert answer is not None, "replace both None by True or False"
    print("public tests of 2.6 passed")


public_tests_witnesses()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("rnn_backprop", "s002-1.3", globals(), checks=[
    "necessary_but_is_it_sufficient",
    "witness_lies_beyond_the_vanishing_bound",
    "witness_vanishes_beyond_the_bound",
    "witness_of_explosion_explodes",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s002-1.3, derivation; read by a person). In a few sentences: why is the condition
# necessary or not, and why is it sufficient or not?

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof-s002-1_3", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Necessary.** If the condition fails, $\gamma\|W\| \le \delta < 1$, and by the last item the gradient
# vanishes. So it can explode only if the condition holds.
#
# **Not sufficient.** $\gamma\|W\|$ bounds each factor from above only. If $\delta < \gamma\|W\| < 1$, the
# gradient still vanishes. Even far above 1 it may: a saturated $\tanh$ has slopes near 0 however large $W$
# is, and with the identity and $W = \begin{pmatrix} 0 & 50 \\ 0 & 0 \end{pmatrix}$ we get $J_2 = W^2 = 0$.
# ### END SOLUTION

# %% [markdown]
# ## What you have found, in a picture
#
# Below, your `jac_T` and your `vanishing_bound` at work, on a logarithmic axis. Solid lines are measured
# gradient norms; the dashed line of the same colour is the bound. Lines of one colour have the same
# $\gamma\,\sigma_{\max}(W)$ on both sides: 0.5, 0.9, 1.2 and 5. Below 1 the dashed line forces its solid line
# down. Above 1 it only says how fast the gradient could grow at most. What do the two red lines do, and which
# of your answers in 2.6 do they illustrate?

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-depth", "locked": true, "schema_version": 3, "solution": false, "task": false}
from seq2kit.depth import gradient_norm_against_depth

gradient_norm_against_depth(globals().get("jac_T"), globals().get("vanishing_bound"))
