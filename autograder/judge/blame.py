"""A check that broke: the reply's fault, or the check's own? The reference, asked the same, tells.

What a student's code returns is of any form, and no check can think of every one. A check that holds for the
reference with the same inputs works; so what broke it came from the notebook, and that is a failure. Where the
reference breaks it too, the fault is ours, and nobody pays for it. A failure of the machine is ours in any case:
then the same replies, played again, do not break the check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from autograder.errors import ProtocolError
from autograder.guest.wire import Remote
from autograder.judge.named import named
from autograder.judge.ports import LocalPort, Recorder
from autograder.judge.registry import Check
from autograder.judge.run import run_check
from autograder.judge.student import Port, Student
from autograder.model import CheckResult, Status

Replies = Sequence[Mapping[str, Any]]
_UNANSWERED = ("seed", "replace")  # requests whose replies are not kept
_OF_FORM = re.compile(  # what a check raises when it takes something apart that is of another form
    r"^(?:TypeError|AttributeError|KeyError|IndexError)\b|values to unpack|truth value|Boolean value of Tensor|"
    r"must match the size|must match the existing size|could not be broadcast", re.MULTILINE,
)  # fmt: skip
_HINT = "return what the task asks for, as numbers, arrays or tensors, in every case"


def settled(
    check: Check, result: CheckResult, replies: Replies, reference: Callable[[], dict[str, Any]], seed: int
) -> CheckResult:
    """`result`, a verdict in any case if this is not our own fault. `replies`: what the notebook answered;
    `reference`: gives the solution's namespace. Raises nothing."""
    if result.status is not Status.COULD_NOT_CHECK or not result.odd:
        return result
    innocent = replace(result, odd=False)
    recorder, listening = Recorder(None), _Listening(_Replay(iter(replies)))
    try:
        again = run_check(check, listening, seed)
        recorder.port = LocalPort(dict(reference()))
        ours = run_check(check, Student(recorder), seed)
    except Exception:  # no reference, no blame
        return innocent
    if again.status is Status.PASSED or ours.status is not Status.PASSED:
        return innocent
    place, form = odd_form(replies, recorder.replies)
    if not form and _OF_FORM.search(result.detail):
        place, form = other_form(replies, recorder.replies)
    known = form and place < len(listening.asked) and named(listening.asked[place])
    return replace(
        result,
        status=Status.FAILED,
        message=f"What {f'`{known}` gives' if known else 'came back'} has a form that cannot be judged"
        f"{': ' + form if form else ''}.",
        hint=_HINT,
        detail=f"the check broke on this answer, and passes for the reference\n{result.detail}",
    )


class _Listening(Student):
    """Remembers what a check calls the things that it asks for, one for each reply."""

    def __init__(self, port: Port) -> None:
        super().__init__(port)
        self._asked: list[str] = []

    @property
    def asked(self) -> list[str]:
        return self._asked

    def ask(self, message: dict[str, Any], what: str) -> Any:
        if message.get("op") not in _UNANSWERED:
            self._asked.append(what)
        return super().ask(message, what)


@dataclass
class _Replay:
    """A port that answers as the notebook did."""

    replies: Iterator[Mapping[str, Any]]

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Raises ProtocolError when there are no more."""
        if message.get("op") in _UNANSWERED:
            return {"ok": None}
        reply = next(self.replies, None)
        if reply is None:
            raise ProtocolError("no more replies")
        return dict(reply)


def odd_form(replies: Replies, wanted: Replies) -> tuple[int, str]:
    """The number of the first reply that is odd beside the reference's, and what it is, in words of a closed list; ""
    for none. Whether numbers come in a list, an array or alone is nothing odd: then something else broke the check."""
    for place, (got, want) in enumerate(zip(replies, wanted, strict=False)):
        if not isinstance(got, Mapping) or "ok" not in got or "ok" not in want:
            break
        mine, usual = form_of(got["ok"]), {form_of(want["ok"]), *_ORDINARY}
        if mine not in usual:
            return place, mine
        usual |= {form_of(part) for part in _parts(want["ok"])}
        inside = next((form for form in map(form_of, _parts(got["ok"])) if form not in usual), "")
        if inside:
            return place, f"{inside}, inside {mine}"
    return 0, ""


def other_form(replies: Replies, wanted: Replies) -> tuple[int, str]:
    """As `odd_form`, where the form must be to blame: the last reply, if it is of another kind or shape."""
    place = len(replies) - 1
    if not 0 <= place < len(wanted) or "ok" not in replies[place] or "ok" not in wanted[place]:
        return 0, ""
    got, want = replies[place]["ok"], wanted[place]["ok"]
    mine = form_of(got)
    if mine != form_of(want):
        return place, mine
    if isinstance(got, (np.ndarray, torch.Tensor)):
        return place, "" if tuple(got.shape) == tuple(want.shape) else "an array of another shape"
    if isinstance(got, (list, tuple, dict)):
        return place, "" if len(got) == len(want) else f"{mine} of another length"
    return 0, ""


def form_of(value: Any) -> str:
    """The kind of thing a reply is, from a closed list: a name of the student's choice tells nothing here."""
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return _form_of_array(value)
    if isinstance(value, (list, tuple, dict, frozenset)):
        return _CONTAINERS[type(value)] if len(value) else "an empty container"
    if isinstance(value, float) and not np.isfinite(value):
        return _NOT_FINITE
    if isinstance(value, Remote):
        return "an object that is no plain data"
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "an object that is no plain data")


_NOT_FINITE = "NaN or infinity"
_ORDINARY = ("a list", "a tuple", "an array of numbers", "a number", "True or False")
_CONTAINERS: dict[type, str] = {list: "a list", tuple: "a tuple", dict: "a dictionary", frozenset: "a set"}
_KINDS: tuple[tuple[type, str], ...] = (
    (type(None), "None"), (bool, "True or False"), (int, "a number"), (float, "a number"),
    (complex, "a complex number"), (str, "text"), (bytes, "bytes"),
)  # fmt: skip


def _form_of_array(value: Any) -> str:
    plain = value.detach().numpy() if isinstance(value, torch.Tensor) else value
    if not plain.size:
        return "an array without entries"
    if plain.dtype.kind == "c":
        return "complex numbers"
    if plain.dtype.kind == "f" and not np.isfinite(plain).all():
        return _NOT_FINITE
    return "an array of numbers"


def _parts(value: Any) -> Iterator[Any]:
    """What a container holds, one level down; a bounded number of parts."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        yield from value[:100]
