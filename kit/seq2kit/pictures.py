"""Pictures for the notebooks. Each function returns a `Picture`, which Jupyter shows."""

from __future__ import annotations

import base64
import html
import io
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from seq2kit.rnn.graphs import Edge

# Each of them can be read on white: see tests/kit/test_pictures.py.
INK, SOFT, BLUE, ORANGE, GREEN, RED = "#1f2933", "#66727f", "#2f6fb3", "#b85a15", "#35803f", "#c0262d"
_ROWS = {"x": 0.0, "z": 1.0, "h": 2.0, "o": 3.0, "yh": 4.0, "y": 4.55, "J": 5.4}
_COLOURS = {"x": GREEN, "z": BLUE, "h": BLUE, "o": ORANGE, "yh": ORANGE, "y": GREEN, "J": RED}
_WEIGHTS = {"Whx": (-0.2, 0.2), "Whh": (-0.2, 1.5), "Wyh": (-0.2, 3.3)}
_NODE = re.compile(r"(x|z|h|o|yh|y|J)(\d+)")


@dataclass(frozen=True, repr=False)
class Picture:
    """A figure with a sentence that says what it shows. No global pyplot state, so nothing is drawn twice."""

    figure: Figure
    caption: str

    def __repr__(self) -> str:
        return f"[picture] {self.caption}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        """An image with its caption as alternative text, which Jupyter gives to a PNG in no way. Where a notebook is
        graded a PNG, for what comes back from there shows no HTML."""
        data = base64.b64encode(self.png()).decode("ascii")
        if os.environ.get("SEQ2GRADE_GRADING"):
            return {"text/plain": repr(self), "image/png": data}
        image = f'<img alt="{html.escape(self.caption)}" src="data:image/png;base64,{data}">'
        return {"text/plain": repr(self), "text/html": image}

    def png(self, dpi: int = 110) -> bytes:
        """The picture as the bytes of a PNG file."""
        out = io.BytesIO()
        self.figure.savefig(out, format="png", dpi=dpi, bbox_inches="tight", facecolor="white")
        return out.getvalue()

    def save(self, path: Path | str) -> None:
        """Write the picture to `path` as a PNG file."""
        Path(path).write_bytes(self.png())


def when_ready(what: str, draw: Callable[[], Picture]) -> Picture | None:
    """`draw()`, or a sentence instead of a picture when `what`, which it uses, does not work yet."""
    try:
        return draw()
    except NotImplementedError:
        print(f"The picture appears here once {what} is written. Go on; come back and run this cell again.")
    except Exception as error:  # whatever an unfinished answer raises, the notebook should run on
        print(f"No picture yet: {what} stops with {type(error).__name__}: {error}")
    return None


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    axes.set_axis_off()
    return figure, axes


def _node(axes: Axes, at: tuple[float, float], label: str, colour: str, size: float = 12) -> None:
    box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": colour, "linewidth": 1.5}
    axes.text(*at, label, ha="center", va="center", fontsize=size, color=INK, bbox=box, zorder=3)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, bend: float = 0.0) -> None:
    style = f"arc3,rad={bend}"
    axes.add_patch(
        FancyArrowPatch(
            start, end, connectionstyle=style, arrowstyle="-|>", mutation_scale=11, color=colour,
            linewidth=1.1, shrinkA=15, shrinkB=15, zorder=2,
        )
    )  # fmt: skip


def unrolled_rnn(steps: int) -> Picture:
    """The recurrent network of `steps` steps, laid out in time: what goes in, what is kept, what is compared.

    Raises ValueError for fewer than one step.
    """
    if steps < 1:
        raise ValueError(f"an unrolled network has at least one step, got {steps}")
    figure, axes = _canvas(2.0 + 1.7 * steps, 3.6)
    _node(axes, (0, 1), "$h_0$", BLUE, 14)
    for t in range(1, steps + 1):
        column = {"$x_%d$": (0, GREEN), "$h_%d$": (1, BLUE), r"$\hat{y}_%d$": (2, ORANGE), "$J_%d$": (3, RED)}
        for label, (row, colour) in column.items():
            _node(axes, (t, row), label % t, colour, 14)
        for row in range(3):
            _arrow(axes, (t, row), (t, row + 1), INK)
        _arrow(axes, (t - 1, 1), (t, 1), INK)
        axes.text(t - 0.5, 1.12, "$W_{hh}$", ha="center", fontsize=11, color=BLUE)
        axes.text(t + 0.07, 0.45, "$W_{hx}$", fontsize=11, color=GREEN)
        axes.text(t + 0.07, 1.45, "$W_{yh}$, softmax", fontsize=11, color=ORANGE)
        axes.text(t + 0.07, 2.45, f"against $y_{t}$", fontsize=11, color=RED)
    axes.set_xlim(-0.4, steps + 0.85)
    axes.set_ylim(-0.4, 3.4)
    return Picture(figure, f"A recurrent network unrolled over {steps} steps, with the same weights at each.")


def graph(edges: Iterable[Edge], title: str = "") -> Picture:
    """A computation graph laid out by node name: time from left to right, losses on top.

    Edges that run against time, and nodes whose names do not belong to the network, are red.
    """
    pairs = sorted({(str(parent), str(child)) for parent, child in edges})
    names = sorted({name for pair in pairs for name in pair})
    steps = max((int(found[2]) for name in names if (found := _NODE.fullmatch(name))), default=1)
    strangers = [name for name in names if name != "J" and name not in _WEIGHTS and not _NODE.fullmatch(name)]
    places = {name: _place(name, steps) for name in names if name not in strangers}
    places |= {name: (0.6 + 0.9 * k, -1.0) for k, name in enumerate(strangers)}
    figure, axes = _canvas(min(2.6 + 1.9 * steps, 24.0), 6.2)
    for parent, child in pairs:
        _edge(axes, places, parent, child)
    for name, place in places.items():
        found = _NODE.fullmatch(name)
        known = _COLOURS[found[1]] if found else INK
        _node(axes, place, _label(name), RED if name in strangers or name == "J" else known, 11)
    axes.set_xlim(-0.6, max([steps + 0.9, *(x + 0.4 for x, _ in places.values())]))
    axes.set_ylim(-1.4 if strangers else -0.5, 6.8)
    axes.set_title(title, fontsize=11, color=INK)
    odd = f" Not names of this network: {', '.join(strangers)}." if strangers else ""
    return Picture(figure, f"Computation graph with {len(names)} nodes and {len(pairs)} edges.{odd}")


def _place(name: str, steps: int) -> tuple[float, float]:
    if name == "J":
        return (steps + 1) / 2, 6.3
    if name in _WEIGHTS:
        return _WEIGHTS[name]
    found = _NODE.fullmatch(name)
    assert found is not None
    kind, step = found[1], int(found[2])
    aside = {"y": 0.45, "h": 0.0}.get(kind, 0.0)
    return step + aside + (0.35 if step == 0 else 0.0), _ROWS[kind]


def _edge(axes: Axes, places: Mapping[str, tuple[float, float]], parent: str, child: str) -> None:
    start, end = places[parent], places[child]
    backwards = end[0] < start[0] - 0.5 and child != "J"
    if parent == child:
        axes.add_patch(
            FancyArrowPatch(
                (start[0] - 0.1, start[1] + 0.1), (start[0] + 0.1, start[1] + 0.1), arrowstyle="-|>",
                connectionstyle="arc3,rad=-2.2", mutation_scale=11, color=RED, zorder=4,
            )
        )  # fmt: skip
        return
    colour = RED if backwards else SOFT if parent in _WEIGHTS else INK
    _arrow(axes, start, end, colour, bend=0.25 if backwards else 0.0)


def _label(name: str) -> str:
    found = _NODE.fullmatch(name)
    if found:
        kind = r"\hat{y}" if found[1] == "yh" else found[1]
        return f"${kind}_{{{found[2]}}}$"
    if name in _WEIGHTS:
        return f"$W_{{{name[1:]}}}$"
    return "$J$" if name == "J" else name.replace("$", r"\$")


def gradient_norms(curves: Mapping[str, Sequence[float]]) -> Picture:
    """Norm of a gradient against the distance in time, one curve per entry of `curves`, logarithmic.

    curves: label -> norms at lag 0, 1, 2, ... A norm of zero has no place on a logarithmic axis: the curve
    ends there and its label says at which lag.
    """
    figure = Figure(figsize=(6.4, 3.8))
    axes = figure.add_subplot()
    for (label, norms), colour in zip(curves.items(), (BLUE, GREEN, ORANGE, RED, INK), strict=False):
        zeros = [lag for lag, norm in enumerate(norms) if norm == 0]
        end = zeros[0] if zeros else len(norms)
        note = f" (zero at lag {end})" if zeros else ""
        shown = [norm if math.isfinite(norm) else math.nan for norm in norms[:end]]
        axes.plot(range(end), shown, color=colour, marker=".", linewidth=1.3, label=label + note)
    axes.set_yscale("log")
    axes.set_xlabel("lag $t - i$: steps between the loss and the state")
    axes.set_ylabel(r"norm of $\partial J_t / \partial h_i$")
    axes.grid(True, which="major", color="#e4e7eb")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, title="recurrent matrix", title_fontsize=9)
    return Picture(figure, f"Gradient norm against time lag for {len(curves)} recurrent matrices.")
