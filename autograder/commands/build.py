"""`seq2grade build`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.shared import HERE, Device, Ids, Root, Sandbox, check_config, ids_of, out, slow


def build(
    ids: Ids = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when something would change.")] = False,
    course: Root = HERE,
    sandbox: Sandbox = "auto",
    device: Device = "auto",
    seeds: Annotated[
        int, typer.Option(min=1, help="How many inputs the solution is judged with, in 30 seconds at most.")
    ] = 8,
) -> None:
    """Compile assignments to source/, release/ and solutions/, and prove them with their own solution."""
    from autograder import publish

    problems = 0
    ids_of(course)
    check_config(course)
    root, chosen = course.resolve(), ids or ()
    for report in publish.build(root, chosen, check=check, sandbox=sandbox, device=device, slow=slow, seeds=seeds):
        mark = "[red]✗[/]" if report.problems else "[green]✓[/]"
        out.print(f"{mark} {report.subject}: {report.summary}", soft_wrap=True)
        for line in report.problems:
            out.print(f"    {line}", markup=False, soft_wrap=True)
        problems += bool(report.problems)
    raise typer.Exit(1 if problems else 0)
