"""Output that is too long, cut where it is made: in the kernel. The cell runs on to its end whatever it prints.

A notebook can undo this, as it can everything in its own process; the grader's side bounds what it takes in itself.
"""

from __future__ import annotations

from typing import Any

from ipykernel.iostream import OutStream
from jupyter_client.session import Session

from autograder.sandbox.outputs import COST, CUT, OUTPUTS, WHOLE, size

_FLUSH = 200  # characters that asking for a message at once counts for
_LINE, _LINES = 1000, 24  # of an error's text
_FRAMES, _CAUSES = 12, 6  # of a traceback, at either end; exceptions that led to one another


class Budget:
    """How much each cell, and the notebook as a whole, may still print. Cells go by the id of their request."""

    def __init__(self, characters: int) -> None:
        self.each, self.left = characters, WHOLE * characters
        self.used: dict[Any, int] = {}
        self.cut: set[Any] = set()

    def spend(self, cell: Any, cost: int) -> tuple[int, bool]:
        """How much of `cost` there was room for, and whether this is the first that there was too little."""
        used = self.used.get(cell, 0)
        room = max(0, min(self.each - used, self.left))
        given = min(cost, room)
        self.used[cell] = used + given
        self.left -= given
        first = given < cost and cell not in self.cut
        if first:
            self.cut.add(cell)
        return given, first


budget = Budget(2**20)


class CutStream(OutStream):
    """stdout or stderr of the kernel."""

    _fresh = False  # whether anything was kept since the last flush

    def write(self, string: str) -> Any:
        if not isinstance(string, str) or not string:
            return super().write(string)
        given, first = budget.spend(self.parent_header.get("msg_id"), len(string))
        if given:
            super().write(string[:given])
        if first:
            super().write(CUT)
        self._fresh = self._fresh or bool(given) or first
        return len(string)

    def flush(self) -> None:
        if not self._fresh:  # all of it is on its way: a message that says so would only cost time
            return
        self._fresh = False
        if budget.spend(self.parent_header.get("msg_id"), _FLUSH)[1]:
            super().write(CUT)
        super().flush()  # type: ignore[no-untyped-call]


class CutSession(Session):
    """Sends what the kernel shows. An error is always shown, if need be in brief."""

    def send(
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, *rest: Any, **more: Any
    ) -> Any:
        whole = isinstance(msg_or_type, dict)
        kind = msg_or_type.get("msg_type") if whole else msg_or_type
        if kind == "stream" or not (kind in OUTPUTS or str(kind).startswith("comm_")):
            # what a stream holds was cut as it was written
            return super().send(stream, msg_or_type, content, parent, *rest, **more)
        said = msg_or_type.get("content") if whole else content
        asked = msg_or_type.get("parent_header") if whole else parent
        cell = id_of(asked)
        given, first = budget.spend(cell, cost := COST + size(said))
        if first:
            line = {"name": "stderr", "text": CUT}
            super().send(stream, "stream", line, parent=asked, ident=b"stream.stderr")
        if given < cost:
            if kind != "error":
                return None
            said = brief(said)
            if whole:
                msg_or_type = msg_or_type | {"content": said}
        return super().send(stream, msg_or_type, None if whole else said, parent, *rest, **more)


def id_of(asked: Any) -> Any:
    """The id of a request, whole or its header only."""
    header = asked.get("header", asked) if isinstance(asked, dict) else {}
    return header.get("msg_id")


def brief(error: dict[str, Any]) -> dict[str, Any]:
    """An error with the last lines of its traceback only, and none of them long."""
    lines = error.get("traceback")
    kept = [str(line)[-_LINE:] for line in lines[-_LINES:]] if isinstance(lines, list) else []
    named = {key: str(error.get(key, ""))[:_LINE] for key in ("ename", "evalue")}
    return error | named | {"traceback": kept}


def shorten(error: BaseException | None) -> None:
    """Leave out the middle of long tracebacks, of this exception and of those that led to it."""
    for _ in range(_CAUSES):
        if error is None:
            return
        frames, after = [], error.__traceback__
        while after is not None:
            frames.append(after)
            after = after.tb_next
        if len(frames) > 2 * _FRAMES:
            frames[_FRAMES - 1].tb_next = frames[-_FRAMES]
        last, error = error, error.__cause__ or error.__context__
    last.__cause__ = last.__context__ = None
