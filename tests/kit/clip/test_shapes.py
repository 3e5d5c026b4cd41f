"""The world of rendered shapes: captions, pictures, the gallery, and the rules of the caption game."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest
from seq2kit.clip import drawing, shapes
from seq2kit.clip.shapes import Scene


def test_there_are_144_kinds_of_picture_with_captions_of_their_own() -> None:
    """Count, size, colour and shape make 144 scenes, and no two share a caption."""
    assert len(shapes.SCENES) == 144 == len(set(shapes.CAPTIONS))
    assert Scene(2, "small", "red", "cross").caption == "two small red crosses"
    assert Scene(1, "large", "blue", "ring").caption == "one large blue ring"


def test_unseen_kinds_leave_every_word_in_use() -> None:
    """13 kinds are held out of training, and each of their words still occurs in many others."""
    assert len(shapes.UNSEEN) == 13
    words = Counter(word for scene in shapes.SCENES if scene not in shapes.UNSEEN for word in scene.words)
    assert min(words[word] for scene in shapes.UNSEEN for word in scene.words) >= 8


def test_the_same_seed_gives_the_same_picture() -> None:
    """A picture is a function of its scene and its seed; another seed moves and shades it differently."""
    scene = Scene(3, "large", "green", "triangle")
    one, again, other = (shapes.render(scene, seed) for seed in (5, 5, 6))
    assert one.shape == (32, 32, 3)
    assert one.dtype == np.uint8
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def _painted(picture: shapes.Pixels) -> np.ndarray:
    """Where a picture is clearly not grey."""
    wide = picture.astype(int)
    return np.asarray(wide.max(-1) - wide.min(-1) > 95)


def _parts(mask: np.ndarray) -> int:
    """Number of connected regions, by flooding."""
    left = {(int(r), int(c)) for r, c in np.argwhere(mask)}
    parts = 0
    while left:
        parts += 1
        edge = [left.pop()]
        while edge:
            r, c = edge.pop()
            near = {(r + a, c + b) for a in (-1, 0, 1) for b in (-1, 0, 1)} & left
            left -= near
            edge += near
    return parts


@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_a_picture_shows_as_many_shapes_as_its_caption_says(shape: str) -> None:
    """Shapes neither overlap nor leave the picture, so their number can be counted; large ones cover more."""
    for count in (1, 2, 3):
        for size in shapes.SIZES:
            for seed in range(6):
                picture = shapes.render(Scene(count, size, "blue", shape), [seed, count])
                assert _parts(_painted(picture)) == count, (size, seed)
    small, large = (_painted(shapes.render(Scene(2, size, "red", shape), 3)).sum() for size in shapes.SIZES)
    assert large > 1.5 * small


def test_colours_are_what_they_are_called() -> None:
    """The mean painted pixel of each colour is nearest to that colour's own shade."""
    known = np.array([drawing.RGB[name] for name in shapes.COLOURS])
    for place, colour in enumerate(shapes.COLOURS):
        picture = shapes.render(Scene(3, "large", colour, "square"), 11)
        mean = picture[_painted(picture)].mean(0)
        assert int(((known - mean) ** 2).sum(1).argmin()) == place


def test_the_gallery_is_fixed_and_balanced() -> None:
    """500 pictures, each kind three or four times, byte for byte the same wherever it is drawn."""
    world = shapes.gallery()
    assert len(world) == 500 == len(world.pictures)
    assert set(Counter(world.scenes).values()) == {3, 4}
    # The shipped model's targets were chosen in this very gallery.
    assert hashlib.sha256(world.pictures.tobytes()).hexdigest()[:16] == "a299e670733d3291"


def test_fresh_pictures_come_from_the_scenes_that_are_asked_for() -> None:
    """draw_gallery shows only the given scenes, about equally often, and another seed gives other pictures."""
    some = shapes.SCENES[:5]
    one, other = (shapes.draw_gallery(12, seed, some) for seed in (1, 2))
    assert set(one.scenes) == set(some)
    assert max(Counter(one.scenes).values()) - min(Counter(one.scenes).values()) <= 1
    assert not np.array_equal(one.pictures, other.pictures)
    assert one.captions == [scene.caption for scene in one.scenes]


def test_a_name_decides_the_target() -> None:
    """Case and spaces do not matter, all targets are in use, and an empty name is refused."""
    assert shapes.target_for("Ada Lovelace") == shapes.target_for(" ada  LOVELACE ")
    assert {shapes.target_for(f"student {k}") for k in range(60)} == set(shapes.TARGETS)
    with pytest.raises(ValueError, match="write your name first"):
        shapes.target_for("  ")


@pytest.mark.parametrize(
    "caption", ["two small red rings", "RINGS! red, two -- small", "a photo of two very small red rings here"]
)
def test_the_plain_caption_is_taboo_in_every_disguise(caption: str) -> None:
    """Case, punctuation, order and words around the four words change nothing."""
    assert shapes.is_taboo(caption, Scene(2, "small", "red", "ring"))


@pytest.mark.parametrize("caption", ["two small red ring", "two tiny red rings", "small red rings", "goldfish", ""])
def test_a_caption_without_one_of_the_four_words_is_allowed(caption: str) -> None:
    """One word less, another word, or another number of the noun is enough."""
    assert not shapes.is_taboo(caption, Scene(2, "small", "red", "ring"))


def test_near_paraphrases_differ_from_the_plain_caption_by_one_change() -> None:
    """Every kind of change is there, none repeats the plain caption, and none is there twice."""
    scene = Scene(2, "small", "red", "cross")
    found = shapes.near_paraphrases(scene)
    assert tuple(found) == shapes.KINDS_OF_CHANGE
    every = [caption for group in found.values() for caption in group]
    assert len(every) == len(set(every))
    assert scene.caption not in every
    assert found["other number"] == ["two small red cross"]
    assert "two little red crosses" in found["rare synonym"]
    assert all(set(caption.split()) == set(scene.words) for caption in found["other order"])
    assert all(len(caption.split()) == 3 for caption in found["word left out"])
    assert all(caption.endswith(scene.caption) for caption in found["opening"])
