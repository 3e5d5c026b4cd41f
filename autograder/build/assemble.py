"""One assignment from text to source/, release/ and solutions/; nothing is written that would leak."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nbformat import ValidationError

from autograder.assignment import Assignment
from autograder.build.layout import verify_layout
from autograder.build.leak import Leak, release_leaks, solution_leaks
from autograder.build.links import verify_links
from autograder.build.outfit import badged, described, folded, installing, priced, unhindered
from autograder.build.outputs import without_outputs
from autograder.build.site import read_site
from autograder.build.source import from_text, settled, source_notebook, to_text
from autograder.build.structure import Checks, completed, verify
from autograder.errors import LeakError
from autograder.writing import replace_file

STEPS = ("source", "release", "solutions")
_IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}


@dataclass(frozen=True)
class BuildResult:
    """`files` is what the assignment compiles to (source, release, solution, then what the course gives along beside
    each of them, and what the reference hands in beside its solution); `changed` those of them that differed from the
    disk or were not there; `leftover` what lies beside them and comes from no assignment (never deleted by a build)."""

    files: tuple[Path, ...]
    changed: tuple[Path, ...]
    leftover: tuple[Path, ...] = ()


def build_assignment(assignment: Assignment, checks: Checks, root: Path, *, write: bool = True) -> BuildResult:
    """Compile an assignment below the course directory `root`; with write=False only say what would change.

    checks: item id -> check name -> points. Raises BuildError when notebook, assignment.toml and checks do
    not agree or nbgrader refuses, LeakError when students would receive something they must not; then
    nothing has been written.
    """
    # nbgrader's converters bring Jupyter Server with them, a second of each command that imports this package.
    from autograder.build.convert import convert

    verify_layout(assignment)
    assignment = completed(assignment, checks)
    verify(assignment, checks)
    verify_links(assignment)
    site = read_site(assignment.folder.parents[1])
    source = to_text(folded(priced(installing(source_notebook(assignment), site), assignment.minutes_at())))
    released, solved = (settled(from_text(text), assignment.id) for text in convert(assignment.id, source))
    release = to_text(described(badged(unhindered(released), assignment, site), assignment, released))
    solutions = to_text(described(solved, assignment, released))
    beside = _beside(assignment, root)
    _refuse(assignment, "release", release_leaks(assignment, checks, from_text(release), beside))
    _refuse(assignment, "solutions", solution_leaks(assignment, checks, from_text(solutions)))
    texts = (text.encode("utf-8") for text in (source, release, solutions))
    built = dict(zip(_paths(assignment, root), texts, strict=True))
    given = assignment.given()
    built |= {root / step / assignment.id / name: data for step in STEPS for name, data in given.items()}
    built |= {root / "solutions" / assignment.id / name: data for name, data in assignment.handed_in().items()}
    solution = _paths(assignment, root)[2]
    changed = tuple(path for path, data in built.items() if not _holds(path, data, may_show=path == solution))
    if write:
        for path in changed:
            replace_file(path, built[path], 0o644)
    return BuildResult(tuple(built), changed, tuple(_leftover(assignment, root, built)))


def stale_folders(root: Path, assignment_ids: set[str]) -> tuple[Path, ...]:
    """Folders in source/, release/ and solutions/ that belong to none of the assignments."""
    return tuple(
        path
        for step in STEPS
        for path in sorted((root / step).glob("*"))
        if path.is_dir() and path.name not in assignment_ids | _IGNORED
    )


def _paths(assignment: Assignment, root: Path) -> tuple[Path, ...]:
    return tuple(root / step / assignment.id / f"{assignment.id}.ipynb" for step in STEPS)


def _refuse(assignment: Assignment, step: str, leaks: tuple[Leak, ...]) -> None:
    if leaks:
        told = "\n".join(f"  {leak}" for leak in leaks)
        raise LeakError(
            f"{step}/{assignment.id} would give away:\n{told}\n"
            "Mark it as solution or hidden test, reword it, or rename the file or check."
        )


def _leftover(assignment: Assignment, root: Path, expected: Collection[Path]) -> list[Path]:
    return [
        path
        for folder in (path.parent for path in _paths(assignment, root))
        for path in sorted(folder.rglob("*"))
        if path not in expected and not path.is_dir() and not _IGNORED & set(path.relative_to(folder).parts)
    ]


def _beside(assignment: Assignment, root: Path) -> dict[str, str]:
    """The files that lie beside the students' notebook: they are released with it, so they are read too."""
    release = root / "release"
    found = {
        str(path.relative_to(release)): path.read_bytes()
        for path in _leftover(assignment, root, _paths(assignment, root))
        if release in path.parents and path.is_file()
    }
    found |= {f"{assignment.id}/{name}": data for name, data in assignment.given().items()}
    return {name: data.decode("utf-8", errors="replace") for name, data in found.items()}


def _holds(path: Path, data: bytes, may_show: bool) -> bool:
    held = path.read_bytes() if path.is_file() else b""
    return held == data or (may_show and bare(held) == data)


def bare(text: bytes) -> bytes:
    """A notebook's file without what a run showed; as it is where it is no notebook."""
    try:
        return to_text(without_outputs(from_text(text.decode("utf-8")))).encode("utf-8")
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        return text
