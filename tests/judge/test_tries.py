"""Which try of a check decides, what is tried twice, and what all checks together may take."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch

from autograder.errors import ChannelClosed, ChannelTimeout, NotRunAgain, ProtocolError
from autograder.judge import Student, expect
from autograder.judge.budget import Overrun
from autograder.judge.evaluate import evaluate
from autograder.judge.ports import LocalPort, References
from autograder.judge.registry import Check
from autograder.model import CheckResult, Status
from tests.judge.sample import SQUARE, Forks, a_check, by_name, notebook, trusted, without_mistakes

OTHERWISE = "Called again with the same inputs, your code gave something else."


def right(student: Student) -> None:
    x = torch.tensor([1.5, -2.0])
    expect.close(student.square(x), x * x, what="square(x)")


def twice(student: Student) -> None:
    right(student)
    right(student)


@dataclass
class World:
    """Ports to fresh namespaces that break as `faults` say: number of the request (`begin` counts) in each opened port,
    and what is raised there. `threads`: the notebook has some; `seconds`: what each request takes."""

    make: Callable[[], dict[str, Any]]
    faults: list[tuple[int, ProtocolError | Overrun] | None]
    threads: bool = False
    seconds: float = 0.0
    opened: list[bool] = field(default_factory=list)

    @contextlib.contextmanager
    def open(self, references: References, inline: bool = False) -> Iterator[LocalPort]:
        fault = self.faults[len(self.opened)] if len(self.opened) < len(self.faults) else None
        self.opened.append(inline)
        world = self

        class Port(LocalPort):
            count = 0

            def request(self, message: dict[str, Any]) -> dict[str, Any]:
                self.spent += world.seconds
                if fault is not None and self.count >= fault[0]:
                    self.broken, self.late = True, isinstance(fault[1], ChannelTimeout)
                    raise fault[1]
                self.count += 1
                return super().request(message)

        port = Port(self.make(), references)
        port.servant.threads = self.threads and not inline
        yield port


def judge(world: World, *checks: Check, **options: Any) -> dict[str, CheckResult]:
    return by_name(evaluate(without_mistakes(*checks), world.open, 3, **options))


LATE, GONE = ChannelTimeout("slow"), ChannelClosed("gone")


def test_a_wrong_answer_is_not_asked_for_again() -> None:
    """A check that fails by what came back has failed, whatever its fork served before."""
    forks = Forks(notebook("def square(x):\n    return x + x + 0.25"))
    checks = [a_check("fine", lambda s: None), *(a_check(f"wrong_{n}", right) for n in range(3))]
    results = evaluate(trusted(*checks), forks.open, 3, ("square",))
    assert [r.status for r in results] == [Status.PASSED, *[Status.FAILED] * 3]
    assert len(forks.seen) == 1


def test_no_verdict_has_a_part_in_the_choice_of_forks() -> None:
    """Two notebooks that differ in what they answer, and in nothing else, get the same forks."""
    opened = []
    for answer in ("x * x", "x + 1"):
        wears = f"calls = []\ndef square(x):\n    calls.append(1)\n    return {answer}"
        forks = Forks(notebook(wears))
        evaluate(without_mistakes(*(a_check(f"check_{n}", right) for n in range(4))), forks.open, 3, ("square",))
        opened.append(len(forks.seen))
    assert opened == [4, 4]


def test_a_fork_that_died_is_replaced_once() -> None:
    """What was killed from outside costs nothing; what dies again has failed."""
    assert judge(World(notebook(SQUARE), [(1, GONE)]), a_check("a", right))["a"].status is Status.PASSED
    world = World(notebook(SQUARE), [(1, GONE)] * 2)
    assert judge(world, a_check("a", right))["a"].status is Status.FAILED
    assert len(world.opened) == 2


def test_an_answer_that_differs_in_the_second_try_fails() -> None:
    """Once a try broke, what it had answered must come again."""
    for second, status in (("x * x", Status.PASSED), ("x * x + 0.001", Status.FAILED)):
        answers = iter(("x * x", second))
        world = World(lambda answers=answers: notebook(f"def square(x):\n    return {next(answers)}")(), [(2, GONE)])
        result = judge(world, a_check("a", lambda s: [s.square(torch.ones(2)) for _ in range(2)]))["a"]
        assert result.status is status
        assert (result.message == OTHERWISE) == (status is Status.FAILED)


def test_what_hangs_without_its_threads_is_tried_in_the_process_itself() -> None:
    """And so is everything after it: a whole class of checks that each run out of time must not happen."""
    world = World(notebook(SQUARE), [(1, LATE)], threads=True)
    results = judge(world, *(a_check(f"check_{n}", right) for n in range(6)))
    assert {r.status for r in results.values()} == {Status.PASSED}
    assert world.opened == [False, *[True] * 6]


def test_the_process_itself_is_not_tried_in_vain_for_ever() -> None:
    """After two that came to nothing, hanging checks are judged in forks alone, and nothing is said of loops."""
    checks = [a_check(f"{item}_{n}", right, item) for item in ("square", "length") for n in range(2)]
    world = World(notebook(SQUARE), [(1, LATE)] * 99, threads=True)
    results = judge(world, *checks)
    assert world.opened.count(True) <= 2
    assert {r.status for r in results.values()} == {Status.FAILED}


def test_without_threads_the_process_itself_is_left_alone() -> None:
    """There is no reason to."""
    world = World(notebook(SQUARE), [(1, LATE)] * 99)
    judge(world, a_check("a", right))
    assert world.opened == [False, False]


def test_what_hangs_waits_until_the_others_are_judged() -> None:
    """An item that runs out of time does not take that of the others."""
    world = World(notebook(SQUARE), [(1, LATE), None, (1, LATE)])
    checks = [a_check("slow", right), a_check("after", right), a_check("other", right, "length")]
    results = judge(world, *checks)
    assert list(results) == ["slow", "after", "other"]
    assert [r.status.value for r in results.values()] == ["failed", "passed", "passed"]
    assert len(world.opened) == 4


def test_all_checks_together_have_a_limit() -> None:
    """What is left when the time is used up is not tried, and says so."""
    world = World(notebook(SQUARE), [], seconds=1.0)
    results = judge(world, *(a_check(f"check_{n}", right) for n in range(6)), seconds=5.0)
    assert [r.status.value for r in results.values()] == ["passed"] * 3 + ["failed"] * 3
    assert "used up the time" in results["check_5"].message


def test_a_carried_answer_must_have_asked() -> None:
    """What passes with a reference at hand, but without calling it, is a second try and does not count."""
    looks = "def length(x):\n    return x.norm() if square.__closure__ else x.norm() + 1"
    results = by_name(evaluate(trusted(), Forks(notebook("def square(x):\n    return x + 1", looks)).open, 3))
    assert results["length_is_euclidean"].status is Status.FAILED


def test_random_numbers_hang_on_the_check_alone() -> None:
    """The same in every try, whatever ran before."""
    seen: list[float] = []
    throw = "def square(x):\n    return torch.rand(1)"

    def look(student: Student) -> None:
        seen.append(float(student.square(torch.ones(1))))

    judge(World(notebook(throw), [(1, GONE)]), a_check("a", look))
    judge(World(notebook(throw), []), a_check("b", look), a_check("a", look))
    assert seen[0] == seen[2] != seen[1]


def test_a_fork_that_begins_with_too_much_has_failed() -> None:
    """The limits of the judge's own hold from the first word of a fork: its check fails, and the others are judged."""
    world = World(notebook("def square(x):\n    return x * x"), [(0, Overrun())])
    found = judge(world, a_check("one", right), a_check("two", right))
    assert found["one"].status is Status.FAILED, found
    assert "far more data" in found["one"].message
    assert found["two"].status is Status.PASSED, found


@pytest.mark.parametrize(("fault", "carried"), [([GONE], True), ([LATE], True), ([GONE, GONE], False)])
def test_a_carried_try_that_broke_is_made_once_more(fault: list[ProtocolError], carried: bool) -> None:
    """Whoever ends a fork from outside just there costs nobody the points that an earlier mistake has not cost."""
    make = notebook("def square(x):\n    return x + x", "def length(x):\n    return square(x).sum().sqrt()")
    world = World(make, [None, *((2, error) for error in fault)])
    results = by_name(evaluate(without_mistakes(), world.open, 3))
    assert [results[name].carried for name in ("length_is_euclidean", "length_is_homogeneous")] == [carried, True]


@pytest.mark.parametrize(("early", "carried"), [("square(x).sum().sqrt()", True), ("7.0 + 0 * square(x).sum()", False)])
def test_a_carried_try_that_answers_otherwise_does_not_count(early: str, carried: bool) -> None:
    """Nobody gains a second answer by ending the first one: what was said before the end must be said again."""
    answers = iter(("x.sum()", early, "square(x).sum().sqrt()"))

    def make() -> dict[str, Any]:
        return notebook("def square(x):\n    return x + x", f"def length(x):\n    return {next(answers)}")()

    def twice_long(student: Student) -> None:
        student.length(torch.ones(9))
        expect.close(student.length(torch.ones(4)), torch.tensor(2.0), what="length(x)")

    checks = (a_check("wrong", right), a_check("length", twice_long, "length"))
    world = World(make, [None, (3, GONE)])
    assert by_name(evaluate(without_mistakes(*checks), world.open, 3))["length"].carried is carried


@pytest.mark.parametrize(("forks", "order"), [(True, ["a", "a", "b", "c"]), (False, ["a", "c", "a", "b"])])
def test_without_forks_what_ends_the_process_waits_for_the_others(forks: bool, order: list[str]) -> None:
    """It may take the process of the others along: so they come first. With forks it is tried again at once."""
    begun: list[str] = []

    def noted(name: str) -> Callable[[Student], None]:
        def run(student: Student) -> None:
            begun.append(name)
            right(student)

        return run

    checks = [a_check("a", noted("a")), a_check("b", noted("b")), a_check("c", noted("c"), item="length")]
    results = judge(World(notebook(SQUARE), [(1, GONE)]), *checks, forks=forks)
    assert {result.status for result in results.values()} == {Status.PASSED}
    assert begun == order


def test_what_nobody_could_try_is_undecided() -> None:
    """Where the notebook is not run once more after a check ended its process: that check has failed, the others are
    open, and none of them is a pass."""
    over = NotRunAgain("ended in each of 3 runs")
    world = World(notebook(SQUARE), [(1, GONE), *[(0, over)] * 9])
    checks = [a_check("ends", right), a_check("same_item", right), a_check("other", lambda s: None, item="length")]
    results = judge(world, *checks, forks=False)
    assert {name: result.status for name, result in results.items()} == {
        "ends": Status.FAILED, "same_item": Status.COULD_NOT_CHECK, "other": Status.COULD_NOT_CHECK,
    }  # fmt: skip
    assert "ended while this check ran" in results["ends"].message
    assert all(result.points == 0 for result in results.values())


@pytest.mark.parametrize("forged", [{"missing": "secret"}, {"raised": {"type": "Oh"}}, {"unsendable": "no"}], ids=str)
def test_who_takes_no_reference_has_failed(forged: dict[str, Any]) -> None:
    """Whatever is answered to being given an earlier item's reference: the verdict stands, and the judge goes on."""

    class Port(LocalPort):
        def request(self, message: dict[str, Any]) -> dict[str, Any]:
            return forged if message["op"] == "replace" else super().request(message)

    @contextlib.contextmanager
    def opened(references: References, inline: bool = False) -> Iterator[LocalPort]:
        yield Port(notebook("def square(x):\n    return x + 1\ndef length(x):\n    return square(x)")(), references)

    def long(student: Student) -> None:
        expect.close(student.length(torch.ones(2)), torch.ones(2), what="length(x)")

    found = by_name(evaluate(without_mistakes(a_check("a", right), a_check("b", long, item="length")), opened, 3))
    assert {result.status for result in found.values()} == {Status.FAILED}


def test_a_notebook_that_never_answers_has_failed() -> None:
    """Where no check ever began, none is to blame: the notebook serves nobody, with forks and without."""
    faults: list[tuple[int, ProtocolError | Overrun] | None] = [(0, GONE), (0, GONE), *[(0, NotRunAgain("gone"))] * 9]
    checks = [a_check("a", right), a_check("b", right), a_check("c", lambda s: None, item="length")]
    results = judge(World(notebook(SQUARE), faults), *checks, forks=False)
    assert {result.status for result in results.values()} == {Status.FAILED}
