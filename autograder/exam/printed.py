"""The paper that a student gets on a desk, and the key for whoever marks it by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from autograder.exam.sheet import Sheet
from autograder.exam.typeset import HEIGHT, WIDTH, Page, Style
from autograder.questions.paper import Paper
from autograder.questions.templates import Asked, Question, shown

_LEFT, _RIGHT, _TOP, _BOTTOM = 50.0, WIDTH - 50.0, 56.0, HEIGHT - 56.0
_INDENT = 24.0
_BODY, _SMALL, _HOW = Style(10.0), Style(8.0, grey=60), Style(8.5, "I", 80)
_HAND = "Tick the boxes of what holds, and write numbers into the frames. What stands elsewhere is not read."
_TITLE, _NAME, _SECTION, _NUMBER = Style(17.0, "B"), Style(11.0, "B"), Style(11.5, "B"), Style(10.0, "B")


def paper_pdf(sheets: Sequence[Sheet]) -> bytes:
    """The papers of these students, one after the other; each begins on a page 1 of its own. At least one."""
    title, made = sheets[0].title, sheets[0].opens
    with Page(title, made) as page, Page(title, made) as draft:
        for sheet in sheets:
            count = _written(draft, sheet) if len(sheets) > 1 else 0  # known only when it is set
            page.begin(f"{sheet.exam} · {sheet.student}", count)
            _written(page, sheet)
        return bytes(page.output())


def _written(page: Page, sheet: Sheet) -> int:
    """How many pages it took."""
    before = page.page_no()
    _Paper(page, sheet).write()
    return page.page_no() - before


class _Paper:
    """One student's paper on its way to the page; `y` is where the next line goes."""

    def __init__(self, page: Page, sheet: Sheet) -> None:
        self.page, self.sheet, self.y = page, sheet, _TOP

    def write(self) -> None:
        self.page.add_page()
        self._head()
        for title, questions in self.sheet.sections:
            self._section(title, questions)

    def _head(self) -> None:
        page, sheet = self.page, self.sheet
        self.y = page.paragraph(_LEFT, self.y, sheet.title, _RIGHT - _LEFT, _TITLE) + 4
        self.y = page.paragraph(_LEFT, self.y, sheet.student.replace("$", ""), _RIGHT - _LEFT, _NAME) + 2
        self.y = page.paragraph(_LEFT, self.y, sheet.head, _RIGHT - _LEFT, _SMALL) + 8
        rules = (_HAND, *sheet.rules)
        tall = sum(page.tall(rule, _RIGHT - _LEFT - 32, _SMALL) + 2 for rule in rules) + 12
        page.set_fill_color(244)
        page.rect(_LEFT, self.y, _RIGHT - _LEFT, tall, style="F")
        self.y += 6
        for rule in rules:
            page.ink(_SMALL)
            page.text(_LEFT + 10, self.y + 8.4, "·")
            self.y = page.paragraph(_LEFT + 20, self.y, rule, _RIGHT - _LEFT - 32, _SMALL) + 2
        self.y += 20

    def _section(self, title: str, questions: Sequence[Asked]) -> None:
        self._turn(34 + self._tall(questions[0]))
        self.page.ink(_SECTION)
        self.page.text(_LEFT, self.y + 12, title)
        self.page.set_draw_color(150)
        self.page.line(_LEFT, self.y + 18, _RIGHT, self.y + 18)
        self.y += 30
        for one in questions:
            self._turn(self._tall(one))
            self._question(one)

    def _turn(self, need: float) -> None:
        """A new page where this would not fit on the rest of this one."""
        if self.y + need > _BOTTOM and self.y > _TOP:
            self.page.add_page()
            self.y = _TOP

    @property
    def _width(self) -> float:
        return _RIGHT - _LEFT - _INDENT - 62

    def _tall(self, one: Asked) -> float:
        page = self.page
        options = sum(page.tall(text, self._width - 34, _BODY) + 4 for text in one.options)
        return page.tall(one.text, self._width, _BODY) + options + 12 + (36 if one.kind == "number" else 6) + 24

    def _question(self, one: Asked) -> None:
        page, x = self.page, _LEFT + _INDENT
        page.ink(_NUMBER)
        page.text(_LEFT, self.y + 10.4, f"{one.name[1:]}.")
        page.ink(_SMALL)
        page.set_xy(_RIGHT - 60, self.y + 2)
        page.cell(60, 10, f"{one.points:g} pt · {one.minutes} min", align="R")
        self.y = page.paragraph(x, self.y, one.text, self._width, _BODY) + 4
        page.set_draw_color(90)
        for number, text in enumerate(one.options):
            page.rect(x + 1, self.y + 3, 8.5, 8.5)
            page.ink(_NUMBER)
            page.text(x + 17, self.y + 10.4, chr(97 + number))
            self.y = page.paragraph(x + 31, self.y, text, self._width - 34, _BODY) + 4
        self.y = page.paragraph(x, self.y, one.how, self._width, _HOW) + 4
        if one.kind == "number":
            page.rect(x, self.y, 190, 24)
            self.y += 30
        self.y += 14


def key_pdf(title: str, papers: Sequence[Paper], titles: Mapping[str, str], made: datetime.datetime) -> bytes:
    """The key of all papers: a table of the class, then each student's questions with the way to the answer."""
    with Page(f"{title}: key", made) as page:
        page.begin("key · not for students")
        y = _table(page, title, papers)
        for paper in papers:
            y = _turned(page, y, 70)
            page.text(_LEFT, y + 22, page.cut(paper.student, _RIGHT - _LEFT, _SECTION))
            page.set_draw_color(150)
            page.line(_LEFT, y + 28, _RIGHT, y + 28)
            y += 36
            for one in paper.questions:
                y = _keyed(page, y, one, titles.get(one.template, one.template))
        return bytes(page.output())


def answer_of(question: Question) -> str:
    """The right answer as the key shows it."""
    return shown(question.key) if question.kind == "number" else ", ".join(question.letters)


def _turned(page: Page, y: float, need: float) -> float:
    if y + need <= _BOTTOM:
        return y
    page.add_page()
    return _TOP


def _table(page: Page, title: str, papers: Sequence[Paper]) -> float:
    page.add_page()
    page.ink(_TITLE)
    page.text(_LEFT, _TOP + 14, f"{title}: key")
    y = _TOP + 34
    names, across = [one.name for one in papers[0].questions], 9
    for begin in range(0, len(names), across):
        chosen = names[begin : begin + across]
        y = _row(page, _turned(page, y, 40), ["", *chosen], _NUMBER)
        for paper in papers:
            cells = [paper.student, *(answer_of(paper.question(name)) for name in chosen)]
            y = _row(page, _turned(page, y, 14), cells, _SMALL)
        y += 14
    return y


def _row(page: Page, y: float, cells: Sequence[str], style: Style) -> float:
    x, wide = _LEFT, [90.0] + [45.0] * (len(cells) - 1)
    for text, room in zip(cells, wide, strict=True):
        small = style
        while page.wide(text, small) > room - 4 and small.size > 5:
            small = Style(small.size - 0.5, small.face, small.grey)
        page.text(x, y + 10, page.cut(text, room - 2, small))
        x += room
    page.set_draw_color(225)
    page.line(_LEFT, y + 13.5, _RIGHT, y + 13.5)
    return y + 14


def _keyed(page: Page, y: float, one: Question, title: str) -> float:
    wide = _RIGHT - _LEFT - 140
    told = f"{title.rstrip('?')}: {one.worked}"
    y = _turned(page, y, page.tall(told, wide, _SMALL) + 6)
    page.ink(_NUMBER)
    page.text(_LEFT, y + 9, one.name[1:])
    answer = Style(9.0, "B")
    page.ink(answer)
    page.text(_LEFT + 24, y + 9, answer_of(one))
    room = page.wide(answer_of(one), answer)
    if one.kind == "number":
        page.ink(_SMALL)
        page.text(_LEFT + 28 + room, y + 9, f"± {one.tolerance:.0%}" if one.tolerance else "")
    return page.paragraph(_LEFT + 140, y, told, wide, _SMALL) + 4
