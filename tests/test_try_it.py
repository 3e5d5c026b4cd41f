"""The pages that tell how to begin: their commands are run as they stand."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from autograder.model import Status

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "try-it.md").read_text(encoding="utf-8")
INSTALL = "pip install "


def blocks(page: str) -> list[str]:
    """The shell blocks of a page, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def build_wheels(folder: Path) -> list[Path]:
    """Both wheels from a copy of what makes them: a build leaves folders of its own behind."""
    tree = folder / "tree"
    caches = shutil.ignore_patterns("__pycache__", "*.egg-info", "build/lib", ".*_cache")
    for name in ("autograder", "kit"):
        shutil.copytree(ROOT / name, tree / name, ignore=caches)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(tree), str(tree / "kit")], check=True)
    return sorted(folder.glob("*.whl"))


def install(wheels: list[Path], folder: Path) -> Path:
    """A virtual environment with these wheels and the other packages of this one; returns its folder of commands. What
    is installed here as a link to the checkout is not followed from there."""
    venv.create(folder, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", *map(str, wheels)], check=True)
    (site,) = (folder / "lib").glob("python*/site-packages")
    others = [path for path in sys.path if path.endswith("site-packages")]
    (site / "others.pth").write_text("\n".join(others) + "\n")
    command = folder / "bin" / "nbgrader"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(str(folder / "bin" / "python"))} -m nbgrader "$@"\n')
    command.chmod(0o755)
    return folder / "bin"


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of the installed wheels lie."""
    folder = tmp_path_factory.mktemp("wheels")
    return install(build_wheels(folder), folder / "venv")


def run(script: str, commands: Path, place: Path) -> subprocess.CompletedProcess[str]:
    """A shell script in `place`, with the installed commands before all others and nothing of the checkout in sight."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SEQ2GRADE"))}
    shared = [os.environ.get("JUPYTER_PATH", ""), str(Path(sys.prefix) / "share" / "jupyter")]
    environment |= {
        "PATH": f"{commands}:/usr/bin:/bin", "HOME": str(place), "JUPYTER_PATH": ":".join(filter(None, shared)),
    }  # fmt: skip
    return subprocess.run(
        ["bash", "-euc", script], cwd=place, env=environment, timeout=900,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_from_two_wheels_to_released_feedback(commands: Path, tmp_path: Path) -> None:
    """Every block of docs/try-it.md runs; the mistake is caught and explained, and the student gets the page."""
    shown = blocks(PAGE)
    installing = [block for block in shown if INSTALL in block]
    assert installing == shown[:1]  # what `commands` did instead, for no test downloads anything
    done = run("\n".join(shown[1:]), commands, tmp_path)
    assert done.returncode == 0, done.stdout[-6000:]
    assert str(ROOT) not in done.stdout
    (graded,) = json.loads((tmp_path / "deep-learning" / "results.json").read_text())["submissions"]
    assert (0 < graded["score"] < graded["max_score"], graded["pending"], graded["flagged"]) == (True, 0, False)
    failed = [check for item in graded["items"] for check in item["checks"] if check["status"] == Status.FAILED.value]
    assert any("temperature" in check["message"] for check in failed)
    assert (tmp_path / "deep-learning" / "reports" / "example" / "class.html").is_file()
    (page,) = (tmp_path / "student" / "example" / "feedback").rglob("example.html")
    assert "temperature" in page.read_text(encoding="utf-8")


def test_the_wheels_need_no_checkout(commands: Path, tmp_path: Path) -> None:
    """All code comes from the wheels; outside a course the demo says where to run it, in one sentence."""
    code = "import autograder, seq2kit; print(autograder.__file__, seq2kit.__file__)"
    done = run(f'python -c "{code}"; seq2grade demo || echo "ended with $?"', commands, tmp_path)
    places, told, code = done.stdout.splitlines()
    assert all(str(commands.parent) in place for place in places.split())
    assert told.startswith(f"seq2grade: no assignments in {tmp_path}: go to the course folder")
    assert code == "ended with 2"
