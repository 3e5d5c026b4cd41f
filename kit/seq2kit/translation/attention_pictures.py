"""Pictures about attention: what it costs, what a mask changes, what a layer does to a sequence of numbers.

Every function draws the arrays it is given and computes nothing that an exercise asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from seq2kit.numeric import as_float64
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_PALETTE = (BLUE, ORANGE, GREEN, RED, INK)
_MARKS = ("o", "s", "^", "D", "v")


def _plain(axes: Axes) -> None:
    axes.grid(True, which="major", color="#e4e7eb")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _row(values: Any, what: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    row = as_float64(values).numpy()
    if row.ndim != 1:
        raise ValueError(f"{what} should be one row of numbers, but has shape {row.shape}")
    return row


def cost_curves(
    lengths: Sequence[int],
    costs: Mapping[str, Sequence[float]],
    slopes: Mapping[str, Sequence[float]],
    title: str = "",
) -> Picture:
    """Costs against sequence length on two logarithmic axes, and beside them how steep the curves are.

    lengths: (L,) ascending; costs: label -> (L,) multiply-accumulates; slopes: label -> (L - 1,), one number
    per neighbouring pair of lengths, or (1,) for the whole range. Labels in both get the same colour.
    Raises ValueError when a row has another length.
    """
    colours = dict(zip([*costs, *(label for label in slopes if label not in costs)], _PALETTE * 4, strict=False))
    figure = Figure(figsize=(9.6, 3.7))
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    n = np.asarray(lengths, dtype=np.float64)
    for (label, values), mark in zip(costs.items(), _MARKS * 4, strict=False):
        cost = _row(values, label)
        if cost.shape != n.shape:
            raise ValueError(f"{label}: {len(n)} lengths, but {len(cost)} costs")
        shown = np.where(cost > 0, cost, np.nan)  # zero has no place on a logarithmic axis
        left.loglog(n, shown, color=colours[label], marker=mark, markersize=3.5, linewidth=1.4, label=label)
    left.set_xlabel("sequence length $n$")
    left.set_ylabel("multiply-accumulates")
    left.legend(frameon=False, fontsize=9)
    for label, values in slopes.items():
        slope = _row(values, label)
        if len(slope) not in (1, len(n) - 1):
            raise ValueError(f"{label}: {len(n)} lengths have {len(n) - 1} slopes between them, not {len(slope)}")
        middle = np.sqrt(n[1:] * n[:-1])
        right.semilogx(middle, np.broadcast_to(slope, middle.shape), color=colours[label], marker=".", label=label)
    right.set_xlabel("sequence length $n$")
    right.set_ylabel("slope of $\\log$ cost against $\\log n$")
    right.set_yticks([1, 1.5, 2, 2.5, 3])
    right.set_ylim(0.85, 3.15)
    for axes in (left, right):
        _plain(axes)
    if slopes:
        right.legend(frameon=False, fontsize=9)
    else:
        right.set_visible(False)
    figure.suptitle(title, fontsize=11, color=INK)
    figure.tight_layout()
    return Picture(figure, f"Cost against sequence length, with slopes: {', '.join(costs)}.")


def weights_side_by_side(weights: Mapping[str, Any], position: int | None = None, title: str = "") -> Picture:
    """Attention weights as panels of the same colour scale; the column of `position` is framed in red. A weight that is
    exactly zero is written 0, a small one .00.

    weights: label -> (queries, keys), values from 0 to 1. Raises ValueError for anything but matrices.
    """
    figure = Figure(figsize=(4.3 * max(len(weights), 1) + 0.6, 3.9))
    panels = np.atleast_1d(figure.subplots(1, max(len(weights), 1)))
    for axes, (label, values) in zip(panels, weights.items(), strict=False):
        matrix = as_float64(values).numpy()
        if matrix.ndim != 2:
            raise ValueError(f"{label}: attention weights are a matrix (queries, keys), not {matrix.shape}")
        axes.imshow(np.nan_to_num(matrix, nan=-1.0), cmap="Blues", vmin=0.0, vmax=1.0)
        for (i, j), value in np.ndenumerate(matrix):
            text = "nan" if np.isnan(value) else f"{value:.2f}".removeprefix("0") if value else "0"
            dark = np.isfinite(value) and value > 0.55
            axes.text(j, i, text, ha="center", va="center", fontsize=8, color="white" if dark else INK)
        axes.set_xticks(range(matrix.shape[1]))
        axes.set_yticks(range(matrix.shape[0]))
        axes.set_xlabel("key")
        axes.set_ylabel("query")
        axes.set_title(label, fontsize=10, color=INK)
        if position is not None:
            frame = Rectangle(
                (position - 0.5, -0.5), 1, matrix.shape[0], fill=False, edgecolor=RED, linewidth=2, clip_on=False
            )
            axes.add_patch(frame)
    figure.suptitle(title, fontsize=11, color=INK)
    figure.tight_layout()
    framed = "" if position is None else f" Key {position} is framed."
    return Picture(figure, f"Attention weights, queries in rows: {', '.join(weights)}.{framed}")


def sequences(rows: Mapping[str, Any], title: str = "", at: int | None = None) -> Picture:
    """Sequences of numbers under each other, a stem per position: what goes in on top, what comes out below.

    rows: label -> (n,); at: position marked by a dotted line through all of them.
    """
    longest = max((len(_row(values, label)) for label, values in rows.items()), default=1)
    figure = Figure(figsize=(min(2.5 + 0.42 * longest, 11.0), 0.6 + 1.35 * max(len(rows), 1)))
    panels = np.atleast_1d(figure.subplots(max(len(rows), 1), 1, sharex=True))
    for axes, (label, values), colour in zip(panels, rows.items(), (GREEN, BLUE) * len(rows), strict=False):
        row = _row(values, label)
        if at is not None:
            axes.axvline(at, color=SOFT, linestyle=":", linewidth=1.2)
        axes.vlines(range(len(row)), 0.0, np.nan_to_num(row), color=colour, linewidth=2.2)
        axes.plot(range(len(row)), row, "o", color=colour, markersize=5)
        axes.axhline(0.0, color=INK, linewidth=0.8)
        axes.margins(y=0.25)
        axes.set_title(label, loc="left", fontsize=10, color=INK)
        axes.spines[["top", "right"]].set_visible(False)
    panels[-1].set_xlabel("position")
    panels[-1].set_xticks(range(longest) if longest <= 24 else range(0, longest, 5))
    figure.suptitle(title, fontsize=11, color=INK)
    figure.tight_layout()
    return Picture(figure, f"Sequences, position by position: {', '.join(rows)}.")


def sharpening(x: Any, target: Any, outputs: Mapping[str, Any], title: str = "") -> Picture:
    """An input, the target it should be turned into, and outputs that come closer and closer, light to dark.

    x, target: (n,); outputs: label -> (n,), in the order in which they get sharper.
    """
    figure = Figure(figsize=(8.4, 3.7))
    axes = figure.add_subplot()
    given, wanted = _row(x, "x"), _row(target, "target")
    axes.bar(range(len(given)), given, width=0.55, color="#e4e7eb", label="input $x$")
    axes.step(range(len(wanted)), wanted, where="mid", color=INK, linewidth=1.6, linestyle="--", label="target")
    shades = np.linspace(0.35, 1.0, max(len(outputs), 1))
    for (label, values), shade in zip(outputs.items(), shades, strict=False):
        row = _row(values, label)
        axes.plot(range(len(row)), row, color=BLUE, alpha=float(shade), marker="o", markersize=4, label=label)
    axes.set_xticks(range(len(given)))
    axes.set_xlabel("position")
    axes.set_title(title, fontsize=11, color=INK)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    return Picture(figure, f"An input, a target, and {len(outputs)} outputs: {', '.join(outputs)}.")
