"""How much is trained: everything (`full`), or as little as shows that the code works (`fast`)."""

from __future__ import annotations

import os
from typing import Literal, TypeVar

Profile = Literal["full", "fast"]
T = TypeVar("T")
VARIABLE = "SEQ2GRADE_PROFILE"


def profile() -> Profile:
    """The profile that the environment variable SEQ2GRADE_PROFILE names; full when it is not set.

    Raises ValueError for any other word."""
    word = os.environ.get(VARIABLE, "full")
    if word == "full":
        return "full"
    if word == "fast":
        return "fast"
    raise ValueError(f'{VARIABLE} should be "full" or "fast", but is {word!r}')


def by_profile(*, full: T, fast: T) -> T:
    """The setting that belongs to the profile in force: `by_profile(full=40, fast=3)` epochs."""
    return full if profile() == "full" else fast
