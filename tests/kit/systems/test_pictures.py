"""Each picture is drawn, and its caption says what is in it."""

from __future__ import annotations

import numpy as np
from seq2kit.systems import network, pictures, remat


def test_a_schedule_and_its_price() -> None:
    """Counts stand in the caption."""
    steps = [("loadmem", 2), ("backward", 2), ("loadmem", 0), ("fwd", 1), ("backward", 1)]
    drawn = pictures.schedule(steps, remat.replay(steps, 2, 2), 2)
    assert "1 calls, 2 loads" in drawn.caption
    assert drawn.png()
    assert "at least 5" in pictures.trade({"ours": [(1, 0, 6), (2, 3, 5)]}, 4).caption


def test_a_ring_round_by_round() -> None:
    """Two workers, two rounds."""
    grads = [np.random.default_rng(seed).standard_normal(2) for seed in (1, 2)]
    total = grads[0] + grads[1]
    log = [(0, 1, grads[0][:1]), (1, 0, grads[1][1:]), (0, 1, total[1:]), (1, 0, total[:1])]
    drawn = pictures.ring(log, grads)
    assert "2 workers in 2 rounds; in the last one 2 complete" in drawn.caption
    assert drawn.png()
    assert pictures.ring([], grads).png()
    assert network.replay(log, grads).faults == []


def test_values_traffic_tuning_and_adaptation() -> None:
    """Means stand in the captions."""
    assert "second over first 0.50" in pictures.singular_values({"one": [[2.0, 1.0, 0.0, 0.0]]}).caption
    assert "server 4.00" in pictures.traffic({"server": [1.0, 1.0, 4.0]}).caption
    assert "head first 0.75" in pictures.tuned({"head": {"first": [0.5, 1.0]}}).caption
    drawn = pictures.adaptation({"a": [[1.0, 0.5], [1.0, 0.25]]})
    assert "a 0.375" in drawn.caption
    assert drawn.png()
