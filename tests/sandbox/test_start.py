"""The warm process is killed while it starts, as the kernel does where memory runs short."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import client
from autograder.sandbox.client import Zygote
from tests.sandbox import backends_here

_DYING = """import os, sys
with open({path!r}, "a") as file:
    file.write("x")
if os.path.getsize({path!r}) <= {times}:
    {end}
"""


def start(monkeypatch: pytest.MonkeyPatch, path: Path, times: int, end: str) -> int:
    """Start one whose first so many tries end that way. Returns how many there were."""
    monkeypatch.setattr(client, "_START", _DYING.format(path=str(path), times=times, end=end) + client._START)
    try:
        with Zygote(backends_here()[0], modules=()) as zygote:
            zygote.start()
    finally:
        tries = path.stat().st_size
    return tries


def test_it_is_started_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A batch does not end because something was killed while nothing had begun."""
    assert start(monkeypatch, tmp_path / "tries", 2, "os.kill(os.getpid(), 9)") == 3


@pytest.mark.parametrize(
    ("end", "says", "tries"),
    [
        ("os.kill(os.getpid(), 9)", "ended by signal 9", 4),
        ("sys.exit('no such thing')", "no such thing", 1),
    ],
)
def test_it_is_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str, says: str, tries: int
) -> None:
    """What always dies is told, and an error, which would come again, at once."""
    with pytest.raises(SandboxError, match=says):
        start(monkeypatch, tmp_path / "tries", 100, end)
    assert (tmp_path / "tries").stat().st_size == tries


def test_one_that_only_starts_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run that ends at once, for a typing error say, ends at once. Nor is it started again."""
    tries, never = tmp_path / "tries", "import time; time.sleep(120)"
    monkeypatch.setattr(client, "_START", _DYING.format(path=str(tries), times=100, end=never))
    zygote = Zygote(backends_here()[0])
    zygote.begin()
    while not (tries.exists() and tries.stat().st_size):  # begun, and said so
        time.sleep(0.01)
    began = time.monotonic()
    zygote.close()
    assert time.monotonic() - began < 60
    assert zygote._process is None
    assert tries.stat().st_size == 1


def test_what_began_in_the_background_is_there_when_it_is_needed() -> None:
    """And if it could not be started, whoever needs it hears why."""
    with Zygote(backends_here()[0], modules=()) as zygote:
        zygote.begin()
        zygote.start()
        process = zygote._process
        zygote.begin()
        zygote.start()
        assert process is not None
        assert zygote._process is process
