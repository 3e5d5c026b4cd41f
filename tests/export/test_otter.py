"""`seq2grade export otter`: what otter itself packs and runs gives our scores, and runs no student code beside them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dill
import nbformat
import pytest
from otter.run.run_autograder import AutograderConfig

from autograder.errors import Seq2gradeError
from autograder.export import otter_plugin
from autograder.export.otter import archive
from autograder.export.public import Result, parse, public
from autograder.model import Status
from tests.export.made import HIDDEN, grade, result

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.courses", "tests.commands"]

WRONG = "def length(x):\n    return None\n"
# Right values, but the vector of whoever asks is changed: one check of two.
PARTLY = "def square(x):\n    x *= x\n    return x\n"
FORGED = "import os, otter\nopen('%s', 'w').close()\nraise SystemExit\n"


class Trap:
    """Whoever unpickles it makes a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.file), "w")


@pytest.fixture
def packed(course: Demo, seq2grade: Command) -> Path:
    """autograder.zip of `chain`, as the command writes it."""
    (course.root / "dist").mkdir()
    for name in ("seq2grade-1-py3-none-any.whl", "seq2grade_kit-1-py3-none-any.whl"):
        (course.root / "dist" / name).write_bytes(b"")
    ran = seq2grade("export", "otter", "chain", "--out", "otter", "--index", "https://e.example/cpu")
    assert (ran.code, ran.err) == (0, "")
    assert "for instructors only" in ran.out
    return course.root / "otter" / "autograder.zip"


@pytest.mark.long
def test_otter_run_gives_our_scores(
    course: Demo, packed: Path, seq2grade: Command, sandbox: str, tmp_path: Path
) -> None:
    """An answer that is partly right and one that is wrong get in `otter run` what `seq2grade grade` gives them, check
    by check, and all kinds of work in otter's sums; nothing of it runs in otter's kernel, and no log is unpickled."""
    marks = tmp_path / "ran", tmp_path / "unpickled"
    work = {
        "right": course.solved("chain"),
        "wrong": course.solved("chain", square=WRONG.replace("length", "square"), length=WRONG),
        "partly": course.solved("chain", square=PARTLY, length=WRONG),
    }
    work["partly"]["cells"].insert(1, nbformat.v4.new_code_cell(FORGED % marks[0]))
    for name, notebook in work.items():
        course.hand_in(name, notebook, "chain")
    assert seq2grade("grade", "submitted", "--json", "ours.json", "--no-gradebook", "--seed", 1).code == 0
    ours = {one.student: one for one in parse(Path("ours.json").read_bytes(), "ours.json")}
    scores = [ours[name].total for name in ("wrong", "partly", "right")]
    summed = [sum(file.score for file in otter_plugin.files(ours[name])) for name in ("wrong", "partly", "right")]
    assert scores == summed
    assert scores[0] < scores[1] < scores[2] == 6
    assert {sum(file.possible for file in otter_plugin.files(one)) for one in ours.values()} == {6}

    with zipfile.ZipFile(tmp_path / "partly.zip", "w") as zipped:
        zipped.writestr("chain.ipynb", json.dumps(work["partly"]))
        zipped.writestr(".OTTER_LOG", dill.dumps(Trap(marks[1])))
    environment = {**os.environ, otter_plugin.SANDBOX: sandbox}
    command = [sys.executable, "-m", "otter", "run", str(tmp_path / "partly.zip"), "-a", str(packed)]
    done = subprocess.run(
        [*command, "-o", str(tmp_path)], check=False, capture_output=True, text=True, timeout=280, env=environment
    )
    assert done.returncode == 0, done.stderr[-3000:]
    tests = json.loads((tmp_path / "results.json").read_text())["tests"]
    theirs = {test["name"]: test for test in tests if "score" in test}
    assert sum(test["max_score"] for test in theirs.values()) == 6
    for item in ours["partly"].items:
        assert theirs[item.id]["score"] == item.points
        failed = [check.id for check in item.checks if check.status is Status.FAILED]
        assert all(f"{id} " in theirs[item.id]["output"] for id in failed)
    assert 0 < theirs["square"]["score"] < 3
    assert theirs["length"]["score"] == 0
    assert not any(mark.exists() for mark in marks)


def test_otter_packed_it(packed: Path) -> None:
    """Otter's own setup and runner, our wheels among what it installs, and the answers where no student's folder is."""
    with zipfile.ZipFile(packed) as zipped:
        names = set(zipped.namelist())
        environment = zipped.read("environment.yml").decode()
    assert {"setup.sh", "run_autograder", "run_otter.py", "otter_config.json", "tests/square.py"} <= names
    assert {"course/assignments/chain/assignment.toml", "course/release/chain/chain.ipynb"} <= names
    assert not any(name.startswith("files/") for name in names)
    assert "- --extra-index-url https://e.example/cpu" in environment
    assert "- /autograder/source/wheels/seq2grade-1-py3-none-any.whl" in environment
    assert (packed.parent / "student" / "chain.ipynb").is_file()


def test_without_the_plugin_nothing_passes() -> None:
    """The tests that otter finds where our plugin did not run fail, so that no verdict is never a pass."""
    with zipfile.ZipFile(io.BytesIO(archive("hw", {"one": 2.0}, {}, {}))) as zipped:
        source = zipped.read("tests/one.py").decode()
    names: dict[str, Any] = {}
    exec(compile(source, "one.py", "exec"), names)
    assert names["points"] == 2.0
    with pytest.raises(AssertionError, match="was not graded"):
        names["graded_elsewhere"].call_func({})


def test_no_verdict_gives_no_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that breaks, and points that could not be checked, raise: otter then writes no results.json."""
    (tmp_path / "hw.ipynb").write_text("{}")
    monkeypatch.setattr(otter_plugin, "_COMMAND", ("sh", "-c", "echo no sandbox >&2; exit 3", "sh"))
    with pytest.raises(Seq2gradeError, match="nothing was graded: no sandbox"):
        otter_plugin.graded(tmp_path, tmp_path, "hw", "auto")
    (tmp_path / "results.json").write_text(_document(grade("student")))
    script = 'while [ "$1" != --json ]; do shift; done; cp "$0" "$2"; exit 1'
    monkeypatch.setattr(otter_plugin, "_COMMAND", ("sh", "-c", script, str(tmp_path / "results.json")))
    with pytest.raises(Seq2gradeError, match="3 points could not be checked"):
        otter_plugin.graded(tmp_path, tmp_path, "hw", "auto")


def test_partial_credit_and_nothing_hidden() -> None:
    """A case for each check, whose points add up to the item's; names and details of checks stay behind."""
    (file,) = otter_plugin.files(result("ada", 3.0, 5.0))
    assert (file.score, file.possible) == (3.0, 5.0)
    assert [(case.test_case.name, case.passed) for case in file.test_case_results] == [
        ("one.1 It adds.", True),
        ("one.2 It adds rows.", False),
    ]
    shown = json.dumps([one.to_dict() for one in otter_plugin.files(public([grade()])[0])], default=str)
    assert not any(secret in shown for secret in HIDDEN)
    assert [one.name for one in otter_plugin.files(public([grade()])[0])] == ["one", "three"]  # a person grades two


def test_in_a_container_it_takes_that_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`otter run` has the strongest sandbox, an image of otter's or Gradescope's that of a container; a log that is a
    link is removed, not followed."""
    asked: list[str] = []

    def graded(folder: Path, course: Path, assignment: str, sandbox: str) -> Result:
        asked.append(sandbox)
        return result("student")

    monkeypatch.setattr(otter_plugin, "graded", graded)
    monkeypatch.setattr(otter_plugin, "_PACKAGE", tmp_path / "package")
    for name in ("source", "results", "submission", "package"):
        (tmp_path / name).mkdir()
    kept = tmp_path / "kept"
    kept.write_text("")
    for local in (True, False):
        (tmp_path / "submission" / ".OTTER_LOG").symlink_to(kept)
        plugin = otter_plugin.Plugin(str(tmp_path / "submission" / "hw.ipynb"), {}, {"assignment": "hw"})
        config = AutograderConfig({})
        config.otter_run = local
        plugin.before_grading(config)
        assert plugin.before_execution(None).cells == []
        assert ((tmp_path / "package").stat().st_mode & 0o007 == 0) is not local  # student code may not read it there
    assert asked == ["auto", "container"]
    assert kept.exists()
    assert not (tmp_path / "submission" / ".OTTER_LOG").is_symlink()


def _document(one: Any) -> str:
    from autograder.export.results import dumps

    return dumps([one])
