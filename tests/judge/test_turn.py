"""Trusted code of several threads: one at a time, and nobody waits for a student who is being waited for."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import torch

from autograder.guest.wire import pack, receive_frame, send_frame
from autograder.judge import Check, Draw, Student, in_process
from autograder.judge.ports import SocketPort
from autograder.judge.run import run_check
from autograder.judge.turn import away, turn
from autograder.model import Status


def side_by_side(*works: Callable[[], object]) -> float:
    """Run all of these at once; returns how many seconds that took."""
    threads = [threading.Thread(target=work) for work in works]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - begin


def check(run: Callable[[Student, Draw], None]) -> Check:
    return Check("numbers", "one", 1.0, "The numbers are right.", run)


def test_checks_of_two_threads_do_not_share_a_generator() -> None:
    """A check that seeds torch gets the numbers of its seed, also while another check seeds it too."""
    drawn: dict[int, list[float]] = {1: [], 2: []}

    def seeded(seed: int) -> Callable[[Student, Draw], None]:
        def run(student: Student, draw: Draw) -> None:
            torch.manual_seed(seed)
            time.sleep(0.01)
            drawn[seed].append(float(torch.rand(1)))

        return run

    def grade(seed: int) -> None:
        for _ in range(10):
            assert run_check(check(seeded(seed)), in_process({}), 0).status is Status.PASSED

    side_by_side(lambda: grade(1), lambda: grade(2))
    assert [len(set(values)) for values in drawn.values()] == [1, 1]
    assert drawn[1][0] != drawn[2][0]


@contextlib.contextmanager
def slow_student(seconds: float) -> Any:
    """A port to a notebook that answers each request after so long."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with contextlib.suppress(Exception):
            while True:
                receive_frame(theirs)
                time.sleep(seconds)
                send_frame(theirs, pack({"ok": 1}))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with ours, theirs:
        yield SocketPort(ours, 5.0)


def test_nobody_waits_for_a_slow_student_of_another_thread() -> None:
    """While one check waits for its student, others run."""

    def grade() -> None:
        with slow_student(0.5) as port:
            result = run_check(check(lambda student, draw: student.f()), Student(port), 0)
        assert result.status is Status.PASSED

    assert side_by_side(*[grade] * 6) < 2.0


def test_waiting_for_a_turn_costs_the_student_nothing() -> None:
    """A check that computes for longer than its limit, or waits that long, fails nobody who answers at once."""

    def run(student: Student, draw: Draw) -> None:
        student.f()
        time.sleep(0.4)
        student.f()

    def grade() -> None:
        with slow_student(0.0) as port:
            port.seconds = 0.3
            port.renew()
            assert run_check(check(run), Student(port), 0).status is Status.PASSED

    side_by_side(*[grade] * 3)


def test_a_turn_may_be_nested_and_left() -> None:
    """Within a turn another begins at once; away from it, others get theirs; without one, away does nothing."""
    order: list[str] = []

    def other() -> None:
        with turn():
            order.append("other")

    with turn(), turn():
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.05)
        assert order == []
        with away(), away():
            thread.join(5)
        order.append("mine")
    with away():
        pass
    assert order == ["other", "mine"]
