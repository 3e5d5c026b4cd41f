"""Pictures of scaling runs show the runs that they are given, and say in words what can be seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.lines import Line2D
from seq2kit.pictures import Picture
from seq2kit.scaling import pictures as scaling_pictures
from seq2kit.scaling.loss_surface import Surface
from seq2kit.scaling.markov import zipf_source
from seq2kit.scaling.runs import Result, shipped_runs
from seq2kit.scaling.size_runs import shipped_sizes

SURFACE = Surface(1.5, 90.0, 0.4, 300.0, 0.3)
BUDGETS = (1e12, 1e13, 1e14)
RUNS = tuple(
    Result(budget, k, 0, round(size), 1, float(loss), 0.0)
    for budget in BUDGETS
    for k, (size, loss) in enumerate(zip(*SURFACE.profile(budget, [0.2, 0.5, 1.0, 2.0, 5.0]), strict=True))
)
OPTIMA = [SURFACE.best_size(budget) for budget in BUDGETS]


def parabola(sizes: list[float], losses: list[float]) -> tuple[list[float], float]:
    return list(np.polyfit(np.log10(sizes), losses, 2)), 0.0


def lines(picture: Picture, axes: int = 0) -> list[Line2D]:
    return list(picture.figure.axes[axes].lines)


def shown(picture: Picture) -> bool:
    return picture.png()[:4] == b"\x89PNG"


def test_valleys_have_points_parabolas_and_bottoms() -> None:
    """One star per budget stands at its best size, on the parabola, and the caption names the sizes."""
    picture = scaling_pictures.valleys(RUNS, (BUDGETS, OPTIMA), parabola)
    stars = [line for line in lines(picture) if line.get_marker() == "*"]
    assert [float(star.get_xdata()[0]) for star in stars] == pytest.approx(OPTIMA)  # type: ignore[index]
    for star, budget in zip(stars, BUDGETS, strict=True):
        level = float(SURFACE.loss(OPTIMA[BUDGETS.index(budget)], budget / 6 / OPTIMA[BUDGETS.index(budget)]))
        assert float(star.get_ydata()[0]) == pytest.approx(level, abs=0.02)  # type: ignore[index]
    assert len(lines(picture)) == 9
    assert f"{OPTIMA[0]:,.0f}" in picture.caption
    assert shown(picture)


def test_valleys_without_a_fit_still_show_runs() -> None:
    """Without the student's parabola points and stars remain."""
    assert len(lines(scaling_pictures.valleys(RUNS, (BUDGETS, OPTIMA)))) == 6


def test_valleys_lie_over_the_entropy_and_under_the_baselines() -> None:
    """With a source the entropy is drawn below all runs, and unigram and uniform loss in a strip above them."""
    source, runs = zipf_source(), shipped_runs()
    budgets = sorted({run.compute for run in runs})
    picture = scaling_pictures.valleys(runs, (budgets, [2e4] * len(budgets)), parabola, source)
    drawn = [np.asarray(line.get_ydata()) for axes in (0, 1) for line in lines(picture, axes)]
    levels = [float(level[0]) for level in drawn if len(level) == 2]
    assert levels == pytest.approx([source.entropy(), source.unigram_loss(), source.uniform_loss()])
    valleys, strip = picture.figure.axes
    assert valleys.get_ylim()[0] < source.entropy() < min(run.loss for run in runs)
    assert max(run.loss for run in runs) < strip.get_ylim()[0] < source.unigram_loss()
    assert shown(picture)


def test_parabola_goes_through_the_five_runs_around_the_lowest() -> None:
    """What is drawn is the fit of the notebook's window: from its smallest to its largest size."""
    runs = shipped_runs()
    budgets = sorted({run.compute for run in runs})
    picture = scaling_pictures.valleys(runs, (budgets, [2e4] * len(budgets)), parabola)
    curves = [line for line in lines(picture) if len(np.asarray(line.get_xdata())) == 80]
    for curve, budget in zip(curves, budgets, strict=True):
        group = sorted((run.parameters, run.loss) for run in runs if run.compute == budget)
        lowest = min(range(len(group)), key=lambda k: group[k][1])
        ends = [group[lowest - 2][0], group[lowest + 2][0]]
        assert np.asarray(curve.get_xdata())[[0, -1]] == pytest.approx(ends)


def test_valleys_refuse_optima_of_other_budgets() -> None:
    """Best sizes that belong to other budgets are not drawn over these runs."""
    with pytest.raises(ValueError, match="each budget"):
        scaling_pictures.valleys(RUNS, (BUDGETS[:2], OPTIMA[:2]))


def test_line_has_its_band_and_its_slope() -> None:
    """The caption carries the slope of the student's line and the prediction; the band encloses the line."""

    def predict(compute: float) -> tuple[float, float, float]:
        size = 0.1 * compute**0.43
        return size, size / 2, size * 2

    picture = scaling_pictures.line_with_band(BUDGETS, OPTIMA, predict, compute=1e16)
    assert "slope 0.430" in picture.caption
    assert f"{0.1 * 1e16**0.43:,.0f}" in picture.caption
    band = picture.figure.axes[0].collections[0].get_paths()[0].vertices
    at_end = [math.log10(y) for x, y in band if x == max(band[:, 0])]  # type: ignore[call-overload, index]
    assert max(at_end) - min(at_end) == pytest.approx(math.log10(4))
    assert shown(picture)


def test_floor_lies_under_all_runs() -> None:
    """The entropy and both baselines are drawn where they are, and no run lies below the entropy."""
    source, runs = zipf_source(), shipped_runs()
    picture = scaling_pictures.loss_over_floor(runs, source)
    levels = [line.get_ydata()[0] for line in lines(picture) if len(set(np.asarray(line.get_ydata()))) == 1]  # type: ignore[index]
    assert levels == pytest.approx([source.uniform_loss(), source.unigram_loss(), source.entropy()])
    assert all(float(np.min(np.asarray(line.get_ydata()))) > 0 for line in lines(picture, 1))
    assert f"{source.entropy():.4f}" in picture.caption
    assert shown(picture)


def test_sizes_show_training_beside_validation() -> None:
    """Each seed has a line of validation losses, and crosses of training losses below them."""
    picture = scaling_pictures.loss_against_size(shipped_sizes())
    drawn = [line for line in lines(picture) if len(np.asarray(line.get_xdata())) == 6]
    for validation, training in zip(drawn[::2], drawn[1::2], strict=True):
        assert training.get_marker() == "x"
        assert (np.asarray(training.get_ydata()) < np.asarray(validation.get_ydata())).all()
    assert len(drawn) == 6
    assert shown(picture)


def test_forecast_has_its_band_beside_what_was_bought() -> None:
    """Dots for the runs, a star with its band at the target, and the numbers in words."""
    bought = [(1e3, 1e5, 2.5), (2e3, 1e5, 2.4), (4e3, 1e5, 2.45)]
    picture = scaling_pictures.forecast_of_a_run(bought, (1e12, 2.1, 2.0, 2.3), 1.9)
    assert "3 runs bought" in picture.caption
    assert "2.1000 is forecast, band 2.0000 to 2.3000" in picture.caption
    assert shown(picture)
