"""Blocks as one HTML page that needs nothing else: no script, no file, no network. Autoescape is on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from autograder.report import charts, svg
from autograder.report.blocks import MARKS, WORDS, Bar, Block, Histogram, Tone
from autograder.report.plain import CODE_LIMIT, href, plain, points


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
    environment.filters.update(python=_python, coded=_coded)
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


_LEXER = PythonLexer(stripnl=False)
_COLOURED = ((Keyword, "kw"), (Operator.Word, "kw"), (Comment, "rem"), (String.Doc, "rem"), (String, "lit"),
             (Number, "lit"), (Name.Function, "def"), (Name.Class, "def"), (Name.Decorator, "def"))  # fmt: skip


def _python(code: str) -> Markup:
    """Python, coloured: every character of it is escaped, and all that is around them are spans of a few classes."""
    parts: list[tuple[str, str]] = []
    for kind, text in _LEXER.get_tokens(plain(code, lines=True, limit=CODE_LIMIT)):
        colour = next((name for known, name in _COLOURED if kind in known), "")
        if parts and parts[-1][0] == colour:
            parts[-1] = colour, parts[-1][1] + text
        else:
            parts.append((colour, text))
    spans = (Markup('<span class="{}">{}</span>').format(*part) if part[0] else escape(part[1]) for part in parts)
    return Markup("").join(spans).rstrip("\n")


def _coded(text: object) -> Markup:
    """Text in which what stands between backticks is set as code; as it is where they do not come in plain pairs."""
    said = plain(text, lines=True)
    parts = said.split("`")
    if len(parts) % 2 == 0 or "``" in said:
        return escape(said)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )


def _words(bar: Bar) -> str:
    """The counts of a bar, as text for those who cannot see it."""
    parts: list[tuple[Tone, int]] = [part for part in bar.parts if part[1]]
    return ", ".join(f"{number} {WORDS[tone]}".rstrip() for tone, number in parts) or "none"


def _share(number: float, total: float) -> str:
    """`number` of `total` as a CSS percentage between 0 and 100."""
    return f"{min(100.0, max(0.0, 100.0 * number / total)) if total > 0 else 0.0:.2f}%"
