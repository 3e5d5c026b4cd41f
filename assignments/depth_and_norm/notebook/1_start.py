# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Depth and norm: why deep transformers train at all
#
# Two people write the same transformer. One starts at a loss of 39, the other at 6.4, and the first does not catch up within the run. One
# line differs. In this notebook you find that line, repair it and watch both train. Then you take apart what else keeps a deep
# stack alive: the norm, whose backward pass you write by hand, the skip connections, without which attention forgets everything but one
# direction, and the heads of a trained model, which do not all matter as much.
#
# **What you will be able to do**
#
# - say what an initialisation does to the first loss, before you train;
# - write the backward pass of LayerNorm so that it equals autograd's, with and without `eps`;
# - tell a layer that normalises before from one that normalises after, and say how activations and gradients grow with depth;
# - show that attention alone loses the differences between words, faster with every layer;
# - rank the heads of a trained model, cut off those that do nothing, and measure what that costs and saves.
#
# | part | what you do | time |
# |---|---|---|
# | 1. A bad start | find the bug, repair it, watch both train | about 35 minutes |
# | 2. LayerNorm by hand | backward through centring and scaling | about 40 minutes |
# | 3. Where the norm stands | pre and post, growth with depth, a bound on gradients | about 40 minutes |
# | 4. Attention alone | write it, stack it, watch it collapse | about 30 minutes |
# | 5. Which heads matter? | ablate, prune, measure | about 30 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as
# often as you like: they check small cases, and their messages are meant to help. After you hand in, *hidden checks*
# call your functions with other numbers. They look at the state of the notebook after **all** cells have run from top
# to bottom, so choose *Restart kernel and run all cells* before you hand in. Points are counted per property: one
# slip costs the property that it breaks, not the whole exercise. Answers in text are read by a person.
#
# Functions leave their arguments as they were, and give back new arrays or tensors. Type hints say which: numpy arrays in float64 where you
# derive a formula, torch tensors, whose dtype stays, where you write a layer. Losses are in *nats*: the natural logarithm of one over
# the probability that the model gave to what came. Choices are sets of letters: `answers["..."] = {"a", "c"}`.

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
from torch import Tensor, nn

from seq2kit import numeric
from seq2kit.depth import collapse, heads, initial, norms, pictures as depth_pictures
from seq2kit.optimizers import explore
from seq2kit.pictures import when_ready

F = nn.functional
answers = {}

# %% [markdown]
# # Part 1: A bad start
#
# ## 1.1 The bug
#
# **Why.** This happened to the staff of a course, in their own homework: the loss of one model was 23.4, and that of another one, the same
# but for one change, 6.1. Nothing crashed. A bug that only makes training worse is the most expensive kind there is.
#
# **The model.** Words and positions are embedded and normalised. Then come the layers, whose output has numbers of variance about 1. The last matrix turns them
# into one *logit* (score) per word, and it *is* the embedding of the words: the two are **tied**, as in most language models.


# %% locked="tied"
class TiedModel(nn.Module):
    """What stands below and above the layers of a transformer; n_words words, max_len positions, width d_model."""

    def __init__(self, n_words: int, max_len: int, d_model: int) -> None:
        super().__init__()
        self.emb_word = nn.Embedding(n_words, d_model)
        self.emb_pos = nn.Embedding(max_len, d_model)
        self.emb_word.weight.data.normal_(mean=0, std=1)
        self.emb_pos.weight.data.normal_(mean=0, std=1)
        self.emb_ln = nn.LayerNorm(d_model)
        self.lm_head = nn.Linear(d_model, n_words, bias=False)
        self.lm_head.weight = self.emb_word.weight  # tied: one matrix, used twice

    def embed_raw(self, tokens: Tensor) -> Tensor:
        """(b, n) int64 -> (b, n, d_model): word plus position, not normalised yet."""
        return self.emb_word(tokens) + self.emb_pos(torch.arange(tokens.shape[1]))

    def embed(self, tokens: Tensor) -> Tensor:
        """(b, n) int64 -> (b, n, d_model): what the first layer gets."""
        return self.emb_ln(self.embed_raw(tokens))

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., d_model) -> (..., n_words)."""
        return self.lm_head(hidden)


# %% [markdown]
# **Look at it first.** One batch, no training. A model that knows nothing and says so gives each of 512 words the same probability: a loss of
# $\ln 512 = 6.24$.

# %% figure="first-look"
torch.manual_seed(0)
for width in (64, 256, 1024):
    model = TiedModel(512, 16, width)
    with torch.no_grad():
        scores = model.logits(torch.randn(400, width))
        start = F.cross_entropy(scores, torch.randint(512, (400,)))
    print(f"width {width:4}: logits have variance {scores.var():6.1f}, first loss {start:5.1f} nats; a shrug costs {math.log(512):.2f}")

# %% [markdown]
# **Your task** (s003-9i). Predict the variance without drawing anything: the hidden numbers are independent with mean 0 and variance 1, those of the
# matrix have mean 0 and standard deviation `std`. Then choose: what makes the first loss so large? (One letter.)
#
# - **a** Padded places are not masked in the loss.
# - **b** The learning rate is too high for an embedding.
# - **c** The matrix above is the embedding below, so its numbers have a standard deviation of 1, and the logits grow with the width.
# - **d** LayerNorm below the first layer makes the embeddings too large.
# - **e** Positions are added to words, and drown them.

# %% answer="s003-9i"
# Replace the None by a letter in braces, and delete the `raise` below.
answers["s003-9i"] = None
### BEGIN SOLUTION
answers["s003-9i"] = {"c"}
### END SOLUTION


def logit_variance(d: int, std: float) -> float:
    """Variance of a logit: d hidden numbers of variance 1, times weights of standard deviation std."""
    ### BEGIN SOLUTION
    return d * std**2
    ### END SOLUTION

# %% tests="s003-9i"
def public_tests_variance():
    torch.manual_seed(1)
    for d, std in ((30, 1.0), (200, 0.1), (1, 3.0)):
        drawn = (torch.randn(20_000, d) * std * torch.randn(20_000, d)).sum(1).var().item()
        said = float(logit_variance(d, std))
        assert abs(said / drawn - 1) < 0.2, f"as many logits drawn at d = {d}, std = {std} vary: how do variances add?"
    assert float(logit_variance(64, 0.0)) == 0, "weights of 0 give logits of 0"
    assert answers.get("s003-9i"), 'the cause: answers["s003-9i"] = {"a letter"}'


public_tests_variance()

# %% [markdown]
# **Write it down** (s003-9i, the bug; read by a person). At most six sentences: which line of `TiedModel` is wrong, what is the variance of a logit,
# and what does that do to the first loss?

# %% [markdown] answer="s003-9i-words"
# ### BEGIN SOLUTION
# `emb_word.weight` is drawn with standard deviation 1. That would be fine for an embedding alone, but the head is tied to it: the same numbers are the
# last matrix. A logit is a sum of $d$ products of variance 1, so its variance is $d$ and its standard deviation $\sqrt d$. With logits of $\pm 8$ (at width 64)
# the softmax puts nearly all probability on one word, chosen by chance, and the loss is about the gap between the largest logit and that of the right word
# instead of $\ln V$.
# ### END SOLUTION

# %% [markdown]
# ## 1.2 The repair
#
# **What has to hold.** At every width, and for any number of words, logits of variance about 1, a first loss near $\ln V$, and a head that is still tied, in training too. Below, a word and its position
# should each have a fair share of what they add up to. `LayerNorm` divides by $\sqrt{\sigma^2 + \epsilon}$ with $\epsilon = 10^{-5}$, so what it gets must not be
# tiny either: the numbers that come out should have a standard deviation near 1.
#
# **A trap.** There are two tables.
#
# **Your task** (s003-9ii). Build the repaired model. You may change the numbers of a `TiedModel`, derive a class from it, or write your own
# with the same parts and methods (`emb_word`, `emb_pos`, `emb_ln`, `lm_head`, `embed_raw`, `embed`, `logits`).

# %% answer="s003-9ii"
def build(n_words: int, max_len: int, d_model: int) -> nn.Module:
    """A model like TiedModel, freshly drawn, whose logits have a variance of about 1 at any width."""
    ### BEGIN SOLUTION
    model = TiedModel(n_words, max_len, d_model)
    std = 1 / math.sqrt(d_model)
    model.emb_word.weight.data.normal_(std=std)
    model.emb_pos.weight.data.normal_(std=std)
    return model
    ### END SOLUTION

# %% tests="s003-9ii"
def public_tests_repair():
    for width in (32, 300):
        torch.manual_seed(2)
        model = build(150, 6, width)
        assert isinstance(model, nn.Module), "a module comes back"
        tokens = torch.randint(150, (40, 6))
        raw, low = model.embed_raw(tokens), model.embed(tokens)
        assert raw.shape == low.shape == (40, 6, width), "embeddings: (b, n, d_model)"
        assert model.embed(tokens[:1, :1]).shape == (1, 1, width), "one word alone can be embedded"
        assert build(20, 40, 10).embed(tokens[:2, :1].expand(2, 40) % 20).shape == (2, 40, 10), "there are max_len positions"
        scores = model.logits(torch.randn(200, width))
        assert scores.shape == (200, 150), "logits: one per word"
        assert 0.1 < scores.var() < 4, f"logits vary by about 1, and not {scores.var():.3g}: width {width}"
        assert F.cross_entropy(scores, torch.randint(150, (200,))) < math.log(150) + 1.5, "the first loss is near ln V"
    tables = [p for p in model.parameters() if tuple(p.shape) == (150, 300)]
    assert len(tables) == 1, "still tied: head and embedding are one matrix"
    assert tables[0].requires_grad, "still trained: the matrix of the words"
    hidden, ids = torch.randn(3, 300), tokens[:1]
    scores, raw = model.logits(hidden), model.embed_raw(ids)
    with torch.no_grad():
        tables[0].mul_(3)
    assert not torch.allclose(model.logits(hidden), scores), "still tied: the head follows the matrix when it changes"
    assert not torch.allclose(model.embed_raw(ids), raw), "still tied: the embedding follows the matrix when it changes"
    assert not torch.equal(build(150, 6, 20).embed_raw(ids), build(150, 6, 20).embed_raw(ids)), "each model is drawn anew"


public_tests_repair()

# %% [markdown]
# **Both, trained.** The same layers between, the same batches, three seeds each. The text is a chain of 512 words in which each word depends on the
# last one; nobody can do better than 1.34 nats. The model is small (width 64) so that this takes seconds. The bad start is even worse than the 25 nats of `first-look`: the skip connections
# carry each word up to its own row of the matrix, so that the logit of the word that just came is the largest of all.

# %% figure="two-starts"
def two_starts():
    curves = {}
    for label, make in (("std 1", TiedModel), ("yours", build)):
        curves[label] = np.array([initial.train(make, seed) for seed in range(3)])
        first, last = curves[label][:, 0], curves[label][:, -5:].mean(1)
        print(f"{label:6} begins at {first.mean():5.2f} ({first.min():.2f} to {first.max():.2f}) nats "
              f"and ends at {last.mean():.2f} ({last.min():.2f} to {last.max():.2f}), three seeds")
    return depth_pictures.loss_curves(curves, initial.shrug())


when_ready("build", two_starts)

# %% [markdown]
# ## 1.3 Why the repair works
#
# **A story that is not true.** "Where the softmax is saturated its slope is nearly 0, so gradients vanish and training is slow." It is told in
# solutions to this very exercise. Check it: take the gradient of the loss $-\ln p_y$ at the logits, $p = \operatorname{softmax}(z)$.
#
# **By hand.** Logits $(60, 0, 0)$. If the right word is number 0, there is nothing to learn. If it is number 1: how long is the gradient?
#
# **Your task** (s003-9iii). The gradient, and a choice: at the first batch of the *bad* start, how long is the gradient of a word's loss at its logits (Euclidean norm,
# typical word)?
#
# - **a** Nearly 0: the softmax is saturated.
# - **b** More than 1: the model is sure, and wrong.
# - **c** It grows like the width, without a bound.
# - **d** The same as after the repair: the initialisation does not matter there.

# %% answer="s003-9iii"
# One letter, as text. Replace the None, and delete the `raise` below.
mc_grad = None
### BEGIN SOLUTION
mc_grad = "b"
### END SOLUTION


def ce_grad(logits: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Gradient of each row's loss -ln softmax(logits)[y] at its logits; (B, V) and (B,) integers -> (B, V), no mean."""
    ### BEGIN SOLUTION
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p
    ### END SOLUTION

# %% tests="s003-9iii"
def public_tests_gradient():
    z, y = np.array([[0.3, -1.0, 2.0, 0.1], [1.5, 0.2, 0.0, -0.7]]), np.array([2, 1])
    got = numeric.as_float64(ce_grad(z.copy(), y.copy())).numpy()
    assert got.shape == (2, 4), "the shape of the logits comes back"
    wanted = numeric.finite_difference(lambda t: F.cross_entropy(t, torch.tensor(y), reduction="sum"), z).numpy()
    assert np.allclose(got, wanted, atol=1e-7), "each row's own gradient, not a mean over rows"
    sure = numeric.as_float64(ce_grad(np.array([[60.0, 0.0, 0.0]]), np.array([1]))).numpy()
    assert np.isfinite(numeric.as_float64(ce_grad(np.array([[4000.0, -4000.0]]), np.array([1]))).numpy()).all(), "large logits stay finite"
    assert sure.shape == (1, 3), "one row is a batch too"
    before = z.copy()
    ce_grad(z, y)
    assert np.array_equal(z, before), "the logits that were given stay as they were"
    assert isinstance(mc_grad, str) or mc_grad, "mc_grad: a letter"


public_tests_gradient()

# %% figure="gradient-lengths"
def gradient_lengths():
    rng = np.random.default_rng(0)
    for std in (1.0, 1 / math.sqrt(256)):
        lengths = []
        for _ in range(5):
            z = rng.standard_normal((200, 256)) @ (std * rng.standard_normal((256, 512)))
            lengths.append(np.linalg.norm(ce_grad(z, rng.integers(0, 512, 200)), axis=1).mean())
        print(f"weights of std {std:.4f}: mean length of the gradient at the logits {np.mean(lengths):.3f} "
              f"({min(lengths):.3f} to {max(lengths):.3f}, five draws, width 256)")


when_ready("ce_grad", gradient_lengths)

# %% [markdown]
# **Write it down** (s003-9iii, read by a person). At most eight sentences: why does the repair work, what was wrong about "vanishing", and why does the smaller scale do
# no harm at the bottom, where the same matrix is an embedding?

# %% [markdown] answer="s003-9iii-words"
# ### BEGIN SOLUTION
# With standard deviation $1/\sqrt d$ a logit is a sum of $d$ terms of variance $1/d$: variance 1 at any width. The softmax starts near uniform, so the first loss is
# about $\ln V$ (a little above), and no early step is spent on undoing what chance had made the model sure of. The gradient at the logits is $p - y$. At the bad start it does not vanish: $p$ is
# nearly one-hot at a wrong word, so its length is about $\sqrt 2$, larger than the 1 of a uniform start. What is small is the slope of the softmax alone, which cancels against the $1/p$ of
# the logarithm. At the bottom a LayerNorm follows, which takes any common scale of word and position out again, as long as both tables are scaled alike and stay well above $\sqrt\epsilon$.
# ### END SOLUTION
