"""No work on a student's text grows faster than the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.export.results import dumps
from autograder.gradebook.autograded import autograded_notebook
from autograder.model import CellRun, CheckResult, Grade, ItemGrade, Kind, Repair, Status
from autograder.report import markdown
from autograder.report.classreport import _natural
from autograder.report.feedback import feedback_blocks
from autograder.report.html import page
from autograder.report.plain import href, plain
from autograder.report.svg import clean as clean_svg
from autograder.sandbox.outputs import CellOutputs, clean, settled, size
from tests.growth import cpu_seconds

LENGTH = 100_000
LONGER = {  # the first to meet it, and what only cuts; what is slow though it is linear
    "settled": 1_000_000, "outputs": 200_000, "feedback": 500_000, "autograded": 50_000,
}  # fmt: skip
BITS = (
    " ", "x", "\r", "\b", "x\b", "x\r", "\r\n", "\n", "7", "1, ", "[", "[]", "(", "\x1b[", "\x1b]", "\x1b[31m", "\x9b0",
    "<", "<a ", "`", "*_", "|", "::", " ::", "##[", "\u0301", "\u202e", "\ud800", "&#", "\\", "$", "https://", "www.",
    "'\"", "{{", "\t \n", "a:", "-\n",
)  # fmt: skip


def through_outputs(text: str) -> Any:
    """One message, and the same text in many small ones."""
    one = CellOutputs(8 * len(text), {})
    one.take("stream", {"name": "stdout", "text": text})
    one.take("error", {"ename": text, "evalue": text, "traceback": [text]})
    for start in range(0, len(text), 50):
        one.take("stream", {"name": "stdout", "text": text[start : start + 50]})
    return one.finish(False)


def grade(text: str) -> Grade:
    """A grade that says `text` wherever a student can have a word in it."""
    check = CheckResult(text, text, Status.FAILED, 0, 1, text, text, text, "", text, text)
    item = ItemGrade("a", text, Kind.CODE, "a", 0, 1, "failed", 0.0, text, (check,))
    output = {"output_type": "stream", "name": "stdout", "text": text}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": text, "outputs": [output], "execution_count": 1}
    prose = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": text}
    notebook = {"cells": [cell, prose], "metadata": {}}
    repairs = (Repair("moved", text, text),)
    return Grade("s", "a", text, 0, 1, (item,), repaired=repairs, error=text, cells=(CellRun(text, "error", 1, text),),
                 notebook=notebook)  # fmt: skip


RELEASE: dict[str, Any] = {"cells": [], "metadata": {}}
WORK: dict[str, Callable[[str], Any]] = {
    "settled": settled,
    "outputs": through_outputs,
    "clean": lambda text: clean({"text": text}),
    "size": lambda text: size([text, list(text)]),
    "plain": lambda text: (plain(text), plain(text, lines=True), plain(text, limit=len(text)), href(text)),
    "natural": _natural,
    "picture": lambda text: clean_svg(f"<svg>{text}</svg>"),
    "feedback": lambda text: page("x", feedback_blocks(grade(text))) + markdown.page(feedback_blocks(grade(text))),
    "results": lambda text: dumps([grade(text)]),
    "autograded": lambda text: autograded_notebook(grade(text), RELEASE),
}


def cost(work: Callable[[str], Any], bit: str, length: int) -> float:
    """CPU seconds for so many characters."""
    text = (bit * (length // len(bit) + 1))[:length]
    return cpu_seconds(lambda: work(text))


@pytest.mark.parametrize("name", WORK)
def test_twice_the_text_is_about_twice_the_work(name: str) -> None:
    """For every kind of text that some pattern looks for: spaces, backspaces, digits, brackets, escapes, markup."""
    length = LONGER.get(name, LENGTH)
    for bit in BITS:
        once = cost(WORK[name], bit, length)
        assert once < 20, repr(bit)
        twice = min(cost(WORK[name], bit, 2 * length) for _ in range(2 if once > 0.2 else 1))
        assert twice < 3 * once + 0.5, (bit, once, twice)


def test_a_terminal_would_show_the_same() -> None:
    """Backspaces take back a character of their line, carriage returns start it again, and nothing else changes."""
    assert settled("10%\r20%\r30%\ndone") == "30%\ndone"
    assert settled("abc\b\bX\n\b\bd") == "aX\nd"
    assert settled("one\r\ntwo\r") == "one\ntwo"
    assert settled("plain \t text\n\n") == "plain \t text\n\n"
