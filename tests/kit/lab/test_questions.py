"""Questions, translations and rules of the lab, and its pictures."""

from __future__ import annotations

import math

import pytest
from seq2kit import llm
from seq2kit.lab import debates, pictures, questions, translations
from seq2kit.llm.small_tasks import sums


def test_sums_are_drawn_from_what_the_small_model_has_not_seen() -> None:
    """Different prompts, the same for a seed, each with a right answer that its own text gives."""
    prompts = questions.sums(4, 60)
    assert prompts == questions.sums(4, 60)
    assert len(set(prompts)) == 60
    held = set(sums(held_out=True))
    for prompt in prompts:
        *shown, asked = prompt.split("\n")
        assert asked.removesuffix(" =") in held
        assert len(shown) == 2
        assert questions.is_right(prompt, f" {questions.answer(prompt)}\n")
        assert not questions.is_right(prompt, f" {questions.answer(prompt)}0")
        assert not questions.is_right(prompt, "")


@pytest.mark.parametrize("prompt", ["", "cat ->", "1 + 2 = 3", "1 + 2 =\n"])
def test_other_prompts_have_no_answer(prompt: str) -> None:
    """What does not end with a sum is refused."""
    with pytest.raises(ValueError, match="does not end with a sum"):
        questions.answer(prompt)


def test_divisions_are_such_as_the_checker_takes() -> None:
    """No common divisor, decimals that never end, quotients above 1."""
    for a, b in questions.divisions(3, 40):
        assert math.gcd(a, b) == 1
        assert a > b
        assert any(b % p == 0 for p in (3, 7, 13))


def test_translations_are_of_their_kinds() -> None:
    """By the exact rule: some follow both ways, some one way, wrong ones no way."""
    follows = {
        "the same": (1, 1),
        "other words": (1, 1),
        "left out": (1, 0),
        "added": (0, 1),
        "one wrong": (0, 0),
        "all wrong": (0, 0),
    }
    found = translations.pairs(8, 25)
    assert set(found) == set(translations.KINDS) == set(follows)
    for kind, pairs in found.items():
        for ref, hyp in pairs:
            assert (llm.numbers_nli(ref, hyp)[0], llm.numbers_nli(hyp, ref)[0]) == follows[kind], (kind, ref, hyp)
    ref = found["the same"][0][0]
    assert llm.numbers_nli(ref, translations.source(ref)) == (1.0, 0.0, 0.0)


def test_opposites_contradict_both_ways() -> None:
    """The rule for sentences of the small model is symmetric, and neutral where it does not know."""
    assert (
        debates.opposed("Dogs are kind.", "dogs are harmful")
        == debates.opposed("dogs are harmful", "Dogs are kind.")
        == (0, 0, 1)
    )
    assert debates.opposed("Dogs are kind.", "Dogs are kind.") == (1, 0, 0)
    for other in ("Cats are harmful.", "Dogs are slow.", "Dogs bark."):
        assert debates.opposed("Dogs are kind.", other) == (0, 1, 0)


def test_code_is_found_in_replies() -> None:
    """What stands in the first fence, whether it is closed or not; else all of it."""
    assert debates.code_in("Sure:\n```python\nx = 1\n```\nand\n```\ny\n```") == "x = 1\n"
    assert debates.code_in("```\nx = 1") == "x = 1"
    assert debates.code_in("x = 1") == "x = 1"


def test_the_ngram_knows_its_form_and_little_more() -> None:
    """It answers a sum with a number, the same for the same seed."""
    model = debates.ngram()
    texts = [
        model.generate("12 + 30 =", max_new_tokens=2, temperature=0.7, seed=seed, stop=("\n",)).text
        for seed in (1, 1, 2, 3, 4)
    ]
    assert texts[0] == texts[1]
    assert all(text.strip().isdigit() for text in texts)
    assert len(set(texts)) > 1


def test_pictures_say_what_they_show() -> None:
    """Captions have the numbers that the curves and marks have."""
    assert "small 0.50 (0.40 to 0.60)" in pictures.rates({"small": (0.5, 0.4, 0.6)}, y="right").caption
    assert "it rose in 2 and fell in 1" in pictures.before_after([(1, 2), (0, 3), (2, 1), (2, 2)], y="points").caption
    assert "a from 0.10 to 0.30" in pictures.lines([0, 1], {"a": [0.1, 0.3]}, x="T", y="H", mark=0.5).caption
    assert (
        "left out 0.50 and 0.25"
        in pictures.two_scores({"left out": [(0.4, 0.2), (0.6, 0.3)]}, x="overlap", y="score").caption
    )
