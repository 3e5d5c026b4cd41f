"""A device to practise timing on: it works in the background, like a GPU, but on a clock of its own.

A call that starts work on a GPU returns long before the work is done, and the first calls take longer than the rest.
`Rehearsal` does both, and since its clock only moves when something happens, the right answer is known exactly.
"""

from __future__ import annotations


class Rehearsal:
    """A pretended device. `launch()` starts one step of work and returns almost at once; `synchronize()` returns
    when all work is done; `clock()` tells the time in seconds.

    each: seconds of work per step; warmups: how many of the first steps take `extra` seconds more; overhead: seconds
    that starting a step takes. `launches` counts the steps so far.
    """

    def __init__(self, each: float = 1.0, warmups: int = 1, extra: float = 0.0, overhead: float = 0.0) -> None:
        if min(each, extra, overhead) < 0 or warmups < 0:
            raise ValueError("times and counts are not negative")
        self.each, self.warmups, self.extra, self.overhead = each, warmups, extra, overhead
        self.launches = 0
        self._now = self._busy_until = 0.0

    def launch(self) -> None:
        """Start one step of work. It begins when the work before it is done."""
        self._now += self.overhead
        work = self.each + (self.extra if self.launches < self.warmups else 0.0)
        self._busy_until = max(self._now, self._busy_until) + work
        self.launches += 1

    def synchronize(self) -> None:
        """Wait until all work is done."""
        self._now = max(self._now, self._busy_until)

    def clock(self) -> float:
        """The time now, in seconds."""
        return self._now
