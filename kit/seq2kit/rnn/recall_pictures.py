"""What the cells recall, against the lag, beside what a bound said before they were trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, SOFT, Picture

_LOOKS = {"small": (ORANGE, "tanh, small"), "orthogonal": (BLUE, "tanh, orthogonal"), "gru": (GREEN, "GRU")}
_FLOOR = 1e-10


def recall_against_lag(
    table: Mapping[str, Mapping[int, Sequence[float]]],
    bounds: Mapping[str, Callable[[int], float]],
    *,
    least: float,
    chance: float,
) -> Picture:
    """Above: accuracy against lag, a line at the mean of the starts, a dot for each of them. Below: the bound of each
    kind that has one, and the level `least` under which nothing is expected any more."""
    figure = Figure(figsize=(7.2, 5.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    for kind, row in table.items():
        colour, name = _LOOKS.get(kind, (INK, kind))
        lags = sorted(row)
        runs: Any = np.array([row[lag] for lag in lags], dtype=float)
        above.plot(lags, runs.mean(1), color=colour, label=name)
        above.fill_between(lags, runs.min(1), runs.max(1), color=colour, alpha=0.15, linewidth=0)
        for start in runs.T:
            above.plot(lags, start, color=colour, marker=".", linestyle="none")
        if kind in bounds:
            steps = range(min(lags), max(lags) + 1)
            below.plot(steps, [max(float(bounds[kind](step)), _FLOOR) for step in steps], color=colour)
    above.axhline(chance, color=SOFT, linestyle=":", linewidth=1)
    above.annotate("guessing", (0.01, chance), xycoords=("axes fraction", "data"), va="bottom", color=SOFT)
    below.axhline(least, color=SOFT, linestyle="--", linewidth=1)
    below.annotate(f"{least:g}", (0.01, least), xycoords=("axes fraction", "data"), va="top", color=SOFT)
    above.set_ylim(0, 1.05)
    above.set_ylabel("share recalled")
    above.legend(frameon=False, fontsize=9, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    below.set_yscale("log")
    below.set_ylim(_FLOOR, 10)
    below.set_xscale("log")
    below.set_xticks(sorted({lag for row in table.values() for lag in row}))
    below.set_xticklabels([str(lag) for lag in sorted({lag for row in table.values() for lag in row})])
    below.minorticks_off()
    below.set_xlabel("lag: steps between the symbol and the question")
    below.set_ylabel("bound before training")
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(True, which="major", color="#e4e7eb")
    return Picture(figure, "Share of symbols recalled against lag, and the bound on the gradient before training.")
