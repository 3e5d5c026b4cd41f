"""What a port takes in at most, what it remembers, and whose time it counts."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import ChannelTimeout, ProtocolError
from autograder.guest.frames import MAX_FRAME, receive_frame, send_frame
from autograder.guest.wire import pack
from autograder.judge import ports
from autograder.judge.ports import Recorder
from tests.judge.peers import CALL, port_to

ROOT = Path(__file__).resolve().parents[2]


def test_what_a_check_computes_costs_the_student_nothing() -> None:
    """A check that takes longer than its limit fails nobody who answers at once."""

    def peer(channel: socket.socket) -> None:
        for _ in range(2):
            receive_frame(channel)
            send_frame(channel, pack({"ok": 1}))

    with port_to(peer, seconds=2.0) as port:
        assert port.request(CALL) == {"ok": 1}
        time.sleep(2.5)
        assert port.request(CALL) == {"ok": 1}


STOPPED = """
import os, signal, socket, sys, time
from autograder.guest.frames import receive_frame, send_frame
from autograder.guest.wire import pack
from autograder.judge.ports import SocketPort
ours, theirs = socket.socketpair()
judge = os.getpid()
if os.fork() == 0:
    receive_frame(theirs)
    os.kill(judge, signal.SIGSTOP)
    time.sleep(5.0)
    os.kill(judge, signal.SIGCONT)
    time.sleep(0.5)
    send_frame(theirs, pack({"ok": 1}))
    os._exit(0)
print(SocketPort(ours, 3.0).request({"op": "call", "target": ["f"], "args": [], "kwargs": {}}))
"""


def test_while_the_judge_stands_still_no_time_passes() -> None:
    """A judge that is stopped for longer than a check's limit, or a machine that sleeps, fails nobody."""
    done = subprocess.run([sys.executable, "-c", STOPPED], capture_output=True, text=True, cwd=ROOT, timeout=200)
    assert done.stdout == "{'ok': 1}\n", done.stderr


@pytest.mark.parametrize("place", ["send_frame", "receive_frame", "unpack"])
def test_wherever_the_judge_stands_still_no_time_passes(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Not only while it waits: a busy machine may hold it up between any two of its lines."""
    real = getattr(ports, place)

    def held_up(*args: Any) -> Any:
        time.sleep(2.0 if place != "send_frame" else 0.0)
        done = real(*args)
        time.sleep(2.0 if place == "send_frame" else 0.0)
        return done

    def peer(channel: socket.socket) -> None:
        receive_frame(channel)
        send_frame(channel, pack({"ok": 1}))

    monkeypatch.setattr(ports, place, held_up)
    with port_to(peer, seconds=1.5) as port:
        assert port.request(CALL) == {"ok": 1}
        assert 0 < port.left <= 1.5
        assert port.spent < 1.5


def test_a_peer_that_reads_drop_by_drop_is_late() -> None:
    """A request larger than a socket holds is not waited for any longer."""

    def peer(channel: socket.socket) -> None:
        for _ in range(40):
            channel.recv(1000)
            time.sleep(0.1)

    with port_to(peer, seconds=0.7) as port, pytest.raises(ChannelTimeout):
        port.request({**CALL, "args": [bytes(2**22)]})


def test_more_data_than_any_check_asks_for_is_refused() -> None:
    """Replies are bounded together, not only each."""

    def peer(channel: socket.socket) -> None:
        reply = pack({"ok": bytes(MAX_FRAME - 100)})
        while True:
            receive_frame(channel)
            send_frame(channel, reply)

    with port_to(peer, seconds=60.0) as port:
        port.request(CALL)
        port.request(CALL)
        with pytest.raises(ProtocolError, match="more data"):
            port.request(CALL)


def test_replies_too_large_to_keep_are_not_kept() -> None:
    """What could be compared with declared mistakes is remembered up to a limit, then not at all."""

    def peer(channel: socket.socket) -> None:
        while True:
            receive_frame(channel)
            send_frame(channel, pack({"ok": bytes(2**23)}))

    with port_to(peer, seconds=60.0) as port:
        recorder = Recorder(port)
        sizes = []
        for _ in range(4):
            recorder.request(CALL)
            sizes.append(len(recorder.replies))
    assert sizes == [1, 0, 0, 0]
