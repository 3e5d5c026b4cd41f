"""Every way of giving something away, made on purpose."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from autograder.build.leak import release_leaks, solution_leaks
from autograder.errors import LeakError

HEADING = "# ## 1. The function"
SET = 'as a set, for example `answers["hot-limit"] = {"a", "c"}`'
LIMIT = "assert 0 < hot_tau < 2000"
SOLUTION = """def again(z, tau):
    scaled = z / tau
    weights = torch.exp(scaled - scaled.max(dim=-1, keepdim=True).values)
    return weights / weights.sum(dim=-1, keepdim=True)"""
ALTERNATIVE = """def tempered_softmax(z, tau):
    scaled = z / tau
    return torch.exp(scaled - torch.logsumexp(scaled, dim=-1, keepdim=True))"""

IN_THE_TEXT = [
    (HEADING, "# huge_scores_stay_finite", "the name of a hidden check: huge_scores_stay_finite"),
    (HEADING, "# tempered_softmax_sums_over_the_batch", "the name of a mistake: tempered_softmax_sums_over_the_batch"),
    (
        HEADING,
        "# `tempered_softmax_through_logarithms`",
        "the name of an alternative: tempered_softmax_through_logarithms",
    ),
    (
        HEADING,
        "# Certainty about the largest score\n# comes as the temperature goes to zero.",
        "the explanation of hot_limit_hot_means_certain: Certainty about",
    ),
    (HEADING, "# See autograder.judge", "a piece of a hidden block: autograder.judge"),
    (HEADING, "# Here begin hidden tests", "the mark 'BEGIN HIDDEN TESTS'"),
    (SET, "as `answers['hot-limit']={'b'}`", "the answer to hot-limit"),
    (LIMIT, "assert hot_tau == 500", "cell test-hot-limit: the answer to hot-limit"),
    (LIMIT, "assert 5e2 == hot_tau", "cell test-hot-limit: the answer to hot-limit"),
    ("answers = {}", 'answers = {}\nanswers["hot-limit"] = ["B"]', "cell setup: the answer to hot-limit"),
    ("answers = {}", f"answers = {{}}\n{SOLUTION}", "cell setup: the whole of the solution in tempered-softmax"),
    (
        "answers = {}",
        f"answers = {{}}\n{ALTERNATIVE}",
        "cell setup: the whole of the alternative tempered_softmax_through_logarithms",
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), IN_THE_TEXT)
def test_an_authors_slip_stops_the_build(course, old: str, new: str, told: str) -> None:
    """Each kind of secret, written into the open part of the notebook, is found and named with its cell."""
    course.edit("notebook.py", old, new)
    with pytest.raises(LeakError) as caught:
        course.build()
    assert told in str(caught.value)
    assert str(caught.value).startswith("release/demo would give away:\n")


def test_the_template_gives_nothing_away(course) -> None:
    """Signatures, public tests and an example answer that is not the key are no leaks."""
    release = built(course, "release")
    assert release_leaks(course.load(), course.checks(), release, {}) == ()
    assert solution_leaks(course.load(), course.checks(), built(course, "solutions")) == ()


def test_a_line_that_stands_in_the_open_is_no_secret(course) -> None:
    """One line shared between a solution and the prose or a public test does not stop a build."""
    shared = "weights = torch.exp(torch.zeros(3))"
    course.edit("notebook.py", "answers = {}", f"answers = {{}}\n{shared}")
    course.edit("notebook.py", "    scaled = z / tau\n", f"    {shared}\n    scaled = z / tau\n")
    assert course.build().changed


def built(course, step: str) -> dict[str, Any]:
    course.build()
    notebook = json.loads(course.text(step))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def cell_of(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["id"] == grade_id)


def add_line(notebook: dict[str, Any], line: str) -> None:
    cell_of(notebook, "tempered-softmax")["source"] += f"\n    {line}"


def set_output(notebook: dict[str, Any]) -> None:
    cell_of(notebook, "setup")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "b"}]


def set_count(notebook: dict[str, Any]) -> None:
    cell_of(notebook, "setup")["execution_count"] = 3


def set_cell_key(notebook: dict[str, Any]) -> None:
    cell_of(notebook, "setup")["metadata"]["answer"] = "b"


def set_nbgrader_key(notebook: dict[str, Any]) -> None:
    cell_of(notebook, "setup")["metadata"]["nbgrader"]["key"] = "b"


def set_notebook_key(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["author"] = "somebody"


def set_tag(notebook: dict[str, Any]) -> None:
    cell_of(notebook, "setup")["metadata"]["tags"] = ["scores_are_unharmed"]


def set_notebook_text(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["kernelspec"]["display_name"] = "for scores_are_unharmed"


def attach(notebook: dict[str, Any]) -> None:
    notebook["cells"][0]["attachments"] = {"tempered_softmax_sums_over_the_batch.png": {"image/png": "AAAA"}}


def attach_content(notebook: dict[str, Any]) -> None:
    hidden = base64.b64encode(b"<svg>fails in scores_are_unharmed</svg>").decode()
    notebook["cells"][0]["attachments"] = {"a.svg": {"image/svg+xml": hidden}}


TAMPERED = [
    (
        lambda n: add_line(n, "weights = torch.exp(scaled  - scaled.max(dim=-1, keepdim=True).values)"),
        "cell tempered-softmax: a line of the solution in tempered-softmax: weights = torch.exp(scaled - ",
    ),
    (
        lambda n: add_line(n, "from autograder.judge.here import check_here"),
        "cell tempered-softmax: a line of the hidden tests in test-tempered-softmax: from autograder",
    ),
    (lambda n: add_line(n, "### BEGIN SOLUTION"), "cell tempered-softmax: the mark 'BEGIN SOLUTION'"),
    (lambda n: add_line(n, "### End hidden tests"), "cell tempered-softmax: the mark 'END HIDDEN TESTS'"),
    (set_output, "cell setup: outputs of a run"),
    (set_count, "cell setup: an execution count"),
    (set_cell_key, "cell setup: the unknown metadata 'answer'"),
    (set_nbgrader_key, "cell setup: the unknown nbgrader metadata 'key'"),
    (set_notebook_key, "notebook metadata: the unknown key 'author'"),
    (set_tag, "cell setup: the name of a hidden check: scores_are_unharmed"),
    (set_notebook_text, "notebook metadata: the name of a hidden check: scores_are_unharmed"),
    (attach, "cell 1: the name of a mistake: tempered_softmax_sums_over_the_batch"),
    (attach_content, "cell 1: the name of a hidden check: scores_are_unharmed"),
]


@pytest.mark.parametrize(("tamper", "told"), TAMPERED)
def test_a_release_that_went_wrong_is_found(course, tamper: Any, told: str) -> None:
    """Sources, outputs, metadata and attachments of the built notebook are each looked at."""
    release = built(course, "release")
    tamper(release)
    leaks = [str(leak) for leak in release_leaks(course.load(), course.checks(), release, {})]
    assert [leak for leak in leaks if leak.startswith(told)], leaks


def test_a_file_beside_the_release_is_read_too(course) -> None:
    """Text, JSON and notebooks left beside the released notebook would be released with it."""
    files = course.build().files
    for name, text in (
        ("notes.txt", "see scores_are_unharmed"),
        ("old.ipynb", course.text("source")),
        ("data.json", json.dumps({"key": 'answers["hot-limit"] = {"b"}'})),
        ("scores_are_unharmed.bin", ""),
    ):
        stray = files[1].with_name(name)
        stray.write_text(text)
        with pytest.raises(LeakError, match=f"demo/{name}: "):
            course.build()
        stray.unlink()
    assert course.build().changed == ()


def test_solutions_may_not_name_what_is_needed_again(course) -> None:
    """Published solutions hold answers, but no hidden test and no name of a check or mistake."""
    solutions = built(course, "solutions")
    add_line(solutions, "# scores_are_unharmed, tempered_softmax_divides_in_place")
    told = [leak.what for leak in solution_leaks(course.load(), course.checks(), solutions)]
    assert told == [
        "the name of a mistake: tempered_softmax_divides_in_place",
        "the name of a hidden check: scores_are_unharmed",
    ]


def test_a_comment_in_a_solution_may_not_name_a_check(course) -> None:
    """The build refuses when the published solutions would name a hidden check."""
    course.edit("notebook.py", "scaled = z / tau\n", "scaled = z / tau  # huge_scores_stay_finite\n")
    with pytest.raises(LeakError, match=r"solutions/demo would give away:\n  cell tempered-softmax: the name"):
        course.build()
