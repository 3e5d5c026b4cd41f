"""Ways to reach a notebook: over a socket into the sandbox, or in this process (trusted code, plain nbgrader)."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from autograder.errors import ChannelTimeout, ProtocolError
from autograder.guest.servant import Servant
from autograder.guest.wire import pack, receive_frame, send_frame, unpack
from autograder.judge.student import Student
from autograder.judge.turn import away, turn

References = Mapping[str, Callable[..., Any]]
# What a reference is asked to do must stay small even if it pairs every row with every other, batch by batch.
_MOST_ENTRIES, _LONGEST_SIDE = 100_000, 2_048


class SocketPort:
    """Requests over a channel into the sandbox, all within one time limit.

    The limit counts the time that the student's process takes to answer: what the check computes on its own, or its
    waiting for a turn, costs the student nothing. While student code runs it may ask for a reference function by
    name (only after `replace`): that runs here, and only its result crosses.
    """

    def __init__(self, channel: socket.socket, seconds: float, references: References | None = None) -> None:
        self.channel, self.seconds = channel, seconds
        self.left, self.deadline = seconds, math.inf
        self.references = references or {}
        self.broken = self.late = False

    def renew(self, factor: float = 1.0) -> None:
        """Start the time limit anew, for the next check, so many times as long."""
        self.left = factor * self.seconds

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ChannelTimeout, ChannelClosed, ProtocolError; nothing can be asked after that."""
        data = pack(message)
        with away():
            self.deadline = time.monotonic() + self.left
            try:
                return self._ask(data)
            except ProtocolError as error:
                self.broken, self.late = True, isinstance(error, ChannelTimeout)
                raise
            finally:
                self.left = self.deadline - time.monotonic()

    def _ask(self, data: bytes) -> dict[str, Any]:
        self._send(data)
        for _ in range(10_000):
            reply = unpack(receive_frame(self.channel, self._left()))
            if not isinstance(reply, dict):
                raise ProtocolError("reply is not a dict")
            if "ask" not in reply:
                return reply
            asked = time.monotonic()
            with turn():
                self.deadline += time.monotonic() - asked
                answer = self._reference(reply)
            self._send(answer)
        raise ProtocolError("asks without end")

    def _send(self, data: bytes) -> None:
        self.channel.settimeout(self._left())
        send_frame(self.channel, data)

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise ChannelTimeout("no time left")
        return left

    def _reference(self, reply: dict[str, Any]) -> bytes:
        """The packed answer to an ask."""
        name = reply.get("ask")
        args, kwargs = reply.get("args"), reply.get("kwargs")
        if not isinstance(name, str) or name not in self.references:
            return pack({"error": "no such reference"})
        if not isinstance(args, list) or not isinstance(kwargs, dict) or not _modest([args, list(kwargs.values())]):
            return pack({"error": "no such call"})
        try:
            return pack({"value": self.references[name](*args, **{str(k): v for k, v in kwargs.items()})})
        except Exception as error:  # arguments come from student code, so the reference may well refuse them
            return pack({"error": f"{type(error).__name__}"})


def _modest(value: Any) -> bool:
    """Whether arguments that student code chose are small enough for a reference to be done with soon."""
    return _size(value) <= _MOST_ENTRIES


def _size(value: Any) -> float:
    """Entries in all; infinite where a part is out of measure."""
    if isinstance(value, dict):
        return _size([*value, *value.values()])
    if isinstance(value, (list, tuple, frozenset)):
        return sum(map(_size, value)) if len(value) <= 10_000 else math.inf
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, np.ndarray):
        counts = value.dtype.kind in "iu" and value.size and max(-int(value.min()), int(value.max())) > 10_000
        return math.inf if counts or max(value.shape, default=0) > _LONGEST_SIDE else value.size
    if isinstance(value, (str, bytes)):
        return len(value)
    return 1 if not isinstance(value, int) or abs(value) <= 10_000 else math.inf


class LocalPort:
    """Requests to a namespace in this process. Values are packed and unpacked, so nothing is shared."""

    def __init__(self, namespace: dict[str, Any], references: References | None = None) -> None:
        known = references or {}
        self.servant = Servant(namespace, lambda name, args, kwargs: known[name](*args, **kwargs))
        self.broken = self.late = False

    def renew(self, factor: float = 1.0) -> None:
        """There is no time limit here."""

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ProtocolError when the reply is malformed."""
        decoded: dict[str, Any] = unpack(self.servant.handle(pack(message)))
        return decoded


@dataclass
class Recorder:
    """Keeps every reply that passes, so that two solutions can be compared by what they returned."""

    port: Any
    replies: list[dict[str, Any]] = field(default_factory=list)

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Pass on, and remember."""
        reply: dict[str, Any] = self.port.request(message)
        if message.get("op") not in ("seed", "replace"):
            self.replies.append(reply)
        return reply


def in_process(namespace: dict[str, Any]) -> Student:
    """A Student over a namespace of this process (a shallow copy of it)."""
    return Student(LocalPort(dict(namespace)))
