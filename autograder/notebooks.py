"""Small, pure operations on notebooks as plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]


def read_notebook(path: Path) -> Notebook:
    """A notebook file that we wrote ourselves. Raises OSError, ValueError."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def copy_of(notebook: Notebook) -> Notebook:
    """A deep copy."""
    copied: Notebook = json.loads(json.dumps(notebook))
    return copied


def replace_cell(notebook: Notebook, grade_id: str, code: str) -> Notebook:
    """A deep copy with the source of one nbgrader cell replaced. Raises KeyError without such a cell."""
    copied = copy_of(notebook)
    for cell in copied["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            cell["source"] = code
            return copied
    raise KeyError(grade_id)


def sources(notebook: Notebook) -> dict[str, str]:
    """grade_id -> source of each cell that nbgrader knows, whether the file holds it as text or as lines."""
    named = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"]) for cell in notebook["cells"])
    return {name: (text if isinstance(text, str) else "".join(text)).strip() for name, text in named if name}


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` and write files (relative name -> content) into it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
