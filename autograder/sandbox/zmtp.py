"""The grader's end of a kernel's sockets: as much of ZeroMQ's wire protocol (ZMTP 3.0) as that takes.

ZeroMQ's own library reads whole messages in the background, of as many parts as the far side likes to send, and drops
the connection at one that is too large. A notebook could fill our memory that way, or lose its own replies. Here
nothing is read before it is asked for, a message that is too large is passed over, and the next one is read as usual.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence

_GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
_MORE, _LONG, _COMMAND = 1, 2, 4
_PARTS = 64  # a kernel's message has six, and a few buffers
_CHUNK = 2**18
_SHAKING = 20.0  # seconds for each step of the handshake


class LineBroken(Exception):
    """The far side closed the connection or takes nothing any more."""


class Line:
    """One connection. `kind`: b"DEALER" (asks and is answered) or b"SUB" (hears everything)."""

    def __init__(self, path: str, kind: bytes, most: int) -> None:
        """Connect to the socket at `path`; messages of more than `most` bytes are passed over. Raises LineBroken."""
        self._most = most
        self._buffer = bytearray()
        self._greeted = self._ready = False
        self._left, self._flags = -1, 0  # of the frame whose content is being read; -1: its head comes next
        self._body = bytearray()
        self._parts: list[bytes] = []
        self._size, self._dropping, self._keeping = 0, False, False
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        try:
            self._socket.connect(path)
            self._shake(kind)
        except OSError as error:
            self._socket.close()
            raise LineBroken(str(error)) from error
        except BaseException:
            self._socket.close()
            raise

    def _shake(self, kind: bytes) -> None:
        """One step after the other: the far side may lose what comes before it is ready for it."""
        ready = b"\x05READY\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind
        self._send(_GREETING, _SHAKING)
        self._await(lambda: self._greeted)
        self._send(bytes([_COMMAND, len(ready)]) + ready, _SHAKING)
        self._await(lambda: self._ready)
        if kind == b"SUB":
            self.send([b"\x01"], _SHAKING)  # to every topic

    def _await(self, come: Callable[[], bool]) -> None:
        """One step of the handshake."""
        poll = select.poll()
        poll.register(self, select.POLLIN)
        deadline = time.monotonic() + _SHAKING
        while not come():
            if time.monotonic() > deadline:
                raise LineBroken("the far side does not greet")
            poll.poll(100)
            self.receive()

    def fileno(self) -> int:
        """For select and its kin; -1 once closed."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up. What was sent still arrives."""
        self._socket.close()

    def send(self, parts: Sequence[bytes], seconds: float) -> None:
        """Send one message. Raises LineBroken when the far side does not take it in time."""
        frames = bytearray()
        for number, part in enumerate(parts):
            more = _MORE if number + 1 < len(parts) else 0
            if len(part) < 256:
                frames += bytes([more, len(part)]) + part
            else:
                frames += bytes([more | _LONG]) + len(part).to_bytes(8, "big") + part
        self._send(bytes(frames), seconds)

    def _send(self, data: bytes, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._socket.send(rest) :]
                continue
            except BlockingIOError:
                pass
            except OSError as error:
                raise LineBroken(str(error)) from error
            poll = select.poll()
            poll.register(self, select.POLLOUT)
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise LineBroken("the far side takes nothing")

    def receive(self) -> tuple[list[list[bytes] | None], int]:
        """Read what is there, but not for ever: the messages that are complete with it (None: one too large), and how
        many bytes were read. Raises LineBroken at the end of the connection."""
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return [], 0
        except OSError as error:
            raise LineBroken(str(error)) from error
        if not data:
            raise LineBroken("the far side hung up")
        self._buffer += data
        if not self._greeted:
            if len(self._buffer) < len(_GREETING):
                return [], len(data)
            del self._buffer[: len(_GREETING)]
            self._greeted = True
        return list(self._messages()), len(data)

    def _messages(self) -> Iterator[list[bytes] | None]:
        place = 0
        buffer = self._buffer
        while True:
            if self._left < 0:
                head = 9 if len(buffer) > place and buffer[place] & _LONG else 2
                if len(buffer) < place + head:
                    break
                self._flags = buffer[place]
                self._left = int.from_bytes(buffer[place + 1 : place + head], "big")
                place += head
                self._begin()
            taken = min(self._left, len(buffer) - place)
            if self._keeping:
                self._body += buffer[place : place + taken]
            place += taken
            self._left -= taken
            if self._left:
                break
            self._left = -1
            if self._flags & _COMMAND:
                self._ready = True  # its first command says so
            else:
                yield from self._end()
        del buffer[:place]

    def _begin(self) -> None:
        """At the head of a frame: decide whether its content is kept. Commands say nothing that we need."""
        self._body = bytearray()
        if not self._flags & _COMMAND:
            self._size += self._left
            if self._size > self._most or len(self._parts) >= _PARTS:
                self._dropping, self._parts = True, []
        self._keeping = not (self._dropping or self._flags & _COMMAND)

    def _end(self) -> Iterator[list[bytes] | None]:
        """At the end of a frame: hand out the message, if it was its last."""
        if self._keeping:
            self._parts.append(bytes(self._body))
        if self._flags & _MORE:
            return
        message, dropped = self._parts, self._dropping
        self._parts, self._size, self._dropping = [], 0, False
        self._body = bytearray()
        yield None if dropped else message
