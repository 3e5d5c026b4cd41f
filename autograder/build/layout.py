"""What may lie in an assignment folder: nothing is passed over because its name is not quite right."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.assignment import CHECKS, Assignment
from autograder.errors import AssignmentError
from autograder.nearest import nearest

FOLDERS = ("notebook", "checks", "mistakes", "alternatives", "handin", "files")
FILES = ("assignment.toml", "notebook.py", "checks.py", "calibration.py", "calibration.json")
MOST_FILES, MOST_BYTES = 100, 20 * 2**20  # of files/; each student gets a copy
_ALIKE = 0.8
_MODELS = "checkpoints"
_NOT_OURS = ("feedback", "timestamp.txt", _MODELS)  # beside a notebook these are the student's, or nbgrader's


def verify_layout(assignment: Assignment) -> None:
    """Raises AssignmentError for what looks like a misspelt part of an assignment, or must not be in files/."""
    folder = assignment.folder
    for path in _entries(folder):
        wanted = _folder_meant(path.name) if path.is_dir() else _file_meant(path)
        if wanted and wanted != path.name:
            raise AssignmentError(path, "name", f"nobody reads it; did you mean {wanted}?")
        if path.name in FOLDERS and not path.is_dir():
            raise AssignmentError(path, "name", "expected a folder")
    _verify_files(assignment)


def forgotten(root: Path) -> tuple[str, ...]:
    """One line for each folder of a course that looks like an assignment and has no assignment.toml."""
    lines = []
    for path in _entries(root / "assignments"):
        if not path.is_dir() or (path / "assignment.toml").is_file():
            continue
        names = [inside.name for inside in _entries(path)]
        near = next((name for name in names if nearest(name, ("assignment.toml",), _ALIKE)), "")
        if near or {"notebook.py", "notebook"} & set(names):
            told = f"; is {near} meant?" if near else ""
            lines.append(f"{path.relative_to(root)} is not built: it has no assignment.toml{told}")
    return tuple(lines)


def _entries(folder: Path) -> Iterator[Path]:
    """What lies in a folder, without what tools leave there."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(".") and path.name != "__pycache__" and not path.name.endswith((".pyc", "~")):
                yield path


def _folder_meant(name: str) -> str:
    if name == _MODELS:
        return f"handin/{_MODELS}"
    return nearest(name, FOLDERS, _ALIKE)


def _file_meant(path: Path) -> str:
    if path.suffix == ".ipynb":
        return ""  # jupytext's pair of notebook.py
    head, _, tail = path.stem.partition("_")
    if path.suffix == ".py" and nearest(head, (CHECKS,), _ALIKE):
        return f"{CHECKS}/{tail}.py" if tail else f"{CHECKS}.py"
    if not path.suffix:
        return _folder_meant(path.name)
    return nearest(path.name, (name for name in FILES if name != f"{CHECKS}.py"), _ALIKE)


def _verify_files(assignment: Assignment) -> None:
    """files/ is given to every student: bounded, plain, and nothing of it is what students must not have."""
    given = sorted(path for path in assignment.files.rglob("*") if not _is_hidden(path, assignment.files))
    secret = {_digest(path): path for path in _others(assignment)} if given else {}
    size = 0
    for path in given:
        mode = path.lstat().st_mode
        name = path.relative_to(assignment.files)
        if stat.S_ISDIR(mode):
            continue
        size += path.lstat().st_size
        twin = secret.get(_digest(path)) if stat.S_ISREG(mode) else None
        problem = _problem(assignment, name, mode)
        if twin is not None and not problem:
            problem = f"it is a copy of {twin.relative_to(assignment.folder)}, which students must not have"
        if problem:
            raise AssignmentError(path, "files", problem)
    count = len([path for path in given if not path.is_dir()])
    if count > MOST_FILES or size > MOST_BYTES:
        most = f"at most {MOST_FILES} files of {MOST_BYTES // 2**20} MB in all"
        raise AssignmentError(assignment.files, "files", f"expected {most}; got {count} of {size / 2**20:.1f} MB")


def _problem(assignment: Assignment, name: Path, mode: int) -> str:
    """Why a file cannot lie beside a notebook; "" when it can."""
    if not stat.S_ISREG(mode):
        return "expected a plain file, no link and no device"
    if name.suffix == ".ipynb":
        return "expected no notebook: nbgrader takes each one for an assignment's"
    if name.parts[0] in _NOT_OURS:
        return f"expected another name: {name.parts[0]} beside a notebook belongs to the student or to nbgrader"
    if not all(part.isprintable() and "\\" not in part for part in name.parts):
        return "expected a name of plain characters"
    if name.as_posix() in assignment.handed_in():
        return "expected a name that handin/ does not have"
    return ""


def _is_hidden(path: Path, top: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(top).parts)


def _others(assignment: Assignment) -> Iterator[Path]:
    """Every file of the assignment outside files/ that is not empty."""
    for path in sorted(assignment.folder.rglob("*")):
        if assignment.files not in path.parents and path.is_file() and path.stat().st_size:
            yield path


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
