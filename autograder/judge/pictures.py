"""Pictures of what was handed in, as SVG of the few elements that a report lets through.

For `@check(..., shows=...)`: made before any check has told the notebook anything, so that there is nothing in it to
give away. Never of what a check got back for hidden inputs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from autograder.errors import Feedback

_INK, _SOFT, _GRID = "#1f2933", "#616e7c", "#e4e7eb"
_LINES = ("#2f6fb3", "#b85a15", "#35803f", "#7b5ea7")
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _RIGHT = 520, 270, 52, 30, 40, 16
_MOST = 200  # points of a line
_MOST_CLASSES = 12
Points = Sequence[tuple[float, float]]


def curves(lines: Mapping[str, Points], *, x: str, y: str) -> str:
    """Lines over one pair of axes; `x` and `y` say what is on them. Points that are not finite are left out.

    Raises Feedback when there is nothing to draw."""
    drawn = {name: _thinned([p for p in points if all(map(math.isfinite, p))]) for name, points in lines.items()}
    every = [point for points in drawn.values() for point in points]
    if len(every) < 2:
        raise Feedback("There is no curve to draw.")
    across, up = (_ticks(min(p[k] for p in every), max(p[k] for p in every)) for k in (0, 1))
    parts = [_axis(across, up, x, y)]
    for points, colour in zip(drawn.values(), _LINES, strict=False):
        places = " ".join(f"{_place(a, across, _LEFT, _WIDTH - _RIGHT):.1f},"
                          f"{_place(b, up, _HEIGHT - _BOTTOM, _TOP):.1f}" for a, b in points)  # fmt: skip
        parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
    parts += _names(list(drawn))
    return _svg(_WIDTH, _HEIGHT, f"{', '.join(drawn)}: {y} over {x}", parts)


def confusion(counts: Sequence[Sequence[int]], names: Sequence[str], *, rows: str, columns: str) -> str:
    """A square of counts, a row for what is true and a column for what was said.

    Raises Feedback when it is no square of these names."""
    n = len(names)
    if not 1 < n <= _MOST_CLASSES or len(counts) != n or any(len(row) != n for row in counts):
        raise Feedback("There is no matrix to draw.")
    side, left, top = 62, 110, 48
    parts = [
        f'<text x="{left}" y="16" fill="{_SOFT}">{escape(columns)} →</text>',
        f'<text x="4" y="{top - 8}" fill="{_SOFT}">{escape(rows)} ↓</text>',
    ]
    for i, row in enumerate(counts):
        y, whole = top + i * side, max(1, sum(row))
        parts.append(f'<text x="{left - 8}" y="{y + side / 2 + 4}" fill="{_INK}" text-anchor="end">'
                     f"{escape(names[i][:16])}</text>")  # fmt: skip
        parts.append(f'<text x="{left + (i + 0.5) * side}" y="{top - 8}" fill="{_INK}" text-anchor="middle">'
                     f"{escape(names[i][:10])}</text>")  # fmt: skip
        for j, count in enumerate(row):
            share, x = count / whole, left + j * side
            ink = "#ffffff" if share > 0.55 else _INK
            parts.append(
                f'<rect x="{x}" y="{y}" width="{side - 2}" height="{side - 2}" fill="{_LINES[0]}" '
                f'fill-opacity="{0.05 + 0.95 * share:.2f}"/>'
                f'<text x="{x + side / 2 - 1}" y="{y + side / 2 + 4}" fill="{ink}" text-anchor="middle">{count}</text>'
            )
    width = max(left + n * side + 8, left + 7 * len(columns) + 20)
    return _svg(width, top + n * side + 8, f"{rows} by {columns}, counted", parts)


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" font-size="12" font-family="sans-serif">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _thinned(points: Points) -> Points:
    """At most so many, the last one among them."""
    step = max(1, math.ceil(len(points) / _MOST))
    return [*points[::step], *(points[-1:] if (len(points) - 1) % step else ())]


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, a handful."""
    span = (high - low) or max(1.0, abs(high))
    raw = span / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(k * power for k in (1, 2, 2.5, 5, 10) if k * power >= raw * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [k * step for k in range(first, max(last, first + 1) + 1)][:12]


def _place(value: float, ticks: list[float], begin: float, end: float) -> float:
    return begin + (value - ticks[0]) / (ticks[-1] - ticks[0]) * (end - begin)


def _axis(across: list[float], up: list[float], x: str, y: str) -> str:
    parts = []
    for value in up:
        at = _place(value, up, _HEIGHT - _BOTTOM, _TOP)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="{_GRID}"/>'
            f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" fill="{_SOFT}" text-anchor="end">{value:g}</text>'
        )
    for value in across:
        at, low = _place(value, across, _LEFT, _WIDTH - _RIGHT), _HEIGHT - _BOTTOM + 16
        parts.append(f'<text x="{at:.1f}" y="{low}" fill="{_SOFT}" text-anchor="middle">{value:g}</text>')
    parts.append(f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" fill="{_INK}" text-anchor="end">{escape(x)}</text>')
    parts.append(f'<text x="4" y="12" fill="{_INK}">{escape(y)}</text>')
    return "".join(parts)


def _names(names: Sequence[str]) -> list[str]:
    """A key in the upper right corner, where a falling curve leaves room."""
    parts, left = [], _WIDTH - 150
    for n, (name, colour) in enumerate(zip(names, _LINES, strict=False)):
        y = _TOP + 16 + 16 * n
        parts.append(
            f'<line x1="{left}" x2="{left + 20}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="3"/>'
            f'<text x="{left + 26}" y="{y}" fill="{_INK}">{escape(name)}</text>'
        )
    return parts
