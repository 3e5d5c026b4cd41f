"""A foreign notebook into an assignment folder: read, write, prove each check with the solution, and only then keep it.

A check that its own solution fails, that passes for an answer nobody wrote, or that passes whatever comes back, is no
check: it is taken out again and listed, whole, with the reason.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import ID_PATTERN
from autograder.errors import AssignmentError, Seq2gradeError
from autograder.foreign.carry import Carried, carried
from autograder.foreign.cells import parsed, pictures
from autograder.foreign.from_nbgrader import is_nbgrader, read_nbgrader
from autograder.foreign.from_otter import is_otter, read_otter
from autograder.foreign.model import ANSWER, Foreign, Left, Question, Test
from autograder.foreign.prove import prove
from autograder.foreign.texts import Made, automatic, checks_text, notebook_text, todo_text, toml_text
from autograder.notebooks import source_of
from autograder.variants import defined
from autograder.words import grade_id_of

_CLAIM = "What the tests of this answer ask for holds"
_MOST = 20 * 2**20
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Brought:
    """What came of it. `points` of `worth` are graded: `by_checks` of them by checks, the others by a person."""

    folder: Path
    grader: str
    items: int
    checks: int
    points: float
    by_checks: float
    worth: float
    left: tuple[Left, ...]
    problems: tuple[str, ...]


def bring(path: Path, root: Path, id: str = "") -> Brought:
    """Make `root`/assignments/`id` from a source notebook of nbgrader's or a master notebook of otter's.

    Raises AssignmentError where the file or the id cannot be used, Seq2gradeError where the notebook says nothing
    that can be graded."""
    root = root.resolve()  # the solution runs in another folder
    id = id or re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    folder = root / "assignments" / id
    if not re.fullmatch(ID_PATTERN, id):
        raise AssignmentError(path, "id", f"expected a match of {ID_PATTERN}; got {id!r}: name one by --id")
    if os.path.lexists(folder):
        raise AssignmentError(folder, "id", "expected a new id; this folder exists and stays as it is")
    notebook, files = _opened(path)
    foreign = _read(path, notebook)
    files |= _beside(path, notebook)
    worth = sum(question.points for question in foreign.questions)
    checks, left = _carried(foreign)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{id}-", dir=folder.parent) as place:
        draft = Path(place) / "assignments" / id
        _write(draft, path.name, foreign, checks, files)
        refused, problems = prove(draft, checks)
        if refused:
            left += [_refused(check, refused[check.name]) for check in checks if check.name in refused]
            checks = [check for check in checks if check.name not in refused]
            shutil.rmtree(draft)
            _write(draft, path.name, foreign, checks, files)
            problems = prove(draft, checks)[1]
        problems = tuple(line.replace(str(draft), str(folder.relative_to(root))) for line in problems)
        left += _moved(foreign, checks)
        if left or problems:
            (draft / "TODO.md").write_text(todo_text(path.name, left, problems), encoding="utf-8")
        os.rename(draft, folder)
    checks = _whole(foreign, checks)
    by_checks = sum(check.points for check in checks)
    graded = automatic(checks)
    by_hand = sum(q.points for q in foreign.questions if q.id not in graded and q.points > 0)
    items = sum(question.points > 0 for question in foreign.questions)
    return Brought(
        folder, foreign.grader, items, len(checks), by_checks + by_hand, by_checks, worth, tuple(left), tuple(problems)
    )


def _opened(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The notebook in today's format, and the pictures that its cells hold."""
    try:
        notebook: Any = nbformat.read(str(path), as_version=4)
    except FileNotFoundError:
        raise AssignmentError(path, "file", "expected a notebook; there is none") from None
    except Exception as error:  # nbformat has exceptions of its own for each kind of damage
        raise AssignmentError(path, "file", f"expected a notebook; {str(error).splitlines()[0]}") from error
    files: dict[str, bytes] = {}
    for number, cell in enumerate(notebook["cells"], 1):
        cell["source"], inside = pictures(cell, source_of(cell), number)
        files |= inside
    return notebook, files


def _read(path: Path, notebook: dict[str, Any]) -> Foreign:
    if is_otter(notebook):
        foreign = read_otter(notebook)
    elif is_nbgrader(notebook):
        foreign = read_nbgrader(notebook)
    else:
        raise Seq2gradeError(
            f"{path}: expected nbgrader's source notebook (cells with nbgrader's metadata) or otter's master notebook "
            "(raw cells that begin with # BEGIN QUESTION); this is neither"
        )
    if not any(question.points > 0 for question in foreign.questions):
        raise Seq2gradeError(f"{path}: nothing in this notebook earns points, so there is nothing to grade")
    return foreign


def _beside(path: Path, notebook: dict[str, Any]) -> dict[str, bytes]:
    """The files in the notebook's folder that its text names."""
    text = "\n".join(source_of(cell) for cell in notebook["cells"])
    found = {}
    for file in sorted(path.parent.iterdir()):
        named = file.is_file() and not file.name.startswith(".") and file.suffix != ".ipynb" and file.name in text
        if named and file.stat().st_size <= _MOST:
            found[file.name] = file.read_bytes()
    return found


def _carried(foreign: Foreign) -> tuple[list[Made], list[Left]]:
    """A check for each test, as far as it goes."""
    sources = [block.source for block in foreign.blocks if block.kind == ANSWER and block.type == "code"]
    names = set().union(*map(defined, sources)) if sources else set()
    given = _imports([block.source for block in foreign.blocks if block.type == "code"])
    said = " ".join(block.source for block in foreign.blocks)
    checks: list[Made] = []
    left = list(foreign.left)
    for question in foreign.questions:
        for test in () if question.manual else question.tests:
            name = _name(question.id, len([c for c in checks if c.question == question.id]) + 1, said)
            found = carried(test.code, names, given, test.message)
            left += _behind(question, test, found)
            if found.expects and test.points > 0:
                checks.append(_made(name, question, test, found.says, found.body, found.imports))
            elif found.expects and test.hidden:
                left.append(Left(f"{question.id}: {test.name}", "a hidden test that earns nothing", test.code))
    return checks, left


def _behind(question: Question, test: Test, found: Carried) -> list[Left]:
    """What of a test stays behind: whole, where nothing of it was carried over."""
    if not found.left:
        return []
    why = "; ".join(dict.fromkeys(reason for reason, _ in found.left))
    lost = "\n".join(text for _, text in found.left) if found.expects else test.code
    told = "a part of a test stays behind" if found.expects else "a test stays behind"
    return [Left(f"{question.id}: {test.name}", f"{told}: {why}", lost)]


def _made(
    name: str, question: Question, test: Test, says: str, body: tuple[str, ...], imports: tuple[str, ...]
) -> Made:
    claim = (says or _CLAIM).rstrip(".") + "."
    return Made(name, question.id, test.name, test.points, claim, body, imports, test.code)


def _name(question: str, number: int, said: str) -> str:
    """What a check is called: a word that students read nowhere."""
    base = grade_id_of(question).lower().replace("-", "_")
    name = f"{base if base[0].isalpha() else 'item_' + base}_holds_{number}"
    while re.search(rf"\b{name}\b", said):
        name += "_here"
    return name


def _imports(sources: Sequence[str]) -> dict[str, str]:
    """Name -> the statement that imports it, of all cells."""
    found: dict[str, str] = {}
    for tree in map(parsed, sources):
        for node in tree.body if tree else ():
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    one = ast.Import([alias])
                    text = ast.unparse(one if isinstance(node, ast.Import) else _of(node, alias))
                    found[alias.asname or alias.name.split(".")[0]] = text
    return found


def _of(node: ast.ImportFrom, alias: ast.alias) -> ast.ImportFrom:
    return ast.ImportFrom(node.module, [alias], node.level)


def _moved(foreign: Foreign, checks: Sequence[Made]) -> list[Left]:
    """Where the points went of tests that became no check."""
    found = []
    for question in foreign.questions:
        own = [check for check in checks if check.question == question.id]
        missing = question.points - sum(check.points for check in own)
        if question.manual or missing < _ROUNDING:
            continue
        if own:
            largest = max(own, key=lambda check: check.points).name
            why = f"{missing:g} of its {question.points:g} points were those of lost tests; they stand at {largest} now"
        else:
            why = f"none of its tests became a check: a person grades it, for all of its {question.points:g} points"
        found.append(Left(question.id, why))
    return found


def _whole(foreign: Foreign, checks: Sequence[Made]) -> list[Made]:
    """The checks with the points of tests that stayed behind given to the largest check of the same question."""
    worth = {question.id: question.points for question in foreign.questions}
    result = list(checks)
    for id in dict.fromkeys(check.question for check in checks):
        own = [place for place, check in enumerate(result) if check.question == id]
        missing = worth[id] - sum(result[place].points for place in own)
        largest = max(own, key=lambda place: result[place].points)
        if missing > _ROUNDING:
            result[largest] = replace(result[largest], points=round(result[largest].points + missing, 6))
    return result


def _write(draft: Path, source: str, foreign: Foreign, checks: Sequence[Made], files: dict[str, bytes]) -> None:
    graded = automatic(checks)
    title = foreign.title or draft.name.replace("_", " ").capitalize()
    draft.mkdir(parents=True)
    texts = {
        "notebook.py": notebook_text(foreign, graded),
        "assignment.toml": toml_text(title, foreign, graded, source),
    }
    if checks:
        texts["checks.py"] = checks_text(draft.name, source, _whole(foreign, checks))
    for name, text in texts.items():
        (draft / name).write_text(text, encoding="utf-8", newline="\n")
    for name, data in files.items():
        (draft / "files").mkdir(exist_ok=True)
        (draft / "files" / name).write_bytes(data)


def _refused(check: Made, why: str) -> Left:
    told = "what is left of its tests" if "\n".join(check.body) else "its tests"
    return Left(f"{check.question}: {check.test}", f"{told} became no check: {why}", check.original)
