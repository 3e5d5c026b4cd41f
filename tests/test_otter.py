"""The same checks inside otter-grader's own runner."""

from __future__ import annotations

from pathlib import Path

import pytest
from otter import Notebook

from autograder.assignment import load_assignment
from autograder.build import new_assignment
from autograder.reference import reference_namespace

_TEST_FILE = """
OK_FORMAT = False

from otter.test_files import test_case

name = "tempered"
points = {points}


@test_case()
def tempered_softmax(env):
    from autograder.judge.here import check_here

    assert check_here("tiny", "tempered-softmax", env) == {points}
"""


def _result(folder: Path, namespace: dict[str, object]) -> float:
    (folder / "otter_tests").mkdir()
    (folder / "otter_tests" / "tempered.py").write_text(_TEST_FILE.format(points=4), encoding="utf-8")
    grader = Notebook(tests_dir=str(folder / "otter_tests"))
    return grader.check("tempered", global_env=namespace).grade


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with the example assignment, found by check_here."""
    new_assignment(tmp_path, "tiny")
    monkeypatch.setenv("SEQ2GRADE_COURSE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_reference_passes_in_otter(course: Path) -> None:
    """otter's runner gives the reference solution full marks through check_here."""
    assert _result(course, reference_namespace(load_assignment(course / "assignments" / "tiny"))) == 1


def test_a_wrong_answer_fails_in_otter(course: Path) -> None:
    """otter's runner gives a wrong answer nothing."""
    namespace = reference_namespace(load_assignment(course / "assignments" / "tiny"))
    namespace["tempered_softmax"] = lambda scores, temperature: scores
    assert _result(course, namespace) == 0
