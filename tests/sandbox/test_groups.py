"""Control groups are gone when a submission is, whoever was killed on the way."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess

import pytest

from autograder.sandbox import cgroup
from autograder.sandbox.client import Zygote
from tests.support import DOUBLE, ran, unique

pytestmark = pytest.mark.skipif(not cgroup.available(), reason="this machine lends no control groups")


def test_nothing_is_left_behind_by_a_warm_process_that_ends(warm_backend: Zygote) -> None:
    """It removes the groups of its submissions; where it is killed before it comes to that, the session does."""
    with Zygote(warm_backend.backend.name, modules=()) as own, contextlib.ExitStack() as stack:
        with ran(own, DOUBLE) as session:
            job = session._running.job
            assert own._process is not None
            stack.callback(os.kill, own._process.pid, signal.SIGKILL)
            os.kill(own._process.pid, signal.SIGSTOP)
        assert not list(cgroup.ROOT.glob(f"*/{job.name}"))
        assert not os.path.exists(job.scratch)


def test_a_group_is_removed_when_its_killed_processes_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill is a request: nobody waits for it, and nobody forgets it."""
    group = cgroup.create(unique(), 2**26, 8)
    with subprocess.Popen(["sleep", "600"], preexec_fn=group.enter):
        kill = os.kill
        monkeypatch.setattr(os, "kill", lambda *_: None)
        assert not group.remove()
        monkeypatch.setattr(os, "kill", kill)
        group.remove()
    assert group.remove()
    assert not any(folder.exists() for folder in group.folders)
