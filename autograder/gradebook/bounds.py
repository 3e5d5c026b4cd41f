"""A notebook that is written has a size, whatever a student printed or wrote: outputs are cut first, then sources."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Cell = dict[str, Any]
LIMIT = 8 * 2**20
_ROOM = 6 * 2**20  # for what is the student's; verdicts, marks and the remarks about what was cut take the rest
_OUTPUTS_CUT = "(Output was cut here, because the notebook was too large.)"
_SOURCE_CUT = "# (The rest of this cell is not shown, because the notebook was too large.)"
_PROSE_CUT = "(The rest is not shown, because the notebook was too large.)"
_ENTRY = 200  # what an output or a cell costs beside its text, indentation and all
_SMALLEST = 100  # characters that every cell keeps, even where there are thousands


def bounded(cells: list[Cell]) -> list[Cell]:
    """`cells` (nbformat 4, without verdicts), changed only if they would take more than _ROOM bytes in a file."""
    texts = sum(_cost(cell["source"]) + _ENTRY for cell in cells)
    outputs = sum(_size(output) for cell in cells for output in cell.get("outputs", ()))
    pictures = sum(_size(cell["attachments"]) for cell in cells if "attachments" in cell)
    if texts + outputs + pictures <= _ROOM:
        return cells
    room = _ROOM - pictures - texts
    cells = list(_fewer_outputs(cells, max(0, room)))
    if room < 0:
        cells = list(_shorter(cells, _ROOM // 2))
    return cells


def _fewer_outputs(cells: list[Cell], room: int) -> Iterator[Cell]:
    """The same cells; each has its share of the room for outputs, and what an earlier one left over."""
    left = room
    talkative = sum(bool(cell.get("outputs")) for cell in cells)
    for cell in cells:
        outputs = cell.get("outputs")
        if not outputs:
            yield cell
            continue
        share = left // talkative
        kept = _within(outputs, share)
        left -= min(share, sum(_size(output) for output in kept))
        talkative -= 1
        yield {**cell, "outputs": kept}


def _within(outputs: list[Cell], room: int) -> list[Cell]:
    """The first outputs that fit, with a word where the others were; text is cut, pictures are left out whole."""
    kept: list[Cell] = []
    for output in outputs:
        size = _size(output)
        if size > room:
            if output["output_type"] == "stream":
                begin = _fitting(output["text"], max(0, room - 2 * _ENTRY))
                kept += [{**output, "text": begin + "\n"}] if begin else []
            return [*kept, {"output_type": "stream", "name": "stderr", "text": _OUTPUTS_CUT}]
        room -= size
        kept.append(output)
    return kept


def _shorter(cells: list[Cell], room: int) -> Iterator[Cell]:
    """The same cells without the rest of long ones, and without pictures that were pasted into prose."""
    share = max(_SMALLEST, room // max(1, len(cells)))
    spare = sum(max(0, share - _cost(cell["source"])) for cell in cells)
    long = sum(_cost(cell["source"]) > share for cell in cells)
    share += spare // max(1, long)
    for cell in cells:
        cell = {key: value for key, value in cell.items() if key != "attachments"} if "attachments" in cell else cell
        if _cost(cell["source"]) > share:
            cut = _SOURCE_CUT if cell["cell_type"] == "code" else _PROSE_CUT
            cell = {**cell, "source": f"{_fitting(cell['source'], share)}\n{cut}"}
        yield cell


def _fitting(text: str, room: int) -> str:
    """The beginning of a text that costs at most `room`."""
    begin = text[:room]
    while begin and _cost(begin) > room:
        begin = begin[: int(len(begin) * min(0.9, room / _cost(begin)))]
    return begin


def _cost(text: str) -> int:
    """Bytes of a text in the file: escaped, and a line each where a program writes it so."""
    return len(json.dumps(text)) + 10 * text.count("\n")


def _size(value: Any) -> int:
    text = json.dumps(value)
    return len(text) + 10 * (text.count("\\n") + text.count('", "')) + _ENTRY
