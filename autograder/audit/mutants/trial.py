"""One answer after the other in place of the reference's: forks of a process that has run everything before it."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.assignment import Assignment
from autograder.audit.fork import Ended, in_fork, quiet
from autograder.audit.mutants.seen import HOOK, Seen, Watcher, facts_of, watched
from autograder.guest.servant import Servant
from autograder.guest.wire import pack, unpack
from autograder.judge import budget
from autograder.judge.fingerprint import same
from autograder.judge.registry import Check
from autograder.judge.run import run_check
from autograder.judge.student import Student
from autograder.model import CheckResult, Status
from autograder.sandbox.hugepages import collapse

_SECONDS, _TIMES = 2.0, 8.0  # CPU seconds of a mutant: these, and so many times what the reference takes
_REFERENCE_SECONDS = 300.0
_MOST_KEPT = 8 * 2**20  # bytes of a check's replies that are compared
Replies = list[bytes] | None


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant. `passed` are the seeds at which every check of the item passed, `failed` the checks that
    failed at some seed; `raised`: each failure was an exception of its own; `public` what the public tests say against
    it; `broken` the checks that could not check it; `differs` where its answers were others than the reference's;
    `always` what failed at every seed; `elsewhere` checks of other items that fail it, where its own do not; `ended`:
    why there are no verdicts."""

    passed: tuple[int, ...] = ()
    failed: tuple[str, ...] = ()
    raised: bool = False
    public: str = ""
    broken: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    ended: str = ""
    late: bool = False

    @property
    def killed(self) -> bool:
        """Whether some check fails it at each seed."""
        return bool(self.ended or self.elsewhere) or not self.passed


@dataclass
class _Port:
    """As LocalPort, and keeps the replies as they were sent."""

    servant: Servant
    replies: list[bytes] = field(default_factory=list)
    broken = late = False
    spent, asked = 0.0, 0

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ProtocolError when the reply is malformed."""
        data = self.servant.handle(pack(message))
        self.replies.append(data)
        decoded: dict[str, Any] = unpack(data)
        return decoded


@dataclass(frozen=True)
class Stand:
    """What a trial needs: the reference's cells from the answer on, as far as they have to run; the public tests; the
    checks of the items that are answered there."""

    assignment: Assignment
    cell: str
    source: str
    later: tuple[str, ...]
    public: tuple[str, ...]
    checks: tuple[Check, ...]
    further: tuple[str, ...]  # cells that the checks of other items need as well
    others: tuple[Check, ...]  # of other items, which ask for what is defined here
    seeds: tuple[int, ...]
    namespace: dict[str, Any]

    @property
    def memory(self) -> int:
        """Bytes that a fork may grow by: as where it is graded."""
        return min(budget.MEMORY, self.assignment.limits.memory_mb * 2**20)

    def reference(self) -> tuple[dict[tuple[int, str], Replies], float, str]:
        """(what it answered, CPU seconds, problem) of the reference itself."""
        self._warm()
        ended = in_fork(lambda: self._control(), _REFERENCE_SECONDS, self.memory)
        if ended.data is None or "broken" in ended.data:
            return {}, 0.0, f"the reference: {ended.why or (ended.data or {})['broken']}"
        for name in ended.data["modules"]:  # else every fork would import them anew
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        replies = {(seed, name): kept for seed, name, kept in ended.data["replies"]}
        return replies, float(ended.data["seconds"]), "; ".join(ended.data["failed"])

    def _warm(self) -> None:
        """Run the reference's checks here once: what they remember of their own cases is then at hand in each fork."""
        space = {name: _apart(value) for name, value in self.namespace.items()}
        with quiet():
            for source in (self.source, *self.later):
                with contextlib.suppress(Exception, SystemExit):  # what is wrong is told by the control
                    exec(compile(source, f"<{self.assignment.id} {self.cell}>", "exec", dont_inherit=True), space)
            for check, seed in itertools.product(self.checks, self.seeds):
                run_check(check, Student(_Port(Servant(dict(space)))), seed)
        collapse()

    def facts(self) -> dict[int, Seen]:
        """What the expressions of the solution are, in the public tests and the checks at the first seed."""

        def work() -> dict[int, dict[str, Any]]:
            watcher = Watcher()
            self.namespace[HOOK] = watcher
            self._start(watched(self.source))
            for check in self.checks:
                self._run(check, self.seeds[0])
            return watcher.found

        ended = in_fork(work, _REFERENCE_SECONDS, self.memory)
        return facts_of(ended.data) if ended.data is not None and "broken" not in ended.data else {}

    def outcome(self, code: str, known: Mapping[tuple[int, str], Replies], seconds: float, every: bool) -> Outcome:
        """Try one answer. Without `every` a seed is left at its first failure, the first seed excepted."""
        limit = _SECONDS + _TIMES * seconds
        ended = in_fork(lambda: self._trial(code, known, every), limit, self.memory)
        return _outcome(ended, self.seeds)

    def _control(self) -> dict[str, Any]:
        begin, imported = time.process_time(), set(sys.modules)
        public = self._start(self.source)
        kept, failed = [], [f"its public tests fail: {public}"] if public else []
        for seed in self.seeds:
            for check in self.checks:
                result, replies = self._run(check, seed)
                kept.append((seed, check.name, _kept(replies)))
                if result.status is not Status.PASSED:
                    failed.append(f"{check.name} is {result.status.value} for the reference at seed {seed}")
        seconds = time.process_time() - begin
        failed += [f"{name} fails the reference at seed {self.seeds[0]}" for name in self._elsewhere()]
        return {"replies": kept, "failed": failed, "seconds": seconds, "modules": sorted(set(sys.modules) - imported)}

    def _start(self, code: str) -> str:
        """Run the answer, what follows, and the public tests. Returns what the public tests say; raises what the answer
        raises."""
        exec(compile(code, f"<{self.assignment.id} {self.cell}>", "exec", dont_inherit=True), self.namespace)
        self._go_on(self.later)
        told = ""
        for tests in self.public:
            try:
                exec(compile(tests, "<public tests>", "exec", dont_inherit=True), dict(self.namespace))
            except (Exception, SystemExit) as error:
                told = told or f"{type(error).__name__}: {error}"[:300]
        return told

    def _go_on(self, cells: Sequence[str]) -> None:
        for source in cells:
            with contextlib.suppress(Exception, SystemExit):
                exec(compile(source, f"<{self.assignment.id}>", "exec", dont_inherit=True), self.namespace)

    def _run(self, check: Check, seed: int) -> tuple[CheckResult, list[bytes]]:
        port = _Port(Servant(dict(self.namespace)))
        port.request({"op": "begin", "seed": seed})
        port.replies.clear()
        return run_check(check, Student(port), seed), port.replies

    def _trial(self, code: str, known: Mapping[tuple[int, str], Replies], every: bool) -> dict[str, Any]:
        try:
            public = self._start(code)
        except (Exception, SystemExit) as error:
            return {"stumbles": f"{type(error).__name__}: {error}"[:300]}
        told: list[tuple[int, str, str, bool, bool, str]] = []
        first: list[str] = []
        for number, seed in enumerate(self.seeds):
            for check in sorted(self.checks, key=lambda one: one.name not in first):  # who caught it before comes first
                result, replies = self._run(check, seed)
                raised = bool(replies) and "raised" in unpack(replies[-1])
                passed = result.status is Status.PASSED
                differs = passed and not _alike(replies, known.get((seed, check.name)))
                told.append((seed, check.name, result.status.value, raised, differs, result.detail[-400:]))
                if result.status is Status.FAILED:
                    first.append(check.name)
                    if number and not every:
                        break
        return {"public": public, "told": told, "elsewhere": [] if first else self._elsewhere()}

    def _elsewhere(self) -> list[str]:
        """The first check of another item that fails, at the first seed."""
        self._go_on(self.further)
        names = (check.name for check in self.others
                 if self._run(check, self.seeds[0])[0].status is Status.FAILED)  # fmt: skip
        return list(itertools.islice(names, 1))


def _apart(value: Any, depth: int = 4) -> Any:
    """The same entries in containers of their own: what a cell enters into a dict of an earlier one stays in there."""
    kind = type(value) if depth else None
    if kind is dict:
        return {key: _apart(entry, depth - 1) for key, entry in value.items()}
    if kind is list:
        return [_apart(entry, depth - 1) for entry in value]
    return set(value) if kind is set else value


def _kept(replies: list[bytes]) -> Replies:
    return replies if sum(map(len, replies)) <= _MOST_KEPT else None


def _alike(replies: list[bytes], known: Replies) -> bool:
    if known is None or replies == known:
        return True
    if len(replies) != len(known):
        return False
    return all(a == b or same(unpack(a), unpack(b)) for a, b in zip(replies, known, strict=True))


def _outcome(ended: Ended, seeds: Sequence[int]) -> Outcome:
    if ended.data is None:
        return Outcome(ended=ended.why, late=ended.late)
    if "broken" in ended.data:
        return Outcome(ended=str(ended.data["broken"]))
    if "stumbles" in ended.data:
        return Outcome(ended=ended.data["stumbles"], raised=True)
    told = ended.data["told"]
    bad = {seed for seed, _, status, *_ in told if status == "failed"}
    failed = [(name, raised) for _, name, status, raised, _, _ in told if status == "failed"]
    count = {name: sum(name == other for other, _ in failed) for name, _ in failed}
    return Outcome(
        passed=tuple(seed for seed in seeds if seed not in bad),
        failed=tuple(count),
        raised=bool(failed) and all(raised for _, raised in failed),
        public=ended.data["public"],
        elsewhere=tuple(ended.data["elsewhere"]),
        broken=tuple(dict.fromkeys(f"{name}: {detail}" for _, name, status, _, _, detail in told
                                   if status == "could_not_check")),
        differs=tuple(dict.fromkeys(name for _, name, _, _, differs, _ in told if differs)),
        always=tuple(name for name, times in count.items() if times == len(seeds)),
    )  # fmt: skip
