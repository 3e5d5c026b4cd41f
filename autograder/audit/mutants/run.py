"""All of it for one assignment: mutants of each answer, tried where the reference stands in front of it."""

from __future__ import annotations

import ast
import itertools
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from autograder.assignment import Assignment
from autograder.audit.mutants import arithmetic, arrays, regimes, statements
from autograder.audit.mutants.edits import Mutant, mutants, sample
from autograder.audit.mutants.rank import Tried, ranked
from autograder.audit.mutants.trial import Stand
from autograder.judge.extent import asked_for, cells_needed
from autograder.judge.trusted import Trusted
from autograder.model import Kind
from autograder.reference import solution_cells, walk_reference
from autograder.variants import Equivalent, read_equivalents

TABLES = (arithmetic, arrays, statements, regimes)  # importing them fills the table
_HIDDEN = "### BEGIN HIDDEN TESTS"


@dataclass(frozen=True)
class Plan:
    """How many mutants an item, chosen by `seed`; at which seeds they are tried; `items`: only these. `name`: this
    mutant only, with every check at every seed."""

    count: int
    seeds: tuple[int, ...] = (1, 2, 3, 4)
    items: Collection[str] = ()
    seed: int = 0
    name: str = ""


@dataclass
class MutantAudit:
    """`made`: how many there are in all; `tried` those of the sample and what is recorded; `recorded` keys by item."""

    assignment: str
    seeds: int
    made: int = 0
    tried: list[Tried] = field(default_factory=list)
    recorded: dict[tuple[str, tuple[str, str, str]], Equivalent] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def survivors(self) -> tuple[Tried, ...]:
        """What an author has to look at: mend a check, or record it."""
        return tuple(one for one in ranked(self.tried) if (one.item, one.mutant.key) not in self.recorded)

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that must be put right."""
        return (*self.faults, *(f"{one.item}: {one.told}" for one in self.survivors))


def audit_mutants(trusted: Trusted, plan: Plan, done: Callable[[Tried], None] = lambda tried: None) -> MutantAudit:
    """Try the mutants of an assignment in forks of this process. `done` hears of each.

    Raises AssignmentError when the reference does not run."""
    assignment, found = trusted.assignment, MutantAudit(trusted.assignment.id, len(plan.seeds))
    cells = solution_cells(assignment)
    answers = [(place, cell) for place, (cell, _) in enumerate(cells) if _items(assignment, cell, plan.items)]
    places = dict(answers)

    def before(place: int, namespace: dict[str, Any]) -> None:
        if place in places:
            _answer(trusted, plan, place, cells, namespace, found, done)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a pool of threads does not survive a fork
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a name that was changed is not to be looked for elsewhere
    try:
        if answers:
            walk_reference(assignment, before, answers[-1][0] + 1)
    finally:
        torch.set_num_threads(threads)
    return found


def _items(assignment: Assignment, cell: str, wanted: Collection[str]) -> list[str]:
    return [item.id for item in assignment.items if item.answer == cell and item.kind is not Kind.MANUAL
            and (not wanted or item.id in wanted)]  # fmt: skip


def _answer(
    trusted: Trusted, plan: Plan, place: int, cells: Sequence[tuple[str, str]], namespace: dict[str, Any],
    found: MutantAudit, done: Callable[[Tried], None],
) -> None:  # fmt: skip
    assignment = trusted.assignment
    cell, source = cells[place]
    ids = _items(assignment, cell, plan.items)
    checks = tuple(check for id in ids for check in trusted.checks_of(id))
    defined = _defined(source)
    others = tuple(check for check in trusted.checks if check not in checks and asked_for(check) & defined)
    last = max(cells_needed(cells, (cell,), checks), *(_before_tests(assignment, id) for id in ids))
    end = max(last, cells_needed(cells, (cell,), others)) if others else last
    later, further = ([text for _, text in cells[begin:to]] for begin, to in ((place + 1, last), (last, end)))
    public = tuple(_public(assignment, id) for id in ids)
    stand = Stand(assignment, cell, source, tuple(later), public, checks, tuple(further), others, plan.seeds, namespace)
    known, seconds, problem = stand.reference()
    if problem:
        found.faults.append(f"{ids[0]}: {problem}")
        return
    made = mutants(source, stand.facts())
    records = _records(trusted, ids, source, made, found)
    chosen = dict.fromkeys([*sample(made, plan.count, plan.seed), *records])
    if plan.name:
        chosen = dict.fromkeys(mutant for mutant in made if mutant.name == plan.name)
    found.made += len(made)
    for mutant in chosen:
        tried = Tried(ids[0], mutant, stand.outcome(mutant.code, known, seconds, every=bool(plan.name)))
        found.tried.append(tried)
        if mutant in records and not tried.rank:
            found.faults.append(f"{ids[0]}: {mutant.name} is recorded as {records[mutant].kind}, and is caught: "
                                f"`{mutant.old}` -> `{mutant.new}`")  # fmt: skip
        done(tried)


def _defined(source: str) -> set[str]:
    """The functions and classes of an answer."""
    return {node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def _before_tests(assignment: Assignment, item: str) -> int:
    """How many cells of the reference stand in front of the public tests."""
    before = itertools.takewhile(lambda one: one.grade_id != assignment.item(item).tests, assignment.cells)
    ahead = replace(assignment, cells=tuple(before))
    return len(solution_cells(ahead))


def _public(assignment: Assignment, item: str) -> str:
    tests = assignment.item(item).tests
    return assignment.cell(tests).source.split(_HIDDEN)[0] if tests else ""


def _records(
    trusted: Trusted, ids: Sequence[str], source: str, made: Sequence[Mutant], found: MutantAudit
) -> dict[Mutant, Equivalent]:
    """What is recorded of these mutants. A record of something else is a fault of its own."""
    known = {mutant.key: mutant for mutant in made}
    records: dict[Mutant, Equivalent] = {}
    for id, record in _read(trusted.assignment, ids):
        mutant = known.get((record.where, record.mutant[0], record.mutant[1]))
        if mutant is None:
            found.faults.append(f"{id}: a record is stale, since no mutant of the solution is `{record.mutant[0]}` -> "
                                f"`{record.mutant[1]}`" + (f" in {record.where}" if record.where else ""))  # fmt: skip
        else:
            records[mutant] = record
            found.recorded[ids[0], mutant.key] = record
    return records


def _read(assignment: Assignment, ids: Sequence[str]) -> Iterator[tuple[str, Equivalent]]:
    for id in ids:
        path = assignment.folder / "mistakes" / f"{id}.toml"
        if path.is_file():
            yield from ((id, record) for record in read_equivalents(path))
