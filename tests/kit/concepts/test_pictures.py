"""Predictions become outcomes, and pictures of concepts say in words what they show."""

from __future__ import annotations

import numpy as np
import pytest
from seq2kit.concepts import pictures, scores
from seq2kit.pictures import Picture


def shown(picture: Picture) -> bool:
    return picture.png()[:4] == b"\x89PNG"


def test_a_hit_has_exactly_the_letters() -> None:
    """Letters count in any form; questions without an answer or a prediction are left out."""
    predicted = {"one": ({"a", "b"}, 0.8), "two": ("A, c", 0.5), "three": (["b"], 1.0), "open": ({"a"}, 0.3)}
    ids, p, hits = scores.outcomes(predicted, {"one": {"b"}, "two": ["c", "a"], "three": "B", "more": "a"})
    assert ids == ["one", "two", "three"]
    assert p.tolist() == [0.8, 0.5, 1.0]
    assert hits.tolist() == [False, True, True]
    assert scores.outcomes({}, {})[1].shape == (0,)


def test_confidence_is_a_share() -> None:
    """Eighty is no confidence."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        scores.outcomes({"one": ("a", 80)}, {"one": "a"})


def test_pictures_say_what_they_show() -> None:
    """Each caption has the numbers that the picture is about."""
    low = pictures.expected({"mine": [0.3, 0.1, 0.2]}, [0.1, 0.5, 0.9], 0.5)
    assert "mine is lowest at 0.50" in low.caption
    known = pictures.calibration([0.9, 0.6, 0.6], [True, False, True], ["x", "y", "z"], 0.177)
    assert "2 of 3 predictions hit" in known.caption
    assert "missed: y" in known.caption
    table = pictures.heard({"net": np.array([[1, 1], [0, 1]])})
    assert "in the net, 1 outputs hear a later input" in table.caption
    dots = pictures.spread({"left": [0.0, 1.0], "right": [2.0, 2.0]}, y="height", zero=0.0)
    assert "left 0.50 (0.00 to 1.00)" in dots.caption
    far = pictures.distance({"reader": {4: [1.0, 0.9], 8: [0.5, 0.4]}}, guess=0.25)
    assert "reader" in far.caption
    broke = pictures.norms({"good": [1.0, 2.0], "bad": [1.0, float("nan")]})
    assert "bad: not finite at update 2" in broke.caption
    assert all(map(shown, (low, known, table, dots, far, broke)))
