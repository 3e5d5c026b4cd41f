"""Entailment, neutrality and contradiction."""

from __future__ import annotations

from itertools import pairwise

import pytest
from seq2kit.llm import LocalModel, ModelNli, numbers_nli, word_nli
from seq2kit.llm.nli import CONTRADICT, ENTAIL, NEUTRAL, pairs, right_of
from seq2kit.translation.piglatin import load_pairs


@pytest.mark.parametrize(
    ("premise", "hypothesis", "want"),
    [
        ("forty-two", "zweiundvierzig", ENTAIL),
        ("forty-two", "42", ENTAIL),
        ("Three hundred  forty-two.", "dreihundertzweiundvierzig", ENTAIL),
        ("forty-two", "vierundzwanzig", CONTRADICT),
        ("forty-two, seven", "sieben", ENTAIL),
        ("seven", "forty-two and seven", NEUTRAL),
        ("seven; forty-two", "42 und 8", CONTRADICT),
        ("seven", "a cat", NEUTRAL),
        ("seven cats", "seven", NEUTRAL),
        ("", "seven", NEUTRAL),
    ],
)
def test_numbers_are_decided_exactly(premise: str, hypothesis: str, want: tuple[float, float, float]) -> None:
    """Leaving out follows, adding is neutral, replacing contradicts; what is no number says nothing."""
    assert numbers_nli(premise, hypothesis) == want


def test_each_translation_of_the_course_entails_its_source_and_no_other() -> None:
    """All thousand pairs, both ways; and the next number contradicts."""
    pairs = load_pairs("numbers")
    words = [*pairs.train, *pairs.validation]
    assert len(words) == 1000
    assert all(numbers_nli(a, b) == numbers_nli(b, a) == ENTAIL for a, b in words)
    assert all(numbers_nli(a, b) == CONTRADICT for (a, _), (_, b) in pairwise(words))


def test_a_models_judgement_adds_up_to_one(small: LocalModel) -> None:
    """Three shares, the same each time; what they are worth is told in the class."""
    nli = ModelNli(small)
    first = nli("A cat sleeps.", "A cat is asleep.")
    assert sum(first) == pytest.approx(1)
    assert min(first) >= 0
    assert nli("A cat sleeps.", "A cat is asleep.") == first


def test_words_are_worth_what_is_told() -> None:
    """On the course's pairs the judge by words is right as often as its docstring says; nobody who always says the
    same is right more than 20 times of 60."""
    assert right_of(word_nli) == (35, 60)
    assert [right_of(lambda a, b, same=same: same) for same in (ENTAIL, NEUTRAL, CONTRADICT)] == [(20, 60)] * 3
    found = [word_nli(pair.premise, pair.hypothesis) for pair in pairs()]
    assert all(sum(shares) == pytest.approx(1) and min(shares) >= 0 for shares in found)
    seen = [shares.index(max(shares)) == 2 for shares in found]
    kinds = [pair.kind for pair in pairs()]
    assert sum(hit for hit, kind in zip(seen, kinds, strict=True) if kind == 2) == 12
    assert sum(hit for hit, kind in zip(seen, kinds, strict=True) if kind != 2) == 6


@pytest.mark.parametrize(
    ("premise", "hypothesis", "kind"),
    [
        ("Robots are useful.", "Robots are useless.", 2),
        ("Robots are useful.", "Robots are not useful.", 2),
        ("Robots are not useful.", "Robots are useless.", 0),
        ("School uniforms reduce bullying in schools.", "School uniforms reduce bullying.", 0),
        ("Cats are kind.", "Boats are slow.", 1),
        ("", "Cats are kind.", 1),
    ],
)
def test_sense_is_turned_by_a_negation_or_an_opposite(premise: str, hypothesis: str, kind: int) -> None:
    """One of them turns it round, both together do not; other topics stay open."""
    shares = word_nli(premise, hypothesis)
    assert shares.index(max(shares)) == kind
