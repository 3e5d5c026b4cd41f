# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Attention and translation
#
# A network of your own will turn `string` into `ingstray`: Pig Latin, letter by letter. At its heart are two
# attention layers, which differ in one thing only: what a query is allowed to see. You will write both, find
# out what attention is blind to, and train a small translator whose attention you can watch at work.
#
# **What you will be able to do**
#
# - write the attention layers of a transformer, and keep the future from one of them;
# - say why they need to be told about order, and how that is done;
# - train an encoder-decoder, and read its results without fooling yourself.
#
# | part | what you do | time |
# |---|---|---|
# | 1. The attention layers of a translator | scaled dot-product attention and its causal sister | about 45 minutes |
# | 2. Positions | a symmetry, and how to break it | about 35 minutes |
# | 3. Training the translator | English to Pig Latin at two widths and two amounts of data | about 45 minutes |
#
# **Before it.** The assignment *What attention costs and what it can express* prepares for this one: it counts
# the work in such a layer and hides single positions from it. Nothing here uses what you wrote there.
#
# **How it is graded.** The *public tests* below an answer show properties and small cases. After you hand in,
# *hidden checks* call your functions with other sizes and numbers, when **all** cells have run from top to
# bottom: choose *Restart kernel and run all cells* first. Points are counted per property, so one slip costs
# the property that it breaks. Return the shapes that docstrings give, keep the dtype (float32 or float64), and
# leave arguments as they are. Answers in text are read by a person.
#
# **Trained models.** Part 3 trains twelve small models, 20 to 30 seconds each on one core, and keeps them in
# the folder `checkpoints/` beside this notebook. **Hand in that folder together with the notebook**: the
# grader does not train.

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
from torch import nn

from seq2kit import checkpoints, numeric, pictures
from seq2kit.translation import attention_pictures

# %% [markdown]
# # Part 1: The attention layers of a translator
#
# | symbol | meaning | shape |
# |---|---|---|
# | $b$ | examples in a batch | |
# | $k$ | queries per example: whoever asks | |
# | $n$ | keys (and values) per example: what can be looked at | |
# | $h$ | numbers per vector, `hidden_size` | |
# | `queries` | | `(b, k, h)`, or `(b, h)` for one query per example |
# | `keys`, `values` | | `(b, n, h)` |
# | `context` | what each query gets back | `(b, k, h)` |
# | `weights` | how much each query looks at each key | `(b, n, k)`: **keys before queries** |
#
# Usually a table of weights has queries in rows. The layers here return it transposed: the exercise is older than this
# notebook, and the form in which it is known is kept. In formulas $i$ is the query, $j$ the key, counted from 0.
#
# ## 1.1 Scaled dot-product attention
#
# **Why.** A decoder that writes the letter `i` of `ingstray` must find the first vowel of `string`,
# wherever it stands. Attention is a soft look-up: compare a query with all keys, and read a mixture of the
# values, mostly of those whose keys fit.
#
# **The idea.** Three linear layers turn the inputs into queries, keys and values that the network is free
# to choose. Then
#
# $$\text{score}_{ij} = \frac{Q(\text{query}_i) \cdot K(\text{key}_j)}{\sqrt h}, \qquad
#   \text{weight}_{ij} = \frac{e^{\text{score}_{ij}}}{\sum_{j'} e^{\text{score}_{ij'}}}, \qquad
#   \text{context}_i = \sum_j \text{weight}_{ij}\, V(\text{value}_j).$$
#
# **Why the root?** The product of two vectors of $h$ independent numbers of variance 1 has variance $h$.
# Without the root, a wide layer starts with scores so large that softmax puts everything on one key, and
# then almost no gradient is left to correct it.
#
# **By hand.** One query $(1, 0, 0, 0)$, two keys $(2, 0, 0, 0)$ and $(0, 2, 0, 0)$, layers that change
# nothing. The scores are $2/\sqrt4 = 1$ and $0$; the weights are $e/(e + 1) = 0.73$ and $0.27$.
#
# **Traps.** Which axis is softmaxed is decided by how *you* laid out the scores: each query's weights must
# sum to 1 over the **keys**. The weights are returned with keys before queries, whatever layout you used
# inside. When all sizes are equal, most wrong axes and wrong roots go unnoticed, so try your layer with
# $b, k, n, h$ all different. And `queries` may come as `(b, h)`, one query per example: give it the axis
# that it lacks, and do so before you read any size from it.
#
# **Your task** (s001-2.1.1). Write the layer. `Q`, `K` and `V` are attributes, each
# `nn.Linear(hidden_size, hidden_size)`. Any number of examples, queries and keys; scores up to 30 000 in
# size must break neither the results nor their gradients.


# %% answer="s001-2.1.1"
class ScaledDotAttention(nn.Module):
    """Attention with learned projections; every query sees every key."""

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        ### END SOLUTION

    def forward(
        self, queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """queries (b, k, h) or (b, h); keys, values (b, n, h) -> (context (b, k, h), weights (b, n, k)).

        Queries of shape (b, h) count as k = 1.
        """
        ### BEGIN SOLUTION
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
        ### END SOLUTION


# %% tests="s001-2.1.1"
def transparent(layer):
    """Make Q, K and V of a layer change nothing, so that one can follow it by hand."""
    for part in (layer.Q, layer.K, layer.V):
        assert part.bias is not None, "Q, K and V are nn.Linear(hidden_size, hidden_size), which has a bias"
        nn.init.eye_(part.weight)
        nn.init.zeros_(part.bias)
    return layer


def public_tests_attention():
    torch.manual_seed(0)
    b, k, n, h = 3, 4, 7, 5
    layer = ScaledDotAttention(hidden_size=h)
    queries, keys, values = torch.randn(b, k, h), torch.randn(b, n, h), torch.randn(b, n, h)
    context, weights = layer(queries, keys, values)
    assert context.shape == (b, k, h), f"the context should be (b, k, h) = {(b, k, h)}, not {tuple(context.shape)}"
    assert weights.shape == (b, n, k), f"the weights should be (b, n, k) = {(b, n, k)}, not {tuple(weights.shape)}"
    assert torch.allclose(weights.sum(1), torch.ones(b, k), atol=1e-5), (
        "for each query the weights over the keys should sum to 1"
    )
    assert context.requires_grad, "the context must know how it depends on the weights of Q, K and V"

    layer = transparent(ScaledDotAttention(hidden_size=4))
    query = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    pair = torch.tensor([[[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]]])
    context, weights = layer(query[:, None], pair, pair)
    assert abs(float(weights[0, 0, 0].detach()) - 0.731) < 1e-3, "the example by hand should give the weight 0.73"
    context, weights = layer(query, pair, pair)
    assert context.shape == (1, 1, 4) and weights.shape == (1, 2, 1), (
        "a query of shape (b, h) counts as one query per example: context (b, 1, h), weights (b, n, 1)"
    )
    context, weights = ScaledDotAttention(hidden_size=1)(*(torch.ones(1, 1, 1) for _ in range(3)))
    assert context.shape == weights.shape == (1, 1, 1), "an axis of size 1 is an axis: all three stay"
    assert abs(float(weights.detach()) - 1) < 1e-6, "a query that sees one key gives it all its weight"
    print("public tests of 1.1 passed")


public_tests_attention()

# %% [markdown]
# ## 1.2 Causal attention
#
# **Why.** In training the decoder reads the whole translation at once, because that is fast: position $i$
# predicts letter $i + 1$ for all $i$ in one pass. If position $i$ could look at letter $i + 1$, it would
# copy it, its loss would fall to zero, and it would have learned nothing. When it translates for real, that
# letter is not there yet.
#
# **The rule.** Query $i$ sees key $j$ if and only if $j \le i$, both counted from 0. It says so whatever
# $k$ and $n$ are: with 4 queries and 7 keys, query 0 sees key 0 alone and the keys 4, 5, 6 are seen by
# nobody; with 8 queries and 5 keys, the queries 4 to 7 see all keys.
#
# ```text
#           k = n = 4           4 queries, 7 keys          6 queries, 3 keys
# query 0   x . . .             x . . . . . .              x . .
#       1   x x . .             x x . . . . .              x x .
#       2   x x x .             x x x . . . .              x x x
#       3   x x x x             x x x x . . .              x x x
#       4                                                  x x x
#       5                                                  x x x
# ```
#
# **The idea.** Give the forbidden scores the value $-\infty$ (or something so negative that no score comes
# near) *before* softmax. $e^{-\infty} = 0$, and the visible keys share the whole weight.
#
# **Traps.** A mask *after* softmax leaves rows that sum to less than 1, and still lets the future have its
# say in the denominator. A penalty of $-10$ looks safe until scores differ by 20; ours may be as large as
# 30 000, so how negative is negative enough? A query that may not even see its own key has nothing to look
# at in row 0. And a triangle drawn in the wrong corner of a $4 \times 7$ matrix is a different rule, which
# a square matrix will never show.
#
# **Your task** (s001-2.1.2). The same layer with the rule. Queries of shape `(b, h)` are again one query,
# so its number is 0. Everything else is as before.


# %% answer="s001-2.1.2"
class CausalScaledDotAttention(nn.Module):
    """Attention with learned projections; query i sees the keys 0, ..., i, counted from the first."""

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        ### END SOLUTION

    def forward(
        self, queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """queries (b, k, h) or (b, h); keys, values (b, n, h) -> (context (b, k, h), weights (b, n, k)).

        Queries of shape (b, h) count as k = 1. weights[:, j, i] is zero for j > i, also when k and n differ.
        """
        ### BEGIN SOLUTION
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        future = torch.ones(scores.shape[1:], dtype=torch.bool, device=scores.device).triu(1)
        weights = torch.softmax(scores.masked_fill(future, -math.inf), dim=2)
        return weights @ v, weights.transpose(1, 2)
        ### END SOLUTION


# %% tests="s001-2.1.2"
def public_tests_causal():
    torch.manual_seed(1)
    b, k, h = 3, 6, 5
    layer = CausalScaledDotAttention(hidden_size=h)
    queries, keys, values = (torch.randn(b, k, h) for _ in range(3))
    context, weights = layer(queries, keys, values)
    assert context.shape == (b, k, h) and weights.shape == (b, k, k), (
        f"context (b, k, h) and weights (b, n, k) expected, got {tuple(context.shape)} and {tuple(weights.shape)}"
    )
    assert torch.isfinite(weights).all(), "NaN: is there a query that may see no key at all?"
    assert torch.allclose(weights.sum(1), torch.ones(b, k), atol=1e-5), (
        "for each query the weights over the visible keys should sum to 1"
    )
    assert torch.allclose(weights[:, 0, 0], torch.ones(b)), "the first query sees the first key only, and fully"
    later = keys.clone()
    later[:, -1] += 1.0
    moved, _ = layer(queries, later, values)
    assert torch.allclose(moved[:, :-1], context[:, :-1], atol=1e-6), (
        "when the last key changes, only the last query may notice"
    )
    assert not torch.allclose(moved[:, -1], context[:, -1], atol=1e-6), "the last query sees the last key"
    for few, many in ((4, 6), (6, 4)):
        _, weights = layer(queries[:, :few], keys[:, :many], values[:, :many])
        assert weights.shape == (b, many, few), f"{few} queries over {many} keys: weights {(b, many, few)}, keys first"
        assert weights[:, 3, :3].abs().max() == 0 < weights[:, 3, 3].min(), (
            f"{few} queries over {many} keys: query 3 is the first to see key 3; both are counted from 0"
        )
    context, weights = layer(queries[:, 0], keys, values)
    assert context.shape == (b, 1, h) and weights.shape == (b, k, 1), "a query of shape (b, h) is one query per example"
    tiny = CausalScaledDotAttention(hidden_size=1)(*(torch.ones(1, 1, 1) for _ in range(3)))
    assert all(part.shape == (1, 1, 1) for part in tiny), "an axis of size 1 is an axis: all three stay"
    print("public tests of 1.2 passed")


public_tests_causal()

# %% [markdown]
# Look at both layers with the same weights and the same inputs, five queries over seven keys. Each row is a
# query and sums to 1. On the right every row has the numbers of the left row up to its own place, scaled up
# so that they sum to 1 again: hiding a key before softmax is the same as leaving it out.

# %% figure="picture-masks"
def picture_of_both_layers():
    random = torch.Generator().manual_seed(5)
    queries, keys = torch.randn(1, 5, 8, generator=random), torch.randn(1, 7, 8, generator=random)
    sees_all, causal = transparent(ScaledDotAttention(8)), transparent(CausalScaledDotAttention(8))
    with torch.no_grad():
        panels = {
            "every query sees every key": sees_all(queries, keys, keys)[1][0].T,
            "query i sees the keys 0 to i": causal(queries, keys, keys)[1][0].T,
        }
    return attention_pictures.weights_side_by_side(panels)


pictures.when_ready("your attention layers", picture_of_both_layers)
