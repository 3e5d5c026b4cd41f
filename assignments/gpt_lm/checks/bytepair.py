"""Byte-pair encoding as the notebook's rules have it, and what comes out where one of them is read in another way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from seq2kit.language.bytepairs import words_of

Pair = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Rules:
    """How merges are learned. tie: which of the equally frequent pairs; overlaps: whether aaa holds two pairs, or one;
    twins: whether `a a` is a pair at all; leftmost: whether merging goes from left to right; weighted: whether words
    count as often as they come; again: whether pairs are counted anew after a merge; joined: whether words run on into
    each other; read: how a word is read before it becomes bytes."""

    tie: str = "smallest"
    overlaps: bool = True
    twins: bool = True
    leftmost: bool = True
    weighted: bool = True
    again: bool = True
    joined: bool = False
    read: str = "as it is"


RULES = Rules()
TIES = tuple(replace(RULES, tie=tie) for tie in ("largest", "first", "last", "smaller second"))
MERGED_TIES = tuple(replace(RULES, tie=tie) for tie in ("as text", "spelled"))
OVERLAPS = replace(RULES, overlaps=False), replace(RULES, twins=False), replace(RULES, leftmost=False)
READINGS = tuple(replace(RULES, read=read) for read in ("small letters", "without spaces", "characters"))
WEIGHTS = (replace(RULES, weighted=False),)
ONCE = (replace(RULES, again=False),)
JOINED = (replace(RULES, joined=True),)
_ORDERS: dict[str, Callable[[Pair, int, Sequence[bytes]], Any]] = {
    "smallest": lambda pair, place, names: pair,
    "largest": lambda pair, place, names: (-pair[0], -pair[1]),
    "first": lambda pair, place, names: place,
    "last": lambda pair, place, names: -place,
    "smaller second": lambda pair, place, names: pair[::-1],
    "as text": lambda pair, place, names: str(pair),
    "spelled": lambda pair, place, names: tuple(names[token] for token in pair),
}
_READINGS: dict[str, Callable[[str], Sequence[int]]] = {
    "as it is": lambda word: word.encode(),
    "small letters": lambda word: word.lower().encode(),
    "without spaces": lambda word: word.strip().encode(),
    "characters": lambda word: [ord(letter) for letter in word],
}


def learn(words: dict[str, int], merges: int, rules: Rules = RULES) -> list[Pair]:
    """The merges of these words under these rules."""
    read = _READINGS[rules.read]
    split = [(list(read(word)), count if rules.weighted else 1) for word, count in words.items()]
    if rules.joined:
        split = [([token for tokens, count in split for token in tokens * count], 1)]
    learned: list[Pair] = []
    counts = _counts(split, rules)
    while counts and len(learned) < merges:
        order, names = _ORDERS[rules.tie], spelled(learned) if rules.tie == "spelled" else ()
        ranked = {pair: (-count, order(pair, place, names)) for place, (pair, count) in enumerate(counts.items())}
        best = min(ranked, key=ranked.__getitem__)
        split = [(merged(tokens, best, 256 + len(learned), rules.leftmost), count) for tokens, count in split]
        learned.append(best)
        del counts[best]
        counts = _counts(split, rules) if rules.again else counts
    return learned


def _counts(split: list[tuple[list[int], int]], rules: Rules) -> dict[Pair, int]:
    counts: dict[Pair, int] = {}
    for tokens, count in split:
        last = (-1, (-1, -1))
        for place, pair in enumerate(pairwise(tokens)):
            if (rules.overlaps or last != (place - 1, pair)) and (rules.twins or pair[0] != pair[1]):
                counts[pair] = counts.get(pair, 0) + count
                last = (place, pair)
    return counts


def merged(tokens: Sequence[int], pair: Pair, new: int, leftmost: bool = True) -> list[int]:
    """The tokens with `new` for the pair, from left to right, or from right to left."""
    if not leftmost:
        return merged(tokens[::-1], (pair[1], pair[0]), new)[::-1]
    found: list[int] = []
    place = 0
    while place < len(tokens):
        here = tuple(tokens[place : place + 2]) == pair
        found.append(new if here else tokens[place])
        place += 2 if here else 1
    return found


def encode(text: str, merges: Sequence[Pair], *, words: bool = True) -> list[int]:
    """The tokens of a text; without `words`, as if it were a single one."""
    found: list[int] = []
    for word in words_of(text) if words else [text]:
        tokens = list(word.encode())
        for place, pair in enumerate(merges):
            tokens = merged(tokens, pair, 256 + place)
        found += tokens
    return found


def spelled(merges: Sequence[Pair]) -> list[bytes]:
    """The bytes of each token."""
    found = [bytes([byte]) for byte in range(256)]
    for a, b in merges:
        found.append(found[a] + found[b])
    return found


def longest_first(text: str, merges: Sequence[Pair]) -> list[int]:
    """The tokens of a text for who takes the longest one that fits, from the left."""
    names = {token: number for number, token in enumerate(spelled(merges))}
    found: list[int] = []
    for word in words_of(text):
        rest = word.encode()
        while rest:
            token = next(rest[:size] for size in range(len(rest), 0, -1) if rest[:size] in names)
            found.append(names[token])
            rest = rest[len(token) :]
    return found


def leftmost_first(text: str, merges: Sequence[Pair]) -> list[int]:
    """The tokens of a text for who merges the first pair that was ever learned, whichever it is."""
    names = {pair: 256 + place for place, pair in enumerate(merges)}
    found: list[int] = []
    for word in words_of(text):
        tokens = list(word.encode())
        places = [0]
        while places:
            places = [place for place, pair in enumerate(pairwise(tokens)) if pair in names]
            for place in places[:1]:
                tokens[place : place + 2] = [names[tokens[place], tokens[place + 1]]]
        found += tokens
    return found


def drawn(make: Callable[[], T], wanted: Callable[[T], bool], tries: int = 4000) -> T:
    """The first of `tries` inputs that is as wanted. Raises RuntimeError when none is."""
    for _ in range(tries):
        found = make()
        if wanted(found):
            return found
    raise RuntimeError("no input of the kind that is wanted")
