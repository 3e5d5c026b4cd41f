"""A solution that trains a model: trained by command, calibrated, handed in beside the notebook, judged, retrained."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import publish
from autograder.audit import audit_assignment
from autograder.calibrate import bar, calibrate, t_quantile
from autograder.course import Course
from autograder.errors import AssignmentError, BuildError
from autograder.judge import trained_here
from autograder.model import Status, Submission
from autograder.pipeline import grade_submission
from autograder.sandbox.client import Zygote
from autograder.train import train
from tests.courses import share, write_sections

pytest_plugins = ["tests.courses"]
LINE = "checkpoints/line.safetensors"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, warm_zygote: Zygote) -> Iterator[Path]:
    """A course whose one assignment is trained, calibrated and built."""
    root = tmp_path_factory.mktemp("trained") / "course"
    folder = write_sections(Path(__file__).with_name("trained.txt"), root / "assignments" / "trained")
    assert list(train(folder).files) == [LINE]
    calibrate(folder)
    with pytest.MonkeyPatch.context() as patch:
        share(patch, warm_zygote)
        patch.delenv("SEQ2GRADE_DB", raising=False)
        assert [report.problems for report in publish.build(root, ())] == [()]
        yield root


def test_models_lie_beside_the_solution(trained: Path) -> None:
    """The build puts what the reference hands in beside the solution, never into the release, and minds drift."""
    solution = trained / "solutions" / "trained"
    assert sorted(path.name for path in solution.rglob("*") if path.is_file()) == ["line.safetensors", "trained.ipynb"]
    assert [path.name for path in (trained / "release" / "trained").rglob("*")] == ["trained.ipynb"]
    kept = (solution / LINE).read_bytes()
    (solution / LINE).write_bytes(b"another")
    assert any(LINE in problem for report in publish.build(trained, (), check=True) for problem in report.problems)
    (solution / LINE).write_bytes(kept)


def test_audit_ships_the_models(trained: Path, warm_zygote: Zygote) -> None:
    """Each case is graded with the models of the reference beside it, the blank release without; mistakes are told."""
    course = Course(trained, warm_zygote)
    audit = audit_assignment(course, "trained", course.solution("trained"), each=True)
    assert audit.problems == ()
    assert [row.diagnosed for row in audit.rows if row.kind == "mistake"] == [True]


@pytest.fixture(scope="module")
def retraining(sandbox: str) -> Iterator[Zygote]:
    """A warm process whose notebooks are told to train."""
    with Zygote(sandbox, retrain=True, modules=()) as zygote:
        yield zygote


def hand_in(trained: Path, place: Path, *, models: bool) -> Submission:
    folder = place / "ann" / "trained"
    shutil.copytree(trained / "solutions" / "trained", folder)
    if not models:
        shutil.rmtree(folder / "checkpoints")
    return Submission("ann", "trained", folder / "trained.ipynb")


def test_a_notebook_is_not_trained_while_it_is_graded(trained: Path, tmp_path: Path, warm_zygote: Zygote) -> None:
    """Without its models a right notebook earns nothing, and its output says to hand them in."""
    course = Course(trained, warm_zygote)
    assert grade_submission(course, hand_in(trained, tmp_path / "a", models=True)).score == 3
    grade = grade_submission(course, hand_in(trained, tmp_path / "b", models=False))
    assert grade.score == 0
    assert "hand in the folder checkpoints/" in json.dumps(grade.notebook)


def test_retrain_trains_anew(trained: Path, tmp_path: Path, retraining: Zygote) -> None:
    """With --retrain the models that were handed in do not count: the notebook trains its own."""
    submission = hand_in(trained, tmp_path, models=True)
    (submission.path.parent / LINE).write_bytes(b"no model at all")
    grade = grade_submission(Course(trained, retraining), submission)
    assert (grade.score, grade.pending) == (3, 0)


def without_training(submission: Submission, first: str) -> None:
    """Take the training out of a notebook, and begin it with a cell."""
    notebook = json.loads(submission.path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "slope":
            cell["source"] = "def train(model, seed=0):\n    raise RuntimeError('nothing is trained here')"
    notebook["cells"].insert(0, {
        "cell_type": "code", "id": "first", "metadata": {}, "source": first, "outputs": [], "execution_count": None,
    })  # fmt: skip
    submission.path.write_text(json.dumps(notebook), encoding="utf-8")


def test_retrain_takes_no_weights_under_another_name(trained: Path, tmp_path: Path, retraining: Zygote) -> None:
    """A cell that copies weights from beside the notebook to where they are looked for finds none; the student is
    told that the file was not used."""
    submission = hand_in(trained, tmp_path, models=True)
    shutil.move(submission.path.parent / LINE, submission.path.parent / "line.bin")
    copy = "import shutil, os\nos.makedirs('checkpoints')\nshutil.copy('line.bin', 'checkpoints/line.safetensors')"
    without_training(submission, copy)
    grade = grade_submission(Course(trained, retraining), submission)
    assert (grade.score, grade.pending) == (0, 0)
    assert any("line.bin was not used" in repair.message for repair in grade.repaired)


def test_retrain_sees_that_nothing_was_trained(
    trained: Path, tmp_path: Path, retraining: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights that are small enough to be written down are no training either: the time for it was never used. Nor is a
    cell that sleeps."""
    monkeypatch.setattr(trained_here, "yardstick", lambda: trained_here._YARD)
    submission = hand_in(trained, tmp_path, models=True)
    weights = (submission.path.parent / LINE).read_bytes()
    write = f"import os, time\nos.makedirs('checkpoints')\nopen({LINE!r}, 'wb').write({weights!r})\ntime.sleep(3)"
    without_training(submission, write)
    course = Course(trained, retraining)
    prepared = course.prepare("trained")
    assert grade_submission(course, submission).score == 3, "without a time to compare with it goes through"
    checks = tuple(replace(check, training=9.0) for check in prepared.checks)
    course.adopt(replace(prepared, checks=checks))
    grade = grade_submission(course, submission)
    assert (grade.score, grade.pending) == (0, 0)
    assert {check.status for item in grade.items for check in item.checks} == {Status.FAILED}
    assert all("long enough" in check.message for item in grade.items for check in item.checks)


def test_only_the_full_profile_is_kept(trained: Path) -> None:
    """The fast profile trains into a folder of its own, and nothing of it is handed in."""
    folder = trained / "assignments" / "trained"
    before = (folder / "handin" / LINE).read_bytes()
    assert list(train(folder, "fast").files) == ["checkpoints-fast/line.safetensors"]
    assert (folder / "handin" / LINE).read_bytes() == before
    assert not (folder / "handin" / "checkpoints-fast").exists()
    assert "SEQ2GRADE_PROFILE" not in os.environ


def test_a_solution_that_fails_is_named(trained: Path, tmp_path: Path) -> None:
    """A solution that raises is reported with its error, and the models that were there stay."""
    folder = tmp_path / "trained"
    shutil.copytree(trained / "assignments" / "trained", folder)
    text = (folder / "notebook.py").read_text(encoding="utf-8")
    (folder / "notebook.py").write_text(text.replace("rate=0.1", "rate=-1"), encoding="utf-8")
    with pytest.raises(BuildError, match="positive rate"):
        train(folder, again=True)
    assert (folder / "handin" / LINE).is_file()


def test_calibration_holds_what_was_measured(trained: Path) -> None:
    """The file has a value per seed, a bar beyond the worst of them, and how often right work misses it."""
    found = json.loads((trained / "assignments" / "trained" / "calibration.json").read_text(encoding="utf-8"))
    entry = found["quantities"]["error"]
    assert found["seeds"] == list(range(1, 9))
    assert len(entry["values"]) == 8
    assert entry["threshold"] > max(entry["values"])
    assert entry["false_fail"] == 0.001
    assert entry["false_fail_bound"] == pytest.approx(1 / 9, abs=1e-6)


def test_calibration_refuses_what_it_cannot_measure(trained: Path, tmp_path: Path) -> None:
    """Too few seeds, a missing file, an unknown direction and an undeclared quantity are refused by name."""
    folder = tmp_path / "trained"
    shutil.copytree(trained / "assignments" / "trained", folder)
    with pytest.raises(AssignmentError, match="8 or more"):
        calibrate(folder, 3)
    path = folder / "calibration.py"
    text = path.read_text(encoding="utf-8")
    wrong = (('"at most"', '"below"', "at least, at most"), ('{"error": f', '{"loss": f', "expected .'error'."))
    for old, new, told in wrong:
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(AssignmentError, match=told):
            calibrate(folder)
    path.unlink()
    with pytest.raises(AssignmentError, match="no such file"):
        calibrate(folder)


def test_bars_are_prediction_limits() -> None:
    """The bar is the t prediction limit on its side, beyond the worst value, and wider where runs agree by chance."""
    values = [0.90, 0.92, 0.91, 0.93, 0.89, 0.90, 0.92, 0.91]
    low, high = bar(values, "at least"), bar(values, "at most")
    assert low.threshold == pytest.approx(0.91 - 4.7853 * low.spread * (9 / 8) ** 0.5)
    assert high.threshold - 0.91 == pytest.approx(0.91 - low.threshold)
    assert low.spread == pytest.approx(0.0130931, rel=1e-4)
    assert bar([1.0] * 8, "at least").threshold == pytest.approx(1 - 4.7853 * 0.01 * (9 / 8) ** 0.5, rel=1e-4)
    assert bar([1.0] * 7 + [0.0], "at least").threshold <= 0.0
    for wrong in ([1.0], [1.0, float("nan")]):
        with pytest.raises(ValueError, match="finite"):
            bar(wrong, "at least")


@pytest.mark.parametrize(("p", "degrees", "quantile"), [(0.999, 7, 4.7853), (0.975, 1, 12.7062), (0.95, 30, 1.6973)])
def test_quantiles_are_those_of_the_tables(p: float, degrees: int, quantile: float) -> None:
    """The quantile of Student's t agrees with printed tables."""
    assert t_quantile(p, degrees) == pytest.approx(quantile, rel=1e-3)
