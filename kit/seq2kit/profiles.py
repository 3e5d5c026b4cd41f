"""How much is trained: everything (`full`), as little as shows that the code works (`fast`), or everything and then a
larger run that wants a GPU (`gpu`, see seq2kit.gpu)."""

from __future__ import annotations

import os
from typing import Literal, TypeVar

Profile = Literal["full", "fast", "gpu"]
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
    if word == "gpu":
        return "gpu"
    raise ValueError(f'{VARIABLE} should be "full", "fast" or "gpu", but is {word!r}')


def by_profile(*, full: T, fast: T) -> T:
    """The setting that belongs to the profile in force: `by_profile(full=40, fast=3)` epochs.

    What is handed in is trained in `gpu` as in `full`: bars and texts speak of that size."""
    return fast if profile() == "fast" else full
