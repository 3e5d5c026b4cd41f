"""Pictures of masks and of a comparison: what is drawn is what was given."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from seq2kit import pictures
from seq2kit.translation import mask_pictures

PNG = b"\x89PNG\r\n\x1a\n"
TOKENS = ["SOS", "o", "n", "EOP", "o", "n"]


def cells(picture: pictures.Picture, panel: int = 0) -> list[str]:
    """The colours of the filled cells of a panel, row by row."""
    axes = picture.figure.axes[panel]
    return [to_hex(p.get_facecolor()) for p in axes.patches if isinstance(p, Rectangle) and p.get_fill()]


def words(picture: pictures.Picture) -> list[str]:
    return [text.get_text() for text in picture.figure.axes[0].texts if text.get_text()]


def test_the_long_sequence_lags_one_step_behind() -> None:
    """The upper row begins with SOS and never shows the last token; the lower row is source, then target."""
    shown = words(mask_pictures.long_sequence(["o", "n", "EOP"], ["o", "n", "w", "EOS"]))
    assert shown[0:14:2] == ["SOS", "o", "n", "EOP", "o", "n", "w"]
    assert shown[1:14:2] == ["o", "n", "EOP", "o", "n", "w", "EOS"]
    assert {"input", "target"} <= set(shown)


def test_the_long_sequence_frames_what_the_loss_counts() -> None:
    """As many cells are framed as the target has tokens."""
    picture = mask_pictures.long_sequence(["o", "n", "EOP"], ["o", "n", "w", "EOS"])
    framed = [p for p in picture.figure.axes[0].patches if isinstance(p, Rectangle) and p.get_linewidth() == 2.0]
    assert len(framed) == 4
    assert picture.png().startswith(PNG)


@pytest.mark.parametrize(("source", "target"), [([], ["EOS"]), (["EOP"], [])])
def test_an_empty_half_is_no_sequence(source: list[str], target: list[str]) -> None:
    """Source and target have at least their end sign."""
    with pytest.raises(ValueError, match="end sign"):
        mask_pictures.long_sequence(source, target)


def test_masks_show_each_cell_and_tell_looking_ahead() -> None:
    """White is forbidden, blue looks back, green looks ahead."""
    causal = torch.ones(6, 6).tril().bool()
    prefix = causal.clone()
    prefix[:4, :4] = True
    picture = mask_pictures.masks_side_by_side({"causal": causal, "prefix": prefix}, TOKENS, query=1)
    left, right = cells(picture, 0), cells(picture, 1)
    assert len(left) == len(right) == 36
    assert left.count(pictures.BLUE) == 21
    assert left.count(pictures.GREEN) == 0
    assert right.count(pictures.GREEN) == 6
    assert "causal: 21 allowed, prefix: 27 allowed" in picture.caption


@pytest.mark.parametrize("shape", [(5, 6), (6, 5), (6,)])
def test_a_mask_that_does_not_fit_the_tokens_is_refused(shape: tuple[int, ...]) -> None:
    """The message says which mask, how large it should be, and how large it is."""
    with pytest.raises(ValueError, match="'mine' should be 6 x 6"):
        mask_pictures.masks_side_by_side({"mine": torch.ones(shape)}, TOKENS)


def test_a_view_fills_what_the_position_may_see() -> None:
    """One strip per mask; the cells of the row that looks are filled."""
    causal = np.tril(np.ones((6, 6), dtype=bool))
    picture = mask_pictures.what_it_sees(TOKENS, {"causal": causal, "all": np.ones((6, 6))}, query=2)
    filled = [colour != "#ffffff" for colour in cells(picture)]
    assert filled == [True, True, True, False, False, False] + [True] * 6


def test_a_view_from_nowhere_is_refused() -> None:
    """Positions count from 0 to n - 1."""
    with pytest.raises(ValueError, match="positions 0 to 5, not 6"):
        mask_pictures.what_it_sees(TOKENS, {}, query=6)


def test_a_comparison_has_a_dot_for_each_seed() -> None:
    """Two panels, loss and exact match; each kind has its runs and a bar at their mean."""
    old = {"loss": [1.0, 2.0, 6.0], "exact": [0.1, 0.2, 0.3]}
    results = {"old": old, "new": {"loss": torch.ones(3), "exact": (0, 0, 1)}}
    picture = mask_pictures.over_seeds(results)
    loss, exact = picture.figure.axes
    assert list(np.asarray(loss.lines[0].get_xdata())) == [1.0, 2.0, 6.0]
    assert list(np.asarray(loss.lines[1].get_xdata())) == [3.0, 3.0]
    assert len(exact.lines) == 4
    assert picture.png().startswith(PNG)


def test_attention_has_a_panel_per_layer() -> None:
    """Each layer's map is drawn over the same tokens."""
    weights = torch.softmax(torch.randn(3, 6, 6, generator=torch.Generator().manual_seed(0)), dim=-1)
    picture = mask_pictures.attention_maps(weights.requires_grad_(), TOKENS, source_length=4)
    assert len(picture.figure.axes) == 3
    assert np.allclose(np.asarray(picture.figure.axes[2].images[0].get_array()), weights[2].detach().numpy())


@pytest.mark.parametrize(
    ("weights", "said"), [(torch.ones(0, 6, 6), "no layer"), (torch.ones(2, 5, 5), "should be 6 x 6")]
)
def test_attention_that_does_not_fit_is_refused(weights: torch.Tensor, said: str) -> None:
    """No layers, or layers of another length, give a sentence and no picture."""
    with pytest.raises(ValueError, match=said):
        mask_pictures.attention_maps(weights, TOKENS)
