"""Pictures of what attention costs, of its spectra, and of its estimates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seq2kit.attention.heads import Ranks
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
_MARKS = ("o", "s", "^", "D", "v")
Array = np.ndarray[Any, np.dtype[np.float64]]


def _bare(axes: Axes) -> Axes:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, which="major", color="#e4e7eb")
    axes.set_axisbelow(True)
    return axes


def _axes(width: float = 6.6, height: float = 3.8) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, _bare(figure.add_subplot())


def bytes_over_length(curves: Mapping[str, Callable[[int], float]]) -> Picture:
    """Bytes against the length n, both logarithmic; curves: label -> bytes at n. Lines mark 80 GB and 16 GB."""
    figure, axes = _axes()
    lengths = [10**3, 3 * 10**3, 10**4, 3 * 10**4, 10**5, 3 * 10**5, 10**6]
    told = []
    for (label, count), colour, mark in zip(curves.items(), _COLOURS, _MARKS, strict=False):
        sizes = [float(count(n)) for n in lengths]
        axes.plot(lengths, sizes, color=colour, marker=mark, markersize=4, label=label)
        told.append(f"{label} {sizes[4] / 1e9:,.1f} GB")
    for limit, name in ((16e9, "a laptop, 16 GB"), (80e9, "a large GPU, 80 GB")):
        axes.axhline(limit, color=SOFT, linestyle=":", linewidth=1)
        axes.text(lengths[0], limit * 1.25, name, color=SOFT, fontsize=8)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("length n, in positions")
    axes.set_ylabel("bytes")
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"Bytes against the length. At 100,000 positions: {'; '.join(told)}.")


def memory(
    lengths: Sequence[int],
    measured: Mapping[str, Sequence[float]],
    counted: Mapping[str, Callable[[int], float]],
) -> Picture:
    """Peaks of memory in bytes at each length (points), and what was counted (dotted lines), both axes logarithmic."""
    figure, axes = _axes()
    for (label, peaks), colour, mark in zip(measured.items(), _COLOURS, _MARKS, strict=False):
        axes.plot(lengths, peaks, mark, color=colour, label=label)
    for (label, count), colour in zip(counted.items(), _COLOURS, strict=False):
        axes.plot(lengths, [count(n) for n in lengths], color=colour, linestyle=":", label=label)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("length n, in positions")
    axes.set_ylabel("most bytes held at once")
    axes.legend(frameon=False, fontsize=9)
    ends = "; ".join(f"{label} {peaks[-1] / 1e6:,.1f} MB" for label, peaks in measured.items())
    return Picture(figure, f"Memory against the length, at n = {lengths[-1]:,}: {ends}.")


def ranks(found: Ranks) -> Picture:
    """A dot per head: how many singular values hold 90 % of its energy (median of the texts; bars are ranges)."""
    figure, axes = _axes(7.0, 4.0)
    told = []
    for layer, heads in enumerate(found.counts):
        counts = np.array(heads)
        place = layer + np.linspace(-0.3, 0.3, len(counts))
        middle = np.median(counts, axis=1)
        axes.vlines(place, counts.min(1), counts.max(1), color=SOFT, linewidth=1.2)
        axes.plot(place, middle, "o", color=BLUE, markersize=4.5)
        told.append(f"layer {layer} {counts.min()} to {counts.max()}")
    axes.axhline(found.n, color=RED, linestyle=":", linewidth=1)
    axes.text(
        len(found.counts) - 0.7, found.n * 0.8, f"full rank, {found.n}", color=RED, fontsize=9, ha="right", va="top"
    )
    axes.set_yscale("log")
    axes.set_xticks(range(len(found.counts)))
    axes.set_xlabel("layer (within each, a dot per head)")
    axes.set_ylabel("singular values for 90 % of the energy")
    axes.set_title("MiniLM" + (", measured by the course" if found.ours else ", measured here"), fontsize=11, color=INK)
    return Picture(figure, f"Singular values that hold 90 % of the energy of each head's matrix: {'; '.join(told)}.")


def matrices(shown: Mapping[str, Array]) -> Picture:
    """Matrices of weights side by side, on one scale from 0 to 1, with their rank (singular values above 1e-6)."""
    figure = Figure(figsize=(3.3 * len(shown) + 0.6, 3.4), layout="constrained")
    told, drawn, places = [], None, []
    for number, (label, weights) in enumerate(shown.items(), 1):
        axes = figure.add_subplot(1, len(shown), number)
        rank = int((np.linalg.svd(weights, compute_uv=False) > 1e-6).sum())
        drawn = axes.imshow(weights, vmin=0, vmax=1, cmap="Blues")
        axes.set_title(f"{label}: rank {rank}", fontsize=10, color=INK)
        axes.set_xlabel("key")
        axes.set_ylabel("query")
        told.append(f"{label} has rank {rank}")
        places.append(axes)
    if drawn is not None:
        figure.colorbar(drawn, ax=places, label="weight", shrink=0.8)
    return Picture(figure, f"Weights of attention: {'; '.join(told)}.")


def estimates(exact: Array, tried: Mapping[int, Sequence[Array]], m: int) -> Picture:
    """The kernel exp(q . k) and its estimates. exact: (n, n); tried: features -> estimates (n, n), one for each draw;
    m: the number of features of which the left picture shows the first draw."""
    figure = Figure(figsize=(8.4, 3.6), layout="constrained")
    left, right = _bare(figure.add_subplot(1, 2, 1)), _bare(figure.add_subplot(1, 2, 2))
    keys = np.arange(exact.shape[1])
    mine = tried[m][0]
    left.plot(keys, exact[0] / exact[0].sum(), "o-", color=INK, label="softmax")
    left.plot(keys, mine[0] / mine[0].sum(), "s--", color=ORANGE, label=f"{m} features")
    left.set_xlabel("key")
    left.set_ylabel("weight of the first query")
    left.set_ylim(bottom=0)
    left.legend(frameon=False, fontsize=9)
    errors = {
        count: [float(np.sqrt(np.mean((one / exact - 1) ** 2))) for one in draws] for count, draws in tried.items()
    }
    for count, found in errors.items():
        right.plot([count] * len(found), found, "o", color=ORANGE if count == m else BLUE, markersize=4, alpha=0.8)
    counts = sorted(errors)
    middle = [float(np.median(errors[count])) for count in counts]
    right.plot(counts, middle, color=BLUE, linewidth=1, label="median of the draws")
    right.plot(
        counts, [middle[-1] * (count / counts[-1]) ** -0.5 for count in counts], ":", color=SOFT, label="slope -1/2"
    )
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_xlabel("features m")
    right.set_ylabel("relative error of the kernel")
    right.legend(frameon=False, fontsize=9)
    told = f"median {np.median(errors[m]):.2f} at {m} features, {middle[-1]:.2f} at {counts[-1]}"
    return Picture(
        figure, f"Random features for exp(q . k): one row of attention, and the relative error of all entries: {told}."
    )


def nats(exact: float, found: Mapping[int, Sequence[float]]) -> Picture:
    """Nats per word of a model against the number of features; a dot for each draw; a line for the exact softmax."""
    figure, axes = _axes()
    for m, losses in found.items():
        axes.plot([m] * len(losses), losses, "o", color=BLUE, markersize=5)
    axes.plot(
        list(found),
        [float(np.mean(losses)) for losses in found.values()],
        color=BLUE,
        linewidth=1,
        label="mean of the draws",
    )
    axes.axhline(exact, color=ORANGE, linestyle="--", label=f"softmax: {exact:.2f}")
    axes.set_xscale("log", base=2)
    axes.set_xlabel("features m, in every head")
    axes.set_ylabel("nats per word")
    axes.legend(frameon=False, fontsize=9)
    told = "; ".join(f"{m} features {np.mean(losses):.2f}" for m, losses in found.items())
    return Picture(
        figure, f"Loss of a trained GPT with random features in every head: {told}; softmax {exact:.2f} nats per word."
    )


def needed(found: Mapping[str, Array]) -> Picture:
    """How many features pairs of a real query and key need: for each head the middle 80 % of pairs, and the median."""
    figure, axes = _axes(6.8, 1.6 + 0.3 * len(found))
    told = []
    for place, (name, counts) in enumerate(found.items()):
        low, middle, high = np.quantile(np.maximum(counts, 1.0), (0.1, 0.5, 0.9))
        axes.hlines(place, low, high, color=BLUE, linewidth=3)
        axes.plot(middle, place, "o", color=ORANGE, markersize=6)
        told.append(f"{name} {middle:.1g}")
    axes.axvline(64, color=RED, linestyle=":", linewidth=1)
    axes.text(64 * 0.7, 0, "64 positions", color=RED, fontsize=9, rotation=90, ha="right", va="bottom")
    axes.set_yticks(range(len(found)), list(found))
    axes.set_ylim(-0.6, len(found) - 0.4)
    axes.set_xscale("log")
    axes.set_xlabel("features needed for a relative error of 0.1 (dot: median; bar: 8 pairs of 10)")
    return Picture(figure, f"Features needed for pairs of a trained GPT, medians: {'; '.join(told)}.")


def seconds(lengths: Sequence[int], found: Mapping[str, Sequence[float]]) -> Picture:
    """Seconds at each length, both axes logarithmic."""
    figure, axes = _axes()
    for (label, times), colour, mark in zip(found.items(), _COLOURS, _MARKS, strict=False):
        axes.plot(lengths, times, color=colour, marker=mark, label=label)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("length n, in positions")
    axes.set_ylabel("seconds")
    axes.legend(frameon=False, fontsize=9)
    told = "; ".join(f"{label} {times[-1]:.2g} s" for label, times in found.items())
    return Picture(figure, f"Seconds against the length, at n = {lengths[-1]:,}: {told}.")
