"""`seq2grade collect`: from the file that a school downloads to submissions that are graded."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.courses", "tests.commands"]

ROSTER = "login,name,group\nada,Ada Love,\nbob,Bob Ray,Blue\ncy,Cy Roe,Blue\n"
WRONG = "def square(x):\n    return x.sum()\n"


@pytest.fixture
def export(course: Demo) -> Path:
    """nbgrader's inbound folder: ada's better attempt came first, and too early; bob's is his group's."""
    for name, answers in {
        "ada+chain+2030-01-01 10:00:00 UTC+a": {},
        "ada+chain+2030-01-02 10:00:00 UTC+b": {"square": WRONG},
        "bob+chain+2030-01-01 11:00:00 UTC+c": {},
    }.items():
        (course.root / "inbound" / name).mkdir(parents=True)
        (course.root / "inbound" / name / "chain.ipynb").write_text(json.dumps(course.solved("chain", **answers)))
    (course.root / "roster.csv").write_text(ROSTER)
    return course.root / "inbound"


def test_the_best_attempt_and_a_group(course: Demo, export: Path, seq2grade: Command) -> None:
    """The attempt with more points counts, after what lateness costs; a group's work is graded once, and its score goes
    to each member."""
    ran = seq2grade("collect", "inbound", "--roster", "roster.csv", "--attempt", "best")
    assert (ran.code, "attempt 1 of 2 counts" in ran.out) == (0, True), ran
    assert ran.out.splitlines()[-1].endswith("2 written, 0 there already")
    assert (course.root / "submitted/ada/chain/timestamp.txt").read_text().startswith("2030-01-01 10:00")
    with_due = (course.root / "assignments/chain/assignment.toml").read_text()
    config = "c.AssignLatePenalties.plugin_class = 'autograder.gradebook.late.PerDay'\nc.PerDay.percent_per_day = 100\n"
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"{config}c.PerDay.most_percent = 100\n")
    toml = course.root / "assignments/chain/assignment.toml"
    toml.write_text(f"due = 2029-12-31T10:00:00Z\n{with_due}")
    (course.root / "extensions.toml").write_text("[chain]\nada = 2030-01-01T09:00:00Z\n")
    ran = seq2grade("collect", "inbound", "--roster", "roster.csv", "--attempt", "best", "--into", "second")
    assert "they got 0, 0 points" in ran.out, ran
    toml.write_text(with_due)
    assert seq2grade("grade", "submitted", "--json", "results.json", "--no-gradebook").code == 0
    (course.root / "canvas.csv").write_text("Student,ID,SIS Login ID,Section,chain (7)\n,,,,\n" + "".join(
        f"{name},{number},{login},S,\n" for name, number, login in (("L", 1, "ada"), ("R", 2, "bob"), ("C", 3, "cy"))
    ))  # fmt: skip
    where = ("--lms", "canvas", "--out", "new.csv", "--results", "results.json")
    assert seq2grade("export", "csv", "canvas.csv", *where).code == 0
    scores = [line.rpartition(",")[2] for line in (course.root / "new.csv").read_text().splitlines()[2:]]
    assert scores == ["6", "6", "6"]


def test_what_cannot_be_done_is_told(course: Demo, export: Path, seq2grade: Command) -> None:
    """2 and one line; 1 where somebody's work found no place."""
    with zipfile.ZipFile(course.root / "m.zip", "w") as made:
        made.writestr("Eve Poe_9_assignsubmission_file_/x.ipynb", "{}")
    assert "name it by --assignment" in seq2grade("collect", "m.zip").err
    assert seq2grade("collect", "m.zip", "--assignment", "nope").code == 2
    assert "is neither a folder nor a zip" in seq2grade("collect", "none.zip").err
    assert "expected one such as Europe/Berlin" in seq2grade("collect", "m.zip", "--zone", "Mars/Base").err
    ran = seq2grade("collect", "m.zip", "--assignment", "chain", "--roster", "roster.csv")
    assert (ran.code, "Eve Poe_9: in no line of the roster" in ran.out) == (1, True)
    assert "ada: nothing was handed in" in ran.out
