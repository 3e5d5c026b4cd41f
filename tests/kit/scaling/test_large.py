"""The runs at the compute of the forecast: their data, and that they are made once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from seq2kit import gpu
from seq2kit.scaling import large
from seq2kit.scaling.markov import zipf_source
from seq2kit.scaling.runs import CONTEXT

SIZE = gpu.Size({"width": 4}, batch=8, updates=3, rate=1e-2, cost=gpu.Cost(0, 0.0, 0.0))


def test_windows_are_as_many_as_asked_for_and_all_different(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also across what is drawn together; the same ones each time."""
    monkeypatch.setattr(large, "_AT_ONCE", 2)
    batches = list(large.windows(zipf_source(), 5, 3))
    assert [tuple(batch.shape) for batch in batches] == [(3, CONTEXT + 1)] * 5
    assert len({tuple(row) for row in torch.cat(batches).tolist()}) == 15
    assert torch.equal(torch.cat(batches), torch.cat(list(large.windows(zipf_source(), 5, 3))))


def test_a_run_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trained, then loaded; the state of torch's generator is as it was."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    monkeypatch.delenv("SEQ2GRADE_GRADING", raising=False)
    before = torch.get_rng_state()
    first, second = (large.trained_all({"one": SIZE}, None)["one"] for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert (first.updates, first.validation_losses) == (3, second.validation_losses)
    assert first.best_loss < 2 * zipf_source().uniform_loss()
    assert all(map(torch.equal, first.model.parameters(), second.model.parameters()))
