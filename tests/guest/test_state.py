"""Whether something was left behind in a notebook's variables: what a look sees, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.guest.state import Look

NOTEBOOK = """
import collections, functools, itertools
import numpy as np
import torch

count = 1000
rows, table, names = [1, 2], {"a": [1.5]}, {"x"}
queue = collections.deque([1])
array, tensor = np.zeros(3), torch.zeros(3)
own, stream = np.random.default_rng(0), torch.Generator()
model = torch.nn.Linear(2, 2)

class Counter:
    total = 0
    def __init__(self):
        self.n = 0

counter = Counter()

@functools.lru_cache
def cached(x):
    return x

def keeps(x, memory=[]):
    memory.append(x)

def counts():
    counts.n = getattr(counts, "n", 0) + 1

def made():
    n = 0
    def add():
        nonlocal n
        n += 1
    return add

add = made()

def pure(x):
    big = [x] * 100
    return torch.tensor(big).sum() + tensor.sum() + model(torch.ones(2)).sum() + rows[0] + len(table)
"""
CHANGES = (
    "count += 1", "rows.append(3)", "rows[0] = 5", "table['a'].append(2)", "table['b'] = 1", "names.add('y')",
    "queue.append(2)", "array[0] = 1.0", "tensor[0] = 1.0", "own.normal()", "torch.rand(1, generator=stream)",
    "model.weight.data.add_(1.0)", "model(torch.ones(2)).sum().backward()", "Counter.total += 1", "counter.n += 1",
    "cached(3)", "keeps(3)", "counts()", "add()", "pure = None", "new = 1", "del rows",
)  # fmt: skip


def finished() -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(NOTEBOOK, space)
    return space


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_check_leaves_behind_is_seen(change: str) -> None:
    """In variables, containers, arrays, modules, attributes, closures, defaults, caches and generators."""
    space = finished()
    look = Look(space)
    exec(change, space)
    assert look.changed()


def test_a_function_that_keeps_nothing_changes_nothing() -> None:
    """However often it is called."""
    space = finished()
    look = Look(space)
    for n in range(3):
        space["pure"](n)
        assert not look.changed()


def test_a_hostile_object_counts_as_a_change() -> None:
    """In doubt the next check gets another fork."""

    class Hostile:
        __module__ = "__main__"

        def __getattribute__(self, name: str) -> Any:
            raise SystemExit

    assert Look({"x": Hostile()}).changed()
