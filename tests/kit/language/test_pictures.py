"""Pictures of language models show the numbers they are given, and refuse what they cannot show."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from seq2kit.language import pictures as draw
from seq2kit.language.toy_english import toy_english
from seq2kit.pictures import BLUE, GREEN, RED, Picture

PNG = b"\x89PNG\r\n\x1a\n"
LOG = [(0, 4.2, 4.25), (100, 2.0, 2.1), (200, 1.4, 1.5), (300, 1.3, 1.6)]
RIGHT = ["the", "boats", "that", "the", "whale", "follows", "carry", "the", "sailor", "."]
WRONG = ["the", "boats", "that", "the", "whale", "follows", "carries", "the", "sailor", "."]


def said(picture: Picture) -> list[str]:
    return [text.get_text() for text in picture.figure.axes[0].texts]


def levels(picture: Picture) -> list[float]:
    """The heights of the horizontal lines."""
    lines = picture.figure.axes[0].lines
    return [line.get_ydata()[0] for line in lines if len(line.get_ydata()) == 2 and len(set(line.get_ydata())) == 1]


def test_a_learning_curve_lies_over_its_floor() -> None:
    """Both curves as given, the floor and each baseline at its height and named, the best value marked."""
    picture = draw.learning_curves(LOG, floor=1.2, baselines={"bigram": 1.9, "unigram": 3.5})
    lines = picture.figure.axes[0].lines
    assert lines[0].get_ydata().tolist() == [4.2, 2.0, 1.4, 1.3]
    assert lines[1].get_ydata().tolist() == [4.25, 2.1, 1.5, 1.6]
    assert (lines[2].get_xdata()[0], lines[2].get_ydata()[0]) == (200, 1.5)
    assert sorted(levels(picture)) == [1.2, 1.9, 3.5]
    assert {"bigram 1.90", "unigram 3.50", "entropy 1.200"} <= set(said(picture))
    assert "0.300 above the floor" in picture.caption
    assert picture.png().startswith(PNG)


def test_perplexities_lie_over_the_exponential_of_the_floor() -> None:
    """A logarithmic axis; floor and baselines, given in nats, are drawn as perplexities."""
    log = [(step, math.exp(a), math.exp(b)) for step, a, b in LOG]
    picture = draw.learning_curves(torch.tensor(log).tolist(), floor=1.2, baselines={"bigram": 1.9}, perplexity=True)
    assert picture.figure.axes[0].get_yscale() == "log"
    assert sorted(levels(picture)) == pytest.approx([math.exp(1.2), math.exp(1.9)])


@pytest.mark.parametrize("log", [[(0, 1.0)] * 3, [(0, 1.0, 2.0)]])
def test_a_log_of_another_form_is_refused(log: list[tuple[float, ...]]) -> None:
    """Rows need three numbers, and one row is no curve."""
    with pytest.raises(ValueError, match="two or more rows"):
        draw.learning_curves(log, floor=1.0, baselines={})


def test_a_nan_in_the_log_is_not_the_best() -> None:
    """A validation value that is not a number is drawn as a gap."""
    picture = draw.learning_curves([(0, 2.0, 2.0), (1, 1.0, math.nan), (2, 1.5, 1.5)], floor=1.0, baselines={})
    assert "0.500 above" in picture.caption


@pytest.mark.parametrize("layers", [0, 2])
def test_attention_is_one_square_per_head(layers: int) -> None:
    """Weights of one layer or of several: one image each, as given, with the words beside them."""
    shape = (3, 4, 4) if not layers else (layers, 3, 4, 4)
    weights = torch.softmax(torch.randn(shape, generator=torch.Generator().manual_seed(0)), -1)
    picture = draw.attention_heads(weights, ["the", "boat", "carries", "."])
    axes = picture.figure.axes
    assert len(axes) == 3 * max(1, layers)
    flat = weights.reshape(-1, 4, 4)
    for place, square in zip(axes, flat, strict=True):
        assert np.allclose(place.images[0].get_array(), square.numpy())
    assert [label.get_text() for label in axes[0].get_yticklabels()] == ["the", "boat", "carries", "."]
    with pytest.raises(ValueError, match="3 tokens"):
        draw.attention_heads(weights, ["the", "boat", "."])


def test_sentences_end_with_full_stops() -> None:
    """Running words are cut after each full stop, and an unfinished rest is dropped."""
    assert draw.sentences_of(["a", "b", ".", "c", ".", "d"]) == [["a", "b", "."], ["c", "."]]
    assert draw.sentences_of(["d"]) == []


def test_sentences_are_marked_where_they_break() -> None:
    """A tick for a right sentence; a cross, and the first wrong word in red, for a wrong one; counts in the title."""
    picture = draw.marked_sentences([RIGHT, WRONG, RIGHT[:-1]], toy_english(), "three")
    texts = picture.figure.axes[0].texts
    red = [text.get_text() for text in texts if to_hex(text.get_color()) == RED]
    green = [text.get_text() for text in texts if to_hex(text.get_color()) == GREEN]
    assert red == ["✗", "carries", "✗", "(unfinished)"]
    assert green == ["✓"]
    assert "three: 1 of 3 sentences are grammatical" in said(picture)
    assert picture.png().startswith(PNG)
    with pytest.raises(ValueError, match="at least one"):
        draw.marked_sentences([], toy_english())


def test_long_sentences_take_several_lines() -> None:
    """No word runs out of the picture on the right."""
    long = ["the", "boat", *(["that", "the", "whale", "follows"] * 12), "carries", "the", "sailor", "."]
    picture = draw.marked_sentences([long], toy_english())
    words = [text for text in picture.figure.axes[0].texts if text.get_text() in long]
    assert len(words) == len(long)
    assert len({text.get_position()[1] for text in words}) > 1
    assert max(text.get_position()[0] for text in words) < picture.figure.axes[0].get_xlim()[1] - 4


def test_agreement_is_drawn_by_distance() -> None:
    """One curve per predictor over 0, 1, 2, ... clauses, the first one solid and blue; chance is a line at one half."""
    picture = draw.agreement_by_distance({"GPT": [1.0, 0.9, 0.8], "4 words": [1.0, 0.5, 0.5]}, "Agreement")
    axes = picture.figure.axes[0]
    curves = {line.get_label(): line for line in axes.lines}
    assert list(curves["GPT"].get_ydata()) == [1.0, 0.9, 0.8]
    assert list(curves["4 words"].get_xdata()) == [0, 1, 2]
    assert to_hex(curves["GPT"].get_color()) == BLUE != to_hex(curves["4 words"].get_color())
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["GPT", "4 words"]
    assert axes.lines[0].get_ydata()[0] == 0.5
    assert "GPT 1.00, 0.90, 0.80; 4 words 1.00, 0.50, 0.50" in picture.caption
    assert picture.png().startswith(PNG)
    for shares in ({}, {"GPT": []}, {"GPT": [1.0], "4 words": [1.0, 0.5]}):
        with pytest.raises(ValueError, match="as many for each"):
            draw.agreement_by_distance(shares)


def test_surprises_stand_side_by_side() -> None:
    """Two bars per word, of the heights given."""
    picture = draw.surprises(["a", "b"], [1.0, 2.0], [0.5, 1.5])
    assert [bar.get_height() for bar in picture.figure.axes[0].patches] == [0.5, 1.5, 1.0, 2.0]
    with pytest.raises(ValueError, match="2 values"):
        draw.surprises(["a", "b"], [1.0], [0.5, 1.5])


def test_without_a_model_there_is_one_bar_per_word() -> None:
    """The least possible surprise alone, and the description says so."""
    picture = draw.surprises(["a", "b"], None, [0.5, 1.5])
    axes = picture.figure.axes[0]
    assert [bar.get_height() for bar in axes.patches] == [0.5, 1.5]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["best possible"]


def test_the_end_of_a_run_is_enlarged_over_both_floors() -> None:
    """With a floor for windows, the second half of the run stands in a picture of its own, with both floors."""
    log = [(step, 4.0 - step / 40, 4.1 - step / 40) for step in range(0, 101, 10)]
    picture = draw.learning_curves(log, floor=1.2, window_floor=1.3, baselines={})
    (small,) = picture.figure.axes[0].child_axes
    assert [line.get_xdata()[0] for line in small.lines[:2]] == [50, 50]
    assert [line.get_ydata()[0] for line in small.lines[2:]] == [1.2, 1.3]
    assert not draw.learning_curves(log, floor=1.2, baselines={}).figure.axes[0].child_axes
