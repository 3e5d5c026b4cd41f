"""Pictures of the notebook on CLIP: they show the numbers they are given, and say so in their captions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.patches import Rectangle
from seq2kit.clip import pairs, shapes
from seq2kit.clip import pictures as clip_pictures

PNG = b"\x89PNG\r\n\x1a\n"
WORLD = shapes.draw_gallery(30, 4)


def test_a_row_of_pictures_carries_its_labels() -> None:
    """Each picture stands above its own label; a ninth starts a new line."""
    picture = clip_pictures.row(WORLD.pictures[:9], WORLD.captions[:9])
    assert [axes.get_xlabel().replace("\n", " ") for axes in picture.figure.axes] == WORLD.captions[:9]
    assert picture.png().startswith(PNG)


def test_the_gallery_marks_target_and_pick_at_their_places() -> None:
    """A frame lies around the picked picture and one around the target, and both are shown enlarged."""
    picture = clip_pictures.gallery(WORLD, target=3, picked=27, caption="two nemos")
    grid, target, picked = picture.figure.axes
    corners = [patch.get_xy() for patch in grid.patches if isinstance(patch, Rectangle)]
    assert [(round(x / 33), round(y / 33)) for x, y in corners] == [(3, 0), (2, 1)]
    for axes, place in ((target, 3), (picked, 27)):
        assert np.array_equal(axes.images[0].get_array(), WORLD.pictures[place])
    mosaic = np.asarray(grid.images[0].get_array())
    assert np.array_equal(mosaic[33:65, 66:98], WORLD.pictures[27])
    assert "picks picture 27" in picture.caption
    assert picture.png().startswith(PNG)


def test_a_hit_is_called_one() -> None:
    """When the picked picture is the target, the caption says so."""
    assert "picks picture 3, the target." in clip_pictures.gallery(WORLD, 3, 3, "one nemo").caption


@pytest.mark.parametrize("place", [-1, 30])
def test_a_picture_outside_the_gallery_is_refused(place: int) -> None:
    """A number that is no picture is an IndexError that says which numbers there are."""
    with pytest.raises(IndexError, match="0 to 29"):
        clip_pictures.gallery(WORLD, picked=place)


def test_similarities_are_written_into_their_cells() -> None:
    """Every number stands in its cell, and the best caption of each picture is framed."""
    matrix = torch.tensor([[0.91, -0.2, 0.1], [0.05, 0.3, 0.87]])
    picture = clip_pictures.similarity(matrix, WORLD.pictures[:2], ["a", "b", "c"])
    heat = picture.figure.axes[-1]
    assert [text.get_text() for text in heat.texts] == ["0.91", "-0.20", "0.10", "0.05", "0.30", "0.87"]
    frames = [patch for patch in heat.patches if isinstance(patch, Rectangle)]
    assert [(round(f.get_x() + 0.46), round(f.get_y() + 0.44)) for f in frames] == [(0, 0), (2, 1)]
    assert picture.caption.endswith("a, c.")
    assert picture.png().startswith(PNG)


def test_a_table_the_wrong_way_round_is_refused() -> None:
    """One line per caption instead of one per picture is a ValueError that names both shapes."""
    with pytest.raises(ValueError, match=r"expected the shape \(2, 3\), got \(3, 2\)"):
        clip_pictures.similarity(torch.zeros(3, 2), WORLD.pictures[:2], ["a", "b", "c"])


def test_bars_show_the_likeliest_classes_first() -> None:
    """The bars are the largest probabilities in order, with their captions."""
    shares = torch.tensor([0.1, 0.6, 0.05, 0.25])
    picture = clip_pictures.class_bars(WORLD.pictures[0], ["a", "b", "c", "d"], shares, most=3)
    bars = picture.figure.axes[1]
    assert [round(bar.get_width(), 2) for bar in bars.patches] == [0.6, 0.25, 0.1]
    assert [label.get_text() for label in bars.get_yticklabels()] == ["b", "d", "a"]
    assert "b (0.600)" in picture.caption
    with pytest.raises(ValueError, match="one probability per caption, 2 in all, got 3"):
        clip_pictures.class_bars(WORLD.pictures[0], ["a", "b"], [0.1, 0.2, 0.7])


def test_a_search_shows_each_try_and_how_close_it_came() -> None:
    """A hit says that it found the picture, a miss at which rank the target was; no tries are refused."""
    log = [
        {"caption": "two nemos", "picked": 4, "prob": 0.3, "rank": 7},
        {"caption": "two nemo", "picked": 2, "prob": 0.5, "rank": 1},
    ]
    picture = clip_pictures.search(log, 2, WORLD)
    told = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    assert told == ["“two nemos”", "0.30   target at rank 7", "“two nemo”", "0.50   found it"]
    assert "1 of them picked it" in picture.caption
    assert picture.png().startswith(PNG)
    long = clip_pictures.search([log[1]] + [log[0]] * 24, 2, WORLD)  # the hit is too long ago to be drawn, but counts
    assert len([text for axes in long.figure.axes for text in axes.texts]) == 40
    assert long.caption == "25 captions tried for picture 2; 1 of them picked it. The last 20 are shown."
    with pytest.raises(ValueError, match="the log is empty"):
        clip_pictures.search([], 2, WORLD)


def test_a_search_without_probabilities_names_the_kinds() -> None:
    """Where a record has no probability, the kind of what was picked stands in its place."""
    world = pairs.draw_pairs(1, pairs.PAIRS[:5])
    log = [
        {"caption": "a thing", "picked": 1, "rank": 3, "kind": "order"},
        {"caption": "b", "picked": 0, "rank": 1, "kind": "own"},
    ]
    picture = clip_pictures.search(log, 0, world)
    told = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    assert told == ["“a thing”", "order   target at rank 3", "“b”", "own   found it"]


def test_target_and_pick_stand_side_by_side() -> None:
    """Both are shown with their plain captions, the words say how they differ; what is no picture is refused."""
    world = pairs.draw_pairs(1, pairs.PAIRS[:5])
    picture = clip_pictures.aim(world, 2, 1, "a thing", "both")
    for axes, place in zip(picture.figure.axes, (2, 1), strict=True):
        assert np.array_equal(axes.images[0].get_array(), world.pictures[place])
        assert axes.get_xlabel().replace("\n", " ") == world.captions[place]
    assert f"The target is picture 2, {world.captions[2]}." in picture.caption
    assert f"“a thing” picks picture 1, {world.captions[1]} (both)." in picture.caption
    assert "picks picture 2, the target." in clip_pictures.aim(world, 2, 2, "a thing").caption
    assert picture.png().startswith(PNG)
    with pytest.raises(IndexError, match="0 to 4"):
        clip_pictures.aim(world, 2, 5, "a thing")


def test_shares_are_drawn_in_the_order_given() -> None:
    """One bar per entry, from the top down, with its number and a mark for comparison."""
    picture = clip_pictures.shares({"one": 0.25, "two": 0.5}, "share", mark=0.1)
    axes = picture.figure.axes[0]
    assert [bar.get_width() for bar in axes.patches] == [0.25, 0.5]
    assert axes.yaxis_inverted()
    assert list(axes.lines[0].get_xdata()) == [0.1, 0.1]
    assert picture.caption == "share: one 0.25, two 0.50."


def test_stacked_bars_show_a_part_and_the_rest() -> None:
    """Both pieces of each bar are as long as their numbers, and a part that is larger than its whole is refused."""
    picture = clip_pictures.stacked({"a": 0.5, "b": 0.25}, {"a": 0.5, "b": 0.1}, "flips", ("other", "same"))
    axes = picture.figure.axes[0]
    assert [round(bar.get_width(), 3) for bar in axes.patches] == [0.5, 0.1, 0.0, 0.15]
    assert [round(bar.get_x(), 3) for bar in axes.patches[2:]] == [0.5, 0.1]
    assert picture.caption == "flips, other and same: a 0.50 and 0.00, b 0.10 and 0.15."
    assert picture.png().startswith(PNG)
    with pytest.raises(ValueError, match="larger than the whole for b"):
        clip_pictures.stacked({"a": 0.5, "b": 0.25}, {"a": 0.5, "b": 0.3}, "flips", ("other", "same"))


def test_scores_stand_beside_what_guessing_gives() -> None:
    """A bar for each score of each entry, in groups, and a dash for each at the height of guessing."""
    table = {"order": {"text": 0.5, "image": 0.4}, "binding": {"text": 0.9, "image": 0.8}}
    picture = clip_pictures.scores(table, {"text": 0.25, "image": 0.2})
    axes = picture.figure.axes[0]
    assert [bar.get_height() for bar in axes.patches] == [0.5, 0.9, 0.4, 0.8]
    dashes = [line.get_segments()[0][0][1] for line in axes.collections]
    assert dashes == [0.25, 0.2]
    assert "order text 0.50, image 0.40; binding text 0.90, image 0.80" in picture.caption
    assert picture.png().startswith(PNG)


def test_long_labels_take_three_lines() -> None:
    """The caption of a pair stands below its picture in three lines of whole words."""
    caption = pairs.PAIRS[0].caption
    label = clip_pictures.row(WORLD.pictures[:1], [caption]).figure.axes[0].get_xlabel()
    assert label.count("\n") == 2
    assert label.replace("\n", " ") == caption
