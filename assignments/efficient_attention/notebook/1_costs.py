# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Attention for long inputs
#
# Every word looks at every other word. That is what makes attention good, and what makes it expensive: for a book of 100,000 words, one
# head fills a matrix of ten billion scores. Can one do without that matrix? There are a dozen famous ways to try, and nearly all rest on
# three ideas: the matrix may have *low rank*, the softmax may be *split*, or it may be replaced by a *kernel* whose products can be taken
# in another order. In this notebook you build all three, prove that they are right where they are, and then measure on real heads and on a
# trained GPT what they lose where they are not.
#
# **What you will be able to do**
#
# - say what a head costs in time and memory, and which part of it grows with the square of the length;
# - compute $PV$ from a low-rank factorisation, and say whether the attention of a real model *is* of low rank;
# - split the softmax so that attention costs linear time, and name a matrix that it can no longer express;
# - write linear attention for any feature map, and positive random features that stand in for the exponential;
# - say how many features that takes, and why a trained GPT wants more than you would think.
#
# | part | what you do | time |
# |---|---|---|
# | 1. What attention costs | orders of growth; heads that share memory; bytes | about 45 minutes |
# | 2. Low rank | attention from an SVD, two projections of the length, the spectra of MiniLM's heads | about 40 minutes |
# | 3. Separable attention | a softmax on either side; what it cannot say | about 35 minutes |
# | 4. Kernels and features | linear attention, random features, a slider, nats of a trained GPT | about 60 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as often as you like:
# they check small cases, and their messages are meant to help. After you hand in, *hidden checks* call your functions with other numbers.
# They look at the state of the notebook after **all** cells have run from top to bottom, so choose *Restart kernel and run all cells*
# before you hand in. Points are counted per property: one slip costs the property that it breaks, not the whole exercise. Answers in text
# are read by a person.
#
# Four rules hold throughout. Functions leave their arguments as they were, and keep nothing between calls. Arrays are numpy float64 where
# the signature says `np.ndarray`; tensors keep their dtype. Numbers may be large. And where linear memory is asked for, the grader tries a
# length of 120,000 or so: an $n \times n$ matrix would take 115 GB, and does not fit.

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import math
import time

import numpy as np
import torch
from torch import Tensor

from seq2kit import numeric
from seq2kit.attention import growth, heads, lm, pictures as attention_pictures
from seq2kit.language import corpus
from seq2kit.language.toy_english import toy_english
from seq2kit.optimizers import explore
from seq2kit.pictures import when_ready

# %% [markdown]
# # Part 1: What attention costs
#
# ## 1.1 One head
#
# **Why.** Before you make something cheaper, you should know what it costs, and whether it is time or memory that runs out first.
#
# **The question.** $Q$, $K$ and $V$, each $(n, d)$, are already there. What do time and memory of
# $\operatorname{softmax}(QK^\top / \sqrt d)\,V$ grow like, if the matrix of weights is made as it stands? Memory counts everything that is
# held: the three inputs, the scores, and the result.
#
# **How to say it.** An order of growth such as $\Theta(n \log n)$ is written here as a function that *has* this growth:
# `return n * math.log(n)`. Constants and lower terms are free, so an exact count is as good as the leading term. What counts is how the
# function grows when `n` grows, when `d` grows, and when both do. If two terms can each be the larger one, you need both.
#
# **By hand.** $n = 1000$, $d = 64$: how many multiplications has $QK^\top$, and how many numbers has its result?
#
# **Your task** (s002-3.1a).

# %% answer="s002-3.1a"
def time_single(n: int, d: int) -> float:
    """A function of the order of growth of one head's time; Q, K, V (n, d) are given."""
    ### BEGIN SOLUTION
    return n * n * d
    ### END SOLUTION


def space_single(n: int, d: int) -> float:
    """A function of the order of growth of one head's memory, in numbers that are held."""
    ### BEGIN SOLUTION
    return n * n + n * d
    ### END SOLUTION

# %% tests="s002-3.1a"
def public_tests_one_head():
    for cost in (time_single, space_single):
        assert float(cost(40, 7)) > 0, f"a cost is a positive number: {cost.__name__}"
        assert growth.exponent(cost, (10**4, 7), 0) > 1.9, f"twice the length, four times the cost: {cost.__name__}"
    assert abs(growth.exponent(time_single, (7, 10**4), 1) - 1) < 0.05, "time grows with the width: each score is a product of d numbers"
    assert abs(growth.exponent(space_single, (7, 10**4), 1) - 1) < 0.05, "memory grows with the width: for wide, short inputs"


public_tests_one_head()

# %% [markdown]
# ## 1.2 Heads, one after the other
#
# **Why.** A layer has many heads. If they are computed one after the other, what do they share?
#
# **The question.** There are $h$ heads, each as wide as the model: $d_k = d_v = d$. Head $i$ multiplies the inputs $Q_b$, $K_b$, $V_b$
# (each $(n, d)$) by its own $W^Q_i$, $W^K_i$, $W^V_i$, each $(d, d)$, and attends. The $h$ results are put side by side, $(n, hd)$, and
# multiplied by $W^O$, $(hd, d)$. Time counts everything, the projections too. Memory counts everything that has to be held at one moment:
# inputs and weights, what is kept from head to head, and what is not.
#
# **A trap.** "$h$ heads, so $h$ times as much" holds for time. For memory ask: when head 2 begins, who still needs the scores of head 1?
#
# **Your task** (s002-3.1b).

# %% answer="s002-3.1b"
def time_multi(n: int, d: int, h: int) -> float:
    """A function of the order of growth of the time of h heads, projections and W^O counted."""
    ### BEGIN SOLUTION
    return h * (n * n * d + n * d * d)
    ### END SOLUTION


def space_multi(n: int, d: int, h: int) -> float:
    """A function of the order of growth of their memory, when they are computed one after the other."""
    ### BEGIN SOLUTION
    return n * n + n * h * d + h * d * d
    ### END SOLUTION

# %% tests="s002-3.1b"
def public_tests_many_heads():
    for cost in (time_multi, space_multi):
        assert float(cost(40, 7, 3)) > 0, f"a cost is a positive number: {cost.__name__}"
        assert growth.exponent(cost, (10**5, 7, 3), 0) > 1.9, f"for long inputs the square of n is there: {cost.__name__}"
    assert abs(growth.exponent(time_multi, (50, 7, 10**4), 2) - 1) < 0.05, "time: each head costs as much as the first"
    assert growth.exponent(time_multi, (5, 10**4, 3), 1) > 1.9, "time: the projections grow with the square of d"


public_tests_many_heads()

# %% [markdown]
# **And in code.** Do what you have just counted: $h$ heads in a loop, each with the division by $\sqrt d$ and a softmax that survives large
# scores. Let go of one head's scores before the next one makes its own. (In Python, a name that is given a new value lets go of the old
# one; a list keeps everything.)
#
# **Your task** (s002-3.1b, the heads).

# %% answer="s002-3.1b-heads"
def multihead_seq(
    Qb: np.ndarray,
    Kb: np.ndarray,
    Vb: np.ndarray,
    WQ: list[np.ndarray],
    WK: list[np.ndarray],
    WV: list[np.ndarray],
    WO: np.ndarray,
) -> np.ndarray:
    """Heads computed one after the other, put side by side (head 0 first), times WO: (n, d).

    Qb: (n, d); Kb, Vb: (n', d), n' may differ from n; WQ, WK, WV: lists of h matrices (d, d); WO: (h * d, d)
    """
    ### BEGIN SOLUTION
    results = []
    for wq, wk, wv in zip(WQ, WK, WV, strict=True):
        scores = (Qb @ wq) @ (Kb @ wk).T / math.sqrt(wq.shape[1])
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        results.append(scores @ (Vb @ wv))
    return np.concatenate(results, axis=1) @ WO
    ### END SOLUTION

# %% tests="s002-3.1b-heads"
def public_tests_sequential():
    drawn = np.random.default_rng(1)

    def given(n, m, d, h):
        inputs = [drawn.normal(size=(rows, d)) for rows in (n, m, m)]
        return *inputs, *([drawn.normal(size=(d, d)) for _ in range(h)] for _ in range(3)), drawn.normal(size=(h * d, d))

    for n, m, d, h in ((5, 7, 3, 2), (4, 6, 3, 1), (1, 1, 2, 3), (5, 4, 1, 2)):
        Qb, Kb, Vb, WQ, WK, WV, WO = given(n, m, d, h)
        got = numeric.as_float64(multihead_seq(Qb, Kb, Vb, WQ, WK, WV, WO))
        assert got.shape == (n, d), f"the result is (n, d): n = {n}, d = {d}, {h} heads"
        q, k, v = (torch.from_numpy(np.stack([x @ w for w in ws])) for x, ws in ((Qb, WQ), (Kb, WK), (Vb, WV)))
        each = torch.nn.functional.scaled_dot_product_attention(q, k, v)
        want = torch.cat(list(each), dim=1) @ torch.from_numpy(WO)
        assert torch.allclose(got, want), f"as torch has it: n = {n}, n' = {m}, d = {d}, {h} heads"
    Qb, Kb, Vb, *weights = given(3, 4, 2, 2)
    large = numeric.as_float64(multihead_seq(300 * Qb, 300 * Kb, Vb, *weights))
    assert torch.isfinite(large).all(), "scores of many thousands: subtract each row's maximum first"
    peaks = []
    for h in (1, 8):
        case = given(300, 300, 4, h)
        peaks.append(growth.numpy_peak(lambda case=case: multihead_seq(*case)))
    assert peaks[1] < 2 * max(peaks[0], 300 * 300 * 8), f"eight heads need no more room than one: yours take {peaks[1] / peaks[0]:.1f} times as much"


public_tests_sequential()

# %% [markdown]
# ## 1.3 Where the bottleneck lies
#
# **Your task** (s002-3.1c). For very long inputs, which part dominates? Choose a letter.
#
# - **a** the projections by $W^Q$, $W^K$ and $W^V$, in time;
# - **b** the multiplication by $W^O$, in time and memory;
# - **c** the $n \times n$ scores: to make them, to take their softmax and to multiply them by $V$, in time and memory;
# - **d** the $n \times n$ scores, in memory only;
# - **e** the weights of all heads, in memory only.
#
# Then two functions about *one* head of width $d$ with three projections $(d, d)$ and a $(d, d)$ block of $W^O$. Count multiplications of
# matrix products alone, the softmax not: which share of all is in $QK^\top$ and $AV$? At which length is it one half?

# %% answer="s002-3.1c"
# Replace the None by a letter, and delete the `raise` below.
mc = None
### BEGIN SOLUTION
mc = "c"
### END SOLUTION


def attention_fraction(n: int, d: int) -> float:
    """The share of a head's multiplications that is in Q K^T and A V, between 0 and 1."""
    ### BEGIN SOLUTION
    return n / (n + 2 * d)
    ### END SOLUTION


def n_half(d: int) -> float:
    """The length at which that share is one half."""
    ### BEGIN SOLUTION
    return 2 * d
    ### END SOLUTION

# %% tests="s002-3.1c"
def public_tests_bottleneck():
    assert mc is not None, "choose one of the letters a to e"
    shares = [float(attention_fraction(n, 32)) for n in (1, 16, 512, 10**6)]
    assert all(0 < share < 1 for share in shares), "a share lies between 0 and 1"
    assert shares == sorted(shares), "the longer the input, the larger the share of the scores"
    assert shares[-1] > 0.99, "for a million words nearly all work is in the scores"
    assert abs(float(attention_fraction(6, 1)) - 0.75) < 1e-9, "n = 6, d = 1: 72 multiplications of 96; four matrices project"
    assert abs(float(attention_fraction(n_half(10), 10)) - 0.5) < 1e-9, "n_half: there the share is one half"


public_tests_bottleneck()

# %% [markdown]
# **Write it down** (s002-3.1c, read by a person). In one or two sentences: what dominates for long inputs, and in what?

# %% [markdown] answer="s002-3.1c-reasons"
# ### BEGIN SOLUTION
# The matrix of n x n scores: forming it, taking its softmax and multiplying it by V takes time in proportion to the square of n, and
# holding it takes memory in proportion to the square of n, while all else grows with n.
# ### END SOLUTION

# %% [markdown]
# ## 1.4 In bytes
#
# **Why.** Orders of growth do not say whether it fits. Bytes do.
#
# **Your task** (s004-1.07). How many bytes do the scores of one sequence take, if all heads of all layers keep theirs (as training does)?
# And how many does the cache take that a decoder keeps of one sequence, a key and a value of width $d$ for each position in each layer?
# ($d$ is the width of the model, all heads together.)

# %% answer="s004-1.07"
def attn_bytes(n: int, H: int, layers: int, bytes: int) -> float:
    """Bytes of all scores of one sequence of n positions; H heads per layer, so many bytes for a number."""
    ### BEGIN SOLUTION
    return n * n * H * layers * bytes
    ### END SOLUTION


def kv_bytes(n: int, d: int, layers: int, bytes: int) -> float:
    """Bytes of the keys and values of one sequence of n positions; d is the width of the model."""
    ### BEGIN SOLUTION
    return 2 * n * d * layers * bytes
    ### END SOLUTION

# %% tests="s004-1.07"
def public_tests_bytes():
    assert abs(float(attn_bytes(10, 3, 2, 4)) - 2400) < 1e-6, "10 positions, 3 heads, 2 layers, 4 bytes each: 600 scores"
    assert abs(float(attn_bytes(20, 3, 2, 4)) / float(attn_bytes(10, 3, 2, 4)) - 4) < 1e-9, "scores: twice as long, four times as many"
    assert abs(float(kv_bytes(20, 6, 2, 4)) / float(kv_bytes(10, 6, 2, 4)) - 2) < 1e-9, "cache: twice as long, twice as much"
    assert abs(float(kv_bytes(1, 1, 1, 2)) - 4) < 1e-9, "cache: one position of width 1 has a key and a value"


public_tests_bytes()

# %% figure="bytes"
when_ready(
    "attn_bytes or kv_bytes",
    lambda: attention_pictures.bytes_over_length(
        {
            "all scores of 12 layers of 12 heads": lambda n: attn_bytes(n, 12, 12, 4),
            "scores of one head": lambda n: attn_bytes(n, 1, 1, 4),
            "keys and values, width 768": lambda n: kv_bytes(n, 768, 12, 4),
        }
    ),
)

# %% [markdown]
# **Write it down** (s004-1.07, read by a person). Somebody wants to feed a Transformer whole books. Name two things that break, with a
# number for one of them, and a remedy for one. At most six sentences.

# %% [markdown] answer="s004-1.07-text"
# ### BEGIN SOLUTION
# Scores grow with the square of the length: with 12 layers of 12 heads in float32, 100,000 words have 5.8 TB of them, and time grows alike;
# the cache of keys and values grows linearly, to 7.4 GB. Positions beyond those seen in training have no meaning to the model: a learned
# table ends, and other codes are outside of what it was trained on. Attention over very many keys is spread thin. A remedy for the scores:
# compute them block by block and keep running sums, which takes linear memory and is exact; or a window, or a kernel, which take linear
# time. For positions: relative ones.
# ### END SOLUTION
