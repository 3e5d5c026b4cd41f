"""Points off for handing in late: nbgrader's plugin decides, for `nbgrader autograde` and `seq2grade grade` alike."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import GradebookError

CONFIG = "nbgrader_config.py"
_DAY = 86_400.0
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))


class PerDay(LateSubmissionPlugin):
    """A share of the points for each day that has begun, up to a limit, after a time of grace."""

    percent_per_day = Float(
        10.0,
        min=0.0,
        max=100.0,
        help="Taken off for each day that has begun, in percent of the points that the work earned.",
    ).tag(config=True)
    most_percent = Float(50.0, min=0.0, max=100.0, help="No more than this is ever taken off.").tag(config=True)
    grace_minutes = Float(30.0, min=0.0, help="Handing in this much late costs nothing.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points off; None for none. See nbgrader.plugins.LateSubmissionPlugin."""
        if total_seconds_late <= 60.0 * self.grace_minutes:
            return None
        share = min(self.most_percent, self.percent_per_day * math.ceil(total_seconds_late / _DAY))
        return float(round(score * share / 100.0, 2))


def course_config(root: Path) -> Config:
    """The course's nbgrader_config.py, empty where there is none. Raises GradebookError when it cannot be run."""
    if not (root / CONFIG).is_file():
        return Config()
    try:
        return PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except Exception as error:
        raise GradebookError(
            f"{root / CONFIG} cannot be used: {type(error).__name__}: {error}. Mend it first, for "
            "it says what handing in late costs."
        ) from error


class LatePolicy:
    """What `AssignLatePenalties.plugin_class` of a configuration takes off."""

    def __init__(self, config: Config) -> None:
        """Raises GradebookError when the configuration names no such class."""
        try:
            # nbgrader's step is asked for the class only; it would complain about the settings of other steps
            chosen: Any = AssignLatePenalties(config=Config({"AssignLatePenalties": config.AssignLatePenalties}))
            self._plugin: Any = chosen.plugin_class(config=config)
        except Exception as error:
            raise GradebookError(f"The late policy in {CONFIG} cannot be used: {error}.") from error
        self.faults: dict[str, str] = {}

    def penalty(self, student: str, score: float, seconds: float) -> float | None:
        """Points off a `score`, at most all of it; None where the policy takes none.

        Where the plugin itself fails nothing is taken off, and `faults` says for whom and why."""
        if seconds <= 0.0:
            return None
        try:
            found = self._plugin.late_submission_penalty(student, score, seconds)
            points = 0.0 if found is None else float(found)
            if math.isnan(points):
                raise ValueError("it gave no number")
        except Exception as error:
            self.faults[student] = f"{type(self._plugin).__name__} failed: {type(error).__name__}: {error}"
            return None
        return min(points, max(0.0, score)) if points > 0.0 else None


@dataclass(frozen=True)
class Lateness:
    """When a submission was to be there and when it was (UTC, without zone), and what that costs."""

    due: datetime.datetime
    seconds: float
    penalty: float

    def sentence(self) -> str:
        """For the student."""
        off = f"{self.penalty:.4g} {'point is' if self.penalty == 1 else 'points are'} taken off"
        return (
            f"Handed in {span(self.seconds)} after it was due ({self.due:%Y-%m-%d %H:%M} UTC): "
            f"{off if self.penalty > 0 else 'no points are taken off'}."
        )


def span(seconds: float) -> str:
    """A time in words, in its two largest units."""
    parts, left = [], max(60, math.ceil(seconds / 60.0) * 60)
    for size, name in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number} {name}{'s' if number > 1 else ''}")
    return " and ".join(parts[:2])
