"""`seq2grade coverage`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.shared import HERE, Root, ids_of, out


def coverage(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 on drift.")] = False, course: Root = HERE
) -> None:
    """Write docs/coverage.md: which question of the source documents is covered, and how well."""
    from autograder import publish

    ids_of(course)
    changed = publish.write_coverage(course.resolve(), write=not check)
    out.print("docs/coverage.md " + ("differs" if changed and check else "written" if changed else "is up to date"))
    raise typer.Exit(1 if changed and check else 0)
