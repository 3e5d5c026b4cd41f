"""The second half of the class report: the runs, the repairs, and what only the instructor sees."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.model import CellRun, CheckResult, Grade, Status
from autograder.report.blocks import (
    Bar,
    Bars,
    Block,
    Cell,
    CodeText,
    Column,
    Details,
    Fact,
    Facts,
    Table,
    Text,
    Verdict,
)
from autograder.report.plain import count, plain, seconds
from autograder.report.verdicts import REPAIRS, broken, cell_words, check_score, check_tone, reasons

ROWS = 60
SLOWEST = 8
# One page must stay usable for a thousand students, so detail is rationed: per check, and in all.
DETAIL_EACH = 1200
DETAIL_ALL = 1_000_000
_BAD_CELLS = ("error", "timeout", "died")


def run_blocks(grades: Sequence[Grade]) -> Iterator[Block]:
    """Durations, runs that failed, the cells that stop most often, and the slowest runs."""
    times = [grade.seconds for grade in grades]
    ended = [grade for grade in grades if broken(grade)]
    raised = sum(any(cell.status == "error" for cell in grade.cells) for grade in grades)
    yield Facts(
        (
            Fact("Median run", seconds(statistics.median(times))),
            Fact("Longest run", seconds(max(times))),
            Fact("Ended early", str(len(ended)), "out of time, died, or could not be read"),
            Fact("Raised an error", str(raised), "in at least one cell"),
        )
    )
    yield from _ended(ended)
    yield from _stopping_cells(grades)
    slow = sorted(grades, key=lambda grade: -grade.seconds)[:SLOWEST]
    columns = (Column("Student"), Column("Run", "number"), Column("CPU", "number"), Column("Slowest cell"))
    rows = tuple(
        (Cell(g.student), Cell(seconds(g.seconds)), Cell(seconds(g.cpu_seconds)), Cell(_slowest(g.cells))) for g in slow
    )
    yield Details(f"The {count(len(rows), 'slowest run')}", (Table(columns, rows),))


def _ended(grades: Sequence[Grade]) -> Iterator[Block]:
    if not grades:
        return
    rows = tuple((Cell(grade.student), Cell(reasons(grade)), Cell(seconds(grade.seconds))) for grade in grades[:ROWS])
    more = f" The first {ROWS} of {len(grades)}." if len(grades) > ROWS else ""
    columns = (Column("Student"), Column("What happened"), Column("Run", "number"))
    yield Table(columns, rows, f"Runs that ended early.{more}", tall=len(rows) > 20)


def _stopping_cells(grades: Sequence[Grade]) -> Iterator[Block]:
    stops: dict[str, Counter[str]] = {}
    for grade in grades:
        for cell in grade.cells:
            if cell.status in _BAD_CELLS:
                stops.setdefault(cell.cell, Counter())[_error_name(cell)] += 1
    worst = sorted(stops.items(), key=lambda stop: -stop[1].total())[:SLOWEST]
    if worst:
        columns = (Column("Cell", "code"), Column("Submissions", "number"), Column("How"))
        rows = tuple(
            (
                Cell(cell),
                Cell(str(how.total())),
                Cell(", ".join(f"{plain(name, limit=80)} ({number})" for name, number in how.most_common(3))),
            )
            for cell, how in worst
        )
        yield Details("Cells that stop most often", (Table(columns, rows),))


def _error_name(cell: CellRun) -> str:
    if cell.status != "error":
        return cell_words(cell)
    return plain(cell.error.split(":", 1)[0], limit=80) or cell_words(cell)


def _slowest(cells: Sequence[CellRun]) -> str:
    if not cells:
        return ""
    cell = max(cells, key=lambda run: run.seconds)
    return f"{plain(cell.cell)}, {seconds(cell.seconds)}"


def repair_blocks(grades: Sequence[Grade]) -> Iterator[Block]:
    """What was put right before running: by kind, then line by line."""
    kinds: Counter[str] = Counter()
    for grade in grades:
        kinds.update({repair.kind for repair in grade.repaired})
    if not kinds:
        yield Text("Nothing had to be repaired.")
        return
    yield Bars(
        tuple(
            Bar(REPAIRS.get(kind, kind), (("note", number),), value=count(number, "submission"))
            for kind, number in kinds.most_common()
        ),
        len(grades),
        "Submissions repaired, by kind",
    )
    lines = [(grade.student, repair) for grade in grades for repair in grade.repaired]
    rows = tuple((Cell(who), Cell(repair.cell), Cell(repair.message)) for who, repair in lines[:ROWS])
    more = f", the first {ROWS}" if len(lines) > ROWS else ""
    table = Table((Column("Student"), Column("Cell", "code"), Column("What was done")), rows, tall=len(rows) > 20)
    yield Details(f"{count(len(lines), 'repair')}{more}", (table,))


def detail_blocks(grades: Sequence[Grade]) -> Iterator[Block]:
    """Per student: the seed, and what checks left for the instructor. Those who need a look come first."""
    yield Text("Not shown to students. The seed draws the same secret inputs again.", quiet=True)
    left = DETAIL_ALL
    dropped = 0
    for grade in sorted(grades, key=lambda grade: not reasons(grade)):
        told = [
            check for item in grade.items for check in item.checks if check.detail or check.status is not Status.PASSED
        ]
        if not told and not reasons(grade):
            continue
        spent = sum(min(len(check.detail), DETAIL_EACH) + len(check.claim) + 200 for check in told)
        if spent > left:
            dropped += 1
            continue
        left -= spent
        yield Details(f"{plain(grade.student)}: {count(len(told), 'check')}", tuple(_told(grade, told)))
    if dropped:
        yield Text(f"Left out to keep this page small: the detail of {count(dropped, 'submission')}.")


def _told(grade: Grade, checks: Sequence[CheckResult]) -> Iterator[Block]:
    where = f", sandbox {plain(grade.sandbox)}" if grade.sandbox else ""
    yield Text(f"Seed {grade.seed}{where}, submission {plain(grade.digest)[:12] or 'without a digest'}.", quiet=True)
    if reasons(grade):
        yield Text(reasons(grade), lead="Look:")
    for check in checks:
        body: list[Block] = [CodeText(plain(check.detail, lines=True, limit=DETAIL_EACH))] if check.detail else []
        if check.message:
            body.insert(0, Text(check.message))
        yield Verdict(f"{plain(check.item)}, {plain(check.name)}", check_tone(check), check_score(check), tuple(body))
