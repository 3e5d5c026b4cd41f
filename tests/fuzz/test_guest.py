"""Whatever student code writes where its judge listens: plain data or an error, in bounds, and a failed check."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as some

from autograder.errors import ProtocolError
from autograder.guest import wire
from autograder.guest.frames import receive_frame
from autograder.guest.wire import unpack
from autograder.judge.evaluate import evaluate
from autograder.judge.ports import References, SocketPort
from autograder.model import Status
from tests.fuzz.bounds import assert_harmless, bounded
from tests.fuzz.frames import anything, moves
from tests.judge.sample import without_mistakes

SECONDS = 0.25  # for a check: whoever stalls is late, and nothing here is slow because the machine is
TRUSTED = without_mistakes()
# It holds two results of one function against each other, so that a length of nothing, or of no size, fits.
FOOLED = {"length_is_homogeneous"}


@given(anything())
@example(b"\xdd\x00\x1e\x84\x80" * 1000)
def test_any_frame_is_plain_data_or_refused(data: bytes) -> None:
    """Lengths that lie, extensions of anything, towers and noise: nothing but data of this format comes out, and of no
    more bytes than a frame may have."""
    with bounded():
        try:
            value = unpack(data)
        except ProtocolError:
            return
    wire._verify(value)
    assert _bytes(value) < 100 * len(data) + 1000


def _bytes(value: object) -> int:
    if isinstance(value, torch.Tensor):
        return value.numel() * value.element_size()
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_bytes, itertools.chain(value, value.values())))
    if isinstance(value, (list, tuple, frozenset)):
        return 8 + sum(map(_bytes, value))
    return len(value) if isinstance(value, (str, bytes)) else 8


class Guest:
    """Far ends that make these moves, one at each request, over and over."""

    def __init__(self, script: list[bytes | None]) -> None:
        self.script = itertools.cycle(script)

    @contextlib.contextmanager
    def open(self, references: References, inline: bool = False) -> Iterator[SocketPort]:
        """A port to a far end of its own."""
        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=self._serve, args=(theirs,), daemon=True)
        thread.start()
        try:
            with ours:
                yield SocketPort(ours, SECONDS, references)
        finally:
            thread.join(30)
        assert not thread.is_alive()

    def _serve(self, channel: socket.socket) -> None:
        with channel, contextlib.suppress(OSError, ProtocolError):
            while True:
                receive_frame(channel)
                move = next(self.script)
                if move is None:
                    return
                channel.sendall(move)


@given(some.lists(moves(), min_size=1, max_size=6))
def test_any_guest_fails_its_checks(script: list[bytes | None]) -> None:
    """A guest that answers with anything, asks for anything, and hangs up at any time: each check is decided, none is
    left open, and none is passed whose answer has to be computed. What is said of it could stand anywhere."""
    with bounded():
        results = evaluate(TRUSTED, Guest(script).open, seed=1)
    assert len(results) == 4
    for result in results:
        assert result.status is not Status.COULD_NOT_CHECK, result
        assert result.status is Status.FAILED or result.name in FOOLED, result
        for text in (result.message, result.hint, result.given):
            assert_harmless(text)
        assert len(result.message) + len(result.hint) < 1000
