"""`seq2grade export gradescope`, `export otter`: autograders that grade elsewhere as `seq2grade grade` does here, and
what Gradescope's one calls there."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.shared import HERE, Root, chosen, ids_of, out, say
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.export.attempts import Metadata

_FILE_LIMIT = 64 * 2**20
Id = Annotated[str, typer.Argument(help="Assignment id.")]
Wheels = Annotated[Path, typer.Option(help="The folder with the two wheels of `make wheels`.")]
Index = Annotated[str, typer.Option(help="A further package index for pip there, as for CPU builds of torch.")]
Attempts = Annotated[int, typer.Option(min=0, help="So many attempts are graded; 0: any number.")]
Hours = Annotated[float, typer.Option(min=0, help="Count the attempts of so many hours only; 0: all of them.")]
Best = Annotated[bool, typer.Option("--keep-best", help="The best attempt counts, not the last one.")]
Meta = Annotated[Path, typer.Option(help="Gradescope's submission_metadata.json.")]


def gradescope(
    assignment: Id,
    to: Annotated[Path, typer.Option("--out", help="The zip to write, for Gradescope's Configure Autograder.")],
    wheels: Wheels = Path("dist"),
    index: Index = "",
    attempts: Attempts = 0,
    per_hours: Hours = 0.0,
    keep_best: Best = False,
    course: Root = HERE,
) -> None:
    """Pack an autograder for Gradescope that grades as `seq2grade grade` does."""
    from autograder.export.attempts import Rules
    from autograder.export.gradescope import archive, needs
    from autograder.writing import write_bytes

    loaded, files = _packed(course.resolve(), assignment)
    data = archive(assignment, _wheels(wheels), files, index, Rules(attempts, per_hours, keep_best))
    try:
        write_bytes(to, data)
    except OSError as error:
        raise Seq2gradeError(f"{to} cannot be written: {error.strerror}; name another place by --out") from error
    _answers(to, data)
    out.print(needs(loaded.limits.memory_mb), markup=False, soft_wrap=True)


def otter(
    assignment: Id,
    to: Annotated[Path, typer.Option("--out", help="The folder for autograder.zip and what students get.")],
    wheels: Wheels = Path("dist"),
    index: Index = "",
    course: Root = HERE,
) -> None:
    """Have otter pack an autograder that lets seq2grade grade: `otter run` gives the scores of `seq2grade grade`."""
    from autograder.export.otter import archive, points_of
    from autograder.writing import write_bytes

    root = course.resolve()
    loaded, files = _packed(root, assignment)
    release = root / "release" / assignment
    points = points_of(loaded.items, json.loads(file_bytes(release / f"{assignment}.ipynb")))
    data = archive(assignment, points, _wheels(wheels), files, index)
    try:
        write_bytes(to / "autograder.zip", data)
        shutil.copytree(release, to / "student", dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    except OSError as error:
        raise Seq2gradeError(f"{to} cannot be written: {error.strerror}; name another place by --out") from error
    _answers(to / "autograder.zip", data)
    out.print(f"{to / 'student'}: what students get", markup=False, soft_wrap=True)


def gradescope_kept(
    to: Annotated[Path, typer.Option("--out", help="The results.json to write.")],
    metadata: Meta,
    attempts: Attempts = 0,
    per_hours: Hours = 0.0,
    keep_best: Best = False,
) -> None:
    """Where no attempt is left, write the results.json of the one that counts; else end with 1."""
    from autograder.export.attempts import Rules, kept
    from autograder.writing import write_text

    text = kept(known(metadata), Rules(attempts, per_hours, keep_best))
    if text is None:
        raise typer.Exit(1)
    write_text(to, text)


def known(path: Path) -> Metadata:
    """What Gradescope says of a submission. Nothing, with a line, where that cannot be read: work that came in time, as
    a first attempt, costs nobody a point."""
    from autograder.export.attempts import Metadata, read

    try:
        return read(file_bytes(path), str(path))
    except Seq2gradeError as error:
        say(f"{error}; graded as a first attempt, in time")
        return Metadata()


def _answers(path: Path, data: bytes) -> None:
    told = f"{path}: {len(data) / 2**20:.1f} MB. It holds the answers: for instructors only."
    out.print(told, markup=False, soft_wrap=True)


def _packed(root: Path, assignment: str) -> tuple[Assignment, dict[str, bytes]]:
    """An assignment that is built, and the files of the course that grading it takes, by path."""
    from autograder.assignment import load_assignment
    from autograder.build import CONFIG

    chosen(ids_of(root), [assignment])
    loaded = load_assignment(root / "assignments" / assignment)
    if not (root / "release" / assignment / f"{assignment}.ipynb").is_file():
        raise Seq2gradeError(f"{assignment} is not built: run `seq2grade build {assignment}`")
    files = _files(root, (root / "assignments" / assignment, root / "release" / assignment))
    # It says what handing in late costs.
    return loaded, files | ({CONFIG: file_bytes(root / CONFIG)} if (root / CONFIG).is_file() else {})


def _wheels(folder: Path) -> dict[str, bytes]:
    """Ours and the kit's, by file name. Raises Seq2gradeError where it is not one of each."""
    found = {}
    for pattern in ("seq2grade-*.whl", "seq2grade_kit-*.whl"):
        paths = sorted(folder.glob(pattern))
        if len(paths) != 1:
            told = "several" if paths else "none"
            raise Seq2gradeError(
                f"{folder}: expected one {pattern}, there are {told}; `make wheels` writes both to dist/"
            )
        found[paths[0].name] = file_bytes(paths[0])
    return found


def _files(root: Path, folders: tuple[Path, ...]) -> dict[str, bytes]:
    """What lies in these folders, by path below `root`, without what tools leave there."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    kept = [
        path for path in paths if not any(p.startswith(".") or p == "__pycache__" for p in path.relative_to(root).parts)
    ]
    return {path.relative_to(root).as_posix(): file_bytes(path) for path in kept}


def file_bytes(path: Path) -> bytes:
    """The content of a file, or of stdin for `-`. Raises Seq2gradeError in a sentence."""
    try:
        if path.is_file() and path.stat().st_size > _FILE_LIMIT:
            raise Seq2gradeError(f"{path} is larger than {_FILE_LIMIT // 2**20} MB; is it the right file?")
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Seq2gradeError(f"{path} cannot be read: {error.strerror}") from error
