# %% [markdown]
# # Part 3: Penalty or decay
#
# There are two recipes against weights that grow. A *penalty* (L2) adds $\gamma \lVert\theta\rVert^2$ to the loss, and its gradient joins the
# others. *Weight decay* shrinks the weights themselves, by a factor $1 - \lambda$ in each step. For decades the two words were used for
# one thing. Parts 3.1 and 3.2 show why; 3.3 and 3.4 show where that ends. Numbers are Python floats, vectors numpy arrays of float64.
#
# ## 3.1 Under plain SGD
#
# **The idea.** Write one step with learning rate $\eta$ on $L(\theta) + \gamma\lVert\theta\rVert^2$, and one step of
# $\theta \leftarrow (1-\lambda)\theta - \eta \nabla L(\theta)$. Compare what stands in front of $\theta$.
#
# **By hand.** One weight, $L = 0$, $\theta = 10$, $\eta = 0.1$, $\gamma = 0.5$. The gradient of $0.5\,\theta^2$ at 10 is 10.
#
# **A trap.** torch's `SGD(weight_decay=w)` adds $w\theta$ to the gradient. That is the gradient of which penalty?
#
# **Your task** (s002-4.1). Both directions; $\eta > 0$, and $\gamma$ and $\lambda$ may be 0.

# %% answer="s002-4.1"
def lambda_from_gamma(eta: float, gamma: float) -> float:
    """The decay lambda with which SGD makes the steps that it makes with the penalty gamma |theta|^2, learning rate eta."""
    ### BEGIN SOLUTION
    return 2 * eta * gamma
    ### END SOLUTION


def gamma_from_lambda(eta: float, lam: float) -> float:
    """The penalty's gamma with which SGD makes the steps that it makes with decay lam, learning rate eta."""
    ### BEGIN SOLUTION
    return lam / (2 * eta)
    ### END SOLUTION

# %% tests="s002-4.1"
def public_tests_sgd_decay():
    for eta, gamma in ((0.1, 0.5), (0.02, 3.0), (0.5, 0.0)):
        lam = float(lambda_from_gamma(eta, gamma))
        theta = decayed = 10.0
        for _ in range(4):
            slope, theirs = 3 * (theta - 1), 3 * (decayed - 1)
            theta = theta - eta * (slope + numeric.finite_difference(lambda x: gamma * x**2, theta).item())
            decayed = (1 - lam) * decayed - eta * theirs
            assert abs(theta - decayed) < 1e-5, f"the weights agree after each step: eta {eta}, gamma {gamma}"
        assert abs(float(gamma_from_lambda(eta, lam)) - gamma) < 1e-9, "there and back: gamma is what it was"


public_tests_sgd_decay()

# %% [markdown]
# **Write it down** (s002-4.1, derivation; read by a person). Show that with your $\lambda$ *all* steps agree, not only the first, for any $L$
# and any start. Two or three lines.

# %% [markdown] answer="s002-4.1-derivation"
# ### BEGIN SOLUTION
# The gradient of $L + \gamma\lVert\theta\rVert^2$ is $\nabla L(\theta) + 2\gamma\theta$, so a step on it is $\theta - \eta\nabla L(\theta) - 2\eta\gamma\theta =
# (1 - 2\eta\gamma)\theta - \eta\nabla L(\theta)$: the step with decay $\lambda = 2\eta\gamma$, for every $\theta$. Both begin at the same
# $\theta_0$. If they agree at $\theta_{t-1}$, they make the same step there and agree at $\theta_t$; by induction at all of them.
# ### END SOLUTION

# %% [markdown]
# ## 3.2 The penalty in Adam
#
# **Why.** To use a penalty with Adam one changes a single line of the algorithm. Which one decides over all that follows.
#
# **The algorithm** (Goodfellow, Bengio and Courville, Algorithm 8.7), each line with its name:
#
# | name | line |
# |---|---|
# | `g` | $g \leftarrow \frac1m \sum_{i=1}^m \nabla_\theta L_i(\theta)$ |
# | `s` | $s \leftarrow \rho_1 s + (1-\rho_1)\, g$ |
# | `r` | $r \leftarrow \rho_2 r + (1-\rho_2)\, g \odot g$ |
# | `shat` | $\hat s \leftarrow s / (1-\rho_1^t)$ |
# | `rhat` | $\hat r \leftarrow r / (1-\rho_2^t)$ |
# | `delta_theta` | $\Delta\theta \leftarrow -\epsilon\, \hat s / (\sqrt{\hat r} + \delta)$ |
#
# The loss to minimise is now $\frac1m\sum_i L_i(\theta) + \gamma\lVert\theta\rVert^2$.
#
# **Traps.** Is the penalty inside of the mean or outside? And its gradient is one more vector, not a derivative of a derivative.
#
# **Your task** (s002-4.2). The name of the line that changes, and the $g$ of the changed algorithm.

# %% answer="s002-4.2"
# One of the names in the table, as text. Replace the None, and delete the `raise` below.
which_line = None
### BEGIN SOLUTION
which_line = "g"
### END SOLUTION


def new_line(per_example_grads: np.ndarray, theta: np.ndarray, gamma: float) -> np.ndarray:
    """What stands in place of g: (m, d) gradients of the m losses and theta (d,) -> (d,)."""
    ### BEGIN SOLUTION
    return np.asarray(per_example_grads).mean(axis=0) + 2 * gamma * np.asarray(theta)
    ### END SOLUTION

# %% tests="s002-4.2"
def public_tests_penalty_in_adam():
    assert which_line in ("g", "s", "r", "shat", "rhat", "delta_theta"), "which_line: one of the names in the table"
    targets, theta = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.0]]), np.array([2.0, -0.5])
    for gamma in (0.7, 0.0):
        for rows in (targets, targets[:1], targets[:, :1]):  # three examples, one example, one weight
            here = theta[: rows.shape[1]]

            def loss(x):
                return sum(float(((x.numpy() - row) ** 2).sum()) for row in rows) / len(rows) + gamma * float((x**2).sum())

            g = numeric.as_float64(new_line(2 * (here - rows), here.copy(), gamma))
            assert g.shape == here.shape, "one number for each weight: the examples are averaged"
            slope = numeric.finite_difference(loss, here)
            assert numeric.relative_error(g, slope) < 1e-5, f"the gradient of the whole loss: {len(rows)} examples, gamma {gamma}"


public_tests_penalty_in_adam()

# %% [markdown]
# ## 3.3 When do the two agree?
#
# **Why.** SGD and Adam are both special cases of steps $\theta \leftarrow \theta - \alpha M \nabla$ with a *preconditioner*, a matrix $M$. For SGD it is
# the identity, for Adam (at one step) a diagonal matrix with $1/\sqrt{\hat v}$ on it. So ask once and for all: for which $M$ does a penalty
# do what decay does?
#
# **The two steps.** With a penalty whose gradient is $\lambda_w\theta$: $\ \theta - \alpha M(\nabla f + \lambda_w \theta)$. With decay:
# $\ (1 - \lambda_r)\,\theta - \alpha M \nabla f$.
#
# **By hand.** Two weights, $\alpha = 1$, $\lambda_w = 1$, $M = \mathrm{diag}(0.1, 0.3)$. The penalty takes a tenth of the first
# weight and three tenths of the second. No single $\lambda_r$ does that.
#
# **Traps.** "For every $\theta$" is more than "for this $\theta$": at $\theta = (1, 0)$ many matrices look right. A matrix that is no multiple of the
# identity may still have the right trace, the right diagonal, or the right first entry. Numbers may be as small as $10^{-12}$:
# compare them relative to their size, since an absolute tolerance sees no difference there.
#
# **Your task** (s003-4a).

# %% answer="s003-4a"
def M_for_equality(alpha: float, lw: float, lr: float, n: int) -> np.ndarray:
    """The M with which both steps agree for every theta in n dimensions: (n, n), or its diagonal (n,).

    alpha: learning rate; lw: lambda_w of the penalty; lr: lambda_r of the decay; all above 0
    """
    ### BEGIN SOLUTION
    return lr / (alpha * lw) * np.eye(n)
    ### END SOLUTION


def identical(alpha: float, lw: float, lr: float, M: np.ndarray) -> bool:
    """Whether both steps agree for every theta (and every gradient), up to a relative rounding error of 1e-9; M is (n, n)."""
    ### BEGIN SOLUTION
    c = lr / (alpha * lw)
    return bool(np.abs(np.asarray(M) - c * np.eye(len(M))).max() <= 1e-9 * abs(c))
    ### END SOLUTION

# %% tests="s003-4a"
def public_tests_preconditioner():
    theta, slope = np.array([1.0, -2.0, 0.5]), np.array([0.3, 4.0, -1.0])
    for alpha, lw, lr in ((0.1, 0.5, 0.02), (2.0, 0.25, 1.5), (1e3, 1e4, 1e-5), (1e-6, 1e-5, 0.1)):
        for n in (3, 1):
            M = numeric.as_float64(M_for_equality(alpha, lw, lr, n)).numpy()
            assert M.shape in ((n, n), (n,)), "M has n rows and columns: or give back its diagonal"
            M = np.diag(M) if M.ndim == 1 else M
            penalty = theta[:n] - alpha * M @ (slope[:n] + lw * theta[:n])
            decay = (1 - lr) * theta[:n] - alpha * M @ slope[:n]
            assert np.allclose(penalty - theta[:n], decay - theta[:n], rtol=1e-9, atol=0), "both steps agree: with your M, from any theta"
            right = lr / (alpha * lw) * np.eye(n)
            assert identical(alpha, lw, lr, right), "identical: True where M is what it has to be, however small"
            assert identical(alpha, lw, lr, (1 - 1e-10) * right), "identical: True where only digits beyond 1e-9 are lost"
            assert not identical(alpha, lw, lr, 2 * right), "identical: False for another multiple of it"
            assert not identical(alpha, lw, lr, (1 + 1e-6) * right), "identical: False for one that is off by more than 1e-9"
    tilted = 0.4 * np.diag([1.0, 1.0, 1.5])
    assert not identical(0.1, 0.5, 0.02, tilted), "identical: False where one weight is treated otherwise"


public_tests_preconditioner()

# %% [markdown]
# **Write it down** (s003-4a, derivation; read by a person). Derive the condition on $M$. Where do you use that it is to hold for *every*
# $\theta$, and what is enough at a single one? Then say what this means for Adam, whose $M$ changes from step to step.

# %% [markdown] answer="s003-4a-derivation"
# ### BEGIN SOLUTION
# **Condition.** The two steps differ by $\alpha\lambda_w M\theta - \lambda_r\theta$; the gradients cancel. They agree at $\theta$ if and only if
# $M\theta = c\,\theta$ with $c = \lambda_r / (\alpha\lambda_w)$: $\theta$ is an eigenvector of $M$ for $c$. If this holds for every $\theta$, in particular for each unit
# vector $e_i$, then column $i$ of $M$ is $c\,e_i$, so $M = cI$; and $cI$ does it. At a single $\theta$ it is enough that this one is
# such an eigenvector: for a diagonal $M$, $M_{ii} = c$ wherever $\theta_i \ne 0$. One may not "cancel $\theta$" there.
#
# **Adam.** Its $M_t$ has $1/(\sqrt{\hat v}+\epsilon)$ on the diagonal, other numbers for each weight and step. It is a multiple of the identity only if
# all weights have had equal squared gradients. So under Adam a penalty is not decay, and no choice of $\lambda$ makes it so. (Besides, $\hat v$ sees
# the penalty's own gradient.)
# ### END SOLUTION

# %% [markdown]
# ## 3.4 The place of the decay in Adam's code
#
# **The code**, here without bias correction and without $\epsilon$; four places where a term with $\lambda_r\theta_t$ could stand:
#
# $$g_t = \nabla f(\theta_t)\ \underbrace{+\ \lambda_r\theta_t}_{A}, \qquad m_{t+1} = \beta_1 m_t + (1-\beta_1)\, g_t\ \underbrace{+\ \lambda_r\theta_t}_{B}, \qquad
# v_{t+1} = \beta_2 v_t + (1-\beta_2)\, g_t^2\ \underbrace{+\ \lambda_r\theta_t}_{C}, \qquad \theta_{t+1} = \theta_t - \alpha\frac{m_{t+1}}{\sqrt{v_{t+1}}}\ \underbrace{-\ \lambda_r\theta_t}_{D}$$
#
# **Your task** (s003-4b). The letter of the place at which each weight loses the same share $\lambda_r$ per step, and the step with that term.
# ($v$ is above 0 after each step that is asked for, but gradients may be tiny: nothing is added to the root.)

# %% answer="s003-4b"
# One letter, as text. Replace the None, and delete the `raise` below.
choice_4b = None
### BEGIN SOLUTION
choice_4b = "D"
### END SOLUTION


def adam_wd_step(
    theta: np.ndarray, g: np.ndarray, m: np.ndarray, v: np.ndarray, lr: float, alpha: float, b1: float, b2: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(theta, m, v) after a step without bias correction and without epsilon.

    g: gradient of f at theta, all arrays (n,); lr: lambda_r, the share that decay takes; alpha: the learning rate
    """
    ### BEGIN SOLUTION
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    return theta - alpha * m / np.sqrt(v) - lr * theta, m, v
    ### END SOLUTION

# %% tests="s003-4b"
def public_tests_place_of_decay():
    assert str(choice_4b).strip().upper() in ("A", "B", "C", "D"), "choice_4b: one of the letters"
    theta, g, m, v = np.array([2.0, -1.0, 0.0]), np.array([0.5, 1e-3, -40.0]), np.zeros(3), np.zeros(3)
    without = [numeric.as_float64(part).numpy() for part in adam_wd_step(theta, g, m, v, 0.0, 0.1, 0.9, 0.99)]
    assert np.allclose(without[1], 0.1 * g), "m: the running average of g"
    assert np.allclose(without[2], 0.01 * g**2, atol=0), "v: the running average of g squared"
    assert np.allclose(without[0], theta - 0.1 * np.sign(g)), "without decay: each weight moves by alpha 0.1 / sqrt(0.01)"
    decayed = [numeric.as_float64(part).numpy() for part in adam_wd_step(theta, g, *without[1:], 0.05, 0.1, 0.9, 0.99)]
    plain = [numeric.as_float64(part).numpy() for part in adam_wd_step(theta, g, *without[1:], 0.0, 0.1, 0.9, 0.99)]
    assert np.allclose(decayed[0] - plain[0], -0.05 * theta), "with decay: each weight also loses its share, 5 % here"
    assert np.allclose(decayed[1], plain[1]), "decay: m hears nothing of it"
    assert theta[0] == 2.0, "arguments stay as they were: give back new arrays"
    tiny = adam_wd_step(np.zeros(1), np.array([1e-8]), np.zeros(1), np.zeros(1), 0.05, 0.1, 0.9, 0.99)
    assert np.allclose(numeric.as_float64(tiny[0]), -0.1), "a tiny gradient: its step is as long as any other"
    single = adam_wd_step(*(np.array([number]) for number in (2.0, 0.5, 0.5, 0.25)), 0.1, 0.2, 0.9, 0.99)
    assert np.allclose(numeric.as_float64(single[0]), [2 - 0.2 - 0.1 * 2]), "a single weight: an array of one number"


public_tests_place_of_decay()

# %% [markdown]
# ## 3.5 AdamW, as torch has it
#
# **The difference.** In torch the share is the *product* of learning rate and `weight_decay`, so that a schedule of the learning rate moves both:
# $\theta \leftarrow \theta - \eta w \theta$, and beside it Adam's step of 2.3, with the gradient of the loss alone. (It shrinks first and then makes the step. Does the order matter?)
#
# **Your task** (s003-4b, AdamW). You may use your `adam_step`.

# %% answer="s003-4b-adamw"
def adamw_step(
    params: list[Tensor], grads: list[Tensor], state, *, lr: float, beta1: float = 0.9, beta2: float = 0.999,
    eps: float = 1e-8, weight_decay: float = 0.01,
) -> tuple[list[Tensor], object]:
    """One step of AdamW, as torch.optim.AdamW makes it; arguments and results as those of adam_step."""
    ### BEGIN SOLUTION
    moved, state = adam_step(params, grads, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return [new - lr * weight_decay * old for new, old in zip(moved, params, strict=True)], state
    ### END SOLUTION

# %% tests="s003-4b-adamw"
def public_tests_adamw():
    for dtype in (torch.float64, torch.float32):
        for more in ({"weight_decay": 0.3, "eps": 1e-8}, {"weight_decay": 0.0, "eps": 0.2}):
            pairs = beside_torch(
                lambda theirs: torch.optim.AdamW(theirs, lr=0.05, betas=(0.8, 0.99), **more),
                lambda params, grads, state: adamw_step(params, grads, state, lr=0.05, beta1=0.8, beta2=0.99, **more),
                dtype,
            )
            assert pairs[0][0].dtype == dtype, "the dtype stays: float32 in, float32 out"
            assert torch.allclose(*pairs[0], rtol=1e-4), f"the first step is torch's: {more}"
            assert all(torch.allclose(*pair, rtol=1e-3, atol=1e-6) for pair in pairs), f"later steps are torch's: {more}"
    still = [torch.ones(2, dtype=torch.float64)]
    moved, state = adamw_step(still, [torch.zeros(2, dtype=torch.float64)], None, lr=0.1, weight_decay=0.5)
    assert torch.allclose(moved[0], 0.95 * still[0]), "gradients of exactly 0: decay goes on by itself"
    moved, _ = adamw_step(moved, [torch.zeros(2, dtype=torch.float64)], state, lr=0.01, weight_decay=0.5)
    assert torch.allclose(moved[0], 0.995 * 0.95 * still[0]), "a new learning rate: it moves the decay as well"


public_tests_adamw()
