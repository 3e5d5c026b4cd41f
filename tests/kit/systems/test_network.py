"""Messages between workers: what a replay of the log finds."""

from __future__ import annotations

import numpy as np
import pytest
from seq2kit.systems.network import Message, Network, replay, rounds

GRADS = [np.random.default_rng(7).standard_normal(4) for _ in range(1)] + [
    np.random.default_rng(seed).standard_normal(4) for seed in (8, 9)
]


def all_to_all() -> Network:
    """An honest exchange."""
    wire = Network()
    for src in range(3):
        for dst in range(3):
            if src != dst:
                wire.send(src, dst, GRADS[src])
    return wire


def kinds(log: list[Message], servers: tuple[int, ...] = ()) -> list[str]:
    """Kinds of the faults of a log."""
    return [fault.kind for fault in replay(log, GRADS, servers).faults]


def test_what_arrives_is_a_copy() -> None:
    """Neither sender nor receiver can change the log, or each other's array."""
    wire, sent = Network(), np.ones(2)
    arrived = wire.send(0, 1, sent)
    sent[0] = arrived[1] = 5.0
    assert np.array_equal(wire.log[0][2], [1.0, 1.0])
    assert wire.sizes() == [(0, 1, 2)]


def test_an_honest_exchange_has_no_fault() -> None:
    """Also when workers divide before they send."""
    log = all_to_all().log
    assert kinds(log) == []
    assert kinds([(src, dst, array / 3) for src, dst, array in log]) == []


def test_each_kind_of_fault_is_found() -> None:
    """A receiver that is not there, numbers from nowhere, sums that nobody can have yet, and what never arrives."""
    log = all_to_all().log
    assert kinds([(0, 7, GRADS[0]), *log]) == ["stranger"]
    assert kinds([(0, 0, GRADS[0]), *log]) == ["stranger"]
    assert kinds([(0, 1, np.full(4, 0.123)), *log]) == ["no sum"]
    assert kinds([(0, 1, GRADS[1] + GRADS[0]), *log]) == ["too early"]
    assert kinds([*log, (0, 1, GRADS[1] + GRADS[0])]) == []
    assert kinds(log[:-1]) == ["incomplete"]


def test_a_server_begins_with_nothing() -> None:
    """It may send sums of what it was sent, and nothing before."""
    there, total = [(w, 5, g) for w, g in enumerate(GRADS)], sum(GRADS[1:], GRADS[0])
    back = [(5, w, total / 3) for w in range(3)]
    assert kinds(there + back, (5,)) == []
    assert "too early" in kinds(back + there, (5,))
    assert "stranger" in kinds(there + back)


def test_entries_are_found_in_any_order() -> None:
    """A chunk may be any selection of entries; what is carried says which."""
    shown = replay([(0, 1, GRADS[0][::-2])], GRADS)
    assert shown.carried == [[(3, (1, 0, 0)), (1, (1, 0, 0))]]


def test_two_workers_are_told_apart_from_their_halves() -> None:
    """Half of twice a gradient is that gradient."""
    pair = GRADS[:2]
    log = [(0, 1, pair[0]), (1, 0, pair[0] + pair[1])]
    assert replay(log, pair).faults == []


def test_rounds_follow_the_senders() -> None:
    """The k-th message of each worker is in round k."""
    log = [(0, 1, GRADS[0]), (1, 2, GRADS[0]), (0, 1, GRADS[0]), (2, 0, GRADS[0])]
    assert rounds(log, 3) == [[0, 1, 3], [2]]


def test_too_many_workers_are_refused() -> None:
    """The table of sums would not fit."""
    with pytest.raises(ValueError, match="at most"):
        replay([], [np.ones(1)] * 9)
