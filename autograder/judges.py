"""Judge processes: each submission is judged in one that it shares with nobody at the time.

A judge is a fork of one that has loaded the assignment and judges nobody, which is a fork of the warm process: what
all of them need is made and held once. Whatever a student's answers make it build or compute is bounded inside
(judge/budget.py); should it die all the same, it takes nothing along but what it was just looking at: another one goes
on from the verdicts that stand. The grader itself runs no check.
"""

from __future__ import annotations

import json
import select
import socket
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, replace
from typing import Any

from autograder.assignment import Assignment
from autograder.errors import AssignmentError, ChannelClosed, NotRunAgain, ProtocolError, Seq2gradeError
from autograder.guest.frames import receive_frame, send_frame
from autograder.model import CheckResult, Status
from autograder.request import (
    TOO_MUCH,
    TOO_MUCH_HINT,
    Listed,
    Request,
    as_data,
    as_listed,
    as_result,
    dump_assignment,
)

SERVICE = "autograder.judge.service"
_SILENCE = 900.0  # seconds without a word after which a judge counts as dead, on a machine however busy
_DEATHS = 8  # of judges, over one submission: after so many nothing more is tried for it
_LISTINGS = 4  # judges that are asked for the checks of an assignment, one after the other, when they end over it
_SLOW = 30.0  # seconds that a judge looks at one check before somebody is told
OpenChannel = Callable[[bool], AbstractContextManager[tuple[socket.socket, int]]]


class JudgeFailed(Seq2gradeError):
    """A judge broke by a fault of ours: the submission has to be graded again."""


@dataclass(frozen=True)
class Judged:
    """The verdicts of a submission, and the CPU seconds that the judge took for them."""

    results: tuple[CheckResult, ...]
    cpu_seconds: float = 0.0


class _Lost(Exception):
    """A judge died while it was looking at `check`: "" when it had not begun, or all verdicts stood (`decided`)."""

    def __init__(self, check: str, decided: bool) -> None:
        super().__init__(check)
        self.check, self.decided = check, decided


class Judges:
    """The judges of one course: started when one is needed and none is free. Safe to use from several threads."""

    def __init__(self, start: Callable[[], socket.socket], forks: bool = True) -> None:
        """`start()` gives the socket of a new judge process. Raises SandboxError when there is none to be had.
        `forks`: whether a judge that has loaded an assignment can be forked: not with CUDA, see sandbox/client.py."""
        self._start, self._forks = start, forks
        self._first: list[socket.socket] = []  # the one that lists checks and is forked, if there is one
        self._talks = threading.Lock()  # to that one
        self._ahead: set[str] = set()
        self.slow: Callable[[str, str, float], None] | None = None  # hears of assignment, check, seconds so far
        self._free: list[socket.socket] = []
        self._lock = threading.Lock()
        self._end = weakref.finalize(self, _close_all, self._free, self._first)

    def close(self) -> None:
        """End the judges that are free; each ends when its socket closes."""
        with self._talks, self._lock:
            _close_all(self._free, self._first)

    def ahead(self, edition: str) -> None:
        """The first work on what is called `edition` will be judged soon: have what all checks need made meanwhile."""
        if self._forks and edition not in self._ahead:
            self._ahead.add(edition)
            self._tell_first(ahead=edition)

    def _tell_first(self, *descriptors: int, **message: Any) -> bool:
        """Say something to the judge that is forked, which does not answer. Returns whether there is one."""
        with self._talks:
            try:
                for sock in self._first:
                    _say(sock, **message)
                    if descriptors:
                        socket.send_fds(sock, [b"f"], descriptors)
            except (ProtocolError, OSError):  # it was ended from outside: the next one is a fork of the warm process
                _close_all(self._first)
            return bool(self._first)

    def checks_of(self, edition: str, assignment: Assignment) -> tuple[Listed, ...]:
        """The checks of an assignment, which a judge has loaded then and calls `edition`. Raises AssignmentError when
        they do not load, JudgeFailed, SandboxError."""
        for _ in range(_LISTINGS):
            message = self._list(edition, assignment)
            if message is None:
                continue
            if "listed" in message:
                return as_listed(message["listed"])
            if "broken" in message:
                raise AssignmentError(*message["broken"])
            raise JudgeFailed(str(message.get("failed", message)))
        raise AssignmentError(assignment.folder, "checks", "the process that imports them ends, again and again")

    def _list(self, edition: str, assignment: Assignment) -> dict[str, Any] | None:
        """What the first judge says to it; None when that one has ended: it had judged enough, or somebody ended it."""
        with self._talks:
            sock = self._first.pop() if self._first else self._start()
            try:
                _say(sock, list=edition)
                while "need" in (message := json.loads(receive_frame(sock, _SILENCE))):
                    send_frame(sock, dump_assignment(assignment))
            except BaseException as error:
                sock.close()
                if not isinstance(error, ProtocolError):
                    raise
                return None
            self._first.append(sock)
        return dict(message)

    def judge(
        self, request: Request, assignment: Assignment, checks: Sequence[Listed], open_channel: OpenChannel
    ) -> Judged:
        """All verdicts of a submission. `assignment` is what `request.edition` stands for, with its `checks`;
        `open_channel(inline)` gives a channel to the notebook, and the process above the notebook's, 0 for none.

        A check that twice is the last thing a judge does has failed: its answer is too much to judge; where that was
        the look with earlier answers put right, the verdict before it stands. What one judge took of the time that
        there is for a submission, the next one does not have. Raises what
        `open_channel` raises except ChannelClosed, and JudgeFailed or SandboxError for failures of ours."""
        known: dict[str, CheckResult] = {}
        refused: dict[str, CheckResult] = {}
        deaths: Counter[str] = Counter()
        cpu = spent = 0.0
        while True:
            asked = replace(request, known=tuple(as_data(result) for result in known.values()), cpu=cpu, spent=spent)
            talk = _Talk(assignment, open_channel, known, self.slow)
            try:
                judged = self._ask(talk, asked)
                return replace(judged, cpu_seconds=judged.cpu_seconds + cpu)
            except _Lost as lost:
                cpu, spent = cpu + talk.cpu, spent + talk.spent
                if lost.decided:  # only an explanation is lost
                    return Judged(tuple(known.values()), cpu)
                second = lost.check in known
                deaths[f"again {lost.check}" if second else lost.check] += 1
                if second and deaths[f"again {lost.check}"] > 1:
                    return Judged(tuple(known.values()), cpu)
            guilty = any(count > 1 for check, count in deaths.items() if check)  # one death may come from outside
            if deaths.total() >= _DEATHS and not guilty:
                raise JudgeFailed("judges died one after the other")
            for check in checks if guilty else ():
                asked_for = not request.items or check.item in request.items
                if asked_for and check.name not in known and (check.name in deaths or deaths.total() >= _DEATHS):
                    known[check.name] = refused[check.name] = _refused(check)
            if second:  # by what came back at the first look is told what carries an error forward: look again
                known = {r.name: r for r in known.values() if r.status is not Status.FAILED or r.name in refused}

    def _ask(self, talk: _Talk, request: Request) -> Judged:
        sock = self._take()
        try:
            judged = talk.run(sock, request)
        except BaseException:
            sock.close()
            raise
        self._put_back(sock)
        return judged

    def _take(self) -> socket.socket:
        with self._lock:
            if self._free:
                return self._free.pop()
        if self._forks:
            ours, theirs = socket.socketpair()
            with theirs:
                if self._tell_first(theirs.fileno(), fork=True):
                    return ours
            ours.close()
        return self._start()

    def _put_back(self, sock: socket.socket) -> None:
        with self._lock:
            self._free.append(sock)


class _Talk:
    """One submission's conversation with a judge. `known` collects the verdicts as they come."""

    def __init__(
        self, assignment: Assignment, open_channel: OpenChannel, known: dict[str, CheckResult],
        slow: Callable[[str, str, float], None] | None = None,
    ) -> None:  # fmt: skip
        self.assignment, self.open_channel, self.known, self.slow = assignment, open_channel, known, slow
        self.check, self.decided = "", False
        self.cpu = self.spent = 0.0  # of the judge, and of the notebook's code, when the check began

    def run(self, sock: socket.socket, request: Request) -> Judged:
        """Raises _Lost when the judge is gone, JudgeFailed when it reports a fault of ours."""
        with ExitStack() as channel:
            try:
                send_frame(sock, request.dump())
                while True:
                    self._wait(sock)
                    message = json.loads(receive_frame(sock, _SILENCE))
                    if "done" in message:
                        return Judged(tuple(map(as_result, message["done"])), float(message["cpu"]))
                    self._take(sock, message, channel)
            except ProtocolError as error:
                raise _Lost(self.check, self.decided) from error

    def _wait(self, sock: socket.socket) -> None:
        """Until there is something to hear, or nothing for so long that it is given up; somebody is told meanwhile."""
        for turn in range(1, int(_SILENCE / _SLOW) if self.slow is not None else 1):
            if select.select([sock], [], [], _SLOW)[0]:
                return
            if self.slow is not None and self.check:
                self.slow(self.assignment.id, self.check, turn * _SLOW)

    def _take(self, sock: socket.socket, message: dict[str, Any], channel: ExitStack) -> None:
        if "open" in message:
            try:
                ours, above = channel.enter_context(self.open_channel(bool(message["open"])))
            except ChannelClosed as error:
                _say(sock, closed=str(error), unknown=isinstance(error, NotRunAgain))
            else:
                _say(sock, channel=above)
                socket.send_fds(sock, [b"f"], [ours.fileno()])
        elif "need" in message:
            send_frame(sock, dump_assignment(self.assignment))
        elif "close" in message:
            channel.close()
            _say(sock, closed="")
        elif "begins" in message:
            self.check, self.cpu, self.spent = message["begins"], float(message["cpu"]), float(message["spent"])
        elif "verdict" in message:
            result = as_result(message["verdict"])
            self.known[result.name] = result
        elif "decided" in message:
            self.known.update((result.name, result) for result in map(as_result, message["decided"]))
            self.decided = True
        else:
            raise JudgeFailed(str(message.get("failed", message)))


def _say(sock: socket.socket, **message: Any) -> None:
    send_frame(sock, json.dumps(message).encode())


def _refused(check: Listed) -> CheckResult:
    words = (check.claim, TOO_MUCH, TOO_MUCH_HINT)
    return CheckResult(check.name, check.item, Status.FAILED, 0.0, check.points, *words, detail="the judge died")


def _close_all(*kinds: list[socket.socket]) -> None:
    for socks in kinds:
        while socks:
            with suppress(OSError):
                socks.pop().close()
