"""How the gradient of an RNN shrinks or grows with depth, measured with the student's own functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, Picture, when_ready

Array = np.ndarray[Any, np.dtype[np.float64]]
DEPTHS = (0, 1, 2, 3, 5, 8, 12, 17, 23, 30, 40, 50)
STRETCHES = (0.5, 0.9, 1.2, 5.0)
_SIZE, _SEED = 24, 1  # drawn so that the largest weights make tanh explode and sigmoid vanish
_FLOOR = 1e-33


@dataclass(frozen=True)
class Activation:
    """An elementwise function, its derivative, and the largest slope that it has anywhere."""

    name: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    gamma: float


def _sigmoid(a: Array) -> Array:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * a)), dtype=np.float64)


def _tanh(a: Array) -> Array:
    return np.asarray(np.tanh(a), dtype=np.float64)


TANH = Activation("tanh", _tanh, lambda a: 1.0 - _tanh(a) ** 2, 1.0)
SIGMOID = Activation("sigmoid", _sigmoid, lambda a: _sigmoid(a) * (1.0 - _sigmoid(a)), 0.25)


def gradient_norm_against_depth(jac_T: Any, vanishing_bound: Any = None) -> Picture | None:
    """Norm of the Jacobian after T steps against T, for tanh and sigmoid and weights of several sizes.

    jac_T, vanishing_bound: the student's functions, or None. Weights have sigma_max(W) = stretch / gamma, so
    lines of one colour share their bound stretch ** T, dashed; a bound that fails is left out, and a jac_T
    that fails gives a sentence in place of the picture. Never raises for what the two functions do.
    """

    def draw() -> Picture:
        if not callable(jac_T):
            raise NotImplementedError
        return _draw(jac_T, vanishing_bound)

    return when_ready("jac_T", draw)


def weights(size: int, stretch: float, seed: int) -> Array:
    """A (size, size) matrix, generic apart from its largest singular value, which is `stretch`."""
    drawn = np.random.default_rng(seed).standard_normal((size, size))
    return np.asarray(stretch * drawn / np.linalg.norm(drawn, 2), dtype=np.float64)


def measured(jac_T: Callable[..., Any], activation: Activation, W: Array, depths: Sequence[int]) -> list[float]:
    """Operator norm of the student's Jacobian at each depth; small random inputs, no bias.

    Raises ValueError when a result is not a finite matrix of the shape of W.
    """
    d = len(W)
    rng = np.random.default_rng(1)
    inputs, start = 0.3 * rng.standard_normal((max(depths), 2)), 0.3 * rng.standard_normal(d)
    norms = []
    for depth in depths:
        J = jac_T(
            W.copy(), np.ones((d, 2)) / d, np.zeros(d), inputs[:depth].copy(), start.copy(),
            activation.value, activation.slope,
        )  # fmt: skip
        plain = np.asarray(J.detach() if hasattr(J, "detach") else J, dtype=np.float64)
        if plain.shape != (d, d) or not np.isfinite(plain).all():
            raise ValueError(f"after {depth} steps it should be a finite matrix of shape {(d, d)}")
        norms.append(float(np.linalg.norm(plain, 2)))
    return norms


def bounds(vanishing_bound: Any, activation: Activation, W: Array, depths: Sequence[int]) -> list[float] | None:
    """The student's bound at each depth, or None when it fails or gives no finite numbers."""
    try:
        values = [float(vanishing_bound(W.copy(), activation.gamma, depth)) for depth in depths]
    except Exception:  # whatever an unfinished answer raises, the measured lines are still worth drawing
        return None
    return values if bool(np.isfinite(values).all()) else None


def _draw(jac_T: Callable[..., Any], vanishing_bound: Any) -> Picture:
    figure = Figure(figsize=(9.2, 3.9), layout="constrained")
    panels: Sequence[Axes] = figure.subplots(1, 2, sharey=True)
    drawn = [_panel(axes, a, jac_T, vanishing_bound) for axes, a in zip(panels, (TANH, SIGMOID), strict=True)]
    panels[0].set_ylabel(r"$\|\partial h_T / \partial h_0\|$")
    kinds = [Line2D([], [], color=INK, marker=".", label="measured")]
    if any(drawn):
        kinds.append(Line2D([], [], color=INK, linestyle="--", linewidth=1.0, label="your bound"))
    panels[1].legend(handles=kinds, frameon=False, fontsize=9, loc="lower left")
    note = "dashed: your bounds" if any(drawn) else "vanishing_bound does not work yet: no bounds"
    return Picture(figure, f"Gradient norm against depth for tanh and sigmoid ({note}).")


def _panel(axes: Axes, activation: Activation, jac_T: Callable[..., Any], vanishing_bound: Any) -> bool:
    """Draw one activation; True when a bound was drawn."""
    any_bound = False
    for stretch, colour in zip(STRETCHES, (BLUE, GREEN, ORANGE, RED), strict=True):
        W = weights(_SIZE, stretch / activation.gamma, _SEED)
        norms = np.array(measured(jac_T, activation, W, DEPTHS))
        label = rf"$\sigma_{{\max}}(W) = {stretch / activation.gamma:g}$"
        axes.plot(DEPTHS, np.where(norms > 0, norms, np.nan), color=colour, marker=".", linewidth=1.5)
        _name_line(axes, norms, label, colour)
        values = bounds(vanishing_bound, activation, W, DEPTHS)
        if values is not None:
            any_bound = True
            dashes = np.where(np.array(values) > 0, values, np.nan)
            axes.plot(DEPTHS, dashes, color=colour, linestyle="--", linewidth=1.0)
    axes.set_yscale("log")
    axes.set_ylim(_FLOOR, 1e8)
    axes.set_title(rf"{activation.name}, $\gamma = {activation.gamma:g}$", fontsize=11, color=INK)
    axes.set_xlabel("depth $T$: steps between $h_0$ and $h_T$")
    axes.grid(True, which="major", color="#e4e7eb")
    axes.spines[["top", "right"]].set_visible(False)
    return any_bound


def _name_line(axes: Axes, norms: Array, label: str, colour: str) -> None:
    """Write the label at the end of its line, where the eye already is."""
    shown = np.flatnonzero(norms > _FLOOR)
    if shown.size:
        last = shown[-1]
        axes.annotate(
            label, (DEPTHS[last], norms[last]), xytext=(5, 0), textcoords="offset points", fontsize=8,
            color=colour, va="center", annotation_clip=False,
        )  # fmt: skip
