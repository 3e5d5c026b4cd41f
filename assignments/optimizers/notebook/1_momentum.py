# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Optimisers: from momentum to AdamW, line by line
#
# Every model is trained by a loop of some ten lines: take a gradient, remember something, make a step. Which ten lines decides
# whether training takes a day or a week. And in Adam, the most used of all, weight decay did something else than people thought, until
# [Loshchilov and Hutter](https://arxiv.org/abs/1711.05101) looked at a single line. In this notebook you write these lines yourself,
# hold them against torch's own step by step, find that line, and then build an optimiser that beats a tuned one on problems that it
# has not seen.
#
# **What you will be able to do**
#
# - translate between the two ways of writing momentum, and say which learning rate belongs to which;
# - write SGD with momentum, Adam and AdamW so that each step equals torch's;
# - say what bias correction repairs, and what the first steps look like without it;
# - say when weight decay and an L2 penalty are the same thing, and why they are not under Adam;
# - measure which rows of an embedding shrink under each of them: those of rare or of frequent words;
# - design an update rule and a schedule for a fixed budget of steps, and judge it against a tuned baseline.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Momentum | two ways to write it; SGD as torch has it; paths in a valley, with sliders | about 30 minutes |
# | 2. Running averages | what they remember, their bias, Adam | about 40 minutes |
# | 3. Penalty or decay | where each enters, and when they agree; AdamW | about 40 minutes |
# | 4. Who shrinks? | small against large gradients; the rows of rare and of frequent words | about 35 minutes |
# | 5. The race | your own optimiser, against a tuned one, in a budget of steps | about 30 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as
# often as you like: they check small cases, and their messages are meant to help. After you hand in, *hidden checks*
# call your functions with other numbers. They look at the state of the notebook after **all** cells have run from top
# to bottom, so choose *Restart kernel and run all cells* before you hand in. Points are counted per property: one
# slip costs the property that it breaks, not the whole exercise. Answers in text are read by a person.
#
# Three rules hold throughout. Functions leave weights and gradients as they were and give back new arrays or tensors. They keep nothing
# between calls, except in the `state` that they return and get again. And numbers may be large, tiny or exactly 0.
# Nothing in this notebook trains for long: all of its cells together take well under a minute.

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
from torch import Tensor

from seq2kit import numeric
from seq2kit.optimizers import explore, pictures as optimizer_pictures, race, surfaces, words
from seq2kit.pictures import when_ready

# %% [markdown]
# # Part 1: Momentum
#
# ## 1.1 Two ways to write it
#
# **Why.** Papers, books and libraries write momentum in two ways that look alike. Take a learning rate from one of them into
# the other, and your steps are ten times too long or too short.
#
# **The idea.** *Momentum* keeps a velocity: $v_t = \alpha v_{t-1} + \epsilon g_t$ and $\Delta\theta_t = -v_t$. A *running
# average* of gradients is scaled instead: $v_t = \beta v_{t-1} + (1 - \beta) g_t$ and $\Delta\theta_t = -\delta v_t$. Both begin
# with $v_0 = 0$. The two $v_t$ are not the same thing, so do not compare them. Compare the *steps*: write each $\Delta\theta_t$ in terms of
# $\Delta\theta_{t-1}$ and $g_t$ alone.
#
# **By hand.** Average, $\beta = 0.5$, $\delta = 1$, gradients 2 and 2: $v_1 = 1$, $v_2 = 1.5$, so the steps are $-1$ and $-1.5$.
# Which $\alpha$ and $\epsilon$ give the same two steps?
#
# **Your task** (s002-2.1). Both translations. The steps must agree for *every* sequence of gradients.

# %% answer="s002-2.1"
def alpha_eps_from_beta_delta(beta: float, delta: float) -> tuple[float, float]:
    """(alpha, eps) of the momentum form whose steps are those of the average with beta (0 <= beta < 1) and delta."""
    ### BEGIN SOLUTION
    return beta, delta * (1 - beta)
    ### END SOLUTION


def beta_delta_from_alpha_eps(alpha: float, eps: float) -> tuple[float, float]:
    """(beta, delta) of the average whose steps are those of momentum with alpha (0 <= alpha < 1) and eps."""
    ### BEGIN SOLUTION
    return alpha, eps / (1 - alpha)
    ### END SOLUTION

# %% tests="s002-2.1"
def public_tests_two_forms():
    gradients = [2.0, 2.0, -1.0, 0.5]
    for beta, delta in ((0.5, 1.0), (0.9, 0.02), (0.999, 0.3), (0.0, 3.0)):
        alpha, eps = (float(value) for value in alpha_eps_from_beta_delta(beta, delta))
        v = step = 0.0
        for t, g in enumerate(gradients, 1):
            v = beta * v + (1 - beta) * g
            step = alpha * step - eps * g
            assert abs(step + delta * v) < 1e-12, f"the steps agree: step {t}; what stands before the last step?"
        back = [float(value) for value in beta_delta_from_alpha_eps(alpha, eps)]
        assert np.allclose(back, [beta, delta]), "there and back: you end where you began"


public_tests_two_forms()

# %% [markdown]
# ## 1.2 SGD, as torch has it
#
# **Why.** Now for many weights at once. A model is a *list* of tensors of different shapes, and an optimiser keeps a buffer for each.
#
# **The rule.** For each parameter $\theta$ with gradient $g$, buffer $b$, learning rate $\eta$, momentum $\mu$ and dampening $\tau$:
#
# $$b_1 = g_1, \qquad b_t = \mu\, b_{t-1} + (1 - \tau)\, g_t \ \text{ for } t > 1, \qquad \theta_t = \theta_{t-1} - \eta\, b_t .$$
#
# **Traps.** The very first buffer is the gradient itself, whatever $\tau$ is. With $\tau = \mu$ this is *nearly* the average of 1.1: which
# step differs? The learning rate may be another one at each step, as in a schedule: is it then the same to keep gradients or steps in the
# buffer? And the state is yours to design (a list, a dict, what you like), but it must travel through the arguments: two models
# are trained in turns with your function, and neither may hear of the other.
#
# **Your task** (s002-2.1, SGD).

# %% answer="s002-2.1-sgd"
def sgd_step(
    params: list[Tensor], grads: list[Tensor], state, *, lr: float, momentum: float = 0.0, dampening: float = 0.0
) -> tuple[list[Tensor], object]:
    """One step of SGD with momentum, as torch.optim.SGD makes it.

    params, grads: lists of tensors, grads[i] of the shape of params[i]; state: None at the first step, then what the call before
    returned. Returns (new params, new state); the dtype of each tensor stays, and neither params nor grads are changed.
    """
    ### BEGIN SOLUTION
    if state is None:
        buffers = [g.clone() for g in grads]
    else:
        buffers = [momentum * b + (1 - dampening) * g for b, g in zip(state, grads, strict=True)]
    return [p - lr * b for p, b in zip(params, buffers, strict=True)], buffers
    ### END SOLUTION

# %% [markdown]
# Given: a few steps of yours beside torch's, for the tests of this part and of the next two.

# %% locked="beside-torch"
def beside_torch(make, step, dtype, steps=6, sizes=((3, 2), (4,), (1,), (4,))):
    """[(yours, torch's) after each step], parameters joined into one vector; some gradients are 0, always or once, others large."""
    drawn = torch.Generator().manual_seed(3)
    shapes = [(*size,) for size in sizes]
    params = [torch.randn(shape, generator=drawn, dtype=dtype) for shape in shapes]
    theirs = [p.clone().requires_grad_(True) for p in params]
    optimizer, state, found = make(theirs), None, []
    for t in range(steps):
        grads = [10.0 ** (t % 3) * torch.randn(shape, generator=drawn, dtype=dtype) for shape in shapes]
        grads[0][0] = 0.0
        if t in (0, 3):
            grads[1][:2] = 0.0
        for p, g in zip(theirs, grads, strict=True):
            p.grad = g.clone()
        optimizer.step()
        before = [p.clone() for p in params], [g.clone() for g in grads]
        moved, state = step(params, grads, state)
        for kept, now in zip((*before[0], *before[1]), (*params, *grads), strict=True):
            assert torch.equal(kept, now), "params and grads stay as they were: give back new tensors"
        params = list(moved)
        found.append((torch.cat([p.reshape(-1) for p in params]), torch.cat([p.detach().reshape(-1) for p in theirs])))
    return found


# %% tests="s002-2.1-sgd"
def public_tests_sgd():
    for dtype in (torch.float64, torch.float32):
        for more in ({}, {"momentum": 0.9}, {"momentum": 0.8, "dampening": 0.3}):
            pairs = beside_torch(
                lambda theirs: torch.optim.SGD(theirs, lr=0.05, **more),
                lambda params, grads, state: sgd_step(params, grads, state, lr=0.05, **more),
                dtype,
            )
            assert pairs[0][0].dtype == dtype, "the dtype stays: float32 in, float32 out"
            assert torch.allclose(*pairs[0], rtol=1e-5), f"the first step is torch's ({more or 'plain SGD'}): what is b_1?"
            assert all(torch.allclose(*pair, rtol=1e-4) for pair in pairs), f"later steps are torch's: {more or 'plain SGD'}"
    g = [torch.tensor([2.0], dtype=torch.float64)]
    first, state = sgd_step([torch.ones(1, dtype=torch.float64)], g, None, lr=0.1, momentum=0.5)
    second, _ = sgd_step(first, g, state, lr=0.01, momentum=0.5)
    assert abs(float(first[0] - second[0]) - 0.01 * 3) < 1e-9, "a new learning rate: it scales the whole buffer, the past too"


public_tests_sgd()

# %% [markdown]
# **See it.** A valley that is 25 times as steep across as along. Plain SGD must take steps small enough for the steep direction, and then
# hardly gets along the flat one. Momentum adds up what points the same way each time, and cancels what points to and fro. Move the
# sliders (in a live notebook): which learning rate makes plain SGD leap out of the valley? Does momentum stand a larger one? What does
# a momentum of 0.97 do at the end?

# %% figure="valley"
def one_weight_vector(step):
    """A step function for lists of tensors as one for numpy vectors."""

    def update(theta, grad, state):
        params, state = step([torch.from_numpy(theta)], [torch.from_numpy(grad)], state)
        return params[0].numpy(), state

    return update


def valley_paths(lr, momentum, steps):
    return optimizer_pictures.trajectories(surfaces.VALLEY, {
        "plain SGD": surfaces.walk(one_weight_vector(lambda *given: sgd_step(*given, lr=lr)), surfaces.VALLEY, int(steps)),
        f"momentum {momentum:g}": surfaces.walk(
            one_weight_vector(lambda *given: sgd_step(*given, lr=lr, momentum=momentum)), surfaces.VALLEY, int(steps)
        ),
    })


when_ready("sgd_step", lambda: explore.sliders(valley_paths, {
    "lr": (0.002, 0.1, 0.002, 0.02), "momentum": (0.0, 0.98, 0.02, 0.8), "steps": (5, 120, 5, 40),
}))
