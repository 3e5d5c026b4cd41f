"""What a report is made of: frozen pieces that say what to show and nothing about how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["", "good", "part", "bad", "blank", "unsure", "wait", "note"]

# Colour is never the only carrier of a verdict: each tone has a sign and a word of its own.
MARKS: dict[Tone, str] = {
    "": "",
    "good": "✓",
    "part": "◐",
    "bad": "✗",
    "blank": "○",
    "unsure": "?",
    "wait": "✎",
    "note": "•",
}
WORDS: dict[Tone, str] = {
    "": "",
    "good": "passed",
    "part": "partly right",
    "bad": "not passed",
    "blank": "not started",
    "unsure": "could not be checked",
    "wait": "graded by a person",
    "note": "",
}


@dataclass(frozen=True)
class Heading:
    """A title; level 1 appears once, at the top. `eyebrow` is the small line above it."""

    text: str
    level: int = 2
    anchor: str = ""
    eyebrow: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph. `lead` is a short run-in such as "Hint"; `big` makes it the sentence to read first; `links` are
    links to places of this page that end it: (text, anchor)."""

    text: str
    lead: str = ""
    tone: Tone = ""
    big: bool = False
    quiet: bool = False
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CodeText:
    """Text to be read letter by letter: an error line, a traceback; `language` "python" is coloured where that can be
    done, "prose" keeps its lines and is set like other text."""

    text: str
    language: Literal["text", "python", "prose"] = "text"


@dataclass(frozen=True)
class Bullets:
    """A list of short sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """Links to headings of this page: (text, anchor)."""

    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fact:
    """One number with its name."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """A row of numbers."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Meter:
    """A score on its scale; `pending` points may still be added."""

    value: float
    maximum: float
    pending: float = 0.0
    caption: str = ""


@dataclass(frozen=True)
class Column:
    """A table column: `text`, `number`, `code` (set in mono), `state` (a sign and a few words) or `mark` (a narrow cell
    for a status)."""

    title: str
    kind: Literal["text", "number", "code", "state", "mark"] = "text"
    hint: str = ""


@dataclass(frozen=True)
class Cell:
    """A table cell; `hint` says it in words, `link` is an anchor of the page or a relative path."""

    text: str
    tone: Tone = ""
    hint: str = ""
    link: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under named columns; the first column names its row. A `tall` table scrolls in its own frame."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    tall: bool = False


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart: how many of each tone, in that order. `value` is the figure to read first, and
    the only one for the tone `note`."""

    label: str
    parts: tuple[tuple[Tone, int], ...]
    note: str = ""
    value: str = ""
    link: str = ""


@dataclass(frozen=True)
class Bars:
    """Bars of one unit; each is drawn on a scale of `total`."""

    bars: tuple[Bar, ...]
    total: int
    caption: str = ""


@dataclass(frozen=True)
class Histogram:
    """Counts in bins of equal width over low..high, with the three quartiles on the same axis."""

    counts: tuple[int, ...]
    low: float
    high: float
    unit: str
    quartiles: tuple[float, float, float]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawing by our own judge: SVG text, and what it shows in words."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Callout:
    """A boxed message."""

    title: str
    blocks: tuple[Block, ...]
    tone: Tone = "note"


@dataclass(frozen=True)
class Details:
    """Folded away until asked for, where the format can fold; an `aside` is left out where it cannot."""

    summary: str
    blocks: tuple[Block, ...]
    aside: bool = False


@dataclass(frozen=True)
class Card:
    """One item of an assignment: `score` is ready-made text such as "3 of 4 points", `back` an anchor to return to."""

    title: str
    tone: Tone
    score: str
    blocks: tuple[Block, ...]
    label: str = ""
    anchor: str = ""
    word: str = ""
    back: str = ""


@dataclass(frozen=True)
class Verdict:
    """One check: the claim it tests, what came out, and what to say about it."""

    claim: str
    tone: Tone
    score: str
    blocks: tuple[Block, ...] = ()


Block: TypeAlias = (
    "Heading | Text | CodeText | Bullets | Contents | Facts | Meter | Table | Bars | Histogram | Picture"
    " | Callout | Details | Card | Verdict"
)
