"""The matrix checks x mistakes, from grading every mistake and alternative as if a student had sent it in."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.assignment import Alternative, Assignment, Mistake
from autograder.audit.bundle import Bundle, Case, bundles, groups, share, without_figures
from autograder.fleet.local import grade_many
from autograder.model import Grade, Kind, Status, Submission
from autograder.notebooks import write_files
from autograder.pipeline import Course, Prepared

REFERENCE, BLANK = "the reference solution", "the blank release"


@dataclass(frozen=True)
class Row:
    """What happened to a case: `failed` checks and the score, in the items it may influence; `problem` "" when all
    is as declared; `diagnosed` when the student would read the very explanation of the mistake."""

    case: str
    kind: str
    item: str
    caught_by: tuple[str, ...]
    failed: tuple[str, ...]
    score: float
    max_score: float
    diagnosed: bool
    problem: str


@dataclass(frozen=True)
class Audit:
    """The result for one assignment. `idle`: checks that no declared mistake makes fail."""

    assignment: str
    checks: tuple[str, ...]
    rows: tuple[Row, ...]
    idle: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that must be put right; empty when the assignment is sharp and fair."""
        found = [f"{row.case}: {row.problem}" for row in self.rows if row.problem]
        return tuple(found + [f"{name}: catches no declared mistake" for name in self.idle])


def cases(assignment: Assignment, release: dict[str, Any], solution: dict[str, Any]) -> tuple[Case, ...]:
    """Reference, blank, and one case per declared mistake and alternative."""
    found = [Case(REFERENCE, "reference", "", solution), Case(BLANK, "blank", "", release)]
    found += [_mistake(m, solution) for m in assignment.mistakes]
    found += [_alternative(a, solution) for a in assignment.alternatives]
    return tuple(found)


def _mistake(mistake: Mistake, solution: dict[str, Any]) -> Case:
    m = mistake
    return Case(m.name, "mistake", m.item, solution, m.caught_by, m.explain, m.cell, m.code)


def _alternative(alternative: Alternative, solution: dict[str, Any]) -> Case:
    a = alternative
    return Case(a.name, "alternative", a.item, solution, cell=a.cell, code=a.code)


@dataclass(frozen=True)
class Trial:
    """How cases are graded: where, how many at a time, with which seed, and who is told of each."""

    course: Course
    assignment: str
    jobs: int = 0
    seed: int | None = None
    done: Callable[[str], None] = lambda name: None

    def grade(self, chosen: Sequence[Bundle]) -> dict[str, Grade]:
        """Write each bundle to a file and grade it like any other submission. Returns name -> grade."""
        grades: dict[str, Grade] = {}
        with tempfile.TemporaryDirectory(prefix="seq2grade-audit-") as folder:
            submissions = []
            files = self.course.prepare(self.assignment).assignment.handed_in()
            for number, bundle in enumerate(chosen):
                place = Path(folder) / str(number) / self.assignment
                path = place / f"{self.assignment}.ipynb"
                write_files(place, {} if bundle.blank else files)
                path.write_text(json.dumps(bundle.notebook()), encoding="utf-8")
                submissions.append(Submission(str(number), self.assignment, path))
            for grade in grade_many(self.course, submissions, self.jobs, self.seed):
                bundle = chosen[int(grade.student)]
                grades[bundle.name] = replace(grade, student=bundle.name)
                self.done(bundle.name)
        return grades

    def rows(self, chosen: Sequence[Bundle], groups_: Mapping[str, frozenset[str]]) -> dict[str, Row]:
        """Case name -> what happened to it. A bundle with a surprise in it is taken apart and tried again."""
        grades = self.grade(chosen)
        rows: dict[str, Row] = {}
        again: list[Bundle] = []
        for bundle in chosen:
            found = [judge_case(c, share(grades[bundle.name], groups_.get(c.item))) for c in bundle.members]
            if len(found) > 1 and any(row.problem for row in found):
                again += [Bundle((case,)) for case in bundle.members]
            else:
                rows |= {row.case: row for row in found}
        return {**rows, **self.rows(again, groups_)} if again else rows


def judge_case(case: Case, grade: Grade) -> Row:
    """Compare what happened with what was declared."""
    results = [c for item in grade.items for c in item.checks]
    failed = tuple(c.name for c in results if c.status is Status.FAILED)
    undecided = tuple(c.name for c in results if c.status is Status.COULD_NOT_CHECK)
    own = next((item for item in grade.items if item.id == case.item), None)
    diagnosed = bool(case.explain) and any(c.mistake == case.explain for c in results)
    problem = ""
    if grade.error:
        problem = f"{grade.error} {grade.sandbox if not grade.cells else ''}".strip()
    elif undecided:
        broken = next(c for c in results if c.name == undecided[0])
        problem = f"could not check {', '.join(undecided)}: {broken.detail}"
    elif case.kind == "mistake":
        missed = [name for name in case.caught_by if name not in failed]
        if missed:
            problem = f"not caught by {', '.join(missed)} (failed: {', '.join(failed) or 'nothing'})"
        elif own is None or own.score >= own.max_score:
            problem = "loses no points in its own item"
    elif case.kind == "blank":
        earned = [item.id for item in grade.items if item.score > 0]
        if earned:
            problem = f"earns points without any work: {', '.join(earned)}"
    elif grade.score < grade.max_score:
        told = "; ".join(f"{c.name}: {c.message} [{c.detail}]" for c in results if c.status is Status.FAILED)
        problem = f"does not get full marks: {told}"
    return Row(
        case.name, case.kind, case.item, case.caught_by, failed, grade.score, grade.max_score, diagnosed, problem
    )


def audit_assignment(
    course: Course, assignment: str, solution: dict[str, Any], jobs: int = 0, seed: int | None = None,
    done: Callable[[str], None] = lambda name: None, each: bool = False, chosen: Assignment | None = None,
) -> Audit:  # fmt: skip
    """Grade every case of an assignment, or those that `chosen` has; `each`: every one in a submission of its own.

    `done` hears the name of each submission. Pictures are not drawn: they take longer than all the rest, and a build
    has shown that they can be. Raises AssignmentError when the assignment is not built."""
    prepared = course.prepare(assignment)
    bare = replace(prepared, release=without_figures(prepared.release))
    tried = cases(chosen or prepared.assignment, bare.release, without_figures(solution))
    packed = tuple(Bundle((case,)) for case in tried) if each else bundles(prepared.assignment, tried)
    course.adopt(bare)
    try:
        found = Trial(course, assignment, jobs, seed, done).rows(packed, groups(prepared.assignment))
    finally:
        course.adopt(prepared)
    rows = tuple(found[case.name] for case in tried)
    caught = {name for row in rows if row.kind == "mistake" for name in row.failed}
    names = tuple(check.name for check in prepared.trusted.checks)
    return Audit(assignment, names, rows, tuple(name for name in names if name not in caught))


def verify_release(course: Course, prepared: Prepared, solution: dict[str, Any]) -> tuple[str, ...]:
    """What is wrong with a build: its solution must earn full marks, its release nothing. Empty when right."""
    course.adopt(prepared)
    chosen = [
        Bundle((Case(REFERENCE, "reference", "", solution),)),
        Bundle((Case(BLANK, "blank", "", prepared.release),)),
    ]
    rows = Trial(course, prepared.assignment.id).rows(chosen, {})
    problems = [f"{row.case} {row.problem}" for row in rows.values() if row.problem]
    if not any(item.kind is not Kind.MANUAL for item in prepared.assignment.items):
        problems.append("no item is automatically graded")
    return tuple(problems)
