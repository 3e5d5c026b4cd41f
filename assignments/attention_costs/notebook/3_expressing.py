# %% [markdown]
# # Part 2: What attention can express
#
# Part 1 took the scores as given. Here you choose them: first another way to compare a query and a key, then
# two well-known layers, a convolution and max-pooling, that turn out to be attention with particular numbers.
#
# ## 2.1 Scores by adding
#
# **Why.** The first attention for translation ([Bahdanau et al. 2014](https://arxiv.org/abs/1409.0473)) did
# not multiply queries and keys. It let a small network look at both. That works for queries and keys of
# *different* widths, and you will see what it costs.
#
# **The idea.** Project both to a common width $h$, **add**, bend with $\tanh$, and weigh the $h$ results:
#
# $$s_{ij} = w \cdot \tanh\bigl(W_q^\top q_i + W_k^\top k_j\bigr)$$
#
# With one token per row the projections are `Q @ Wq` and `K @ Wk`. Every query meets every key, so there is
# a vector of width $h$ for each of the $n_q \cdot n_k$ pairs.
#
# **By hand.** One query and one key, everything of width 1, $W_q = W_k = 1$, $w = 2$, $q = 0.3$,
# $k = -0.3$: the score is $2 \tanh(0) = 0$. A dot product would say $-0.09$.
#
# **Traps.** Adding `(nq, h)` and `(nk, h)` directly pairs query 0 with key 0 and so on, if it works at all;
# all pairs need an axis of their own for queries and for keys. These are *scores*: no softmax yet, and no
# division by $\sqrt h$, which belongs to dot products. Here $w$ is learned, and its size is the size of the scores.
#
# **Your task** (s004-1.05).


# %% answer="s004-1.05"
def additive_scores(
    Q: torch.Tensor, K: torch.Tensor, Wq: torch.Tensor, Wk: torch.Tensor, w: torch.Tensor
) -> torch.Tensor:
    """Additive scores of every query with every key.

    Q: (nq, dq); K: (nk, dk); Wq: (dq, h); Wk: (dk, h); w: (h,); returns (nq, nk). Gradients flow to all five.
    """
    ### BEGIN SOLUTION
    pairs = (Q @ Wq).unsqueeze(1) + (K @ Wk).unsqueeze(0)
    return torch.tanh(pairs) @ w
    ### END SOLUTION


# %% tests="s004-1.05"
def public_tests_additive():
    random = torch.Generator().manual_seed(4)
    shapes = ((3, 4), (5, 2), (4, 6), (2, 6), (6,))
    Q, K, Wq, Wk, w = (torch.randn(s, generator=random, dtype=torch.float64) for s in shapes)
    got = numeric.as_float64(additive_scores(Q, K, Wq, Wk, w))
    assert got.shape == (3, 5), f"queries in rows, keys in columns: (3, 5), got {tuple(got.shape)}"
    assert (got.sum(-1) - 1).abs().max() > 1e-3, "scores, not weights: the softmax comes later"
    one = [torch.tensor([[value]], dtype=torch.float64) for value in (0.3, -0.3, 1.0, 1.0)]
    zero = float(numeric.as_float64(additive_scores(*one, torch.tensor([2.0], dtype=torch.float64))))
    assert abs(zero) < 1e-12, "0.3 and -0.3 add up to 0, and tanh(0) is 0"
    opposite = numeric.as_float64(additive_scores(-Q, -K, Wq, Wk, w))
    assert numeric.relative_error(opposite, -got) < 1e-6, "tanh is odd: opposite inputs give opposite scores"
    huge = numeric.as_float64(additive_scores(1e6 * Q, 1e6 * K, Wq, Wk, w))
    assert huge.abs().max() <= w.abs().sum() + 1e-6, "no score can be larger than the sum of |w|"
    print("public tests of 2.1 passed")


public_tests_additive()

# %% [markdown]
# **Write it down** (s004-1.05, three to five sentences; read by a person). Somebody proposes to replace
# scaled dot-product attention by additive attention in a transformer. Would you? Give a verdict first.
# Compare what both need in computation and memory for $n_q$ queries, $n_k$ keys and width $h$ (for example
# 64, 64 and 32), and say what the factor $1/\sqrt h$ has to do with it.

# %% [markdown] answer="s004-1.05-text" grade_id="text-s004-1_05"
# ### BEGIN SOLUTION
# In general no; it is a sensible choice only where queries and keys differ in width or a small network of scores is
# wanted anyway. Both have the same order, $n_q n_k h$, but additive scores put a tanh on a tensor
# $(n_q, n_k, h)$, for 64, 64, 32 that is 131,072 numbers where the dot product makes a matrix of 4,096, and
# they are no matrix product, so a GPU is used badly; the parameters hardly differ (only $w$, $h$ numbers, is
# added). The variance of a dot product of unit-variance vectors grows like $h$, so that softmax saturates and
# gradients vanish. A sum of $h$ tanhs is bounded by $\sum_i |w_i|$, but it grows in the same way if the entries of
# $w$ have variance 1; what additive attention once had ahead is that $w$ is a layer like others, which starts with
# entries of order $1/\sqrt h$, and then scores do not grow with $h$. Dividing by $\sqrt h$ brings the variance of
# dot products back to about 1 and removes that advantage.
# ### END SOLUTION

# %% [markdown]
# ## 2.2 A convolution made of attention
#
# **Why.** Attention decides by *content* where to look; a convolution decides by *place*. Give attention a
# way to know distances, and it contains the convolution as a special case
# ([Cordonnier et al. 2020](https://arxiv.org/abs/1911.03584) show it for images).
#
# **The layer.** A sequence of plain numbers $x_0, \dots, x_{n-1}$. Queries, keys and values are numbers
# too, and the score gets an extra term that depends on the offset $i - j$ alone:
#
# $$s_{ij} = (W_Q x_i)(W_K x_j) + p_{\,i-j}, \qquad y_i = \sum_j \operatorname{softmax}_j(s_{ij})\; W_V x_j .$$
#
# In code the layer is described by a dict:
#
# | key | meaning |
# |---|---|
# | `"WQ"`, `"WK"`, `"WV"` | the three weights, numbers |
# | `"p"` | a dict from offset $i - j$ to a number, or a function of the offset |
# | `"default"` | the number for all offsets that are not in the dict |
#
# Minus infinity (`-math.inf`) is a number here.


# %% locked="relative-layer"
def relative_attention(x, params):
    """The layer above on a sequence of numbers: (n,) -> outputs (n,) and weights (n, n), in float64."""
    x = torch.as_tensor(x, dtype=torch.float64)
    WQ, WK, WV = (float(torch.as_tensor(params[name]).reshape(())) for name in ("WQ", "WK", "WV"))

    def place(offset):
        known = params["p"](offset) if callable(params["p"]) else params["p"].get(offset)
        return float(params["default"] if known is None else known)

    steps = range(len(x))
    scores = WQ * WK * torch.outer(x, x) + torch.tensor([[place(i - j) for j in steps] for i in steps]).double()
    weights = torch.softmax(scores, dim=1)
    return weights @ x * WV, weights


flat = {"WQ": 0.0, "WK": 0.0, "WV": 1.0, "p": {}, "default": 0.0}
print("all scores equal, so every output is the mean:", relative_attention([1.0, 2.0, 6.0], flat)[0].tolist())

# %% [markdown]
# **The target.** Away from the two ends,
#
# $$y_i = 2\, x_{i-1} + x_{i+1} .$$
#
# That is a convolution with the kernel $[2, 0, 1]$. At the ends a neighbour is missing, and whatever comes
# out there is fine.
#
# **The idea.** Work backwards. Which weights should row $i$ have? They must not depend on $x$. Then ask
# which scores give these weights. Send a sequence with a single 1 through your layer: what comes out is the
# kernel, and where it comes out tells you whether left and right are right.
#
# **Four traps, and a published solution walked into three of them.**
#
# - Scores pass through an exponential. What matters for two weights is the *difference* of their scores:
#   with $+s$ for one and $-s$ for the other, the ratio of the weights is $e^{2s}$.
# - Weights sum to 1, always. The kernel sums to something else.
# - The index of $p$ is $i - j$. For the neighbour *before* position $i$, what is $j$, and what is $i - j$?
# - "All other offsets" have a score too, and so has offset 0. A score of 0 is not a weight of 0.
#
# **Your task** (s001-1.3.1). Set `conv_params` so that the layer computes the target, for sequences of any
# length.

# %% answer="s001-1.3.1"
# conv_params: a dict with the keys WQ, WK, WV, p and default
### BEGIN SOLUTION
conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), -1: 0.0}, "default": -math.inf}
### END SOLUTION


# %% tests="s001-1.3.1"
def public_tests_convolution():
    same = relative_attention([4.0] * 7, conv_params)[0][1:-1]
    assert bool((same == same[0]).all()), "where all inputs are equal, all outputs away from the ends are equal"
    assert 11.9 < float(same[0]) < 12.1, "2 * 4 + 4: for equal inputs the kernel multiplies by its sum"
    impulse = torch.zeros(9)
    impulse[4] = 1.0
    response = relative_attention(impulse, conv_params)[0][1:-1]
    heard = [i for i in range(1, 8) if abs(float(response[i - 1])) > 1e-6]
    assert heard == [3, 5], f"an input at position 4 should reach the outputs 3 and 5 only; it reaches {heard}"
    assert float(response[4]) > float(response[2]), "the larger weight belongs to the neighbour *before* a position"
    once, twice = (relative_attention(scale * torch.arange(1.0, 8.0), conv_params)[0] for scale in (1.0, 2.0))
    assert numeric.relative_error(twice[1:-1], 2 * once[1:-1]) < 1e-6, (
        "twice the input should give twice the output: do the weights depend on x?"
    )
    print("public tests of 2.2 passed")


public_tests_convolution()

# %% figure="picture-kernel"
def picture_of_kernel(n=15, at=7):
    impulse = torch.zeros(n)
    impulse[at] = 1.0
    random = torch.Generator().manual_seed(5)
    signal = torch.rand(n, generator=random)
    rows = {
        "an impulse": impulse,
        "its response": relative_attention(impulse, conv_params)[0],
        "a signal": signal,
        "filtered": relative_attention(signal, conv_params)[0],
    }
    return attention_pictures.sequences(rows, "the kernel that your layer applies", at)


pictures.when_ready("conv_params", picture_of_kernel)

# %% [markdown]
# ## 2.3 Max-pooling made of attention
#
# **Why.** Now the other way round: here the content has to decide. The same layer can come as close as you
# like to picking the *largest* number in a window.
#
# **The target.** For inputs $x_j > 0$ and a window of $2k + 1$ positions around $i$,
#
# $$y_i \approx \max_{|i - j| \le k} x_j ,$$
#
# with the window cut off at the two ends of the sequence.
#
# **The idea.** Softmax is a *soft* maximum: stretch its inputs by a large factor $\lambda$ and nearly all
# weight goes to the largest score. So the scores should grow with $x_j$ inside the window, and rule out
# everything outside. How close does it get? Each value that lies $d$ below the maximum gets a weight of at
# most $e^{-\lambda x_i d}$ and so adds at most $d\, e^{-\lambda x_i d} \le \frac{1}{e \lambda x_i}$ to the
# error. There are at most $2k$ of them:
#
# $$0 \;\le\; \max - y_i \;\le\; \frac{2k}{e\,\lambda\, x_i} .$$
#
# **Traps.** "Large" weights of 1 are not large: without a factor the layer is a blurred average. Outside
# the window a moderate penalty is not enough, because $\lambda x_i x_j$ can outgrow it. And look at the
# bound again: what does it say for an $x_i$ close to 0?
#
# **Your task** (s001-1.3.2). Return the parameters for window reach $k$ and sharpness $\lambda$, as the same
# kind of dict, such that the error obeys the bound.


# %% answer="s001-1.3.2"
def maxpool_params(k: int, lam: float) -> dict:
    """Parameters of a relative-attention layer that approximates the maximum over offsets -k, ..., k.

    k >= 1: reach of the window; lam > 0: sharpness; returns a dict with the keys WQ, WK, WV, p and default.
    """
    ### BEGIN SOLUTION
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
    ### END SOLUTION


# %% tests="s001-1.3.2"
def public_tests_pooling():
    x = [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    for k in (1, 3):
        got = relative_attention(x, maxpool_params(k, 1000.0))[0]
        seen = [i for i in range(11) if abs(float(got[i]) - 2.0) < 0.02]
        assert all(abs(i - 5) <= k for i in seen), f"k = {k}: the peak at 5 is seen from {seen}, which is too far away"
        assert len(seen) == 2 * k + 1, f"k = {k}: the peak at 5 should be seen from {2 * k + 1} places, not from {seen}"
        rest = [float(got[i]) for i in range(11) if abs(i - 5) > k]
        assert max(abs(value - 1.0) for value in rest) < 1e-6, "where the window holds only ones, the maximum is 1"
    blurred, sharp = (relative_attention(x, maxpool_params(2, lam))[0][4] for lam in (0.5, 50.0))
    assert float(blurred) < float(sharp) <= 2.0 + 1e-9, "a larger lam should bring the output closer to the maximum"
    print("public tests of 2.3 passed")


public_tests_pooling()

# %% figure="picture-pooling"
def picture_of_pooling(k=2):
    x = torch.tensor([0.9, 1.4, 0.6, 0.8, 2.2, 1.1, 0.5, 0.7, 1.6, 1.5, 0.6, 0.9, 1.2, 0.5])
    target = [float(x[max(0, i - k) : i + k + 1].max()) for i in range(len(x))]
    outputs = {
        f"$\\lambda$ = {lam:g}": relative_attention(x, maxpool_params(k, lam))[0] for lam in (0.5, 2.0, 8.0, 100.0)
    }
    return attention_pictures.sharpening(x, target, outputs, f"approaching the maximum over {2 * k + 1} positions")


pictures.when_ready("maxpool_params", picture_of_pooling)

# %% [markdown]
# **The blind spot** (s001-1.3.2, one letter). The target was stated for $x_j > 0$, although max-pooling also
# makes sense where some inputs are 0. Take a position with $x_i = 0$, while others in its window are
# positive, and your layer with $\lambda \to \infty$. What is $y_i$?
#
# - **a**: the maximum of the window, only more slowly
# - **b**: 0
# - **c**: the mean of the window, for every $\lambda$
# - **d**: not a number, since the scores overflow
# - **e**: the smallest value of the window
#
# (Ask yourself afterwards: can *any* choice of the parameters repair it?)

# %% answer="s001-1.3.2-zero"
# pool_at_zero: one of the letters a to e, as text
### BEGIN SOLUTION
pool_at_zero = "c"
### END SOLUTION

# %% tests="s001-1.3.2-zero"
assert len(pool_at_zero) == 1, "one letter, as text"
assert set(pool_at_zero) <= set("abcde"), "one of the letters on offer, in lower case"
print("the answer can be read")

# %% [markdown]
# **What you have seen.** A score that is a *product* has a blind spot, and no choice of $W_Q$, $W_K$ and $p$
# repairs it; a bias would. And place and content can be combined freely: $p$ says where to look, the product
# says what to look for.
#
# **What comes next.** In the assignment *Attention and translation* you build layers that learn both, and train a
# translator made of them.
