"""Pictures of the generative lab: each is drawn, and says what it shows."""

from __future__ import annotations

import numpy as np
from seq2kit.generative import bottleneck, pictures


def test_each_picture_is_a_png_with_a_sentence() -> None:
    """With the numbers that it shows."""
    rng = np.random.default_rng(0)
    model = bottleneck.Bottleneck()
    drawn = {
        "2 noise levels": pictures.penalty([(0.1, 3.0, 3.1, 0.1), (1.0, 5.0, 5.1, 0.2)], {"one": rng.normal(size=64)}),
        "2 digits at 3": pictures.paths(rng.normal(size=(2, 3, 64)), [0, 1, 2], rng.normal(size=9), rng.normal(size=9)),
        "21 digits": pictures.samples(rng.uniform(size=(21, 64)), rng.uniform(size=(21, 64))),
        "V to times": pictures.blocks([("V", "times"), ("nobody", "Z")]),
        "at 0.5": pictures.against_beta({0.5: bottleneck.measured(model), 1.0: bottleneck.measured(model)}, 1.1),
        "plot a": pictures.panels({"a": model}),
    }
    for words, picture in drawn.items():
        assert words in picture.caption
        assert picture.png(40).startswith(b"\x89PNG")
