"""Pictures pass a whitelist or not at all."""

from __future__ import annotations

import pytest

from autograder.report import svg
from tests.report import sample
from tests.report.hostile import PAYLOADS, assert_dead

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'


def test_a_drawing_of_the_judge_passes_whole() -> None:
    """The sample heat map comes out with every square and every label it had."""
    drawing = sample.attention_picture()
    cleaned = svg.clean(drawing)
    soup = assert_dead(cleaned)
    assert len(soup.find_all("rect")) == drawing.count("<rect") == 37
    assert [t.get_text() for t in soup.find_all("text")][:2] == ["key position j", "query position i"]
    assert soup.svg is not None
    assert soup.svg["viewbox"] == "0 0 256 256"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect width="1" height="1" onclick="alert(1)"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<image href="http://e.example/p.png"/>',
        '<use href="#x"/>',
        '<rect fill="url(http://e.example/x)"/>',
        '<rect fill="URL(#x)"/>',
        '<rect style="fill:red"/>',
        "<style>*{fill:red}</style>",
        "<foreignObject><p>x</p></foreignObject>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onclick" to="alert(1)"/>',
        '<rect xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>',
        '<p xmlns="http://www.w3.org/1999/xhtml">x</p>',
        '<rect fill="&#34; onload=&#34;x;y&#34;"/>',
        "<title><text>x</text></title>",
        "<!-- comment --><g/>",
        "<![CDATA[<script>]]>",
        "<?xml-stylesheet href='x'?>",
    ],
)
def test_one_violation_drops_the_picture(inside: str) -> None:
    """Anything that loads, links, runs or styles empties the whole picture."""
    assert svg.clean(f"{OPEN}<g>{inside}</g></svg>") == ""
    assert svg.clean(f'{OPEN}<rect width="1"/></svg>') != ""


def test_entities_and_document_types_are_refused() -> None:
    """No internal entity is expanded, and none is loaded from outside."""
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    assert svg.clean(bomb + OPEN + "<text>&b;</text></svg>") == ""
    assert svg.clean('<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + OPEN + "</svg>") == ""
    assert svg.clean(OPEN + "<text>&unknown;</text></svg>") == ""


def test_size_and_depth_are_bounded() -> None:
    """A picture that is too long, too full or too deep is dropped."""
    assert svg.clean(OPEN + "<g>" * 50 + "</g>" * 50 + "</svg>") == ""
    assert svg.clean(OPEN + "<g/>" * svg.MAX_ELEMENTS + "</svg>") == ""
    assert svg.clean(OPEN + "<g/>" + " " * svg.MAX_CHARACTERS + "</svg>") == ""
    assert svg.clean("<svg>" * 60_000) == ""


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_no_picture_and_stays_text_inside_one(payload: str) -> None:
    """A payload in place of a picture is dropped; as text of a picture it is shown as text."""
    assert svg.clean(payload) == ""
    from html import escape

    written = svg.clean(f"{OPEN}<text>{escape(payload)}</text></svg>")
    assert_dead(written)


def test_a_picture_without_a_view_box_gets_one() -> None:
    """A drawing of fixed size can shrink to a narrow screen."""
    assert 'viewBox="0 0 120 80.5"' in svg.clean('<svg width="120" height="80.5px"><g/></svg>')
