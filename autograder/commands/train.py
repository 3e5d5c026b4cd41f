"""`seq2grade train`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.shared import HERE, Ids, Root, chosen, ids_of, out
from autograder.errors import Seq2gradeError


def train(
    ids: Ids = None,
    profile: Annotated[str, typer.Option(help="full, fast or gpu; only the full one is kept.")] = "full",
    again: Annotated[bool, typer.Option("--again", help="Train everything, also what is there already.")] = False,
    course: Root = HERE,
) -> None:
    """Run reference solutions outside the sandbox and keep the models they train (assignments/<id>/handin)."""
    from autograder import train as training
    from autograder.assignment import find_assignments

    ids_of(course)
    if profile not in training.CHECKPOINTS:
        raise Seq2gradeError(f"no profile is called {profile!r}: use full, fast or gpu")
    folders = {folder.name: folder for folder in find_assignments(course.resolve())}
    for name in chosen(list(folders), ids):
        done = training.train(folders[name], profile, again)
        size = sum(done.files.values()) / 2**20
        out.print(f"{name}: ran in {done.seconds:.0f} s; {len(done.files)} models, {size:.1f} MB")
