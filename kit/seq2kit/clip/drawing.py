"""How shapes are painted: one to three equal ones anywhere, or two different ones side by side. Arrays only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

SIDE = 32
COLOURS = ("red", "green", "blue", "yellow", "purple", "orange")
SHAPES = ("ring", "square", "triangle", "cross")
RGB = {
    "red": (214, 48, 44), "green": (52, 158, 72), "blue": (42, 92, 200), "yellow": (240, 208, 40),
    "purple": (136, 62, 168), "orange": (240, 134, 34),
}  # fmt: skip
RADIUS = {"small": (3.3, 4.0), "large": (5.3, 6.1)}
_BESIDE = (3.8, 5.8)  # radius of the shapes of a pair
_MARGIN = 0.8


def equal_shapes(seed: int | Sequence[int], count: int, size: str, colour: str, shape: str) -> Pixels:
    """`count` shapes of one size, colour and kind, (32, 32, 3) uint8, where there is room for them."""
    draw = np.random.Generator(np.random.PCG64(seed))
    radius = draw.uniform(*RADIUS[size])
    picture, shade = _ground(draw), _shade(draw, colour)
    for x, y in _places(draw, count, radius):
        picture = _painted(picture, shade, _outline(shape, x, y, radius, draw.uniform(-0.2, 0.2)))
    return _finished(draw, picture)


def side_by_side(seed: int | Sequence[int], things: Sequence[tuple[str, str]]) -> Pixels:
    """Two things, each (colour, shape), (32, 32, 3) uint8: the first in the left half, the second in the right half.
    Their heights and sizes are drawn, each for itself, so that only the words about them tell them apart."""
    draw = np.random.Generator(np.random.PCG64(seed))
    picture, half = _ground(draw), SIDE / 2
    for number, (colour, shape) in enumerate(things):
        radius = draw.uniform(*_BESIDE)
        x = number * half + draw.uniform(radius + 0.4, half - radius - 0.4)
        y = draw.uniform(radius + 0.5, SIDE - radius - 0.5)
        outline = _outline(shape, x, y, radius, draw.uniform(-0.2, 0.2))
        picture = _painted(picture, _shade(draw, colour), outline)
    return _finished(draw, picture)


def _ground(draw: np.random.Generator) -> Floats:
    return np.full((SIDE, SIDE, 3), draw.uniform(205, 250))


def _shade(draw: np.random.Generator, colour: str) -> Floats:
    return np.asarray(np.array(RGB[colour]) * draw.uniform(0.85, 1.1))


def _painted(picture: Floats, shade: Floats, outline: Floats) -> Floats:
    """Edges are smoothed by the distance to the outline of the shape, so no drawing library is needed."""
    cover = np.clip(0.5 - outline, 0, 1)[..., None]
    return np.asarray(cover * shade + (1 - cover) * picture)


def _finished(draw: np.random.Generator, picture: Floats) -> Pixels:
    noisy = picture + draw.normal(0, 4, picture.shape)
    return np.asarray(np.clip(np.rint(noisy), 0, 255), dtype=np.uint8)


def _places(draw: np.random.Generator, count: int, radius: float) -> list[tuple[float, float]]:
    """Centres that keep the shapes apart and inside; starts again where there is no room left."""
    apart, low, high = 2 * radius + _MARGIN, radius + 0.5, SIDE - radius - 0.5
    while True:
        places: list[tuple[float, float]] = []
        for _ in range(60):
            x, y = (float(2 * round(v / 2)) for v in draw.uniform(low, high, 2))
            if all((x - a) ** 2 + (y - b) ** 2 >= apart**2 for a, b in places):
                places.append((x, y))
            if len(places) == count:
                return places


def _outline(shape: str, x: float, y: float, radius: float, turn: float) -> Floats:
    """Distance of each pixel's centre to the outline: negative inside. All shapes fit into a circle of `radius`."""
    row, column = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    u, v = column - x, row - y
    if shape == "ring":
        return np.asarray(abs(np.hypot(u, v) - 0.72 * radius) - 0.25 * radius)
    u, v = np.cos(turn) * u + np.sin(turn) * v, np.cos(turn) * v - np.sin(turn) * u
    if shape == "square":
        return np.asarray(np.maximum(abs(u), abs(v)) - 0.78 * radius)
    if shape == "triangle":
        slope = np.maximum(0.866 * abs(u) - 0.5 * v, v)
        return np.asarray(slope - 0.55 * radius)
    arm, reach = 0.27 * radius, 0.98 * radius
    across = np.maximum(abs(u) - reach, abs(v) - arm)
    return np.asarray(np.minimum(across, np.maximum(abs(u) - arm, abs(v) - reach)))
