"""All checks of an assignment against one finished notebook: verdicts, errors carried forward, diagnosis.

A fork of a process that has torch loaded costs some 15 ms of CPU, so checks share one as long as they pass. A
check that fails in a fork that served others before is run again in a fresh one, and only that verdict counts:
no check can make another fail, and a hang or a crash costs one check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from autograder.errors import ChannelTimeout, Feedback, ProtocolError
from autograder.judge.fingerprint import Trace, diagnose
from autograder.judge.ports import Recorder, References
from autograder.judge.registry import Check
from autograder.judge.run import as_feedback, run_check
from autograder.judge.student import Student
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status

_SECOND_CHANCE = 2.0  # a busy machine must not cost a student points: the first late check of an item gets more time
_PATIENCE = 3  # checks of one item that may run out of time before the others of that item are not tried


class CheckPort(Protocol):
    """A port that serves several checks in turn. `broken`: nothing more can be asked; `late`: for want of time."""

    broken: bool
    late: bool

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """See student.Port."""
        ...

    def renew(self, factor: float = 1.0) -> None:
        """The time limit of the next check starts now, and is so many times the usual one."""
        ...


OpenPort = Callable[[References], AbstractContextManager[CheckPort]]


def evaluate(
    trusted: Trusted, open_port: OpenPort, seed: int, items: tuple[str, ...] = (),
    untouched: frozenset[str] = frozenset(),
) -> tuple[CheckResult, ...]:  # fmt: skip
    """Run every check (of `items`, or all). `open_port(references)` gives a fresh fork of the notebook; `untouched`:
    items whose answer is as it was released, about which there is nothing to explain or to carry forward.

    Raises SandboxError when the machine fails; nothing a student does is raised."""
    chosen = [item.id for item in trusted.assignment.items if not items or item.id in items]
    results: dict[str, CheckResult] = {}
    traces: dict[str, Trace] = {}
    with _Forks(open_port, seed) as forks:
        for check in (check for item in chosen for check in trusted.checks_of(item)):
            results[check.name], traces[check.name] = forks.judge(check)
    clean = set(chosen) - {r.item for r in results.values() if r.status is not Status.PASSED}
    for check in trusted.checks:
        result = results.get(check.name)
        if result is not None and result.status is Status.FAILED and check.item not in untouched:
            results[check.name] = _carry_forward(trusted, check, result, open_port, seed, clean)
    _explain(trusted, results, traces, seed, untouched)
    return tuple(results.values())


@dataclass
class _Forks:
    """The forks that checks run in, one at a time."""

    open_port: OpenPort
    seed: int
    stack: ExitStack = field(default_factory=ExitStack)
    port: CheckPort | None = None
    fresh: bool = True
    late: Counter[str] = field(default_factory=Counter)
    refusals: set[str] = field(default_factory=set)

    def __enter__(self) -> _Forks:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def judge(self, check: Check) -> tuple[CheckResult, Trace]:
        """A verdict on which nothing but this check's own requests had an influence, if it is a failure."""
        if self.late[check.item] >= _PATIENCE:
            return _failed(check, ChannelTimeout("not tried: other checks of the item ran out of time"))
        result, trace = self._try(check)
        slow = self.port is not None and self.port.late and not self.late[check.item]
        used = not self.fresh and _refusal(trace) not in self.refusals
        if result.status is Status.FAILED and (used or slow):
            self._leave()
            result, trace = self._try(check, _SECOND_CHANCE if slow else 1.0)
        if result.status is Status.FAILED and self.fresh:
            self.refusals.add(_refusal(trace))
        self.fresh = False
        if self.port is not None and self.port.broken:
            self.late[check.item] += self.port.late
            self._leave()
        return result, trace

    def _leave(self) -> None:
        self.stack.close()
        self.port = None

    def _try(self, check: Check, patience: float = 1.0) -> tuple[CheckResult, Trace]:
        recorder = Recorder(None)
        try:
            if self.port is None:
                self.port = self.stack.enter_context(self.open_port({}))
                self.fresh = True
            self.port.renew(patience)
            recorder.port = self.port
            result = run_check(check, Student(recorder), self.seed)
        except ProtocolError as error:
            return _failed(check, error)
        return result, Trace(result.status, recorder.replies)


def _refusal(trace: Trace) -> str:
    """What a failure amounts to when nothing is written yet: the stub, or no such name. The same words in a fresh
    fork and in a used one mean the same failure. Any other failure may be owed to an earlier check."""
    last = trace.replies[-1] if trace.replies else {}
    raised = last.get("raised")
    stub = isinstance(raised, Mapping) and raised.get("type") == "NotImplementedError"
    if len(last) != 1 or not (stub or "missing" in last) or any("ok" in reply for reply in trace.replies):
        return f"data {id(trace)}"
    return repr(last)


def _failed(check: Check, error: ProtocolError) -> tuple[CheckResult, Trace]:
    """The notebook could not be reached: its own failure (failures of ours are SandboxErrors)."""
    feedback = as_feedback(error) or Feedback("The notebook could not be reached.")
    result = CheckResult(
        name=check.name,
        item=check.item,
        status=Status.FAILED,
        points=0.0,
        max_points=check.points,
        claim=check.claim,
        message=feedback.message,
        hint=feedback.hint,
        detail=str(error),
    )
    return result, Trace(result.status, [])


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
    try:
        with open_port(stand_ins) as port:
            student = Student(port)
            student.replace(sorted(stand_ins))
            again = run_check(check, student, seed)
    except ProtocolError:
        return result
    if again.status is not Status.PASSED:
        return result
    return replace(again, carried=True, detail=f"passed with reference {', '.join(sorted(stand_ins))}; seed {seed}")


def _explain(
    trusted: Trusted, results: dict[str, CheckResult], traces: Mapping[str, Trace], seed: int, untouched: frozenset[str]
) -> None:
    """Put the explanation of a matching declared mistake on the failed checks of its item."""
    for item in (item for item in trusted.assignment.items if item.id not in untouched):
        checks = [c for c in trusted.checks_of(item.id) if c.name in results]
        if not any(results[c.name].status is Status.FAILED for c in checks):
            continue
        mistakes = [(m.explain, partial(trusted.with_mistake, m)) for m in trusted.mistakes_of(item.id)]
        words = diagnose(checks, {c.name: traces[c.name] for c in checks}, mistakes, seed)
        for check in checks:
            if words and results[check.name].status is Status.FAILED:
                results[check.name] = replace(results[check.name], mistake=words)
