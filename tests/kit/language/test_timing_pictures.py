"""The picture of costs says where the crossover lies."""

from __future__ import annotations

import pytest
from seq2kit.language import timing_pictures as draw


def test_the_crossing_lies_where_the_ratio_is_one() -> None:
    """Between two points along a straight line of logarithms; nowhere if it is not reached."""
    assert draw.crossing([(10, 0.1), (1000, 10.0)]) == pytest.approx(100)
    assert draw.crossing([(10, 0.1), (100, 1.0)]) == pytest.approx(100)
    assert draw.crossing([(10, 0.1), (100, 0.9)]) is None
    assert draw.crossing([(10, 2.0), (100, 3.0)]) is None


def test_both_pictures_show_what_they_are_given() -> None:
    """Microseconds on the left, measured and counted ratios on the right, crossovers in words."""
    ratios = {"d = 32": ([(64, 0.5), (256, 2.0)], [(64, 0.25), (256, 1.0)])}
    picture = draw.cost_of_tokens({1: [(32, 1e-6), (64, 3e-6)]}, ratios, "Costs")
    left, right = picture.figure.axes
    assert list(left.lines[0].get_ydata()) == pytest.approx([1.0, 3.0])
    assert list(right.lines[0].get_ydata()) == [0.5, 2.0]
    assert "d = 32: measured at 128 words, by count at 256 words" in picture.caption
    assert picture.png().startswith(b"\x89PNG")
    for batches, given in (({}, ratios), ({1: []}, ratios), ({1: [(32, 1e-6)]}, {})):
        with pytest.raises(ValueError, match="both pictures"):
            draw.cost_of_tokens(batches, given)
