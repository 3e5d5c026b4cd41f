"""Terminal output: no control codes, no markup, no CI commands from text; the numbers of the grade."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from autograder.model import Repair
from autograder.report import terminal
from autograder.report.feedback import feedback_blocks
from tests.report import sample
from tests.report.hostile import PAYLOADS, everywhere
from tests.report.test_html import every_block


def shown(what: RenderableType, width: int = 100) -> str:
    """What a terminal without colours would show."""
    file = io.StringIO()
    Console(file=file, width=width, color_system=None).print(what)
    return file.getvalue()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_is_only_text(payload: str) -> None:
    """At any width a payload leaves no escape sequence, no rich markup and no CI command."""
    grade = everywhere(payload)
    outputs = [
        terminal.score_table([grade]),
        terminal.grade_panel(grade),
        terminal.render(every_block(payload)),
    ]
    for what in outputs:
        for width in (40, 73, 120):
            text = shown(what, width)
            assert not set(text) & set("\x1b\x07\x9b\u202e\x00")
            assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "[red]rich[/red]" in shown(terminal.safe("[red]rich[/red]"))


def test_wrapping_makes_no_command() -> None:
    """A long word folded just before its colons does not put them at the start of a line."""
    for width in range(20, 40):
        text = shown(terminal.safe("a" * 30 + "::error file=x::y"), width)
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_score_table_shows_each_grade_as_it_is() -> None:
    """Student, score, a mark per item and a flag stand on one line."""
    grade = replace(sample.grade(6), score=7.25, max_score=31, flagged=True)
    lines = [line for line in shown(terminal.score_table([grade]), 140).splitlines() if grade.student in line]
    assert len(lines) == 1
    assert "7.25 / 31" in lines[0]
    assert "✓ ✓ ✓ ✓ ✓ ✓ ? ✓ ✎" in lines[0]
    assert "⚑ 1 check could not be run" in lines[0]


def test_panel_names_what_failed_and_keeps_detail_out() -> None:
    """The panel says the score and each failed check's cause, and nothing meant for the instructor's file."""
    grade = sample.grade(5, skill=0.35)
    text = shown(terminal.grade_panel(grade), 200)
    assert "9 of 20 points" in text
    assert "position 2 attends to position 4, which lies in its future." in text
    assert "max error" not in text


def test_feedback_renders_in_the_terminal() -> None:
    """The same blocks as the HTML page, item for item."""
    grade = sample.grade(17)
    text = shown(terminal.render(feedback_blocks(grade)), 200)
    assert all(item.title in text for item in grade.items)


def test_a_doubtful_choice_says_why() -> None:
    """Where it is not certain which file was meant, the table says what was graded."""
    told = Repair("files", "", "copy.ipynb was graded, not hw1.ipynb.")
    text = shown(terminal.score_table([replace(sample.grade(0, skill=1.0), flagged=True, repaired=(told,))]), 200)
    assert "copy.ipynb was graded, not hw1.ipynb" in text


def test_an_empty_table_has_its_header() -> None:
    """No grades give a table without rows, not an error."""
    assert "student" in shown(terminal.score_table([]))


def test_one_student_does_not_fill_the_table() -> None:
    """A name or an error of a million characters takes some lines."""
    grade = replace(everywhere("x"), student="n" * 10**6, error="e" * 10**6)
    assert len(shown(terminal.score_table([grade]), 120).splitlines()) < 40
