"""Verbal arithmetic: "four minus ten" is negative. All items by rule, with a split that never moves."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
SIGNS = ("plus", "minus")
LABELS = ("negative", "zero", "positive")
KEPT_BACK, FEW = 0.2, 0.25
ZERO_COPIES = 6


@dataclass(frozen=True)
class Item:
    """One sentence. `label` is an index into LABELS; `minus` tells the items that need more than one word."""

    text: str
    label: int
    minus: bool


@dataclass(frozen=True)
class Split:
    """train: 640 items; few: 160 of these; rest: the other 480; validation: 160 more. In the order of `items()`."""

    train: tuple[Item, ...]
    few: tuple[Item, ...]
    rest: tuple[Item, ...]
    validation: tuple[Item, ...]


def item(left: int, sign: str, right: int) -> Item:
    """The item of two numbers from 0 to 19. Raises ValueError for another number or sign."""
    if sign not in SIGNS or not (0 <= left < len(NUMBERS) and 0 <= right < len(NUMBERS)):
        raise ValueError(f"numbers go from 0 to {len(NUMBERS) - 1} and signs are {SIGNS}: {left} {sign} {right}")
    value = left - right if sign == "minus" else left + right
    return Item(f"{NUMBERS[left]} {sign} {NUMBERS[right]}", 1 + (value > 0) - (value < 0), sign == "minus")


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """All 800: 20 numbers x 2 signs x 20 numbers. 190 are negative, 21 zero, 589 positive (73.6 %)."""
    span = range(len(NUMBERS))
    return tuple(item(left, sign, right) for sign in SIGNS for left in span for right in span)


@lru_cache(maxsize=1)
def split() -> Split:
    """The one split of the course. Each class is divided alike, by a hash of the sentence alone: it is the same in
    every run and on every machine. Negative, zero, positive: 152, 17, 471 (train); 38, 4, 118 (few, validation).
    """
    validation = _share(items(), KEPT_BACK, "validation")
    train = tuple(one for one in items() if one not in validation)
    few = _share(train, FEW, "few")
    rest = tuple(one for one in train if one not in few)
    return Split(train, few, rest, validation)


def _share(of: Sequence[Item], share: float, purpose: str) -> tuple[Item, ...]:
    chosen: set[str] = set()
    for label in range(len(LABELS)):
        own = sorted((one.text for one in of if one.label == label), key=lambda text: _rank(text, purpose))
        chosen.update(own[: round(share * len(own))])
    return tuple(one for one in of if one.text in chosen)


def _rank(text: str, purpose: str) -> bytes:
    return hashlib.sha256(f"{purpose}: {text}".encode()).digest()


def resampled(of: Sequence[Item], copies: int = ZERO_COPIES) -> tuple[Item, ...]:
    """The items with every "zero" item in it `copies` times: 21 in 800 are too few to be learned from.

    For training only: repeated items in a validation set would count for more than they are.
    Raises ValueError for fewer than one copy.
    """
    if copies < 1:
        raise ValueError(f"each item is needed at least once, got {copies} copies")
    return tuple(one for one in of for _ in range(copies if one.label == 1 else 1))


def parts(of: Sequence[Item]) -> dict[str, int]:
    """How many different items of each part of the split there are among these: few, rest and validation."""
    own = {one.text for one in of}
    return {name: sum(one.text in own for one in getattr(split(), name)) for name in ("few", "rest", "validation")}


def balance(of: Sequence[Item]) -> dict[str, int]:
    """How many items there are of each class."""
    return {name: sum(one.label == label for one in of) for label, name in enumerate(LABELS)}
