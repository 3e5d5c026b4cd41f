"""The HTML page: self-contained, dead whatever the text, readable in both colour schemes."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import product

import pytest

from autograder.report import html
from autograder.report.blocks import (
    MARKS,
    Bar,
    Bars,
    Block,
    Bullets,
    Callout,
    Card,
    Cell,
    CodeText,
    Column,
    Contents,
    Details,
    Fact,
    Facts,
    Heading,
    Histogram,
    Meter,
    Picture,
    Table,
    Text,
    Verdict,
)
from autograder.report.plain import plain
from tests.report import sample
from tests.report.hostile import PAYLOADS, assert_dead, words


def every_block(text: str) -> tuple[Block, ...]:
    """One of each block, with `text` wherever a block holds text."""
    column, cell = Column(text, "text", text), Cell(text, "part", text, text)
    return (
        Heading(text, 1, eyebrow=text),
        Heading(text, 2, "a"),
        Heading(text, 3, "b"),
        Contents(((text, "a"), (text, text))),
        Text(text, lead=text, tone="bad"),
        CodeText(text),
        CodeText(text, "python"),
        CodeText(text, "prose"),
        Text(text, links=((text, "a"), (text, text))),
        Bullets((text,)),
        Facts((Fact(text, text, text),)),
        Meter(3, 4, 0.5, text),
        Table((column, Column(text, "mark", text)), ((cell, Cell(text, "bad", text)),), text),
        Bars((Bar(text, (("good", 3), ("bad", 1)), text, text, text),), 4, text),
        Histogram((1, 0, 2), 0, 3, text, (1, 2, 2.5), text),
        Picture(sample.attention_picture(), text),
        Callout(text, (Text(text),), "bad"),
        Details(text, (Text(text),)),
        Card(text, "part", text, (Verdict(text, "bad", text, (Text(text, big=True),)),), text, "c", text, text),
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_comes_alive_and_every_text_is_shown(payload: str) -> None:
    """In every field of every block a payload is inert, and a reader sees the same letters."""
    soup = assert_dead(html.page(payload, every_block(payload), footer=payload))
    assert soup.title is not None
    assert words(soup.title.get_text()) == plain(payload)
    shown = [
        soup.h1,
        soup.h2,
        soup.h3,
        soup.li,
        soup.dt,
        soup.dd.contents[0],
        soup.caption,
        soup.th,
        soup.bdi,
    ]
    shown += [
        soup.figcaption,
        soup.summary,
        soup.footer,
        soup.pre,
        soup.find(class_="claim").find(class_="text"),
    ]
    assert all(words(place.get_text()) == plain(payload) for place in shown)
    assert words(soup.find(class_="frame")["aria-label"]) == plain(payload)


def test_the_page_needs_nothing_else() -> None:
    """No script, no external file; the policy in the page would refuse both."""
    page = html.page("x", every_block("text"))
    soup = assert_dead(page)
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not re.search(r"url\(|@import|https?:", page)


def test_what_cannot_be_seen_is_said() -> None:
    """Charts and pictures have a name, tables have headers with scope, repeated marks are hidden."""
    soup = assert_dead(html.page("x", every_block("text")))
    assert soup.html["lang"] == "en"
    assert all(element.get("aria-label") for element in soup.find_all(attrs={"role": "img"}))
    assert {th["scope"] for th in soup.find_all("th")} == {"col", "row"}
    assert all(mark["aria-hidden"] == "true" for mark in soup.find_all("span", class_="mark"))
    assert soup.find(class_="track", role="img")["aria-label"] == "3 passed, 1 not passed"


def test_a_refused_picture_leaves_no_frame() -> None:
    """When the whitelist drops a drawing the page shows no empty box."""
    soup = assert_dead(html.page("x", (Picture("<svg><script/></svg>", "alt"), Text("after"))))
    assert soup.figure is None


def test_every_tone_has_its_own_mark() -> None:
    """A verdict is recognised without its colour."""
    assert len(set(MARKS.values())) == len(MARKS)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _schemes() -> list[dict[str, str]]:
    css = files("autograder.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in (light, dark)]


@pytest.mark.parametrize("scheme", _schemes(), ids=["light", "dark"])
def test_text_has_contrast_in_both_schemes(scheme: dict[str, str]) -> None:
    """Every text colour reaches 4.5 to 1 on every ground it is used on (WCAG 2 AA)."""
    pairs = set(product(("ink", "soft", "accent", "good", "part", "bad", "unsure", "wait"), ("page", "paper")))
    pairs |= {(tone, f"{tone}-wash") for tone in ("accent", "good", "part", "bad", "unsure", "wait")}
    pairs |= {("ink", f"{tone}-wash") for tone in ("accent", "good", "bad", "unsure")} | {("ink", "sunk")}
    for text, ground in pairs:
        high, low = sorted((_luminance(scheme[text]), _luminance(scheme[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)
