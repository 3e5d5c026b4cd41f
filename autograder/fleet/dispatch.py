"""Which submission goes to which worker, and what it means when one is lost.

No clock, no network, no file and no chance: a fleet acts on what this decides, and the simulation behind
docs/scaling.md runs the very same code. Workers and submissions are names and numbers here.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

DEATHS = 2  # workers that one submission may take along before it is given up
# A host is left alone on which so many submissions died that did well elsewhere, and not many more did well there: on a
# long run each host has its share of chance.
_BLAMED, _SHARE = 3, 0.1


@dataclass(frozen=True)
class Send:
    """Submission `number` is to be graded by `worker`, for the `attempt`-th time (from 1)."""

    number: int
    worker: str
    attempt: int


@dataclass
class _Worker:
    host: str
    slots: int
    held: set[int] = field(default_factory=set)


class Dispatch:
    """The state of one run over `count` submissions, of which at most `most` are under way at once (0: as many as the
    workers have room for).

    Where several ran in a worker that died, nobody knows whose doing it was. So each of them is tried once more alone,
    on another host if there is one; whoever takes a second worker along is given up, and the others have lost nothing.
    A host on which submissions die that do well elsewhere is left alone, so that one broken machine does not eat a
    class."""

    def __init__(self, count: int, most: int = 0) -> None:
        self.most = most
        self.open = set(range(count))  # without a result
        self.blamed: Counter[str] = Counter()  # by host
        self._did: Counter[str] = Counter()
        self._waiting = deque(range(count))
        self._suspects: deque[int] = deque()
        self._deaths: Counter[int] = Counter()
        self._died_on: dict[int, str] = {}
        self._attempts: Counter[int] = Counter()
        self._where: dict[int, str] = {}
        self._workers: dict[str, _Worker] = {}
        self._free: dict[str, None] = {}  # have a slot, and nobody in them who must be alone; in order of use
        self._idle: dict[str, None] = {}
        self._alone_since: float | None = None

    @property
    def workers(self) -> tuple[str, ...]:
        """Those that submissions may be given to."""
        return tuple(self._workers)

    @property
    def running(self) -> int:
        """How many submissions are with a worker."""
        return len(self._where)

    def join(self, worker: str, host: str, slots: int) -> None:
        """A worker is there and fit, with room for `slots` submissions side by side."""
        if worker not in self._workers:
            self._workers[worker] = _Worker(host, max(1, slots))
            self._free[worker] = self._idle[worker] = None

    def leave(self, worker: str, died: bool = True) -> tuple[int, ...]:
        """A worker is gone (`died`), or nothing more shall be given to it. What it held goes back into the queue.
        Returns the submissions that are given up."""
        gone = self._workers.pop(worker, None)
        self._free.pop(worker, None)
        self._idle.pop(worker, None)
        given_up = []
        for number in sorted(gone.held) if gone else ():
            del self._where[number]
            if not died:
                self._waiting.appendleft(number)
            elif self._blame(number, gone.host if gone else ""):
                given_up.append(number)
        return tuple(given_up)

    def failed(self, number: int) -> bool:
        """Its worker lives and could not give a result. Returns whether the submission is given up."""
        host = self._release(number)
        return self._blame(number, host)

    def _blame(self, number: int, host: str) -> bool:
        self._deaths[number] += 1
        self._died_on[number] = host
        if self._deaths[number] >= DEATHS:
            self.open.discard(number)
            return True
        self._suspects.append(number)
        return False

    def again(self, number: int) -> None:
        """It has to be done anew, through nobody's fault."""
        self._release(number)
        self._waiting.appendleft(number)

    def done(self, number: int) -> bool:
        """There is a result. False where one had been before: then this one does not count."""
        host = self._release(number)
        self._did[host] += 1
        died_on = self._died_on.pop(number, host)
        if died_on != host:
            self.blamed[died_on] += 1
        fresh = number in self.open
        self.open.discard(number)
        return fresh

    def _release(self, number: int) -> str:
        """Take a submission out of the worker that holds it. Returns the worker's host."""
        name = self._where.pop(number, "")
        worker = self._workers.get(name)
        if worker is None:
            return ""
        worker.held.discard(number)
        if not any(self._deaths[other] for other in worker.held):
            self._free[name] = None
        if not worker.held:
            self._idle[name] = None
        return worker.host

    def shunned(self) -> tuple[str, ...]:
        """Workers on hosts that are to be left alone: not where there is no other host."""
        bad = {host for host, n in self.blamed.items() if n >= _BLAMED and n > _SHARE * (n + self._did[host])}
        if not bad or bad >= {worker.host for worker in self._workers.values()}:
            return ()
        return tuple(name for name, worker in self._workers.items() if worker.host in bad)

    def sends(self) -> Sequence[Send]:
        """What is to be sent out now. Each counts as under way from here on."""
        found: list[Send] = []
        for _ in range(len(self._suspects)):
            number = self._suspects.popleft()
            worker = self._apart_from(self._died_on.get(number, "")) if self._has_room() else None
            if worker is None:
                self._suspects.append(number)
            else:
                found.append(self._send(number, worker))
        while self._waiting and self._free and self._has_room():
            found.append(self._send(self._waiting.popleft(), next(iter(self._free))))
        return found

    def _has_room(self) -> bool:
        return not self.most or self.running < self.most

    def _apart_from(self, host: str) -> str | None:
        """An idle worker on another host; on the same one only where there is no other."""
        for name in self._idle:
            if self._workers[name].host != host:
                return name
        elsewhere = any(worker.host != host for worker in self._workers.values())
        return None if elsewhere else next(iter(self._idle), None)

    def _send(self, number: int, name: str) -> Send:
        worker = self._workers[name]
        worker.held.add(number)
        self._where[number] = name
        self._attempts[number] += 1
        self._idle.pop(name, None)
        self._free.pop(name, None)
        if len(worker.held) < worker.slots and not self._deaths[number]:
            self._free[name] = None
        return Send(number, name, self._attempts[number])

    def hopeless(self, now: float, patience: float) -> bool:
        """Whether no worker has been fit for `patience` seconds, by the clock that says `now`."""
        if self._workers:
            self._alone_since = None
            return False
        if self._alone_since is None:
            self._alone_since = now
        return now - self._alone_since >= patience
