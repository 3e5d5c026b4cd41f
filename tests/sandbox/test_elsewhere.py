"""The conformance suite once more where it needs another user, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox.backends import BACKENDS
from tests.sandbox import BY_THE_GRADER, BY_THE_NOTEBOOK, CHOSEN, backends_here

ROOT = Path(__file__).resolve().parents[2]
# who runs it (see tests/ordinary.py) -> the backend, and which tests it is held to
ELSEWHERE = {"user": ("namespaces", "conformance or isolation")}
if os.geteuid() == 0:  # for anybody else `container` is refused
    ELSEWHERE["root"] = ("container", "conformance or privilege or own_files")


def start(who: str, log: Path) -> subprocess.Popen[bytes]:
    """pytest on these tests, as `who`."""
    backend, chosen = ELSEWHERE[who]
    wanted = f"({chosen}) and not ({' or '.join(BY_THE_GRADER + BY_THE_NOTEBOOK)})"
    files = ["-o", "python_files=test_*.py container.py"] if backend == "container" else []
    command = [sys.executable, "-m", "tests.ordinary", who, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    with log.open("wb") as output:
        return subprocess.Popen(
            [*command, "-p", "no:xdist", "-k", wanted, *files, "tests/sandbox"],
            cwd=ROOT,
            env={**os.environ, CHOSEN: backend, "TMPDIR": str(log.parent)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@pytest.mark.long
def test_the_suite_holds_elsewhere() -> None:
    """`namespaces` keeps its promises to an ordinary user without cgroups; `container` where Python is readable."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        logs = {who: Path(folder, f"{who}.txt") for who in ELSEWHERE}
        runs = {who: start(who, log) for who, log in logs.items()}
        try:
            codes = {who: run.wait(1200) for who, run in runs.items()}
        finally:
            for run in runs.values():
                run.kill()
        told = {who: log.read_text()[-6000:] for who, log in logs.items()}
    for who, code in codes.items():
        assert code == 0, f"{who}:\n{told[who]}"
        assert " passed" in told[who]
        assert "skipped" not in told[who]


def test_no_backend_is_left_out() -> None:
    """Every backend is tried by the suite, here or elsewhere."""
    tried = {*backends_here(), *(backend for backend, _ in ELSEWHERE.values())}
    assert tried == {name for name, backend in BACKENDS.items() if name in tried or not backend.missing()}
    assert tried >= ({"container"} if os.geteuid() == 0 else set())
