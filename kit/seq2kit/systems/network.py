"""A network between workers that keeps a log of its messages, and a replay that says who sent what it could not have.

Workers are numbered from 0; worker w begins with its own gradient (p,) and knows nothing else. The replay follows the
messages in their order and keeps, for each worker and each entry, which sums it could have formed by then.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Send = Callable[[int, int, Array], Array]
Message = tuple[int, int, Array]
Terms = tuple[int, ...]
"""How often the gradient of each worker is in a sum: (1, 0, 1) is that of worker 0 plus that of worker 2."""

MOST_WORKERS = 8  # the table of possible sums has 3^n rows


class Network:
    """Delivers arrays from one worker to another. `log`: (src, dst, array as it was sent), in order."""

    def __init__(self) -> None:
        self.log: list[Message] = []

    def send(self, src: int, dst: int, array: Any) -> Array:
        """Deliver `array` from worker `src` to worker `dst`; returns what arrives there, a copy."""
        sent: Array = np.array(array)
        self.log.append((int(src), int(dst), sent))
        arrived: Array = sent.copy()
        return arrived

    def sizes(self) -> list[tuple[int, int, int]]:
        """(src, dst, number of entries) of each message."""
        return [(src, dst, int(array.size)) for src, dst, array in self.log]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a message. index: its place in the log (-1 for what is missing at the end); kind: "stranger"
    (no such worker, or one that sends to itself), "no sum" (entries that are no sum of gradients) or "too early" (the
    sender could not know it yet), "incomplete" (a worker that cannot know the whole sum at the end)."""

    index: int
    worker: int
    kind: str


@dataclass
class Replay:
    """What a log shows. faults: in order; carried: for each message the (entry of the gradient, terms) of each of its
    entries, empty for one that is no sum."""

    faults: list[Fault] = field(default_factory=list)
    carried: list[list[tuple[int, Terms]]] = field(default_factory=list)


class _Sums:
    """Finds out which sum of which entries a number is: gradients are generic, so there is one answer."""

    def __init__(self, grads: Sequence[Array]) -> None:
        table = np.stack([np.asarray(g, dtype=np.float64).reshape(-1) for g in grads])
        n = len(table)
        plain = [(terms, False) for terms in itertools.product((0, 1, 2), repeat=n)]
        # A worker may divide before it sends; without twos, which would make (2, 0) / 2 of what is (1, 0) already.
        divided = [(terms, True) for terms in itertools.product((0, 1), repeat=n) if n > 1]
        self.sums = [*plain, *divided]
        weights = np.array([[count / (n if by else 1) for count in terms] for terms, by in self.sums])
        every = weights @ table
        self.width = table.shape[1]
        self.order = np.argsort(every, axis=None)
        self.sorted = every.reshape(-1)[self.order]
        self.near = 1e-9 * max(1.0, float(np.abs(table).max()))

    def find(self, number: float) -> tuple[int, Terms, bool] | None:
        """(entry, terms, whether divided by n) of a number, or None."""
        if number == 0 or not np.isfinite(number):
            return None
        at = int(np.searchsorted(self.sorted, number - self.near))
        if at >= len(self.sorted) or abs(self.sorted[at] - number) > self.near:
            return None
        row, entry = divmod(int(self.order[at]), self.width)
        return entry, *self.sums[row]


def replay(log: Sequence[Message], grads: Sequence[Array], servers: Sequence[int] = ()) -> Replay:
    """Follow the messages of a log. grads: the (p,) gradients that workers 0 to n-1 began with, of generic numbers;
    servers: further workers, which begin with nothing.

    Raises ValueError for more than MOST_WORKERS gradients: there are 3^n sums to tell apart."""
    n = len(grads)
    if n > MOST_WORKERS:
        raise ValueError(f"at most {MOST_WORKERS} workers can be followed, not {n}")
    sums, result = _Sums(grads), Replay()
    own = {w: tuple(int(w == other) for other in range(n)) for w in range(n)}
    known: dict[Hashable, set[tuple[Terms, bool]]] = {}
    for w, entry in itertools.product(range(n), range(sums.width)):
        known[w, entry] = {(own[w], False)}
    everyone = {*range(n), *servers}
    for index, (src, dst, array) in enumerate(log):
        result.carried.append([])
        if src not in everyone or dst not in everyone or src == dst:
            result.faults.append(Fault(index, src, "stranger"))
            continue
        found = [sums.find(float(number)) for number in np.asarray(array, dtype=np.float64).reshape(-1)]
        if not found or None in found:
            result.faults.append(Fault(index, src, "no sum"))
            continue
        whole = [one for one in found if one is not None]
        if not all(_can(known.get((src, entry), set()), terms, divided) for entry, terms, divided in whole):
            result.faults.append(Fault(index, src, "too early"))
        for entry, terms, divided in whole:
            known.setdefault((dst, entry), set()).add((terms, divided))
        result.carried[-1] = [(entry, terms) for entry, terms, _ in whole]
    total = (1,) * n
    for w in range(n):
        if not all(
            any(_can(known[w, entry], total, divided) for divided in (False, True)) for entry in range(sums.width)
        ):
            result.faults.append(Fault(-1, w, "incomplete"))
    return result


def _can(known: set[tuple[Terms, bool]], terms: Terms, divided: bool) -> bool:
    """Whether a sum can be put together from what is known, each part as often as one likes."""
    parts = [part for part, was in known if divided or not was]
    return _made_of(parts, terms)


def _made_of(parts: Sequence[Terms], terms: Terms) -> bool:
    if not any(terms):
        return True
    return any(
        any(part) and all(a <= b for a, b in zip(part, terms, strict=True))
        and _made_of(parts, tuple(b - a for a, b in zip(part, terms, strict=True)))
        for part in parts
    )  # fmt: skip


def rounds(log: Sequence[Message], n: int) -> list[list[int]]:
    """The messages of a log by round: the first of each worker, the second of each, and so on, as places in the log."""
    seen, found = [0] * n, list[list[int]]()
    for index, (src, _, _) in enumerate(log):
        if 0 <= src < n:
            while len(found) <= seen[src]:
                found.append([])
            found[seen[src]].append(index)
            seen[src] += 1
    return found
