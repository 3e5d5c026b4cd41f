"""Pictures of optimisers show what they are given and say it in words; sliders stand where somebody can move them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from seq2kit.optimizers import explore, pictures, surfaces
from seq2kit.pictures import Picture


def shown(picture: Picture) -> bool:
    return picture.png()[:4] == b"\x89PNG"


def test_paths_are_told_with_their_ends() -> None:
    """Each path is a line, and the caption says at which loss it ends."""
    path = np.array([[-4.0, 1.3], [-2.0, 0.5], [1.0, 0.0]])
    picture = pictures.trajectories(surfaces.VALLEY, {"mine": path})
    assert shown(picture)
    assert "mine ends at loss 0.5" in picture.caption
    assert any(np.array_equal(line.get_xdata(), path[:, 0]) for line in picture.figure.axes[0].lines)


def test_memory_has_the_newest_gradient_at_age_zero() -> None:
    """The last weight stands at age 0, and the legend has the sum."""
    picture = pictures.memory({"average": [0.25, 0.5]})
    line = picture.figure.axes[0].lines[0]
    assert shown(picture)
    assert dict(zip(line.get_xdata(), line.get_ydata(), strict=True)) == {1: 0.25, 0: 0.5}
    assert line.get_label() == "average: sum 0.750"


def test_first_steps_are_measured_in_learning_rates() -> None:
    """The line is the median over the runs, divided by the rate."""
    picture = pictures.first_steps({"with": np.array([[0.1, 0.2], [0.3, 0.2], [0.2, 0.2]])}, rate=0.1)
    assert shown(picture)
    assert np.allclose(picture.figure.axes[0].lines[0].get_ydata(), [2.0, 2.0])


def test_shrinkage_has_a_dot_per_word_and_seed() -> None:
    """Shares are drawn in per cent, words that never came too."""
    counts = np.array([[0.0, 5.0, 40.0], [1.0, 7.0, 60.0]])
    picture = pictures.shrinkage(counts, {"decay": np.full((2, 3), 0.1)})
    assert shown(picture)
    dots = picture.figure.axes[0].lines[0]
    assert len(dots.get_xdata()) == 6
    assert np.allclose(dots.get_ydata(), 10.0)


def test_standings_have_one_group_per_family() -> None:
    """Each family has its place, and each optimiser its name in the legend once."""
    rows = {"valley": [-1.0, -2.0], "words": [-0.5, -1.5]}
    picture = pictures.standings({"baseline": rows, "yours": rows})
    axes = picture.figure.axes[0]
    assert shown(picture)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["valley", "words"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["baseline", "yours"]


def drawing(seen: list[dict[str, float]]) -> object:
    def draw(**values: float) -> Picture:
        seen.append(values)
        return Picture(Figure(), "drawn")

    return draw


def test_without_a_live_notebook_there_is_the_picture_alone() -> None:
    """Nobody can move a slider here: one picture, at the first values."""
    seen: list[dict[str, float]] = []
    assert not explore.live()
    found = explore.sliders(drawing(seen), {"lr": (0.0, 1.0, 0.1, 0.3)})  # type: ignore[arg-type]
    assert isinstance(found, Picture)
    assert seen == [{"lr": 0.3}]


def test_a_live_notebook_gets_a_slider_for_each_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole ranges have whole sliders, and each stands at its first value."""
    monkeypatch.setattr(explore, "live", lambda: True)
    seen: list[dict[str, float]] = []
    found = explore.sliders(drawing(seen), {"lr": (0.0, 1.0, 0.1, 0.3), "steps": (5, 50, 5, 20)})  # type: ignore[arg-type]
    values = {slider.description: slider.value for slider in found.children if hasattr(slider, "min")}
    assert values == {"lr": 0.3, "steps": 20}
    assert isinstance(values["steps"], int)
    assert seen[0] == {"lr": 0.3, "steps": 20}


def test_what_an_unwritten_answer_raises_is_raised_at_once() -> None:
    """So that the notebook can say which answer is missing."""

    def draw(**values: float) -> Picture:
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        explore.sliders(draw, {"lr": (0.0, 1.0, 0.1, 0.3)})
