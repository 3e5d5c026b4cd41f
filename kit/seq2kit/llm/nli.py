"""Does one text follow from another, contradict it, or neither? Natural language inference, in three ways.

Each gives (entail, neutral, contradict), which add up to 1, for (premise, hypothesis):

- `numbers_nli` decides it by rule for texts about numbers in words, English and German, as the course translates them.
- `word_nli` (a file of its own) goes by shared words, negations and opposites.
- `ModelNli` asks a language model, and reads its answer off the probabilities of three words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import torch

from seq2kit.llm.local import LocalModel
from seq2kit.translation.number_words import MOST, english, german

Judgement = tuple[float, float, float]
Nli = Callable[[str, str], Judgement]
ENTAIL, NEUTRAL, CONTRADICT = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def numbers_nli(premise: str, hypothesis: str) -> Judgement:
    """Exact, for lists of numbers: "forty-two, seven", "zweiundvierzig; sieben" or "42 and 7".

    The hypothesis follows where each of its numbers is among the premise's (so leaving out is allowed, and adding is
    not); it contradicts where another number stands in the place of one; where it only adds, it is neutral. So is every
    pair in which a text says no number, or something besides numbers."""
    said, claimed = _numbers(premise), _numbers(hypothesis)
    if not said or not claimed:
        return NEUTRAL
    unsaid = claimed - said
    if not unsaid:
        return ENTAIL
    return CONTRADICT if said - claimed else NEUTRAL


@cache
def _words() -> dict[str, int]:
    known = {say(number): number for number in range(MOST + 1) for say in (english, german)}
    return known | {str(number): number for number in range(MOST + 1)}


def _numbers(text: str) -> frozenset[int]:
    """The numbers of a list; empty where a part of it is none."""
    parts = [part.strip() for part in re.split(r"[,;.\n]|\band\b|\bund\b", text.lower()) if part.strip()]
    found = [_words().get(re.sub(r"\s+", " ", part)) for part in parts]
    return frozenset() if None in found else frozenset(number for number in found if number is not None)


class ModelNli:
    """A language model's opinion: the shares of its answers True, Neither and False to the question of Brown et al.,
    "Language Models are Few-Shot Learners" (2020), appendix G.

    It is worth what the model is worth. On the 60 pairs of data/nli.csv, 20 of each kind, SmolLM2-135M is right 18
    times, where guessing is right 20 times; asked in three other ways, with examples or by its chat template, 19 or 20
    times. Measure a judge before you believe it: `right_of`."""

    def __init__(self, model: LocalModel) -> None:
        self.model = model

    def __call__(self, premise: str, hypothesis: str) -> Judgement:
        """(entail, neutral, contradict)."""
        asked = self.model.encode(f"{premise}\nQuestion: {hypothesis} True, False, or Neither?\nAnswer:")
        scores = [self._score(asked, word) for word in (" True", " Neither", " False")]
        entail, neutral, contradict = torch.tensor(scores, dtype=torch.float64).softmax(0).tolist()
        return entail, neutral, contradict

    def _score(self, asked: list[int], answer: str) -> float:
        """The logarithm of the probability of an answer."""
        ids, score = list(asked), 0.0
        for token in self.model.encode(answer):
            score += float(self.model.logits(ids).double().log_softmax(0)[token])
            ids.append(token)
        return score


@dataclass(frozen=True)
class Pair:
    """Two sentences, and whether the second follows from the first (0), is left open (1), or contradicts it (2)."""

    premise: str
    hypothesis: str
    kind: int


@cache
def pairs() -> tuple[Pair, ...]:
    """The 60 English pairs of data/nli.csv, written for this course: 20 premises, a hypothesis of each kind to each."""
    with files("seq2kit").joinpath("data/nli.csv").open(encoding="utf-8") as lines:
        return tuple(
            Pair(row["premise"], row[column], kind)
            for row in csv.DictReader(lines)
            for kind, column in enumerate(("entailed", "open", "contradicted"))
        )


def right_of(nli: Nli, asked: Sequence[Pair] | None = None) -> tuple[int, int]:
    """(right, all): how often the largest share is that of the right kind, over `pairs()` or those that are asked."""
    chosen = pairs() if asked is None else tuple(asked)
    right = 0
    for pair in chosen:
        shares = nli(pair.premise, pair.hypothesis)
        right += shares.index(max(shares)) == pair.kind
    return right, len(chosen)
