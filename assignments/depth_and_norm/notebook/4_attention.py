# %% [markdown]
# # Part 4: Attention alone
#
# ## 4.1 What self-attention is
#
# **The idea.** Each word asks (a *query*), each word offers (a *key*), and what is passed on is a third thing (a *value*). Word $i$ gets a mean of all values, in which $j$ has the weight
#
# $$w_{ij} = \operatorname{softmax}_j\!\left(\frac{q_i \cdot k_j}{\sqrt{d_k}}\right), \qquad q = X W_q,\; k = X W_k,\; v = X W_v ,$$
#
# where $d_k$ is the width of a key.
#
# **Your task** (s004-1.01). One head, no mask. Values may be wider or narrower than keys.

# %% answer="s004-1.01"
def self_attention(X: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor) -> Tensor:
    """X: (n, d) or (b, n, d); Wq, Wk: (d, d_k); Wv: (d, d_v). Returns (n, d_v) or (b, n, d_v)."""
    ### BEGIN SOLUTION
    Q, K, V = X @ Wq, X @ Wk, X @ Wv
    weights = torch.softmax(Q @ K.transpose(-2, -1) / math.sqrt(Wk.shape[1]), dim=-1)
    return weights @ V
    ### END SOLUTION

# %% tests="s004-1.01"
def public_tests_attention():
    torch.manual_seed(6)
    X, Wq, Wk, Wv = torch.randn(2, 4, 5), torch.randn(5, 3), torch.randn(5, 3), torch.randn(5, 6)
    wanted = F.scaled_dot_product_attention(X @ Wq, X @ Wk, X @ Wv)
    got = self_attention(X, Wq, Wk, Wv)
    assert got.shape == (2, 4, 6), "a value for each word: (b, n, d_v)"
    assert torch.allclose(got, wanted, atol=1e-5), "torch's own attention gives the same"
    assert torch.allclose(self_attention(X[0], Wq, Wk, Wv), wanted[0], atol=1e-5), "without a batch axis it works too"
    wide = [t.double() for t in (X[:1, :1], Wq, Wk, Wv)]
    assert self_attention(*wide).dtype == torch.float64, "the dtype stays"
    assert self_attention(*wide).shape == (1, 1, 6), "a batch of one sequence is a batch"
    assert torch.allclose(self_attention(*wide), wide[0] @ wide[3]), "a word alone: it gets its own value"
    assert torch.isfinite(self_attention(1e3 * X, Wq, Wk, Wv)).all(), "large scores stay finite"
    same = self_attention(torch.ones(3, 5), torch.zeros(5, 1), torch.zeros(5, 1), Wv[:, :1])
    assert same.shape == (3, 1), "keys and values of width 1 are wide enough"


public_tests_attention()

# %% [markdown]
# **Write it down** (s004-1.01, read by a person). What is self-attention, and where do transformers use it? At most ten sentences: the roles of query, key and value, the scaling, and the kinds of attention in an
# encoder and in a decoder.

# %% [markdown] answer="s004-1.01-words"
# ### BEGIN SOLUTION
# Every position makes three vectors from its state: a query (what it looks for), a key (what it can be found by) and a value (what it passes on). The dot products of its query with all keys,
# over $\sqrt{d_k}$, go through a softmax; the weights that come out mix the *values*. Values take no part in the scores. The division keeps the variance of the scores near 1 whatever the width, so that the
# softmax does not begin saturated. "Self" means that all three come from the same sequence. Transformers use it with several heads side by side: without a mask in encoders, with a causal mask in
# decoders; in an encoder-decoder, cross-attention takes its queries from the target and its keys and values from the source.
# ### END SOLUTION

# %% [markdown]
# ## 4.2 A stack of nothing else
#
# **The question.** Take positions and attention layers, and leave out everything else: no skip connections, no matrices with a ReLU between, no norms. What could go wrong? A head gives each word a *mean* of values.
# Means lie closer together than what they are means of. Then the next layer takes means of these.
#
# **How to measure it.** How far are the rows of $X$ from being all the same? Take the mean row away and see what is left: $r(X) = \|X - \mathbf 1 \bar x^\top\|_F \,/\, \|X\|_F$. Zero means that all words have one and the
# same state ("rank one"). `collapse.residual(X)` computes it.
#
# **Your task** (s004-1.03). `attention_stack` gives the states after each layer. `collapse_curve` draws an input and layers of its own, with generic numbers (at least 4 words, weights of standard deviation $1/\sqrt d$), and gives
# $r$ after 0 to $L$ layers, each divided by the first. Other measures of the same (cosines, the second singular value over the first) count too, if 0 means collapsed.
#
# **A trap.** Without a skip, $r$ soon falls below what float32 can tell from 0. Work in float64.

# %% answer="s004-1.03"
def attention_stack(X: Tensor, layers: list[tuple[Tensor, Tensor, Tensor]], skip: bool) -> list[Tensor]:
    """The states after 0 to L layers. X: (n, d); layers: L tuples (Wq, Wk, Wv) of matrices (d, d).

    A layer is self_attention, and with `skip` its input is added to what it gives. Returns L + 1 tensors (n, d)."""
    ### BEGIN SOLUTION
    states = [X]
    for Wq, Wk, Wv in layers:
        out = self_attention(states[-1], Wq, Wk, Wv)
        states.append(states[-1] + out if skip else out)
    return states
    ### END SOLUTION


def collapse_curve(L: int, skip: bool, seed: int = 0) -> list[float]:
    """How different the rows are after 0 to L layers, over what it was at first: L + 1 numbers, the first is 1.

    Another seed draws another input and other layers; the same one gives the same numbers."""
    ### BEGIN SOLUTION
    n, d, drawn = 8, 16, torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=drawn, dtype=torch.float64)
    weights = torch.randn(L, 3, d, d, generator=drawn, dtype=torch.float64) / math.sqrt(d)
    found = [float(collapse.residual(state)) for state in attention_stack(X, [tuple(three) for three in weights], skip)]
    return [value / found[0] for value in found]
    ### END SOLUTION

# %% tests="s004-1.03"
def public_tests_collapse():
    torch.manual_seed(7)
    X = torch.randn(4, 3, dtype=torch.float64)
    layers = [tuple(torch.randn(3, 3, dtype=torch.float64) for _ in range(3)) for _ in range(2)]
    for skip in (False, True):
        states = attention_stack(X.clone(), layers, skip)
        assert len(states) == 3, "two layers have three states: the input is the first"
        assert all(tuple(state.shape) == (4, 3) for state in states), "states: (n, d) each"
        assert torch.allclose(states[0], X), "the first state: the input"
        step = self_attention(X, *layers[0]) + (X if skip else 0)
        assert torch.allclose(states[1], step), f"one layer: self_attention{' and its input' if skip else ' alone'}"
        curve = [float(value) for value in collapse_curve(3, skip)]
        assert len(curve) == 4 and abs(curve[0] - 1) < 1e-9, "a curve: L + 1 numbers, and the first is 1"
        assert min(curve) >= 0 and np.isfinite(curve).all(), "a curve: finite, and nowhere negative"
        assert np.allclose(curve, [float(v) for v in collapse_curve(3, skip, seed=0)]), "the same seed, the same curve"
    assert len(attention_stack(X, [], True)) == 1 and len(collapse_curve(0, False)) == 1, "no layer: the input alone"
    one = attention_stack(X[:1], layers, False)
    assert tuple(one[2].shape) == (1, 3), "a word alone: a state of one row"
    assert attention_stack(X.float(), [tuple(W.float() for W in three) for three in layers], True)[1].dtype == torch.float32, "the dtype stays"


public_tests_collapse()

# %% figure="collapse"
def collapse_picture(depth=8, strength=1.0):
    runs, states = {}, []
    for label, skip in (("attention alone", False), ("with skip connections", True)):
        drawn = [collapse.drawn(int(depth), float(strength), seed) for seed in range(6)]
        stacks = [attention_stack(X, layers, skip) for X, layers in drawn]
        runs[label] = np.array([[float(collapse.residual(state) / collapse.residual(stack[0])) for state in stack] for stack in stacks])
        states.append(stacks[0])
        last = runs[label][:, 3]
        print(f"{label}: after three layers {np.median(last):.2g} of the differences are left ({last.min():.1g} to {last.max():.1g}, six seeds)")
    return depth_pictures.collapse(runs, states)


when_ready(
    "attention_stack",
    lambda: explore.sliders(collapse_picture, {"depth": (3, 16, 1, 8), "strength": (0.25, 3.0, 0.25, 1.0)}),
)

# %% [markdown]
# Left: what remains of the differences. Without skips it falls doubly exponentially, down to the noise of float64 ([Dong, Cordonnier and Loukas 2021](https://arxiv.org/abs/2103.03404) prove it). Right: the states themselves, a
# row per word, at four depths. `strength` multiplies the queries: sharper attention takes means over fewer words.
#
# **Write it down** (s004-1.03, read by a person). Name possible problems of a deep stack that has attention and positions only, at most ten sentences: what your curve shows, nonlinearity, cost, positions; and what is done about each.

# %% [markdown] answer="s004-1.03-words"
# ### BEGIN SOLUTION
# Without skips, every layer replaces states by means of values, and all rows become the same: in my curve less than a thousandth of the differences is left after six layers. Given the weights, attention
# is linear in the values, so a stack has little nonlinearity, and none that acts on a word by itself. Skip connections keep the input in the sum (the curve stays above a tenth), the matrices with a ReLU add
# nonlinearity, and norms keep the scale. Cost grows with the square of the length, in each layer: local or linear attention, or caching. Positions are added once at the bottom and fade with depth; a *learned* table has a
# longest length, sinusoids do not, and relative positions are put in again at every layer. Gradients have to pass all layers: skips help there too.
# ### END SOLUTION
