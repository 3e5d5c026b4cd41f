"""Load an assignment folder into frozen dataclasses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

from autograder.authoring import Cell, ItemTable, notebook_files, read_cells, read_toml
from autograder.errors import AssignmentError
from autograder.model import Kind, Limits
from autograder.nearest import meant
from autograder.variants import defined, edited, read_alternatives, read_mistakes, redefined, without_marks

ID_PATTERN = r"[a-z][a-z0-9_]{0,39}"
FIGURE_TAG = "figure"
CHECKS = "checks"  # checks.py, or a folder of files


@dataclass(frozen=True)
class RubricLine:
    """What earns `points` in an answer that a person reads."""

    points: float
    text: str


@dataclass(frozen=True)
class Item:
    """One graded question. `answer` and `tests` are grade_ids.

    A manual item has `points` and no `tests`; the others have `tests`, and points by their checks.
    `submits` are the names that answer it: those that its solution defines, and more where assignment.toml says so.
    `needs` are the earlier items whose functions it may call. `minutes` is how long it takes a student, about.
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
    minutes: int | None = None


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
    """An unusual right answer, which must earn full marks; `why` says what makes it right. The solution's answers to
    the items `apart` do not go with it: they were found for something else that this answer has, a name, say."""

    name: str
    path: Path
    item: str
    cell: str
    why: str
    code: str
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """One assignment folder, validated. `cells` are those of notebook.py, in order; `due` knows its offset; `models`
    are language models of the kit that its notebook opens."""

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
    cells: tuple[Cell, ...]
    due: datetime | None = None
    models: tuple[str, ...] = ()

    @property
    def handin(self) -> Path:
        """What the reference hands in beside its notebook (trained models); it need not exist."""
        return self.folder / "handin"

    def handed_in(self) -> dict[str, bytes]:
        """Relative name -> content of those files, in sorted order."""
        files = sorted(path for path in self.handin.rglob("*") if path.is_file())
        return {path.relative_to(self.handin).as_posix(): path.read_bytes() for path in files}

    @property
    def files(self) -> Path:
        """What lies beside the notebook for everybody (data, pictures); it need not exist."""
        return self.folder / "files"

    def given(self) -> dict[str, bytes]:
        """Relative name -> content of those files, in sorted order, without hidden ones."""
        files = sorted(path for path in self.files.rglob("*") if path.is_file())
        names = {path.relative_to(self.files).as_posix(): path for path in files}
        return {
            name: path.read_bytes() for name, path in names.items()
            if not any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))
        }  # fmt: skip

    def item(self, id: str) -> Item:
        """The item of that id. Raises KeyError."""
        for item in self.items:
            if item.id == id:
                return item
        raise KeyError(id)

    def minutes_at(self) -> dict[str, int]:
        """How long the items take, by the grade_id of the cell that earns their points."""
        return {item.tests or item.answer: item.minutes for item in self.items if item.minutes}

    def file_of(self, grade_id: str) -> Path:
        """The file that a cell stands in; where there is no such cell, the notebook's first."""
        return self.folder / next((c.file for c in self.cells if c.grade_id == grade_id), self.cells[0].file)

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
    cells = read_cells(*notebook_files(folder))
    items = _items(path, table.items, cells)
    if (together := sum(item.minutes or 0 for item in items)) > table.minutes:
        raise AssignmentError(
            path, "minutes", f"expected at least what its items take together, {together}; got {table.minutes}"
        )
    mistakes = tuple(_mistakes(folder, items, cells))
    alternatives = tuple(_alternatives(folder, items, cells))
    taken: set[str] = set()
    for name, file in [*((wrong.name, wrong.path) for wrong in mistakes), *((o.name, o.path) for o in alternatives)]:
        if name in taken:
            raise AssignmentError(file, name, "expected a name of its own; another answer has it")
        taken.add(name)
    limits = replace(Limits(), **table.limits)  # type: ignore[arg-type]
    return Assignment(
        folder.name,
        folder,
        table.title,
        table.summary,
        table.minutes,
        limits,
        table.device,
        items,
        mistakes,
        alternatives,
        cells,
        table.due,
        tuple(table.models),
    )


def _items(path: Path, tables: list[ItemTable], cells: tuple[Cell, ...]) -> tuple[Item, ...]:
    _verify_words(path.parent, tables, cells)
    known = {cell.grade_id: cell for cell in cells if cell.grade_id}
    items: list[Item] = []
    for index, table in enumerate(tables):

        def wrong(key: str, expected: str, index: int = index) -> NoReturn:
            raise AssignmentError(path, f"items[{index}].{key}", expected)

        if table.id in [item.id for item in items]:
            wrong("id", f'expected an id of its own; "{table.id}" is taken')
        answer = table.answer or next((cell.grade_id for cell in cells if cell.answers == table.id), "")
        tests = table.tests or next((cell.grade_id for cell in cells if cell.tests == table.id), None)
        if not answer:
            wrong("id", f'expected a cell in notebook.py that begins with # %% answer="{table.id}"; there is none')
        if tests is not None and tests in [item.tests for item in items]:
            wrong("tests", f'expected a tests cell of its own; "{tests}" is taken')
        for key, grade_id in (("answer", answer), ("tests", tests)):
            if grade_id is not None and grade_id not in known:
                near = meant(grade_id, known)
                wrong(key, f'expected the grade_id of a cell in notebook.py; got "{grade_id}"{near}')
        for place, need in enumerate(table.needs):
            if need not in [item.id for item in items]:
                near = meant(need, [item.id for item in items])
                wrong(f"needs[{place}]", f'expected the id of an earlier item; got "{need}"{near}')
        _points_rules(table, tests, wrong)
        rubric = tuple(RubricLine(line.points, line.text) for line in table.rubric)
        submits = dict.fromkeys((*defined(known[answer].source), *map(_name_of, table.submits)))
        items.append(
            Item(
                table.id,
                table.title,
                Kind(table.kind),
                table.source,
                answer,
                tests,
                table.points,
                rubric,
                tuple(submits),
                tuple(table.needs),
                table.minutes,
            )
        )
    return tuple(items)


def _verify_words(folder: Path, tables: list[ItemTable], cells: tuple[Cell, ...]) -> None:
    """Cells that name an item name one that there is, and no two the same."""
    ids = [table.id for table in tables]
    seen: set[tuple[str, str]] = set()
    for cell in cells:
        for word, id in (("answer", cell.answers), ("tests", cell.tests)):
            if id and (id not in ids or (word, id) in seen):
                told = f'the only {word}="{id}"' if id in ids else f"the id of an item{meant(id, ids)}"
                raise AssignmentError(folder / cell.file, f"cell {cell.grade_id}", f'expected {told}; got "{id}"')
            seen.add((word, id))


def _name_of(signature: str) -> str:
    """`f` of "f(x, y)"."""
    return re.split(r"\W", signature.strip(), maxsplit=1)[0]


def _points_rules(table: ItemTable, tests: str | None, wrong: Callable[[str, str], NoReturn]) -> None:
    if table.kind != "manual":
        if tests is None:
            wrong("tests", f'expected a cell in notebook.py that begins with # %% tests="{table.id}"; there is none')
        if table.points is not None:
            wrong("points", "expected no points here: they are the sum over the item's checks")
        if table.rubric:
            wrong("rubric", "expected no rubric: only manual items have one")
        return
    if tests is not None:
        wrong("tests", "expected no tests: a person grades a manual item")
    if table.points is None:
        wrong("points", "expected the points of a manual item; the key is missing")
    total = sum(line.points for line in table.rubric)
    if not math.isclose(total, table.points):
        wrong("rubric", f"expected lines that add up to {table.points:g} points; they make {total:g}")


def _mistakes(folder: Path, items: tuple[Item, ...], cells: tuple[Cell, ...]) -> Iterator[Mistake]:
    for path, item in _declared(folder / "mistakes", ".toml", items):
        for key, table in read_mistakes(path).items():
            cell, solution = _answer(path, key, table.cell or item.answer, cells)
            for check in table.caught_by:
                if not check.isidentifier() or table.caught_by.count(check) > 1:
                    expected = f'expected names of different checks; got "{check}"'
                    raise AssignmentError(path, f"{key}.caught_by", expected)
            make = partial(edited, changes=table.change) if table.change else partial(redefined, code=table.code)
            code = make(path, key, solution)
            thinks, explain = " ".join(table.thinks.split()), " ".join(table.explain.split())
            yield Mistake(_name(item, key), path, item.id, cell, tuple(table.caught_by), thinks, explain, code)


def _alternatives(folder: Path, items: tuple[Item, ...], cells: tuple[Cell, ...]) -> Iterator[Alternative]:
    for path, item in _declared(folder / "alternatives", ".py", items):
        for other in read_alternatives(path):
            cell, solution = _answer(path, other.name, other.cell or item.answer, cells)
            code = other.code if other.whole else redefined(path, other.name, solution, other.code)
            others = {one.id for one in items} - {item.id}
            if strange := [id for id in other.apart if id not in others]:
                raise AssignmentError(path, f"{other.name}, apart", f"expected ids of other items; got {strange[0]!r}")
            yield Alternative(_name(item, other.name), path, item.id, cell, other.why, code, other.apart)


def _declared(folder: Path, suffix: str, items: tuple[Item, ...]) -> Iterator[tuple[Path, Item]]:
    """The files of declared answers, with the items they are named for."""
    graded = {item.id: item for item in items if item.kind is not Kind.MANUAL}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith((".", "__")) or path.name.endswith((".pyc", "~")):  # what tools leave there
            continue
        if path.suffix != suffix or path.name.removesuffix(suffix) not in graded:
            names = [id + suffix for id in graded]
            expected = f"expected the id of an item and {suffix}, one of {', '.join(names)}{meant(path.name, names)}"
            raise AssignmentError(path, "file name", expected)
        yield path, graded[path.name.removesuffix(suffix)]


def _answer(path: Path, key: str, cell: str, cells: tuple[Cell, ...]) -> tuple[str, str]:
    """An answer cell's grade_id, and the solution in it."""
    solutions = {cell.grade_id: cell.source for cell in cells if cell.type == "code" and cell.is_solution}
    if cell not in solutions:
        expected = f'expected one of {", ".join(solutions)}; got "{cell}"{meant(cell, solutions)}'
        raise AssignmentError(path, f"{key}.cell", expected)
    return cell, without_marks(solutions[cell])


def _name(item: Item, key: str) -> str:
    """What an answer is called where those of all items stand together."""
    return re.sub(r"[^0-9a-z]", "_", item.id.lower()) + "_" + key


def check_files(folder: Path) -> tuple[Path, ...]:
    """The files of an assignment that hold checks, or what checks share: checks.py, or those of the folder checks/."""
    inside = sorted((folder / CHECKS).glob("*.py"))
    alone = folder / f"{CHECKS}.py"
    if inside and alone.is_file():
        raise AssignmentError(alone, "file", f"expected either {CHECKS}.py or a folder {CHECKS}; there are both")
    return tuple(inside) or ((alone,) if alone.is_file() else ())
