"""The largest notebooks that are read, and one that is not: little memory, little time, and a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.fuzz.bounds import assert_clear
from tests.fuzz.giants import GIANTS

ROOT = Path(__file__).resolve().parents[2]
DEAREST = ("5,000 cells", "definitions", "keys")
CASES = [(name, 49) for name in (GIANTS if settings().max_examples > 1000 else DEAREST)]


@pytest.mark.parametrize(("name", "megabytes"), [*CASES, ("one word", 200)])
def test_a_giant_is_read_or_refused(name: str, megabytes: int) -> None:
    """In a process of its own with 3 GB and a minute of CPU time. `make fuzz` tries all of them."""
    command = [sys.executable, "-m", "tests.fuzz.giants", name, str(megabytes)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    kind, _, told = done.stdout.strip().partition(": ")
    assert kind in ("read", "refused"), done.stdout
    if kind == "refused":
        assert_clear(told)
