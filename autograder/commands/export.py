"""`seq2grade export`: grades in the form that a school's own systems take."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.packed import Attempts, Best, Hours, file_bytes, gradescope, gradescope_kept, known, otter
from autograder.commands.shared import HERE, Root, out, say
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.export.public import Result

app = typer.Typer(no_args_is_help=True, help="Bring grades into the form that a school's systems take.")
app.command()(gradescope)
app.command()(otter)
app.command("gradescope-kept")(gradescope_kept)

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
    names: Annotated[
        Path | None, typer.Option(help="CSV of two columns: a student's folder, and what the file calls them.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of the file, when it is not UTF-8 or marked UTF-16.")] = "",
    course: Root = HERE,
) -> None:
    """Fill scores into the file that Canvas or Moodle exported, to be imported there."""
    from autograder.export.lms import How, fill
    from autograder.export.roster import read_names
    from autograder.writing import check_writable, write_bytes

    if to.exists() and file.exists() and to.samefile(file):
        raise Seq2gradeError(f"--out {to} is the exported file itself: name another one, so that nothing can be lost")
    data = file_bytes(file)
    check_writable(to, "the file")
    found, titles = _one_assignment(results, assignment, course)
    known = read_names(file_bytes(names), names.name) if names is not None else {}
    how = How(lms, column, scale, unfinished, encoding, known)
    filled = fill(data, file.name, found, how, titles)
    try:
        write_bytes(to, filled.data)
    except OSError as error:
        raise Seq2gradeError(f"{to} cannot be written: {error.strerror}; name another place by --out") from error
    for line in filled.notes:
        out.print(line, markup=False, soft_wrap=True)
    out.print(f"{to}: {filled.count} of {len(found)} scores", markup=False, soft_wrap=True)
    raise typer.Exit(1 if filled.trouble else 0)


Source = Annotated[
    Path | None,
    typer.Argument(
        help="Results of `seq2grade grade --json`; - reads them. When left out: what was graded in the course."
    ),
]
Student = Annotated[str | None, typer.Option(help="Only this student's result.")]


@app.command()
def github(
    results: Source = None,
    assignment: Only = None,
    student: Student = None,
    summary: Annotated[
        Path | None, typer.Option(help="Append the summary here instead of $GITHUB_STEP_SUMMARY.")
    ] = None,
    annotate: Annotated[
        bool | None, typer.Option("--annotations/--no-annotations", help="Default: where GitHub runs it.")
    ] = None,
    notebook: Annotated[str, typer.Option(help="The notebook's path in the repository, for annotations.")] = "",
    classroom: Annotated[Path | None, typer.Option(help="Classroom's JSON of one student goes here.")] = None,
    junit: Annotated[Path | None, typer.Option(help="JUnit XML goes here.")] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Classroom's JSON too when points are still open.")
    ] = False,
    course: Root = HERE,
) -> None:
    """Show results in a GitHub workflow: summary of the step, annotations, JSON for Classroom, JUnit XML."""
    from autograder.export import github as form
    from autograder.export.junit import junit as as_junit

    found = _of(student, _read(results, assignment, course))
    place = summary or (Path(named) if (named := os.environ.get("GITHUB_STEP_SUMMARY")) else None)
    if place is None:
        print(form.summary(found))
    else:
        _append(place, form.summary(found))
    if annotate if annotate is not None else os.environ.get("GITHUB_ACTIONS") == "true":
        print(*form.annotated(found, notebook), sep="\n")
    if junit is not None:
        _write(junit, as_junit(found))
    if classroom is not None:
        _write(classroom, form.classroom(_only(found, unfinished)))


@app.command("gradescope-results")
def gradescope_results(
    to: Annotated[Path, typer.Option("--out", help="The results.json to write.")],
    results: Source = None,
    assignment: Only = None,
    student: Student = None,
    metadata: Annotated[
        Path | None, typer.Option(help="Gradescope's submission_metadata.json: when it was due, earlier attempts.")
    ] = None,
    attempts: Attempts = 0,
    per_hours: Hours = 0.0,
    keep_best: Best = False,
    course: Root = HERE,
) -> None:
    """Write one student's results.json for Gradescope; none where points could not be checked."""
    from autograder.export.attempts import Metadata, Rules, late
    from autograder.export.gradescope import results_json

    result = _only(_of(student, _read(results, assignment, course)), False)
    told = known(metadata) if metadata is not None else Metadata()
    try:
        result = late(result, told, _due(course, result.assignment), course.resolve())
    except Seq2gradeError as error:
        say(f"{error} Nothing is taken off for handing in late")
    _write(to, results_json(result, told, Rules(attempts, per_hours, keep_best)))


def _of(student: str | None, found: list[Result]) -> list[Result]:
    mine = [result for result in found if student is None or result.student == student]
    if not mine:
        raise Seq2gradeError(f"no result of {student}")
    return mine


def _only(found: list[Result], unfinished: bool) -> Result:
    """The one result, whose points are all decided. Raises Seq2gradeError: no score is better than one that is too low
    through no fault of the student."""
    if len(found) > 1:
        raise Seq2gradeError(f"this form is for one student, and there are {len(found)} results: name one by --student")
    if found[0].pending and not unfinished:
        raise Seq2gradeError(f"no score is given: {found[0].open}. Grade again, or say --unfinished")
    return found[0]


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Seq2gradeError(f"the summary cannot be written to {path}: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    from autograder.writing import write_text

    try:
        write_text(path, text)
    except OSError as error:
        raise Seq2gradeError(f"{path} cannot be written: {error.strerror}; name another place") from error


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
    from autograder.export.public import parse, public

    if file is not None:
        found = parse(file_bytes(file), str(file))
    else:
        from autograder import afterwards

        done = afterwards.report(course.resolve(), [assignment] if assignment else [], None)
        found = public(done.grades)
        for line in done.unsaved:
            say(line)
    wanted = [result for result in found if assignment is None or result.assignment == assignment]
    if not wanted:
        there = ", ".join(sorted({result.assignment for result in found})) or "none"
        raise Seq2gradeError(f"no results of {assignment or 'any assignment'}; there are those of {there}")
    return wanted


def _title(course: Path, assignment: str) -> list[str]:
    """An assignment's title where the course has it."""
    found = _assignment(course, assignment)
    return [found.title] if found is not None else []


def _due(course: Path, assignment: str) -> datetime.datetime | None:
    found = _assignment(course, assignment)
    return found.due if found is not None else None


def _assignment(course: Path, assignment: str) -> Assignment | None:
    from autograder.assignment import load_assignment

    try:
        return load_assignment(course.resolve() / "assignments" / assignment)
    except Seq2gradeError:
        return None
