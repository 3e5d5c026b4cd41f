"""Pictures for classifiers: where they err, what each class gets, how training went; baselines beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from seq2kit.bert.arithmetic import LABELS
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, Picture

Report = Mapping[str, Any]
_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
_MEASURES = ("accuracy", "balanced", "minus")


def counts(predicted: Any, labels: Any, classes: int = len(LABELS)) -> np.ndarray[Any, np.dtype[np.int64]]:
    """(classes, classes): rows are what is right, columns what was answered. Raises ValueError unless as many
    answers as labels are given, all of them classes."""
    answers, right = (np.asarray(values, dtype=np.int64).reshape(-1) for values in (predicted, labels))
    if answers.shape != right.shape:
        raise ValueError(f"{answers.size} answers for {right.size} labels")
    if right.size and not (min(answers.min(), right.min()) >= 0 and max(answers.max(), right.max()) < classes):
        raise ValueError(f"classes count from 0 to {classes - 1}")
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (right, answers), 1)
    return table


def confusion(answers: Mapping[str, tuple[Any, Any]], names: Sequence[str] = LABELS) -> Picture:
    """One confusion matrix per entry, side by side: title -> (predicted, labels). Colour is the share of a row, so
    that a rare class is as visible as a frequent one; the numbers are counts."""
    width = max(len(answers), 1)
    figure = Figure(figsize=(2.9 * width + 0.6, 3.2), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, width, sharey=True))
    for axes, (title, (predicted, labels)) in zip(panels, answers.items(), strict=False):
        table = counts(predicted, labels, len(names))
        shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
        axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
        for (row, column), count in np.ndenumerate(table):
            colour = "white" if shares[row, column] > 0.6 else INK
            axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=11)
        axes.set_xticks(range(len(names)), names, fontsize=8)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set_title(title, fontsize=10, color=INK)
        axes.set_xlabel("answered", fontsize=9)
    panels[0].set_ylabel("right", fontsize=9)
    return Picture(figure, f"Confusion matrices: {', '.join(answers)}. Rows are the right class, columns the answer.")


def recall_bars(reports: Mapping[str, Sequence[Report]], baseline: Report) -> Picture:
    """Accuracy, balanced accuracy, accuracy on minus, and the recall of each class: one bar per model, a dot per
    seed, and a black line where the constant majority answer stands.

    reports: model -> one report per seed. Keys of a report: accuracy, balanced, minus, and recall (one per class).
    """
    figure = Figure(figsize=(9.4, 3.6), layout="constrained")
    axes: Axes = figure.subplots()
    labels = ["accuracy", "balanced\naccuracy", "accuracy on\nminus items", *(f"recall of\n{n}" for n in LABELS)]
    width = 0.8 / max(len(reports), 1)
    for number, (name, runs) in enumerate(reports.items()):
        table = np.array([_row(run) for run in runs])
        places = np.arange(len(labels)) - 0.4 + width * (number + 0.5)
        colour = _COLOURS[number % len(_COLOURS)]
        axes.bar(places, table.mean(axis=0), width * 0.92, color=colour, alpha=0.75, label=name)
        for row in table:
            axes.plot(places, row, ".", color=INK, markersize=4, alpha=0.6)
    for place, height in enumerate(_row(baseline)):
        axes.plot([place - 0.44, place + 0.44], [height, height], color="black", linewidth=1.6)
    axes.plot([], [], color="black", linewidth=1.6, label="always the majority class")
    axes.set_xticks(range(len(labels)), labels, fontsize=9)
    axes.set_ylim(0, 1.04)
    axes.grid(True, axis="y", color="#e4e7eb")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper center", ncols=min(len(reports) + 1, 5), frameon=False, fontsize=9)
    return Picture(figure, f"Scores of {', '.join(reports)}; the black lines show what a constant answer gets.")


def _row(report: Report) -> list[float]:
    return [float(report[key]) for key in _MEASURES] + [float(value) for value in report["recall"]]


def curves(histories: Mapping[str, Sequence[Sequence[tuple[float, float]]]], majority: float) -> Picture:
    """Training loss (left) and validation accuracy (right) per epoch; one thin line per seed.

    histories: model -> per seed, a list of (loss, accuracy), one per epoch. majority: the constant answer's accuracy.
    """
    figure = Figure(figsize=(9.2, 3.2), layout="constrained")
    panels: Sequence[Axes] = figure.subplots(1, 2)
    for number, (name, runs) in enumerate(histories.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        for seed, run in enumerate(runs):
            epochs = range(1, len(run) + 1)
            for axes, values in zip(panels, zip(*run, strict=True), strict=True):
                axes.plot(epochs, values, color=colour, linewidth=1.2, label="" if seed else name)
    panels[1].axhline(majority, color="black", linewidth=1.2, linestyle="--")
    panels[1].annotate(
        "always the majority class", (1.0, majority), xycoords=("axes fraction", "data"), ha="right", va="top",
        fontsize=8, color=INK, xytext=(0, -3), textcoords="offset points",
    )  # fmt: skip
    panels[1].set_ylim(bottom=min(majority, panels[1].get_ylim()[0]) - 0.03)
    for axes, title in zip(panels, ("training loss", "validation accuracy"), strict=True):
        axes.set_title(title, fontsize=10, color=INK)
        axes.set_xlabel("epoch", fontsize=9)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(True, color="#e4e7eb")
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].legend(frameon=False, fontsize=9)
    return Picture(figure, f"Training loss and validation accuracy by epoch: {', '.join(histories)}.")
