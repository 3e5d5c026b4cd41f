"""The first cell of a notebook: what it needs, said in one sentence; and the same numbers everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from seq2kit import ready

from autograder.authoring import tomllib

ROOT = Path(__file__).resolve().parents[2]
RELEASES = sorted(ROOT.glob("release/*/*.ipynb"))


def first_code(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def floors(text: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="([\d.]+)"', text.split("ready.check(")[1]))


def required(path: str) -> dict[str, str]:
    found = tomllib.loads((ROOT / path).read_text(encoding="utf-8"))["project"]["dependencies"]
    return {m[1]: m[2] for one in found if (m := re.match(r"([\w-]+)>=([\d.]+)", one))}


@pytest.mark.parametrize(("version", "parts"), [("2.13.0+cpu", (2, 13, 0)), ("2.6.0rc1", (2, 6, 0)), ("?", ())])
def test_a_version_is_compared_by_its_numbers(version: str, parts: tuple[int, ...]) -> None:
    """What builds and candidates append says nothing about old or new."""
    assert ready.numbers(version) == parts


def test_what_is_missing_or_old_is_named_with_the_remedy() -> None:
    """All of it in one sentence, with the command that installs it into this very kernel."""
    with pytest.raises(ready.NotReady) as raised:
        ready.check('pip install "x"', torch="99.1", numpy="1.0", no_such_package="3")
    said = str(raised.value)
    assert "torch is 2." in said
    assert "99.1 or newer is needed; no_such_package is missing" in said
    assert "numpy" not in said
    assert '%pip install --upgrade "x"' in said


def test_it_takes_a_moment_and_imports_nothing() -> None:
    """Versions are read from what pip wrote down, so the cell costs no time in the grader either."""
    code = (
        "import sys, time, seq2kit.ready as ready; begin = time.process_time()\n"
        "ready.check(kit='0.1', torch='2.6', numpy='1.26', transformers='4.50')\n"
        "assert time.process_time() - begin < 1 and not {'torch', 'numpy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stderr == ""
    assert done.stdout.startswith("Ready: kit 0.")


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_each_notebook_begins_with_it(path: Path) -> None:
    """The first code of every release names the install line and the floors of the kit's own requirements."""
    code = first_code(path)
    assert 'pip install "seq2grade-kit[notebook]"' in code
    told, kit = floors(code), required("kit/pyproject.toml")
    assert {"kit", "torch", "numpy"} <= told.keys()
    uses = "transformers" in path.read_text(encoding="utf-8").replace(code, "")
    assert ("transformers" in told) == (uses and path.stem in ("bert_finetuning", "clip_prompting"))
    version = tomllib.loads((ROOT / "kit/pyproject.toml").read_text())["project"]["version"]
    assert version.startswith(told.pop("kit"))
    assert told == {name: kit[name] for name in told}


def test_a_notebook_without_the_kit_says_what_to_install() -> None:
    """Not a bare ModuleNotFoundError with a traceback through nowhere."""
    code = "import sys; sys.modules['seq2kit'] = None\n" + first_code(RELEASES[0])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    last = done.stderr.strip().splitlines()[-1]
    assert '%pip install "seq2grade-kit[notebook]"' in last
    assert "During handling" not in done.stderr


def test_one_floor_of_torch_everywhere() -> None:
    """Kit, grader, notebooks and pages ask for the same torch."""
    found = {required("kit/pyproject.toml")["torch"], required("pyproject.toml")["torch"]}
    found |= {floors(first_code(path))["torch"] for path in RELEASES}
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found |= set(re.findall(r"torch(?: from |>=| )(\d+\.\d+)(?![.\d])", text))  # 2.6.1+cpu is what one machine had
    assert found == {"2.6"}
