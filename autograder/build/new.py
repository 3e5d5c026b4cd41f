"""`new`: a small but complete assignment to start from, which builds as it is."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from autograder.assignment import ID_PATTERN
from autograder.errors import AssignmentError

_PLACEHOLDER = "ASSIGNMENT_ID"
# Not *.py, so that neither ruff nor pytest takes a template for code of ours.
_SUFFIX = ".txt"
_TEMPLATE = Path(__file__).with_name("template")


def new_assignment(root: Path, id: str) -> Path:
    """Write `root`/assignments/`id` from the template and return the folder.

    Raises AssignmentError when the id is not one, or the folder is there already.
    """
    folder = root / "assignments" / id
    if not re.fullmatch(ID_PATTERN, id):
        raise AssignmentError(folder, "id", f"expected a match of {ID_PATTERN}; got {id!r}")
    if folder.exists():
        raise AssignmentError(folder, "id", "expected a new id; this folder exists and stays as it is")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{id}-", dir=folder.parent))
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
