"""What leaves for students: nothing hidden, and the same from a grade as from its JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from autograder.errors import Seq2gradeError
from autograder.export.public import OUR_FAULT, number, parse, public
from autograder.export.results import dumps
from autograder.model import Status
from tests.export.made import HIDDEN, grade


def test_nothing_hidden_is_in_it() -> None:
    """No name of a check, no detail, nobody's thoughts; claims and messages are."""
    (one,) = public([grade()])
    text = json.dumps(asdict(one))
    assert not any(secret in text for secret in HIDDEN)
    checks = one.items[0].checks
    assert [check.id for check in checks] == ["one.1", "one.2", "one.3"]
    assert [check.claim for check in checks] == ["It adds.", "It adds rows.", "Check 3"]
    assert [check.message for check in checks] == ["", "You average. Wrong. Think.", OUR_FAULT]


def test_a_file_says_the_same_as_the_grade() -> None:
    """One way through the documented JSON, so that both cannot differ; older files without claims are read too."""
    assert parse(dumps([grade()]), "r.json") == public([grade()])
    document = json.loads(dumps([grade()]))
    for check in document["submissions"][0]["items"][0]["checks"]:
        del check["claim"], check["id"]
    (one,) = parse(json.dumps(document), "r.json")
    assert [check.claim for check in one.items[0].checks] == ["Check 1", "Check 2", "Check 3"]


def test_what_is_open_is_told() -> None:
    """Points that could not be checked, answers that nobody has read, and work that was never started."""
    (one,) = public([grade()])
    assert (one.total, one.max_points, one.pending, one.waiting) == (1, 12, 3, 4)
    assert "3 points could not be checked" in one.open
    code, proof, blank = one.items
    assert code.pending == 3
    assert proof.waits
    assert proof.checks == ()
    assert [(check.status, check.message) for check in blank.checks] == [(Status.FAILED, "Not started.")]


def test_a_persons_points_stand_for_those_of_the_checks() -> None:
    """Then the item is one line, which adds up; extra credit is a line of its own."""
    base = grade()
    code, proof, _ = base.items
    items = (replace(code, pending=0.0, person=5.0, comment="Fine."), replace(proof, person=4.0, extra=1.0))
    (one,) = public([base.with_items(items)])
    assert one.open == ""
    assert one.total == 10
    assert [check.points for item in one.items for check in item.checks] == [5, 5]
    assert [check.status for item in one.items for check in item.checks] == [Status.FAILED, Status.PASSED]
    extra = base.with_items((replace(code, pending=0.0, extra=0.5),))
    assert public([extra])[0].items[0].checks[-1].points == 0.5


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "3", "null", '{"schema": "other/1", "submissions": []}', b"\xff\xfe", "[" * 100_000,
     '{"schema": "seq2grade-results/1"}', '{"schema": "seq2grade-results/1", "submissions": [{}]}',
     '{"schema": "seq2grade-results/1", "submissions": 3}'],
)  # fmt: skip
def test_what_are_no_results_is_told(text: str | bytes) -> None:
    """The error names the file and what was expected."""
    with pytest.raises(Seq2gradeError, match=r"^r\.json: expected results of"):
        parse(text, "r.json")


def test_no_score_is_infinite() -> None:
    """A number that is none does not get into anybody's gradebook."""
    text = dumps([grade()]).replace('"total": 1', '"total": Infinity')
    with pytest.raises(Seq2gradeError, match="Infinity is no number"):
        parse(text, "r.json")


def test_numbers_are_short() -> None:
    """A point, no zeros at the end, no minus before nothing."""
    assert [number(value) for value in (3.0, 2.5, 1 / 3, -0.00001, 100.0)] == ["3", "2.5", "0.3333", "0", "100"]
