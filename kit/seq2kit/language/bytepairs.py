"""What byte-pair encoding starts from: a text cut into words that no token crosses."""

from __future__ import annotations

import re
from collections import Counter

# a name with the space before it, signs with theirs, the end of a line with the indentation of the next, other spaces
_WORDS = re.compile(r" ?\w+|\n+ *| ?[^\w\s]+|\s")


def words_of(text: str) -> list[str]:
    """A text cut into words; joined again, they are the text, to the last character.

    A space belongs to the word behind it, and the indentation of a line to the end of the line before:
    "if x:\\n    go(x)" is "if", " x", ":", "\\n    ", "go", "(", "x", ")"."""
    return _WORDS.findall(text)


def word_counts(text: str) -> dict[str, int]:
    """word -> how often it comes in the text, the first one first."""
    return dict(Counter(words_of(text)))
