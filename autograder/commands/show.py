"""`seq2grade show`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.shared import HERE, Root, out


def show(
    item: Annotated[str, typer.Argument(help="Item id.")],
    name: Annotated[str, typer.Argument(help="One declared answer; all when left out.")] = "",
    course: Root = HERE,
) -> None:
    """Print how the declared wrong and right answers to an item differ from its solution."""
    from rich.syntax import Syntax

    from autograder.assignment import find_assignments, load_assignment
    from autograder.audit.differences import differences

    found = differences([load_assignment(folder) for folder in find_assignments(course.resolve())], item, name)
    for one in found:
        out.print(f"\n[bold]{one.name}[/]", highlight=False)
        for line in one.about:
            out.print(line, markup=False, soft_wrap=True)
        text = Syntax(one.diff, "diff", background_color="default") if out.is_terminal else one.diff
        out.print(text, markup=False, soft_wrap=True)
