"""`verify` finds what somebody changed after grading, and `explain` tells how a verdict came about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader.api import Gradebook

from autograder import afterwards, batch, versions
from autograder.errors import GradebookError
from autograder.gradebook import database_url
from autograder.gradebook.signed import VARIABLE
from autograder.grading import Listener
from autograder.planned import Plan, secrets_of, stands
from autograder.verify import Fault, verify
from tests.test_resume import WRONG, run

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.commands", "tests.courses"]
pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture
def graded(demo: Demo) -> Demo:
    """Ada's square is wrong, Bob's work is right; both are graded."""
    demo.hand_in("ada", demo.solved("chain", square=WRONG), "chain")
    demo.hand_in("bob", demo.solved("chain"), "chain")
    run(demo)
    return demo


def edit_kept(demo: Demo, **changes: Any) -> None:
    path = demo.root / ".seq2grade/chain/ada.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | changes), encoding="utf-8")


def faults(demo: Demo) -> list[tuple[str, Fault, str]]:
    return [(one.student, one.fault, one.cell) for one in verify(demo.root, ["chain"])[1]]


def test_nothing_is_found_where_nothing_was_changed(graded: Demo, seq2grade: Command) -> None:
    """Points that a person gave are no change of ours; neither is work without a grade."""
    graded.hand_in("cleo", graded.solved("chain"), "chain")
    with Gradebook(database_url(graded.root)) as book:
        book.find_grade("test-square", "chain", "chain", "ada").manual_score = 3.0
        book.db.commit()
    assert verify(graded.root, ["chain"]) == (2, ())
    said = seq2grade("verify", "--course", graded.root)
    assert (said.code, "2 grades looked at; all are what was written" in said.out) == (0, True)


def test_a_changed_score_is_found(graded: Demo, seq2grade: Command) -> None:
    """In the gradebook, in what was kept, or because one of the two is gone."""
    with Gradebook(database_url(graded.root)) as book:
        book.find_grade("test-square", "chain", "chain", "bob").auto_score = 2.0
        book.db.commit()
    edit_kept(graded, score=6.0)
    assert faults(graded) == [("ada", Fault.CHANGED, ""), ("bob", Fault.SCORE, "test-square")]
    said = seq2grade("verify", "chain", "--course", graded.root)
    assert said.code == 1
    assert "bob" in said.out
    assert "test-square" in said.out
    (graded.root / ".seq2grade/chain/ada.json").unlink()
    assert faults(graded)[1:] == [("ada", Fault.UNKNOWN, "")]
    (graded.root / "gradebook.db").unlink()
    assert faults(graded) == [("bob", Fault.MISSING, "")]


def test_what_was_changed_is_not_taken_over(graded: Demo) -> None:
    """A run grades it anew, `report` says so, and afterwards nothing is wrong."""
    edit_kept(graded, score=6.0, pending=0.0)
    plan = Plan(graded.root, (graded.root / "submitted",))
    assert [one.state.value for one in stands(plan)] == ["what was kept of it was changed by hand", "graded"]
    assert any(
        "changed by hand" in line and "ada" in line for line in afterwards.report(graded.root, (), None).problems
    )
    done, ran = run(graded)
    assert (ran, [grade.score for grade in done.grades]) == (["ada"], [4.0, 6.0])
    assert faults(graded) == []
    assert afterwards.report(graded.root, (), None).problems == ()


def test_a_broken_key_stops_a_run_before_it_begins(graded: Demo) -> None:
    """Nothing is graded that could not be signed, and the key stays as it is."""
    key = graded.root / ".seq2grade/key"
    key.write_text("no key", encoding="utf-8")
    with pytest.raises(GradebookError, match="SEQ2GRADE_KEY"):
        batch.run(Plan(graded.root, (graded.root / "submitted",)), Listener())
    assert key.read_text(encoding="utf-8") == "no key"


def test_a_key_elsewhere_is_made_and_hidden_before_a_run(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Student code never runs beside a key that it could read; what is signed by it holds."""
    key = tmp_path / "vault" / "course.key"
    monkeypatch.setenv(VARIABLE, str(key))
    demo.hand_in("ada", demo.solved("chain"), "chain")
    plan = Plan(demo.root, (demo.root / "submitted",))
    assert str(key) in secrets_of(plan, ())
    assert key.is_file()
    run(demo)
    assert verify(demo.root, ["chain"]) == (1, ())
    key.write_text("no key", encoding="utf-8")
    with pytest.raises(GradebookError, match="SEQ2GRADE_KEY"):
        secrets_of(plan, ())


def test_a_verdict_is_explained(graded: Demo, seq2grade: Command) -> None:
    """Claim, message, misconception, seed, digests and versions of the grade that was kept."""
    said = seq2grade("explain", "ada", "chain", "square", "--course", graded.root)
    assert said.code == 0
    told = " ".join(said.out.split())
    for part in (
        "4 of 6 by checks", "seed: 1", f"{versions.lines()[0]}", "SHA-256", "square: Squares 1 of 3, partial",
        "failed 0/2 Each entry of the result is the entry of x times itself.", "check: entries_are_squared", "said: ",
    ):  # fmt: skip
        assert part in told, part
    assert "length" not in told
    assert "length: The length of a vector" in seq2grade("explain", "ada", "chain", "--course", graded.root).out


@pytest.mark.parametrize(("arguments", "words"), [
    (("adda", "chain"), 'did you mean "ada"'), (("ada", "chian"), "no assignment called chian"),
    (("ada", "chain", "sqare"), 'did you mean "square"'), (("../ada", "chain"), "nothing was kept"),
])  # fmt: skip
def test_who_or_what_is_not_there_is_said(
    graded: Demo, seq2grade: Command, arguments: tuple[str, ...], words: str
) -> None:
    """With the name that was probably meant."""
    said = seq2grade("explain", *arguments, "--course", graded.root)
    assert said.code == 2
    assert words in " ".join(said.err.split())


def test_a_verdict_can_be_repeated(graded: Demo, seq2grade: Command) -> None:
    """The same work with the same seed and checks ends alike; what is different now is named, and so is the check that
    ends otherwise."""
    arguments = ("explain", "ada", "chain", "--run", "--course", graded.root)
    said = seq2grade(*arguments)
    assert (said.code, "every verdict is the same" in said.out, "Different now" in said.out) == (0, True, False)
    graded.edit("checks.py", "x**2, what", "x + 1.5, what", "chain")
    said = seq2grade(*arguments)
    assert said.code == 1
    told = " ".join(said.out.split())
    assert "Different now: the assignment's files are not those of then" in told
    assert "times itself. It was failed, and is passed now." in told
    graded.hand_in("ada", graded.solved("chain"), "chain")
    assert "what was handed in is not what was graded then" in " ".join(seq2grade(*arguments).out.split())
    elsewhere = seq2grade(*arguments, "--from", graded.root / "submitted" / "bob")
    assert (elsewhere.code, "no work of ada" in " ".join(elsewhere.err.split())) == (2, True)
