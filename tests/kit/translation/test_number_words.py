"""Numbers in words: the rules of both languages, and the pairs that translators learn from."""

from __future__ import annotations

import pytest
from seq2kit.translation.number_words import english, german, number_pairs
from seq2kit.translation.piglatin import load_pairs
from seq2kit.translation.seq2seq import MAX_LENGTH


@pytest.mark.parametrize(("number", "words", "word"), [
    (0, "zero", "null"), (1, "one", "eins"), (12, "twelve", "zwölf"), (16, "sixteen", "sechzehn"),
    (17, "seventeen", "siebzehn"), (20, "twenty", "zwanzig"), (21, "twenty-one", "einundzwanzig"),
    (30, "thirty", "dreißig"), (42, "forty-two", "zweiundvierzig"), (66, "sixty-six", "sechsundsechzig"),
    (77, "seventy-seven", "siebenundsiebzig"), (100, "one hundred", "einhundert"),
    (101, "one hundred one", "einhunderteins"), (211, "two hundred eleven", "zweihundertelf"),
    (342, "three hundred forty-two", "dreihundertzweiundvierzig"),
])  # fmt: skip
def test_numbers_are_said_as_in_either_language(number: int, words: str, word: str) -> None:
    """Units stand behind the tens in English and before them in German; "eins" loses its s in front of something."""
    assert (english(number), german(number)) == (words, word)


@pytest.mark.parametrize("number", [-1, 1000])
def test_other_numbers_are_refused(number: int) -> None:
    """What has no words here raises ValueError with the number, in both languages."""
    for words in (english, german):
        with pytest.raises(ValueError, match=str(number)):
            words(number)


def test_the_loader_gives_all_numbers_once() -> None:
    """The thousand numbers are there, each once and with its own word; a fifth, by a hash, is kept back."""
    pairs = load_pairs("numbers")
    assert pairs is number_pairs()
    assert sorted([*pairs.train, *pairs.validation]) == sorted((english(n), german(n)) for n in range(1000))
    assert len({word for _, word in [*pairs.train, *pairs.validation]}) == 1000
    assert 150 < len(pairs.validation) < 250


def test_numbers_fit_into_the_models() -> None:
    """Each side, with its end sign, has no more characters than the encoder-decoder has positions."""
    pairs = load_pairs("numbers")
    assert max(len(text) for pair in [*pairs.train, *pairs.validation] for text in pair) < MAX_LENGTH
