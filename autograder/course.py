"""A course folder opened for grading: what opens it, what it has loaded, and what an assignment needs to be graded."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder import versions
from autograder.assignment import FIGURE_TAG, Assignment, find_assignments, load_assignment
from autograder.collect.answered import unanswered
from autograder.device import choose
from autograder.edition import Stamp, digest, stamp
from autograder.errors import AssignmentError
from autograder.item_edition import item_editions
from autograder.judges import SERVICE, Judges
from autograder.model import CheckResult, Grade, ItemGrade, Limits
from autograder.notebooks import grade_id_of, read_notebook, sections, source_of
from autograder.request import Listed
from autograder.sandbox.client import Zygote
from autograder.sandbox.preload import wanted
from autograder.score import score_items

_RELOADS = 5  # how often files that change while they are read are read again


@dataclass(frozen=True)
class Spec:
    """All that opens a course, small and without anything open, so that another process can be told it.

    `sandbox` is a name or `auto`; `limits` overrides those of the assignments; `retrain` makes notebooks train their
    models anew instead of loading those that were handed in; without `forks` checks are served as with CUDA, whatever
    the device: see decision 0020; without `figures` the course's own pictures are not drawn, on which no verdict rests.
    """

    root: Path
    sandbox: str = "auto"
    device: str = "cpu"
    limits: Limits | None = None
    retrain: bool = False
    forks: bool = True
    figures: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root.resolve())  # it may be opened in another folder


@dataclass(frozen=True)
class Prepared:
    """An assignment with everything that grading it needs but the code of its checks, which judges load. `release` is
    the notebook students received; `edition` tells judges whether what they loaded is still what is meant; `digest` is
    that of the files it was loaded from, `item_editions` those of what decides each item; `time_factor`: see Grade."""

    assignment: Assignment
    checks: tuple[Listed, ...]
    release: dict[str, Any]
    edition: str = field(default_factory=lambda: secrets.token_hex(8), compare=False)
    digest: str = field(default="", compare=False)
    item_editions: Mapping[str, str] = field(default_factory=dict, compare=False)
    time_factor: float = field(default=1.0, compare=False)

    @cached_property
    def given(self) -> dict[str, bytes]:
        """The files that students received beside the notebook, by their name there."""
        return self.assignment.given()

    @property
    def points(self) -> dict[str, dict[str, float]]:
        """Item id -> check name -> points."""
        return points_of(self.checks)

    def figures(self, notebook: Mapping[str, Any]) -> frozenset[int]:
        """The places in `notebook` (put right) of cells that only draw, as they were released: no verdict rests on
        them. One that a student has changed may do more."""
        drawing = {
            grade_id_of(cell): source_of(cell)
            for cell in self.release["cells"]
            if cell["cell_type"] == "code" and FIGURE_TAG in cell["metadata"].get("tags", ())
        }
        cells = enumerate(notebook["cells"])
        return frozenset(place for place, cell in cells if drawing.get(grade_id_of(cell)) == source_of(cell))

    @cached_property
    def _sections(self) -> dict[str, str]:
        return sections(self.release)

    def scored(self, results: Sequence[CheckResult], untouched: Collection[str] = ()) -> tuple[ItemGrade, ...]:
        """The items' scores (see score_items), each with the section of the notebook in which it stands, and with its
        edition."""
        items = score_items(self.assignment, results, self.points, untouched)
        return tuple(
            replace(item, section=self._sections.get(item.answer, ""), edition=self.item_editions.get(item.id, ""))
            for item in items
        )

    def still(self, earlier: Grade) -> dict[str, tuple[CheckResult, ...]]:
        """Item id -> verdicts of an earlier grade of the same work that this edition would give, too: of items that are
        decided by what they were decided by then."""
        return {
            item.id: item.checks
            for item in earlier.items
            if item.checks and not item.pending and item.edition and item.edition == self.item_editions.get(item.id)
        }

    def untouched(self, notebook: dict[str, Any], files: Mapping[str, bytes] | None = None) -> frozenset[str]:
        """The items that nobody answered: the answer cell in `notebook` (put right) is as it was released, and no other
        cell, nor a file beside the notebook, defines what the item submits."""
        submits: dict[str, list[str]] = {}
        for item in self.assignment.items:
            submits.setdefault(item.answer, []).extend(item.submits)
        open_cells = unanswered(self.release, notebook, submits, files or {})
        return frozenset(item.id for item in self.assignment.items if item.answer in open_cells)


def points_of(checks: Sequence[Listed]) -> dict[str, dict[str, float]]:
    """Item id -> check name -> points."""
    table: dict[str, dict[str, float]] = {}
    for check in checks:
        table.setdefault(check.item, {})[check.name] = check.points
    return table


@dataclass
class Course:
    """A course folder opened for grading: a warm zygote, judges, and assignments loaded when first met, and anew when
    their files have changed."""

    root: Path
    zygote: Zygote
    limits: Limits | None = None
    figures: bool = True
    judges: Judges = field(init=False, repr=False)
    _prepared: dict[str, Prepared] = field(default_factory=dict, repr=False)
    _stamps: dict[str, Stamp | None] = field(default_factory=dict, repr=False)  # None: adopted, whatever the files say
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        zygote = self.zygote
        self.judges = Judges(lambda: zygote.fork(SERVICE), forks=zygote.device == "cpu")

    @staticmethod
    def open(spec: Spec, assignments: Collection[str] = (), expected: int = 0) -> Course:
        """Open a course. `assignments`: those that will be graded, where that is known. The warm process then holds
        what their notebooks import, and no more; notebooks of others can be run, and import theirs each for itself.
        `expected`: how many submissions are to come, 0 where nobody knows. Raises SandboxUnavailable when the sandbox
        cannot be used here."""
        modules = wanted(_texts(spec.root, assignments))
        zygote = Zygote(spec.sandbox, spec.device, (str(spec.root),), spec.retrain, spec.forks, modules, expected)
        return Course(spec.root, zygote, spec.limits, spec.figures)

    @property
    def spec(self) -> Spec:
        """What opens this course again, elsewhere too. It names the sandbox that `auto` found: who cannot have that
        one shall refuse rather than grade by another."""
        zygote = self.zygote
        how = zygote.backend.name, zygote.device, self.limits, zygote.retrain, zygote.forks, self.figures
        return Spec(self.root, *how)

    def __enter__(self) -> Course:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the judges and the warm process."""
        self.judges.close()
        self.zygote.close()

    @property
    def settings(self) -> str:
        """What decides a grade beside the work, the assignment's files and the seed: versions, sandbox, device, limits
        that override the assignment's, and whether models are trained anew. To be compared, and read by people."""
        how = [*versions.lines(), f"sandbox {self.zygote.backend.name}", f"device {self.zygote.device}"]
        how += [str(self.limits)] if self.limits is not None else []
        how += ["trained anew"] if self.zygote.retrain else []
        return ", ".join(how if self.zygote.forks else [*how, "checks in one process"])

    def ids(self) -> tuple[str, ...]:
        """The assignments of this course."""
        return tuple(folder.name for folder in find_assignments(self.root))

    def prepare(self, assignment: str) -> Prepared:
        """An assignment as its files are now; loaded once while they stay as they are. One that is gone for a moment
        is still what it was. Raises AssignmentError when it or its release is missing or broken."""
        with self._lock:
            known = self._prepared.get(assignment)
            if known is None or self._stamps[assignment] is not None:
                now = stamp(self.root, assignment)
                if known is None or (now is not None and now != self._stamps[assignment]):
                    self._prepared[assignment] = known = self._reload(assignment, known)
            return known

    def known(self, assignment: str) -> Prepared | None:
        """What was loaded last, whether or not it is still what lies there."""
        with self._lock:
            return self._prepared.get(assignment)

    def _reload(self, assignment: str, known: Prepared | None) -> Prepared:
        """What lies there, unless that is what is known. Files that are written meanwhile are read again."""
        for _ in range(_RELOADS):
            now = stamp(self.root, assignment)
            try:
                content = digest(self.root, assignment) if now is not None else ""
            except OSError as error:
                where = self.root / "assignments" / assignment
                raise AssignmentError(where, "files", f"expected to read them; {error}") from error
            loaded = known if known is not None and content == known.digest else self._load(assignment)
            if stamp(self.root, assignment) == now:
                break
        self._stamps[assignment] = now or ()
        return replace(loaded, digest=content) if loaded is not known else loaded

    def adopt(self, prepared: Prepared) -> None:
        """Grade with this from now on (a build tries a release before it is written)."""
        if prepared.assignment.models:
            self.zygote.open_models(prepared.assignment.models)
        with self._lock:
            self._prepared[prepared.assignment.id] = prepared
            self._stamps[prepared.assignment.id] = None

    def _load(self, assignment: str) -> Prepared:
        if assignment not in self.ids():
            raise AssignmentError(self.root / "assignments", assignment, f"expected one of {', '.join(self.ids())}")
        loaded = load_assignment(self.root / "assignments" / assignment)
        times = 1.0
        if self.limits is not None:
            loaded = replace(loaded, limits=self.limits)
        elif loaded.device == "cuda" and self.zygote.device == "cpu":
            times = loaded.limits.cpu_times
            loaded = replace(loaded, limits=loaded.limits.slower())
        if self.zygote.retrain:
            longer = loaded.limits.retrain_seconds
            loaded = replace(loaded, limits=replace(loaded.limits, cell_seconds=longer, total_seconds=longer))
        path = self.root / "release" / assignment / f"{assignment}.ipynb"
        if not path.is_file():
            raise AssignmentError(path, "release", f"expected a built notebook: run `seq2grade build {assignment}`")
        try:
            release = read_notebook(path)
        except (OSError, ValueError) as error:
            raise AssignmentError(path, "release", f"expected a built notebook: {error}") from error
        if loaded.models:
            self.zygote.open_models(loaded.models)
        edition = secrets.token_hex(8)
        checks = self.judges.checks_of(edition, loaded)
        try:
            editions = item_editions(loaded, checks, release)
        except OSError as error:
            raise AssignmentError(loaded.folder, "files", f"expected to read them; {error}") from error
        return Prepared(loaded, checks, release, edition, item_editions=editions, time_factor=times)

    def solution(self, assignment: str) -> dict[str, Any]:
        """The built solution notebook. Raises AssignmentError when it is not there."""
        path = self.root / "solutions" / assignment / f"{assignment}.ipynb"
        try:
            return read_notebook(path)
        except (OSError, ValueError) as error:
            wanted = f"expected a built notebook: run `seq2grade build {assignment}`"
            raise AssignmentError(path, "solutions", wanted) from error


def _texts(root: Path, ids: Collection[str]) -> Iterator[str]:
    """The Python of these assignments, of all where none is named: notebooks with their solutions, checks, other
    answers."""
    for folder in find_assignments(root):
        if ids and folder.name not in ids:
            continue
        for path in folder.rglob("*.py"):
            with contextlib.suppress(OSError, UnicodeDecodeError):  # told when it is built or graded
                yield path.read_text(encoding="utf-8")


def wanted_devices(root: Path, ids: Collection[str]) -> dict[str, str]:
    """Assignment id -> device of its assignment.toml, of those among `ids` that can be loaded."""
    wanted = {}
    for folder in find_assignments(root):
        if folder.name in ids:
            with contextlib.suppress(AssignmentError):  # told when it is built or graded
                wanted[folder.name] = load_assignment(folder).device
    return wanted


def by_device(root: Path, ids: Sequence[str], asked: str = "auto") -> dict[str, list[str]]:
    """Device -> those of the assignments `ids` that are for it, for work that takes one after the other: see choose."""
    wanted = wanted_devices(root, ids)
    groups: dict[str, list[str]] = {}
    for name in ids:
        groups.setdefault(choose(asked, {name: wanted.get(name, "cpu")}), []).append(name)
    return groups
