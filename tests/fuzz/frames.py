"""What a guest may write on a wire where msgpack is spoken: lengths that lie, extensions of noise, towers, floods."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import msgpack
from hypothesis import strategies as some

from autograder.guest.frames import MAX_FRAME

Draw = Callable[[some.SearchStrategy[Any]], Any]
_CODES = (1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 99, 127, -1)
_LENGTHS = (0, 1, 2, 3, 15, 16, 1000, 2**16, 2_000_000, 2_000_001, 2**31, 2**32 - 1)
_DTYPES = ("f8", "f4", "i8", "b1", "O8", "V8", "float32", "bool", "qint8", "complex128", "", 7, None)
_SHAPES = ([], [0], [1], [2, 4], [-1], [2**40, 0], [2**63, 2**63], [1] * 13, [True], [1.5], None, "2", [[2]])
_TEXTS = (
    "ok",
    "raised",
    "missing",
    "unsendable",
    "ask",
    "args",
    "kwargs",
    "type",
    "text",
    "where",
    "square",
    "",
    "\x1b",
)


def _leaf(draw: Draw) -> bytes:
    plain = some.one_of(
        some.none(), some.booleans(), some.integers(-(2**63), 2**64 - 1), some.floats(), some.sampled_from(_TEXTS),
        some.text(max_size=8), some.binary(max_size=16),
    )  # fmt: skip
    packed: bytes = msgpack.packb(draw(plain), unicode_errors="surrogatepass")
    return packed


def _head(draw: Draw, kind: str, count: int) -> bytes:
    """The head of a container that says how many parts come, truly or not."""
    told = draw(some.sampled_from(_LENGTHS)) if draw(some.integers(0, 9)) == 0 else count
    return (b"\xdd" if kind == "list" else b"\xdf") + struct.pack(">I", min(told, 2**32 - 1))


@some.composite
def documents(draw: Draw, depth: int = 4) -> bytes:
    """One msgpack document, or nearly one."""
    kind = draw(some.sampled_from(("leaf", "leaf", "list", "dict", "tensor", "ext", "noise") if depth else ("leaf",)))
    inner = documents(depth - 1) if depth else some.just(b"\xc0")
    if kind == "list":
        parts = draw(some.lists(inner, max_size=4))
        return _head(draw, kind, len(parts)) + b"".join(parts)
    if kind == "dict":
        parts = draw(some.lists(some.tuples(inner | some.sampled_from(_TEXTS).map(msgpack.packb), inner), max_size=4))
        return _head(draw, kind, len(parts)) + b"".join(key + value for key, value in parts)
    if kind == "tensor":
        code = draw(some.sampled_from((1, 2)))
        what = [draw(some.sampled_from(_DTYPES)), draw(some.sampled_from(_SHAPES)), *([True] if code == 2 else [])]
        return _ext(code, msgpack.packb([*what, draw(some.binary(max_size=64)) or None]))
    if kind == "ext":
        return _ext(draw(some.sampled_from(_CODES)), draw(inner))
    return draw(some.binary(max_size=40)) if kind == "noise" else _leaf(draw)


def _ext(code: int, payload: bytes) -> bytes:
    packed: bytes = msgpack.packb(msgpack.ExtType(code, payload)) if code >= 0 else b"\xc7" + bytes([3, 255]) + b"abc"
    return packed


def towers(draw: Draw) -> bytes:
    """As deep, or as wide, as a few kilobytes allow."""
    unit = draw(
        some.sampled_from((b"\x91", b"\x81\xa1a", b"\xdd\x00\x1e\x84\x80", b"\xdf\x00\x1e\x84\x80\x01", b"\x90"))
    )
    return unit * draw(some.sampled_from((17, 300, 1100, 5000))) + b"\x01"


def wrapped(draw: Draw) -> bytes:
    """Extensions in extensions: each is decoded on its own, and could hide its depth."""
    data = draw(documents(1))
    for _ in range(draw(some.integers(1, 40))):
        data = _ext(draw(some.sampled_from((3, 4))), b"\x91" + data)
    return data


@some.composite
def anything(draw: Draw) -> bytes:
    """One document of any of these kinds, with nothing or something behind it."""
    kind = draw(some.integers(0, 9))
    data = towers(draw) if kind == 0 else wrapped(draw) if kind == 1 else draw(documents())
    return data + (draw(some.binary(max_size=5)) if draw(some.integers(0, 9)) == 0 else b"")


@some.composite
def replies(draw: Draw) -> bytes:
    """One document in the form that a reply has, about anything."""
    key = msgpack.packb(draw(some.sampled_from(("ok", "ok", "ok", "raised", "missing", "unsendable", "ask"))))
    return b"\x81" + key + draw(anything())


@some.composite
def asks(draw: Draw) -> bytes:
    """A request to the judge for a reference, well formed or not."""
    name, args, kwargs = (
        draw(some.sampled_from(("square", "length", "nobody", "__class__"))),
        *draw(some.tuples(documents(2), documents(2))),
    )
    parts = (b"\xa3ask", msgpack.packb(name), b"\xa4args", b"\x91" + args, b"\xa6kwargs", b"\x81\xa1x" + kwargs)
    return b"\x83" + b"".join(parts)


def framed(data: bytes) -> bytes:
    """With its length in front."""
    return struct.pack(">Q", len(data)) + data


@some.composite
def moves(draw: Draw) -> bytes | None:
    """What a guest does when it is asked something; None: it hangs up."""
    kind = draw(some.integers(0, 19))
    if kind < 12:
        return framed(draw(replies()))
    if kind < 15:
        return framed(draw(asks())) + framed(draw(replies()))
    if kind == 15:
        return framed(draw(anything()))
    if kind == 16:
        return draw(some.binary(min_size=8, max_size=60))
    if kind == 17:
        return struct.pack(">Q", draw(some.sampled_from((0, 5, MAX_FRAME, MAX_FRAME + 1, 2**63)))) + b"abc"
    return framed(draw(asks())) * 300 + framed(b"\x80") if kind == 18 else None
