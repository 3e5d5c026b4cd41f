"""Pictures of tokens say in words what they show, and refuse what they cannot show."""

from __future__ import annotations

import pytest
from seq2kit.language import token_pictures as draw

PNG = b"\x89PNG\r\n\x1a\n"


def test_merges_are_boxes_of_one_text() -> None:
    """A box for each token, its count beside the row, spaces as signs."""
    picture = draw.merge_steps([("0 merges", ["a", " ", "b"]), ("1 merge", ["a", " b"])], "Steps")
    axes = picture.figure.axes[0]
    assert len(axes.patches) == 5
    assert {"3", "2", "␣"} <= {text.get_text() for text in axes.texts}
    assert "0 merges: 3, 1 merge: 2" in picture.caption
    assert picture.png().startswith(PNG)
    assert draw.shown("a b\n") == "a␣b↵"
    for rows in ([], [("x", ["a"]), ("y", ["b"])], [("x", [])]):
        with pytest.raises(ValueError, match="one and the same text"):
            draw.merge_steps(rows)


def test_compression_is_drawn_as_given() -> None:
    """Each curve with its points, and its ends in words."""
    picture = draw.tokens_per_word({"prose": [(0, 4.0), (100, 2.0)], "code": [(0, 4.5), (100, 3.5)]}, "Saved")
    first = picture.figure.axes[0].lines[0]
    assert (list(first.get_xdata()), list(first.get_ydata())) == ([0, 100], [4.0, 2.0])
    assert "prose 4.00 at 0, 2.00 at 100" in picture.caption
    assert picture.png().startswith(PNG)
    for curves in ({}, {"prose": []}):
        with pytest.raises(ValueError, match="one or more curves"):
            draw.tokens_per_word(curves)


def test_code_is_marked_by_whether_it_parses() -> None:
    """A sign for each piece, long ones cut, and signs that no font has are replaced; dollars are dollars."""
    long = "\n".join(f"line_{k}" for k in range(20))
    picture = draw.code_samples({"GPT": [("x = '$a$'", True), (long, False)], "3-gram": [("\x00(", False)]}, "Code", 4)
    texts = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    assert (texts.count("✓"), texts.count("✗")) == (1, 2)
    assert "line_3" in texts
    assert "line_4" not in texts
    assert "·(" in texts
    assert "GPT: 1 of 2; 3-gram: 0 of 1" in picture.caption
    assert picture.png().startswith(PNG)
    for columns in ({}, {"GPT": []}):
        with pytest.raises(ValueError, match="one or more columns"):
            draw.code_samples(columns)
