"""What handing in late costs: nbgrader's plugin decides, and what stands follows from how it is now."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from autograder.deadlines import Deadline
from autograder.errors import GradebookError
from autograder.gradebook import CourseGradebook
from autograder.gradebook.late import Lateness, LatePolicy, PerDay, course_config, span
from tests.gradebook.sample import grade, release, set_manual

DUE = datetime.datetime(2030, 1, 2, 12, tzinfo=datetime.timezone.utc)
ON_TIME, LATE = datetime.datetime(2030, 1, 2, 11, 59), datetime.datetime(2030, 1, 3, 13)


def per_day(**more: float) -> Config:
    return Config({"AssignLatePenalties": {"plugin_class": "autograder.gradebook.late.PerDay"}, "PerDay": more})


def open_book(url: str, config: Config, deadline: Deadline | None = None) -> CourseGradebook:
    book = CourseGradebook(url, policy=LatePolicy(config))
    book.register("hw1", release(), deadline=deadline or Deadline(DUE))
    return book


def penalties(book: CourseGradebook) -> dict[str, float]:
    return {row.student: row.penalty for row in book.scores("hw1")}


@pytest.mark.parametrize(
    ("score", "seconds", "off"),
    [
        (10.0, 0.0, None),
        (10.0, 1800.0, None),
        (10.0, 1801.0, 1.0),
        (10.0, 86_400.0, 1.0),
        (10.0, 86_401.0, 2.0),
        (10.0, 9e9, 5.0),
        (0.0, 9e9, None),
        (7.77, 1e5, 1.55),
    ],
)
def test_per_day(score: float, seconds: float, off: float | None) -> None:
    """A tenth for each day begun, at most half, and nothing within the time of grace."""
    assert LatePolicy(per_day()).penalty("ann", score, seconds) == off


def test_nbgraders_own_plugin_is_the_default() -> None:
    """Without a choice nothing is taken off; its `zero` takes all; a class that is none is refused by name."""
    assert LatePolicy(Config()).penalty("ann", 5.0, 1e6) is None
    assert LatePolicy(Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})).penalty("ann", 5.0, 1.0) == 5.0
    with pytest.raises(GradebookError, match="nowhere"):
        LatePolicy(Config({"AssignLatePenalties": {"plugin_class": "nowhere.Plugin"}}))


class Odd(LateSubmissionPlugin):
    """Gives what no plugin should."""

    answers = {"nan": float("nan"), "text": "many", "less": -3.0, "more": 99.0}  # noqa: RUF012

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> object:
        return self.answers[student_id]


def test_a_plugin_that_fails_costs_nobody_anything() -> None:
    """Neither an exception nor an odd number becomes a penalty that nobody meant, and it is said for whom."""
    policy = LatePolicy(Config({"AssignLatePenalties": {"plugin_class": Odd}}))
    assert [policy.penalty(name, 4.0, 60.0) for name in ("nan", "text", "less", "more", "raises")] == [
        None,
        None,
        None,
        4.0,
        None,
    ]
    assert set(policy.faults) == {"nan", "text", "raises"}


def test_the_policy_is_the_courses(tmp_path: Path) -> None:
    """It is read from nbgrader_config.py; a file that does not run is named instead of meaning no policy."""
    assert course_config(tmp_path) == Config()
    path = tmp_path / "nbgrader_config.py"
    chosen = 'c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"'
    path.write_text(f"{chosen}\nc.PerDay.grace_minutes = 0")
    assert LatePolicy(course_config(tmp_path)).penalty("ann", 10.0, 1.0) == 1.0
    path.write_text("c.Autograde.x = undefined")
    with pytest.raises(GradebookError, match=r"nbgrader_config.py cannot be used: NameError"):
        course_config(tmp_path)


def test_each_run_counts_anew(url: str) -> None:
    """Late work is charged; handed in on time, or when nobody knows, it is not, and no old penalty is left standing."""
    with open_book(url, per_day()) as book:
        for handed_in, off in ((LATE, 1.2), (ON_TIME, 0.0), (LATE, 1.2), (None, 0.0)):
            book.begin("ann", "hw1", handed_in)
            assert penalties(book) == {"ann": 0.0}
            book.record(grade("ann"))
            assert penalties(book) == {"ann": off}
    with open_book(url, Config()) as book:
        book.begin("ann", "hw1", LATE)
        book.record(grade("ann"))
        assert penalties(book) == {"ann": 0.0}


def test_extensions_move_the_due_time(url: str) -> None:
    """A student with more time is not late in it, nor is nbgrader of another opinion; without the entry it is over."""
    until = {"ann": datetime.datetime(2030, 1, 5, tzinfo=datetime.timezone.utc)}
    with open_book(url, per_day(), Deadline(DUE, until)) as book:
        for name in ("ann", "bob"):
            book.begin(name, "hw1", LATE)
            book.record(grade(name))
        assert penalties(book) == {"ann": 0.0, "bob": 1.2}
        with Gradebook(url) as api:
            assert api.find_submission("hw1", "ann").total_seconds_late == 0
            assert api.find_submission("hw1", "bob").total_seconds_late == 25 * 3600
        book.remember("hw1", Deadline(DUE, {}))
        book.settle("hw1")
        assert penalties(book) == {"ann": 1.2, "bob": 1.2}


def test_who_says_when_it_is_due(url: str) -> None:
    """assignment.toml wins; where it says nothing, due time and extension of the gradebook stand."""
    with open_book(url, per_day(), Deadline()) as book:
        with Gradebook(url) as api:
            api.update_or_create_assignment("hw1", duedate="2030-01-02 12:00 UTC")
            api.update_or_create_student("bob")
            api.update_or_create_submission("hw1", "bob", extension=datetime.timedelta(days=3))
        for name in ("ann", "bob"):
            book.begin(name, "hw1", LATE)
            book.record(grade(name))
        assert penalties(book) == {"ann": 1.2, "bob": 0.0}
        book.register("hw1", release(), deadline=Deadline(DUE + datetime.timedelta(days=7)))
        book.settle("hw1")
        assert penalties(book) == {"ann": 0.0, "bob": 0.0}
        assert book.standing("hw1")["ann"].late is None


def test_a_persons_points_are_charged_too(url: str) -> None:
    """What a person gives later counts when lateness is settled anew, as it is before pages are made."""
    with open_book(url, per_day()) as book:
        book.begin("ann", "hw1", LATE)
        book.record(grade("ann"))
        set_manual(url, "ann", "proof", 3.0)
        assert penalties(book) == {"ann": 1.2}
        book.settle("hw1", "ann")
        assert penalties(book) == {"ann": 1.8}


def test_lateness_in_words() -> None:
    """The student reads how late it was and what it costs."""
    due = datetime.datetime(2030, 1, 2, 12)
    assert Lateness(due, 90_061.0, 1.0).sentence() == (
        "Handed in 1 day and 1 hour after it was due (2030-01-02 12:00 UTC): 1 point is taken off."
    )
    assert (
        Lateness(due, 1.0, 0.0)
        .sentence()
        .endswith("in 1 minute after it was due (2030-01-02 12:00 UTC): no points are taken off.")
    )
    assert span(3 * 86_400.0 + 60.0) == "3 days and 1 minute"
    assert PerDay().percent_per_day == 10.0
