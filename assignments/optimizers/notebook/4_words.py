# %% [markdown]
# # Part 4: Who shrinks?
#
# A penalty is meant to hold down weights that the data pull far out. Under Adam, does it? Take two groups of weights that
# are equally large. Those of $\theta_{\text{small}}$ get small gradients all the time, those of $\theta_{\text{large}}$ large ones. Which
# group loses the larger *share* of itself per step? Arrays are numpy arrays of float64 again.
#
# ## 4.1 Adam with a penalty
#
# **The idea.** Algorithm 8.7 with the line of 3.2 changed: every later line, $r$ included, uses the new $g$. Split the step
# $-\epsilon\,\hat s/(\sqrt{\hat r}+\delta)$ into what comes from the loss and what comes from $2\gamma\theta$. Where a weight has had about the same $\theta$
# for a while, the penalty's part of $\hat s$ is about $2\gamma\theta$.
#
# **By hand.** $\epsilon = 0.01$, $\gamma = 0.1$, $\theta = 5$, $\delta = 0$. If $\hat r = 100$, the penalty takes $0.01 \cdot 2 \cdot 0.1 \cdot 5 / 10 = 0.001$ of 5.
# And if $\hat r = 0.01$?
#
# **A trap.** "Large $\hat r$, small steps" is wrong for the whole step: the loss's part of $\hat s$ grows with the gradients just as $\sqrt{\hat r}$ does, so it
# cancels. What does not grow is the penalty's part.
#
# **Your task** (s002-4.3a). The answer, the relative rate, and the step. The arrays of your state are yours to design.

# %% answer="s002-4.3a"
# Which weights lose the larger share per step to the penalty? "small", "large" (those with such gradients) or "equal".
# Replace the None, and delete the `raise` below.
choice_43a = None
### BEGIN SOLUTION
choice_43a = "small"
### END SOLUTION


def rate_l2(eps: float, gamma: float, rhat: float, delta: float) -> float:
    """The share of itself that a weight loses to the penalty in one step, when shat holds 2 gamma theta of it and rhat is given.

    rhat >= 0, delta > 0; rhat may be an array, and then so is the result
    """
    ### BEGIN SOLUTION
    return 2 * eps * gamma / (np.sqrt(rhat) + delta)
    ### END SOLUTION


def adam_l2_step(
    theta: np.ndarray, g: np.ndarray, state, t: int, eps: float, gamma: float, delta: float
) -> tuple[np.ndarray, object]:
    """(theta, state) after step t of Algorithm 8.7 with the penalty gamma |theta|^2; rho1 = 0.9, rho2 = 0.999.

    theta, g: arrays of one shape (one or two axes), g the gradient without the penalty; state: None at t = 1, then what was returned
    """
    ### BEGIN SOLUTION
    s, r = state if state is not None else (np.zeros_like(theta), np.zeros_like(theta))
    g = g + 2 * gamma * theta
    s = 0.9 * s + 0.1 * g
    r = 0.999 * r + 0.001 * g * g
    return theta - eps * (s / (1 - 0.9**t)) / (np.sqrt(r / (1 - 0.999**t)) + delta), (s, r)
    ### END SOLUTION

# %% tests="s002-4.3a"
def public_tests_penalty():
    assert choice_43a in ("small", "large", "equal"), 'choice_43a: "small", "large" or "equal"'
    assert abs(float(rate_l2(0.01, 0.1, 100.0, 1e-9)) - 2e-4) < 1e-9, "the rate by hand: 0.001 of 5"
    assert abs(float(rate_l2(0.01, 0.1, 0.0, 0.5)) - 4e-3) < 1e-9, "the rate at rhat = 0: delta is all there is below"
    both = numeric.as_float64(rate_l2(0.01, 0.1, np.array([4.0, 1.0]), 0.5)).tolist()
    assert np.allclose(both, [8e-4, 2e-3 / 1.5]), "the rates of several weights: an array in, an array out"
    for theta, gamma in ((np.array([2.0, -0.5, 0.0]), 0.3), (np.array([[1.5]]), 0.3), (np.array([2.0, -0.5]), 0.0)):
        theirs, state = torch.from_numpy(theta.copy()).requires_grad_(True), None
        adam = torch.optim.Adam([theirs], lr=0.05, eps=1e-3, weight_decay=2 * gamma)
        for t, size in enumerate((1.0, 20.0, 0.0), 1):
            g = size * np.cos(theta + t)
            theirs.grad = torch.from_numpy(g.copy())
            adam.step()
            before = theta.copy()
            moved, state = adam_l2_step(theta, g, state, t, 0.05, gamma, 1e-3)
            assert np.array_equal(theta, before), "arguments stay as they were: give back a new array"
            theta = numeric.as_float64(moved).numpy()
            assert np.allclose(theta, theirs.detach().numpy()), f"Adam on the loss with its penalty: step {t}, gamma {gamma}"


public_tests_penalty()

# %% [markdown]
# ## 4.2 Adam with decay
#
# **The step** is now $\Delta\theta = -\bigl(\epsilon\,\hat s / (\sqrt{\hat r} + \delta) + \lambda\theta\bigr)$ with $g$ the gradient of the loss alone. ($\lambda$ is
# *not* multiplied by $\epsilon$ here, as it is in torch's AdamW.)
#
# **Your task** (s002-4.3b). Does the answer change? Again the relative rate, and the step.

# %% answer="s002-4.3b"
# Which weights lose the larger share per step to the decay? "small", "large" or "equal".
# Replace the None, and delete the `raise` below.
choice_43b = None
### BEGIN SOLUTION
choice_43b = "equal"
### END SOLUTION


def rate_wd(lam: float) -> float:
    """The share of itself that a weight loses to the decay in one step."""
    ### BEGIN SOLUTION
    return lam
    ### END SOLUTION


def adam_decoupled_step(
    theta: np.ndarray, g: np.ndarray, state, t: int, eps: float, lam: float, delta: float
) -> tuple[np.ndarray, object]:
    """(theta, state) after step t of Algorithm 8.7 with the decay lam; rho1 = 0.9, rho2 = 0.999; else as adam_l2_step."""
    ### BEGIN SOLUTION
    s, r = state if state is not None else (np.zeros_like(theta), np.zeros_like(theta))
    s = 0.9 * s + 0.1 * g
    r = 0.999 * r + 0.001 * g * g
    return theta - (eps * (s / (1 - 0.9**t)) / (np.sqrt(r / (1 - 0.999**t)) + delta) + lam * theta), (s, r)
    ### END SOLUTION

# %% tests="s002-4.3b"
def public_tests_decay():
    assert choice_43b in ("small", "large", "equal"), 'choice_43b: "small", "large" or "equal"'
    assert 0 < float(rate_wd(0.04)) < 1, "rate_wd: a share between 0 and 1"
    assert float(rate_wd(0.0)) == 0, "rate_wd: without decay nothing is lost"
    theta = np.array([[2.0, -0.5]])
    still, _ = adam_decoupled_step(theta, np.zeros((1, 2)), None, 1, 0.05, 0.2, 1e-3)
    assert np.allclose(numeric.as_float64(still).numpy(), 0.8 * theta), "gradients of 0: what is left is the decay"
    for theta in (np.array([2.0, -0.5, 0.0]), np.array([[1.5]])):
        theirs, state = torch.from_numpy(theta.copy()).requires_grad_(True), None
        adam = torch.optim.Adam([theirs], lr=0.05, eps=1e-3)
        for t, size in enumerate((1.0, 20.0, 0.0), 1):
            g = size * np.cos(theta + t)
            theirs.grad = torch.from_numpy(g.copy())
            adam.step()
            before = theta.copy()
            moved, state = adam_decoupled_step(theta, g, state, t, 0.05, 0.0, 1e-3)
            assert np.array_equal(theta, before), "arguments stay as they were: give back a new array"
            theta = numeric.as_float64(moved).numpy()
            assert np.allclose(theta, theirs.detach().numpy()), f"without decay this is Adam: step {t}"


public_tests_decay()

# %% [markdown]
# **Write it down** (s002-4.3a and b, reasons; read by a person). Give the reason for both answers in at most eight sentences: which *part* of the
# step differs between the groups, and by which factor?

# %% [markdown] answer="s002-4.3a-reasons"
# ### BEGIN SOLUTION
# Adam divides its step by $\sqrt{\hat r}$, which is about the size of a weight's gradients. The part of $\hat s$ that comes from the loss is of that size too,
# so this part of the step is about as long in both groups. The penalty's part, $2\gamma\theta$, is not larger where gradients are large, but it is divided
# all the same: a weight loses the share $2\epsilon\gamma/(\sqrt{\hat r}+\delta)$ per step, so gradients a hundred times as large mean a hundredth of the shrinkage, as long as they are much
# larger than $2\gamma\theta$. Hence "small". With decay, $\lambda\theta$ is added behind the division. Every weight loses the share $\lambda$,
# whatever its gradients are or were. Hence "equal": the answer changes. (In absolute terms large weights lose more, but the question is about shares.)
# ### END SOLUTION

# %% [markdown]
# ## 4.3 Rare and frequent words
#
# **Why.** Where are small and large gradients in a real model? In its first matrix. A row of an embedding gets a gradient only when its word is in
# the batch; by Zipf's law some words are in every batch and many in hardly any. So rows of rare words have small average squares.
#
# **The experiment.** `words.stream(seed, steps)` gives rows `(words, width)`, their gradients `(steps, words, width)` and how often each word came.
# The gradients are noise without a direction, so whatever makes rows shorter on the whole is the penalty or the decay.
#
# **Your task** (s002-4.4, measured). Run one of your two steps over all gradients, and say for each row by which share its length
# (Euclidean norm) fell: 0 if it stayed, 0.1 if it lost a tenth, negative if it grew.

# %% answer="s002-4.4-words"
def row_shrinkage(
    kind: str, theta: np.ndarray, gradients: np.ndarray, eps: float, strength: float, delta: float
) -> np.ndarray:
    """The share of its length that each row of theta loses over all steps: (words,).

    kind: "penalty" (strength is gamma of adam_l2_step) or "decay" (strength is lam of adam_decoupled_step)
    theta: (words, width), no row all 0; gradients: (steps, words, width), steps >= 1
    """
    ### BEGIN SOLUTION
    step = adam_l2_step if kind == "penalty" else adam_decoupled_step
    before, state = np.linalg.norm(theta, axis=1), None
    for t, g in enumerate(gradients, 1):
        theta, state = step(theta, g, state, t, eps, strength, delta)
    return 1 - np.linalg.norm(theta, axis=1) / before
    ### END SOLUTION

# %% tests="s002-4.4-words"
def public_tests_rows():
    theta, gradients, _ = words.stream(seed=1, steps=5, words=4, width=3, batch=6)
    for kind in ("penalty", "decay"):
        lost = numeric.as_float64(row_shrinkage(kind, theta.copy(), gradients.copy(), 1e-3, 0.01, 1e-8)).numpy()
        assert lost.shape == (4,), f"one number for each row: {kind}"
        assert np.isfinite(lost).all(), f"finite numbers: {kind}"
    still = numeric.as_float64(row_shrinkage("decay", theta, np.zeros((2, 4, 3)), 1e-3, 0.1, 1e-8)).numpy()
    assert np.allclose(still, 1 - 0.9**2), "gradients of 0: two steps of decay by a tenth leave 0.81"
    one = numeric.as_float64(row_shrinkage("penalty", theta[:1, :1], gradients[:1, :1, :1], 1e-3, 0.0, 1e-8)).numpy()
    assert one.shape == (1,), "one row of one number: still an array"
    grown = numeric.as_float64(row_shrinkage("decay", theta[:1], -np.ones((3, 1, 1)) * theta[:1], 0.1, 0.0, 1e-8)).numpy()
    assert grown[0] < 0, "a row that grew: its share is negative"
    tiny = numeric.as_float64(row_shrinkage("decay", 1e-9 * theta, np.zeros((2, 4, 3)), 1e-3, 0.1, 1e-8)).numpy()
    assert np.allclose(tiny, still), "tiny rows: shares are no matter of length"
    for kind in ("penalty", "decay"):
        slow = numeric.as_float64(row_shrinkage(kind, np.array([[2.0]]), np.array([[[1.0]]]), 0.1, 0.0, 1.0)).numpy()
        assert np.allclose(slow, 0.05 / 2), f"delta 1 beside a root of 1: half a step of 0.1, from 2; {kind}"


public_tests_rows()

# %% [markdown]
# Now with 500 steps, three seeds, and strengths with which the rows of frequent words lose about as much under both. A dot is a row, the
# lines are medians of ten groups.

# %% figure="rows"
def rows_by_frequency():
    counts, lost = [], {"Adam with a penalty": [], "Adam with decay": []}
    for seed in (1, 2, 3):
        theta, gradients, seen = words.stream(seed, steps=500)
        counts.append(seen)
        lost["Adam with a penalty"].append(row_shrinkage("penalty", theta, gradients, 2e-3, 5e-4, 1e-8))
        lost["Adam with decay"].append(row_shrinkage("decay", theta, gradients, 2e-3, 1e-4, 1e-8))
    for kind, rows in lost.items():
        rare, frequent = [], []
        for seen, row in zip(counts, rows, strict=True):
            order = np.argsort(seen)
            rare.append(100 * row[order[:12]].mean())
            frequent.append(100 * row[order[-12:]].mean())
        told = ", ".join(f"{name} words {np.mean(v):.1f} % ({min(v):.1f} to {max(v):.1f})" for name, v in (("rare", rare), ("frequent", frequent)))
        print(f"{kind}: {told}; three seeds, the rarest and the most frequent tenth")
    return optimizer_pictures.shrinkage(np.array(counts), {kind: np.array(rows) for kind, rows in lost.items()})


when_ready("row_shrinkage", rows_by_frequency)

# %% [markdown]
# **Write it down** (s002-4.4, read by a person). Somebody asks why AdamW is recommended over Adam with an L2 penalty. Argue for it in at most ten
# sentences, with your numbers: what is regularisation for, what does the penalty do under Adam, what does decay do, and which practical advantage has it?

# %% [markdown] answer="s002-4.4"
# ### BEGIN SOLUTION
# Regularisation is to limit how far weights are pulled out to fit the data, above all those that are pulled hardest. Under Adam a penalty does the
# reverse: its pull is divided by the size of a weight's gradients, so those that the data pull hardest are held the least, and
# rows of rare words, about which the data say little, shrink the most. In the experiment above the rarest tenth of the rows lost 21 % of their
# length and the most frequent tenth 5 % (means of three seeds). Decay stands behind the division: both lost 5 %. It neither depends on the history of
# gradients nor joins into the average that sets the length of all other steps, so its strength can be tuned apart from the learning rate. (In torch's
# AdamW it is multiplied by the learning rate, so that both follow one schedule; the ratio between weights is 1 all the same.)
# ### END SOLUTION
