# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Generative lab: noise, diffusion, and a bottleneck
#
# Noise is what generative models are made of. It can be a *penalty* (multiply the inputs by it, and the weights shrink), a *road* (add it
# step by step, and learn to walk back), or a *bottleneck* (add it to a code, and only what matters gets through). In this notebook
# you work out each of the three on paper, build it, and look at what it does to real handwritten digits: 1,797 scans of 8 by 8
# pixels ([Alpaydin and Kaynak](https://doi.org/10.24432/C50P49)).
#
# **What you will be able to do**
#
# - say which penalty a noisy input amounts to, and check such a claim by simulation, with its error bar;
# - jump to any noise level of a diffusion at once, draw two levels that belong to *one* path, and take a step back;
# - train a small diffusion model, and draw digits out of pure noise with it;
# - write the loss of a variational bottleneck, and say which half of it trains which network;
# - read from your own curves and plots what the strength of a bottleneck does.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Noise as a penalty | the expected loss, its minimiser, a simulation | about 30 minutes |
# | 2. Diffusion | noise levels, pairs, one step back, digits out of noise | about 65 minutes |
# | 3. A bottleneck | draw, loss, 40 trained runs, latent plots | about 70 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as
# often as you like: they check small cases, and their messages are meant to help. After you hand in, *hidden checks*
# call your functions with other numbers. They look at the state of the notebook after **all** cells have run from top
# to bottom, so choose *Restart kernel and run all cells* before you hand in. Points are counted per property: one
# slip costs the property that it breaks, not the whole exercise. Answers in text are read by a person.
#
# Functions leave their arguments as they were and keep nothing between calls. Parts 2 and 3 train models. They are kept in the folder
# `checkpoints/`: **hand it in together with the notebook**. Training takes about a minute in all, and is done once.

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import math

import numpy as np
import torch
from torch import Tensor

from seq2kit import checkpoints, numeric
from seq2kit.generative import bottleneck, diffusion, digits, pictures as lab_pictures
from seq2kit.optimizers import explore
from seq2kit.pictures import when_ready

answers = {}

# %% [markdown]
# # Part 1: Noise as a penalty
#
# ## 1.1 The expected loss
#
# **Why.** Dropout multiplies inputs by random zeros and ones, and it is said to *regularise*. What does it do exactly? For a linear model
# there is a full answer, and for any noise, not only for coin tosses.
#
# **The question.** Inputs $X$ ($n$ rows, $d$ features), targets $y$, weights $w$. In each update every entry of $X$ is multiplied by its own number
# $R_{ij} \sim \mathcal{N}(\mu, \sigma^2)$, drawn anew. With $\odot$ for the product of entries, the expected loss has the form
#
# $$\mathbb{E}\,\lVert y - (R \odot X)\, w \rVert^2 \;=\; \lVert y - A\, X w \rVert^2 + B\, \lVert \Gamma w \rVert^2,
#   \qquad \Gamma = \bigl(\operatorname{diag}(X^\top X)\bigr)^{1/2} .$$
#
# $\Gamma$ is a diagonal matrix: on its diagonal stand the lengths of the columns of $X$.
#
# **By hand.** Two limits help. At $\mu = 1$, $\sigma = 0$ nothing is noisy. At $\mu = 0$ the prediction is noise around 0. What must be left of the two terms?
# Then expand the square. Which of the products $R_{ij} R_{ik}$ have another expectation than $\mu^2$?
#
# **Your task** (s003-5). One letter for $A$ and one for $B$, and three functions. Everything is a numpy array of float64.
#
# | | a | b | c | d | e | f |
# |---|---|---|---|---|---|---|
# | $A$ | $\mu$ | $2\mu$ | $\mu/2$ | $\sigma$ | $2\sigma$ | $\sigma/2$ |
# | $B$ | $\mu^2$ | $2\mu^2$ | $\mu^2/2$ | $\sigma^2$ | $2\sigma^2$ | $\sigma^2/2$ |
#
# The minimiser is the $w$ at which the expected loss is lowest. $X$ has independent columns here, or $\sigma > 0$ and no column of zeros, and $\mu \ne 0$ or $\sigma > 0$:
# there is exactly one.

# %% answer="s003-5"
# A letter for each, such as A = "f". Replace the None, and delete the `raise` below.
A = None
B = None
### BEGIN SOLUTION
A, B = "a", "d"
### END SOLUTION


def AB(mu: float, sigma: float) -> tuple[float, float]:
    """The numbers A and B for noise of mean mu and standard deviation sigma >= 0."""
    ### BEGIN SOLUTION
    return mu, sigma**2
    ### END SOLUTION


def expected_loss(X: np.ndarray, y: np.ndarray, w: np.ndarray, mu: float, sigma: float) -> float:
    """The expectation of |y - (R * X) w|^2, a sum over the n rows. X: (n, d), y: (n,), w: (d,)."""
    ### BEGIN SOLUTION
    a, b = AB(mu, sigma)
    return float(((y - a * X @ w) ** 2).sum() + b * ((X**2).sum(axis=0) * w**2).sum())
    ### END SOLUTION


def minimiser(X: np.ndarray, y: np.ndarray, mu: float, sigma: float) -> np.ndarray:
    """The weights (d,) with the lowest expected loss."""
    ### BEGIN SOLUTION
    a, b = AB(mu, sigma)
    gram = X.T @ X
    return np.linalg.solve(a**2 * gram + b * np.diag(np.diag(gram)), a * X.T @ y)
    ### END SOLUTION

# %% tests="s003-5"
def public_tests_penalty():
    for letter in (A, B):
        assert letter is not None and set("".join(letter).lower()) <= set("abcdef"), "A and B: a letter from a to f each"
    X, y, w = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.0]]), np.array([1.0, -2.0, 0.5]), np.array([0.5, -1.0])
    a, b = (float(value) for value in AB(1.0, 0.0))
    assert abs(a - 1) + abs(b) < 1e-12, "mu = 1, sigma = 0: nothing is noisy, so A = 1 and B = 0"
    plain = float(((y - X @ w) ** 2).sum())
    assert abs(float(expected_loss(X, y, w, 1.0, 0.0)) - plain) < 1e-9, "no noise: the plain sum of squares"
    one = float(expected_loss(np.array([[2.0]]), np.array([0.0]), np.array([3.0]), 0.0, 0.5))
    assert abs(one - 9) < 1e-9, "one number, mu = 0: the variance of R x w, (0.5 * 2 * 3)^2"
    assert float(expected_loss(X, y, w, -1.5, 0.4)) > float(expected_loss(X, y, w, -1.5, 0.0)), "noise adds to the loss"
    best = numeric.as_float64(minimiser(X, y, 1.0, 0.0)).numpy()
    assert np.allclose(best, np.linalg.lstsq(X, y, rcond=None)[0]), "no noise: the minimiser is that of least squares"
    for mu in (0.7, 0.0, -1.5):
        best = numeric.as_float64(minimiser(X.copy(), y.copy(), mu, 1.3)).numpy()
        assert best.shape == (2,), "the minimiser has one weight for each feature"
        for step in (np.array([1e-3, 0.0]), np.array([0.0, 1e-3]), np.array([-1e-3, 1e-3])):
            beaten = float(expected_loss(X, y, best + step, mu, 1.3)) > float(expected_loss(X, y, best, mu, 1.3))
            assert beaten, f"the minimiser has the lowest expected loss: a step away is lower at mu = {mu}"
    assert numeric.as_float64(minimiser(X[:, :1], y, 0.7, 1.3)).shape == (1,), "one feature: still an array"
    assert numeric.as_float64(minimiser(X[:1], y[:1], 0.7, 1.3)).shape == (2,), "fewer rows than features: noise makes it one minimiser"


public_tests_penalty()

# %% [markdown]
# **Write it down** (s003-5, derivation; read by a person). Derive $A$ and $B$: expand the square, take the expectation term by term, put the
# terms together again.

# %% [markdown] answer="s003-5-derivation"
# ### BEGIN SOLUTION
# $\mathbb{E}\lVert y - (R\odot X)w\rVert^2 = y^\top y - 2 y^\top \mathbb{E}[R \odot X]\, w + \sum_i \sum_{j,k} \mathbb{E}[R_{ij}R_{ik}]\, X_{ij}X_{ik} w_j w_k$.
# The linear term: $\mathbb{E}[R\odot X] = \mu X$. For $j \ne k$ the two factors are independent, so $\mathbb{E}[R_{ij}R_{ik}] = \mu^2$; for $j = k$ it is
# $\mathbb{E}[R_{ij}^2] = \mu^2 + \sigma^2$. So the last term is $\mu^2 \lVert Xw\rVert^2 + \sigma^2 \sum_j w_j^2 \sum_i X_{ij}^2$. With the first two,
# $\mu^2\lVert Xw\rVert^2$ completes the square $\lVert y - \mu X w\rVert^2$, and the rest is $\sigma^2 w^\top \operatorname{diag}(X^\top X)\, w = \sigma^2\lVert\Gamma w\rVert^2$. Hence $A = \mu$, $B = \sigma^2$.
# Only the first two moments of $R$ enter: dropout that keeps with probability $p$ has $\mu = p$ and $\sigma^2 = p(1-p)$.
# ### END SOLUTION

# %% [markdown]
# ## 1.2 The same by simulation
#
# **Why.** A formula for an expectation can be checked without any algebra: draw, and average. But an average of draws is itself noisy, and without its *standard
# error* nobody can say whether 24.60 agrees with 24.55. The standard error of the mean of $m$ independent values is their sample standard
# deviation (with $m - 1$ below) divided by $\sqrt m$.
#
# **Your task** (s003-5, simulation). The draws $R$ are given.

# %% answer="s003-5-simulation"
def simulated_loss(X: np.ndarray, y: np.ndarray, w: np.ndarray, R: np.ndarray) -> tuple[float, float]:
    """(mean, standard error of the mean) of the loss |y - (R[k] * X) w|^2 over m draws.

    R: (m, n, d), m >= 2; X: (n, d), y: (n,), w: (d,)
    """
    ### BEGIN SOLUTION
    losses = ((y - (R * X) @ w) ** 2).sum(axis=1)
    return float(losses.mean()), float(losses.std(ddof=1) / np.sqrt(len(losses)))
    ### END SOLUTION

# %% tests="s003-5-simulation"
def public_tests_simulation():
    X, y, w = np.array([[1.0, 2.0]]), np.array([1.0]), np.array([1.0, 1.0])
    R = np.array([[[1.0, 1.0]], [[1.0, 0.0]], [[0.0, 0.0]]])  # losses 4, 0, 1
    mean, error = (float(value) for value in simulated_loss(X, y, w, R))
    assert abs(mean - 5 / 3) < 1e-9, "the mean of the losses 4, 0 and 1"
    assert abs(error - math.sqrt(13 / 9)) < 1e-9, "the standard error: sample deviation over the root of m"
    R = np.ones((2, 3, 2))
    mean, error = (float(value) for value in simulated_loss(np.eye(3)[:, :2], np.array([3.0, 1.0, 2.0]), w, R))
    assert abs(mean - 8) < 1e-9, "several rows: a loss is the sum over the rows"
    assert error == 0, "equal losses: the standard error is 0"
    mean, _ = simulated_loss(np.array([[2.0]]), np.array([1.0]), np.array([1.0]), np.array([[[1.0]], [[0.0]]]))
    assert abs(float(mean) - 1) < 1e-9, "one row, one feature: losses 1 and 1"


public_tests_simulation()

# %% [markdown]
# **See it.** 3 or 8? A linear model is to tell them apart by their pixels. On the left your formula and your simulation: the bars are two standard errors. On
# the right the minimiser as a picture: each pixel is a weight. What happens to the weights of pixels that hardly ever change as the noise grows? Move the sliders in a live notebook.

# %% figure="penalty"
def penalty_seen(mu, sigma):
    x, y = digits.images(), digits.labels()
    keep = np.flatnonzero((y == 3) | (y == 8))[:200]
    inked = x[keep].sum(axis=0) > 0.5
    X, t = x[keep][:, inked], np.where(y[keep] == 8, 1.0, -1.0)
    rng, rows, maps = np.random.default_rng(0), [], {}
    for s in (0.05, 0.2, 0.5, 1.0):
        w = numeric.as_float64(minimiser(X, t, mu, s)).numpy()
        told = simulated_loss(X[:40], t[:40], w, mu + s * rng.standard_normal((400, 40, X.shape[1])))
        rows.append((s, float(expected_loss(X[:40], t[:40], w, mu, s)), *map(float, told)))
    for s in (0.05, sigma):
        whole = np.zeros(digits.PIXELS)
        whole[inked] = numeric.as_float64(minimiser(X, t, mu, s)).numpy()
        maps[f"sigma {s:g}"] = whole
    return lab_pictures.penalty(rows, maps)


when_ready("minimiser", lambda: explore.sliders(penalty_seen, {"mu": (0.2, 1.5, 0.1, 1.0), "sigma": (0.1, 2.0, 0.1, 1.0)}))
