"""Whatever a kernel publishes: what is kept of it is valid, bounded output of a notebook, in text that files hold."""

from __future__ import annotations

import copy
import json
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import nbformat
import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as some

from autograder.sandbox.job import PORTS
from autograder.sandbox.outputs import COST, CUT, CellOutputs, size
from autograder.sandbox.running import Running
from autograder.sandbox.talk import Talk
from tests.fuzz.bounds import bounded
from tests.fuzz.notebooks import Draw, odd_literal, odd_value, text_of

ROOM = 20_000  # characters that a cell may print here
KEY = "key"
SHOWN = {"data": {"text/plain": "x", "text/html": "<b>x</b>", "application/json": {"a": [1]}}, "metadata": {"a": {}}}
USUAL: dict[str, Any] = {
    "stream": {"name": "stdout", "text": "x\r\n"},
    "display_data": SHOWN | {"transient": {"display_id": "d"}},
    "update_display_data": SHOWN | {"transient": {"display_id": "d"}},
    "execute_result": SHOWN | {"execution_count": 3},
    "error": {"ename": "E", "evalue": "v", "traceback": ["a", "b"]},
    "clear_output": {"wait": True},
    "status": {"execution_state": "idle"},
    "comm_open": {"comm_id": "a", "data": {}},
}


@dataclass(frozen=True)
class Kernel:
    """A kernel's end of the wire, the grader's end of it, and the id of the request that is answered."""

    publisher: zmq.Socket[bytes]
    talk: Talk
    asked: str

    def publish(self, parts: list[bytes]) -> None:
        """One message as it is."""
        self.publisher.send_multipart(parts)

    def message(self, kind: str, content: str) -> list[bytes]:
        """The parts of a message that is signed as it should be."""
        parts = [json.dumps(part).encode() for part in ({"msg_type": kind}, {"msg_id": self.asked}, {})]
        parts.append(content.encode("utf-8", "replace"))
        return [b"<IDS|MSG>", self.talk._signed(parts), *parts]

    def heard(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All that was published so far."""
        last = secrets.token_hex(8)
        self.publish(self.message("status", json.dumps({"last": last})))
        while True:
            for message in self.talk.hear(self.asked):
                if message.content.get("last") == last:
                    return
                yield message.kind, message.content


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    """One for all examples: what one publishes is heard before the next one begins."""
    context = zmq.Context()
    with tempfile.TemporaryDirectory(prefix="s2g-") as folder:
        kinds = {"shell": zmq.ROUTER, "control": zmq.ROUTER, "iopub": zmq.XPUB}
        sockets = {channel: context.socket(kind) for channel, kind in kinds.items()}
        for channel, socket in sockets.items():
            socket.bind(f"ipc://{folder}/k-{PORTS[f'{channel}_port']}")
        job = SimpleNamespace(key=KEY, name="kernel")
        talk = Talk(cast(Running, SimpleNamespace(sockets=f"{folder}/k", job=job, fileno=lambda: -1)), most=2**20)
        assert sockets["iopub"].recv() == b"\x01"
        yield Kernel(sockets["iopub"], talk, talk.ask("shell", "kernel_info_request", {}))
        talk.close()
        context.destroy(linger=0)


@some.composite
def contents(draw: Draw) -> tuple[str, str]:
    """A kind of message, and JSON that is nearly what belongs to it."""
    kind = draw(some.sampled_from(tuple(USUAL)))
    content = {"content": copy.deepcopy(USUAL[draw(some.sampled_from((kind, kind, kind, "stream", "error")))])}
    for spoil in draw(some.lists(some.sampled_from((odd_value, odd_value, odd_literal, _long)), max_size=3)):
        if content["content"] is not None:
            spoil(draw, content)
    return kind, text_of(content["content"])


def _long(draw: Draw, content: Any) -> None:
    """Far more than a cell may print, in one piece or in many."""
    text = draw(some.sampled_from(("x", "\r", "\b", "\x1b[31m", "é\n"))) * draw(some.sampled_from((900, 60_000)))
    printed = {"name": "stdout", "text": text}
    content["content"] = printed if draw(some.booleans()) else copy.deepcopy(USUAL["error"]) | {"evalue": text}


@given(some.lists(contents() | some.lists(some.binary(max_size=30), min_size=1, max_size=7), min_size=1, max_size=8))
def test_any_message_leaves_a_valid_notebook(kernel: Kernel, messages: list[tuple[str, str] | list[bytes]]) -> None:
    """Parts missing, of other types, nested, endless; numbers that JSON does not know; garbage instead of messages."""
    outputs = CellOutputs(ROOM, {})
    with bounded():
        for message in messages:
            kernel.publish(kernel.message(*message) if isinstance(message, tuple) else message)
        for kind, content in kernel.heard():
            outputs.take(kind, content)
        kept = outputs.finish(said=False)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=kept)])
    nbformat.validate(notebook)
    text = json.dumps(notebook, ensure_ascii=False, allow_nan=False)
    text.encode()
    assert size(kept) < 2 * (ROOM + COST) + len(CUT) + 1000
