"""Which fork a check is tried in, and when it is tried twice. See docs/decisions/0008-one-deciding-try.md.

Each check has one deciding try. Checks share a fork of the finished notebook until one leaves something behind or
breaks something; no verdict has a part in that, so nothing tells student code whether an earlier check passed. Tried
again is only what broke (ran out of time, lost its process), and what then comes back must be what came back before.

Without forks (CUDA, decision 0020) one process serves all checks: what ends it, or holds it up, waits until the others
were tried, and what it ended too often to be run again is undecided, never failed.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol

from autograder.errors import ChannelClosed, ChannelTimeout, Feedback, NotRunAgain, ProtocolError, TooMuch
from autograder.judge.budget import Overrun, bounded
from autograder.judge.fingerprint import Trace, same
from autograder.judge.ports import Recorder, References
from autograder.judge.registry import Check
from autograder.judge.run import as_feedback, run_check
from autograder.judge.sources import Facts
from autograder.judge.student import NameMissing, NotData, Student, StudentRaised
from autograder.model import CheckResult, Status

_SECOND_CHANCE = 2.0  # a busy machine must not cost a student points: the first late check of an item gets more time
_PATIENCE = 3  # checks of one item that may run out of time before the others of that item are not tried
_BEGIN_SECONDS, _COMPARE_SECONDS = 5.0, 20.0  # CPU seconds of the judge's own, outside of checks
_DRAW_SECONDS = 20.0  # CPU seconds of the judge's own for all pictures of a submission
_IN_VAIN = 2  # tries in the notebook's own process that may come to nothing before none is made any more

_OTHERWISE = Feedback(
    "Called again with the same inputs, your code gave something else.",
    "is something kept from one call to the next, or does the result hang on the time or on the process?",
)
_NOT_TRIED = Feedback(
    "This check was not tried: your code had used up the time that there is for all checks together.",
    "look first at the checks that did not finish in time",
)
_LATE = Feedback("Your code did not finish in the time that this check allows.")
_UNKNOWN = Feedback(
    "This check could not be tried: others had ended the process of your notebook too often.",
    "look first at the checks that did not finish, and at those during which the process ended",
)


class CheckPort(Protocol):
    """A port that serves several checks in turn. `broken`: nothing more can be asked; `late`: for want of time;
    `spent`: seconds that the student's process took so far; `asked`: how often it called a reference."""

    broken: bool
    late: bool
    spent: float
    asked: int

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """See student.Port."""
        ...

    def renew(self, factor: float = 1.0) -> None:
        """The time limit of the next check starts now, and is so many times the usual one."""
        ...


class OpenPort(Protocol):
    """Opens a port to a fresh fork of the notebook; with `inline` to the notebook's own process, where its threads
    and pools are alive."""

    def __call__(self, references: References, inline: bool = False) -> AbstractContextManager[CheckPort]: ...


@dataclass
class _Record(Recorder):
    """Remembers, beside the replies, for which of them a reference was called, and how it ended."""

    asked: list[bool] = field(default_factory=list)
    error: ProtocolError | None = None

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        before, count = self.port.asked, len(self.replies)
        try:
            reply = super().request(message)
        except ProtocolError as error:
            self.error = error
            raise
        if len(self.replies) > count:
            self.asked.append(self.port.asked > before)
        return reply


@dataclass(frozen=True)
class _Try:
    """What came of one try. `threads`: whether the notebook has threads or processes that a fork lacks."""

    result: CheckResult
    record: _Record
    threads: bool = False

    @property
    def late(self) -> bool:
        return isinstance(self.record.error, ChannelTimeout)

    @property
    def died(self) -> bool:
        return isinstance(self.record.error, ChannelClosed)

    @property
    def trace(self) -> Trace:
        return Trace(self.result.status, self.record.replies)


@dataclass
class Tries:
    """The tries of one submission's checks. `seconds`: what student code may take for all of them together; `facts` and
    `forks`: see evaluate."""

    open_port: OpenPort
    seed: int
    seconds: float = math.inf
    facts: Facts | None = None
    forks: bool = True
    stack: ExitStack = field(default_factory=ExitStack)
    port: CheckPort | None = None
    past: float = 0.0  # seconds spent in forks that are gone
    inline: bool = False  # forks cannot run this notebook's code
    in_vain: int = 0
    served: bool = False  # whether any check has begun
    late: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)
    waiting: dict[str, _Try] = field(default_factory=dict)

    def __enter__(self) -> Tries:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    @property
    def spent(self) -> float:
        """Seconds that student code took so far."""
        return self.past + (self.port.spent if self.port is not None else 0.0)

    def judge(self, check: Check, last: bool = True) -> tuple[CheckResult, Trace] | None:
        """The verdict. None, unless this is the `last` time of asking, for a check that has to wait until the others
        were tried: its item runs out of time, and must not take that of the others."""
        if self.spent >= self.seconds:
            return failed(check, _NOT_TRIED), Trace(Status.FAILED, [])
        if self.late[check.item] >= _PATIENCE:
            words = _words(ChannelTimeout("not tried: other checks of the item ran out of time"))
            return failed(check, words), Trace(Status.FAILED, [])
        first = self.waiting.pop(check.name, None)
        if first is None:
            if not last and any(waiting.result.item == check.item for waiting in self.waiting.values()):
                return None
            first = self._try(check, inline=self.inline)
        if not last and (self._takes_along(first) or (first.late and not self._may_go_inline(first))):
            self.waiting[check.name] = first
            return None
        final = self._repeat(check, first) if self._deserves_another(first, check.item) else first
        if isinstance(final.record.error, NotRunAgain) and final is not first:
            final = first  # it broke when it was asked, and cannot be asked again
        self.late[check.item] += final.late
        return final.result, final.trace

    def pictures(self, checks: Sequence[Check]) -> dict[str, str]:
        """Check -> what it shows of the work that was handed in. To be asked first of all: a notebook that has not been
        told any hidden input cannot put one into a picture. What cannot be drawn is left out."""
        found: dict[str, str] = {}
        for check in (check for check in checks if check.shows is not None):
            with suppress(Exception, Overrun):
                port, _ = self._ready(check, 1.0, False, {})
                with bounded(_DRAW_SECONDS):
                    drawn = check.shows(Student(port)) if check.shows is not None else ""
                found[check.name] = drawn if isinstance(drawn, str) else ""
            if self.port is not None and self.port.broken:
                self._leave()
        return found

    def carry(self, check: Check, stand_ins: References, first: Trace) -> CheckResult | None:
        """A try with the references of earlier items in place of the notebook's own. It counts if one of them was
        really called, and if whatever came back before that came back without them too."""
        if self.spent >= self.seconds or self.late["carried " + check.item] >= _PATIENCE:
            return None
        name = "carried " + check.item
        self._leave()
        again = self._try(check, stand_ins=stand_ins, inline=self.inline)
        self._leave()
        if self._deserves_another(again, name):  # as any other try: it may have been the machine's doing
            broke, again = again, self._try(check, self._patience(again), self.inline, stand_ins)
            self._leave()
            self.died[name] += again.died
            if not _agree(broke.record.replies, again.record.replies):
                return None
        self.late[name] += again.late
        before = again.record.asked.index(True) if True in again.record.asked else None
        if before is None or len(first.replies) < before or again.record.full:
            return None  # no reference was called, or what came back first cannot be compared
        if not _agree(first.replies[:before], again.record.replies[:before]):
            return None
        return again.result if again.result.status is Status.PASSED else None

    def _takes_along(self, broke: _Try) -> bool:
        """Whether what broke may cost the others the process that serves them."""
        return broke.died and not self.forks and not isinstance(broke.record.error, NotRunAgain)

    def _may_go_inline(self, broke: _Try) -> bool:
        return broke.late and broke.threads and not self.inline and self.in_vain < _IN_VAIN

    def _deserves_another(self, broke: _Try, name: str) -> bool:
        """Whether a try broke in a way that need not be the answer's own doing. `name`: under which what broke is
        counted."""
        if self.spent >= self.seconds:
            return False
        if broke.late:
            return not self.late[name]
        again = not isinstance(broke.record.error, NotRunAgain)
        return broke.died and again and self.died[name] < _PATIENCE

    @staticmethod
    def _patience(broke: _Try) -> float:
        """For the try after one that broke: more time if that is what was missing."""
        return _SECOND_CHANCE if broke.late else 1.0

    def _repeat(self, check: Check, broke: _Try) -> _Try:
        """Once more, with the same inputs."""
        inline = self._may_go_inline(broke)
        self._leave()
        again = self._try(check, self._patience(broke), inline=self.inline or inline)
        self.died[check.item] += again.died
        if inline:
            self.inline = again.record.error is None
            self.in_vain += not self.inline
        if again.record.error is None and not _agree(broke.record.replies, again.record.replies):
            return replace(again, result=failed(check, _OTHERWISE))
        if again.late and again.threads and not inline:  # it may wait for a thread that a fork lacks
            return replace(again, result=failed(check, replace(_LATE, detail="late in a fork that lacks threads")))
        return again

    def _try(
        self, check: Check, patience: float = 1.0, inline: bool = False, stand_ins: References = MappingProxyType({})
    ) -> _Try:
        record = _Record(None)
        threads = False
        try:
            record.port, threads = self._ready(check, patience, inline, stand_ins)
            student = Student(record)
            if stand_ins:
                _replace(student, sorted(stand_ins))
            result = run_check(check, student, self.seed, self.facts)
        except NotRunAgain as error:
            record.error = error
            result = failed(check, replace(_UNKNOWN, detail=str(error)) if self.served else _words(error))
            if self.served:  # else it has never answered anything, and no check is to blame for that
                result = replace(result, status=Status.COULD_NOT_CHECK)
        except ProtocolError as error:  # there is no process, or it does not even begin
            record.error = error
            result = failed(check, _words(error))
        if record.error is not None or inline or record.port is None or record.port.broken:
            self._leave()
        return _Try(result, record, threads)

    def _ready(self, check: Check, patience: float, inline: bool, stand_ins: References) -> tuple[CheckPort, bool]:
        """A port at which the check has begun, and whether the notebook has threads that a fork lacks."""
        if self.port is not None:
            try:
                left_behind, threads = self._begin(self.port, check, patience)
                if not left_behind:
                    return self.port, threads
            except ProtocolError:  # what an earlier check left running can end the fork: no try of this one
                pass
            self._leave()
        opened = self.open_port(stand_ins, inline=True) if inline else self.open_port(stand_ins)
        self.port = self.stack.enter_context(opened)
        _, threads = self._begin(self.port, check, patience)
        return self.port, threads

    def _begin(self, port: CheckPort, check: Check, patience: float) -> tuple[bool, bool]:
        port.renew(patience)
        seed = int.from_bytes(hashlib.sha256(f"generators {self.seed} {check.name}".encode()).digest()[:4], "big")
        try:
            with bounded(_BEGIN_SECONDS):
                state = port.request({"op": "begin", "seed": seed}).get("ok")
        except Overrun as error:
            raise TooMuch("it begins with far too much") from error
        self.served = True
        if not isinstance(state, (list, tuple)) or len(state) != 2:  # forged, or it broke
            return True, False
        return state[0] is not False, state[1] is True

    def _leave(self) -> None:
        """Let go of the fork, if there is one."""
        if self.port is not None:
            self.past += self.port.spent
        self.port = None
        self.stack.close()


def _replace(student: Student, names: list[str]) -> None:
    """Put references in their places. Raises ProtocolError for any answer but that it is done: no other is honest."""
    try:
        student.replace(names)
    except (NameMissing, NotData, StudentRaised) as error:
        raise ProtocolError(f"it does not take a reference: {error}") from error


def _words(error: ProtocolError) -> Feedback:
    """For a notebook that could not be reached: its own failure (failures of ours are SandboxErrors)."""
    found = as_feedback(error) or Feedback("The notebook could not be reached.")
    return replace(found, detail=str(error))


def _agree(first: Any, second: Any) -> bool:
    """Whether two tries saw the same, as far as both got. What takes too long to compare does not count as the same."""
    try:
        with bounded(_COMPARE_SECONDS):
            return all(same(a, b) for a, b in zip(first, second, strict=False))
    except Overrun:
        return False


def failed(check: Check, feedback: Feedback) -> CheckResult:
    """A verdict that needs no try."""
    return CheckResult(
        name=check.name,
        item=check.item,
        status=Status.FAILED,
        points=0.0,
        max_points=check.points,
        claim=check.claim,
        message=feedback.message,
        hint=feedback.hint,
        detail=feedback.detail,
    )
