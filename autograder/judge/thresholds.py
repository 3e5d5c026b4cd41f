"""Calibrated thresholds: what `seq2grade calibrate` measured on the reference, read by checks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import CHECKS
from autograder.errors import AssignmentError

FILE = "calibration.json"


@dataclass(frozen=True)
class Threshold:
    """A bar for one quantity. direction: "at least" or "at most"; values: what the reference reached, one per seed;
    false_fail: the estimated probability that right work with another seed misses the bar."""

    name: str
    direction: str
    threshold: float
    values: tuple[float, ...]
    false_fail: float

    def met_by(self, value: float) -> bool:
        """Whether `value` is on the right side of the bar; NaN never is."""
        return value >= self.threshold if self.direction == "at least" else value <= self.threshold


def calibrated(file: str, name: str) -> Threshold:
    """The bar called `name` from calibration.json of the assignment that `file` belongs to.

    Raises AssignmentError when the assignment was not calibrated or measures no such quantity."""
    folder = Path(file).resolve().parent
    path = (folder.parent if folder.name == CHECKS else folder) / FILE
    again = f"run `seq2grade calibrate {path.parent.name}`"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["quantities"]
        entry = found[name]
        numbers = tuple(float(value) for value in entry["values"])
        return Threshold(name, entry["direction"], float(entry["threshold"]), numbers, float(entry["false_fail"]))
    except FileNotFoundError:
        raise AssignmentError(path, name, f"expected a calibration; {again}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise AssignmentError(path, name, f"expected a calibrated quantity ({error!r}); {again}") from error
