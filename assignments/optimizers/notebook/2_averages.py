# %% [markdown]
# # Part 2: Running averages
#
# ## 2.1 What an average remembers
#
# **Why.** "$\beta = 0.999$" says little until you know which gradients still count after a thousand steps. From here on, vectors are numpy
# arrays of float64, until torch comes back in 2.3.
#
# **The idea.** Put $v_{t-1}$ into $v_t = \beta v_{t-1} + (1 - \beta) g_t$, then $v_{t-2}$, and so on down to $v_0 = 0$. What
# is left is a weighted sum of $g_1, \dots, g_t$ and nothing else.
#
# **By hand.** $\beta = 0.5$, $t = 2$: $v_2 = 0.5\,(0.5\,g_1) + 0.5\,g_2$, so the weights are $0.25$ and $0.5$.
#
# **Traps.** The weights of $v_t$ are asked, not those of a step. There are $t$ of them, the oldest first. $\beta$ may be 0, and $t$
# a few thousand.
#
# **Your task** (s002-2.2).

# %% answer="s002-2.2"
def unrolled_coeffs(beta: float, t: int) -> np.ndarray:
    """The t numbers c with v_t = c[0] g_1 + ... + c[t-1] g_t; 0 <= beta < 1, t >= 1."""
    ### BEGIN SOLUTION
    return (1 - beta) * beta ** np.arange(t - 1, -1, -1.0)
    ### END SOLUTION

# %% tests="s002-2.2"
def public_tests_memory():
    gradients = np.array([[1.0, -2.0], [0.5, 3.0], [-4.0, 1.0], [2.0, 0.25]])
    for beta in (0.5, 0.9, 0.0):
        v = np.zeros(2)
        for t, g in enumerate(gradients, 1):
            v = beta * v + (1 - beta) * g
            c = numeric.as_float64(unrolled_coeffs(beta, t)).numpy()
            assert c.shape == (t,), "one weight for each gradient: t of them"
            assert np.allclose(c @ gradients[:t], v), f"the weighted sum is v_t: beta {beta}, t = {t}"
    assert np.isfinite(numeric.as_float64(unrolled_coeffs(0.5, 3000)).numpy()).all(), "t = 3000: the oldest weights are 0, and no error"


public_tests_memory()

# %% figure="memory"
when_ready("unrolled_coeffs", lambda: optimizer_pictures.memory({
    f"$\\beta$ = {beta:g}, t = {t}": numeric.as_float64(unrolled_coeffs(beta, t)).tolist()
    for beta, t in ((0.5, 40), (0.9, 40), (0.99, 40))
}))

# %% [markdown]
# Look at the sums in the legend. An average whose weights sum to a third is not an average yet.
#
# ## 2.2 Its bias, and the cure
#
# **Why.** Adam divides by the root of such an average. With $\beta_2 = 0.999$ the first of them is a thousandth of the squared gradient, and
# a step that is divided by its root is thirty times too long.
#
# **The idea.** Let all $g_t$ have the same expectation. Take the expectation of your weighted sum of 2.1: which factor stands
# between $E[v_t]$ and $E[g_t]$? Sum the weights, and mind that they are a geometric series.
#
# **By hand.** $\beta = 0.9$, all gradients 5: $v_1 = 0.5$, $v_2 = 0.95$. Which number must you divide each by to get 5?
#
# **Traps.** The repair is a *rescaling*: nothing is added or subtracted, so 0 stays exactly 0. The formula holds for $t$ in the thousands too.
#
# **Your task** (s002-2.3).

# %% answer="s002-2.3"
def bias_factor(beta: float, t: int) -> float:
    """The number f with E[v_t] = f E[g_t] when all gradients have the same expectation; 0 <= beta < 1, t >= 1."""
    ### BEGIN SOLUTION
    return 1 - beta**t
    ### END SOLUTION


def debias(v: np.ndarray, beta: float, t: int) -> np.ndarray:
    """v_t rescaled so that its expectation is that of the gradients; an array of the shape of v (any number of axes)."""
    ### BEGIN SOLUTION
    return np.asarray(v) / bias_factor(beta, t)
    ### END SOLUTION

# %% tests="s002-2.3"
def public_tests_bias():
    g = np.array([[2.0, -3.0, 0.0]])
    for beta in (0.9, 0.999, 0.0):
        v = np.zeros((1, 3))
        for t in range(1, 5):
            v = beta * v + (1 - beta) * g
            assert np.allclose(float(bias_factor(beta, t)) * g, v), f"the factor: v_t is it times g, all gradients being g; t = {t}"
            fixed = numeric.as_float64(debias(v.copy(), beta, t)).numpy()
            assert fixed.shape == (1, 3), "the shape of v stays: one number for each of its entries"
            assert np.allclose(fixed, g), f"repaired: constant gradients come back as they are; t = {t}"
    late = numeric.as_float64(debias(np.array([2.5]), 0.9, 3000)).numpy()
    assert np.allclose(late, 2.5), "late: after 3000 steps with beta = 0.9 there is nothing to repair"
    late = numeric.as_float64(debias(np.array([2.5 * (1 - 0.9995**2000)]), 0.9995, 2000)).numpy()
    assert np.allclose(late, 2.5), "a long memory: with beta = 0.9995 there still is after 2000"


public_tests_bias()

# %% [markdown]
# **Write it down** (s002-2.3, derivation; read by a person). Derive $E[v_t]$ from the weighted sum, say exactly when $v_t$ is biased
# (not always!), and show that your rescaling has the expectation of the gradients. At most ten lines.

# %% [markdown] answer="s002-2.3-derivation"
# ### BEGIN SOLUTION
# **Expectation.** $v_t = \sum_{i=1}^{t} (1-\beta)\beta^{t-i} g_i$, and expectation is linear: $E[v_t] = (1-\beta)\sum_{i=1}^t
# \beta^{t-i} E[g_i]$. All $E[g_i]$ equal $E[g]$, and $\sum_{i=1}^t \beta^{t-i} = (1-\beta^t)/(1-\beta)$, so $E[v_t] = (1-\beta^t)E[g]$.
#
# **Bias.** $E[v_t] - E[g] = -\beta^t E[g]$. It is 0 only if $E[g] = 0$ (or $\beta = 0$). For $E[g] \ne 0$ and $0 < \beta < 1$ the average is too small at
# every finite $t$, and fades in.
#
# **Cure.** $E[v_t / (1-\beta^t)] = E[g]$, again by linearity, since $1-\beta^t$ is a number.
# ### END SOLUTION

# %% [markdown]
# ## 2.3 Adam
#
# **The rule** (Kingma and Ba 2015). Two running averages per entry, one of the gradient and one of its square, both repaired as in 2.2:
#
# $$m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, \quad v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \quad
# \theta_t = \theta_{t-1} - \eta\,\frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}, \quad \hat m_t = \frac{m_t}{1-\beta_1^t},\ \hat v_t = \frac{v_t}{1-\beta_2^t}.$$
#
# **By hand.** The first step, $g_1 = 7$, $\epsilon$ negligible: $\hat m_1 = 7$, $\hat v_1 = 49$, the step is $-\eta$. And for $g_1 = 0.001$? The size
# of a gradient cancels; only its sign and its regularity count.
#
# **Traps.** $\epsilon$ stands outside of the root, with and without the correction. An entry whose gradient was always exactly 0 does not move; one
# whose gradient is 0 for once does, for its averages remember. The first step is $t = 1$, and you have to count for yourself: put the count
# into the state.
#
# **Your task** (s002-2.3, Adam). With `correct=False` the hats are left out: $m_t$ and $v_t$ are used as they are.

# %% answer="s002-2.3-adam"
def adam_step(
    params: list[Tensor], grads: list[Tensor], state, *, lr: float, beta1: float = 0.9, beta2: float = 0.999,
    eps: float = 1e-8, correct: bool = True,
) -> tuple[list[Tensor], object]:
    """One step of Adam, as torch.optim.Adam makes it; without bias correction where `correct` is False.

    params, grads: lists of tensors, grads[i] of the shape of params[i]; state: None at the first step, then what the call before
    returned. Returns (new params, new state); the dtype of each tensor stays, and neither params nor grads are changed.
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"t": 0, "m": [torch.zeros_like(p) for p in params], "v": [torch.zeros_like(p) for p in params]}
    t = state["t"] + 1
    ms = [beta1 * m + (1 - beta1) * g for m, g in zip(state["m"], grads, strict=True)]
    vs = [beta2 * v + (1 - beta2) * g * g for v, g in zip(state["v"], grads, strict=True)]
    first, second = (1 - beta1**t, 1 - beta2**t) if correct else (1.0, 1.0)
    moved = [p - lr * (m / first) / ((v / second).sqrt() + eps) for p, m, v in zip(params, ms, vs, strict=True)]
    return moved, {"t": t, "m": ms, "v": vs}
    ### END SOLUTION

# %% tests="s002-2.3-adam"
def public_tests_adam():
    for dtype in (torch.float64, torch.float32):
        for more in ({"eps": 1e-8}, {"eps": 0.3}):
            pairs = beside_torch(
                lambda theirs: torch.optim.Adam(theirs, lr=0.05, betas=(0.9, 0.99), **more),
                lambda params, grads, state: adam_step(params, grads, state, lr=0.05, beta1=0.9, beta2=0.99, **more),
                dtype,
            )
            assert pairs[0][0].dtype == dtype, "the dtype stays: float32 in, float32 out"
            assert torch.allclose(*pairs[0], rtol=1e-4), f"the first step is torch's: eps = {more['eps']}"
            assert all(torch.allclose(*pair, rtol=1e-3, atol=1e-6) for pair in pairs), f"later steps are torch's: eps = {more['eps']}"
    still = [torch.ones(2, dtype=torch.float64)]
    moved, _ = adam_step(still, [torch.tensor([0.0, 3.0], dtype=torch.float64)], None, lr=0.1)
    assert float(moved[0][0]) == 1.0, "a gradient of exactly 0: its weight stays where it is"
    assert abs(float(moved[0][1]) - 0.9) < 1e-6, "the first step: one learning rate long, whatever the gradient"
    g = [torch.tensor([0.0, 3.0], dtype=torch.float64)]
    first, state = adam_step(still, g, None, lr=0.1)
    second, _ = adam_step(first, g, state, lr=0.01)
    assert abs(float(first[0][1] - second[0][1]) - 0.01) < 1e-6, "a new learning rate: equal gradients make a step as long as it"
    bare, _ = adam_step(still, [torch.tensor([3.0, -3.0], dtype=torch.float64)], None, lr=0.1, correct=False)
    assert abs(float(bare[0][0]) - (1 - 0.1 * 0.1 / math.sqrt(0.001))) < 1e-6, "correct=False: m and v as they are"
    bare, _ = adam_step(still, [torch.tensor([0.0, 3.0], dtype=torch.float64)], None, lr=0.1, eps=0.5, correct=False)
    assert float(bare[0][0]) == 1.0, "correct=False and a gradient of exactly 0: its weight stays where it is"
    assert abs(float(bare[0][1]) - (1 - 0.1 * 0.3 / (0.5 + 3 * math.sqrt(0.001)))) < 1e-6, "correct=False: epsilon beside the bare root"


public_tests_adam()

# %% [markdown]
# **See it: the first steps.** Adam on noisy gradients (mean 1, standard deviation 1; 200 runs, one weight each). With the correction the
# first step is exactly one learning rate long. Without it the first is $0.1/\sqrt{0.001} \approx 3.2$ rates long, and then it gets *worse*: $m_t$ has
# faded in after some ten steps, $v_t$ only after a thousand. This is one reason for which learning rates are warmed up.

# %% figure="first-steps"
def lengths_of_steps(correct, steps=1000, runs=200):
    noise = 1 + torch.randn(steps, runs, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    params, state, lengths = [torch.zeros(runs, dtype=torch.float64)], None, []
    for g in noise:
        moved, state = adam_step(params, [g], state, lr=0.01, correct=correct)
        lengths.append((moved[0] - params[0]).abs())
        params = list(moved)
    return torch.stack(lengths, dim=1).numpy()


when_ready("adam_step", lambda: optimizer_pictures.first_steps(
    {"with bias correction": lengths_of_steps(True), "without": lengths_of_steps(False)}, rate=0.01
))

# %% [markdown]
# **See it: paths.** In a valley that bends. Adam's steps are about one learning rate long in steep and in flat directions alike, also where the
# gradient is small. That helps on the way. Near the lowest point, where the gradients of a real model are noise above all, it goes on jumping
# by one learning rate. Keep this in mind for the race.

# %% figure="bend"
def bend_paths(sgd_lr, adam_lr, beta2, steps):
    def path(step):
        return surfaces.walk(one_weight_vector(step), surfaces.BEND, int(steps))

    return optimizer_pictures.trajectories(surfaces.BEND, {
        f"momentum 0.9, lr {sgd_lr:g}": path(lambda *given: sgd_step(*given, lr=sgd_lr, momentum=0.9)),
        f"Adam, lr {adam_lr:g}": path(lambda *given: adam_step(*given, lr=adam_lr, beta2=beta2)),
        "Adam without correction": path(lambda *given: adam_step(*given, lr=adam_lr, beta2=beta2, correct=False)),
    })


when_ready("adam_step", lambda: explore.sliders(bend_paths, {
    "sgd_lr": (0.001, 0.05, 0.001, 0.005), "adam_lr": (0.01, 0.5, 0.01, 0.15), "beta2": (0.5, 0.995, 0.005, 0.99),
    "steps": (5, 150, 5, 80),
}))
