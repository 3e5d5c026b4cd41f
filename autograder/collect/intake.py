"""From a path to a notebook that is ready to run."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.collect.answered import is_empty
from autograder.collect.files import (
    BYTE_LIMIT,
    FILE_LIMIT,
    extra_files,
    names_in,
    names_inside,
    trained_files,
)
from autograder.collect.find import fits_layout
from autograder.collect.names import SUFFIX, Sort, shown, sort_of
from autograder.collect.packed import ZIP_LIMIT, Pack, is_zip, read_pack
from autograder.collect.read import (
    NOTEBOOK_LIMIT,
    assignment_of,
    parse_notebook,
    printable,
    read_regular,
    student_cells,
)
from autograder.collect.repair import repair
from autograder.collect.survey import listed
from autograder.errors import CollectError
from autograder.model import Collected, Repair, Submission

# So many notebooks beside the one that is meant are looked into.
_CANDIDATES = 6
# A folder on the way may be one that can be passed and not listed.
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True)
class _Chosen:
    path: Path
    raw: bytes
    notebook: dict[str, Any]
    why: str = ""  # what a person should look at
    pack: Pack | None = None  # the zip out of which it came


def collect(submission: Submission, release: Mapping[str, Any]) -> Collected:
    """Read a submission and put it right, so that every cell of `release` (nbformat 4 as dict) is in it.

    Files beside the notebook come along only from a folder of the submission's own: a flat folder holds other
    students' work. Beside a notebook that lies alone, trained models do. Raises CollectError with a sentence for
    student and instructor when there is no readable notebook. Reads the disk, writes nothing.
    """
    place = submission.place or (submission.path.parent.parent if fits_layout(submission) else None)
    if submission.problem and not submission.others:
        raise CollectError(submission.problem)
    own_files = place is not None
    if place is None:
        # Nobody said whose folder it is, but its name does: then no link is followed there either.
        above = (submission.path.parent.parent, submission.path.parent)
        place = next((folder for folder in above if printable(folder.name) == submission.student), None)
    chosen = _choose(submission, place, release)
    _refuse_other(chosen.notebook, submission, release)
    notebook, repairs = repair(chosen.notebook, release)
    files, refused, lender = _files(submission, chosen, place, own_files)
    told = [Repair("files", "", chosen.why)] if chosen.why else list(_unused(submission, chosen, own_files, lender))
    return Collected(
        submission, _digest(chosen.raw, files), notebook, (*repairs, *told, *refused), files, bool(chosen.why)
    )


def _files(
    submission: Submission,
    chosen: _Chosen,
    place: Path | None,
    own_files: bool,
) -> tuple[dict[str, bytes], tuple[Repair, ...], Path | None]:
    """What was handed in with the notebook: out of the same zip, or beside it. A zip that lies there and holds the very
    same work lends what is not beside the notebook; it comes last."""
    if chosen.pack is not None:
        return chosen.pack.files, chosen.pack.refused, None
    with _opened(chosen.path.parent, place) as folder:
        take = extra_files if own_files else trained_files
        files, refused = take(folder, chosen.path.name, place)
    work = [cell.source for cell in student_cells(chosen.notebook)]
    for path in [path for path in submission.others if is_zip(path.name)][:_CANDIDATES]:
        with contextlib.suppress(CollectError):
            packed = _load(path, place, submission.assignment)
            rest = {name: data for name, data in files.items() if chosen.path.parent / name != path}
            lent = {name: data for name, data in packed.pack.files.items() if name not in files} if packed.pack else {}
            both = {**rest, **lent}
            fits = len(both) <= FILE_LIMIT and sum(map(len, both.values())) <= BYTE_LIMIT
            if lent and fits and [cell.source for cell in student_cells(packed.notebook)] == work:
                told = f"{_name(path, submission)} holds the same notebook; taken from it: {listed(sorted(lent))}."
                return dict(sorted(both.items())), (*refused, Repair("files", "", told)), path
    return files, refused, None


def _load(path: Path, place: Path | None, assignment: str) -> _Chosen:
    """The notebook in a file, or in a zip. Raises CollectError."""
    if not is_zip(path.name):
        raw = _read(path, place, NOTEBOOK_LIMIT)
        return _Chosen(path, raw, parse_notebook(raw))
    pack = read_pack(_read(path, place, ZIP_LIMIT), (assignment,))
    return _Chosen(path, pack.raw, parse_notebook(pack.raw), pack=pack)


def _choose(submission: Submission, place: Path | None, release: Mapping[str, Any]) -> _Chosen:
    """The notebook that is meant; where it holds no answer and another one does, that one."""
    if place is not None:
        _explain_missing(submission, place)
    if not submission.problem:
        chosen = _first(submission, place)
        if not submission.others or not is_empty(release, chosen.notebook):
            return chosen
    worked, closed = _with_work(submission, place, release)
    if len(worked) == 1 and not (submission.problem and closed):
        better = worked[0]
        names = listed(
            [path for path in (submission.path, *submission.others) if path != better.path and os.path.lexists(path)],
            base=_base(submission),
        )
        state = "more than one was handed in" if submission.problem else "that one holds no answer"
        why = f"{_name(better.path, submission)} was graded, not {names}: {state}, and only this one holds work."
        return replace(better, why=why)
    if submission.problem:
        raise CollectError(submission.problem)
    if worked:
        names = listed([one.path for one in worked], base=_base(submission))
        raise CollectError(
            f"{_name(submission.path, submission)} holds no answer, and several other notebooks "
            f"hold work: {names}. Hand in one, under the name {shown(submission.path.name)}."
        )
    if not closed:
        return chosen
    why = (
        f"{_name(submission.path, submission)} holds no answer. Beside it lies "
        f"{listed(closed, base=_base(submission))}, which could not be read."
    )
    return replace(chosen, why=why)


def _first(submission: Submission, place: Path | None) -> _Chosen:
    """The notebook in the place where it should be. Raises CollectError, with what lies beside it."""
    try:
        return _load(submission.path, place, submission.assignment)
    except CollectError as error:
        if not submission.others:
            raise
        beside = listed(submission.others, base=_base(submission))
        told = f"{_name(submission.path, submission)} cannot be graded. {error} Beside it: {beside}."
        raise CollectError(told) from error


def _with_work(
    submission: Submission,
    place: Path | None,
    release: Mapping[str, Any],
) -> tuple[list[_Chosen], list[Path]]:
    """The further notebooks that hold something of the student's, each content once, and what cannot be read."""
    found: dict[bytes, _Chosen] = {}
    closed: list[Path] = []
    for number, path in enumerate(submission.others):
        hidden = any(part.startswith(".") for part in path.relative_to(_base(submission)).parts)
        closed_archive = sort_of(path.name) is Sort.ARCHIVE and not is_zip(path.name)
        if hidden or closed_archive or number >= _CANDIDATES:
            closed.append(path)
            continue
        try:
            one = _load(path, place, submission.assignment)
        except CollectError:
            closed.append(path)
            continue
        known = found.get(one.raw)
        # of two with the same content, the one that brings its files
        if (known is None or (one.pack and not known.pack)) and not is_empty(release, one.notebook):
            found[one.raw] = one
    return list(found.values()), closed


def _unused(submission: Submission, chosen: _Chosen, own_files: bool, lender: Path | None) -> Iterator[Repair]:
    """A word about the files that lie elsewhere in the student's folder; those beside the notebook get their own."""
    beside = chosen.path.parent if own_files and chosen.pack is None else None
    away = [
        path
        for path in submission.others
        if path != lender
        if beside is None
        or not path.is_relative_to(beside)
        or any(part.startswith(".") for part in path.relative_to(beside).parts)
    ]
    if away:
        yield Repair(
            "files",
            "",
            f"Not used, because {_name(chosen.path, submission)} is what was graded: "
            f"{listed(away, base=_base(submission))}.",
        )


def _base(submission: Submission) -> Path:
    return submission.place or submission.path.parent


def _name(path: Path, submission: Submission) -> str:
    base = _base(submission)
    return shown(path.relative_to(base) if path.is_relative_to(base) else path.name)


def _refuse_other(notebook: Mapping[str, Any], submission: Submission, release: Mapping[str, Any]) -> None:
    """Refuse the notebook of another assignment, of which no cell would be found."""
    mark, own = assignment_of(notebook), assignment_of(release)
    if not mark or not own or mark == own:
        return
    ids = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in release["cells"]} - {None}
    found = {
        grade_id
        for cell in notebook["cells"]
        if isinstance(cell, dict) and isinstance(grade_id := _grade_id(cell), str)
    }
    if not ids & found:
        raise CollectError(
            f"This is the notebook of another assignment ({shown(mark)}), not of {own}; hand in the right one."
        )


def _grade_id(cell: Mapping[str, Any]) -> object:
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return mark.get("grade_id") if isinstance(mark, dict) else None


def _read(path: Path, place: Path | None, limit: int) -> bytes:
    with _opened(path.parent, place) as folder:
        links = names_inside(place, path.name, folder) if place is not None else 1
        return read_regular(path.name, limit, folder, links)


@contextlib.contextmanager
def _opened(folder: Path, place: Path | None) -> Iterator[int]:
    """A handle of `folder`. From the student's own folder `place` on no link is followed on the way, whatever is
    exchanged while we look; what lies above is the instructor's business."""
    own = place is not None and (folder == place or place in folder.parents)
    above = place.parent if own and place is not None else folder
    handle = _open(above, 0, None)
    try:
        for part in folder.relative_to(above).parts:
            inner = _open(part, os.O_NOFOLLOW, handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _open(name: Path | str, flag: int, parent: int | None) -> int:
    try:
        return os.open(name, _FOLDER | flag, dir_fd=parent)
    except OSError as error:
        told = shown(os.path.basename(name))
        if error.errno == errno.ENOENT:
            raise CollectError(f"There is no folder {told} in this submission.") from error
        if flag and stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            raise CollectError(f"The folder {told} is a link; hand in the folder itself.") from error
        raise CollectError(f"The folder {told} cannot be opened: {error.strerror}.") from error


def _explain_missing(submission: Submission, place: Path) -> None:
    """Say why there is no notebook to read, where the reason is not the file itself."""
    path = submission.path
    if submission.others or os.path.lexists(path) or not os.path.lexists(path.parent):
        return
    with _opened(path.parent, place) as folder:
        others = sorted(
            printable(name) for name in names_in(folder) if name.lower().endswith(SUFFIX) and not name.startswith(".")
        )
    if len(others) > 1:
        raise CollectError(
            f"There are {len(others)} notebooks ({listed(others)}) and none is called "
            f"{printable(path.name)}; hand in one."
        )
    raise CollectError(f"There is no notebook in this submission; expected {printable(path.name)}.")


def _digest(raw: bytes, files: Mapping[str, bytes]) -> str:
    """SHA-256 over the notebook and the files, each with its length, so that none runs into the next."""
    digest = hashlib.sha256()
    for name, content in [("", raw), *sorted(files.items())]:
        key = name.encode("utf-8")
        digest.update(b"%d:%s%d:" % (len(key), key, len(content)))
        digest.update(content)
    return digest.hexdigest()
