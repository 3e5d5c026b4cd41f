"""`seq2grade import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.shared import HERE, Root, check_config, out, say


def import_(
    notebook: Annotated[Path, typer.Argument(help="nbgrader's source notebook, or otter's master notebook.")],
    id: Annotated[str, typer.Option(help="Its id here; made from the file's name when left out.")] = "",
    course: Root = HERE,
) -> None:
    """Make an assignment folder of a notebook for nbgrader or otter. Its solution runs here, without a sandbox."""
    from autograder.foreign import bring

    brought = bring(notebook, course, id)
    there = course / "assignments" / brought.folder.name
    out.print(f"{there}: from {brought.grader}", markup=False, soft_wrap=True)
    out.print(
        f"{brought.items} items, {brought.points:g} of {brought.worth:g} points: {brought.by_checks:g} by "
        f"{brought.checks} checks, {brought.points - brought.by_checks:g} by a person", markup=False, soft_wrap=True,
    )  # fmt: skip
    for problem in brought.problems:
        say(problem)
    if brought.left:
        count = len(brought.left)
        out.print(f"{count} {'thing' if count == 1 else 'things'} to look at: {there}/TODO.md", markup=False)
    out.print(f"Next: seq2grade build {brought.folder.name}", markup=False)
    check_config(course)
    if brought.left or brought.problems:
        raise typer.Exit(1)
