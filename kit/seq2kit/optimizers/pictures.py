"""Pictures of optimisers: paths on a surface, what an average remembers, first steps, and which rows shrink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seq2kit.optimizers.surfaces import Surface
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
Array = np.ndarray[Any, np.dtype[np.float64]]


def _axes(width: float = 6.6, height: float = 3.8) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, which="major", color="#e4e7eb")
    axes.set_axisbelow(True)
    return figure, axes


def trajectories(surface: Surface, paths: Mapping[str, Array]) -> Picture:
    """The surface from above, lines of equal loss, and each path (steps + 1, 2) on it; a star at the lowest point."""
    figure, axes = _axes(7.2, 4.2)
    left, right, bottom, top = surface.window
    x, y = np.meshgrid(np.linspace(left, right, 160), np.linspace(bottom, top, 160))
    heights = np.asarray(surface.value(x, y))
    axes.contour(x, y, heights, levels=np.geomspace(0.02, heights.max(), 14), colors="#c3c9d0", linewidths=0.8)
    ends = []
    for (label, path), colour in zip(paths.items(), _COLOURS, strict=False):
        last = float(surface.value(*path[-1]))
        ends.append(f"{label} ends at loss {last:.2g}")
        axes.plot(*path.T, color=colour, marker=".", markersize=3.5, linewidth=1.1, label=f"{label}: loss {last:.2g}")
    axes.plot(*surface.start, "o", color=INK, markersize=6)
    axes.plot(*surface.best, "*", color=INK, markersize=11)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_xlabel("weight x")
    axes.set_ylabel("weight y")
    axes.set_title(surface.name, fontsize=11, color=INK)
    axes.legend(frameon=False, fontsize=9, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.14))
    steps = max(len(path) for path in paths.values()) - 1
    return Picture(figure, f"Paths of {steps} steps on {surface.name}: {'; '.join(ends)}.")


def memory(curves: Mapping[str, Sequence[float]]) -> Picture:
    """What each past gradient weighs in a running average; curves: label -> weights, the oldest gradient first."""
    figure, axes = _axes()
    for (label, weights), colour in zip(curves.items(), _COLOURS, strict=False):
        age = np.arange(len(weights))[::-1]
        axes.plot(age, weights, color=colour, marker=".", label=f"{label}: sum {np.sum(weights):.3f}")
    axes.set_xlabel("age of the gradient, in steps")
    axes.set_ylabel("its weight in $v_t$")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"Weights of past gradients in {len(curves)} running averages, against their age.")


def first_steps(curves: Mapping[str, Array], rate: float) -> Picture:
    """Length of each step over the learning rate, for several noisy runs. curves: label -> (runs, steps)."""
    figure, axes = _axes()
    for (label, runs), colour in zip(curves.items(), _COLOURS, strict=False):
        lengths = np.asarray(runs, dtype=np.float64) / rate
        t = np.arange(1, lengths.shape[1] + 1)
        low, middle, high = np.quantile(lengths, (0.1, 0.5, 0.9), axis=0)
        axes.plot(t, middle, color=colour, label=label)
        axes.fill_between(t, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.axhline(1.0, color=SOFT, linestyle=":", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlabel("step $t$")
    axes.set_ylabel("length of the step / learning rate")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=9, title="line: median; band: 8 runs of 10", title_fontsize=8)
    return Picture(figure, f"Lengths of the first {t[-1]} steps of Adam, {' and '.join(curves)}.")


def shrinkage(counts: Array, curves: Mapping[str, Array]) -> Picture:
    """By how much each row got shorter against how often its word came, for several seeds. counts: (seeds, words);
    curves: label -> (seeds, words). A dot per word and seed, a line through the medians of ten groups."""
    figure, axes = _axes()
    seen = np.maximum(np.asarray(counts, dtype=np.float64).ravel(), 0.5)
    edges = np.quantile(seen, np.linspace(0, 1, 11))
    group = np.clip(np.searchsorted(edges, seen, side="right") - 1, 0, 9)
    for (label, lost), colour in zip(curves.items(), _COLOURS, strict=False):
        shares = 100 * np.asarray(lost, dtype=np.float64).ravel()
        axes.plot(seen, shares, ".", color=colour, markersize=2.5, alpha=0.35)
        there = [number for number in range(10) if (group == number).any()]
        middle = [(np.median(seen[group == n]), np.median(shares[group == n])) for n in there]
        axes.plot(*np.array(middle).T, color=colour, marker="o", markersize=4, label=label)
    axes.set_xscale("log")
    axes.set_xlabel("how often the word was drawn")
    axes.set_ylabel("the row got shorter by, in %")
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"Shrinkage of word rows against the frequency of the word, {' and '.join(curves)}.")


def standings(table: Mapping[str, Mapping[str, Sequence[float]]]) -> Picture:
    """A race: for each optimiser and family of problems a dot per problem (powers of ten of the loss that is left),
    and a line at the mean."""
    figure, axes = _axes(7.2, 3.6)
    families = list(next(iter(table.values())))
    wide = 0.8 / len(table)
    for place, ((label, rows), colour) in enumerate(zip(table.items(), _COLOURS, strict=False)):
        for spot, family in enumerate(families):
            x, values = spot + (place - (len(table) - 1) / 2) * wide, np.asarray(rows[family])
            axes.plot(np.full(len(values), x), values, ".", color=colour, markersize=4, alpha=0.6)
            axes.hlines(values.mean(), x - wide / 3, x + wide / 3, color=colour, label=label if spot == 0 else "")
    axes.set_xticks(range(len(families)), families)
    axes.set_ylabel("$\\log_{10}$ of the loss that is left")
    axes.legend(frameon=False, fontsize=9, ncols=3, loc="upper center", bbox_to_anchor=(0.5, 1.14))
    return Picture(figure, f"What is left of the excess loss, by family of problems, for {' and '.join(table)}.")
