# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Scaling laws: how large should a model be?
#
# You have a fixed amount of compute. You may spend it on a large model that reads little, or on a small model that
# reads a lot. Both extremes are bad, so somewhere in between lies a best size. Where it lies, and how it moves when
# the compute grows, is what labs measure in small before they train in large.
#
# **What you will be able to do**
#
# - count the parameters and the floating-point operations of a Transformer, and say when $C = 6ND$ is a fair price tag;
# - read a table of model sizes without believing more than it shows;
# - find the bottom of an IsoFLOP valley, and the power law through several such bottoms;
# - extrapolate a power law with an error band, and say what the band does not cover;
# - decide with numbers whether a training run was compute-optimal;
# - spend a budget on few runs, and forecast one that you could not buy, with a band that is worth its width.
#
# | part | what you do | time |
# |---|---|---|
# | 1. What a model costs | count parameters and FLOPs, and check them against torch's own counters | about 35 minutes |
# | 2. Is larger always better? | a table of six translators, three seeds, and what may be concluded | about 20 minutes |
# | 3. IsoFLOP profiles | fit a parabola, find the best size at five budgets, train one budget yourself | about 45 minutes |
# | 4. The law through the optima | fit a line on log-log axes, compare with published ones, extrapolate with a band | about 40 minutes |
# | 5. Was this run compute-optimal? | turn the law into a verdict | about 20 minutes |
# | 6. The budget game | buy runs, commit to a forecast with a band, in worlds that nobody has seen | about 40 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as
# often as you like: they check small cases, and their messages are meant to help. After you hand in, *hidden checks*
# call your functions with other numbers. They look at the state of the notebook after **all** cells have run from top
# to bottom, so choose *Restart kernel and run all cells* before you hand in. Points are counted per property: one
# slip costs the property that it breaks, not the whole exercise. Answers in text are read by a person.
#
# Three rules hold throughout. Number sequences may come to you as lists, tuples or numpy arrays, in any order unless
# the docstring says otherwise, and you do not change them. Work in double precision (`torch.tensor([0.5])` is not) and
# round nothing on the way. Where the docstring asks for several results, return them in that order, as a tuple or a list.
# Numbers may have any size: a budget written as `6 * 10**20` is a whole number beyond the $2^{64}$ that numpy and torch hold as
# an integer. As a float it is no trouble.
#
# **Training.** You train five small language models yourself (Part 3, some seven seconds of processor time) and hand them in
# with the notebook. All other runs are shipped with `seq2kit`, measured on two slow processor cores. If you do not trust
# them, make them again.

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from seq2kit.scaling import game, loss_surface, own as scaling_own, pictures as scaling_pictures, runs as scaling, size_runs
from seq2kit.scaling.markov import zipf_source
from seq2kit.pictures import when_ready

# %% [markdown]
# Set `REPEAT = True` to train again: six translators (one seed) and 34 language models, about four minutes of
# processor time. With the environment variable `SEQ2GRADE_PROFILE=fast` it is only the two smallest translators and the
# cheapest budget, well under a minute. Repeated runs take the place of the shipped ones; the others stay.

# %%
REPEAT = False

# %% locked="runs"
translators = size_runs.load_or_repeat(REPEAT)
runs = scaling.load_or_repeat(REPEAT)
print(len(translators), "translators and", len(runs), "language models")

# %% [markdown]
# # Part 1: What a model costs
#
# ## 1.1 Parameters and FLOPs
#
# **Why.** Every scaling law relates three numbers: the parameters $N$, the training tokens $D$ and the compute $C$.
# Before you fit anything you should be able to say what they are, to the last digit. Published comparisons have gone
# wrong over less than this.
#
# **The model.** `scaling.TinyGPT(vocab, context, width, layers)` is a small GPT of width $h$: token embedding, learned
# positions, and `layers` times attention and a hidden layer of $4h$ units, each behind a LayerNorm; a LayerNorm at the
# end. The output is **tied**: it uses the token embedding again as its weight matrix and has no bias. Here are all
# tensors of one with vocabulary 11, context 7, width 6 and one layer:

# %% locked="tensors"
for name, tensor in scaling.TinyGPT(vocab=11, context=7, width=6, layers=1).named_parameters():
    print(f"{name:36} {tuple(tensor.shape)}")

# %% [markdown]
# **FLOPs.** We follow torch's counter and count matrix products only. Multiplying $(m \times k)$ by $(k \times n)$ takes
# $2mkn$ floating-point operations: each of the $mn$ results is a sum of $k$ products, one multiplication and one
# addition each. Softmax, LayerNorm, biases, residuals and looking up a row of a table do not count.
#
# **By hand.** A `Linear` from 3 to 2 has $3 \cdot 2 + 2 = 8$ parameters. Applied to 5 tokens it costs
# $2 \cdot 5 \cdot 3 \cdot 2 = 60$ FLOPs.
#
# **Backwards.** If $Y = XW$, the backward pass needs a gradient for $X$ *and* one for $W$. Each is a matrix product;
# write down their shapes and you know what they cost.
#
# **Traps.** Some tensors have parameters and cost nothing. Some products cost something and have no parameters: in
# attention, each of $n$ tokens is compared with each of $n$ tokens (the masked half is computed too), and the values
# are mixed with the resulting weights. And one tensor is used twice.
#
# **Your task** (s001-2.3.1). Three formulas. They must also work for a model that does not fit into this computer.

# %% answer="s001-2.3.1"
def count_parameters(vocab: int, context: int, width: int, layers: int) -> int:
    """How many numbers are trained in TinyGPT(vocab, context, width, layers); layers >= 1."""
    ### BEGIN SOLUTION
    attention = 3 * width * width + 3 * width + width * width + width
    hidden = 2 * (4 * width * width) + 4 * width + width
    norms = 2 * 2 * width
    return vocab * width + context * width + layers * (attention + hidden + norms) + 2 * width
    ### END SOLUTION


def forward_flops(vocab: int, length: int, width: int, layers: int) -> int:
    """FLOPs of the matrix products in one forward pass over ONE sequence of `length` tokens (logits included)."""
    ### BEGIN SOLUTION
    projections = 2 * length * (4 * width * width)
    attention = 2 * (2 * length * length * width)
    hidden = 2 * length * (8 * width * width)
    return layers * (projections + attention + hidden) + 2 * length * width * vocab
    ### END SOLUTION


def training_flops(vocab: int, length: int, width: int, layers: int, sequences: int) -> int:
    """FLOPs of the forward and backward passes over `sequences` sequences of `length` tokens, each seen once."""
    ### BEGIN SOLUTION
    return 3 * forward_flops(vocab, length, width, layers) * sequences
    ### END SOLUTION

# %% tests="s001-2.3.1"
def public_tests_counting():
    model = scaling.TinyGPT(vocab=11, context=7, width=6, layers=2)
    assert count_parameters(11, 7, 6, 2) == scaling.torch_parameters(model), (
        "count_parameters differs from torch: set layers=1 and go through the list of tensors above, one by one"
    )
    tokens = torch.zeros(1, 5, dtype=torch.int64)
    assert forward_flops(11, 5, 6, 2) == scaling.torch_flops(model, tokens), (
        "forward_flops differs from torch's counter: which products are there in attention, and how often per layer?"
    )
    once, thrice = training_flops(11, 5, 6, 2, 1), training_flops(11, 5, 6, 2, 3)
    assert thrice == 3 * once, "three sequences cost three times as much as one"
    assert once > 2 * forward_flops(11, 5, 6, 2), (
        "a backward pass costs more than its forward pass: two gradients per matrix product"
    )
    print("public tests of 1.1 passed")


public_tests_counting()

# %% [markdown]
# **Is $C = 6ND$ a fair price?** Most of the cost comes from products with trained matrices: 2 FLOPs per parameter and
# token forwards, 4 backwards, 6 in all. That is the whole of $C = 6ND$. It forgets attention's own products and
# charges for parameters that cost nothing. Below, your count is divided by $6ND$ for the models of Part 3 (context 32)
# and, for comparison, for GPT-3 (context 2048). We use $6ND$ from here on, as everyone does; you now know by how much it
# is off.

# %% figure="price-tag"
def price_tags():
    for name, sizes in {
        "width 8": (256, 32, 8, 1), "width 20": (256, 32, 20, 1), "width 74": (256, 32, 74, 1),
        "GPT-3": (50257, 2048, 12288, 96),
    }.items():
        N, C = count_parameters(*sizes), training_flops(*sizes, 1)
        print(f"{name:9} N = {N:>15,}   counted / 6ND = {C / (6 * N * sizes[1]):.3f}")


when_ready("count_parameters", price_tags)
