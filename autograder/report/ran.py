"""How a notebook ran: in the open where that matters, else folded away at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.model import CellRun, Grade
from autograder.notebooks import grade_id_of, source_of
from autograder.report.blocks import Block, CodeText, Details, Heading, Text, Verdict
from autograder.report.plain import count, plain, seconds
from autograder.report.verdicts import cell_words, titled

_TITLE = "How your notebook ran"
_SHOWN, _NAMED = 12, 5  # causes, and cells of each
# How IPython calls a cell in what it says of a syntax error: a name that no student has ever seen.
_FILE = re.compile(r" \((?:\S*[/\\])?(?:\d+\.py|<[\w-]{1,60}>), line (\d+)\)")


def matters(grade: Grade) -> bool:
    """Whether the run has to be looked at before the items: it did not reach its end, or something stopped that is
    neither an answer nor its tests, of which the items tell."""
    told = {name for item in grade.items for name in (item.cell, item.answer)}
    return any(c.status in ("timeout", "died") or (c.status == "error" and c.cell not in told) for c in grade.cells)


def run_blocks(grade: Grade) -> tuple[Block, ...]:
    """The section about the run; none for a notebook that did not run."""
    if not grade.cells:
        return ()
    body = tuple(_told(grade))
    if matters(grade):
        return Heading(_TITLE), *body
    bad = sum(cell.status == "error" for cell in grade.cells)
    how = f"{count(bad, 'cell')} stopped with an error" if bad else "every cell to its end"
    return (Details(f"{_TITLE}: {how}", body),)


def clean(error: str) -> str:
    """What a cell stopped with, without names of ours for it."""
    return _FILE.sub(r" (line \1)", error).strip().removesuffix(":")


def _told(grade: Grade) -> Iterator[Block]:
    bad = [cell for cell in grade.cells if cell.status not in ("ok", "skipped")]
    skipped = sum(cell.status == "skipped" for cell in grade.cells)
    told = f"{count(len(grade.cells), 'code cell')}, {seconds(grade.seconds)} in all."
    cut = sum(cell.cut for cell in grade.cells)
    if cut:
        told += f" {count(cut, 'cell')} printed more than is kept; the rest of that output was left out."
    if not bad and not skipped:
        yield Text(f"Every cell ran to its end: {told}", quiet=True)
        return
    if skipped:
        told += f" {count(skipped, 'cell')} did not run."
    alike: dict[tuple[str, str], list[CellRun]] = {}
    for cell in bad:
        alike.setdefault((cell.status, clean(cell.error)), []).append(cell)
    if len(alike) > _SHOWN:
        told += f" The first {_SHOWN} of {len(alike)} causes:"
    yield Text(told, quiet=True)
    names = dict(_names(grade))
    for (_, error), cells in list(alike.items())[:_SHOWN]:
        yield _stopped([names.get(cell.cell, f"Cell {plain(cell.cell)}") for cell in cells], cells, error)


def _stopped(names: list[str], cells: list[CellRun], error: str) -> Verdict:
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    said = (CodeText(plain(error, lines=True, limit=1500)),) if error else ()
    claim = f"{', '.join(names[:_NAMED])}{more} {cell_words(cells[0])}"
    return Verdict(claim, "bad", seconds(sum(cell.seconds for cell in cells)), said)


def _names(grade: Grade) -> Iterator[tuple[str, str]]:
    """What a student calls a cell: by its item, else by how it begins."""
    for cell in grade.notebook.get("cells", ()):
        name = grade_id_of(cell) or str(cell.get("id", ""))
        first = next((line.strip() for line in source_of(cell)[:2000].splitlines() if line.strip()), "")
        if name and first:
            yield name, f"The cell that begins with {plain(first, limit=80)!r}"
    for item in grade.items:
        yield item.cell, f"The tests of {titled(item)}"
        yield item.answer or item.cell, f"The answer to {titled(item)}"
