"""What a kernel says it printed: kept only where it has the form that a notebook gives to outputs, and only so much."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import nbformat

COST = 500  # characters that an output counts for beyond its text
CUT = "\n[output cut: a cell may print at most a limited amount]\n"
WHOLE = 16  # a notebook may print as much as so many cells
_JSON_DEPTH = 8
_MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")
OUTPUTS = frozenset({"stream", "display_data", "execute_result", "error", "update_display_data", "clear_output"})


def clean(content: Any) -> Any:
    """The same JSON with text that any file can hold (no lone surrogates)."""
    return json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))


def size(content: Any) -> int:
    """About how many characters a JSON value has. Nothing is written out for it."""
    total, below = 0, [content]
    while below:
        value = below.pop()
        if isinstance(value, (str, bytes)):
            total += len(value)
        elif isinstance(value, dict):
            below += value.keys()
            below += value.values()
        elif isinstance(value, (list, tuple)):
            below += value
        total += 8
    return total


def is_output(kind: str, content: Any) -> bool:
    """Whether the content of a message of this type can stand in a notebook."""
    if not isinstance(content, dict):
        return False
    if kind == "stream":
        return content.get("name") in ("stdout", "stderr") and isinstance(content.get("text"), str)
    if kind == "error":
        lines = content.get("traceback")
        named = all(isinstance(content.get(key), str) for key in ("ename", "evalue"))
        return named and isinstance(lines, list) and all(isinstance(line, str) for line in lines)
    if kind == "clear_output":
        return True
    data, metadata, transient = (content.get(key) for key in ("data", "metadata", "transient"))
    if not isinstance(data, dict) or not isinstance(metadata, dict) or not isinstance(transient or {}, dict):
        return False
    identity = (transient or {}).get("display_id", "")
    counted = isinstance(content.get("execution_count", 0), int)
    shallow = _is_shallow(data, _JSON_DEPTH) and _is_shallow(metadata, _JSON_DEPTH)
    return counted and shallow and isinstance(identity, str) and all(_is_bundled(*item) for item in data.items())


def _is_bundled(mime: str, value: Any) -> bool:
    """JSON types may hold any JSON, all others hold text."""
    if not _MIME.fullmatch(mime):
        return False
    return isinstance(value, str) or (mime.endswith("json") and isinstance(value, (dict, list)))


def _is_shallow(value: Any, depth: int) -> bool:
    """Whether JSON is nested no deeper than this: what writes a notebook gives up at some depth."""
    if isinstance(value, dict):
        return depth > 0 and all(_is_shallow(below, depth - 1) for below in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_shallow(below, depth - 1) for below in value)
    return not isinstance(value, float) or value - value == 0  # no NaN and no infinity: JSON has none


def settled(text: str) -> str:
    """Text as a terminal leaves it: a backspace takes back a character of its line, and what follows a carriage
    return replaces its line. The work grows with the length of the text and no faster."""
    if "\b" in text:
        text = "\n".join(map(_backspaced, text.split("\n")))
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return text


def _backspaced(line: str) -> str:
    first, *others = line.split("\b")
    kept = list(first)
    for other in others:
        if kept:
            kept.pop()
        kept.extend(other)
    return "".join(kept)


class CellOutputs:
    """The outputs of one cell as they come in, at most `room` characters. `displays`: the last output by display id,
    shared by all cells of a notebook. `cut`: whether anything was left out."""

    def __init__(self, room: int, displays: dict[str, Any]) -> None:
        self.room, self.displays = room, displays
        self.used = 0
        self.cut = False
        self._outputs: list[Any] = []
        self._streams: dict[str, list[str]] = {}
        self._clear_next = False

    def take(self, kind: str, content: dict[str, Any]) -> None:
        """Keep what a message says, if it is an output and there is room for it."""
        if kind not in OUTPUTS or not is_output(kind, content):
            return
        left = self.room - self.used
        if kind == "stream":
            cost = len(content["text"])
            content = {"name": content["name"], "text": content["text"][: max(left, 0)]}
            fits = bool(content["text"])
            self.cut = self.cut or cost > left
        else:
            cost = COST + size(content)
            fits = cost <= left
            self.cut = self.cut or not fits
        self.used += cost
        if fits:
            self._add(kind, content)

    def _add(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "clear_output":
            self._clear_next = content.get("wait") is True
            if not self._clear_next:
                self._clear()
            return
        if kind == "update_display_data":
            self._update(content)
            return
        if self._clear_next:
            self._clear()
        if kind == "stream":
            self._stream(content["name"]).append(clean(content["text"]))
            return
        parts = ("ename", "evalue", "traceback") if kind == "error" else ("data", "metadata")
        output = nbformat.from_dict({"output_type": kind} | clean({part: content[part] for part in parts}))
        if kind == "execute_result":
            output["execution_count"] = counted(content.get("execution_count"))
        self._outputs.append(output)
        name = (content.get("transient") or {}).get("display_id") if kind != "error" else ""
        if name:
            self.displays[name] = output

    def _clear(self) -> None:
        self._outputs, self._streams, self._clear_next = [], {}, False

    def _update(self, content: dict[str, Any]) -> None:
        """Only the last output of that name: a thousand of them would grow a thousand times by one message."""
        output = self.displays.get((content.get("transient") or {}).get("display_id", ""))
        if output is not None:
            output.update(nbformat.from_dict(clean({part: content[part] for part in ("data", "metadata")})))

    def _stream(self, name: str) -> list[str]:
        if name not in self._streams:
            self._streams[name] = []
            self._outputs.append(nbformat.from_dict({"output_type": "stream", "name": name, "text": ""}))
        return self._streams[name]

    def finish(self, said: bool) -> list[Any]:
        """The outputs as a notebook has them. `said`: the kernel itself has already said that it cut them."""
        if self.cut and not said:
            self._stream("stderr").append(CUT)
        for output in self._outputs:
            if output["output_type"] == "stream":
                output["text"] = settled("".join(self._streams[output["name"]]))
        # a warning and a print race each other here: in a notebook what was printed always stands first
        names = [output.get("name") for output in self._outputs]
        if ("stderr", "stdout") in itertools.pairwise(names):
            place = names.index("stderr")
            self._outputs[place : place + 2] = reversed(self._outputs[place : place + 2])
        return self._outputs


def counted(value: Any) -> int | None:
    """A number for a cell's prompt, or None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6 else None
