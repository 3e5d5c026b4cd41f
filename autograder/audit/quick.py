"""The same question in seconds: every mistake and alternative without sandbox or pipeline.

The reference runs once; each case goes on from where its answer stands, in a fork, with its own answer instead.
Declared code is our own, so it may run here. What this leaves out is what grading adds: limits, the wire, errors
carried forward, and whether a student would read the explanation. For those there is the audit proper.
"""

from __future__ import annotations

import platform
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch

from autograder.assignment import Alternative, Mistake
from autograder.audit.fork import in_fork, quiet
from autograder.judge import budget
from autograder.judge.extent import cells_needed
from autograder.judge.ports import LocalPort
from autograder.judge.registry import Check
from autograder.judge.run import run_check
from autograder.judge.student import Student
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status
from autograder.reference import at_work, cells_with, go_on_with, solution_cells, walk_reference
from autograder.sandbox.hugepages import collapse

_SECONDS = 240.0  # of the processor, for one case
Case = Mistake | Alternative
Verdicts = dict[str, tuple[str, str, str]]
"""Check name -> status, message, detail."""


@dataclass(frozen=True)
class QuickAudit:
    """`problems`: everything that is not as declared; `tried`: how many mistakes and alternatives were."""

    assignment: str
    tried: int
    problems: tuple[str, ...]


def quick_audit(
    trusted: Trusted, seed: int, done: Callable[[str], None] = lambda name: None,
    chosen: Sequence[Case] | None = None, seeds: int = 1,
) -> QuickAudit:  # fmt: skip
    """Hold each mistake against the checks that are said to catch it, each alternative against all of its item.
    `chosen`: those to try, instead of all. `seeds`: with how many inputs, from `seed` on, a mistake has to be caught
    each time and an alternative has to pass.

    A check that no mistake names is tried on the other mistakes of its item until one fails it.
    """
    audit = _Audit(trusted, seed, done, seeds)
    assignment = trusted.assignment
    cases: Sequence[Case] = (*assignment.mistakes, *assignment.alternatives) if chosen is None else chosen
    if platform.system() == "Linux":
        audit.in_forks(cases)
    else:
        with at_work(assignment):
            for case in cases:
                audit.judge(case, audit.verdicts(case, trusted.like(case), audit.wanted(case)))
    problems = [problem for case in cases for problem in audit.problems[case.name]]
    problems += [f"{name}: catches no declared mistake" for name in sorted(audit.idle)]
    return QuickAudit(assignment.id, len(cases), tuple(problems))


def judged(check: Check, space: dict[str, Any], seed: int) -> CheckResult:
    """What a check says of the names of a notebook, in this process."""
    with quiet():
        return run_check(check, Student(LocalPort(dict(space))), seed)


def few(trusted: Trusted) -> list[Case]:
    """Some of an assignment's cases: as few mistakes as it takes that each check has one that it has to catch, those
    of most checks first, and every sixth alternative with the first of each item. Where no mistake names a check, all
    that could make it fail."""
    mistakes = trusted.assignment.mistakes
    left = {name for mistake in mistakes for name in mistake.caught_by}
    idle = {check.item for check in trusted.checks if check.name not in left}
    taken = [mistake for mistake in mistakes if mistake.item in idle]
    left.difference_update(name for mistake in taken for name in mistake.caught_by)
    while left:
        best = max(mistakes, key=lambda mistake: len(left.intersection(mistake.caught_by)))
        taken.append(best)
        left.difference_update(best.caught_by)
    chosen: list[Case] = [mistake for mistake in mistakes if mistake in taken]
    met = set[str]()
    for place, alternative in enumerate(trusted.assignment.alternatives):
        if place % 6 == 0 or alternative.item not in met:
            met.add(alternative.item)
            chosen.append(alternative)
    return chosen


@dataclass
class _Audit:
    trusted: Trusted
    seed: int
    done: Callable[[str], None]
    seeds: int = 1
    problems: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.checks = {check.name: check for check in self.trusted.checks}
        named = {name for mistake in self.trusted.assignment.mistakes for name in mistake.caught_by}
        self.idle = set(self.checks) - named

    def in_forks(self, cases: Sequence[Case]) -> None:
        """Run the reference, and try in front of each answer what is declared in its place."""
        assignment = self.trusted.assignment
        places = {grade_id: place for place, (grade_id, _) in enumerate(solution_cells(assignment)) if grade_id}
        here: dict[int, list[Case]] = defaultdict(list)
        for case in cases:
            cells_with(assignment, case.cell, case.code)  # raises where there is no such cell
            here[places[case.cell]].append(case)
        memory = min(budget.MEMORY, assignment.limits.memory_mb * 2**20)  # as where it is graded
        torch.set_num_threads(1)  # a pool of threads does not survive a fork
        self._warm()

        def before(place: int, namespace: dict[str, Any]) -> None:
            for case in here.get(place, ()):
                names = self.wanted(case)
                work = partial(self._tried, case, place, namespace, names)
                ended = in_fork(work, _SECONDS, memory)
                self.judge(case, ended.data, ended.why)

        walk_reference(assignment, before, max(here, default=-1) + 1, go_on=True)

    def _warm(self) -> None:
        """Run every check on the reference once, and read its cells: what is kept of that is at hand in each fork."""
        with at_work(self.trusted.assignment):
            space = walk_reference(self.trusted.assignment, lambda place, namespace: None, go_on=True)
            for seed in range(self.seed, self.seed + self.seeds):
                for check in self.trusted.checks:
                    judged(check, space, seed)
        cells = solution_cells(self.trusted.assignment)
        for item in self.trusted.assignment.items:
            cells_needed(cells, (), self.trusted.checks_of(item.id))
        collapse()

    def _tried(self, case: Case, place: int, namespace: dict[str, Any], names: Sequence[str]) -> Verdicts:
        assignment = self.trusted.assignment
        cells = cells_with(assignment, case.cell, case.code)
        wanted = (case.cell, assignment.item(case.item).answer)
        first = cells_needed(cells, wanted, self.trusted.checks_of(case.item))
        go_on_with(assignment, cells[place:first], namespace)
        return self.verdicts(case, namespace, names)

    def wanted(self, case: Case) -> list[str]:
        """The names of the checks that the case is held against."""
        if isinstance(case, Alternative):
            return [check.name for check in self.trusted.checks_of(case.item)]
        others = sorted(name for name in self.idle if self.checks[name].item == case.item)
        return list(dict.fromkeys((*case.caught_by, *others)))

    def verdicts(self, case: Case, space: dict[str, Any], names: Sequence[str]) -> Verdicts:
        """What the checks say of a namespace."""
        return {name: self._verdict(case, self.checks[name], space) for name in names}

    def _verdict(self, case: Case, check: Check, space: dict[str, Any]) -> tuple[str, str, str]:
        """Of the first inputs with which it is not as declared, or else of the first."""
        wanted = Status.PASSED if isinstance(case, Alternative) else Status.FAILED
        declared = isinstance(case, Alternative) or check.name in case.caught_by
        first: tuple[str, str, str] | None = None
        for seed in range(self.seed, self.seed + (self.seeds if declared else 1)):
            result = judged(check, space, seed)
            detail = result.detail if seed == self.seed else f"with seed {seed} {result.detail}".rstrip()
            found = (result.status.value, result.message, detail)
            if result.status is not wanted:
                return found
            first = first or found
        assert first is not None
        return first

    def judge(self, case: Case, verdicts: Verdicts | None, why: str = "") -> None:
        """Note what is not as declared."""
        found = self.problems[case.name]
        if verdicts is None or "broken" in verdicts:
            found.append(f"{case.name}: could not be tried: {why or (verdicts or {})['broken']}")
            verdicts = {}
        for name, (status, message, detail) in verdicts.items():
            if isinstance(case, Alternative):
                if status != Status.PASSED.value:
                    found.append(f"{case.name}: {name}: {message} {detail}".rstrip())
            elif status == Status.FAILED.value:
                self.idle.discard(name)
            elif name in case.caught_by or status == Status.COULD_NOT_CHECK.value:
                found.append(f"{case.name}: {name} is {status} {detail}".rstrip())
        self.done(case.name)
