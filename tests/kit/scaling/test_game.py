"""The budget game bills what runs cost, hands out what was paid for, and scores bands as it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from seq2kit.scaling import game
from seq2kit.scaling.loss_surface import Surface
from seq2kit.scaling.runs import shipped_runs

WORLD = game.World({(10.0, 100.0): (3.0, 3.1), (20.0, 100.0): (2.5,)}, 18_000.0, 1e6)
SURFACE = Surface(1.5, 90.0, 0.5, 300.0, 0.5)


def all_at_once(menu: list[Any], bought: list[Any], left: float) -> list[Any]:
    return [] if bought else menu


def test_menu_has_a_run_once_per_seed() -> None:
    """A run with two losses stands on the menu twice, and what was bought is gone from it."""
    assert WORLD.menu() == [(10.0, 100.0), (10.0, 100.0), (20.0, 100.0)]
    seen: list[int] = []

    def one_by_one(menu: list[Any], bought: list[Any], left: float) -> list[Any]:
        seen.append(len(menu))
        return [menu[0]] if left >= 12_000 else []

    assert game.shop(one_by_one, WORLD) == [(10.0, 100.0, 3.0), (10.0, 100.0, 3.1)]
    assert seen == [3, 2, 1]


def test_all_the_money_may_be_spent_and_no_more() -> None:
    """An order that costs exactly what is left is filled; one that costs more, or is not on the menu, is refused."""
    exact = replace(WORLD, flops=game.price(WORLD.menu()))
    assert len(game.shop(all_at_once, exact)) == 3
    with pytest.raises(game.BadOrder) as too_dear:
        game.shop(all_at_once, WORLD)
    assert too_dear.value.dear
    with pytest.raises(game.BadOrder) as unknown:
        game.shop(lambda menu, bought, left: [(20.0, 100.0), (20.0, 100.0)], replace(WORLD, flops=1e9))
    assert not unknown.value.dear


def test_buying_ends() -> None:
    """A player that orders without end is asked ROUNDS times."""
    world = game.World({(1.0, 1.0): (1.0,) * 20}, 1e9, 1e9)
    assert len(game.shop(lambda menu, bought, left: menu[:1], world)) == game.ROUNDS


def test_interval_score_is_the_width_and_twenty_times_the_miss() -> None:
    """The example of the notebook: 0.1 where the band holds, 0.3 where it is missed by 0.01."""
    assert game.interval_score(2.0, 2.1, 2.05) == pytest.approx(0.1)
    assert game.interval_score(2.0, 2.1, 2.11) == pytest.approx(0.3)
    assert game.interval_score(2.0, 2.1, 1.99) == pytest.approx(0.3)


def test_drawn_worlds_are_what_the_notebook_says() -> None:
    """Five budgets that double, seven sizes and two seeds each, money for part, a target sixteen times as dear."""
    for world, surface, noise in game.practice(20, seed=3):
        prices = np.array([game.price([run]) for run in world.offers])
        assert len(world.offers) == 35
        assert all(len(losses) == 2 for losses in world.offers.values())
        assert world.target / prices.max() == pytest.approx(16, rel=0.01)
        assert prices.max() / prices.min() == pytest.approx(16, rel=0.01)
        assert 0.3 < world.flops / prices.sum() < 0.66
        assert 0.004 <= noise <= 0.015
        assert 1.5 <= surface.E <= 3
        for run, losses in world.offers.items():
            above = float(surface.loss(*run)) - surface.E
            assert max(abs(loss - surface.E - above) for loss in losses) < 6 * noise * above


def test_same_seed_same_worlds() -> None:
    """Practice can be repeated, and other seeds give other worlds."""
    first, again, other = game.practice(2, 1), game.practice(2, 1), game.practice(2, 2)
    assert first == again
    assert first != other


def test_who_knows_the_surface_scores_best() -> None:
    """A forecast at the true bottom has no error but the seed's; one at half the size, with half the loss, has more."""
    world = replace(WORLD, target=1e9)
    best = SURFACE.best_size(world.target)
    loss = float(SURFACE.loss(best, world.target / 6 / best))
    knows = game.outcome((best, loss, loss - 0.01, loss + 0.01), world, SURFACE, 0.0, np.random.default_rng(0))
    assert (knows.off, knows.error, knows.inside) == (pytest.approx(0), pytest.approx(0), True)
    errs = game.outcome((best / 2, loss / 2, 0.0, loss / 2), world, SURFACE, 0.0, np.random.default_rng(0))
    assert errs.off == pytest.approx(np.log10(2))
    assert errs.error > 0.5
    assert not errs.inside
    assert errs.score > knows.score
    absurd = game.outcome((-1e300, loss, loss, loss), world, SURFACE, 0.0, np.random.default_rng(0))
    assert absurd.off == np.inf


def test_scores_are_means_and_medians_over_worlds() -> None:
    """All five numbers come back, and a band that holds everything holds every run."""
    found = game.scores(
        lambda menu, bought, left: [] if bought else menu[:1], lambda bought, compute: (1e5, 2.0, 0.0, 99.0),
        game.practice(5),
    )  # fmt: skip
    assert found["share of runs in the band"] == 1
    assert found["median width of the band"] == pytest.approx(found["mean interval score"], rel=1.0)
    assert len(found) == 5


def test_shipped_runs_make_a_world() -> None:
    """Two seeds of the shipped table are 34 runs on offer, each twice."""
    world = game.table_world([*shipped_runs(0), *shipped_runs(1)], 1e12, 6.4e11)
    assert len(world.offers) == 34
    assert len(world.menu()) == 68
