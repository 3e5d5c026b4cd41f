"""The whole bank once more in the backend `container`, which hides nothing by itself: an own user and closed folders
must do. In a process of its own, where Python is open to that user and the checkout is not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox.client import Zygote
from tests.sandbox import CHOSEN

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_no_cheat_gains_in_a_container() -> None:
    """Root runs the bank there; an ordinary user, whom nothing would keep from the course, is refused."""
    if os.geteuid() != 0:
        with pytest.raises(SandboxUnavailable, match="root"):
            Zygote("container")
        return
    command = [sys.executable, "-m", "tests.ordinary", "root", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        done = subprocess.run(
            [*command, "-p", "no:xdist", "tests/attacks/together.py"],
            cwd=ROOT, env={**os.environ, CHOSEN: "container", "TMPDIR": folder}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1500,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    assert "1 passed" in done.stdout
