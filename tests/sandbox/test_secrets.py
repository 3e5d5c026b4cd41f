"""What students must not read: found where it lies open, refused, and tried from inside the sandbox."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.sandbox import isolate, secrets
from autograder.sandbox.backends import BACKENDS
from autograder.sandbox.doctor import examine
from tests.sandbox import backends_here
from tests.sandbox.conftest import OPEN_FILES, Warm

SECRET = {"assignments", "source", "solutions", "submitted", "autograded", "gradebook.db", "reports", ".git"}


def open_parts(course: Path, shown: tuple[str, ...] = ()) -> set[str]:
    """Names of what lies open."""
    return {os.path.relpath(one.path, course) for one in secrets.exposed([str(course)], shown)}


def test_an_open_course_is_found(course: Path) -> None:
    """As a whole; part by part where students need something in it. What students have anyway is no secret."""
    assert open_parts(course) == {"."}
    assert open_parts(course, (str(course / "kit"),)) == SECRET


@pytest.mark.parametrize("closed", [".", ".."])
def test_a_closed_folder_closes_all_below(course: Path, closed: str) -> None:
    """One chmod of the course, or of a folder above it, is enough."""
    (course / closed).resolve().chmod(0o700)
    assert open_parts(course) == set()


@pytest.mark.parametrize("part", sorted(SECRET))
def test_each_part_counts(course: Path, part: str) -> None:
    """One part that was forgotten is found, also in a course whose names cannot be listed; its file is the proof."""
    for other in SECRET - {part}:
        (course / other).chmod(0o700 if (course / other).is_dir() else 0o600)
    for mode in (0o755, 0o711):
        course.chmod(mode)
        (one,) = secrets.exposed([str(course)], (str(course / "kit"),))
        assert one.path == str(course / part)
        assert Path(one.proof).is_file()
        assert f"chmod o-rwx {course / part}" in secrets.advice([one])


def test_a_part_that_lies_elsewhere_is_followed(course: Path) -> None:
    """A link to a folder outside the course is as open as that folder."""
    outside = course.parent / "outside"
    (course / "submitted").rename(outside)
    (course / "submitted").symlink_to(outside)
    course.chmod(0o711)
    for other in SECRET - {"submitted"}:
        (course / other).chmod(0o700 if (course / other).is_dir() else 0o600)
    assert [one.path for one in secrets.exposed([str(course)], ())] == [str(outside)]
    outside.chmod(0o700)
    assert secrets.exposed([str(course)], ()) == []


def test_files_that_are_closed_one_by_one_are_closed(course: Path) -> None:
    """Open folders of closed files tell names only."""
    for name in OPEN_FILES:
        (course / name).chmod(0o600)
    assert open_parts(course) == set()


def test_a_sample_of_each_part_is_tried_from_inside(course: Path) -> None:
    """One file of each secret part, whoever may read it, and nothing that is shown on purpose."""
    parts = {Path(os.path.relpath(path, course)).parts[0] for path in secrets.samples([str(course)], ())}
    assert parts == SECRET


@pytest.mark.parametrize("name", [n for n in backends_here() if "files" in BACKENDS[n].isolates])
def test_the_isolation_is_tried_by_every_submission(name: str, warm: Warm) -> None:
    """A file that the sandbox should hide and does not: no student code runs."""
    zygote = warm(name)
    visible = os.path.realpath(os.__file__)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "samples", lambda *_: (visible,))
        running = zygote.launch(replace(Limits(), total_seconds=20))
        try:
            with pytest.raises(SandboxError, match="could read"):
                running.wait_ready(60)
        finally:
            running.stop()


def test_without_isolation_doctor_says_so() -> None:
    """`none` is no failure, but it is told what it gives away."""
    finding = next(found for found in examine("moon") if found.name == "sandbox none")
    assert finding.level == "note"
    assert "course" in finding.text


@pytest.mark.parametrize(("uid_map", "low", "high"), [
    ("         0          0 4294967295\n", 2**30, 2**30 + 2**29),
    ("0 1000 1\n1 100000 65536\n", 1 + 32768, 65537),
    ("1000 1000 1\n", 1000, 1001),
    ("", 2**30, 2**30 + 2**29),
])  # fmt: skip
def test_a_fresh_user_is_one_that_there_is(uid_map: str, low: int, high: int) -> None:
    """A container in which only some users exist gives one of those, away from the low ones that have names."""
    users = {isolate.fresh_user(uid_map) for _ in range(50)}
    assert low <= min(users) <= max(users) < high
    assert len(users) > 1 or high - low == 1
