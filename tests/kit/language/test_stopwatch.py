"""The pretended device keeps time like a real one: work in the background, slow first steps."""

from __future__ import annotations

import pytest
from seq2kit.language.stopwatch import Rehearsal


def test_launching_returns_before_the_work_is_done() -> None:
    """Only waiting moves the clock by the work; launching costs its overhead."""
    device = Rehearsal(each=2.0, overhead=0.5)
    device.launch()
    device.launch()
    assert device.clock() == 1.0
    device.synchronize()
    assert device.clock() == 0.5 + 2 * 2.0
    device.synchronize()
    assert device.clock() == 4.5
    assert device.launches == 2


def test_the_first_steps_take_longer() -> None:
    """So many warm-up steps take the extra time, and no more."""
    device = Rehearsal(each=1.0, warmups=2, extra=10.0)
    for expected in (11.0, 22.0, 23.0, 24.0):
        device.launch()
        device.synchronize()
        assert device.clock() == expected


def test_negative_times_are_refused() -> None:
    """A device that works for less than no time is a ValueError."""
    with pytest.raises(ValueError, match="negative"):
        Rehearsal(each=-1.0)
