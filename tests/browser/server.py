"""A Jupyter server of a course, as an instructor starts it: JupyterLab, and nbgrader's formgrader beside it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def serving(root: Path, home: Path, patience: float = 240.0) -> Iterator[Any]:
    """Start one in `root` and give a function that makes the address of a path. `home` is a short path: sockets of
    kernels lie below it. Its port is one that was free."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "JUPYTER_RUNTIME_DIR": str(home / "run")}
    environment.pop("SEQ2GRADE_DB", None)
    (home / "run").mkdir()
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--LabApp.news_url=None",
        "--LabApp.expose_app_in_browser=True",
    ]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], cwd=root, env=environment, stdout=log, stderr=log
        )
        try:
            about = home / "run" / f"jpserver-{process.pid}.json"
            end = time.monotonic() + patience
            while not about.is_file():
                assert process.poll() is None, (home / "log").read_text()
                assert time.monotonic() < end, (home / "log").read_text()
                time.sleep(0.2)
            found = json.loads(about.read_text())
            yield lambda path: f"{found['url']}{path}?token={found['token']}"
        finally:
            process.terminate()
            process.wait(60)
