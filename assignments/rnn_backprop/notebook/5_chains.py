# %% [markdown]
# # Part 2: How gradients vanish
#
# Early layers learn only from the gradient that reaches them, and that gradient is a product with one factor
# per layer, or per time step. A hundred factors of one half leave nothing; a hundred factors of two drown
# everything else. So the question of this part is always the same: *which factors are multiplied, and how
# large can each one be?* We start with single neurons, go on to matrices, and end with a real RNN. Exercises
# 2.1 and 2.2 use torch tensors, 2.3 to 2.5 numpy arrays of float64. As before, any size may be 1, and numbers may
# be of any magnitude.

# %% [markdown]
# ## 2.1 A chain of ReLU neurons
#
# **Why.** A layer multiplies the gradient by its weight and by the slope of its activation. With one neuron per
# layer both factors are plain numbers, and you can find the sharpest bound on $|f'(x)|$ that can be had without
# knowing the input.
#
# **The idea.** A chain of depth $n$ computes $h_0 = x$, $h_i = \mathrm{relu}(w_i\,h_{i-1})$ and $f(x) = h_n$.
# By the chain rule, $f'(x) = \prod_{i=1}^{n} w_i\,\mathrm{relu}'(w_i\,h_{i-1})$. The factor of layer $i$ is $w_i$ if
# that neuron is on, and 0 if it is off. So there are two separate questions: which neurons are on, and how large is
# the product when all of them are?
#
# **A small example.** $w = (3, 0.5)$, $x = 2$: the neurons compute 6 and then 3. A nudge of $x$ by $0.1$
# moves them by $0.3$ and $0.15$.
#
# **The special case of weights 1.** Now only the activation is left to be blamed. With the sigmoid in place of ReLU
# no factor exceeds $1/4$: after five layers at most $4^{-5} \approx 0.001$ of the gradient is left. Do the same with
# ReLU: take $x = 3$ and two layers of weight 1, nudge $x$ to $3.01$, and see by how much the output moves. Then
# start from $x = -3$.
#
# **Traps.** A neuron is on when *what enters its ReLU* is positive. What enters layer 1? And for weights 1, "the
# slope lies between 0 and 1" is true and says little: ask which values in between occur.
#
# **Your task, first half.** Write `relu_chain_grad` for any weights. (Item s001-1.1.1 tries it with weights 1, item
# s001-1.1.2 with all others.) At $x = 0$ there is no derivative; any number from 0 to 1 will do there when the
# weights are 1. Then answer for weights 1: as the chain gets deeper, *must* the gradient vanish? *Must* it explode?
# Say `True` only if it happens for every input.

# %% answer="s001-1.1.1"
def relu_chain_grad(ws: list[float] | torch.Tensor, x: float | torch.Tensor) -> float | torch.Tensor:
    """The derivative of f at x, where h_0 = x, h_i = relu(w_i * h_{i-1}) and f(x) = h_n.

    ws: the n weights, a list of floats or a tensor of shape (n,)
    x: a float or a tensor of shape ()
    returns: one number, a float or a tensor of shape () and of the dtype of ws
    """
    ### BEGIN SOLUTION
    product = 1.0
    for w in ws:
        product = product * w
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return product if gates_are_open else 0.0 * ws[0]
    ### END SOLUTION


# Replace each None by True or False (weights 1, any input, deeper and deeper), and delete the `raise` below.
necessarily = {"vanish": None, "explode": None}
### BEGIN SOLUTION
necessarily = {"vanish": False, "explode": False}
### END SOLUTION

# %% tests="s001-1.1.1"
def public_tests_ones_chain():
    def f(x):
        for _ in range(4):
            x = max(0.0, x)
        return x

    for x in (2.5, -2.5):
        slope = numeric.as_float64(relu_chain_grad([1.0] * 4, x))
        assert slope.numel() == 1, "relu_chain_grad returns one number: the slope at x"
        nudged = (f(x + 1e-3) - f(x - 1e-3)) / 2e-3
        assert abs(slope.item() - nudged) < 1e-4, f"x = {x}: your slope is not how f answers to a nudge of x"
    one = numeric.as_float64(relu_chain_grad(torch.ones(1), torch.tensor(2.5)))
    assert one.tolist() in (1.0, [1.0]), "a chain of one neuron; weights and x may be tensors"
    assert set(necessarily) == {"vanish", "explode"}, "necessarily has the two keys 'vanish' and 'explode'"
    assert all(answer is not None for answer in necessarily.values()), "replace both None by True or False"
    print("public tests of 2.1, weights 1, passed")


public_tests_ones_chain()

# %% [markdown]
# **Your task, second half** (s001-1.1.2). Write `relu_chain_bound(ws)`: the best bound on $|f'(x)|$ that holds for
# every input $x$ and for every choice of the *signs* of the weights: nothing exceeds it, and some input with some
# signs reaches it. What do "small weights" mean when weights may be negative? Then refute "if all weights are above
# 1, the gradient cannot vanish": `dead_example()` returns weights that are all above 1, and an $x$ where the
# derivative exists and is 0.

# %% answer="s001-1.1.2"
def relu_chain_bound(ws: list[float] | torch.Tensor) -> float | torch.Tensor:
    """The best upper bound on |f'(x)| over every x and every choice of the signs of the weights.

    ws: the n weights, a list of floats or a tensor of shape (n,)
    returns: one number >= 0, a float or a tensor of shape ()
    """
    ### BEGIN SOLUTION
    bound = 1.0
    for w in ws:
        bound = bound * abs(w)
    return bound
    ### END SOLUTION


def dead_example() -> tuple[list[float], float]:
    """(ws, x): n >= 1 weights, all above 1, and an x where f'(x) exists and equals 0."""
    ### BEGIN SOLUTION
    return [2.0, 3.0, 1.5], -1.0
    ### END SOLUTION

# %% tests="s001-1.1.2"
def public_tests_chain():
    def f(ws, x):
        for w in ws:
            x = max(0.0, w * x)
        return x

    for ws, x in (([3.0, 0.5], 2.0), ([0.7, 1.9, 2.0], 1.3), ([1.4, -2.0, 0.6], 0.9), ([1.5, 2.5], -0.8)):
        slope = numeric.as_float64(relu_chain_grad(ws, x)).item()
        nudged = (f(ws, x + 1e-3) - f(ws, x - 1e-3)) / 2e-3
        assert abs(slope - nudged) < 1e-4, f"weights {ws}, x = {x}: follow the values; which neurons are on?"
        bound = numeric.as_float64(relu_chain_bound(ws))
        assert bound.numel() == 1, "relu_chain_bound returns one number"
        assert bound.item() >= abs(nudged) - 1e-4, f"weights {ws}: your bound lies below a slope that occurs"
    one = numeric.as_float64(relu_chain_bound(torch.tensor([-2.0])))
    assert one.tolist() in (2.0, [2.0]), "one neuron of weight -2, weights as a tensor: slopes of size 2 occur, no larger ones"
    ws, x = dead_example()
    weights = numeric.as_float64(ws)
    assert weights.ndim == 1, "dead_example returns (ws, x), ws a list of weights"
    assert (weights > 1).all(), "dead_example: all weights must be above 1"
    assert numeric.as_float64(x).numel() == 1, "dead_example returns (ws, x), x one number"
    print("public tests of 2.1, any weights, passed")


public_tests_chain()

# %% [markdown]
# **Write it down** (s001-1.1.2, derivation; read by a person). Derive your bound: show
# $0 \le |f'(x)| \le B(w_1, \dots, w_n)$ and say when the upper end is reached. Then say whether the gradient
# must vanish, must explode, or neither, as $n$ grows.

# %% [markdown] answer="s001-1.1.2-proof" grade_id="proof-s001-1_1_2"
# ### BEGIN SOLUTION
# **Bound.** Layer $i$ contributes $w_i$ if its pre-activation $z_i = w_i h_{i-1}$ is positive, and 0 if it is
# negative. So $f'(x) = \prod_i w_i$ if all $z_i > 0$, else 0, and $0 \le |f'(x)| \le \prod_i |w_i|$. Since
# $h_{i-1} > 0$ behind an open gate, all gates are open exactly if $w_1 x > 0$ and $w_2, \dots, w_n > 0$; then
# the upper end is reached.
#
# **Neither is forced.** The product can stay put (all $w_i = 1$), shrink (all $|w_i| \le c < 1$) or grow (all
# $w_i \ge c > 1$ and $x > 0$). Size alone decides nothing for certain: weights above 1 with $x < 0$ give 0,
# and factors below 1 need not multiply to 0, for example $\prod_i (1 - 2^{-i}) \to 0.289$.
# ### END SOLUTION
