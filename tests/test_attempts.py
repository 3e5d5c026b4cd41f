"""How often and how soon new work is graded: what the rule says, which clock it believes, and what a run does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from autograder import attempts
from autograder.attempts import DAY, Attempt, Attempts, Moment, Rule, rule_of
from autograder.build.site import read_site
from autograder.errors import AssignmentError
from autograder.gradebook import CourseGradebook, database_url
from tests.test_resume import WRONG, run

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.commands", "tests.courses"]

NOON = Moment(1_800_000_000.0, "boot", 50_000.0)
BETTER = "def square(x):\n    return x * x"


def later(seconds: float, now: Moment = NOON) -> Moment:
    """So long after, by both clocks."""
    return replace(now, wall=now.wall + seconds, since=now.since + seconds)


class Clock:
    """A machine's clocks, set by the test."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> Moment:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now = later(seconds, self.now)

    def steps(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self.now = replace(self.now, wall=self.now.wall + seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(tmp_path: Path, clock: Clock) -> Attempts:
    return Attempts(tmp_path, clock)


def test_so_many_in_a_day_and_not_too_soon() -> None:
    """The n-th last attempt has to be a day old, and the last one as old as the rule says."""
    made = [Attempt("a", NOON), Attempt("b", later(600)), Attempt("c", later(4_000))]
    assert Rule(per_day=3).wait(made, later(5_000)) == DAY - 5_000
    assert Rule(per_day=4).wait(made, later(5_000)) == 0.0
    assert Rule(per_day=1).wait(made, later(5_000)) == DAY - 1_000
    assert Rule(wait_minutes=30).wait(made, later(5_000)) == 800.0
    assert Rule(per_day=3, wait_minutes=30).wait(made, later(DAY - 100)) == 100.0
    assert Rule(per_day=3, wait_minutes=30).wait([], NOON) == 0.0
    assert not Rule().limits


def test_the_sentence_says_when() -> None:
    """To the next full minute, so that whoever comes then is not turned away once more."""
    said = Rule(2, 10.0).sentence(90.0, NOON)
    assert "at most 2 times in 24 hours and 10 minutes after the last time" in said
    assert "from 2027-01-15 08:02 UTC on" in said
    assert "at most 1 time in 24 hours." in Rule(per_day=1).sentence(60.0, NOON)


def test_the_same_work_is_no_further_attempt(book: Attempts, clock: Clock) -> None:
    """A run that was killed, or that met a fault of ours, is given again at once, as often as need be."""
    rule = Rule(per_day=1)
    assert book.refusal(rule, "hw", "ada", "one") == ""
    for _ in range(3):
        book.note("hw", "ada", "one")
        assert book.refusal(rule, "hw", "ada", "one") == ""
    assert "1 time in 24 hours" in book.refusal(rule, "hw", "ada", "two")
    assert book.refusal(rule, "hw", "bob", "two") == book.refusal(rule, "other", "ada", "two") == ""
    clock.passes(DAY)
    assert book.refusal(rule, "hw", "ada", "two") == ""


def test_work_that_was_there_before_counts_again(book: Attempts) -> None:
    """Going back and forth between two answers learns no more than handing in new ones."""
    for digest in ("one", "two", "one"):
        book.note("hw", "ada", digest)
    assert book.refusal(Rule(per_day=3), "hw", "ada", "three") != ""
    assert book.refusal(Rule(per_day=4), "hw", "ada", "three") == ""


@pytest.mark.parametrize("step", [-400 * DAY, -3_600.0, 3_600.0, 400 * DAY])
def test_setting_the_clock_does_not_help(book: Attempts, clock: Clock, step: float) -> None:
    """Neither ahead nor back; and when it is right again, nobody waits longer than the rule says."""
    rule = Rule(wait_minutes=30)
    book.note("hw", "ada", "one")
    clock.steps(step)
    assert book.refusal(rule, "hw", "ada", "two") != ""
    clock.passes(1_700)
    assert book.refusal(rule, "hw", "ada", "two") != ""
    clock.steps(-step)
    clock.passes(101)
    assert book.refusal(rule, "hw", "ada", "two") == ""


def test_a_clock_that_was_ahead_does_not_bar_for_ever(book: Attempts, clock: Clock) -> None:
    """What was noted a year ahead, before the machine started anew, counts from the first look at it."""
    clock.steps(365 * DAY)
    book.note("hw", "ada", "one")
    clock.now = replace(later(60), boot="another", since=10.0)
    assert book.refusal(Rule(wait_minutes=30), "hw", "ada", "two") != ""
    clock.passes(1_801)
    assert book.refusal(Rule(wait_minutes=30), "hw", "ada", "two") == ""


@given(some.lists(some.tuples(some.floats(-3 * DAY, 3 * DAY), some.floats(0, DAY / 3)), max_size=12))
def test_no_clock_gives_more_than_the_rule(steps: list[tuple[float, float]]) -> None:
    """However the wall clock is set between attempts: in no 24 hours that really pass are there more than allowed."""
    rule, clock, made, real = Rule(per_day=2), Clock(), list[Attempt](), list[float]()
    for step, passing in steps:
        clock.steps(step)
        clock.passes(passing)
        made = attempts._not_ahead(made, clock.now)
        if rule.wait(made, clock.now) <= 0:
            made.append(Attempt("x", clock.now))
            real.append(clock.now.since)
    assert all(c - a >= DAY for a, c in zip(real, real[2:], strict=False))


def test_a_file_that_is_broken_limits_nobody(book: Attempts, tmp_path: Path) -> None:
    """It is ours; what is written next is whole again."""
    book.note("hw", "ada", "one")
    (path,) = tmp_path.rglob("ada.json")
    path.write_text('[{"digest": 1}')
    assert book.refusal(Rule(per_day=1), "hw", "ada", "two") == ""
    book.note("hw", "ada", "two")
    assert book.refusal(Rule(per_day=1), "hw", "ada", "three") != ""


def test_the_assignment_wins_over_the_course(demo: Demo) -> None:
    """A rule for all, one of its own, and none; a wrong value is named with its file and key."""
    course = demo.root / "course.toml"
    assert not rule_of(demo.root, "chain").limits
    course.write_text('[course]\nbranch = "main"\n\n[attempts]\nper_day = 5\n')
    assert read_site(demo.root).branch == "main"
    assert rule_of(demo.root, "chain") == Rule(per_day=5)
    demo.edit("assignment.toml", "[limits]", "[attempts]\nwait_minutes = 2.5\n\n[limits]", "chain")
    assert rule_of(demo.root, "chain") == Rule(wait_minutes=2.5)
    demo.edit("assignment.toml", "wait_minutes = 2.5", "per_days = 2", "chain")
    with pytest.raises(AssignmentError, match=r"attempts.per_days: unknown key.*did you mean.*per_day"):
        rule_of(demo.root, "chain")
    demo.edit("assignment.toml", "per_days = 2", "per_day = 0", "chain")
    with pytest.raises(AssignmentError, match=r"attempts.per_day: expected .*greater than 0"):
        rule_of(demo.root, "chain")


@pytest.fixture
def limited(demo: Demo) -> Demo:
    """One attempt a day."""
    (demo.root / "course.toml").write_text("[attempts]\nper_day = 1\n")
    return demo


def scores(demo: Demo) -> dict[str, float]:
    with CourseGradebook(database_url(demo.root)) as book:
        return {row.student: row.score for row in book.scores("chain")}


@pytest.mark.usefixtures("warm")
def test_new_work_waits_and_the_last_grade_stays(limited: Demo) -> None:
    """A second attempt is not run: gradebook, results and page have the first grade, and a sentence says until when.
    Others are graded as ever; --again grades it and counts for nothing."""
    limited.hand_in("ada", limited.solved("chain", square=WRONG), "chain")
    first, ran = run(limited)
    assert ran == ["ada"]
    before = scores(limited)
    limited.hand_in("ada", limited.solved("chain", square=BETTER), "chain")
    limited.hand_in("bob", limited.solved("chain"), "chain")
    done, ran = run(limited, report=limited.root / "out")
    assert ran == ["bob"]
    assert scores(limited) == before | {"bob": 6.0}
    told = {grade.student: grade for grade in done.grades}
    assert told["ada"].score == first.grades[0].score < 6.0
    assert [line for line in done.notes if "ada, chain: New work is graded at most 1 time" in line]
    assert done.problems == ()
    page = (limited.root / "out/chain/feedback/ada/feedback.html").read_text(encoding="utf-8")
    assert "until then the last grade stands" in page
    again, ran = run(limited, again=True)
    assert ran == ["ada", "bob"]
    assert {grade.student: grade.score for grade in again.grades} == {"ada": 6.0, "bob": 6.0}
    assert not list((limited.root / ".seq2grade/chain").glob(".*"))


@pytest.mark.usefixtures("warm")
def test_a_single_file_is_held_to_it_too(limited: Demo, seq2grade: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a gradebook there is no last grade to show, so the command says so and its exit code is not 0."""
    monkeypatch.chdir(limited.root)
    where = limited.hand_in("ada", limited.solved("chain", square=WRONG), "chain").path
    assert seq2grade("grade", where).code == 0
    assert seq2grade("grade", where).code == 0
    limited.hand_in("ada", limited.solved("chain"), "chain")
    said = seq2grade("grade", where)
    assert said.code == 1
    assert "not graded: ada, chain: New work is graded at most 1 time in 24 hours" in said.out
    assert "6 / 6" in seq2grade("grade", where, "--again").out


@pytest.mark.usefixtures("warm")
def test_what_cannot_be_read_is_no_attempt(limited: Demo) -> None:
    """Nobody learns from it which answer is right."""
    limited.hand_in("ada", "{", "chain")
    run(limited)
    limited.hand_in("ada", limited.solved("chain"), "chain")
    done, ran = run(limited)
    assert (ran, done.grades[0].score) == (["ada"], 6.0)


@pytest.mark.usefixtures("warm")
def test_an_attempt_that_cannot_be_noted_is_graded(limited: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk costs nobody a grade, and is told."""

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Attempts, "_write", full)
    limited.hand_in("ada", limited.solved("chain"), "chain")
    done, _ = run(limited)
    assert done.grades[0].score == 6.0
    assert any("an attempt was not counted for ada" in line for line in done.unsaved)
