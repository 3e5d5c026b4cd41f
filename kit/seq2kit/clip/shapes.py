"""Pictures of coloured shapes, drawn by rule: a small world in which every picture has a right caption.

A picture shows one to three equal shapes. Count (3) x size (2) x colour (6) x shape (4) makes 144 kinds of picture.
Where the shapes lie, how they are turned, their exact size and shade, and the noise are drawn from a seed, so two
pictures of one kind are never the same.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seq2kit.clip import drawing
from seq2kit.clip.drawing import COLOURS, SHAPES, SIDE, Pixels

__all__ = ["COLOURS", "SHAPES", "SIDE", "Pixels"]

COUNTS = ("one", "two", "three")
SIZES = ("small", "large")
# What else people say. The model has heard these words too, though less often than the plain ones.
SYNONYMS = {
    "one": ("single", "lone"),
    "two": ("pair", "couple"),
    "three": ("trio", "triple"),
    "small": ("tiny", "little"),
    "large": ("big", "huge"),
    "red": ("crimson", "scarlet"),
    "green": ("emerald", "lime"),
    "blue": ("navy", "azure"),
    "yellow": ("golden", "lemon"),
    "purple": ("violet", "plum"),
    "orange": ("amber", "tangerine"),
    "ring": ("hoop", "loop"),
    "rings": ("hoops", "loops"),
    "square": ("box", "tile"),
    "squares": ("boxes", "tiles"),
    "triangle": ("wedge", "pyramid"),
    "triangles": ("wedges", "pyramids"),
    "cross": ("plus", "x"),
    "crosses": ("pluses", "xes"),
}
FILLERS = ("a", "an", "the", "of", "in", "with", "is", "are", "there", "picture", "photo", "drawing", "some")

GALLERY_SIZE = 500
# Pictures of the gallery that students look for. With the shipped model the plain caption finds each of them, and most
# captions that differ from it by a word do not.
TARGETS = (31, 99, 129, 315, 318)
_GALLERY_SEED, _UNSEEN_SEED, _UNSEEN_NUMBER = 20, 4, 13


@dataclass(frozen=True)
class Scene:
    """What a picture shows, without where: `count` 1 to 3, and words from SIZES, COLOURS, SHAPES."""

    count: int
    size: str
    colour: str
    shape: str

    @property
    def caption(self) -> str:
        """The plain caption, such as "two small red rings"."""
        return " ".join(self.words)

    @property
    def words(self) -> tuple[str, str, str, str]:
        """The four words of the plain caption."""
        return COUNTS[self.count - 1], self.size, self.colour, plural(self.shape, self.count)


@dataclass(frozen=True, eq=False)
class Gallery:
    """`pictures` (n, 32, 32, 3) uint8, and the scene that each of them shows."""

    pictures: Pixels
    scenes: tuple[Scene, ...]

    def __len__(self) -> int:
        return len(self.scenes)

    @property
    def captions(self) -> list[str]:
        """The plain caption of each picture."""
        return [scene.caption for scene in self.scenes]


def plural(shape: str, count: int) -> str:
    """The noun for `count` shapes: ring, rings, crosses."""
    return shape if count == 1 else shape + ("es" if shape.endswith("s") else "s")


def _all_scenes() -> tuple[Scene, ...]:
    return tuple(
        Scene(n, size, colour, shape) for n in (1, 2, 3) for size in SIZES for colour in COLOURS for shape in SHAPES
    )


SCENES = _all_scenes()
CAPTIONS = tuple(scene.caption for scene in SCENES)


def _held_out() -> frozenset[Scene]:
    """Kinds of picture that no model saw while it was trained; every single word was seen in other company."""
    order = np.random.Generator(np.random.PCG64(_UNSEEN_SEED)).permutation(len(SCENES))
    return frozenset(SCENES[int(k)] for k in order[:_UNSEEN_NUMBER])


UNSEEN = _held_out()
# Every fifth kind: enough to count flips on, few enough to be quick.
PROBES = SCENES[::5]


def render(scene: Scene, seed: int | Sequence[int]) -> Pixels:
    """A picture of `scene`, (32, 32, 3) uint8. The same seed gives the same picture."""
    return drawing.equal_shapes(seed, scene.count, scene.size, scene.colour, scene.shape)


def draw_gallery(number: int, seed: int, scenes: Sequence[Scene] = SCENES) -> Gallery:
    """`number` fresh pictures, each of `scenes` as often as any other (give or take one), in drawn order."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rounds = -(-number // len(scenes))
    order = np.concatenate([draw.permutation(len(scenes)) for _ in range(rounds)])[:number]
    order = draw.permutation(order)
    shown = tuple(scenes[int(k)] for k in order)
    pictures = [render(scene, [seed, place]) for place, scene in enumerate(shown)]
    return Gallery(np.stack(pictures), shown)


@functools.cache
def gallery() -> Gallery:
    """The 500 pictures of the prompting game; each of the 144 kinds is there three or four times."""
    return draw_gallery(GALLERY_SIZE, _GALLERY_SEED)


def target_for(name: str, targets: Sequence[int] = TARGETS, game: int = 0) -> int:
    """The gallery picture that the student of this name looks for. Case and spaces do not matter. Another `game`, 0 to
    31, draws anew, so that who shares a target in one need not share it in the next.

    Raises ValueError when there is no name.
    """
    plain = "".join(name.split()).lower()
    if not plain:
        raise ValueError("write your name first: it decides which picture is yours")
    return targets[hashlib.sha256(plain.encode()).digest()[game] % len(targets)]


KINDS_OF_CHANGE = ("other number", "common synonym", "rare synonym", "other order", "opening", "word left out")


def near_paraphrases(scene: Scene) -> dict[str, list[str]]:
    """Kind of change -> captions that differ from the plain caption of `scene` by one such change."""
    words = scene.words
    count, size, colour, noun = words

    def swapped(choice: int) -> list[str]:
        return [_sentence(*words[:k], SYNONYMS[w][choice], *words[k + 1 :]) for k, w in enumerate(words)]

    other = plural(scene.shape, 2 if scene.count == 1 else 1)
    return {
        "other number": [_sentence(count, size, colour, other)],
        "common synonym": swapped(0),
        "rare synonym": swapped(1),
        "other order": [_sentence(size, colour, noun, count), _sentence(colour, size, count, noun)],
        "opening": [f"{opening} {scene.caption}" for opening in ("a picture of", "there are", "some")],
        "word left out": [_sentence(*words[:k], *words[k + 1 :]) for k in range(4)],
    }


def _sentence(*words: str) -> str:
    return " ".join(words)


def words_of(caption: str) -> list[str]:
    """The words of a caption in lower case, without punctuation."""
    return re.findall(r"[a-z0-9]+", caption.lower())


def is_taboo(caption: str, scene: Scene) -> bool:
    """Whether `caption` holds all four words of the scene's plain caption, in any order, case or company."""
    return set(scene.words) <= set(words_of(caption))
