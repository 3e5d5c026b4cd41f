"""What may leave for students: points, claims and messages under public ids. The names of checks, `detail` and `thinks`
stay behind here, so that no exporter can publish them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import Seq2gradeError
from autograder.export.results import SCHEMA, public_id, results
from autograder.model import Grade, Kind, Status

OUR_FAULT = "It could not be checked, through a fault of ours: it costs nothing."
_TOP = f'expected results of `seq2grade grade --json` ("schema": "{SCHEMA}")'


@dataclass(frozen=True)
class Check:
    """One line of a result: `id` and `claim` are public, `message` says what is wrong and hints at why."""

    id: str
    claim: str
    status: Status
    points: float
    max_points: float
    message: str = ""


@dataclass(frozen=True)
class Item:
    """An item and what counts in the end: `points` of `max_points`, a person's word included. `pending` are points that
    could not be checked; `waits`: a person has still to read it. `checks` add up to `points`."""

    id: str
    title: str
    points: float
    max_points: float
    pending: float = 0.0
    waits: bool = False
    status: str = ""
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Result:
    """What one student gets: `total` of `max_points`, of which `waiting` are answers that nobody has read and `pending`
    what could not be checked through a fault of ours. `penalty` is off `total` already."""

    student: str
    assignment: str
    total: float
    max_points: float
    pending: float = 0.0
    waiting: float = 0.0
    penalty: float = 0.0
    late: str = ""
    error: str = ""
    seconds: float = 0.0
    items: tuple[Item, ...] = ()

    @property
    def open(self) -> str:
        """Why `total` is not the last word, or ""."""
        if not self.items:
            return "it belongs to no assignment, or could not be read"
        if self.pending:
            return f"{number(self.pending)} points could not be checked, through a fault of ours"
        return f"{number(self.waiting)} points wait for a person" if self.waiting else ""


def public(grades: Sequence[Grade]) -> tuple[Result, ...]:
    """Grades as students may get them, by assignment and student."""
    return tuple(_result(entry) for entry in results(grades)["submissions"])


def parse(text: str | bytes, name: str) -> tuple[Result, ...]:
    """The same from the JSON of `seq2grade grade --json`. Raises Seq2gradeError where it is something else."""
    try:
        document = json.loads(text, parse_constant=_no_number)
        if document["schema"] != SCHEMA:
            raise ValueError(f"its schema is {str(document['schema'])[:40]!r}")
        return tuple(_result(entry) for entry in document["submissions"])
    except KeyError as error:
        raise Seq2gradeError(f"{name}: {_TOP}; there is no {error}") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Seq2gradeError(f"{name}: {_TOP}; {str(error)[:200]}") from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of points")


def number(value: float) -> str:
    """Points as a number that any program reads: at most four decimals, a point between, no zeros at the end."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def short(value: float) -> float | int:
    """Points as they go into JSON: at most four decimals, whole ones as whole numbers."""
    rounded = round(float(value), 4)
    return int(rounded) if rounded.is_integer() else rounded


def _result(entry: dict[str, Any]) -> Result:
    error = entry["error"] or ""
    items = tuple(_item(item, error) for item in entry["items"])
    return Result(
        student=str(entry["student"]),
        assignment=str(entry["assignment"]),
        total=float(entry["total"]),
        max_points=float(entry["max_score"]) + float(entry["manual_max_score"]),
        pending=float(entry["pending"]),
        waiting=sum(item.max_points for item in items if item.waits),
        penalty=float(entry["penalty"]),
        late=entry["late"] or "",
        error=error,
        seconds=float(entry["seconds"]),
        items=items,
    )


def _item(item: dict[str, Any], error: str) -> Item:
    manual, blank = item["kind"] == Kind.MANUAL.value, item["status"] == "not_started"
    most, person, extra = float(item["max_score"]), item["person"], float(item["extra"])
    checks = tuple(_check(item["id"], n, check, blank) for n, check in enumerate(item["checks"], 1))
    waits = manual and person is None and not blank
    pending = 0.0 if manual else float(item["pending"])
    points = float(item["score"]) + extra
    if person is not None:
        points = float(person) + extra
        full = Status.PASSED if points >= most else Status.FAILED
        words = f"A person graded this. {item['comment']}".strip()
        checks = (Check(item["id"], item["title"], full, points, most, words),)
    else:
        if not checks and not waits:
            checks = (_whole(item, most, pending, blank, error),)
        if extra:
            checks += (Check(f"{item['id']}.extra", "Extra credit", Status.PASSED, extra, 0.0, item["comment"]),)
    return Item(item["id"], item["title"], points, most, pending, waits, str(item["status"]), checks)


def _check(item: str, position: int, check: dict[str, Any], blank: bool) -> Check:
    """A check whose docstring is empty is called by its number."""
    status = Status(check["status"])
    message = check["message"]
    if status is Status.COULD_NOT_CHECK:
        message = OUR_FAULT
    elif blank and status is Status.FAILED:
        message = "Not started."
    earned = float(check["points"]) if status is Status.PASSED else 0.0
    claim = check.get("claim") or f"Check {position}"
    return Check(public_id(item, position), claim, status, earned, float(check["max_points"]), message)


def _whole(item: dict[str, Any], most: float, pending: float, blank: bool, error: str) -> Check:
    """An item without checks: nothing of the notebook ran, or nobody wrote what a person would read."""
    status = Status.COULD_NOT_CHECK if pending else Status.FAILED
    message = OUR_FAULT if pending else "Not started." if blank else error
    return Check(item["id"], item["title"], status, 0.0, most, message)
