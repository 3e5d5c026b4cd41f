"""Printed papers: within the page, the same each time, page by page for each student."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.exam import typeset
from autograder.exam.printed import key_pdf, paper_pdf
from autograder.exam.sheet import sheet_of
from autograder.exam.typeset import HEIGHT, WIDTH, Page, Style
from tests.exam.plans import COURSE_BANK, OPENS, papers, plan


def test_papers_and_key_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole bank, odd names included: nothing stands outside of the margins, on no page."""
    places: list[tuple[float, float, float]] = []
    write = Page.text

    def seen(page: Page, x: float, y: float, text: str = "") -> None:
        places.append((x, x + page.get_string_width(text), y))
        write(page, x, y, text)

    monkeypatch.setattr(Page, "text", seen)
    topics = {one.topic: sum(o.topic == one.topic for o in COURSE_BANK.values()) for one in COURSE_BANK.values()}
    sections = "".join(f'[[sections]]\ntitle = "{t}"\ntopic = "{t}"\nnumber = {n}\n' for t, n in topics.items())
    whole = plan(tmp_path, f'title = "All of it"\nopens = {OPENS.isoformat()}\nminutes = 99\n{sections}')
    name = "Zoë Müller-Lüdenscheidt, the one who sits in the third row from the front " + "x" * 99
    paper = papers(whole, name).papers[name]
    assert _pages(paper_pdf([sheet_of(whole, paper)])) >= 8
    key = key_pdf("All of it", [paper, paper], {}, OPENS)
    assert _pages(key) >= 2
    assert min(left for left, _, _ in places) >= 49
    assert max(right for _, right, _ in places) <= WIDTH - 20
    assert max(y for _, _, y in places) <= HEIGHT - 20


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_the_same_paper_is_the_same_file(tmp_path: Path) -> None:
    """Printed again it is the same to the byte, so that a second `exam make` changes nothing; two students' papers in
    one file have the pages of both."""
    small = plan(tmp_path)
    found = papers(small, "ada", "bob")
    ada, bob = (sheet_of(small, found.papers[student]) for student in ("ada", "bob"))
    one = paper_pdf([ada])
    assert one == paper_pdf([ada])
    assert one.startswith(b"%PDF-")
    assert _pages(paper_pdf([ada, bob])) == _pages(one) + _pages(paper_pdf([bob]))


def test_lines_are_broken_between_words() -> None:
    """No line is wider than asked for unless a single word is; formulas and code are words, and nothing is lost."""
    text = "Of the order $n h^2 + n^2 h$, says `answers`, " * 6
    with Page("", OPENS) as page:
        page.add_page()
        lines = page.broken(text, 200.0, Style())
        gap = page.wide(" ", Style())
    for line in lines:
        wide = sum(atom.width + gap * atom.spaced for atom in line[1:]) + line[0].width
        assert wide <= 200.0 or len(line) == 1
    atoms = [atom for line in lines for atom in line]
    assert len(lines) > 3
    assert [atom.text for atom in atoms] == ["Of", "the", "order", "$n h^2 + n^2 h$", ",", "says", "answers", ","] * 6
    assert [atom.font for atom in atoms[:8]] == ["text"] * 3 + ["", "text", "text", typeset.CODE, "text"]
