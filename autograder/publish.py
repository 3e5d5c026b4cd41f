"""Build a course: compile every assignment, prove it with its own solution, and only then write it."""

from __future__ import annotations

import contextlib
import platform
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from autograder.assignment import Assignment, find_assignments, load_assignment
from autograder.audit import verify
from autograder.audit.plain import audit_plainly, verify_plainly
from autograder.audit.quick import QuickAudit
from autograder.build import (
    build_assignment,
    coverage_markdown,
    forgotten,
    read_source_ids,
    stale_folders,
    verify_layout,
)
from autograder.build.assemble import bare
from autograder.build.outputs import Outputs, with_outputs
from autograder.build.source import from_text, to_text
from autograder.course import Course, Prepared, Spec, by_device, points_of
from autograder.deadlines import deadline
from autograder.errors import AssignmentError, BuildError, GradebookError, SandboxUnavailable, Seq2gradeError
from autograder.gradebook import CourseGradebook, database_url
from autograder.judge.trusted import Trusted
from autograder.notebooks import read_notebook
from autograder.writing import replace_file


@dataclass(frozen=True)
class Report:
    """What became of one assignment; `problems` empty means all is well."""

    subject: str
    summary: str
    problems: tuple[str, ...] = ()


SEEDS = 8  # at which the solution is judged: a check that fails right work one time in five is found five times in six
SEED_SECONDS = 30.0  # for all of them but the first
IMPORT_SECONDS = 180.0  # for the files of checks of an assignment
Slow = Callable[[str, str, float], None]


def build(
    root: Path,
    ids: Sequence[str],
    *,
    check: bool = False,
    sandbox: str = "auto",
    device: str = "auto",
    slow: Slow | None = None,
    seeds: int = SEEDS,
) -> Iterator[Report]:
    """Build the assignments `ids` (all when empty) of the course in `root`; with `check` only look for drift.
    `slow(assignment, check, seconds)` hears of a check that takes long. The solution is judged at `seeds` (1 or more).

    Raises AssignmentError for an id that is not there, SandboxUnavailable, Seq2gradeError for a missing GPU."""
    folders = {folder.name: folder for folder in find_assignments(root)}
    for name in ids:
        if name not in folders:
            raise AssignmentError(root / "assignments", name, f"expected one of {', '.join(folders) or 'none yet'}")
    chosen = [folders[name] for name in (ids or folders)]
    if check:
        yield from (_drift(folder, root) for folder in chosen)
    else:
        for fit, names in by_device(root, [folder.name for folder in chosen], device).items():
            with opened(root, sandbox, fit) as course:
                if course is not None:
                    course.judges.slow = slow
                yield from (_build(folders[name], root, course, seeds) for name in names)
    if not ids:
        if lost := forgotten(root):
            yield Report("assignments", "not built", lost)
        stale = stale_folders(root, set(folders))
        if stale:
            lines = tuple(f"{path.relative_to(root)} belongs to no assignment" for path in stale)
            yield Report("leftovers", "remove these folders", lines)


@contextlib.contextmanager
def opened(root: Path, sandbox: str, device: str) -> Iterator[Course | None]:
    """The course; None where no notebook can be run as a submission is, and `sandbox` is none: then the course's own
    work is tried in an ordinary kernel and in this process. Raises SandboxUnavailable."""
    if sandbox == "none" and platform.system() != "Linux":
        yield None
        return
    with Course.open(Spec(root, sandbox, device)) as course:
        yield course


def _load(folder: Path) -> tuple[Assignment, Trusted, dict[str, dict[str, float]]]:
    assignment = load_assignment(folder)
    verify_layout(assignment)
    with _in_time(folder):
        trusted = Trusted.load(assignment)
    return assignment, trusted, points_of(trusted.listed)


@contextlib.contextmanager
def _in_time(folder: Path) -> Iterator[None]:
    """Files of checks are imported in this process: one that never comes to its end is told, too."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def late(number: int, frame: FrameType | None) -> None:
        while frame is not None and folder not in Path(frame.f_code.co_filename).parents:
            frame = frame.f_back
        path = Path(frame.f_code.co_filename) if frame is not None else folder / "checks.py"
        where = f"line {frame.f_lineno}: " if frame is not None else ""
        told = f"{where}not done after {IMPORT_SECONDS:.0f} s; does a loop never end?"
        raise AssignmentError(path, "import", told)

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, IMPORT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


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


def _build(folder: Path, root: Path, course: Course | None, seeds: int) -> Report:
    """Compile into a staging folder, grade solution and blank release there, then write what changed."""
    try:
        assignment, trusted, checks = _load(folder)
        # refuses what students would find beside their notebook, before anything is written
        leftover = build_assignment(assignment, checks, root, write=False).leftover
        with tempfile.TemporaryDirectory(prefix="seq2grade-build-") as staging:
            built = build_assignment(assignment, checks, Path(staging))
            _, release, solution = (read_notebook(path) for path in built.files[:3])
            prepared = Prepared(assignment, trusted.listed, release)
            verified = (
                verify_plainly(prepared, trusted.checks, solution) if course is None
                else verify(course, prepared, solution, seeds, SEED_SECONDS)
            )  # fmt: skip
            if verified.problems:
                return Report(assignment.id, "not written", verified.problems)
            _show(built.files[2], root / built.files[2].relative_to(staging), verified.outputs)
            changed = _publish(assignment, built.files, Path(staging), root)
    except GradebookError as error:
        later = "nothing was written; the same command does it when the gradebook can be used"
        told = (*str(error).splitlines(), later)
        return Report(folder.name, "not written, because it could not be registered in the gradebook", told)
    except (Seq2gradeError, OSError) as error:  # of this machine's disk, say: the other assignments may fit
        if isinstance(error, SandboxUnavailable):
            raise
        return Report(folder.name, "not written", tuple(str(error).splitlines()))
    automatic = sum(points for item in checks.values() for points in item.values())
    summary = f"{len(assignment.items)} items, {len(trusted.checks)} checks, {automatic:g} points"
    judged = f"right at {verified.seeds} seeds" if verified.seeds > 1 else "right at one seed"
    stray = tuple(f"{path.relative_to(root)} comes from no assignment" for path in leftover)
    return Report(assignment.id, f"{summary}; {judged}; {len(changed)} files changed", stray)


def _show(staged: Path, published: Path, outputs: Outputs) -> None:
    """Give the staged solution the outputs of its run; those that are published stay while the solution does."""
    text = staged.read_bytes()
    held = published.read_bytes() if published.is_file() else b""
    if held != text and bare(held) == text:
        staged.write_bytes(held)
    else:
        staged.write_text(to_text(with_outputs(from_text(text.decode("utf-8")), outputs)), encoding="utf-8")


def _publish(assignment: Assignment, files: Sequence[Path], staging: Path, root: Path) -> list[Path]:
    """Gradebook and files, or neither: what may fail comes first (room on the disk, then the gradebook), and what is
    left is to give the files their names. Whatever ends this in between, the same again finishes it.

    Raises GradebookError, OSError; then no file has changed."""
    fresh: dict[Path, Path] = {}
    try:
        for path in files:
            target = root / path.relative_to(staging)
            if not (target.is_file() and target.read_bytes() == path.read_bytes()):
                target.parent.mkdir(parents=True, exist_ok=True)
                fresh[target] = target.with_name(f".{target.name}.new")
                shutil.copyfile(path, fresh[target])
        with CourseGradebook(database_url(root)) as gradebook:
            source = read_notebook(staging / "source" / assignment.id / f"{assignment.id}.ipynb")
            gradebook.register(assignment.id, source, deadline=deadline(root, assignment.id, assignment.due))
        for target, path in fresh.items():
            path.replace(target)
    finally:
        for path in fresh.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    return list(fresh)


def audit_elsewhere(root: Path, ids: Sequence[str]) -> Iterator[QuickAudit]:
    """Audit these assignments, or all, in this process: for a system on which no sandbox can be made.

    Raises AssignmentError for what does not load or is not built."""
    for folder in find_assignments(root):
        if not ids or folder.name in ids:
            assignment, trusted, _ = _load(folder)
            built = [root / step / folder.name / f"{folder.name}.ipynb" for step in ("release", "solutions")]
            if not all(path.is_file() for path in built):
                raise AssignmentError(built[1], "solutions", f"run `seq2grade build {folder.name}`")
            release, solution = map(read_notebook, built)
            yield audit_plainly(Prepared(assignment, trusted.listed, release), trusted, solution)


def write_coverage(root: Path, *, write: bool = True) -> bool:
    """Bring docs/coverage.md up to date. Returns whether it differed."""
    assignments = [load_assignment(folder) for folder in find_assignments(root)]
    counts = {a.id: points_of(Trusted.load(a).listed) for a in assignments}
    text = coverage_markdown(assignments, read_source_ids(root / "docs" / "source_ids.txt"), counts)
    path = root / "docs" / "coverage.md"
    differs = not path.is_file() or path.read_text(encoding="utf-8") != text
    if differs and write:
        replace_file(path, text, 0o644)
    return differs
