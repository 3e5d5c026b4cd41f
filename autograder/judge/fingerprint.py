"""Diagnosis: which declared mistake gives, on the same hidden inputs, what the student gave?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import torch

from autograder.assignment import Mistake
from autograder.errors import SandboxError
from autograder.guest.wire import Remote
from autograder.judge.ports import LocalPort, Recorder
from autograder.judge.registry import Check
from autograder.judge.run import run_check
from autograder.judge.student import Student
from autograder.model import Status

Replies = Sequence[Mapping[str, Any]]
Open = Callable[[], dict[str, Any]]  # gives the namespace of a mistake: its whole notebook has to run for that
_RTOL = 1e-6
_LARGE = 2**12  # bytes from which equal tensors of several traces are kept once


@dataclass(frozen=True)
class Trace:
    """What a check saw of a solution: every reply, and its verdict."""

    status: Status
    replies: Replies


def trace(check: Check, namespace: dict[str, Any], seed: int) -> Trace:
    """Run `check` in this process on trusted code."""
    recorder = Recorder(LocalPort(dict(namespace)))
    result = run_check(check, Student(recorder), seed)
    return Trace(result.status, recorder.replies)


def resembles(student: Mapping[str, Trace], mistake: Mapping[str, Trace]) -> float:
    """0 (not this mistake) to 1 (every check of the item saw the same). What counts is data: on most of the failed
    checks, numbers came back that are those of the mistake. Two solutions that merely raise, or do not exist, say
    nothing about each other."""
    failed = [name for name, seen in student.items() if seen.status is Status.FAILED]
    telling = [name for name in failed if shows_data(student[name].replies)]
    agreeing = 0
    for left, name in zip(reversed(range(len(telling))), telling, strict=True):
        seen = mistake[name]  # what a mistake does may be found out only when it is asked for: it may take long
        agreeing += seen.status is Status.FAILED and same(student[name].replies, seen.replies)
        if 2 * (agreeing + left) <= len(failed):
            return 0.0
    if 2 * agreeing <= len(failed):
        return 0.0
    alike = sum(same(student[n].replies, mistake[n].replies) for n in student)
    return alike / len(student)


def shows_data(replies: Replies) -> bool:
    """Whether a check rested on something that came back, and not on an exception, a name that is missing, or
    objects alone."""
    return bool(replies) and "ok" in replies[-1] and any(_holds_data(reply.get("ok")) for reply in replies)


def _holds_data(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_data, value.values()))
    if isinstance(value, (list, tuple, frozenset)):
        return any(map(_holds_data, value))
    return value is not None and not isinstance(value, Remote)


class Traces:
    """What checks saw of declared mistakes, kept for the next submission that is judged at the same seed: running a
    mistake may take seconds. No more than `most` bytes of it; then what came first goes. What many of them hand in
    alike, say the weights of trained models, is held once."""

    def __init__(self, most: int = 2**25) -> None:
        self._most, self._held = most, 0
        self._known: dict[tuple[str, str, int], tuple[Trace, int]] = {}
        self._large: WeakValueDictionary[tuple[Any, ...], torch.Tensor] = WeakValueDictionary()

    def of(self, mistake: Mistake, opened: Open, check: Check, seed: int) -> Trace:
        """`check` run on the mistake's namespace, or what came of it earlier."""
        key = mistake.name, check.name, seed
        if key in self._known:
            return self._known[key][0]
        found = trace(check, opened(), seed)
        found = Trace(found.status, [self._once(reply) for reply in found.replies])
        size = _size(found.replies)
        while self._known and self._held + size > self._most:
            self._held -= self._known.pop(next(iter(self._known)))[1]
        if size <= self._most:
            self._known[key], self._held = (found, size), self._held + size
        return found

    def _once(self, value: Any) -> Any:
        if type(value) is dict:
            return {key: self._once(held) for key, held in value.items()}
        if type(value) in (list, tuple):
            return type(value)(map(self._once, value))
        if type(value) is not torch.Tensor or value.requires_grad or value.nbytes < _LARGE:
            return value
        content = value.contiguous().flatten().view(torch.uint8).numpy().tobytes()
        return self._large.setdefault((value.dtype, value.shape, blake2b(content).digest()), value)


def _size(value: Any) -> int:
    """Bytes that it holds, more or less."""
    if isinstance(value, Mapping):
        return 64 + sum(map(_size, value.values()))
    if isinstance(value, (list, tuple, frozenset)):
        return 64 + sum(map(_size, value))
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return 64 + value.nbytes
    return 64 + (len(value) if isinstance(value, (str, bytes)) else 0)


class _Traces(Mapping[str, Trace]):
    """What each check saw of one mistake, found out when first asked for."""

    def __init__(self, checks: Sequence[Check], look: Callable[[Check], Trace]) -> None:
        self._checks = {check.name: check for check in checks}
        self._look = look
        self._found: dict[str, Trace] = {}

    def __getitem__(self, name: str) -> Trace:
        if name not in self._found:
            self._found[name] = self._look(self._checks[name])
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._checks)

    def __len__(self) -> int:
        return len(self._checks)


def closest(
    checks: Sequence[Check], seen: Mapping[str, Trace], mistakes: Sequence[tuple[Mistake, Open]], seed: int,
    known: Traces | None = None,
) -> tuple[Mistake, ...]:  # fmt: skip
    """The declared mistakes that fit best, and all equally well; one of those that have the same words stands for the
    others where they fit completely. `known`: what was seen of them earlier, of these very mistakes."""
    if not any(t.status is Status.FAILED and shows_data(t.replies) for t in seen.values()):
        return ()
    best, found = 0.0, list[Mistake]()
    known = known or Traces()
    for mistake, opened in mistakes:
        if best == 1.0 and _words(mistake) in map(_words, found):
            continue
        try:
            score = resembles(seen, _Traces(checks, partial(known.of, mistake, opened, seed=seed)))
        except SandboxError:
            continue
        if score > best:
            best, found = score, []
        if score == best and score > 0:
            found.append(mistake)
    return tuple(found)


def agreed(mistakes: Sequence[Mistake]) -> tuple[str, str]:
    """What these have in common: what they explain to a student, and what they say that the student thinks. Where
    several that fit are explained differently, nobody knows which it was, and nothing is said."""
    explained, thought = {m.explain for m in mistakes}, {m.misconception for m in mistakes}
    if len(explained) != 1:
        return "", ""
    return explained.pop(), thought.pop() if len(thought) == 1 else ""


def _words(mistake: Mistake) -> tuple[str, str]:
    return mistake.explain, mistake.misconception


def same(a: Any, b: Any) -> bool:
    """Equal up to rounding, whatever the container type; NaN equals NaN. Never raises: what cannot be compared is not
    the same."""
    try:
        return _same(a, b)
    except Exception:
        return False


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        if "raised" in a and "raised" in b:
            one, two = a["raised"], b["raised"]  # as the notebook sent it, which may be anything
            return isinstance(one, Mapping) and isinstance(two, Mapping) and _same(one.get("type"), two.get("type"))
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, Remote) or isinstance(b, Remote):
        return isinstance(a, Remote) and isinstance(b, Remote) and a.callable == b.callable
    x, y = _numbers(a), _numbers(b)
    if x is not None and y is not None:
        if x.shape != y.shape:
            return False
        scale = float(np.abs(y[np.isfinite(y)]).max(initial=0.0))
        return bool(np.allclose(x, y, rtol=0, atol=_RTOL * scale + 1e-300, equal_nan=True))
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(type(a) is type(b) and a == b)


def _numbers(value: Any) -> np.ndarray[Any, Any] | None:
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, (bool, int, float, complex, np.ndarray)):
        array = np.asarray(value)
        return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    if isinstance(value, (list, tuple)) and value and all(isinstance(v, (int, float)) for v in value):
        return np.asarray(value, dtype=np.float64)
    return None
