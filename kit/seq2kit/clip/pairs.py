"""Pictures of two shapes side by side, where the same words can say different things.

The two share neither colour nor shape, so two colours and two shapes can be put together in four ways: "a red square
left of a blue ring", in the other order, with the colours exchanged, or both. That makes 360 kinds. A model that only
collects the words of a caption cannot tell the four apart.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seq2kit.clip import drawing, shapes
from seq2kit.clip.drawing import COLOURS, SHAPES, Pixels

_UNSEEN_SEED, _UNSEEN_QUARTETS = 4, 9
# The pictures of the second game are draw_pairs(GAME_SEED); these of them are looked for. With the shipped model the
# plain caption misses each, and so does every plain sentence with left or right. Of the true sentences that only use
# other words, and of the captions that differ from such a sentence by one word, 5 to 38 in a hundred find it.
GAME_SEED = 2025
TARGETS = (35, 84, 119, 131, 196, 219, 276, 336)
# What a caption can pick when it is meant for a picture: see Pair.turned and Pair.rebound; "both" is both of them.
KINDS_OF_PICK = ("own", "order", "binding", "both", "other words")


@dataclass(frozen=True)
class Pair:
    """Two things side by side, each a word of COLOURS and one of SHAPES; they share neither."""

    left: tuple[str, str]
    right: tuple[str, str]

    @property
    def caption(self) -> str:
        """The plain caption, such as "a red square left of a blue ring"."""
        return f"{named(*self.left)} left of {named(*self.right)}"

    @property
    def words(self) -> tuple[str, str, str, str, str]:
        """The five words of the plain caption that say something."""
        return *self.left, "left", *self.right

    @property
    def turned(self) -> Pair:
        """The same two things in the other order: a blue ring left of a red square."""
        return Pair(self.right, self.left)

    @property
    def rebound(self) -> Pair:
        """The same colours and shapes in their places, bound otherwise: a blue square left of a red ring."""
        return Pair((self.right[0], self.left[1]), (self.left[0], self.right[1]))

    def render(self, seed: int | Sequence[int]) -> Pixels:
        """A picture of it, (32, 32, 3) uint8. The same seed gives the same picture."""
        return drawing.side_by_side(seed, (self.left, self.right))


@dataclass(frozen=True, eq=False)
class PairGallery:
    """`pictures` (n, 32, 32, 3) uint8, and the pair that each of them shows."""

    pictures: Pixels
    pairs: tuple[Pair, ...]

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def captions(self) -> list[str]:
        """The plain caption of each picture."""
        return [pair.caption for pair in self.pairs]


def named(*words: str) -> str:
    """Words with their article: a red ring, an orange ring, a ring."""
    return " ".join((("an" if words[0][0] in "aeiou" else "a"), *words))


def _all_quartets() -> tuple[tuple[Pair, Pair, Pair, Pair], ...]:
    found = []
    for one, other in itertools.combinations(COLOURS, 2):
        for shape, second in itertools.combinations(SHAPES, 2):
            pair = Pair((one, shape), (other, second))
            found.append((pair, pair.turned, pair.rebound, pair.rebound.turned))
    return tuple(found)


# Two colours and two shapes can be put together in four ways, and the four captions have the very same words.
QUARTETS = _all_quartets()
PAIRS = tuple(pair for quartet in QUARTETS for pair in quartet)


def _held_out() -> frozenset[Pair]:
    """Kinds of picture that no model saw while it was trained: whole quartets, whose words were seen elsewhere."""
    order = np.random.Generator(np.random.PCG64(_UNSEEN_SEED)).permutation(len(QUARTETS))
    return frozenset(pair for k in order[:_UNSEEN_QUARTETS] for pair in QUARTETS[int(k)])


UNSEEN_PAIRS = _held_out()


@functools.lru_cache(maxsize=4)
def draw_pairs(seed: int, pairs: tuple[Pair, ...] = PAIRS) -> PairGallery:
    """A fresh picture of each of `pairs`, in their order. The same seed gives the same pictures; a few are kept."""
    return PairGallery(np.stack([pair.render([seed, place]) for place, pair in enumerate(pairs)]), pairs)


def target_for(name: str) -> int:
    """The picture of draw_pairs(GAME_SEED) that the student of this name looks for. Case and spaces do not matter.

    Raises ValueError when there is no name.
    """
    return shapes.target_for(name, TARGETS, game=1)


CONTRASTS = ("another word", "order", "binding")


@functools.cache
def contrasts() -> dict[str, list[tuple[int, int]]]:
    """For each of CONTRASTS 180 times two places in PAIRS. The two captions differ by a colour ("another word"), or
    have the same words: in another order of the things ("order"), or with the colours exchanged ("binding")."""
    place = {pair: number for number, pair in enumerate(PAIRS)}
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in CONTRASTS}
    for number, quartet in enumerate(QUARTETS):
        first, turned, rebound, both = (place[pair] for pair in quartet)
        found["order"] += [(first, turned), (rebound, both)]
        found["binding"] += [(first, rebound), (turned, both)]
        for pair in quartet[::2]:
            others = [Pair((c, pair.left[1]), pair.right) for c in COLOURS if c not in (pair.left[0], pair.right[0])]
            two = [(place[pair], place[other]) for other in (*others[number % 4 :], *others[: number % 4])]
            found["another word"].append(next(both for both in two if both[::-1] not in found["another word"]))
    return found
