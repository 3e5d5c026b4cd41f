"""The command line: arguments in, exit codes and text out."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.build import new_assignment
from autograder.gradebook import CourseGradebook, database_url

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.courses", "tests.commands"]

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
REPOSITORY = Path(__file__).resolve().parents[1]
BROKEN_CHECK = ('expect.unharmed(x, after[0], what="x")', "raise KeyError")


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

    @pytest.mark.parametrize(
        "arguments",
        [
            ["grade", "nowhere"],
            ["grade"],
            ["grade", "submitted", "--jobs", "-1"],
            ["grade", "submitted", "--seed", "x"],
            ["grade", "submitted", "--device", "gpu"],
            ["grade", "submitted", "--course", "submitted"],
            ["grad", "submitted"],
            ["grade", "submitted", "--unknown"],
            ["grade", "submitted", "--assignment", "chain", "--course", "nowhere"],
            ["audit", "other"],
            ["build", "other"],
            ["new"],
            ["new", "No Id"],
            ["new", "chain"],
            ["demo", "other"],
            ["report"],
            ["report", "other"],
        ],
    )
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
        again = seq2grade("report", "chain", "--into", "again", "--json", "again.json")
        assert again.code == 0
        assert "class report: again/chain/class.html" in again.out
        assert (course.root / "again" / "chain" / "feedback" / "ada" / "feedback.html").is_file()
        assert json.loads((course.root / "again.json").read_text())["submissions"][0]["total"] == 6

    def test_names_are_printed_as_they_are(self, course: Demo, seq2grade: Command) -> None:
        """A student called [red] does not paint the terminal, and a bracket that is never closed breaks nothing."""
        for name in ("[red]x", "[unclosed"):
            course.hand_in(name, "{", "chain")
        ran = seq2grade("grade", "submitted")
        assert ran.code == 0
        assert "[red]x" in ran.out
        assert "[unclosed" in ran.out

    @pytest.mark.parametrize(("option", "place"), [("--json", "file/x.json"), ("--json", "."), ("--report", "file")])
    def test_a_place_that_takes_nothing_ends_with_two(
        self, course: Demo, seq2grade: Command, option: str, place: str
    ) -> None:
        """2 before anything is graded, with the place."""
        course.hand_in("ada", course.solved("chain"), "chain")
        (course.root / "file").write_text("in the way")
        ran = seq2grade("grade", "submitted", option, place)
        assert (ran.code, ran.out) == (2, "")
        assert f"cannot be written to {place}" in ran.err

    def test_what_could_not_be_saved_ends_with_one(self, course: Demo, seq2grade: Command, tmp_path: Path) -> None:
        """1, a line on stderr, and the results."""
        course.hand_in("ada", course.solved("chain"), "chain")
        (course.root / "autograded").write_text("in the way")
        ran = seq2grade("grade", "submitted", "--json", tmp_path / "r.json")
        assert ran.code == 1
        assert ran.err.startswith("seq2grade: autograded/ was not written for ada: ")
        assert len(ran.err.splitlines()) == 1
        assert json.loads((tmp_path / "r.json").read_text())["submissions"][0]["score"] == 6

    def test_without_isolation_it_is_said(self, course: Demo, seq2grade: Command) -> None:
        """--sandbox none: one line that students can read the course."""
        course.hand_in("ada", course.solved("chain"), "chain")
        ran = seq2grade("grade", "submitted", "--sandbox", "none")
        assert ran.code == 0
        assert "can read the course" in ran.err

    def test_an_error_that_should_not_be_is_one_line(
        self, course: Demo, seq2grade: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """2, and no traceback."""
        course.hand_in("ada", course.solved("chain"), "chain")

        def broken(*_: object) -> None:
            raise TypeError("what now")

        monkeypatch.setattr("autograder.batch.run", broken)
        ran = seq2grade("grade", "submitted")
        assert ran.code == 2
        assert "TypeError: what now (test_cli.py:" in ran.err
        assert "Traceback" not in ran.err

    def test_no_sandbox_ends_with_three(self, demo: Demo, seq2grade: Command) -> None:
        """3 when the sandbox that was asked for cannot be had."""
        ran = seq2grade("grade", demo.root / "submitted", "--course", demo.root, "--sandbox", "moon")
        assert ran.code == 3
        assert "moon" in ran.err


def test_as_a_process(demo: Demo, sandbox: str) -> None:
    """The installed command, for real: JSON alone on stdout, the table alone on stderr, no trace of progress."""
    demo.hand_in("ada", demo.solved("chain", square="print('x' * 100)\ndef square(x):\n    return 2 * x"), "chain")
    command = [
        sys.executable,
        "-c",
        "from autograder.cli import main; main()",
        "grade",
        "submitted",
        "--json",
        "-",
        "--sandbox",
        sandbox,
        "--seed",
        "3",
    ]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run(command, cwd=demo.root, env=environment, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    (result,) = json.loads(ran.stdout)["submissions"]
    assert (result["student"], result["score"], result["seed"]) == ("ada", 4, 3)
    lines = [line for line in ran.stderr.splitlines() if line.strip()]
    assert len(lines) <= 5, ran.stderr
    assert "\x1b" not in ran.stderr
    assert "\r" not in ran.stderr
    assert "4 / 6" in ran.stderr


class TestDevice:
    """`--device`, and `device` in assignment.toml, on a machine without a GPU."""

    @pytest.fixture(autouse=True)
    def no_gpu(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("torch.cuda.is_available", lambda: False)

    @pytest.mark.parametrize("command", [["grade", "submitted"], ["build"], ["audit"]])
    def test_a_missing_gpu_ends_with_two(self, course: Demo, seq2grade: Command, command: list[str]) -> None:
        """2, before anything is graded or written, whether the command line or an assignment asks for it."""
        course.hand_in("ada", course.solved("chain"), "chain")
        asked = seq2grade(*command, "--device", "cuda")
        assert (asked.code, asked.out) == (2, "")
        assert "--device cuda: torch" in asked.err
        course.edit("assignment.toml", "minutes = 10", 'minutes = 10\ndevice = "cuda"', "chain")
        wanted = seq2grade(*command)
        assert (wanted.code, wanted.out) == (2, "")
        assert 'chain: device = "cuda" in assignment.toml' in wanted.err

    def test_the_command_line_wins_and_it_is_said(self, course: Demo, seq2grade: Command, tmp_path: Path) -> None:
        """Graded on the CPU as asked, with a line; the results name the device."""
        course.edit("assignment.toml", "minutes = 10", 'minutes = 10\ndevice = "cuda"', "chain")
        course.hand_in("ada", course.solved("chain"), "chain")
        course.hand_in("bob", "{", "chain")
        ran = seq2grade("grade", "submitted", "--device", "cpu", "--json", tmp_path / "r.json")
        assert ran.code == 0
        assert 'chain says device = "cuda" in its assignment.toml; it ran on cpu' in ran.out
        graded = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["submissions"]
        assert {one["student"]: one["device"] for one in graded} == {"ada": "cpu", "bob": ""}


@pytest.mark.parametrize("command", [["build"], ["audit"], ["grade", "x.ipynb"], ["demo"], ["train"], ["coverage"]])
def test_outside_a_course_it_is_said(
    tmp_path: Path, seq2grade: Command, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """2, the folder, and what to do."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ipynb").write_text("{}")
    ran = seq2grade(*command)
    assert (ran.code, ran.out) == (2, "")
    assert f"no assignments in {tmp_path}: " in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["x.ipynb"]


def test_the_demo_names_what_could_be_shown(course: Demo, seq2grade: Command) -> None:
    """In a course without the usual assignment: where it is, and which ones are here."""
    ran = seq2grade("demo")
    assert ran.code == 2
    assert "a clone of the repository" in ran.err
    assert "(chain, demo)" in ran.err


def test_versions(seq2grade: Command) -> None:
    """--version: a line each for our packages and those that decide what is computed and saved."""
    ran = seq2grade("--version")
    assert (ran.code, ran.err) == (0, "")
    names = [line.split(" ")[0] for line in ran.out.splitlines()]
    assert names == ["seq2grade", "seq2grade-kit", "torch", "nbgrader", "python"]
    assert f"torch {version('torch')}\n" in ran.out


@pytest.mark.long
def test_the_readme_can_be_copied(course: Demo, seq2grade: Command) -> None:
    """README's everyday use, line by line as it stands; nbgrader's own commands are tried in tests/nbgrader, doctor
    in test_cli_authoring."""
    lines = re.search(r"## Everyday use.*?```sh\n(.*?)```", README, re.DOTALL)[1].splitlines()
    tried = set()
    for line in lines:
        command, *arguments = shlex.split(line, comments=True)
        if command == "seq2grade" and arguments != ["doctor"]:
            assert seq2grade(*arguments).code == 0, line
            tried.add(arguments[0])
        elif command not in ("seq2grade", "nbgrader"):
            subprocess.run([command, *arguments], check=True)
    assert tried == {"new", "build", "audit", "show", "try", "grade", "status", "explain", "verify", "report"}
    assert (course.root / "reports" / "attention_basics" / "feedback" / "ada" / "feedback.html").is_file()
    assert (course.root.parent / "my_course" / "nbgrader_config.py").is_file()


def test_help_names_every_command(seq2grade: Command) -> None:
    """--help ends with 0 and lists what there is; no arguments at all show the same."""
    for arguments in (["--help"], []):
        ran = seq2grade(*arguments)
        assert ran.code == (0 if arguments else 2)
        for name in (
            "new",
            "import",
            "build",
            "try",
            "audit",
            "show",
            "grade",
            "status",
            "report",
            "export",
            "train",
            "coverage",
            "doctor",
            "demo",
        ):
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
