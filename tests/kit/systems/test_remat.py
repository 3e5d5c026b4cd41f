"""Schedules are carried out step by step, and layers note when they run."""

from __future__ import annotations

import pytest
import torch
from seq2kit.systems.remat import Illegal, Stack, replay, replayed

RIGHT = [("loadmem", 2), ("backward", 2), ("loadmem", 0), ("fwd", 1), ("backward", 1)]


def test_a_schedule_is_counted() -> None:
    """Calls, loads, what is held, and the order of the layers."""
    found = replay(RIGHT, 2, 2)
    assert (found.forwards, found.loads, found.peak, found.order) == (1, 2, 3, (2, 1))
    assert found.held == (2, 2, 0, 1, 1)


def test_either_convention_is_found() -> None:
    """A schedule that wants inputs is carried out as well, one that keeps to neither is not."""
    inputs = [("loadmem", 0), ("fwd", 1), ("backward", 2), ("loadmem", 0), ("backward", 1)]
    assert replayed(inputs, 2, 2).forwards == replayed(RIGHT, 2, 2).forwards == 1
    with pytest.raises(Illegal, match="step 3"):
        replayed([("loadmem", 0), ("fwd", 1), ("backward", 3)], 2, 2)


@pytest.mark.parametrize("step", [
    ("loadmem", 1), ("fwd", 1), ("fwd", 4), ("backward", 2), ("jump", 1), ("fwd", "1"), ("fwd", 1.5), 7, None, ("fwd",),
])  # fmt: skip
def test_what_cannot_be_done_is_refused(step: object) -> None:
    """With an empty register, and for steps that are none."""
    with pytest.raises(Illegal, match="step 1"):
        replay([step], 3, 3)  # type: ignore[list-item]


def test_a_stack_notes_its_calls() -> None:
    """Each layer when it begins; the same seed gives the same numbers."""
    stack, x = Stack(3, 4, seed=5), torch.ones(2, 4, dtype=torch.float64)
    assert torch.equal(stack.plain(x), Stack(3, 4, seed=5).plain(x))
    assert stack.calls == [1, 2, 3]
