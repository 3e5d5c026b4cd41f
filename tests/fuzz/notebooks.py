"""Notebooks as no program should write them: one that was solved, spoiled in a few of the ways below, then its bytes.

Each way is a function of (draw, notebook): it changes the notebook or gives back another one.
"""

from __future__ import annotations

import copy
import gzip
import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as some

from tests.collect.sample import solved

Tree = Any
Draw = Callable[[some.SearchStrategy[Any]], Any]
# Stands in a notebook for what json.dumps would not write.
RAW = "@@raw@@"

ODD = (
    None, True, -1, 0.5, 2**63, 10**400, 1e308, "", "x", "\ud800", "\0\x1b[31m", "\u202ex", "=1+1", "../../etc/passwd",
    "<script>alert(1)</script>", "x" * 3000, [], {}, [[]], [None], ["a", 1, None], [["a"]], {"": {}},
    {"a": [{"b": None}]},
)  # fmt: skip
# What Python reads as JSON and JSON does not know, and what unfolds into more than it says.
LITERALS = (
    "NaN", "-Infinity", "1e999", "-1e-999", "9" * 5000, "1." + "0" * 5000, '{"a": 1, "a": 2}', "[" * 60 + "]" * 60,
    "[" * 3000 + "]" * 3000, '{"a":' * 3000 + "1" + "}" * 3000, '"\\ud800\\ud800"', "'x'", "undefined", "01", "[1,]",
)  # fmt: skip
UNITS = (
    "a",
    "\n",
    " ",
    "\t",
    "(",
    "\\",
    "`",
    "$",
    '"""',
    "def f():\n",
    "class A:\n pass\n",
    "%%bash\n",
    "é",
    "\u2028",
    "\r",
)
FORMATS = (1, 2, 3, 5, 6, 4.5, "4", None, True, -4, [4])
TYPES = ("heading", "raw", "html", "Code", "", None, 7, ["code"], {"a": 1}, "markdown", "code")
MARKS = ("f", "test-f", "g", "choice", "proof", "imports", "nobody", "", 7, None, ["f"])


def places(tree: Tree, found: list[tuple[Any, Any]] | None = None) -> list[tuple[Any, Any]]:
    """(container, key) of every value in a JSON tree."""
    found = [] if found is None else found
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        found.append((tree, key))
        places(tree[key], found)
    return found


def odd_value(draw: Draw, notebook: Tree) -> None:
    """A value of any kind where another one was."""
    container, key = draw(some.sampled_from(places(notebook)))
    container[key] = copy.deepcopy(draw(some.sampled_from(ODD)))  # it may be spoiled further


def odd_literal(draw: Draw, notebook: Tree) -> None:
    """A number, nesting or word that other readers of JSON take otherwise."""
    container, key = draw(some.sampled_from(places(notebook)))
    container[key] = RAW + draw(some.sampled_from(LITERALS)) + RAW


def lost(draw: Draw, notebook: Tree) -> None:
    """A key or an entry that is not there."""
    container, key = draw(some.sampled_from(places(notebook)))
    del container[key]


def doubled(draw: Draw, notebook: Tree) -> None:
    """A cell a second time, somewhere, with its id."""
    cells = notebook["cells"]
    again = dict(draw(some.sampled_from(cells)))
    if draw(some.booleans()):
        again["source"] = "mine = 1"
    cells.insert(draw(some.integers(0, len(cells))), again)


def same_ids(draw: Draw, notebook: Tree) -> None:
    """Ids that several cells have, of any type, or none at all."""
    for cell in notebook["cells"]:
        if draw(some.booleans()):
            cell["id"] = draw(some.sampled_from(("c-f", "", None, 7, "a b", "x" * 100, ["c-f"])))


def same_marks(draw: Draw, notebook: Tree) -> None:
    """nbgrader's names given to other cells, doubled, and of other types."""
    for cell in notebook["cells"]:
        if draw(some.booleans()):
            cell["metadata"] = {"nbgrader": {"grade_id": draw(some.sampled_from(MARKS)), "solution": True, "grade": 3}}


def no_marks(draw: Draw, notebook: Tree) -> None:
    """As editors leave it that keep no metadata."""
    for cell in notebook["cells"]:
        cell.pop("metadata", None)
        cell.pop("id", None)
    notebook.pop("metadata", None)


def other_types(draw: Draw, notebook: Tree) -> None:
    """Cells of types that there are not."""
    for cell in notebook["cells"]:
        if draw(some.booleans()):
            cell["cell_type"] = draw(some.sampled_from(TYPES))


def long_cell(draw: Draw, notebook: Tree) -> None:
    """A cell of a hundred thousand times the same."""
    draw(some.sampled_from(notebook["cells"]))["source"] = draw(some.sampled_from(UNITS)) * draw(
        some.sampled_from((1_000, 20_000, 100_000))
    )


def many_cells(draw: Draw, notebook: Tree) -> None:
    """All cells over and over."""
    notebook["cells"] = notebook["cells"] * draw(some.sampled_from((3, 40, 400)))


def shuffled(draw: Draw, notebook: Tree) -> None:
    """Cells in any order."""
    notebook["cells"] = draw(some.permutations(notebook["cells"]))


def other_format(draw: Draw, notebook: Tree) -> None:
    """Another version's number, with what that version has or without."""
    notebook["nbformat"] = draw(some.sampled_from(FORMATS))
    notebook["nbformat_minor"] = draw(some.sampled_from((0, 2, 9, None, "5", -1)))


def version_3(draw: Draw, notebook: Tree) -> Tree:
    """The layout of format 3, in which code is `input` and cells lie in sheets."""
    cells = [
        {("input" if key == "source" else key): value for key, value in cell.items()} for cell in notebook["cells"]
    ]
    sheets = [{"cells": cells}] if draw(some.booleans()) else [{"cells": cells[:3]}, {}, {"cells": cells[3:]}]
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": copy.deepcopy(draw(some.sampled_from(ODD)))},
        "worksheets": sheets,
    }


def no_object(draw: Draw, notebook: Tree) -> Tree:
    """Something else at the top."""
    return draw(some.sampled_from(([notebook], {"content": notebook}, json.dumps(notebook), [], 7, None, {"cells": 1})))


WAYS = (
    odd_value, odd_value, odd_value, odd_literal, lost, lost, doubled, same_ids, same_marks, no_marks, other_types,
    long_cell, many_cells, shuffled, other_format, version_3,
)  # fmt: skip


@some.composite
def trees(draw: Draw, base: Callable[[], Tree] = solved) -> Tree:
    """A notebook that was spoiled in up to four ways."""
    notebook = base()
    for way in draw(some.lists(some.sampled_from(WAYS), min_size=1, max_size=4)):
        if not isinstance(notebook, dict) or not _has_cells(notebook):
            break
        notebook = way(draw, notebook) or notebook
    return no_object(draw, notebook) if draw(some.integers(0, 19)) == 0 else notebook


def _has_cells(notebook: Tree) -> bool:
    cells = notebook.get("cells")
    return isinstance(cells, list) and bool(cells) and all(isinstance(cell, dict) for cell in cells)


def text_of(tree: Tree) -> str:
    """As JSON, with the literals that JSON has no form for in place of the strings that stand for them."""
    bare = re.compile(f'"{RAW}(.*?){RAW}"')
    return bare.sub(lambda found: str(json.loads(f'"{found[1]}"')), json.dumps(tree))


def written(draw: Draw, text: str) -> bytes:
    """Bytes of a text, as one editor, disk or upload or another leaves them."""
    how = draw(some.sampled_from(("utf-8",) * 8 + tuple(ENCODED)))
    return text.encode("utf-8", "surrogatepass") if how == "utf-8" else ENCODED[how](draw, text)


def _cut(draw: Draw, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return raw[: draw(some.integers(0, len(raw)))]


def _flipped(draw: Draw, text: str) -> bytes:
    raw = bytearray(text.encode("utf-8", "replace"))
    for _ in range(draw(some.integers(1, 4))):
        raw[draw(some.integers(0, len(raw) - 1))] = draw(some.integers(0, 255))
    return bytes(raw)


ENCODED: dict[str, Callable[[Draw, str], bytes]] = {
    "mark": lambda draw, text: text.encode("utf-8-sig", "replace"),
    "utf-16": lambda draw, text: text.encode("utf-16", "replace"),
    "utf-16-be": lambda draw, text: text.encode("utf-16-be", "replace"),
    "utf-32": lambda draw, text: text.encode("utf-32", "replace"),
    "latin-1": lambda draw, text: text.replace("Homework", "Übung").encode("latin-1", "replace"),
    "surrogates": lambda draw, text: text.replace("\\ud800", "\ud800").encode("utf-8", "surrogatepass"),
    "gzip": lambda draw, text: gzip.compress(text.encode("utf-8", "replace"), 1),
    "cut": _cut,
    "flipped": _flipped,
    "twice": lambda draw, text: 2 * text.encode("utf-8", "replace"),
    "zeros": lambda draw, text: text.encode("utf-8", "replace") + bytes(1000),
    "conflict": lambda draw, text: b"<<<<<<< HEAD\n" + text.encode("utf-8", "replace") + b"\n=======\n{}\n>>>>>>> b\n",
}


@some.composite
def notebooks(draw: Draw, base: Callable[[], Tree] = solved) -> bytes:
    """The bytes of a spoiled notebook."""
    return written(draw, text_of(draw(trees(base))))
