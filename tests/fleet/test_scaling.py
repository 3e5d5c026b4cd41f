"""The simulated fleet of docs/scaling.md: the decisions that run for real, over a class of thousands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.scaling import Costs, Setup, simulate

SMALL = Setup(submissions=3000, workers=40, killers=10, mtbf=900.0, broken=1)


def test_each_submission_has_one_result() -> None:
    """Whatever is killed and whichever host is broken; and the same seed gives the same run."""
    out = simulate(SMALL)
    assert set(out.results.values()) == {1}
    assert len(out.results) == SMALL.submissions
    assert out == simulate(SMALL)
    assert out != simulate(replace(SMALL, seed=2))


@pytest.mark.parametrize("seed", range(5))
def test_killers_are_given_up_and_hardly_anybody_else(seed: int) -> None:
    """All of them, and of the others at most those that chance hits twice. Nobody is sent out more than three times:
    two deaths, and once for a host that was shut out meanwhile."""
    out = simulate(replace(SMALL, seed=seed))
    assert out.given_up - out.innocent == SMALL.killers
    assert out.innocent <= 2
    assert out.most_attempts <= 3


def test_bad_luck_shuts_no_host_out() -> None:
    """On a run of hours in which every host loses workers by chance, the fleet stays in use."""
    long = Setup(submissions=4000, workers=20, grading=60.0, killers=0, broken=0, costs=Costs(0.001, 0.001, 0.001))
    calm, harmed = simulate(replace(long, mtbf=1e12)), simulate(replace(long, mtbf=3600.0))
    assert harmed.deaths > 50
    assert harmed.seconds < 1.2 * calm.seconds


def test_the_page_shows_what_the_simulation_says() -> None:
    """The table of docs/scaling.md, by its first row (the others take seconds): nobody is at fault, and the writer is
    the limit."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "scaling.md").read_text()
    out = simulate(Setup(submissions=10_000, mtbf=1e12, killers=0, broken=0))
    assert out.busy > 0.95
    per_minute = 60 * 10_000 / out.seconds
    assert f"| nothing goes wrong | {100_000 / per_minute / 60:.1f} |" in page
