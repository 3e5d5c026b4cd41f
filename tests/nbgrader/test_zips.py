"""Claims about `nbgrader zip_collect` and `nbgrader autograde` with the zips that students hand in."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from seq2kit import handin

from autograder.gradebook import CourseGradebook
from autograder.zipped import Collector, Extractor
from tests.nbgrader.conftest import Run


def pack(root: Path, step: str) -> bytes:
    """A hand-in of the course's own notebook."""
    notebook = (root / step / "tiny" / "tiny.ipynb").read_bytes()
    return handin.zipped({"tiny.ipynb": notebook, "checkpoints/model.safetensors": b"weights"})


@pytest.fixture(scope="module")
def zip_course(tiny_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course to which a platform's download of three students was brought; nobody handed in anything else."""
    root = tmp_path_factory.mktemp("zips") / "course"
    shutil.copytree(tiny_course, root, ignore=shutil.ignore_patterns("submitted"), symlinks=True)
    archive = root / "downloaded" / "tiny" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "tiny_submissions.zip", "w") as download:
        download.writestr("ada_4711_80001_tiny-handin.zip", pack(root, "solutions"))
        download.writestr("bob_4712_80002_tiny-handin.zip", pack(root, "release"))
        download.writestr("cy_4713_80003_tiny.ipynb", (root / "solutions/tiny/tiny.ipynb").read_bytes())
    (archive / "dee.zip").write_bytes(pack(root, "solutions"))
    (archive / "tiny-handin.zip").write_bytes(pack(root, "solutions"))
    return root


@pytest.mark.long
def test_zips_are_collected_and_graded(zip_course: Path, nbgrader: Run) -> None:
    """Each student's zip stays whole, so that models come along; folders with nothing but a zip are graded; a file that
    tells no student is named and left out."""
    done = nbgrader(zip_course, "zip_collect", "tiny")
    assert done.returncode == 0, done.stdout
    assert "tiny-handin.zip: its name tells no student" in done.stdout
    submitted = zip_course / "submitted"
    found = {path.relative_to(submitted).as_posix() for path in submitted.rglob("*") if path.is_file()}
    assert found == {
        "ada_4711/tiny/tiny-handin.zip",
        "bob_4712/tiny/tiny-handin.zip",
        "cy_4713/tiny/tiny.ipynb",
        "dee/tiny/dee.zip",
    }
    done = nbgrader(zip_course, "autograde", "tiny")
    assert done.returncode == 0, done.stdout
    with CourseGradebook(f"sqlite:///{zip_course / 'gradebook.db'}") as book:
        scores = {row.student: row.score for row in book.scores("tiny")}
    assert scores == {"ada_4711": 6.0, "bob_4712": 0.0, "cy_4713": 6.0, "dee": 6.0}
    notebook = json.loads((zip_course / "autograded/dee/tiny/tiny.ipynb").read_text(encoding="utf-8"))
    assert any(cell.get("outputs") for cell in notebook["cells"])


def test_what_a_platform_packed_is_unpacked_once(tmp_path: Path) -> None:
    """An archive inside a student's archive is never opened, the download of a class with one notebook is no hand-in,
    and a hostile archive stops nothing."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deeper.zip", b"PK")
    source, target = tmp_path / "archive", tmp_path / "extracted"
    source.mkdir()
    with zipfile.ZipFile(source / "class.zip", "w") as archive:
        archive.writestr("Ada_7_assignsubmission_file_/work.zip", inner.getvalue())
        archive.writestr("Ada_7_assignsubmission_file_/hw1.ipynb", "{}")
    with zipfile.ZipFile(source / "hostile.zip", "w") as archive:
        archive.writestr("../evil.txt", "x")
    Extractor().extract(str(source), str(target))
    found = sorted(path.relative_to(tmp_path).as_posix() for path in target.rglob("*") if path.is_file())
    folder = "extracted/class/Ada_7_assignsubmission_file_"
    assert found == [f"{folder}/hw1.ipynb", f"{folder}/work.zip", "extracted/hostile.zip"]
    assert sorted(os.listdir(tmp_path)) == ["archive", "extracted"]


def test_a_pattern_of_the_courses_own_goes_before() -> None:
    """Who configured one keeps it."""
    own = Collector(named_regexp=r".*/(?P<student_id>\w+)-(?P<file_id>\w+)", valid_ext=[".ipynb", ".zip"])
    assert own.collect("/x/ada-hw1.zip") == {"student_id": "ada", "file_id": "hw1"}
