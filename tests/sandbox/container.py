"""What only `container` has to be told: that nothing of ours may lie open. Run by test_elsewhere.py, as root
where Python is open to all and the checkout is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import secrets
from autograder.sandbox.client import Zygote
from autograder.sandbox.doctor import examine
from tests.sandbox.conftest import Warm
from tests.support import ran, text


def test_own_files_must_be_closed(course: Path, warm: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    """`container` refuses a course that any user can read, says what to do, and takes it when that was done; doctor
    says the same; a run's own papers count like the course."""
    with pytest.raises(SandboxUnavailable, match=f"chmod o-rwx {course}"):
        Zygote("container", secret=(str(course),))
    monkeypatch.chdir(course)
    found = {finding.name: finding for finding in examine("container")}
    assert found["sandbox container"].level == found["trial run"].level == "missing"
    assert str(course) in found["sandbox container"].text
    zygote = warm("container")
    with pytest.raises(SandboxUnavailable, match="ada"):
        zygote.hide(str(course / "submitted" / "ada"))
    course.chmod(0o700)
    zygote.hide(str(course / "submitted" / "ada"))
    Zygote("container", secret=(str(course),)).close()


def test_own_files_of_the_grader_count() -> None:
    """The package is refused when any user can read it."""
    package = Path(secrets.__file__).parents[1]
    mode = package.stat().st_mode
    try:
        package.chmod(0o755)
        with pytest.raises(SandboxUnavailable, match=f"chmod o-rwx {package}"):
            Zygote("container")
    finally:
        package.chmod(mode)


def test_own_files_are_all_that_a_submission_can_read(course: Path, warm: Warm) -> None:
    """From inside: no course, no gradebook, no grader, no other submission's folder or sockets."""
    course.chmod(0o700)
    package = Path(secrets.__file__).parents[1]
    zygote = warm("container")
    with ran(zygote, "open('mine.py', 'w').write('answer')") as other:
        job = other._running.job
        places = [
            *map(str, course.rglob("*")), str(package / "pipeline.py"), str(package.parent / "tests" / "courses.py"),
            job.files + "/mine.py", job.scratch + "/ipc/k-1", job.scratch, f"/proc/{os.getpid()}/environ",
            f"/proc/{os.getpid()}/mem", f"/proc/{zygote._process.pid}/environ",
        ]  # fmt: skip
        look = f"""
import os, socket
for place in {places!r}:
    try: print(place, os.listdir(place) if os.path.isdir(place) else open(place, "rb").read(1))
    except OSError: pass
try: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect({job.scratch + "/ipc/k-1"!r}); print("connected")
except OSError: pass
"""
        with ran(zygote, look) as session:
            assert text(session) == ""
