"""`seq2grade verify`."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from rich.table import Table

from autograder.commands.shared import HERE, Ids, Root, chosen, ids_of, out


def verify(
    ids: Ids = None,
    course: Root = HERE,
    database: Annotated[str | None, typer.Option(help="Address of the gradebook, when it is another one.")] = None,
) -> None:
    """Say whether kept grades and the gradebook's automatic scores are what grading wrote."""
    from autograder.report.terminal import safe
    from autograder.verify import verify as look

    count, findings = look(course.resolve(), chosen(ids_of(course), ids), database)
    table = Table("student", "assignment", "what is wrong", "where", box=None)
    for one in findings:
        table.add_row(safe(one.student[:60]), one.assignment, one.fault.value, safe(one.cell))
    if findings:
        out.print(table)
    wrong = Counter(one.fault for one in findings)
    told = ", ".join(f"{number} times: {fault.value}" for fault, number in wrong.items()) or "all are what was written"
    out.print(f"{count} grades looked at; {told}", markup=False, soft_wrap=True)
    if findings:
        out.print("`seq2grade grade` grades anew what was changed; `--again` grades all.", markup=False)
    raise typer.Exit(1 if findings else 0)
