"""`seq2grade report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.results import show_done
from autograder.commands.shared import HERE, Ids, Root, say


def report(
    ids: Ids = None,
    into: Annotated[Path | None, typer.Option(help="Write class report and feedback pages into this folder.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Results as JSON; - prints them.")] = None,
    course: Root = HERE,
) -> None:
    """Make results and pages anew, with what people gave in formgrader since; no notebook is run."""
    from autograder import afterwards

    done = afterwards.report(course.resolve(), ids or (), into)
    kept = show_done(done, json_file)
    for line in done.unsaved:
        say(line)
    raise typer.Exit(1 if done.unsaved or not kept or any(g.pending for g in done.grades) else 0)
