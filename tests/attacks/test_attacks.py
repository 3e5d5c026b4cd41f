"""Each cheat is graded for real, beside an honest submission, and must come to the verdict that it declares."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from autograder.course import Course
from autograder.fleet.local import grade_many
from autograder.judge import Draw
from autograder.model import Grade, Submission
from autograder.sandbox.client import Zygote
from tests.attacks import CANARY, scoreboard
from tests.attacks.cheat import KINDS, Cheat, cheats, hidden_words, student_sees
from tests.courses import LIMITS, Demo

pytest_plugins = ["tests.courses"]

SEED = 20_240_607
SHORT = replace(
    LIMITS, cell_seconds=3.0, total_seconds=90.0, check_seconds=2.0, memory_mb=600, disk_mb=32, output_kb=128
)
FULL = {"demo": 6.0, "chain": 6.0}
CHEATS = cheats()


@pytest.fixture(scope="module")
def opened(built_course: Path, warm_zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course with a word in its hidden checks that occurs nowhere else. Every cheat meets the same one, as all
    submissions of a class do."""
    root = tmp_path_factory.mktemp("marked") / "course"
    shutil.copytree(built_course, root)
    for assignment in FULL:
        with (root / "assignments" / assignment / "checks.py").open("a") as file:
            file.write(f'\nREFERENCE = "{CANARY}"\n')
    return Course(root, warm_zygote, SHORT)


@pytest.fixture
def marked(opened: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """Its folder, in which nobody has handed in anything yet."""
    monkeypatch.delenv("SEQ2GRADE_DB", raising=False)
    yield Demo(opened.root)
    shutil.rmtree(opened.root / "submitted", ignore_errors=True)


def grade_both(demo: Demo, course: Course, cheat: Submission) -> tuple[Grade, Grade]:
    """Grade the cheat and, at the same time, an honest submission."""
    honest = demo.hand_in("alice", demo.solved("chain"), "chain")
    found = grade_many(course, [cheat, honest], jobs=2, seed=SEED)
    grades = {grade.student: grade for grade in found}
    return grades["mallory"], grades["alice"]


def told(grade: Grade) -> str:
    """All about a grade, for the instructor who has to look."""
    checks = [f"{check.name}: {check.status.value} {check.detail}" for item in grade.items for check in item.checks]
    cells = [f"{cell.cell} {cell.status} {cell.seconds:.1f} s {cell.error}" for cell in grade.cells]
    return "\n".join([f"{grade.score} points, {grade.pending} pending", grade.error, grade.sandbox, *cells, *checks])


def hold(cheat: Cheat, submission: Submission, grade: Grade, honest: Grade, folder: Path) -> None:
    """Raises AssertionError where something came of it."""
    assert grade.score in cheat.points, told(grade)
    assert grade.pending == 0.0, told(grade)
    assert (cheat.expect == "full marks") == (grade.score == FULL[submission.assignment])
    seen = student_sees(grade, folder / "feedback")
    assert [word for word in hidden_words(SEED) if word in seen] == []
    assert (honest.score, honest.pending, honest.error) == (6.0, 0.0, ""), honest
    getattr(cheat.module, "after", lambda grade, seen: None)(grade, seen)


@pytest.mark.parametrize("cheat", CHEATS, ids=[cheat.name for cheat in CHEATS])
def test_a_cheat_comes_to_its_verdict(cheat: Cheat, marked: Demo, opened: Course, tmp_path: Path) -> None:
    """No point beyond what the honest part deserves, nothing hidden in what the student reads, no harm to others."""
    submission = cheat.hand_in(marked)
    begin = time.monotonic()
    grade, honest = grade_both(marked, opened, submission)
    hold(cheat, submission, grade, honest, tmp_path)
    assert time.monotonic() - begin < 150


def test_every_cheat_declares_its_verdict() -> None:
    """The docstring of each file says what it tries, of which kind that is, and one of the four outcomes."""
    assert len(CHEATS) >= 50
    assert {cheat.about for cheat in CHEATS} == set(KINDS)
    for cheat in CHEATS:
        assert cheat.expect in ("no gain", "no leak", "contained", "full marks"), cheat.name
        assert len((cheat.module.__doc__ or "").split("\n\n")[0]) > 30, cheat.name


def test_the_page_lists_the_bank() -> None:
    """docs/security.md names every cheat with what must come of it: `python -m tests.attacks.scoreboard --write`."""
    page = scoreboard.PAGE.read_text(encoding="utf-8")
    assert page == scoreboard.with_listing(page, CHEATS)


def test_the_board_counts_what_broke_through(capsys: pytest.CaptureFixture[str]) -> None:
    """A cheat that was not tried counts for nothing, one that did not hold is named."""
    held = {cheat.name: cheat.name != "fork_bomb" for cheat in CHEATS if cheat.about in ("exhaust", "twice")}
    Console(width=200).print(scoreboard.board(CHEATS, held))
    rows = {line.strip().split("  ")[0]: line.split()[-3:] for line in capsys.readouterr().out.splitlines()}
    several, twice = (sum(cheat.about == kind for cheat in CHEATS) for kind in ("exhaust", "twice"))
    assert rows[KINDS["exhaust"]] == [str(several), str(several - 1), "fork_bomb"]
    assert rows[KINDS["twice"]] == [str(twice), str(twice), "-"]
    assert rows[KINDS["reader"]] == ["0", "0", "-"]


def test_the_canary_can_be_found_at_all(marked: Demo) -> None:
    """The word that the cheats search for does stand in the hidden checks, and in nothing that is released."""
    assert CANARY in (marked.root / "assignments" / "demo" / "checks.py").read_text()
    assert CANARY not in str(marked.notebook("release"))


def test_the_search_for_hidden_numbers_finds_them() -> None:
    """The numbers that a check draws are written as the test looks for them."""
    z = Draw(SEED, "rows_match_the_definition").tensor(3, 5, scale=2.0)
    assert sum(word in str(z.tolist()) for word in hidden_words(SEED)) == z.numel()
