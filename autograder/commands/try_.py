"""`seq2grade try`."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.shared import HERE, Root, Seed, out
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.model import CheckResult

_MARKS = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "could_not_check": "[yellow]?[/]"}


def try_(
    item: Annotated[str, typer.Argument(help="Item id, or the name of one check.")],
    name: Annotated[str, typer.Argument(help="A declared mistake or alternative; the solution when left out.")] = "",
    code: Annotated[
        Path | None, typer.Option(help="A file of Python, or a notebook, whose answer is tried instead.")
    ] = None,
    seed: Seed = None,
    course: Root = HERE,
) -> None:
    """Run an item's checks on its solution or another answer, here and in seconds. For code of your own: no sandbox."""
    from autograder.assignment import find_assignments, load_assignment
    from autograder.audit.trying import answer_of, attempt, found

    if name and code is not None:
        raise Seq2gradeError("expected the name of a declared answer or --code, not both")
    trusted, chosen = found([load_assignment(folder) for folder in find_assignments(course.resolve())], item)
    answer = answer_of(trusted, chosen, name, code)
    tried = attempt(trusted, chosen, answer, secrets.randbits(31) if seed is None else seed)
    passed = sum(result.points for result in tried.results)
    of = sum(result.max_points for result in tried.results)
    for result in tried.results:
        _show(result)
    out.print(
        f"{chosen.id} with {tried.answer}: {passed:g} of {of:g} points at seed {tried.seed}",
        markup=False,
        soft_wrap=True,
    )
    if passed < of:
        raise typer.Exit(1)


def _show(result: CheckResult) -> None:
    out.print(f"{_MARKS[result.status.value]} {result.name} ({result.max_points:g}, {result.seconds:.2f} s)")
    out.print(f"    claims: {result.claim}", markup=False, soft_wrap=True)
    said = result.mistake or " ".join(filter(None, (result.message, result.hint)))
    if result.status.value != "passed":
        out.print(f"    student reads: {said}", markup=False, soft_wrap=True)
        if result.mistake:
            out.print(f"    and below it: {result.message} {result.hint}".rstrip(), markup=False, soft_wrap=True)
        for line in result.detail.splitlines():
            out.print(f"    only you read: {line}", markup=False, soft_wrap=True)
    if result.carried:
        out.print("    passed with the solution's answers to earlier items", markup=False)
