"""Talks to the kernel in the sandbox: requests out, messages in, and a clock that is fair to whoever is waited for.

Whatever comes in may have been forged. A message that is not what the protocol says is no message.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import select
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from autograder.sandbox.job import PORTS
from autograder.sandbox.running import Running
from autograder.sandbox.zmtp import Line, LineBroken

_DELIMITER = b"<IDS|MSG>"
_KINDS = {"shell": b"DEALER", "control": b"DEALER", "iopub": b"SUB"}
_ROUND = 0.1  # seconds that one wait takes at most: a longer silence is a stall of our own
_SLACK = 0.25  # what taking in messages may add to it
_SENDING = 5.0  # a notebook that hangs up on us would otherwise block a send for ever


class Clock:
    """Counts the seconds in which we waited. While the grader itself is held up (a busy interpreter, a machine put to
    sleep, a stop signal), a student's time stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self._last = time.monotonic()

    def restart(self) -> None:
        """Leave out what has passed since the last count."""
        self._last = time.monotonic()

    def count(self) -> None:
        """Count what has passed since the last count, as far as it was waiting."""
        now = time.monotonic()
        self.now += min(now - self._last, _ROUND + _SLACK)
        self._last = now

    def leave_out(self, seconds: float) -> None:
        """Of what was counted, so much was not the student's."""
        self.now -= seconds


@dataclass(frozen=True)
class Message:
    """One message in reply to `parent` (a request's id); `channel`: shell, control or iopub. `kind` is "" for one
    that was too large to be taken in."""

    channel: str
    parent: str
    kind: str
    content: dict[str, Any]


class Talk:
    """The connections to one kernel. `heard` and `received` count all messages and bytes so far."""

    def __init__(self, running: Running, most: int) -> None:
        """Connect. A message of more than `most` bytes is passed over. Raises LineBroken."""
        self.clock = Clock()
        self.heard = self.received = 0
        self._running = running
        self._key = running.job.key.encode()
        self._lines: dict[str, Line] = {}
        try:
            for channel, kind in _KINDS.items():
                self._lines[channel] = Line(f"{running.sockets}-{PORTS[f'{channel}_port']}", kind, most)
        except LineBroken:
            self.close()
            raise

    def close(self) -> None:
        """Hang up on every channel."""
        for line in self._lines.values():
            line.close()
        self._lines = {}

    def hang_up(self, channel: str) -> None:
        """Hang up on one."""
        if channel in self._lines:
            self._lines.pop(channel).close()

    def ask(self, channel: str, kind: str, content: dict[str, Any]) -> str:
        """Send a request. Returns its id, which nobody can guess. Raises LineBroken."""
        if channel not in self._lines:
            raise LineBroken("the far side hung up")
        name = secrets.token_hex(16)
        header = {
            "msg_id": name,
            "session": self._running.job.name,
            "username": "seq2grade",
            "date": datetime.now(timezone.utc).isoformat(),
            "msg_type": kind,
            "version": "5.3",
        }
        # escaped text: a source with half a character in it could not be sent otherwise
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        self._lines[channel].send([_DELIMITER, self._signed(parts), *parts], _SENDING)
        return name

    def _signed(self, parts: list[bytes]) -> bytes:
        signature = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            signature.update(part)
        return signature.hexdigest().encode()

    def hear(self, *parents: str) -> list[Message]:
        """Wait a moment for messages in reply to these requests. Others are thrown away unread."""
        poll = select.poll()
        channels = {line.fileno(): channel for channel, line in self._lines.items()}
        for number in channels:
            poll.register(number, select.POLLIN)
        ending = self._running.fileno()
        if ending >= 0:
            poll.register(ending, select.POLLIN)
        ready = poll.poll(_ROUND * 1000)
        self.clock.count()
        found: list[Message] = []
        for number, _ in ready:
            if number in channels:
                found += self._take(channels[number], parents)
        return found

    def _take(self, channel: str, parents: tuple[str, ...]) -> list[Message]:
        try:
            raw, size = self._lines[channel].receive()
        except LineBroken:
            self.hang_up(channel)
            return []
        self.heard += len(raw)
        self.received += size
        read = (Message(channel, "", "", {}) if parts is None else self._read(channel, parts, parents) for parts in raw)
        return [message for message in read if message is not None]

    def _read(self, channel: str, parts: list[bytes], parents: tuple[str, ...]) -> Message | None:
        """A message as the protocol has it, in reply to one of these requests; else None."""
        try:
            parts = parts[parts.index(_DELIMITER) + 1 :]
            if not hmac.compare_digest(parts[0], self._signed(parts[1:5])):
                return None
            parent = json.loads(parts[2]).get("msg_id")
            if parent not in parents:
                return None
            kind, content = json.loads(parts[1]).get("msg_type"), json.loads(parts[4])
        except (ValueError, TypeError, AttributeError, IndexError, RecursionError, MemoryError):
            return None
        if not isinstance(kind, str) or not isinstance(content, dict):
            return None
        return Message(channel, parent, kind, content)
