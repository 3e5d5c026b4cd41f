"""What a judge is told of the notebook that ran: its text, as far as anybody would read it."""

from __future__ import annotations

from autograder.model import CellRun, Execution
from autograder.ran import A_FILE, rows_of

STOPPED = {
    "output_type": "error",
    "traceback": ["\x1b[0;31mZeroDivisionError\x1b[0m", "Cell \x1b[0;32mIn[3], line 2\x1b[0m", "In [3], line 7"],
}


def ran(*sources: str, error: str = "", outputs: tuple[object, ...] = ()) -> Execution:
    """A notebook of these code cells, of which the last one stopped where there is an error."""
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in sources]
    cells[-1] |= {"outputs": list(outputs)}
    runs = [CellRun(f"c{n}", "ok", 0.0) for n in range(len(sources))]
    if error:
        runs[-1] = CellRun(runs[-1].cell, "error", 0.0, error)
    return Execution({"cells": [{"cell_type": "markdown", "source": "read me"}, *cells]}, tuple(runs), 0.0)


def test_cells_come_in_order_then_the_files() -> None:
    """Each with its name, text and end, and with the line in which it stopped, as its traceback shows it first."""
    rows = rows_of(
        ran("x = 1", "y = 2\nx / 0", error="ZeroDivisionError", outputs=(STOPPED,)), {"b.py": b"z = 3", "a.txt": b""}
    )
    assert rows == [
        ["c0", "x = 1", "ok", "", ""],
        ["c1", "y = 2\nx / 0", "error", "ZeroDivisionError", "2"],
        ["b.py", "z = 3", A_FILE, "", ""],
    ]


def test_a_notebook_of_endless_code_is_not_read() -> None:
    """Reading takes time for each line: of more code than anybody writes nothing is told, and one long cell of data
    does not count for more than would be read of it."""
    assert rows_of(ran(*["x = 1\n" * 5_000] * 80), {}) == []
    assert len(rows_of(ran("x = 1\n" * 100_000), {"b.py": b"y = 2"})) == 2
