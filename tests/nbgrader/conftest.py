"""A course of one small assignment with a class that handed in good, wrong, odd and hostile work."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import load_assignment
from autograder.build import build_assignment, new_assignment, new_course
from autograder.course import points_of
from autograder.judge.trusted import Trusted

REPOSITORY = Path(__file__).resolve().parents[2]
SECRET = "only the instructor reads this"
ATTACK = "<script>alert(1)</script>"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def answer(notebook: dict[str, Any], grade_id: str, source: str) -> None:
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
    cell["source"] = source


def hand_in(root: Path, student: str, notebook: object, name: str = "tiny.ipynb") -> Path:
    """Write a submission and return its folder."""
    folder = root / "submitted" / student / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
    return folder


def wrong_answer(solution: dict[str, Any]) -> dict[str, Any]:
    """A temperature that works the wrong way round, and markup in everything that is shown."""
    wrong = copy.deepcopy(solution)
    answer(
        wrong,
        "tempered-softmax",
        f"def tempered_softmax(z, tau):\n    print({ATTACK!r})\n    return (z * tau).softmax(-1)",
    )
    answer(wrong, "shift-proof", f"{ATTACK} because")
    return wrong


def skipped(release: dict[str, Any]) -> dict[str, Any]:
    """A blank notebook whose cells ask a kernel to pass them over: in nbgrader's own, no test fails then."""
    notebook = copy.deepcopy(release)
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
    return notebook


def _traps(root: Path, folder: Path) -> None:
    """What nbgrader would follow, copy for ever, or wait for."""
    (root / "secret.txt").write_text(SECRET)
    (folder / "stolen.txt").symlink_to(root / "secret.txt")
    (folder / "inner").mkdir()
    (folder / "inner" / "endless").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    (folder / "big").symlink_to(root / "secret.txt")
    (folder / "big.refused").write_text("taken")
    (folder / "hard.txt").hardlink_to(root / "secret.txt")
    (folder / "..x").mkdir()
    (folder / "..x" / "more.csv").write_text("3")
    (folder / "data.csv").write_text("1,2")
    (folder / "timestamp.txt").write_text("half past never")


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course before anything was graded. Tests that change it copy it first."""
    root = tmp_path_factory.mktemp("course")
    (given := new_assignment(root, "tiny") / "files" / "tables").mkdir(parents=True)
    (given / "rows.csv").write_text("the course's")
    assignment = load_assignment(root / "assignments" / "tiny")
    build_assignment(assignment, points_of(Trusted.load(assignment).listed), root)
    new_course(root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"\n')
    path = root / "assignments" / "tiny" / "assignment.toml"
    path.write_text(f"due = 2030-05-06T00:00:00Z\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    solution, release = (
        json.loads((root / step / "tiny" / "tiny.ipynb").read_text(encoding="utf-8"))
        for step in ("solutions", "release")
    )
    (own := hand_in(root, "good", solution) / "tables").mkdir()
    (own / "rows.csv").write_text("a student's")
    hand_in(root, "blank", release)
    hand_in(root, "skipped", skipped(release))
    hand_in(root, "broken", "{")
    hand_in(root, "renamed", solution, "my work (1).ipynb")
    (hand_in(root, "late", solution) / "timestamp.txt").write_text("2030-05-06 07:08:09 UTC")
    _traps(root, hand_in(root, "wrong", wrong_answer(solution)))
    linked = root / "submitted" / "linked" / "tiny"
    linked.mkdir(parents=True)
    (linked / "tiny.ipynb").symlink_to(root / "solutions" / "tiny" / "tiny.ipynb")
    return root


def run_nbgrader(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`nbgrader ...` in the course, as an instructor types it, but with no other folder on PATH."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY)}
    environment.pop("SEQ2GRADE_DB", None)
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env=environment,
        timeout=280,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="session")
def nbgrader() -> Run:
    return run_nbgrader


@pytest.fixture(scope="session")
def graded_course(tiny_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course after `nbgrader autograde` and `nbgrader generate_feedback`."""
    root = tmp_path_factory.mktemp("graded") / "course"
    subprocess.run(["cp", "-a", str(tiny_course), str(root)], check=True)
    for command in ("autograde", "generate_feedback"):
        done = run_nbgrader(root, command, "tiny")
        assert done.returncode == 0, done.stdout
    return root
