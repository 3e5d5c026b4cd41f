"""What a student's notebook gets beside its cells: links that open it, and what `seq2kit check` needs to know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from seq2kit import homework

from autograder.assignment import Assignment
from autograder.build.site import KIT, Site

# The limits that a student's own machine can keep to.
_LIMITS = ("cell_seconds", "total_seconds", "memory_mb", "output_kb")
_HEADING = re.compile(r"^#{1,4} .+$", re.MULTILINE)
# A paragraph that begins so, with the list or formula below it that belongs to the same paragraph.
_HINT = re.compile(
    r"^\*\*(?P<name>(?:An? |Another |Two |Three )?(?:[Hh]ints?|[Tt]raps?))\.\*\* (?P<text>.+(?:\n.+)*)", re.MULTILINE
)
GOES_ON = "raises-exception"  # Jupyter's tag: "run all" goes on below a cell that raises


def installing(notebook: dict[str, Any], site: Site) -> dict[str, Any]:
    """The notebook whose install line names the kit of this course's repository, if it has one."""
    cells = [{**cell, "source": cell["source"].replace(KIT, site.kit)} for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def badged(notebook: dict[str, Any], assignment: Assignment, site: Site) -> dict[str, Any]:
    """The notebook with links under its title."""
    badges = site.badges(assignment.id)
    place = next((n for n, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "markdown"), None)
    if not badges or place is None:
        return notebook
    cells = list(notebook["cells"])
    title, _, rest = cells[place]["source"].partition("\n")
    text = f"{title}\n\n{badges}\n{rest}" if title.startswith("#") else f"{badges}\n\n{cells[place]['source']}"
    cells[place] = {**cells[place], "source": text.rstrip("\n")}
    return {**notebook, "cells": cells}


def described(notebook: dict[str, Any], assignment: Assignment, release: dict[str, Any]) -> dict[str, Any]:
    """The notebook with the public part of assignment.toml and the cells of `release` in its metadata."""
    items = tuple(homework.Item(item.id, item.title, item.answer, item.tests or "") for item in assignment.items)
    limits = {name: getattr(assignment.limits, name) for name in _LIMITS}
    models = tuple(name for name in assignment.handed_in() if name.endswith(".safetensors"))
    files = tuple(sorted(getattr(assignment, "given", dict)()))
    told = homework.describe(assignment.id, assignment.title, items, limits, models, release, files)
    return {**notebook, "metadata": {**notebook["metadata"], "seq2grade": told}}


def priced(notebook: dict[str, Any], minutes: Mapping[str, int] = MappingProxyType({})) -> dict[str, Any]:
    """The notebook with what its tasks are worth and how long they take, below the headings that they stand under.

    minutes: for the cells that earn points, by grade_id; where it is not known, nothing is said.
    """
    cells, worth, place = [dict(cell) for cell in notebook["cells"]], dict[int, list[str]](), None
    for number, cell in enumerate(cells):
        mark = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "markdown" and not mark and _HEADING.search(cell["source"]):
            place = number
        if mark.get("grade") and mark.get("points") and place is not None:
            worth.setdefault(place, []).append(_price(mark, minutes.get(mark.get("grade_id", ""))))
    for number, prices in worth.items():
        heading = list(_HEADING.finditer(cells[number]["source"]))[-1]
        text = cells[number]["source"]
        cells[number]["source"] = f"{text[: heading.end()]}\n\n*{' · '.join(prices)}*{text[heading.end() :]}"
    return {**notebook, "cells": cells}


def _price(mark: dict[str, Any], minutes: int | None) -> str:
    reader = ", read by a person" if mark.get("solution") else ""
    time = f", about {minutes} minute{'s' if minutes != 1 else ''}" if minutes else ""
    return f"{mark['points']:g} point{'s' if mark['points'] != 1 else ''}{reader}{time}"


def folded(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook whose hints and traps unfold at a click: whoever wants to try alone first is not told."""
    cells = [
        {**cell, "source": _HINT.sub(_unfolds, cell["source"])}
        if cell["cell_type"] == "markdown" and "nbgrader" not in cell["metadata"]
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def _unfolds(hint: re.Match[str]) -> str:
    # The empty lines make a browser's Markdown, in JupyterLab and elsewhere, read what is inside as Markdown, too.
    return f"<details><summary><b>{hint['name']}</b></summary>\n\n{hint['text'].strip()}\n\n</details>"


def unhindered(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook in which "restart and run all" comes to its end: what is not written yet stops no cell below it."""
    cells, begun = [], False
    for cell in notebook["cells"]:
        begun |= bool(cell["metadata"].get("nbgrader", {}).get("solution"))
        if begun and cell["cell_type"] == "code":
            tags = [*cell["metadata"].get("tags", []), GOES_ON]
            cell = {**cell, "metadata": {**cell["metadata"], "tags": list(dict.fromkeys(tags))}}
        cells.append(cell)
    return {**notebook, "cells": cells}
