"""Build a course: compile every assignment, prove it with its own solution, and only then write it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, find_assignments, load_assignment
from autograder.audit import verify_release
from autograder.build import build_assignment, coverage_markdown, read_source_ids, stale_folders
from autograder.errors import AssignmentError, BuildError
from autograder.gradebook import CourseGradebook, database_url
from autograder.judge.trusted import Trusted
from autograder.notebooks import read_notebook
from autograder.pipeline import Course, Prepared


@dataclass(frozen=True)
class Report:
    """What became of one assignment; `problems` empty means all is well."""

    subject: str
    summary: str
    problems: tuple[str, ...] = ()


def build(root: Path, ids: Sequence[str], *, check: bool = False, sandbox: str = "auto") -> Iterator[Report]:
    """Build the assignments `ids` (all when empty) of the course in `root`; with `check` only look for drift.

    Raises AssignmentError for an id that is not there, SandboxUnavailable."""
    folders = {folder.name: folder for folder in find_assignments(root)}
    for name in ids:
        if name not in folders:
            raise AssignmentError(root / "assignments", name, f"expected one of {', '.join(folders) or 'none yet'}")
    chosen = [folders[name] for name in (ids or folders)]
    if check:
        yield from (_drift(folder, root) for folder in chosen)
    else:
        with Course.open(root, sandbox) as course:
            yield from (_build(folder, root, course) for folder in chosen)
    if not ids:
        stale = stale_folders(root, set(folders))
        if stale:
            lines = tuple(f"{path.relative_to(root)} belongs to no assignment" for path in stale)
            yield Report("leftovers", "remove these folders", lines)


def _load(folder: Path) -> tuple[Assignment, Trusted, dict[str, dict[str, float]]]:
    assignment = load_assignment(folder)
    trusted = Trusted.load(assignment)
    return assignment, trusted, Prepared(assignment, trusted, {}).points


def _drift(folder: Path, root: Path) -> Report:
    try:
        assignment, _, checks = _load(folder)
        result = build_assignment(assignment, checks, root, write=False)
    except (AssignmentError, BuildError) as error:
        return Report(folder.name, "does not build", tuple(str(error).splitlines()))
    again = "differs from its source text: run `seq2grade build`"
    problems = [f"{path.relative_to(root)} {again}" for path in result.changed]
    problems += [f"{path.relative_to(root)} comes from no assignment" for path in result.leftover]
    return Report(folder.name, "drifted" if problems else "up to date", tuple(problems))


def _build(folder: Path, root: Path, course: Course) -> Report:
    """Compile into a staging folder, grade solution and blank release there, then write what changed."""
    try:
        assignment, trusted, checks = _load(folder)
        # refuses what students would find beside their notebook, before anything is written
        leftover = build_assignment(assignment, checks, root, write=False).leftover
        with tempfile.TemporaryDirectory(prefix="seq2grade-build-") as staging:
            built = build_assignment(assignment, checks, Path(staging))
            _, release, solution = (read_notebook(path) for path in built.files[:3])
            problems = verify_release(course, Prepared(assignment, trusted, release), solution)
            if problems:
                return Report(assignment.id, "not written", problems)
            changed = _install(built.files, Path(staging), root)
        with CourseGradebook(database_url(root)) as gradebook:
            gradebook.register(assignment.id, read_notebook(root / "source" / assignment.id / f"{assignment.id}.ipynb"))
    except (AssignmentError, BuildError) as error:
        return Report(folder.name, "not written", tuple(str(error).splitlines()))
    automatic = sum(points for item in checks.values() for points in item.values())
    summary = f"{len(assignment.items)} items, {len(trusted.checks)} checks, {automatic:g} points"
    stray = tuple(f"{path.relative_to(root)} comes from no assignment" for path in leftover)
    return Report(assignment.id, f"{summary}; {len(changed)} files changed", stray)


def _install(files: Sequence[Path], staging: Path, root: Path) -> list[Path]:
    """Copy what differs; each file appears whole or not at all."""
    changed = []
    for path in files:
        target = root / path.relative_to(staging)
        if target.is_file() and target.read_bytes() == path.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        shutil.copyfile(path, fresh)
        fresh.replace(target)
        changed.append(target)
    return changed


def write_coverage(root: Path, *, write: bool = True) -> bool:
    """Bring docs/coverage.md up to date. Returns whether it differed."""
    assignments = [load_assignment(folder) for folder in find_assignments(root)]
    counts = {a.id: Prepared(a, Trusted.load(a), {}).points for a in assignments}
    text = coverage_markdown(assignments, read_source_ids(root / "docs" / "source_ids.txt"), counts)
    path = root / "docs" / "coverage.md"
    differs = not path.is_file() or path.read_text(encoding="utf-8") != text
    if differs and write:
        path.write_text(text, encoding="utf-8")
    return differs
