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
# **Your task** (s000-3.2.3, the terms). What each use of $W_{hh}$ contributes to $\partial J_t/\partial W_{hh}$, one
# matrix per step, nothing added up yet. All gradients $g_{h_i} = \partial J_t / \partial h_i$,
# $i = 1, \dots, t$, are given as rows of `gh`, and the states $h_0, \dots, h_{t-1}$ as rows of `h`.


# %% answer="s000-3.2.3-outer"
def terms_of_dJt_dWhh(gh: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """The gradient of the loss of one step t with respect to each copy of Whh, the copy of step i at index i - 1.

    gh: (t, H), gradients at h_1, ..., h_t; h: (t, H), the states h_0, ..., h_{t-1}; returns (t, H, H).
    """
    ### BEGIN SOLUTION
    return gh[:, :, None] * h[:, None, :]
    ### END SOLUTION


# %% tests="s000-3.2.3-outer"
def public_tests_terms():
    Whh, Whx, Wyh, h0, x, y = small_problem(T=3, seed=7)
    h = rnn_states(Whh, Whx, h0, x)

    def loss(i, matrix):  # J_3 when step i uses `matrix` and every other step uses Whh
        state = h0
        for step, x_t in enumerate(x, start=1):
            state = (matrix if step == i else Whh) @ state + Whx @ x_t
        return cross_entropy(Wyh @ state, y[-1])

    def loss_from(i, state):  # J_3 when the state of step i is `state`
        return cross_entropy(Wyh @ rnn_states(Whh, Whx, state, x[i:])[-1], y[-1])

    rows = [numeric.finite_difference(lambda state, i=i: loss_from(i, state), h[i]) for i in (1, 2, 3)]
    got = numeric.as_float64(terms_of_dJt_dWhh(torch.stack(rows), h[:3].clone()))
    assert got.shape == (3, 4, 4), f"three uses of a 4 x 4 matrix: expected (3, 4, 4), got {tuple(got.shape)}"
    for i in (1, 2, 3):
        nudged = numeric.finite_difference(lambda matrix, i=i: loss(i, matrix), Whh)
        assert numeric.relative_error(got[i - 1], nudged) < 1e-5, (
            f"a term is how J_3 answers to the copy of one step: nudging that of step {i} moves it otherwise; "
            "which two vectors meet there, and which of them gives the rows?"
        )
    one = numeric.as_float64(terms_of_dJt_dWhh(torch.tensor([[3.0]]), torch.tensor([[2.0]])))
    assert tuple(one.shape) == (1, 1, 1) and float(one) == 6, "one step and one state: a single product"
    print("public tests of 1.4, the terms, passed")


public_tests_terms()

# %% [markdown]
# Red makes the loss grow, blue makes it fall. Each term is an outer product: all its rows are one and the same old
# state, times one number each. The last picture is what the *shared* matrix gets. Does it look like the last term?

# %% figure="picture-terms"
pictures.when_ready("terms_of_dJt_dWhh", lambda: outer.terms_of_a_run(terms_of_dJt_dWhh, *small_problem(T=4, seed=7)))

# %% [markdown]
# **Your task** (s000-3.2.3). Now the one shared matrix: `gh` and `h` are given as before. Return
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
            f"a gradient has the shape of its matrix: (4, 4), not {tuple(got.shape)}"
        )
        nudged = numeric.finite_difference(
            lambda W: cross_entropy(Wyh @ rnn_states(W, Whx, h0, x)[-1], y[t - 1]), Whh
        )
        ask = "are rows new, columns old?" if t == 1 else "does every use of Whh contribute?"
        assert numeric.relative_error(got, nudged) < 1e-5, (
            f"the gradient is how J_t answers to the entries of Whh: with t = {t} it is not; {ask}"
        )
    print("public tests of 1.4, the whole, passed")


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
# **A tiny example.** One number per state, $W_{hh} = 2$, $W_{yh} = 1$, two steps, with $g_{o_1} = 3$ and
# $g_{o_2} = 5$. The last state is seen by $J_2$ only: $\delta_2 = 5$. The first is seen by $J_1$ at once, and
# by $J_2$ through $h_2$: $\delta_1 = 3 + 2 \cdot 5 = 13$. Here is the trap: whoever follows one arrow and
# forgets the other gets 3 or 10.
#
# **Your task** (s000-3.2.4, the way back). All $\delta_1, \dots, \delta_T$ from the gradients at the logits.


# %% answer="s000-3.2.4-delta"
def dJ_dh(g_o: torch.Tensor, Wyh: torch.Tensor, Whh: torch.Tensor) -> torch.Tensor:
    """Gradient of the total loss with respect to every state: row i - 1 is dJ/dh_i.

    g_o: (T, Y), row t - 1 is the gradient of J_t at o_t; Wyh: (Y, H); Whh: (H, H); T >= 1; returns (T, H).
    """
    ### BEGIN SOLUTION
    delta = torch.zeros_like(Whh[0])
    rows = []
    for at_logits in g_o.flip(0):
        delta = Wyh.T @ at_logits + Whh.T @ delta
        rows.append(delta)
    return torch.stack(rows[::-1])
    ### END SOLUTION


# %% tests="s000-3.2.4-delta"
def public_tests_way_back():
    one = torch.ones(1, 1, dtype=torch.float64)
    by_hand = numeric.as_float64(dJ_dh(torch.tensor([[3.0], [5.0]], dtype=torch.float64), one, 2 * one))
    assert by_hand.shape == (2, 1), f"two states of one number: expected (2, 1), got {tuple(by_hand.shape)}"
    assert torch.allclose(by_hand[:, 0], torch.tensor([13.0, 5.0], dtype=torch.float64)), (
        "the tiny example above has 13 at h_1 and 5 at h_2: do both arrows that leave h_1 count?"
    )
    Whh, Whx, Wyh, h0, x, y = small_problem(T=3, seed=8)
    h = rnn_states(Whh, Whx, h0, x)
    g_o = numeric.finite_difference(lambda o: cross_entropy(o, y).sum(), h[1:] @ Wyh.T)
    got = numeric.as_float64(dJ_dh(g_o, Wyh.clone(), Whh.clone()))
    assert got.shape == (3, 4), f"three states of four numbers: expected (3, 4), got {tuple(got.shape)}"
    for i in (3, 2, 1):  # J as a function of h_i: the losses of step i and of all steps after it
        nudged = numeric.finite_difference(
            lambda state, i=i: cross_entropy(rnn_states(Whh, Whx, state, x[i:]) @ Wyh.T, y[i - 1 :]).sum(), h[i]
        )
        assert numeric.relative_error(got[i - 1], nudged) < 1e-5, (
            f"a row is how the total loss answers to one state: nudging h_{i} moves it otherwise; "
            "how does a gradient pass one step back?"
        )
    print("public tests of 1.5, the way back, passed")


public_tests_way_back()

# %% [markdown]
# **Two traps** on the last stretch. `total = g_list[0]` followed by `total += ...` writes into the caller's first gradient:
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
        f"combining (2, 2) gradients gives a (2, 2) gradient: not {tuple(together.shape)}"
    )
    assert float(together[1, 0]) == 30, (
        "a loss without gradient for a weight: that of the others stays as it is"
    )
    assert float(parts[0][0, 0]) == 1, (
        "the list still belongs to the caller: its first gradient has been overwritten"
    )
    for T in (1, 3):
        Whh, Whx, Wyh, h0, x, y = small_problem(T=T, seed=5)
        got = numeric.as_float64(bptt(Whh, Whx, Wyh, h0, x, y))
        assert got.shape == Whh.shape, (
            f"a gradient has the shape of its matrix: (4, 4), not {tuple(got.shape)}"
        )
        nudged = numeric.finite_difference(lambda W: total_loss(W, Whx, Wyh, h0, x, y), Whh)
        assert numeric.relative_error(got, nudged) < 1e-5, (
            f"bptt is how J answers to the entries of Whh: for T = {T} nudging them moves it otherwise; "
            "work through T = 1 by hand first"
        )
    one = torch.ones(1, 1, dtype=torch.float64)
    assert numeric.as_float64(dJ_dWhh(3 * one[None])).tolist() == [[3.0]], "one loss: its gradient is that of the total"
    rest = one, torch.cat([one, -one]), one[0], torch.tensor([[0.3], [-0.2]]).double(), torch.eye(2, dtype=torch.float64)
    got = numeric.as_float64(bptt(0.5 * one, *rest))
    nudged = numeric.finite_difference(lambda W: total_loss(W, *rest), 0.5 * one)
    assert numeric.relative_error(got, nudged) < 1e-5, "a state of one number: its gradient is not how J answers to Whh"
    print("public tests of 1.5, the whole, passed")


public_tests_total()

# %% [markdown]
# **Before you go on.** Go back to the picture after 1.3 and to the way back in 1.5. The same matrix
# multiplies the gradient at every step, so after many steps what counts is how that matrix acts when it is
# applied over and over. With a nonlinearity in the state, a second factor joins in at each step. How far
# can one get with nothing but a *bound* on both? That is Part 2.
