"""Pictures of language models: how far they are from the best possible, where they look, and what they write."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from seq2kit.language.automaton import Automaton, Break
from seq2kit.numeric import as_float64
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_DASHES = ((0, (6, 3)), (0, (3, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
_GRID = "#e4e7eb"


def learning_curves(
    log: Sequence[Sequence[float]],
    *,
    floor: float,
    baselines: Mapping[str, float],
    window_floor: float | None = None,
    perplexity: bool = False,
    title: str = "",
) -> Picture:
    """Training and validation curve over the floor that no model can pass, baselines as dashed lines; with a
    `window_floor`, the best that is possible on windows, the end of the run is shown once more, enlarged.

    log: rows (step, training value, validation value), in nats per token, or as perplexities with `perplexity`;
    floors and baselines: nats per token always. Raises ValueError for rows of another length, or fewer than two.
    """
    rows = as_float64([list(row) for row in log]).numpy()
    if rows.ndim != 2 or rows.shape[1] != 3 or len(rows) < 2:
        raise ValueError(f"expected two or more rows (step, training, validation), got shape {rows.shape}")
    figure = Figure(figsize=(7.4, 4.2))
    axes = figure.add_subplot()
    axes.plot(rows[:, 0], rows[:, 1], color=SOFT, linewidth=1.3, label="training")
    axes.plot(rows[:, 0], rows[:, 2], color=BLUE, linewidth=1.6, marker=".", markersize=5, label="validation")
    finite = np.where(np.isfinite(rows[:, 2]), rows[:, 2], np.inf)
    best = int(finite.argmin())
    axes.plot(rows[best, 0], rows[best, 2], color=GREEN, marker="o", markersize=7, linestyle="", label="best")
    place = rows[:, 0].max()
    for (label, loss), dashes in zip(baselines.items(), _DASHES * 4, strict=False):
        level = math.exp(loss) if perplexity else loss
        axes.axhline(level, color=ORANGE, linewidth=1.0, linestyle=dashes)
        axes.annotate(f"{label} {level:.2f}", (place, level), (4, 2), textcoords="offset points", fontsize=8,
                      ha="right", color=ORANGE)  # fmt: skip
    bottom = math.exp(floor) if perplexity else floor
    axes.axhline(bottom, color=RED, linewidth=1.4)
    axes.annotate(f"entropy {bottom:.3f}", (place, bottom), (4, -11), textcoords="offset points", fontsize=8,
                  ha="right", color=RED)  # fmt: skip
    if perplexity:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_ylim(bottom=0.82 * bottom)
    else:
        axes.set_ylim(bottom=bottom - 0.09 * (float(finite[np.isfinite(finite)].max()) - bottom))
    if window_floor is not None:
        _enlarged(axes, rows, bottom, math.exp(window_floor) if perplexity else window_floor)
    axes.set_xlabel("updates")
    axes.set_ylabel("perplexity" if perplexity else "loss in nats per token")
    axes.set_title(title, fontsize=11, color=INK)
    axes.legend(frameon=False, fontsize=9, loc="center right", bbox_to_anchor=(1.0, 0.52))
    _plain(axes)
    gap = rows[best, 2] - bottom
    named = ", ".join(baselines) or "nothing"
    return Picture(
        figure, f"Learning curves; the best validation value lies {gap:.3f} above the floor; compared with {named}."
    )


def _enlarged(axes: Axes, rows: Any, floor: float, window_floor: float) -> None:
    """The second half of the run, close to the floors, as a picture in the picture."""
    late = rows[rows[:, 0] >= rows[:, 0].max() / 2]
    small = axes.inset_axes((0.2, 0.36, 0.4, 0.36))
    small.plot(late[:, 0], late[:, 1], color=SOFT, linewidth=1.1)
    small.plot(late[:, 0], late[:, 2], color=BLUE, linewidth=1.4, marker=".", markersize=4)
    small.axhline(floor, color=RED, linewidth=1.4)
    small.axhline(window_floor, color=RED, linewidth=1.1, linestyle=":")
    small.tick_params(labelsize=7, length=2)
    small.set_title("the second half", fontsize=8, color=INK)
    _plain(small)


def attention_heads(weights: Any, tokens: Sequence[str], title: str = "") -> Picture:
    """One square per head: how much the position of each row attends to the token of each column.

    weights: (H, n, n) or, for several layers, (layers, H, n, n); tokens: the n words. Raises ValueError when the
    sizes do not fit."""
    array = as_float64(weights).numpy()
    layers = array[None] if array.ndim == 3 else array
    n = len(tokens)
    if layers.ndim != 4 or layers.shape[2:] != (n, n):
        raise ValueError(f"expected weights (heads, {n}, {n}) for {n} tokens, got shape {array.shape}")
    down, across = layers.shape[:2]
    size = max(2.2, 0.19 * n)
    figure = Figure(figsize=(size * across + 1.2, (size + 0.35) * down + 1.0))
    grid = figure.subplots(down, across, squeeze=False)
    for layer in range(down):
        for head in range(across):
            axes = grid[layer, head]
            axes.imshow(layers[layer, head], cmap="Blues", vmin=0, vmax=1)
            axes.set_title(f"layer {layer + 1}, head {head + 1}", fontsize=9, color=INK)
            axes.set_xticks(range(n), tokens if layer == down - 1 else [""] * n, rotation=90, fontsize=7)
            axes.set_yticks(range(n), tokens if head == 0 else [""] * n, fontsize=7)
            axes.tick_params(length=0)
            axes.spines[:].set_color(_GRID)
    figure.suptitle(title, fontsize=11, color=INK)
    figure.tight_layout(h_pad=1.6)
    return Picture(figure, f"Attention weights of {down} x {across} heads on: {' '.join(tokens)}")


def sentences_of(words: Sequence[str]) -> list[list[str]]:
    """Running words cut after each full stop; what is left unfinished at the end is left out."""
    found: list[list[str]] = [[]]
    for word in words:
        found[-1].append(word)
        if word == ".":
            found.append([])
    return found[:-1]


def marked_sentences(sentences: Sequence[Sequence[str]], automaton: Automaton, title: str = "") -> Picture:
    """Sentences one below the other, each with a tick, or with the first word that breaks the grammar in red.

    Raises ValueError when there is no sentence."""
    if not sentences:
        raise ValueError("expected at least one complete sentence, ended by a full stop")
    breaks = [automaton.first_break(sentence) for sentence in sentences]
    lines = [_lines(sentence, found) for sentence, found in zip(sentences, breaks, strict=True)]
    height = 0.24 * (sum(map(len, lines)) + 0.35 * len(lines)) + 0.5
    figure = Figure(figsize=(9.6, height))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, _COLUMNS + 8)
    rows = sum(map(len, lines)) + 0.35 * len(lines)
    axes.set_ylim(rows + 0.3, -1.3)
    y = 0.0
    for found, parts in zip(breaks, lines, strict=True):
        sign, colour = ("✗", RED) if found else ("✓", GREEN)
        axes.text(1.0, y, sign, color=colour, fontsize=11, va="center", weight="bold")
        for line in parts:
            for column, word, wrong in line:
                axes.text(3.5 + column, y, word, color=RED if wrong else INK, fontsize=9, va="center",
                          family="monospace", weight="bold" if wrong else "normal")  # fmt: skip
            y += 1.0
        y += 0.35
    right = sum(found is None for found in breaks)
    axes.text(1.0, -0.95, f"{title}{': ' if title else ''}{right} of {len(breaks)} sentences are grammatical",
              color=INK, fontsize=10, va="center")  # fmt: skip
    return Picture(figure, f"{right} of {len(breaks)} sentences are grammatical. {title}".strip())


_COLUMNS = 120
Word = tuple[int, str, bool]  # column, word, whether it breaks the grammar


def _lines(sentence: Sequence[str], found: Break | None) -> list[list[Word]]:
    """Words placed in columns of a fixed-width font, on as many lines as they need."""
    words = list(sentence) if found is None or found.word else [*sentence, "(unfinished)"]
    lines: list[list[Word]] = [[]]
    column = 0
    for place, word in enumerate(words):
        if column + len(word) > _COLUMNS:
            lines.append([])
            column = 2
        lines[-1].append((column, word, found is not None and found.place == place))
        column += len(word) + 1
    return lines


def surprises(tokens: Sequence[str], model: Sequence[float] | None, best: Sequence[float], title: str = "") -> Picture:
    """How surprised a model is by each word, beside the least surprise that is possible there. Nats.

    tokens: n words; model, best: n values of -log probability; model may be None. Raises ValueError when the lengths
    differ."""
    least = as_float64(list(best)).numpy()
    mine = least if model is None else as_float64(list(model)).numpy()
    if not mine.shape == least.shape == (len(tokens),):
        raise ValueError(f"expected {len(tokens)} values of each, got {mine.shape} and {least.shape}")
    figure = Figure(figsize=(max(6.0, 0.34 * len(tokens) + 1.5), 3.4))
    axes = figure.add_subplot()
    places = np.arange(len(tokens))
    if model is None:
        axes.bar(places, least, 0.6, color=SOFT, label="best possible")
    else:
        axes.bar(places - 0.2, least, 0.38, color=SOFT, label="best possible")
        axes.bar(places + 0.2, mine, 0.38, color=BLUE, label="model")
    axes.set_xticks(places, list(tokens), rotation=60, ha="right", rotation_mode="anchor", fontsize=8)
    axes.set_ylabel("surprise in nats")
    axes.set_title(title, fontsize=11, color=INK)
    axes.legend(frameon=False, fontsize=9)
    _plain(axes)
    figure.tight_layout()
    shown = "The least possible surprise" if model is None else "Surprise of the model and the least possible"
    return Picture(figure, f"{shown}, word by word: {' '.join(tokens)}")


def agreement_by_distance(shares: Mapping[str, Sequence[float]], title: str = "") -> Picture:
    """How often verbs agree with their subjects, against the number of relative clauses in between.

    shares: for each predictor its shares with 0, 1, 2, ... clauses, all of one length; the first is drawn in blue, the
    others as dashes, and chance is dotted. Raises ValueError for lengths that differ, or none."""
    if not shares or len({len(values) for values in shares.values()}) != 1 or not len(next(iter(shares.values()))):
        raise ValueError("expected shares of one or more predictors, as many for each")
    figure = Figure(figsize=(7.4, 3.4))
    axes = figure.add_subplot()
    axes.axhline(0.5, color=SOFT, linewidth=1.1, linestyle=":")
    axes.annotate("chance", (0, 0.5), (0, -10), textcoords="offset points", fontsize=8, color=SOFT)
    for (name, values), dashes in reversed(list(zip(shares.items(), (None, *_DASHES * 4), strict=False))):
        style: dict[str, Any] = {"color": BLUE, "marker": "o"} if dashes is None else {"color": ORANGE}
        line = axes.plot(range(len(values)), list(values), label=name, linewidth=1.6, **style)[0]
        line.set_linestyle(dashes or "-")
    axes.set_xticks(range(len(next(iter(shares.values())))))
    axes.set_ylim(0.4, 1.05)
    axes.set_xlabel("relative clauses between subject and verb")
    axes.set_ylabel("share that agrees")
    axes.set_title(title, fontsize=11, color=INK)
    axes.legend(
        *(part[::-1] for part in axes.get_legend_handles_labels()), frameon=False, fontsize=9, loc="center right"
    )
    _plain(axes)
    figure.tight_layout()
    said = "; ".join(f"{name} {', '.join(f'{value:.2f}' for value in values)}" for name, values in shares.items())
    return Picture(figure, f"{title or 'Agreement'}, with 0, 1, 2, ... relative clauses in between: {said}.")


def _plain(axes: Axes) -> None:
    axes.grid(True, which="major", axis="y", color=_GRID)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
