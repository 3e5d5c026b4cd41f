"""`seq2grade status`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.commands.shared import HERE, Device, Root, Sandbox, Seed, ids_of, out


def status(
    paths: Annotated[list[Path], typer.Argument(help="As for `seq2grade grade`.")],
    assignment: Annotated[str | None, typer.Option(help="Assignment id, when the path does not tell.")] = None,
    device: Device = "auto",
    sandbox: Sandbox = "auto",
    seed: Seed = None,
    course: Root = HERE,
) -> None:
    """Say which submissions are graded as they are, and why the others would be run; nothing is."""
    from autograder.planned import Plan, stands
    from autograder.report.plain import plain
    from autograder.resume import State

    ids_of(course)
    plan = Plan(course.resolve(), tuple(paths), assignment, device=device, sandbox=sandbox, seed=seed)
    found = stands(plan)
    table = Table("student", "assignment", "state", "score", box=None)
    for one in found:
        if one.state is not State.GRADED:
            score = f"{one.grade.total:g} of {one.grade.total_max:g} so far" if one.grade else ""
            table.add_row(plain(one.submission.student)[:60], one.submission.assignment, one.state.value, score)
    if table.row_count:
        out.print(table)
    counts = Counter(one.state for one in found)
    out.print(", ".join(f"{counts[state]} {state.value}" for state in State if counts[state]), markup=False)
    raise typer.Exit(0 if counts[State.GRADED] == len(found) else 1)
