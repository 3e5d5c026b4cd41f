"""All checks of an assignment against one notebook: fresh forks, errors carried forward, time limits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.assignment import Mistake
from autograder.errors import ChannelClosed, ChannelTimeout, ProtocolError, SandboxError
from autograder.judge import Student, expect, fingerprint
from autograder.judge.evaluate import evaluate
from autograder.judge.ports import LocalPort, References
from autograder.judge.trusted import Trusted
from autograder.model import Status
from tests.courses import Grader
from tests.judge.sample import (
    LENGTH,
    RIGHT,
    SQUARE,
    Forks,
    a_check,
    by_name,
    chain,
    chain_checks,
    notebook,
    trusted,
    without_mistakes,
)

pytest_plugins = ["tests.courses"]

WRONG_SQUARE = "def square(x):\n    return x + x + 0.25"
# Right as long as nobody has called anything here before: what one check leaves behind hits the next.
WEARS_OUT = "calls = []\ndef square(x):\n    calls.append(1)\n    return x * x if len(calls) == 1 else x"


def same_as_square(student: Student) -> None:
    x = torch.tensor([1.5, -2.0])
    expect.close(student.square(x), x * x, what="square(x)")


def test_right_work_passes_every_check() -> None:
    """Each check has one result, in the order of the assignment, and all pass in a single fork."""
    forks = Forks(RIGHT)
    results = evaluate(trusted(), forks.open, 3)
    assert [r.name for r in results] == [c.name for c in trusted().checks]
    assert all(r.status is Status.PASSED for r in results)
    assert sum(r.points for r in results) == 6
    assert len(forks.seen) == 1


def test_only_the_items_asked_for_are_judged() -> None:
    """With `items`, other items get no result."""
    assert {r.item for r in evaluate(trusted(), Forks(RIGHT).open, 3, ("length",))} == {"length"}


def test_the_same_seed_gives_the_same_results() -> None:
    """A grade can be reproduced from its seed, details included."""
    runs = [evaluate(trusted(), Forks(notebook(WRONG_SQUARE, LENGTH)).open, seed) for seed in (3, 3, 4)]
    told = [[(r.status, r.points, r.message, r.detail, r.mistake) for r in run] for run in runs]
    assert told[0] == told[1] != told[2]


def test_checks_that_disturb_each_other_cost_nothing() -> None:
    """A check that fails only because of what an earlier one left behind is judged again in a fresh fork."""
    checks = [a_check(f"check_{n}", same_as_square) for n in range(4)]
    forks = Forks(notebook(WEARS_OUT))
    results = evaluate(trusted(*checks), forks.open, 3, ("square",))
    assert [r.status for r in results] == [Status.PASSED] * 4
    assert len(forks.seen) == 4


def test_a_check_that_breaks_globals_hurts_only_itself() -> None:
    """A failure caused by a ruined global is not charged to the check that comes after."""

    def ruin(student: Student) -> None:
        student.ruin()

    broken = "def ruin():\n    global square\n    square = None\n    raise ValueError"
    checks = [a_check("ruins", ruin), a_check("after", same_as_square)]
    results = evaluate(trusted(*checks), Forks(notebook(SQUARE, broken)).open, 3, ("square",))
    assert [r.status for r in results] == [Status.FAILED, Status.PASSED]


def test_a_failure_in_a_fresh_fork_stands() -> None:
    """Wrong work fails, whether its check is the first of its fork or not."""
    checks = [a_check("first", same_as_square), a_check("second", same_as_square), a_check("third", lambda s: None)]
    results = evaluate(trusted(*checks), Forks(notebook(WRONG_SQUARE)).open, 3, ("square",))
    assert [r.status for r in results] == [Status.FAILED, Status.FAILED, Status.PASSED]


def test_an_answer_that_is_not_written_is_not_tried_again_and_again() -> None:
    """Checks that all meet the same exception, with no data, share one fork: a blank notebook is quick."""
    blank = "def square(x):\n    raise NotImplementedError()"
    checks = [a_check(f"check_{n}", same_as_square) for n in range(5)]
    forks = Forks(notebook(blank))
    results = evaluate(trusted(*checks), forks.open, 3, ("square",))
    assert {r.message for r in results} == {"`square` raised NotImplementedError."}
    assert len(forks.seen) == 1


def test_a_name_that_is_missing_is_not_looked_for_again_and_again() -> None:
    """The same holds for an answer that was deleted."""
    forks = Forks(notebook())
    checks = [a_check(f"check_{n}", same_as_square) for n in range(5)]
    results = evaluate(trusted(*checks), forks.open, 3, ("square",))
    assert {r.status for r in results} == {Status.FAILED}
    assert len(forks.seen) == 1


def test_an_exception_that_an_earlier_check_caused_is_not_charged() -> None:
    """A function that breaks for good at its first odd input loses the check with that input and no other."""
    breaks = """
broken = False
def square(x):
    global broken
    broken = broken or bool((x == 0).any())
    return x * x if not broken else 1 // 0
"""
    checks = [
        a_check("at_zero", lambda s: expect.close(s.square(torch.zeros(2)), [0.0, 0.0], what="square(0)")),
        *(a_check(f"check_{n}", same_as_square) for n in range(3)),
    ]
    results = evaluate(trusted(*checks), Forks(notebook(breaks)).open, 3, ("square",))
    assert [r.status for r in results] == [Status.FAILED, *[Status.PASSED] * 3]


class Faulty(LocalPort):
    """A port that fails at each request, as a socket does when its fork is gone."""

    def __init__(self, error: ProtocolError) -> None:
        super().__init__({})
        self.error = error

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        self.broken, self.late = True, isinstance(self.error, ChannelTimeout)
        raise self.error


def failing_forks(error: ProtocolError, opened: list[int]) -> Any:
    @contextlib.contextmanager
    def open_port(references: References) -> Iterator[LocalPort]:
        opened.append(1)
        yield Faulty(error)

    return open_port


def test_after_three_time_outs_the_rest_of_the_item_is_not_tried() -> None:
    """Three checks that run out of time cost their time; the other checks of the item fail at once."""
    opened: list[int] = []
    checks = [a_check(f"check_{n}", same_as_square) for n in range(8)]
    results = evaluate(trusted(*checks), failing_forks(ChannelTimeout("slow"), opened), 3, ("square",))
    assert len(opened) == 3 + 1  # the first got a second chance
    assert [r.status for r in results] == [Status.FAILED] * 8
    assert {r.message for r in results} == {"Your code did not finish in the time that this check allows."}


def test_a_busy_machine_costs_nothing() -> None:
    """The first check of an item that is late is tried again with twice the time, and then passes."""
    factors: list[float] = []

    class Busy(LocalPort):
        def renew(self, factor: float = 1.0) -> None:
            factors.append(factor)
            self.late = self.broken = factor < 2

        def request(self, message: dict[str, Any]) -> dict[str, Any]:
            if self.late:
                raise ChannelTimeout("slow")
            return super().request(message)

    @contextlib.contextmanager
    def open_port(references: References) -> Iterator[LocalPort]:
        yield Busy(notebook(SQUARE)(), references)

    results = evaluate(trusted(a_check("only", same_as_square)), open_port, 3, ("square",))
    assert factors == [1.0, 2.0]
    assert [r.status for r in results] == [Status.PASSED]


def test_crashes_are_tried_each_time() -> None:
    """A fork that ends is replaced for every check: a crash costs one check only. Three are tried twice."""
    opened: list[int] = []
    checks = [a_check(f"check_{n}", same_as_square) for n in range(6)]
    results = evaluate(trusted(*checks), failing_forks(ChannelClosed("gone"), opened), 3, ("square",))
    assert len(opened) == 6 + 3
    assert {r.message for r in results} == {"The process of your notebook ended while this check ran."}


def test_the_time_limit_of_one_item_leaves_the_next_alone() -> None:
    """Patience is per item: the checks of the next item are tried."""
    opened: list[int] = []
    checks = [a_check(f"check_{n}", same_as_square, "square" if n < 4 else "length") for n in range(6)]
    evaluate(without_mistakes(*checks), failing_forks(ChannelTimeout("slow"), opened), 3)
    assert len(opened) == 4 + 3 + 3  # `length` is tried with a reference `square`, twice at first


def test_a_notebook_without_a_process_fails_every_check() -> None:
    """When no fork can be opened because the notebook is gone, each check fails with that reason."""

    @contextlib.contextmanager
    def open_port(references: References) -> Iterator[LocalPort]:
        raise ChannelClosed("gone")
        yield

    results = evaluate(trusted(), open_port, 3)
    assert len(results) == 4
    assert {(r.status, r.message) for r in results} == {
        (Status.FAILED, "The process of your notebook ended while this check ran.")
    }


def test_a_failure_of_the_machine_goes_up() -> None:
    """SandboxError is no verdict about anybody's work."""

    @contextlib.contextmanager
    def open_port(references: References) -> Iterator[LocalPort]:
        raise SandboxError("lost")
        yield

    with pytest.raises(SandboxError):
        evaluate(trusted(), open_port, 3)


def test_a_broken_check_is_neither_passed_nor_failed() -> None:
    """One check of ours that breaks leaves the verdicts of the others alone."""
    checks = [a_check("broken", lambda s: 1 / 0), a_check("fine", same_as_square)]
    results = evaluate(trusted(*checks), Forks(notebook(SQUARE)).open, 3, ("square",))
    assert [r.status for r in results] == [Status.COULD_NOT_CHECK, Status.PASSED]


def test_errors_are_carried_forward() -> None:
    """A later item that is right, but calls a wrong earlier one, passes with the reference and is marked so."""
    results = by_name(evaluate(trusted(), Forks(notebook(WRONG_SQUARE, LENGTH)).open, 3))
    assert results["entries_are_squared"].status is Status.FAILED
    assert results["entries_are_squared"].points == 0
    for name, points in (("length_is_euclidean", 2), ("length_is_homogeneous", 1)):
        result = results[name]
        assert (result.status, result.points, result.carried) == (Status.PASSED, points, True)
        assert (result.message, result.mistake) == ("", "")
        assert "reference square" in result.detail


def test_a_wrong_later_item_is_not_carried() -> None:
    """An item that is wrong by itself fails with the reference versions too."""
    wrong = notebook(WRONG_SQUARE, "def length(x):\n    return square(x).sum()")
    results = by_name(evaluate(trusted(), Forks(wrong).open, 3))
    assert results["length_is_euclidean"].status is Status.FAILED
    assert not results["length_is_euclidean"].carried


def test_nothing_is_carried_when_the_earlier_items_are_right() -> None:
    """Where the needed items pass, a failure is the item's own, and no reference is offered."""
    forks = Forks(notebook(SQUARE, "def length(x):\n    return square(x).sum()"))
    results = by_name(evaluate(without_mistakes(), forks.open, 3))
    assert results["length_is_euclidean"].status is Status.FAILED
    assert all(not references for references in forks.seen)


def test_the_first_item_is_never_carried() -> None:
    """An item that needs nothing meets no reference at all."""
    forks = Forks(notebook(WRONG_SQUARE, "def length(x):\n    return x.norm()"))
    results = by_name(evaluate(trusted(), forks.open, 3))
    assert results["entries_are_squared"].status is Status.FAILED
    assert all(not references for references in forks.seen)


def test_the_reference_never_enters_the_namespace() -> None:
    """What is put into the notebook's fork is a stand-in that asks: no code of the solution, no closure over it."""
    forks = Forks(notebook(WRONG_SQUARE, LENGTH))
    ready = trusted()
    evaluate(ready, forks.open, 3)
    reference = ready.reference()["square"]
    replaced = [space["square"] for space, refs in zip(forks.spaces, forks.seen, strict=True) if refs]
    assert replaced
    for stand_in in replaced:
        assert stand_in is not reference
        assert stand_in.__code__ is not reference.__code__
        assert not any(cell.cell_contents is reference for cell in stand_in.__closure__ or ())


def test_a_later_item_cannot_pass_by_asking_for_what_it_does_not_need() -> None:
    """References are the functions of needed items alone: nobody can ask for the answer itself."""
    forks = Forks(notebook(WRONG_SQUARE, LENGTH))
    evaluate(trusted(), forks.open, 3)
    assert {name for references in forks.seen for name in references} == {"square"}


def test_failures_are_explained_by_the_mistake_that_fits() -> None:
    """A declared mistake puts its explanation on the failed checks of its item, and on no others."""
    doubles = notebook("def square(x):\n    return 2 * x", LENGTH)
    results = by_name(evaluate(trusted(), Forks(doubles).open, 3))
    assert results["entries_are_squared"].mistake == "You add each entry to itself. A square is a product."
    assert results["vector_is_unharmed"].mistake == ""
    other = by_name(evaluate(trusted(), Forks(notebook(WRONG_SQUARE, LENGTH)).open, 3))
    assert other["entries_are_squared"].mistake == ""


def test_what_another_answer_did_is_not_explained_as_ones_own() -> None:
    """A slip in one cell may break two items. Where it does to the second what a mistake of that one does as well,
    nobody knows which it was; who made the latter alone reads about it, and we hear what is thought."""
    adds = "def length(x):\n    return (x + x).sum().abs().sqrt()"
    both = f"def square(x):\n    return x + x + 1\n\n{adds}"
    path, caught = Path("square.toml"), ("entries_are_squared",)
    slip = Mistake("slip", path, "square", "length", caught, "names are mine", "You define square twice.", both)
    own = Mistake("own", path, "length", "length", ("length_is_euclidean",), "sums are lengths", "You add.", adds)
    given = Trusted(replace(chain(), mistakes=(slip, own)), chain_checks())
    told = by_name(evaluate(given, Forks(notebook(both)).open, 3))
    assert told["length_is_euclidean"].status is Status.FAILED
    assert (told["entries_are_squared"].mistake, told["entries_are_squared"].thinks) == (slip.explain, "names are mine")
    assert (told["length_is_euclidean"].mistake, told["length_is_euclidean"].thinks) == ("", "")
    alone = by_name(evaluate(given, Forks(notebook(SQUARE, adds)).open, 3))
    assert alone["length_is_euclidean"].mistake == "You add."
    assert alone["length_is_euclidean"].thinks == "sums are lengths"
    alike = Trusted(replace(chain(), mistakes=(slip, replace(own, explain=slip.explain))), chain_checks())
    told = by_name(evaluate(alike, Forks(notebook(both)).open, 3))
    assert (told["length_is_euclidean"].mistake, told["length_is_euclidean"].thinks) == (slip.explain, "")


def test_a_mistake_is_run_for_the_first_who_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is judged after that, at the same seed, reads the same explanation at no cost."""
    given, doubles = trusted(), notebook("def square(x):\n    return 2 * x", LENGTH)
    told = by_name(evaluate(given, Forks(doubles).open, 3))["entries_are_squared"].mistake
    monkeypatch.setattr(fingerprint, "trace", None)  # whoever runs one fails
    assert by_name(evaluate(given, Forks(doubles).open, 3))["entries_are_squared"].mistake == told != ""


def test_nothing_is_explained_about_an_answer_that_is_as_released() -> None:
    """An untouched item has its verdicts; no mistake is run for it, and no reference tried. Others go on."""
    forks = Forks(notebook("def square(x):\n    return 2 * x", "def length(x):\n    return square(x).sum().sqrt()"))
    results = by_name(evaluate(trusted(), forks.open, 3, untouched=frozenset({"length"})))
    assert results["length_is_euclidean"].status is Status.FAILED
    assert results["entries_are_squared"].mistake
    assert all(not references for references in forks.seen)
    results = by_name(evaluate(trusted(), forks.open, 3, untouched=frozenset({"square"})))
    assert results["entries_are_squared"].status is Status.FAILED
    assert results["entries_are_squared"].mistake == ""
    assert results["length_is_euclidean"].carried


def test_a_real_sandbox_forgives_checks_that_disturb_each_other(grader: Grader) -> None:
    """In the sandbox too, an answer that works only for its first call in a process earns full marks."""
    grade = grader.grade(
        grader.demo.solved("chain", square=WEARS_OUT, length="def length(x):\n    return x.norm()"), "chain"
    )
    assert {c.name: c.status for item in grade.items for c in item.checks} == {
        "entries_are_squared": Status.FAILED,
        "vector_is_unharmed": Status.PASSED,
        "length_is_euclidean": Status.PASSED,
        "length_is_homogeneous": Status.PASSED,
    }


def test_a_real_sandbox_carries_errors_forward(grader: Grader) -> None:
    """Through the socket a stand-in asks back, so that one early mistake costs its points once."""
    grade = grader.grade(grader.demo.solved("chain", square=WRONG_SQUARE), "chain")
    assert {item.id: item.score for item in grade.items} == {"square": 1.0, "length": 3.0}
    assert [c.carried for c in grade.items[1].checks] == [True, True]
