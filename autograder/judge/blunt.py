"""Checks that cannot fail: those that ask the student nothing, and those that expect nothing of what comes back.

Tried, not read: each check is run against somebody who answers everything with the same odd thing. A check that passes
for all of these things looks at none. Runs in a process of its own (`main`), since it runs an author's code:

    an assignment, then names -> {"begins": check}, {"blunt": check, "how": ...} ..., {"done": true}
"""

from __future__ import annotations

import json
import socket
from typing import Any

import torch

from autograder.errors import ProtocolError
from autograder.guest.frames import receive_frame, send_frame
from autograder.guest.wire import Remote
from autograder.judge import budget
from autograder.judge.registry import Check
from autograder.judge.run import run_check
from autograder.judge.student import Student
from autograder.judge.trusted import Trusted
from autograder.model import Status
from autograder.request import load_assignment_from

ASKS_NOTHING = "passes without asking the student anything"
EXPECTS_NOTHING = "passes whatever the student's code returns: it expects nothing of it"
_SEED = 1
_ODD: tuple[Any, ...] = (
    None, "odd", 0.123, [], {"odd": True}, torch.tensor([[0.5, -2.0]]), Remote(1, "odd", True),
)  # fmt: skip


class _Odd:
    """A port to somebody who answers everything alike. `asked`: whether anything was asked of the notebook."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, False

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Always answers, in the form that the proxy wants."""
        op = message.get("op")
        if op in ("seed", "replace", "begin", "load"):
            return {"ok": None}
        self.asked = True
        if op in ("parameters", "parameter_gradients"):
            return {"ok": {}}
        if op == "vjp":
            leaves = [a for a in message["inputs"] if isinstance(a, torch.Tensor) and a.is_floating_point()]
            return {"ok": ([self.answer], [None for _ in leaves])}
        return {"ok": (self.answer, [self.answer for _ in message["args"]]) if message.get("echo") else self.answer}


def how_blunt(check: Check) -> str:
    """Why a check cannot fail; "" for one that can."""
    for answer in _ODD:
        port = _Odd(answer)
        if run_check(check, Student(port), _SEED).status is not Status.PASSED:
            return ""
        if not port.asked:
            return ASKS_NOTHING
    return EXPECTS_NOTHING


def main(descriptor: int) -> None:
    """Try the checks that the far side names, and say what is found. Runs in a process of its own."""
    budget.arm()
    with socket.socket(fileno=descriptor) as sock:
        try:
            trusted = Trusted.load(load_assignment_from(receive_frame(sock)))
            wanted = json.loads(receive_frame(sock))
            for check in (check for check in trusted.checks if check.name in wanted):
                budget.begin()
                send_frame(sock, json.dumps({"begins": check.name}).encode())
                if how := how_blunt(check):
                    send_frame(sock, json.dumps({"blunt": check.name, "how": how}).encode())
            send_frame(sock, json.dumps({"done": True}).encode())
        except ProtocolError:
            return
