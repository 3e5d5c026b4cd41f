"""Whatever goes wrong while a class is graded: each submission has one grade, that of an undisturbed run, or its points
stay open until the same command is given again; and nothing is left behind.

`make test` tries a run in which much goes wrong; `make faults` each fault at every point, with a class of 40.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.courses import Demo
from tests.faults import course as class_
from tests.faults.course import Entry, Fault, Run
from tests.faults.deeds import AS_ROOT, DEEDS
from tests.faults.points import POINTS

pytest_plugins = ["tests.courses"]

ALL = os.environ.get("SEQ2GRADE_FAULTS") == "all"
SIZE = 40 if ALL else 10
AGAIN = 4  # times that the same command is given until nothing is open
LASTING = 40  # passings of any point: about two submissions
OFTEN = {"runs a cell": 5, "hears a judge": 15}  # how often one submission passes a point
ONCE = {"all are saved", "has a class report"}  # a run
SHORT = [("runs a cell", 8, 0, "kill_kernel"), ("hears a judge", 40, 0, "kill_judge"),
         ("asks a judge", 3, 0, "kill_first_judge"),
         ("is judged", 5, 0, "kill_supervisor"), ("launched", 8, 0, "kill_zygote"),
         ("is saved", 2, 30, "lock_gradebook"), ("is saved", 4, 20, "full_disks"), ("launched", 5, 20, "step_clock"),
         ("has scores", 8, 0, "kill_grader")]  # fmt: skip


def at_every_point(deed: str) -> list[Fault]:
    """One fault, over and over, at one point after the other while a class is graded."""
    return [
        (point, 1 if point in ONCE else (3 + 2 * n) * OFTEN.get(point, 1), LASTING, deed)
        for n, point in enumerate(POINTS)
    ]


def cases() -> dict[str, list[list[Fault]]]:
    """Name -> the faults of a first run, of the next one, and so on; the last ones are undisturbed."""
    if not ALL:
        return {"one bad night": [SHORT]}
    found = {deed: [at_every_point(deed)] for deed in DEEDS if os.geteuid() == 0 or deed not in AS_ROOT}
    # It ends the run: each goes on where the one before it came to.
    found["kill_grader"] = [
        [(point, 1 if point in ONCE else 2 * OFTEN.get(point, 1), 0, "kill_grader")] for point in POINTS
    ]
    return found


CASES = cases()


@pytest.fixture(scope="module")
def handed_in(built_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with a class's work, not graded yet."""
    root = tmp_path_factory.mktemp("class") / "course"
    shutil.copytree(built_course, root)
    class_.hand_in(Demo(root), SIZE)
    return root


@pytest.fixture(scope="module")
def undisturbed(handed_in: Path, sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course after a run in which nothing went wrong."""
    root = tmp_path_factory.mktemp("calm") / "course"
    shutil.copytree(handed_in, root)
    with tempfile.TemporaryDirectory(prefix="calm", dir="/tmp") as folder:
        run = class_.grade(root, Path(folder), sandbox)
        assert run.code == 0, run.err
        assert class_.left(Path(folder)) == []
        class_.names_of(Path(folder)).unlink()
    return root


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder with a name of its own, in which nothing else is done."""
    with tempfile.TemporaryDirectory(prefix="faults", dir="/tmp") as folder:
        yield Path(folder)
        class_.names_of(Path(folder)).unlink(missing_ok=True)


@pytest.fixture
def place(handed_in: Path, tmp_path: Path) -> Iterator[Path]:
    """The course of one test: on a small disk of its own where we may mount one."""
    root = tmp_path / "course"
    root.mkdir()
    if mounted := os.geteuid() == 0:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", root], check=True)
    shutil.copytree(handed_in, root, dirs_exist_ok=True)
    yield root
    if mounted:
        subprocess.run(["umount", "--lazy", root], check=True)


def assert_fair(run: Run, found: dict[str, Entry], calm: dict[str, Entry]) -> None:
    """Of what a disturbed run reports, each grade is the undisturbed one, or open: nobody has lost a point."""
    assert "Traceback" not in run.err, run.err
    assert set(found) <= set(calm)
    for student, entry in found.items():
        if entry["pending"]:
            assert run.code == 1, (student, run)
            assert entry["score"] + entry["pending"] >= calm[student]["score"], entry
        else:
            assert entry == calm[student], student


@pytest.mark.parametrize("name", CASES)
def test_a_fault_costs_nobody_a_point(place: Path, temporary: Path, undisturbed: Path, sandbox: str, name: str) -> None:
    """Killed processes, a locked, lost or full place, a clock set back, no memory: as the module says."""
    calm, scores = class_.results(undisturbed), class_.gradebook(undisturbed)
    for faults in [*CASES[name], *[[]] * AGAIN]:
        (place / "out" / "results.json").unlink(missing_ok=True)
        run = class_.grade(place, temporary, sandbox, faults)
        if (place / "out" / "results.json").is_file():
            assert_fair(run, class_.results(place), calm)
        else:
            assert run.code == -signal.SIGKILL or "the results could not be written" in run.err, run
        if not faults and run.code == 0:
            break
    assert run.code == 0, run.err
    assert class_.results(place) == calm
    assert class_.gradebook(place) == scores
    assert class_.signed(place) == []
    assert class_.files(place) == class_.files(undisturbed)
    assert class_.left(temporary) == []
