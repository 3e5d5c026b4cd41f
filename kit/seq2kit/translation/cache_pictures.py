"""A picture of what a KV cache saves: scores that are counted, and time that was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seq2kit.pictures import BLUE, INK, ORANGE, Picture

_LOOKS = ((ORANGE, "o", "--"), (BLUE, "s", "-"))  # told apart by mark and line as well as by colour


def saved_by_a_cache(
    lengths: Sequence[int], scores: Mapping[str, Sequence[float]], seconds: Mapping[str, Sequence[float]]
) -> Picture:
    """Scores (on a logarithmic axis) and time of one more token against the length of what was read.

    lengths: ascending; scores, seconds: label -> one number per length, the same one or two labels in both.
    Raises ValueError when a row has another length, or labels differ.
    """
    if list(scores) != list(seconds) or not 1 <= len(scores) <= len(_LOOKS):
        raise ValueError(f"the same one or two labels are needed twice, got {list(scores)} and {list(seconds)}")
    figure = Figure(figsize=(9.2, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    milliseconds = {label: [1000 * value for value in row] for label, row in seconds.items()}
    _curves(left, lengths, scores, "scores per layer for one more token")
    _curves(right, lengths, milliseconds, "milliseconds for one more token")
    left.set_yscale("log")
    right.set_ylim(0, 1.15 * max(max(row) for row in milliseconds.values()))
    told = "; ".join(f"{label}: {scores[label][-1]:,.0f} scores, {milliseconds[label][-1]:.3g} ms" for label in scores)
    return Picture(
        figure, f"Scores and time of one more token against the tokens read. At {lengths[-1]} tokens {told}."
    )


def _curves(axes: Axes, lengths: Sequence[int], rows: Mapping[str, Sequence[float]], what: str) -> None:
    for (label, row), (colour, mark, line) in zip(rows.items(), _LOOKS, strict=False):
        if len(row) != len(lengths):
            raise ValueError(f"{label}: {len(lengths)} lengths, but {len(row)} numbers")
        axes.semilogx(lengths, row, color=colour, marker=mark, linestyle=line, markersize=5, label=label)
        axes.annotate(label, (lengths[-1], row[-1]), (-4, 8), textcoords="offset points", ha="right", color=colour)
    axes.set_xlabel("tokens read, the new one included")
    axes.set_ylabel(what, color=INK)
    axes.set_xticks(list(lengths), [str(n) for n in lengths])
    axes.minorticks_off()
    axes.grid(True, which="major", color="#e4e7eb")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
