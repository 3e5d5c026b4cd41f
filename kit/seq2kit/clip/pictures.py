"""Pictures for the notebook on CLIP: the gallery with the picture that a caption picks, similarities, probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from seq2kit.clip.pairs import PairGallery
from seq2kit.clip.shapes import Gallery, Pixels
from seq2kit.numeric import as_float64
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, SOFT, Picture

_COLUMNS = 25


def row(pictures: Pixels, labels: Sequence[str]) -> Picture:
    """Pictures (n, side, side, 3) side by side, each with its label below; at most eight in a line."""
    number = len(labels)
    columns = min(number, 8)
    lines = -(-number // columns)
    figure = Figure(figsize=(1.55 * columns, 1.75 * lines))
    for place, (pixels, label) in enumerate(zip(pictures, labels, strict=True)):
        axes = figure.add_subplot(lines, columns, place + 1)
        _thumbnail(axes, pixels)
        axes.set_xlabel(_wrapped(label), fontsize=8, color=INK)
    figure.tight_layout()
    return Picture(figure, f"{number} pictures: {'; '.join(labels)}.")


def gallery(world: Gallery, target: int | None = None, picked: int | None = None, caption: str = "") -> Picture:
    """All pictures in a grid; the target framed green, the picked one orange, both enlarged at the right.

    Raises IndexError when `target` or `picked` is no picture of the gallery."""
    marks = [(place, colour, name) for place, colour, name in (
        (target, GREEN, "target"), (picked, ORANGE, "picked")) if place is not None]  # fmt: skip
    for place, _, _ in marks:
        if not 0 <= place < len(world):
            raise IndexError(f"the gallery has the pictures 0 to {len(world) - 1}, and no picture {place}")
    figure = Figure(figsize=(10.5, 6.6))
    grid = figure.add_gridspec(2, 2, width_ratios=[4.2, 1], wspace=0.04, hspace=0.25)
    axes = figure.add_subplot(grid[:, 0])
    axes.imshow(_mosaic(world.pictures), interpolation="nearest")
    axes.set_axis_off()
    side = world.pictures.shape[1] + 1
    for wide, (place, colour, _) in zip((5, 2.5), marks, strict=False):
        corner = (place % _COLUMNS * side - 2.5, place // _COLUMNS * side - 2.5)
        axes.add_patch(Rectangle(corner, side + 4, side + 4, fill=False, edgecolor=colour, linewidth=wide))
    for line, (place, colour, name) in enumerate(marks):
        zoom = figure.add_subplot(grid[line, 1])
        _thumbnail(zoom, world.pictures[place], colour)
        zoom.set_title(f"{name}: picture {place}", fontsize=10, color=colour)
        zoom.set_xlabel(_wrapped(world.scenes[place].caption), fontsize=9, color=INK)
    if caption:
        axes.set_title(f"“{caption}”", fontsize=12, color=INK)
    return Picture(figure, _gallery_words(world, target, picked, caption))


def _gallery_words(world: Gallery, target: int | None, picked: int | None, caption: str) -> str:
    words = [f"A gallery of {len(world)} pictures."]
    if target is not None:
        words.append(f"The target is picture {target}, {world.scenes[target].caption}.")
    if picked is not None:
        verdict = "the target" if picked == target else world.scenes[picked].caption
        words.append(f"The caption “{caption}” picks picture {picked}, {verdict}.")
    return " ".join(words)


def similarity(matrix: Any, pictures: Pixels, captions: Sequence[str]) -> Picture:
    """Heat map of similarities (m, t): one line per picture, one column per caption, the best of a line framed.

    Raises ValueError when `matrix` has another shape."""
    values = as_float64(matrix).numpy()
    if values.shape != (len(pictures), len(captions)):
        raise ValueError(
            f"one line per picture, one column per caption: expected the shape {(len(pictures), len(captions))}, "
            f"got {values.shape}"
        )
    m, t = values.shape
    figure = Figure(figsize=(2.6 + 0.72 * t, 1.9 + 0.62 * m))
    grid = figure.add_gridspec(m, 2, width_ratios=[1, 1.05 * t], wspace=0.02, hspace=0.06)
    for line, pixels in enumerate(pictures):
        _thumbnail(figure.add_subplot(grid[line, 0]), pixels)
    axes = figure.add_subplot(grid[:, 1])
    bound = max(float(np.abs(values).max(initial=0.0)), 1e-9)
    axes.imshow(values, cmap="PuOr_r", vmin=-bound, vmax=bound, aspect="auto")
    for line in range(m):
        best = int(values[line].argmax())
        axes.add_patch(Rectangle((best - 0.46, line - 0.44), 0.92, 0.88, fill=False, edgecolor=INK, linewidth=2))
        for column in range(t):
            pale = abs(values[line, column]) < 0.6 * bound
            axes.text(column, line, f"{values[line, column]:.2f}", ha="center", va="center", fontsize=8,
                      color=INK if pale else "white")  # fmt: skip
    axes.set_yticks([])
    axes.set_xticks(range(t), list(captions), rotation=35, ha="left", fontsize=9)
    axes.xaxis.tick_top()
    found = ", ".join(captions[int(k)] for k in values.argmax(1))
    return Picture(figure, f"Similarity of {m} pictures with {t} captions. The best caption of each picture: {found}.")


def class_bars(pixels: Pixels, captions: Sequence[str], probabilities: Any, most: int = 6) -> Picture:
    """A picture beside its likeliest captions. pixels (side, side, 3); probabilities (t,) for t captions."""
    values = as_float64(probabilities).reshape(-1).numpy()
    if len(values) != len(captions):
        raise ValueError(f"expected one probability per caption, {len(captions)} in all, got {len(values)}")
    best = np.argsort(-values, kind="stable")[:most]
    figure = Figure(figsize=(7.6, 0.6 + 0.36 * max(len(best), 4)))
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.6], "wspace": 0.95})
    _thumbnail(left, pixels)
    names = [captions[int(k)] for k in best]
    right.barh(names, values[best], color=[BLUE] + [SOFT] * (len(best) - 1))
    for line, share in enumerate(values[best]):
        right.text(share + 0.015, line, f"{share:.3f}", va="center", fontsize=9, color=INK)
    right.invert_yaxis()
    right.set_xlim(0, 1.12)
    right.set_xticks([0, 0.5, 1])
    right.set_xlabel("probability", fontsize=9)
    right.spines[["top", "right"]].set_visible(False)
    return Picture(figure, f"The likeliest of {len(captions)} captions: {names[0]} ({values[best[0]]:.3f}).")


def aim(world: Gallery | PairGallery, target: int, picked: int, caption: str, kind: str = "") -> Picture:
    """The target and what the caption picked, side by side, each above its plain caption; `kind` says how they differ.

    Raises IndexError when `target` or `picked` is no picture of the gallery."""
    figure = Figure(figsize=(4.6, 3.1))
    for place, (number, name) in enumerate(((target, "target"), (picked, "picked"))):
        if not 0 <= number < len(world):
            raise IndexError(f"the gallery has the pictures 0 to {len(world) - 1}, and no picture {number}")
        colour = GREEN if number == target else ORANGE
        axes = figure.add_subplot(1, 2, place + 1)
        _thumbnail(axes, world.pictures[number], colour)
        axes.set_title(f"{name}: picture {number}", fontsize=10, color=colour)
        axes.set_xlabel(_wrapped(world.captions[number]), fontsize=9, color=INK)
    figure.suptitle(f"“{caption}”" + (f": {kind}" if kind else ""), fontsize=11, color=INK)
    figure.tight_layout()
    verdict = "the target" if picked == target else world.captions[picked]
    told = f" ({kind})" if kind else ""
    return Picture(figure, f"The target is picture {target}, {world.captions[target]}. The caption “{caption}” picks "
                           f"picture {picked}, {verdict}{told}.")  # fmt: skip


def search(log: Sequence[Mapping[str, Any]], target: int, world: Gallery | PairGallery) -> Picture:
    """The tries of a search, one per line: the caption, what it picked and how sure, and the target's rank. Of a long
    search the last 20.

    log: dicts with caption, picked and rank, and prob or the kind of what was picked."""
    tries = list(log)[-20:]
    if not tries:
        raise ValueError("the log is empty: there is nothing to draw")
    figure = Figure(figsize=(8.4, 0.62 * len(tries) + 0.5))
    grid = figure.add_gridspec(len(tries), 3, width_ratios=[0.7, 4.2, 3.1], wspace=0.03, hspace=0.12)
    for line, entry in enumerate(tries):
        picked, rank = int(entry["picked"]), int(entry["rank"])
        colour = GREEN if picked == target else ORANGE
        _thumbnail(figure.add_subplot(grid[line, 0]), world.pictures[picked], colour)
        words = figure.add_subplot(grid[line, 1])
        words.set_axis_off()
        words.text(0.03, 0.5, f"“{entry['caption']}”", va="center", fontsize=10, color=INK)
        bars = figure.add_subplot(grid[line, 2])
        bars.set_axis_off()
        prob = float(entry["prob"]) if "prob" in entry else 0.0
        bars.barh([0], [prob], color=colour, height=0.5)
        bars.set_xlim(0, 2.2)
        bars.set_ylim(-0.7, 0.7)
        told = "found it" if picked == target else f"target at rank {rank}"
        first = f"{prob:.2f}" if "prob" in entry else str(entry["kind"])
        bars.text(prob + 0.05, 0, f"{first}   {told}", va="center", fontsize=9, color=colour)
    won = sum(int(entry["picked"]) == target for entry in log)
    shown = "" if len(tries) == len(log) else f" The last {len(tries)} are shown."
    return Picture(figure, f"{len(log)} captions tried for picture {target}; {won} of them picked it.{shown}")


def shares(values: Mapping[str, float], axis: str, mark: float | None = None) -> Picture:
    """Horizontal bars for shares between 0 and 1, in the order given; `mark` draws a dashed line."""
    names, heights = list(values), [float(v) for v in values.values()]
    figure = Figure(figsize=(6.8, 0.7 + 0.38 * len(names)))
    axes = figure.add_subplot()
    axes.barh(names, heights, color=BLUE)
    for line, height in enumerate(heights):
        axes.text(height + 0.012, line, f"{height:.2f}", va="center", fontsize=9, color=INK)
    if mark is not None:
        axes.axvline(mark, color=ORANGE, linestyle="--", linewidth=1.3)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    axes.set_xlabel(axis, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    told = ", ".join(f"{name} {height:.2f}" for name, height in zip(names, heights, strict=True))
    return Picture(figure, f"{axis}: {told}.")


def stacked(values: Mapping[str, float], parts: Mapping[str, float], axis: str, names: tuple[str, str]) -> Picture:
    """Horizontal bars for shares, each in two pieces: `parts`, and what of `values` is left; `names` of the two.

    Raises ValueError when a part is larger than its whole: they do not belong together."""
    kinds = list(values)
    inner = [float(parts[kind]) for kind in kinds]
    rest = [float(values[kind]) - part for kind, part in zip(kinds, inner, strict=True)]
    if min(rest, default=0.0) < -0.011:
        raise ValueError(f"{names[0]} is a part, yet larger than the whole for {kinds[int(np.argmin(rest))]}")
    figure = Figure(figsize=(6.8, 1.1 + 0.38 * len(kinds)))
    axes = figure.add_subplot()
    axes.barh(kinds, inner, color=ORANGE, label=names[0])
    axes.barh(kinds, rest, left=inner, color=SOFT, label=names[1])
    for line, kind in enumerate(kinds):
        axes.text(float(values[kind]) + 0.012, line, f"{inner[line]:.2f} + {max(rest[line], 0.0):.2f}", va="center",
                  fontsize=9, color=INK)  # fmt: skip
    axes.invert_yaxis()
    axes.set_xlim(0, 1.15)
    axes.set_xlabel(axis, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    above = (0.5, 1.0 + 0.9 / (1 + len(kinds)))
    axes.legend(frameon=False, fontsize=9, loc="upper center", bbox_to_anchor=above, ncols=2)
    told = ", ".join(f"{kind} {part:.2f} and {more:.2f}" for kind, part, more in zip(kinds, inner, rest, strict=True))
    return Picture(figure, f"{axis}, {names[0]} and {names[1]}: {told}.")


def scores(table: Mapping[str, Mapping[str, float]], guessing: Mapping[str, float]) -> Picture:
    """A group of bars for each entry of `table`, a bar for each key of `guessing`, whose value is drawn as a dash."""
    figure = Figure(figsize=(6.8, 3.2))
    axes = figure.add_subplot()
    width, colours = 0.8 / len(guessing), (BLUE, GREEN, ORANGE, INK)
    for place, (key, chance) in enumerate(guessing.items()):
        middles = [group + (place - (len(guessing) - 1) / 2) * width for group in range(len(table))]
        heights = [float(entry[key]) for entry in table.values()]
        axes.bar(middles, heights, width * 0.92, color=colours[place % len(colours)], label=key)
        axes.hlines([chance] * len(middles), [m - width / 2 for m in middles], [m + width / 2 for m in middles],
                    color=INK, linestyle="--", linewidth=1.3)  # fmt: skip
        for middle, height in zip(middles, heights, strict=True):
            axes.text(middle, height + 0.02, f"{height:.2f}", ha="center", fontsize=9, color=INK)
    axes.set_xticks(range(len(table)), list(table))
    axes.set_ylim(0, 1.12)
    axes.set_ylabel("share, dashed: guessing", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=len(guessing))
    told = "; ".join(f"{name} " + ", ".join(f"{key} {float(entry[key]):.2f}" for key in guessing)
                     for name, entry in table.items())  # fmt: skip
    return Picture(figure, f"Shares of right answers: {told}. The dashed lines are guessing.")


def _thumbnail(axes: Axes, pixels: Pixels, colour: str = SOFT) -> None:
    axes.imshow(pixels, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(colour)
        spine.set_linewidth(1.0 if colour == SOFT else 3.0)


def _mosaic(pictures: Pixels) -> Pixels:
    """All pictures as one, a pixel of white between them."""
    number, side = pictures.shape[:2]
    lines = -(-number // _COLUMNS)
    whole = np.full((lines * (side + 1), _COLUMNS * (side + 1), 3), 255, dtype=np.uint8)
    for place, pixels in enumerate(pictures):
        top, left = place // _COLUMNS * (side + 1), place % _COLUMNS * (side + 1)
        whole[top : top + side, left : left + side] = pixels
    return whole


def _wrapped(label: str) -> str:
    """Two lines for a caption of more than three words, three for one of more than five."""
    words = label.split()
    if len(words) > 5:
        third = -(-len(words) // 3)
        return "\n".join(" ".join(words[k : k + third]) for k in range(0, len(words), third))
    return label if len(words) < 4 else f"{' '.join(words[:2])}\n{' '.join(words[2:])}"
