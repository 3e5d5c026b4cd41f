# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A language model that knows its optimum
#
# How good is a language model with a loss of 1.18? For real text nobody can say, because nobody knows how
# predictable real text is. Here you train a GPT on a language whose entropy is known *exactly*. So for once a
# training curve has a floor that you can draw, "the model has learned it" is a statement with a number, and a loss
# *below* the floor is proof of a bug.
#
# **What you will be able to do**
#
# - write causal multi-head self-attention, and a GPT around it, from `nn.Linear` upwards;
# - train it with your own loop: next-token targets, a fixed validation set, the best weights kept;
# - compute perplexity correctly (most home-made versions do not), count parameters, time a device fairly;
# - sample text, say how far a model is from the best possible one, and test for what a mean loss hides;
# - cut real text into byte-pair tokens, as GPT-2 does.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Attention | many heads; then heads that cannot see the future | about 50 minutes |
# | 2. The model | learned positions, the block, the GPT, its parameters counted | about 60 minutes |
# | 3. Training | the objective, perplexity, the loop, the full run and its two curves | about 75 minutes |
# | 4. Sampling | temperature, top-k, and whether the sentences are grammatical | about 25 minutes |
# | 5. CPU against GPU | timing that does not lie; a larger run; text of your own | about 25 minutes |
# | 6. Tokens of real text | byte-pair encoding, from single bytes upwards | about 40 minutes |
# | 7. A model of code | your GPT on Python's own library, judged by Python's parser; not graded | about 10 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as
# often as you like. After you hand in, *hidden checks* call your functions with other sizes and other numbers, and look
# at the state of the notebook after **all** cells have run from top to bottom. Points are counted per property: one
# slip costs the property that it breaks. Two short texts are read by a person.
#
# **The trained model.** Part 3 trains for about half a minute on one CPU core and stores the result in `checkpoints/`
# beside this notebook; a second run loads it. **Hand in that folder with the notebook**: nobody trains your model again.
# The grader takes the weights of your model, puts them into a model of its own, and measures the loss on text that you
# have never seen, and whether verbs agree with subjects that stand far away. With `SEQ2GRADE_PROFILE=fast` in the
# environment the run is an eighth as long and lands in `checkpoints-fast/`: enough to see whether everything works, not
# enough for the points of the full run.
#
# The rules that hold throughout: keep the dtype (float32 in, float32 out; float64 in, float64 out), and leave arguments
# as they are.

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
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn

from seq2kit import checkpoints
from seq2kit.language import agreement, bytepairs, corpus, diary, ngram, pictures as language_pictures, python_code
from seq2kit.language import stopwatch, timing_pictures, token_pictures
from seq2kit.profiles import by_profile, profile
from seq2kit.language.toy_english import toy_english

F = nn.functional
Row = tuple[int, float, float]  # of a log: step, training loss, validation loss
Pair = tuple[int, int]  # two tokens that stand side by side
answers = {}


def attempt(what, work, *needs):
    """work(), or None and a sentence when something that it needs is missing or does not work yet: the notebook runs on."""
    try:
        if any(need is None or need == [] for need in needs):
            raise NotImplementedError
        return work()
    except NotImplementedError:
        print(f"{what}: comes to life once the answers above are written.")
    except Exception as error:
        print(f"{what} stops with {type(error).__name__}: {error}")
    return None


# %% [markdown]
# ## The language
#
# Toy English has 70 words and a grammar with 85 states. A sentence looks like this:
#
# > some grey whales that the boat follows **carry** the sailor .
#
# - A verb agrees with *its* subject. Between "whales" and "carry" stand four words, one of them the singular noun "boat"
#   with the singular verb "follows". Relative clauses can be stacked, so the distance has no limit: every second sentence
#   has one at least, every fourth two or more.
# - There are five topics (sea, kitchen, music, garden, school). Verbs and objects belong to the topic of their subject,
#   and a topic tends to last for some sentences.
#
# **The unit.** A word that was given the probability $p$ costs $-\ln p$ *nats*: nothing if it was certain, 0.69 at
# $p = 1/2$. This number is called its *surprise*, and the loss of a model is its mean surprise over a text.
#
# The grammar is an automaton: in each state it draws a word, and state and word together fix the next state (such an
# automaton is called *unifilar*). Whoever knows the state can do no better than the state's own probabilities
# $p(w \mid s)$. So the smallest possible mean surprise, the *entropy rate*, is a plain average,
# $\sum_s \pi(s) \sum_w -p(w \mid s) \ln p(w \mid s)$ with $\pi$ the share of time spent in each state. No model, however
# large, gets below it on a long text. What a predictor can reach that sees only the last $k$ words is also known exactly.

# %% locked="language"
english = toy_english()
text = corpus.from_automaton(english)
CONTEXT = 64

FLOOR = english.entropy_rate
WINDOW_FLOOR = english.window_loss(CONTEXT)
BASELINES = {"uniform": math.log(english.size), "unigram": english.unigram_loss, "bigram": english.bigram_loss}
BASELINES["5-gram"] = english.window_loss(CONTEXT, seen=4)  # on windows, where the first words have fewer before them

print(text.decode(text.train[:60]), "...\n")
print(f"{len(text.train):,} words for training, {len(text.validation):,} for validation, {text.size} different ones\n")
for name, loss in {**BASELINES, "entropy": FLOOR}.items():
    print(f"{name:>8}: {loss:.4f} nats per word, perplexity {math.exp(loss):6.3f}")

# %% [markdown]
# Two floors, to be exact. A model that reads windows of 64 words, cut anywhere from the text, cannot know at the start of a
# window what came before. The best possible predictor *on windows* therefore stays a little above the entropy:

# %% figure="two-floors"
print(f"entropy rate {FLOOR:.4f}, best possible on windows of {CONTEXT}: {WINDOW_FLOOR:.4f}")
first = english.words(text.validation[:26])
language_pictures.surprises(
    first, None, english.surprise(text.validation[:26]), "Surprise of the best possible predictor, word by word"
)

# %% [markdown]
# # Part 1: Attention
#
# ## 1.1 Many heads
#
# **Why.** One attention head makes one weighted average per position. A verb needs two things at once: the number of its
# subject and the topic. Several heads make several averages, each with weights of its own, for the price of one.
#
# **The idea.** Split the $d$ columns of $Q = XW_q$, $K = XW_k$, $V = XW_v$ into $H$ groups of $d/H$ neighbours. Head $h$ gets
# group $h$ of each and does ordinary attention with it. Put the results side by side again, head 0 first, and multiply by
# $W_o$:
#
# $$\operatorname{head}_h = \operatorname{softmax}\!\Bigl(\frac{Q_h K_h^\top}{\sqrt{d/H}}\Bigr) V_h, \qquad
#   \operatorname{mha}(X) = [\operatorname{head}_0, \dots, \operatorname{head}_{H-1}]\, W_o$$
#
# **Shapes, on paper first.** $X$ is `(b, n, d)`, so $Q$ is too. For `d = 6`, `H = 2`: one position's row
# `[q0 q1 q2 q3 q4 q5]` splits into `[q0 q1 q2]` for head 0 and `[q3 q4 q5]` for head 1. You want the heads as a *batch* axis,
# `(b, H, n, d/H)`, so that one matrix product does all heads at once; and in the end `(b, n, d)` again.
#
# **A trap.** `reshape` and `view` read numbers in memory order and never complain as long as the *count* is right. After
# `(b, H, n, d/H)`, a plain `reshape(b, n, d)` has the right shape and mixes heads with positions: position 0 of the result
# then holds what belongs to positions 0, 1, 2, ... of head 0. Such a model still trains, after a fashion, and it
# lets the future leak into the past. Which two axes have to change places, and when?
#
# **Your task** (s004-1.02). Multi-head self-attention without a mask, without biases. If $d$ is not a multiple of $H$, raise a
# `ValueError`. (Do not call `nn.MultiheadAttention` or `F.multi_head_attention_forward` here; you may compare with them.)


# %% answer="s004-1.02"
def mha(X: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor, Wo: Tensor, H: int) -> Tensor:
    """Multi-head self-attention without a mask.

    X: (b, n, d); Wq, Wk, Wv, Wo: (d, d), applied as X @ W; H: number of heads, a divisor of d (1 and d are two).
    Returns (b, n, d). Raises ValueError when d is not a multiple of H.
    """
    ### BEGIN SOLUTION
    b, n, d = X.shape
    if d % H:
        raise ValueError(f"{d} columns cannot be shared evenly by {H} heads")
    Q, K, V = ((X @ W).view(b, n, H, d // H).transpose(1, 2) for W in (Wq, Wk, Wv))
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(d // H), dim=-1)
    return (weights @ V).transpose(1, 2).reshape(b, n, d) @ Wo
    ### END SOLUTION


# %% tests="s004-1.02"
def public_tests_heads():
    random = torch.Generator().manual_seed(1)
    b, n, d = 2, 5, 6
    X, *W = (torch.randn(shape, generator=random, dtype=torch.float64) for shape in [(b, n, d), *[(d, d)] * 4])
    out = mha(X, *W, 2)
    assert out.shape == X.shape, f"one vector per position comes out: expected {tuple(X.shape)}, got {tuple(out.shape)}"
    assert out.dtype == torch.float64, "float64 in, float64 out"
    # a single position can only attend to itself, so its weights are 1 and the values pass straight through
    alone = X[:, :1]
    assert torch.allclose(mha(alone, *W, 3), alone @ W[2] @ W[3]), "with one position, mha is X Wv Wo"
    # equal scores everywhere, here 0: every head takes the plain mean over positions
    zero = torch.zeros_like(W[0])
    even = mha(X, zero, W[1], W[2], W[3], 3)
    assert torch.allclose(even, (X.mean(1, keepdim=True) @ W[2] @ W[3]).expand_as(X)), (
        "without preferences each head averages the values over all positions; do heads and positions get mixed?"
    )
    try:
        mha(X, *W, 4)
    except ValueError:
        pass
    else:
        raise AssertionError("6 columns cannot be shared by 4 heads: raise ValueError")
    print("public tests of 1.1 passed")


public_tests_heads()

# %% [markdown]
# **In words** (s004-1.02, read by a person). Contrast multi-head with single-head attention of the same width $d$ in at most
# six sentences: what $H$ heads can do that one cannot, what becomes of their results, and what they cost in parameters and
# in multiplications compared with one head (give numbers for $d = 64$).

# %% [markdown] answer="s004-1.02-text" grade_id="text-s004-1_02"
# ### BEGIN SOLUTION
# One head computes one set of weights, so each position gets a single weighted average of the values. With $H$ heads there
# are $H$ sets of weights, each from its own $d/H$-dimensional projection of queries and keys, so a position can attend to
# different places for different reasons at once (say, to the subject for its number, and to the noun for its topic). The
# $H$ results of width $d/H$ are put side by side and mixed by $W_o$; without $W_o$ the heads would stay in separate columns.
#
# The cost does not depend on $H$: the four matrices have $4d^2 = 16{,}384$ weights for $d = 64$ ($4d^2 + 4d = 16{,}640$ with
# biases), and scores and sums take $2n^2d$ multiplications, since $H$ heads of width $d/H$ make $H \cdot n^2 \cdot d/H$ each.
# Only the softmax works on $H$ times as many scores. What is paid is the width: a head compares queries and keys in $d/H$
# dimensions, that is 16 for $d = 64$ and $H = 4$.
# ### END SOLUTION

# %% [markdown]
# ## 1.2 Heads that cannot see the future
#
# **Why.** A language model is trained on all positions of a window at once: position $i$ predicts word $i + 1$. If position
# $i$ can look at position $i + 1$, the answer lies in front of it. The loss becomes wonderful and the model worthless.
#
# **The idea.** Before the softmax, set the score of every forbidden pair to $-\infty$; then its weight is exactly 0 and the
# rest of the row still sums to 1. Position $i$ may attend to $j \le i$. It may see *itself*: it has been given word $i$, and
# predicts word $i + 1$.
#
# **Traps.** Setting weights to 0 *after* the softmax leaves rows that no longer sum to 1, and the forbidden scores have
# already had their say in the denominator. Adding $-10^4$ works until a score is large. Multiplying scores by a 0/1 matrix
# makes them 0, and $e^0 = 1$. And check the *direction*: rows are queries.
#
# **Your task** (s004-1.06). A module with four layers `Q`, `K`, `V`, `O`, each `nn.Linear(d, d)` with bias; heads as in 1.1.
# It takes windows of any length, and returns the output *and* the weights, which you will look at later.


# %% answer="s004-1.06-attention"
class CausalSelfAttention(nn.Module):
    """Multi-head self-attention in which position i attends to positions 0 ... i.

    Layers Q, K, V, O: nn.Linear(d, d) each. forward(x): (b, n, d) -> (out (b, n, d), weights (b, heads, n, n)).
    Raises ValueError when d is not a multiple of heads.
    """

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        if d % heads:
            raise ValueError(f"{d} columns cannot be shared evenly by {heads} heads")
        self.heads = heads
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))
        ### END SOLUTION

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        ### BEGIN SOLUTION
        b, n, d = x.shape
        q, k, v = (layer(x).view(b, n, self.heads, -1).transpose(1, 2) for layer in (self.Q, self.K, self.V))
        scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
        future = torch.ones(n, n, dtype=torch.bool, device=x.device).triu(1)
        weights = scores.masked_fill(future, -math.inf).softmax(dim=-1)
        return self.O((weights @ v).transpose(1, 2).reshape(b, n, d)), weights
        ### END SOLUTION


# %% tests="s004-1.06-attention"
def public_tests_causal():
    torch.manual_seed(2)
    layer = CausalSelfAttention(6, 3).double()
    assert {name for name, _ in layer.named_children()} >= {"Q", "K", "V", "O"}, "the layers are called Q, K, V and O"
    x = torch.randn(2, 5, 6, dtype=torch.float64)
    out, weights = layer(x)
    assert out.shape == (2, 5, 6), f"expected an output (2, 5, 6), got {tuple(out.shape)}"
    assert weights.shape == (2, 3, 5, 5), f"expected weights (batch, heads, n, n) = (2, 3, 5, 5), got {tuple(weights.shape)}"
    assert torch.allclose(weights.sum(-1), torch.ones(2, 3, 5, dtype=torch.float64)), "the weights of a query sum to 1"
    assert (weights[..., 0, 0] == 1).all(), "position 0 can attend to nothing but itself"
    even = CausalSelfAttention(6, 2)
    for parameter in even.Q.parameters():
        nn.init.zeros_(parameter)
    assert torch.allclose(even(torch.ones(1, 3, 6))[1][0, 1, 2], torch.full((3,), 1 / 3)), (
        "with queries of zeros all scores are 0, a score like any other: position 2 attends to 0, 1 and 2 alike"
    )
    changed = x.clone()
    changed[:, 3] += 100.0
    assert torch.allclose(layer(changed)[0][:, :3], out[:, :3]), "changing position 3 must not change positions 0, 1, 2"
    print("public tests of 1.2 passed")


public_tests_causal()
