"""Building and auditing where no sandbox can be made: another system than Linux, as far as that can be told here."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import publish
from autograder.cli import app
from autograder.errors import SandboxUnavailable
from autograder.sandbox.client import Zygote
from tests.courses import CHAIN, write_sections

LUCKY = '    expect.true(float(draw.uniform(0.0, 1.0)) > 0.4, "square(x) should be lucky")\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course on a Mac. Nothing here may start a sandbox."""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.delenv("SEQ2GRADE_DB", raising=False)
    monkeypatch.setattr(Zygote, "start", lambda self: pytest.fail("no sandbox here"))
    write_sections(CHAIN, tmp_path / "assignments" / "chain")
    files = tmp_path / "assignments" / "chain" / "files"
    files.mkdir()
    (files / "rows.csv").write_text("1,2", encoding="utf-8")
    reads = "import pathlib, torch\nrows = pathlib.Path('rows.csv').read_text()\n"
    edit(tmp_path, "notebook.py", "import torch\n", reads)
    return tmp_path


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "assignments" / "chain" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.long
def test_build_and_audit_work_elsewhere(root: Path) -> None:
    """`--sandbox none` builds, audits, and finds what is wrong; without it the message says what to do."""
    with pytest.raises(SandboxUnavailable, match=r"Darwin.*work here with --sandbox none"):
        list(publish.build(root, ()))
    (report,) = publish.build(root, (), sandbox="none")
    assert (report.summary, report.problems) == ("2 items, 4 checks, 6 points; right at 8 seeds; 6 files changed", ())
    ran = CliRunner().invoke(app, ["audit", "--sandbox", "none", "--course", str(root)])
    assert (ran.exit_code, "chain: 4 mistakes and alternatives, 0 problems" in ran.stdout) == (0, True)
    edit(root, "checks.py", "    expect.close(student.square", LUCKY + "    expect.close(student.square")
    edit(root, "checks.py", '    expect.unharmed(x, after[0], what="x")\n', "")
    edit(root, "notebook.py", "# # Lengths", "# # Longer")
    before = (root / "release" / "chain" / "chain.ipynb").read_bytes()
    (report,) = publish.build(root, (), sandbox="none")
    told = "\n".join(report.problems)
    assert " of 8 seeds: square(x) should be lucky" in told or "entries_are_squared: square(x) should be" in told
    assert "vector_is_unharmed passes whatever the student's code returns" in told
    edit(root, "notebook.py", "torch\nrows", "torch\nimport no_such_package\nrows")
    (report,) = publish.build(root, (), sandbox="none")
    assert report.problems == (
        "the reference solution cell setup does not run (notebook.py, line 6): "
        "ModuleNotFoundError: No module named 'no_such_package'",
    )
    assert (root / "release" / "chain" / "chain.ipynb").read_bytes() == before
    shutil.rmtree(root / "solutions")
    assert CliRunner().invoke(app, ["audit", "--sandbox", "none", "--course", str(root)]).exit_code != 0
