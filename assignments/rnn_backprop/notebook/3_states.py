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
            f"a gradient at a state has the shape of the state: (4,), not {tuple(got.shape)}"
        )
        nudged = numeric.finite_difference(loss_from(i), h[i])
        assert got.abs().max() > 0, (
            f"nudging h_{i} does move J_3: follow the edges that leave h_{i} in your graph"
        )
        assert numeric.relative_error(got, nudged) < 1e-5, (
            f"the gradient is how J_3 answers to nudges of h_{i}: yours is not; "
            "compare how a state passes one step and how a gradient does"
        )
    future = numeric.as_float64(dJt_dhi(g_o, Wyh, Whh, 1, 3))
    assert future.shape == (4,) and future.abs().max() == 0, (
        "J_1 was known before h_3: nudging h_3 cannot change it"
    )
    one = torch.ones(1, 1, dtype=torch.float64)
    alone = numeric.as_float64(dJt_dhi(3 * one[0], 2 * one, 5 * one, 2, 1))
    assert alone.tolist() == [30.0], "one logit and one state: 3 at the logit is 3 * 2 * 5 one step before the state"
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
