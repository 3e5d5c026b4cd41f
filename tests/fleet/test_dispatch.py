"""Who gets what, and who is blamed: the decisions of a fleet, without a fleet."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from autograder.fleet.dispatch import DEATHS, Dispatch


def crew(dispatch: Dispatch, *slots: int) -> None:
    """Workers w0, w1, ... on hosts of their own."""
    for number, room in enumerate(slots):
        dispatch.join(f"w{number}", f"host{number}", room)


def test_every_slot_gets_one() -> None:
    """As many are under way as there is room for, and the next follows when one is done."""
    dispatch = Dispatch(9)
    crew(dispatch, 1, 2)
    first = dispatch.sends()
    assert sorted(send.worker for send in first) == ["w0", "w1", "w1"]
    assert dispatch.sends() == []
    assert dispatch.done(first[0].number)
    assert [send.worker for send in dispatch.sends()] == [first[0].worker]


def test_no_more_than_was_asked_for_are_under_way() -> None:
    """`most` bounds what is under way, whatever the workers have room for."""
    dispatch = Dispatch(9, most=2)
    crew(dispatch, 4, 4)
    assert len(dispatch.sends()) == 2


def test_who_takes_two_workers_along_is_given_up() -> None:
    """After the first death it is tried again; after the second, elsewhere, it has a result: that there is none."""
    dispatch = Dispatch(1)
    crew(dispatch, 1, 1)
    (first,) = dispatch.sends()
    assert dispatch.leave(first.worker) == ()
    (second,) = dispatch.sends()
    assert (second.number, second.attempt) == (0, 2)
    assert dispatch.leave(second.worker) == (0,)
    assert not dispatch.open


def test_a_neighbour_of_a_killer_loses_nothing() -> None:
    """Those that ran in a worker that died are tried again alone; so the second death is nobody else's."""
    dispatch = Dispatch(3)
    crew(dispatch, 3)
    assert len(dispatch.sends()) == 3
    assert dispatch.leave("w0") == ()
    killer = 1
    dispatch.join("w1", "host1", 3)
    for turn in range(2, 6):
        (send,) = dispatch.sends()  # one worker with room for three: a suspect runs alone
        if send.number == killer:
            assert dispatch.leave(send.worker) == (killer,)
            dispatch.join(f"w{turn}", f"host{turn}", 3)
        else:
            assert dispatch.done(send.number)
        if not dispatch.open:
            break
    assert not dispatch.open


def test_a_second_try_is_on_another_host() -> None:
    """What died on one host waits for another one, if there is any."""
    dispatch = Dispatch(2)
    dispatch.join("a1", "a", 1)
    dispatch.join("b1", "b", 1)
    held = {send.worker: send.number for send in dispatch.sends()}
    dispatch.leave("a1")
    dispatch.join("a2", "a", 1)
    assert dispatch.sends() == []
    dispatch.done(held["b1"])
    assert [(send.worker, send.number) for send in dispatch.sends()] == [("b1", held["a1"])]


def test_a_refusal_blames_nobody() -> None:
    """What a worker gives back, or what goes stale, may come back as often as it will."""
    dispatch = Dispatch(1)
    for turn in range(5):
        dispatch.join(f"w{turn}", "host", 1)
        (send,) = dispatch.sends()
        assert dispatch.leave(send.worker, died=False) == ()
    dispatch.join("last", "host", 1)
    (send,) = dispatch.sends()
    dispatch.again(send.number)
    (send,) = dispatch.sends()
    assert dispatch.done(send.number)


def test_a_late_result_does_not_count_twice() -> None:
    """Of two results of one submission the first counts."""
    dispatch = Dispatch(1)
    crew(dispatch, 1)
    (send,) = dispatch.sends()
    assert dispatch.done(send.number)
    assert not dispatch.done(send.number)


def test_a_broken_host_is_left_alone() -> None:
    """Where submissions die that do well elsewhere, nothing more is sent; the only host there is stays in use."""
    dispatch = Dispatch(20)
    dispatch.join("good", "good", 1)
    for turn in range(3):
        dispatch.join(f"bad{turn}", "bad", 1)
        held = {send.worker: send.number for send in dispatch.sends()}
        dispatch.leave(f"bad{turn}")
        if "good" in held:
            dispatch.done(held["good"])
        (retry,) = dispatch.sends()
        assert retry.worker == "good"
        dispatch.done(retry.number)
    dispatch.join("bad3", "bad", 1)
    assert dispatch.shunned() == ("bad3",)
    dispatch.leave("good", died=False)
    assert dispatch.shunned() == ()


def test_a_host_is_not_left_alone_for_chance() -> None:
    """On a long run every host loses a worker now and then; where most do well, it stays."""
    dispatch = Dispatch(400)
    for turn in range(100):
        dispatch.join(f"a{turn}", "a", 1)
        dispatch.join("b", "b", 1)
        held = {send.worker: send.number for send in dispatch.sends()}
        if turn % 20 == 19:
            dispatch.leave(f"a{turn}")
        else:
            dispatch.done(held[f"a{turn}"])
            dispatch.leave(f"a{turn}", died=False)
        dispatch.done(held["b"])
    assert dispatch.blamed["a"] >= 3
    dispatch.join("a", "a", 1)
    assert dispatch.shunned() == ()


def test_hope_ends_after_patience() -> None:
    """Without a fit worker for so long a run is over; a worker that comes sets the clock back."""
    dispatch = Dispatch(1)
    assert not dispatch.hopeless(100.0, 30.0)
    assert not dispatch.hopeless(129.0, 30.0)
    crew(dispatch, 1)
    assert not dispatch.hopeless(131.0, 30.0)
    dispatch.leave("w0", died=False)
    assert not dispatch.hopeless(132.0, 30.0)
    assert dispatch.hopeless(162.0, 30.0)


@given(seed=st.integers(0, 10**6), count=st.integers(1, 30), slots=st.integers(1, 3), killers=st.integers(0, 3))
def test_whatever_happens_each_has_one_result(seed: int, count: int, slots: int, killers: int) -> None:
    """Workers come, die and leave in any order: every submission ends once, killers with DEATHS deaths that are
    theirs, and who ran beside them only once with a result."""
    chance = random.Random(seed)
    deadly = set(chance.sample(range(count), min(killers, count)))
    dispatch, ends, alive = Dispatch(count), Counter[int](), 0
    under_way: dict[str, set[int]] = {}
    for _ in range(40 * count + 100):
        if not dispatch.open:
            break
        if len(under_way) < 3:
            alive += 1
            dispatch.join(f"w{alive}", f"host{alive % 2}", slots)
            under_way[f"w{alive}"] = set()
        for send in dispatch.sends():
            under_way[send.worker].add(send.number)
            assert send.attempt <= DEATHS
        name = chance.choice(sorted(under_way))
        held = under_way[name]
        if held & deadly:
            given_up = dispatch.leave(name)
            assert set(given_up) <= deadly, "only those that did it are given up"
            ends.update(given_up)
            del under_way[name]
        elif held:
            number = held.pop()
            ends.update([number] if dispatch.done(number) else [])
    assert ends == Counter(dict.fromkeys(range(count), 1))
