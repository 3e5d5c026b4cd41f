"""The judge as a process of its own: what a student's answers make it do ends with it, and costs one submission.

It is asked over a socket, one submission after the other (autograder/judges.py is the far side), and asks back for a
channel whenever it needs a fork of the notebook. Frames hold JSON; a channel comes as a descriptor beside its frame.

    a request        -> {"need": edition} unless that assignment is known, then {"begins": check},
                        {"verdict": result} ..., {"decided": results}, {"done": results, "cpu": seconds}
    {"need": ...}    -> the assignment, as its author's files were read
    {"open": inline} -> {"channel": true} and the descriptor, or {"closed": why}
    {"close": true}  -> {"closed": ""}
"""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from autograder.assignment import Assignment
from autograder.errors import ChannelClosed, ProtocolError
from autograder.guest.wire import receive_frame, send_frame
from autograder.judge import budget
from autograder.judge.evaluate import Watch, evaluate
from autograder.judge.ports import References, SocketPort
from autograder.judge.registry import Check
from autograder.judge.sources import Facts
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status
from autograder.reference import at_work

_ASSIGNMENT = TypeAdapter(Assignment)


@dataclass(frozen=True)
class Request:
    """One submission to judge. `edition` names what was read of the assignment, and when; `seconds` is the time limit
    of a check, `all_seconds` that of all together; `items` are those to judge, () for all; `facts` are those of the
    notebook that ran (judge/sources.py); `known` are verdicts that stand already. Nothing but plain data."""

    edition: str
    seed: int
    seconds: float
    all_seconds: float
    untouched: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    facts: list[list[str]] = field(default_factory=list)
    known: tuple[dict[str, Any], ...] = ()

    def dump(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def load(data: bytes) -> Request:
        """From JSON, which knows no tuples."""
        fields = json.loads(data)
        return Request(**{**fields, **{name: tuple(fields[name]) for name in ("untouched", "items", "known")}})


def dump_assignment(assignment: Assignment) -> bytes:
    """As JSON, for a judge."""
    return _ASSIGNMENT.dump_json(assignment)


def load_assignment_from(data: bytes) -> Assignment:
    """The way back."""
    return _ASSIGNMENT.validate_json(data)


def as_data(result: CheckResult) -> dict[str, Any]:
    """A verdict as JSON holds it."""
    return asdict(result)


def as_result(data: dict[str, Any]) -> CheckResult:
    """The way back."""
    return CheckResult(**{**data, "status": Status(data["status"])})


class _Link(Watch):
    """The socket to the grader, from the judge's side."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def say(self, **message: Any) -> None:
        send_frame(self.sock, json.dumps(message).encode())

    def begins(self, check: Check) -> None:
        self.say(begins=check.name)

    def verdict(self, result: CheckResult) -> None:
        self.say(verdict=as_data(result))

    def decided(self, results: Sequence[CheckResult]) -> None:
        self.say(decided=[as_data(result) for result in results])
        budget.explaining()

    @contextlib.contextmanager
    def channel(self, inline: bool) -> Iterator[socket.socket]:
        """A fork of the notebook. Raises ChannelClosed when there is none to be had."""
        self.say(open=inline)
        answer = json.loads(receive_frame(self.sock))
        if "channel" not in answer:
            raise ChannelClosed(str(answer["closed"]))
        _, descriptors, _, _ = socket.recv_fds(self.sock, 1, 1)
        try:
            with socket.socket(fileno=descriptors[0]) as channel:
                yield channel
        finally:
            self.say(close=True)
            receive_frame(self.sock)


def main(descriptor: int) -> None:
    """Judge until the far side hangs up. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; the grader ends us
    budget.arm()
    loaded: dict[str, Trusted] = {}
    with socket.socket(fileno=descriptor) as sock:
        link = _Link(sock)
        while True:
            try:
                request = Request.load(receive_frame(sock))
            except ProtocolError:
                return
            begin = time.process_time()
            try:
                results = [as_data(result) for result in _judge(link, request, loaded)]
                link.say(done=results, cpu=time.process_time() - begin)
            except ChannelClosed:
                return
            except Exception as error:
                if budget.exhausted(error):  # what was sent fills this process: the check at hand is asked elsewhere
                    return
                with contextlib.suppress(ProtocolError):
                    link.say(failed=traceback.format_exc()[-4000:])
            if budget.tired():
                return


def _judge(link: _Link, request: Request, loaded: dict[str, Trusted]) -> tuple[CheckResult, ...]:
    if request.edition not in loaded:
        link.say(need=request.edition)
        assignment = load_assignment_from(receive_frame(link.sock))
        for outdated in [edition for edition, known in loaded.items() if known.assignment.id == assignment.id]:
            del loaded[outdated]
        loaded[request.edition] = Trusted.load(assignment)
    trusted = loaded[request.edition]

    @contextlib.contextmanager
    def open_port(references: References, inline: bool = False) -> Iterator[SocketPort]:
        with link.channel(inline) as channel:
            yield SocketPort(channel, request.seconds, references)

    budget.begin()
    known = {data["name"]: as_result(data) for data in request.known}
    with at_work(trusted.assignment):  # a reference may read what is given along when it is called
        return evaluate(
            trusted,
            open_port,
            request.seed,
            items=request.items,
            untouched=frozenset(request.untouched),
            seconds=request.all_seconds,
            facts=Facts.of(request.facts),
            known=known,
            watch=link,
        )
