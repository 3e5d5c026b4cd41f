"""A course of two small assignments, built once; the warm process that grades it; work handed in.

Test modules name this file in `pytest_plugins` and take from it what they need as fixtures. Some import from it
before it is a plugin, so pytest leaves its asserts as they are (PYTEST_DONT_REWRITE).
"""

from __future__ import annotations

import copy
import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder import publish
from autograder.build import new_assignment, new_course
from autograder.course import Course, Spec
from autograder.model import Grade, Limits, Submission
from autograder.pipeline import grade_submission
from autograder.sandbox.backends import BACKENDS
from autograder.sandbox.client import Zygote
from tests.sandbox import CHOSEN, ONE_PROCESS

Notebook = dict[str, Any]
CHAIN = Path(__file__).with_name("chain.txt")
LIMITS = Limits(cell_seconds=15.0, total_seconds=90.0, check_seconds=10.0)


def write_chain(root: Path) -> Path:
    """Write the assignment `chain`, in which one item builds on another, and return its folder."""
    return write_sections(CHAIN, root / "assignments" / "chain")


def write_sections(source: Path, folder: Path) -> Path:
    """Write an assignment folder from one text: what stands between lines that begin with === and a file name."""
    for part in source.read_text(encoding="utf-8").split("=== ")[1:]:
        name, text = part.split("\n", 1)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def answer(notebook: Notebook, grade_id: str, code: str) -> Notebook:
    """A copy of a notebook in which one answer is `code`."""
    copied = copy.deepcopy(notebook)
    cell = next(c for c in copied["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
    cell["source"] = code
    return copied


@dataclass(frozen=True)
class Demo:
    """A course with the assignments `demo` (the template) and `chain`, both built; the test's own copy of it."""

    root: Path

    def notebook(self, step: str, assignment: str = "demo") -> Notebook:
        """The built notebook of release, solutions or source."""
        path = self.root / step / assignment / f"{assignment}.ipynb"
        loaded: Notebook = json.loads(path.read_text(encoding="utf-8"))
        return loaded

    def solved(self, assignment: str = "demo", **answers: str) -> Notebook:
        """The solution with some answers replaced; a dash of a grade_id is written as _."""
        notebook = self.notebook("solutions", assignment)
        for grade_id, code in answers.items():
            notebook = answer(notebook, grade_id.replace("_", "-"), code)
        return notebook

    def hand_in(self, student: str, notebook: Notebook | str, assignment: str = "demo") -> Submission:
        """Write submitted/<student>/<assignment>/<assignment>.ipynb."""
        path = self.root / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
        return Submission(student, assignment, path)

    def edit(self, name: str, old: str, new: str, assignment: str = "demo") -> None:
        """Replace `old`, which must be there, in a file of the assignment folder."""
        path = self.root / "assignments" / assignment / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not say {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class Grader:
    """The test's course, opened on the warm process that all tests of a worker share."""

    demo: Demo
    course: Course

    def grade(self, notebook: Notebook | str, assignment: str = "demo", seed: int | None = 1) -> Grade:
        """Hand in as `someone` and grade."""
        return grade_submission(self.course, self.demo.hand_in("someone", notebook, assignment), seed)


@pytest.fixture(scope="session")
def sandbox() -> str:
    """The one that was asked for (see tests/sandbox), else the strongest that this machine has."""
    if CHOSEN in os.environ:
        return os.environ[CHOSEN]
    return "auto" if not BACKENDS["namespaces"].missing() else "none"


def of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run, in which each of its workers has one of its own."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def warm_zygote(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """One warm process per worker, with no more than the notebooks of this course need."""
    secret, forks = (str(of_all_workers(tmp_path_factory)),), ONE_PROCESS not in os.environ
    with Zygote(sandbox, secret=secret, forks=forks, modules=()) as zygote:
        zygote.start()
        yield zygote


def share(patch: pytest.MonkeyPatch, zygote: Zygote) -> None:
    """Let whoever opens a course take the warm process that is there, and leave it running."""

    def opened(spec: Spec, assignments: Collection[str] = (), expected: int = 0) -> Course:
        assert not spec.retrain, "the shared process was started to load"
        assert spec.device == zygote.device, "the shared process computes on the CPU"
        return Course(spec.root, zygote, spec.limits, spec.figures)

    patch.setattr(Course, "open", staticmethod(opened))
    patch.setattr(Course, "close", lambda course: None)


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch, warm_zygote: Zygote) -> Zygote:
    """Commands of this test open their courses on the warm process."""
    share(monkeypatch, warm_zygote)
    return warm_zygote


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory, warm_zygote: Zygote) -> Path:
    """The course as the first worker that needs it has built it. Nobody changes it: tests get copies."""
    folder = of_all_workers(tmp_path_factory) / "built"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "course").exists():
            build_course(folder / "begun", warm_zygote)
            (folder / "begun").rename(folder / "course")
    return folder / "course"


def build_course(root: Path, zygote: Zygote) -> None:
    """A new course with the two assignments, built."""
    shutil.rmtree(root, ignore_errors=True)  # of a worker that did not come to its end
    new_course(root)
    new_assignment(root, "demo")
    write_chain(root)
    with pytest.MonkeyPatch.context() as patch:
        share(patch, zygote)
        patch.delenv("SEQ2GRADE_DB", raising=False)
        reports = list(publish.build(root, ()))
    assert [report.problems for report in reports] == [(), ()], reports


@pytest.fixture
def demo(built_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    """A fresh copy of the built course."""
    monkeypatch.delenv("SEQ2GRADE_DB", raising=False)
    shutil.copytree(built_course, tmp_path / "course")
    return Demo(tmp_path / "course")


@pytest.fixture
def grader(demo: Demo, warm_zygote: Zygote) -> Grader:
    """The fresh copy, opened with short limits."""
    return Grader(demo, Course(demo.root, warm_zygote, LIMITS))
