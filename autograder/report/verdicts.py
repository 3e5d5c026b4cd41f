"""How verdicts are worded: one table for every report."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.model import CellRun, CheckResult, Grade, ItemGrade, Status
from autograder.report.blocks import MARKS, Tone
from autograder.report.plain import count, plain, points, worth

_ITEM: dict[str, Tone] = {
    "passed": "good",
    "partial": "part",
    "failed": "bad",
    "could_not_check": "unsure",
    "needs_manual_grade": "wait",
    "not_started": "blank",
}
_WORD = {
    "passed": "all right",
    "partial": "partly right",
    "failed": "not right yet",
    "could_not_check": "could not be checked",
    "needs_manual_grade": "waiting for a person",
    "not_started": "not started",
}
LEGEND: dict[Tone, str] = {
    "good": "all points",
    "part": "some of the points",
    "bad": "no points",
    "blank": "not started",
    "unsure": "could not be checked, costs nothing",
    "wait": "a person reads it",
}
_CHECK: dict[Status, Tone] = {Status.PASSED: "good", Status.FAILED: "bad", Status.COULD_NOT_CHECK: "unsure"}
_CELL = {
    "error": "stopped with an error",
    "timeout": "ran out of time",
    "died": "ended the notebook's process",
    "skipped": "did not run",
}
REPAIRS = {
    "deleted": "Missing cells",
    "duplicated": "Cells there more than once",
    "moved": "Cells out of place",
    "retyped": "Cells of another type",
    "retagged": "Cells with other tags",
    "edited": "Changed read-only cells",
    "kernel": "Another kernel",
    "metadata": "Damaged metadata",
    "files": "Files not used",
}


def item_tone(item: ItemGrade) -> Tone:
    """The tone of an item's status; a status nobody knows counts as unsure, never as passed. A person's word counts
    before that of the checks."""
    if item.person is not None:
        return "good" if item.points >= item.max_score else "part" if item.points > 0 else "bad"
    return _ITEM.get(item.status, "unsure")


def item_word(item: ItemGrade) -> str:
    """An item's status in words."""
    if item.person is not None:
        return "graded by a person" + (", who reads it again" if item.status == "needs_manual_grade" else "")
    return _WORD.get(item.status, item.status)


def titled(item: ItemGrade) -> str:
    """An item's title behind the number of its section in the notebook."""
    return f"{item.section} {item.title or item.id}".lstrip()


def check_tone(check: CheckResult) -> Tone:
    """The tone of a check's verdict."""
    return _CHECK[check.status]


def legend(grades: Iterable[Grade], checks: bool = False) -> str:
    """What the signs mean that the items of these grades use, and their checks."""
    items = [item for grade in grades for item in grade.items]
    tones = {item_tone(item) for item in items}
    if checks:
        tones |= {check_tone(check) for item in items if item_tone(item) != "blank" for check in item.checks}
    return ", ".join(f"{MARKS[tone]} {words}" for tone, words in LEGEND.items() if tone in tones)


def cell_words(cell: CellRun) -> str:
    """What happened to a cell that did not end well."""
    return _CELL.get(cell.status, cell.status)


def not_started(grade: Grade) -> list[ItemGrade]:
    """The items that nobody began and nobody gave points for."""
    return [item for item in grade.items if item_tone(item) == "blank"]


def item_score(item: ItemGrade, *, noun: bool = True) -> str:
    """The item's points as the grade states them; without `noun` the word points is left to a column's title."""
    most = worth(item.max_score) if noun else points(item.max_score)
    if item_tone(item) == "wait":
        return f"up to {most}"
    text = f"{points(item.points)} of {most}"
    return f"{text}, {points(item.pending)} open" if item.pending > 0 and item.person is None else text


def adjusted(grade: Grade) -> bool:
    """Whether a person or the calendar had a say in it."""
    return grade.penalty > 0 or any(item.person is not None or item.extra for item in grade.items)


def score(grade: Grade) -> tuple[float, float]:
    """What a table of many shows: the points of the checks, and what all say once others had a say."""
    return (grade.total, grade.total_max) if adjusted(grade) else (grade.score, grade.max_score)


def check_score(check: CheckResult) -> str:
    """The check's points as the grade states them."""
    if check.status is Status.COULD_NOT_CHECK:
        return f"{points(check.max_points)} open"
    return f"{points(check.points)} of {points(check.max_points)}"


def unchecked(grade: Grade) -> list[CheckResult]:
    """The checks that could not be run."""
    return [check for item in grade.items for check in item.checks if check.status is Status.COULD_NOT_CHECK]


def broken(grade: Grade) -> bool:
    """Whether the run did not reach its end: an error of the submission, or a cell that hung or died."""
    return bool(grade.error) or any(cell.status in ("timeout", "died") for cell in grade.cells)


def reasons(grade: Grade) -> str:
    """Why an instructor should look at this submission, in one line."""
    found = [plain(grade.error)] if grade.error else []
    lost = len(unchecked(grade))
    if lost:
        found.append(f"{count(lost, 'check')} could not be run")
    elif grade.pending > 0:
        found.append(f"{worth(grade.pending)} could not be decided")
    odd = sum(check.odd for item in grade.items if item.status != "not_started" for check in item.checks)
    if odd:
        found.append(f"{count(odd, 'check')} failed for an answer of odd form")
    found += [
        f"cell {plain(cell.cell)} {cell_words(cell)}" for cell in grade.cells if cell.status in ("died", "timeout")
    ]
    doubt = next((repair.message for repair in grade.repaired if repair.kind == "files"), "")
    if grade.flagged and doubt and not found:
        # Nothing else went wrong: it was not certain which file is meant.
        found.append(plain(doubt))
    elif grade.flagged and grade.repaired:
        kinds = sorted({REPAIRS.get(repair.kind, repair.kind).lower() for repair in grade.repaired})
        found.append("repaired: " + ", ".join(kinds))
    return "; ".join(part.rstrip(".") for part in found) or ("flagged without a stated reason" if grade.flagged else "")
