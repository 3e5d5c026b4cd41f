"""The executed notebook with our verdicts in it: what formgrader and nbgrader's feedback show.

It holds what the student wrote and printed, so everything in it is made harmless for a browser; and it goes
to the student, so it holds what students may read and nothing else: no hidden check, no expected value.
"""

from __future__ import annotations

import copy
import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.errors import GradebookError
from autograder.gradebook.bounds import bounded
from autograder.model import CheckResult, Grade, ItemGrade, Kind, Status
from autograder.writing import replace_file

AUTOGRADED = "autograded"
REPORT_ID = "seq2grade-report"
NAME_LIMIT = 128  # characters of a student's name, in the tables of the gradebook
# no SVG and no HTML of a student's: both can carry scripts into the browser of whoever grades
_SHOWN = ("text/plain", "text/latex", "image/png", "image/jpeg")
_MARKS = {Status.PASSED: "passed", Status.FAILED: "failed", Status.COULD_NOT_CHECK: "could not be checked"}
_UNCHECKED = "This could not be checked, which is not your fault. It costs you no points; your instructor looks at it."
_REPAIRS_TOLD = 50
# Of a `<` that could begin a tag. A space behind it ends that, in formulas and code too, where an entity would show.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$&<>])")


def autograded_notebook(grade: Grade, release: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook of a grade (nbformat 4 as dict) with each item's verdicts as an output of its test cell.

    Outputs of the student's are reduced to text and pictures, and raw HTML in the student's prose is shown as
    text; what would make the file larger than bounds.LIMIT is cut.
    A submission that could not be run gives the release with the reason on top.
    """
    source = grade.notebook if grade.notebook.get("cells") else release
    items = {item.cell: item for item in grade.items if item.kind is not Kind.MANUAL}
    prose = {"".join(cell["source"]) for cell in release["cells"] if cell["cell_type"] == "markdown"}
    report = list(_report(grade))
    cells = bounded([_cell(cell, prose) for cell in source["cells"] if cell.get("id") != REPORT_ID])
    cells = [_judged(cell, items) for cell in cells]
    metadata = {
        key: copy.deepcopy(source["metadata"][key])
        for key in ("kernelspec", "language_info", "seq2grade")
        if key in source.get("metadata", {})
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": report + cells}


def write_autograded(root: Path, grade: Grade, release: Mapping[str, Any], name: str | None = None) -> Path:
    """Write autograded/<student>/<assignment>/<name>.ipynb (name: else the assignment's id), whole or not at all.

    Raises GradebookError when an id is no file name, or the disk refuses.
    """
    folder = root / AUTOGRADED
    for part in (grade.student, grade.assignment):
        check_folder_name(part)
        folder /= part
    path = folder / f"{name or grade.assignment}.ipynb"
    text = json.dumps(autograded_notebook(grade, release), indent=1, sort_keys=True) + "\n"
    try:
        # As nbgrader leaves its own: nobody edits a graded notebook by accident.
        replace_file(path, text, 0o444)
    except OSError as error:
        raise GradebookError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def check_folder_name(part: str) -> None:
    """Raises GradebookError when an id cannot be the name of a folder."""
    if part in ("", ".", "..") or "/" in part or "\0" in part:
        raise GradebookError(f"{part!r} cannot be the name of a folder; rename the submission.")


def _cell(cell: Mapping[str, Any], prose: set[str]) -> dict[str, Any]:
    kind, source = cell["cell_type"], "".join(cell["source"])
    if kind == "markdown" and source not in prose:
        source = _TAG.sub("< ", source)
    node: dict[str, Any] = {
        "cell_type": kind,
        "id": cell["id"],
        "metadata": copy.deepcopy(cell["metadata"]),
        "source": source,
    }
    if kind == "markdown" and "attachments" in cell:
        node["attachments"] = copy.deepcopy(cell["attachments"])
    if kind == "code":
        count = cell.get("execution_count")
        node["execution_count"] = count if isinstance(count, int) else None
        node["outputs"] = list(_harmless(cell.get("outputs", [])))
    return node


def _judged(cell: dict[str, Any], items: Mapping[str, ItemGrade]) -> dict[str, Any]:
    """The cell with the verdicts on its item as its last outputs."""
    item = items.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
    if item is None or cell["cell_type"] != "code":
        return cell
    return {**cell, "outputs": [*cell["outputs"], *_verdicts(item)]}


def _harmless(outputs: object) -> Iterator[dict[str, Any]]:
    """Outputs of the student's code, as text and pictures only: a browser of the instructor's opens them."""
    for output in outputs if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
        elif kind == "error":
            trace = output.get("traceback")
            yield {
                "output_type": "error",
                "ename": _text(output.get("ename")),
                "evalue": _text(output.get("evalue")),
                "traceback": [_text(line) for line in trace] if isinstance(trace, list) else [],
            }
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
    # nbgrader's page has its own number for the item, which a person may have given: this one says what it is.
    head = f"{item.title}: the checks give {item.score:g} of {item.max_score:g} points"
    if item.status == "not_started":
        yield _display({"text/plain": f"{head}. Not started."})
        return
    lines = [head, *(["", item.explanation] if item.explanation else [])]
    rows, told_once = [], {item.explanation, ""}
    for check in item.checks:
        # One misconception, or one exception, may fail several checks; it is explained once.
        claim, *rest = _said(check, check.message in told_once)
        said = [claim, *(part for part in rest if part not in told_once)]
        told_once.update(rest)
        mark = f"{_MARKS[check.status]}, {check.points:g} of {check.max_points:g}"
        lines += ["", f"[{mark}] {said[0]}", *(f"    {part}" for part in said[1:])]
        told = "".join(f"<li>{html.escape(part)}</li>" for part in said[1:])
        rows.append(f"<li><b>{html.escape(mark)}</b> {html.escape(said[0])}<ul>{told}</ul></li>")
    explained = f"<div>{html.escape(item.explanation)}</div>" if item.explanation else ""
    body = f"<div><strong>{html.escape(head)}</strong>{explained}<ul>{''.join(rows)}</ul></div>"
    yield _display({"text/html": body, "text/plain": "\n".join(lines)})
    for check in item.checks:
        if check.picture:
            yield _display({"image/svg+xml": check.picture, "text/plain": f"(a picture: {_said(check, True)[0]})"})


def _said(check: CheckResult, known: bool) -> list[str]:
    """What a student may read about a check: first what it claims, then what was found, unless that is `known`."""
    told = [check.claim or check.name.replace("_", " ")]
    if check.status is Status.COULD_NOT_CHECK:
        return [*told, _UNCHECKED]
    if check.status is Status.FAILED:
        given = f"Called: {check.given}" if check.given and not known else ""
        told += [check.message, given, check.hint, check.mistake]
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
        told = [f"- {_plain(repair.message)}" for repair in grade.repaired[:_REPAIRS_TOLD]]
        more = len(grade.repaired) - len(told)
        blocks.append("\n".join([*told, f"- and {more} more"] if more else told))
    if blocks:
        yield {"cell_type": "markdown", "id": REPORT_ID, "metadata": {}, "source": "\n\n".join(blocks)}


def _plain(text: str) -> str:
    """Text as Markdown that shows just this text."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
