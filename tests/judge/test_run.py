"""From whatever happens while a check runs to a verdict, and to words that a student may read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import (
    AssignmentError,
    ChannelClosed,
    ChannelTimeout,
    Feedback,
    ProtocolError,
    SandboxError,
    SandboxUnavailable,
    TooMuch,
)
from autograder.guest.wire import Remote
from autograder.judge import Check, Handle, Student, budget, expect, in_process
from autograder.judge.run import run_check
from autograder.judge.sources import Facts, digest
from autograder.judge.student import NameMissing, NotData, StudentRaised
from autograder.model import CheckResult, Status
from autograder.request import TOO_MUCH

SECRET = "98765.4321"


def verdict(run: Callable[..., Any], student: Student | None = None, seed: int = 5) -> CheckResult:
    """The result of a check that does just this."""
    return run_check(Check("sums", "one", 3.0, "Rows sum to 1.", run), student or in_process({}), seed)


def after(error: BaseException) -> CheckResult:
    """The result of a check in which this was raised."""

    def run(student: Student, draw: object) -> None:
        raise error

    return verdict(run)


def words(result: CheckResult) -> str:
    """Everything that a student reads of a result."""
    return " ".join((result.claim, result.message, result.hint, result.mistake, result.picture))


def test_a_check_that_returns_has_passed() -> None:
    """No exception, full points, nothing to say."""
    result = verdict(lambda student, draw: None)
    assert (result.status, result.points, result.max_points) == (Status.PASSED, 3.0, 3.0)
    assert (result.name, result.item, result.claim) == ("sums", "one", "Rows sum to 1.")
    assert (result.message, result.hint, result.detail, result.carried) == ("", "", "", False)


def test_the_check_gets_its_own_draw() -> None:
    """Inputs depend on the seed and on the check's name."""
    seen = []
    for seed in (5, 5, 6):
        verdict(lambda student, draw: seen.append(draw.integer(0, 10**9)), seed=seed)
    assert seen[0] == seen[1] != seen[2]


def test_feedback_becomes_a_failure_in_its_own_words() -> None:
    """Message, hint and picture go to the student, the detail and the seed to the instructor."""
    result = after(Feedback("rows sum to 2", "which axis?", f"got {SECRET}", "<svg/>"))
    assert (result.status, result.points) == (Status.FAILED, 0.0)
    assert (result.message, result.hint, result.picture) == ("rows sum to 2", "which axis?", "<svg/>")
    assert result.detail == f"got {SECRET}\nseed 5"
    assert SECRET not in words(result)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NameMissing("bptt"), "`bptt` is not defined"),
        (StudentRaised("bptt", "ValueError", SECRET, f"f:{SECRET}"), "`bptt` raised ValueError"),
        (StudentRaised("bptt", f"Error{SECRET.replace('.', '_')}", SECRET, ""), "`bptt` raised an exception"),
        (NotData("bptt", SECRET), "cannot be read as numbers"),
        (ChannelTimeout(SECRET), "did not finish in the time"),
        (ChannelClosed(SECRET), "ended while this check ran"),
        (ProtocolError(SECRET), "not plain data"),
    ],
)
def test_what_a_student_does_is_a_failure_in_safe_words(error: Exception, says: str) -> None:
    """Each way of going wrong fails, costs the points, and quotes nothing that student code chose."""
    result = after(error)
    assert (result.status, result.points) == (Status.FAILED, 0.0)
    assert says in result.message
    assert not re.search("98765|4321", words(result))
    assert "seed 5" in result.detail


@pytest.mark.parametrize(
    "kind",
    [
        "RuntimeError",
        "ValueError",
        "TypeError",
        "AssertionError",
        "AttributeError",
        "NotImplementedError",
        "UnboundLocalError",
        "IndexError",
        "RecursionError",
        "ZeroDivisionError",
        "KeyError",
        "OverflowError",
    ],
)
def test_a_class_alone_is_not_explained(kind: str) -> None:
    """An exception is told by the name of its class, and from that alone nothing is guessed (see test_raised)."""
    result = after(StudentRaised("f", kind, "", ""))
    assert kind in result.message
    assert result.hint == ""


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError("ours"),
        TypeError("ours"),
        KeyError("ours"),
        AssertionError("ours"),
        RecursionError("ours"),
        AssignmentError("checks.py", "reference", "expected"),
        MemoryError(),
        StopIteration(),
        NotImplementedError(),
    ],
)
def test_a_broken_check_is_could_not_check(error: Exception) -> None:
    """Any other exception is a fault of ours: no points charged, none given, and the traceback for us."""
    result = after(error)
    assert (result.status, result.points, result.max_points) == (Status.COULD_NOT_CHECK, 0.0, 3.0)
    assert "not your fault" in result.message
    assert type(error).__name__ in result.detail
    assert "seed 5" in result.detail
    assert type(error).__name__ not in words(result)


def test_a_reference_that_overflows_is_could_not_check() -> None:
    """A check whose own value is infinite neither passes nor fails anybody."""
    result = verdict(lambda student, draw: expect.close([1.0], [float("inf")], what="f(x)"))
    assert result.status is Status.COULD_NOT_CHECK


@pytest.mark.parametrize("error", [SandboxError("lost"), SandboxUnavailable("none")])
def test_a_failure_of_the_machine_is_no_verdict(error: SandboxError) -> None:
    """SandboxError goes on to whoever can try again."""
    with pytest.raises(SandboxError):
        after(error)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_an_interrupt_is_not_a_verdict(error: BaseException) -> None:
    """Ctrl-C during a check stops the grader."""
    with pytest.raises(type(error)):
        after(error)


def test_sending_what_cannot_be_sent_is_a_fault_of_the_check() -> None:
    """A check that passes a lambda as argument is broken; the student is not charged."""
    result = verdict(lambda student, draw: student.f(lambda x: x), in_process({"f": lambda g: 0}))
    assert result.status is Status.COULD_NOT_CHECK


@given(st.sampled_from([Feedback, ValueError, ProtocolError, ChannelTimeout, OSError, KeyError]), st.text(max_size=30))
def test_no_exception_ever_passes(kind: type[Exception], text: str) -> None:
    """Only a check that returns gives points."""
    result = after(kind(text))
    assert result.status is not Status.PASSED
    assert result.points == 0.0


def test_every_error_class_of_ours_has_a_verdict() -> None:
    """A subclass of ProtocolError is the student's; every other error of ours is not."""
    assert after(type("New", (ProtocolError,), {})("x")).status is Status.FAILED
    assert after(AssignmentError(Path("x"), "y", "z")).status is Status.COULD_NOT_CHECK


def test_want_of_memory_here_is_told_from_that_in_the_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the judge cannot hold is too much to judge, however libraries say it; a notebook that asks for too much
    memory reads just that."""
    monkeypatch.setattr(budget, "_armed", True)
    for error in (RuntimeError("std::bad_alloc"), RuntimeError("DefaultCPUAllocator: can't allocate memory"),
                  OSError(12, "Cannot allocate memory"), MemoryError()):  # fmt: skip
        assert after(error).message == TOO_MUCH
    told = after(StudentRaised("f", "RuntimeError", "DefaultCPUAllocator: can't allocate memory", ""))
    assert "more memory than there is" in told.hint, told


@pytest.mark.parametrize("text", ["x" * 10**7, "\n" * 10**6])
def test_no_text_of_a_verdict_is_endless(text: str) -> None:
    """Whatever a check quotes, and whatever broke it: a verdict is a page at most."""
    for error in (Feedback(text, text, text), KeyError(text), ProtocolError(text), NotData("f", text)):
        assert len(repr(after(error))) < 30_000


@pytest.mark.parametrize("reason", ["an object of its own", "larger than 64 MB"])
@pytest.mark.parametrize("what", ["Net(...).double", "Net(...)", "module.import_module", "it"])
def test_a_call_of_the_checks_own_is_not_named(what: str, reason: str) -> None:
    """What cannot be read came from the student's name; how a check went on from there is nobody's concern."""
    message = after(NotData(what, reason)).message
    assert message.startswith("What `Net` gives" if "Net" in what else "What your code gives")


@pytest.mark.parametrize(("label", "name", "said"), [
    ("Net(...)", "norm1", "`norm1` of what `Net` gives"), ("module", "Linear", "What `Linear` gives"),
    ("best", "head", "`head` of `best`"), ("ModuleList", "__getitem__", "A part of `ModuleList`"),
])  # fmt: skip
def test_a_part_that_is_no_object_is_named_as_the_task_names_it(label: str, name: str, said: str) -> None:
    """None or a number where a layer should be fails the check, and the words hold no call of the check's own."""
    nobody = Student(SimpleNamespace(request=lambda message: {"ok": 3}))
    call = "made" if name in ("Linear", "__getitem__") else "part"
    result = verdict(lambda student, draw: getattr(Handle(nobody, Remote(1, label, True), label), call)(name))
    assert result.message == f"{said} should be an object, but is an int."


def test_too_much_is_called_too_much() -> None:
    """An answer beyond all measure is told from one of odd form."""
    for error in (TooMuch("too many parts"), NotData("f", "larger than 64 MB")):
        assert "far" in after(error).message
        assert "look at its length" in after(error).hint


@pytest.mark.parametrize("part", [np.zeros(2), [np.zeros(2)], {1: np.zeros(2)}, torch.ones(3), 2.5, None])
def test_no_report_of_an_exception_breaks_the_judging(part: Any) -> None:
    """Reports of any form, with what is known of the notebook, fail their check and are no failure of ours."""
    keys = ("type", "text", "where", "built_in", "cell", "code", "line", "last", "ours")
    facts = Facts.of([["a", "def f(x):\n    return y\n    return y\n", "ok", ""]])
    usual = {"type": "KeyError", "code": digest("return y")}
    for report in (dict.fromkeys(keys, part), *({**usual, key: part} for key in keys)):
        forged = Student(SimpleNamespace(request=lambda message, report=report: {"raised": report}))
        check = Check("c", "i", 1.0, "claim", lambda student, draw: student.f(1))
        assert run_check(check, forged, 5, facts).status is Status.FAILED
