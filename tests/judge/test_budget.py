"""What bounds a check: its own CPU time, and waiting for nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import signal, threading, time
from autograder.judge import budget
budget.arm()
budget._LOOK, budget.IDLE_SECONDS = 0.05, 0.3
try:
    with budget.bounded({seconds}):
        {line}
    print("passed")
except budget.Overrun as error:
    print(error)
with budget.bounded(5.0):
    pass
print(signal.getitimer(signal.ITIMER_REAL), budget.tired())
"""
CASES = [
    ("time.sleep(60)", 5.0, "waited for 0 s without computing anything", True),
    ("threading.Event().wait(60)", 5.0, "waited for 0 s without computing anything", True),
    ("while True: pass", 0.2, "out of CPU seconds", True),
    ("[(time.sleep(0.02), budget.awake()) for _ in range(40)]", 5.0, "passed", False),
    ("sum(range(10**7))", 5.0, "passed", False),
]


@pytest.mark.parametrize(("line", "seconds", "says", "tired"), CASES)
def test_a_check_ends(line: str, seconds: float, says: str, tired: bool) -> None:
    """One that computes for ever and one that waits for ever are broken off and told apart; who waits for a student,
    or computes, is left alone; and no clock goes on afterwards."""
    code = RUN.format(seconds=seconds, line=line)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [says, f"(0.0, 0.0) {tired}"]
