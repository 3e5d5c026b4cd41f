"""What an author sees of one item, and that it is what a student would read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.audit.trying import answer_of, attempt, found
from autograder.errors import Seq2gradeError
from autograder.model import Status
from tests.courses import write_chain

if TYPE_CHECKING:
    from tests.commands import Command

pytest_plugins = ["tests.commands"]


@pytest.fixture
def chain(tmp_path: Path) -> Assignment:
    """The assignment `chain`, in a course of its own."""
    return load_assignment(write_chain(tmp_path))


def test_the_solution_passes(chain: Assignment) -> None:
    """Every check of the item, and no other, with full points and its time."""
    trusted, item = found([chain], "square")
    tried = attempt(trusted, item, answer_of(trusted, item), 1)
    assert {result.status for result in tried.results} == {Status.PASSED}
    assert {result.item for result in tried.results} == {"square"}
    assert all(result.seconds > 0 for result in tried.results)


def test_a_mistake_is_explained_as_to_a_student(chain: Assignment) -> None:
    """A declared mistake fails with its own explanation, by its short name too."""
    trusted, item = found([chain], "square")
    tried = attempt(trusted, item, answer_of(trusted, item, "doubles"), 1)
    failed = [result for result in tried.results if result.status is Status.FAILED]
    assert failed
    explain = next(m.explain for m in chain.mistakes if m.name == "square_doubles")
    assert {result.mistake for result in failed} == {explain}


def test_code_of_a_file_stands_in_for_the_answer(chain: Assignment, tmp_path: Path) -> None:
    """All of the answer is what the file says; what it leaves out is missing."""
    trusted, item = found([chain], "square")
    path = tmp_path / "mine.py"
    path.write_text("def square(x):\n    return x + x\n", encoding="utf-8")
    assert any(r.mistake for r in attempt(trusted, item, answer_of(trusted, item, code=path), 1).results)
    path.write_text("nothing = 1\n", encoding="utf-8")
    results = attempt(trusted, item, answer_of(trusted, item, code=path), 1).results
    assert {result.status for result in results} == {Status.FAILED}


def test_one_check_by_its_name(chain: Assignment) -> None:
    """Only that check runs."""
    trusted, item = found([chain], "entries_are_squared")
    assert item.id == "square"
    (result,) = attempt(trusted, item, answer_of(trusted, item), 1).results
    assert (result.name, result.status) == ("entries_are_squared", Status.PASSED)


def test_what_is_not_there_is_named(chain: Assignment, tmp_path: Path) -> None:
    """An unknown name is answered with the nearest one."""
    with pytest.raises(Seq2gradeError, match='did you mean "entries_are_squared"'):
        found([chain], "entries_are_squard")
    trusted, item = found([chain], "square")
    with pytest.raises(Seq2gradeError, match="square has no answer halves; it has square_doubles"):
        answer_of(trusted, item, "halves")
    with pytest.raises(Seq2gradeError, match="expected a file of Python"):
        answer_of(trusted, item, code=tmp_path / "absent.py")


def test_the_command(chain: Assignment, seq2grade: Command) -> None:
    """Claim, verdict, words and time; exit code 1 where points are missing."""
    root = chain.folder.parents[1]
    ran = seq2grade("try", "square", "--course", root, "--seed", 1)
    assert (ran.code, ran.err) == (0, "")
    assert "✓ entries_are_squared (" in ran.out
    ran = seq2grade("try", "square", "doubles", "--course", root)
    assert ran.code == 1
    assert "student reads: " in ran.out
    assert "square with square_doubles: " in ran.out
