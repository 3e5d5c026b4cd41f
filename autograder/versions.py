"""What a report of a fault should name. Read from the packages' records: importing torch takes seconds."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version


def lines() -> list[str]:
    """One for each of our packages, for torch, nbgrader and Python."""
    return [*map(_of, ("seq2grade", "seq2grade-kit", "torch", "nbgrader")), f"python {platform.python_version()}"]


def _of(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} is not installed"
