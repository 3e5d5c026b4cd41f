"""`seq2grade explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding

from autograder.commands.shared import HERE, Device, Root, Sandbox, chosen, ids_of, out, say

if TYPE_CHECKING:
    from autograder.model import CheckResult, Grade, ItemGrade


def explain(
    student: Annotated[str, typer.Argument(help="As in submitted/ and in the reports.")],
    assignment: Annotated[str, typer.Argument(help="Assignment id.")],
    item: Annotated[str | None, typer.Argument(help="Item id; all when left out.")] = None,
    run: Annotated[bool, typer.Option("--run", help="Run it again with the same seed, and compare.")] = False,
    work: Annotated[Path | None, typer.Option("--from", help="With --run: where the work lies.")] = None,
    device: Device = "auto",
    sandbox: Sandbox = "auto",
    course: Root = HERE,
) -> None:
    """Tell how a verdict came about: each check's, its message, seed and versions. For instructors."""
    from autograder import explained

    home = course.resolve()
    chosen(ids_of(course), [assignment])
    grade, genuine = explained.recorded(home, assignment, student)
    items = explained.items_of(grade, item)
    if not genuine:
        say("what was kept of this grade was changed by hand, see `seq2grade verify`")
    _show(grade, items)
    if not run:
        raise typer.Exit(0 if genuine else 1)
    from autograder.planned import Plan

    plan = Plan(home, (work or home / "submitted" / student,), assignment, device=device, sandbox=sandbox)
    told = explained.again(plan, grade, items)
    for line in told.different:
        out.print(f"Different now: {line}", markup=False, soft_wrap=True)
    for line in told.verdicts:
        out.print(f"✗ {line}", markup=False, soft_wrap=True)
    out.print("Run again: every verdict is the same." if told.holds else "Run again: not every verdict is the same.")
    raise typer.Exit(0 if told.holds and genuine else 1)


def _show(grade: Grade, items: tuple[ItemGrade, ...]) -> None:
    from autograder.report.terminal import safe

    facts = {
        "score": f"{grade.score:g} of {grade.max_score:g} by checks", "seed": str(grade.seed),
        "work": f"SHA-256 {grade.digest or 'unknown'}", "assignment": f"SHA-256 {grade.edition or 'unknown'}",
        "graded by": grade.settings or "nobody wrote it down", "error": grade.error,
    }  # fmt: skip
    out.print(safe(f"{grade.student}, {grade.assignment}", "bold"))
    for name, value in facts.items():
        if value:
            out.print(safe(f"  {name}: {value}"), soft_wrap=True)
    for item in items:
        out.print(safe(f"\n{item.id}: {item.title}  {item.score:g} of {item.max_score:g}, {item.status}", lines=True))
        for check in item.checks:
            _show_check(check)


def _show_check(check: CheckResult) -> None:
    from autograder.report.terminal import safe

    out.print(
        Padding(safe(f"{check.status.value}  {check.points:g}/{check.max_points:g}  {check.claim}"), (0, 0, 0, 2))
    )
    notes = {
        "check": check.name, "said": " ".join(filter(None, (check.message, check.hint))), "explained": check.mistake,
        "thinks": check.thinks, "carried": "with reference versions of earlier items" if check.carried else "",
        "detail": check.detail,
    }  # fmt: skip
    for name, value in notes.items():
        if value and (name != "check" or check.status.value != "passed"):
            out.print(Padding(safe(f"{name}: {value}", "dim", lines=True), (0, 0, 0, 4)))
