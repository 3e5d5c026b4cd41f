"""Namespaces made on demand, and forks of them: what a sandbox gives, without one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from autograder.assignment import Assignment, load_assignment
from autograder.judge import Check, Student
from autograder.judge.ports import LocalPort, References
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult
from tests.courses import write_chain


@cache
def chain() -> Assignment:
    """The assignment `chain`: its files are read once, and gone after that."""
    with TemporaryDirectory() as root:
        return load_assignment(write_chain(Path(root)))


@cache
def chain_checks() -> tuple[Check, ...]:
    """The checks of `chain`."""
    with TemporaryDirectory() as root:
        return Trusted.load(load_assignment(write_chain(Path(root)))).checks


def trusted(*checks: Check) -> Trusted:
    """`chain` with its own checks, or with these instead."""
    return Trusted(chain(), checks or chain_checks())


def without_mistakes(*checks: Check) -> Trusted:
    """`chain` with nothing to diagnose."""
    return Trusted(replace(chain(), mistakes=()), checks or chain_checks())


def a_check(name: str, run: Callable[[Student], Any], item: str = "square", points: float = 1.0) -> Check:
    """A check that does `run(student)`."""
    return Check(name, item, points, f"The claim of {name}.", lambda student, draw: run(student))


def notebook(*answers: str) -> Callable[[], dict[str, Any]]:
    """Makes the namespace of a finished notebook with these answers, anew for every fork."""

    def make() -> dict[str, Any]:
        space: dict[str, Any] = {"__name__": "__main__", "torch": torch}
        for answer in answers:
            exec(answer, space)
        return space

    return make


SQUARE = "def square(x):\n    return x * x"
LENGTH = "def length(x):\n    return square(x).sum().sqrt()"
RIGHT = notebook(SQUARE, LENGTH)


@dataclass
class Forks:
    """Opens ports to fresh namespaces, and remembers what was opened."""

    make: Callable[[], dict[str, Any]]
    seen: list[References] = field(default_factory=list)
    spaces: list[dict[str, Any]] = field(default_factory=list)

    @contextlib.contextmanager
    def open(self, references: References) -> Iterator[LocalPort]:
        self.seen.append(references)
        self.spaces.append(self.make())
        yield LocalPort(self.spaces[-1], references)


def by_name(results: tuple[CheckResult, ...]) -> dict[str, CheckResult]:
    """Check name -> result."""
    return {result.name: result for result in results}
