"""An autograder for otter, made by its own `otter generate`, in which a plugin of ours grades."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from otter.generate import main as generate

from autograder.assignment import Item

PLUGIN = "autograder.export.otter_plugin.Plugin"
_HOME = "/autograder/source"  # where otter unpacks it, in Gradescope's images and in its own

# No verdict is never a pass: where the plugin did not run, otter finds tests that fail.
_TEST = '''OK_FORMAT = False

from otter.test_files import test_case

name = {name!r}
points = {points!r}


@test_case(name="graded by seq2grade")
def graded_elsewhere(env):
    """The plugin named in otter_config.json puts its verdicts in the place of this one."""
    raise AssertionError("This was not graded: otter ran without the plugin of seq2grade.")
'''


def archive(
    assignment: str,
    points: Mapping[str, float],
    wheels: Mapping[str, bytes],
    course: Mapping[str, bytes],
    index: str = "",
) -> bytes:
    """autograder.zip for `otter run`, `otter grade` and Gradescope. `points` by item that is graded by checks;
    `wheels`, `course` and `index` as for Gradescope's own zip."""
    config = {
        "lang": "python",
        "show_all_public": True,
        "plugins": [{PLUGIN: {"assignment": assignment}}],
    }
    needed = [f"--extra-index-url {index}"] if index else []
    needed += [f"{_HOME}/wheels/{name}" for name in sorted(wheels)]
    with tempfile.TemporaryDirectory(prefix="seq2grade-") as work:
        place = Path(work)
        tests = place / "tests"
        tests.mkdir()
        for name, worth in points.items():
            (tests / f"{name}.py").write_text(_TEST.format(name=name, points=worth), encoding="utf-8")
        (place / "otter_config.json").write_text(json.dumps(config), encoding="utf-8")
        (place / "requirements.txt").write_text("\n".join(needed) + "\n", encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()):
            generate(
                tests_dir=str(tests),
                output_path=str(place / "autograder.zip"),
                config=str(place / "otter_config.json"),
                requirements=str(place / "requirements.txt"),
                no_environment=True,
                python_version=f"{sys.version_info.major}.{sys.version_info.minor}",
            )
        with zipfile.ZipFile(place / "autograder.zip", "a", zipfile.ZIP_DEFLATED) as packed:
            # Not among otter's own `files`: those it lays beside the student's notebook.
            for folder, content in (("wheels", wheels), ("course", course)):
                for name, data in sorted(content.items()):
                    packed.writestr(f"{folder}/{name}", data)
        return (place / "autograder.zip").read_bytes()


def points_of(items: Iterable[Item], release: Mapping[str, Any]) -> dict[str, float]:
    """Item -> points, of those that checks grade, as the released notebook says."""
    marks = [cell["metadata"].get("nbgrader", {}) for cell in release["cells"]]
    worth = {mark.get("grade_id"): float(mark.get("points") or 0) for mark in marks}
    return {item.id: worth.get(item.tests, 0.0) for item in items if item.tests}
