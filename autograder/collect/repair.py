"""Put a submission right: every release cell once, with the release's metadata, and each change reported."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.collect.manifest import ReleaseCell, Role, manifest
from autograder.collect.match import likeness, match
from autograder.collect.order import Slot, arrange
from autograder.collect.read import StudentCell, student_cells
from autograder.model import Repair

PLACEHOLDER = "# This answer cell was missing from the submission."
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Below this share of common lines, a "locked cell" holds something else that the student wrote.
_STILL_THE_TEST = 0.5
_CHANGES_THE_RUN = frozenset({"skip-execution", "raises-exception"})
_MARKS = ("grade", "solution", "locked", "task", "points", "grade_id")
_VALID_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def repair(
    notebook: Mapping[str, Any],
    release: Mapping[str, Any],
) -> tuple[dict[str, Any], tuple[Repair, ...]]:
    """The notebook ready to run, without outputs, and what was put right in it.

    `notebook` is nbformat 4 as a student saved it, `release` the release notebook. An untouched submission
    comes out with the release's cells in the release's order and no repair.
    """
    wanted = manifest(release)
    cells, slots, repairs = _identify(wanted, student_cells(notebook))
    ordered, moved = arrange(wanted, slots)
    repairs += [_moved(cell) for cell in wanted if cell.order in moved]
    repairs += [_put_back(wanted[slot.order]) for slot in ordered if slot.order is not None and slot.cell is None]
    language = _language(notebook)
    if language:
        repairs.append(Repair("kernel", "", f"The notebook names the language {language}; it ran as Python."))
    metadata: dict[str, Any] = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    mark = release.get("metadata", {}).get("seq2grade")
    if isinstance(mark, Mapping):
        metadata["seq2grade"] = copy.deepcopy(dict(mark))
    body = list(_write(wanted, cells, ordered))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": body}, tuple(repairs)


def _language(notebook: Mapping[str, Any]) -> str:
    metadata = notebook.get("metadata")
    found: object = ""
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        found = found or (part.get(name) if isinstance(part, dict) else "")
    language = found.strip().lower()[:30] if isinstance(found, str) else ""
    return "" if language.startswith(("python", "ipython")) else language


def _identify(
    wanted: Sequence[ReleaseCell],
    cells: Sequence[StudentCell],
) -> tuple[list[StudentCell], list[Slot], list[Repair]]:
    """The student's cells with their slots in the student's order, and what was wrong with single cells."""
    found = match(wanted, cells)
    kept, slots, repairs = list(cells), [], list[Repair]()
    for place, own in enumerate(cells):
        if place in found.of:
            cell = wanted[found.of[place]]
            repairs += _differences(cell, own)
            if cell.is_locked and own.text and likeness(cell.source, own.source) < _STILL_THE_TEST:
                kept.append(replace(own, id=""))
                slots.append(Slot(len(kept) - 1, None))
            slots.append(Slot(place, cell.order))
        elif place in found.copies:
            cell = wanted[found.copies[place]]
            dropped = own.text in ("", cell.text) and cell.role is not Role.PLAIN
            repairs += _copied(cell, dropped)
            if not dropped:
                slots.append(Slot(place, None))
        else:
            repairs += _own(own)
            slots.append(Slot(place, None))
    return kept, slots, repairs


def _differences(cell: ReleaseCell, own: StudentCell) -> Iterator[Repair]:
    if cell.role is Role.PLAIN:
        yield from _own(own)
        return
    name = cell.title
    if own.type != cell.type:
        yield Repair(
            "retyped",
            cell.grade_id,
            f"The type of cell {name} had been changed to {own.type}; it is a {cell.type} cell again.",
        )
    if cell.is_locked and own.text != cell.text:
        yield Repair("edited", cell.grade_id, f"Cell {name} may not be changed; its own text was restored.")
    if own.tags - cell.tags:
        tags = ", ".join(sorted(tag[:30] for tag in own.tags - cell.tags)[:5])
        yield Repair("retagged", cell.grade_id, f"Cell {name} had been tagged ({tags}); that was undone.")
    if cell.grade_id and not own.grade_id:
        yield Repair(
            "metadata",
            cell.grade_id,
            f"Cell {name} had lost its marking; it was recognised by its content or its place.",
        )
    elif any(own.nbgrader.get(mark) != cell.nbgrader.get(mark) for mark in _MARKS):
        yield Repair(
            "retagged",
            cell.grade_id,
            f"The grading marks of cell {name} had been changed; the original ones were restored.",
        )


def _copied(cell: ReleaseCell, dropped: bool) -> Iterator[Repair]:
    if cell.role is Role.PLAIN:
        return
    fate = "the copy was left out" if dropped else "this one runs as an ordinary cell of yours"
    yield Repair("duplicated", cell.grade_id, f"Cell {cell.title} was there more than once; {fate}.")


def _own(own: StudentCell) -> Iterator[Repair]:
    tags = own.tags & _CHANGES_THE_RUN
    if tags:
        yield Repair("retagged", "", f"One of your own cells had the tag {min(tags)}; it was removed.")
    if own.nbgrader.get("grade") or own.nbgrader.get("solution"):
        yield Repair("metadata", "", "One of your own cells was marked for grading; it is an ordinary cell.")


def _moved(cell: ReleaseCell) -> Repair:
    return Repair("moved", cell.grade_id, f"Cell {cell.title} had been moved; it is back in its place.")


def _put_back(cell: ReleaseCell) -> Repair:
    if cell.is_answer:
        return Repair(
            "deleted",
            cell.grade_id,
            f"Answer cell {cell.title} was missing; an empty one took its place. "
            "What your other cells define counts all the same.",
        )
    return Repair("deleted", cell.grade_id, f"Cell {cell.title} was missing; it was put back.")


def _write(
    wanted: Sequence[ReleaseCell],
    cells: Sequence[StudentCell],
    slots: Sequence[Slot],
) -> Iterator[dict[str, Any]]:
    used = {cell.id for cell in wanted}
    numbers = itertools.count(len(used))
    for slot in slots:
        own = cells[slot.cell] if slot.cell is not None else None
        if slot.order is not None:
            cell = wanted[slot.order]
            metadata = {key: value for key, value in cell.metadata.items() if key != "tags"}
            type = own.type if own is not None and cell.role is Role.PLAIN else cell.type
            pictures = cell.attachments if own is None or cell.is_locked else own.attachments
            yield _node(type, cell.id, _source(cell, own), copy.deepcopy(metadata), pictures)
        elif own is not None:
            id = own.id if _VALID_ID.fullmatch(own.id) and own.id not in used else _fresh(used, numbers)
            used.add(id)
            yield _node(own.type, id, own.source, {}, own.attachments)


def _source(cell: ReleaseCell, own: StudentCell | None) -> str:
    if own is not None and not cell.is_locked:
        return own.source
    if own is None and cell.is_answer:
        # Not the stub: it raises, and the student may have answered in a cell of his or her own.
        return PLACEHOLDER if cell.type == "code" else ""
    return cell.source


def _fresh(used: set[str], numbers: Iterator[int]) -> str:
    return next(name for name in (f"own-{number}" for number in numbers) if name not in used)


def _node(
    type: str,
    id: str,
    source: str,
    metadata: dict[str, Any],
    pictures: Mapping[str, Any],
) -> dict[str, Any]:
    node: dict[str, Any] = {"cell_type": type, "id": id, "metadata": metadata, "source": source}
    if type == "code":
        node.update(outputs=[], execution_count=None)
    elif type == "markdown" and pictures:
        node["attachments"] = copy.deepcopy(dict(pictures))
    return node
