"""Return None, and an object that answers to nothing, so that the checks break and their points are never decided.

about: compare
expect: no gain
points: 1
"""

from autograder.model import Grade

ASSIGNMENT = "chain"
ANSWERS = {
    "square": "class Odd:\n    pass\n\ndef square(x):\n    return Odd()",
    "length": "def length(x):\n    return None",
}


def after(grade: Grade, seen: str) -> None:
    """The check that broke is a failure, and somebody is asked to look."""
    assert any(check.odd for item in grade.items for check in item.checks)
    assert grade.flagged
