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
# A recurrent network reads a word letter by letter and has to carry everything it will need in one state.
# Attention lets every position look at every other one directly. That single idea made today's language
# models possible, and it has a price, a blind spot and a few surprises. You will count the price, find the
# blind spot, and at the end train a small translator whose attention you can watch at work.
#
# **What you will be able to do**
#
# - say what an attention layer costs, which part dominates when, and what a cache saves;
# - write attention as a few matrix products, mask it correctly, and *prove* that a mask holds;
# - set the weights of an attention layer by hand so that it computes a convolution or a maximum;
# - build the layers of a transformer, and say why they need to be told about order;
# - train an encoder-decoder, and read its results without fooling yourself.
#
# | part | what you do | time |
# |---|---|---|
# | 1. What attention costs, and what a mask does | count, derive growth, vectorise, mask | about 70 minutes |
# | 2. What attention can express | additive scores; a convolution and a maximum by choice of weights | about 50 minutes |
# | 3. The attention layers of a translator | scaled dot-product attention and its causal sister | about 45 minutes |
# | 4. Positions | a symmetry, and how to break it | about 35 minutes |
# | 5. Training the translator | English to Pig Latin at two widths and two amounts of data | about 40 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*.
# Run them as often as you like: they check shapes, properties and small cases, and their messages are meant
# to help. After you hand in, *hidden checks* call your functions with other sizes and other numbers. They
# look at the state of the notebook after **all** cells have run from top to bottom, so before you hand in
# choose *Restart kernel and run all cells*. Points are counted per property: one slip costs the property
# that it breaks, not the whole exercise. Answers in text are read by a person.
#
# **Trained models.** Part 5 trains twelve small models, 10 to 20 seconds each on one core, and keeps them in
# the folder `checkpoints/` beside this notebook. **Hand in that folder together with the notebook**: the
# grader does not train.
#
# Three rules hold throughout. Return what the docstring asks for, in the shape it gives. Keep the dtype:
# float32 in, float32 out; float64 in, float64 out. Leave the arguments as they are: whoever called you
# still needs them.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import itertools
import math

import numpy as np
import torch
from torch import nn

from seq2kit import attention_pictures, checkpoints, numeric, pictures

# %% [markdown]
# # Part 1: What attention costs, and what a mask does
#
# ## One layer of self-attention
#
# A sequence of $n$ tokens comes in as a matrix $X$, one token per row, each a vector of width $h$. Three
# matrices turn it into **queries**, **keys** and **values**:
#
# $$Q = X W_Q, \qquad K = X W_K, \qquad V = X W_V .$$
#
# Query $i$ is compared with every key $j$ by a dot product; each row of **scores** becomes **weights** by a
# softmax; each output is the weighted sum of the values:
#
# $$S_{ij} = \frac{q_i \cdot k_j}{\sqrt{h}}, \qquad
#   A_{ij} = \frac{e^{S_{ij}}}{\sum_{l} e^{S_{il}}}, \qquad
#   y_i = \sum_j A_{ij}\, v_j .$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $n$, $h$ | number of tokens, width of a token | |
# | $X$ | the tokens, one per row | `(n, h)` |
# | $W_Q, W_K, W_V$ | projections | `(h, h)` |
# | $Q, K, V$ | queries, keys, values; row $i$ belongs to token $i$ | `(n, h)` |
# | $S$, $A$ | scores and weights; **queries in rows, keys in columns** | `(n, n)` |
#
# Positions count from 0, as rows of a tensor do.
#
# ## 1.1 Counting
#
# **Why.** Whether a model can read a page or a book is decided by what its attention costs. You do not need
# a stopwatch to find out. The work is in matrix products, and those can be counted.
#
# **The idea.** The unit is one **MAC**: a multiplication whose result is added to a running sum
# (*multiply-accumulate*). Hardware brochures count the two halves separately and call that two FLOPs. A
# product of an $(a, b)$ matrix and a $(b, c)$ matrix has $a \cdot c$ entries, and each entry is a dot
# product of length $b$.
#
# **By hand.** $(2, 3)$ times $(3, 4)$: eight entries, three MACs each, 24 in all. Division by $\sqrt h$ and
# the exponentials are no matrix products; all of that goes under *softmax*, where you may choose the
# constant.
#
# **A trap.** "Attention costs $n^2 h$" is in every summary, and it forgets that somebody has to make $Q$,
# $K$ and $V$ first. With 16 tokens of width 256, less than a twentieth of the work is attention between
# tokens.
#
# **Your task** (s000-4.1a). Count the MACs of one layer, part by part. There is one head, no bias, and no
# matrix after the weighted sum.


# %% nbgrader={"grade": false, "grade_id": "s000-4_1a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def macs(n: int, h: int) -> dict[str, float]:
    """MACs of one self-attention layer on n tokens of width h, as a dict with these keys.

    "proj": making Q, K and V from X; "scores": the products of queries with keys; "softmax": c * n * n with a
    constant c >= 0 of your choice; "values": the weighted sums; "total": all of these together.
    """
    ### BEGIN SOLUTION
    counts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**counts, "total": sum(counts.values())}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-4_1a", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def public_tests_counting():
    one = macs(1, 1)
    assert {"proj", "scores", "softmax", "values", "total"} <= set(one), (
        "macs returns a dict with the keys proj, scores, softmax, values and total"
    )
    assert float(one["scores"]) == 1, (
        "one token of width 1 has one score, the product of two numbers: one MAC (not two)"
    )
    here, longer, wider = macs(6, 10), macs(12, 10), macs(6, 20)
    parts = sum(float(here[key]) for key in ("proj", "scores", "softmax", "values"))
    assert math.isclose(float(here["total"]), parts), "the total is the sum of the four parts"
    assert float(longer["scores"]) == 4 * float(here["scores"]), (
        "with twice as many tokens there are twice as many queries and twice as many keys"
    )
    assert float(longer["proj"]) == 2 * float(here["proj"]), (
        "each token is projected by itself: twice as many tokens, twice the work"
    )
    assert float(wider["softmax"]) == float(here["softmax"]), (
        "the softmax sees one number per pair of tokens, however wide the tokens were"
    )
    print("public tests of 1.1 passed")


public_tests_counting()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s000-4.1a",
    globals(),
    checks=[
        "projections_counted_per_token",
        "scores_counted_per_pair",
        "values_counted_per_pair",
        "softmax_counted_per_score",
        "total_adds_the_four_parts",
        "parts_meet_at_three_halves_of_the_width",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **And the order of growth** (s000-4.1a, one letter). Let both $n$ and $h$ be as large as you like, in any
# proportion. Which is the *tight* order of the total: always within a constant factor of it, from above
# **and** from below?
#
# - **a**: $n^2 h$
# - **b**: $n h^2$
# - **c**: $n h^2 + n^2 h$
# - **d**: $n^2 h^2$
# - **e**: $n^2 + n h$
# - **f**: $n^2 + h^2$

# %% nbgrader={"grade": false, "grade_id": "s000-4_1a-order", "locked": false, "schema_version": 3, "solution": true, "task": false}
# leading_order: one of the letters a to f, as text
### BEGIN SOLUTION
leading_order = "c"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s000-4_1a-order", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert len(leading_order) == 1, "one letter, as text"
assert set(leading_order) <= set("abcdef"), "one of the letters on offer, in lower case"
print("the answer can be read")
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s000-4.1a-order",
    globals(),
    checks=[
        "leading_order_keeps_both_terms",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# ## 1.2 How cost grows with length
#
# **Why.** "Quadratic" is a statement about what happens when $n$ doubles. At a given size a layer may be
# far from it, and then buying a faster way to compute scores buys nothing.
#
# **The idea.** A cost $C = a\, n^{p}$ is a straight line on logarithmic axes: $\log C = \log a + p \log n$.
# Its slope *is* the exponent. A cost with several terms is a curve, and its slope between two lengths says
# how it grows there:
#
# $$\text{slope} = \frac{\log C(n_2) - \log C(n_1)}{\log n_2 - \log n_1}$$
#
# **By hand.** $C(10) = 100$ and $C(20) = 300$: tripled, where linear growth doubles and quadratic growth
# makes four of one. The slope is $\log 3 / \log 2 \approx 1.58$. The base of the logarithm does not matter,
# as long as it is the same above and below.
#
# **A trap.** Do not time it. Run times mix in memory, caches and the scheduler of your machine, and at the
# lengths where the quadratic term wins, you would wait a while.
#
# **Your task** (s000-4.1b). Return the slope of the total cost against the length at a fixed width. Either
# one number for the whole range (from end to end, or of a straight line through all points), or one for each
# pair of neighbours in `ns`. You may use `macs`.


# %% nbgrader={"grade": false, "grade_id": "s000-4_1b", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loglog_slope(h: int, ns: list[int]) -> float | list[float]:
    """Slope of log(total MACs) against log(n), counted, not timed.

    h: width; ns: at least two lengths, ascending, not evenly spaced; returns one number, or len(ns) - 1 numbers.
    """
    ### BEGIN SOLUTION
    points = [(math.log(n), math.log(macs(n, h)["total"])) for n in ns]
    return [(c2 - c1) / (n2 - n1) for (n1, c1), (n2, c2) in itertools.pairwise(points)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-4_1b", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
def public_tests_slope():
    for h, ns in ((16, [64, 128]), (50, [10, 30, 31, 900])):
        slopes = numeric.as_float64(loglog_slope(h, ns)).reshape(-1)
        assert len(slopes) in (1, len(ns) - 1), "one slope, or one per pair of neighbours"
        assert bool(((slopes > 0.99) & (slopes < 2.01)).all()), (
            "a sum of a linear and a quadratic term grows at least linearly and at most quadratically"
        )
    short = float(numeric.as_float64(loglog_slope(1000, [10, 20])).reshape(-1)[0])
    long = float(numeric.as_float64(loglog_slope(10, [1000, 2000])).reshape(-1)[0])
    assert short < long, "the longer the sequence for its width, the larger the share of the quadratic term"
    print("public tests of 1.2 passed")


public_tests_slope()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s000-4.1b",
    globals(),
    checks=[
        "slope_tends_to_two_for_long_sequences",
        "slope_tends_to_one_for_short_sequences",
        "slope_in_between_follows_the_counts",
        "slope_for_unevenly_spaced_lengths",
        "slope_rises_with_the_length",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **Look at it.** At width 64 the layer is linear for short words and quadratic for long texts, and it takes
# a factor of a hundred in length to get from one to the other.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-costs", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_of_costs(h=64):
    lengths = [2**k for k in range(1, 15)]
    counted = [macs(n, h) for n in lengths]
    costs = {
        "projections": [float(c["proj"]) for c in counted],
        "scores and values": [float(c["scores"] + c["values"]) for c in counted],
        "total": [float(c["total"]) for c in counted],
    }
    return attention_pictures.cost_curves(
        lengths, costs, {"total": numeric.as_float64(loglog_slope(h, lengths)).reshape(-1)}, f"one layer of width {h}"
    )


pictures.when_ready("macs and loglog_slope", picture_of_costs)

# %% [markdown]
# ## 1.3 Writing a text, token by token
#
# **Why.** A language model *writes* one token at a time, and each new token attends to all tokens so far,
# itself included. How much work is a text of $n$ tokens? It depends on whether you remember.
#
# **The idea.** Keys and values of old tokens do not change when a new token is added. Keep them, and step
# $t$ has one new token to project and one query to answer, over $t$ keys and values. That store is called a
# **KV cache**. Without it, step $t$ runs the whole layer again on all $t$ tokens: projects all of them, and
# answers the queries of all of them, of which only the last answer is new.
#
# **By hand.** Add up the steps. For the sums you may use a loop, or remember that
# $1 + 2 + \dots + n = \tfrac{n(n+1)}{2}$ and $1 + 4 + \dots + n^2 = \tfrac{n(n+1)(2n+1)}{6}$.
#
# **A trap.** The first step has *one* token, not none. With or without cache, it costs what the layer costs
# for $n = 1$.
#
# **Your task** (s000-4.1b, generation). Count the MACs of the projections, the scores and the weighted sums
# over all $n$ steps. Leave the softmax out.


# %% nbgrader={"grade": false, "grade_id": "s000-4_1b-decoding", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decoding_macs(n: int, h: int, cached: bool) -> float:
    """MACs of one layer of width h while n >= 1 tokens are generated one after the other, softmax left out.

    cached: keys and values of earlier tokens are kept; otherwise the whole layer is computed anew at each step.
    """
    ### BEGIN SOLUTION
    if cached:
        return sum(3 * h * h + 2 * t * h for t in range(1, n + 1))
    return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-4_1b-decoding", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def public_tests_decoding():
    assert float(decoding_macs(1, 1, True)) == float(decoding_macs(1, 1, False)) > 0, (
        "the first token costs the same either way: there is nothing to remember yet"
    )
    assert float(decoding_macs(9, 4, True)) < float(decoding_macs(9, 4, False)), "a cache saves work"
    step = float(decoding_macs(9, 4, True)) - float(decoding_macs(8, 4, True))
    before = float(decoding_macs(8, 4, True)) - float(decoding_macs(7, 4, True))
    assert step > before, "even with a cache, a later token has more keys to look at than an earlier one"
    print("public tests of 1.3 passed")


public_tests_decoding()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s000-4.1b-decoding",
    globals(),
    checks=[
        "cached_decoding_projects_each_token_once",
        "uncached_decoding_repeats_the_whole_layer",
        "first_token_costs_the_same_either_way",
        "decoding_grows_with_square_or_cube",
    ],
)
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-decoding", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_of_decoding(h=64):
    lengths = [2**k for k in range(0, 13)]
    costs = {
        "without a cache": [float(decoding_macs(n, h, False)) for n in lengths],
        "with a cache": [float(decoding_macs(n, h, True)) for n in lengths],
    }
    rises = {
        label: [math.log2(b / a) for a, b in itertools.pairwise(values)] for label, values in costs.items()
    }
    return attention_pictures.cost_curves(lengths, costs, rises, f"writing n tokens with one layer of width {h}")


pictures.when_ready("decoding_macs", picture_of_decoding)

# %% [markdown]
# **Write it down** (s000-4.1b, two or three sentences; read by a person). Why does the cost of attention
# grow with the square of $n$ when a trained model is *used*? Say which quantities there are $n^2$ of and
# what each of them costs, what has to be held in memory, and whether a KV cache makes the growth any less
# than quadratic.

# %% [markdown] nbgrader={"grade": true, "grade_id": "text-s000-4_1b", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Each of the $n$ queries meets each of the $n$ keys, so there are $n^2$ scores, and a layer computed in the
# plain way also holds $n^2$ weights in memory. Each of them costs $h$ MACs twice: once for the dot product
# of query and key, once when it weighs a value; that is $2 n^2 h$, beside $3 n h^2$ for the projections, so
# for $n$ well above $1.5\,h$ doubling $n$ makes the work four times as much. Using a trained model changes
# none of this. Generating with a KV cache spreads the same pairs over the steps,
# $h\,(1 + 2 + \dots + n) \cdot 2 \approx n^2 h$, still quadratic, and without a cache everything is done again at
# every step, which is cubic.
# ### END SOLUTION

# %% [markdown]
# ## 1.4 Attention without a loop
#
# **Why.** A quadratic amount of work, and yet attention replaced recurrent networks *because it is fast*.
# The reason is not how much there is to do but how much of it has to wait.
#
# **The idea.** Below is attention as the formulas state it: one query after the other, and for each of them
# one key after the other. Nothing that is computed for one query is needed for another. So all of it may
# happen at once, as products of whole matrices, and that is what a GPU is built for.


# %% nbgrader={"grade": false, "grade_id": "attention-loop", "locked": true, "schema_version": 3, "solution": false, "task": false}
from torch.utils._python_dispatch import TorchDispatchMode


def attention_by_token(Q, K, V):
    """Attention as on paper: queries (n, h), keys (m, h), values (m, d) -> (n, d)."""
    outputs = []
    for query in Q:
        scores = torch.stack([torch.dot(query, key) for key in K]) / math.sqrt(len(query))
        shares = torch.softmax(scores, dim=0)
        outputs.append(sum(share * value for share, value in zip(shares, V, strict=True)))
    return torch.stack(outputs)


class OperationCounter(TorchDispatchMode):
    """Counts the operations on tensors that run while it is active."""

    def __init__(self):
        super().__init__()
        self.operations = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.operations += 1
        return function(*args, **(kwargs or {}))


def count_operations(function, *arguments):
    """How many operations on tensors (products, sums, softmaxes, slices ...) function(*arguments) takes."""
    with OperationCounter() as counter:
        function(*arguments)
    return counter.operations


for length in (4, 8, 16):
    tokens = torch.randn(length, 6)
    print(length, "tokens:", count_operations(attention_by_token, tokens, tokens, tokens), "operations, one by one")

# %% [markdown]
# **A tiny example.** To get all dot products of the rows of $A$ and the rows of $B$ you need no loop: row
# $i$ of $A$ times column $j$ of $B^\top$ is exactly that.
#
# **Traps.** Which axis sums to 1? Each *query* distributes a total weight of 1 over the *keys*. What is
# divided by $\sqrt h$, and when? And a batch of sequences has axes in front, `(batch, heads, n, h)`: `.T`
# turns *all* axes around, while `.mT` or `.transpose(-1, -2)` swaps the last two.
#
# **Your task** (s000-4.1c). Write attention so that the number of operations does not depend on the length.
# The numbers of queries and keys may differ, there may be any number of leading axes, scores may reach
# 10,000, and gradients should flow.


# %% nbgrader={"grade": false, "grade_id": "s000-4_1c", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attention(Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    """Scaled dot-product attention in a fixed number of operations on tensors.

    Q: (..., n, h); K: (..., m, h); V: (..., m, d); returns (..., n, d). Gradients flow to all three.
    """
    ### BEGIN SOLUTION
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    return torch.softmax(scores, dim=-1) @ V
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-4_1c", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
def public_tests_attention():
    random = torch.Generator().manual_seed(1)
    Q, K, V = (torch.randn(s, generator=random, dtype=torch.float64) for s in ((5, 4), (7, 4), (7, 3)))
    got = numeric.as_float64(attention(Q.clone(), K.clone(), V.clone()))
    assert got.shape == (5, 3), f"one output per query, as wide as the values: (5, 3), got {tuple(got.shape)}"
    assert numeric.relative_error(got, attention_by_token(Q, K, V)) < 1e-6, (
        "the outputs differ from those of the loop: compare the scaling and the axis of the softmax"
    )
    batch = [part.expand(2, 3, *part.shape).clone() for part in (Q, K, V)]
    together = numeric.as_float64(attention(*batch))
    assert together.shape == (2, 3, 5, 3), f"leading axes stay in front: (2, 3, 5, 3), got {tuple(together.shape)}"
    assert numeric.relative_error(together[1, 2], got) < 1e-6, "each slice of a batch is computed by itself"
    few, many = (count_operations(attention, *[torch.randn(n, 6) for _ in range(3)]) for n in (5, 50))
    assert many <= few + 8, f"{few} operations for 5 tokens, but {many} for 50: something still loops over tokens"
    Q.requires_grad_(True)
    attention(Q, K, V).sum().backward()
    assert Q.grad is not None, "training needs gradients: nothing may be detached"
    print("public tests of 1.4 passed:", few, "operations for any length")


public_tests_attention()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s000-4.1c",
    globals(),
    checks=[
        "attention_equals_one_query_at_a_time",
        "leading_axes_stand_alone",
        "operations_do_not_grow_with_the_length",
        "gradients_reach_queries_keys_and_values",
        "keys_may_come_in_any_order",
        "equal_values_come_out_unchanged",
        "vectorised_attention_survives_large_scores",
        "vectorised_attention_keeps_precision",
        "vectorised_attention_has_no_side_effects",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s000-4.1c, at most five sentences; read by a person). The work is quadratic. Why does
# attention nevertheless run fast on a GPU? Compare it with a recurrent network, say what kind of operation
# it consists of, what happens to sums over many terms, and what does *not* get better.

# %% [markdown] nbgrader={"grade": true, "grade_id": "text-s000-4_1c", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Nearly all of the work is in dense products of large matrices, batched over sequences and heads, which is what a
# GPU does best. No output waits for another: the number of steps that must follow each other does not grow with $n$,
# while a recurrent network needs $n$ of them, because each state is computed from the one before. The sums inside
# (dot products, the denominator of the softmax) are taken in a tree or tile by tile, so that their depth grows like
# $\log n$. What does not change is the amount: it stays quadratic, and so does the memory for the weights unless
# they are worked off in tiles; parallel hardware only makes the constant small until it is busy.
# ### END SOLUTION

# %% [markdown]
# ## 1.5 Hiding one position
#
# **Why.** Masks are how a model is kept from looking where it must not: at padding, at the future, at the
# word it should guess. A mask that leaks a little gives beautiful training curves and a useless model. So
# this exercise is about masking *one* position, and about ways to be sure.
#
# **What it means.** No query may learn anything from key and value number `pos`. Its weight is 0 in every
# row, and the remaining weights of a row still sum to 1, exactly as if that token had no key and no value.
# It does keep its query: the token itself may look at the others. A mask is about a *column* of the
# weights, not about a row.
#
# **By hand.** Scores $(1, 0, 1)$ with position 0 masked leave $(0, 1)$, so the weights are
# $(0, \tfrac{1}{1+e}, \tfrac{e}{1+e}) \approx (0, .27, .73)$.
#
# **Traps.**
#
# - A score of 0 is no mask: $e^0 = 1$. Neither is a key of zeros, for the same reason. Which score gives a
#   weight of 0?
# - Adding a matrix of zeros and ones to the scores masks nothing at all. And a causal (lower triangular)
#   mask hides the future from each query, which is another rule: every query after `pos` would still see
#   `pos`.
# - Setting weights to 0 after the softmax leaves rows that do not sum to 1.
# - "A large negative number" has to be large compared with *any* score that may occur.
# - Texts number positions from 1, tensors from 0. Here `pos` counts from 0.
#
# **Your task** (s000-4.2). Attention with scores $QK^\top / \sqrt h$ in which position `pos` is hidden as a
# key and a value. Return the outputs and the weights. Leading axes, large scores (to 10,000) and gradients
# should work as in 1.4.


# %% nbgrader={"grade": false, "grade_id": "s000-4_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def masked_attention(
    Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, pos: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attention in which no query sees key and value of position pos (0 <= pos < n).

    Q, K: (..., n, h); V: (..., n, d), n >= 2; returns out (..., n, d) and weights (..., n, n), queries in rows.
    Gradients flow to Q, K and V; scores may be as large as 10,000 and as low as -10,000.
    """
    ### BEGIN SOLUTION
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2], device=K.device) == pos
    weights = torch.softmax(scores.masked_fill(hidden, -math.inf), dim=-1)
    return weights @ V, weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s000-4_2", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
def public_tests_mask():
    random = torch.Generator().manual_seed(2)
    Q, K, V = (torch.randn(s, generator=random, dtype=torch.float64) for s in ((4, 3), (4, 3), (4, 5)))
    out, weights = masked_attention(Q.clone(), K.clone(), V.clone(), 2)
    out, weights = numeric.as_float64(out), numeric.as_float64(weights)
    assert out.shape == (4, 5), f"every query gets an output, (4, 5); got {tuple(out.shape)}"
    assert weights.shape == (4, 4), f"a weight for each query and each key, (4, 4); got {tuple(weights.shape)}"
    assert weights[:, 2].abs().max() < 1e-9, "key 2 is masked but still gets weight"
    assert (weights.sum(-1) - 1).abs().max() < 1e-6, "the weights of each query sum to 1, also beside a mask"
    assert weights[2].max() < 1, "query 2 still asks: its weights are spread over the other keys"
    loud = V.clone()
    loud[2] = 1e6
    shouted = numeric.as_float64(masked_attention(Q, K, loud, 2)[0])
    assert numeric.relative_error(shouted, out) < 1e-6, "a masked value must not be heard, however loud"
    K.requires_grad_(True)
    masked_attention(Q, K, V, 2)[0].sum().backward()
    assert K.grad is not None and K.grad[2].abs().max() < 1e-9, "no gradient goes to a masked key"
    assert K.grad.abs().max() > 0, "the other keys do get gradients"
    print("public tests of 1.5 passed")


public_tests_mask()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s000-4.2",
    globals(),
    checks=[
        "masked_key_gets_no_weight",
        "rest_equals_attention_without_that_key",
        "rows_still_sum_to_one",
        "what_the_masked_token_holds_is_irrelevant",
        "masked_token_gets_no_gradient",
        "masked_position_still_asks",
        "first_and_last_position_can_be_masked",
        "mask_holds_in_batches_and_heads",
        "masked_weights_survive_large_scores",
        "mask_holds_against_extreme_scores",
        "masked_attention_keeps_precision",
        "masked_attention_has_no_side_effects",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **Look at it.** The framed column is emptied, and what it held goes to the other keys of the same row, in
# proportion to what they had. Row 2 is still there.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-mask", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_of_mask(n=6, pos=2):
    random = torch.Generator().manual_seed(3)
    Q, K = (torch.randn(n, 4, generator=random, dtype=torch.float64) * 1.3 for _ in range(2))
    everyone = torch.eye(n, dtype=torch.float64)  # with these values the outputs are the weights themselves
    panels = {"before": attention(Q, K, everyone), f"position {pos} masked": masked_attention(Q, K, everyone, pos)[1]}
    return attention_pictures.weights_side_by_side(panels, pos)


pictures.when_ready("attention and masked_attention", picture_of_mask)

# %% [markdown]
# # Part 2: What attention can express
#
# Part 1 took the scores as given. Here you choose them. First another way to compare a query and a key, and
# then two well-known layers, a convolution and max-pooling, that turn out to be attention with particular
# numbers in it.
#
# ## 2.1 Scores by adding
#
# **Why.** The first attention for translation did not multiply queries and keys. It let a small network
# look at both. That works for queries and keys of *different* widths, and you will see what it costs.
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
# division by $\sqrt h$, because $\tanh$ keeps them bounded anyway.
#
# **Your task** (s004-1.05).


# %% nbgrader={"grade": false, "grade_id": "s004-1_05", "locked": false, "schema_version": 3, "solution": true, "task": false}
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


# %% nbgrader={"grade": true, "grade_id": "test-s004-1_05", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
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
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s004-1.05",
    globals(),
    checks=[
        "scores_of_every_pair",
        "scores_stay_within_the_weights",
        "only_the_sum_of_projections_counts",
        "each_pair_is_scored_by_itself",
        "scores_are_linear_in_w",
        "gradients_reach_all_five",
        "additive_scores_keep_precision",
        "additive_scores_have_no_side_effects",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s004-1.05, three to five sentences; read by a person). Somebody proposes to replace
# scaled dot-product attention by additive attention in a transformer. Would you? Give a verdict first.
# Compare what both need in computation and memory for $n_q$ queries, $n_k$ keys and width $h$ (for example
# 64, 64 and 32), and say what the factor $1/\sqrt h$ has to do with it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "text-s004-1_05", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# In general no; it is a sensible choice only where queries and keys differ in width or a small network of scores is
# wanted anyway. Both have the same order, $n_q n_k h$, but additive scores put a tanh on a tensor
# $(n_q, n_k, h)$, for 64, 64, 32 that is 131,072 numbers where the dot product makes a matrix of 4,096, and
# they are no matrix product, so a GPU is used badly; the parameters hardly differ (only $w$, $h$ numbers, is
# added). What additive attention once had ahead was that its scores stay bounded while the variance of a dot
# product of unit-variance vectors grows like $h$, so that softmax saturates and gradients vanish. Dividing by
# $\sqrt h$ brings the variance back to about 1 and removes that advantage.
# ### END SOLUTION

# %% [markdown]
# ## 2.2 A convolution made of attention
#
# **Why.** Attention decides by *content* where to look; a convolution decides by *place*. Give attention a
# way to know distances, and it contains the convolution as a special case.
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


# %% nbgrader={"grade": false, "grade_id": "relative-layer", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": false, "grade_id": "s001-1_3_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
# conv_params: a dict with the keys WQ, WK, WV, p and default
### BEGIN SOLUTION
conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), -1: 0.0}, "default": -math.inf}
### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-1_3_1", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
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
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s001-1.3.1",
    globals(),
    checks=[
        "convolution_away_from_the_ends",
        "previous_position_weighs_more",
        "neighbours_weigh_two_to_one",
        "own_position_gets_nothing",
        "distant_positions_get_nothing",
        "equal_inputs_come_out_threefold",
        "weights_ignore_the_content",
    ],
)
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-kernel", "locked": true, "schema_version": 3, "solution": false, "task": false}
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


# %% nbgrader={"grade": false, "grade_id": "s001-1_3_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def maxpool_params(k: int, lam: float) -> dict:
    """Parameters of a relative-attention layer that approximates the maximum over offsets -k, ..., k.

    k >= 1: reach of the window; lam > 0: sharpness; returns a dict with the keys WQ, WK, WV, p and default.
    """
    ### BEGIN SOLUTION
    window = dict.fromkeys(range(-k, k + 1), 0.0)
    return {"WQ": lam, "WK": 1.0, "WV": 1.0, "p": window, "default": -math.inf}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-1_3_2", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
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
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s001-1.3.2",
    globals(),
    checks=[
        "error_stays_under_its_bound",
        "error_falls_as_lam_grows",
        "equal_inputs_stay_as_they_are",
        "window_reaches_k_to_both_sides",
        "positions_beyond_the_window_do_not_matter",
    ],
)
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-pooling", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": false, "grade_id": "s001-1_3_2-zero", "locked": false, "schema_version": 3, "solution": true, "task": false}
# pool_at_zero: one of the letters a to e, as text
### BEGIN SOLUTION
pool_at_zero = "c"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-1_3_2-zero", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert len(pool_at_zero) == 1, "one letter, as text"
assert set(pool_at_zero) <= set("abcde"), "one of the letters on offer, in lower case"
print("the answer can be read")
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here(
    "nmt_attention",
    "s001-1.3.2-zero",
    globals(),
    checks=[
        "zero_input_pools_like_this",
    ],
)
### END HIDDEN TESTS

# %% [markdown]
# **What you have seen.** A score that is a *product* has a blind spot, and no choice of $W_Q$, $W_K$ and $p$
# repairs it; a bias would. And place and content can be combined freely: $p$ says where to look, the product
# says what to look for. The layers of Part 3 learn both.

# %% [markdown]
# # Part 3: The attention layers of a translator
#
# At the end of this notebook a network of your own will turn `string` into `ingstray`: Pig Latin, letter by
# letter. Its heart are two attention layers. They differ in one thing only: what a query is allowed to see.
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
# ## 3.1 Scaled dot-product attention
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


# %% nbgrader={"grade": false, "grade_id": "s001-2_1_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
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


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_1_1", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
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
    print("public tests of 3.1 passed")


public_tests_attention()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("nmt_attention", "s001-2.1.1", globals(), checks=[
    "context_and_weights_have_their_shapes",
    "weights_sum_to_one_over_the_keys",
    "scores_compare_queries_with_keys",
    "scores_are_divided_by_the_root_of_hidden",
    "context_is_a_weighted_mean_of_projected_values",
    "attention_equals_the_reference",
    "two_dimensional_queries_are_one_query",
    "keys_are_a_set_and_queries_stand_alone",
    "attention_survives_large_scores",
    "each_example_of_a_batch_stands_alone",
    "attention_can_be_differentiated",
    "attention_keeps_precision",
    "attention_has_no_side_effects",
])
### END HIDDEN TESTS

# %% [markdown]
# ## 3.2 Causal attention
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


# %% nbgrader={"grade": false, "grade_id": "s001-2_1_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
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


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_1_2", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
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
    print("public tests of 3.2 passed")


public_tests_causal()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("nmt_attention", "s001-2.1.2", globals(), checks=[
    "no_query_attends_to_a_later_key",
    "rule_counts_from_the_first_key",
    "mask_holds_for_large_scores",
    "visible_keys_share_the_whole_weight",
    "future_keys_and_values_change_nothing",
    "no_gradient_comes_from_the_future",
    "later_keys_can_be_cut_off",
    "causal_attention_equals_the_reference",
    "causal_results_have_their_shapes",
    "causal_context_mixes_projected_values",
    "single_query_sees_only_the_first_key",
    "causal_attention_can_be_differentiated",
    "causal_examples_stand_alone",
    "causal_attention_keeps_precision",
    "causal_attention_has_no_side_effects",
])
### END HIDDEN TESTS

# %% [markdown]
# Look at both layers with the same weights and the same inputs, five queries over seven keys. Each row is a
# query and sums to 1. On the right every row has the numbers of the left row up to its own place, scaled up
# so that they sum to 1 again: hiding a key before softmax is the same as leaving it out.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-masks", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% [markdown]
# # Part 4: Positions
#
# ## 4.1 What attention cannot see
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


# %% nbgrader={"grade": false, "grade_id": "s001-2_1_3a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def equivariance_gap(layer, x: torch.Tensor, perm: torch.Tensor) -> float:
    """How far `layer` is from commuting with a reordering of the positions.

    layer: (b, n, d) -> (b, n, d); x: (b, n, d); perm: (n,) int64, a permutation of 0..n-1; returns a float >= 0.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        return float((layer(x[:, perm]) - layer(x)[:, perm]).norm())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_1_3a", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
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
    print("public tests of 4.1 passed")


public_tests_gap()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("nmt_attention", "s001-2.1.3a", globals(), checks=[
    "gap_vanishes_for_layers_without_order",
    "gap_is_a_norm_of_the_difference",
    "gap_doubles_with_the_difference",
    "gap_reorders_as_the_indices_say",
    "gap_looks_at_every_example",
    "gap_leaves_its_arguments_alone",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s001-2.1.3a, in words; read by a person). In two to four sentences: why does a
# translator that is built from attention have to be told the positions? Say what attention without
# positions does with a reordered sequence and why, what information is lost, and give one consequence. Does
# your argument also hold for the *causal* layer? (4.2 measures it.)

# %% [markdown] nbgrader={"grade": true, "grade_id": "text-s001-2_1_3a", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# In self-attention without a mask a score depends on the *contents* of a query and a key alone, and the
# context is a sum over all keys, in which order does not matter. Reorder the inputs and the same outputs
# appear in the new order: the layer is permutation equivariant, and so is a stack of such layers with MLPs
# that act on each position. The order of the sequence is therefore lost: `dog bites man` and
# `man bites dog` give each word the same vector, and an encoder for Pig Latin could not tell which letter
# of `string` comes first. So the order has to be put into the inputs, for instance by adding a code of its
# position to each embedding. The causal layer is *not* equivariant: what a query sees depends on its place.
# It notices order even without positions (the last query sees a set of $n$ keys, the first of one),
# although it cannot tell how far away a key is.
# ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "self-attention", "locked": true, "schema_version": 3, "solution": false, "task": false}
def self_attention(layer):
    """A layer that looks at one sequence: x (b, n, h) -> context (b, n, h)."""
    return lambda x: layer(x, x, x)[0]


# %% [markdown]
# ## 4.2 A code for positions
#
# **Why.** Now that order has to be told, how? The simplest code is one-hot: position $p$ is a vector with a
# single 1 at place $p$. Vaswani et al. (2017) chose waves instead.
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


# %% nbgrader={"grade": false, "grade_id": "s001-2_1_3b", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sinusoidal(n: int, d: int) -> torch.Tensor:
    """Sinusoidal codes of the positions 0, ..., n - 1 as rows: (n, d); d is even."""
    ### BEGIN SOLUTION
    position = torch.arange(n, dtype=torch.float64)[:, None]
    frequency = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = position * frequency
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-2_1_3b", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def public_tests_positions():
    table = numeric.as_float64(sinusoidal(6, 4))
    assert table.shape == (6, 4), f"one row per position: expected (6, 4), got {tuple(table.shape)}"
    assert torch.allclose(table[0], torch.tensor([0.0, 1.0, 0.0, 1.0]).double()), "row 0: all sines 0, all cosines 1"
    assert torch.allclose(table[1, :2], torch.tensor([0.8415, 0.5403]).double(), atol=1e-3), (
        "row 1 begins with the sine and the cosine of 1"
    )
    assert abs(float(table[1, 2]) - 0.01) < 1e-4, "the second clock of d = 4 turns by 0.01 per position"
    assert (table.abs() <= 1 + 1e-6).all(), "sines and cosines lie between -1 and 1"
    print("public tests of 4.2 passed")


public_tests_positions()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("nmt_attention", "s001-2.1.3b", globals(), checks=[
    "positions_are_rows_and_start_at_zero",
    "each_entry_follows_the_formula",
    "sine_and_cosine_share_a_frequency",
    "clocks_slow_down_from_pair_to_pair",
    "shift_by_k_is_the_same_rotation_everywhere",
    "a_longer_table_begins_with_the_shorter",
    "codes_keep_digits_at_far_positions",
])
### END HIDDEN TESTS

# %% [markdown]
# **What you built.** On the left the table itself. On the right the product of each row with each other
# row: dark where two positions are alike. It depends on the distance only, so the picture is made of
# diagonals. With one-hot codes the right picture would be the diagonal and nothing else: position 4 would
# be as far from 5 as from 40.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-positions", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "gap-measured", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% [markdown] nbgrader={"grade": true, "grade_id": "text-s001-2_1_3b", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
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


# %% [markdown]
# # Part 5: Training the translator
#
# ## 5.1 What is trained, and on what
#
# **The task.** Pig Latin by rule: a word that begins with a vowel gets `way` (`apple`, `appleway`);
# otherwise all consonants before the first vowel go to the end, followed by `ay` (`string`, `ingstray`);
# `qu` moves together (`queen`, `eenquay`); `y` is a vowel unless it begins the word. Nobody tells the
# network these rules. It reads pairs and writes one letter after the other.
#
# **The data.** Two training sets. `small` holds about 2,600 words, `large` about 15,600, and all of `small`
# is in it. Both are judged on the **same** 658 validation words, which are in neither. Which word goes
# where is decided by a hash of the word, so it is the same on every machine.
#
# **The model.** Letters and positions (your `sinusoidal`) go in. The encoder applies your
# `ScaledDotAttention` to the source. The decoder applies your `CausalScaledDotAttention` to what is written
# so far, and your `ScaledDotAttention` to ask the encoder. After each attention the input is added again (a
# residual), and a small MLP follows. One layer each.
#
# ```text
#  s t r i n g <EOS>                      <SOS> i n g s t r a
#        |                                        |
#  embed + positions                      embed + positions
#        |                                        |
#  self-attention, MLP  ------------+     causal self-attention
#        |                          |             |
#     states                        +-->  cross-attention, MLP
#                                                 |
#                                          i n g s t r a y
# ```
#
# **The cost is equal.** A *round* shows 2,600 words, drawn anew, in batches of 64; each run has 36 rounds.
# So on `small` each word is seen 36 times, on `large` about 6 times, and every run makes the same number of
# updates. Whatever differs between the sets is then owed to the *variety* of the words and not to longer
# training.
#
# **The loss** is the cross-entropy per letter of the translation (and its end sign), in nats, averaged over
# all *letters* of the validation words. A mean of the means of batches would be another number: batches
# differ in size.

# %% nbgrader={"grade": false, "grade_id": "training-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from seq2kit import translation_pictures
from seq2kit.piglatin import load_pairs, pig_latin
from seq2kit.profiles import by_profile
from seq2kit.seq2seq import MAX_LENGTH, EncoderDecoder, count_parameters
from seq2kit.training import Recipe, Run, fit
from seq2kit.translate import Vocabulary, batches, exact_match, translate, translation_loss, unigram_loss

WIDTHS, SETS, SEEDS = (32, 64), ("small", "large"), (1, 2, 3)
WORDS_PER_ROUND, BATCH = 2600, 64
RECIPE = Recipe(epochs=by_profile(full=36, fast=3), rate=3e-3, warmup=100, floor=0.02)
vocabulary = Vocabulary()


def new_translator(hidden, seed):
    """An untrained translator of this width, made of your layers and your positions."""
    torch.manual_seed(seed)
    codes = torch.as_tensor(sinusoidal(MAX_LENGTH, hidden))
    return EncoderDecoder(len(vocabulary), hidden, 1, ScaledDotAttention, CausalScaledDotAttention, codes)


def fit_translator(model, data, seed, progress=True):
    """Train `model` on the set `data` ("small" or "large"), and return the Run with its history."""
    pairs = load_pairs(data)

    def one_round(generator):
        chosen = torch.randperm(len(pairs.train), generator=generator)[:WORDS_PER_ROUND].tolist()
        return batches([pairs.train[i] for i in chosen], vocabulary, BATCH, generator)

    validation = batches(pairs.validation, vocabulary, 256)
    label = f"hidden {len(model.output.weight[0])}, {data}, seed {seed}"
    return fit(model, translation_loss, one_round, validation, RECIPE, seed=seed, label=label, progress=progress)


def train_translator(hidden, data, seed):
    """The Run of one configuration: loaded from the folder checkpoints/ where it is there, else trained and saved."""
    name = f"translator-h{hidden}-{data}-{seed}"
    model = new_translator(hidden, seed)
    return checkpoints.train_or_load(name, model, lambda fresh: fit_translator(fresh, data, seed))


for data in SETS:
    pairs = load_pairs(data)
    print(f"{data}: {len(pairs.train)} words to train on, {len(pairs.validation)} to validate; e.g. {pairs.train[7]}")
print(f"loss of guessing letters by their frequency: {unigram_loss(load_pairs('small')):.2f} nats")

# %% [markdown]
# ## 5.2 Train, and fill in the table
#
# `train_translator(hidden, data, seed)` trains one translator, 10 to 20 seconds on one core, and keeps it
# in the folder `checkpoints/` beside this notebook. Call it again and it is loaded at once. It returns a
# `Run`:
#
# | attribute | |
# |---|---|
# | `run.validation_losses` | tuple: the validation loss after each round, nats per letter |
# | `run.train_losses` | tuple: the training loss of each round |
# | `run.model` | the model, with the weights of the round whose validation loss was lowest |
# | `run.seed`, `run.updates`, `run.seconds` | how it came about |
#
# **Your task** (s001-2.1.4a). Train all twelve runs: widths 32 and 64, sets `"small"` and `"large"`, three
# seeds each. Keep them in `runs`, under the keys `(hidden, data, seed)`. Then fill in `val_table`, under
# the keys `(hidden, data)`: for each run take the **lowest** validation loss of all its rounds, and for
# each configuration the **mean** of these numbers over its seeds. Do not round.
#
# **Hand in the folder `checkpoints/` together with this notebook.** Nobody will train your models again:
# they are loaded, put to work on words that you have never seen, and compared with your table.
#
# **In a hurry?** Set the environment variable `SEQ2GRADE_PROFILE=fast` before you start Jupyter: 3 rounds
# per run instead of 36, half a minute in all. That shows that your code runs; the models know little, lie
# in `checkpoints-fast/`, and cannot be handed in. If you change a layer after training, delete the folder:
# old weights belong to old layers.
#
# **Traps.** The last round need not be the best. The best of three seeds is not what a fourth would get:
# that is what a mean over seeds tells. And a key typed as `(64, "small")` in the wrong line makes a fine
# table with a wrong message.

# %% nbgrader={"grade": false, "grade_id": "s001-2_1_4a", "locked": false, "schema_version": 3, "solution": true, "task": false}
runs = {}  # (hidden, data, seed) -> Run
val_table = {}  # (hidden, data) -> mean over the seeds of the lowest validation loss
### BEGIN SOLUTION
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        lowest = [min(runs[hidden, data, seed].validation_losses) for seed in SEEDS]
        val_table[hidden, data] = sum(lowest) / len(lowest)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-2_1_4a", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
def public_tests_table():
    cells = {(hidden, data) for hidden in WIDTHS for data in SETS}
    assert set(val_table) == cells, f"val_table needs the four keys {sorted(cells)}, and has {sorted(val_table)}"
    assert {key[:2] for key in runs} == cells, "runs needs runs of all four configurations"
    for key, run in runs.items():
        assert isinstance(run, Run), f"runs[{key}] should be what train_translator returned"
    for cell in cells:
        seeds = [key[2] for key in runs if key[:2] == cell]
        assert len(seeds) >= 3, f"three seeds for each configuration; {cell} has {len(seeds)}"
        assert 0 < val_table[cell] < math.log(len(vocabulary)), (
            f"val_table[{cell}] should be a loss in nats, below ln {len(vocabulary)}, that of a blind guess"
        )
    print("public tests of 5.2 passed")


public_tests_table()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("nmt_attention", "s001-2.1.4a", globals(), checks=[
    "table_has_the_four_configurations",
    "table_averages_the_lowest_losses",
    "every_run_is_a_run_of_its_own",
    "trained_weights_give_the_losses_of_their_runs",
    "losses_hold_on_words_never_seen",
    "twice_the_width_lowers_the_loss",
    "new_words_are_translated",
])
### END HIDDEN TESTS

# %% [markdown]
# **Your results.** The table, the spread over the seeds, and the share of validation words (every third of
# them) that are translated right in *every* letter. Compare the distance between two configurations with
# the spread within each: that is the difference between a finding and luck.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-results", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_of_results():
    some = load_pairs("small").validation[::3]
    words, truths = [word for word, _ in some], [translation for _, translation in some]
    print("hidden  set     mean of lowest losses   all seeds                 words all right   parameters")
    results = {}
    for (hidden, data), mean in val_table.items():
        chosen = [run for key, run in runs.items() if key[:2] == (hidden, data)]
        right = [exact_match(translate(run.model, words, vocabulary), truths) for run in chosen]
        results[f"hidden {hidden}\n{data}"] = [run.best_loss for run in chosen]
        losses = " ".join(f"{run.best_loss:.4f}" for run in chosen)
        share = f"{100 * sum(right) / len(right):5.1f} %"
        print(f"{hidden:6d}  {data:6s}  {mean:21.4f}   {losses:24s}  {share:>15s}  {count_parameters(chosen[0].model):11d}")
    return translation_pictures.spread(results, "lowest validation loss (nats per letter)", logarithmic=True)


pictures.when_ready("val_table", picture_of_results)

# %% [markdown]
# **The curves** of the first seed of each configuration. Where thin and thick lines part, the network gets
# better at words it has seen and no longer at new ones.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_of_curves():
    first = {f"hidden {h}, {data}": runs[h, data, seed] for h, data, seed in runs if seed == SEEDS[0]}
    return translation_pictures.loss_curves(first, {"letters by frequency": unigram_loss(load_pairs("small"))})


pictures.when_ready("runs", picture_of_curves)

# %% [markdown]
# ## 5.3 Say what your table shows
#
# **Why.** Twelve numbers do not speak for themselves, and it is easy to read into them what one has read
# elsewhere. Published tables of this very experiment disagree about the effect of more data: with large
# batches and few updates, more data *hurt* at width 32; with small batches they helped.
#
# **Your task** (s001-2.1.4b). Five claims about **your** `val_table`:
#
# | key | True if |
# |---|---|
# | `hidden_helps_small` | on the small set, width 64 has a lower loss than width 32 |
# | `hidden_helps_large` | the same on the large set |
# | `data_helps_32` | at width 32, the large set gives a lower loss than the small one |
# | `data_helps_64` | the same at width 64 |
# | `gap_shrinks` | the distance between the losses on the small and on the large set is smaller at width 64 than at width 32 |
#
# Each is `True`, `False`, or `"no clear effect"`. The last is accepted for the first four where the lowest
# losses of the seeds of the two configurations overlap (some seed of the worse one beats some seed of the
# better one). You may compute the claims or read them off.

# %% nbgrader={"grade": false, "grade_id": "s001-2_1_4b", "locked": false, "schema_version": 3, "solution": true, "task": false}
claims = {
    "hidden_helps_small": None,
    "hidden_helps_large": None,
    "data_helps_32": None,
    "data_helps_64": None,
    "gap_shrinks": None,
}
### BEGIN SOLUTION
gap = {hidden: abs(val_table[hidden, "small"] - val_table[hidden, "large"]) for hidden in WIDTHS}
claims = {
    "hidden_helps_small": val_table[64, "small"] < val_table[32, "small"],
    "hidden_helps_large": val_table[64, "large"] < val_table[32, "large"],
    "data_helps_32": val_table[32, "large"] < val_table[32, "small"],
    "data_helps_64": val_table[64, "large"] < val_table[64, "small"],
    "gap_shrinks": gap[64] < gap[32],
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-s001-2_1_4b", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def public_tests_claims():
    wanted = {"hidden_helps_small", "hidden_helps_large", "data_helps_32", "data_helps_64", "gap_shrinks"}
    assert set(claims) == wanted, f"claims needs the keys {sorted(wanted)}"
    for name, claim in claims.items():
        assert claim is not None, f"{name}: replace None by True, False or 'no clear effect'"
    print("public tests of 5.3 passed (they do not look at what you claim)")


public_tests_claims()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("nmt_attention", "s001-2.1.4b", globals(), checks=[
    "width_claim_on_small_fits_the_table",
    "width_claim_on_large_fits_the_table",
    "data_claim_at_32_fits_the_table",
    "data_claim_at_64_fits_the_table",
    "gap_claim_fits_the_table",
])
### END HIDDEN TESTS

# %% [markdown]
# **Write it down** (s001-2.1.4b, in words; read by a person). In at most eight sentences, and with numbers
# from your table: what does width do, and is the effect larger than the spread over seeds? What do more
# words do, at either width? Is that what you expected? And what do these runs *not* show: think of the
# number of updates, of the validation words, and of what else would have to be varied before one could say
# "more data help".

# %% [markdown] nbgrader={"grade": true, "grade_id": "text-s001-2_1_4b", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# *Width.* Going from 32 to 64 lowers the loss on both sets by a factor of about 2.5 on the small set and
# nearly 7 on the large one; the runs of the two widths do not overlap for any seed, so this is no luck of
# the draw. A wider layer can keep more about each letter and its place; the training loss falls as well, so
# the narrow model lacked capacity.
#
# *Data.* More words lower the loss at both widths, by a factor of about 2 at 32 and 5 at 64. The large set
# has the *higher* training loss, since each word is seen 6 times instead of 36, and yet the lower
# validation loss: on the small set the wide model learns its words nearly by heart (training loss near
# 0.001, validation loss 0.03), and more variety is what it lacks. In absolute terms the gap between the
# sets shrinks with width, simply because all losses do; as a ratio it grows.
#
# *Not shown.* All runs make the same number of updates with one recipe and one batch size. With fewer
# updates or larger batches the large set may come out worse at width 32: an effect of optimisation, not of
# data. Both sets share their validation words here; losses on different validation sets could not be
# compared at all. Three seeds tell a factor of 2 from luck, but not 10 %.
# ### END SOLUTION

# %% [markdown]
# ## 5.4 Watch it translate
#
# Words of your own, and what four of your translators make of them; an `x` marks a mistake. The lists have
# no words with hyphens: what happens to the last ones, and why?

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "table-of-translations", "locked": true, "schema_version": 3, "solution": false, "task": false}
def table_of_translations():
    words = ["string", "queen", "apple", "yellow", "rhythm", "squash", "shrug", "attention", "translator"]
    words += ["blackbird", "well-off", "up-to-date"]
    guesses = {
        f"{h}, {data}": translate(runs[h, data, SEEDS[0]].model, words, vocabulary) for h in WIDTHS for data in SETS
    }
    print(translation_pictures.translation_table(words, [pig_latin(word) for word in words], guesses))


pictures.when_ready("runs", table_of_translations)

# %% [markdown]
# And how: for each letter written, the weights of the cross-attention over the letters read. The first row
# had to *find* the first vowel, and the next ones copy what follows it. Now look at the consonants that
# move to the end: in our runs they are often read off the end sign, or off other letters, and not off
# themselves. That is no error: by then the encoder's self-attention has carried them there. A weight says
# which *vector* is read, not which letter that vector is about, so be careful with stories about attention
# maps. Yours may look different.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-translation", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_of_a_translation(word="string"):
    model = runs[64, "large", SEEDS[0]].model
    written = translate(model, [word], vocabulary)[0]
    source = torch.tensor([[*vocabulary.encode(word), vocabulary.eos]])
    target = torch.tensor([[vocabulary.sos, *vocabulary.encode(written)]])
    with torch.no_grad():
        _, weights = model(source, target)
    return translation_pictures.attention_map(weights[-1][0], [*word, "<EOS>"], [*written, "<EOS>"])


pictures.when_ready("runs", picture_of_a_translation)

# %% [markdown]
# **What holds and what does not.** In every run that we made, width 64 beat width 32 on both sets. That
# more words help at width 32 holds for this recipe; it does not hold for every budget. The factors depend
# on the number of updates, on the batch size and on the rate. And words that are right in every letter tell
# more than the loss: at a loss of 0.08 nats, one word in seven still has an error.
