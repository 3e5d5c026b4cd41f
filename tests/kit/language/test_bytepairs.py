"""A text cut into words, and n-grams of its tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from seq2kit.language import bytepairs


@given(st.text())
def test_words_are_the_text(text: str) -> None:
    """Nothing is lost and nothing is added, whatever the text."""
    words = bytepairs.words_of(text)
    assert "".join(words) == text
    assert all(words)
    assert sum(bytepairs.word_counts(text).values()) == len(words)


def test_spaces_belong_to_the_word_behind_them() -> None:
    """And the indentation of a line to the end of the one before."""
    assert bytepairs.words_of("if x:\n    go(x)") == ["if", " x", ":", "\n    ", "go", "(", "x", ")"]
    assert bytepairs.words_of("a  b\t\n\nc += 1") == ["a", " ", " b", "\t", "\n\n", "c", " +=", " 1"]
    assert bytepairs.word_counts("b a b") == {"b": 1, " a": 1, " b": 1}
