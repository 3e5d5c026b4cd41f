"""`python -m seq2kit check` in real kernels: public tests, limits, and the surroundings that the grader has."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from seq2kit import __main__ as command
from seq2kit import dryrun, graded_kernel
from seq2kit.checkpoints import stamped
from seq2kit.handin import pack

from autograder.sandbox import client, outputs
from tests.kit.sample_homework import LIMITS, filled, save

SURROUNDINGS = """
import os, urllib.request
assert os.environ["SEQ2GRADE_GRADING"] == "load" and "SEQ2GRADE_PROFILE" not in os.environ
assert sorted(os.listdir()) == ["hw.ipynb", "named.txt"] and open("named.txt").read() == "here"
try:
    urllib.request.urlopen("http://192.0.2.1/", timeout=60)
except OSError as error:
    assert "no network" in str(error)
try:
    big = bytearray(3 * 2**30)
    raise AssertionError("no limit")
except MemoryError:
    pass
print("x" * 100_000)
"""


def test_the_surroundings_are_the_graders() -> None:
    """Every setting that a graded notebook sees and a student's machine can give, with the same value."""
    own = graded_kernel.environment({"SEQ2GRADE_PROFILE": "fast"}, "nowhere", 10, "")
    theirs = client._environment("cpu", False)
    machine = {"PATH", "HOME", "LANG", "LC_ALL"}
    # nothing but time hangs on the first; the second is where it is without being told
    machine |= {"GLIBC_TUNABLES", "SEQ2KIT_CACHE"}
    assert {name: own.get(name) for name in theirs.keys() - machine} == {
        name: value for name, value in theirs.items() if name not in machine
    }
    assert "SEQ2GRADE_PROFILE" not in own
    assert dryrun.WHOLE == outputs.WHOLE


def test_each_item_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Passed, failed with the test's own message, stopped after the time limit; cells after a failure run; what is not
    handed in is not there."""
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "fast")
    (tmp_path / "beside.txt").write_text("not named")
    (tmp_path / "named.txt").write_text("here")
    notebook = filled(SURROUNDINGS, two="def two(x):\n    return 5", three="def three(x):\n    while True: pass")
    save(tmp_path, notebook)
    assert command.main(["check", "--json", str(tmp_path)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(item["id"], item["state"], item["message"]) for item in told["items"]] == [
        ("one", "passed", ""),
        ("two", "failed", "AssertionError: two of 2 is 4"),
        ("three", "failed", f"stopped after {LIMITS['cell_seconds']:.0f} s"),
        ("why", "a person grades it", ""),
    ]
    assert [one["text"] for one in told["remarks"]] == [
        "Your own cell (number 10) prints more than the 64 kB that are kept of a cell."
    ]
    assert not told["fine"]


def test_what_ends_the_process_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything after it did not run, and the cell is named; an untouched answer is called that."""
    notebook = filled(two="import os\nos._exit(3)", three=filled()["cells"][0]["source"])
    notebook["cells"][6]["source"] = ""
    save(tmp_path, notebook)
    assert command.main(["check", str(tmp_path / "hw.ipynb")]) == 1
    said = capsys.readouterr().out
    assert "✓ One    passed" in said
    assert "? Two    not run: the process had ended" in said
    assert "○ Three  not answered" in said
    assert "Cell two stops: the process ended here" in said
    assert "Public tests: 1 of 3 items passed." in said


def test_weights_remember_the_notebook_that_made_them(tmp_path: Path) -> None:
    """In a real kernel: the model's class and what it uses, and nothing that merely stands there."""
    cells = [
        "import os, torch\nfrom seq2kit import checkpoints\nfrom seq2kit.training import Run",
        f"os.chdir({str(tmp_path)!r})",
        "def scaled(x):\n    return 2 * x\ndef unrelated():\n    pass",
        "%matplotlib inline\nclass Layer(torch.nn.Linear):\n    def forward(self, x):\n        return scaled(x)",
        "checkpoints.train_or_load('m', Layer(2, 2), lambda model: Run(model, (1.0,), (1.0,), 0, 1, 0.1))",
    ]
    train = "import os\nos.environ['SEQ2GRADE_GRADING'] = ''"
    limits = {**LIMITS, "cell_seconds": 60.0}
    work = replace(save(tmp_path, filled(train, *cells)), limits=limits)
    assert [one.message for one in dryrun.run(work, {}) if one.status != "ok"] == []
    assert set(stamped(tmp_path / "checkpoints/m.safetensors")["code"]) == {"Layer", "scaled"}
    told = [one.text for one in pack(work).remarks if one.kind == "problem"]
    assert told == []
    changed = save(tmp_path, filled(*(cell.replace("2 * x", "3 * x") for cell in cells)))
    assert "scaled changed" in pack(changed).remarks[0].text


def test_without_jupyter_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kit alone reads and packs notebooks; running one needs the rest."""
    monkeypatch.setitem(__import__("sys").modules, "nbclient", None)
    with pytest.raises(dryrun.NoKernel, match=r"seq2grade-kit\[notebook\]"):
        dryrun.run(save(tmp_path, filled()), {})


def test_no_notebook_is_an_error_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and a sentence, no traceback."""
    assert command.main(["check", str(tmp_path)]) == 2
    assert "no notebook of the course" in capsys.readouterr().err
