"""What Gradescope's submission_metadata.json says of a submission: when it was due, and the attempts before it.

Source: Gradescope's documentation of submission metadata. An attempt of which there are no results, or that failed
through a fault of ours, is none; so is one that was not graded, which our own results say in `extra_data`.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.deadlines import utc
from autograder.errors import Seq2gradeError
from autograder.export.public import Result, number, short
from autograder.gradebook.late import Lateness, LatePolicy, course_config
from autograder.report.plain import plain

MARK = "seq2grade"
NOT_GRADED = {MARK: {"graded": False}}


@dataclass(frozen=True)
class Attempt:
    """An earlier submission that was graded. `time` is aware; `results` is its results.json."""

    time: datetime.datetime | None
    score: float
    results: Mapping[str, Any]

    @property
    def when(self) -> str:
        """In words, for the student."""
        return f"of {utc(self.time):%Y-%m-%d %H:%M} UTC" if self.time is not None else "before this one"


@dataclass(frozen=True)
class Metadata:
    """Aware times, None where Gradescope says none. `attempts` come in its order, which is that of handing in."""

    created: datetime.datetime | None = None
    due: datetime.datetime | None = None
    attempts: tuple[Attempt, ...] = ()

    def within(self, hours: float) -> tuple[Attempt, ...]:
        """The attempts of the last `hours` before this submission; all where it is 0, or nobody knows when that is."""
        if hours <= 0 or self.created is None:
            return self.attempts
        since = self.created - datetime.timedelta(hours=hours)
        return tuple(one for one in self.attempts if one.time is not None and one.time > since)


@dataclass(frozen=True)
class Rules:
    """`most` attempts are graded (0: any number) within `hours` (0: ever). `best`: the best attempt counts."""

    most: int = 0
    hours: float = 0.0
    best: bool = False

    def options(self) -> str:
        """As they are typed at a command."""
        told = f"--attempts {self.most} --per-hours {number(self.hours)}"
        return f"{told} --keep-best" if self.best else told


def read(data: bytes, name: str) -> Metadata:
    """Raises Seq2gradeError for what is no such file; entries that say nothing are passed over."""
    try:
        document = json.loads(data)
        assignment, users = document.get("assignment") or {}, document.get("users") or []
        own = [(user.get("assignment") or {}).get("due_date") for user in users]
        due = [time for text in (assignment.get("due_date"), *own) if (time := _time(text)) is not None]
        found = [_attempt(entry) for entry in document.get("previous_submissions") or []]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Seq2gradeError(f"{name}: expected Gradescope's submission_metadata.json; {str(error)[:200]}") from error
    # Of a group, the member with the most time decides.
    return Metadata(_time(document.get("created_at")), max(due, default=None), tuple(a for a in found if a is not None))


def _attempt(entry: Mapping[str, Any]) -> Attempt | None:
    results = entry.get("results")
    if entry.get("autograder_error") or not isinstance(results, dict):
        return None
    mark = results.get("extra_data", {}).get(MARK, {})
    told = results.get("score", entry.get("score"))
    if mark.get("graded") is False or told is None:
        return None
    return Attempt(_time(entry.get("submission_time")), float(told), results)


def _time(text: object) -> datetime.datetime | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo is not None else None


def kept(metadata: Metadata, rules: Rules) -> str | None:
    """The results.json where no attempt is left: that of the attempt that counts, with a line that says so. None where
    this one is to be graded."""
    used = metadata.within(rules.hours)
    if rules.most <= 0 or len(used) < rules.most:
        return None
    counts = _best(metadata.attempts) if rules.best else metadata.attempts[-1]
    span = f" in {number(rules.hours)} hours" if rules.hours > 0 else ""
    told = (
        f"This submission was not graded: {_many(rules.most)}{span}, and no attempt is left. The one "
        f"{counts.when} counts, and is shown here."
    )
    more = {"score": short(counts.score), "output": told, "output_format": "text", "extra_data": NOT_GRADED}
    return json.dumps({**counts.results, **more}, ensure_ascii=False, indent=2) + "\n"


def counted(document: dict[str, Any], metadata: Metadata, rules: Rules) -> dict[str, Any]:
    """The results.json of this attempt; where an earlier one was better, and the best counts, with its score."""
    best = _best(metadata.attempts) if rules.best and metadata.attempts else None
    if best is None or best.score <= document["score"]:
        return document
    told = f"Your best attempt counts, the one {best.when}: {number(best.score)} points. This one got "
    told += f"{number(document['score'])}."
    return {**document, "score": short(best.score), "output": "\n".join(filter(None, (told, document["output"])))}


def _many(most: int) -> str:
    return "one attempt is graded" if most == 1 else f"{most} attempts are graded"


def _best(attempts: Sequence[Attempt]) -> Attempt:
    return max(attempts, key=lambda one: one.score)


def late(result: Result, metadata: Metadata, due: datetime.datetime | None, root: Path) -> Result:
    """The result with what handing in late costs by the course's nbgrader_config.py. Gradescope's due time counts, for
    students saw that one, and where there is none `due`, the assignment's. Raises GradebookError when that file cannot
    be used."""
    wanted = metadata.due or due
    if wanted is None or metadata.created is None or metadata.created <= wanted:
        return result
    seconds = (metadata.created - wanted).total_seconds()
    penalty = LatePolicy(course_config(root)).penalty("student", result.total, seconds) or 0.0
    told = plain(Lateness(utc(wanted), seconds, penalty).sentence())
    return replace(result, total=result.total - penalty, penalty=penalty, late=told)
