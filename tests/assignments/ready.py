"""The course's assignments, each loaded once in a process: what its checks keep of one test is there for the next."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.assignment import find_assignments, load_assignment
from autograder.judge.trusted import Trusted

ROOT = Path(__file__).resolve().parents[2]
IDS = [folder.name for folder in find_assignments(ROOT)]


@cache
def trusted(assignment: str) -> Trusted:
    """An assignment by its id, with its checks."""
    return Trusted.load(load_assignment(ROOT / "assignments" / assignment))
