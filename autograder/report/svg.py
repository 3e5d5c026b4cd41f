"""Pictures let through by a whitelist: what draws may pass, nothing that loads, links or runs."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from autograder.report.plain import plain

MAX_CHARACTERS = 200_000
MAX_ELEMENTS = 5_000
MAX_DEPTH = 24

_DRAWING = "svg g title desc path rect circle ellipse line polyline polygon text tspan"
_GEOMETRY = """
    viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry dx dy d points transform version
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap
    stroke-linejoin opacity color font-size font-family font-weight font-style text-anchor dominant-baseline
    alignment-baseline letter-spacing shape-rendering vector-effect rotate textLength lengthAdjust
"""
ELEMENTS, ATTRIBUTES = frozenset(_DRAWING.split()), frozenset(_GEOMETRY.split())
# The page says these again on the outside, or has no use for them: left out rather than refused.
IGNORED = frozenset(("role", "aria-label", "aria-hidden", "class", "id"))
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_VALUE = re.compile(r"[A-Za-z0-9 .,#%()+\-_'\"\n\t]*")


class _Refused(Exception):
    """This drawing holds something that is not on the list."""


def clean(svg: str) -> str:
    """`svg` as markup that can stand inside an HTML page, or "" when anything in it is not on the whitelist.

    One violation drops the whole picture: half a drawing misleads. Refused are document types, entities,
    comments, processing instructions, foreign namespaces, references (`url(...)`, `href`), styles, scripts,
    event attributes, and whatever is larger than a diagram needs to be.
    """
    text = svg.strip()
    if not text or len(text) > MAX_CHARACTERS or "<!" in text or "<?" in text:
        return ""
    try:
        root = ElementTree.fromstring(text)
        if _name(root) != "svg" or sum(1 for _ in root.iter()) > MAX_ELEMENTS:
            return ""
        return _written(root, MAX_DEPTH)
    except (ElementTree.ParseError, _Refused, ValueError):
        return ""


def _name(element: ElementTree.Element) -> str:
    name = element.tag.removeprefix(_NAMESPACE)
    if name not in ELEMENTS:
        raise _Refused(name)
    return name


def _written(element: ElementTree.Element, depth: int) -> str:
    name = _name(element)
    # HTML reads what stands inside a title or desc as HTML again, so they hold text only.
    if depth == 0 or (name in ("title", "desc") and len(element)):
        raise _Refused(name)
    opening = name + "".join(_attribute(key, value) for key, value in element.attrib.items())
    if name == "svg" and element.get("viewBox") is None:
        opening += _view_box(element)
    inner = _text(element.text) + "".join(_written(child, depth - 1) + _text(child.tail) for child in element)
    return f"<{opening}>{inner}</{name}>"


def _attribute(key: str, value: str) -> str:
    if key in IGNORED:
        return ""
    if key not in ATTRIBUTES or not _VALUE.fullmatch(value) or "url" in value.lower():
        raise _Refused(key)
    return f' {key}="{escape(value)}"'


def _view_box(element: ElementTree.Element) -> str:
    """Without a viewBox a picture cannot shrink to a telephone's width."""
    width, height = (re.fullmatch(r"(\d+(?:\.\d+)?)(?:px)?", element.get(side, "")) for side in ("width", "height"))
    return f' viewBox="0 0 {width[1]} {height[1]}"' if width and height else ""


def _text(text: str | None) -> str:
    if not text or text.isspace():
        return ""
    # Space at the edges separates a text from its spans.
    left, right = " " * text[0].isspace(), " " * text[-1].isspace()
    return left + escape(plain(text)) + right
