"""Charts as SVG. Horizontal places are per cent and text keeps its size: it fits telephone and poster."""

from __future__ import annotations

from html import escape

from autograder.report.blocks import Histogram
from autograder.report.plain import plain, points

_TOP, _BASE, _TICKS, _BOX, _HEIGHT = 24, 168, 188, 210, 224


def described(chart: Histogram) -> str:
    """The histogram in words, for those who hear it and for formats without pictures."""
    step = (chart.high - chart.low) / len(chart.counts)
    filled = [
        f"{points(chart.low + i * step)} to {points(chart.low + (i + 1) * step)}: {number}"
        for i, number in enumerate(chart.counts)
        if number
    ]
    first, median, third = (points(q) for q in chart.quartiles)
    return plain(
        f"Number of submissions by {chart.unit}: "
        + "; ".join(filled)
        + f". Median {median}; the middle half lies between {first} and {third}."
    )


def histogram(chart: Histogram) -> str:
    """Bars with their counts, an axis, and below it the quartiles: a band and a ring for the median."""
    number, most = len(chart.counts), max(1, *chart.counts)
    width = 100 / number
    parts: list[str] = []
    for i, held in enumerate(chart.counts):
        if not held:
            continue
        height = max(2.0, (_BASE - _TOP) * held / most)
        parts.append(
            f'<rect class="bin" x="{i * width + 0.5:.2f}%" y="{_BASE - height:.1f}" width="{width - 1:.2f}%"'
            f' height="{height:.1f}" rx="2"/>'
            f'<text class="held" x="{(i + 0.5) * width:.2f}%" y="{_BASE - height - 7:.1f}"'
            f' text-anchor="middle">{held}</text>'
        )
    parts.append(f'<line class="axis" x1="0" x2="100%" y1="{_BASE + 0.5}" y2="{_BASE + 0.5}"/>')
    parts += [_tick(chart, place / number) for place in range(0, number + 1, 2 if number > 6 else 1)]
    parts.append(_quartiles(chart))
    return (
        f'<svg class="histogram" role="img" aria-label="{escape(described(chart))}" width="100%"'
        f' height="{_HEIGHT}">{"".join(parts)}</svg>'
    )


def _tick(chart: Histogram, share: float) -> str:
    anchor = "start" if share == 0 else "end" if share == 1 else "middle"
    value = points(chart.low + share * (chart.high - chart.low))
    return f'<text class="tick" x="{100 * share:.2f}%" y="{_TICKS}" text-anchor="{anchor}">{value}</text>'


def _quartiles(chart: Histogram) -> str:
    span = (chart.high - chart.low) or 1.0
    first, median, third = (min(100.0, max(0.0, 100 * (q - chart.low) / span)) for q in chart.quartiles)
    return (
        f'<line class="whisker" x1="0" x2="100%" y1="{_BOX}" y2="{_BOX}"/>'
        f'<rect class="middle" x="{first:.2f}%" y="{_BOX - 4}" width="{max(0.4, third - first):.2f}%"'
        f' height="8" rx="4"/>'
        f'<circle class="median" cx="{median:.2f}%" cy="{_BOX}" r="6"/>'
    )
