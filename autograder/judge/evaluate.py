"""All checks of an assignment against one finished notebook: verdicts, errors carried forward, diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from autograder.errors import ProtocolError
from autograder.judge.fingerprint import Trace, diagnose
from autograder.judge.ports import Recorder, References
from autograder.judge.registry import Check
from autograder.judge.run import as_feedback, run_check
from autograder.judge.student import Port, Student
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status

OpenPort = Callable[[References], AbstractContextManager[Port]]


def evaluate(trusted: Trusted, open_port: OpenPort, seed: int, items: tuple[str, ...] = ()) -> tuple[CheckResult, ...]:
    """Run every check (of `items`, or all), each through a port of its own.

    Raises SandboxError when the machine fails; nothing a student does is raised."""
    results: dict[str, CheckResult] = {}
    traces: dict[str, Trace] = {}
    for check in trusted.checks:
        if items and check.item not in items:
            continue
        results[check.name], traces[check.name] = _once(check, open_port, seed)
    clean = {c.item for c in trusted.checks} - {r.item for r in results.values() if r.status is not Status.PASSED}
    for check in trusted.checks:
        result = results.get(check.name)
        if result is not None and result.status is Status.FAILED:
            results[check.name] = _carry_forward(trusted, check, result, open_port, seed, clean)
    return tuple(_explain(trusted, results, traces, seed).values())


def _once(
    check: Check, open_port: OpenPort, seed: int, references: References | None = None
) -> tuple[CheckResult, Trace]:
    """One check on a fresh port. A port that cannot be opened is the notebook's failure (ProtocolError)."""
    recorder = Recorder(None)
    try:
        with open_port(references or {}) as port:
            recorder.port = port
            student = Student(recorder)
            if references:
                student.replace(sorted(references))
            result = run_check(check, student, seed)
    except ProtocolError as error:
        feedback = as_feedback(error)
        assert feedback is not None
        result = CheckResult(
            check.name, check.item, Status.FAILED, 0.0, check.points, check.claim, feedback.message, feedback.hint,
            detail=str(error),
        )  # fmt: skip
    return result, Trace(result.status, recorder.replies)


def _carry_forward(
    trusted: Trusted, check: Check, result: CheckResult, open_port: OpenPort, seed: int, clean: set[str]
) -> CheckResult:
    """A failure that vanishes with the reference versions of earlier items is not charged a second time."""
    needed = trusted.assignment.item(check.item).needs
    if not needed or set(needed) <= clean:
        return result
    stand_ins = trusted.stand_ins(check.item)
    if not stand_ins:
        return result
    again, _ = _once(check, open_port, seed, stand_ins)
    if again.status is not Status.PASSED:
        return result
    return replace(again, carried=True, detail=f"passed with reference {', '.join(sorted(stand_ins))}; seed {seed}")


def _explain(
    trusted: Trusted, results: dict[str, CheckResult], traces: Mapping[str, Trace], seed: int
) -> dict[str, CheckResult]:
    """Put the explanation of a matching declared mistake on the failed checks of its item."""
    for item in trusted.assignment.items:
        checks = [c for c in trusted.checks_of(item.id) if c.name in results]
        if not any(results[c.name].status is Status.FAILED for c in checks):
            continue
        mistakes: list[tuple[str, dict[str, Any]]] = [
            (m.explain, trusted.with_mistake(m)) for m in trusted.mistakes_of(item.id)
        ]
        words = diagnose(checks, {c.name: traces[c.name] for c in checks}, mistakes, seed)
        for check in checks:
            if words and results[check.name].status is Status.FAILED:
                results[check.name] = replace(results[check.name], mistake=words)
    return results
