"""`seq2grade new`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.shared import HERE, check_config, out
from autograder.errors import Seq2gradeError


def new(
    assignment: Annotated[str | None, typer.Argument(help="Its id; a new course gets `example`.")] = None,
    course: Annotated[Path | None, typer.Option("--course", help="The course folder; made when not there.")] = None,
) -> None:
    """Write a complete, buildable example assignment, and where no course is yet, the course around it."""
    from autograder import build

    if assignment is None and course is None:
        raise Seq2gradeError("name an assignment (`seq2grade new ID`) or a course (`seq2grade new --course DIR`)")
    root = course or HERE
    whole = assignment is None or not (root / build.CONFIG).is_file()
    if assignment is None and not any((root / "assignments").glob("*")):
        assignment = "example"
    told = [str(build.new_assignment(root, assignment))] if assignment else []
    if whole:
        files = build.new_course(root)
        told += [f"course files written: {', '.join(files.written)}"] if files.written else []
        told += [f"there already, and left as they are: {', '.join(files.kept)}"] if files.kept else []
    if assignment:
        there = f"cd {shlex.quote(str(root))} && " if root != HERE else ""
        told += [f"Next: {there}seq2grade build {assignment} && seq2grade audit {assignment}"]
    out.print("\n".join(told), markup=False, soft_wrap=True)
    check_config(root)
