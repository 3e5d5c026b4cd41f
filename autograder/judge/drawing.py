"""Pictures for feedback, as SVG of the few elements that a report lets through (rect, line, text)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Mask = np.ndarray[Any, np.dtype[np.bool_]]
_INK, _SOFT, _BLUE, _RED, _GREEN = "#1f2933", "#66727f", "#2f6fb3", "#c0262d", "#35803f"
_MOST = 24  # rows and columns that a picture shows
_TOP, _LEFT, _GAP = 44, 40, 64
_NOTE = "red: weight where none is allowed, or none where the rule allows some"
_NOTE_WIDTH = _LEFT + 7 * len(_NOTE)  # wide enough for this line also where the two grids are small


def mask_picture(
    lies: Mask | None, allowed: Mask, offenders: Sequence[tuple[int, int]], rows: str, columns: str
) -> str:
    """Two grids side by side, (n_query, n_key): where weight lies, offending cells framed; and where the rule allows
    it. `lies` comes from a few known slips, never from a reply: shades and cells could spell out what was fed in.
    Without it only the first offender is shown. Of a large matrix the corner that holds that one is drawn."""
    offenders = offenders[:1] if lies is None else offenders
    down, across = (_window(size, place) for size, place in zip(allowed.shape, offenders[0], strict=True))
    side = 26 if max(len(down), len(across)) <= 12 else 15
    width, height = side * len(across), side * len(down)
    right = _LEFT + width + _GAP
    whole = max(right + width + 16, _NOTE_WIDTH)
    parts = [
        f'<svg viewBox="0 0 {whole} {_TOP + height + 34}" width="{whole}" font-size="12" font-family="sans-serif">',
        f"<title>{rows} by {columns}: where your weights break the rule, and where it allows any</title>",
        *_grid(_LEFT, "a broken place" if lies is None else "your weights", down, across, side, rows, columns),
        *_grid(right, "where weight is allowed", down, across, side, rows, columns),
    ]
    for y, i in enumerate(down):
        for x, j in enumerate(across):
            shade = 0.6 if lies is not None and lies[i, j] else 0.0
            parts.append(_cell(_LEFT + x * side, _TOP + y * side, side, _BLUE, shade))
            parts.append(_cell(right + x * side, _TOP + y * side, side, _GREEN, 0.75 if allowed[i, j] else 0.0))
    for i, j in offenders:
        if i in down and j in across:
            parts += _cross(_LEFT + across.index(j) * side, _TOP + down.index(i) * side, side)
    parts.append(f'<text x="{_LEFT}" y="{_TOP + height + 24}" fill="{_RED}">{_NOTE}</text></svg>')
    return "".join(parts)


def _window(size: int, place: int) -> range:
    start = max(0, min(place - _MOST // 2, size - _MOST))
    return range(start, min(size, start + _MOST))


def _grid(left: int, title: str, down: range, across: range, side: int, rows: str, columns: str) -> list[str]:
    parts = [f'<text x="{left}" y="14" fill="{_INK}" font-weight="bold">{title}</text>']
    parts.append(f'<text x="{left}" y="28" fill="{_SOFT}" font-size="10">{columns} →, {rows} ↓</text>')
    size = 10 if side > 20 else 8
    for x, j in enumerate(across):
        at = left + x * side + side / 2
        parts.append(f'<text x="{at}" y="{_TOP - 4}" fill="{_INK}" font-size="{size}" text-anchor="middle">{j}</text>')
    for y, i in enumerate(down):
        at = _TOP + y * side + side / 2 + 3
        parts.append(f'<text x="{left - 5}" y="{at}" fill="{_INK}" font-size="{size}" text-anchor="end">{i}</text>')
    return parts


def _cell(x: float, y: float, side: int, colour: str, shade: float) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="{colour}" fill-opacity="{shade:.2f}" '
        f'stroke="{_SOFT}" stroke-width="0.5"/>'
    )


def _cross(x: float, y: float, side: int) -> list[str]:
    a, b = 4, side - 4
    line = f'stroke="{_RED}" stroke-width="1.5"'
    return [
        f'<rect x="{x + 1}" y="{y + 1}" width="{side - 2}" height="{side - 2}" fill="{_RED}" fill-opacity="0.15" '
        f'stroke="{_RED}" stroke-width="2"/>',
        f'<line x1="{x + a}" y1="{y + a}" x2="{x + b}" y2="{y + b}" {line}/>',
        f'<line x1="{x + a}" y1="{y + b}" x2="{x + b}" y2="{y + a}" {line}/>',
    ]
