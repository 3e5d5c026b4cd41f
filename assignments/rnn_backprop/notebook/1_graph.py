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
# | 1. Backpropagation through time | eight exercises and one short derivation on a linear RNN | about 90 minutes |
# | 2. How gradients vanish | chains of ReLUs, sigmoids and general activations; bounds and counterexamples | about 75 minutes |
# | 3. Does it matter in training? | predict how far back three kinds of cell can look, train them, compare | about 40 minutes |
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
import math
from collections.abc import Callable

import numpy as np
import torch

from seq2kit import numeric, pictures
from seq2kit.rnn import graphs, outer

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
