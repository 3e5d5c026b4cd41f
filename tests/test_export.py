"""`seq2grade export`: from what was graded to files that a school's systems take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.export.results import dumps
from autograder.model import ItemGrade, Kind
from tests.export.made import grade

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.courses", "tests.commands"]

CANVAS = "Student,ID,SIS Login ID,Section,hw (7)\n    Points Possible,,,,2\nLove,900,ada,S,\nGray,901,eve,S,\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with results of one student that are all decided, and Canvas's file."""
    monkeypatch.chdir(tmp_path)
    item = ItemGrade("one", "Sums", Kind.CODE, "one", 1.5, 2.0, "partial")
    done = grade().with_items((item,))
    (tmp_path / "results.json").write_text(dumps([done]))
    (tmp_path / "open.json").write_text(dumps([grade()]))
    (tmp_path / "canvas.csv").write_text(CANVAS)
    return tmp_path


class TestCsv:
    """`seq2grade export csv`."""

    def test_a_file_is_filled_in(self, place: Path, seq2grade: Command) -> None:
        """The score in its cell, the old file as it was, who has no result by name; 0."""
        ran = seq2grade(
            "export", "csv", "canvas.csv", "--lms", "canvas", "--out", "new.csv", "--results", "results.json"
        )
        assert (ran.code, ran.err) == (0, "")
        assert (place / "new.csv").read_text() == CANVAS.replace("ada,S,", "ada,S,1.5")
        assert (place / "canvas.csv").read_text() == CANVAS
        assert "no result for Gray" in ran.out
        assert "new.csv: 1 of 1 scores" in ran.out

    def test_names_can_be_told(self, place: Path, seq2grade: Command) -> None:
        """By a file of two columns."""
        (place / "names.csv").write_text("ada,901\n")
        where = ("--lms", "canvas", "--out", "new.csv", "--results", "results.json", "--names", "names.csv")
        assert seq2grade("export", "csv", "canvas.csv", *where).code == 0
        assert (place / "new.csv").read_text() == CANVAS.replace("eve,S,", "eve,S,1.5")

    def test_scores_that_found_no_place_end_with_one(self, place: Path, seq2grade: Command) -> None:
        """1 when a score was not written; the file is there all the same."""
        ran = seq2grade("export", "csv", "canvas.csv", "--lms", "canvas", "--out", "new.csv", "--results", "open.json")
        assert ran.code == 1
        assert (place / "new.csv").read_text() == CANVAS
        assert "could not be checked" in ran.out

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"--out": "canvas.csv"}, "is the exported file itself"),
            ({"--out": "link.csv"}, "is the exported file itself"),
            ({"--out": "."}, "that is a folder"),
            ({"--results": "canvas.csv"}, "expected results of"),
            ({"--results": "none.json"}, "none.json cannot be read"),
            ({"--assignment": "other"}, "no results of other; there are those of hw"),
            ({"--lms": "moodle"}, "no column Identifier, Grade"),
        ],
    )
    def test_wrong_arguments_lose_nothing(
        self, place: Path, seq2grade: Command, change: dict[str, str], says: str
    ) -> None:
        """2 and one line, the exported file as it was, and no new one."""
        (place / "link.csv").hardlink_to(place / "canvas.csv")
        options = {"--lms": "canvas", "--out": "new.csv", "--results": "results.json"} | change
        ran = seq2grade("export", "csv", "canvas.csv", *(word for pair in options.items() for word in pair))
        assert ran.code == 2
        assert says in ran.err
        assert (place / "canvas.csv").read_text() == CANVAS
        assert not (place / "new.csv").exists()

    def test_it_reads_what_was_graded_in_the_course(self, course: Demo, seq2grade: Command) -> None:
        """Without a results file: the last grades, found by the assignment's title too."""
        course.hand_in("ada", course.solved("chain"), "chain")
        assert seq2grade("grade", "submitted", "--seed", 1).code == 0
        title = json.loads(seq2grade("grade", "submitted", "--json", "-").out)["submissions"][0]["assignment"]
        (course.root / "canvas.csv").write_text(CANVAS.replace("hw (7)", f"{title} (7)"))
        ran = seq2grade("export", "csv", "canvas.csv", "--lms", "canvas", "--out", "new.csv")
        assert (ran.code, ran.err) == (0, "")
        assert "ada,S,6" in (course.root / "new.csv").read_text()
        assert "the file's maximum is 2, ours is 6" in ran.out


class TestGithub:
    """`seq2grade export github`."""

    def test_a_step_shows_its_results(self, place: Path, seq2grade: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        """In GitHub's runner: appended to the summary, annotations on stdout, files where they shall be."""
        (place / "summary.md").write_text("before\n")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place / "summary.md"))
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        files = ("--junit", "j.xml", "--classroom", "c.json", "--unfinished")
        ran = seq2grade("export", "github", "open.json", "--notebook", "hw.ipynb", *files)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("::error file=hw.ipynb,title=Sums%3A It adds rows.::You average.")
        assert (place / "summary.md").read_text().startswith("before\n## hw: ada")
        assert (place / "j.xml").read_text().startswith("<?xml")
        assert json.loads((place / "c.json").read_text())["status"] == "error"

    def test_elsewhere_it_prints_the_summary(
        self, place: Path, seq2grade: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No commands to a runner that is not there."""
        monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
        ran = seq2grade("export", "github", "results.json")
        assert ran.code == 0
        assert ran.out.startswith("## hw: ada")
        assert "::" not in ran.out

    def test_a_score_that_is_not_decided_is_not_given(self, place: Path, seq2grade: Command) -> None:
        """2, and no file for Classroom; nor one for a class."""
        ran = seq2grade("export", "github", "open.json", "--classroom", "c.json", "--summary", "s.md")
        assert ran.code == 2
        assert "no score is given: 3 points could not be checked" in ran.err
        (place / "two.json").write_text(dumps([grade(), grade("bob")]))
        ran = seq2grade("export", "github", "two.json", "--classroom", "c.json", "--summary", "s.md")
        assert "there are 2 results: name one by --student" in ran.err
        assert not (place / "c.json").exists()
        assert seq2grade("export", "github", "two.json", "--student", "eve").code == 2


class TestGradescope:
    """`seq2grade export gradescope` and `gradescope-results`."""

    def test_a_score_that_is_not_decided_is_not_given(self, place: Path, seq2grade: Command) -> None:
        """2 and no results.json, so that Gradescope offers to run it again; else the documented form."""
        ran = seq2grade("export", "gradescope-results", "open.json", "--out", "r.json")
        assert ran.code == 2
        assert "no score is given" in ran.err
        assert not (place / "r.json").exists()
        assert seq2grade("export", "gradescope-results", "results.json", "--out", "r.json").code == 0
        assert json.loads((place / "r.json").read_text())["score"] == 1.5

    def test_what_is_missing_is_told(self, course: Demo, seq2grade: Command) -> None:
        """No wheels, no such assignment, one that is not built."""
        (course.root / "dist").mkdir()
        ran = seq2grade("export", "gradescope", "chain", "--out", "a.zip")
        assert "expected one seq2grade-*.whl, there are none; `make wheels`" in ran.err
        assert "no assignment called nope" in seq2grade("export", "gradescope", "nope", "--out", "a.zip").err
        (course.root / "release" / "chain" / "chain.ipynb").unlink()
        assert "run `seq2grade build chain`" in seq2grade("export", "gradescope", "chain", "--out", "a.zip").err
        assert not (course.root / "a.zip").exists()

    @pytest.mark.long
    def test_the_zip_grades(self, course: Demo, seq2grade: Command, tmp_path: Path) -> None:
        """What is uploaded is run as Gradescope does: no notebook, a right one, one more than the attempts that are
        graded, and a grader of ours that breaks."""
        for name in ("seq2grade-1-py3-none-any.whl", "seq2grade_kit-1-py3-none-any.whl"):
            (course.root / "dist").mkdir(exist_ok=True)
            (course.root / "dist" / name).write_bytes(b"")
        ran = seq2grade("export", "gradescope", "chain", "--out", "a.zip", "--attempts", 1, "--keep-best")
        assert ran.code == 0
        assert "for instructors only" in ran.out
        base = tmp_path / "autograder"
        with zipfile.ZipFile(course.root / "a.zip") as packed:
            packed.extractall(base / "source")
        submission = base / "submission"
        submission.mkdir()
        results = base / "results" / "results.json"

        def run(command: Path) -> int:
            names = {"SEQ2GRADE_BASE": base, "SEQ2GRADE_SANDBOX": "auto", "SEQ2GRADE_COMMAND": command}
            environment = {**os.environ, **{name: str(value) for name, value in names.items()}}
            script = ["bash", str(base / "source" / "run_autograder")]
            return subprocess.run(script, env=environment, check=False, capture_output=True, timeout=280).returncode

        ours = Path(sys.executable).with_name("seq2grade")
        assert run(ours) == 0
        assert "No notebook" in json.loads(results.read_text())["output"]
        (submission / "my answer.ipynb").write_text(json.dumps(course.solved("chain")))
        assert run(ours) == 0
        document = json.loads(results.read_text())
        assert document["score"] == sum(test["max_score"] for test in document["tests"]) == 6
        before = {"submission_time": "2018-07-01T14:22:32.365935-07:00", "score": 6.0, "results": document}
        (base / "submission_metadata.json").write_text(json.dumps({"previous_submissions": [before]}))
        (submission / "my answer.ipynb").write_text("{}")
        assert run(ours) == 0
        again = json.loads(results.read_text())
        assert (again["score"], again["tests"]) == (6, document["tests"])
        assert "This submission was not graded: one attempt is graded" in again["output"]
        broken = tmp_path / "broken"
        broken.write_text("#!/bin/sh\nexit 2\n")
        broken.chmod(0o755)
        assert run(broken) == 2
        assert not results.exists()
