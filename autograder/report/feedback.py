"""What one student reads: the score, and for each item what holds, what does not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.model import CheckResult, Grade, ItemGrade, Kind, Status
from autograder.report import html, markdown
from autograder.report.blocks import (
    Block,
    Bullets,
    Callout,
    Card,
    Cell,
    CodeText,
    Column,
    Details,
    Heading,
    Meter,
    Picture,
    Table,
    Text,
    Verdict,
)
from autograder.report.files import write
from autograder.report.plain import count, plain, seconds, worth
from autograder.report.verdicts import (
    cell_words,
    check_score,
    check_tone,
    item_score,
    item_tone,
    open_points,
    unchecked,
)

OUR_FAULT = "This was our fault, it costs you nothing, and your instructor has been told."
CARRIED = (
    "Passed with correct versions of the earlier items it builds on, so that an earlier mistake does not cost"
    " points twice."
)
_CELLS_SHOWN = 12


def feedback_blocks(grade: Grade, *, title: str = "") -> tuple[Block, ...]:
    """The feedback page of one submission; `title` is the assignment's, its id when left out.

    Shows nothing that is meant for the instructor: no `detail`, no seed. Every number is the grade's own.
    """
    run = _run(grade)
    troubled = any(cell.status != "ok" for cell in grade.cells)
    return (
        Heading(title or grade.assignment, 1, eyebrow=f"Feedback for {plain(grade.student)}"),
        Meter(grade.score, grade.max_score, open_points(grade), _caption(grade)),
        *_messages(grade),
        *(run if troubled else ()),
        *_overview(grade),
        *(_card(item, number) for number, item in enumerate(grade.items, 1)),
        *(() if troubled else run),
    )


def write_feedback(grade: Grade, folder: Path, *, title: str = "") -> tuple[Path, Path]:
    """Writes feedback.html and feedback.md into `folder` and returns their paths. Raises OSError."""
    blocks = feedback_blocks(grade, title=title)
    name = plain(title or grade.assignment)
    footer = f"Submission {plain(grade.digest)[:12]}. Keep this code if you have a question about your grade."
    page = html.page(f"Feedback: {name}", blocks, footer=footer if grade.digest else "")
    return write(folder / "feedback.html", page), write(folder / "feedback.md", markdown.page(blocks))


def _caption(grade: Grade) -> str:
    parts = []
    if grade.max_score > 0 and grade.score >= grade.max_score:
        parts.append("Every check passed. Well done.")
    if grade.manual_max > 0:
        parts.append(f"A person grades {worth(grade.manual_max)} more, which are not counted here.")
    if open_points(grade) > 0:
        parts.append(f"Still open, because of us: {worth(open_points(grade))}.")
    return " ".join(parts)


def _messages(grade: Grade) -> Iterator[Block]:
    if grade.error:
        yield Callout("Something went wrong with this submission", (Text(grade.error),), "bad")
    lost = len(unchecked(grade))
    if lost or open_points(grade) > 0:
        title = f"{count(lost, 'check')} could not be run" if lost else "Some of your work could not be checked"
        yield Callout(title, (Text(f"{OUR_FAULT} The points stay open."),), "unsure")
    if grade.repaired:
        told = Bullets(tuple(repair.message for repair in grade.repaired))
        yield Callout(
            "We put something right before running your notebook",
            (Text("No points are taken off for this."), told),
        )


def _overview(grade: Grade) -> Iterator[Block]:
    yield Heading("Your items", anchor="items")
    if not grade.items:
        yield Text("No item could be graded.", quiet=True)
    if len(grade.items) > 3:
        yield Table(
            (Column("Item"), Column("Result"), Column("Points", "number")),
            tuple(
                (
                    Cell(item.title or item.id, link=f"#item-{number}"),
                    Cell(_word(item), item_tone(item)),
                    Cell(item_score(item, noun=False)),
                )
                for number, item in enumerate(grade.items, 1)
            ),
        )


def _word(item: ItemGrade) -> str:
    return {
        "passed": "all right",
        "partial": "partly right",
        "failed": "not right yet",
        "could_not_check": "could not be checked",
        "needs_manual_grade": "waiting for a person",
    }.get(item.status, item.status)


def _card(item: ItemGrade, number: int) -> Card:
    return Card(
        title=item.title or item.id,
        tone=item_tone(item),
        score=item_score(item),
        blocks=tuple(_item_blocks(item)),
        label=item.id,
        anchor=f"item-{number}",
        word=_word(item),
    )


def _item_blocks(item: ItemGrade) -> Iterator[Block]:
    failed = [check for check in item.checks if check.status is Status.FAILED]
    lost = [check for check in item.checks if check.status is Status.COULD_NOT_CHECK]
    passed = [check for check in item.checks if check.status is Status.PASSED]
    if item.explanation and item.explanation not in {check.mistake for check in failed}:
        yield Text(item.explanation)
    if item_tone(item) == "wait":
        yield Text("Your instructor reads this answer. Its points are not part of the score above.", quiet=True)
    said: set[str] = set()
    for check in failed:
        yield _verdict(check, *_failure(check, said))
    for check in lost:
        yield _verdict(check, Text(f"We could not run this check. {OUR_FAULT}"))
    if item.pending > 0 and item.kind is not Kind.MANUAL and not lost:
        yield Text(f"We could not run all checks of this item. {OUR_FAULT}")
    for check in passed:
        if check.carried:
            yield _verdict(check, Text(CARRIED))
    quiet = tuple(_verdict(check) for check in passed if not check.carried)
    if quiet:
        yield Details(f"{count(len(quiet), 'check')} passed", quiet)


def _verdict(check: CheckResult, *blocks: Block) -> Verdict:
    return Verdict(check.claim or check.name, check_tone(check), check_score(check), blocks)


def _failure(check: CheckResult, said: set[str]) -> Iterator[Block]:
    """Why a check failed, the most telling sentence first; `said` keeps an item from repeating itself."""
    cause = check.mistake or check.message
    if cause in said:
        yield Text("Same cause as above.", quiet=True)
    elif cause:
        yield Text(cause, big=True)
    if check.mistake and check.message and check.message not in said:
        yield Text(check.message, lead="What we saw:")
    if check.hint and check.hint not in said:
        yield Text(check.hint, lead="Hint:")
    if check.picture and check.picture not in said:
        yield Picture(check.picture, check.message or check.claim or check.name)
    said.update((cause, check.message, check.hint, check.picture))


def _run(grade: Grade) -> tuple[Block, ...]:
    if not grade.cells:
        return ()
    bad = [cell for cell in grade.cells if cell.status not in ("ok", "skipped")]
    skipped = sum(cell.status == "skipped" for cell in grade.cells)
    told = f"{count(len(grade.cells), 'code cell')}, {seconds(grade.seconds)} in all."
    if not bad and not skipped:
        return Heading("How your notebook ran"), Text(f"Every cell ran to its end: {told}", quiet=True)
    shown = tuple(
        Verdict(
            f"Cell {plain(cell.cell)} {cell_words(cell)}",
            "bad",
            seconds(cell.seconds),
            (CodeText(plain(cell.error, lines=True, limit=1500)),) if cell.error else (),
        )
        for cell in bad[:_CELLS_SHOWN]
    )
    if skipped:
        told += f" {count(skipped, 'cell')} did not run."
    if len(bad) > _CELLS_SHOWN:
        told += f" The first {_CELLS_SHOWN} of {len(bad)} cells that did not end well:"
    return Heading("How your notebook ran"), Text(told, quiet=True), *shown
