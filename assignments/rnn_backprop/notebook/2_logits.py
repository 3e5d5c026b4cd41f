# %% [markdown]
# ## 1.2 The gradient at the logits
#
# **Why.** Every gradient in this notebook starts here, where the loss meets the network. It is also a small
# marvel: $\log$, $\exp$ and a quotient go in, and almost nothing is left.
#
# **The idea.** Go through $\hat y$: first $\partial J / \partial \hat y_k$, then how *every* $\hat y_k$
# reacts when *one* logit moves. All probabilities react, because they share the denominator. Put the two
# together and simplify; the targets sum to 1. One step at a time:
#
# **The two factors.** The loss sees the probabilities one by one: which of them does $\hat y_k$ appear in, and
# what is the derivative of a logarithm? The softmax mixes them: its derivative is a whole matrix, the
# *Jacobian*, with $\partial \hat y_a / \partial o_b$ in row $a$, column $b$. Do the case $a = b$ first, then
# $a \ne b$.
#
# **By hand.** Two classes, logits $(0, 0)$, so $\hat y = (\tfrac12, \tfrac12)$. Raise the first logit by $0.1$
# and $\hat y$ becomes $(0.525, 0.475)$: what one probability wins, the other loses. So the first column is
# close to $(\tfrac14, -\tfrac14)$.
#
# **A trap.** It is tempting to fill the diagonal only, as for a sigmoid, which looks at each logit alone. What
# would the sum of a column then say about the sum of the probabilities?
#
# **Your task** (s000-3.2.1, the factors). `dJ_dyhat`: the gradient of the loss with respect to the
# probabilities; they are all above 0, and may be tiny. `softmax_jacobian`: the derivative of the probabilities
# with respect to the logits, for any number of leading axes.


# %% answer="s000-3.2.1-jacobian"
def dJ_dyhat(yhat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Gradient of -sum_k y_k log yhat_k with respect to yhat, each entry taken as free to move.

    yhat: probabilities (..., K), all above 0; y: targets (..., K), rows sum to 1; returns (..., K).
    """
    ### BEGIN SOLUTION
    return -y / yhat
    ### END SOLUTION


def softmax_jacobian(o: torch.Tensor) -> torch.Tensor:
    """Derivative of softmax(o) with respect to o: entry [..., a, b] is d yhat_a / d o_b.

    o: logits (..., K); returns (..., K, K), one matrix per row of logits.
    """
    ### BEGIN SOLUTION
    p = torch.softmax(o, dim=-1)
    return torch.diag_embed(p) - p[..., :, None] * p[..., None, :]
    ### END SOLUTION


# %% tests="s000-3.2.1-jacobian"
def public_tests_factors():
    random = torch.Generator().manual_seed(6)
    o = torch.randn(3, 4, generator=random, dtype=torch.float64)
    y = torch.softmax(torch.randn(3, 4, generator=random, dtype=torch.float64), dim=-1)
    yhat = torch.softmax(o, dim=-1)
    first = numeric.as_float64(dJ_dyhat(yhat.clone(), y.clone()))
    assert first.shape == (3, 4), f"one number per probability: expected shape (3, 4), got {tuple(first.shape)}"
    nudged = numeric.finite_difference(lambda p: -(y * torch.log(p)).sum(), yhat)
    assert numeric.relative_error(first, nudged) < 1e-5, (
        "dJ_dyhat is how the loss answers to one probability: nudge one, the others held still, and it moves otherwise"
    )
    mixing = numeric.as_float64(softmax_jacobian(o.clone()))
    assert mixing.shape == (3, 4, 4), (
        f"three rows of four logits have three 4 x 4 matrices: expected (3, 4, 4), got {tuple(mixing.shape)}"
    )
    assert mixing.sum(-2).abs().max() < 1e-6, (
        "the probabilities sum to 1 before and after a nudge: each column must sum to zero"
    )
    for a in range(4):
        nudged = numeric.finite_difference(lambda v, a=a: torch.softmax(v, dim=-1)[:, a].sum(), o)
        assert numeric.relative_error(mixing[:, a], nudged) < 1e-5, (
            f"a row of the Jacobian belongs to one probability: row {a} is not how it answers to nudges of the logits"
        )
    for shape in ((4,), (1,), (2, 1, 3)):
        p = torch.softmax(torch.randn(shape, generator=random, dtype=torch.float64), dim=-1)
        first = numeric.as_float64(dJ_dyhat(p.clone(), p.clone()))
        assert tuple(first.shape) == shape, f"any number of leading axes, of any size: {shape}"
        mixing = numeric.as_float64(softmax_jacobian(p.log()))
        assert tuple(mixing.shape) == (*shape, shape[-1]), f"one matrix per row, for shape {shape}"
    print("public tests of 1.2, the factors, passed")


public_tests_factors()

# %% [markdown]
# **Put together.** A logit moves the loss through *every* probability, so the gradient is a sum over them:
# $\partial J/\partial o_b = \sum_a (\partial J/\partial \hat y_a)(\partial \hat y_a/\partial o_b)$. Your two
# functions can do this already, and for tiny probabilities they do it badly: a huge number times a tiny one.
# Do it on paper instead, and see what cancels.
#
# **By hand.** Two classes, logits $(0, 0)$, target $(1, 0)$. Then $\hat y = (\tfrac12, \tfrac12)$ and
# $J = \log 2 \approx 0.693$. Raise the first logit by $0.1$ and $J$ falls to $0.644$; raise the second by
# $0.1$ and $J$ grows to $0.744$. So the gradient is close to $(-\tfrac12, \tfrac12)$. Does your formula say
# so?
#
# **A trap.** $e^{1000}$ is infinity in floating point, and infinity divided by infinity is not a number.
# Also: which axis holds the classes when there are several rows?
#
# **Your task** (s000-3.2.1). The gradient of the cross-entropy with respect to the logits, row by row: each
# row is a prediction of its own, and nothing is averaged. It should work for any number of leading axes
# (none, one, several).


# %% answer="s000-3.2.1"
def dJ_do(o: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Gradient of -sum_k y_k log softmax(o)_k with respect to o.

    o: logits (..., K); y: targets (..., K), rows sum to 1; returns (..., K).
    """
    ### BEGIN SOLUTION
    return torch.softmax(o, dim=-1) - y
    ### END SOLUTION


# %% tests="s000-3.2.1"
def public_tests_logits():
    random = torch.Generator().manual_seed(1)
    o = torch.randn(3, 5, generator=random, dtype=torch.float64)
    y = torch.softmax(torch.randn(3, 5, generator=random, dtype=torch.float64), dim=-1)
    got = numeric.as_float64(dJ_do(o.clone(), y.clone()))
    assert got.shape == o.shape, (
        f"one number per logit: expected shape {tuple(o.shape)}, got {tuple(got.shape)}"
    )
    assert got.sum(-1).abs().max() < 1e-6, (
        "dJ_do must sum to zero over the classes: softmax does not change when all logits shift"
    )
    by_hand = dJ_do(torch.zeros(2, dtype=torch.float64), torch.tensor([1.0, 0.0], dtype=torch.float64))
    first, second = numeric.as_float64(by_hand)
    assert first < 0 < second, (
        "the loss falls when the logit of the right class grows: its gradient is negative"
    )
    nudged = numeric.finite_difference(lambda v: cross_entropy(v, y).sum(), o)
    assert numeric.relative_error(got, nudged) < 1e-5, (
        "dJ_do is how the loss answers to each logit: nudged one by one they move it otherwise"
    )
    for shape in ((2, 1, 3), (1,)):
        o = torch.randn(shape, generator=random, dtype=torch.float64)
        got = numeric.as_float64(dJ_do(o, torch.ones_like(o) / shape[-1]))
        assert tuple(got.shape) == shape, f"any number of leading axes, of any size: {shape}"
    print("public tests of 1.2, the whole, passed")


public_tests_logits()
