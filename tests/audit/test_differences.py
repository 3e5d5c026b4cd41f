"""What a reviewer sees of the declared answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.audit.differences import differences
from autograder.errors import Seq2gradeError
from tests.courses import write_chain


def test_each_answer_is_shown_as_a_difference(tmp_path: Path) -> None:
    """All answers to an item in order, each with what is declared about it and the lines that differ."""
    chain = load_assignment(write_chain(tmp_path))
    doubles, in_place, power = differences([chain], "square")
    assert [doubles.name, in_place.name, power.name] == ["square_doubles", "square_squares_in_place", "square_power"]
    assert doubles.about[0] == "thinks: the square of a number is twice that number"
    assert doubles.about[2] == "caught by: entries_are_squared"
    changed = [line for line in doubles.diff.split("\n")[3:] if line[0] in "+-"]
    assert changed == ["-    return x * x", "+    return x + x"]
    assert power.about == ("right: The second power is the square.",)


def test_one_answer_by_its_name(tmp_path: Path) -> None:
    """The name in its file is enough; an unknown one is answered with those that there are."""
    chain = load_assignment(write_chain(tmp_path))
    assert [one.name for one in differences([chain], "square", "doubles")] == ["square_doubles"]
    with pytest.raises(Seq2gradeError, match="square has no answer halves; it has square_doubles, "):
        list(differences([chain], "square", "halves"))
    with pytest.raises(Seq2gradeError, match="no item is called cube; there are square, length"):
        list(differences([chain], "cube"))
