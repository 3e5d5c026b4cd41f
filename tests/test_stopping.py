"""`seq2grade grade` as a process that is stopped, killed, or whose output goes nowhere: what was graded is kept."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.gradebook import CourseGradebook, database_url
from autograder.sandbox import scratch
from tests.support import processes_with, unique

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]

REPOSITORY = Path(__file__).resolve().parents[1]
LONG = 300.0  # seconds for anything that should be done in a few, on a machine that does much else
SOON = 60.0  # for what is asked of a run that is under way


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder of the command's own, with a short name."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def start(demo: Demo, sandbox: str, temporary: Path, *more: str) -> subprocess.Popen[str]:
    """Grade all of submitted/, one after the other, in a session of its own."""
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "submitted", "--jobs", "1"]
    return subprocess.Popen(
        [*command, "--sandbox", sandbox, "--seed", "3", *more], cwd=demo.root, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(temporary)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_heeds_ctrl_c,
    )  # fmt: skip


def _heeds_ctrl_c() -> None:
    """As in a terminal: where the tests run in the background, a shell has told them to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(true: Callable[[], object]) -> None:
    """Wait for something that is sure to come."""
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def hand_in_quick_and_slow(demo: Demo) -> str:
    """Work that is done at once, then work whose process shows up under the returned word and stays for minutes."""
    word = unique()
    slow = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(600)', '{word}'])"
    for short, long in (("cell_seconds = 5", "cell_seconds = 600"), ("total_seconds = 30", "total_seconds = 600")):
        demo.edit("assignment.toml", short, long, "chain")
    demo.hand_in("ada", demo.solved("chain"), "chain")
    demo.hand_in("bob", demo.solved("chain", square=slow), "chain")
    demo.hand_in("cleo", demo.solved("chain"), "chain")
    return word


def left_in(temporary: Path) -> list[str]:
    """Scratch folders."""
    return sorted(name for name in os.listdir(temporary) if "s2g-" in name)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_a_stopped_run_keeps_what_it_has(demo: Demo, sandbox: str, temporary: Path, number: signal.Signals) -> None:
    """Results, gradebook and report hold what was graded, the sandbox that ran is gone with its folder, one line says
    what is missing, and the exit code names the signal. Ctrl-C goes to every process of the terminal's group."""
    word = hand_in_quick_and_slow(demo)
    run = start(demo, sandbox, temporary, "--json", "out/results.json", "--report", "out")
    until(lambda: processes_with(word) or run.poll() is not None)
    asked = time.monotonic()
    if number == signal.SIGINT:
        os.killpg(run.pid, number)
    else:
        run.send_signal(number)
    out, err = run.communicate(timeout=LONG)
    assert run.returncode == 128 + number, err
    assert time.monotonic() - asked < SOON
    assert "Traceback" not in out + err
    assert "stopped: 2 of 3 submissions were not graded" in err
    found = json.loads((demo.root / "out" / "results.json").read_text())["submissions"]
    assert [(one["student"], one["score"]) for one in found] == [("ada", 6)]
    assert (demo.root / "out" / "chain" / "class.html").is_file()
    with CourseGradebook(database_url(demo.root)) as book:
        rows = {row.student: (row.score, row.open_cells) for row in book.scores("chain")}
    assert rows == {"ada": (6.0, 0), "bob": (0.0, 2)}
    assert left_in(temporary) == []
    until(lambda: not processes_with(word))


def test_what_a_killed_grader_left_is_swept(
    demo: Demo, sandbox: str, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders of a grader that was killed go with the next run; those of a living one, names that only look like ours,
    and links stay."""
    word = hand_in_quick_and_slow(demo)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    mine, lock = scratch.make({}, None)
    lookalikes = ["s2g-abc", "s2g-run-", "s2g-run-X"]
    for name in lookalikes:
        (temporary / name).mkdir()
    (temporary / "s2g-run-link").symlink_to(demo.root)
    run = start(demo, sandbox, temporary)
    until(lambda: processes_with(word) or run.poll() is not None)
    assert set(scratch.sweep()).isdisjoint({mine})
    kept = {os.path.basename(mine), "s2g-run-link", *lookalikes}
    assert len(set(left_in(temporary)) - kept) == 1, "a living grader's folder stays"
    run.kill()
    run.communicate()
    until(lambda: not processes_with(word))
    (dead,) = set(left_in(temporary)) - kept
    until(lambda: str(temporary / dead) in scratch.sweep())
    assert set(left_in(temporary)) == kept
    assert (demo.root / "submitted").is_dir()
    os.close(lock)
    assert mine in scratch.sweep()


def test_a_folder_that_something_is_mounted_in_is_left(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleting through a mount would delete what is mounted."""
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder, lock = scratch.make({"a": b"x"}, None)
    os.close(lock)
    table = temporary / "mountinfo"
    table.write_text(f"1 2 3:4 / {folder}/root rw - tmpfs tmpfs rw\n")
    monkeypatch.setattr(scratch, "MOUNTS", str(table))
    assert scratch.sweep() == []
    assert Path(folder, "files", "a").is_file()
    table.write_text("")
    assert scratch.sweep() == [folder]


def test_a_lock_holds_as_long_as_its_process(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder has the name that a sweep looks for before it is locked."""
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder, lock = scratch.make({}, None)
    other = os.open(folder, os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(lock)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


@pytest.mark.parametrize("place", ["-", pytest.param("/dev/full", marks=pytest.mark.long)])
def test_output_that_goes_nowhere_is_said(demo: Demo, sandbox: str, temporary: Path, place: str) -> None:
    """Where the disk behind --json is full, the results lie in a file that is named, and the scores are saved."""
    demo.hand_in("ada", demo.solved("chain"), "chain")
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "submitted", "--json", place]
    with open("/dev/full", "w") as nowhere:
        ran = subprocess.run(
            [*command, "--sandbox", sandbox, "--seed", "3"], cwd=demo.root, stdout=nowhere, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(temporary)}, text=True, timeout=2 * LONG,
        )  # fmt: skip
    assert ran.returncode == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    assert f"the results could not be written to {place}: No space left on device" in ran.stderr
    (spare,) = temporary.glob("seq2grade-results-*.json")
    assert str(spare) in ran.stderr
    assert json.loads(spare.read_text())["submissions"][0]["score"] == 6
    with contextlib.closing(CourseGradebook(database_url(demo.root))) as book:
        assert [row.score for row in book.scores("chain")] == [6.0]
