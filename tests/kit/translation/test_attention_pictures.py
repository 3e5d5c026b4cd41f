"""Pictures about attention show the numbers they are given, and refuse what they cannot show."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from seq2kit.pictures import RED
from seq2kit.translation import attention_pictures as draw

PNG = b"\x89PNG\r\n\x1a\n"
LENGTHS = [2, 4, 16]
COSTS = {"a": [2.0, 4.0, 16.0], "b": [4.0, 16.0, 256.0]}


def test_cost_curves_are_logarithmic_and_as_given() -> None:
    """Both axes are logarithmic, each cost is a line through its numbers, each slope sits between two lengths."""
    picture = draw.cost_curves(LENGTHS, COSTS, {"b": [2.0, 2.0]}, title="growth")
    left, right = picture.figure.axes
    assert (left.get_xscale(), left.get_yscale(), right.get_xscale()) == ("log", "log", "log")
    assert [list(line.get_ydata()) for line in left.lines] == list(COSTS.values())
    np.testing.assert_allclose(right.lines[0].get_xdata(), [np.sqrt(8), 8])
    assert right.lines[0].get_color() == left.lines[1].get_color()
    assert picture.png().startswith(PNG)


def test_one_slope_stands_for_the_whole_range() -> None:
    """A single slope becomes a level line; a tensor with one entry counts as one slope."""
    picture = draw.cost_curves(LENGTHS, COSTS, {"a": torch.tensor([1.0])})
    assert list(picture.figure.axes[1].lines[0].get_ydata()) == [1.0, 1.0]


def test_costs_of_zero_leave_a_gap() -> None:
    """Zero has no logarithm: the point is left out and the picture still appears."""
    picture = draw.cost_curves(LENGTHS, {"none": [0.0, 0.0, 5.0]}, {})
    shown = np.asarray(picture.figure.axes[0].lines[0].get_ydata(), dtype=float)
    assert list(np.isnan(shown)) == [True, True, False]


@pytest.mark.parametrize(
    ("costs", "slopes"), [({"a": [1.0, 2.0]}, {}), (COSTS, {"a": [1.0, 2.0, 3.0]}), ({"a": [[1.0, 2.0, 3.0]]}, {})]
)
def test_rows_of_another_length_are_refused(costs: dict[str, list[float]], slopes: dict[str, list[float]]) -> None:
    """A cost per length and a slope per pair of neighbours: anything else is an error that names the row."""
    with pytest.raises(ValueError, match="a"):
        draw.cost_curves(LENGTHS, costs, slopes)


def test_weights_are_written_into_their_cells_and_the_column_is_framed() -> None:
    """Each weight is readable, panels share one scale, and the framed column is the one asked for."""
    before = torch.tensor([[0.25, 0.75], [1.0, 0.0], [0.5, 0.5]])
    picture = draw.weights_side_by_side({"before": before, "after": before.flip(1)}, position=1)
    first, second = picture.figure.axes
    assert [text.get_text() for text in first.texts] == [".25", ".75", "1.00", "0", ".50", ".50"]
    assert first.images[0].get_clim() == second.images[0].get_clim() == (0.0, 1.0)
    frame = first.patches[0]
    assert frame.get_extents().width > 0
    assert (frame.get_x(), frame.get_width(), frame.get_height()) == (0.5, 1, 3)  # type: ignore[attr-defined]
    assert to_hex(frame.get_edgecolor()) == RED
    assert "Key 1" in picture.caption
    assert picture.png().startswith(PNG)


def test_weights_that_are_no_numbers_say_so() -> None:
    """A row of NaN is shown as nan, and a batch of matrices is refused."""
    picture = draw.weights_side_by_side({"broken": [[float("nan"), float("nan")], [0.4, 0.6]]})
    assert [text.get_text() for text in picture.figure.axes[0].texts] == ["nan", "nan", ".40", ".60"]
    with pytest.raises(ValueError, match="matrix"):
        draw.weights_side_by_side({"batch": torch.zeros(2, 3, 3)})


def test_sequences_stand_under_each_other() -> None:
    """One panel per sequence, in order, with a marker at each value."""
    rows = {"in": [0.0, 1.0, 0.0], "out": torch.tensor([3.0, 0.0, -2.0])}
    picture = draw.sequences(rows, title="an impulse", at=1)
    top, bottom = picture.figure.axes
    assert [axes.get_title(loc="left") for axes in (top, bottom)] == ["in", "out"]
    assert [list(line.get_ydata()) for line in bottom.lines if line.get_marker() == "o"] == [[3.0, 0.0, -2.0]]
    assert picture.png().startswith(PNG)


def test_long_sequences_keep_few_ticks() -> None:
    """A hundred positions do not get a hundred numbers below them."""
    picture = draw.sequences({"x": range(100)})
    assert len(picture.figure.axes[-1].get_xticks()) <= 24


def test_sharpening_draws_outputs_from_light_to_dark() -> None:
    """Input, target and every output appear; later outputs are darker."""
    picture = draw.sharpening([1.0, 2.0], [2.0, 2.0], {"soft": [1.5, 1.6], "sharp": [1.9, 2.0]}, title="max")
    axes = picture.figure.axes[0]
    assert [bar.get_height() for bar in axes.patches] == [1.0, 2.0]
    soft, sharp = (line for line in axes.lines if line.get_marker() == "o")
    assert list(soft.get_ydata()) == [1.5, 1.6]
    assert soft.get_alpha() < sharp.get_alpha() == 1.0
    assert picture.png().startswith(PNG)
