"""One item, or one check of it, tried in seconds and in this process: what `seq2grade try` shows an author.

The code that is tried is the author's own. Nothing isolates it and nothing bounds its time: that is what grading adds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.assignment import Alternative, Assignment, Item, Mistake
from autograder.audit.fork import quiet
from autograder.errors import AssignmentError, Seq2gradeError
from autograder.judge.evaluate import evaluate
from autograder.judge.ports import LocalPort, References
from autograder.judge.registry import Check
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Kind
from autograder.nearest import meant
from autograder.notebooks import read_notebook
from autograder.reference import at_work
from autograder.variants import without_marks

SOLUTION = "solution"


@dataclass(frozen=True)
class Tried:
    """`answer` says what stood in the place of the answer; `results` are the verdicts, explained as for a student."""

    item: Item
    answer: str
    results: tuple[CheckResult, ...]
    seed: int


def found(assignments: Sequence[Assignment], name: str) -> tuple[Trusted, Item]:
    """The item of that id, or the one that the check of that name belongs to; then that check is the only one.

    Raises Seq2gradeError when there is neither, or a person grades the item."""
    for assignment in assignments:
        item = next((item for item in assignment.items if item.id == name), None)
        if item is not None and item.kind is Kind.MANUAL:
            raise Seq2gradeError(f"a person grades {name}: it has no checks to try")
        if item is not None:
            return Trusted.load(assignment), item
    known = [item.id for one in assignments for item in one.items]
    for trusted in map(Trusted.load, assignments):
        for check in trusted.checks:
            if check.name == name:
                return _only(trusted, check), trusted.assignment.item(check.item)
        known += [check.name for check in trusted.checks]
    raise Seq2gradeError(f"no item and no check is called {name}{meant(name, known)}")


def _only(trusted: Trusted, check: Check) -> Trusted:
    """The same with one check. Mistakes that others catch would be run to explain it, and fit nothing."""
    mistakes = tuple(m for m in trusted.assignment.mistakes if check.name in m.caught_by or m.item != check.item)
    return Trusted(replace(trusted.assignment, mistakes=mistakes), (check,))


def answer_of(trusted: Trusted, item: Item, name: str = "", code: Path | None = None) -> Mistake | Alternative:
    """What is to stand in the place of the item's answer: the declared answer `name`, the text of the file `code` (of
    a notebook its answer cell), or the solution.

    Raises Seq2gradeError for a name that nobody declared, or a file that cannot be read."""
    assignment = trusted.assignment
    if code is not None:
        return Alternative(code.name, code, item.id, item.answer, "", _text(code, item))
    if not name or name == SOLUTION:
        source = without_marks(assignment.cell(item.answer).source)
        return Alternative(SOLUTION, assignment.file_of(item.answer), item.id, item.answer, "", source)
    declared: list[Mistake | Alternative] = [m for m in assignment.mistakes if m.item == item.id]
    declared += [a for a in assignment.alternatives if a.item == item.id]
    for one in declared:
        if name == one.name or one.name.endswith(f"_{name}"):
            return one
    names = [one.name for one in declared]
    raise Seq2gradeError(f"{item.id} has no answer {name}; it has {', '.join(names) or 'none'}{meant(name, names)}")


def _text(code: Path, item: Item) -> str:
    try:
        if code.suffix != ".ipynb":
            return without_marks(code.read_text(encoding="utf-8"))
        cells = read_notebook(code)["cells"]
    except (OSError, ValueError) as error:
        raise AssignmentError(code, "code", f"expected a file of Python, or a notebook; {error}") from error
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == item.answer:
            return without_marks("".join(cell["source"]))
    raise AssignmentError(code, "code", f"expected a notebook with the cell {item.answer}; it has none")


def attempt(trusted: Trusted, item: Item, answer: Mistake | Alternative, seed: int) -> Tried:
    """Judge the item with this answer in the place of its solution, on the inputs of this seed.

    Raises AssignmentError when the solution itself does not run."""
    with at_work(trusted.assignment), quiet():
        space = trusted.like(answer, item.id)
        results = evaluate(trusted, _ports(space), seed, (item.id,))
    return Tried(item, answer.name, results, seed)


def _ports(space: dict[str, Any]) -> Any:
    @contextlib.contextmanager
    def open_port(references: References, inline: bool = False) -> Iterator[LocalPort]:
        yield LocalPort(dict(space), references)

    return open_port
