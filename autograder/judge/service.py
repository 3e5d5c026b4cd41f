"""The judge as a process of its own: what a student's answers make it do ends with it, and costs one submission.

It is asked over a socket, one submission after the other (autograder/judges.py is the far side), and asks back for a
channel whenever it needs a fork of the notebook. Frames hold JSON; a channel comes as a descriptor beside its frame.

    a request        -> {"need": edition} unless that assignment is known, then {"begins": check, "cpu": seconds,
                        "spent": seconds}, {"verdict": result} ..., {"decided": results},
                        {"done": results, "cpu": seconds}
    {"ahead": edition} -> nothing: do now what the first check of that assignment would wait for
    {"fork": true}   -> nothing: a fork of this process, with all that it has loaded, serves the descriptor that comes
                        beside the frame
    {"list": edition} -> {"need": edition} as above, then {"listed": the checks, without their code}, or
                        {"broken": [file, key, what is expected]} for an assignment that cannot be used
    {"need": ...}    -> the assignment, as its author's files were read
    {"open": inline} -> {"channel": true} and the descriptor, or {"closed": why, "unknown": whether it is the doing of
                        another check, so that nobody knows what the answer would have been}
    {"close": true}  -> {"closed": ""}
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.costly import import_for_kit
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
    while descriptor >= 0:
        with socket.socket(fileno=descriptor) as sock:
            descriptor = _serve(_Link(sock), loaded)
    with contextlib.suppress(ChildProcessError):
        while True:  # who has forks waits for them: nobody else here would
            os.wait()


def _serve(link: _Link, loaded: dict[str, Trusted]) -> int:
    """Until the far side hangs up, or this process is of no more use. Returns what to serve next, in a fork: the
    descriptor that was sent for it; else -1."""
    while not budget.tired():
        try:
            asked = receive_frame(link.sock)
        except ProtocolError:
            return -1
        link.began = time.process_time()
        try:
            message = json.loads(asked)
            if edition := message.get("list"):
                _list(link, edition, loaded)
            elif edition := message.get("ahead"):
                _ahead(loaded.get(edition))
            elif message.get("fork"):
                if threading.active_count() > 1:  # which a fork would lack
                    return -1
                if (descriptor := _fork(link)) >= 0:
                    return descriptor
            else:
                results = [as_data(result) for result in _judge(link, Request.load(asked), loaded)]
                link.say(done=results, cpu=time.process_time() - link.began)
        except ChannelClosed:
            return -1
        except Exception as error:
            if budget.exhausted(error):  # what was sent fills this process: the check at hand is asked elsewhere
                return -1
            with contextlib.suppress(ProtocolError):
                link.say(failed=traceback.format_exc()[-4000:])
    return -1


def _ahead(trusted: Trusted | None) -> None:
    """Whatever goes wrong goes wrong again, and is told, where a check needs it."""
    if trusted is not None:
        with contextlib.suppress(Exception, budget.Overrun), budget.bounded(budget.CHECK_SECONDS):
            import_for_kit()
            trusted.reference()


def _fork(link: _Link) -> int:
    """In a fork the descriptor that it is to serve; here, or where there is no room for another process, -1: the far
    side sees its socket close then."""
    _, descriptors, _, _ = socket.recv_fds(link.sock, 1, 1)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError):
        if os.fork() == 0:
            return descriptors[0]
    os.close(descriptors[0])
    return -1


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
