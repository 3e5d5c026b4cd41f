"""A class that is graded with and without faults, what came of it, and what was left behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.gradebook import CourseGradebook, database_url
from autograder.sandbox import cgroup
from autograder.verify import verify
from tests.courses import CHAIN, Demo

ROOT = Path(__file__).resolve().parents[2]
LONG = 900.0  # seconds for a run on a machine that does much else
Fault = tuple[str, int, int, str]
Entry = dict[str, Any]

# What the students of a class hand in, over and over: an answer to `square`, or the whole file.
WORK: dict[str, str] = {
    "right": "def square(x):\n    return x * x",
    "power": "def square(x):\n    return x.pow(2)",
    "doubles": "def square(x):\n    return x + x",
    "inplace": "def square(x):\n    return x.mul_(x)",
    "raises": "def square(x):\n    raise ValueError('no')",
    "loud": "print('x' * 5000)\ndef square(x):\n    print(x)\n    return x * x",
    "late": "import time\ntime.sleep(0.3)\ndef square(x):\n    return x * x * 1.0",
    "files": "open('mine.txt', 'w').write('x' * 4096)\ndef square(x):\n    return x * x + 0",
    "broken": "{",
    "slip": "def square(x):\n    return x * x if len(x) < 7 else x",
}


def hand_in(demo: Demo, size: int) -> None:
    """The work of so many students, a right answer more often than any other."""
    kinds = list(WORK)
    for number in range(size):
        kind = kinds[number % len(kinds)]
        demo.hand_in(f"{kind}{number}", "{" if kind == "broken" else demo.solved("chain", square=WORK[kind]), "chain")


# Who takes over from a judge that was killed knows its verdicts, and does not ask again what they came from: the
# explanation is lost then (docs/decisions/0010-a-judge-process-for-each-submission.md).
_EXPLAINED = re.findall(r'^explain = "(.*)"$', CHAIN.read_text(encoding="utf-8"), re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One command that has ended."""

    code: int
    err: str


def grade(course: Path, temporary: Path, sandbox: str, faults: Iterable[Fault] = (), jobs: int = 2) -> Run:
    """`seq2grade grade submitted`, with these faults."""
    command = [sys.executable, "-m", "tests.faults.injected", json.dumps(list(faults)), "grade", "submitted"]
    more = ["--jobs", str(jobs), "--seed", "3", "--sandbox", sandbox, "--json", "out/results.json", "--report", "out"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "SEQ2GRADE_NAMES": str(names_of(temporary))}
    run = subprocess.Popen(
        [*command, *more], cwd=course, text=True, start_new_session=True, stdin=subprocess.DEVNULL,
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    _, err = run.communicate(timeout=LONG)
    return Run(run.returncode, err)


def results(course: Path) -> dict[str, Entry]:
    """Student -> what the results say of him or her, without times and without what asks a person to look. Raises
    AssertionError where one is there twice."""
    entries = json.loads((course / "out" / "results.json").read_text(encoding="utf-8"))["submissions"]
    found = {entry["student"]: _timeless(entry) for entry in entries}
    assert len(found) == len(entries)
    return found


def _timeless(entry: Entry) -> Entry:
    items = [{**item, "checks": [_verdict(check) for check in item["checks"]]} for item in entry["items"]]
    left_out = ("seconds", "cpu_seconds", "cells", "flagged")
    return {key: value for key, value in entry.items() if key not in left_out} | {"items": items}


def _verdict(check: Entry) -> Entry:
    message = str(check["message"])
    for explained in _EXPLAINED:
        message = message.removeprefix(explained).strip()
    return {**check, "message": message}


def gradebook(course: Path) -> dict[str, tuple[float, int]]:
    """Student -> score and cells without one."""
    with CourseGradebook(database_url(course)) as book:
        rows = list(book.scores("chain"))
    found = {row.student: (row.score, row.open_cells) for row in rows}
    assert len(found) == len(rows)
    return found


def files(course: Path) -> set[str]:
    """All that lies in the course, by name."""
    return {path.relative_to(course).as_posix() for path in course.rglob("*") if "__pycache__" not in path.parts}


def signed(course: Path) -> list[Any]:
    """What `seq2grade verify` finds wrong."""
    return list(verify(course, ["chain"])[1])


def left(temporary: Path) -> list[str]:
    """Processes, folders, mounts and groups of runs that have ended; some may take a moment to go."""
    deadline = time.monotonic() + 60.0
    while (found := _left(temporary)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def _left(temporary: Path) -> list[str]:
    found = [f"process {pid}" for pid in _bearing(str(temporary).encode())]
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    found += [f"mount {line}" for line in mounts.splitlines() if f"{temporary.name}/s2g-" in line]
    found += [f"folder {name}" for name in os.listdir(temporary) if "s2g-" in name]
    made = {f"seq2grade-{name}" for name in names_of(temporary).read_text(encoding="ascii").split()}
    found += [f"group {path}" for parent in cgroup._parents() for name in made if (path := parent / name).is_dir()]
    return found


def names_of(temporary: Path) -> Path:
    """Where runs in this temporary folder write down what their scratch folders are called."""
    return temporary.with_name(temporary.name + ".names")


def _bearing(name: bytes) -> list[int]:
    """The processes of this machine that were started with this in their environment, or see it mounted."""
    found = []
    for entry in os.listdir("/proc"):
        for file in ("environ", "mountinfo") if entry.isdigit() and int(entry) != os.getpid() else ():
            with contextlib.suppress(OSError):
                if name + b"\0" in (held := Path("/proc", entry, file).read_bytes()) or name + b"/s2g-" in held:
                    found.append(int(entry))
                    break
    return found
