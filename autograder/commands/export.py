"""`seq2grade export`: grades in the form that a school's own systems take."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.shared import HERE, Root, out, say
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.export.public import Result

app = typer.Typer(no_args_is_help=True, help="Bring grades into the form that a school's systems take.")

_FILE_LIMIT = 64 * 2**20
Results = Annotated[
    Path | None,
    typer.Option(help="Results of `seq2grade grade --json`. When left out: what was graded in the course."),
]
Only = Annotated[str | None, typer.Option(help="Assignment id, where there are results of several.")]


@app.command()
def csv(
    file: Annotated[Path, typer.Argument(help="The file that the learning platform exported.")],
    lms: Annotated[str, typer.Option(help="canvas (its gradebook) or moodle (a grading worksheet).")],
    to: Annotated[Path, typer.Option("--out", help="Where the filled-in file goes; never the exported one.")],
    results: Results = None,
    assignment: Only = None,
    column: Annotated[str, typer.Option(help="The column to fill in, where its name is not the assignment's.")] = "",
    scale: Annotated[bool, typer.Option("--scale", help="Bring points to the file's maximum.")] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Write scores too of which points are still open.")
    ] = False,
    encoding: Annotated[str, typer.Option(help="Of the file, when it is not UTF-8 or marked UTF-16.")] = "",
    course: Root = HERE,
) -> None:
    """Fill scores into the file that Canvas or Moodle exported, to be imported there."""
    from autograder.export.lms import How, fill
    from autograder.writing import check_writable, write_bytes

    if to.exists() and file.exists() and to.samefile(file):
        raise Seq2gradeError(f"--out {to} is the exported file itself: name another one, so that nothing can be lost")
    data = _bytes(file)
    check_writable(to, "the file")
    found, titles = _one_assignment(results, assignment, course)
    filled = fill(data, file.name, found, How(lms, column, scale, unfinished, encoding), titles)
    try:
        write_bytes(to, filled.data)
    except OSError as error:
        raise Seq2gradeError(f"{to} cannot be written: {error.strerror}; name another place by --out") from error
    for line in filled.notes:
        out.print(line, markup=False, soft_wrap=True)
    out.print(f"{to}: {filled.count} of {len(found)} scores", markup=False, soft_wrap=True)
    raise typer.Exit(1 if filled.trouble else 0)


def _one_assignment(file: Path | None, assignment: str | None, course: Path) -> tuple[list[Result], list[str]]:
    """The results of one assignment, and what a file may call it."""
    found = _read(file, assignment, course)
    names = sorted({result.assignment for result in found})
    if len(names) > 1:
        raise Seq2gradeError(f"there are results of {', '.join(names)}: name one by --assignment")
    return found, [names[0], *_title(course, names[0])]


def _read(file: Path | None, assignment: str | None, course: Path) -> list[Result]:
    """Results from a file, or of what was graded in the course, with what people gave. Raises Seq2gradeError
    where there are none."""
    from autograder import afterwards
    from autograder.export.public import parse, public

    if file is not None:
        found = parse(_bytes(file), str(file))
    else:
        done = afterwards.report(course.resolve(), [assignment] if assignment else [], None)
        found = public(done.grades)
        for line in done.unsaved:
            say(line)
    chosen = [result for result in found if assignment is None or result.assignment == assignment]
    if not chosen:
        there = ", ".join(sorted({result.assignment for result in found})) or "none"
        raise Seq2gradeError(f"no results of {assignment or 'any assignment'}; there are those of {there}")
    return chosen


def _title(course: Path, assignment: str) -> list[str]:
    """An assignment's title where the course has it."""
    from autograder.assignment import load_assignment

    try:
        return [load_assignment(course.resolve() / "assignments" / assignment).title]
    except Seq2gradeError:
        return []


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > _FILE_LIMIT:
            raise Seq2gradeError(f"{path} is larger than {_FILE_LIMIT // 2**20} MB; is it the right file?")
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Seq2gradeError(f"{path} cannot be read: {error.strerror}") from error
