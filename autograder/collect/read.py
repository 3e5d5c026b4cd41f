"""Bytes from a disk that a student may have prepared, and cells from those bytes."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.collect.recognise import broken, foreign, other_json
from autograder.errors import CollectError

NOTEBOOK_LIMIT = 50 * 2**20
CELL_LIMIT = 5_000
# What JSON of the size above may unfold into; beyond it, reading costs gigabytes of memory.
_CONTAINER_LIMIT, _ELEMENT_LIMIT = 2_000_000, 10_000_000
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_PICTURE = re.compile(r"image/(png|jpeg|gif)")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass(frozen=True)
class StudentCell:
    """One cell as handed in, reduced to what counts. `id` and `grade_id` are "" where there is none."""

    type: str
    source: str
    id: str = ""
    grade_id: str = ""
    nbgrader: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The source without the blank space around it, which nobody means."""
        return self.source.strip()

    @cached_property
    def names(self) -> frozenset[str]:
        """Functions and classes that a code cell defines; found by pattern, as it may not parse."""
        return defined_names(self.source) if self.type == "code" else frozenset()

    @cached_property
    def lines(self) -> frozenset[str]:
        """The different lines of the source, without indentation."""
        return frozenset(line.strip() for line in self.source.splitlines()) - {""}


def defined_names(source: str) -> frozenset[str]:
    """Functions and classes defined at the top level of a piece of code."""
    return frozenset(_DEFINITION.findall(source))


def printable(name: str | os.PathLike[str]) -> str:
    """A file name as text that every database and terminal takes: undecodable bytes become escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read_regular(path: Path | str, limit: int, dir_fd: int | None = None, links: int = 1) -> bytes:
    """The content of a regular file of at most `limit` bytes, without following a link or waiting for a pipe.

    A file with more than `links` names is refused: one of them may be that of somebody else's secret. Raises
    CollectError with a sentence that names the file but no folder.
    """
    name = printable(os.path.basename(path))
    try:
        handle = os.open(path, _FLAGS, dir_fd=dir_fd)
    except (OSError, ValueError) as error:
        raise CollectError(_cannot_open(name, error)) from error
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise CollectError(f"{name} is a folder; hand in a file.")
        if not stat.S_ISREG(status.st_mode):
            raise CollectError(f"{name} is a pipe, a socket or a device; hand in an ordinary file.")
        if status.st_nlink > links:
            raise CollectError(f"{name} is a hard link: the file has another name elsewhere. Hand in a copy.")
        if status.st_size > limit:
            raise CollectError(_too_large(name, limit))
        with os.fdopen(handle, "rb", closefd=False) as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise CollectError(f"{name} cannot be read: {error.strerror}.") from error
    finally:
        os.close(handle)
    if len(content) > limit:
        raise CollectError(_too_large(name, limit))
    return content


def _too_large(name: str, limit: int) -> str:
    return f"{name} is larger than {limit // 2**20} MB; clear its outputs and hand it in again."


def _cannot_open(name: str, error: OSError | ValueError) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.ELOOP:
        return f"{name} is a link; hand in the file itself."
    if code in (errno.ENOENT, errno.ENOTDIR):
        return f"There is no {name} in this submission."
    if code == errno.ENXIO:
        return f"{name} is a pipe, a socket or a device; hand in an ordinary file."
    reason = error.strerror if isinstance(error, OSError) else "its name is not a file name"
    return f"{name} cannot be opened: {reason}."


def parse_notebook(raw: bytes) -> dict[str, Any]:
    """The notebook in `raw` as plain dict of nbformat 4. Raises CollectError when it is none."""
    if not raw.strip():
        raise CollectError("The notebook file is empty; hand it in again.")
    what = foreign(raw)
    if what:
        raise CollectError(f"The file is not a notebook but {what}.")
    if raw.count(b"{") + raw.count(b"[") > _CONTAINER_LIMIT or raw.count(b",") > _ELEMENT_LIMIT:
        raise CollectError("The notebook has too many parts; clear its outputs and hand it in again.")
    data = _parse(raw)
    if not isinstance(data, dict) or not _is_int(data.get("nbformat")):
        raise CollectError(other_json(data))
    if data["nbformat"] == 3:
        data = _from_v3(data)
    if data["nbformat"] != 4:
        raise CollectError(f"The notebook has format {data['nbformat']}; only formats 3 and 4 can be graded.")
    notebook: dict[str, Any] = data
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not any(isinstance(cell, dict) for cell in cells):
        raise CollectError("The notebook has no cells.")
    if len(cells) > CELL_LIMIT:
        raise CollectError(f"The notebook has {len(cells)} cells; at most {CELL_LIMIT} can be graded.")
    if _is_wrapped(cells):
        raise CollectError("The notebook's only cell holds the text of another notebook. Hand in that notebook itself.")
    return notebook


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(
            raw.decode("utf-8-sig"), parse_constant=lambda _: None, parse_int=_bounded_int, parse_float=_bounded_float
        )
    except UnicodeDecodeError as error:
        raise CollectError(
            "The file is not UTF-8 text, so it is not a notebook; save it as UTF-8 in Jupyter and hand it in again."
        ) from error
    except RecursionError as error:
        raise CollectError("The notebook is nested too deeply to be read.") from error
    except json.JSONDecodeError as error:
        raise CollectError(broken(raw, error.lineno, not error.doc[error.pos :].strip())) from error


def _is_wrapped(cells: list[Any]) -> bool:
    """Whether somebody pasted the file's text into a new notebook."""
    texts = [text for cell in cells if isinstance(cell, dict) and (text := _text(cell.get("source")).strip())]
    return len(texts) == 1 and texts[0].startswith("{") and '"nbformat"' in texts[0] and '"cells"' in texts[0]


def marked_assignment(path: Path) -> str:
    """The assignment that a notebook says it is of; "" where it says nothing or cannot be read."""
    try:
        return assignment_of(parse_notebook(read_regular(path, NOTEBOOK_LIMIT)))
    except CollectError:
        return ""


def assignment_of(notebook: Mapping[str, Any]) -> str:
    """The assignment in a notebook's metadata, or ""."""
    told = _dict(_dict(notebook.get("metadata")).get("seq2grade")).get("assignment")
    return told if isinstance(told, str) else ""


def _bounded_float(text: str) -> float:
    return float(text) if len(text) < 400 else 0.0


def _bounded_int(text: str) -> int:
    return int(text) if len(text) < 20 else 0


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _from_v3(data: dict[str, Any]) -> dict[str, Any]:
    """What counts of the old format. nbformat's own conversion gives cells ids by chance, and writes what it does not
    like about a student's notebook into the instructor's log."""
    try:
        cells = [_cell_from_v3(cell) for sheet in data.get("worksheets", []) for cell in sheet["cells"]]
    except (LookupError, TypeError, AttributeError) as error:
        raise CollectError(
            "The notebook has the old format 3 and cannot be converted; open it in Jupyter, "
            "save it, and hand it in again."
        ) from error
    return {"nbformat": 4, "nbformat_minor": 0, "metadata": _dict(data.get("metadata")), "cells": cells}


def _cell_from_v3(cell: dict[str, Any]) -> dict[str, Any]:
    kind, code = cell["cell_type"], cell["cell_type"] == "code"
    source = _text(cell["input" if code else "source"])
    if kind == "heading":
        level = cell.get("level")
        source = "#" * (level if isinstance(level, int) and 0 < level < 7 else 1) + " " + " ".join(source.splitlines())
    type = kind if kind in ("code", "raw") else "markdown"
    return {"cell_type": type, "metadata": _dict(cell.get("metadata")), "source": source}


def student_cells(notebook: Mapping[str, Any]) -> tuple[StudentCell, ...]:
    """The cells of a notebook, each part of the expected type; what is not a cell at all is left out."""
    return tuple(_cell(cell) for cell in notebook["cells"] if isinstance(cell, dict))


def _cell(cell: dict[str, Any]) -> StudentCell:
    kind = cell.get("cell_type")
    metadata = _dict(cell.get("metadata"))
    nbgrader, tags = _dict(metadata.get("nbgrader")), metadata.get("tags")
    if not isinstance(tags, list):
        tags = []
    return StudentCell(
        type=kind if kind in ("code", "markdown", "raw") else "raw",
        source=_text(cell.get("source")),
        id=_name(cell.get("id")),
        grade_id=_name(nbgrader.get("grade_id")),
        nbgrader=nbgrader,
        tags=frozenset(tag for tag in tags if isinstance(tag, str)),
        attachments=_attachments(cell.get("attachments")),
    )


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    # A lone surrogate is legal in JSON, but no file and no kernel message can hold it.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _attachments(value: object) -> dict[str, dict[str, str]]:
    """Pictures pasted into a text cell, as base64; anything else could be markup in disguise."""
    found: dict[str, dict[str, str]] = {}
    for name, bundle in _dict(value).items():
        pictures = {
            kind: content
            for kind, content in _dict(bundle).items()
            if _PICTURE.fullmatch(kind) and isinstance(content, str) and _BASE64.fullmatch(content)
        }
        if pictures:
            found[name] = pictures
    return found
