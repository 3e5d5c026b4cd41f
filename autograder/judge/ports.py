"""Ways to reach a notebook: over a socket into the sandbox, or in this process (trusted code, plain nbgrader)."""

from __future__ import annotations

import inspect
import math
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from autograder.errors import ChannelTimeout, ProtocolError, TooMuch
from autograder.guest.frames import receive_frame, send_frame
from autograder.guest.servant import Servant
from autograder.guest.wire import pack, unpack
from autograder.judge import budget
from autograder.judge.student import Student
from autograder.starved import Patience, Starved

References = Mapping[str, Callable[..., Any]]
# What a reference is asked to do must stay small even if it pairs every row with every other, batch by batch.
_MOST_ENTRIES, _LONGEST_SIDE = 100_000, 2_048
_MOST_MADE, _MOST_WORK = 2_048**2, 10**7  # what sizes given as numbers may ask it to build, or to do so many times over
_MOST_RECEIVED = 128 * 2**20  # bytes that a check takes in; the largest of the course takes 4 MB
_MOST_KEPT = 16 * 2**20  # bytes of replies that a check remembers for comparison
_SLICE = 0.5  # seconds that one wait for the student's process takes at most
_SLACK = 0.5  # what may pass beside that between two looks at the clock: more means that this process stood still


class SocketPort:
    """Requests over a channel into the sandbox, all within one time limit.

    The limit counts the time that the student's process takes to answer: what the check computes on its own, or a time
    in which this process stands still, or others kept that one from running, costs the student nothing. While student
    code runs it may ask for a reference function by name (only after `replace`): that runs here, and only its result
    crosses.

    `spent` are the seconds that the student's process took so far, `asked` counts the calls of references, `received`
    the bytes of this check's replies.
    """

    def __init__(
        self, channel: socket.socket, seconds: float, references: References | None = None,
        starved: Starved | None = None,
    ) -> None:  # fmt: skip
        """`starved`: what the student's processes waited for in vain, where that is known."""
        self.channel, self.seconds, self.starved = channel, seconds, starved
        self.left, self.deadline, self.patience = seconds, math.inf, Patience(starved, seconds)
        self.references = references or {}
        self._looked = 0.0
        self.broken = self.late = False
        self.spent, self.asked, self.received = 0.0, 0, 0

    def renew(self, factor: float = 1.0) -> None:
        """Start the time limit anew, for the next check, so many times as long."""
        self.left = factor * self.seconds
        self.patience = Patience(self.starved, self.left)
        self.received = 0

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ChannelTimeout, ChannelClosed, ProtocolError; nothing can be asked after that."""
        data = pack(message)
        left = self.left
        self._looked = time.monotonic()
        self.deadline = self._looked + left
        try:
            return self._ask(data)
        except BaseException as error:  # a limit of the judge's own included: half a reply may be left unread
            self.broken, self.late = True, isinstance(error, ChannelTimeout)
            raise
        finally:
            self.left = self._look()
            self.spent += left - self.left

    def _ask(self, data: bytes) -> dict[str, Any]:
        self._send(data)
        for _ in range(10_000):
            reply = unpack(self._receive())
            if not isinstance(reply, dict):
                raise ProtocolError("reply is not a dict")
            if "ask" not in reply:
                return reply
            self._send(self._reference(reply))
        raise ProtocolError("asks without end")

    def _receive(self) -> bytes:
        """The next frame. Raises TooMuch when a check gets more than it can want."""
        waiting = select.poll()
        waiting.register(self.channel, select.POLLIN)
        ready: list[tuple[int, int]] = []
        while not ready:
            ready = waiting.poll(1000 * self._left())
            budget.awake()
        frame = receive_frame(self.channel, self._left)
        self.received += len(frame)
        if self.received > _MOST_RECEIVED:
            raise TooMuch("far more data than any check asks for")
        return frame

    def _send(self, data: bytes) -> None:
        send_frame(self.channel, data, self._left)

    def _look(self) -> float:
        """Seconds left. Wherever this process stood still since the last look, that is left out."""
        now = time.monotonic()
        self.deadline += max(0.0, now - self._looked - _SLICE - _SLACK)
        self._looked = now
        return self.deadline - now

    def _left(self) -> float:
        """How long to wait now, before another look. Raises ChannelTimeout."""
        while (left := self._look()) <= 0:
            if not (more := self.patience.more()):
                raise ChannelTimeout("no time left")
            self.deadline += more
        return min(left, _SLICE)

    def _reference(self, reply: dict[str, Any]) -> bytes:
        """The packed answer to an ask."""
        name = reply.get("ask")
        args, kwargs = reply.get("args"), reply.get("kwargs")
        if not isinstance(name, str) or name not in self.references:
            return pack({"error": "no such reference"})
        if not isinstance(args, list) or not isinstance(kwargs, dict):
            return pack({"error": "no such call"})
        if not _modest([*args, *kwargs.values()], counts=not _is_formula(self.references[name])):
            return pack({"error": "no such call"})
        self.asked += 1
        try:
            return pack({"value": self.references[name](*args, **{str(k): v for k, v in kwargs.items()})})
        except Exception as error:  # arguments come from student code, so the reference may well refuse them
            return pack({"error": f"{type(error).__name__}"})


def _modest(arguments: list[Any], counts: bool = True) -> bool:
    """Whether arguments that student code chose are small enough for a reference to be done with soon. `counts`: its
    whole numbers may be sizes of what it builds, or how often it does something."""
    entries = _size(arguments)
    if entries > _MOST_ENTRIES or not counts:
        return entries <= _MOST_ENTRIES
    sizes = [max(1, abs(n)) for part in arguments for n in _lone(part)]
    largest = max(sizes, default=1)
    return largest <= _LONGEST_SIDE and math.prod(sizes) <= _MOST_MADE and largest * entries <= _MOST_WORK


def _lone(value: Any, setting: bool = True) -> list[int]:
    """The whole numbers that are arguments themselves, or settings in a dict: sizes, steps, layers. The entries of a
    list are data."""
    if isinstance(value, dict):
        return [n for part in value.values() for n in _lone(part)]
    if isinstance(value, (list, tuple)):
        return [n for part in value for n in _lone(part, setting=False)]
    return [value] if setting and isinstance(value, int) and not isinstance(value, bool) else []


def _is_formula(reference: Callable[..., Any]) -> bool:
    """Whether it says of itself that it turns numbers into numbers, and so builds nothing of these sizes."""
    try:
        named = list(inspect.signature(reference).parameters)
        kinds = getattr(reference, "__annotations__", {})
    except (TypeError, ValueError):
        return False
    declared = {name: str(k) if hasattr(k, "__args__") else getattr(k, "__name__", str(k)) for name, k in kinds.items()}
    given = all(declared.get(name) in ("int", "float", "bool") for name in named)
    return bool(named) and given and declared.get("return") in ("int", "float", "dict[str, int]", "dict[str, float]")


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

        def ask(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            self.asked += 1
            return known[name](*args, **kwargs)

        self.servant = Servant(namespace, ask)
        self.broken = self.late = False
        self.spent, self.asked = 0.0, 0

    def renew(self, factor: float = 1.0) -> None:
        """There is no time limit here."""

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ProtocolError when the reply is malformed."""
        decoded: dict[str, Any] = unpack(self.servant.handle(pack(message)))
        return decoded


@dataclass
class Recorder:
    """Keeps every reply that passes, so that two solutions can be compared by what they returned; none at all once
    they are too large to keep."""

    port: Any
    replies: list[dict[str, Any]] = field(default_factory=list)
    full: bool = False

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Pass on, and remember."""
        reply: dict[str, Any] = self.port.request(message)
        if getattr(self.port, "received", 0) > _MOST_KEPT:
            self.full = True
            self.replies.clear()
        if message.get("op") not in ("seed", "replace") and not self.full:
            self.replies.append(reply)
        return reply


def in_process(namespace: dict[str, Any]) -> Student:
    """A Student over a namespace of this process (a shallow copy of it)."""
    return Student(LocalPort(dict(namespace)))
