"""Time limits on a busy machine: the seconds in which a submission asked for a processor and others had them all are
not the student's.

The kernel counts them for each thread ("run delay", the second field of /proc/PID/schedstat; 0 where it does not). They
are looked up only when a limit has been reached. What the submission's own other threads and processes computed
meanwhile, nobody took from it: starving oneself wins no time.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass

from autograder.processes import Machine

PATIENCE = 10.0  # times its limit that anything may last in all
_LOOK = 0.3  # seconds between two looks, which tell how things are
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Look:
    """Where the processes of a submission stand: `used`: CPU seconds of all their threads; `ran` and `waited`: process
    -> seconds in which its first thread, which runs what is waited for, had a processor and wanted one, since it
    began."""

    used: float
    ran: dict[int, float]
    waited: dict[int, float]


def look(above: int) -> Look:
    """At the processes below the one with this number, as this process sees them."""
    used, ran, waited = 0.0, {}, {}
    processes = Machine()
    try:
        for pid in processes.below(above):
            with contextlib.suppress(OSError, ValueError, IndexError):
                on, off = (int(field) / 1e9 for field in processes.read(pid, "schedstat").split()[:2])
                used += sum(int(field) for field in processes.stat(pid)[11:13]) / _TICK
                ran[pid], waited[pid] = on, off
    finally:
        processes.close()
    return Look(used, ran, waited)


def withheld(before: Look, after: Look) -> tuple[int, float]:
    """The process that waited longest for a processor between two looks, and the share of its waiting that is nobody's
    doing in the submission itself: 0 to 1."""
    both = [pid for pid in after.waited if pid in before.waited]
    if not both:
        return 0, 0.0
    longest = max(both, key=lambda pid: after.waited[pid] - before.waited[pid])
    delay = after.waited[longest] - before.waited[longest]
    others = after.used - before.used - (after.ran[longest] - before.ran[longest])
    return longest, max(0.0, 1.0 - max(0.0, others - 2 / _TICK) / delay) if delay > 1e-3 else 1.0


class Starved:
    """What the processes below `above` waited for in vain, of which each second excuses once."""

    def __init__(self, above: int, look: Callable[[int], Look] = look) -> None:
        self.above, self.look = above, look
        self._excused: dict[int, float] = {}

    def excuse(self, before: Look, after: Look) -> float:
        """Seconds to be left out of a limit, after two looks a moment apart."""
        pid, share = withheld(before, after)
        seconds = share * (after.waited.get(pid, 0.0) - self._excused.get(pid, 0.0))
        self._excused[pid] = after.waited.get(pid, 0.0)
        return max(0.0, seconds)


class Patience:
    """By how much one limit of so many seconds is to be put off, asked whenever it has been reached. `excused`: the
    seconds so far that do not count."""

    def __init__(self, starved: Starved | None, seconds: float) -> None:
        self._starved, self._left = starved, (PATIENCE - 1.0) * seconds
        self._before: Look | None = None
        self.excused = 0.0

    def more(self) -> float:
        """Seconds to wait on; 0 when time is up. First a moment, to see how things are."""
        if self._starved is None or self._left <= 0:
            return 0.0
        if self._before is None:
            self._before = self._starved.look(self._starved.above)
            return _LOOK
        seconds = min(self._left, self._starved.excuse(self._before, self._starved.look(self._starved.above)))
        self._before = None
        self._left -= seconds + _LOOK
        self.excused += seconds
        return seconds if seconds > _LOOK else 0.0
