"""Pig Latin by rule, and the pairs (word, translation) that the translation notebooks train on."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

Pair = tuple[str, str]

# y counts as a consonant only where it begins the word; "qu" is one unit wherever it meets the cluster.
_CLUSTER = re.compile(r"y?(?:qu|[bcdfghjklmnpqrstvwxz])*")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SMALL = 0.0815  # the share of the dictionary that the small list holds; words.txt holds 0.4161
_VALIDATION = 0.2  # the share of the small list that is kept back


@dataclass(frozen=True)
class Pairs:
    """Words with their translations, in alphabetical order. No word is in both parts."""

    train: tuple[Pair, ...]
    validation: tuple[Pair, ...]


def pig_latin(word: str) -> str:
    """The Pig Latin of one lower-case word.

    1. A word that begins with a vowel gets "way": apple -> appleway.
    2. Otherwise all consonants before the first vowel go to the end, then "ay": string -> ingstray.
    3. The vowels are a, e, i, o, u, and y too unless it begins the word: style -> ylestay, yes -> esyay.
    4. "qu" stays together and moves as a consonant, alone or after others: queen -> eenquay, squad -> adsquay.
    5. A word without a vowel stays as it is and gets "ay": hmm -> hmmay.
    6. The parts of a word with hyphens are words of their own: well-off -> ellway-offway.

    Raises ValueError for anything but the letters a-z in one or more parts joined by single hyphens.
    """
    if not _WORD.fullmatch(word):
        raise ValueError(f"{word!r} is no lower-case word: letters a-z, with single hyphens between its parts")
    return "-".join(_part(part) for part in word.split("-"))


def _part(part: str) -> str:
    rest = _CLUSTER.sub("", part, count=1)  # matches at the front, if only nothing
    moved = part[: len(part) - len(rest)]
    return rest + moved + "ay" if moved else part + "way"


def share(word: str, purpose: str) -> float:
    """A number in [0, 1) that depends on the two texts alone: the same in each run and on each machine.

    Choosing the words below some share splits a list in a way that never moves a word when others are added.
    """
    digest = hashlib.sha256(f"{purpose} {word}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def load_pairs(which: Literal["small", "large", "numbers"] | Path) -> Pairs:
    """Pairs to learn from, and pairs that are kept back.

    "small", "large": English words with their Pig Latin, see `word_pairs`. "numbers": the numbers from 0 to 999 in
    English and German words, where units and tens change places. A Path: a file of your own with two columns, see
    `seq2kit.translation.text_pairs`. Raises ValueError for anything else, and for a file with bad lines.
    """
    from seq2kit.translation import number_words, text_pairs  # they split as `share` says, which is up here

    if isinstance(which, Path):
        return text_pairs.read_pairs(which)
    return number_words.number_pairs() if which == "numbers" else word_pairs(which)


@lru_cache(maxsize=2)
def word_pairs(size: Literal["small", "large"]) -> Pairs:
    """About 3,200 pairs ("small") or 16,000 ("large", which holds every pair of the small set).

    A fifth of the *small* words is for validation, in both sizes, so that losses on small and large are measured
    on the same words; all other words of the size are for training. Which word is where is decided by a hash of
    the word (`share`), never by an order or a seed. The words are English words of 3 to 12 letters from SCOWL,
    see data/NOTICE.txt. Raises ValueError for another size.
    """
    if size not in ("small", "large"):
        told = 'there are "numbers" and the Path of a file of pairs as well'
        raise ValueError(f'the size is "small" or "large", not {size!r}; {told}')
    words = files("seq2kit").joinpath("data/words.txt").read_text(encoding="ascii").split()
    small = {word for word in words if share(word, "choose") < _SMALL}
    held = {word for word in small if share(word, "validation") < _VALIDATION}
    chosen = [word for word in words if size == "large" or word in small]
    return Pairs(
        train=tuple((word, pig_latin(word)) for word in chosen if word not in held),
        validation=tuple((word, pig_latin(word)) for word in chosen if word in held),
    )
