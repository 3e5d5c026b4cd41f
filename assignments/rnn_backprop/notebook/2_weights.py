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


# %% answer="s000-3.2.3"
def dJt_dWhh(gh: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """Gradient of the loss of one step t with respect to the shared matrix Whh.

    gh: (t, H), gradients at h_1, ..., h_t; h: (t, H), the states h_0, ..., h_{t-1}; returns (H, H).
    """
    ### BEGIN SOLUTION
    return gh.T @ h
    ### END SOLUTION


# %% tests="s000-3.2.3"
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


# %% answer="s000-3.2.4"
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


# %% tests="s000-3.2.4"
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

# %% [markdown]
# **Before you go on.** Go back to the picture after 1.3 and to the way back in 1.5. The same matrix
# multiplies the gradient at every step, so after many steps what counts is how that matrix acts when it is
# applied over and over. With a nonlinearity in the state, a second factor joins in at each step. How far
# can one get with nothing but a *bound* on both? That is Part 2.
