# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Concepts: predict, then measure
#
# Thirteen short questions on sequence models, of the kind that one nods at and gets wrong. You answer each twice. First you predict, and say how sure you
# are. Then you build something small that shows the answer, run it, and answer for good. At the end you see
# in one picture how much you knew, and how well you knew that you knew it.
#
# **What you will be able to do**
#
# - score predictions so that honesty pays;
# - find out by experiment what a network's output depends on, whatever its name promises;
# - turn scores into the probability of a sentence, and into random sentences;
# - put sequences of different lengths into one batch, and read one answer out of many states;
# - say what a base model gives, and what a head adds;
# - tell where NaN comes from and stop it, and where bias comes in and measure it.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Predictions | two scores for them | about 15 minutes |
# | 2. Who hears whom? | five questions; what outputs depend on, and the probability of a sentence | about 35 minutes |
# | 3. Reading and writing | three questions; one answer from many states, random sentences, long inputs | about 25 minutes |
# | 4. Shapes | three questions; heads and batches | about 25 minutes |
# | 5. What goes wrong | two questions; gradients that explode, groups that are treated differently | about 25 minutes |
# | 6. What did you know? | your predictions in a picture | about 5 minutes |
#
# **How it is graded.** A choice counts by the letters in `answers`, all of them and no others: `{"a", "c"}`, `"ac"` and `["c", "a"]` are the same.
# Whatever you *predicted* costs nothing and earns nothing; the picture of part 6 is for you, and so it is only worth something
# if you do not touch the predictions afterwards. Below an exercise in code are *public tests*; run them as often as you like. After
# you hand in, *hidden checks* call your functions with other numbers, once all cells have run from top to bottom, so choose *Restart
# kernel and run all cells* before. One slip costs the property that it breaks, not the whole exercise.
#
# Functions leave their arguments as they were, keep nothing between calls, and keep float64 where they get it. All cells together take well under a minute.

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
from seq2kit.concepts import bias, blowup, pictures as concept_pictures, reach, scores, stacks, tables, tasks, wiring
from seq2kit.pictures import when_ready

answers = {}  # "s000-2.01" -> letters: what you found out; this counts
predicted = {}  # "s000-2.01" -> (letters, how sure): what you thought before


def has_letters(question, offered):
    """There is an answer to this question, of letters that it offers; which of them are right nobody knows here."""
    found = answers.get(question)
    assert found and isinstance(found, (str, set, list, tuple)), f'give letters: answers["{question}"] = {{...}}'
    assert scores.letters(found) and scores.letters(found) <= set(offered), f"letters that are offered: {', '.join(offered)}"

# %% [markdown]
# ## Before you begin
#
# **Your statement** (s003-1, read by a person). Predictions and answers here are only worth something if they are yours. Copy this sentence
# and put your name below it: *"I did this work myself, and I name everybody and everything that helped me."* Name the help, if there was any.

# %% [markdown] answer="s003-1"
# ### BEGIN SOLUTION
# I did this work myself, and I name everybody and everything that helped me.
#
# The course team. Help: the documentation of torch.
# ### END SOLUTION

# %% [markdown]
# # Part 1: Predictions
#
# ## 1.1 A score that rewards honesty
#
# **Why.** You say "80 % sure" and are right. Was 80 % good? Said of one event, nobody knows. A *score* turns many such statements into one
# number, and it is *proper* if, on average, nobody can do better than to report what he believes. Language models are trained
# with one: cross-entropy.
#
# **The idea.** Let $p$ be the confidence that you report, and $y = 1$ if you were right, else 0. The *Brier score* is $(p - y)^2$. The *log score* is minus
# the logarithm of the probability that you gave to *what happened*: $-\ln p$ if you were right, $-\ln(1 - p)$ if not. With the natural logarithm its unit
# is the *nat*. Lower is better for both, and the score of several predictions is their mean.
#
# **By hand.** $p = 0.8$, right: Brier 0.04, log score 0.22 nats. Wrong: 0.64, and 1.61 nats.
#
# **A trap.** A confidence of exactly 1 (or 0) that turns out right scores 0 under both. On the way there, $0 \cdot \ln 0$ is NaN. (Being sure and
# *wrong* costs infinitely many nats; nobody asks for that here.)
#
# **Your task** (a proper score).

# %% answer="proper-score"
def brier(p: np.ndarray, hit: np.ndarray) -> float:
    """Mean Brier score of n predictions. p: (n,) confidences from 0 to 1, float64; hit: (n,) booleans."""
    ### BEGIN SOLUTION
    return float(np.mean((p - hit) ** 2))
    ### END SOLUTION


def log_score(p: np.ndarray, hit: np.ndarray) -> float:
    """Mean log score of n predictions in nats; arguments as those of brier. A p of exactly 0 or 1 only where it came true."""
    ### BEGIN SOLUTION
    return float(np.mean(-np.log(np.where(hit, p, 1 - p))))
    ### END SOLUTION

# %% tests="proper-score"
def public_tests_scores():
    p, hit = np.array([0.8, 0.8, 0.3]), np.array([True, False, False])
    assert np.isclose(brier(p, hit), (0.04 + 0.64 + 0.09) / 3), "Brier: the mean of the squares, hits and misses alike"
    assert np.isclose(brier(np.array([0.5]), np.array([True])), 0.25), "Brier: one prediction"
    by_hand = (math.log(1 / 0.8) + math.log(1 / 0.2) + math.log(1 / 0.7)) / 3
    assert np.isclose(log_score(p, hit), by_hand), "log score: the probability of what happened, which for a miss is 1 - p"
    assert np.isclose(log_score(np.array([0.5]), np.array([True])), math.log(2)), "log score: one prediction, in nats"
    sure = log_score(np.array([1.0, 0.0]), np.array([True, False]))
    assert sure == sure and abs(sure) < 1e-9, "log score: sure and right is 0, not NaN"
    assert log_score(np.array([1e-9]), np.array([True])) > 20, "log score: nearly sure and wrong is dear"
    assert log_score(np.array([1e-30]), np.array([True])) > 69, "log score: dearer still, the surer; nothing is cut off"


public_tests_scores()

# %% [markdown]
# **See it.** An event has a chance of 0.7. Which confidence should one report? Beside your two scores stands the plain distance $|p - y|$. Where is each
# lowest? What does the distance teach a forecaster to do?

# %% figure="honest"
def honest(chance=0.7):
    reports = np.linspace(0.01, 0.99, 99)
    both = np.array([True, False])

    def mean(score, p):
        return sum(share * score(np.array([p]), both[k : k + 1]) for k, share in enumerate((chance, 1 - chance)))

    kinds = {"Brier score": brier, "log score (nats)": log_score, "distance": lambda p, hit: float(np.abs(p - hit).mean())}
    return concept_pictures.expected({name: [mean(score, p) for p in reports] for name, score in kinds.items()}, reports, chance)


when_ready("brier", honest)
