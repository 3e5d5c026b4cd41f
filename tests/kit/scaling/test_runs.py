"""The scaling runs: what one run costs and measures, that it can be repeated, and what is shipped."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from seq2kit.scaling import runs as scaling
from seq2kit.scaling.loss_surface import CHINCHILLA, CHINCHILLA_REFIT, PUBLISHED_OPTIMA, Surface
from seq2kit.scaling.markov import zipf_source
from seq2kit.scaling.runs import Point, TinyGPT
from torch import Tensor, nn

TINY = Point(1e8, 4, 7)


class Oracle(nn.Module):
    """A model that knows the transitions by heart."""

    def forward(self, tokens: Tensor) -> Tensor:
        return torch.from_numpy(zipf_source().transitions).log()[tokens]


class Clueless(nn.Module):
    """A model that finds all tokens equally likely."""

    def forward(self, tokens: Tensor) -> Tensor:
        return torch.zeros(*tokens.shape, 256)


def test_model_sees_no_future() -> None:
    """Changing token 5 leaves all logits before it as they were, and changes that of position 5."""
    torch.manual_seed(0)
    model, tokens = TinyGPT(30, 12, 8, 2).eval(), torch.arange(9)[None]
    changed = tokens.clone()
    changed[0, 5] = 29
    with torch.no_grad():
        difference = (model(tokens) - model(changed)).abs().amax(-1)[0]
    assert difference[:5].max() < 1e-6
    assert difference[5] > 1e-3


def test_tied_weights_count_once() -> None:
    """Parameters are those of the tensors listed, the output's being the embedding's."""
    V, n, h, L = 31, 9, 10, 3
    layer = 12 * h * h + 13 * h
    assert scaling.torch_parameters(TinyGPT(V, n, h, L)) == V * h + n * h + L * layer + 2 * h


def test_flops_include_attention_and_backward() -> None:
    """torch's counter sees every matrix product, scores and mixing too, and twice as much backwards."""
    V, n, h = 31, 9, 10
    model, tokens = TinyGPT(V, n, h, 2), torch.zeros(3, n, dtype=torch.int64)
    forward = scaling.torch_flops(model, tokens)
    assert forward == 3 * (2 * (24 * n * h * h + 4 * n * n * h) + 2 * n * h * V)
    assert scaling.torch_flops(model, tokens, backward=True) == 3 * forward


def test_loss_of_one_who_knows_the_source_is_its_entropy() -> None:
    """The measured loss has no noise of its own: the best possible model gets the entropy, a clueless one ln V."""
    source = zipf_source()
    assert scaling.exact_loss(Oracle(), windows=64) == pytest.approx(source.entropy(), abs=1e-6)
    contexts = source.sample(64, scaling.CONTEXT, seed=0)
    rows = -(source.transitions * np.log(source.transitions)).sum(1)
    expected = math.log(256) + source.entropy() - rows[contexts].mean()
    assert scaling.exact_loss(Clueless(), windows=64) == pytest.approx(expected, abs=1e-6)


def test_run_repeats_and_leaves_no_trace() -> None:
    """The same point gives the same result in any order, and the generators and threads stay as they were."""
    torch.manual_seed(3)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    other = Point(1e8, 6, 7)
    first = scaling.run_points([TINY, other])
    second = scaling.run_points([other, TINY], spread=lambda f, points: [f(point) for point in points])
    assert [run.loss for run in first] == [run.loss for run in reversed(second)]
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert scaling.run_point(Point(1e8, 4, 8)).loss != first[0].loss


def test_run_spends_its_compute_and_learns() -> None:
    """Tokens follow from C = 6 N D up to one batch, and even a small run learns a good deal."""
    run = scaling.run_point(Point(1e9, 8))
    assert abs(run.compute / (6 * run.parameters) - run.tokens) <= scaling.BATCH * scaling.CONTEXT / 2
    assert zipf_source().entropy() < run.loss < zipf_source().uniform_loss() - 1.5


def test_shipped_run_can_be_made_again() -> None:
    """One of the shipped runs, made anew, comes out as shipped, up to what another processor may change."""
    shipped = next(run for run in scaling.shipped_runs() if (run.compute, run.width) == (1e10, 36))
    again = scaling.run_point(Point(1e10, 36))
    assert (again.parameters, again.tokens) == (shipped.parameters, shipped.tokens)
    assert again.loss == pytest.approx(shipped.loss, abs=0.02)


def test_shipped_runs_are_the_plan() -> None:
    """34 runs per seed, one per point of the plan, each of its compute, above the entropy and below the unigram."""
    runs, source = scaling.shipped_runs(), zipf_source()
    assert len(runs) == 34
    for seed in (0, 1):
        made = scaling.shipped_runs(seed)
        assert tuple(Point(run.compute, run.width, run.seed) for run in made) == scaling.plan(seed=seed)
    assert scaling.shipped_runs(2) == ()
    for run in runs + scaling.shipped_runs(1):
        assert source.entropy() < run.loss < source.unigram_loss()
        assert run.parameters == scaling.torch_parameters(TinyGPT(256, scaling.CONTEXT, run.width))
        assert 6 * run.parameters * run.tokens == pytest.approx(run.compute, rel=0.02)


@pytest.mark.parametrize("seed", [0, 1])
def test_shipped_runs_form_valleys(seed: int) -> None:
    """At each budget the lowest loss has two larger losses on either side; best losses fall and best sizes grow."""
    bottoms = []
    for budget in scaling.BUDGETS:
        group = sorted((run.parameters, run.loss) for run in scaling.shipped_runs(seed) if run.compute == budget)
        losses = [loss for _, loss in group]
        lowest = losses.index(min(losses))
        assert 2 <= lowest <= len(losses) - 3
        assert losses[: lowest + 1] == sorted(losses[: lowest + 1], reverse=True)
        assert losses[lowest:] == sorted(losses[lowest:])
        bottoms.append(group[lowest])
    assert bottoms == sorted(bottoms)
    assert [loss for _, loss in bottoms] == sorted((loss for _, loss in bottoms), reverse=True)


def bottoms(seed: int, points: int, logarithmic: bool = True) -> np.ndarray[Any, Any]:
    """log10 of the best size at each budget, from so many shipped runs around the lowest."""
    best = []
    for budget in scaling.BUDGETS:
        group = sorted((run.parameters, run.loss) for run in scaling.shipped_runs(seed) if run.compute == budget)
        lowest = min(range(len(group)), key=lambda k: group[k][1])
        first = max(0, min(lowest - points // 2, len(group) - points))
        sizes, losses = zip(*group[first : first + points], strict=True)
        a, b, _ = np.polyfit(np.log10(sizes) if logarithmic else sizes, losses, 2)
        best.append(-b / (2 * a) if logarithmic else math.log10(-b / (2 * a)))
    return np.array(best)


def test_claims_of_the_notebook_about_the_law() -> None:
    """Parabolas through the five runs around each bottom give exponents 0.42 and 0.43, and 1.3 and 1.5e6 at 1e15."""
    x = np.log10(scaling.BUDGETS)
    for seed, exponent, at_1e15 in ((0, 0.42, 1.3e6), (1, 0.43, 1.5e6)):
        m, c = np.polyfit(x, bottoms(seed, 5), 1)
        assert m == pytest.approx(exponent, abs=0.005)
        assert 10 ** (15 * m + c) == pytest.approx(at_1e15, rel=0.03)
    covariance = np.polyfit(x, bottoms(0, 5), 1, cov=True)[1]
    assert covariance[0, 0] ** 0.5 == pytest.approx(0.014, abs=0.0005)


def test_exponent_depends_on_the_window_as_much_as_on_the_scatter() -> None:
    """Three, five or seven runs around each bottom and two seeds: exponents between 0.40 and 0.44."""
    found = [np.polyfit(np.log10(scaling.BUDGETS), bottoms(s, k), 1)[0] for s in (0, 1) for k in (3, 5, 7)]
    assert min(found) == pytest.approx(0.40, abs=0.005)
    assert max(found) == pytest.approx(0.44, abs=0.005)


def test_parabolas_in_plain_sizes_land_too_high() -> None:
    """Fitted in N instead of log N, the same five runs give best sizes a third larger, at every budget."""
    excess = 10 ** (bottoms(0, 5, logarithmic=False) - bottoms(0, 5))
    assert excess == pytest.approx([1.33] * 5, abs=0.05)


def test_table_survives_writing_and_reading(tmp_path: Path) -> None:
    """Written and read again, results are equal; a text without the columns is refused."""
    runs = scaling.shipped_runs()[:3]
    scaling.write_runs(runs, tmp_path / "runs.csv")
    assert scaling.read_runs((tmp_path / "runs.csv").read_text(encoding="utf-8")) == runs
    with pytest.raises(ValueError, match="no table"):
        scaling.read_runs("compute,width\n1e10,8\n")


def test_nothing_is_trained_where_grading_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `repeat` a grader gets the shipped runs; a student gets fresh ones for the cheapest budget if told fast."""
    shipped = scaling.shipped_runs()
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    assert scaling.load_or_repeat(True) == shipped
    monkeypatch.delenv("SEQ2GRADE_GRADING")
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "fast")
    assert {point.compute for point in scaling.repeat_plan()} == {1e10}
    monkeypatch.setattr(scaling, "repeat_plan", lambda: (Point(1e10, 46),))
    runs = scaling.load_or_repeat(True)
    fresh = [run for run, old in zip(runs, shipped, strict=True) if run.seconds != old.seconds or run.loss != old.loss]
    assert len(runs) == 34
    assert all((run.compute, run.width) == (1e10, 46) for run in fresh)


@pytest.mark.parametrize("surface", [CHINCHILLA, CHINCHILLA_REFIT])
@pytest.mark.parametrize("compute", [1e9, 1e21])
def test_best_size_of_a_surface_is_a_minimum(surface: Surface, compute: float) -> None:
    """No neighbour at the same compute has a lower loss, and the best size grows with the exponent b / (a + b)."""
    sizes, losses = surface.profile(compute, [0.5, 0.98, 1.0, 1.02, 2.0])
    assert sizes[2] == surface.best_size(compute)
    assert losses.argmin() == 2
    growth = math.log10(surface.best_size(100 * compute) / surface.best_size(compute)) / 2
    assert growth == pytest.approx(surface.exponent)


def test_published_constants_agree_with_each_other() -> None:
    """The two surfaces have the exponents that their papers name, and the printed optima spend their compute."""
    assert CHINCHILLA.exponent == pytest.approx(0.46, abs=0.01)
    assert CHINCHILLA_REFIT.exponent == pytest.approx(0.513, abs=0.001)
    for size, compute, tokens in PUBLISHED_OPTIMA:
        assert 6 * size * tokens == pytest.approx(compute, rel=0.12)
