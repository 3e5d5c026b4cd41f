"""One check against one student: from whatever happens to a verdict."""

from __future__ import annotations

import time
import traceback

from autograder.errors import ChannelClosed, ChannelTimeout, Feedback, ProtocolError, SandboxError
from autograder.judge.draw import Draw
from autograder.judge.registry import Check
from autograder.judge.student import NameMissing, NotData, Student, StudentRaised
from autograder.judge.turn import turn
from autograder.model import CheckResult, Status

_HINTS = {
    "NotImplementedError": "the answer is not written yet",
    "NameError": "a name used inside is not defined once the whole notebook has run",
    "UnboundLocalError": "a variable is read before it gets a value",
    "RuntimeError": "most often shapes that do not fit, a dtype that differs, or a gradient through a detached tensor",
    "ValueError": "most often shapes that do not fit: the hidden inputs have all sizes different",
    "IndexError": "an index runs past the end: try the smallest sizes",
    "TypeError": "the arguments come as in the signature; check how many there are and of what type",
    "RecursionError": "the recursion never ends: look at its base case",
    "ZeroDivisionError": "a divisor can be zero: try the smallest sizes",
    "AssertionError": "an assert inside your own function failed",
    "KeyError": "a dictionary does not hold a key that is asked for",
    "AttributeError": "an object lacks what is asked of it: tensor or array, list or tensor?",
    "OverflowError": "numbers grow too large: try large inputs",
}


def run_check(check: Check, student: Student, seed: int) -> CheckResult:
    """Run `check` and judge. Never raises for what a student did; SandboxError passes through."""
    begin = time.perf_counter()
    feedback: Feedback | None = None
    status = Status.FAILED
    try:
        with turn():
            check.run(student, Draw(seed, check.name))
        status = Status.PASSED
    except SandboxError:
        raise
    except Exception as error:
        feedback = as_feedback(error)
        if feedback is None:
            status = Status.COULD_NOT_CHECK
            feedback = Feedback(
                "This check itself broke; that is not your fault and costs you nothing.",
                detail="".join(traceback.format_exception(error)[-6:]),
            )
    return CheckResult(
        name=check.name,
        item=check.item,
        status=status,
        points=check.points if status is Status.PASSED else 0.0,
        max_points=check.points,
        claim=check.claim,
        message=feedback.message if feedback else "",
        hint=feedback.hint if feedback else "",
        picture=feedback.picture if feedback else "",
        detail=f"{feedback.detail}\nseed {seed}".strip() if feedback else "",
        seconds=time.perf_counter() - begin,
    )


def as_feedback(error: Exception) -> Feedback | None:
    """What a student may read about this failure; None when the fault is the check's own."""
    if isinstance(error, Feedback):
        return error
    if isinstance(error, NameMissing):
        return Feedback(
            f"`{error.name}` is not defined after the whole notebook has run.",
            "define it under exactly this name, outside any function",
        )
    if isinstance(error, StudentRaised):
        kind = error.kind if error.kind in _HINTS else "an exception"
        return Feedback(f"`{error.what}` raised {kind}.", _HINTS.get(error.kind, ""), detail=str(error))
    if isinstance(error, NotData):
        return Feedback(
            f"What `{error.what}` returned cannot be read as numbers, tensors or plain containers.",
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
    if isinstance(error, ProtocolError):
        return Feedback("Your notebook answered with something that is not plain data.", detail=str(error))
    return None
