"""The command line: arguments in, exit codes and text out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder import cli
from autograder.build import new_assignment
from autograder.gradebook import CourseGradebook, database_url

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]

REPOSITORY = Path(__file__).resolve().parents[1]
BROKEN_CHECK = ('expect.unharmed(x, after[0], what="x")', "raise KeyError")


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code and the two streams."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def seq2grade(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the console script in this process, with the arguments as typed."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["seq2grade", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def course(demo: Demo, monkeypatch: pytest.MonkeyPatch, warm: object) -> Demo:
    """The test's course as current folder; commands share the warm process."""
    monkeypatch.chdir(demo.root)
    return demo


class TestGrade:
    """`seq2grade grade`."""

    def test_good_work_ends_with_zero(self, course: Demo, seq2grade: Command) -> None:
        """0, a line per student, the place of the gradebook, and nothing on stderr."""
        course.hand_in("ada", course.solved("chain"), "chain")
        ran = seq2grade("grade", "submitted", "--seed", 1)
        assert (ran.code, ran.err) == (0, "")
        assert "ada" in ran.out
        assert "6 / 6" in ran.out
        assert f"gradebook: sqlite:///{course.root / 'gradebook.db'}" in ran.out

    def test_wrong_work_is_no_error_of_ours(self, course: Demo, seq2grade: Command) -> None:
        """Failing students, and files that are no notebooks, are results: 0."""
        course.hand_in("ada", course.notebook("release", "chain"), "chain")
        course.hand_in("bob", "{", "chain")
        ran = seq2grade("grade", "submitted")
        assert ran.code == 0
        assert ran.out.count("0 / 6") == 2

    def test_points_that_could_not_be_checked_end_with_one(self, course: Demo, seq2grade: Command) -> None:
        """1 when a check of ours broke."""
        course.edit("checks.py", *BROKEN_CHECK, "chain")
        course.hand_in("ada", course.solved("chain"), "chain")
        assert seq2grade("grade", "submitted").code == 1

    def test_what_belongs_to_no_assignment_ends_with_one(self, course: Demo, seq2grade: Command) -> None:
        """1 when a submission has no grade at all, with its name."""
        path = course.root / "who.ipynb"
        path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8")
        ran = seq2grade("grade", path)
        assert ran.code == 1
        assert "not graded: who" in ran.out
        assert seq2grade("grade", path, "--assignment", "chain").code == 0

    @pytest.mark.parametrize("arguments", [
        ["grade", "nowhere"], ["grade"], ["grade", "submitted", "--jobs", "-1"], ["grade", "submitted", "--seed", "x"],
        ["grade", "submitted", "--device", "gpu"], ["grade", "submitted", "--course", "submitted"],
        ["grad", "submitted"],
        ["grade", "submitted", "--unknown"], ["grade", "submitted", "--assignment", "chain", "--course", "nowhere"],
        ["audit", "other"], ["build", "other"], ["new", "No Id"], ["new", "chain"], ["demo", "other"],
    ])
    def test_wrong_arguments_end_with_two(self, arguments: list[str], course: Demo, seq2grade: Command) -> None:
        """2, and an explanation on stderr, never a traceback."""
        course.hand_in("ada", course.solved("chain"), "chain")
        ran = seq2grade(*arguments)
        assert ran.code == 2
        assert ran.err.strip()
        assert "Traceback" not in ran.err + ran.out

    def test_results_go_to_a_file(self, course: Demo, seq2grade: Command, tmp_path: Path) -> None:
        """--json writes the documented results, making folders as needed, beside the table."""
        course.hand_in("ada", course.solved("chain"), "chain")
        target = tmp_path / "deep" / "results.json"
        ran = seq2grade("grade", "submitted", "--json", target, "--seed", 5)
        results = json.loads(target.read_text(encoding="utf-8"))
        assert results["schema"] == "seq2grade-results/1"
        assert [(s["student"], s["score"], s["seed"]) for s in results["submissions"]] == [("ada", 6, 5)]
        assert "ada" in ran.out

    def test_results_on_stdout_stand_alone(self, course: Demo, seq2grade: Command) -> None:
        """--json - prints results and nothing else on stdout; the table goes to stderr."""
        course.hand_in("ada", course.solved("chain"), "chain")
        ran = seq2grade("grade", "submitted", "--json", "-")
        assert json.loads(ran.out)["submissions"][0]["student"] == "ada"
        assert "6 / 6" in ran.err

    def test_a_lone_notebook_leaves_the_gradebook_alone(self, course: Demo, seq2grade: Command) -> None:
        """Only folders are saved, unless it is asked for."""
        path = course.hand_in("ada", course.solved("chain"), "chain").path
        assert "gradebook" not in seq2grade("grade", path).out
        assert "gradebook" not in seq2grade("grade", "submitted", "--no-gradebook").out
        with CourseGradebook(database_url(course.root)) as book:
            assert book.scores("chain") == ()
        assert "gradebook" in seq2grade("grade", path, "--gradebook").out
        with CourseGradebook(database_url(course.root)) as book:
            assert [row.student for row in book.scores("chain")] == ["ada"]

    def test_reports_are_written_where_asked(self, course: Demo, seq2grade: Command) -> None:
        """--report writes pages, and says where the class report is."""
        course.hand_in("ada", course.solved("chain"), "chain")
        ran = seq2grade("grade", "submitted", "--report", "out")
        assert "class report: out/chain/class.html" in ran.out
        assert (course.root / "out" / "chain" / "feedback" / "ada" / "feedback.html").is_file()

    def test_names_are_printed_as_they_are(self, course: Demo, seq2grade: Command) -> None:
        """A student called [red] does not paint the terminal, and a bracket that is never closed breaks nothing."""
        for name in ("[red]x", "[unclosed"):
            course.hand_in(name, "{", "chain")
        ran = seq2grade("grade", "submitted")
        assert ran.code == 0
        assert "[red]x" in ran.out
        assert "[unclosed" in ran.out

    def test_no_sandbox_ends_with_three(self, demo: Demo, seq2grade: Command) -> None:
        """3 when the sandbox that was asked for cannot be had."""
        ran = seq2grade("grade", demo.root / "submitted", "--course", demo.root, "--sandbox", "moon")
        assert ran.code == 3
        assert "moon" in ran.err


def test_as_a_process(demo: Demo, sandbox: str) -> None:
    """The installed command, for real: JSON alone on stdout, the table alone on stderr, no trace of progress."""
    demo.hand_in("ada", demo.solved("chain", square="print('x' * 100)\ndef square(x):\n    return 2 * x"), "chain")
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "submitted", "--json", "-",
               "--sandbox", sandbox, "--seed", "3"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run(command, cwd=demo.root, env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    (result,) = json.loads(ran.stdout)["submissions"]
    assert (result["student"], result["score"], result["seed"]) == ("ada", 4, 3)
    lines = [line for line in ran.stderr.splitlines() if line.strip()]
    assert len(lines) <= 4, ran.stderr
    assert "\x1b" not in ran.stderr
    assert "\r" not in ran.stderr
    assert "4 / 6" in ran.stderr


class TestAuthoring:
    """`new`, `build`, `audit`, `coverage`."""

    def test_new_writes_an_assignment_that_builds(self, course: Demo, seq2grade: Command) -> None:
        """`new`, `build` and `build --check` in a row end with 0."""
        ran = seq2grade("new", "fresh")
        assert ran.code == 0
        assert ran.out.splitlines()[0] == str(Path("assignments/fresh"))
        assert "seq2grade build fresh" in ran.out
        built = seq2grade("build", "fresh")
        assert (built.code, built.err) == (0, "")
        assert "✓ fresh: 3 items, 5 checks, 6 points; 3 files changed" in built.out
        assert seq2grade("build", "--check").code == 0

    def test_new_keeps_what_is_there(self, course: Demo, seq2grade: Command) -> None:
        """An id that is taken is refused, and its folder stays as it was."""
        course.edit("notebook.py", "# # Lengths", "# # Mine", "chain")
        assert seq2grade("new", "chain").code == 2
        assert "Mine" in (course.root / "assignments" / "chain" / "notebook.py").read_text(encoding="utf-8")

    def test_drift_ends_with_one(self, course: Demo, seq2grade: Command) -> None:
        """build --check ends with 1 when a notebook differs from its text, and names it on a line of its own."""
        course.edit("notebook.py", "# # Lengths", "# # Longer", "chain")
        ran = seq2grade("build", "--check")
        assert ran.code == 1
        assert "✗ chain: drifted" in ran.out
        lines = ran.out.splitlines()
        assert "    release/chain/chain.ipynb differs from its source text: run `seq2grade build`" in lines
        assert "✓ demo: up to date" in ran.out

    def test_a_broken_build_ends_with_one(self, course: Demo, seq2grade: Command) -> None:
        """A solution that fails its own checks is not written."""
        before = course.notebook("release", "chain")
        course.edit("notebook.py", "return x * x", "return x + x", "chain")
        ran = seq2grade("build", "chain")
        assert ran.code == 1
        assert "✗ chain: not written" in ran.out
        assert course.notebook("release", "chain") == before

    def test_an_audit_of_a_good_assignment_ends_with_zero(
        self, course: Demo, seq2grade: Command, tmp_path: Path
    ) -> None:
        """0, a matrix for each item, and the same as data."""
        ran = seq2grade("audit", "chain", "--json", tmp_path / "audit.json", "--seed", 2)
        assert (ran.code, ran.err) == (0, "")
        assert "3 mistakes, 3 explained to the student by name; 1 alternatives; 0 problems" in ran.out
        (data,) = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
        assert (data["assignment"], data["problems"], data["idle"]) == ("chain", [], [])
        assert {case["case"] for case in data["cases"] if case["kind"] == "mistake"} == {
            "doubles", "squares_in_place", "forgets_the_root"}

    def test_an_audit_with_problems_ends_with_one(self, course: Demo, seq2grade: Command) -> None:
        """1, and each problem in words."""
        course.edit("checks.py", 'expect.unharmed(x, after[0], what="x")', "pass", "chain")
        ran = seq2grade("audit", "chain")
        assert ran.code == 1
        assert "squares_in_place: not caught by vector_is_unharmed" in " ".join(ran.out.split())

    def test_an_audit_needs_a_build(self, course: Demo, seq2grade: Command) -> None:
        """Without the built solution the error names the command that makes it."""
        (course.root / "solutions" / "chain" / "chain.ipynb").unlink()
        ran = seq2grade("audit", "chain")
        assert ran.code == 2
        assert "seq2grade build chain" in ran.err

    def test_coverage_is_written_and_checked(self, course: Demo, seq2grade: Command) -> None:
        """--check ends with 1 and writes nothing until the page is up to date."""
        (course.root / "docs").mkdir()
        (course.root / "docs" / "source_ids.txt").write_text("# One\ns1 lengths\n", encoding="utf-8")
        assert (seq2grade("coverage", "--check").code, (course.root / "docs" / "coverage.md").exists()) == (1, False)
        assert "written" in seq2grade("coverage").out
        ran = seq2grade("coverage", "--check")
        assert (ran.code, ran.out.strip()) == (0, "docs/coverage.md is up to date")


class TestDoctor:
    """`seq2grade doctor`."""

    def test_what_a_machine_offers(self, seq2grade: Command, sandbox: str) -> None:
        """0 when a sandbox could be started, with a line for each thing that was looked at."""
        ran = seq2grade("doctor", "--sandbox", sandbox)
        assert ran.code == 0
        for what in ("python", "torch", "nbgrader", "sandbox namespaces", "memory limit", "trial run"):
            assert what in ran.out

    def test_a_sandbox_that_cannot_be_had_ends_with_three(self, seq2grade: Command) -> None:
        """3 when the trial run fails."""
        ran = seq2grade("doctor", "--sandbox", "moon")
        assert ran.code == 3
        assert "moon" in ran.out


def test_help_names_every_command(seq2grade: Command) -> None:
    """--help ends with 0 and lists what there is; no arguments at all show the same."""
    for arguments in (["--help"], []):
        ran = seq2grade(*arguments)
        assert ran.code == (0 if arguments else 2)
        for name in ("new", "build", "grade", "audit", "coverage", "doctor", "demo"):
            assert name in ran.out + ran.err


def test_importing_the_command_line_is_quick() -> None:
    """`seq2grade --help` imports neither torch nor nbgrader."""
    code = "import sys, autograder.cli; print(sorted({'torch', 'nbgrader', 'numpy', 'sqlalchemy'} & set(sys.modules)))"
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_new_needs_no_sandbox(tmp_path: Path, seq2grade: Command) -> None:
    """Authoring starts anywhere, and gives what new_assignment gives."""
    assert seq2grade("new", "first", "--course", tmp_path / "a").code == 0
    other = new_assignment(tmp_path / "b", "first")
    names = sorted(str(p.relative_to(other)) for p in other.rglob("*"))
    first = tmp_path / "a" / "assignments" / "first"
    assert sorted(str(p.relative_to(first)) for p in first.rglob("*")) == names
