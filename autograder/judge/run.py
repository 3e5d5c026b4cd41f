"""One check against one student: from whatever happens to a verdict."""

from __future__ import annotations

import time
import traceback
from dataclasses import replace

from autograder.errors import ChannelClosed, ChannelTimeout, Feedback, ProtocolError, SandboxError, TooMuch
from autograder.judge import budget
from autograder.judge.draw import Draw
from autograder.judge.named import gives
from autograder.judge.raised import missing, told
from autograder.judge.registry import Check
from autograder.judge.sources import Facts
from autograder.judge.stopped import too_early
from autograder.judge.student import NameMissing, NotData, Student, StudentRaised, names_asked
from autograder.model import CheckResult, Status
from autograder.request import TOO_MUCH, TOO_MUCH_HINT

_WORDS_SECONDS = 10.0  # CPU seconds to find words that help
_LONGEST = 4_000  # characters of each text of a verdict: what a check quotes may be of any length
_LARGE = "look at its length and its shape"


def run_check(check: Check, student: Student, seed: int, facts: Facts | None = None) -> CheckResult:
    """Run `check` and judge. Never raises for what a student did; SandboxError passes through. `facts`: what is known
    of the notebook, for words that help."""
    begin = time.perf_counter()
    feedback: Feedback | None = None
    status, odd = Status.FAILED, False
    try:
        with budget.bounded(budget.CHECK_SECONDS):
            check.run(student, Draw(seed, check.name))
        status = Status.PASSED
    except (SandboxError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a library's own panic too
        feedback = _too_much(error) if budget.exhausted(error) else _explained(error, student, facts)
        if feedback is None:
            status, odd = Status.COULD_NOT_CHECK, not isinstance(error, OSError)  # that one is the machine's
            feedback = Feedback(
                "This check itself broke; that is not your fault and costs you nothing.",
                detail="".join(line[:500] for line in traceback.format_exception(error)[-6:]),
            )
    return CheckResult(
        name=check.name,
        item=check.item,
        status=status,
        points=check.points if status is Status.PASSED else 0.0,
        max_points=check.points,
        claim=check.claim,
        message=feedback.message[:_LONGEST] if feedback else "",
        hint=feedback.hint[:_LONGEST] if feedback else "",
        picture=feedback.picture if feedback else "",
        detail=f"{feedback.detail[:_LONGEST]}\nseed {seed}".strip() if feedback else "",
        given=feedback.given[:_LONGEST] if feedback else "",
        odd=odd,
        seconds=time.perf_counter() - begin,
    )


def _too_much(error: BaseException) -> Feedback:
    return Feedback(TOO_MUCH, TOO_MUCH_HINT, detail=repr(error)[:500])


def _explained(error: BaseException, student: Student, facts: Facts | None) -> Feedback | None:
    """As `as_feedback`; without what is known of the notebook, where that is too much or too odd to go through. Where a
    cell stopped before it had given a value that this check looked at, that is the cause, and no other one."""
    try:
        with budget.bounded(_WORDS_SECONDS):
            found = as_feedback(error, facts)
            if found is None or facts is None or isinstance(error, NameMissing):
                return found
            cause = too_early(names_asked(student), facts)
            return replace(found, hint=cause) if cause else found
    except (Exception, budget.Overrun):
        return as_feedback(error)


def as_feedback(error: BaseException, facts: Facts | None = None) -> Feedback | None:
    """What a student may read about this failure; None when the fault is the check's own."""
    if isinstance(error, Feedback):
        return error
    if isinstance(error, NameMissing):
        return missing(error.name, facts)
    if isinstance(error, StudentRaised):
        return told(error, facts)
    if isinstance(error, NotData) and error.large:
        return Feedback(f"{gives(error.what)} is far larger than the task needs.", _LARGE, detail=str(error))
    if isinstance(error, NotData):
        return Feedback(
            f"{gives(error.what)} cannot be read as numbers, tensors or plain containers.",
            detail=str(error),
        )
    if isinstance(error, ChannelTimeout):
        return Feedback(
            "Your code did not finish in the time that this check allows.",
            "is there a loop that never ends, or far more work than the task needs?",
        )
    if isinstance(error, ChannelClosed):
        return Feedback(
            "The process of your notebook ended while this check ran.",
            "exit calls, too much memory, or a crash inside your function",
        )
    if isinstance(error, TooMuch):
        return Feedback("Your notebook answered with far more data than the task needs.", _LARGE, detail=str(error))
    if isinstance(error, ProtocolError):
        return Feedback("Your notebook answered with something that is not plain data.", detail=str(error))
    return None
