"""Building a course: proved with its own solution before anything is written; drift and leftovers are told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder import publish
from autograder.errors import AssignmentError
from autograder.gradebook import CourseGradebook, database_url

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]

IDS = """# First source
s1 the length of a vector
s2 something else
"""


def built_files(root: Path) -> dict[str, bytes]:
    """Everything below source/, release/ and solutions/."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for step in ("source", "release", "solutions")
        for path in (root / step).rglob("*")
        if path.is_file()
    }


def build(demo: Demo, *ids: str, check: bool = False) -> list[publish.Report]:
    return list(publish.build(demo.root, ids, check=check))


def one(demo: Demo, check: bool = False) -> publish.Report:
    """The report on `chain`."""
    (report,) = build(demo, "chain", check=check)
    assert report.subject == "chain"
    return report


@pytest.mark.usefixtures("warm")
class TestBuild:
    """`seq2grade build`."""

    def test_a_build_writes_three_notebooks_and_registers_them(self, demo: Demo) -> None:
        """source/, release/ and solutions/ appear, the gradebook knows the assignment, and the summary counts."""
        before = built_files(demo.root)
        for path in before:
            if "chain" in path:
                (demo.root / path).unlink()
        report = one(demo)
        summary = "2 items, 4 checks, 6 points; right at 8 seeds; 3 files changed"
        assert (report.summary, report.problems) == (summary, ())
        assert built_files(demo.root) == before
        with CourseGradebook(database_url(demo.root)) as book:
            book.begin("ada", "chain")
            assert [row.max_score for row in book.scores("chain")] == [6.0]

    def test_building_again_changes_nothing(self, demo: Demo) -> None:
        """The same text compiles to the same bytes."""
        before = built_files(demo.root)
        assert one(demo).summary.endswith("0 files changed")
        assert built_files(demo.root) == before

    def test_an_edit_is_built(self, demo: Demo) -> None:
        """A changed sentence arrives in all three notebooks."""
        demo.edit("notebook.py", "# # Lengths", "# # Lengths and squares", "chain")
        assert one(demo).summary.endswith("3 files changed")
        for step in ("source", "release", "solutions"):
            assert "Lengths and squares" in json.dumps(demo.notebook(step, "chain"))

    @pytest.mark.parametrize(
        ("name", "old", "new", "says"),
        [
            (
                "notebook.py",
                "return x * x",
                "return x * x * x",
                "the reference solution does not get full marks: entries",
            ),
            (
                "checks.py",
                'expect.unharmed(x, after[0], what="x")',
                "raise KeyError",
                "the reference solution could not",
            ),
            (
                "checks.py",
                '    _, after = student.with_inputs("square", x)\n    expect.unharmed(x, after[0], what="x")',
                "    assert x is not None",
                "the blank release earns points without any work: square",
            ),
            ("checks.py", "points=2", "points=7", "points"),
            ("notebook.py", '"length_is_euclidean", ', "", "length"),
            ("notebook.py", "    ### END SOLUTION", "", "SOLUTION"),
            ("assignment.toml", "minutes = 10", 'minutes = "ten"', "minutes"),
            ("notebook.py", '"one entry per entry"', '"entries_are_squared"', "entries_are_squared"),
        ],
    )
    def test_a_broken_assignment_is_not_written(self, name: str, old: str, new: str, says: str, demo: Demo) -> None:
        """A solution that fails, free points, wrong points, names or text: told, and nothing on disk changes."""
        before = built_files(demo.root)
        demo.edit(name, old, new, "chain")
        report = one(demo)
        assert report.summary == "not written"
        assert says in "\n".join(report.problems)
        assert built_files(demo.root) == before

    def test_a_broken_assignment_does_not_stop_the_others(self, demo: Demo) -> None:
        """Each assignment has its report, in order."""
        demo.edit("assignment.toml", "minutes = 10", "minutes = 0", "chain")
        demo.edit("notebook.py", "# # Softmax with a temperature", "# # Softmax", "demo")
        reports = build(demo)
        assert [(r.subject, bool(r.problems)) for r in reports] == [("chain", True), ("demo", False)]
        assert "3 files changed" in reports[1].summary

    def test_a_file_beside_the_release_is_told(self, demo: Demo) -> None:
        """What lies in release/ and comes from no assignment needs a person: students would receive it."""
        (demo.root / "release" / "chain" / "notes.txt").write_text("see you on Monday", encoding="utf-8")
        assert one(demo).problems == ("release/chain/notes.txt comes from no assignment",)

    def test_a_leak_beside_the_release_stops_the_build(self, demo: Demo) -> None:
        """A file there that names a hidden check is a leak: nothing is written, not even what changed."""
        (demo.root / "release" / "chain" / "notes.txt").write_text("entries_are_squared", encoding="utf-8")
        demo.edit("notebook.py", "# # Lengths", "# # Lengths and squares", "chain")
        before = built_files(demo.root)
        report = one(demo)
        assert report.summary == "not written"
        assert "notes.txt" in report.problems[1]
        assert built_files(demo.root) == before

    @pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:1/none", "nothing://here"])
    def test_a_gradebook_that_is_away_leaves_everything_as_it_was(
        self, url: str, demo: Demo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither files nor gradebook change, which is said; the same command does both later."""
        demo.edit("notebook.py", "# # Lengths", "# # Longer lengths", "chain")
        before = built_files(demo.root)
        monkeypatch.setenv("SEQ2GRADE_DB", url)
        report = one(demo)
        assert report.summary == "not written, because it could not be registered in the gradebook"
        assert report.problems[-1].startswith("nothing was written; the same command does it")
        assert built_files(demo.root) == before
        monkeypatch.delenv("SEQ2GRADE_DB")
        assert one(demo).summary.endswith("3 files changed")

    def test_a_disk_that_is_full_leaves_everything_as_it_was(self, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
        """What cannot be put beside the old files changes none of them, and the gradebook hears nothing of it."""
        demo.edit("notebook.py", "# # Lengths", "# # Longer lengths", "chain")
        before, gradebook = built_files(demo.root), (demo.root / "gradebook.db").read_bytes()
        copied, copy = [], shutil.copyfile

        def full(source: Any, target: Any, **more: Any) -> Any:
            if str(target).endswith(".ipynb.new"):
                copied.append(target)
                if len(copied) == 2:
                    raise OSError(28, "No space left on device")
            return copy(source, target, **more)

        monkeypatch.setattr(shutil, "copyfile", full)
        report = one(demo)
        assert (report.summary, report.problems) == ("not written", ("[Errno 28] No space left on device",))
        assert built_files(demo.root) == before
        assert (demo.root / "gradebook.db").read_bytes() == gradebook
        monkeypatch.undo()

    def test_folders_that_are_not_quite_assignments_are_told(self, demo: Demo) -> None:
        """One without an assignment.toml is named when the course is built; a misspelt part stops its assignment."""
        (demo.root / "assignments" / "new_one").mkdir()
        (demo.root / "assignments" / "new_one" / "notebook.py").write_text("# %%\n1\n", encoding="utf-8")
        (demo.root / "assignments" / "chain" / "alternative").mkdir()
        chain, _, lost = build(demo, check=True)
        assert chain.problems[0].endswith("alternative: name: nobody reads it; did you mean alternatives?")
        assert (lost.subject, lost.summary) == ("assignments", "not built")

    def test_leftover_folders_are_told(self, demo: Demo) -> None:
        """A folder of an assignment that is gone is named, when the whole course is built."""
        (demo.root / "release" / "old_one").mkdir()
        assert [r.subject for r in build(demo, check=True)] == ["chain", "demo", "leftovers"]
        assert build(demo, check=True)[-1].problems == ("release/old_one belongs to no assignment",)
        assert [r.subject for r in build(demo, "chain", check=True)] == ["chain"]

    def test_an_unknown_assignment_is_refused(self, demo: Demo) -> None:
        """An id that is not there is an error that names those that are."""
        with pytest.raises(AssignmentError, match="chain, demo"):
            build(demo, "other")

    def test_an_empty_course_has_nothing_to_build(self, tmp_path: Path) -> None:
        """No assignments, no reports."""
        assert list(publish.build(tmp_path, ())) == []


class TestCheck:
    """`seq2grade build --check`, which starts no sandbox."""

    def test_a_fresh_build_is_up_to_date(self, demo: Demo) -> None:
        """Nothing would change."""
        assert [(r.summary, r.problems) for r in build(demo, check=True)] == [("up to date", ())] * 2

    def test_drift_is_told_and_left(self, demo: Demo) -> None:
        """Text that was edited after the build is drift; --check writes nothing."""
        demo.edit("notebook.py", "# # Lengths", "# # Longer", "chain")
        before = built_files(demo.root)
        report = one(demo, check=True)
        assert report.summary == "drifted"
        assert [p.split(" ")[0] for p in report.problems] == [
            f"{s}/chain/chain.ipynb" for s in ("source", "release", "solutions")
        ]
        assert built_files(demo.root) == before

    def test_an_edited_notebook_is_drift(self, demo: Demo) -> None:
        """So is a change to a built notebook, and one that is missing."""
        path = demo.root / "release" / "chain" / "chain.ipynb"
        path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
        (demo.root / "solutions" / "chain" / "chain.ipynb").unlink()
        assert len(one(demo, check=True).problems) == 2

    def test_what_does_not_build_is_told(self, demo: Demo) -> None:
        """A broken assignment is a problem, no crash."""
        demo.edit("checks.py", "from __future__", "from __past__", "chain")
        report = one(demo, check=True)
        assert report.summary == "does not build"
        assert "checks.py" in report.problems[0]

    def test_checks_that_do_not_even_load_are_told(self, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file of checks whose import never ends does not keep the build for ever, and is told with its line."""
        monkeypatch.setattr(publish, "IMPORT_SECONDS", 0.5)
        first = "from __future__ import annotations\n"
        demo.edit("checks.py", first, first + "while 1: pass\n", "chain")
        (problem,) = one(demo, check=True).problems
        assert problem.endswith("checks.py: import: line 4: not done after 0 s; does a loop never end?")


class TestCoverage:
    """`seq2grade coverage`."""

    @pytest.fixture
    def ids(self, demo: Demo) -> Path:
        (demo.root / "docs").mkdir()
        (demo.root / "docs" / "source_ids.txt").write_text(IDS, encoding="utf-8")
        return demo.root / "docs" / "coverage.md"

    def test_coverage_is_written_once(self, demo: Demo, ids: Path) -> None:
        """The page is written when it differs, and says so; then it is up to date."""
        assert publish.write_coverage(demo.root)
        text = ids.read_text(encoding="utf-8")
        assert "| s1 | the length of a vector | not yet |" in text
        assert "chain: length" in text
        assert not publish.write_coverage(demo.root)

    def test_coverage_can_be_looked_at_only(self, demo: Demo, ids: Path) -> None:
        """Without writing, a missing or old page differs and stays as it is."""
        assert publish.write_coverage(demo.root, write=False)
        assert not ids.exists()
        publish.write_coverage(demo.root)
        demo.edit("assignment.toml", 'id = "length"', 'id = "s1"', "chain")
        demo.edit("checks.py", 'item="length"', 'item="s1"', "chain")
        mistakes = demo.root / "assignments" / "chain" / "mistakes"
        (mistakes / "length.toml").rename(mistakes / "s1.toml")
        before = ids.read_bytes()
        assert publish.write_coverage(demo.root, write=False)
        assert ids.read_bytes() == before
        publish.write_coverage(demo.root)
        assert "| s1 | the length of a vector | chain: s1 | code | 2 | 1 | 0 |" in ids.read_text(encoding="utf-8")
