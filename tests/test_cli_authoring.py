"""The commands of those who write a course: exit codes and text out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.courses", "tests.commands"]

BROKEN_CHECK = ('expect.unharmed(x, after[0], what="x")', "raise KeyError")


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
        assert "✓ fresh: 3 items, 5 checks, 6 points; right at 8 seeds; 3 files changed" in built.out
        assert seq2grade("build", "--check").code == 0
        assert "right at one seed; 0 files changed" in seq2grade("build", "fresh", "--seeds", "1").out

    def test_new_writes_a_whole_course(self, seq2grade: Command, tmp_path: Path, warm: object) -> None:
        """`new --course` gives settings and an example that builds; again it changes nothing and says so."""
        root = tmp_path / "my course"
        ran = seq2grade("new", "--course", root)
        assert (ran.code, ran.err) == (0, "")
        assert "nbgrader_config.py" in ran.out
        assert f"Next: cd '{root}' && seq2grade build example" in ran.out
        built = seq2grade("build", "--course", root)
        assert (built.code, built.err) == (0, "")
        again = seq2grade("new", "--course", root)
        assert (again.code, again.err) == (0, "")
        assert "left as they are: README.md, .github/workflows/course.yml, .gitignore, nbgrader_config.py" in again.out
        assert "written" not in again.out
        assert [path.name for path in (root / "assignments").iterdir()] == ["example"]

    def test_new_in_a_course_writes_the_assignment_only(self, course: Demo, seq2grade: Command) -> None:
        """A course that has its settings gets no further files of ours."""
        (course.root / "README.md").unlink()
        assert seq2grade("new", "fresh").code == 0
        assert not (course.root / "README.md").exists()

    def test_a_course_without_settings_is_told(self, course: Demo, seq2grade: Command) -> None:
        """`build` and `grade` warn in one line where nbgrader's own commands would grade unprotected."""
        (course.root / "nbgrader_config.py").unlink()
        course.hand_in("ada", course.solved("chain"), "chain")
        for arguments in (["build", "--check"], ["grade", "submitted", "--json", "-"]):
            ran = seq2grade(*arguments)
            assert ran.code == 0
            told = [line for line in ran.err.splitlines() if "has no nbgrader_config.py" in line]
            assert len(told) == 1
            assert "seq2grade new --course ." in told[0]

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
            "square_doubles",
            "square_squares_in_place",
            "length_forgets_the_root",
        }

    def test_an_audit_with_problems_ends_with_one(self, course: Demo, seq2grade: Command) -> None:
        """1, and each problem in words."""
        course.edit("checks.py", 'expect.unharmed(x, after[0], what="x")', "pass", "chain")
        ran = seq2grade("audit", "chain")
        assert ran.code == 1
        assert "square_squares_in_place: not caught by vector_is_unharmed" in " ".join(ran.out.split())

    def test_a_quick_audit_says_what_is_wrong(self, course: Demo, seq2grade: Command) -> None:
        """Without sandbox and matrix, of what is chosen: a line for each assignment and each problem, and 1 if there
        is one."""
        ran = seq2grade("audit", "chain", "--quick")
        assert (ran.code, ran.out) == (0, "chain: 4 mistakes and alternatives, 0 problems (not in a sandbox)\n")
        course.edit("checks.py", 'expect.unharmed(x, after[0], what="x")', "pass", "chain")
        ran = seq2grade("audit", "chain", "--quick", "--seed", 2)
        assert ran.code == 1
        assert "square_squares_in_place: vector_is_unharmed is passed" in ran.out
        ran = seq2grade("audit", "chain", "--quick", "--each")
        assert (ran.code, ran.out) == (2, "")
        assert "leave out --json and --each" in " ".join(ran.err.split())

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
