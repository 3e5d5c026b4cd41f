"""Which submissions lie under a path: nbgrader's layout, a flat folder, or a single notebook."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.collect.read import NOTEBOOK_LIMIT, parse_notebook, printable, read_regular
from autograder.errors import CollectError
from autograder.model import Submission

SUBMITTED, SUFFIX = "submitted", ".ipynb"


def find_submissions(path: Path, assignment_id: str | None, known: Collection[str]) -> tuple[Submission, ...]:
    """The submissions under `path`, sorted by student and assignment.

    `path` is a notebook; or a course, its submitted/ folder, one student's folder or one assignment folder in
    it (submitted/<student>/<assignment>/); or a flat folder of notebooks, where the file stem is the student.
    `assignment_id` selects one assignment; `known` are the ids that exist. Without a selection, a notebook
    outside the layout tells its assignment itself (metadata `seq2grade.assignment`), else by its folder; it
    is "" where nothing tells. A folder without a usable notebook still gives a submission, so that there is
    a result for it. Raises CollectError when the path does not exist or holds no submission.
    """
    path = Path(os.path.abspath(path))
    if not os.path.lexists(path):
        raise CollectError(f"{printable(path)} does not exist; give a notebook or a folder of submissions.")
    ids = frozenset(known) | ({assignment_id} if assignment_id else frozenset())
    wanted = frozenset({assignment_id}) if assignment_id else ids
    found = sorted(_search(path, ids, wanted), key=lambda one: (one.student, one.assignment, str(one.path)))
    if not found:
        what = f"of {assignment_id} " if assignment_id else ""
        raise CollectError(f"There are no submissions {what}under {printable(path)}; expected notebooks, or "
                           "submitted/<student>/<assignment>/<notebook>.ipynb.")
    return tuple(found)


def fits_layout(submission: Submission) -> bool:
    """Whether the notebook lies in a folder of its own: <student>/<assignment>/<notebook>."""
    folder = submission.path.parent
    names = printable(folder.parent.name), printable(folder.name)
    return names == (submission.student, submission.assignment)


def _search(path: Path, ids: frozenset[str], wanted: frozenset[str]) -> Iterator[Submission]:
    if not path.is_dir() or path.suffix == SUFFIX:
        yield _single(path, ids, wanted)
    elif (path / SUBMITTED).is_dir():
        yield from _students(path / SUBMITTED, ids, wanted)
    elif path.name == SUBMITTED:
        yield from _students(path, ids, wanted)
    elif _is_assignment_folder(path, ids):
        if path.name in wanted:
            yield _assignment_folder(path)
    elif path.parent.name == SUBMITTED or any(name in ids for name in _names(path, folders=True)):
        yield from _student_folder(path, ids, wanted)
    elif any(name.endswith(SUFFIX) for name in _names(path)):
        for name in _notebooks(path):
            yield _single(path / name, ids, wanted)
    else:
        yield from _students(path, ids, wanted, loose=False)


def _names(folder: Path, folders: bool = False) -> list[str]:
    """Names in a folder without dot names, sorted. A link counts as its target; it is refused later."""
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError:
        return []
    return [name for name in names if not folders or os.path.isdir(folder / name)]


def _notebooks(folder: Path) -> list[str]:
    return [name for name in _names(folder) if name.endswith(SUFFIX)]


def _is_assignment_folder(path: Path, ids: frozenset[str]) -> bool:
    """Named for an assignment, and either in the layout or holding the assignment's own notebook."""
    return path.name in ids and (path.parent.parent.name == SUBMITTED or not _notebooks(path)
                                 or (path / (path.name + SUFFIX)).exists())


def _students(folder: Path, ids: frozenset[str], wanted: frozenset[str], loose: bool = True,
              ) -> Iterator[Submission]:
    for name in _names(folder, folders=True):
        student = folder / name
        if loose or any(inner in ids for inner in _names(student, folders=True)):
            yield from _student_folder(student, ids, wanted)


def _student_folder(folder: Path, ids: frozenset[str], wanted: frozenset[str]) -> Iterator[Submission]:
    inside = _names(folder, folders=True)
    assignments = [name for name in inside if name in wanted or not ids]
    for name in assignments:
        yield _assignment_folder(folder / name)
    if assignments or any(name in ids for name in inside):
        return
    # Handed in one folder too high, or nothing at all: there must be a result either way.
    student = printable(folder.name)
    for name in _notebooks(folder):
        stem = name.removesuffix(SUFFIX)
        if stem in wanted or len(wanted) == 1:
            yield Submission(student, stem if stem in wanted else min(wanted), folder / name)
            return
    if len(wanted) == 1:
        yield Submission(student, min(wanted), folder / (min(wanted) + SUFFIX))


def _assignment_folder(folder: Path) -> Submission:
    """The notebook named for the assignment, else the only one; else the path where it should be."""
    expected, notebooks = folder.name + SUFFIX, _notebooks(folder)
    name = notebooks[0] if len(notebooks) == 1 and expected not in notebooks else expected
    return Submission(printable(folder.parent.name), printable(folder.name), folder / name)


def _single(path: Path, ids: frozenset[str], wanted: frozenset[str]) -> Submission:
    folder, stem = path.parent, path.name.removesuffix(SUFFIX)
    in_layout = folder.parent.parent.name == SUBMITTED or (folder.name in ids and stem == folder.name)
    if in_layout and (folder.name in wanted or not ids):
        return Submission(printable(folder.parent.name), printable(folder.name), path)
    return Submission(printable(stem), _assignment(path, ids, wanted), path)


def _assignment(path: Path, ids: frozenset[str], wanted: frozenset[str]) -> str:
    if len(wanted) == 1:
        return min(wanted)
    try:
        metadata = parse_notebook(read_regular(path, NOTEBOOK_LIMIT)).get("metadata")
    except CollectError:
        metadata = None
    mark = metadata.get("seq2grade") if isinstance(metadata, dict) else None
    told = mark.get("assignment") if isinstance(mark, dict) else None
    for candidate in (told, path.parent.name, path.name.removesuffix(SUFFIX)):
        if isinstance(candidate, str) and candidate in ids:
            return candidate
    return ""
