"""Sliders under a picture, where there is a live notebook; the picture alone where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from seq2kit.pictures import Picture

Range = tuple[float, float, float, float]
"""Lowest value, highest value, step, and where the slider stands at first."""


def sliders(draw: Callable[..., Picture], ranges: Mapping[str, Range]) -> Any:
    """The picture draw(**values), with a slider per name that draws it anew.

    Without ipywidgets, outside of a live notebook and where a notebook is graded: draw at the first values, once. What
    `draw` raises at these is raised here too."""
    first = draw(**{name: start for name, (_, _, _, start) in ranges.items()})
    if not live():
        return first
    ipywidgets: Any = import_module("ipywidgets")

    def slider(name: str, low: float, high: float, step: float, start: float) -> Any:
        whole = all(float(part).is_integer() for part in (low, high, step, start))
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        number: Callable[[float], Any] = int if whole else float
        return kind(
            value=number(start), min=number(low), max=number(high), step=number(step), description=name,
            continuous_update=False, **({} if whole else {"readout_format": ".3f"}),
        )  # fmt: skip

    return ipywidgets.interactive(draw, **{name: slider(name, *place) for name, place in ranges.items()})


def live() -> bool:
    """Whether somebody can move a slider: ipywidgets is there, and a front end asked for this cell."""
    if os.environ.get("SEQ2GRADE_GRADING") or find_spec("ipywidgets") is None or find_spec("IPython") is None:
        return False
    from IPython.core.getipython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None
