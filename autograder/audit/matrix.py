"""The matrix checks x mistakes, from grading every mistake and alternative as if a student had sent it in."""

from __future__ import annotations

import json
import math
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.assignment import Alternative, Assignment, Mistake
from autograder.audit.blunt import blunt_checks
from autograder.audit.bundle import Bundle, Case, bundles, groups, share, without_figures
from autograder.audit.witness import Witness
from autograder.build import verify_layout
from autograder.build.outputs import Outputs
from autograder.course import Course, Prepared
from autograder.fleet.local import grade_many
from autograder.judge import budget
from autograder.model import CheckResult, Grade, Kind, Status, Submission
from autograder.notebooks import write_files
from autograder.pipeline import Onlooker
from autograder.request import TOO_MUCH

_RIGHT = ("reference", "alternative")
REFERENCE, BLANK = "the reference solution", "the blank release"


@dataclass(frozen=True)
class Row:
    """What happened to a case: `failed` checks and the score, in the items it may influence; `problem` "" when all
    is as declared; `diagnosed` when the student would read the very explanation of the mistake. `also` are further
    problems, of right work: cells that do not run, checks that fail at some seeds."""

    case: str
    kind: str
    item: str
    caught_by: tuple[str, ...]
    failed: tuple[str, ...]
    score: float
    max_score: float
    diagnosed: bool
    problem: str
    also: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """All of them, the cause before what may follow from it."""
        return tuple(line for line in (*self.also, self.problem) if line)


@dataclass(frozen=True)
class Audit:
    """The result for one assignment. `idle`: checks that no declared mistake makes fail; `blunt`: checks that cannot
    fail, and why; `seeds`: at how many right work was judged."""

    assignment: str
    checks: tuple[str, ...]
    rows: tuple[Row, ...]
    idle: tuple[str, ...]
    blunt: tuple[str, ...] = ()
    seeds: int = 1

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that must be put right; empty when the assignment is sharp and fair."""
        found = told_once([(row.case, line) for row in self.rows for line in row.problems], ": ")
        return (*found, *self.blunt, *(f"{name}: catches no declared mistake" for name in self.idle))


def told_once(problems: Sequence[tuple[str, str]], between: str) -> tuple[str, ...]:
    """(case, problem) as lines; a problem that several cases have stands there once."""
    cases: dict[str, list[str]] = {}
    for case, problem in problems:
        cases.setdefault(problem, []).append(case)
    return tuple(
        f"{names[0]}{between}{problem}" + (f" (and so for {_listed(names[1:])})" if len(names) > 1 else "")
        for problem, names in cases.items()
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def cases(
    assignment: Assignment, release: dict[str, Any], solution: dict[str, Any], whole: dict[str, Any] | None = None
) -> tuple[Case, ...]:
    """Reference (`whole`, or `solution`), blank, and one case per declared mistake and alternative in `solution`."""
    found = [Case(REFERENCE, "reference", "", whole or solution), Case(BLANK, "blank", "", release)]
    found += [_mistake(m, solution) for m in assignment.mistakes]
    found += [_alternative(a, solution) for a in assignment.alternatives]
    return tuple(found)


def _mistake(mistake: Mistake, solution: dict[str, Any]) -> Case:
    m = mistake
    return Case(m.name, "mistake", m.item, solution, m.caught_by, m.explain, m.cell, m.code)


def _alternative(alternative: Alternative, solution: dict[str, Any]) -> Case:
    a = alternative
    return Case(a.name, "alternative", a.item, solution, cell=a.cell, code=a.code, apart=a.apart)


@dataclass(frozen=True)
class Trial:
    """How cases are graded: where, how many at a time, with which seed, and who is told of each. Right work is judged
    at `seeds` in all, as long as the further ones take no more than `seconds`."""

    course: Course
    assignment: str
    jobs: int = 0
    seed: int = 0
    done: Callable[[str], None] = lambda name: None
    seeds: int = 1
    seconds: float = math.inf
    witnesses: dict[str, Witness] = field(default_factory=dict)

    def grade(self, chosen: Sequence[Bundle]) -> dict[str, Grade]:
        """Write each bundle to a file and grade it like any other submission. Returns name -> grade."""
        grades: dict[str, Grade] = {}

        def onlooker(submission: Submission) -> Onlooker:
            return self.witnesses.get(chosen[int(submission.student)].name, Onlooker())

        with tempfile.TemporaryDirectory(prefix="seq2grade-audit-") as folder:
            submissions = []
            files = self.course.prepare(self.assignment).assignment.handed_in()
            for number, bundle in enumerate(chosen):
                if bundle.members[0].kind in _RIGHT:
                    self.witnesses[bundle.name] = self._witness(bundle.members[0].kind == "reference")
                place = Path(folder) / str(number) / self.assignment
                path = place / f"{self.assignment}.ipynb"
                write_files(place, {} if bundle.blank else files)
                path.write_text(json.dumps(bundle.notebook()), encoding="utf-8")
                submissions.append(Submission(str(number), self.assignment, path, ours=True))
            for grade in grade_many(self.course, submissions, self.jobs, self.seed, onlooker=onlooker):
                bundle = chosen[int(grade.student)]
                grades[bundle.name] = replace(grade, student=bundle.name)
                self.done(bundle.name)
        return grades

    def _witness(self, must_run: bool) -> Witness:
        assignment = self.course.prepare(self.assignment).assignment
        further = range(self.seed + 1, self.seed + self.seeds)
        return Witness(assignment, self.seed, further, self.seconds, must_run)

    def rows(self, chosen: Sequence[Bundle], groups_: Mapping[str, frozenset[str]]) -> dict[str, Row]:
        """Case name -> what happened to it. A bundle with a surprise in it is taken apart and tried again."""
        grades = self.grade(chosen)
        rows: dict[str, Row] = {}
        again: list[Bundle] = []
        for bundle in chosen:
            witness = self.witnesses.get(bundle.name)
            found = []
            for case in bundle.members:
                group = groups_.get(case.item)
                items = None if group is None else group.difference(case.apart)
                row = judge_case(case, share(grades[bundle.name], items))
                found.append(row if witness is None else attested(row, witness, items))
            if len(found) > 1 and any(row.problems for row in found):
                again += [Bundle((case,)) for case in bundle.members]
            else:
                rows |= {row.case: row for row in found}
        return {**rows, **self.rows(again, groups_)} if again else rows

    def blunt(self, prepared: Prepared) -> tuple[str, ...]:
        """The checks that cannot fail, of those that the reference passes (others are told anyway, or hang)."""
        results = self.witnesses[REFERENCE].verdicts.get(self.seed, ())
        passed = {result.name for result in results if result.status is Status.PASSED}
        return blunt_checks(self.course, prepared, passed) if passed else ()


def attested(row: Row, witness: Witness, items: frozenset[str] | None) -> Row:
    """The row with what its witness saw. Where the notebook does not run, what follows from that is left out."""
    also = (*witness.cells, *witness.unsteady(items), *((witness.broken,) if witness.broken else ()))
    judged = witness.verdicts and not (witness.cells and row.score == 0)
    return replace(row, also=also, problem=row.problem if judged or not also else "")


def judge_case(case: Case, grade: Grade) -> Row:
    """Compare what happened with what was declared."""
    results = [c for item in grade.items for c in item.checks]
    failed = tuple(c.name for c in results if c.status is Status.FAILED)
    undecided = tuple(c.name for c in results if c.status is Status.COULD_NOT_CHECK or c.odd)
    own = next((item for item in grade.items if item.id == case.item), None)
    diagnosed = bool(case.explain) and any(c.mistake == case.explain for c in results)
    problem = ""
    if grade.error:
        problem = f"{grade.error} {grade.sandbox if not grade.cells else ''}".strip()
    elif undecided:
        broken = next(c for c in results if c.name == undecided[0])
        problem = f"could not check {', '.join(undecided)}: {in_brief(broken.detail)}"
    elif case.kind == "mistake":
        missed = [name for name in case.caught_by if name not in failed]
        if missed:
            problem = f"not caught by {', '.join(missed)} (failed: {', '.join(failed) or 'nothing'})"
        elif own is None or own.score >= own.max_score:
            problem = "loses no points in its own item"
        elif foreign := next((c for c in results if c.mistake not in ("", case.explain)), None):
            problem = f"reads at {foreign.name} what is explained about another mistake: {foreign.mistake}"
    elif case.kind == "blank":
        earned = [
            f"{item.id} ({', '.join(c.name for c in item.checks if c.status is Status.PASSED)})"
            for item in grade.items if item.score > 0
        ]  # fmt: skip
        if earned:
            problem = f"earns points without any work: {', '.join(earned)}"
    elif grade.score < grade.max_score:
        told = "; ".join(map(_refusal, (c for c in results if c.status is Status.FAILED)))
        problem = f"does not get full marks: {told}"
    return Row(
        case.name, case.kind, case.item, case.caught_by, failed, grade.score, grade.max_score, diagnosed, problem
    )


def _refusal(result: CheckResult) -> str:
    if result.message == TOO_MUCH:
        seconds, waiting = budget.CHECK_SECONDS, budget.IDLE_SECONDS
        return (f"{result.name} did not come to its end: a check may compute for {seconds:.0f} s and wait for "
                f"{waiting:.0f} s [{in_brief(result.detail)}]")  # fmt: skip
    return f"{result.name}: {result.message} [{in_brief(result.detail)}]"


def in_brief(detail: str) -> str:
    """What the instructor reads of an exception: the exception, and the author's line that it came from."""
    if '  File "' not in detail:
        return "; ".join(detail.splitlines())
    lines = detail.strip().splitlines()
    places = re.findall(r'  File "([^"]*)", line (\d+)', detail)
    authored = [(file, line) for file, line in places if f"{os.sep}assignments{os.sep}" in file] or places
    last = next((line for line in reversed(lines) if re.match(r"[A-Za-z_][\w.]*(:|$)", line)), lines[-1])
    return f"{last} ({Path(authored[-1][0]).name}, line {authored[-1][1]})" if authored else last


def audit_assignment(
    course: Course, assignment: str, solution: dict[str, Any], jobs: int = 0, seed: int | None = None,
    done: Callable[[str], None] = lambda name: None, each: bool = False, chosen: Assignment | None = None,
    seeds: int = 1,
) -> Audit:  # fmt: skip
    """Grade every case of an assignment, or those that `chosen` has; `each`: every one in a submission of its own;
    `seeds`: at how many the reference and every alternative are judged.

    `done` hears the name of each submission. Only the reference draws pictures: they take longer than all the rest.
    Raises AssignmentError when the assignment is not built."""
    prepared = course.prepare(assignment)
    verify_layout(prepared.assignment)
    bare = replace(prepared, release=without_figures(prepared.release))
    tried = cases(chosen or prepared.assignment, bare.release, without_figures(solution), solution)
    trial = Trial(course, assignment, jobs, secrets.randbits(31) if seed is None else seed, done, seeds)
    packed = tuple(Bundle((case,)) for case in tried) if each else bundles(prepared.assignment, tried)
    course.adopt(bare)
    try:
        found = trial.rows(packed, groups(prepared.assignment))
        blunt = trial.blunt(bare)
    finally:
        course.adopt(prepared)
    rows = tuple(found[case.name] for case in tried)
    caught = {name for row in rows if row.kind == "mistake" for name in row.failed}
    names = tuple(check.name for check in prepared.checks)
    return Audit(assignment, names, rows, tuple(name for name in names if name not in caught), blunt, seeds)


@dataclass(frozen=True)
class Verified:
    """What is wrong with a build, empty when nothing is; at how many `seeds` its solution was judged, and what that
    showed."""

    problems: tuple[str, ...]
    seeds: int
    outputs: Outputs = field(default_factory=dict)


def verify_release(course: Course, prepared: Prepared, solution: dict[str, Any]) -> tuple[str, ...]:
    """What is wrong with a build, by the inputs of one seed. Empty when right."""
    return verify(course, prepared, solution).problems


def verify(
    course: Course, prepared: Prepared, solution: dict[str, Any], seeds: int = 1, seconds: float = math.inf
) -> Verified:
    """A build must prove itself: its solution runs and earns full marks at each of `seeds`, its release earns nothing,
    and each check can fail. Seeds after the first are left out when they take longer than `seconds`."""
    course.adopt(prepared)
    chosen = [
        Bundle((Case(REFERENCE, "reference", "", solution),)),
        Bundle((Case(BLANK, "blank", "", prepared.release),)),
    ]
    trial = Trial(course, prepared.assignment.id, seed=secrets.randbits(31), seeds=seeds, seconds=seconds)
    rows = trial.rows(chosen, {})
    problems = told_once([(row.case, line) for row in rows.values() for line in row.problems], " ")
    if not any(item.kind is not Kind.MANUAL for item in prepared.assignment.items):
        problems = (*problems, "no item is automatically graded")
    witness = trial.witnesses[REFERENCE]
    return Verified((*problems, *trial.blunt(prepared)), max(1, len(witness.verdicts)), witness.outputs)
