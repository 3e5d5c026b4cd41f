"""How verdicts are worded: one table for every report."""

from __future__ import annotations

from autograder.model import CellRun, CheckResult, Grade, ItemGrade, Kind, Status
from autograder.report.blocks import Tone
from autograder.report.plain import count, plain, points, worth

_ITEM: dict[str, Tone] = {
    "passed": "good",
    "partial": "part",
    "failed": "bad",
    "could_not_check": "unsure",
    "needs_manual_grade": "wait",
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
    """The tone of an item's status; a status nobody knows counts as unsure, never as passed."""
    return _ITEM.get(item.status, "unsure")


def check_tone(check: CheckResult) -> Tone:
    """The tone of a check's verdict."""
    return _CHECK[check.status]


def cell_words(cell: CellRun) -> str:
    """What happened to a cell that did not end well."""
    return _CELL.get(cell.status, cell.status)


def item_score(item: ItemGrade, *, noun: bool = True) -> str:
    """The item's points as the grade states them; without `noun` the word points is left to a column's title."""
    most = worth(item.max_score) if noun else points(item.max_score)
    if item_tone(item) == "wait":
        return f"up to {most}"
    text = f"{points(item.score)} of {most}"
    return f"{text}, {points(item.pending)} open" if item.pending > 0 else text


def check_score(check: CheckResult) -> str:
    """The check's points as the grade states them."""
    if check.status is Status.COULD_NOT_CHECK:
        return f"{points(check.max_points)} open"
    return f"{points(check.points)} of {points(check.max_points)}"


def unchecked(grade: Grade) -> list[CheckResult]:
    """The checks that could not be run."""
    return [check for item in grade.items for check in item.checks if check.status is Status.COULD_NOT_CHECK]


def open_points(grade: Grade) -> float:
    """Points among the automatically graded that nobody has decided yet, as the items state them."""
    return sum(item.pending for item in grade.items if item.kind is not Kind.MANUAL)


def broken(grade: Grade) -> bool:
    """Whether the run did not reach its end: an error of the submission, or a cell that hung or died."""
    return bool(grade.error) or any(cell.status in ("timeout", "died") for cell in grade.cells)


def reasons(grade: Grade) -> str:
    """Why an instructor should look at this submission, in one line."""
    found = [plain(grade.error)] if grade.error else []
    lost = len(unchecked(grade))
    if lost:
        found.append(f"{count(lost, 'check')} could not be run")
    elif open_points(grade) > 0:
        found.append(f"{worth(open_points(grade))} could not be decided")
    found += [
        f"cell {plain(cell.cell)} {cell_words(cell)}" for cell in grade.cells if cell.status in ("died", "timeout")
    ]
    if grade.flagged and grade.repaired:
        kinds = sorted({REPAIRS.get(repair.kind, repair.kind).lower() for repair in grade.repaired})
        found.append("repaired: " + ", ".join(kinds))
    return "; ".join(part.rstrip(".") for part in found) or ("flagged without a stated reason" if grade.flagged else "")
