"""`seq2grade doctor`."""

from __future__ import annotations

import typer
from rich.table import Table

from autograder.commands.shared import Sandbox, out


def doctor(sandbox: Sandbox = "auto") -> None:
    """Tell what this machine offers for grading, and what is missing."""
    from autograder.sandbox.doctor import examine

    table = Table("", "what", "finding", box=None, pad_edge=False)
    marks = {"ok": "[green]✓[/]", "note": "[yellow]·[/]", "missing": "[red]✗[/]"}
    trial = "ok"
    for finding in examine(sandbox):
        table.add_row(marks[finding.level], finding.name, finding.text)
        trial = finding.level
    out.print(table)
    raise typer.Exit(0 if trial == "ok" else 3)
