"""Run an audit with a progress line, and print its matrix."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from autograder.audit.bundle import bundles
from autograder.audit.matrix import Audit, audit_assignment, cases
from autograder.course import Course


def run(
    course: Course, assignment: str, jobs: int, seed: int | None, console: Console, each: bool = False, seeds: int = 1
) -> Audit:
    """Audit one assignment, counting cases on `console` when that is a terminal."""
    prepared = course.prepare(assignment)
    solution = course.solution(assignment)
    chosen = cases(prepared.assignment, prepared.release, solution)
    total = len(chosen) if each else len(bundles(prepared.assignment, chosen))
    with Progress(console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False) as bar:
        task = bar.add_task(f"audit {assignment}", total=total)
        return audit_assignment(
            course, assignment, solution, jobs, seed, lambda _: bar.advance(task), each, seeds=seeds
        )


def print_matrix(audit: Audit, console: Console) -> None:
    """One table per item: rows are cases, columns its checks; ✗ a check that failed, boxed where declared."""
    console.print(f"\n[bold]{audit.assignment}[/]: {len(audit.rows)} cases against {len(audit.checks)} checks")
    failing: dict[str, list[str]] = {}
    for row in audit.rows:
        if row.kind == "mistake":
            failing.setdefault(row.item, []).extend(n for n in row.failed if n not in failing.get(row.item, []))
    for item in dict.fromkeys(row.item for row in audit.rows if row.item):
        columns = [name for name in audit.checks if name in failing.get(item, [])]
        table = Table(title=item, title_justify="left", show_lines=False)
        table.add_column("case")
        for number, _ in enumerate(columns, 1):
            table.add_column(str(number), justify="center")
        table.add_column("score", justify="right")
        table.add_column("diagnosed", justify="center")
        for row in audit.rows:
            if row.item == item:
                marks = [_mark(name in row.failed, name in row.caught_by) for name in columns]
                diagnosed = "" if row.kind != "mistake" else "✓" if row.diagnosed else "-"
                label = Text(row.case, style="red" if row.problems else "green" if row.kind == "alternative" else "")
                table.add_row(label, *marks, f"{row.score:g}/{row.max_score:g}", diagnosed)
        console.print(table)
        for number, name in enumerate(columns, 1):
            console.print(f"  {number} {name}", markup=False)
    mistakes = [row for row in audit.rows if row.kind == "mistake"]
    seeds = f"; right work at {audit.seeds} seeds" if audit.seeds > 1 else ""
    fair = [row for row in audit.rows if row.kind == "alternative"]
    console.print(
        f"{len(mistakes)} mistakes, {sum(row.diagnosed for row in mistakes)} explained to the student by name; "
        f"{len(fair)} alternatives; {len(audit.problems)} problems{seeds}"
    )
    for problem in audit.problems:
        console.print(f"  {problem}", style="red", markup=False)


def _mark(failed: bool, declared: bool) -> str:
    if declared:
        return "[bold]✗[/]" if failed else "[red]MISSED[/]"
    return "✗" if failed else ""


def as_data(audit: Audit) -> dict[str, Any]:
    """The audit as plain data for --json."""
    return {
        "assignment": audit.assignment,
        "checks": list(audit.checks),
        "idle": list(audit.idle),
        "blunt": list(audit.blunt),
        "seeds": audit.seeds,
        "problems": list(audit.problems),
        "cases": [asdict(row) for row in audit.rows],
    }
