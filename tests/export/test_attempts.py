"""Gradescope's metadata: earlier attempts that count, a limit to their number, and what handing in late costs."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import Seq2gradeError
from autograder.export.attempts import NOT_GRADED, Metadata, Rules, kept, late, read
from autograder.export.gradescope import results_json
from tests.export.made import result

PER_DAY = "c = get_config()\nc.AssignLatePenalties.plugin_class = 'autograder.gradebook.late.PerDay'\n"
DUE = datetime.datetime(2018, 7, 1, 12, tzinfo=datetime.timezone.utc)


def metadata(*attempts: dict[str, Any], **more: Any) -> Metadata:
    """As Gradescope documents it; attempts on the days before."""
    document = {
        "id": 123456,
        "created_at": "2018-07-01T14:22:32.365935-07:00",
        "assignment": {"due_date": "2018-07-31T23:00:00.000000-07:00", "late_due_date": None, "total_points": "20.0"},
        "users": [{"email": "a@uni.example", "id": 1, "name": "Ada"}],
        "previous_submissions": list(attempts),
    }
    return read(json.dumps(document | more).encode(), "metadata")


def attempt(day: int, score: float, **more: Any) -> dict[str, Any]:
    """One that was graded, on a day of June."""
    results = json.loads(results_json(result("student", score, 5.0)))
    time = f"2018-06-{day:02}T14:00:00.000000-07:00"
    return {"submission_time": time, "score": score, "autograder_error": False, "results": results} | more


def shown(score: float, before: Metadata, rules: Rules) -> dict[str, Any]:
    """The results.json of an attempt with that score."""
    document: dict[str, Any] = json.loads(results_json(result("student", score, 5.0), before, rules))
    return document


def test_the_best_attempt_counts_where_it_shall() -> None:
    """Its score stands above the tests of this one, with a line that says so; a better one of now is what it is."""
    before = metadata(attempt(1, 2.0), attempt(2, 4.0), attempt(3, 3.0))
    document = shown(1.0, before, Rules(best=True))
    assert document["score"] == 4
    assert document["output"] == (
        "Your best attempt counts, the one of 2018-06-02 21:00 UTC: 4 points. This one got 1."
    )
    assert sum(test["score"] for test in document["tests"]) == 1
    assert shown(5.0, before, Rules(best=True))["score"] == 5
    assert shown(1.0, before, Rules())["score"] == 1


def test_what_was_not_graded_is_no_attempt() -> None:
    """A fault of ours, results that are missing, and what a limit refused neither use up an attempt nor count."""
    before = metadata(
        attempt(1, 5.0, autograder_error=True),
        attempt(2, 5.0, results=None),
        attempt(3, 5.0, results={"score": 5, "extra_data": NOT_GRADED}),
        attempt(4, 2.0),
    )
    assert [one.score for one in before.attempts] == [2.0]
    assert kept(before, Rules(most=2)) is None
    assert shown(1.0, before, Rules(best=True))["score"] == 2


def test_no_attempt_is_left() -> None:
    """The last attempt's results stand again, or the best one's; each line says that this one was not graded."""
    before = metadata(attempt(1, 4.0), attempt(2, 3.0))
    last = json.loads(kept(before, Rules(most=2)) or "")
    assert (last["score"], len(last["tests"]), last["extra_data"]) == (3, 2, NOT_GRADED)
    assert last["output"].startswith("This submission was not graded: 2 attempts are graded")
    assert "of 2018-06-02 21:00 UTC counts" in last["output"]
    assert json.loads(kept(before, Rules(most=2, best=True)) or "")["score"] == 4
    assert kept(before, Rules(most=3)) is None
    assert kept(before, Rules()) is None


def test_a_limit_for_some_hours() -> None:
    """Only attempts of that time are counted; where nobody knows the time, they all are."""
    before = metadata(attempt(1, 4.0), attempt(30, 3.0))
    assert kept(before, Rules(most=1, hours=48.0)) is not None
    assert kept(before, Rules(most=2, hours=48.0)) is None
    assert kept(before, Rules(most=1, hours=1.0)) is None
    assert "one attempt is graded in 48 hours" in (kept(before, Rules(most=1, hours=48.0)) or "")


def test_late_days(tmp_path: Path) -> None:
    """By Gradescope's due time, of a group the latest one, else the assignment's; the course's own policy decides."""
    (tmp_path / "nbgrader_config.py").write_text(PER_DAY)
    three = {"created_at": "2018-07-03T13:00:00Z", "assignment": {"due_date": "2018-07-01T12:00:00Z"}}
    paid = late(result("student", 4.0, 5.0), metadata(**three), None, tmp_path)
    assert (paid.total, paid.penalty) == (pytest.approx(2.8), pytest.approx(1.2))  # three days have begun
    assert paid.late.startswith("Handed in 2 days and 1 hour after it was due (2018-07-01 12:00 UTC)")
    assert shown(4.0, metadata(), Rules())["output"] == ""
    assert "2 days and 1 hour" in json.loads(results_json(paid))["output"]
    extended = three | {"users": [{"assignment": {"due_date": "2018-07-02T13:00:00Z"}}, {"name": "Bob"}]}
    assert late(result("student", 4.0, 5.0), metadata(**extended), None, tmp_path).penalty == pytest.approx(0.4)
    undated = {"created_at": "2018-07-01T13:00:00Z", "assignment": {"due_date": None}}
    assert late(result("student", 4.0, 5.0), metadata(**undated), DUE, tmp_path).penalty == pytest.approx(0.4)
    assert late(result("student", 4.0, 5.0), metadata(**undated), None, tmp_path).penalty == 0
    assert late(result("student", 4.0, 5.0), Metadata(), DUE, tmp_path).penalty == 0
    assert late(result("student", 4.0, 5.0), metadata(**three), None, tmp_path / "none").late.endswith("are taken off.")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"users": [1]}', b'{"previous_submissions": [7]}', b"\xff", b"[" * 9999]
)
def test_a_file_that_is_none(data: bytes) -> None:
    """A sentence, never a traceback."""
    with pytest.raises(Seq2gradeError, match="expected Gradescope's submission_metadata"):
        read(data, "m.json")


def test_entries_that_say_nothing() -> None:
    """No times, no users, no earlier submissions: a first attempt, in time."""
    assert read(b"{}", "m") == Metadata()
    assert read(b'{"created_at": "soon", "users": null, "previous_submissions": null}', "m") == Metadata()
