"""Is each check sharp, and is it fair? A blunt, an unfair or a generous check is found by grading for real."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from autograder.audit import Audit, Case, audit_assignment, verify_release
from autograder.audit.matrix import judge_case
from autograder.audit.show import as_data, print_matrix
from autograder.course import Course, Prepared
from autograder.errors import AssignmentError
from autograder.model import CheckResult, Grade, ItemGrade, Kind, Status

if TYPE_CHECKING:
    from tests.courses import Demo, Grader


def answer(notebook: Any, grade_id: str, code: str) -> Any:
    copied = copy.deepcopy(notebook)
    next(cell for cell in copied["cells"] if cell["id"] == grade_id)["source"] = code
    return copied


pytest_plugins = ["tests.courses"]

BLUNT = ('expect.unharmed(x, after[0], what="x")', "pass")
NO_LOOK = (
    '    _, after = student.with_inputs("square", x)\n    expect.unharmed(x, after[0], what="x")',
    "    assert x is not None",
)
UNFAIR = (
    'expect.close(student.square(x), x**2, what="square(x)", hint="one product per entry")',
    'got = student.square(x)\n    expect.true(hasattr(got, "shape"), "square(x) should be a tensor")\n'
    '    expect.close(got, x**2, what="square(x)")',
)
AS_LIST = '''
# %% as_list
"""A list of numbers is as good as a tensor."""
def square(x):
    return [float(v * v) for v in x]
'''


def audit(grader: Grader, assignment: str = "chain", **more: Any) -> Audit:
    course = grader.course
    return audit_assignment(course, assignment, course.solution(assignment), seed=1, **more)


def independent(demo: Demo) -> None:
    """Make the items of `chain` independent, so that their mistakes can share a submission."""
    demo.edit("notebook.py", "square(x).sum()", "(x * x).sum()", "chain")
    demo.edit("assignment.toml", 'needs = ["square"]\n', "", "chain")
    path = demo.root / "solutions" / "chain" / "chain.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("square(x).sum()", "(x * x).sum()"), encoding="utf-8")


def test_good_assignments_have_no_problems(grader: Grader) -> None:
    """The template that every author starts from is sharp and fair, and so is `chain`."""
    for name, mistakes, alternatives in (("demo", 5, 2), ("chain", 3, 1)):
        found = audit(grader, name)
        assert (found.problems, found.idle, found.assignment) == ((), (), name)
        kinds = [row.kind for row in found.rows]
        assert (kinds.count("mistake"), kinds.count("alternative")) == (mistakes, alternatives)
        assert kinds[:2] == ["reference", "blank"]
        assert all(row.diagnosed for row in found.rows if row.kind == "mistake")
        assert {row.score for row in found.rows if row.kind in ("reference", "alternative")} == {6.0}


def test_a_blunt_check_is_found(grader: Grader) -> None:
    """A check that never fails lets its mistake through, earns points for the blank release, and catches nothing."""
    grader.demo.edit("checks.py", *NO_LOOK, "chain")
    problems = "\n".join(audit(grader).problems)
    assert "square_squares_in_place: not caught by vector_is_unharmed (failed: nothing)" in problems
    assert "the blank release: earns points without any work: square" in problems
    assert "vector_is_unharmed: catches no declared mistake" in problems


def test_an_unfair_check_is_found(grader: Grader) -> None:
    """A check that refuses an unusual right answer is told with the words that the student would read."""
    grader.demo.edit("checks.py", *UNFAIR, "chain")
    others = grader.demo.root / "assignments" / "chain" / "alternatives" / "square.py"
    others.write_text(others.read_text(encoding="utf-8") + AS_LIST, encoding="utf-8")
    (problem,) = audit(grader).problems
    assert problem.startswith("square_as_list: does not get full marks: entries_are_squared: square(x) should be a te")


@pytest.mark.parametrize("apart", [False, True])
def test_an_answer_may_stand_apart_from_another_items_solution(grader: Grader, apart: bool) -> None:
    """Where the solution's answer to another item does not go with a right one, that item counts unless it is named."""
    others = grader.demo.root / "assignments" / "chain" / "alternatives" / "square.py"
    added = AS_LIST.replace("# %% as_list", '# %% as_list apart="length"') if apart else AS_LIST
    others.write_text(others.read_text(encoding="utf-8") + added, encoding="utf-8")
    problems = audit(grader).problems
    assert [problem.split(":")[0] for problem in problems] == ([] if apart else ["square_as_list"])


def test_a_wrong_declaration_is_found(grader: Grader) -> None:
    """A mistake that another check catches than the one that was declared is a problem."""
    grader.demo.edit(
        "mistakes/square.toml", '["entries_are_squared"]', '["entries_are_squared", "vector_is_unharmed"]', "chain"
    )
    (problem,) = audit(grader).problems
    assert problem == "square_doubles: not caught by vector_is_unharmed (failed: entries_are_squared)"


def test_mistakes_of_independent_items_share_a_submission(grader: Grader) -> None:
    """Fewer submissions, the same rows: what a case does alone and in company is the same."""
    independent(grader.demo)
    together: list[str] = []
    alone: list[str] = []
    bundled = audit(grader, done=together.append)
    single = audit(grader, done=alone.append, each=True)
    assert bundled == single
    assert bundled.problems == ()
    assert len(alone) == 6
    assert len(together) == 5


def test_a_surprise_takes_a_bundle_apart(grader: Grader) -> None:
    """When one of several mistakes in a submission is not caught, each is tried alone, and only that one is told."""
    independent(grader.demo)
    compared = 'expect.close(student.length(x), x.norm(), what="length(x)", hint="a sum, then a root")'
    grader.demo.edit("checks.py", compared, "student.length(x)", "chain")
    done: list[str] = []
    found = audit(grader, done=done.append)
    problem, blunt = (p for p in found.problems if "no declared" not in p)
    assert blunt == "length_is_euclidean passes whatever the student's code returns: it expects nothing of it"
    assert problem.startswith("length_forgets_the_root: not caught by length_is_euclidean")
    assert {"square_doubles", "length_forgets_the_root"} <= set(done)


def test_a_release_is_verified_before_it_is_written(grader: Grader) -> None:
    """verify_release grades solution and blank release as they would be written, not those on disk."""
    course = grader.course
    prepared = course.prepare("chain")
    solution = course.solution("chain")
    assert verify_release(course, prepared, solution) == ()
    told = verify_release(course, prepared, prepared.release)
    assert [line.split(" (")[0] for line in told] == [
        f"the reference solution cell test-{name} does not run" for name in ("square", "length")
    ]
    broken = answer(solution, "square", "def square(x):\n    return x + x")
    (problem,) = verify_release(course, prepared, broken)
    assert problem.startswith("the reference solution does not get full marks: entries_are_squared: Wrong values of sq")
    (problem,) = verify_release(course, replace(prepared, release=solution), solution)
    assert problem == (
        "the blank release earns points without any work: square (entries_are_squared, "
        "vector_is_unharmed), length (length_is_euclidean, length_is_homogeneous)"
    )


def test_an_assignment_without_automatic_items_is_a_problem(grader: Grader) -> None:
    """What a person grades alone is no auto-graded assignment."""
    prepared = grader.course.prepare("demo")
    manual = tuple(i for i in prepared.assignment.items if i.kind is Kind.MANUAL)
    bare = Prepared(replace(prepared.assignment, items=manual), (), prepared.release)
    solution = grader.course.solution("demo")
    assert verify_release(grader.course, bare, solution) == ("no item is automatically graded",)


def test_an_audit_needs_a_built_assignment(grader: Grader, tmp_path: Path) -> None:
    """Without a release there is nothing to audit, without a solution neither."""
    empty = Course(tmp_path, grader.course.zygote)
    with pytest.raises(AssignmentError):
        audit_assignment(empty, "chain", {})
    with pytest.raises(AssignmentError, match="seq2grade build chain"):
        empty.solution("chain")


class TestJudgeCase:
    """What counts as a problem, case by case."""

    def result(self, name: str, status: Status, **more: Any) -> CheckResult:
        made = CheckResult(name, "one", status, float(status is Status.PASSED), 1.0)
        return replace(made, **more)

    def grade(self, *results: CheckResult, **more: Any) -> Grade:
        score = sum(r.points for r in results)
        item = ItemGrade("one", "One", Kind.CODE, "test-one", score, float(len(results)), "", checks=results)
        return replace(Grade("x", "chain", "", score, float(len(results)), (item,)), **more)

    def case(self, kind: str, **more: Any) -> Case:
        return replace(Case("some case", kind, "one", {}), **more)

    def test_as_declared(self) -> None:
        """A mistake that fails its check, and more, is no problem; a reference with full marks neither."""
        failed = (self.result("a", Status.FAILED), self.result("b", Status.FAILED))
        grade = self.grade(*failed, self.result("c", Status.PASSED))
        row = judge_case(self.case("mistake", caught_by=("a",)), grade)
        assert (row.problem, row.failed, row.score, row.max_score) == ("", ("a", "b"), 1.0, 3.0)
        assert judge_case(self.case("reference"), self.grade(self.result("a", Status.PASSED))).problem == ""

    def test_every_declared_check_must_fail(self) -> None:
        """With two checks declared, failing one is not enough."""
        grade = self.grade(self.result("a", Status.FAILED), self.result("b", Status.PASSED))
        row = judge_case(self.case("mistake", caught_by=("a", "b")), grade)
        assert row.problem == "not caught by b (failed: a)"

    def test_a_mistake_must_cost_its_own_item(self) -> None:
        """Failing a check of another item only is a problem."""
        other = self.result("a", Status.FAILED, item="two")
        grade = self.grade(self.result("b", Status.PASSED))
        grade = replace(grade, items=(*grade.items, ItemGrade("two", "Two", Kind.CODE, "t", 0, 1, "", checks=(other,))))
        assert "own item" in judge_case(self.case("mistake", caught_by=("a",)), grade).problem

    @pytest.mark.parametrize("kind", ["reference", "blank", "mistake", "alternative"])
    def test_what_could_not_be_checked_is_always_a_problem(self, kind: str) -> None:
        """A broken check is told with its traceback, whatever else is right."""
        results = (self.result("a", Status.FAILED), self.result("b", Status.COULD_NOT_CHECK, detail="KeyError: 'W'"))
        row = judge_case(self.case(kind, caught_by=("a",)), self.grade(*results))
        assert row.problem == "could not check b: KeyError: 'W'"

    @pytest.mark.parametrize("kind", ["reference", "blank", "mistake", "alternative"])
    def test_a_notebook_that_does_not_run_is_always_a_problem(self, kind: str) -> None:
        """An audit of a notebook whose process ended shows nothing."""
        grade = self.grade(self.result("a", Status.FAILED), error="used more memory than it may", sandbox="failed: x")
        assert judge_case(self.case(kind, caught_by=("a",)), grade).problem == "used more memory than it may failed: x"

    def test_diagnosed_means_its_own_explanation(self) -> None:
        """A mistake is diagnosed when a student would read just its explanation."""
        explained = self.grade(self.result("a", Status.FAILED, mistake="You doubled."))
        for text, told in (("You doubled.", True), ("You halved.", False), ("", False)):
            row = judge_case(self.case("mistake", caught_by=("a",), explain=text), explained)
            assert row.diagnosed is told

    def test_what_is_explained_about_another_mistake_is_a_problem(self) -> None:
        """A mistake may read its own explanation, or none; what is meant for another one is wrong about it."""
        failed = self.result("a", Status.FAILED, mistake="You doubled.")
        for explain, more, problem in (
            ("You doubled.", "", ""),
            ("You doubled.", "You doubled.", ""),
            ("You doubled.", "You halved.", "b"),
            ("You halved.", "", "a"),
        ):
            grade = self.grade(failed, self.result("b", Status.FAILED, mistake=more))
            found = judge_case(self.case("mistake", caught_by=("a",), explain=explain), grade).problem
            assert found.startswith(f"reads at {problem} what is explained") if problem else found == ""


def test_the_matrix_is_printed_and_is_data(grader: Grader) -> None:
    """Cases against checks with a mark where declared; problems in words; the same for --json."""
    grader.demo.edit("checks.py", *BLUNT, "chain")
    found = audit(grader)
    console = Console(record=True, width=120, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    with console.file:
        print_matrix(found, console)
    text = console.export_text()
    assert "chain: 6 cases against 4 checks" in text
    assert "1 entries_are_squared" in text
    assert "square_squares_in_place: not caught by vector_is_unharmed" in text
    data = as_data(found)
    assert data["problems"] == list(found.problems)
    assert [case["case"] for case in data["cases"]] == [row.case for row in found.rows]
    assert data["idle"] == ["vector_is_unharmed"]


def test_only_the_reference_draws(grader: Grader) -> None:
    """An audit leaves out cells that only draw, also those that the release has, but for the reference, whose every
    cell must run; afterwards all are graded again."""
    course, drawing = grader.course, {"cell_type": "code", "id": "drawing", "source": "raise OSError('no font')"}
    drawing |= {"metadata": {"tags": ["figure"]}, "outputs": [], "execution_count": None}
    prepared = course.prepare("demo")
    solution = grader.demo.notebook("solutions")
    for notebook in (prepared.release, solution):
        notebook["cells"].append(drawing)
    assert audit_assignment(course, "demo", solution).problems == (
        "the reference solution: cell drawing does not run: OSError: no font",
    )
    assert course.prepare("demo").release["cells"][-1] == drawing
