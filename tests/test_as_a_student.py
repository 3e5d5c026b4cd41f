"""The way of a student: install the kit's wheel, open the release, answer, check, hand in one zip; and the grade.

Slow for a test (some 30 seconds of CPU): two real assignments, one with trained models, run and graded.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from autograder.collect import find_submissions
from autograder.course import Course
from autograder.pipeline import grade_submission
from autograder.sandbox.client import Zygote

pytestmark = pytest.mark.long

pytest_plugins = ["tests.courses"]
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the kit out of its wheel; other packages come from the environment of the tests, ours do not."""
    place = tmp_path_factory.mktemp("student")
    shutil.copytree(ROOT / "kit", place / "kit", ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    build = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-deps"]
    subprocess.run([*build, "--no-build-isolation", "-w", str(place), str(place / "kit")], check=True)
    (wheel,) = place.glob("*.whl")
    venv.create(place / "env", with_pip=False)
    own = Path(sysconfig.get_path("purelib", "venv", {"base": str(place / "env"), "platbase": str(place / "env")}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(own)  # what pip does with a wheel without scripts
    shared = [path for path in sys.path if path.endswith("-packages")]
    (own / "shared.pth").write_text("\n".join(shared))
    return place / "env" / "bin" / "python"


def student(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m seq2kit ...` in the student's folder, with nothing of ours on the way."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(python), "-m", "seq2kit", *arguments],
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
        timeout=280,
    )


def answered(assignment: str, folder: Path) -> None:
    """The release as downloaded, filled in with the solution's answers, and trained."""
    release, solution = (
        json.loads((ROOT / step / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))
        for step in ("release", "solutions")
    )
    answers = {
        cell["id"]: cell["source"] for cell in solution["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    for cell in release["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    folder.mkdir()
    (folder / f"{assignment}.ipynb").write_text(json.dumps(release), encoding="utf-8")
    models = ROOT / "solutions" / assignment / "checkpoints"
    if models.is_dir():
        shutil.copytree(models, folder / "checkpoints")


def test_the_kit_is_the_wheels(python: Path, tmp_path: Path) -> None:
    """No file of this repository is used, the grader is not there, and data and commands came along."""
    code = (
        "import importlib.util, seq2kit; from pathlib import Path; here = Path(seq2kit.__path__[0])\n"
        "assert importlib.util.find_spec('autograder') is None and (here / 'data/words.txt').is_file()\n"
        "assert list(here.glob('models/*/model.safetensors')); print(here)"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(python), "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stderr == ""
    assert not Path(done.stdout.strip()).is_relative_to(ROOT)


@pytest.mark.parametrize(("assignment", "checked"), [("rnn_backprop", True), ("gpt_lm", False)])
def test_what_is_handed_in_gets_full_marks(
    python: Path, tmp_path: Path, warm_zygote: Zygote, assignment: str, checked: bool
) -> None:
    """Nothing is said of right work, the zip holds what is needed, and the grader takes it as it is."""
    folder = tmp_path / "work"
    answered(assignment, folder)
    if checked:
        done = student(python, folder, "check")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "✗" not in done.stdout
    done = student(python, folder, "handin")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    submitted = tmp_path / "submitted" / "ada" / assignment
    submitted.mkdir(parents=True)
    shutil.move(folder / f"{assignment}-handin.zip", submitted)
    course = Course(ROOT, warm_zygote)
    (one,) = find_submissions(tmp_path / "submitted", None, course.ids())
    grade = grade_submission(course, one, 1)
    assert (grade.student, grade.assignment, grade.error, grade.repaired) == ("ada", assignment, "", ())
    assert grade.score == grade.max_score > 0
