# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What attention costs and what it can express
#
# A recurrent network reads a word letter by letter and has to carry everything it will need in one state.
# Attention lets every position look at every other one directly. That single idea made today's language
# models possible, and it has a price and a few surprises. You will count the price, hide a position without a
# leak, and choose the numbers in an attention layer yourself, to see what it can do.
#
# **What you will be able to do**
#
# - say what an attention layer costs, which part dominates when, and what a cache saves;
# - write attention as a few matrix products, mask it correctly, and *prove* that a mask holds;
# - set the weights of an attention layer by hand so that it computes a convolution or a maximum.
#
# | part | what you do | time |
# |---|---|---|
# | 1. What attention costs, and what a mask does | count, derive growth, vectorise, mask | about 70 minutes |
# | 2. What attention can express | additive scores; a convolution and a maximum by choice of weights | about 45 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*.
# Run them as often as you like: they check shapes, properties and small cases, and their messages are meant
# to help. After you hand in, *hidden checks* call your functions with other sizes and other numbers. They
# look at the state of the notebook after **all** cells have run from top to bottom, so before you hand in
# choose *Restart kernel and run all cells*. Points are counted per property: one slip costs the property
# that it breaks, not the whole exercise. Answers in text are read by a person.
#
# Three rules hold throughout. Return what the docstring asks for, in the shape it gives. Keep the dtype:
# float32 in, float32 out; float64 in, float64 out. Leave the arguments as they are: whoever called you
# still needs them.

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import itertools
import math

import numpy as np
import torch
from torch import nn

from seq2kit import numeric, pictures
from seq2kit.translation import attention_pictures

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


# %% answer="s000-4.1a"
def macs(n: int, h: int) -> dict[str, float]:
    """MACs of one self-attention layer on n tokens of width h, as a dict with these keys.

    "proj": making Q, K and V from X; "scores": the products of queries with keys; "softmax": c * n * n with a
    constant c >= 0 of your choice; "values": the weighted sums; "total": all of these together.
    """
    ### BEGIN SOLUTION
    counts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": n * n, "values": n * n * h}
    return {**counts, "total": sum(counts.values())}
    ### END SOLUTION


# %% tests="s000-4.1a"
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

# %% answer="s000-4.1a-order"
# leading_order: one of the letters a to f, as text
### BEGIN SOLUTION
leading_order = "c"
### END SOLUTION

# %% tests="s000-4.1a-order"
assert len(leading_order) == 1, "one letter, as text"
assert set(leading_order) <= set("abcdef"), "one of the letters on offer, in lower case"
print("the answer can be read")

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
# **A trap.** Do not time it: run times mix in memory, caches and the scheduler of your machine.
#
# **Your task** (s000-4.1b). Return the slope of the total cost against the length at a fixed width. Either
# one number for the whole range (from end to end, or of a straight line through all points), or one for each
# pair of neighbours in `ns`. You may use `macs`.


# %% answer="s000-4.1b"
def loglog_slope(h: int, ns: list[int]) -> float | list[float]:
    """Slope of log(total MACs) against log(n), counted, not timed.

    h: width; ns: at least two lengths, ascending, not evenly spaced; returns one number, or len(ns) - 1 numbers.
    """
    ### BEGIN SOLUTION
    points = [(math.log(n), math.log(macs(n, h)["total"])) for n in ns]
    return [(c2 - c1) / (n2 - n1) for (n1, c1), (n2, c2) in itertools.pairwise(points)]
    ### END SOLUTION


# %% tests="s000-4.1b"
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

# %% [markdown]
# **Look at it.** At width 64 the layer is linear for short words and quadratic for long texts, and it takes
# a factor of a hundred in length to get from one to the other.

# %% figure="picture-costs"
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


# %% answer="s000-4.1b-decoding"
def decoding_macs(n: int, h: int, cached: bool) -> float:
    """MACs of one layer of width h while n >= 1 tokens are generated one after the other, softmax left out.

    cached: keys and values of earlier tokens are kept; otherwise the whole layer is computed anew at each step.
    """
    ### BEGIN SOLUTION
    if cached:
        return sum(3 * h * h + 2 * t * h for t in range(1, n + 1))
    return sum(3 * t * h * h + 2 * t * t * h for t in range(1, n + 1))
    ### END SOLUTION


# %% tests="s000-4.1b-decoding"
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

# %% figure="picture-decoding"
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

# %% [markdown] answer="s000-4.1b-text" grade_id="text-s000-4_1b"
# ### BEGIN SOLUTION
# Each of the $n$ queries meets each of the $n$ keys, so there are $n^2$ scores, and a layer computed in the
# plain way also holds $n^2$ weights in memory. Each of them costs $h$ MACs twice: once for the dot product
# of query and key, once when it weighs a value; that is $2 n^2 h$, beside $3 n h^2$ for the projections, so
# for $n$ well above $1.5\,h$ doubling $n$ makes the work four times as much. Using a trained model changes
# none of this. Generating with a KV cache spreads the same pairs over the steps,
# $h\,(1 + 2 + \dots + n) \cdot 2 \approx n^2 h$, still quadratic, and without a cache everything is done again at
# every step, which is cubic.
# ### END SOLUTION
