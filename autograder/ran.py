"""What a judge is told of the notebook that ran: rows of plain text, one for each code cell and each Python file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograder.model import Execution

LONGEST = 50_000  # characters of a cell that are worth reading
A_FILE = "a file"  # what stands in place of a status for one that lies beside the notebook
_MOST_FILES = 40
_MOST, _MOST_READ = 4_000_000, 500_000  # characters of a notebook, and of those of it that would be read
_STOPPED = re.compile(r"In ?\[\d+\], (?:line |in <(?:cell line: |module>:?))(\d+)")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


def rows_of(execution: Execution, files: Mapping[str, bytes]) -> list[list[str]]:
    """[name, source, status, error, line in which it stopped] of each cell, as it was run, then of each file; none at
    all for a notebook of a size that nobody writes."""
    cells = [cell for cell in execution.notebook.get("cells", ()) if cell["cell_type"] == "code"]
    ran = zip(cells, execution.cells, strict=False)
    rows = [[run.cell, str(cell["source"]), run.status, run.error, _stopped(cell)] for cell, run in ran]
    for name in sorted(name for name in files if name.endswith(".py"))[:_MOST_FILES]:
        rows.append([name, files[name][:LONGEST].decode("utf-8", "replace"), A_FILE, "", ""])
    return rows if _is_read(rows) else []


def _is_read(rows: list[list[str]]) -> bool:
    read = sum(min(len(source), LONGEST) for _, source, *_ in rows)  # a second for each 200,000 or so
    return read <= _MOST_READ and sum(len(source) + len(error) for _, source, _, error, _ in rows) <= _MOST


def _stopped(cell: Mapping[str, Any]) -> str:
    """The line of a cell in which an error left it, as the traceback shows it."""
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            told = _COLOURS.sub("", "\n".join(output.get("traceback", ()))[:LONGEST])
            found = _STOPPED.search(told)
            return found[1] if found else ""
    return ""
