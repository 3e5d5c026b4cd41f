"""Does a verb agree with its subject, however far away that stands? Asked by minimal pairs of toy English.

Two beginnings of a sentence that differ in one word, the subject: "the boat that the whales follow" wants a singular
verb, "the boats that the whales follow" a plural one. Whoever does not see the subject cannot tell them apart, expects
the same of both, and is right for one of the two: chance is one half, to the last pair. (Agreement as a test of
language models: Linzen, Dupoux & Goldberg 2016; by minimal pairs: Marvin & Linzen 2018.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from seq2kit.language.toy_english import ADJECTIVES, NOUNS, TOPICS, VERBS, toy_english
from seq2kit.numeric import as_float64

_ADJECTIVE = 0.3  # how often an adjective stands before the subject
_CLAUSE = 4  # words of a relative clause: that the N V
_FEWEST = 4  # words of a text without any: what went before, "the", an adjective, the subject


def minimal_pairs(clauses: int, count: int, *, length: int = 64, seed: int = 0) -> Tensor:
    """(count, 2, length) int64: texts that end where a verb comes next; first its subject is singular, then plural.

    Between subject and verb stand `clauses` relative clauses. Before the sentence stands running text, cut anywhere.
    The same seed gives the same pairs. Raises ValueError when the sentence does not fit into `length` words.
    """
    if clauses < 0 or count < 1:
        raise ValueError(f"expected 0 or more clauses and 1 or more pairs, got {clauses} and {count}")
    if length < _CLAUSE * clauses + _FEWEST:
        raise ValueError(f"a sentence with {clauses} relative clauses does not fit into {length} words")
    english = toy_english()
    random = np.random.Generator(np.random.PCG64(seed))
    running = english.sample(20 * length + 400, seed)
    ends = 1 + np.flatnonzero(running == english.numbers["."])  # of sentences
    ends = ends[ends >= length]
    texts = []
    for _ in range(count):
        end = int(ends[random.integers(len(ends))])
        for words in _beginnings(clauses, random):
            ids = [english.numbers[word] for word in words]
            texts.append(np.concatenate([running[end - length + len(ids) : end], ids]))
    return torch.from_numpy(np.stack(texts)).reshape(count, 2, length)


def _beginnings(clauses: int, random: np.random.Generator) -> tuple[list[str], list[str]]:
    """A sentence up to its verb, with a singular and with a plural subject; all else is the same in both."""

    def one_of(choices: Any) -> Any:
        return choices[int(random.integers(len(choices)))]

    topic = one_of(TOPICS)
    first = ["the", one_of(ADJECTIVES[topic])] if random.random() < _ADJECTIVE else ["the"]
    subject, between = one_of(NOUNS[topic]), []
    for _ in range(clauses):
        number = int(random.integers(2))
        between += ["that", "the", one_of(NOUNS[topic])[number], one_of(VERBS[topic])[number]]
    return [*first, subject[0], *between], [*first, subject[1], *between]


def accuracy(expected: Any) -> float:
    """The share of texts at whose end the verbs of the right number, all together, are more likely than the others.

    expected: (count, 2, V) distributions of the next word, for the texts of `minimal_pairs`. Raises ValueError for
    another shape."""
    chances = as_float64(expected).numpy()
    english = toy_english()
    if chances.ndim != 3 or chances.shape[1:] != (2, english.size):
        raise ValueError(f"expected distributions (count, 2, {english.size}), got shape {chances.shape}")
    forms = np.array([[english.numbers[verb[number]] for row in VERBS.values() for verb in row] for number in (0, 1)])
    singular, plural = chances[..., forms[0]].sum(-1), chances[..., forms[1]].sum(-1)
    right = np.stack([singular[:, 0] > plural[:, 0], plural[:, 1] > singular[:, 1]])
    return float(right.mean())


def of_model(model: Any, clauses: int, count: int, *, length: int = 64, seed: int = 0) -> float:
    """`accuracy` of a model that maps ids (b, n) to logits (b, n, V), on `minimal_pairs`."""
    pairs = minimal_pairs(clauses, count, length=length, seed=seed)
    with torch.no_grad():
        logits = model(pairs.flatten(0, 1))[:, -1]
    return accuracy(torch.softmax(logits.double(), -1).unflatten(0, (count, 2)))


def of_last_words(words: int, clauses: int, count: int, *, length: int = 64, seed: int = 0) -> float:
    """`accuracy` of the best predictor that sees only the last `words` words, on `minimal_pairs`."""
    pairs = minimal_pairs(clauses, count, length=length, seed=seed)
    return accuracy(toy_english().next_token(pairs[..., length - words :].numpy()))
