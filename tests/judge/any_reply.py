"""A fuzzer of replies: every check, on a reference one of whose replies is something else.

`python -m tests.judge.any_reply ASSIGNMENT [SECONDS] [CHECK]` tries each check for so many seconds and says which
stay undecided (there must be none), which break on what (that is a failure, in words that could say more), which take
long, and which pass although the answer is plainly wrong. `python -m tests.judge.any_reply sample` tries a few replies
on a third of all checks.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autograder.assignment import find_assignments, load_assignment
from autograder.audit.fork import quiet
from autograder.guest.wire import Remote, Unsendable, pack, unpack
from autograder.judge import Check, Student
from autograder.judge.blame import settled
from autograder.judge.ports import LocalPort
from autograder.judge.run import run_check
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status

ROOT = Path(__file__).resolve().parents[2]
SEED = 20
SLOW = 5.0  # CPU seconds more than the reference takes
Mutation = Callable[[Any], Any]
NAN, INF = float("nan"), float("inf")


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(value.shape) if isinstance(value, (torch.Tensor, np.ndarray)) else (2, 3)


def _tensor(value: Any) -> torch.Tensor:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return torch.from_numpy(np.ascontiguousarray(value)).clone()
    return torch.ones(2, 3, dtype=torch.float64)


def _floats(value: Any) -> torch.Tensor:
    return _tensor(value).double()


def _one(value: Any, entry: float) -> torch.Tensor:
    found = _floats(value)
    if found.numel():
        found.view(-1)[-1] = entry
    return found


def _nested(value: Any) -> Any:
    for _ in range(11):
        value = [value]
    return value


def _more(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)([*value, *value[:1], None])
    return (value, value, value)


def _less(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(value[:-1])
    return {k: value[k] for k in list(value)[1:]} if isinstance(value, dict) else ()


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"{k}_": v for k, v in value.items()}
    return {1: value, None: 2, "a": {}, b"b": 3}


# Answers that are plainly wrong wherever something is returned; the rest may be harmless in some places.
WRONG: dict[str, Mutation] = {
    "None": lambda v: None,
    "nan": lambda v: torch.full(_shape(v), NAN, dtype=torch.float64),
    "inf": lambda v: torch.full(_shape(v), INF),
    "empty tensor": lambda v: torch.zeros(0),
    "empty list": lambda v: [],
    "text": lambda v: "text",
    "empty dict": lambda v: {},
    "float nan": lambda v: NAN,
    "object": lambda v: Remote(10**6, "Thing", False),
    "dict of odd keys": lambda v: {1: 2, None: [], b"x": "y"},
}
ODD: dict[str, Mutation] = WRONG | {
    "-inf": lambda v: torch.full(_shape(v), -INF, dtype=torch.float64),
    "float inf": lambda v: INF,
    "one nan": lambda v: _one(v, NAN),
    "one inf": lambda v: _one(v, -INF),
    "one 1e308": lambda v: _one(v, 1e308),
    "1e308": lambda v: torch.full(_shape(v), 1e308, dtype=torch.float64),
    "float 1e308": lambda v: -1e308,
    "zeros": lambda v: torch.zeros(_shape(v)),
    "0-d": lambda v: torch.tensor(1.5),
    "empty array": lambda v: np.zeros((0, 3)),
    "empty last axis": lambda v: np.zeros((*_shape(v), 0)),
    "one axis more": lambda v: _tensor(v)[None],
    "flat": lambda v: _tensor(v).reshape(-1),
    "first row": lambda v: _tensor(v)[0] if _shape(v) and _shape(v)[0] else torch.zeros(()),
    "row more": lambda v: torch.cat([_tensor(v), _tensor(v)[:1]]) if _shape(v) else torch.zeros(2),
    "turned": lambda v: _tensor(v).mT if len(_shape(v)) > 1 else torch.zeros(3, 1),
    "12 axes": lambda v: torch.ones([1] * 12),
    "list": lambda v: _tensor(v).tolist(),
    "tuple": lambda v: tuple(_tensor(v)) if _shape(v) else (v,),
    "array": lambda v: _tensor(v).numpy(),
    "tensor": _tensor,
    "float32": lambda v: _tensor(v).float(),
    "float16": lambda v: _tensor(v).half(),
    "bfloat16": lambda v: _tensor(v).bfloat16(),
    "int64": lambda v: _tensor(v).long(),
    "uint8": lambda v: torch.ones(_shape(v), dtype=torch.uint8),
    "bool": lambda v: _tensor(v).bool(),
    "complex": lambda v: _tensor(v).to(torch.complex128),
    "complex array": lambda v: _tensor(v).numpy().astype(np.complex64),
    "requires_grad": lambda v: _floats(v).requires_grad_(),
    "strings": lambda v: np.full(_shape(v), "a"),
    "rows of strings": lambda v: [["a", "b"], ["c"]],
    "ragged": lambda v: [[1.0], [2.0, 3.0]],
    "list of None": lambda v: [None, None],
    "list of lists": lambda v: [[], [], [[]]],
    "2**62": lambda v: 2**62,
    "2**70": lambda v: 2**70,
    "-1": lambda v: -1,
    "minus ones": lambda v: -torch.ones(_shape(v), dtype=torch.int64),
    "huge ints": lambda v: torch.full(_shape(v), 2**62),
    "float": lambda v: 0.5,
    "complex number": lambda v: 1 + 2j,
    "True": lambda v: True,
    "empty text": lambda v: "",
    "bytes": lambda v: b"\xff\x00",
    "nested": _nested,
    "longer": _more,
    "shorter": _less,
    "other keys": _keys,
    "set": lambda v: {1, 2, "three", None},
    "frozen pairs": lambda v: {("a", "b"), (1, 2), ()},
    "callable": lambda v: Remote(10**6, "function", True),
    "first kept": lambda v: Remote(1, "Linear", True),
    "many entries": lambda v: torch.ones(1_000_000),
    "long list": lambda v: [1] * 200_000,
}
# What these methods of a module give back is of no interest.
IDLE = {"double", "float", "eval", "train", "to", "requires_grad_", "load_state_dict", "add_module"}
REPLIES: dict[str, Any] = {
    "raised oddly": {"raised": {"type": ["x"], "text": None, "where": 3}},
    "raised nothing": {"raised": {}},
    "raised text": {"raised": "ValueError"},
    "raised": {"raised": {"type": "ValueError", "text": "x", "where": "f:1", "built_in": "ValueError"}},
    "missing": {"missing": 7},
    "unsendable": {"unsendable": [1]},
    "no key": {},
    "two keys": {"ok": 1, "missing": "x"},
    "unknown key": {"okay": 1},
    "no dict": 5,
}


def spots(value: Any, depth: int = 3) -> Iterator[tuple[Any, ...]]:
    """Places in a reply: the whole, and the first and last part of each container."""
    yield ()
    if depth and isinstance(value, (list, tuple, dict)) and len(value):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in {keys[0]: 0, keys[-1]: 0}:
            yield from ((key, *rest) for rest in spots(value[key], depth - 1))


def put(value: Any, spot: tuple[Any, ...], change: Mutation) -> Any:
    """A copy of `value`, changed at `spot` if it has such a place."""
    if not spot:
        return change(value)
    if isinstance(value, dict) and spot[0] in value:
        return {**value, spot[0]: put(value[spot[0]], spot[1:], change)}
    if isinstance(value, (list, tuple)) and isinstance(spot[0], int) and spot[0] < len(value):
        parts = list(value)
        parts[spot[0]] = put(parts[spot[0]], spot[1:], change)
        return type(value)(parts)
    return value


@dataclass(frozen=True)
class Trial:
    """What is changed: replies to requests like this one (`always`), or only the one numbered `at`."""

    check: str
    request: str
    at: int
    always: bool
    spot: tuple[Any, ...]
    mutation: str

    def __str__(self) -> str:
        which = "*" if self.always else f" no. {self.at}"
        return f"{self.check}: {self.request}{which} at {self.spot}: {self.mutation}"


def label(message: dict[str, Any]) -> str:
    """What a request asks for."""
    target = message.get("target") or [""]
    return f"{message['op']} {target[-1] if isinstance(target[-1], str) else 'handle'}"


class Altered:
    """The port of a trial; without one it remembers requests and replies."""

    def __init__(self, port: LocalPort, trial: Trial | None = None) -> None:
        self.port, self.trial = port, trial
        self.seen, self.given = list[tuple[str, Any]](), list[Any]()

    def request(self, message: dict[str, Any]) -> Any:
        reply = self.port.request(message)
        if message["op"] in ("seed", "replace"):
            return reply
        self.seen.append((label(message), reply))
        t = self.trial
        hit = t and label(message) == t.request and (t.always or len(self.seen) - 1 == t.at)
        self.given.append(self._changed(reply, t) if hit and t else reply)
        return self.given[-1]

    def _changed(self, reply: Any, trial: Trial) -> Any:
        if trial.mutation in REPLIES:
            return REPLIES[trial.mutation]
        try:
            changed = {"ok": put(reply.get("ok"), trial.spot, ODD[trial.mutation])}
            return unpack(pack(changed))
        except Unsendable as error:
            return {"unsendable": str(error)}


@cache
def trusted(assignment: str) -> Trusted:
    """An assignment of this course; its solution is run once."""
    ready = Trusted.load(load_assignment(ROOT / "assignments" / assignment))
    with quiet():
        ready.reference()
    return ready


def play(ready: Trusted, check: Check, trial: Trial | None = None) -> tuple[CheckResult, Altered]:
    """The verdict on the reference with this trial's change."""
    port = Altered(LocalPort(dict(ready.reference())), trial)
    with quiet():
        result = run_check(check, Student(port), SEED)
    return result, port


def trials(check: Check, seen: list[tuple[str, Any]], rng: random.Random) -> list[Trial]:
    """All trials of a check in random order: each kind of request with a change once and throughout."""
    kinds: dict[str, list[int]] = {}
    for number, (request, _) in enumerate(seen):
        kinds.setdefault(request, []).append(number)
    found = []
    for request, numbers in kinds.items():
        for at in {numbers[0]: 0, numbers[-1]: 0}:
            always = at == numbers[0]
            reply = seen[at][1]
            found += [Trial(check.name, request, at, always, (), name) for name in REPLIES]
            for spot in spots(reply.get("ok")):
                found += [Trial(check.name, request, at, always, spot, name) for name in ODD]
    rng.shuffle(found)
    return found


@dataclass(frozen=True)
class Outcome:
    """What became of a trial: as the check ended, the verdict, and CPU seconds beyond what the reference takes."""

    trial: Trial
    result: CheckResult
    verdict: Status
    extra: float

    @property
    def problem(self) -> str:
        """undecided, broke, slow, passed (although plainly wrong throughout), or ""."""
        if self.verdict is Status.COULD_NOT_CHECK:
            return "undecided"
        if self.result.status is Status.COULD_NOT_CHECK:
            return "broke"
        if self.extra > SLOW:
            return "slow"
        idle = self.trial.request.split()[-1] in IDLE or self.trial.request.startswith("load ")
        plain = not idle and self.trial.always and self.trial.mutation in WRONG and not self.trial.spot
        return "passed" if plain and self.verdict is Status.PASSED else ""

    def __str__(self) -> str:
        lines = self.result.detail.strip().splitlines()
        place = [line.strip().split("/")[-1] for line in lines if 'File "' in line][-3:]
        cause = [line for line in lines if "Error" in line][-1:]
        return f"{self.problem}: {self.trial}: {' > '.join(place)}: {self.extra:.1f} s {cause}"


def attempts(ready: Trusted, check: Check, most: int, seconds: float) -> Iterator[Outcome]:
    """Outcomes of up to `most` trials, within about so many seconds."""
    begin, start = time.monotonic(), time.process_time()
    plain, port = play(ready, check)
    assert plain.status is Status.PASSED, f"{check.name} on the reference: {plain.message} {plain.detail}"
    usual = time.process_time() - start
    for trial in trials(check, port.seen, random.Random(check.name))[: most if usual < 0.2 else 1]:
        if time.monotonic() - begin > seconds:
            return
        start = time.process_time()
        result, altered = play(ready, check, trial)
        extra = time.process_time() - start - usual
        replies = [reply if isinstance(reply, dict) else {} for reply in altered.given]
        yield Outcome(trial, result, settled(check, result, replies, ready.reference, SEED).status, extra)


def tried(assignment: str, name: str, most: int, seconds: float) -> tuple[Counter[str], list[str]]:
    """What became of one check, counted, and one line for each place where something is wrong."""
    ready = trusted(assignment)
    check = next(check for check in ready.checks if check.name == name)
    counts, found = Counter[str](), dict[str, str]()
    for outcome in attempts(ready, check, most, seconds):
        counts["tried"] += 1
        counts[outcome.problem or outcome.verdict.value] += 1
        if outcome.problem:
            where = str(outcome).split(": ", 3)[-1].rpartition(":")[0] or outcome.trial.request
            found.setdefault(f"{outcome.problem} {where}", str(outcome))
    counts["checks that break"] += any(key.startswith("broke") for key in found)
    return counts, list(found.values())


Task = tuple[str, str, int, float]


def survey(tasks: Sequence[Task], at_once: int) -> dict[str, Counter[str]]:
    """Try these checks, so many in one process: what a trial leaves behind ends with it. Prints what is wrong."""
    totals = {assignment: Counter[str]() for assignment, *_ in tasks}
    with get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        for (assignment, *_), (counts, lines) in zip(tasks, pool.starmap(tried, tasks, at_once), strict=True):
            totals[assignment] += counts
            print("".join(f"{line}\n" for line in lines), end="")
    return totals


def main(assignment: str, seconds: str = "3", only: str = "") -> None:
    """See the module."""
    sample = assignment == "sample"
    tasks: list[Task] = []
    for chosen in [folder.name for folder in find_assignments(ROOT)] if sample else [assignment]:
        names = [check.name for check in trusted(chosen).checks if only in check.name]
        if sample:
            names = random.Random(1).sample(names, len(names) // 8)
        tasks += [(chosen, name, 3, 60.0) if sample else (chosen, name, 10**6, float(seconds)) for name in names]
    totals = survey(tasks, 8 if sample else 1)
    for name, counts in totals.items():
        print(name, dict(counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
