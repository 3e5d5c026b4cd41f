"""The judge as a process of its own: what a student's answers make it do ends with it, and costs one submission.

It is asked over a socket, one submission after the other (autograder/judges.py is the far side), and asks back for a
channel whenever it needs a fork of the notebook. Frames hold JSON; a channel comes as a descriptor beside its frame.

    a request        -> {"need": edition} unless that assignment is known, then {"begins": check, "cpu": seconds,
                        "spent": seconds}, {"verdict": result} ..., {"decided": results},
                        {"done": results, "cpu": seconds}
    {"list": edition} -> {"need": edition} as above, then {"listed": the checks, without their code}, or
                        {"broken": [file, key, what is expected]} for an assignment that cannot be used
    {"need": ...}    -> the assignment, as its author's files were read
    {"open": inline} -> {"channel": true} and the descriptor, or {"closed": why, "unknown": whether it is the doing of
                        another check, so that nobody knows what the answer would have been}
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
from typing import Any

from autograder.errors import AssignmentError, ChannelClosed, NotRunAgain, ProtocolError
from autograder.guest.frames import receive_frame, send_frame
from autograder.judge import budget
from autograder.judge.evaluate import Watch, evaluate
from autograder.judge.personal import work_of
from autograder.judge.ports import References, SocketPort
from autograder.judge.registry import Check
from autograder.judge.sources import Facts
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult
from autograder.reference import at_work
from autograder.request import Request, as_data, as_result, as_rows, load_assignment_from
from autograder.starved import Starved


class _Link(Watch):
    """The socket to the grader, from the judge's side."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.began = 0.0  # what this process had taken when the request came

    def say(self, **message: Any) -> None:
        send_frame(self.sock, json.dumps(message).encode())

    def begins(self, check: Check, spent: float) -> None:
        self.say(begins=check.name, cpu=time.process_time() - self.began, spent=spent)

    def verdict(self, result: CheckResult) -> None:
        self.say(verdict=as_data(result))

    def decided(self, results: Sequence[CheckResult]) -> None:
        self.say(decided=[as_data(result) for result in results])
        budget.explaining()

    @contextlib.contextmanager
    def channel(self, inline: bool) -> Iterator[tuple[socket.socket, int]]:
        """A fork of the notebook, and the process above it. Raises ChannelClosed when there is none to be had,
        NotRunAgain for what other checks did."""
        self.say(open=inline)
        answer = json.loads(receive_frame(self.sock))
        if "channel" not in answer:
            raise (NotRunAgain if answer.get("unknown") else ChannelClosed)(str(answer["closed"]))
        _, descriptors, _, _ = socket.recv_fds(self.sock, 1, 1)
        try:
            with socket.socket(fileno=descriptors[0]) as channel:
                yield channel, int(answer["channel"])
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
                asked = receive_frame(sock)
            except ProtocolError:
                return
            link.began = time.process_time()
            try:
                if edition := json.loads(asked).get("list"):
                    _list(link, edition, loaded)
                    continue
                results = [as_data(result) for result in _judge(link, Request.load(asked), loaded)]
                link.say(done=results, cpu=time.process_time() - link.began)
            except ChannelClosed:
                return
            except Exception as error:
                if budget.exhausted(error):  # what was sent fills this process: the check at hand is asked elsewhere
                    return
                with contextlib.suppress(ProtocolError):
                    link.say(failed=traceback.format_exc()[-4000:])
            if budget.tired():
                return


def _trusted(link: _Link, edition: str, loaded: dict[str, Trusted]) -> Trusted:
    """What that edition is, asked for when it is not `loaded`."""
    if edition not in loaded:
        link.say(need=edition)
        assignment = load_assignment_from(receive_frame(link.sock))
        for outdated in [edition for edition, known in loaded.items() if known.assignment.id == assignment.id]:
            del loaded[outdated]
        loaded[edition] = Trusted.load(assignment)
    return loaded[edition]


def _list(link: _Link, edition: str, loaded: dict[str, Trusted]) -> None:
    try:
        checks = _trusted(link, edition, loaded).listed
    except AssignmentError as error:
        link.say(broken=[str(error.file), error.key, error.expected])
    else:
        link.say(listed=as_rows(checks))


def _judge(link: _Link, request: Request, loaded: dict[str, Trusted]) -> tuple[CheckResult, ...]:
    trusted = _trusted(link, request.edition, loaded)

    @contextlib.contextmanager
    def open_port(references: References, inline: bool = False) -> Iterator[SocketPort]:
        with link.channel(inline) as (channel, above):
            yield SocketPort(channel, request.seconds, references, Starved(above) if above else None)

    budget.begin(used=request.cpu)
    known = {data["name"]: as_result(data) for data in request.known}
    # a reference may read what is given along when it is called
    with at_work(trusted.assignment), work_of(request.student):
        return evaluate(
            trusted,
            open_port,
            request.seed,
            items=request.items,
            untouched=frozenset(request.untouched),
            seconds=request.all_seconds - request.spent,
            facts=Facts.of(request.facts),
            known=known,
            watch=link,
            forks=request.forks,
        )
