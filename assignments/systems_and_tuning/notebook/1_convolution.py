# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What training costs, and what tuning forgets
#
# A model that does not fit is not trained. Whether it fits is a matter of counting: weights, activations, messages. In this notebook you
# count, and then make the machine count, for a formula that nobody ran is a guess. Then you take a model that somebody else has trained,
# change a small part of it, and measure what it still knows.
#
# **What you will be able to do**
#
# - count the weights of a convolution, split it into two cheap ones, and say which kernels this can still express;
# - trade memory for computing: write the schedule of a backward pass that computes activations again, and the same with torch;
# - average gradients over workers in three ways, and say how many messages of which size each takes;
# - find the worker that broke a ring from the log of its messages;
# - tune all of a model, its head, a low-rank correction (LoRA) or a prompt of vectors, and prove by a hash which weights moved;
# - measure forgetting, name three defences and try them.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Convolutions | weights, a depthwise separable layer, the kernel that it equals | about 20 minutes |
# | 2. Activations, computed again | a schedule that is replayed, torch's own checkpointing | about 35 minutes |
# | 3. Averaging over workers | all to all, a server, a ring; a log with a fault in it | about 45 minutes |
# | 4. Tuning a part | LoRA, a soft prompt, a hash of what is frozen; a real model | about 40 minutes |
# | 5. Forgetting | defences, and meta-learning on a family of small tasks | about 35 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as
# often as you like: they check small cases, and their messages are meant to help. After you hand in, *hidden checks*
# call your functions with other numbers. They look at the state of the notebook after **all** cells have run from top
# to bottom, so choose *Restart kernel and run all cells* before you hand in. Points are counted per property: one
# slip costs the property that it breaks, not the whole exercise. Answers in text are read by a person.
#
# Three rules hold throughout. Functions leave their arguments as they were and give back new arrays or tensors, with all the digits that
# they were given: float64 does not pass through float32. They keep nothing between calls. And what is said about speed or memory is counted from outside, so there is nothing to report.

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import copy
import functools
import hashlib
import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from seq2kit import numeric
from seq2kit.bert import models as bert_models, packaged
from seq2kit.optimizers import explore
from seq2kit.pictures import when_ready
from seq2kit.profiles import by_profile
from seq2kit.systems import family, network, pictures as systems_pictures, remat, tuning

answers = {}

# %% [markdown]
# # Part 1: Convolutions
#
# ## 1.1 The weights of a convolution
#
# **Why.** Before you buy memory, count. A convolution uses the same few weights at every place of an image, so how many it has is not a
# question of the image.
#
# **By hand.** An image of 224 x 224 pixels with 3 channels goes in, 4 channels come out, the kernel is 3 x 3, there is no bias. Each
# *output* channel has its own small cube of weights. How large is the cube?
#
# **Your task** (s003-3a). The number of weights of any such convolution.

# %% answer="s003-3a"
def conv_params(cin: int, cout: int, k: int) -> int:
    """Weights of a convolution from cin to cout channels with a k x k kernel and no bias."""
    ### BEGIN SOLUTION
    return cout * cin * k * k
    ### END SOLUTION

# %% tests="s003-3a"
def public_tests_conv_params():
    for cin, cout, k in ((3, 4, 3), (1, 6, 5), (6, 1, 2), (7, 2, 1)):
        weights = nn.Conv2d(cin, cout, k, bias=False).weight.numel()
        message = f"as many weights as torch has: {cin} to {cout} channels, kernel {k} x {k}"
        assert conv_params(cin, cout, k) == weights, message


public_tests_conv_params()

# %% [markdown]
# ## 1.2 Two cheap ones instead
#
# **The idea.** A convolution looks at neighbours and mixes channels in one go. Do it in two steps. *Depthwise*: each input channel is convolved
# with one k x k filter of its own, and channels are not mixed. *Pointwise*: a 1 x 1 convolution mixes the channels at each pixel. MobileNet is
# built of these.
#
# **By hand.** 3 channels to 4, kernel 3 x 3: how many weights in the first step, how many in the second? You found how many for a plain
# convolution in 1.1.
#
# **What is lost?** Both steps are linear, so together they *are* a convolution, with some kernel of shape `(cout, cin, k, k)`. Which one? Follow one
# output channel $o$ and one input channel $c$: every path from $c$ to $o$ goes through filter $c$, and through a single number. So the k x k slices of
# this kernel are of a special kind.
#
# **Your task** (s003-3b). The count; the two layers as a module that keeps the size of the image (stride 1, zeros around it, k odd, no biases), with
# the depthwise layer at index 0; and the kernel of the one convolution that does the same.

# %% answer="s003-3b"
def dwsep_params(cin: int, cout: int, k: int) -> int:
    """Weights of a depthwise k x k and a pointwise convolution together, no biases."""
    ### BEGIN SOLUTION
    return cin * k * k + cin * cout
    ### END SOLUTION


def make_layer(cin: int, cout: int, k: int) -> nn.Module:
    """Both convolutions in a row: images (b, cin, h, w) -> (b, cout, h, w). layer[0] is the depthwise one; k is odd."""
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Conv2d(cin, cin, k, padding=k // 2, groups=cin, bias=False),
        nn.Conv2d(cin, cout, 1, bias=False),
    )
    ### END SOLUTION


def equivalent_kernel(D: Tensor, P: Tensor) -> Tensor:
    """The kernel (cout, cin, k, k) of the one convolution that equals filters D (cin, k, k) followed by mixing P (cout, cin)."""
    ### BEGIN SOLUTION
    return P[:, :, None, None] * D[None]
    ### END SOLUTION

# %% tests="s003-3b"
def public_tests_separable():
    for cin, cout, k in ((3, 4, 3), (1, 2, 5), (4, 1, 1)):
        layer = make_layer(cin, cout, k)
        assert isinstance(layer, nn.Module), "make_layer: give back a module"
        assert sum(p.numel() for p in layer.parameters()) == dwsep_params(cin, cout, k), "the module has the weights that you count"
        assert dwsep_params(cin, cout, k) == cin * (k * k + cout), f"the count: {cin} to {cout} channels, kernel {k} x {k}"
        image = torch.randn(2, cin, 6, 7)
        assert layer(image).shape == (2, cout, 6, 7), "the size of the image stays: how many zeros around it?"
    image = torch.zeros(1, 3, 5, 5)
    image[0, 1] = 1.0
    middle = make_layer(3, 4, 3)[0](image)
    assert not middle[0, 0].any() and not middle[0, 2].any(), "layer[0] mixes no channels: what is `groups` for?"
    for cin, cout, k in ((3, 2, 3), (1, 2, 1), (2, 1, 3)):
        D, P = torch.randn(cin, k, k, dtype=torch.float64), torch.randn(cout, cin, dtype=torch.float64)
        kernel = equivalent_kernel(D, P)
        assert kernel.shape == (cout, cin, k, k), "the kernel: (cout, cin, k, k)"
        assert kernel.dtype == torch.float64, "the dtype stays"
        image = torch.randn(1, cin, 6, 7, dtype=torch.float64)
        two = nn.functional.conv2d(nn.functional.conv2d(image, D[:, None], groups=cin), P[:, :, None, None])
        assert torch.allclose(nn.functional.conv2d(image, kernel), two), "one convolution instead of two: the same image comes out"
    assert equivalent_kernel(D.float(), P.float()).dtype == torch.float32, "the dtype stays: float32 in, float32 out"


public_tests_separable()

# %% figure="ranks"
def ranks():
    torch.manual_seed(0)
    plain = nn.Conv2d(3, 4, 3, bias=False).weight.detach()
    kernel = equivalent_kernel(torch.randn(3, 3, 3), torch.randn(4, 3))
    rows = {}
    for name, weights in (("any convolution", plain), ("depthwise separable", kernel)):
        slices = weights.transpose(0, 1).reshape(3, 4, 9)  # for each input channel, what the four outputs do with it
        rows[name] = [torch.linalg.svdvals(one).tolist() for one in slices]
    return systems_pictures.singular_values(rows)


when_ready("equivalent_kernel", ranks)

# %% [markdown]
# What four output channels do with one input channel is a matrix with 4 rows of 9 weights. Of a plain convolution it has rank 4; here its rank is 1: all
# outputs look at that channel through the same filter, each with a strength of its own. So that is the price of 39 weights instead of 108.
# (Layers in between, such as a ReLU after the first step, change this: then the two are no single convolution any more.)
