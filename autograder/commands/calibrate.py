"""`seq2grade calibrate`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.shared import HERE, Root, chosen, ids_of, out


def calibrate(
    ids: Annotated[list[str], typer.Argument(help="Assignment ids.")],
    seeds: Annotated[int, typer.Option(min=8, help="How many times the reference is trained.")] = 8,
    jobs: Annotated[int, typer.Option(min=1, help="Seeds at the same time.")] = 1,
    course: Root = HERE,
) -> None:
    """Train the reference over several seeds; write thresholds with their false-fail bounds (calibration.json)."""
    from autograder.assignment import find_assignments
    from autograder.calibrate import calibrate as measure

    ids_of(course)
    folders = {folder.name: folder for folder in find_assignments(course.resolve())}
    for name in chosen(list(folders), ids):
        path = measure(folders[name], seeds, jobs, lambda seed, found: out.print(f"seed {seed}: {dict(found)}"))
        out.print(str(path), markup=False, soft_wrap=True)
