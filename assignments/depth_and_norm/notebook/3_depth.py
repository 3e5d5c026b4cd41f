# %% [markdown]
# # Part 3: Where the norm stands
#
# ## 3.1 Before or after
#
# A layer has two parts: attention, $A$, and two matrices with a ReLU between, $M$. Each is wrapped in a skip connection and a norm, in one of two orders:
#
# $$\text{type 1:}\quad x \leftarrow \mathrm{LN}(x + A(x)),\; x \leftarrow \mathrm{LN}(x + M(x)) \qquad\quad
#   \text{type 2:}\quad x \leftarrow x + A(\mathrm{LN}(x)),\; x \leftarrow x + M(\mathrm{LN}(x)) .$$
#
# In both, $A$ is `self_attn(x, x, x)` without a mask, and `LN` is the one without $\epsilon$ and weights.

# %% locked="layer"
def LN(x: Tensor) -> Tensor:
    """(..., d) -> (..., d): mean 0 and mean square 1 over the last axis."""
    z = x - x.mean(-1, keepdim=True)
    return z / z.square().mean(-1, keepdim=True).sqrt()


class Parts(nn.Module):
    """What both types are made of. `self_attn(x, x, x)[0]` and `fc2(F.relu(fc1(x)))` map (b, n, d_model) to the same shape."""

    def __init__(self, d_model: int, n_heads: int, d_ffn: int) -> None:
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d_model, n_heads, batch_first=True)
        self.fc1, self.fc2 = nn.Linear(d_model, d_ffn), nn.Linear(d_ffn, d_model)


# %% [markdown]
# **Your task** (s003-12d). Both layers, as classes derived from `Parts`, and which of these are true? (Letters, as many as are true.)
#
# - **a** Type 1 is a layer in the style of an encoder.
# - **b** Type 1 is a layer in the style of a decoder.
# - **c** Type 2 is a layer in the style of an encoder.
# - **d** Type 2 is a layer in the style of a decoder.
# - **e** The two types are mathematically equivalent.
# - **f** The two types are not mathematically equivalent.

# %% answer="s003-12d"
# Replace the None by letters in braces, and delete each `raise` below.
answers["s003-12d"] = None
### BEGIN SOLUTION
answers["s003-12d"] = {"a", "c", "f"}


class PostNorm(Parts):
    """Type 1. forward(x): (b, n, d_model) -> (b, n, d_model)."""

    def forward(self, x: Tensor) -> Tensor:
        x = LN(x + self.self_attn(x, x, x)[0])
        return LN(x + self.fc2(F.relu(self.fc1(x))))


class PreNorm(Parts):
    """Type 2. forward(x): (b, n, d_model) -> (b, n, d_model)."""

    def forward(self, x: Tensor) -> Tensor:
        y = LN(x)
        x = x + self.self_attn(y, y, y)[0]
        return x + self.fc2(F.relu(self.fc1(LN(x))))
### END SOLUTION


def type1(d_model: int = 12, n_heads: int = 3, d_ffn: int = 20) -> nn.Module:
    """A new layer of type 1: normalised after."""
    ### BEGIN SOLUTION
    return PostNorm(d_model, n_heads, d_ffn)
    ### END SOLUTION


def type2(d_model: int = 12, n_heads: int = 3, d_ffn: int = 20) -> nn.Module:
    """A new layer of type 2: normalised before."""
    ### BEGIN SOLUTION
    return PreNorm(d_model, n_heads, d_ffn)
    ### END SOLUTION

# %% tests="s003-12d"
def public_tests_layers():
    torch.manual_seed(3)
    x = torch.randn(2, 5, 12)
    for name, make in (("type 1", type1), ("type 2", type2)):
        layer = make()
        assert isinstance(layer, nn.Module), f"a module comes back: {name}"
        assert layer(x).shape == x.shape, f"the shape stays: {name}"
        assert layer.double()(x[:1, :1].double()).shape == (1, 1, 12), f"one word alone is a sequence: {name}"
        assert make(8, 2, 14)(torch.randn(3, 4, 8)).shape == (3, 4, 8), f"other sizes work: {name}"
        assert len({id(make().fc1.weight), id(make().fc1.weight)}) <= 2 and make() is not make(), f"each call makes a new layer: {name}"
        parts = set(dict(layer.named_parameters()))
        assert {"self_attn.in_proj_weight", "self_attn.out_proj.weight", "fc1.weight", "fc2.bias"} <= parts, f"the parts of Parts: {name}"
    out = type1()(x)
    assert torch.allclose(out.square().mean(-1), torch.ones(2, 5), atol=1e-3), "type 1: what comes out is normalised"
    assert answers.get("s003-12d"), 'the choice: answers["s003-12d"] = {"letters"}'


public_tests_layers()

# %% [markdown]
# ## 3.2 How activations grow
#
# **A model of a model.** Let $A$ and $M$ be the identity. A layer of type 2 is then $x \mapsto x + \mathrm{LN}(x)$, twice. The input $x^{(0)}$ is normalised: mean 0, mean square 1.
# After one layer, $x^{(1)} = 3\,x^{(0)}$. It is tempting to go on from there. Do one more by hand first.
#
# **Your task** (s003-12e). The factor after $\ell$ layers, $x^{(\ell)} = \mathrm{scale}(\ell)\, x^{(0)}$.

# %% answer="s003-12e"
def scale(l: int) -> int:
    """x after l layers, l >= 0, over x before the first."""
    ### BEGIN SOLUTION
    return 2 * l + 1
    ### END SOLUTION

# %% tests="s003-12e"
def public_tests_growth():
    assert scale(1) == 3, "one layer: three times the input"
    assert scale(0) == 1, "no layer: the input itself"


public_tests_growth()

# %% [markdown]
# ## 3.3 How gradients grow
#
# **The claim.** With $g^{(\ell)}$ the gradient at $x^{(\ell)}$ and $\|g^{(L)}\| = \sqrt d$, in the same model,
#
# $$\|g^{(\ell)}\| \le \frac{2L+1}{2\ell+1}\,\sqrt d .$$
#
# Lower layers get larger gradients, but only by a factor of about the depth: no explosion.
#
# **Beyond the bound.** For *identity* sub-layers the gradient is known exactly. The $k$-th step gets $k\, x^{(0)}$, and its Jacobian there is $I + P/k$, where $P$ takes out the
# mean and the part along $x^{(0)}$: $P v = v - \bar v - x^{(0)} \frac{x^{(0)\top} v}{d}$. So what happens to the two parts of $g^{(L)}$ on the way down?
#
# **Your task** (s003-12f). The bound, and the exact gradient.

# %% answer="s003-12f"
def gradient_bound(L: int, l: int, d: int) -> float:
    """The bound on the length of the gradient at x after l of L layers, 0 <= l <= L, where it is sqrt(d) at the top."""
    ### BEGIN SOLUTION
    return (2 * L + 1) / (2 * l + 1) * math.sqrt(d)
    ### END SOLUTION


def grad_layer(gL: np.ndarray, x0: np.ndarray, L: int, l: int) -> np.ndarray:
    """The gradient at x after l layers, exactly. gL: (d,), that after L layers; x0: (d,), mean 0 and mean square 1."""
    ### BEGIN SOLUTION
    changing = gL - gL.mean() - x0 * (x0 @ gL) / len(x0)
    return gL - changing + (2 * L + 1) / (2 * l + 1) * changing
    ### END SOLUTION

# %% tests="s003-12f"
def public_tests_bound():
    assert abs(float(gradient_bound(5, 5, 9)) - 3) < 1e-12, "at the top: the length that is given"
    assert float(gradient_bound(5, 0, 9)) > float(gradient_bound(5, 2, 9)), "lower layers: larger gradients"
    x0 = centre(np.array([1.0, 2.0, -1.5, 0.2, 3.0]))
    x0, gL = scale_to_one(x0), np.array([0.3, -1.0, 0.8, 2.0, 0.5])
    for L, l in ((2, 0), (3, 2), (1, 1)):
        x = torch.tensor((2 * l + 1) * x0, requires_grad=True)
        out = x
        for _ in range(2 * (L - l)):
            out = out + F.layer_norm(out, (5,), eps=0)
        wanted = torch.autograd.grad(1.0 * out, x, torch.tensor(gL))[0]
        got = numeric.as_float64(grad_layer(gL.copy(), x0.copy(), L, l))
        assert got.shape == (5,), "a gradient: one number for each of x"
        assert torch.allclose(got, wanted, atol=1e-9), f"autograd through the layers: {l} of {L}"
    assert np.allclose(numeric.as_float64(grad_layer(np.zeros(5), x0, 2, 1)), 0), "no gradient: none comes back"


public_tests_bound()

# %% [markdown]
# **Write it down** (s003-12f, the proof; read by a person). Prove the bound. You may use: if $y = \mathrm{LN}(x)$ and $x$ has mean 0, then $\|\partial\mathcal L/\partial x\| \le
# \frac{\sqrt d}{\|x\|}\,\|\partial\mathcal L/\partial y\|$. (It is often printed without "has mean 0", and then it is false: with a large mean, $\|x\|$ is large and $\sigma$ is not.)

# %% [markdown] answer="s003-12f-proof"
# ### BEGIN SOLUTION
# A layer is $f(x) = x + \mathrm{LN}(x)$ twice, the model $f$ applied $2L$ times; the $k$-th $f$ gets $k\,x^{(0)}$ (3.2), which has mean 0 and length $k\sqrt d$. **Claim:** the gradient at the output
# of the $k$-th $f$ is at most $\frac{2L+1}{k+1}\sqrt d$ long. For $k = 2L$ this is the given $\sqrt d$. If it holds for $k$, the gradient at the input of the $k$-th $f$, which is the output of the
# $(k-1)$-th, is a sum over two paths: the skip passes it on as it is, and LN multiplies its length by at most $\frac{\sqrt d}{k\sqrt d} = \frac1k$. By the triangle inequality its length is at most
# $(1 + \frac1k)\frac{2L+1}{k+1}\sqrt d = \frac{2L+1}{k}\sqrt d$, which is the claim for $k - 1$. $x^{(\ell)}$ is the output of the $2\ell$-th $f$, so $\|g^{(\ell)}\| \le \frac{2L+1}{2\ell+1}\sqrt d$;
# for $\ell = 0$ it is the input of the first.
# ### END SOLUTION

# %% [markdown]
# ## 3.4 And in layers that are no identity?
#
# Stacks of your layers, freshly drawn, 16 words, width 32: the gradient at each depth over the one at the top, for eight seeds. Dashed: the bound, which was proved for identity sub-layers, and just below it the identity
# stack itself, from your `grad_layer`.
# `strength` multiplies what attention and the two matrices give (1: as torch draws them). With sliders, where they can be moved.

# %% figure="gradients-by-depth"
def gradients_by_depth(layers=12, strength=1.0):
    curves = {
        "type 2, norm before": norms.gradients(type2, int(layers), float(strength), seeds=8),
        "type 1, norm after": norms.gradients(type1, int(layers), float(strength), seeds=8),
        "identity sub-layers, by your formula": norms.identity(grad_layer, int(layers), seeds=8),
    }
    bound = [float(gradient_bound(int(layers), l, 1)) for l in range(int(layers) + 1)]
    for label, runs in curves.items():
        print(f"{label}: at the bottom {runs[:, 0].mean():.2f} times the gradient at the top ({runs[:, 0].min():.2f} to {runs[:, 0].max():.2f}, eight seeds)")
    return depth_pictures.gradients_by_depth(curves, bound)


when_ready(
    "type1, type2, gradient_bound or grad_layer",
    lambda: explore.sliders(gradients_by_depth, {"layers": (2, 24, 2, 12), "strength": (0.5, 4.0, 0.5, 1.0)}),
)

# %% [markdown]
# **What to see.** Identity sub-layers all but reach the bound: whatever they add points the same way. What freshly drawn layers add points anywhere, so the gradient grows far
# less than the bound allows: about 1.4 times over twelve layers at strength 1, and 4.0 times (2.9 to 5.4) at strength 4. Norm after does something else. There each norm stands on the skip itself, and nothing comes
# down untouched: at strength 4 the gradient at the bottom lies anywhere between 0.05 and 1.6 of the one at the top, by the luck of the draw, and over 24 layers
# between 0.008 and 1. That spread, more than any growth, is why deep models put the norm before. (Eight seeds each; move the sliders.)
