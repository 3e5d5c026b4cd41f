"""What a run of the solution showed, kept in solutions/: an instructor sees the expected figures without running it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Outputs = Mapping[str, Sequence[Mapping[str, Any]]]
"""Cell id -> what the cell showed, in nbformat's own form."""

EACH, ALL = 200_000, 2_500_000  # characters: a figure has some 60,000
_KEPT = ("text/plain", "text/latex", "image/png")
# What seq2kit's pictures say they show, as text (kit/seq2kit/pictures.py).
CAPTION = "[picture] "
_TOO_LARGE = "(A larger output is left out here: run the cell to see it.)\n"


def outputs_of(notebook: Mapping[str, Any]) -> Outputs:
    """What the cells of a notebook that ran show."""
    return {str(cell.get("id")): cell["outputs"] for cell in notebook["cells"] if cell.get("outputs")}


def with_outputs(notebook: Mapping[str, Any], outputs: Outputs) -> dict[str, Any]:
    """The notebook with these outputs, as far as they fit: text, formulas and figures, and nothing that can act."""
    room, cells = ALL, []
    for cell in notebook["cells"]:
        shown = []
        for output in outputs.get(str(cell.get("id")), ()) if cell["cell_type"] == "code" else ():
            kept = _plain(output)
            size = len(json.dumps(kept))
            if kept and size > min(EACH, room):
                kept = {"output_type": "stream", "name": "stdout", "text": _TOO_LARGE}
            elif kept:
                room -= size
            shown += [kept] if kept else []
        cells.append({**cell, "outputs": shown} if cell["cell_type"] == "code" else cell)
    return {**notebook, "cells": cells}


def without_outputs(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook as it was compiled: what a run showed may differ from machine to machine."""
    cells = [{**cell, "outputs": []} if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def described(data: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata with which nbconvert gives a figure its caption as alternative text; none without a caption."""
    caption = "".join(map(str, data.get("text/plain", "")))
    if "image/png" not in data or not caption.startswith(CAPTION):
        return {}
    return {"image/png": {"alt": caption.removeprefix(CAPTION)}}


def _plain(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream" and output["name"] == "stdout":
        return {"output_type": "stream", "name": "stdout", "text": str(output["text"])}
    data = {kind: output["data"][kind] for kind in _KEPT if kind in output.get("data", {})}
    return {"output_type": "display_data", "data": data, "metadata": described(data)} if data else {}
