# %% [markdown]
# # Part 2: Positions
#
# ## 2.1 What attention cannot see
#
# **Why.** Shuffle the letters of a word and you have another word. Does attention notice?
#
# **The idea.** Let $P$ reorder the positions of a sequence. A layer $f$ is *equivariant* under reordering
# if $f(Px) = P f(x)$: the outputs are reordered in the same way and are otherwise unchanged. Such a layer
# cannot tell `dog bites man` from `man bites dog`: each word gets the same vector in both, only at another
# place. The gap between the two sides, $f(Px) - P f(x)$, tells how far a layer is from that.
#
# **A tiny example.** $f(x)_i = 2 x_i$ is equivariant, and so is $f(x)_i = x_i - \bar x$, where $\bar x$ is
# the mean. The running sum $f(x)_i = x_0 + \dots + x_i$ is not: $x = (1, 5)$ gives $(1, 6)$, reordered
# $(6, 1)$; but $Px = (5, 1)$ gives $(5, 6)$. The difference is $(-1, 5)$.
#
# **A trap.** Compare $f(Px)$ with $f(x)$ and you ask another question: is the layer *invariant*?
# $f(x)_i = 2x_i$ is not. Both sides must end up in the same order.
#
# **Your task** (s001-2.1.3a). `layer` is any function from `(b, n, d)` to `(b, n, d)`, `x` is `(b, n, d)`,
# and `perm` is a tensor of indices for axis 1: position $i$ of the reordered sequence is position `perm[i]`
# of the old one. Return a float: a norm of $f(Px) - P f(x)$ over all its entries. Which norm is up to you,
# as long as it is one: zero only if every entry is zero, and twice as large when the difference is.


# %% answer="s001-2.1.3a"
def equivariance_gap(layer, x: torch.Tensor, perm: torch.Tensor) -> float:
    """How far `layer` is from commuting with a reordering of the positions.

    layer: (b, n, d) -> (b, n, d); x: (b, n, d); perm: (n,) int64, a permutation of 0..n-1; returns a float >= 0.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        return float((layer(x[:, perm]) - layer(x)[:, perm]).norm())
    ### END SOLUTION


# %% tests="s001-2.1.3a"
def public_tests_gap():
    x = torch.tensor([[[1.0], [5.0]]])
    turned = torch.tensor([1, 0])
    assert abs(float(equivariance_gap(lambda v: 2 * v, x, turned))) < 1e-6, (
        "doubling each entry does not care about the order: the gap should be zero"
    )
    assert abs(float(equivariance_gap(lambda v: v - v.mean(1, keepdim=True), x, turned))) < 1e-6, (
        "taking off the mean does not care about the order: the gap should be zero"
    )
    gap = float(equivariance_gap(lambda v: v.cumsum(1), x, turned))
    assert 2.9 < gap < 6.1, "the running sum differs by (-1, 5): every usual norm of that lies between 3 and 6"
    twice = float(equivariance_gap(lambda v: 2 * v.cumsum(1), x, turned))
    assert abs(twice - 2 * gap) < 1e-4, "a norm of a doubled difference is twice as large"
    print("public tests of 2.1 passed")


public_tests_gap()

# %% [markdown]
# **Write it down** (s001-2.1.3a, in words; read by a person). In two to four sentences: why does a
# translator that is built from attention have to be told the positions? Say what attention without
# positions does with a reordered sequence and why, what information is lost, and give one consequence. Does
# your argument also hold for the *causal* layer? (2.2 measures it.)

# %% [markdown] answer="s001-2.1.3a-text" grade_id="text-s001-2_1_3a"
# ### BEGIN SOLUTION
# In self-attention without a mask a score depends on the *contents* of a query and a key alone, and the
# context is a sum over all keys, in which order does not matter. Reorder the inputs and the same outputs
# appear in the new order: the layer is permutation equivariant, and so is a stack of such layers with MLPs
# that act on each position. The order of the sequence is therefore lost: `dog bites man` and
# `man bites dog` give each word the same vector, and an encoder for Pig Latin could not tell which letter
# of `string` comes first. So the order has to be put into the inputs, for instance by adding a code of its
# position to each embedding. The causal layer is *not* equivariant: what a query sees depends on its place.
# It notices order even without positions (the last query sees a set of $n$ keys, the first of one),
# although one such layer cannot tell how far away a key is.
# ### END SOLUTION

# %% locked="self-attention"
def self_attention(layer):
    """A layer that looks at one sequence: x (b, n, h) -> context (b, n, h)."""
    return lambda x: layer(x, x, x)[0]


# %% [markdown]
# ## 2.2 A code for positions
#
# **Why.** Now that order has to be told, how? The simplest code is one-hot: position $p$ is a vector with a
# single 1 at place $p$. [Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762) chose waves instead.
#
# **The idea.** Write each position as the hands of $d/2$ clocks, each slower than the one before. Hand $i$
# turns by the angle $\omega_i = 10000^{-2i/d}$ per position:
#
# $$PE_{p,\,2i} = \sin(p\,\omega_i), \qquad PE_{p,\,2i+1} = \cos(p\,\omega_i), \qquad
#   p = 0, 1, \dots, n - 1, \quad i = 0, \dots, d/2 - 1.$$
#
# The first clock ($\omega_0 = 1$) turns by a whole radian per position; the last, for $d = 64$, once in
# about 47 000 positions.
#
# **By hand.** $d = 4$: $\omega_0 = 1$ and $\omega_1 = 10000^{-2/4} = 0.01$. Row 0 is $(0, 1, 0, 1)$; row 1
# is $(\sin 1, \cos 1, \sin 0.01, \cos 0.01) = (0.841, 0.540, 0.010, 1.000)$.
#
# **Traps.** The columns alternate, sine, cosine, sine, cosine; they are not first all sines and then all
# cosines. A sine and its cosine share **one** frequency: the exponent belongs to the pair, not to the
# column. Positions count from 0.
#
# **Your task** (s001-2.1.3b). The table for $n$ positions and an even width $d$, float32 or float64.


# %% answer="s001-2.1.3b"
def sinusoidal(n: int, d: int) -> torch.Tensor:
    """Sinusoidal codes of the positions 0, ..., n - 1 as rows: (n, d); d is even."""
    ### BEGIN SOLUTION
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
    ### END SOLUTION


# %% tests="s001-2.1.3b"
def public_tests_positions():
    table = numeric.as_float64(sinusoidal(6, 4))
    assert table.shape == (6, 4), f"one row per position: expected (6, 4), got {tuple(table.shape)}"
    assert torch.allclose(table[0], torch.tensor([0.0, 1.0, 0.0, 1.0]).double()), "row 0: all sines 0, all cosines 1"
    assert torch.allclose(table[1, :2], torch.tensor([0.8415, 0.5403]).double(), atol=1e-3), (
        "row 1 begins with the sine and the cosine of 1"
    )
    assert abs(float(table[1, 2]) - 0.01) < 1e-4, "the second clock of d = 4 turns by 0.01 per position"
    assert (table.abs() <= 1 + 1e-6).all(), "sines and cosines lie between -1 and 1"
    print("public tests of 2.2 passed")


public_tests_positions()

# %% [markdown]
# **What you built.** On the left the table itself. On the right the product of each row with each other
# row: dark where two positions are alike. It depends on the distance only, so the picture is made of
# diagonals. With one-hot codes the right picture would be the diagonal and nothing else: position 4 would
# be as far from 5 as from 40.

# %% figure="picture-positions"
from matplotlib.figure import Figure


def picture_of_positions(n=48, d=32):
    table = numeric.as_float64(sinusoidal(n, d)).numpy()
    figure = Figure(figsize=(9.4, 3.9))
    left, right = figure.subplots(1, 2)
    for axes, values, names in (
        (left, table, ("column", "position", f"the table, n = {n}, d = {d}")),
        (right, table @ table.T, ("position", "position", "products of its rows")),
    ):
        shown = axes.imshow(values, cmap="RdBu_r" if axes is left else "Blues", aspect="auto", interpolation="nearest")
        axes.set_xlabel(names[0])
        axes.set_ylabel(names[1])
        axes.set_title(names[2], fontsize=10)
        figure.colorbar(shown, ax=axes, shrink=0.85)
    figure.tight_layout()
    return pictures.Picture(figure, f"Sinusoidal codes of {n} positions, and the products of all pairs of rows.")


pictures.when_ready("sinusoidal", picture_of_positions)

# %% [markdown]
# And here is what the codes are for: the gap of your two layers, without and with positions, for five
# random reorderings of the same sequence. Where it is zero (up to rounding), order is invisible.

# %% figure="gap-measured"
def picture_of_gaps(n=9, h=16):
    torch.manual_seed(3)
    x, codes = torch.randn(2, n, h), torch.as_tensor(sinusoidal(n, h)).float()
    layers = {"attention": ScaledDotAttention(h), "causal": CausalScaledDotAttention(h)}
    figure = Figure(figsize=(7.2, 3.0))
    axes = figure.add_subplot()
    names, lines = [], []
    for name, layer in layers.items():
        blind = self_attention(layer)
        for label, told in ((name, blind), (f"{name},\npositions added", lambda v, f=blind: f(v + codes))):
            gaps = [float(equivariance_gap(told, x, torch.randperm(n))) for _ in range(5)]
            names.append(label)
            lines.append(f"{label.replace(chr(10), ' '):28s}" + " ".join(f"{gap:9.2e}" for gap in gaps))
            axes.plot([len(names) - 1] * 5, gaps, "o", color=pictures.BLUE, alpha=0.7)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel("gap")
    axes.set_ylim(bottom=-0.05)
    axes.spines[["top", "right"]].set_visible(False)
    print("\n".join(lines))
    return pictures.Picture(figure, "Gap of two attention layers under five reorderings, without and with positions.")


pictures.when_ready("equivariance_gap", picture_of_gaps)

# %% [markdown]
# **Write it down** (s001-2.1.3b, in words; read by a person). In three to six sentences: what do sinusoidal
# codes offer that one-hot codes do not? Think of the size of a code, of what a fixed distance $k$ does to
# it (your table shows it: why is the right picture made of diagonals?), and of a sequence longer than all
# in training. For the last point, say what is certain and what is a hope.

# %% [markdown] answer="s001-2.1.3b-text" grade_id="text-s001-2_1_3b"
# ### BEGIN SOLUTION
# *Size.* A one-hot code for $n$ positions needs $n$ numbers, so the width of the network would grow with
# the longest sequence. The waves need $d$ numbers for any $n$, all of them bounded by 1, each row of the
# same length $\sqrt{d/2}$.
#
# *Distance.* Going from $p$ to $p + k$ turns each clock by the fixed angle $k\omega_i$:
# $PE_{p+k} = R_k\,PE_p$ with a rotation $R_k$ that does not depend on $p$. So a linear layer can express
# "three to the left", and $PE_p \cdot PE_{p+k} = \sum_i \cos(k\omega_i)$ depends on $k$ only, which makes
# the diagonals. One-hot codes are all equally far apart ($\sqrt 2$), neighbours like strangers, and say
# nothing about distance.
#
# *Longer sequences.* The formula gives a code to every position, where a one-hot code of length $n$ is at
# its end. That the network *uses* codes well that it never saw in training is a hope and often fails: new
# combinations of angles come up.
# ### END SOLUTION
