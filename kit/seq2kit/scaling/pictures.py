"""Pictures of scaling runs: valleys at fixed compute, the line through their bottoms, losses over the entropy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture
from seq2kit.scaling.loss_surface import PUBLISHED_EXPONENTS
from seq2kit.scaling.markov import MarkovSource
from seq2kit.scaling.runs import Result
from seq2kit.scaling.size_runs import SizeRun

_COLOURS = (BLUE, GREEN, ORANGE, RED, INK, "#7a4fa3", "#8a6d3b")
_POINTS = 5  # around the bottom of a valley, as the notebook fits them


def _axes(figure: Figure, rows: int = 1, columns: int = 1) -> list[Axes]:
    found = np.atleast_1d(np.asarray(figure.subplots(rows, columns), dtype=object)).ravel()
    for axes in found:
        axes.grid(True, which="major", color="#e4e7eb")
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    return list(found)


def _power(value: float) -> str:
    exponent = math.floor(math.log10(value) + 1e-9)
    factor = value / 10**exponent
    head = "" if abs(factor - 1) < 1e-6 else rf"{factor:g} \cdot "
    return rf"${head}10^{{{exponent}}}$"


def _budgets(runs: Sequence[Result]) -> list[float]:
    return sorted({run.compute for run in runs})


def valleys(
    runs: Sequence[Result], optima: tuple[Sequence[float], Sequence[float]], fit: Callable[..., Any] | None = None,
    source: MarkovSource | None = None,
) -> Picture:  # fmt: skip
    """IsoFLOP profiles: loss against size, one valley per budget, with its lowest point.

    optima: (budgets, best sizes), one per valley. fit: (sizes, losses) -> (p, n), the student's parabola in log10 of
    the size, highest power first; drawn through the runs around the lowest one. source: where the tokens come from;
    its entropy is drawn as the floor, and in a strip above what little knowledge costs. Raises ValueError when
    budgets differ.
    """
    budgets = _budgets(runs)
    best = dict(zip(map(float, optima[0]), map(float, optima[1]), strict=True))
    if sorted(best) != budgets:
        raise ValueError("expected one best size for each budget of the runs")
    figure = Figure(figsize=(7.6, 4.8 if source is None else 5.6), layout="constrained")
    axes = _axes(figure)[0] if source is None else _over_the_floor(figure, source)
    for budget, colour in zip(budgets, _COLOURS, strict=False):
        group = sorted((run for run in runs if run.compute == budget), key=lambda run: run.parameters)
        sizes, losses = [run.parameters for run in group], [run.loss for run in group]
        axes.plot(sizes, losses, "o", markersize=4, color=colour, label=_power(budget))
        bottom = best[budget]
        level = float(np.interp(math.log10(bottom), np.log10(sizes), losses))
        first = max(0, min(losses.index(min(losses)) - _POINTS // 2, len(losses) - _POINTS))
        near = slice(first, first + _POINTS)
        if fit is not None and len(losses) >= 3:
            p = np.asarray(fit(sizes[near], losses[near])[0], dtype=np.float64)
            u = np.linspace(math.log10(sizes[near][0]), math.log10(sizes[near][-1]), 80)
            axes.plot(10**u, np.polyval(p, u), color=colour, linewidth=1.3)
            level = float(np.polyval(p, math.log10(bottom)))
        axes.plot([bottom], [level], marker="*", markersize=13, color=colour, markeredgecolor="white", zorder=4)
    axes.set_xscale("log")
    axes.set_xlabel("parameters $N$")
    axes.set_ylabel("loss, nats per token")
    axes.legend(frameon=False, fontsize=9, title="compute $C$ (FLOPs)", title_fontsize=9, loc="upper right")
    sizes_text = ", ".join(f"{best[budget]:,.0f}" for budget in budgets)
    return Picture(figure, f"IsoFLOP profiles of {len(budgets)} budgets. Best sizes, by rising compute: {sizes_text}.")


def _over_the_floor(figure: Figure, source: MarkovSource) -> Axes:
    """Axes with the entropy as a line at the bottom, and a strip above them for baselines that lie far off."""
    grid = figure.add_gridspec(2, 1, height_ratios=(1, 6))
    axes = figure.add_subplot(grid[1])
    strip = figure.add_subplot(grid[0], sharex=axes)
    for part in (axes, strip):
        part.grid(True, which="major", color="#e4e7eb")
        part.set_axisbelow(True)
        part.spines[["top", "right"]].set_visible(False)
    strip.spines["bottom"].set_linestyle((0, (2, 4)))
    strip.tick_params(axis="x", which="both", bottom=False, labelbottom=False)
    lines = (
        (axes, "bigram = entropy, the floor", source.bigram_loss(), RED, "-"),
        (strip, "unigram", source.unigram_loss(), ORANGE, "--"),
        (strip, "knowing nothing", source.uniform_loss(), SOFT, ":"),
    )
    for part, name, level, colour, style in lines:
        part.axhline(level, linestyle=style, color=colour, linewidth=1.4)
        part.annotate(f"{name}: {level:.3f}", (0.01, level), xycoords=("axes fraction", "data"), xytext=(0, 3),
                      textcoords="offset points", fontsize=9, color=colour)  # fmt: skip
    strip.set_ylim(source.unigram_loss() - 0.4, source.uniform_loss() + 1.2)
    return axes


def line_with_band(
    budgets: Sequence[float], optima: Sequence[float], predict: Callable[[float], Any], compute: float = 1e15
) -> Picture:
    """Best size against compute on log-log axes, with the line, its band, and slopes that others published.

    predict: compute -> (size, low, high), the student's. Drawn from below the first budget to beyond `compute`.
    """
    figure = Figure(figsize=(7.6, 4.8), layout="constrained")
    (axes,) = _axes(figure)
    grid = np.geomspace(min(budgets) / 3, compute * 3, 60)
    curve = np.array([[float(value) for value in predict(float(c))] for c in grid])
    middle = float(np.exp(np.mean(np.log(budgets))))
    at_middle = float(predict(middle)[0])
    for name, style in (("Kaplan et al. 2020", ":"), ("Hoffmann et al. 2022, IsoFLOP (approach 2)", "--")):
        slope = PUBLISHED_EXPONENTS[name]
        label = f"slope {slope:.2f}: {name.split(',')[0]}"
        axes.plot(grid, at_middle * (grid / middle) ** slope, style, color=SOFT, linewidth=1.2, label=label)
    axes.fill_between(grid, curve[:, 1], curve[:, 2], color=BLUE, alpha=0.18, linewidth=0, label="band of the line")
    slope = math.log(curve[-1, 0] / curve[0, 0]) / math.log(grid[-1] / grid[0])
    axes.plot(grid, curve[:, 0], color=BLUE, linewidth=1.5, label=f"slope {slope:.2f}: your line")
    axes.plot(budgets, optima, "o", color=INK, markersize=5, zorder=4, label="bottoms of the valleys")
    best, low, high = (float(value) for value in predict(compute))
    axes.errorbar([compute], [best], [[best - low], [high - best]], fmt="*", markersize=12, color=RED, capsize=4,
                  zorder=5, label=f"at {_power(compute)} FLOPs")  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("compute $C$ (FLOPs)")
    axes.set_ylabel("best size $N^*$ (parameters)")
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    found = f"at {compute:.3g} FLOPs {best:,.0f}, band {low:,.0f} to {high:,.0f}"
    return Picture(figure, f"Best size against compute, slope {slope:.3f}; {found}.")


def loss_over_floor(runs: Sequence[Result], source: MarkovSource) -> Picture:
    """Left: all losses against compute, over the entropy and below the baselines. Right: what is left above the
    entropy, on log-log axes, with the best run of each budget joined."""
    figure = Figure(figsize=(9.6, 4.3), layout="constrained")
    left, right = _axes(figure, 1, 2)
    entropy, budgets = source.entropy(), _budgets(runs)
    best = [min(run.loss for run in runs if run.compute == budget) for budget in budgets]
    compute = [run.compute for run in runs]
    left.plot(compute, [run.loss for run in runs], "o", markersize=4, color=SOFT, label="runs")
    left.plot(budgets, best, marker="o", markersize=5, color=BLUE, label="best run of each budget")
    span = (min(budgets) / 1.6, max(budgets) * 1.6)
    lines = (
        ("knowing nothing", source.uniform_loss(), SOFT, ":"), ("unigram", source.unigram_loss(), ORANGE, "--"),
        ("bigram = entropy, the floor", source.bigram_loss(), RED, "-"),
    )  # fmt: skip
    for name, level, colour, style in lines:
        left.plot(span, [level, level], linestyle=style, color=colour, linewidth=1.4)
        drop = -11 if level == lines[-1][1] else 3  # the floor is named below its line: the runs lie above it
        left.annotate(f"{name}: {level:.3f}", (span[0], level), xytext=(2, drop), textcoords="offset points",
                      fontsize=9, color=colour)  # fmt: skip
    left.set_ylabel("loss, nats per token")
    left.set_ylim(entropy - 0.35, source.uniform_loss() + 0.4)
    left.legend(frameon=False, fontsize=9, loc="center right", bbox_to_anchor=(1.0, 0.72))
    right.plot(compute, [run.loss - entropy for run in runs], "o", markersize=4, color=SOFT)
    right.plot(budgets, [loss - entropy for loss in best], marker="o", markersize=5, color=BLUE)
    right.set_yscale("log")
    right.yaxis.set_major_formatter(FormatStrFormatter("%g"))
    right.yaxis.set_minor_formatter(FormatStrFormatter("%g"))
    right.set_ylabel("loss above the entropy, nats per token")
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xlabel("compute $C$ (FLOPs)")
    gaps = ", ".join(f"{loss - entropy:.3f}" for loss in best)
    return Picture(figure, f"Losses over the entropy of {entropy:.4f} nats. Best run of each budget above it: {gaps}.")


def forecast_of_a_run(
    bought: Sequence[Sequence[float]], said: tuple[float, float, float, float], floor: float
) -> Picture:
    """What was bought, and the band of the run that was not. bought: (N, D, loss) each; said: (compute, loss, low,
    high); floor: the entropy of the source."""
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    (axes,) = _axes(figure)
    compute, loss, low, high = said
    price = [6 * run[0] * run[1] for run in bought]
    dots = axes.scatter(price, [run[2] for run in bought], c=np.log10([run[0] for run in bought]), s=24, cmap="viridis")
    figure.colorbar(dots, ax=axes, label="$\\log_{10} N$")
    down, up = max(0.0, loss - low), max(0.0, high - loss)
    axes.errorbar(
        [compute], [loss], [[down], [up]], fmt="*", markersize=11, color=RED, capsize=5, label="your forecast"
    )
    axes.axhline(floor, color=SOFT, linewidth=1.2, linestyle="--", label=f"entropy: {floor:.3f}")
    axes.set_xscale("log")
    axes.set_xlabel("compute $C$ (FLOPs)")
    axes.set_ylabel("loss, nats per token")
    axes.legend(frameon=False, fontsize=9, loc="upper right")
    words = f"{loss:.4f} is forecast, band {low:.4f} to {high:.4f}."
    return Picture(figure, f"{len(bought)} runs bought; at {compute:.3g} FLOPs a loss of {words}")


def loss_against_size(runs: Sequence[SizeRun], baselines: Mapping[str, float] | None = None) -> Picture:
    """Translators: lowest validation loss against parameters, one line per seed, and the lowest training loss of the
    same runs as crosses. A model that overfits has a low cross under a high dot. baselines: losses of those who know
    less, by name, drawn as lines; the floor, 0, has no place on a logarithmic axis."""
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    (axes,) = _axes(figure)
    for seed, colour in zip(sorted({run.seed for run in runs}), _COLOURS, strict=False):
        group = sorted((run for run in runs if run.seed == seed), key=lambda run: run.parameters)
        sizes = [run.parameters for run in group]
        lowest = [min(run.losses) for run in group]
        axes.plot(sizes, lowest, marker="o", markersize=5, color=colour, label=f"seed {seed}")
        axes.plot(sizes, [min(run.train_losses) for run in group], "x", markersize=6, color=colour)
    for name, level in (baselines or {}).items():
        axes.axhline(level, linestyle="--", color=SOFT, linewidth=1.2)
        axes.annotate(f"{name}: {level:.2f}", (1.0, level), xycoords=("axes fraction", "data"), xytext=(-4, 3),
                      textcoords="offset points", ha="right", fontsize=9, color=SOFT)  # fmt: skip
    widths = {run.parameters: run.width for run in runs}
    for size, width in sorted(widths.items()):
        axes.annotate(f"{width}", (size, 0.0), xycoords=("data", "axes fraction"), xytext=(0, 4),
                      textcoords="offset points", ha="center", fontsize=8, color=INK)  # fmt: skip
    axes.plot([], [], "x", color=INK, label="training loss")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("parameters (small numbers: width)")
    axes.set_ylabel("lowest loss, nats per token")
    axes.margins(y=0.14)  # room for the widths
    axes.legend(frameon=False, fontsize=9, loc="lower left", bbox_to_anchor=(0.0, 0.07))
    return Picture(figure, f"Validation and training losses of {len(runs)} translators against their size.")
