"""Run an assignment's reference solution, as it is or with one answer replaced, here on the trusted side."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.assignment import FIGURE_TAG, Assignment
from autograder.errors import AssignmentError
from autograder.notebooks import write_files


def solution_cells(assignment: Assignment) -> tuple[tuple[str, str], ...]:
    """(grade_id, source) of the code cells of the reference: no test cells, no cells tagged "figure"."""
    return tuple(
        (cell.grade_id, cell.source)
        for cell in assignment.cells
        if cell.type == "code" and FIGURE_TAG not in cell.tags and (cell.is_solution or not cell.is_grade)
    )


def reference_namespace(assignment: Assignment) -> dict[str, Any]:
    """The names that the reference solution defines, from running its cells here, outside any sandbox.

    Raises AssignmentError naming the cell that failed.
    """
    return _execute(assignment, solution_cells(assignment))


def walk_reference(
    assignment: Assignment, before: Callable[[int, dict[str, Any]], None], first: int | None = None,
    go_on: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Run the reference for its names, and call `before(place, namespace)` in front of each of its cells: everything
    that they need (models, files, settings) is there. With `first` only so many cells run; with `go_on` past those
    that fail. Raises AssignmentError."""
    return _execute(assignment, solution_cells(assignment)[:first], go_on, before)


def go_on_with(assignment: Assignment, cells: Iterable[tuple[str, str]], namespace: dict[str, Any]) -> None:
    """Run further cells (grade_id, source) of a reference from inside `walk_reference`, past those that fail."""
    for grade_id, source in cells:
        with contextlib.suppress(Exception, SystemExit):
            exec(compile(source, f"<{assignment.id} {grade_id}>", "exec", dont_inherit=True), namespace)


def cells_with(assignment: Assignment, cell: str, code: str) -> tuple[tuple[str, str], ...]:
    """(grade_id, source) of the code cells of the reference with the source of one replaced. Raises AssignmentError."""
    cells = solution_cells(assignment)
    if not cell or cell not in [grade_id for grade_id, _ in cells]:
        raise AssignmentError(assignment.file_of(cell), f"cell {cell}", "expected a cell of the reference")
    return tuple((name, code if name == cell else source) for name, source in cells)


def namespace_with(
    assignment: Assignment, cell: str, code: str, go_on: bool = False, places: Sequence[int] | None = None
) -> dict[str, Any]:
    """The same with the source of one cell replaced: how a mistake or an alternative comes to life.

    With `go_on` a cell that fails is left behind and the next one run, as in a notebook. With `places` only those
    cells run. Raises AssignmentError when there is no such cell, or a cell fails.
    """
    cells = cells_with(assignment, cell, code)
    return _execute(assignment, cells if places is None else tuple(cells[place] for place in places), go_on)


def blank_namespace(assignment: Assignment, release: dict[str, Any]) -> dict[str, Any]:
    """What is there when the notebook as it was released has run: stubs, and what locked cells define."""
    cells = tuple(
        (str(cell["id"]), "".join(cell["source"]))
        for cell in release["cells"]
        if cell["cell_type"] == "code" and FIGURE_TAG not in cell["metadata"].get("tags", ())
    )
    return _execute(assignment, cells, go_on=True)


def _execute(
    assignment: Assignment, cells: tuple[tuple[str, str], ...], go_on: bool = False,
    before: Callable[[int, dict[str, Any]], None] = lambda place, namespace: None,
) -> dict[str, Any]:  # fmt: skip
    # A notebook's names live in __main__; dataclasses and pickle look the module up by this name.
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    with (
        _quiet(),
        at_work(assignment),
        _models(assignment) as place,
        _environment(
            SEQ2GRADE_HANDIN=place,
            SEQ2GRADE_GRADING="load",
            SEQ2GRADE_PROFILE="full",
            SEQ2KIT_ONLINE="",
            MPLBACKEND="Agg",
        ),
    ):
        for number, (grade_id, source) in enumerate(cells, start=1):
            name = grade_id or f"number {number} of the reference"
            before(number - 1, namespace)
            try:
                exec(compile(source, f"<{assignment.id} {name}>", "exec", dont_inherit=True), namespace)
            except (Exception, SystemExit) as error:
                if go_on:
                    continue
                problem = f"expected it to run; {type(error).__name__}: {error}"
                raise AssignmentError(assignment.file_of(grade_id), f"cell {name}", problem) from error
    return namespace


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Plots go nowhere, prints are swallowed, and the process looks as before afterwards."""
    open_before = _figures()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # What plt.show() says where there is a display but the backend has none.
        warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
        try:
            yield
        finally:
            for number in _figures() - open_before:
                sys.modules["matplotlib.pyplot"].close(number)


@contextlib.contextmanager
def at_work(assignment: Assignment) -> Iterator[None]:
    """In a folder with a copy of what the course gives along, where that is anything: references read it by its name.
    The working folder is one for the whole process."""
    given = assignment.given()
    if not given:
        yield
        return
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="seq2grade-files-") as place:
        write_files(Path(place), given)
        os.chdir(place)
        try:
            yield
        finally:
            os.chdir(before)  # first: a folder that somebody works in is not removed everywhere


@contextlib.contextmanager
def _models(assignment: Assignment) -> Iterator[str]:
    """A folder with a copy of what the reference hands in: a mistake may well write there."""
    with tempfile.TemporaryDirectory(prefix="seq2grade-reference-") as place:
        if assignment.handin.is_dir():
            shutil.copytree(assignment.handin, place, dirs_exist_ok=True)
        yield place


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """These environment variables for a while: the reference loads what it trained rather than training it again."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot is not None else set()
