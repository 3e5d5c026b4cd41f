"""A picture of what a GPT costs: time per token against width and batch, and where attention overtakes the matrices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, ScalarFormatter

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

Points = Sequence[tuple[float, float]]


def crossing(points: Points) -> float | None:
    """Where a curve of (x, ratio) first rises through 1, between two points along a straight line of logarithms; None
    where it does not."""
    for (left, below), (right, above) in pairwise(points):
        if below < 1 <= above:
            share = -math.log(below) / (math.log(above) - math.log(below))
            return math.exp(math.log(left) + share * (math.log(right) - math.log(left)))
    return None


def cost_of_tokens(
    batches: Mapping[int, Points], ratios: Mapping[str, tuple[Points, Points]], title: str = ""
) -> Picture:
    """Left: batch -> (width, seconds per token). Right: for each width, (words, time of what grows with the square of
    their number over time of the matrices), measured and, dashed, predicted; 1 is the crossover.

    Raises ValueError where there is nothing to draw."""
    if not batches or not ratios or not all(batches.values()) or not all(a and b for a, b in ratios.values()):
        raise ValueError("expected curves with points in them, for both pictures")
    figure = Figure(figsize=(9.6, 3.8))
    left, right = figure.subplots(1, 2)
    colours = BLUE, ORANGE, GREEN, RED
    for (batch, points), colour in zip(batches.items(), colours, strict=False):
        widths, seconds = zip(*points, strict=True)
        left.plot(widths, [1e6 * value for value in seconds], marker="o", color=colour, label=f"batch of {batch}")
    left.set(xlabel="width d", ylabel="microseconds per token")
    said = []
    for (name, (measured, predicted)), colour in zip(ratios.items(), colours, strict=False):
        right.plot(*zip(*measured, strict=True), marker="o", color=colour, label=f"{name}, measured")
        right.plot(*zip(*predicted, strict=True), linestyle="--", color=colour, label=f"{name}, by count")
        found = [crossing(points) for points in (measured, predicted)]
        words = ["nowhere" if place is None else f"at {place:.0f} words" for place in found]
        said.append(f"{name}: measured {words[0]}, by count {words[1]}")
        if found[0] is not None:
            right.plot([found[0]], [1.0], marker="o", markersize=11, markerfacecolor="none", color=colour)
    right.axhline(1.0, color=SOFT, linewidth=1.1, linestyle=":")
    right.set(xlabel="words in a window", ylabel="attention's square over matrices")
    for axes in (left, right):
        axes.set(xscale="log", yscale="log")
        axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.legend(frameon=False, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_xticks(sorted({width for points in batches.values() for width, _ in points}))
    right.set_xticks(sorted({count for measured, _ in ratios.values() for count, _ in measured}))
    figure.suptitle(title, fontsize=11, color=INK)
    figure.tight_layout()
    return Picture(figure, f"{title or 'Time per token'}. The square overtakes the matrices, {'; '.join(said)}.")
