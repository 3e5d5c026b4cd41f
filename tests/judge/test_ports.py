"""Ports against peers that lie, dawdle, or never stop: one kind of error, and within the time limit."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import struct
import threading
import time
from typing import Any

import msgpack
import pytest
import torch

from autograder.errors import ChannelClosed, ChannelTimeout, ProtocolError
from autograder.guest.frames import MAX_FRAME, receive_frame, send_frame
from autograder.guest.wire import Unsendable, pack, unpack
from autograder.judge import Student
from autograder.judge.ports import LocalPort, Recorder, References
from tests.judge.peers import CALL, SECONDS, Peer, port_to


def frame(data: bytes) -> bytes:
    return struct.pack(">Q", len(data)) + data


def answering(*replies: bytes) -> Peer:
    """Read a request, then send these bytes, whatever they are."""

    def peer(channel: socket.socket) -> None:
        receive_frame(channel)
        channel.sendall(b"".join(replies))
        with contextlib.suppress(ProtocolError):
            receive_frame(channel)

    return peer


def asking(name: Any, args: Any = (), kwargs: Any = None) -> bytes:
    return frame(pack({"ask": name, "args": args, "kwargs": {} if kwargs is None else kwargs}))


def slow(channel: socket.socket) -> None:
    """A right answer, a byte at a time."""
    receive_frame(channel)
    for byte in frame(pack({"ok": list(range(100))})):
        channel.sendall(bytes([byte]))
        time.sleep(0.05)


def asks_for_ever(channel: socket.socket) -> None:
    receive_frame(channel)
    while True:
        channel.sendall(asking("f", [1]))
        receive_frame(channel)


def asks_without_reading(channel: socket.socket) -> None:
    receive_frame(channel)
    while True:
        channel.sendall(asking("f", [1]))


def floods(channel: socket.socket) -> None:
    receive_frame(channel)
    channel.sendall(struct.pack(">Q", MAX_FRAME))
    while True:
        channel.sendall(bytes(2**16))
        time.sleep(0.01)


def noise(channel: socket.socket) -> None:
    receive_frame(channel)
    channel.sendall(frame(random.Random(1).randbytes(5000)))


HOSTILE: dict[str, Peer] = {
    "noise": noise,
    "no answer": lambda channel: channel.recv(1) and time.sleep(SECONDS * 2),
    "hangs up": lambda channel: None,
    "hangs up after reading": lambda channel: receive_frame(channel) and None,
    "half a length": answering(b"\0\0\0"),
    "a length and no more": answering(struct.pack(">Q", 100)),
    "a huge length": answering(struct.pack(">Q", 2**63)),
    "one byte too many": answering(struct.pack(">Q", MAX_FRAME + 1)),
    "an empty frame": answering(frame(b"")),
    "not msgpack": answering(frame(b"\xc1\xc1\xc1")),
    "two documents in a frame": answering(frame(pack({"ok": 1}) + pack({"ok": 2}))),
    "a list": answering(frame(pack([1, 2]))),
    "a number": answering(frame(pack(1))),
    "a time stamp": answering(frame(msgpack.packb({"ok": msgpack.Timestamp(1)}))),
    "a tensor of lies": answering(
        frame(msgpack.packb({"ok": msgpack.ExtType(2, msgpack.packb(["float64", [10**9, 10**9], False, b"12345678"]))}))
    ),
    "an unknown extension": answering(frame(msgpack.packb({"ok": msgpack.ExtType(99, b"")}))),
    "a tower of lists": answering(frame(b"\x91" * 5000 + b"\x01")),
    "a list that claims to be long": answering(frame(b"\xdd\xff\xff\xff\xff")),
    "half a character": answering(frame(b"\x81\xa2ok\xa3\xed\xa0\x80")),
    "slow bytes": slow,
    "asks for ever": asks_for_ever,
    "asks without reading": asks_without_reading,
    "floods": floods,
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_peer_gets_a_protocol_error_in_time(name: str) -> None:
    """Whatever comes over the socket, a request ends within its limit, with an error that fails the check."""
    with port_to(HOSTILE[name], {"f": lambda n: n}) as port:
        begin = time.monotonic()
        with pytest.raises(ProtocolError):
            port.request(CALL)
        assert time.monotonic() - begin < SECONDS + 10.0
        assert port.broken


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("no answer", ChannelTimeout),
        ("slow bytes", ChannelTimeout),
        ("floods", ChannelTimeout),
        ("hangs up after reading", ChannelClosed),
        ("noise", ProtocolError),
    ],
)
def test_lateness_is_told_apart(name: str, kind: type[ProtocolError]) -> None:
    """Only a peer that took too long counts as late; the others cost no patience."""
    with port_to(HOSTILE[name], {"f": lambda n: n}) as port:
        with pytest.raises(ProtocolError) as caught:
            port.request(CALL)
        assert type(caught.value) is kind
        assert port.late is (kind is ChannelTimeout)


def test_a_request_that_nobody_reads_ends_in_time() -> None:
    """A peer that does not read cannot hold the judge by a full buffer."""
    done = threading.Event()
    with port_to(lambda channel: done.wait(60)) as port:
        begin = time.monotonic()
        with pytest.raises(ChannelTimeout):
            port.request({**CALL, "args": [torch.zeros(10**6)]})
        assert time.monotonic() - begin < SECONDS + 10.0
        done.set()


def test_all_requests_of_a_check_share_its_time() -> None:
    """Answering each request just in time does not buy more time."""

    def dawdles(channel: socket.socket) -> None:
        while True:
            receive_frame(channel)
            time.sleep(SECONDS / 3)
            send_frame(channel, pack({"ok": 1}))

    with port_to(dawdles) as port:
        begin = time.monotonic()
        answered = 0
        with contextlib.suppress(ChannelTimeout):
            for _ in range(20):
                port.request(CALL)
                answered += 1
        assert answered <= 3
        assert port.late
        assert time.monotonic() - begin < SECONDS + 10.0


def test_renew_gives_the_next_check_its_own_time() -> None:
    """The limit counts from renew, not from when the fork was opened."""

    def answers(channel: socket.socket) -> None:
        while True:
            receive_frame(channel)
            send_frame(channel, pack({"ok": 1}))

    with port_to(answers, seconds=0.5) as port:
        time.sleep(0.55)
        port.renew()
        assert port.request(CALL) == {"ok": 1}


def reply_to(*ask: Any, references: References) -> dict[str, Any]:
    """What the judge answers to this ask."""
    heard: list[Any] = []

    def peer(channel: socket.socket) -> None:
        receive_frame(channel)
        channel.sendall(asking(*ask))
        heard.append(unpack(receive_frame(channel)))
        send_frame(channel, pack({"ok": "done"}))

    with port_to(peer, references, seconds=5.0) as port:
        assert port.request(CALL) == {"ok": "done"}
        assert not port.broken
    found: dict[str, Any] = heard[0]
    return found


def test_a_reference_answers_by_value() -> None:
    """An ask for an offered function is answered with its result, positional and keyword arguments alike."""
    references = {"scaled": lambda x, factor=1.0: factor * x}
    got = reply_to("scaled", [torch.ones(2)], {"factor": 3.0}, references=references)
    assert torch.equal(got["value"], torch.full((2,), 3.0))


@pytest.mark.parametrize("name", ["other", "", None, 3, ["f"], "__import__"])
def test_only_what_is_offered_can_be_asked_for(name: Any) -> None:
    """Any other name is refused, and nothing is looked up by it."""
    assert reply_to(name, [1], references={"f": lambda n: n}) == {"error": "no such reference"}


IMMODEST: dict[str, Any] = {
    "a huge integer": [10**9],
    "a huge negative integer": [-(10**9)],
    "a huge integer in a list": [[1, [2, 10**7]]],
    "a huge integer in a dictionary": [{"n": 10**9}],
    "a huge integer as a key": [{10**9: 1}],
    "a huge integer in a set": [frozenset({10**9})],
    "a huge integer as a tensor": [torch.tensor(10**9)],
    "a huge negative integer in an array": [torch.tensor([1, -(10**9)]).numpy()],
    "a long list": [list(range(10_001))],
    "many entries": [torch.zeros(1001, 1000)],
    "many entries in a dictionary": [{"x": torch.zeros(1001, 1000)}],
    "a long side, whose square would not fit": [torch.zeros(200_000, 1)],
    "many entries of an array": [torch.zeros(1001, 1000).numpy()],
    "a long text": ["x" * 10**6],
    "many entries in all": [[torch.zeros(999, 1000)] * 4],
    "a model of ten thousand to the fifth": ["gpt", {"d": 10**4, "vocab": 10**4, "layers": 10**4}],
    "settings within settings": [{"model": {"d": 2000, "vocab": 2000, "layers": 2000}}],
    "settings in a list": [[{"d": 2000, "vocab": 2000, "layers": 2000}]],
}


@pytest.mark.parametrize("case", list(IMMODEST))
def test_immodest_arguments_are_refused(case: str) -> None:
    """Arguments that would keep a reference busy, or fill our memory, never reach it."""
    called: list[Any] = []
    references = {"f": lambda *a, **k: called.append(a)}
    assert reply_to("f", IMMODEST[case], references=references) == {"error": "no such call"}
    assert reply_to("f", [], {"n": IMMODEST[case]}, references=references) == {"error": "no such call"}
    assert not called


@pytest.mark.parametrize("args", [[2000, 2000, 3], [10**4], [torch.zeros(300, 300), 2000]])
def test_sizes_that_multiply_are_refused(args: list[Any]) -> None:
    """Sizes whose product, or whose square, would not fit, and many steps on large matrices."""
    assert reply_to("f", args, references={"f": lambda *a: 1}) == {"error": "no such call"}


def test_a_formula_may_be_asked_about_any_size() -> None:
    """A reference that turns numbers into numbers builds nothing: how they multiply does not matter."""

    def cost(n: int, h: int) -> dict[str, float]:
        return {"total": 2.0 * n * n * h}

    assert reply_to("cost", [9000, 8000], references={"cost": cost}) == {"value": {"total": 2.0 * 9000**2 * 8000}}

    def table(n: int, h: int) -> Any:
        raise AssertionError("never called")

    assert reply_to("table", [9000, 8000], references={"table": table}) == {"error": "no such call"}


@pytest.mark.parametrize(("args", "kwargs"), [("x", {}), ([], [1]), (None, {}), ({}, {}), (3, {})])
def test_calls_of_another_form_are_refused(args: Any, kwargs: Any) -> None:
    """Arguments are a list and a dictionary, nothing else."""
    assert reply_to("f", args, kwargs, references={"f": lambda *a, **k: 1}) == {"error": "no such call"}


def test_ordinary_arguments_are_modest() -> None:
    """Weights, sequences, flags and sizes as checks use them go through."""
    ordinary = [
        torch.zeros(64, 64),
        [torch.zeros(5, 3)] * 20,
        200,
        "mean",
        None,
        True,
        1e300,
        {"n": 3, "W": torch.ones(2)},
        torch.arange(50),
        torch.tensor([True]),
        torch.zeros(0),
        torch.tensor(1e9),
    ]
    assert reply_to("count", ordinary, references={"count": lambda *a: len(a)}) == {"value": len(ordinary)}


def test_a_reference_that_refuses_its_arguments_is_an_error_over_there() -> None:
    """What the reference raises is told by class only: its text and place are ours."""

    def picky(x: Any) -> None:
        raise ValueError("the hidden size is 7")

    assert reply_to("f", [1], references={"f": picky}) == {"error": "ValueError"}
    assert reply_to("f", [1, 2, 3], references={"f": picky}) == {"error": "TypeError"}


def test_a_reference_whose_result_cannot_cross_is_an_error_over_there() -> None:
    """A module or a generator as a result is not sent, and breaks neither port nor check."""
    got = reply_to("f", [1], references={"f": lambda n: torch.nn.Linear(2, 2)})
    assert set(got) == {"error"}


def test_a_check_that_sends_what_cannot_be_sent_is_told() -> None:
    """Sending an object is a fault of the check: Unsendable, and the far side hears nothing."""
    with port_to(answering(), seconds=1.0) as port, pytest.raises(Unsendable):
        port.request({**CALL, "args": [object()]})


def test_no_bytes_make_another_error_than_protocol_error() -> None:
    """500 random frames, and as many damaged ones: each is data or a ProtocolError."""
    source = random.Random(4)
    good = pack({"ok": [torch.ones(3), (1, 2.0), {"a": {1, 2}}, 1j, None]})
    for _ in range(500):
        damaged = bytearray(good)
        damaged[source.randrange(len(good))] = source.randrange(256)
        for data in (source.randbytes(source.randrange(60)), bytes(damaged)):
            with contextlib.suppress(ProtocolError):
                unpack(data)


def test_a_local_port_shares_nothing() -> None:
    """In one process too, values are copied on their way."""
    x = torch.zeros(2)
    kept: list[torch.Tensor] = []

    def keep(value: torch.Tensor) -> torch.Tensor:
        kept.append(value)
        return value

    result = Student(LocalPort({"keep": keep})).keep(x)
    kept[0].add_(1)
    assert torch.equal(x, torch.zeros(2))
    assert torch.equal(result, torch.zeros(2))


def test_a_local_port_answers_stand_ins() -> None:
    """After `replace`, calls of the name go to the reference, and the name itself is a stand-in."""
    space = {"g": lambda: 1}
    student = Student(LocalPort(space, {"g": lambda: 2}))
    assert student.g() == 1
    student.replace(["g"])
    assert student.g() == 2


def test_a_recorder_keeps_what_passes() -> None:
    """Replies are kept in order; housekeeping is not."""
    recorder = Recorder(LocalPort({"f": lambda: os.getpid()}))
    student = Student(recorder)
    student.seed(1)
    student.f()
    student.replace(["f"])
    assert recorder.replies == [{"ok": os.getpid()}]
