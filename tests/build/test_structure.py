"""Notebook, assignment.toml and checks have to agree before anything is built."""

from __future__ import annotations

import pytest

from autograder.build import build_assignment
from autograder.build.structure import hidden_block, verify
from autograder.errors import BuildError

TESTS = '"grade_id": "test-hot-limit", "locked": true, "points": 2, "schema_version": 3, "solution": false'
ANSWER = '"grade": false, "grade_id": "hot-limit", "locked": false, "schema_version": 3, "solution": true'
PROOF = '"grade_id": "shift-proof", "locked": false, "points": 3'
NAMES = '["limit_is_recognised", "witness_is_near_the_limit"]'
CALL = f'check_here("demo", "hot-limit", globals(), checks={NAMES})'
END = "\n### END HIDDEN TESTS"
PASTE = r"expected this hidden block:\n### BEGIN HIDDEN TESTS\nfrom autograder"

DISAGREEMENTS = [
    (TESTS, TESTS.replace("2", "3", 1), "cell test-hot-limit: expected points 2, the sum over .* got 3.0"),
    (TESTS, TESTS.replace('"locked": true', '"locked": false'), "cell test-hot-limit: .*locked true"),
    (ANSWER, '"points": 1, ' + ANSWER.replace("false", "true", 1), "cell hot-limit: .*grade false"),
    (ANSWER, ANSWER.replace('"locked": false', '"locked": true'), "cell hot-limit: .*locked false"),
    (PROOF, PROOF.replace("3", "5"), "cell shift-proof: expected points 3.0 as in .*; got 5.0"),
    ("### BEGIN SOLUTION\nanswers", "answers", "cell hot-limit: expected a solution between"),
    ("hot_tau = 500.0\n### END SOLUTION", "hot_tau = 500.0", "cell hot-limit: expected a solution between"),
    (CALL, CALL.replace(', "witness_is_near_the_limit"', ""), PASTE),
    (CALL, CALL.replace("witness_is", "witness_lies"), PASTE),
    (CALL, CALL.replace('"demo"', '"other"'), PASTE),
    (CALL, CALL.replace('"hot-limit"', '"tempered-softmax"'), PASTE),
    (CALL, CALL + "\nprint('judged')", PASTE),
    (CALL, CALL + ")", PASTE),
    (CALL + END, CALL + END + "\nhot_tau", "one hidden block, at its end"),
    (CALL + END, CALL, "one hidden block, at its end"),
    (
        '"grade": false, "grade_id": "setup"',
        '"grade": true, "points": 1, "grade_id": "setup"',
        "cell setup: expected grade false, or an item in assignment.toml",
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), DISAGREEMENTS)
def test_a_disagreement_names_the_cell_and_what_is_expected(course, old: str, new: str, told: str) -> None:
    """Flags, points, solution marks and hidden blocks are held against assignment.toml and the checks."""
    course.edit("notebook.py", old, new)
    with pytest.raises(BuildError, match=told) as caught:
        course.build()
    assert "notebook.py" in str(caught.value)


def test_the_names_in_a_hidden_block_may_come_in_any_order_and_layout(course) -> None:
    """Which checks are named matters; how the call is laid out does not."""
    names = '[\n    "witness_is_near_the_limit",\n    "limit_is_recognised",\n]'
    course.edit("notebook.py", NAMES, names)
    assert course.build().changed


def test_a_name_given_twice_is_not_the_same_block(course) -> None:
    """A doubled name would count its points twice."""
    course.edit("notebook.py", CALL, CALL.replace('["limit', '["limit_is_recognised", "limit'))
    with pytest.raises(BuildError, match="expected this hidden block"):
        course.build()


def test_the_proposed_block_is_the_right_one(course) -> None:
    """Pasting what the message proposes mends the notebook."""
    assignment, checks = course.load(), course.checks()
    proposed = hidden_block(assignment, assignment.item("hot-limit"), checks["hot-limit"])
    course.edit("notebook.py", CALL, "check_here()")
    with pytest.raises(BuildError) as caught:
        course.build()
    assert proposed in str(caught.value)
    head = proposed[: proposed.index("check_here(")].replace("\n\n", "\n")
    course.edit("notebook.py", f"{head}check_here(){END}", proposed)
    assert course.build().changed


def test_an_item_that_nothing_checks_is_refused(course) -> None:
    """Without checks there is nothing to earn points with."""
    checks = {"tempered-softmax": course.checks()["tempered-softmax"]}
    with pytest.raises(BuildError, match="hot-limit has no checks"):
        build_assignment(course.load(), checks, course.root)


def test_checks_of_no_item_are_refused(course) -> None:
    """A misspelt item in @check would silently check nothing."""
    checks = {**course.checks(), "cold-limit": {"freezes": 1.0}}
    with pytest.raises(BuildError, match=r"checks of 'cold-limit', but items are \['hot-limit', "):
        verify(course.load(), checks)


def test_a_manual_item_has_no_checks(course) -> None:
    """A person grades it, so nothing else may."""
    checks = {**course.checks(), "shift-proof": {"reads_well": 1.0}}
    with pytest.raises(BuildError, match=r"a person grades shift-proof, but it has checks \['reads_well'\]"):
        verify(course.load(), checks)
