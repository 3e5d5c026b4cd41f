"""Pictures of classifiers: counts, baselines, curves."""

from __future__ import annotations

import pytest
from seq2kit.bert import pictures as bert_pictures

BASELINE = {"accuracy": 0.74, "balanced": 1 / 3, "minus": 0.46, "recall": [0.0, 0.0, 1.0]}
GOOD = {"accuracy": 0.93, "balanced": 0.8, "minus": 0.86, "recall": [0.9, 0.5, 0.97]}


def test_counts_have_right_classes_as_rows() -> None:
    """Entry (i, j) counts the items of class i that were answered j."""
    table = bert_pictures.counts([0, 2, 2, 1], [0, 0, 2, 2])
    assert table.tolist() == [[1, 0, 1], [0, 0, 0], [0, 1, 1]]


@pytest.mark.parametrize(("predicted", "labels"), [([0, 1], [0]), ([3], [0]), ([0], [-1])])
def test_counts_refuse_what_is_no_answer(predicted: list[int], labels: list[int]) -> None:
    """Another number of answers than labels, or a class that there is not, raises ValueError."""
    with pytest.raises(ValueError, match=r"answers for|classes count"):
        bert_pictures.counts(predicted, labels)


def test_confusion_shows_the_counts_of_each_model() -> None:
    """One panel per model, with its counts written in, and a caption that names them."""
    picture = bert_pictures.confusion({"math": ([0, 2], [0, 0]), "tweet": ([2, 2], [0, 2])})
    panels = picture.figure.axes
    assert [axes.get_title() for axes in panels] == ["math", "tweet"]
    assert [text.get_text() for text in panels[0].texts] == ["1", "0", "1", "0", "0", "0", "0", "0", "0"]
    assert "math, tweet" in picture.caption
    assert picture.png().startswith(b"\x89PNG")


def test_recall_bars_stand_beside_their_baseline() -> None:
    """Each model has a bar per measure at its mean over seeds, and the baseline is drawn once per measure."""
    other = {**GOOD, "accuracy": 0.91}
    picture = bert_pictures.recall_bars({"math": [GOOD, other], "tweet": [BASELINE]}, BASELINE)
    axes = picture.figure.axes[0]
    bars = axes.containers
    assert [len(group.patches) for group in bars] == [6, 6]  # type: ignore[attr-defined]
    assert bars[0].patches[0].get_height() == pytest.approx(0.92)  # type: ignore[attr-defined]
    levels = [line.get_ydata() for line in axes.lines if line.get_color() == "black"]
    drawn = [next(iter(level)) for level in levels if len(list(level)) == 2]
    assert drawn == pytest.approx([0.74, 1 / 3, 0.46, 0.0, 0.0, 1.0])
    assert "math, tweet" in picture.caption


def test_curves_draw_each_seed_and_the_majority_line() -> None:
    """Both panels have one line per run; the right one shows where a constant answer stands."""
    runs = [[(1.0, 0.7), (0.5, 0.8)], [(1.1, 0.74), (0.4, 0.9)]]
    picture = bert_pictures.curves({"math": runs}, 0.74)
    left, right = picture.figure.axes
    assert len(left.lines) == 2
    assert len(right.lines) == 3
    assert list(right.lines[-1].get_ydata()) == [0.74, 0.74]
    assert list(left.lines[1].get_ydata()) == [1.1, 0.4]
