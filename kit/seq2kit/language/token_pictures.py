"""Pictures of tokens: how merges join them, how much that saves, and what a model writes with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT, Picture

_GRID = "#e4e7eb"
_FILLS = "#dbe8f5", "#f7e3d3", "#dcefdf", "#efe3f3", "#f6f0cf"
_SHOWN = {" ": "␣", "\n": "↵", "\t": "⇥"}


def shown(text: str) -> str:
    """The text with a sign for each space and each end of a line, so that they can be seen."""
    return "".join(_SHOWN.get(letter, letter) for letter in text)


def merge_steps(rows: Sequence[tuple[str, Sequence[str]]], title: str = "") -> Picture:
    """One text, row by row in larger tokens, each token a box as wide as it is long; equal tokens have one colour.

    rows: (label, tokens as text); joined they are the same text in each row. Raises ValueError when they are not, or
    when there is no row."""
    texts = {"".join(tokens) for _, tokens in rows}
    if len(texts) != 1 or not next(iter(texts)):
        raise ValueError("expected rows of tokens that spell one and the same text")
    width = len(next(iter(texts)))
    figure = Figure(figsize=(0.2 * width + 3.4, 0.42 * len(rows) + 0.6))
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_xlim(-15, width + 4)
    axes.set_ylim(len(rows) - 0.3, -0.8)
    colours: dict[str, str] = {}
    for y, (label, tokens) in enumerate(rows):
        axes.text(-0.8, y, label, ha="right", va="center", fontsize=9, color=SOFT)
        x = 0
        for token in tokens:
            fill = "white"
            if len(token) > 1:
                fill = colours.setdefault(token, _FILLS[len(colours) % len(_FILLS)])
            _box(axes, x, y, token, fill)
            x += len(token)
        axes.text(width + 0.6, y, str(len(tokens)), ha="left", va="center", fontsize=9, color=INK, weight="bold")
    figure.suptitle(title, fontsize=11, color=INK)
    counts = ", ".join(f"{label}: {len(tokens)}" for label, tokens in rows)
    return Picture(figure, f"{title or 'Tokens'}; how many tokens, {counts}. The last row: {'|'.join(rows[-1][1])}")


def _box(axes: Axes, x: float, y: float, token: str, fill: str) -> None:
    style = "round,pad=0,rounding_size=0.25"
    axes.add_patch(
        FancyBboxPatch((x + 0.06, y - 0.36), len(token) - 0.12, 0.72, boxstyle=style, facecolor=fill, edgecolor=SOFT,
                       linewidth=0.7, mutation_aspect=0.6)
    )  # fmt: skip
    for place, letter in enumerate(shown(token)):
        faint = letter != token[place]
        axes.text(x + place + 0.5, y, letter, ha="center", va="center", fontsize=8.5, family="monospace",
                  color=SOFT if faint else INK)  # fmt: skip


def tokens_per_word(curves: Mapping[str, Sequence[tuple[int, float]]], title: str = "") -> Picture:
    """Tokens per word against the number of merges, a curve a text. Raises ValueError where there are no points."""
    if not curves or not all(curves.values()):
        raise ValueError("expected one or more curves of points (merges, tokens per word)")
    figure = Figure(figsize=(7.4, 3.4))
    axes = figure.add_subplot()
    for (name, points), colour in zip(curves.items(), (BLUE, ORANGE, GREEN, RED), strict=False):
        merges, values = zip(*points, strict=True)
        axes.plot(merges, values, color=colour, marker=".", markersize=4, linewidth=1.5)
        axes.annotate(f"{name} {values[-1]:.2f}", (merges[-1], values[-1]), (5, 0), textcoords="offset points",
                      fontsize=9, va="center", color=colour)  # fmt: skip
    axes.axhline(1.0, color=SOFT, linewidth=1.1, linestyle=":")
    axes.set_xlim(right=1.3 * max(points[-1][0] for points in curves.values()))
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("merges")
    axes.set_ylabel("tokens per word")
    axes.set_title(title, fontsize=11, color=INK)
    _plain(axes)
    figure.tight_layout()
    said = "; ".join(
        f"{name} {points[0][1]:.2f} at {points[0][0]}, {points[-1][1]:.2f} at {points[-1][0]}"
        for name, points in curves.items()
    )
    return Picture(figure, f"{title or 'Tokens per word'} against merges: {said}.")


def code_samples(columns: Mapping[str, Sequence[tuple[str, bool]]], title: str = "", lines: int = 8) -> Picture:
    """Pieces of code side by side, a column for each writer, with a tick where Python's parser reads them.

    columns: writer -> (code, whether it parses); of long pieces the first `lines` lines are shown. Raises ValueError
    when a column is empty."""
    if not columns or not all(columns.values()):
        raise ValueError("expected one or more columns, and code in each")
    cut = {name: [(_lines_of(code, lines), fine) for code, fine in pieces] for name, pieces in columns.items()}
    height = max(sum(len(code) + 1 for code, _ in pieces) for pieces in cut.values())
    figure = Figure(figsize=(4.6 * len(cut), 0.17 * (height + 3)))
    for place, (name, pieces) in enumerate(cut.items()):
        axes = figure.add_axes((place / len(cut), 0.0, 1 / len(cut), 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(height + 0.5, -2.5)
        right = sum(fine for _, fine in pieces)
        axes.text(0.02, -1.6, f"{name}: {right} of {len(pieces)} parse", color=INK, fontsize=10, va="center")
        y = 0.0
        for code, fine in pieces:
            sign, colour = ("✓", GREEN) if fine else ("✗", RED)
            axes.text(0.02, y, sign, color=colour, fontsize=11, va="center", weight="bold")
            for line in code:
                axes.text(0.07, y, line, color=INK if fine else SOFT, fontsize=7.5, va="center", family="monospace",
                          parse_math=False)  # fmt: skip
                y += 1.0
            y += 1.0
    figure.suptitle(title, fontsize=11, color=INK, y=1.03)
    said = "; ".join(f"{name}: {sum(ok for _, ok in pieces)} of {len(pieces)}" for name, pieces in columns.items())
    return Picture(figure, f"{title or 'Samples of code'}, how many parse: {said}.")


def _lines_of(code: str, most: int) -> list[str]:
    """At most so many lines that fit the column, of signs that every font has."""
    lines = ["".join(sign if sign.isprintable() else "·" for sign in line) for line in code.split("\n")]
    cut = [line if len(line) <= 56 else line[:55] + "…" for line in lines[:most]]
    return [*cut, "…"] if len(lines) > most else cut


def _plain(axes: Any) -> None:
    axes.grid(True, which="major", axis="y", color=_GRID)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
