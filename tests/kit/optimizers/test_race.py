"""Problems of the race: their gradients are those of their losses, their noise is shared, their units do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from seq2kit.numeric import finite_difference
from seq2kit.optimizers import race


@pytest.mark.parametrize("family", race.FAMILIES)
def test_gradients_are_right_on_average(family: str) -> None:
    """Over many batches the mean gradient is the slope of the excess loss."""
    problem = race.drawn(4, family, 60, units=1.0)
    mean = np.mean([problem.gradient(problem.start, t) for t in range(1, 4001)], axis=0)
    slope = finite_difference(lambda x: problem.excess(x.numpy()), problem.start).numpy()
    assert np.abs(mean - slope).max() < 0.03 * np.abs(slope).max()


@pytest.mark.parametrize("family", race.FAMILIES)
def test_the_same_step_has_the_same_noise(family: str) -> None:
    """Two problems of one seed are one problem; another step has another batch."""
    one, two = race.drawn(4, family, 60), race.drawn(4, family, 60)
    assert np.array_equal(one.gradient(one.start, 3), two.gradient(two.start, 3))
    assert not np.array_equal(one.gradient(one.start, 3), one.gradient(one.start, 4))


@pytest.mark.parametrize("family", race.FAMILIES)
def test_units_scale_loss_and_gradients_and_nothing_else(family: str) -> None:
    """A thousand times the unit: a thousand times the gradient, the same share of the loss left over."""
    one, large = (race.drawn(9, family, 60, units=units) for units in (1.0, 1e3))
    assert np.allclose(1e3 * one.gradient(one.start, 2), large.gradient(large.start, 2))
    assert race.left_over(one, one.start) == pytest.approx(0.0)
    ends = [race.left_over(problem, race.run(race.baseline, problem)) for problem in (one, large)]
    assert ends[0] == pytest.approx(ends[1], abs=1e-3)
    assert ends[0] < -0.5


def test_excess_is_lowest_at_its_lowest_point() -> None:
    """The best logistic weights that Newton found leave no excess, and any step away leaves some."""
    problem = race.drawn(2, "labels", 60, units=1.0)
    theta = problem.start.copy()
    for _ in range(4000):
        theta -= 0.5 * finite_difference(lambda x: problem.excess(x.numpy()), theta).numpy()
        if problem.excess(theta) < 1e-10:
            break
    assert -1e-12 < problem.excess(theta) < 1e-6


def test_a_run_that_blows_up_counts_as_the_worst() -> None:
    """Infinite and absurd weights end a run, and are not rewarded."""
    problem = race.drawn(1, "valley", 60)
    assert race.left_over(problem, race.run(lambda theta, *rest: (theta * np.inf, None), problem)) == race.WORST
    assert race.left_over(problem, race.run(lambda theta, *rest: (theta + 1e9, None), problem)) == race.WORST


def test_another_shape_is_refused() -> None:
    """Weights that come back with another shape are named."""
    problem = race.drawn(1, "words", 60)
    with pytest.raises(ValueError, match="came back with shape"):
        race.run(lambda theta, *rest: (theta[:2], None), problem)


def test_a_field_has_each_family_at_each_budget() -> None:
    """Two problems of every family at every budget; another seed has others."""
    problems = race.field(3)
    assert sorted({(p.family, p.budget) for p in problems}) == sorted(
        (f, b) for f in race.FAMILIES for b in race.BUDGETS
    )
    assert len(problems) == 18
    assert len({p.start.tobytes() for p in (*problems, *race.field(4))}) == 36


def test_a_falling_rate_beats_the_baseline() -> None:
    """What the notebook says: at the same rule, a rate that falls to 0 leaves less."""

    def falling(theta: race.Array, grad: race.Array, state: object, t: int, budget: int) -> tuple[race.Array, object]:
        return race.baseline(theta, grad, state, t, budget, 0.12 * (1 - (t - 1) / budget))

    problems = race.field(1)
    assert race.score(falling, problems) < race.score(race.baseline, problems) - 0.1
