# %% [markdown]
# ## 2.2 The Jacobian of a sigmoid RNN
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

# %% answer="s001-1.2.1"
def jacobian(W: torch.Tensor, x1: torch.Tensor, n: int) -> torch.Tensor:
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


def jacobian_bound(n: int, smax: float = 0.25) -> float:
    """An upper bound on the largest singular value of jacobian(W, x1, n), if smax is that of W. A number."""
    ### BEGIN SOLUTION
    return (smax / 4) ** (n - 1)
    ### END SOLUTION


def lemma_counterexample() -> torch.Tensor:
    """W, a square tensor: sigma_max(W @ W) is at least one percent smaller than sigma_max(W) ** 2."""
    ### BEGIN SOLUTION
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])
    ### END SOLUTION


def tight_case(m: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(W, x1) of size m >= 2: tensors (m, m) and (m,), with sigma_max(W) = 1/4, whose Jacobian at n = 5
    has a largest singular value of at least 0.999 times jacobian_bound(5)."""
    ### BEGIN SOLUTION
    # After one step all entries of x are equal, and W sends such vectors to 0, where the sigmoid is steepest.
    W = (torch.eye(m, dtype=torch.float64) - 1 / m) / 4
    return W, torch.zeros(m, dtype=torch.float64)
    ### END SOLUTION

# %% tests="s001-1.2.1"
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
    one = numeric.as_float64(jacobian(torch.tensor([[2.0]]), torch.tensor([0.5]), 2))
    assert one.shape == (1, 1), f"one neuron: the Jacobian is 1 x 1, yours is {tuple(one.shape)}"
    assert abs(one.item() - 0.3932) < 1e-3, "one neuron: w times the slope of the sigmoid at w x"
    assert numeric.as_float64(jacobian_bound(3, 0.5)).item() > numeric.as_float64(jacobian_bound(3, 0.25)).item(), (
        "a larger singular value of W allows a larger one of the Jacobian"
    )
    bounds = [numeric.as_float64(jacobian_bound(n)).item() for n in (2, 3, 4)]
    assert bounds[0] > bounds[1] > bounds[2] > 0, "the bound is positive and shrinks with every step"
    shape = numeric.as_float64(lemma_counterexample()).shape
    assert len(shape) == 2, "lemma_counterexample returns one matrix"
    assert shape[0] == shape[1], "lemma_counterexample returns a square matrix"
    W4, start = tight_case(4)
    assert numeric.as_float64(W4).shape == (4, 4), "tight_case(m) returns (W, x1); W is m x m"
    assert numeric.as_float64(start).shape == (4,), "tight_case(m) returns (W, x1); x1 has m entries"
    print("public tests of 2.2 passed")


public_tests_jacobian()

# %% [markdown]
# **Write it down** (s001-1.2.1, derivation; read by a person). Let $\sigma_{\max}(W) = 1/4$. Prove
# $0 \le \sigma_{\max}(\partial x_n/\partial x_1) \le (1/16)^{n-1}$ without the argument that your
# counterexample refutes.

# %% [markdown] answer="s001-1.2.1-proof" grade_id="proof-s001-1_2_1"
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
# ## 2.3 Two ways to write the same RNN
#
# **Why.** Some books put the activation before the matrix, some after it. If both are the same network, a
# theorem about one is a theorem about the other, and the next exercise may choose the handier form.
#
# **The idea.** Compare $h_t = W\sigma(h_{t-1}) + U x_t + b$ with $g_t = \sigma(W g_{t-1} + U x_t + b)$. Both
# have the same weights and inputs. Look for a rule that turns $h_t$ into $g_t$, whatever $t$ is.
#
# **A small example.** One neuron, $\sigma = \mathrm{relu}$, $W = 1$, $U = 1$, $b = -1$, $h_0 = g_0 = 2$,
# input $x_1 = -4$: $h_1 = 2 - 4 - 1 = -3$, $g_1 = \mathrm{relu}(2 - 4 - 1) = 0$. With $x_2 = 5$:
# $h_2 = 0 + 5 - 1 = 4$ and $g_2 = \mathrm{relu}(0 + 5 - 1) = 4$.
#
# **A trap.** For small numbers $\tanh(a) \approx a$, so a misplaced $\tanh$ is easily overlooked. The hidden
# checks use large weights, several activations and a bias; use the `sigma` that you are given.
#
# **Your task** (s002-1.1). `run_h` runs the first network; `g_from_h` is your rule.

# %% answer="s002-1.1"
def g_from_h(h: np.ndarray, sigma: Callable) -> np.ndarray:
    """The states of the second network from those of the first.

    h: array (d,) for one step or (T, d) for several; sigma: works elementwise on arrays
    returns: array of the shape of h
    """
    ### BEGIN SOLUTION
    return sigma(h)
    ### END SOLUTION


def run_h(
    W: np.ndarray, U: np.ndarray, b: np.ndarray, xs: np.ndarray, h0: np.ndarray, sigma: Callable
) -> np.ndarray:
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

# %% tests="s002-1.1"
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
    print("public tests of 2.3 passed")


public_tests_two_forms()

# %% [markdown]
# **Write it down** (s002-1.1, derivation; read by a person). State your rule for $g_t$ and prove the
# induction step: if it holds at $t-1$, it holds at $t$. What must be true of $g_0$ for the rule to hold from
# the start?

# %% [markdown] answer="s002-1.1-proof" grade_id="proof-s002-1_1"
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
# ## 2.4 When the gradient must vanish
#
# **Why.** We want one number, computed from the weights before any training, that tells whether a loss at
# step $T$ can still reach step 0. ([Pascanu et al. 2013](https://arxiv.org/abs/1211.5063) made this bound known.)
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

# %% answer="s002-1.2"
def step_jac(W: np.ndarray, h_prev: np.ndarray, dsigma: Callable) -> np.ndarray:
    """The Jacobian of h_t = W sigma(h_{t-1}) + U x_t + b with respect to h_{t-1}.

    W: (d, d); h_prev: h_{t-1}, (d,); dsigma: the derivative of sigma, works elementwise on arrays
    returns: array (d, d); entry [i, j] says how h_t[i] answers to h_{t-1}[j]
    """
    ### BEGIN SOLUTION
    return W * dsigma(h_prev)[None, :]
    ### END SOLUTION


def jac_T(
    W: np.ndarray, U: np.ndarray, b: np.ndarray, xs: np.ndarray, h0: np.ndarray, sigma: Callable, dsigma: Callable
) -> np.ndarray:
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


def vanishing_bound(W: np.ndarray, gamma: float, T: int) -> float:
    """An upper bound on the operator norm of jac_T after T steps if |sigma'| <= gamma: the product of the
    bounds of its steps. W: (d, d); gamma >= 0; T >= 0; returns a number."""
    ### BEGIN SOLUTION
    return float(gamma * np.linalg.norm(W, 2)) ** T
    ### END SOLUTION

# %% tests="s002-1.2"
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
    one = np.ones((1, 1))
    step = numeric.as_float64(step_jac(0.5 * one, np.zeros(1), slope_of_tanh))
    assert step.tolist() == [[0.5]], "one neuron at 0, where tanh has slope 1: its weight"
    none = numeric.as_float64(jac_T(0.5 * one, one, np.ones(1), np.zeros((0, 1)), np.ones(1), np.tanh, slope_of_tanh))
    assert none.tolist() == [[1.0]], "after no steps at all the last state is the first"
    assert abs(numeric.as_float64(vanishing_bound(0.5 * one, 1.0, 0)).item() - 1) < 1e-9, "T = 0: nothing has shrunk yet"
    print("public tests of 2.4 passed")


public_tests_vanishing()

# %% [markdown]
# **Write it down** (s002-1.2, derivation; read by a person). Let $|\sigma'| \le \gamma$ and
# $\lambda_1(W^\top W) \le \delta^2/\gamma^2$ for a fixed $\delta$ with $0 \le \delta < 1$. Prove
# $\|\partial h_T/\partial h_0\| \to 0$ as $T \to \infty$. Give a reason for every norm that you bound.

# %% [markdown] answer="s002-1.2-proof" grade_id="proof-s002-1_2"
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
# ## 2.5 And the other way round?
#
# **Why.** "Large weights, so gradients explode" is heard often. A bound that no longer forbids something does
# not make it happen.
#
# **The idea.** Fix a number $\delta$ with $0 \le \delta < 1$. For this same $\delta$ turn the condition of the last
# proof round: $\lambda_1(W^\top W) > \delta^2/\gamma^2$, that is $\gamma\|W\| > \delta$. It is *necessary* for
# exploding gradients if they cannot explode without it. It is *sufficient* if they always explode with it.
#
# **A small example** of the two words: to win the lottery, buying a ticket is necessary and not sufficient.
#
# **Traps.** If $\gamma\|W\|$ is below 1, the last exercise has settled the case, and nothing new is shown. And
# $\gamma\|W\|$ is a product of two largest values: does every step attain both?
#
# **Your task** (s002-1.3). Two answers and two witnesses, all for $x_t = 0$ and $b = 0$. A witness is a dict
# with `act` (`"tanh"`, `"sigmoid"`, `"relu"` or `"identity"`), `W` ($d \times d$) and `h0` ($d$ entries). We
# compute $\gamma$, $\|W\|$ and $J_{300}$ ourselves (ReLU has slope 0 at 0). Sizes: $d \le 50$, entries at
# most $10^6$.

# %% answer="s002-1.3"
def not_sufficient() -> dict:
    """A dict act, W, h0 with gamma * ||W|| > 1.05 and yet ||J_300|| < 1e-6."""
    ### BEGIN SOLUTION
    return {"act": "identity", "W": [[0.0, 50.0], [0.0, 0.0]], "h0": [1.0, 1.0]}
    ### END SOLUTION


def explodes() -> dict:
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

# %% tests="s002-1.3"
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
    print("public tests of 2.5 passed")


public_tests_witnesses()

# %% [markdown]
# **Write it down** (s002-1.3, derivation; read by a person). In a few sentences: why is the condition
# necessary or not, and why is it sufficient or not?

# %% [markdown] answer="s002-1.3-proof" grade_id="proof-s002-1_3"
# ### BEGIN SOLUTION
# **Necessary.** If the condition fails, $\gamma\|W\| \le \delta < 1$, and by the last exercise the gradient
# vanishes. So it can explode only if the condition holds.
#
# **Not sufficient.** $\gamma\|W\|$ bounds each factor from above only. If $\delta < \gamma\|W\| < 1$, the
# gradient still vanishes. Even far above 1 it may: a saturated $\tanh$ has slopes near 0 however large $W$
# is, and with the identity and $W = \begin{pmatrix} 0 & 50 \\ 0 & 0 \end{pmatrix}$ we get $J_2 = W^2 = 0$.
# ### END SOLUTION
