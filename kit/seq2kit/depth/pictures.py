"""Pictures of depth: two starts, the speed bump of a norm, gradients by depth, collapse, and heads that matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
Array = np.ndarray[Any, np.dtype[np.float64]]
_FLOOR = 1e-17


def _axes(figure: Figure, *place: int) -> Axes:
    axes = figure.add_subplot(*place)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, which="major", color="#e4e7eb")
    axes.set_axisbelow(True)
    return axes


def _figure(width: float = 6.6, height: float = 3.8) -> Figure:
    return Figure(figsize=(width, height), layout="constrained")


def _band(axes: Axes, x: Any, runs: Array, colour: str, label: str) -> None:
    """The mean of runs (runs, points), and the band from the lowest to the highest."""
    axes.plot(x, runs.mean(0), color=colour, label=label, marker="." if len(x) < 30 else "")
    axes.fill_between(x, runs.min(0), runs.max(0), color=colour, alpha=0.2, linewidth=0)


def loss_curves(curves: Mapping[str, Array], shrug: float) -> Picture:
    """Training loss against steps. curves: label -> (runs, steps) in nats; shrug: the loss of equal probabilities."""
    figure = _figure()
    axes = _axes(figure)
    for (label, runs), colour in zip(curves.items(), (RED, BLUE, *_COLOURS), strict=False):
        _band(axes, np.arange(1, runs.shape[1] + 1), runs, colour, f"{label}: begins at {runs[:, 0].mean():.1f}")
    axes.axhline(shrug, color=SOFT, linestyle=":", label=f"equal probabilities: {shrug:.2f}")
    axes.set_xlabel("step")
    axes.set_ylabel("training loss, nats per word")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=9, title="line: mean; band: all runs", title_fontsize=8)
    told = "; ".join(f"{label} from {r[:, 0].mean():.1f} to {r[:, -1].mean():.1f}" for label, r in curves.items())
    return Picture(figure, f"Loss curves of two starts, in nats: {told}.")


def speed_bump(sizes: Array, lengths: Mapping[str, Array]) -> Picture:
    """Length of the gradient at the input against the size a of the input. lengths: label -> (sizes, inputs)."""
    figure = _figure()
    axes = _axes(figure)
    for (label, rows), colour in zip(lengths.items(), _COLOURS, strict=False):
        axes.loglog(sizes, rows, color=colour, marker=".", linewidth=1.1)
        axes.plot([], [], color=colour, marker=".", label=label)
    axes.set_xlabel("the input is multiplied by $a$")
    axes.set_ylabel("length of the gradient there")
    axes.legend(frameon=False, fontsize=9, title="a line per input", title_fontsize=8)
    return Picture(figure, f"Length of the gradient at the input against its size, for {' and '.join(lengths)}.")


def gradients_by_depth(curves: Mapping[str, Array], bound: Sequence[float]) -> Picture:
    """Length of the gradient after l layers, over that at the top, for several seeds, beside the bound. curves: label
    -> (seeds, L + 1); bound: L + 1 numbers."""
    figure = _figure()
    axes = _axes(figure)
    layers = np.arange(len(bound))
    for (label, runs), colour in zip(curves.items(), _COLOURS, strict=False):
        _band(axes, layers, np.asarray(runs, dtype=np.float64), colour, label)
    axes.plot(layers, bound, color=INK, linestyle="--", label="bound for identity sub-layers")
    axes.set_yscale("log")
    axes.set_xlabel("layers below: $\\ell$")
    axes.set_ylabel("gradient at $x^{(\\ell)}$ / gradient at the top")
    axes.legend(frameon=False, fontsize=9, title="line: mean; band: all seeds", title_fontsize=8)
    told = "; ".join(f"{label} {np.mean(runs[:, 0]):.2g} at the bottom" for label, runs in curves.items())
    return Picture(
        figure, f"Gradients by depth over {len(bound) - 1} layers: {told}; the bound is {bound[0]:.0f} there."
    )


def collapse(runs: Mapping[str, Array], states: Sequence[Sequence[Tensor]]) -> Picture:
    """Left: what is left of the differences between rows, by depth; runs: label -> (seeds, L + 1). Right: states at
    four depths, a row per word, each in units of its own largest number; states: one list of L + 1 for each label."""
    figure = _figure(9.0, 3.8)
    grid = figure.add_gridspec(2, 6)
    axes = figure.add_subplot(grid[:, :2])
    axes.spines[["top", "right"]].set_visible(False)
    for (label, values), colour in zip(runs.items(), (RED, BLUE), strict=False):
        _band(axes, np.arange(values.shape[1]), np.maximum(values, _FLOOR), colour, label)
    axes.set_yscale("log")
    axes.set_xlabel("layers")
    axes.set_ylabel("differences that are left")
    axes.legend(frameon=False, fontsize=8)
    depth = len(states[0]) - 1
    for row, (label, stack) in enumerate(zip(runs, states, strict=False)):
        for column, layer in enumerate((0, 1, min(3, depth), depth)):
            panel = figure.add_subplot(grid[row, column + 2])
            X = np.asarray(stack[layer].detach(), dtype=np.float64)
            top = float(np.abs(X).max()) or 1.0
            panel.imshow(X / top, cmap="RdBu", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
            panel.set_xticks([])
            panel.set_yticks([])
            panel.set_title(f"layer {layer}", fontsize=8, color=INK)
            if column == 0:
                panel.set_ylabel(label.replace(" ", "\n", 1), fontsize=8)
    told = "; ".join(f"{label}: {np.median(values[:, -1]):.1g}" for label, values in runs.items())
    return Picture(figure, f"Differences between words after {depth} layers, over those at first. {told}.")


def heads(ranked: Array, curves: Mapping[str, Array], floor: float) -> Picture:
    """Left: importance of each head; ranked: (samples, heads). Right: loss against the number of heads that are gone;
    curves: label -> (orders, heads + 1)."""
    figure = _figure(8.6, 3.6)
    left, right = _axes(figure, 1, 2, 1), _axes(figure, 1, 2, 2)
    places = np.arange(ranked.shape[1])
    left.bar(places, ranked.mean(0), color=BLUE)
    left.vlines(places, ranked.min(0), ranked.max(0), color=INK, linewidth=2)
    left.set_xlabel("head")
    left.set_ylabel("importance")
    left.set_xticks(places)
    for (label, rows), colour in zip(curves.items(), (BLUE, ORANGE), strict=False):
        _band(right, np.arange(rows.shape[1]), np.asarray(rows, dtype=np.float64), colour, label)
    right.axhline(floor, color=SOFT, linestyle=":", label="the best that any model can do")
    right.set_xlabel("heads that are gone")
    right.set_ylabel("loss, nats per token")
    right.legend(frameon=False, fontsize=8)
    best = int(ranked.mean(0).argmax())
    return Picture(
        figure, f"Importance of {len(places)} heads, head {best} the most, and the loss as heads are removed."
    )
