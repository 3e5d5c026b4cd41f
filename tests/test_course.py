"""What opens a course crosses into processes that were started elsewhere, and opens the same one there."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.course import Course, Spec
from autograder.errors import SandboxUnavailable
from autograder.model import Limits
from tests.support import ran, text

if TYPE_CHECKING:
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses"]

REPOSITORY = Path(__file__).resolve().parents[1]
WORKER = """
import pickle, sys
from pathlib import Path
from autograder.course import Course
from autograder.model import Submission
from autograder.pipeline import grade_submission
spec = pickle.load(sys.stdin.buffer)
with Course.open(spec) as course:
    assert course.spec == spec, course.spec
    grade = grade_submission(course, Submission("someone", "chain", Path(sys.argv[1])), 7)
print(grade.edition, grade.sandbox, grade.seed, [(check.name, check.status.value) for check in grade.items[0].checks])
"""


def test_a_worker_opens_the_same_course(grader: Grader, tmp_path: Path) -> None:
    """A process that gets the Spec of an open course grades by the same edition, sandbox and limits, wherever it was
    started, and finds the same."""
    notebook = grader.demo.solved("chain", square="def square(x):\n    return x")
    here = grader.grade(notebook, "chain", seed=7)
    ran = subprocess.run(
        [sys.executable, "-c", WORKER, str(grader.demo.hand_in("someone", notebook, "chain").path)], cwd=tmp_path,
        input=pickle.dumps(grader.course.spec), capture_output=True, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    checks = [(check.name, check.status.value) for check in here.items[0].checks]
    assert "failed" in dict(checks).values()
    assert ran.stdout.decode() == f"{here.edition} {here.sandbox} 7 {checks}\n", ran.stderr.decode()


def test_a_spec_means_one_folder(demo: Demo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A relative path is that of the folder in which it was written down, and what was written down stays."""
    monkeypatch.chdir(demo.root.parent)
    spec = Spec(Path("course"), limits=Limits(check_seconds=3.0))
    monkeypatch.chdir(tmp_path.parent)
    assert pickle.loads(pickle.dumps(spec)) == spec == Spec(demo.root, limits=Limits(check_seconds=3.0))
    with pytest.raises(FrozenInstanceError):
        spec.root = tmp_path  # type: ignore[misc]


def test_a_spec_names_the_sandbox_that_was_found(sandbox: str, demo: Demo) -> None:
    """Who is handed the Spec of a course that took `auto` gets no weaker sandbox: it is that one, or none."""
    with Course.open(Spec(demo.root, sandbox, limits=Limits(check_seconds=3.0))) as course:
        assert course.spec == Spec(demo.root, course.zygote.backend.name, "cpu", Limits(check_seconds=3.0))
    with pytest.raises(SandboxUnavailable):
        Course.open(replace(course.spec, sandbox="nowhere"))


def test_models_of_an_assignment_are_open_before_notebooks_run(sandbox: str, demo: Demo) -> None:
    """What `models` in assignment.toml names is there in every fork, once the assignment was loaded; one that cannot be
    opened keeps nobody from starting."""
    settings = demo.root / "assignments" / "chain" / "assignment.toml"
    settings.write_text('models = ["small"]\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    with Course.open(Spec(demo.root, sandbox)) as course:
        course.zygote.open_models(["no_such_model"])
        course.prepare("chain")
        with ran(course.zygote, "from seq2kit.llm import sources\nprint(*sources._LOADED)") as session:
            assert text(session) == "small\n"
