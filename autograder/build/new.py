"""`new`: a small but complete assignment to start from, which builds as it is; and the course around it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import ID_PATTERN
from autograder.errors import AssignmentError

_PLACEHOLDER = "ASSIGNMENT_ID"
# Not *.py, so that neither ruff nor pytest takes a template for code of ours.
_SUFFIX = ".txt"
_TEMPLATE = Path(__file__).with_name("template")
_COURSE = Path(__file__).with_name("course_template")
# Written so in our package, where a file that begins with a dot is easily left out of a wheel.
_DOT = "dot-"
CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class CourseFiles:
    """What a course needs besides assignments: the files that were written, and those that were there already."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def new_course(root: Path) -> CourseFiles:
    """Write into `root` what a course needs and is missing there. Nothing that exists is changed.

    Raises AssignmentError when the folder takes no files.
    """
    written, kept = [], []
    for path in sorted(_COURSE.rglob(f"*{_SUFFIX}")):
        parts = path.relative_to(_COURSE).with_suffix("").parts
        name = "/".join("." + part.removeprefix(_DOT) if part.startswith(_DOT) else part for part in parts)
        target = root / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(path.read_text(encoding="utf-8"))
            written.append(name)
        except FileExistsError as error:
            if not os.path.lexists(target):  # then it is a folder's place that is taken
                raise _unwritable(root, error) from error
            kept.append(name)
        except OSError as error:
            raise _unwritable(root, error) from error
    return CourseFiles(tuple(written), tuple(kept))


def config_fault(root: Path) -> str:
    """What is wrong with the nbgrader_config.py of a course, in a sentence; "" when nothing is."""
    path = root / CONFIG
    danger = "plain `nbgrader autograde` runs hidden tests in the student's kernel, where a cell tag earns full marks"
    if not path.is_file():
        return f"{root} has no {CONFIG}: {danger}. `seq2grade new --course {root}` writes it."
    try:
        ours = "autograder." in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    if ours:
        return ""
    return f"{path} does not call configure() of autograder.settings: {danger}. Add the lines of a new course's file."


def _unwritable(folder: Path, error: OSError) -> AssignmentError:
    return AssignmentError(folder, "course", f"expected a folder to write in; {error.strerror}: {error.filename}")


def new_assignment(root: Path, id: str) -> Path:
    """Write `root`/assignments/`id` from the template and return the folder.

    Raises AssignmentError when the id is not one, the folder is there already, or cannot be written.
    """
    folder = root / "assignments" / id
    if not re.fullmatch(ID_PATTERN, id):
        raise AssignmentError(folder, "id", f"expected a match of {ID_PATTERN}; got {id!r}")
    if os.path.lexists(folder):
        raise AssignmentError(folder, "id", "expected a new id; this folder exists and stays as it is")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{id}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(root, error) from error
    try:
        for path in sorted(_TEMPLATE.rglob(f"*{_SUFFIX}")):
            target = draft / path.relative_to(_TEMPLATE).with_suffix("")
            target.parent.mkdir(exist_ok=True)
            text = path.read_text(encoding="utf-8").replace(_PLACEHOLDER, id)
            target.write_text(text, encoding="utf-8", newline="\n")
        draft.chmod(0o755)
        os.rename(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder
