"""Markdown in which no text acts as markup, read by two independent parsers."""

from __future__ import annotations

import re

import mistune
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autograder.report import markdown
from autograder.report.blocks import Bullets, Cell, CodeText, Column, Heading, Table, Text, Verdict
from autograder.report.plain import plain
from tests.report.hostile import PAYLOADS, words
from tests.report.test_html import every_block

STRICT = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
EAGER = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url", "footnotes", "math"])
_OURS = "h1 h2 h3 p ul li strong em table thead tbody tr th td blockquote pre code a"
OURS = frozenset(_OURS.split())
MARKUP = st.text(alphabet=st.one_of(st.sampled_from("\\`*_[]()<>|~&$#@!:.-+=1 \nawx/"), st.characters()), max_size=60)


def rendered(text: str) -> list[BeautifulSoup]:
    """The same Markdown as CommonMark with raw HTML on, and as an eager dialect that links bare addresses."""
    return [BeautifulSoup(page, "html.parser") for page in (STRICT.render(text), str(EAGER(text)))]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_only_our_own_markup_is_markup(payload: str) -> None:
    """A payload in every field of every block yields no element but ours, no image, no link of its own."""
    for soup in rendered(markdown.page(every_block(payload))):
        assert {element.name for element in soup.find_all(True)} <= OURS
        assert all(":" not in link["href"] for link in soup.find_all("a"))


@given(MARKUP)
def test_text_reads_letter_by_letter(text: str) -> None:
    """A paragraph, a list entry, a heading and bold text show exactly the plain text."""
    want = plain(text)
    for block in (
        Text(text),
        Bullets((text,)),
        Heading(text, 2),
        Text(text, big=True),
        Verdict(text, "bad", "0"),
    ):
        shown = words(STRICT.render(markdown.page((block,))))
        got = words(BeautifulSoup(shown, "html.parser").get_text())
        assert got == (
            f"✗ {want} (0)" if isinstance(block, Verdict) and want else "✗ (0)" if isinstance(block, Verdict) else want
        )


@given(st.lists(MARKUP, min_size=4, max_size=4))
def test_a_table_keeps_its_shape(texts: list[str]) -> None:
    """Pipes, backslashes and line breaks in cells neither add nor remove a column or a row."""
    rows = (tuple(Cell(t) for t in texts[:2]), tuple(Cell(t, "good") for t in texts[2:]))
    soup = BeautifulSoup(STRICT.render(markdown.page((Table((Column("a"), Column("b")), rows),))), "html.parser")
    cells = [[words(td.get_text()) for td in tr.find_all("td")] for tr in soup.find_all("tr")[1:]]
    assert cells == [[plain(t) for t in texts[:2]], [words(f"✓ {plain(t)}") for t in texts[2:]]]


@given(MARKUP)
def test_code_cannot_close_its_fence(text: str) -> None:
    """Error text stays inside one code block, also inside a list entry."""
    for blocks in ((CodeText(text),), (Verdict("claim", "bad", "0", (CodeText(text), Text("after"))),)):
        soup = BeautifulSoup(STRICT.render(markdown.page(blocks)), "html.parser")
        assert len(soup.find_all("pre")) == 1
        assert words(soup.pre.get_text()) == words(plain(text, lines=True))


def test_no_line_is_a_ci_command() -> None:
    """Printed into a CI log, no line starts a command."""
    for payload in PAYLOADS:
        page = markdown.page(every_block(payload))
        assert not re.search(r"^\s*::|##\[", page, re.MULTILINE)


def test_bare_addresses_stay_text() -> None:
    """What a browser could open is shown but not linked."""
    page = markdown.page((Text("see http://e.example, www.e.example and mailto:x@e.example"),))
    for soup in rendered(page):
        assert soup.find("a") is None
    assert rendered(page)[0].get_text().strip() == "see http://e.example, www.e.example and mailto:x@e.example"
