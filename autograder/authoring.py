"""The text formats an author writes: percent notebooks and TOML."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from autograder.errors import AssignmentError
from autograder.model import Limits
from autograder.nearest import meant
from autograder.words import WORDS, in_a_word

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

T = TypeVar("T", bound=BaseModel)
NOTEBOOK = "notebook.py"
_JUPYTEXT_OWN = ("lines_to_next_cell", "cell_marker")
_NOT_JSON = "incorrectly_encoded_metadata"  # where jupytext puts what it could not read
_MARKER = re.compile(r"#\s*%%(?!%)")
_ALMOST_MARKER = re.compile(r"#.*\bnbgrader\s*=\s*\{|%%nbgrader\b")
_NBGRADER: dict[str, tuple[type, ...]] = {
    "cell_type": (str,), "checksum": (str,), "grade": (bool,), "grade_id": (str,), "locked": (bool,),
    "points": (int, float), "schema_version": (int,), "solution": (bool,), "task": (bool,),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cell of notebook.py: `type` is code, markdown or raw; `grade_id` is "" where there is none. `answers` or
    `tests` is the item whose answer or tests it holds, where one word said so: the build writes the rest. `line` is the
    one of `file` on which the source begins, 0 where that is not known."""

    type: str
    source: str
    grade_id: str = ""
    nbgrader: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    answers: str = ""
    tests: str = ""
    line: int = field(default=0, compare=False)
    file: str = field(default=NOTEBOOK, compare=False)

    @property
    def is_grade(self) -> bool:
        return bool(self.nbgrader.get("grade"))

    @property
    def is_solution(self) -> bool:
        return bool(self.nbgrader.get("solution"))

    @property
    def is_locked(self) -> bool:
        return bool(self.nbgrader.get("locked"))

    @property
    def points(self) -> float | None:
        value = self.nbgrader.get("points")
        return float(value) if isinstance(value, (int, float)) else None


def read_text(path: Path) -> str:
    """The text of an authored file. Raises AssignmentError when it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AssignmentError(path, "file", "expected a file; there is none") from None
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(path, "file", f"expected readable UTF-8 text; {error}") from error


def notebook_files(folder: Path) -> tuple[Path, ...]:
    """The text of a notebook: notebook.py, or the files of the folder notebook/ by the number in front."""
    alone, parts = folder / NOTEBOOK, sorted((folder / Path(NOTEBOOK).stem).glob("*.py"), key=_place)
    if parts and alone.is_file():
        raise AssignmentError(alone, "file", "expected either notebook.py or a folder notebook; there are both")
    for path in parts:
        if not path.name[0].isdigit():
            raise AssignmentError(path, "file name", "expected a number in front, which says where it comes")
    return tuple(parts) or (alone,)


def _place(path: Path) -> tuple[int, str]:
    digits = re.match(r"\d*", path.name)
    return int(digits[0]) if digits and digits[0] else 0, path.name


def read_cells(*paths: Path) -> tuple[Cell, ...]:
    """The cells of a percent-format notebook, in order; it may be several files, one after the other.

    Raises AssignmentError when a cell carries metadata that is not known (it would travel into the students'
    notebook) or when two cells share a grade_id.
    """
    cells: list[Cell] = []
    seen: set[str] = set()
    for path in paths:
        for cell in _read_file(path):
            if cell.grade_id and cell.grade_id in seen:
                told = "expected one cell of this grade_id"
                raise AssignmentError(path, f"cell {cell.grade_id}", _at(cell.line - 1) + told)
            seen.add(cell.grade_id)
            cells.append(cell)
    return tuple(cells)


def _read_file(path: Path) -> Iterator[Cell]:
    import jupytext  # costs a second of CPU, and a judge, which is given what was read, does without

    text = read_text(path)
    try:
        nodes = jupytext.reads(text, fmt="py:percent").cells
    except Exception as error:  # of whatever class: it reads YAML and validates notebooks, too
        raise AssignmentError(path, "cells", f"expected the percent format; {str(error).splitlines()[0]}") from error
    if not nodes:
        raise AssignmentError(path, "cells", "expected cells that begin with # %%; there are none")
    places = _places(text.splitlines(), nodes)
    file = path.name if path.name == NOTEBOOK else f"{path.parent.name}/{path.name}"
    for number, (node, line) in enumerate(zip(nodes, places, strict=True), start=1):
        yield replace(_cell(path, number, node, line), file=file)


def _places(lines: list[str], nodes: list[Any]) -> list[int]:
    """The line on which each cell's source begins, counted from 1; 0 where it is not found."""
    found: list[int] = []
    here = 0
    for node in nodes:
        wanted = node.source.splitlines()
        begins = (number for number in range(here, len(lines)) if _MARKER.match(lines[number]))
        place = next((number + 1 for number in begins if _stands_at(wanted, lines, number + 1, node.cell_type)), 0)
        found.append(place + 1 if place else 0)
        here = place + len(wanted) if place else here
    return found


def _stands_at(wanted: list[str], lines: list[str], place: int, type: str) -> bool:
    """Whether the file has the source there. Only of code each line is as it is in the cell; magics are commented."""
    there = lines[place : place + len(wanted)]
    if type != "code":
        return True
    return all(
        a == b or (b.startswith("#") and b.lstrip("# ") == a.lstrip("# ")) for a, b in zip(wanted, there, strict=False)
    ) and len(there) == len(wanted)


def _cell(path: Path, number: int, node: Any, line: int) -> Cell:
    metadata = {key: value for key, value in node.metadata.items() if key not in _JUPYTEXT_OWN}
    named = next((str(metadata[word]) for word in WORDS if word in metadata), "")

    def wrong(expected: str, place: int = line - 1) -> NoReturn:
        name = nbgrader.get("grade_id", "") if isinstance(nbgrader, dict) else ""
        raise AssignmentError(path, f"cell {name or named or number}", _at(place) + expected)

    nbgrader, tags = metadata.pop("nbgrader", {}), metadata.pop("tags", [])
    said = in_a_word(metadata, node.cell_type, bool(nbgrader), wrong)
    if _NOT_JSON in metadata:
        wrong(_json_problem(str(metadata[_NOT_JSON])))
    if metadata:
        key = min(metadata)
        title = metadata.get("title", metadata.get("region_name"))
        told = f"{key} {title!r}{meant(str(title), _TYPES)}" if title else f"{key}{meant(key, _KNOWN)}"
        wrong(f"expected a type or none, and then only {', '.join(_KNOWN)}; got {told}")
    _verify_nbgrader(nbgrader, wrong)
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        wrong(f'expected tags=["..."]; got {tags!r}')
    for offset, text in enumerate(node.source.splitlines() if node.cell_type == "code" else ()):
        if _ALMOST_MARKER.match(text):
            told = f"`{text[:20]}` looks like the beginning of a cell and is none: a cell begins with `# %% `"
            wrong(told, line + offset if line else 0)
    nbgrader, tags = {**nbgrader, **said.nbgrader}, [*said.tags, *tags]
    grade_id = nbgrader.get("grade_id", "")
    return Cell(node.cell_type, node.source, grade_id, nbgrader, tuple(tags), said.answers, said.tests, line)


def _verify_nbgrader(nbgrader: Any, wrong: Callable[[str], NoReturn]) -> None:
    for key, value in nbgrader.items() if isinstance(nbgrader, dict) else ():
        if key not in _NBGRADER:
            wrong(f"nbgrader has the unknown key {key!r}{meant(key, _NBGRADER)}")
        if type(value) not in _NBGRADER[key]:
            wrong(f"nbgrader: {key}: expected {_kinds(_NBGRADER[key])}; got {json.dumps(value, default=repr)}")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    if not isinstance(nbgrader, dict) or (nbgrader and not (isinstance(grade_id, str) and grade_id)):
        wrong("expected nbgrader={...} as JSON with a grade_id")


def _at(line: int) -> str:
    return f"line {line}: " if line > 0 else ""


_TYPES = ("[markdown]", "[raw]")
_KNOWN = (*WORDS, "grade_id", "tags", "nbgrader")


def _kinds(types: tuple[type, ...]) -> str:
    names = {bool: "true or false", str: "text", int: "a whole number", float: "a number"}
    return names[types[-1]]


def _json_problem(text: str) -> str:
    """Why jupytext could not read `key=value` on a cell's first line."""
    for begin in re.finditer(r"(\w+)\s*=\s*(?=[\[{\"'])", text):
        try:
            json.JSONDecoder().raw_decode(text, begin.end())
        except json.JSONDecodeError as error:
            at = text[error.pos : error.pos + 20] or "its end"
            quotes = "; JSON writes text in double quotes" if "'" in text else ""
            return f"expected {begin[1]}=... as JSON; {error.msg} at `{at}`{quotes}"
    return f"expected key=value with the value as JSON; got {text}"


# The texts below the keys are their descriptions in docs/reference/assignment-toml.md.
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
_Text = Annotated[str, Field(min_length=1)]


class RubricTable(BaseModel):
    """One entry of `rubric` in assignment.toml."""

    model_config = _STRICT
    points: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """What this line is worth. The lines of a rubric add up to the item's points."""
    text: _Text
    """What earns them, for whoever grades; students read it once they have been graded."""


class ItemTable(BaseModel):
    """One entry of `items` in assignment.toml."""

    model_config = _STRICT
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """What cells, checks and commands call it. No two items of an assignment share one."""
    title: _Text
    """What students and reports call it."""
    kind: Literal["code", "choice", "number", "manual"]
    """Who decides: `manual` a person, the others checks. The answers of `choice` and `number` are kept out of all that
    students receive, in whatever form they are written."""
    source: _Text
    """Where the question comes from, or "own exercise"."""
    answer: _Text | None = None
    """The grade_id of the answer's cell; needed only where no cell says `answer="ID"`."""
    tests: _Text | None = None
    """The grade_id of the cell with its public tests; needed only where no cell says `tests="ID"`."""
    points: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Of a manual item. The points of the others are the sum over their checks."""
    minutes: Annotated[int, Field(gt=0)] | None = None
    """How long it takes a student, about; shown with the task."""
    rubric: list[RubricTable] = []
    """By what a person grades a manual item."""
    submits: list[_Text] = []
    """Names that answer it, beside those that its solution defines."""
    needs: list[_Text] = []
    """Earlier items whose functions it may call. A failure that comes from them is not charged twice."""


class AttemptsTable(BaseModel):
    """`attempts` in assignment.toml or course.toml: see autograder/attempts.py."""

    model_config = _STRICT
    per_day: Annotated[int, Field(gt=0)] | None = None
    """How many attempts of one student are graded within 24 hours."""
    wait_minutes: Annotated[float, Field(gt=0, le=7 * 24 * 60)] | None = None
    """How long after an attempt the next one is graded."""


class CourseTable(BaseModel):
    """What course.toml says beside [course], which autograder/build/site.py reads."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)
    attempts: AttemptsTable | None = None


class AssignmentTable(BaseModel):
    """The whole of assignment.toml."""

    model_config = _STRICT
    title: _Text
    """What students and reports call the assignment."""
    summary: _Text
    """One sentence about it, for lists of assignments."""
    minutes: Annotated[int, Field(gt=0)]
    """How long all of it takes a student, about; at least what its items take together."""
    device: Literal["auto", "cpu", "cuda"] = "cpu"
    """What build, audit and grading compute on; `auto` is a GPU where there is one. `--device` wins."""
    due: AwareDatetime | None = None
    """When it is due, without quotes: `2026-12-01T23:59:00+01:00`."""
    models: list[Literal["smollm2", "small"]] = []
    """Language models of the kit that are opened once, before the forks of submissions."""
    limits: dict[str, int | float] = {}
    """What a submission may use: see below."""
    attempts: AttemptsTable | None = None
    """How often a student may be graded: see below. It stands before what course.toml says for the whole course."""
    items: Annotated[list[ItemTable], Field(min_length=1)]
    """The questions, in the order in which they are graded: see below."""


_KEYS = {
    "": frozenset(AssignmentTable.model_fields),
    "items": frozenset(ItemTable.model_fields),
    "rubric": frozenset(RubricTable.model_fields),
    "attempts": frozenset(AttemptsTable.model_fields),
}


def read_data(path: Path) -> dict[str, Any]:
    """What a TOML file says. Raises AssignmentError when it is missing or no TOML."""
    try:
        data: dict[str, Any] = tomllib.loads(read_text(path))
        return data
    except tomllib.TOMLDecodeError as error:
        raise AssignmentError(path, "syntax", f"expected TOML; {error}") from error


def read_table(path: Path, model: type[T], keys: Collection[str] = ()) -> T:
    """A TOML file as the model says it should be; `keys` are those of tables that have names of their own.

    Raises AssignmentError for the first wrong value, naming its key."""
    try:
        return model.model_validate(read_data(path))
    except ValidationError as error:
        # a misspelt key is also one that is missing: the one that is there says more
        first = min(error.errors(), key=lambda one: "did you mean" not in _expected(one, keys))
        raise AssignmentError(path, _dotted(first["loc"]), _expected(first, keys)) from None


def read_toml(path: Path) -> AssignmentTable:
    """The validated content of an assignment.toml, each value checked by itself.

    Raises AssignmentError for the first wrong value, naming its key as in items[2].kind.
    """
    table = read_table(path, AssignmentTable)
    defaults = asdict(Limits())
    for name, value in table.limits.items():
        if name not in defaults:
            known = ", ".join(sorted(defaults))
            raise AssignmentError(path, f"limits.{name}", f"unknown key; expected only {known}{meant(name, defaults)}")
        whole = isinstance(defaults[name], int)
        if not 0 < value < math.inf or (whole and not isinstance(value, int)):
            kind = "whole number" if whole else "number"
            raise AssignmentError(path, f"limits.{name}", f"expected a {kind} above 0; got {value}")
    return table


def _dotted(loc: tuple[int | str, ...]) -> str:
    # pydantic marks a table's own name that does not match by a last part "[key]"
    parts = [part for part in loc if part != "[key]"]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _expected(error: ErrorDetails, keys: Collection[str] = ()) -> str:
    if error["type"] == "missing":
        return "expected a value; the key is missing"
    if error["type"] == "extra_forbidden":
        table = next((part for part in reversed(error["loc"][:-1]) if isinstance(part, str)), "")
        known = _KEYS.get(table, keys)
        told = f"unknown key; expected only {', '.join(sorted(known))}" if known else "unknown key"
        return told + meant(str(error["loc"][-1]), known)
    got = json.dumps(error["input"], default=str, ensure_ascii=False)
    if error["loc"] == ("due",):
        return f"expected date, time and offset without quotes, as in due = 2026-12-01T23:59:00+01:00; got {got}"
    if error["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return f"expected one of {', '.join(choices)}; got {got}"
    return f"{re.sub(r'^[A-Z][a-z]+ should (be|have|match) ', 'expected ', error['msg'])}; got {got}"
