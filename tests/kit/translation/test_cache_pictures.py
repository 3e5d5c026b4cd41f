"""The picture of a KV cache: what is drawn is what was counted and measured."""

from __future__ import annotations

import pytest
from seq2kit.translation.cache_pictures import saved_by_a_cache

SCORES = {"without": [256.0, 1024.0], "with": [16.0, 32.0]}
SECONDS = {"without": [0.001, 0.004], "with": [0.001, 0.0015]}


def test_both_panels_show_the_numbers_that_were_given() -> None:
    """Scores stand on the left, milliseconds on the right, a curve per label against the lengths."""
    picture = saved_by_a_cache([16, 32], SCORES, SECONDS)
    left, right = picture.figure.axes
    assert [list(line.get_ydata()) for line in left.lines] == list(SCORES.values())
    assert [list(line.get_ydata()) for line in right.lines] == [[1.0, 4.0], [1.0, 1.5]]
    assert all(list(line.get_xdata()) == [16, 32] for line in [*left.lines, *right.lines])
    assert picture.png().startswith(b"\x89PNG")


def test_curves_are_told_apart_without_colour() -> None:
    """The two curves have other marks and other lines, and each is labelled where it ends."""
    for axes in saved_by_a_cache([16, 32], SCORES, SECONDS).figure.axes:
        assert (
            len({line.get_marker() for line in axes.lines}) == len({line.get_linestyle() for line in axes.lines}) == 2
        )
        assert [text.get_text() for text in axes.texts] == ["without", "with"]


def test_the_caption_says_what_a_cache_saves() -> None:
    """Who does not see the picture reads the numbers at the greatest length."""
    caption = saved_by_a_cache([16, 32], SCORES, SECONDS).caption
    assert "At 32 tokens without: 1,024 scores, 4 ms; with: 32 scores, 1.5 ms." in caption


@pytest.mark.parametrize(("scores", "told"), [
    ({"without": [1.0], "with": [1.0, 2.0]}, "2 lengths, but 1 numbers"),
    ({"other": [1.0, 2.0]}, "the same one or two labels"),
])  # fmt: skip
def test_rows_that_do_not_fit_are_refused(scores: dict[str, list[float]], told: str) -> None:
    """A row of another length, or a label without a partner, raises ValueError that names it."""
    with pytest.raises(ValueError, match=told):
        saved_by_a_cache([16, 32], scores, SECONDS)
