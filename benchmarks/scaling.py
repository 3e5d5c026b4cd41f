"""What a hundred thousand submissions would ask of one writer: `python -m benchmarks.scaling` (docs/scaling.md).

The grader's own decisions (autograder/fleet/dispatch.py, the very code that runs) act on simulated workers: hosts that
break, workers that are killed, submissions that kill. Everything is drawn from one seed. What a submission costs the
one process that sends and saves was measured (`--measure` does so again, on this machine).
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.fleet.dispatch import Dispatch


@dataclass(frozen=True)
class Costs:
    """Seconds that one submission takes of the process that sends and saves: to read and send it, to take its answer
    in, to save it (gradebook, kept result, autograded notebook). Measured on `rnn_backprop`."""

    send: float = 0.0113
    take: float = 0.0015
    save: float = 0.0566

    @property
    def all(self) -> float:
        """Of one submission, from file to gradebook."""
        return self.send + self.take + self.save


@dataclass(frozen=True)
class Setup:
    """A class, a fleet, and what goes wrong. `grading` is the median of seconds that a worker takes, `spread` the sigma
    of its logarithm; a worker is killed from outside once in `mtbf` seconds of work and is back, warm, after `restart`;
    `killers` submissions kill their worker whenever they run; on `broken` hosts whatever runs dies."""

    submissions: int = 100_000
    workers: int = 200
    per_host: int = 4
    grading: float = 3.2
    spread: float = 0.5
    mtbf: float = 4 * 3600.0
    restart: float = 20.0
    killers: int = 20
    broken: int = 1
    seed: int = 1
    costs: Costs = field(default_factory=Costs)


@dataclass
class Outcome:
    """What came of it. `busy` is the share of the time in which the one writer works, `used` that of the workers;
    `innocent` are those given up that were no killers; `results` how many each submission has."""

    seconds: float = 0.0
    busy: float = 0.0
    used: float = 0.0
    deaths: int = 0
    given_up: int = 0
    innocent: int = 0
    shunned: int = 0
    most_attempts: int = 0
    results: Counter[int] = field(default_factory=Counter)


def simulate(setup: Setup) -> Outcome:
    """One run, the same for the same setup."""
    return _Simulation(setup).run()


class _Simulation:
    def __init__(self, setup: Setup) -> None:
        self.setup, self.chance = setup, random.Random(setup.seed)
        self.dispatch, self.outcome = Dispatch(setup.submissions), Outcome()
        self.killers = set(self.chance.sample(range(setup.submissions), setup.killers))
        hosts = math.ceil(setup.workers / setup.per_host)
        self.broken = set(self.chance.sample(range(hosts), setup.broken))
        self.events: list[tuple[float, int, str, str, int]] = []  # when, order, what, worker, submission
        self.order = 0
        self.writer_free = 0.0
        self.written = self.worked = 0.0
        self.alive: dict[str, int] = {}  # worker -> host
        self.killed_of: Counter[int] = Counter()

    def run(self) -> Outcome:
        for number in range(self.setup.workers):
            self._at(self.chance.uniform(0.0, self.setup.restart), "join", f"{number}.0", -1)
        while self.dispatch.open:
            now, _, what, worker, number = heapq.heappop(self.events)
            getattr(self, f"_{what}")(now, worker, number)
        out, end = self.outcome, max(now, self.writer_free)
        out.seconds, out.busy, out.used = end, self.written / end, self.worked / (end * self.setup.workers)
        return out

    def _at(self, when: float, what: str, worker: str, number: int) -> None:
        self.order += 1
        heapq.heappush(self.events, (when, self.order, what, worker, number))

    def _write(self, now: float, seconds: float) -> float:
        """The one writer does one thing after the other. Returns when this one is done."""
        self.writer_free = max(now, self.writer_free) + seconds
        self.written += seconds
        return self.writer_free

    def _join(self, now: float, worker: str, _: int) -> None:
        host = int(worker.partition(".")[0]) // self.setup.per_host
        self.alive[worker] = host
        self.dispatch.join(worker, str(host), 1)
        for name in self.dispatch.shunned():
            self.outcome.shunned += 1
            self.dispatch.leave(name, died=False)
        self._send_out(now)

    def _send_out(self, now: float) -> None:
        for send in self.dispatch.sends():
            self.outcome.most_attempts = max(self.outcome.most_attempts, send.attempt)
            begins = self._write(now, self.setup.costs.send)
            seconds = self.setup.grading * math.exp(self.chance.gauss(0.0, self.setup.spread))
            end = seconds if self._is_fatal(send.number, send.worker) else None
            killed = self.chance.expovariate(1.0 / self.setup.mtbf)
            if end is not None or killed < seconds:
                self._at(begins + min(killed, seconds), "die", send.worker, send.number)
            else:
                self._at(begins + seconds, "answer", send.worker, send.number)
            self.worked += min(killed, seconds)

    def _is_fatal(self, number: int, worker: str) -> bool:
        return number in self.killers or self.alive[worker] in self.broken

    def _die(self, now: float, worker: str, number: int) -> None:
        self.outcome.deaths += 1
        for lost in self.dispatch.leave(worker):
            self.outcome.given_up += 1
            self.outcome.innocent += lost not in self.killers
            self.outcome.results[lost] += 1
        place, _, life = worker.partition(".")
        self._at(now + self.setup.restart, "join", f"{place}.{int(life) + 1}", -1)
        del self.alive[worker]
        self._send_out(now)

    def _answer(self, now: float, worker: str, number: int) -> None:
        done = self._write(now, self.setup.costs.take + self.setup.costs.save)
        if self.dispatch.done(number):
            self.outcome.results[number] += 1
        self._send_out(done)


def table() -> str:
    """The rows of docs/scaling.md, as Markdown."""
    calm = Setup(mtbf=1e12, killers=0, broken=0)
    rows = [
        ("nothing goes wrong", calm),
        ("each worker killed every 4 h, 20 killers, one broken host", Setup()),
        ("each worker killed every 10 min, 200 killers, three broken hosts", Setup(mtbf=600, killers=200, broken=3)),
        ("as the second, 25 workers", Setup(workers=25)),
        ("as the second, work of a minute", Setup(grading=60.0)),
    ]
    lines = ["| | hours | per minute | writer busy | workers busy | died | given up | not to blame |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for name, setup in rows:
        out = simulate(setup)
        assert set(out.results.values()) == {1}, "a result lost or doubled"
        assert len(out.results) == setup.submissions
        lines.append(
            f"| {name} | {out.seconds / 3600:.1f} | {60 * setup.submissions / out.seconds:.0f} | {out.busy:.0%} | "
            f"{out.used:.0%} | {out.deaths} | {out.given_up} | {out.innocent} |"
        )
    return "\n".join(lines)


def measure(root: Path, assignment: str) -> tuple[Costs, str]:
    """What one solution of `assignment` costs the writer here (CPU seconds), and a line about sizes and times."""
    import tempfile

    from autograder.collect import find_submissions
    from autograder.course import Course, Spec
    from autograder.fleet.wire import Answer, Job
    from autograder.gradebook import CourseGradebook
    from autograder.model import Collected
    from autograder.notebooks import read_notebook
    from autograder.pipeline import grade_submission, received
    from autograder.saving import Faults, Keeper

    (submission,) = find_submissions(root / "solutions" / assignment / f"{assignment}.ipynb", assignment, [assignment])
    with Course.open(Spec(root)) as course, tempfile.TemporaryDirectory() as home:
        prepared = course.prepare(assignment)
        graded = grade_submission(course, submission, 1)
        graded = grade_submission(course, submission, 1)  # the second is warm
        answer = Answer(graded).dump()
        sizes = []

        def send() -> None:
            collected = received(course, submission, 1)
            assert isinstance(collected, Collected)
            sizes.append(len(Job("", collected, prepared.digest, 1).dump()))

        with CourseGradebook(f"sqlite:///{home}/gradebook.db") as book:
            book.register(assignment, read_notebook(root / "source" / assignment / f"{assignment}.ipynb"))
            keeper = Keeper(book, Path(home), lambda name: prepared.release, Faults())

            def save() -> None:
                keeper.begin(submission, None)
                keeper.record(graded)

            costs = Costs(_cpu(send), _cpu(lambda: Answer.load(answer)), _cpu(save))
        stored = sum(path.stat().st_size for path in Path(home).rglob("*") if path.is_file())
    told = (
        f"{assignment}: {sizes[0] / 1e3:.0f} kB there, {len(answer) / 1e3:.0f} kB back, {stored / 1e3:.0f} kB stored "
    )
    told += "(and an empty gradebook); graded in "
    return costs, f"{told}{graded.seconds:.2f} s, {graded.cpu_seconds:.2f} CPU-s of them in sandbox and judge"


def _cpu(work: object, times: int = 10) -> float:
    assert callable(work)
    work()
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


def main() -> None:
    """Print the table, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", metavar="ASSIGNMENT", help="measure the writer's costs on its solution")
    asked = parser.parse_args()
    if asked.measure:
        costs, told = measure(Path().resolve(), asked.measure)
        shown = replace(costs, **{name: round(value, 4) for name, value in vars(costs).items()})
        print(f"{told}\n{shown}: {costs.all:.3f} CPU-s in all")
    else:
        print(table())


if __name__ == "__main__":
    main()
