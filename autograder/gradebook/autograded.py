"""The executed notebook with our verdicts in it: what formgrader and nbgrader's feedback show.

It holds what the student wrote and printed, so everything in it is made harmless for a browser; and it goes
to the student, so it holds what students may read and nothing else: no hidden check, no expected value.
"""

from __future__ import annotations

import copy
import html
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.errors import GradebookError
from autograder.model import CheckResult, Grade, ItemGrade, Kind, Status

AUTOGRADED = "autograded"
REPORT_ID = "seq2grade-report"
# no SVG and no HTML of a student's: both can carry scripts into the browser of whoever grades
_SHOWN = ("text/plain", "text/latex", "image/png", "image/jpeg")
_MARKS = {Status.PASSED: "passed", Status.FAILED: "failed", Status.COULD_NOT_CHECK: "could not be checked"}
_UNCHECKED = "This could not be checked, which is not your fault. It costs you no points; your instructor looks at it."
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$&<>])")


def autograded_notebook(grade: Grade, release: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook of a grade (nbformat 4 as dict) with each item's verdicts as an output of its test cell.

    Outputs of the student's are reduced to text and pictures, and raw HTML in the student's prose is shown as
    text. A submission that could not be run gives the release with the reason on top.
    """
    source = grade.notebook if grade.notebook.get("cells") else release
    items = {item.cell: item for item in grade.items if item.kind is not Kind.MANUAL}
    prose = {"".join(cell["source"]) for cell in release["cells"] if cell["cell_type"] == "markdown"}
    report = list(_report(grade))
    cells = [_cell(cell, items, prose) for cell in source["cells"] if cell.get("id") != REPORT_ID]
    metadata = {key: copy.deepcopy(source["metadata"][key])
                for key in ("kernelspec", "language_info", "seq2grade") if key in source.get("metadata", {})}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": report + cells}


def write_autograded(root: Path, grade: Grade, release: Mapping[str, Any], name: str | None = None) -> Path:
    """Write autograded/<student>/<assignment>/<name>.ipynb (name: else the assignment's id), whole or not at all.

    Raises GradebookError when an id is no file name, or the disk refuses.
    """
    folder = root / AUTOGRADED
    for part in (grade.student, grade.assignment):
        if part in ("", ".", "..") or "/" in part or "\0" in part:
            raise GradebookError(f"{part!r} cannot be the name of a folder; rename the submission.")
        folder /= part
    path = folder / f"{name or grade.assignment}.ipynb"
    text = json.dumps(autograded_notebook(grade, release), indent=1, sort_keys=True) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as error:
        raise GradebookError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _replace(path: Path, text: str) -> None:
    handle, draft = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        # As nbgrader leaves its own: nobody edits a graded notebook by accident.
        os.chmod(draft, 0o444)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _cell(cell: Mapping[str, Any], items: Mapping[str, ItemGrade], prose: set[str]) -> dict[str, Any]:
    kind, source = cell["cell_type"], "".join(cell["source"])
    if kind == "markdown" and source not in prose:
        source = _TAG.sub("&lt;", source)
    node: dict[str, Any] = {
        "cell_type": kind, "id": cell["id"], "metadata": copy.deepcopy(cell["metadata"]), "source": source}
    if kind == "markdown" and "attachments" in cell:
        node["attachments"] = copy.deepcopy(cell["attachments"])
    if kind == "code":
        item = items.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
        verdicts = list(_verdicts(item)) if item is not None else []
        count = cell.get("execution_count")
        node["execution_count"] = count if isinstance(count, int) else None
        node["outputs"] = [*_harmless(cell.get("outputs", [])), *verdicts]
    return node


def _harmless(outputs: object) -> Iterator[dict[str, Any]]:
    """Outputs of the student's code, as text and pictures only: a browser of the instructor's opens them."""
    for output in outputs if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
        elif kind == "error":
            trace = output.get("traceback")
            yield {"output_type": "error", "ename": _text(output.get("ename")), "evalue": _text(output.get("evalue")),
                   "traceback": [_text(line) for line in trace] if isinstance(trace, list) else []}
        elif kind in ("display_data", "execute_result"):
            data = output.get("data")
            shown = {mime: _text(data[mime]) for mime in _SHOWN if mime in data} if isinstance(data, dict) else {}
            yield _display(shown or {"text/plain": "(an output that is not shown here)"})


def _text(value: object) -> str:
    parts = value if isinstance(value, list) else [value]
    return "".join(part for part in parts if isinstance(part, str))


def _display(data: dict[str, str]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def _verdicts(item: ItemGrade) -> Iterator[dict[str, Any]]:
    head = f"{item.title}: {item.score:g} of {item.max_score:g} points"
    lines = [head, *(["", item.explanation] if item.explanation else [])]
    rows, told_once = [], {item.explanation, ""}
    for check in item.checks:
        # One misconception may fail several checks; it is explained once.
        said = [part for part in _said(check) if part not in told_once]
        told_once.add(check.mistake)
        mark = f"{_MARKS[check.status]}, {check.points:g} of {check.max_points:g}"
        lines += ["", f"[{mark}] {said[0]}", *(f"    {part}" for part in said[1:])]
        told = "".join(f"<li>{html.escape(part)}</li>" for part in said[1:])
        rows.append(f"<li><b>{html.escape(mark)}</b> {html.escape(said[0])}<ul>{told}</ul></li>")
    explained = f"<div>{html.escape(item.explanation)}</div>" if item.explanation else ""
    body = f"<div><strong>{html.escape(head)}</strong>{explained}<ul>{''.join(rows)}</ul></div>"
    yield _display({"text/html": body, "text/plain": "\n".join(lines)})
    for check in item.checks:
        if check.picture:
            yield _display({"image/svg+xml": check.picture, "text/plain": f"(a picture: {_said(check)[0]})"})


def _said(check: CheckResult) -> list[str]:
    """What a student may read about a check: first what it claims, then what was found."""
    told = [check.claim or check.name.replace("_", " ")]
    if check.status is Status.COULD_NOT_CHECK:
        return [*told, _UNCHECKED]
    if check.status is Status.FAILED:
        told += [check.message, check.hint, check.mistake]
    if check.carried:
        told.append("Counted with correct answers to the earlier items, so that one mistake costs points once.")
    return told


def _report(grade: Grade) -> Iterator[dict[str, Any]]:
    """A cell on top that says why nothing was run, and what was put right. Names in it are the student's."""
    blocks = []
    if grade.error:
        what = "The notebook did not run to its end." if grade.notebook else "This submission could not be graded."
        blocks.append(f"**{what}** {_plain(grade.error)}")
    if grade.repaired:
        blocks.append("**Before the notebook was run, this was put right:**")
        blocks.append("\n".join(f"- {_plain(repair.message)}" for repair in grade.repaired))
    if blocks:
        yield {"cell_type": "markdown", "id": REPORT_ID, "metadata": {}, "source": "\n\n".join(blocks)}


def _plain(text: str) -> str:
    """Text as Markdown that shows just this text."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
