"""Who reads a page: a parser always, and the browsers that this machine has. Each says what acted on the page."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

from tests.report.hostile import assert_dead

MARK = "data-acted"
# Leaves a mark in the page, whichever way it comes to run. No slash: it is the name of a folder, too.
ACT = f"document.documentElement.setAttribute('{MARK}','yes')"
Reader = Callable[[Path], bool]


def _parser(page: Path) -> bool:
    try:
        assert_dead(page.read_text(encoding="utf-8"))
        return False
    except AssertionError:
        return True


def _browser(program: str) -> Reader:
    def acts(page: Path) -> bool:
        with tempfile.TemporaryDirectory(prefix="s2g-") as home:
            quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            command = [program, *quiet, f"--user-data-dir={home}", "--virtual-time-budget=3000", "--dump-dom"]
            done = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=300, check=True)
        html = BeautifulSoup(done.stdout, "html.parser").html
        assert html is not None, done.stderr[-500:]
        return html.has_attr(MARK)

    return acts


_FOUND = [path for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (path := shutil.which(name))]
READERS: dict[str, Reader] = {"parser": _parser} | {Path(path).name: _browser(path) for path in _FOUND[:1]}
