"""What a submission uses, where only looking tells."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox import supervisor
from autograder.sandbox.keep import Kept
from autograder.sandbox.usage import Processes, disk


def test_empty_files_and_folders_take_room_too(tmp_path: Path) -> None:
    """A disk can be filled with names alone."""
    for number in range(50):
        (tmp_path / f"folder{number}").mkdir()
        (tmp_path / f"file{number}").touch()
    assert disk(str(tmp_path)) >= 100 * 4096


def test_a_file_without_a_name_is_counted_while_it_is_held() -> None:
    """Its bytes are on the disk until the last process lets go of it."""
    below = Processes()
    (reader, writer), (waits, goes_on) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(goes_on)
        with tempfile.TemporaryFile() as file:
            file.write(bytes(2**20))
            file.flush()
            os.write(writer, b"x")
            os.read(waits, 1)
            os._exit(0)
    try:
        os.read(reader, 1)
        assert below.unlinked() >= 2**20
    finally:
        os.close(goes_on)
        os.waitpid(pid, 0)
        for fd in (reader, writer, waits):
            os.close(fd)
        below.close()


def test_a_process_whose_maps_cannot_be_read_counts_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything resident counts then."""
    below = Processes()
    read = below.read

    def refused(pid: int, name: str) -> str:
        if name == "smaps_rollup":
            raise PermissionError(name)
        return read(pid, name)

    monkeypatch.setattr(below, "read", refused)
    assert below._memory(os.getpid()) > 2**20
    below.close()


def test_a_copy_has_a_bound(tmp_path: Path) -> None:
    """What lies beyond it is known by name only; what is new goes all the same, and links are not followed."""
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    inside.mkdir()
    outside.write_text("mine")
    (inside / "small").write_text("small")
    (inside / "large").write_bytes(bytes(5000))
    kept = Kept((str(inside),), room=1000)
    kept.prepare(str(tmp_path))
    kept.note()
    (inside / "small").write_text("other")
    (inside / "large").write_text("other")
    (inside / "new").symlink_to(outside)
    (inside / "deep" / "er").mkdir(parents=True)
    (inside / "deep" / "er" / "link").symlink_to(tmp_path)
    kept.put_back()
    assert sorted(os.listdir(inside)) == ["large", "small"]
    assert (inside / "small").read_text() == "small"
    assert outside.read_text() == "mine"
    os.close(kept.store)


def test_whoever_is_killed_is_gone_before_files_are_put_back() -> None:
    """A kill is only a request: until a process has ended it can still write, or start another."""
    below = Processes()
    kept = Kept((), 0, processes=below.since())
    started = []
    for _ in range(40):
        pid = os.fork()
        if pid == 0:
            signal.pause()
            os._exit(0)
        started.append(pid)
    try:
        assert set(started) <= set(below.since())
        supervisor._kill_new(below, kept)
        assert not set(started) & set(below.since())
    finally:
        for pid in started:
            os.waitpid(pid, 0)
        below.close()
