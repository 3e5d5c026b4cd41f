"""`seq2grade calibrate`: train the reference over many seeds, and set each bar so that right work rarely misses it.

The bar is the one-sided prediction limit of Student's t: a new run of the reference falls on its wrong side with
probability FALSE_FAIL, if runs are about normal. Whatever their distribution, a new run is worse than all n runs seen
with probability at most 1 / (n + 1), and the bar never lies on the near side of the worst.
"""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.judge.registry import load_module
from autograder.judge.thresholds import FILE
from autograder.reference import reference_namespace
from autograder.writing import replace_file

FALSE_FAIL = 0.001
FEWEST_SEEDS = 8
SCHEMA = "seq2grade-calibration/1"
Heard = Callable[[int, Mapping[str, float]], None]
_DIRECTIONS = ("at least", "at most")
# Runs that agree by chance say nothing about the next one: a spread below this share of the mean is not believed.
_LEAST_SPREAD = 0.01


@dataclass(frozen=True)
class Bar:
    """A quantity's threshold, with what it rests on."""

    direction: str
    threshold: float
    values: tuple[float, ...]
    mean: float
    spread: float
    false_fail: float
    false_fail_bound: float


def bar(values: Sequence[float], direction: str, false_fail: float = FALSE_FAIL) -> Bar:
    """The threshold that a new run of the same kind misses with probability `false_fail`.

    Raises ValueError for fewer than two values, one that is not finite, or an unknown direction."""
    if len(values) < 2 or not all(math.isfinite(value) for value in values):
        raise ValueError(f"expected at least two finite values, got {list(values)}")
    if direction not in _DIRECTIONS:
        raise ValueError(f"expected one of {', '.join(_DIRECTIONS)}, got {direction!r}")
    n, mean = len(values), statistics.fmean(values)
    spread = max(statistics.stdev(values), _LEAST_SPREAD * abs(mean))
    margin = t_quantile(1 - false_fail, n - 1) * spread * math.sqrt(1 + 1 / n)
    limit = min(mean - margin, *values) if direction == "at least" else max(mean + margin, *values)
    return Bar(direction, limit, tuple(values), mean, spread, false_fail, 1 / (n + 1))


def t_quantile(p: float, degrees: int) -> float:
    """The p-quantile (p > 1/2) of Student's t, from its density by the trapezoid rule; relative error below 1e-3."""
    if not 0.5 < p < 1 or degrees < 1:
        raise ValueError(f"expected 1/2 < p < 1 and degrees >= 1, got {p} and {degrees}")
    # t = tan(angle) maps the half-line to [0, pi/2), where the density times dt/dangle is cos^(degrees - 1)
    angles = np.linspace(0.0, math.pi / 2, 200_001)
    density = np.sqrt(degrees) * np.cos(angles) ** (degrees - 1)
    area = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return math.sqrt(degrees) * math.tan(float(np.interp(2 * p - 1, area / area[-1], angles)))


def calibrate(folder: Path, seeds: int = FEWEST_SEEDS, jobs: int = 1, heard: Heard | None = None) -> Path:
    """Measure the assignment in `folder` with seeds 1, 2, ... and write its calibration.json. Returns the file.

    `heard(seed, measured)` follows along. Raises AssignmentError when calibration.py is missing or measures
    something else than it declares."""
    if seeds < FEWEST_SEEDS:
        raise AssignmentError(folder, "seeds", f"expected {FEWEST_SEEDS} or more: fewer say little about the next run")
    quantities = _declared(folder)
    begin = time.perf_counter()
    chosen = range(1, seeds + 1)
    measured: dict[int, Mapping[str, float]] = {}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = {seed: pool.submit(_measure, str(folder), seed) for seed in chosen}
        for seed, future in waiting.items():
            measured[seed] = future.result()
            if set(measured[seed]) != set(quantities):
                pool.shutdown(wait=False, cancel_futures=True)
                raise AssignmentError(
                    folder / "calibration.py", "measure", f"expected {sorted(quantities)}, got {sorted(measured[seed])}"
                )
            if heard is not None:
                heard(seed, measured[seed])
    bars = {name: bar([measured[seed][name] for seed in chosen], way) for name, way in quantities.items()}
    path = folder / FILE
    return replace_file(path, _text(bars, list(chosen), time.perf_counter() - begin), 0o644)


def _declared(folder: Path) -> dict[str, str]:
    path = folder / "calibration.py"
    if not path.is_file():
        raise AssignmentError(path, "file", "expected QUANTITIES and measure(reference, seed); there is no such file")
    found = getattr(load_module(folder, path.name), "QUANTITIES", None)
    if not isinstance(found, dict) or not found or not set(found.values()) <= set(_DIRECTIONS):
        raise AssignmentError(path, "QUANTITIES", f"expected names, each with one of {', '.join(_DIRECTIONS)}")
    return dict(found)


def _measure(folder: str, seed: int) -> dict[str, float]:
    """One seed, in a process of its own, on one thread."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    assignment = load_assignment(Path(folder))
    module: Any = load_module(assignment.folder, "calibration.py")
    return {name: float(value) for name, value in module.measure(reference_namespace(assignment), seed).items()}


def _text(bars: Mapping[str, Bar], seeds: list[int], seconds: float) -> str:
    def short(value: float) -> float:
        return float(f"{value:.6g}")

    quantities = {
        name: {
            "direction": b.direction, "threshold": short(b.threshold), "mean": short(b.mean),
            "spread": short(b.spread), "false_fail": b.false_fail, "false_fail_bound": short(b.false_fail_bound),
            "values": [short(value) for value in b.values],
        }
        for name, b in bars.items()
    }  # fmt: skip
    head = {"schema": SCHEMA, "seeds": seeds, "seconds": round(seconds), "torch": str(torch.__version__).split("+")[0]}
    return json.dumps({**head, "quantities": quantities}, indent=2) + "\n"
