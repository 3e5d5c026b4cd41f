"""The page that shows which questions of the sources have an item."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import find_assignments, load_assignment
from autograder.build import SourceId, coverage_markdown, read_source_ids
from autograder.errors import AssignmentError

LIST = Path(__file__).parents[2] / "docs" / "source_ids.txt"
SOURCES = (
    SourceId("tempered-softmax", "probabilities | scores", "First paper"),
    SourceId("shift", "a shift", "First paper"),
    SourceId("cold-limit", "a low temperature", "Second paper"),
)


def test_the_shipped_list_is_complete() -> None:
    """All questions of the five source documents are listed once, each with a few words."""
    ids = read_source_ids(LIST)
    counts = {
        document: sum(id.id.startswith(document) for id in ids) for document in ("s000", "s001", "s002", "s003", "s004")
    }
    assert counts == {"s000": 28, "s001": 27, "s002": 23, "s003": 34, "s004": 19}
    assert len({id.id for id in ids}) == len(ids) == 131
    assert all(id.document.startswith(id.id[:4]) for id in ids)


def test_no_question_is_left_open() -> None:
    """Each question of the source documents has an item in this course, and the page says so."""
    root = LIST.parents[1]
    items = {item.id for folder in find_assignments(root) for item in load_assignment(folder).items}
    ids = [source.id for source in read_source_ids(LIST)]
    assert [id for id in ids if not any(item == id or item.startswith(f"{id}-") for item in items)] == []
    page = (root / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert f"| **all** | {len(ids)} | {len(ids)} | 0 |" in page
    assert "| not yet | |" not in page


def test_each_question_has_its_row(course) -> None:
    """A question with an item shows kind and counts, one without says so; suffixes go to their question."""
    page = coverage_markdown([course.load()], SOURCES, {"demo": course.checks()}).splitlines()
    row = "| tempered-softmax | probabilities \\| scores | demo: tempered-softmax | code | 3 | 4 | 1 |"
    assert row in page
    assert "| shift | a shift | demo: shift-proof | manual | 0 | 0 | 0 |" in page
    assert "| cold-limit | a low temperature | not yet | | | | |" in page
    assert page.index("## First paper") < page.index("## Second paper") < page.index("## Beyond the sources")
    assert page[-1] == "| - | What a high temperature does | demo: hot-limit | choice | 2 | 1 | 1 |"


def test_totals_add_up(course) -> None:
    """Questions, covered and open ones are counted by document and in all."""
    page = coverage_markdown([course.load()], SOURCES, {"demo": course.checks()}).splitlines()
    assert "| First paper | 2 | 2 | 0 |" in page
    assert "| Second paper | 1 | 0 | 1 |" in page
    assert "| **all** | 3 | 2 | 1 |" in page


def test_a_question_is_not_covered_by_a_longer_number(course) -> None:
    """s003-11d-ii is no part of s003-11d-i, and s003-10a none of s003-1: only a hyphen begins a suffix."""
    sources = (SourceId("hot", "hot", "Paper"), SourceId("hot-lim", "limits", "Paper"))
    page = coverage_markdown([course.load()], sources, {"demo": course.checks()})
    assert "| hot | hot | demo: hot-limit | choice" in page
    assert "| hot-lim | limits | not yet |" in page


def test_the_closest_question_gets_the_item(course) -> None:
    """Where two ids fit an item, the longer one is meant."""
    sources = (SourceId("hot", "hot", "Paper"), SourceId("hot-limit", "limits", "Paper"))
    page = coverage_markdown([course.load()], sources, {"demo": course.checks()})
    assert "| hot | hot | not yet |" in page
    assert "| hot-limit | limits | demo: hot-limit | choice" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("s1 a title\n", "line 1: expected `id title` below a # heading"),
        ("# Paper\ns1\n", "line 2: expected `id title`"),
        ("# Paper\ns1 one\n\ns1 two\n", "line 4: expected a new id; s1 is listed above"),
    ],
)
def test_a_wrong_line_in_the_list_is_named(tmp_path: Path, text: str, told: str) -> None:
    """The list of questions is text that people edit, so its errors name the line."""
    path = tmp_path / "ids.txt"
    path.write_text(text)
    with pytest.raises(AssignmentError, match=told):
        read_source_ids(path)
