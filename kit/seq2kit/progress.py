"""How far a loop is, for the loops that students write."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

from tqdm.auto import tqdm

T = TypeVar("T")


def progress(steps: Iterable[T], label: str = "") -> Iterable[T]:
    """The same steps, with a bar that says how far they are and how long the rest takes.

    It appears when they take more than a second, so that tests stay quiet, and goes when they are done; while a
    notebook is graded nobody looks, and there is none.
    """
    hidden = bool(os.environ.get("SEQ2GRADE_GRADING"))
    bar: Iterable[T] = tqdm(steps, desc=label or None, delay=1.0, leave=False, disable=hidden)
    return bar
