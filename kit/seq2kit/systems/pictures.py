"""Pictures of part counts, schedules, messages, and of what a tuned model has learned and forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture
from seq2kit.systems import network, remat

_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
_OF_STEP = {remat.LOAD: ORANGE, remat.FORWARD: BLUE, remat.BACKWARD: GREEN}


def _axes(width: float = 6.6, height: float = 3.6) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, _plain(figure.add_subplot())


def _plain(axes: Axes) -> Axes:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, which="major", color="#e4e7eb")
    axes.set_axisbelow(True)
    return axes


def singular_values(rows: Mapping[str, Sequence[Sequence[float]]]) -> Picture:
    """Singular values of the slices of kernels: label -> for each input channel its values, the largest first."""
    figure, axes = _axes()
    told = []
    for (label, slices), colour in zip(rows.items(), _COLOURS, strict=False):
        shares = np.array([np.array(one) / max(one) for one in slices])
        for place, share in enumerate(shares):
            at = np.arange(1, len(share) + 1)
            axes.plot(at, share, "o-", color=colour, alpha=0.75, label=label if place == 0 else None)
        told.append(f"{label}: second over first {shares[:, 1].mean():.2f}")
    axes.set_xticks(range(1, 5))
    axes.set_xlabel("number of the singular value")
    axes.set_ylabel("share of the largest")
    axes.legend(frameon=False)
    return Picture(figure, "Singular values of the slices of two kernels; " + "; ".join(told) + ".")


def schedule(steps: Sequence[remat.Step], found: remat.Replayed, every: int) -> Picture:
    """Time to the right, layers upwards: what is loaded, run and gone back through in a schedule."""
    figure, axes = _axes(7.4, 3.4)
    for at, step in enumerate(steps):
        name, j = remat.read(step, at + 1)
        axes.add_patch(Rectangle((at, j - 0.4), 1, 0.8, color=_OF_STEP[name]))
    for name, colour in _OF_STEP.items():
        axes.plot([], [], "s", color=colour, label=name)
    top = max(found.order, default=1)
    for j in range(0, top + 1, every):
        axes.axhline(j, color=SOFT, linewidth=0.8, linestyle=":", zorder=0)
    axes.set_xlim(0, len(steps))
    axes.set_ylim(-0.8, top + 0.8)
    axes.set_xlabel("step of the schedule")
    axes.set_ylabel("layer (dotted: stored)")
    title = f"every {every} stored: {found.forwards} calls, {found.loads} loads, {found.peak} activations held"
    axes.set_title(title, fontsize=10, color=INK)
    axes.legend(frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.2))
    return Picture(figure, f"Schedule of a backward pass, {title}.")


def trade(rows: Mapping[str, Sequence[tuple[int, int, int]]], layers: int) -> Picture:
    """Calls in the backward pass against activations held: label -> (k, calls, held), a dot for each k."""
    figure, axes = _axes()
    for (label, points), colour in zip(rows.items(), _COLOURS, strict=False):
        axes.plot([p[2] for p in points], [p[1] for p in points], "o-", color=colour, label=label)
        for k, calls, held in points:
            axes.annotate(f"{k}", (held, calls), textcoords="offset points", xytext=(4, 4), fontsize=8, color=colour)
    axes.set_xlabel("activations held at once")
    axes.set_ylabel("calls of layers, backward pass")
    axes.legend(frameon=False)
    least = {label: min(held for _, _, held in points) for label, points in rows.items()}
    told = "; ".join(f"{label} needs at least {held}" for label, held in least.items())
    return Picture(figure, f"Calls against memory for {layers} layers, numbers are k. Activations held: {told}.")


def ring(log: Sequence[network.Message], grads: Sequence[network.Array]) -> Picture:
    """Round by round, the messages of a ring: which chunk goes where, and whose gradients are in it."""
    n, shown = len(grads), network.replay(log, grads)
    rounds = network.rounds(log, n)
    figure = Figure(figsize=(7.6, 2.6 * max(1, (len(rounds) + 2) // 3)), layout="constrained")
    angle = np.pi / 2 - 2 * np.pi * np.arange(n) / n
    places = np.stack([np.cos(angle), np.sin(angle)], 1)
    size = len(grads[0]) // n
    for number, indices in enumerate(rounds):
        axes = figure.add_subplot((len(rounds) + 2) // 3, 3, number + 1)
        axes.set_axis_off()
        axes.set_xlim(-1.75, 1.75)
        axes.set_ylim(-1.5, 1.5)
        axes.set_title(f"round {number + 1}", fontsize=10, color=INK)
        for index in indices:
            src, dst, _ = log[index]
            entry, terms = shown.carried[index][0] if shown.carried[index] else (0, (0,) * n)
            whole = all(terms)
            a, b = places[src], places[dst]
            colour = GREEN if whole else BLUE
            arrow = {"arrowstyle": "->", "color": colour, "linewidth": 1.6, "shrinkA": 11, "shrinkB": 11}
            axes.annotate("", b, a, arrowprops=arrow)
            who = "all" if whole else "+".join(str(w) for w, count in enumerate(terms) if count)
            x, y = 0.93 * (a + b)  # outside of the arrow
            axes.text(x, y, f"chunk {entry // size}\n{who}", ha="center", va="center", fontsize=7.5, color=colour)
        for w, (x, y) in enumerate(places):
            box = {"boxstyle": "circle,pad=0.3", "facecolor": "white", "edgecolor": INK}
            axes.text(x, y, str(w), ha="center", va="center", fontsize=9, color=INK, bbox=box)
    done = sum(1 for index in (rounds[-1] if rounds else []) if all(shown.carried[index][0][1]))
    return Picture(
        figure, f"A ring of {n} workers in {len(rounds)} rounds; in the last one {done} complete chunks are passed on."
    )


def traffic(rows: Mapping[str, Sequence[float]]) -> Picture:
    """What each machine sends and receives, in gradients; label -> numbers, the server last."""
    figure, axes = _axes()
    count = max(map(len, rows.values()))
    for place, ((label, load), colour) in enumerate(zip(rows.items(), _COLOURS, strict=False)):
        axes.bar(np.arange(len(load)) + 0.27 * (place - 1), load, 0.25, color=colour, label=label)
    axes.set_xticks(range(count), [*map(str, range(count - 1)), "server"])
    axes.set_xlabel("machine")
    axes.set_ylabel("gradients sent and received")
    axes.legend(frameon=False)
    told = "; ".join(f"{label} {max(load):.2f}" for label, load in rows.items())
    return Picture(figure, f"What each machine sends and receives, in gradients. The busiest: {told}.")


def tuned(rows: Mapping[str, Mapping[str, Sequence[float]]], unit: str = "balanced accuracy") -> Picture:
    """Ways of tuning, in rows; for each quantity a dot per seed, and a line at their mean."""
    figure, axes = _axes(7.2, 0.8 + 0.55 * len(rows))
    told = []
    for y, (label, quantities) in enumerate(rows.items()):
        for (quantity, values), colour, shift in zip(quantities.items(), _COLOURS, (-0.12, 0.12, 0.0), strict=False):
            axes.plot(
                values, [y + shift] * len(values), "o", color=colour, alpha=0.8, label=quantity if y == 0 else None
            )
            axes.plot([np.mean(values)] * 2, [y + shift - 0.14, y + shift + 0.14], color=colour, linewidth=2.2)
        told.append(label + " " + ", ".join(f"{quantity} {np.mean(v):.2f}" for quantity, v in quantities.items()))
    axes.set_yticks(range(len(rows)), list(rows))
    axes.invert_yaxis()
    axes.set_xlabel(unit)
    axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.3 if len(rows) < 5 else -0.22))
    return Picture(figure, f"Means in {unit}: {'; '.join(told)}.")


def adaptation(curves: Mapping[str, Sequence[Sequence[float]]]) -> Picture:
    """Loss on new tasks against steps of gradient descent: label -> a curve for each seed."""
    figure, axes = _axes()
    told = []
    for (label, runs), colour in zip(curves.items(), _COLOURS, strict=False):
        for place, run in enumerate(runs):
            axes.plot(range(len(run)), run, color=colour, alpha=0.8, label=label if place == 0 else None)
        told.append(f"{label} {np.mean([run[-1] for run in runs]):.3f}")
    axes.set_yscale("log")
    axes.set_xlabel("steps on a new task")
    axes.set_ylabel("mean squared error")
    axes.legend(frameon=False)
    return Picture(figure, f"Error on new tasks after the last step: {'; '.join(told)}.")
