"""Bars that were calibrated, as checks read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AssignmentError
from autograder.judge import calibrated

ENTRY = {"direction": "at most", "threshold": 0.25, "values": [0.1, 0.2], "false_fail": 0.001}


def write(folder: Path, entry: Any) -> str:
    (folder / "calibration.json").write_text(json.dumps({"quantities": {"loss": entry}}), encoding="utf-8")
    return str(folder / "checks.py")


def test_bars_are_met_on_their_side(tmp_path: Path) -> None:
    """A bar is met on the side it says, edge included, and never by NaN."""
    most = calibrated(write(tmp_path, ENTRY), "loss")
    assert [most.met_by(v) for v in (0.2, 0.25, 0.3, float("nan"))] == [True, True, False, False]
    least = calibrated(write(tmp_path, {**ENTRY, "direction": "at least"}), "loss")
    assert [least.met_by(v) for v in (0.2, 0.25, 0.3, float("nan"))] == [False, True, True, False]
    assert most.values == (0.1, 0.2)


def test_what_was_not_calibrated_is_named(tmp_path: Path) -> None:
    """A missing file, an unknown quantity and a broken entry say which command to run."""
    with pytest.raises(AssignmentError, match="seq2grade calibrate"):
        calibrated(str(tmp_path / "checks.py"), "loss")
    file = write(tmp_path, {**ENTRY, "threshold": "low"})
    for name in ("loss", "accuracy"):
        with pytest.raises(AssignmentError, match="seq2grade calibrate"):
            calibrated(file, name)
