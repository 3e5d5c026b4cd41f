"""JUnit XML: well formed whatever the texts are, and ours is nobody's failure."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.export.junit import junit
from autograder.export.public import Check, Item, Result, public
from autograder.model import Status
from tests.export.made import HIDDEN, grade, result
from tests.report.hostile import PAYLOADS


def told(text: str) -> Result:
    """A result that says `text` wherever a text can stand."""
    check = Check("one.1", text, Status.FAILED, 0.0, 1.0, text)
    return Result(text, text, 0.0, 2.0, error=text, items=(Item("one", text, 0.0, 2.0, checks=(check,)),))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_texts_are_texts(payload: str) -> None:
    """No element or attribute that we did not write."""
    root = ET.fromstring(junit([told(payload), replace(told(payload), items=())]).encode("utf-8"))
    assert {node.tag for node in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error"}
    assert len(root.findall("testsuite/testcase")) == 2


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_any_text_is_well_formed(text: str) -> None:
    """Controls, halves of letters and all that XML cannot hold."""
    ET.fromstring(junit([told(text)]).encode("utf-8"))


def test_a_suite_for_each_item_and_a_case_for_each_check() -> None:
    """Failures with what the student reads; what we could not check, and what waits for a person, is skipped."""
    text = junit(public([grade()]))
    root = ET.fromstring(text.encode("utf-8"))
    assert [suite.get("name") for suite in root] == ["Sums", "Why", "More"]
    assert [case.get("name") for case in root[0]] == ["one.1 It adds.", "one.2 It adds rows.", "one.3 Check 3"]
    assert [[child.tag for child in case] for case in root[0]] == [[], ["failure"], ["skipped"]]
    assert root[0][1][0].get("message") == "You average. Wrong. Think."
    assert [child.tag for child in root[1][0]] == ["skipped"]
    counts = [root.get(key) for key in ("tests", "failures", "errors", "skipped")]
    assert counts == ["5", "2", "0", "2"]
    assert not any(secret in text for secret in HIDDEN)


def test_students_are_told_apart() -> None:
    """Of a class, each suite names whose it is; work that could not be read is an error of its own."""
    root = ET.fromstring(junit([result("ada"), replace(result("bob"), items=(), error="No notebook.")]))
    assert [suite.get("name") for suite in root] == ["ada: Sums", "bob: hw"]
    assert root[1][0][0].get("message") == "No notebook."
