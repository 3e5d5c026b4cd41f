"""The audit without a sandbox finds blunt, unfair and idle checks too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.assignment import load_assignment
from autograder.audit.quick import QuickAudit, few, quick_audit
from autograder.judge.trusted import Trusted

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]


def audit(demo: Demo) -> QuickAudit:
    return quick_audit(Trusted.load(load_assignment(demo.root / "assignments" / "chain")), seed=3)


def test_a_sound_assignment(demo: Demo) -> None:
    """Every mistake and alternative is tried, and nothing is found."""
    heard: list[str] = []
    trusted = Trusted.load(load_assignment(demo.root / "assignments" / "chain"))
    assert quick_audit(trusted, 3, heard.append) == QuickAudit("chain", 4, ())
    # an answer after the other, as they stand in the notebook
    assert heard == ["square_doubles", "square_squares_in_place", "square_power", "length_forgets_the_root"]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "checks.py",
            'expect.unharmed(x, after[0], what="x")',
            "pass",
            "square_squares_in_place: vector_is_unharmed is passed",
        ),
        (
            "checks.py",
            'x**2, what="square(x)"',
            'x**2 + 1, what="square(x)"',
            "square_power: entries_are_squared: Wrong values",
        ),
        (
            "checks.py",
            "x = draw.tensor(5)",
            "x = 1 / 0",
            "square_squares_in_place: vector_is_unharmed is could_not_check",
        ),
        ("mistakes/length.toml", '["length_is_euclidean", "length_is_homogeneous"]', '["length_is_euclidean"]', ""),
    ],
)
def test_what_is_not_as_declared(demo: Demo, file: str, old: str, new: str, told: str) -> None:
    """A check that lets a mistake through, refuses a right answer or breaks is named; one that no mistake names is
    tried on the others of its item before it is called idle."""
    demo.edit(file, old, new, "chain")
    found = audit(demo).problems
    assert (found == ()) if not told else any(problem.startswith(told) for problem in found), found


def test_a_check_that_catches_nothing(demo: Demo) -> None:
    """A check that no mistake fails is idle."""
    file = "mistakes/square.toml"
    demo.edit(file, "return x.mul_(x)", "return x + 1", "chain")
    demo.edit(file, '["vector_is_unharmed"]', '["entries_are_squared"]', "chain")
    assert audit(demo).problems == ("vector_is_unharmed: catches no declared mistake",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # two and two are four, whether they are added or multiplied
        ("x = draw.tensor(7)", "x = 0 * draw.tensor(7) + draw.choice((2, 3))", "square_doubles: "),
        ("x**2, what", "x**2 + draw.choice((0, 1)), what", "square_power: "),
    ],
)
def test_a_check_that_depends_on_its_inputs(demo: Demo, old: str, new: str, told: str) -> None:
    """What catches a mistake with some inputs only, or refuses right work with some, is found by trying several."""
    demo.edit("checks.py", old, new, "chain")
    trusted = Trusted.load(load_assignment(demo.root / "assignments" / "chain"))
    good = next(seed for seed in range(20) if not quick_audit(trusted, seed).problems)
    bad = next(seed for seed in range(good, 40) if quick_audit(trusted, seed).problems)
    assert quick_audit(trusted, good, seeds=bad - good).problems == ()
    (found,) = quick_audit(trusted, good, seeds=bad - good + 1).problems
    assert found.startswith(told)
    assert f"with seed {bad}" in found


def test_cells_that_stumble_are_left_behind(demo: Demo) -> None:
    """A mistake after which a later cell fails is still held against its checks, as its notebook would be."""
    demo.edit("mistakes/square.toml", '"x + x"', '"x + x\\n\\nlength = None"', "chain")
    demo.edit(
        "notebook.py",
        '# %% nbgrader={"grade": false, "grade_id": "length"',
        '# %%\nsquare(torch.ones(2))[5]\n\n# %% nbgrader={"grade": false, "grade_id": "length"',
        "chain",
    )
    assert not [problem for problem in audit(demo).problems if problem.startswith("square_doubles")]


def test_few_are_enough_for_each_check(demo: Demo) -> None:
    """What is tried of an assignment names every check that any mistake names, and has right work of every item."""
    other = '[triples]\nthinks = "three"\nexplain = "You add x three times."\ncaught_by = ["entries_are_squared"]\n'
    demo.edit("mistakes/square.toml", "[squares_in", other + 'change = [["x * x", "x * 3"]]\n\n[squares_in', "chain")
    trusted = Trusted.load(load_assignment(demo.root / "assignments" / "chain"))
    whole, chosen = trusted.assignment, few(trusted)
    assert {case.name for case in whole.mistakes} - {case.name for case in chosen} == {"square_triples"}
    assert {case.item for case in whole.alternatives} <= {case.item for case in chosen if case in whole.alternatives}
    found = quick_audit(trusted, 3, chosen=chosen)
    assert (found.tried, found.problems) == (len(chosen), ())


def test_all_are_tried_where_a_check_is_idle(demo: Demo) -> None:
    """Any of an item's mistakes may be the one that a check without a name catches."""
    both = '["length_is_euclidean", "length_is_homogeneous"]'
    demo.edit("mistakes/length.toml", both, '["length_is_euclidean"]', "chain")
    trusted = Trusted.load(load_assignment(demo.root / "assignments" / "chain"))
    assert set(few(trusted)) >= {case for case in trusted.assignment.mistakes if case.item == "length"}
