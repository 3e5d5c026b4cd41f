"""Load an assignment folder into frozen dataclasses, and run its reference solution on the trusted side."""

from __future__ import annotations

import builtins
import contextlib
import io
import math
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from autograder.authoring import Cell, ItemTable, read_cells, read_headed, read_toml
from autograder.errors import AssignmentError
from autograder.model import Kind, Limits

ID_PATTERN = r"[a-z][a-z0-9_]{0,39}"
FIGURE_TAG = "figure"


@dataclass(frozen=True)
class RubricLine:
    """What earns `points` in an answer that a person reads."""

    points: float
    text: str


@dataclass(frozen=True)
class Item:
    """One graded question. `answer` and `tests` are grade_ids.

    A manual item has `points` and no `tests`; the others have `tests`, and points by their checks.
    `submits` are the signatures a student provides; `needs` the earlier items whose functions it may call.
    """

    id: str
    title: str
    kind: Kind
    source: str
    answer: str
    tests: str | None = None
    points: float | None = None
    rubric: tuple[RubricLine, ...] = ()
    submits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A wrong answer named for its misconception: `code` replaces `cell`; all of `caught_by` must fail."""

    name: str
    path: Path
    item: str
    cell: str
    caught_by: tuple[str, ...]
    misconception: str
    explain: str
    code: str


@dataclass(frozen=True)
class Alternative:
    """An unusual right answer, which must earn full marks; `why` says what makes it right."""

    name: str
    path: Path
    item: str
    cell: str
    why: str
    code: str


@dataclass(frozen=True)
class Assignment:
    """One assignment folder, validated. `cells` are those of notebook.py, in order."""

    id: str
    folder: Path
    title: str
    summary: str
    minutes: int
    limits: Limits
    device: str
    items: tuple[Item, ...]
    mistakes: tuple[Mistake, ...]
    alternatives: tuple[Alternative, ...]
    notebook_path: Path
    cells: tuple[Cell, ...]

    @property
    def handin(self) -> Path:
        """What the reference hands in beside its notebook (trained models); it need not exist."""
        return self.folder / "handin"

    def handed_in(self) -> dict[str, bytes]:
        """Relative name -> content of those files, in sorted order."""
        files = sorted(path for path in self.handin.rglob("*") if path.is_file())
        return {path.relative_to(self.handin).as_posix(): path.read_bytes() for path in files}

    def item(self, id: str) -> Item:
        """The item of that id. Raises KeyError."""
        for item in self.items:
            if item.id == id:
                return item
        raise KeyError(id)

    def cell(self, grade_id: str) -> Cell:
        """The cell of that grade_id. Raises KeyError."""
        for cell in self.cells:
            if grade_id and cell.grade_id == grade_id:
                return cell
        raise KeyError(grade_id)


def find_assignments(root: Path) -> tuple[Path, ...]:
    """The assignment folders of a course: those below `root`/assignments with an assignment.toml."""
    return tuple(sorted(path.parent for path in (root / "assignments").glob("*/assignment.toml")))


def load_assignment(folder: Path) -> Assignment:
    """The assignment in `folder`, whose name is its id.

    Raises AssignmentError naming the file, the key and what is expected there.
    """
    if not re.fullmatch(ID_PATTERN, folder.name):
        raise AssignmentError(folder, "folder name", f"expected a match of {ID_PATTERN}; it is the id")
    path = folder / "assignment.toml"
    table = read_toml(path)
    cells = read_cells(folder / "notebook.py")
    items = _items(path, table.items, cells)
    mistakes = tuple(_mistake(file, items, cells) for file in sorted((folder / "mistakes").glob("*.py")))
    alternatives = tuple(
        _alternative(file, items, cells) for file in sorted((folder / "alternatives").glob("*.py")))
    taken: set[str] = set()
    for path in [*(wrong.path for wrong in mistakes), *(right.path for right in alternatives)]:
        if not path.stem.isidentifier() or path.stem in taken:
            raise AssignmentError(path, "file name", "expected an identifier that no other file here has")
        taken.add(path.stem)
    limits = replace(Limits(), **table.limits)  # type: ignore[arg-type]
    return Assignment(folder.name, folder, table.title, table.summary, table.minutes, limits, table.device,
                      items, mistakes, alternatives, folder / "notebook.py", cells)


def _items(path: Path, tables: list[ItemTable], cells: tuple[Cell, ...]) -> tuple[Item, ...]:
    known = {cell.grade_id for cell in cells} - {""}
    items: list[Item] = []
    for index, table in enumerate(tables):
        def wrong(key: str, expected: str, index: int = index) -> NoReturn:
            raise AssignmentError(path, f"items[{index}].{key}", expected)

        if table.id in [item.id for item in items]:
            wrong("id", f'expected an id of its own; "{table.id}" is taken')
        if table.tests is not None and table.tests in [item.tests for item in items]:
            wrong("tests", f'expected a tests cell of its own; "{table.tests}" is taken')
        for key, grade_id in (("answer", table.answer), ("tests", table.tests)):
            if grade_id is not None and grade_id not in known:
                wrong(key, f'expected the grade_id of a cell in notebook.py; got "{grade_id}"')
        for place, need in enumerate(table.needs):
            if need not in [item.id for item in items]:
                wrong(f"needs[{place}]", f'expected the id of an earlier item; got "{need}"')
        _points_rules(table, wrong)
        rubric = tuple(RubricLine(line.points, line.text) for line in table.rubric)
        items.append(Item(table.id, table.title, Kind(table.kind), table.source, table.answer, table.tests,
                          table.points, rubric, tuple(table.submits), tuple(table.needs)))
    return tuple(items)


def _points_rules(table: ItemTable, wrong: Callable[[str, str], NoReturn]) -> None:
    if table.kind != "manual":
        if table.tests is None:
            wrong("tests", "expected the grade_id of the cell that tests the answer; the key is missing")
        if table.points is not None:
            wrong("points", "expected no points here: they are the sum over the item's checks")
        if table.rubric:
            wrong("rubric", "expected no rubric: only manual items have one")
        return
    if table.tests is not None:
        wrong("tests", "expected no tests: a person grades a manual item")
    if table.points is None:
        wrong("points", "expected the points of a manual item; the key is missing")
    total = sum(line.points for line in table.rubric)
    if not math.isclose(total, table.points):
        wrong("rubric", f"expected lines that add up to {table.points:g} points; they make {total:g}")


def _place(path: Path, header: dict[str, str], items: tuple[Item, ...], cells: tuple[Cell, ...]) -> None:
    graded = [item.id for item in items if item.kind is not Kind.MANUAL]
    if header["item"] not in graded:
        raise AssignmentError(path, "item", f'expected one of {", ".join(graded)}; got "{header["item"]}"')
    solutions = [cell.grade_id for cell in cells if cell.type == "code" and cell.is_solution]
    if header["cell"] not in solutions:
        raise AssignmentError(path, "cell", f'expected one of {", ".join(solutions)}; got "{header["cell"]}"')


def _mistake(path: Path, items: tuple[Item, ...], cells: tuple[Cell, ...]) -> Mistake:
    header, code = read_headed(path, frozenset({"item", "cell", "caught_by", "misconception", "explain"}))
    _place(path, header, items, cells)
    caught_by = tuple(name.strip() for name in header["caught_by"].split(","))
    for name in caught_by:
        if not name.isidentifier() or caught_by.count(name) > 1:
            raise AssignmentError(path, "caught_by", f'expected names of different checks; got "{name}"')
    return Mistake(path.stem, path, header["item"], header["cell"], caught_by, header["misconception"],
                   header["explain"], code)


def _alternative(path: Path, items: tuple[Item, ...], cells: tuple[Cell, ...]) -> Alternative:
    header, code = read_headed(path, frozenset({"item", "cell", "why"}))
    _place(path, header, items, cells)
    return Alternative(path.stem, path, header["item"], header["cell"], header["why"], code)


def solution_cells(assignment: Assignment) -> tuple[tuple[str, str], ...]:
    """(grade_id, source) of the code cells of the reference: no test cells, no cells tagged "figure"."""
    return tuple(
        (cell.grade_id, cell.source) for cell in assignment.cells
        if cell.type == "code" and FIGURE_TAG not in cell.tags and (cell.is_solution or not cell.is_grade)
    )


def reference_namespace(assignment: Assignment) -> dict[str, Any]:
    """The names that the reference solution defines, from running its cells here, outside any sandbox.

    Raises AssignmentError naming the cell that failed.
    """
    return _execute(assignment, solution_cells(assignment))


def namespace_with(assignment: Assignment, cell: str, code: str, go_on: bool = False) -> dict[str, Any]:
    """The same with the source of one cell replaced: how a mistake or an alternative comes to life.

    With `go_on` a cell that fails is left behind and the next one run, as in a notebook. Raises AssignmentError when
    there is no such cell, or a cell fails.
    """
    cells = solution_cells(assignment)
    if not cell or cell not in [grade_id for grade_id, _ in cells]:
        raise AssignmentError(assignment.notebook_path, f"cell {cell}", "expected a cell of the reference")
    chosen = tuple((name, code if name == cell else source) for name, source in cells)
    return _execute(assignment, chosen, go_on)


def _execute(assignment: Assignment, cells: tuple[tuple[str, str], ...], go_on: bool = False) -> dict[str, Any]:
    # A notebook's names live in __main__; dataclasses and pickle look the module up by this name.
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    with _quiet(), _models(assignment) as place, _environment(
        SEQ2GRADE_HANDIN=place, SEQ2GRADE_GRADING="load", SEQ2GRADE_PROFILE="full", SEQ2KIT_ONLINE="", MPLBACKEND="Agg"
    ):
        for number, (grade_id, source) in enumerate(cells, start=1):
            name = grade_id or f"number {number} of the reference"
            try:
                exec(compile(source, f"<{assignment.id} {name}>", "exec", dont_inherit=True), namespace)
            except (Exception, SystemExit) as error:
                if go_on:
                    continue
                problem = f"expected it to run; {type(error).__name__}: {error}"
                raise AssignmentError(assignment.notebook_path, f"cell {name}", problem) from error
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
