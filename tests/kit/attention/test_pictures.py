"""Pictures of attention show what they are given and say it in words."""

from __future__ import annotations

import numpy as np
from seq2kit.attention import pictures
from seq2kit.attention.heads import Ranks
from seq2kit.pictures import Picture


def shown(picture: Picture) -> bool:
    return picture.png()[:4] == b"\x89PNG"


def test_bytes_are_told_at_a_hundred_thousand() -> None:
    """The caption has each curve's size there, in GB."""
    picture = pictures.bytes_over_length({"scores": lambda n: 4 * n * n})
    assert shown(picture)
    assert "scores 40.0 GB" in picture.caption


def test_memory_has_points_and_lines() -> None:
    """What was measured are points, what was counted is a line."""
    picture = pictures.memory([10, 20], {"mine": [1e6, 4e6]}, {"counted": lambda n: n * n})
    points, line = picture.figure.axes[0].lines
    assert shown(picture)
    assert points.get_linestyle() == "None"
    assert line.get_linestyle() == ":"
    assert "mine 4.0 MB" in picture.caption


def test_ranks_have_a_dot_for_each_head() -> None:
    """Dots are medians of the texts, and the caption has each layer's range."""
    picture = pictures.ranks(Ranks([[[1, 3, 2], [9, 9, 9]], [[4, 4, 5], [1, 1, 1]]], 16, ours=True))
    assert shown(picture)
    assert list(picture.figure.axes[0].lines[0].get_ydata()) == [2.0, 9.0]
    assert "layer 0 1 to 9; layer 1 1 to 5" in picture.caption


def test_matrices_are_told_with_their_rank() -> None:
    """Each matrix has a panel of its own."""
    picture = pictures.matrices({"one": np.eye(3), "other": np.full((3, 3), 1 / 3)})
    assert shown(picture)
    assert "one has rank 3; other has rank 1" in picture.caption


def test_estimates_fall_with_the_features() -> None:
    """The caption has the median error at the chosen number of features and at the largest."""
    exact = np.ones((2, 2))
    tried = {4: [exact * 1.4, exact * 1.2, exact * 1.3], 8: [exact * 1.1]}
    picture = pictures.estimates(exact, tried, 4)
    assert shown(picture)
    assert "median 0.30 at 4 features, 0.10 at 8" in picture.caption


def test_nats_have_a_dot_for_each_draw() -> None:
    """And a line for the exact softmax."""
    picture = pictures.nats(1.25, {16: [2.0, 2.2], 64: [1.9, 1.7]})
    assert shown(picture)
    assert len(picture.figure.axes[0].lines[0].get_ydata()) == 2
    assert "16 features 2.10; 64 features 1.80; softmax 1.25" in picture.caption


def test_needed_tells_medians() -> None:
    """A bar for each head."""
    picture = pictures.needed({"layer 0, head 0": np.array([10.0, 1e6, 1e9])})
    assert shown(picture)
    assert "layer 0, head 0 1e+06" in picture.caption


def test_seconds_are_told_at_the_longest() -> None:
    """The caption has each curve's last point."""
    picture = pictures.seconds([1024, 4096], {"exact": [0.1, 1.6]})
    assert shown(picture)
    assert "at n = 4,096: exact 1.6 s" in picture.caption
