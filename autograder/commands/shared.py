"""What commands share: where they print, their options, and words to a course that is not as it should be."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.errors import Seq2gradeError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Root = Annotated[Path, typer.Option("--course", help="The course folder (holds assignments/).")]
Ids = Annotated[list[str] | None, typer.Argument(help="Assignment ids; all when left out.")]
Sandbox = Annotated[str, typer.Option(help="auto, namespaces, container or none.")]
Device = Annotated[str, typer.Option(help="auto (what the assignment says), cpu or cuda.")]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions at the same time; 0: one per processor.")]
Fleet = Annotated[
    str, typer.Option(help="Who grades: local, dask, slurm, kubernetes, or a scheduler such as dask://host:8786.")
]
Seed = Annotated[int | None, typer.Option(help="Seed of the hidden inputs; drawn anew for each run when left out.")]
HERE = Path()


def say(line: str) -> None:
    """A line on stderr."""
    with contextlib.suppress(OSError):
        err.print(f"seq2grade: {line}", style="red", markup=False, soft_wrap=True)


def ids_of(course: Path) -> tuple[str, ...]:
    """The assignments of the course. Raises Seq2gradeError when there are none."""
    from autograder.assignment import find_assignments

    if found := find_assignments(course.resolve()):
        return tuple(folder.name for folder in found)
    raise Seq2gradeError(
        f"no assignments in {course.resolve()}: go to the course folder, name it by --course, or write one by "
        "`seq2grade new --course DIR`"
    )


def chosen(known: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """Those that are wanted, or all. Raises Seq2gradeError for one that is not known."""
    unknown = [name for name in wanted or () if name not in known]
    if unknown:
        raise Seq2gradeError(f"no assignment called {', '.join(unknown)}; there are {', '.join(known) or 'none'}")
    return list(wanted or known)


def check_config(root: Path) -> None:
    """A line where nbgrader's own commands would grade unprotected."""
    from autograder.build import config_fault

    if fault := config_fault(root):
        say(fault)


@functools.cache  # once, however many cases hang at it
def slow(assignment: str, check: str, seconds: float) -> None:
    """A check that takes long is not waited for in silence."""
    say(f"{assignment}: {check or 'a check'} has been running for {seconds:.0f} s; one that does not end is given up")
