"""Translations of lists of numbers, in kinds of which one knows whether they are right.

Whether one list follows from another can be decided (`seq2kit.llm.numbers_nli`), so a score of translations can be held
against the truth, which for ordinary sentences nobody has.
"""

from __future__ import annotations

import random

from seq2kit.translation.number_words import english, german

KINDS = {
    "the same": "word for word the reference",
    "other words": "the same numbers, written in digits and in another order",
    "left out": "one number less",
    "added": "one number more",
    "one wrong": "another number in the place of one, one letter or one syllable away",
    "all wrong": "other numbers",
}


def pairs(seed: int, count: int) -> dict[str, list[tuple[str, str]]]:
    """For each of KINDS so many (reference, translation): lists of three English numbers below a thousand, and what
    somebody made of them. The same seed gives the same pairs."""
    draw = random.Random(seed)
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for _ in range(count):
        numbers = draw.sample(range(100, 900), 3)
        others = draw.sample([n for n in range(100, 900) if n not in numbers], 3)
        place = draw.randrange(3)
        near = numbers[place] + draw.choice((100, 10, 1))
        near += near in numbers
        wrong = [*numbers[:place], near, *numbers[place + 1 :]]
        reference = _told(numbers)
        found["the same"].append((reference, reference))
        found["other words"].append((reference, ", ".join(map(str, numbers[::-1]))))
        found["left out"].append((reference, _told(numbers[:2])))
        found["added"].append((reference, _told([*numbers, others[0]])))
        found["one wrong"].append((reference, _told(wrong)))
        found["all wrong"].append((reference, _told(others)))
    return found


def source(reference: str) -> str:
    """The German list that an English one of `pairs` translates."""
    words = {english(number): number for number in range(1000)}
    return ", ".join(german(words[part]) for part in reference.split(", "))


def _told(numbers: list[int]) -> str:
    return ", ".join(map(english, numbers))
