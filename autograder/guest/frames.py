"""Frames over a socket, each an 8-byte big-endian length and so many bytes. What they hold is for others to say."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Callable

from autograder.errors import ChannelClosed, ChannelTimeout, TooMuch

MAX_FRAME = 64 * 2**20


def send_frame(sock: socket.socket, data: bytes, left: Callable[[], float] | None = None) -> None:
    """Send one frame, within the socket's timeout or, as with `receive_frame`, by a function that tells what is left.
    Raises ChannelClosed when nobody listens, ChannelTimeout."""
    frame = struct.pack(">Q", len(data)) + data
    try:
        if left is None:
            sock.sendall(frame)
        else:
            _all_of(sock, memoryview(frame), left)
    except TimeoutError as error:
        raise ChannelTimeout("the far side does not read") from error
    except OSError as error:
        raise ChannelClosed(str(error)) from error


def receive_frame(sock: socket.socket, seconds: float | Callable[[], float] | None = None) -> bytes:
    """Receive one frame within `seconds`, or until a function that tells what is left, and for how long to wait until
    it is asked again, raises ChannelTimeout. Raises ChannelClosed, ChannelTimeout, ProtocolError (too large)."""
    left = _until(time.monotonic() + seconds) if isinstance(seconds, (int, float)) else seconds
    (size,) = struct.unpack(">Q", _exactly(sock, 8, left))
    if size > MAX_FRAME:
        raise TooMuch("frame too large")
    return _exactly(sock, size, left)


def _all_of(sock: socket.socket, rest: memoryview, left: Callable[[], float]) -> None:
    while rest:
        sock.settimeout(left())
        with contextlib.suppress(TimeoutError):
            rest = rest[sock.send(rest) :]


def _until(deadline: float) -> Callable[[], float]:
    def left() -> float:
        if (seconds := deadline - time.monotonic()) <= 0:
            raise ChannelTimeout("no answer in time")
        return seconds

    return left


def _exactly(sock: socket.socket, size: int, left: Callable[[], float] | None) -> bytes:
    chunks = bytearray()
    while len(chunks) < size:
        if left is not None:
            sock.settimeout(left())
        try:
            chunk = sock.recv(min(size - len(chunks), 2**20))  # memory grows only with what really comes
        except TimeoutError as error:
            if left is None:  # a limit that somebody else has set
                raise ChannelTimeout("no answer in time") from error
            continue
        except OSError as error:
            raise ChannelClosed(str(error)) from error
        if not chunk:
            raise ChannelClosed("closed before an answer came")
        chunks += chunk
    return bytes(chunks)
