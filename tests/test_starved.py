"""Seconds in which others had all processors do not count, and nobody wins time by starving himself."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from autograder.starved import PATIENCE, Look, Patience, Starved, look, withheld

ABOVE = 1


def one(ran: float, waited: float, used: float | None = None, pid: int = 7) -> Look:
    """A process that had so many seconds of a processor, and wanted one for so many in vain."""
    return Look(ran if used is None else used, {pid: ran}, {pid: waited})


@pytest.mark.parametrize(
    ("after", "share"),
    [
        (one(1.1, 9.9), 1.0),
        (one(2.0, 9.0), 1.0),
        (one(1.1, 9.9, used=3.02), 0.0),
        (one(1.1, 9.9, used=1.57), 0.5),
        (Look(0.0, {}, {}), 0.0),
    ],
    ids=["others have them all", "alone by now", "two threads of its own have them", "half of both", "it has ended"],
)
def test_whose_doing_a_wait_is(after: Look, share: float) -> None:
    """What the submission's other threads computed meanwhile, nobody took from it."""
    assert withheld(one(1.0, 9.0), after)[1] == pytest.approx(share, abs=0.02)


def test_each_second_excuses_once() -> None:
    """Of what one process waited, only what came since it was excused last counts."""
    starved = Starved(ABOVE)
    assert starved.excuse(one(0.0, 8.0), one(0.0, 8.3)) == pytest.approx(8.3)
    assert starved.excuse(one(0.0, 8.4), one(0.0, 8.7)) == pytest.approx(0.4)


def patience(*looks: Look, seconds: float = 1.0) -> Patience:
    """A limit, and what is seen at one look after the other."""
    left = iter(looks)
    return Patience(Starved(ABOVE, lambda above: next(left)), seconds)


def test_an_idle_machine_excuses_nothing() -> None:
    """After one more moment, time is up."""
    asked = patience(one(1.0, 0.01), one(1.3, 0.01))
    assert 0 < asked.more() < 1
    assert asked.more() == 0.0


def test_a_busy_machine_excuses_what_was_withheld() -> None:
    """And then there is a moment to see how things are, again."""
    asked = patience(one(0.1, 0.9), one(0.13, 1.17), one(0.2, 2.1), one(0.5, 2.1))
    moment = asked.more()
    assert asked.more() == pytest.approx(1.17)
    assert asked.more() == moment
    assert asked.more() == pytest.approx(2.1 - 1.17)


def test_nothing_lasts_for_ever() -> None:
    """However long others keep it from running."""
    looks = [one(0.0, 0.3 * n) for n in range(1, 200)]
    asked = patience(*looks, seconds=2.0)
    granted = 0.0
    while more := asked.more():
        granted += more
    assert granted <= (PATIENCE - 1) * 2.0 + 1.0


def test_where_nobody_tells_a_limit_is_a_limit() -> None:
    """A port in the grader's own process, say."""
    assert Patience(None, 1.0).more() == 0.0


def test_the_kernel_tells() -> None:
    """A child that computes is seen to have run."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as child:
        try:
            deadline = time.monotonic() + 60
            seen = look(os.getpid())
            while seen.ran.get(child.pid, 0.0) < 0.1 and time.monotonic() < deadline:
                seen = look(os.getpid())
        finally:
            child.kill()
    assert seen.ran[child.pid] >= 0.1
    assert seen.waited[child.pid] >= 0.0
    assert seen.used >= 0.08
