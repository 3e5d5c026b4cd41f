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

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import numpy as np
import torch

from seq2kit import numeric, pictures
from seq2kit.rnn import graphs

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
# Any size may be 1 (one state, one class, one step), and weights, states and gradients may be of any
# magnitude, exactly zero or in the thousands.

# %% figure="picture-unrolled"
pictures.unrolled_rnn(3)

# %% [markdown]
# The same model in code. You may use these functions in your answers.


# %% locked="model"
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

# %% locked="finite-differences"
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


# %% answer="s000-3.1"
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


# %% tests="s000-3.1"
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

# %% [markdown]
# Look at what you built. Red marks what should make you suspicious: an edge that runs against time, a node
# whose name does not belong to this network.

# %% figure="picture-graph"
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


# %% answer="s000-3.2.1"
def dJ_do(o: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Gradient of -sum_k y_k log softmax(o)_k with respect to o.

    o: logits (..., K); y: targets (..., K), rows sum to 1; returns (..., K).
    """
    ### BEGIN SOLUTION
    return torch.softmax(o, dim=-1) - y
    ### END SOLUTION


# %% tests="s000-3.2.1"
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


# %% answer="s000-3.2.2"
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


# %% tests="s000-3.2.2"
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

# %% [markdown]
# **Write it down** (s000-3.2.2, derivation; read by a person). Derive your formula in a few lines: show
# from the sum over paths, or by induction on $t - i$, why $\partial J_t / \partial h_i$ is what your code
# computes for $i \le t$. Say which paths lead from $h_i$ to $J_t$, what one step contributes and in which
# order the factors stand, and why the gradient is zero for $i > t$. LaTeX between dollar signs works; plain
# text is fine.

# %% [markdown] answer="s000-3.2.2-proof" grade_id="proof-s000-3_2_2"
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


# %% figure="picture-norms"
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
