"""Chance that nobody can guess and everybody with the key can repeat: a stream of HMAC-SHA256 (RFC 2104).

Python's own `random` promises the same numbers for a seed only within a version. A paper has to be the same for years.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_WORD = 8


class Draws:
    """Draws that follow from a secret and from what they are for. Two purposes have nothing to do with each other: who
    knows the draws of one student learns nothing about those of another."""

    def __init__(self, secret: bytes, *purpose: str) -> None:
        self._key = hmac.new(secret, json.dumps(["seq2grade exam", *purpose]).encode("ascii"), hashlib.sha256).digest()
        self._count = 0

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1, all equally likely. Raises ValueError for a bound below 1."""
        if bound < 1:
            raise ValueError("nothing to draw from")
        limit = 2 ** (8 * _WORD)
        while True:
            block = hmac.new(self._key, self._count.to_bytes(8, "big"), hashlib.sha256).digest()
            self._count += 1
            number = int.from_bytes(block[:_WORD], "big")
            if number < limit - limit % bound:  # else the small ones would come up more often
                return number % bound

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def pick(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[self.below(len(things))]

    def sample(self, things: Sequence[T], count: int) -> list[T]:
        """So many different ones, in a drawn order. Raises ValueError where there are fewer."""
        left = list(things)
        if count > len(left):
            raise ValueError(f"{count} of {len(left)}")
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """All of them in a drawn order."""
        return self.sample(things, len(things))
