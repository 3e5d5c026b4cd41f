"""Verdicts and points to scores. No files, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from autograder.assignment import Assignment, Item
from autograder.model import CheckResult, ItemGrade, Kind, Status

_NOT_STARTED, _WAITS = "not_started", "needs_manual_grade"


def score_items(
    assignment: Assignment,
    results: Sequence[CheckResult],
    points: Mapping[str, Mapping[str, float]],
    untouched: Collection[str] = (),
) -> tuple[ItemGrade, ...]:
    """One ItemGrade per item. `points`: item id -> check name -> points; a check without a result counts as
    could not check: never passed, and never charged. `untouched`: items whose answer is as it was released."""
    return tuple(
        _started(_score(item, [r for r in results if r.item == item.id], points.get(item.id, {})), untouched)
        for item in assignment.items
    )


def _started(item: ItemGrade, untouched: Collection[str]) -> ItemGrade:
    """An answer that nobody began is worth nothing and waits for nobody. What could not be checked stays open, and
    what an untouched cell earned all the same is earned."""
    if item.id not in untouched or item.status not in (Status.FAILED.value, _WAITS):
        return item
    return replace(item, status=_NOT_STARTED, pending=0.0)


def _score(item: Item, results: Sequence[CheckResult], points: Mapping[str, float]) -> ItemGrade:
    if item.kind is Kind.MANUAL:
        most = float(item.points or 0.0)
        return ItemGrade(
            item.id, item.title, item.kind, item.answer, 0.0, most, _WAITS, pending=most, answer=item.answer
        )
    most = sum(points.values())
    by_name = {r.name: r for r in results}
    undecided = [name for name in points if name not in by_name or by_name[name].status is Status.COULD_NOT_CHECK]
    score = sum(by_name[n].points for n in points if n in by_name and by_name[n].status is Status.PASSED)
    if undecided or not points:
        status = Status.COULD_NOT_CHECK.value
    elif all(by_name[n].status is Status.PASSED for n in points):
        status = Status.PASSED.value
    else:
        status = "partial" if score > 0 else Status.FAILED.value
    return ItemGrade(
        id=item.id,
        title=item.title,
        kind=item.kind,
        cell=item.tests or item.answer,
        score=score,
        max_score=most,
        status=status,
        pending=sum(points[name] for name in undecided),
        explanation=next((r.mistake for r in results if r.mistake), ""),
        checks=tuple(results),
        answer=item.answer,
    )
