"""What the stages hand to each other, where it does more than hold values."""

from __future__ import annotations

from dataclasses import replace

from autograder.model import Grade, ItemGrade, Kind


def test_a_grade_is_what_its_items_add_up_to() -> None:
    """Automatic items make score, maximum and what is open; those that a person reads are counted apart; whatever
    stood there before is gone, and everything else stays."""
    code = ItemGrade("a", "A", Kind.CODE, "a", 2.0, 5.0, "partial", pending=1.5)
    number = ItemGrade("b", "B", Kind.NUMBER, "b", 1.0, 1.0, "passed")
    essay = ItemGrade("c", "C", Kind.MANUAL, "c", 0.0, 3.0, "needs_manual_grade", pending=3.0)
    grade = Grade("ada", "hw", "d", 9.0, 9.0, (code,), 9.0, 9.0, error="late", seed=4)
    made = grade.with_items([code, number, essay])
    assert (made.score, made.max_score, made.manual_max, made.pending) == (3.0, 6.0, 3.0, 1.5)
    assert made.items == (code, number, essay)
    assert made == replace(grade, items=made.items, score=3.0, max_score=6.0, manual_max=3.0, pending=1.5)
    assert grade.with_items(()) == Grade("ada", "hw", "d", error="late", seed=4)
