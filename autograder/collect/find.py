"""Which submissions lie under a path: nbgrader's layout, Moodle's, Gradescope's, a flat folder, a single notebook.

Whoever can be told apart gets one submission for each assignment; what cannot be graded carries its `problem`.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from autograder.collect.choose import Wanted, of_student, one_each
from autograder.collect.exported import exported_file, is_exported, student_in
from autograder.collect.gradescope import METADATA, submitters
from autograder.collect.names import (
    SUFFIX,
    Sort,
    assignment_in,
    is_hidden,
    is_usual,
    sort_of,
    stem_of,
)
from autograder.collect.packed import is_zip, packed_assignment
from autograder.collect.read import NOTEBOOK_LIMIT, marked_assignment, parse_notebook, printable, read_regular
from autograder.collect.survey import entries, folders, is_folder, leads_to_folder, survey
from autograder.errors import CollectError
from autograder.model import Submission

SUBMITTED = "submitted"
_SUBMITTED = frozenset({SUBMITTED, "submitted files"})  # the latter is Teams'
_UNTOLD = "It cannot be told which assignment this notebook is of; name the assignment."
# Folders that lie beside notebooks in a flat folder and are nobody's submission.
_NOBODYS = frozenset({"checkpoints", "data", "figures", "images", "img", "output", "outputs", "models"})
_NESTING = 3


def find_submissions(path: Path, assignment_id: str | None, known: Collection[str]) -> tuple[Submission, ...]:
    """The submissions under `path`, sorted by student and assignment, one for each of these pairs.

    `path` is a notebook; or a course, its submitted/ folder, one student's folder or one assignment folder in
    it (submitted/<student>/<assignment>/); or what a learning platform exported; or a flat folder of notebooks, where
    the file stem is the student. `assignment_id` selects one assignment; `known` are the ids that exist. Without a
    selection, a notebook outside the layout tells its assignment itself (metadata `seq2grade.assignment`), else by its
    folder or name; it is "" where nothing tells. Whatever lies in a student's place and cannot be graded gives a
    submission with a `problem` that says what was found. Raises CollectError when the path does not exist or holds no
    submission.
    """
    path = Path(os.path.abspath(path))
    if not os.path.lexists(path):
        raise CollectError(f"{printable(path)} does not exist; give a notebook or a folder of submissions.")
    ids = frozenset(known) | ({assignment_id} if assignment_id else frozenset())
    wanted = Wanted(ids, frozenset({assignment_id}) if assignment_id else ids)
    if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
        raise CollectError(f"{printable(path)} cannot be opened: you may not read this folder.")
    found = one_each(_without_echoes(_placed(list(_search(path, wanted)))))
    if not found:
        what = f"of {assignment_id} " if assignment_id else ""
        raise CollectError(
            f"There are no submissions {what}under {printable(path)}; expected notebooks, or "
            "submitted/<student>/<assignment>/<notebook>.ipynb."
        )
    return tuple(sorted(found, key=lambda one: (one.student, one.assignment, str(one.path))))


def fits_layout(submission: Submission) -> bool:
    """Whether the notebook lies in a folder of its own: <student>/<assignment>/<notebook>."""
    folder = submission.path.parent
    names = printable(folder.parent.name), printable(folder.name)
    return names == (submission.student, submission.assignment)


def _placed(found: list[Submission]) -> list[Submission]:
    """An empty folder or an archive counts for the assignment that everybody else handed in, if it is one."""
    seen = {one.assignment for one in found} - {""}
    if len(seen) != 1:
        return found
    settled = {one.student for one in found if one.assignment}
    return [
        replace(one, assignment=min(seen))
        if not one.assignment and one.student not in settled and (one.place or _is_no_notebook(one))
        else one
        for one in found
    ]


def _is_no_notebook(one: Submission) -> bool:
    return (
        sort_of(one.path.name) in (Sort.ARCHIVE, Sort.OTHER)
        and not one.path.name.startswith(".")
        and not one.path.is_dir()
    )


def _without_echoes(found: list[Submission]) -> list[Submission]:
    """Without what is only the echo of a submission that can be graded: the archive it was unpacked from, or another
    folder of its student without work, such as the one in which Moodle keeps what was typed in."""
    graded = {one.student for one in found if not one.problem}
    unpacked = {(one.student, one.assignment) for one in found if not one.problem and not _is_no_notebook(one)}
    kept = [
        one
        for one in found
        if not (one.problem and one.student in graded and _is_echo(one))
        and not (is_zip(one.path.name) and not one.problem and (one.student, one.assignment) in unpacked)
    ]
    echoes: dict[str, list[Path]] = defaultdict(list)
    for one in found:
        if one not in kept and one.path.is_file() and exported_file(one.path.name)[1]:
            echoes[one.student].append(one.path)
    return [replace(one, others=(*one.others, *echoes[one.student])) if one.student in echoes else one for one in kept]


def _is_echo(one: Submission) -> bool:
    place = one.place
    if place is None and _is_no_notebook(one):
        return True
    return place is not None and not one.others and place.is_dir() and not survey(place).holds_work


def _search(path: Path, wanted: Wanted) -> Iterator[Submission]:
    if not path.is_dir() or sort_of(path.name) is Sort.NOTEBOOK:
        yield _single(path, wanted)
    elif (inner := _submitted_in(path)) is not None:
        yield from _class(inner, wanted, True)
    elif path.name.lower() in _SUBMITTED:
        yield from _class(path, wanted, True)
    elif path.parent.name == SUBMITTED or is_exported(path.name):
        yield from of_student(student_in(path.name), path, wanted)
    elif _is_assignment_folder(path, wanted.ids):
        yield from _assignment_folder(path, wanted)
    elif any(assignment_in(name, wanted.ids) for name in folders(path)) and not _is_transposed(path, wanted):
        yield from of_student(printable(path.name), path, wanted)
    else:
        yield from _class(path, wanted, False)


def _submitted_in(path: Path) -> Path | None:
    """The folder of what was handed in, in a course or an export; what lies beside it is not handed in."""
    named = [name for name in folders(path) if name.lower() in _SUBMITTED]
    return path / (SUBMITTED if SUBMITTED in named else named[0]) if named else None


def _is_transposed(path: Path, wanted: Wanted) -> bool:
    """Whether folders named for assignments hold folders of students, instead of the other way round."""
    named = [path / name for name in folders(path) if assignment_in(name, wanted.ids)]
    inner = [name for folder in named for name in folders(folder) if survey(folder / name).notebooks]
    return len(inner) > 1 and not any(_has_notebooks(folder) for folder in named)


def _has_notebooks(folder: Path) -> bool:
    return any(
        sort_of(entry.name) in (Sort.NOTEBOOK, Sort.ALMOST) and not is_hidden(entry.name) for entry in entries(folder)
    )


def _is_assignment_folder(path: Path, ids: frozenset[str]) -> bool:
    """Named for an assignment, and in the layout, or holding the assignment's own notebook, or nobody's folder."""
    name = assignment_in(path.name, ids)
    if not name:
        return False
    if path.parent.parent.name == SUBMITTED or os.path.exists(path / (path.name + SUFFIX)):
        return True
    several = sum(is_zip(entry.name) for entry in entries(path)) > 1
    return (
        not _has_notebooks(path) and not several and not any(survey(path / inner).holds_work for inner in folders(path))
    )


def _assignment_folder(path: Path, wanted: Wanted) -> Iterator[Submission]:
    """One assignment folder of a student: what lies in the student's other folders is not asked for."""
    name = assignment_in(path.name, wanted.ids)
    if name in wanted.some:
        alone = Wanted(frozenset({name}), frozenset({name}))
        student = printable(path.parent.name)
        if path.is_symlink() or path.parent.is_symlink():
            linked = path if path.is_symlink() else path.parent
            told = f"The folder {printable(linked.name)} is a link; hand in the folder itself."
            yield Submission(student, name, path / (name + SUFFIX), path.parent, problem=told)
            return
        for one in of_student(student, path, alone):
            usual = path / (name + SUFFIX)
            # The folder's own notebook lies where the layout has it, not one folder deeper.
            found = usual if one.problem or usual in one.others else one.path
            rest = tuple(other for other in (one.path, *one.others) if other not in (found, usual))
            problem = "" if os.path.lexists(usual) else one.problem
            yield replace(one, path=found, place=path.parent, others=rest, problem=problem)


def _class(folder: Path, wanted: Wanted, certain: bool, depth: int = 0) -> Iterator[Submission]:
    """The students of a folder: its folders, and notebooks that lie beside those. `certain`: every folder in it is a
    student's, even if it is empty."""
    listing = [entry for entry in entries(folder) if not is_usual(entry.name)]
    told = submitters(folder / METADATA)
    certain = certain or bool(told) or any(is_exported(entry.name) for entry in listing)
    places = [entry for entry in listing if is_folder(entry) or (certain and leads_to_folder(entry))]
    files = [entry for entry in listing if entry not in places and not is_folder(entry)]
    flat = any(sort_of(entry.name) in (Sort.NOTEBOOK, Sort.ALMOST) for entry in files)
    anybody = [entry.name for entry in places if not entry.is_symlink() and survey(folder / entry.name).holds_work]
    if not certain and not flat and depth < _NESTING and _are_sections([folder / name for name in anybody], wanted):
        for name in anybody:
            inner = _submitted_in(folder / name) or folder / name
            # In a shell around another one nothing is certain yet.
            yield from _class(inner, wanted, inner.parent == folder / name or not _is_shell(inner), depth + 1)
        return
    for entry in places:
        path = folder / entry.name
        exported = told.get(entry.name, "") or (student_in(entry.name) if is_exported(entry.name) else "")
        yield from _folder(path, exported, wanted, certain or (bool(anybody) and not flat), depth)
    dashed = not (certain and places) and _are_dashed([entry.name for entry in files])
    for entry in files:
        if entry.name != METADATA:
            path = folder / entry.name
            yield from _loose(path, wanted, certain and bool(places), dashed and " - " in path.stem)


def _are_dashed(names: list[str]) -> bool:
    """Whether these are named as Google Classroom does: each begins with its student."""
    notebooks = [name for name in names if sort_of(name) in (Sort.NOTEBOOK, Sort.ALMOST)]
    students = {name.partition(" - ")[0] for name in notebooks if " - " in name}
    return len(students) == len(notebooks) > 1


def _folder(path: Path, exported: str, wanted: Wanted, certain: bool, depth: int) -> Iterator[Submission]:
    """A folder among those of a class."""
    found = None if path.is_symlink() else survey(path)
    work = found is not None and found.holds_work
    named = assignment_in(path.name, wanted.ids)
    if path.name.startswith("."):
        if found is not None and work:
            told = f"The folder {printable(path.name)} is hidden, so not graded; found {found.told()}. Rename it."
            yield Submission(printable(path.name), "", path, problem=told)
    elif named and not exported and found is not None and work:
        yield from _of_assignment(path, named, wanted, depth)
    elif found is not None and depth < _NESTING and not exported and _is_section(path, wanted):
        yield from _class(path, wanted, True, depth + 1)
    elif work or exported or (certain and path.name not in _NOBODYS):
        yield from of_student(exported or printable(path.name), path, wanted)


def _is_section(path: Path, wanted: Wanted) -> bool:
    """Whether a folder in the place of a student's holds the folders of several students."""
    if _has_notebooks(path) or any(assignment_in(name, wanted.ids) for name in folders(path)):
        return False
    inner = [
        name
        for name in folders(path)
        if is_exported(name) or any(assignment_in(deeper, wanted.ids) for deeper in folders(path / name))
    ]
    return len(inner) > 1


def _are_sections(paths: list[Path], wanted: Wanted) -> bool:
    """Whether each of these holds what belongs to several students, as the one folder into which an export unpacks."""
    return bool(paths) and all(_holds_several(path, wanted, len(paths) == 1) for path in paths)


def _holds_several(path: Path, wanted: Wanted, alone: bool, levels: int = _NESTING) -> bool:
    if assignment_in(path.name, wanted.ids) or is_exported(path.name) or path.name.startswith("."):
        return False
    if any(name.lower() == SUBMITTED for name in folders(path)):
        return True
    if any(assignment_in(name, wanted.ids) for name in folders(path)):
        return False
    names = [entry.name for entry in entries(path) if sort_of(entry.name) in (Sort.NOTEBOOK, Sort.ALMOST)]
    if names:  # in one folder, as Google Classroom, Canvas and others have it
        return alone and len(names) > 1 and (all(exported_file(name)[0] for name in names) or _are_dashed(names))
    inner = [path / name for name in folders(path) if survey(path / name).holds_work]
    if len(inner) == 1 and alone and levels:
        return _holds_several(inner[0], wanted, True, levels - 1)
    return len(inner) > 1


def _is_shell(path: Path) -> bool:
    return sum(survey(path / name).holds_work for name in folders(path)) == 1


def _of_assignment(path: Path, name: str, wanted: Wanted, depth: int) -> Iterator[Submission]:
    """A folder named for an assignment where a student's was expected: students may lie in it."""
    if name not in wanted.some:
        return
    if _has_notebooks(path) and any(assignment_in(stem_of(entry.name), {name}) for entry in entries(path)):
        told = (
            f"The folder {printable(path.name)} is named for an assignment and lies in no student's folder; found "
            f"{survey(path).told()}. Put it into the folder of its student."
        )
        yield Submission(printable(path.name), "", path, problem=told)
    else:
        yield from _class(path, Wanted(frozenset({name}), frozenset({name})), False, depth + 1)


def _loose(path: Path, wanted: Wanted, beside: bool, named: bool) -> Iterator[Submission]:
    """A file among the students of a class; `beside`: others have folders of their own; `named`: its name is known to
    tell a student."""
    sort = sort_of(path.name)
    student, name = exported_file(path.name)
    concealed = path.name.startswith(".") and SUFFIX in path.name.lower()
    if sort is Sort.OTHER and not (student or named or concealed):
        return
    who = student or printable(path.stem if named and sort is Sort.OTHER else stem_of(path.name))
    if path.name.startswith("."):
        told = f"The file {printable(path.name)} is hidden, so it was not graded. Rename it."
        yield Submission(who, "", path, problem=told)
    elif sort is Sort.ARCHIVE and sort_of(name) is Sort.ARCHIVE:
        unpack = "Unpack it, and hand in the notebook itself."
        why = packed_assignment(path, wanted.ids)[1] if is_zip(path.name) else unpack
        if not why:
            yield _flat(path, who, wanted)
            return
        yield Submission(who, wanted.only, path, problem=f"{printable(path.name)} is an archive. {why}")
    elif sort is Sort.OTHER:
        told = f"There is no notebook in this submission; found {printable(path.name)}."
        yield Submission(who, wanted.only, path, problem=told)
    elif beside and not student and assignment_in(stem_of(name), wanted.ids):
        told = (
            f"{printable(path.name)} lies beside the students' folders, and its name tells no student. Put it "
            "into the folder of its student."
        )
        yield Submission(who, "", path, problem=told)
    else:
        yield _flat(path, who, wanted)


def _single(path: Path, wanted: Wanted) -> Submission:
    folder, stem = path.parent, stem_of(path.name)
    named = assignment_in(folder.name, wanted.ids) or (folder.name if not wanted.ids else "")
    in_layout = folder.parent.parent.name == SUBMITTED or (folder.name in wanted.ids and stem == folder.name)
    if in_layout and (named in wanted.some or not wanted.ids):
        return Submission(printable(folder.parent.name), named, path, folder.parent)
    if folder.parent.name == SUBMITTED or is_exported(folder.name):
        return replace(_flat(path, student_in(folder.name), wanted), place=folder)
    return _flat(path, exported_file(path.name)[0] or printable(stem), wanted)


def _flat(path: Path, student: str, wanted: Wanted) -> Submission:
    """A notebook that lies anywhere."""
    assignment = wanted.only or _assignment(path, wanted.ids)
    return Submission(student, assignment, path, problem="" if assignment else _unread(path) or _UNTOLD)


def _unread(path: Path) -> str:
    """Why a file tells nothing, where it cannot even be read."""
    if is_zip(path.name):
        return packed_assignment(path, ())[1]
    try:
        parse_notebook(read_regular(path, NOTEBOOK_LIMIT))
    except CollectError as error:
        return str(error)
    return ""


def _assignment(path: Path, ids: frozenset[str]) -> str:
    mark = packed_assignment(path, ids)[0] if is_zip(path.name) else marked_assignment(path)
    told = (mark, assignment_in(path.parent.name, ids))
    found = next((one for one in told if one in ids), "")
    return found or assignment_in(stem_of(path.name), ids, loosely=True)
