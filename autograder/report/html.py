"""Blocks as one HTML page that needs nothing else: no script, no file, no network. Autoescape is on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.report import charts, svg
from autograder.report.blocks import MARKS, WORDS, Bar, Block, Histogram, Tone
from autograder.report.plain import href, plain, points


def page(title: str, blocks: Sequence[Block], *, wide: bool = False, footer: str = "") -> str:
    """The whole document. `wide` gives tables room; otherwise lines keep a readable length."""
    template = _environment().get_template("page.html.j2")
    return template.render(title=title, blocks=tuple(blocks), wide=wide, footer=footer)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters.update(points=points, href=href, picture=_picture, chart=_chart, words=_words, share=_share)
    environment.tests["kind"] = _is_kind
    environment.globals.update(MARKS=MARKS, WORDS=WORDS)
    return environment


def _harmless(value: Any) -> Any:
    """Every expression of a template passes here before it is escaped; only our own markup stays as it is."""
    return value if isinstance(value, (Markup, int, float)) else plain(value, lines=True)


def _is_kind(block: object, name: str) -> bool:
    return type(block).__name__ == name


def _picture(drawing: str) -> Markup:
    return Markup(svg.clean(drawing))


def _chart(block: Histogram) -> Markup:
    return Markup(charts.histogram(block))


def _words(bar: Bar) -> str:
    """The counts of a bar, as text for those who cannot see it."""
    parts: list[tuple[Tone, int]] = [part for part in bar.parts if part[1]]
    return ", ".join(f"{number} {WORDS[tone]}".rstrip() for tone, number in parts) or "none"


def _share(number: float, total: float) -> str:
    """`number` of `total` as a CSS percentage between 0 and 100."""
    return f"{min(100.0, max(0.0, 100.0 * number / total)) if total > 0 else 0.0:.2f}%"
