"""`check_here`: the same checks in the notebook's own process, for plain nbgrader and otter."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
import torch

from autograder.errors import AssignmentError
from autograder.judge.here import check_here, find_course
from autograder.model import Kind
from tests.courses import Demo, Grader
from tests.judge.sample import LENGTH, SQUARE, notebook

pytest_plugins = ["tests.courses"]

WRONG_SQUARE = "def square(x):\n    return x + x + 0.25"


@pytest.fixture
def course(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> Demo:
    """The test's course, as the one that a notebook finds."""
    monkeypatch.setenv("SEQ2GRADE_COURSE", str(demo.root))
    return demo


def test_right_work_earns_the_items_points_in_silence(course: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    """Full points as a number, which nbgrader takes as partial credit, and nothing printed."""
    assert check_here("chain", "square", notebook(SQUARE)()) == 3.0
    assert capsys.readouterr().out == ""


def test_wrong_work_earns_a_part_and_is_told_why(course: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    """The points of the checks that pass; a line with message and hint for each other."""
    assert check_here("chain", "square", notebook(WRONG_SQUARE)()) == 1.0
    assert capsys.readouterr().out == "- Wrong values of square(x): everywhere. one product per entry\n"


def test_a_known_mistake_is_explained_here_too(course: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    """The explanation of a declared mistake takes the place of the message."""
    check_here("chain", "square", notebook("def square(x):\n    return 2 * x")())
    assert "A square is a product." in capsys.readouterr().out


@pytest.mark.parametrize(
    "answers",
    [
        {"square": WRONG_SQUARE},
        {"square": "def square(x):\n    x *= x\n    return x"},
        {"square": WRONG_SQUARE, "length": "def length(x):\n    return square(x).sum()"},
        {"length": "def length(x):\n    raise NotImplementedError()"},
        {"square": "square = None"},
        {"square": "del torch\ndef square(x):\n    return x * x"},
    ],
)
def test_plain_mode_and_sandbox_give_the_same_points(
    answers: dict[str, str], course: Demo, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    """An item's points do not depend on where its checks run."""
    given = {"square": SQUARE, "length": LENGTH} | answers
    grade = grader.grade(grader.demo.solved("chain", **given), "chain")
    space = notebook(*given.values())()
    for item in grade.items:
        assert item.kind is Kind.CODE
        assert check_here("chain", item.id, space) == item.score
    capsys.readouterr()


@pytest.mark.parametrize("where", ["", "file=sys.stderr"])
def test_hidden_inputs_are_not_printed(where: str, course: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    """What an answer prints while it is judged is shown nowhere: it would show the hidden inputs."""
    loud = f"import sys\ndef square(x):\n    print('seen', x.tolist(), {where})\n    return 0 * x"
    check_here("chain", "square", notebook(loud)())
    printed = capsys.readouterr()
    assert "seen" not in printed.out + printed.err
    assert not re.search(r"\d\.\d", printed.out)


def test_errors_are_carried_forward_here_too(course: Demo) -> None:
    """An item that builds on a wrong one is judged with the reference of that one."""
    space = notebook(WRONG_SQUARE, LENGTH)()
    assert check_here("chain", "length", space) == 3.0
    assert float(space["square"](torch.tensor(1.0))) == 2.25


def test_no_reference_stays_behind(course: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    """A function that the notebook does not define, or has set to None, is so again after the checks."""
    space = notebook(LENGTH)()
    assert check_here("chain", "length", space) == 3.0
    assert "square" not in space
    space["square"] = None
    check_here("chain", "length", space)
    assert space["square"] is None


@pytest.mark.parametrize("checks", [[], ["entries_are_squared"], ["entries_are_squared", "other"]])
def test_wrong_check_names_are_refused(checks: list[str], course: Demo) -> None:
    """A test cell that names other checks than the item has is an error, not a grade."""
    with pytest.raises(AssignmentError, match="expected the hidden checks"):
        check_here("chain", "square", notebook(SQUARE)(), checks=checks)


def test_the_items_own_check_names_are_accepted(course: Demo) -> None:
    """In any order."""
    names = ["vector_is_unharmed", "entries_are_squared"]
    assert check_here("chain", "square", notebook(SQUARE)(), checks=names) == 3.0


@pytest.mark.parametrize(("assignment", "item"), [("chain", "cube"), ("nowhere", "square"), ("demo", "shift-proof")])
def test_an_unknown_item_is_refused(assignment: str, item: str, course: Demo) -> None:
    """An assignment or item that does not exist, or has no checks, is an error and no zero."""
    with pytest.raises(AssignmentError):
        check_here(assignment, item, notebook(SQUARE)())


def test_the_course_is_found_from_below(course: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder with assignments/, from wherever in it a notebook runs."""
    monkeypatch.delenv("SEQ2GRADE_COURSE")
    place = course.root / "autograded" / "ada" / "chain"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    assert find_course() == course.root.resolve()
    assert check_here("chain", "square", notebook(SQUARE)()) == 3.0


def test_no_course_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a course around, the error names the variable that points to one."""
    monkeypatch.delenv("SEQ2GRADE_COURSE", raising=False)
    with pytest.raises(AssignmentError, match="SEQ2GRADE_COURSE"):
        find_course(tmp_path)
    monkeypatch.setenv("SEQ2GRADE_COURSE", str(tmp_path / "none"))
    with pytest.raises(AssignmentError, match="none"):
        find_course()


def test_inputs_are_drawn_anew_each_time(course: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Running the cell twice shows two draws: what was seen once does not help."""
    seen: list[int] = []
    drawn = secrets.randbits

    def remember(bits: int) -> int:
        seen.append(drawn(bits))
        return seen[-1]

    monkeypatch.setattr(secrets, "randbits", remember)
    for _ in range(3):
        check_here("chain", "square", notebook(SQUARE)())
    assert len(set(seen)) == 3
