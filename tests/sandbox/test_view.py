"""What a sandbox shows of the machine: what Python needs, as long as it is there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from autograder.sandbox.client import Zygote
from autograder.sandbox.view import plan_view
from tests.support import DOUBLE, ran, works


def test_a_folder_that_goes_stops_no_submission(warm_backend: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder on sys.path is shown; once it is gone, it is no longer looked for."""
    monkeypatch.setattr(warm_backend, "_view", None)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.syspath_prepend(folder)
        with ran(warm_backend, DOUBLE) as session:
            assert works(session)
        assert warm_backend._view is not None
        assert folder in warm_backend._view.binds
    with ran(warm_backend, DOUBLE) as session:
        assert works(session)
    assert folder not in warm_backend._view.binds


def test_the_folder_of_a_worker_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Dask worker puts its own on sys.path, and others' submissions lie there."""
    folder = tmp_path / "dask-scratch-space" / "worker-1"
    folder.mkdir(parents=True)
    before = plan_view((), ())
    monkeypatch.syspath_prepend(str(folder))
    assert plan_view((), ()).binds == before.binds
