"""A budget of one's own is trained once, with the updates that the student counts, and loaded from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from seq2kit.checkpoints import NotTrained
from seq2kit.scaling import own, runs


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two narrow models and a budget of some ten updates."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    monkeypatch.delenv("SEQ2GRADE_PROFILE", raising=False)
    monkeypatch.delenv("SEQ2GRADE_GRADING", raising=False)
    monkeypatch.setattr(own, "BUDGET", 1e8)
    monkeypatch.setattr(own, "widths", lambda: (6, 8))


def paid(compute: float, parameters: int) -> int:
    return max(1, round(compute / (6 * parameters * runs.BATCH * runs.CONTEXT)))


def test_trained_once_and_loaded_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time, and where nothing may be trained, the same runs come from the checkpoints."""
    first = own.own_budget(paid)
    assert [run.width for run in first.runs] == [6, 8]
    assert all(run.seed == own.SEED for run in first.runs)
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    again = own.own_budget(lambda compute, parameters: 10**9)  # not asked any more
    assert [run.loss for run in again.runs] == [run.loss for run in first.runs]
    for width, model in again.models.items():
        assert runs.exact_loss(model) == pytest.approx(next(r.loss for r in first.runs if r.width == width), abs=1e-4)


def test_a_run_is_that_of_the_sweep_with_another_seed() -> None:
    """Tokens and losses are those of run_point with this seed."""
    made = own.own_budget(paid).runs[0]
    point = runs.run_point(runs.Point(1e8, 6, own.SEED))
    assert (made.parameters, made.tokens, made.loss) == (point.parameters, point.tokens, point.loss)


def test_updates_that_cost_another_budget_are_refused() -> None:
    """Six times the updates would train six times as long: nothing is trained then."""
    with pytest.raises(ValueError, match="do not cost"):
        own.own_budget(lambda compute, parameters: 6 * paid(compute, parameters))
    with pytest.raises(ValueError, match="do not cost"):
        own.own_budget(lambda compute, parameters: 0)


def test_nothing_handed_in_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the grader a missing model is told, not trained."""
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    with pytest.raises(NotTrained):
        own.own_budget(paid)


def test_fast_profile_trains_the_widest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three widths, those that see the fewest tokens."""
    monkeypatch.undo()
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "fast")
    assert own.widths() == (27, 36, 46)
