"""Pictures of depth show what they are given and say it in words."""

from __future__ import annotations

import numpy as np
import torch
from seq2kit.depth import pictures
from seq2kit.pictures import Picture


def shown(picture: Picture) -> bool:
    return picture.png()[:4] == b"\x89PNG"


def test_loss_curves_tell_where_they_begin_and_end() -> None:
    """The line is the mean of the runs, the dotted line the loss of equal probabilities."""
    picture = pictures.loss_curves({"bad": np.array([[9.0, 5.0], [11.0, 7.0]])}, 2.5)
    line = picture.figure.axes[0].lines[0]
    assert shown(picture)
    assert np.allclose(line.get_ydata(), [10, 6])
    assert "bad from 10.0 to 6.0" in picture.caption


def test_speed_bump_has_a_line_for_each_input() -> None:
    """Two inputs are two lines of one colour."""
    picture = pictures.speed_bump(np.array([1.0, 2.0]), {"scaling": np.array([[1.0, 3.0], [0.5, 1.5]])})
    assert shown(picture)
    assert sum(len(line.get_xdata()) == 2 for line in picture.figure.axes[0].lines) == 2


def test_gradients_stand_beside_their_bound() -> None:
    """The bound is dashed, and the caption tells both at the bottom."""
    picture = pictures.gradients_by_depth({"pre": np.array([[2.0, 1.0], [4.0, 1.0]])}, [3.0, 1.0])
    assert shown(picture)
    assert "pre 3 at the bottom; the bound is 3 there" in picture.caption
    assert any(line.get_linestyle() == "--" for line in picture.figure.axes[0].lines)


def test_collapse_draws_states_at_four_depths() -> None:
    """A curve for each label, and four panels of states; exact zeros have a place, too."""
    states = [torch.ones(3, 2) * (depth + 1) for depth in range(6)]
    runs = {"alone": np.array([[1.0, 0, 0, 0, 0, 0]]), "with skips": np.ones((2, 6))}
    picture = pictures.collapse(runs, [states, states])
    assert shown(picture)
    assert len(picture.figure.axes) == 1 + 2 * 4
    assert [axes.get_title() for axes in picture.figure.axes[1:5]] == ["layer 0", "layer 1", "layer 3", "layer 5"]


def test_heads_have_a_bar_and_a_spread_each() -> None:
    """A bar for each head, and the head that matters most is named."""
    ranked = np.array([[0.1, 0.5, 0.0], [0.2, 0.7, 0.0]])
    picture = pictures.heads(ranked, {"in order": np.array([[1.0, 1.1, 2.0, 3.0]])}, 0.9)
    assert shown(picture)
    assert len(picture.figure.axes[0].patches) == 3
    assert "head 1 the most" in picture.caption
