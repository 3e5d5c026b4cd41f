"""A port whose far end is a function of the test's."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

from autograder.errors import ProtocolError
from autograder.judge.ports import References, SocketPort

SECONDS = 0.4
Peer = Callable[[socket.socket], object]
CALL = {"op": "call", "target": ["f"], "args": [], "kwargs": {}}


@contextlib.contextmanager
def port_to(peer: Peer, references: References | None = None, seconds: float = SECONDS) -> Iterator[SocketPort]:
    """A port whose far end is `peer`, in a thread."""
    ours, theirs = socket.socketpair()

    def run() -> None:
        with theirs, contextlib.suppress(OSError, ProtocolError):
            peer(theirs)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with ours:
            yield SocketPort(ours, seconds, references)
    finally:
        thread.join(5)
    assert not thread.is_alive()
