"""The same question in seconds: every mistake and alternative in this very process, without sandbox or pipeline.

Declared code is our own, so it may run here. What this leaves out is what grading adds: forks, limits, the wire,
errors carried forward, and whether a student would read the explanation. For those there is the audit proper.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.judge.ports import LocalPort
from autograder.judge.registry import Check
from autograder.judge.run import run_check
from autograder.judge.student import Student
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status
from autograder.reference import at_work


@dataclass(frozen=True)
class QuickAudit:
    """`problems`: everything that is not as declared; `tried`: how many mistakes and alternatives were."""

    assignment: str
    tried: int
    problems: tuple[str, ...]


def quick_audit(trusted: Trusted, seed: int, done: Callable[[str], None] = lambda name: None) -> QuickAudit:
    """Hold each mistake against the checks that are said to catch it, each alternative against all of its item.

    A check that no mistake names is tried on the other mistakes of its item until one fails it.
    """
    with at_work(trusted.assignment):
        return _quick_audit(trusted, seed, done)


def _quick_audit(trusted: Trusted, seed: int, done: Callable[[str], None]) -> QuickAudit:
    assignment = trusted.assignment
    checks = {check.name: check for check in trusted.checks}
    idle = set(checks) - {name for mistake in assignment.mistakes for name in mistake.caught_by}
    problems: list[str] = []
    for mistake in assignment.mistakes:
        space = trusted.like(mistake)
        others = sorted(name for name in idle if checks[name].item == mistake.item)
        for name in (*mistake.caught_by, *others):
            result = _run(checks[name], space, seed)
            if result.status is Status.FAILED:
                idle.discard(name)
            elif name in mistake.caught_by or result.status is Status.COULD_NOT_CHECK:
                problems.append(f"{mistake.name}: {name} is {result.status.value} {result.detail}".rstrip())
        done(mistake.name)
    for alternative in assignment.alternatives:
        space = trusted.like(alternative)
        for check in trusted.checks_of(alternative.item):
            result = _run(check, space, seed)
            if result.status is not Status.PASSED:
                problems.append(f"{alternative.name}: {check.name}: {result.message} {result.detail}".rstrip())
        done(alternative.name)
    problems += [f"{name}: catches no declared mistake" for name in sorted(idle)]
    return QuickAudit(assignment.id, len(assignment.mistakes) + len(assignment.alternatives), tuple(problems))


def _run(check: Check, space: dict[str, Any], seed: int) -> CheckResult:
    with quiet():
        return run_check(check, Student(LocalPort(dict(space))), seed)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What an answer prints or warns of is not our business."""
    nowhere = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        warnings.simplefilter("ignore")
        yield
