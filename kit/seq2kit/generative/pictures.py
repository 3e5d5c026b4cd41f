"""Pictures of the generative lab: penalties, paths, samples, a block diagram, curves over beta and latent plots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from seq2kit.generative import bottleneck, digits
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

Array = np.ndarray[Any, np.dtype[np.float64]]
_CLASSES = (BLUE, ORANGE, GREEN)
_PLACES = {"V": (0, 2), "sigma": (0, 1), "mu": (0, 0), "times": (1.4, 1.5), "plus": (2.8, 0.75), "Z": (4, 0.75)}
_SIGNS = {"sigma": r"$\sigma$", "mu": r"$\mu$", "times": r"$\times$", "plus": "+", "V": "$V$", "Z": "$Z$"}


def _plain(axes: Axes) -> Axes:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, color="#e4e7eb")
    axes.set_axisbelow(True)
    return axes


def _image(axes: Axes, values: Any, low: float = 0.0, high: float = 1.0, colours: str = "gray_r") -> None:
    axes.imshow(np.asarray(values).reshape(digits.SIDE, digits.SIDE), cmap=colours, vmin=low, vmax=high)
    axes.set_xticks([])
    axes.set_yticks([])


def penalty(rows: Sequence[tuple[float, float, float, float]], maps: Mapping[str, Array]) -> Picture:
    """Formula against simulation, and weights as images. rows: (sigma, formula, mean of the simulation, its standard
    error); maps: title -> 64 weights."""
    figure = Figure(figsize=(8.0, 3.2), layout="constrained")
    grid = figure.add_gridspec(1, 1 + len(maps), width_ratios=[1.5, *([1.0] * len(maps))])
    axes = _plain(figure.add_subplot(grid[0]))
    sigma, formula, mean, error = np.array(rows).T
    axes.plot(sigma, formula, color=BLUE, marker="o", markersize=4, label="formula")
    axes.errorbar(sigma, mean, 2 * error, color=ORANGE, fmt="s", markersize=4, capsize=4, label="simulation")
    axes.set_xlabel(r"$\sigma$ of the noise")
    axes.set_ylabel("expected loss at its minimum")
    axes.legend(frameon=False, fontsize=9)
    most = max(float(np.abs(weights).max()) for weights in maps.values()) or 1.0
    for place, (title, weights) in enumerate(maps.items(), 1):
        panel = figure.add_subplot(grid[place])
        _image(panel, weights, -most, most, "RdBu")
        panel.set_title(f"weights, {title}", fontsize=10, color=INK)
    off = float(np.abs((mean - formula) / np.maximum(error, 1e-300)).max())
    return Picture(figure, f"Expected loss by formula and by simulation at {len(rows)} noise levels, at most "
                   f"{off:.1f} standard errors apart, and the best weights as images.")  # fmt: skip


def paths(rows: Array, etas: Sequence[float], first: Array, second: Array) -> Picture:
    """Digits on their way into noise, (paths, levels, 64) on the scale of z, and pairs of values (n,) as a cloud."""
    count, levels = rows.shape[:2]
    figure = Figure(figsize=(8.6, 3.4), layout="constrained")
    halves: Any = figure.subfigures(1, 2, width_ratios=[2.1, 1])
    left, right = halves
    panels = left.subplots(count, levels, squeeze=False)
    for line, panel_row in zip(rows, panels, strict=True):
        for values, axes in zip(line, panel_row, strict=True):
            _image(axes, values, -2.0, 2.5)
    for axes, eta in zip(panels[0], etas, strict=True):
        axes.set_title(rf"$\eta$={eta:g}", fontsize=8, color=INK)
    cloud = _plain(right.subplots())
    cloud.plot(first, second, ".", color=BLUE, markersize=3)
    cloud.set_xlabel(r"$\tilde z(\eta_1)$")
    cloud.set_ylabel(r"$\tilde z(\eta_2)$")
    together = float(np.corrcoef(first, second)[0, 1])
    return Picture(figure, f"{count} digits at {levels} noise levels, and the values of a pixel at two levels: "
                   f"correlation {together:.2f}.")  # fmt: skip


def samples(drawn: Array, nearest: Array) -> Picture:
    """Drawn digits (n, 64) from 0 to 1, each above the training digit that is nearest to it."""
    across = 20
    figure = Figure(figsize=(9.0, 2.1 * -(-len(drawn) // across) / 2 + 0.5), layout="constrained")
    lines = -(-len(drawn) // across)
    panels = figure.subplots(2 * lines, across, squeeze=False)
    for axes in panels.flat:
        axes.set_axis_off()
    for k, (one, other) in enumerate(zip(drawn, nearest, strict=True)):
        row, column = 2 * (k // across), k % across
        _image(panels[row, column], one)
        _image(panels[row + 1, column], other, 0.0, 1.0, "Blues")
    figure.suptitle("black: drawn by the model; blue, below it: the nearest training digit", fontsize=9, color=INK)
    return Picture(figure, f"{len(drawn)} digits drawn by the diffusion model, each above the nearest training digit.")


def blocks(edges: Iterable[Sequence[str]]) -> Picture:
    """A block diagram from pairs (from, to) of V, sigma, mu, times, plus and Z; other names are left out."""
    figure = Figure(figsize=(5.4, 2.4))
    axes = figure.add_subplot()
    axes.set_axis_off()
    known = [(a, b) for a, b in edges if a in _PLACES and b in _PLACES]
    for name, place in _PLACES.items():
        shape = "circle,pad=0.3" if name in ("times", "plus") else "round,pad=0.35"
        box = {"boxstyle": shape, "facecolor": "white", "edgecolor": BLUE if name != "V" else ORANGE, "linewidth": 1.5}
        axes.text(*place, _SIGNS[name], ha="center", va="center", fontsize=13, color=INK, bbox=box, zorder=3)
    for a, b in known:
        axes.add_patch(FancyArrowPatch(_PLACES[a], _PLACES[b], arrowstyle="-|>", mutation_scale=13, color=INK,
                                       shrinkA=16, shrinkB=16))  # fmt: skip
    axes.set_xlim(-0.5, 4.5)
    axes.set_ylim(-0.5, 2.5)
    told = ", ".join(sorted(f"{a} to {b}" for a, b in known))
    return Picture(figure, f"A block diagram with the arrows {told or 'that are still missing'}.")


def against_beta(table: Mapping[float, Mapping[str, Sequence[float]]], guessing: float) -> Picture:
    """Held-out loss and error, and what becomes of the code, over beta; a dot per start, a line through the means."""
    figure = Figure(figsize=(8.4, 3.3), layout="constrained")
    axes = figure.subplots(1, 3)
    betas = np.array(sorted(table))
    shown = (("nll", "loss on new images, nats", BLUE), ("error", "share of wrong answers", RED))
    for panel, (key, name, colour) in zip(axes, shown, strict=False):
        values = np.array([table[beta][key] for beta in betas])
        _plain(panel).plot(betas, values, ".", color=colour, markersize=4, alpha=0.6)
        panel.plot(betas, values.mean(axis=1), color=colour, marker="o", markersize=4)
        panel.set_ylabel(name)
    axes[0].axhline(guessing, color=SOFT, linestyle=":", linewidth=1.2)
    for key, name, colour in (("spread", "spread of the means", GREEN), ("sigma", r"mean $\sigma$", ORANGE)):
        values = np.array([table[beta][key] for beta in betas])
        _plain(axes[2]).plot(betas, values.mean(axis=1), color=colour, marker="o", markersize=4, label=name)
    axes[2].legend(frameon=False, fontsize=9)
    for panel in axes:
        panel.set_xscale("log")
        panel.set_xlabel(r"$\beta$")
        panel.set_ylim(bottom=0)
    means = ", ".join(f"{np.mean(table[beta]['nll']):.2f} at {beta:g}" for beta in betas)
    return Picture(figure, f"Mean loss on new images over beta: {means}; beside it the share of wrong answers, the "
                   f"spread of the means and the width of the code.")  # fmt: skip


@torch.no_grad()
def panels(models: Mapping[str, bottleneck.Bottleneck]) -> Picture:
    """Latent plots of the first start of each model: a dot per new image, coloured by its true digit."""
    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    _, _, x, y = bottleneck.data()
    told = []
    for axes, (name, model) in zip(figure.subplots(1, len(models), squeeze=False)[0], models.items(), strict=True):
        mu, sigma = (part[0].numpy() for part in model.encode(x))
        for k, digit in enumerate(bottleneck.CLASSES):
            own = (y == k).numpy()
            _plain(axes).plot(*mu[own].T, "o^s"[k], color=_CLASSES[k], markersize=3.5, alpha=0.7, label=str(digit))
        for at, width in zip(mu[:10], sigma[:10].mean(axis=1), strict=True):
            axes.add_patch(Circle((float(at[0]), float(at[1])), float(width), fill=False, color=SOFT, linewidth=0.7))
        axes.add_patch(Circle((0.0, 0.0), 1.0, fill=False, color=INK, linestyle="--", linewidth=1))
        axes.set_title(f"plot {name}", fontsize=10, color=INK)
        axes.set_aspect("equal", adjustable="datalim")
        told.append(f"plot {name} with spread {float(np.sqrt(mu.var(axis=0).sum())):.2f} "
                    f"and mean sigma {float(sigma.mean()):.2f}")  # fmt: skip
    figure.axes[0].legend(frameon=False, fontsize=8, title="digit", title_fontsize=8)
    return Picture(figure, f"Latent means of new images: {'; '.join(told)}.")
