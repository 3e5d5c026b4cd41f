"""Pictures of the language-model lab: curves, rates with intervals, two scores against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
_MARKS = ("o", "s", "^", "D", "v")


def _axes(width: float = 6.6, height: float = 3.6) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, color="#e4e7eb")
    axes.set_axisbelow(True)
    return figure, axes


def lines(
    at: Sequence[float], curves: Mapping[str, Sequence[float]], *, x: str, y: str, mark: float | None = None
) -> Picture:
    """A curve for each name, over `at`. mark: where a dotted line goes."""
    figure, axes = _axes()
    told = []
    for (name, values), colour, sign in zip(curves.items(), _COLOURS, _MARKS, strict=False):
        axes.plot(at, values, color=colour, marker=sign, markersize=5, label=name)
        told.append(f"{name} from {values[0]:.2f} to {values[-1]:.2f}")
    if mark is not None:
        axes.axvline(mark, color=SOFT, linestyle=":", linewidth=1.2)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"{y} against {x}, {at[0]:g} to {at[-1]:g}: {'; '.join(told)}.")


def rates(found: Mapping[str, tuple[float, float, float]], *, y: str) -> Picture:
    """For each name its rate, and the interval from low to high around it."""
    figure, axes = _axes(5.6, 3.4)
    told = []
    for place, (name, (rate, low, high)) in enumerate(found.items()):
        axes.vlines(place, low, high, color=BLUE, linewidth=2)
        axes.plot(place, rate, "o", color=ORANGE, markersize=7)
        told.append(f"{name} {rate:.2f} ({low:.2f} to {high:.2f})")
    axes.set_xticks(range(len(found)), list(found))
    axes.set_xlim(-0.6, len(found) - 0.4)
    axes.set_ylim(-0.02, 1.02)
    axes.set_ylabel(y)
    return Picture(figure, f"{y}, with 95 % intervals: {'; '.join(told)}.")


def before_after(pairs: Sequence[tuple[float, float]], *, y: str) -> Picture:
    """Each pair as a line from what was measured before to what was measured after."""
    figure, axes = _axes(4.6, 3.4)
    for before, after in pairs:
        colour = GREEN if after > before else RED if after < before else SOFT
        axes.plot([0, 1], [before, after], "-o", color=colour, markersize=5, alpha=0.8)
    axes.set_xticks([0, 1], ["before", "after"])
    axes.set_xlim(-0.3, 1.3)
    axes.set_ylabel(y)
    rose, fell = (sum(sign * (after - before) > 0 for before, after in pairs) for sign in (1, -1))
    return Picture(figure, f"{y} of {len(pairs)} runs before and after: it rose in {rose} and fell in {fell}.")


def two_scores(points: Mapping[str, Sequence[tuple[float, float]]], *, x: str, y: str) -> Picture:
    """Two scores of the same texts against each other, a colour for each kind of text."""
    figure, axes = _axes(5.8, 4.2)
    told = []
    for place, (name, found) in enumerate(points.items()):
        jitter = 0.012 * (place - (len(points) - 1) / 2)
        axes.plot(
            [one for one, _ in found], [other + jitter for _, other in found], _MARKS[place % 5], alpha=0.7,
            color=_COLOURS[place % 5], markersize=5, label=name,
        )  # fmt: skip
        means = [sum(pair[k] for pair in found) / max(1, len(found)) for k in (0, 1)]
        told.append(f"{name} {means[0]:.2f} and {means[1]:.2f}")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_xlim(-0.05, 1.05)
    axes.set_ylim(-0.05, 1.05)
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"{y} against {x}; means of {x} and {y} by kind of text: {'; '.join(told)}.")
