"""What a notebook that trains its models anew may bring along: text, and little of it.

Weights can be written into any file and any cell, in any disguise. What they cannot do is to shrink: a model that does
its work takes more room than this, however it is packed. So what counts is how much there is in all once compressed.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from autograder.model import Collected, Repair

SUFFIXES = frozenset({".py", ".txt", ".csv", ".json", ".md"})
LARGEST_FILE, ROOM = 256 * 1024, 32 * 1024  # bytes: of a file as it is, and of everything once compressed
_LARGEST_CELL = 2**20
_WHY = "with models trained anew, nothing that could hold their weights comes along"


def textonly(collected: Collected, release: dict[str, Any]) -> Collected:
    """The submission without files that are no modest text; and without the largest of what is left, file or code cell,
    while all that the student brought along takes more room than it may. Code as it was released takes none."""
    files = {name: data for name, data in collected.files.items() if _is_text(name, data)}
    refused = [_refused(name) for name in collected.files if name not in files]
    room: dict[tuple[str, str | int], int] = {}
    for name, data in files.items():
        room["file", name] = _packed(name.encode() + data)
    known = {_source(cell) for cell in release["cells"]}
    cells = list(collected.notebook["cells"])
    for number, cell in enumerate(cells):
        if cell.get("cell_type") == "code" and _source(cell) not in known:
            room["cell", number] = _packed(_source(cell).encode("utf-8", "surrogatepass"))
    left = sum(room.values())
    for (kind, which), size in sorted(room.items(), key=lambda entry: -entry[1]):
        if left <= ROOM:
            break
        left -= size
        if kind == "file":
            del files[str(which)]
            refused.append(_refused(str(which)))
        else:
            cell = cells[int(which)]
            cells[int(which)] = {**cell, "source": ""}
            name = str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") or cell.get("id", which))
            refused.append(Repair("files", name, f"A code cell was left out: it holds more data than code; {_WHY}."))
    notebook = {**collected.notebook, "cells": cells}
    return replace(collected, notebook=notebook, files=files, repaired=(*collected.repaired, *refused))


def _source(cell: dict[str, Any]) -> str:
    text = cell.get("source", "")
    return (text if isinstance(text, str) else "".join(text)).strip()


def _is_text(name: str, data: bytes) -> bool:
    if PurePosixPath(name).suffix.lower() not in SUFFIXES or len(data) > LARGEST_FILE or b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _packed(data: bytes) -> int:
    """Bytes once compressed. What is far too long need not be."""
    return len(zlib.compress(data, 6)) if len(data) <= _LARGEST_CELL else len(data)


def _refused(name: str) -> Repair:
    return Repair("files", "", f"The file {name} was not used: {_WHY}.")
