"""Grade a batch on the workers of a Dask cluster, as `local.grade_many` does on this machine.

Dask carries, supervises and encrypts; which submission goes to which worker is decided here (dispatch.py): one for
each of a worker's threads and never more, since only so is it known who was at work when a worker died.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from autograder.course import Course
from autograder.errors import FleetError, Seq2gradeError
from autograder.fleet import worker
from autograder.fleet.dispatch import Dispatch, Send
from autograder.fleet.local import Started
from autograder.fleet.stop import Stop
from autograder.fleet.wire import Answer, Greeting, Job, code_digest
from autograder.model import Grade, Submission
from autograder.pipeline import Onlooker, lost, received
from autograder.report.plain import plain

if TYPE_CHECKING:
    from distributed import Client, Future

LOOK = 1.0  # seconds between two looks at who is there
_SILENCE = 60.0  # seconds without a word from the scheduler after which the run ends
_GRACE = 10.0  # seconds for another worker to come, once all that are there were refused
_AGAIN = 30.0  # seconds after which a worker is greeted anew whose copy of the assignment was not that of here
_EDITIONS = 3  # how often a submission is graded anew because its assignment has changed meanwhile
_FETCHERS = 4
_CALL_BACK = 5.0  # seconds
_SPARE = 1800.0  # seconds on top of all limits, after which a worker that does not answer is taken for lost


@dataclass(frozen=True)
class _Here:
    """Who is in the cluster now: id -> address, host, threads."""

    workers: Mapping[str, tuple[str, str, int]]


@dataclass(frozen=True)
class _Silent:
    reason: str


@dataclass(frozen=True)
class _Came:
    """The answer to what was sent under a key; `failed` is why there is none."""

    key: str
    answer: Answer = field(default_factory=Answer)
    failed: str = ""


@dataclass(frozen=True)
class _Flight:
    """What is under way to a worker, and until when an answer is waited for; `number` is -1 for a greeting."""

    number: int
    worker: str
    future: Future[Any]
    until: float
    edition: str = ""


class DaskFleet:
    """The workers behind a scheduler that is connected. `patience`: seconds that a run waits for a first fit worker;
    `told`: a line for each worker that was refused, and for what else a person should know."""

    def __init__(self, client: Client, patience: float) -> None:
        self.client, self.patience = client, patience
        self.told: list[str] = []

    def grade_many(
        self,
        course: Course,
        submissions: Sequence[Submission],
        jobs: int = 0,
        seed: int | None = None,
        started: Started | None = None,
        stop: Stop | None = None,
        onlooker: Callable[[Submission], Onlooker] | None = None,
        earlier: Mapping[Path, Grade] = MappingProxyType({}),
    ) -> Iterator[Grade]:
        """As local.grade_many. `jobs` 0 means as many as the workers have threads; `started` is called in this thread,
        and there can be no onlooker. Raises FleetError when no worker is fit or the scheduler does not answer."""
        if onlooker is not None:
            raise ValueError("nobody can look on from another process")
        stop = stop or Stop()
        run = _Run(self, course, submissions, jobs, seed, started, stop, earlier)
        try:
            if submissions and not stop.signal:
                yield from run.grades()
        finally:
            run.close()


class _Run:
    def __init__(
        self, fleet: DaskFleet, course: Course, submissions: Sequence[Submission], jobs: int, seed: int | None,
        started: Started | None, stop: Stop, earlier: Mapping[Path, Grade],
    ) -> None:  # fmt: skip
        self.fleet, self.client, self.course, self.submissions = fleet, fleet.client, course, submissions
        self.started, self.stop, self.earlier = started, stop, earlier
        self.seeds = [secrets.randbits(31) if seed is None else seed for _ in submissions]
        self.dispatch = Dispatch(len(submissions), jobs)
        self.name = secrets.token_hex(4)
        self.inbox: queue.SimpleQueue[_Here | _Silent | _Came | None] = queue.SimpleQueue()
        self.here: Mapping[str, tuple[str, str, int]] = {}
        self.flights: dict[str, _Flight] = {}
        self.refused: dict[str, float] = {}  # worker -> when it may be greeted again
        self.changed: Counter[int] = Counter()
        self.begun: set[int] = set()
        self.heard = time.monotonic()
        self.why_silent = ""
        self.ended = threading.Event()
        self.fetchers = ThreadPoolExecutor(_FETCHERS, thread_name_prefix="fetch")
        self.watcher = threading.Thread(target=self._watch, name="fleet", daemon=True)
        self.greeting = Greeting(course.spec, course.settings, code_digest(), {}, course.zygote.hidden)

    def _editions(self) -> dict[str, str]:
        """Those of the assignments that there is work for, and that can be graded at all."""
        found = {}
        for name in sorted({one.assignment for one in self.submissions} & set(self.course.ids())):
            try:
                found[name] = self.course.prepare(name).digest
            except Seq2gradeError:
                continue  # each of its submissions says so
        return found

    def grades(self) -> Iterator[Grade]:
        """Yield each grade as it comes, until there is one for every submission."""
        self.stop.listen(lambda: self.inbox.put(None))  # heard in the middle of a wait, too
        self.watcher.start()
        while self.dispatch.open:
            for send in self.dispatch.sends():
                if self.stop.signal:
                    return
                yield from self._send(send)
            try:
                news = self.inbox.get(timeout=LOOK)
            except queue.Empty:
                news = _Silent(self.why_silent)
            if self.stop.signal:
                return
            if isinstance(news, _Came):
                yield from self._take(news)
            elif isinstance(news, _Here):
                yield from self._look(news.workers)
            else:
                self._bear(news)
            self._check_hope()

    def close(self) -> None:
        """Let go of what is under way; nobody waits for it any more."""
        self.ended.set()
        flights, self.flights = self.flights, {}

        def call_back() -> None:
            with contextlib.suppress(Exception):
                self.client.cancel([one.future for one in flights.values()], force=True)

        if self.client.status == "running" and flights:  # in a thread: a scheduler that hangs holds up nobody
            calling = threading.Thread(target=call_back, name="cancel", daemon=True)
            calling.start()
            calling.join(_CALL_BACK)
        self.fetchers.shutdown(wait=False, cancel_futures=True)

    def _watch(self) -> None:
        """In a thread of its own: a scheduler that hangs holds up nobody."""
        while not self.ended.wait(LOOK):
            try:
                scheduler: Any = self.client.scheduler
                info = self.client.sync(scheduler.identity, n_workers=-1, callback_timeout=_SILENCE)
                self.inbox.put(_Here({str(w["id"]) + at: self._of(at, w) for at, w in info["workers"].items()}))
            except Exception as error:
                self.inbox.put(_Silent(str(error) or repr(error)))

    def _of(self, address: str, told: Mapping[str, Any]) -> tuple[str, str, int]:
        """Address, host, and how many submissions at once: one for each thread, or for each GPU."""
        slots = int(told["nthreads"])
        if self.course.zygote.device == "cuda":
            slots = int(told.get("resources", {}).get("GPU", 1))
        return address, str(told["host"]), slots

    def _bear(self, news: _Silent | None) -> None:
        self.why_silent = news.reason if news is not None and news.reason else self.why_silent
        if self.client.status not in ("running", "connecting") or time.monotonic() - self.heard > 2 * _SILENCE:
            reason = plain(" ".join(self.why_silent.split()))[:200] or "the connection is closed"
            raise FleetError(f"the fleet's scheduler does not answer any more: {reason}")

    def _look(self, workers: Mapping[str, tuple[str, str, int]]) -> Iterator[Grade]:
        """Miss who is gone, greet who is new."""
        self.heard, gone = time.monotonic(), self.here.keys() - workers.keys()
        self.here = workers
        for name in gone:
            self.refused.pop(name, None)
            yield from self._lose(name, died=True)
        overdue = {one.worker for one in self.flights.values() if one.until < self.heard}
        for name in overdue:
            self._refuse(name, "it did not answer within all limits")
            yield from self._lose(name, died=True)
        for name in self.dispatch.shunned():
            self._refuse(name, "submissions died on its host that did well elsewhere")
            yield from self._lose(name, died=False)
        at_work = {one.worker for one in self.flights.values()} | set(self.dispatch.workers)
        for name in workers.keys() - at_work:
            if self.refused.get(name, 0.0) <= self.heard:
                self.refused.pop(name, None)
                greeting = replace(self.greeting, editions=self._editions())
                self._fly(-1, name, worker.greet, greeting.dump(), "", _SPARE)

    def _lose(self, name: str, died: bool) -> Iterator[Grade]:
        for key, one in list(self.flights.items()):
            if one.worker == name:
                del self.flights[key]
                one.future.release()
        for number in self.dispatch.leave(name, died):
            yield self._lost(number, "its worker died twice")

    def _refuse(self, name: str, why: str, pause: float = float("inf")) -> None:
        """Say why a worker gets no work, for `pause` seconds."""
        self.refused[name] = time.monotonic() + pause
        address, host, _ = self.here.get(name, ("?", "?", 0))
        line = f"the worker {address} on {host} was given no work: {plain(' '.join(why.split()))[:400]}"
        if line not in self.fleet.told:
            self.fleet.told.append(line)

    def _check_hope(self) -> None:
        """Raises FleetError when nobody is left who may do the rest."""
        now = time.monotonic()
        greeted = any(one.number < 0 for one in self.flights.values())
        nobody_else = (
            bool(self.here) and not greeted and all(self.refused.get(name) == float("inf") for name in self.here)
        )
        patience = min(_GRACE, self.fleet.patience) if nobody_else else self.fleet.patience
        if self.dispatch.hopeless(now, patience):
            reasons = [line for line in self.fleet.told if "was given no work" in line][-3:]
            there = f"{len(self.here)} are there" if self.here else "none is there"
            advice = "; ".join(reasons) or "start some, see docs/fleet.md"
            raise FleetError(f"no worker of the fleet is fit to grade ({there}): {advice}")

    def _send(self, send: Send) -> Iterator[Grade]:
        """Read a submission and send it; where there is nothing to run, its grade is known here."""
        number, submission = send.number, self.submissions[send.number]
        try:
            if self.started is not None and number not in self.begun:
                self.begun.add(number)
                self.started(submission)
            found = received(self.course, submission, self.seeds[number])
            if not isinstance(found, Grade):
                prepared = self.course.prepare(submission.assignment)
                before = self.earlier.get(submission.path)
                seed = before.seed if before is not None else self.seeds[number]
                job = Job(self.greeting.key, found, prepared.digest, seed, before)
                limits = prepared.assignment.limits
                seconds = 4 * (limits.total_seconds + limits.judge_seconds) + _SPARE
                self._fly(number, send.worker, worker.grade, job.dump(), prepared.digest, seconds)
                return
        except BaseException as error:
            found = lost(self.course, submission, f"failed: {error!r}", self.seeds[number])
        if self.dispatch.done(number):
            yield found

    def _fly(
        self, number: int, name: str, task: Callable[[bytes], bytes], data: bytes, edition: str, seconds: float
    ) -> None:
        key = f"seq2grade-{self.name}-{secrets.token_hex(6)}"
        future = self.client.submit(
            task, data, key=key, workers=[self.here[name][0]], allow_other_workers=False, pure=False, retries=0
        )
        self.flights[key] = _Flight(number, name, future, time.monotonic() + seconds, edition)
        future.add_done_callback(lambda done: self._fetch(key, done))

    def _fetch(self, key: str, future: Future[Any]) -> None:
        def fetch() -> None:
            try:
                self.inbox.put(_Came(key, Answer.load(future.result(timeout=_SILENCE))))
            except BaseException as error:  # a cancelled future raises what is no Exception
                self.inbox.put(_Came(key, failed=f"{type(error).__name__}: {error}"))

        try:
            self.fetchers.submit(fetch)
        except RuntimeError:  # the run is over
            return

    def _take(self, came: _Came) -> Iterator[Grade]:
        """An answer; one that nobody waits for any more counts for nothing."""
        flight = self.flights.pop(came.key, None)
        if flight is None:
            return
        flight.future.release()
        if flight.number < 0:
            self._welcome(flight, came)
        elif came.failed:
            yield from self._failed(flight, came.failed)
        elif came.answer.grade is not None:
            yield from self._arrived(flight, came.answer.grade)
        elif not self._is_current(flight):  # rather the assignment's fault than the worker's
            yield from self._once_more(flight)
        else:
            if came.answer.refused:
                self._refuse(flight.worker, came.answer.refused, _AGAIN)
            yield from self._lose(flight.worker, died=False)

    def _welcome(self, flight: _Flight, came: _Came) -> None:
        if flight.worker not in self.here:
            return
        if came.answer.ready:
            _, host, slots = self.here[flight.worker]
            self.dispatch.join(flight.worker, host, slots)
        else:
            cannot = f"it cannot run what it is sent ({came.failed}): install the same seq2grade there"
            self._refuse(flight.worker, came.answer.refused or cannot, _AGAIN if came.answer.later else float("inf"))

    def _failed(self, flight: _Flight, why: str) -> Iterator[Grade]:
        """No answer came. Where the connection is the reason, a look at the workers will tell what is lost."""
        if self.client.status == "running" and flight.worker in self.here:
            if self.dispatch.failed(flight.number):
                yield self._lost(flight.number, why)
        else:
            self.flights[f"lost-{secrets.token_hex(6)}"] = flight

    def _arrived(self, flight: _Flight, grade: Grade) -> Iterator[Grade]:
        submission = self.submissions[flight.number]
        if (grade.student, grade.assignment) != (submission.student, submission.assignment):
            yield from self._failed(flight, "the answer is about another submission")
        elif not self._is_current(flight):
            yield from self._once_more(flight)
        elif self.dispatch.done(flight.number):
            yield grade

    def _is_current(self, flight: _Flight) -> bool:
        """Whether the assignment still is what it was when the submission was read. Broken files change nothing."""
        try:
            return self.course.prepare(self.submissions[flight.number].assignment).digest == flight.edition
        except Seq2gradeError:
            return True

    def _once_more(self, flight: _Flight) -> Iterator[Grade]:
        self.changed[flight.number] += 1
        if self.changed[flight.number] < _EDITIONS:
            self.dispatch.again(flight.number)
        elif self.dispatch.done(flight.number):
            yield self._lost(flight.number, "the assignment changed again and again")

    def _lost(self, number: int, why: str) -> Grade:
        return lost(self.course, self.submissions[number], f"failed: {why}", self.seeds[number])
