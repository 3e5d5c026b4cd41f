"""A table of translations: each word stands in its row, and a wrong one is seen without colour."""

from __future__ import annotations

import pytest
from matplotlib.patches import Rectangle
from seq2kit.pictures import Picture
from seq2kit.translation.table_pictures import translations_side_by_side, wrong_letters

WORDS, TRUTHS = ["pig", "string"], ["igpay", "ingstray"]
GUESSES = {"one": ["igpay", "ingtray"], "two": ["igbay", "ingstray"]}


def drawn() -> Picture:
    """The table of two words by two translators."""
    return translations_side_by_side(WORDS, TRUTHS, GUESSES, rule_after=1)


def texts(picture: Picture) -> list[str]:
    """What is written in the table."""
    return [text.get_text() for text in picture.figure.axes[0].texts]


@pytest.mark.parametrize(("guess", "truth", "wrong"), [
    ("igbay", "igpay", "00100"), ("igpay", "igpay", "00000"), ("ingtray", "ingstray", "0000000"),
    ("igpayy", "igpay", "000001"), ("", "igpay", ""), ("xx", "igpay", "11"),
])  # fmt: skip
def test_wrong_letters_are_those_that_do_not_belong(guess: str, truth: str, wrong: str) -> None:
    """A letter is wrong where another one, or none, stands in the translation; missing letters mark no other."""
    assert wrong_letters(guess, truth) == [mark == "1" for mark in wrong]


def test_right_words_have_a_tick_and_wrong_ones_a_cross_and_a_frame() -> None:
    """As many ticks, crosses and frames stand there as words are right and wrong."""
    picture = drawn()
    assert texts(picture).count("✓") == texts(picture).count("✗") == 2
    assert sum(isinstance(patch, Rectangle) for patch in picture.figure.axes[0].patches) == 2
    assert picture.png().startswith(b"\x89PNG")


def test_the_wrong_letter_is_bold_and_underlined_and_a_missing_one_has_dots() -> None:
    """The b of "igbay" is drawn bold; "ingtray", which lacks a letter, ends in dots."""
    axes = drawn().figure.axes[0]
    assert {text.get_text() for text in axes.texts if text.get_weight() == "bold"} >= {"b", "…"}
    assert "i" not in {text.get_text() for text in axes.texts if text.get_weight() == "bold"}
    assert len(axes.lines) == 3  # below the heads, below the first row, and below the b


def test_the_caption_names_every_wrong_word() -> None:
    """Who does not see the table reads how many are right and what the wrong ones are."""
    caption = "2 words by 2 translators. one has 1 right, and string as ingtray. two has 1 right, and pig as igbay."
    assert drawn().caption == caption
    nothing = translations_side_by_side(["pig"], ["igpay"], {"one": [""]})
    assert "pig as nothing" in nothing.caption


@pytest.mark.parametrize(("words", "guesses"), [(WORDS, {"one": ["igpay"]}), ([], {})])
def test_a_table_that_does_not_fit_is_refused(words: list[str], guesses: dict[str, list[str]]) -> None:
    """Another number of translations than of words raises ValueError with both numbers."""
    with pytest.raises(ValueError, match="translations for"):
        translations_side_by_side(words, TRUTHS[: len(words)], guesses)
