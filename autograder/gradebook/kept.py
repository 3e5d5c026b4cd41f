"""The last grade of each submission, as it went into the gradebook: for pages made anew, and to see what changed.

It holds what only instructors may read, so it lies in a folder of its own and not in autograded/, of which pages for
students are made; the executed notebooks are there. Each is signed (see signed.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from autograder.errors import GradebookError
from autograder.gradebook.autograded import AUTOGRADED, REPORT_ID, check_folder_name
from autograder.gradebook.signed import SIGNATURE, holds, key_of, sign
from autograder.model import Grade
from autograder.notebooks import without_outputs
from autograder.writing import replace_file

KEPT = ".seq2grade"
_GRADE = TypeAdapter(Grade)


def write_kept(home: Path, grade: Grade) -> None:
    """Keep a grade, whole or not at all. Raises GradebookError when an id is no file name, or the disk refuses."""
    path = _path(home, grade.assignment, grade.student)
    data = {**asdict(replace(grade, notebook={})), "unanswered": sorted(grade.unanswered)}
    answers = [cell for cell in grade.notebook.get("cells", ()) if cell["metadata"].get("nbgrader", {}).get("solution")]
    data["notebook"] = {
        "cells": [
            {key: cell[key] for key in ("cell_type", "id", "metadata", "source") if key in cell} for cell in answers
        ]
    }
    whole = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    try:
        private_folder(home / KEPT)
        whole[SIGNATURE] = sign(whole, key_of(home / KEPT))
        text = json.dumps(whole, ensure_ascii=False)
        replace_file(path, text, 0o600)
    except OSError as error:
        raise GradebookError(f"{path} cannot be written: {error.strerror}.") from error


def private_folder(folder: Path) -> None:
    """Make a folder that git passes over and no other user enters. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def read_kept(home: Path, assignment: str, student: str) -> Grade | None:
    """The grade that was kept, its notebook only the answers; None where there is none that this version can read."""
    try:
        return _GRADE.validate_python(_read(_path(home, assignment, student)), strict=False)
    except (GradebookError, OSError, ValueError, ValidationError):
        return None


def is_genuine(home: Path, assignment: str, student: str) -> bool:
    """Whether what was kept is what was written, and nobody has changed it since. Raises GradebookError without a
    key."""
    key = key_of(home / KEPT)
    try:
        data = _read(_path(home, assignment, student))
        return isinstance(data, dict) and holds(data, key)
    except (GradebookError, OSError, ValueError):
        return False


def students_kept(home: Path, assignment: str) -> tuple[str, ...]:
    """Whose grades were kept, readable or not."""
    return tuple(path.stem for path in sorted((home / KEPT / assignment).glob("*.json")))


def all_kept(home: Path, assignment: str) -> tuple[Grade, ...]:
    """The grades of an assignment that were kept, by student, each with what was handed in."""
    found = (read_kept(home, assignment, student) for student in students_kept(home, assignment))
    return tuple(replace(one, notebook=executed(home, one) or one.notebook) for one in found if one is not None)


def executed(home: Path, grade: Grade) -> dict[str, Any] | None:
    """The notebook as formgrader shows it, without what was put on top and without outputs; None where it cannot be
    read any more."""
    try:
        notebook = _read(home / AUTOGRADED / grade.student / grade.assignment / f"{grade.assignment}.ipynb")
        cells = [cell for cell in notebook["cells"] if cell.get("id") != REPORT_ID]
        return without_outputs({**notebook, "cells": cells})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _path(home: Path, assignment: str, student: str) -> Path:
    for part in (assignment, student):
        check_folder_name(part)
    return home / KEPT / assignment / f"{student}.json"
