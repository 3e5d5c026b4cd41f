"""What the pictures of translators show is what they are given."""

from __future__ import annotations

import pytest
import torch
from seq2kit.training import Run
from seq2kit.translation import pictures
from torch import nn

PNG = b"\x89PNG\r\n\x1a\n"


def run(train: tuple[float, ...], validation: tuple[float, ...], updates: int) -> Run:
    return Run(nn.Linear(1, 1), train, validation, 0, updates, 1.0)


def test_curves_stand_at_the_updates_of_their_epochs() -> None:
    """Training and validation losses lie where each epoch ended, and a dot marks the lowest validation loss."""
    axes = pictures.loss_curves({"a": run((2.0, 1.0, 0.5), (2.5, 0.9, 1.1), 30)}).figure.axes[0]
    train, validation, best = axes.lines
    assert list(train.get_xdata()) == list(validation.get_xdata()) == [10, 20, 30]
    assert list(train.get_ydata()) == [2.0, 1.0, 0.5]
    assert list(validation.get_ydata()) == [2.5, 0.9, 1.1]
    assert (list(best.get_xdata()), list(best.get_ydata())) == ([20], [0.9])
    assert train.get_linewidth() < validation.get_linewidth()
    assert axes.get_yscale() == "log"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("updates", "loss per token (nats)")


def test_curves_are_named_and_baselines_dashed() -> None:
    """The legend names each run once and each baseline with its loss; baselines are level, dashed and different."""
    runs = {"small": run((1.0,), (1.5,), 7), "large": run((0.5, 0.4), (0.7, 0.0123), 8)}
    picture = pictures.loss_curves(runs, {"letters": 2.9, "pairs": 2.1})
    axes = picture.figure.axes[0]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["small", "large", "letters (2.90)", "pairs (2.10)"]
    level = axes.lines[-2:]
    assert [set(line.get_ydata()) for line in level] == [{2.9}, {2.1}]
    styles = [line.get_linestyle() for line in level]
    assert "-" not in styles
    assert styles[0] != styles[1]
    assert "small 1.5; large 0.0123" in picture.caption
    assert axes.lines[0].get_color() == axes.lines[1].get_color() != axes.lines[3].get_color()
    assert picture.png().startswith(PNG)


def test_curves_need_runs_that_can_be_told_apart() -> None:
    """No runs, or more than there are colours, raise ValueError."""
    for number in (0, 6):
        with pytest.raises(ValueError, match=f"1 to 5 runs, got {number}"):
            pictures.loss_curves({str(n): run((1.0,), (1.0,), 1) for n in range(number)})


def test_a_map_has_a_row_per_letter_written() -> None:
    """Cell (t, s) of the image is weight (s, t), the letters are on the axes, the largest of each row has a dot."""
    weights = torch.tensor([[0.1, 0.7], [0.3, 0.1], [0.6, 0.2]], requires_grad=True)
    picture = pictures.attention_map(weights, "abc", ["y", "EOS"], "layer 2")
    axes = picture.figure.axes[0]
    shown = axes.images[0].get_array()
    assert shown is not None
    assert torch.allclose(torch.tensor(shown.tolist()), weights.detach().T)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "c"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["y", "EOS"]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines] == [(2, 0), (0, 1)]
    assert axes.images[0].get_clim() == (0, 1)
    assert axes.get_title() == "layer 2"
    assert "from abc to y;" in picture.caption
    assert picture.png().startswith(PNG)


def test_a_map_of_other_sizes_is_refused() -> None:
    """Weights that lie the other way round raise ValueError with all four numbers."""
    with pytest.raises(ValueError, match=r"\(2, 3\), but there are 3 source and 2 target"):
        pictures.attention_map(torch.ones(2, 3), "abc", "xy")


def test_every_seed_is_a_point_and_the_bar_is_their_mean() -> None:
    """Each configuration has one point per seed, set apart, and a level bar at the mean of exactly those."""
    picture = pictures.spread({"h 32\nsmall": [0.2, 0.4, 0.9], "h 64": [0.25]}, "loss")
    axes = picture.figure.axes[0]
    bars, points = axes.lines[::2], axes.lines[1::2]
    assert [list(line.get_ydata()) for line in points] == [[0.2, 0.4, 0.9], [0.25]]
    assert [list(bar.get_ydata()) for bar in bars] == [pytest.approx([0.5, 0.5]), [0.25, 0.25]]
    assert len(set(points[0].get_xdata())) == 3
    assert all(abs(x) < 0.2 for x in points[0].get_xdata())
    assert list(points[1].get_xdata()) == [1]
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] > 0.9
    assert picture.caption == "loss of each seed, with the mean: h 32 small 0.5 (0.2 to 0.9); h 64 0.25."
    assert picture.png().startswith(PNG)


def test_losses_that_differ_by_factors_have_a_logarithmic_axis() -> None:
    """The axis is logarithmic on request, with plain numbers at its ticks; results of zero are drawn all the same."""
    axes = pictures.spread({"a": [0.1, 0.001]}, "loss", logarithmic=True).figure.axes[0]
    assert axes.get_yscale() == "log"
    assert axes.yaxis.get_major_formatter()(0.001, 0) == "0.001"
    assert pictures.spread({"never right": [0.0, 0.0]}, "share").png().startswith(PNG)


def test_a_spread_of_nothing_is_refused() -> None:
    """A configuration without results is named; so is having no configuration."""
    with pytest.raises(ValueError, match="no results for b"):
        pictures.spread({"a": [1.0], "b": []}, "loss")
    with pytest.raises(ValueError, match="no results for any configuration"):
        pictures.spread({}, "loss")


def test_the_table_marks_what_is_wrong() -> None:
    """Columns line up; a wrong translation has an x behind it, a right one has none."""
    table = pictures.translation_table(
        ["string", "eye"], ["ingstray", "eyeway"], {"h32": ["ingtray", "eyeway"], "h64": ["ingstray", "eyeway"]}
    )
    assert table.splitlines() == [
        "word    Pig Latin  h32        h64",
        "------  ---------  ---------  --------",
        "string  ingstray   ingtray x  ingstray",
        "eye     eyeway     eyeway     eyeway",
    ]


def test_a_table_of_other_lengths_is_refused() -> None:
    """A model with too few translations is named."""
    with pytest.raises(ValueError, match="h32 has 1 translations for 2 words"):
        pictures.translation_table(["a", "b"], ["away", "bay"], {"h32": ["away"]})
