"""Pictures of predictions, of who hears whom, and of what went wrong in training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
_MARKS = ("o", "s", "^", "D", "v")
Array = np.ndarray[Any, np.dtype[np.float64]]


def _axes(width: float = 6.6, height: float = 3.6) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, color="#e4e7eb")
    axes.set_axisbelow(True)
    return figure, axes


def expected(curves: Mapping[str, Sequence[float]], reports: Sequence[float], chance: float) -> Picture:
    """What each score is on average against the confidence that is reported; a mark at its lowest point."""
    figure, axes = _axes()
    best = []
    for (label, values), colour, mark in zip(curves.items(), _COLOURS, _MARKS, strict=False):
        low = int(np.argmin(values))
        best.append(f"{label} is lowest at {reports[low]:.2f}")
        axes.plot(reports, values, color=colour, label=label)
        axes.plot(reports[low], values[low], mark, color=colour, markersize=8)
    axes.axvline(chance, color=SOFT, linestyle=":", linewidth=1.2)
    axes.set_xlabel(f"the confidence that you report (the chance is {chance:g})")
    axes.set_ylabel("mean score (lower is better)")
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"Mean scores against the reported confidence, chance {chance:g}: {'; '.join(best)}.")


def calibration(p: Sequence[float], hits: Sequence[bool], names: Sequence[str], score: float) -> Picture:
    """Each prediction at its confidence, hit or missed, and the share of hits among those that were about as sure."""
    figure, axes = _axes(6.6, 4.0)
    sure, hit = np.asarray(p, dtype=np.float64), np.asarray(hits, dtype=bool)
    axes.plot([0, 1], [0, 1], color=SOFT, linestyle=":", linewidth=1.2, label="as sure as right")
    edges = np.array([0.0, 0.5, 0.7, 0.85, 1.0])
    group = np.clip(np.searchsorted(edges, sure, side="left") - 1, 0, len(edges) - 2)
    for k in sorted(set(group.tolist())):
        inside = group == k
        label = "share of hits, by confidence" if k == group.min() else None
        axes.plot(sure[inside].mean(), hit[inside].mean(), "o", color=BLUE, markersize=5 + inside.sum(), label=label)
    jitter = 0.03 * np.cos(2.4 * np.arange(len(sure)))
    axes.plot(sure[hit], 1 + jitter[hit], "^", color=GREEN, markersize=5, label="a hit")
    axes.plot(sure[~hit], jitter[~hit], "x", color=RED, markersize=6, label="a miss")
    axes.set_xlim(-0.03, 1.05)
    axes.set_ylim(-0.08, 1.12)
    axes.set_xlabel("how sure you were")
    axes.set_ylabel("how often you were right")
    axes.legend(frameon=False, fontsize=9, loc="center left")
    missed = ", ".join(name for name, right in zip(names, hit, strict=True) if not right) or "none"
    share = f"{int(hit.sum())} of {len(hit)} predictions hit, mean confidence {sure.mean():.2f}"
    return Picture(figure, f"{share}, Brier score {score:.3f}; missed: {missed}.")


def heard(tables: Mapping[str, Array]) -> Picture:
    """For each network a square: row t, column s is filled if output t depends on input s."""
    figure = Figure(figsize=(2.3 * len(tables) + 0.4, 2.9), layout="constrained")
    words = []
    for place, (label, table) in enumerate(tables.items()):
        axes = figure.add_subplot(1, len(tables), place + 1)
        cells = np.asarray(table, dtype=bool)
        axes.imshow(~cells, cmap="gray", vmin=-0.6, vmax=1.0)
        axes.set_xticks(range(cells.shape[1]), [str(s + 1) for s in range(cells.shape[1])], fontsize=8)
        axes.set_yticks(range(cells.shape[0]), [str(t + 1) for t in range(cells.shape[0])], fontsize=8)
        for edge in range(1, len(cells)):
            axes.axhline(edge - 0.5, color="white", linewidth=0.8)
            axes.axvline(edge - 0.5, color="white", linewidth=0.8)
        axes.set_xlabel("input at step")
        axes.set_ylabel("output at step" if place == 0 else "")
        axes.set_title(label, fontsize=10, color=INK)
        words.append(f"in the {label}, {int(np.triu(cells, 1).sum())} outputs hear a later input")
    return Picture(figure, f"Which outputs depend on which inputs (dark: depends); {'; '.join(words)}.")


def spread(groups: Mapping[str, Sequence[float]], *, y: str, zero: float | None = None) -> Picture:
    """A dot per run in each group, a line at the mean. zero: where a dotted line goes."""
    figure, axes = _axes()
    told = []
    for place, (label, values) in enumerate(groups.items()):
        runs = np.asarray(values, dtype=np.float64)
        axes.plot(place + 0.08 * np.linspace(-1, 1, len(runs)), runs, "o", color=BLUE, markersize=4)
        axes.hlines(runs.mean(), place - 0.25, place + 0.25, color=ORANGE, linewidth=2)
        told.append(f"{label} {runs.mean():.2f} ({runs.min():.2f} to {runs.max():.2f})")
    if zero is not None:
        axes.axhline(zero, color=SOFT, linestyle=":", linewidth=1.2)
    axes.set_xticks(range(len(groups)), list(groups))
    axes.set_ylabel(y)
    return Picture(figure, f"{y}, a dot per run, by group: {'; '.join(told)}.")


def distance(curves: Mapping[str, Mapping[int, Sequence[float]]], *, guess: float) -> Picture:
    """Share of right answers against the distance, for several readers: the mean over runs, and each run as a mark."""
    figure, axes = _axes()
    for (label, points), colour, mark in zip(curves.items(), _COLOURS, _MARKS, strict=False):
        axes.plot(list(points), [np.mean(runs) for runs in points.values()], color=colour, marker=mark, label=label)
        for length, runs in points.items():
            axes.plot([length] * len(runs), runs, mark, color=colour, markersize=4, alpha=0.6)
    axes.axhline(guess, color=SOFT, linestyle=":", linewidth=1.2)
    axes.set_xlabel("length of the sequence, in words")
    axes.set_ylabel("share of first words recalled")
    axes.set_ylim(0, 1.05)
    axes.legend(frameon=False, fontsize=9, loc="center right")
    return Picture(
        figure, f"Recall of the first word against the length, {', '.join(curves)}; the dotted line is guessing."
    )


def norms(curves: Mapping[str, Sequence[float]]) -> Picture:
    """Norm of the gradient at each update, on a logarithmic axis; a cross where a run stopped being finite."""
    figure, axes = _axes()
    told = []
    for (label, values), colour in zip(curves.items(), _COLOURS, strict=False):
        runs = np.asarray(values, dtype=np.float64)
        there = np.isfinite(runs)
        kept = np.maximum(runs[there], 1e-12)
        broke = not there.all()
        axes.plot(np.arange(1, len(kept) + 1), kept, color=colour, label=f"{label}{' (then NaN)' if broke else ''}")
        if broke and len(kept):
            axes.plot(len(kept), kept[-1], "x", color=colour, markersize=9)
        told.append(f"{label}: {f'not finite at update {len(runs)}' if broke else f'finite over {len(runs)} updates'}")
    axes.set_yscale("log")
    axes.set_xlabel("update")
    axes.set_ylabel("norm of the gradient")
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"Norm of the gradient during training. {'; '.join(told)}.")
