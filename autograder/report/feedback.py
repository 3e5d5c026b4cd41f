"""What one student reads: the score, and for each item what holds, what does not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.model import Grade, Repair
from autograder.report import html, markdown
from autograder.report.answers import answers
from autograder.report.blocks import (
    Block,
    Bullets,
    Callout,
    Card,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Meter,
    Table,
    Text,
)
from autograder.report.card import CARRIED, OUR_FAULT, card
from autograder.report.causes import causes
from autograder.report.plain import count, plain, points, worth
from autograder.report.ran import matters, run_blocks
from autograder.report.verdicts import (
    adjusted,
    item_score,
    item_tone,
    item_word,
    legend,
    not_started,
    titled,
    unchecked,
)
from autograder.writing import replace_file

__all__ = ["CARRIED", "OUR_FAULT", "feedback_blocks", "write_feedback"]
_REPAIRS_SHOWN = 50


def feedback_blocks(grade: Grade, *, title: str = "") -> tuple[Block, ...]:
    """The feedback page of one submission; `title` is the assignment's, its id when left out.

    Shows nothing that is meant for the instructor: no `detail`, no seed. Every number is the grade's own.
    """
    run = run_blocks(grade)
    cards = _cards(grade)
    return (
        Heading(title or grade.assignment, 1, eyebrow=f"Feedback for {plain(grade.student)}"),
        Meter(grade.total, grade.total_max, grade.pending, _caption(grade)),
        *_sum(grade),
        *_messages(grade),
        *_overview(grade, {shown.anchor for shown in cards}),
        *(run if matters(grade) else ()),
        *cards,
        *(() if matters(grade) else run),
    )


def write_feedback(grade: Grade, folder: Path, *, title: str = "") -> tuple[Path, Path]:
    """Writes feedback.html and feedback.md into `folder` and returns their paths. Raises OSError."""
    blocks = feedback_blocks(grade, title=title)
    name = plain(title or grade.assignment)
    footer = f"Submission {plain(grade.digest)[:12]}. Keep this code if you have a question about your grade."
    page = html.page(f"Feedback: {name}", blocks, footer=footer if grade.digest else "")
    return (
        replace_file(folder / "feedback.html", page, 0o644),
        replace_file(folder / "feedback.md", markdown.page(blocks), 0o644),
    )


def _caption(grade: Grade) -> str:
    parts = []
    if grade.max_score > 0 and grade.score >= grade.max_score and grade.total >= grade.total_max:
        parts.append("Every check passed. Well done.")
    blank = not_started(grade)
    if blank and len(blank) < len(grade.items):
        parts.append(f"Not started: {count(len(blank), 'item')}, {worth(sum(item.max_score for item in blank))}.")
    if grade.waiting > 0:
        parts.append(f"A person grades {worth(grade.waiting)} more, which are not counted here.")
    if grade.pending > 0:
        parts.append(f"Still open, because of us: {worth(grade.pending)}.")
    return " ".join(parts)


def _sum(grade: Grade) -> Iterator[Block]:
    """What the score is made of, where more than the checks had a say in it."""
    if grade.late:
        yield Text(grade.late)
    if not adjusted(grade):
        return
    given = f"{'+' if grade.by_person >= 0 else '-'}{points(abs(grade.by_person))}"
    facts = [Fact("Checks", points(grade.score), f"of {points(grade.max_score)}"), Fact("A person", given)]
    if grade.penalty > 0:
        facts.append(Fact("Late", f"-{points(grade.penalty)}"))
    yield Facts((*facts, Fact("Together", points(grade.total), f"of {points(grade.total_max)}")))


def _messages(grade: Grade) -> Iterator[Block]:
    if grade.error:
        yield Callout("Something went wrong with this submission", (Text(grade.error),), "bad")
    lost = len(unchecked(grade))
    if lost or grade.pending > 0:
        title = f"{count(lost, 'check')} could not be run" if lost else "Some of your work could not be checked"
        yield Callout(title, (Text(f"{OUR_FAULT} The points stay open."),), "unsure")
    if grade.repaired:
        told = Bullets(_some(grade.repaired))
        yield Callout(
            "We put something right before running your notebook",
            (Text("No points are taken off for this."), told),
        )


def _some(repairs: Sequence[Repair]) -> tuple[str, ...]:
    """The first messages, and how many more there are: a page must stay readable whatever was handed in."""
    more = len(repairs) - _REPAIRS_SHOWN
    told = tuple(repair.message for repair in repairs[:_REPAIRS_SHOWN])
    return (*told, f"And {more} more of this kind.") if more > 0 else told


def _overview(grade: Grade, linked: set[str]) -> Iterator[Block]:
    """All items in a table; those that have a card of their own link to it."""
    yield Heading("Your items", anchor="items")
    if not grade.items:
        yield Text("No item could be graded.", quiet=True)
        return
    blank = not_started(grade)
    if len(blank) == len(grade.items):
        worth_all = worth(sum(item.max_score for item in blank))
        yield Text(f"Nothing answered yet: {count(len(blank), 'item')}, {worth_all}.", big=True)
    rows = tuple(
        (
            Cell(titled(item), link=f"#{anchor}" if anchor in linked else ""),
            Cell(item_word(item), item_tone(item)),
            Cell(item_score(item, noun=False)),
        )
        for item, anchor in zip(grade.items, _anchors(grade).values(), strict=True)
    )
    columns = (Column("Item"), Column("Result", "state"), Column("Points", "number"))
    yield Table(columns, rows, f"{legend([grade], checks=True)}.")
    if any(item.waits for item in grade.items):
        yield Text("Your instructor reads what is marked ✎. Its points are not part of the score above.", quiet=True)


def _anchors(grade: Grade) -> dict[str, str]:
    return {item.id: f"item-{number}" for number, item in enumerate(grade.items, 1)}


def _cards(grade: Grade) -> tuple[Card, ...]:
    found, texts, anchors = causes(grade), answers(grade), _anchors(grade)
    cards = (card(item, anchors, found.get(item.id, ()), texts.get(item.id)) for item in grade.items)
    return tuple(shown for shown in cards if shown is not None)
