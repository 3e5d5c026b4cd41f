"""The grader's end of the kernel's sockets, against far sides that do not keep to the protocol."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from autograder.sandbox.zmtp import Line, LineBroken

MOST = 10_000
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x00\x04XPUB"


def frame(content: bytes, more: bool = False) -> bytes:
    """One frame in its long form."""
    return bytes([2 | more]) + len(content).to_bytes(8, "big") + content


@contextlib.contextmanager
def far_side(folder: Path, send: Callable[[socket.socket], None]) -> Iterator[Line]:
    """A line to somebody who greets properly, and then does what `send` does."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            there, _ = listener.accept()
            with there:
                there.sendall(GREETING + READY)
                for _ in range(len(GREETING) + 27 + 3):  # a greeting, who is there, and what is to be heard
                    there.recv(1)
                send(there)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "line"))
        listener.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        line = Line(str(folder / "line"), b"SUB", MOST)
        yield line
        line.close()
        thread.join()


def heard(line: Line) -> list[list[bytes] | None]:
    """Every message until the far side hangs up."""
    found: list[list[bytes] | None] = []
    with contextlib.suppress(LineBroken):
        while True:
            messages, size = line.receive()
            found += messages
            if not size:
                time.sleep(0.001)
    return found


def test_it_speaks_with_the_library(tmp_path: Path) -> None:
    """Questions and answers, short and long, and what is published, with ZeroMQ on the far side."""
    context = zmq.Context()
    router, publisher = context.socket(zmq.ROUTER), context.socket(zmq.XPUB)
    router.bind(f"ipc://{tmp_path}/ask")
    publisher.bind(f"ipc://{tmp_path}/hear")
    asking, hearing = Line(f"{tmp_path}/ask", b"DEALER", MOST), Line(f"{tmp_path}/hear", b"SUB", MOST)
    asking.send([b"short", b"", b"x" * 300_000], 5.0)
    name, *parts = router.recv_multipart()
    assert parts == [b"short", b"", b"x" * 300_000]
    for size in (0, 255, 256, MOST - 10, MOST + 1, 3):
        router.send_multipart([name, b"y" * size])
    assert publisher.recv() == b"\x01"
    publisher.send_multipart([b"topic", b"news"])
    for line, expected in ((asking, [0, 255, 256, MOST - 10, None, 3]), (hearing, [9])):
        found: list[list[bytes] | None] = []
        while len(found) < len(expected):
            found += line.receive()[0]
        assert [None if parts is None else sum(map(len, parts)) for parts in found] == expected
        line.close()
    context.destroy(linger=0)


def test_a_message_that_is_too_large_is_passed_over(tmp_path: Path) -> None:
    """However many parts it comes in, it is not kept, and the next one is read as if it had not been."""

    def send(there: socket.socket) -> None:
        for _ in range(100):
            there.sendall(frame(bytes(2**20), more=True))
        there.sendall(frame(b"end"))
        there.sendall(frame(b"x", more=True) * 10_000 + frame(b"end"))
        there.sendall(frame(b"next"))

    with far_side(tmp_path, send) as line:
        tracemalloc.start()
        found = heard(line)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert found == [None, None, [b"next"]]
    assert peak < 8 * 2**20


@pytest.mark.parametrize("seed", range(5))
def test_garbage_is_no_message_and_no_failure(tmp_path: Path, seed: int) -> None:
    """Whatever bytes come: messages within the limit, or none, or the end of the line."""
    dice = random.Random(seed)
    with far_side(tmp_path, lambda there: there.sendall(dice.randbytes(200_000))) as line:
        assert all(parts is None or sum(map(len, parts)) <= MOST for parts in heard(line))


def test_who_does_not_greet_is_given_up(tmp_path: Path) -> None:
    """A far side that hangs up, or is not there, breaks the line."""
    with pytest.raises(LineBroken):
        Line(str(tmp_path / "nobody"), b"SUB", MOST)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "line"))
        listener.listen()
        threading.Thread(target=lambda: listener.accept()[0].close()).start()
        with pytest.raises(LineBroken):
            Line(str(tmp_path / "line"), b"SUB", MOST)


def test_who_takes_nothing_breaks_the_line(tmp_path: Path) -> None:
    """A send does not wait for ever."""
    done = threading.Event()
    with far_side(tmp_path, lambda there: bool(done.wait(30))) as line:
        with pytest.raises(LineBroken):
            line.send([bytes(2**24)], 0.3)
        done.set()
