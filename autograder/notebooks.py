"""Small, pure operations on notebooks as plain data."""

from __future__ import annotations

import json
import re
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


def source_of(cell: Mapping[str, Any]) -> str:
    """The text of a cell, however the file stores it."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def grade_id_of(cell: Mapping[str, Any]) -> str:
    """nbgrader's name of a cell; "" where it has none."""
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def sections(notebook: Mapping[str, Any]) -> dict[str, str]:
    """grade_id -> the number of the heading under which that cell stands, "2.1" or "3", where one has a number.

    A heading without a number belongs to the one above it that it is smaller than."""
    found: dict[str, str] = {}
    open_: list[tuple[int, str]] = []
    for cell in notebook["cells"]:
        for level, number in _headings(cell):
            open_ = [(above, held) for above, held in open_ if above < level]
            open_.append((level, number or (open_[-1][1] if open_ else "")))
        if grade_id_of(cell) and open_:
            found[grade_id_of(cell)] = open_[-1][1]
    return {name: number for name, number in found.items() if number}


_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?:(?:Part|Section|Chapter|Question|Exercise)[ \t]+)?(\d+(?:\.\d+)*)?")


def _headings(cell: Mapping[str, Any]) -> list[tuple[int, str]]:
    if cell.get("cell_type") != "markdown":
        return []
    found, fence = [], ""
    for line in source_of(cell).splitlines():
        begin = line.lstrip()[:3]
        if begin in ("```", "~~~"):
            fence = "" if begin == fence else fence or begin
        elif not fence and (heading := _HEADING.match(line)):
            found.append((len(heading[1]), heading[2] or ""))
    return found


def replace_cell(notebook: Notebook, grade_id: str, code: str) -> Notebook:
    """A deep copy with the source of one nbgrader cell replaced. Raises KeyError without such a cell."""
    copied = copy_of(notebook)
    for cell in copied["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            cell["source"] = code
            return copied
    raise KeyError(grade_id)


def without_outputs(notebook: Mapping[str, Any]) -> Notebook:
    """The same without what its cells printed and drew, which is most of it: for whoever keeps many of them."""
    cells = [{key: cell[key] for key in cell if key != "outputs"} for cell in notebook.get("cells", ())]
    return {**notebook, "cells": cells} if notebook else {}


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` and write files (relative name -> content) into it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
