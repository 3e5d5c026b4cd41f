"""What bounds a check: its own CPU time, and waiting for nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Each case in a fork of its own of the one process that imports the judge: who is tired stays so.
RUN = """
import os, signal, sys, threading, time
from autograder.judge import budget
budget._LOOK, budget.IDLE_SECONDS = 0.05, 0.3
for line, seconds in {cases}:
    sys.stdout.flush()
    if os.fork():
        os.wait()
        continue
    budget.arm()
    try:
        with budget.bounded(seconds):
            exec(line)
        told = "passed"
    except budget.Overrun as error:
        told = str(error)
    with budget.bounded(5.0):
        pass
    print(told, signal.getitimer(signal.ITIMER_REAL), budget.tired(), sep="; ", flush=True)
    os._exit(0)
"""
CASES = [
    ("time.sleep(60)", 5.0, "waited for 0 s without computing anything", True),
    ("threading.Event().wait(60)", 5.0, "waited for 0 s without computing anything", True),
    ("while True: pass", 0.2, "out of CPU seconds", True),
    ("[(time.sleep(0.02), budget.awake()) for _ in range(40)]", 5.0, "passed", False),
    ("sum(range(10**7))", 5.0, "passed", False),
]


def test_a_check_ends() -> None:
    """One that computes for ever and one that waits for ever are broken off and told apart; who waits for a student,
    or computes, is left alone; and no clock goes on afterwards."""
    code = RUN.format(cases=[(line, seconds) for line, seconds, _, _ in CASES])
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{says}; (0.0, 0.0); {tired}" for _, _, says, tired in CASES], done.stderr
