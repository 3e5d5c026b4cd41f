"""Results as exporters get them, made in a line."""

from __future__ import annotations

from typing import Any

from autograder.export.public import Check, Item, Result
from autograder.model import CheckResult, Grade, ItemGrade, Kind, Status

HIDDEN = ("softmax_of_shifted_rows", "wanted [0.25 0.75]", "a sum is a mean")


def result(student: str, total: float = 3.0, most: float = 5.0, **more: Any) -> Result:
    """A result with one item, of which one check failed."""
    checks = (
        Check("one.1", "It adds.", Status.PASSED, total, total),
        Check("one.2", "It adds rows.", Status.FAILED, 0.0, most - total, "It adds columns."),
    )
    items = (Item("one", "Sums", total, most, checks=checks),)
    return Result(**{"student": student, "assignment": "hw", "total": total, "max_points": most, "items": items} | more)


def grade(student: str = "ada", **more: Any) -> Grade:
    """A grade in which everything that is hidden can be recognised."""
    name, detail, thinks = HIDDEN
    checks = (
        CheckResult(name, "one", Status.PASSED, 1.0, 1.0, "It adds.", detail=detail),
        CheckResult(f"{name}_2", "one", Status.FAILED, 0.0, 2.0, "It adds rows.", "Wrong.", "Think.", detail=detail,
                    mistake="You average.", thinks=thinks),
        CheckResult(f"{name}_3", "one", Status.COULD_NOT_CHECK, 0.0, 3.0, "", f"{name} broke", detail=detail),
    )  # fmt: skip
    code = ItemGrade("one", "Sums", Kind.CODE, "one", 1.0, 6.0, "could_not_check", 3.0, checks=checks)
    proof = ItemGrade("two", "Why", Kind.MANUAL, "two", 0.0, 4.0, "needs_manual_grade", 4.0)
    blank = ItemGrade("three", "More", Kind.CODE, "three", 0.0, 2.0, "not_started")
    return Grade(student, "hw", "0" * 64, **more).with_items((code, proof, blank))
