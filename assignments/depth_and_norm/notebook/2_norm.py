# %% [markdown]
# # Part 2: LayerNorm by hand
#
# LayerNorm is two functions: *centring*, $f(x) = x - \bar x$, and *scaling*, $h(z) = z / \sigma$ with $\sigma^2 = \frac1d \sum_i z_i^2$. (For centred $z$ this is the
# standard deviation.) So $\mathrm{LN}(x) = h(f(x))$. Until 2.4 there is no $\epsilon$ and nothing is learned. Each function gets a vector `(d,)` or rows `(n, d)`, and
# works along the last axis. $g$ is always the gradient of some loss at the *output*; what you return is the gradient at the input.

# %% locked="norms"
def centre(x: np.ndarray) -> np.ndarray:
    """(..., d) -> (..., d): what is left without the mean of the last axis."""
    return x - x.mean(-1, keepdims=True)


def scale_to_one(z: np.ndarray) -> np.ndarray:
    """(..., d) -> (..., d): divided by the root of the mean square of the last axis."""
    return z / np.sqrt((z**2).mean(-1, keepdims=True))


# %% [markdown]
# ## 2.1 Centring
#
# **Your task** (s003-12a). The backward pass of `centre`. And: $x' = a x$ with $a > 0$, while the gradient $g$ at the output stays the same. Which are true? (Two letters.)
#
# - **a** $\|f(x')\| = \|f(x)\|$
# - **b** $\|f(x')\| = a \|f(x)\|$
# - **c** $\|f(x')\| = \frac1a \|f(x)\|$
# - **d** the gradient at $x'$ is as long as the one at $x$
# - **e** it is $a$ times as long
# - **f** it is $\frac1a$ times as long

# %% answer="s003-12a"
# Replace the None by letters in braces, and delete the `raise` below.
answers["s003-12a"] = None
### BEGIN SOLUTION
answers["s003-12a"] = {"b", "d"}
### END SOLUTION


def demean_backward(g: np.ndarray) -> np.ndarray:
    """Gradient at x of a loss whose gradient at centre(x) is g: (d,) -> (d,), or (n, d) -> (n, d)."""
    ### BEGIN SOLUTION
    return g - g.mean(-1, keepdims=True)
    ### END SOLUTION

# %% tests="s003-12a"
def public_tests_centring():
    g, x = np.array([0.5, -1.0, 2.0, 3.5]), np.array([1.0, 4.0, -2.0, 0.5])
    wanted = numeric.finite_difference(lambda t: (torch.tensor(g) * (t - t.mean())).sum(), x).numpy()
    assert np.allclose(numeric.as_float64(demean_backward(g.copy())), wanted, atol=1e-7), "the slopes of a centred vector"
    rows = np.array([[1.0, 2.0, 6.0], [0.0, -3.0, 5.0]])
    got = numeric.as_float64(demean_backward(rows.copy())).numpy()
    assert got.shape == (2, 3), "rows: the shape stays"
    assert np.allclose(got, [[-2.0, -1.0, 3.0], [-2 / 3, -11 / 3, 13 / 3]]), "rows: each row by itself"
    assert np.allclose(numeric.as_float64(demean_backward(np.array([2.5]))), 0), "a single number: nothing passes"
    assert numeric.as_float64(demean_backward(rows[:1])).shape == (1, 3), "one row is a batch too"
    assert np.allclose(numeric.as_float64(demean_backward(np.zeros(3))), 0), "no gradient: none comes back"
    assert answers.get("s003-12a"), 'the choice: answers["s003-12a"] = {"two", "letters"}'


public_tests_centring()

# %% [markdown]
# ## 2.2 Scaling, and both together
#
# **Why.** One row of an image of a network is wrong, and autograd is not there to help: fused kernels, new hardware and new norms need this formula by
# hand. It also says what a norm does to training, which the next question uses.
#
# **Hint.** Write $h(z) = \sqrt d \, z / \|z\|$ and use $\partial \|z\| / \partial z = z^\top / \|z\|$. To check yourself: $h$ gives the same for $z$ and for
# $2z$. So a step along $z$ changes nothing. Which part of $g$ can then not come through?
#
# **Your task** (s003-12b). `normalize_backward` for $h$; $z$ need not be centred. Then `layernorm_backward` for $h(f(x))$.

# %% answer="s003-12b"
def normalize_backward(g: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Gradient at z of a loss whose gradient at scale_to_one(z) is g. g, z: (d,) or (n, d), any size, no row of z all 0."""
    ### BEGIN SOLUTION
    square = (z**2).sum(-1, keepdims=True)
    along = (g * z).sum(-1, keepdims=True) / square
    return np.sqrt(z.shape[-1] / square) * (g - along * z)
    ### END SOLUTION


def layernorm_backward(g: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Gradient at x of a loss whose gradient at scale_to_one(centre(x)) is g. g, x: (d,) or (n, d), no row constant."""
    ### BEGIN SOLUTION
    return demean_backward(normalize_backward(g, centre(x)))
    ### END SOLUTION

# %% tests="s003-12b"
def public_tests_scaling():
    g, z = np.array([[0.5, -1.0, 2.0], [1.0, 0.3, -0.4]]), np.array([[3.0, 1.0, -2.0], [0.1, 0.5, 2.0]])
    G = torch.tensor(g)
    rms = numeric.finite_difference(lambda t: (G * t / t.square().mean(-1, keepdim=True).sqrt()).sum(), z).numpy()
    got = numeric.as_float64(normalize_backward(g.copy(), z.copy())).numpy()
    assert got.shape == (2, 3), "rows: the shape stays"
    assert np.allclose(got, rms, atol=1e-6), "scaling: the slopes, row by row"
    assert np.allclose(numeric.as_float64(normalize_backward(g[0], z[0])), rms[0], atol=1e-6), "scaling: a single vector"
    assert np.allclose(numeric.as_float64(normalize_backward(np.zeros(2), np.array([1.0, 2.0]))), 0), "no gradient: none comes back"
    tiny = numeric.as_float64(normalize_backward(g[0], 1e-5 * z[0])).numpy()
    assert np.allclose(1e-5 * tiny, rms[0], atol=1e-6), "scaling: inputs of a hundred-thousandth, and no eps"
    some = numeric.as_float64(normalize_backward(g[0], np.array([0.0, 2.0, -1.0]))).numpy()
    assert np.isfinite(some).all(), "scaling: a 0 among the inputs"
    ln = numeric.finite_difference(lambda t: (G * F.layer_norm(t, (3,), eps=0)).sum(), z).numpy()
    assert np.allclose(numeric.as_float64(layernorm_backward(g.copy(), z.copy())), ln, atol=1e-6), "LayerNorm: the slopes, row by row"
    assert np.allclose(numeric.as_float64(layernorm_backward(g[1], z[1])), ln[1], atol=1e-6), "LayerNorm: a single vector"
    assert np.allclose(numeric.as_float64(layernorm_backward(np.zeros(3), z[0])), 0), "LayerNorm: no gradient, none comes back"
    assert numeric.as_float64(layernorm_backward(g[:1], z[:1])).shape == (1, 3), "LayerNorm: one row is a batch too"
    mean = numeric.as_float64(layernorm_backward(g[0], np.array([1.0, 2.0, 3.0]))).numpy()
    assert np.isfinite(mean).all(), "LayerNorm: an input that is just the mean"
    one = numeric.as_float64(normalize_backward(np.array([[1.5]]), np.array([[-2.0]]))).numpy()
    assert one.shape == (1, 1) and abs(one[0, 0]) < 1e-12, "a single number: its scaled value is its sign"


public_tests_scaling()

# %% [markdown]
# **Write it down** (s003-12b, the derivation; read by a person). Derive the gradient at $z$ as a function of $d$, $g$ and $z$, and say which direction of $g$ does not come through and why.

# %% [markdown] answer="s003-12b-derivation"
# ### BEGIN SOLUTION
# $y = \sqrt d\, z/\|z\|$. By the quotient rule $\frac{\partial y}{\partial z} = \sqrt d\, \frac{\|z\| I - z z^\top/\|z\|}{\|z\|^2} = \frac{\sqrt d}{\|z\|}\bigl(I - \frac{z z^\top}{\|z\|^2}\bigr)$.
# The matrix is symmetric, so the gradient at $z$ is $\frac{\sqrt d}{\|z\|}\bigl(g - z\,\frac{z^\top g}{\|z\|^2}\bigr)$. The part of $g$ along $z$ is taken out: moving along $z$ changes its
# length and nothing else, and the length is exactly what $h$ forgets. The rest is divided by $\sigma = \|z\|/\sqrt d$.
# ### END SOLUTION

# %% [markdown]
# ## 2.3 A speed bump
#
# **Your task** (s003-12c). Now $z' = a z$ with $a > 0$ goes into the *scaling* $h$, and $g$ stays the same. Which are true? (Two letters.) You have all it takes to try it.
#
# - **a** $\|h(z')\| = \|h(z)\|$
# - **b** $\|h(z')\| = a \|h(z)\|$
# - **c** $\|h(z')\| = \frac1a \|h(z)\|$
# - **d** the gradient at $z'$ is as long as the one at $z$
# - **e** it is $a$ times as long
# - **f** it is $\frac1a$ times as long

# %% answer="s003-12c"
# Replace the None by letters in braces, and delete the `raise` below.
answers["s003-12c"] = None
### BEGIN SOLUTION
answers["s003-12c"] = {"a", "f"}
### END SOLUTION

# %% tests="s003-12c"
assert answers.get("s003-12c"), 'the choice: answers["s003-12c"] = {"two", "letters"}'

# %% [markdown]
# The larger what comes in, the smaller the gradient that goes back. So a layer whose activations have grown is slowed down and cannot run away. Your functions, at
# four inputs of different direction:

# %% figure="speed-bump"
def speed_bump():
    rng, sizes = np.random.default_rng(3), np.geomspace(0.05, 20, 9)
    z, g = rng.standard_normal((4, 30)), rng.standard_normal((4, 30))
    lengths = {
        "centring": np.array([np.linalg.norm(demean_backward(g), axis=1) for _ in sizes]),
        "scaling": np.array([np.linalg.norm(normalize_backward(g, a * z), axis=1) for a in sizes]),
    }
    return depth_pictures.speed_bump(sizes, lengths)


when_ready("normalize_backward", speed_bump)

# %% [markdown]
# ## 2.4 LayerNorm, as torch has it
#
# **What is added.** A weight $w$ and a bias $b$ for each of the $d$ places, shared by all rows, and $\epsilon$ under the root:
#
# $$y = w \odot \frac{x - \bar x}{\sqrt{\mathrm{var}(x) + \epsilon}} + b, \qquad \mathrm{var}(x) = \frac1d \sum_i (x_i - \bar x)^2 .$$
#
# **Traps.** The weight and the bias get something from *every* row. $\epsilon$ is no detail where $x$ varies little: put it where it
# stands in the formula, in the backward pass too. A row of equal numbers is allowed now.
#
# **Your task** (s003-12b, torch). All three gradients, for any number of axes in front.

# %% answer="s003-12b-torch"
def layer_norm_backward(g: Tensor, x: Tensor, weight: Tensor, eps: float = 1e-5) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients at x, weight and bias of a loss whose gradient at F.layer_norm(x, (d,), weight, bias, eps) is g.

    g, x: (..., d) with one or more axes; weight: (d,). Returns tensors (..., d), (d,), (d,) of the dtype of x.
    """
    ### BEGIN SOLUTION
    z = x - x.mean(-1, keepdim=True)
    sigma = (z.square().mean(-1, keepdim=True) + eps).sqrt()
    y, inner = z / sigma, g * weight
    back = (inner - inner.mean(-1, keepdim=True) - y * (inner * y).mean(-1, keepdim=True)) / sigma
    rows = tuple(range(x.dim() - 1))
    return back, (g * y).sum(rows) if rows else g * y, g.sum(rows) if rows else g
    ### END SOLUTION

# %% tests="s003-12b-torch"
def public_tests_layer_norm():
    torch.manual_seed(5)
    for shape, dtype, eps in (((2, 3, 4), torch.float64, 1e-5), ((3, 5), torch.float64, 0.3), ((4,), torch.float64, 1e-5), ((2, 1, 3, 4), torch.float64, 1e-5), ((2, 3), torch.float32, 1e-5), ((3, 1), torch.float64, 1e-5)):
        x, g = torch.randn(shape, dtype=dtype), torch.randn(shape, dtype=dtype)
        weight = torch.randn(shape[-1], dtype=dtype)
        own = [t.clone().requires_grad_(True) for t in (x, weight, torch.zeros_like(weight))]
        wanted = torch.autograd.grad(F.layer_norm(own[0], shape[-1:], own[1], own[2], eps), own, g)
        got = layer_norm_backward(g, x, weight, eps)
        assert len(got) == 3, "three gradients: x, weight, bias"
        for name, mine, theirs in zip(("x", "the weight", "the bias"), got, wanted, strict=True):
            assert mine.shape == theirs.shape, f"gradient of {name}: its shape, {tuple(theirs.shape)} here"
            assert mine.dtype == dtype, f"gradient of {name}: the dtype stays"
            assert torch.allclose(mine, theirs, atol=1e-4), f"gradient of {name}: as autograd has it, x {shape}, eps {eps}"
    flat = layer_norm_backward(torch.tensor([[1.0, 2.0, -1.0]]), torch.full((1, 3), 7.0), torch.ones(3))[0]
    assert torch.isfinite(flat).all(), "a row of equal numbers: eps keeps it finite"
    named = layer_norm_backward(torch.zeros(2, 3), torch.eye(3)[:2], torch.ones(3), eps=0.1)
    assert not named[0].any(), "no gradient: none comes back"


public_tests_layer_norm()
