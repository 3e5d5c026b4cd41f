"""Whether a training can have taken place, by the time that the notebook computed."""

from __future__ import annotations

import pytest

from autograder.judge import trained_here
from autograder.judge.registry import Check
from autograder.judge.trained_here import floor, rested, yardstick
from autograder.model import CheckResult, Status

CHECKS = (
    Check("knows", "run", 3.0, "It knows.", lambda student, draw: None, 100.0),
    Check("adds", "sums", 2.0, "It adds.", lambda student, draw: None),
)


def results(status: Status = Status.PASSED) -> list[CheckResult]:
    return [CheckResult(c.name, c.item, status, c.points, c.points, c.claim) for c in CHECKS]


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained_here, "yardstick", lambda: trained_here._YARD)


def test_too_little_time_fails_what_rests_on_training() -> None:
    """A check that passed on a model that cannot have been trained here fails, with words about it; no other does."""
    knows, adds = rested(CHECKS, results(), 20.0, "cpu")
    assert (knows.status, knows.points, knows.max_points) == (Status.FAILED, 0.0, 3.0)
    assert "long enough" in knows.message
    assert "20" not in knows.message + knows.hint
    assert adds == results()[1]


@pytest.mark.parametrize("cpu", [36.0, 99.0, 1e6])
def test_enough_time_leaves_everything_as_it_is(cpu: float) -> None:
    """A notebook that is a good deal faster than the reference is believed."""
    assert rested(CHECKS, results(), cpu, "cpu") == tuple(results())


@pytest.mark.parametrize("status", [Status.FAILED, Status.COULD_NOT_CHECK])
def test_what_did_not_pass_stays(status: Status) -> None:
    """A failure keeps its own words, and what we could not check is not charged."""
    assert rested(CHECKS, results(status), 0.0, "cpu") == tuple(results(status))


def test_a_slow_machine_does_not_raise_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine of twice the speed half the time is asked for; on a slow or busy one no more than usual."""
    usual = floor(100.0)
    monkeypatch.setattr(trained_here, "yardstick", lambda: trained_here._YARD / 2)
    assert floor(100.0) == pytest.approx(usual / 2)
    monkeypatch.setattr(trained_here, "yardstick", lambda: trained_here._YARD * 9)
    assert floor(100.0) == usual


def test_another_device_asks_for_less() -> None:
    """Where a GPU does the work, the CPU has less to do."""
    assert floor(100.0, "cuda") < floor(100.0) / 4


def test_the_yardstick_is_a_time() -> None:
    """It takes some time, and far less than a second of the CPU's."""
    assert 0 < yardstick() < 5
