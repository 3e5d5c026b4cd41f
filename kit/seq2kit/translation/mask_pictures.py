"""Pictures of a decoder-only translator: its one long sequence, its masks, its attention, and a fair comparison."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

Array = np.ndarray[Any, np.dtype[np.float64]]
_PALE = "#f3f5f7"
_SIGNS = ("SOS", "EOP", "EOS")


def _square(value: Any, size: int, what: str) -> Array:
    """`value` (tensor, array or lists) as (size, size) float64. Raises ValueError for another shape."""
    plain = value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else value
    found = np.asarray(plain, dtype=np.float64)
    if found.shape != (size, size):
        raise ValueError(f"{what} should be {size} x {size} for {size} tokens, but is {found.shape}")
    return found


def _box(axes: Axes, x: float, y: float, text: str, face: str, edge: str, strong: bool = False) -> None:
    axes.add_patch(
        Rectangle((x + 0.04, y), 0.92, 0.8, facecolor=face, edgecolor=edge, linewidth=2.0 if strong else 1.0)
    )
    small = len(text) > 1
    axes.text(x + 0.5, y + 0.4, text, ha="center", va="center", fontsize=8 if small else 12, color=INK)


def long_sequence(source: Sequence[str], target: Sequence[str], start: str = "SOS") -> Picture:
    """What a decoder-only model reads and what it should say, one column per position.

    source: its letters and EOP, S labels; target: its letters and EOS, T labels. The upper row is `start`, source,
    and target without its last token; the lower row has each token one place earlier. Framed: what the loss counts.
    Raises ValueError when source or target is empty.
    """
    if not source or not target:
        raise ValueError("source and target need at least their end sign")
    said = [*source, *target]
    read = [start, *said[:-1]]
    figure = Figure(figsize=(1.2 + 0.55 * len(said), 2.3))
    axes = figure.add_subplot()
    axes.set_axis_off()
    for place, (above, below) in enumerate(zip(read, said, strict=True)):
        asked = place >= len(source)
        colour = SOFT if place == 0 else GREEN if place <= len(source) else ORANGE
        _box(axes, place, 1.5, above, "white", colour)
        _box(axes, place, 0.0, below, "#fdf1e7" if asked else _PALE, ORANGE if asked else SOFT, strong=asked)
        arrow = {"arrowstyle": "-|>", "color": INK if asked else SOFT}
        axes.annotate("", (place + 0.5, 0.86), (place + 0.5, 1.46), arrowprops=arrow)
    axes.text(-0.25, 1.9, "input", ha="right", va="center", fontsize=11, color=INK)
    axes.text(-0.25, 0.4, "target", ha="right", va="center", fontsize=11, color=INK)
    axes.text(len(source) + len(target) / 2, -0.45, "counted in the loss", ha="center", fontsize=10, color=ORANGE)
    axes.set_xlim(-1.6, len(said) + 0.1)
    axes.set_ylim(-0.7, 2.5)
    return Picture(figure, f"One sequence of {len(said)} tokens: each input position is asked for the next token.")


def masks_side_by_side(masks: Mapping[str, Any], tokens: Sequence[str], query: int | None = None) -> Picture:
    """Masks as grids: row = the position that looks (query), column = what it looks at (key), filled = allowed.

    masks: title -> (n, n) bool; tokens: n labels. query: a row to frame. Raises ValueError for other shapes.
    """
    n = len(tokens)
    grids = {title: _square(mask, n, f"the mask {title!r}") for title, mask in masks.items()}
    figure = Figure(figsize=(0.6 + (0.33 * n + 1.0) * len(grids), 0.33 * n + 1.2), layout="constrained")
    panels = np.atleast_1d(np.asarray(figure.subplots(1, max(1, len(grids)))))
    for axes, (title, grid) in zip(panels, grids.items(), strict=False):
        for i in range(n):
            for j in range(n):
                face = (GREEN if i < j else BLUE) if grid[i, j] else "white"
                axes.add_patch(Rectangle((j, i), 1, 1, facecolor=face, edgecolor="#d5dbe1", linewidth=0.8))
        if query is not None:
            axes.add_patch(Rectangle((0, query), n, 1, fill=False, edgecolor=RED, linewidth=2.2))
        _label(axes, tokens, title)
    told = ", ".join(f"{title}: {int(grid.sum())} allowed" for title, grid in grids.items())
    return Picture(figure, f"Masks over {n} tokens ({told}); green cells look ahead.")


def _label(axes: Axes, tokens: Sequence[str], title: str) -> None:
    n = len(tokens)
    axes.set_xlim(0, n)
    axes.set_ylim(n, 0)
    axes.set_aspect("equal")
    axes.set_xticks([k + 0.5 for k in range(n)], [_short(t) for t in tokens], fontsize=8)
    axes.set_yticks([k + 0.5 for k in range(n)], [_short(t) for t in tokens], fontsize=8)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.set_title(title, fontsize=11, color=INK, pad=8)


def _short(token: str) -> str:
    return {"SOS": "▸", "EOP": "¦", "EOS": "■"}.get(token, token)


def what_it_sees(tokens: Sequence[str], masks: Mapping[str, Any], query: int) -> Picture:
    """One position's view under several masks: a strip of all tokens each, those it may look at filled.

    tokens: n labels; masks: title -> (n, n) bool; query: the position that looks. Raises ValueError for other shapes.
    """
    n = len(tokens)
    if not 0 <= query < n:
        raise ValueError(f"there are positions 0 to {n - 1}, not {query}")
    figure = Figure(figsize=(1.9 + 0.5 * n, 0.5 + 0.75 * len(masks)))
    axes = figure.add_subplot()
    axes.set_axis_off()
    for row, (title, mask) in enumerate(masks.items()):
        seen = _square(mask, n, f"the mask {title!r}")[query]
        y = float(len(masks) - 1 - row) * 1.2
        for place, token in enumerate(tokens):
            mine = place == query
            _box(axes, place, y, token, "#dbe8f6" if seen[place] else "white", RED if mine else SOFT, strong=mine)
        axes.text(-0.25, y + 0.4, title, ha="right", va="center", fontsize=11, color=INK)
    axes.set_xlim(-3.2, n + 0.1)
    axes.set_ylim(-0.2, 1.2 * len(masks))
    return Picture(figure, f"What position {query} ({tokens[query]}) may look at under {len(masks)} masks.")


def over_seeds(results: Mapping[str, Mapping[str, Any]]) -> Picture:
    """Loss and exact match of several kinds of model, a dot per seed and a bar at the mean.

    results: kind -> {"loss": numbers (nats per token), "exact": numbers (share of words)}. Raises KeyError without
    these keys.
    """
    figure = Figure(figsize=(8.4, 0.9 + 0.62 * len(results)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    titles = {"loss": "loss, nats per token (left is better)", "exact": "share of words all right (right is better)"}
    for axes, (key, title) in zip((left, right), titles.items(), strict=True):
        for row, ((_, numbers), colour) in enumerate(zip(results.items(), _colours(len(results)), strict=True)):
            values = [float(value) for value in numbers[key]]
            axes.plot(values, [row] * len(values), "o", color=colour, markersize=7, alpha=0.75)
            mean = statistics.fmean(values)
            axes.plot([mean, mean], [row - 0.28, row + 0.28], color=colour, linewidth=2.5)
        axes.set_title(title, fontsize=10, color=INK)
        axes.set_yticks(range(len(results)), [kind.replace("_", "-") for kind in results])
        axes.grid(True, axis="x", color="#e4e7eb")
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_ylim(len(results) - 0.5, -0.5)
    left.set_xlim(left=0)
    return Picture(figure, f"Loss and exact match of {', '.join(results)}: a dot per seed, a bar at the mean.")


def _colours(count: int) -> list[str]:
    known = (SOFT, BLUE, GREEN, ORANGE, RED)
    return [known[k % len(known)] for k in range(count)]


def attention_maps(weights: Any, tokens: Sequence[str], source_length: int = 0) -> Picture:
    """How much each position looks at each, a panel per layer; darker is more.

    weights: (L, n, n), rows are queries and sum to 1; tokens: n labels; source_length: lines are drawn after so many
    tokens, 0 for none. Raises ValueError for other shapes.
    """
    n = len(tokens)
    layers = [_square(layer, n, "each layer's attention") for layer in weights]
    if not layers:
        raise ValueError("there is no layer to show")
    figure = Figure(figsize=(0.4 + 3.0 * len(layers), 3.5), layout="constrained")
    panels = np.atleast_1d(np.asarray(figure.subplots(1, len(layers))))
    for number, (axes, layer) in enumerate(zip(panels, layers, strict=True)):
        axes.imshow(layer, cmap="Blues", vmin=0.0, vmax=1.0, extent=(0, n, n, 0), interpolation="nearest")
        _label(axes, tokens, f"layer {number + 1}")
        if source_length:
            axes.axhline(source_length, color=ORANGE, linewidth=1.0)
            axes.axvline(source_length, color=ORANGE, linewidth=1.0)
    return Picture(figure, f"Attention of {len(layers)} layers over {n} tokens: row looks at column.")
