"""Plain data over a socket: msgpack with a handful of extensions, every size bounded, nothing executable.

A frame is an 8-byte big-endian length and a msgpack document. Extensions: arrays, tensors, tuples, sets,
complex numbers, handles (an object that stays where it is), and elementwise functions by name.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np
import torch

from autograder.errors import ChannelClosed, ChannelTimeout, ProtocolError
from autograder.guest.functions import Elementwise

MAX_FRAME = 256 * 2**20
MAX_DEPTH = 24
MAX_DIMS = 12
_ARRAY, _TENSOR, _TUPLE, _SET, _COMPLEX, _HANDLE, _ELEMENTWISE = range(1, 8)
_NUMPY = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"}
_DTYPES = ("float16", "float32", "float64", "bool", "uint8", "int8", "int16", "int32", "int64", "complex64", "complex128")
_TORCH: dict[str, torch.dtype] = {name: getattr(torch, name) for name in _DTYPES}


@dataclass(frozen=True)
class Remote:
    """An object that cannot cross: its number on the far side, its class name, whether it can be called."""

    number: int
    kind: str
    callable: bool


class Unsendable(TypeError):
    """A value that is neither plain data nor kept as a handle."""


def pack(value: Any, keep: Callable[[Any], Remote] | None = None) -> bytes:
    """Encode `value`; objects that are not plain data go through `keep`. Raises Unsendable."""

    def nested(items: Any, depth: int) -> bytes:
        return _pack(items, depth + 1)

    def _pack(item: Any, depth: int) -> bytes:
        if depth > MAX_DEPTH:
            raise Unsendable("nested too deeply")

        def default(obj: Any) -> Any:
            return _encode(obj, lambda items: nested(items, depth), keep)

        try:
            packed: bytes = msgpack.packb(item, default=default, strict_types=True)
        except (ValueError, OverflowError, RecursionError, UnicodeError) as error:
            raise Unsendable(str(error)) from error
        return packed

    data = _pack(value, 0)
    if len(data) > MAX_FRAME:
        raise Unsendable(f"larger than {MAX_FRAME // 2**20} MB")
    return data


def _encode(obj: Any, nested: Callable[[Any], bytes], keep: Callable[[Any], Remote] | None) -> Any:
    ext = msgpack.ExtType
    if isinstance(obj, torch.Tensor):
        return ext(_TENSOR, _encode_tensor(obj))
    if isinstance(obj, np.ndarray):
        kind = obj.dtype.str[1:]
        if kind not in _NUMPY:
            return obj.tolist()
        plain = np.ascontiguousarray(obj, dtype=obj.dtype.newbyteorder("<")).view(np.ndarray)
        return ext(_ARRAY, msgpack.packb([kind, list(obj.shape), plain.tobytes()]))
    if isinstance(obj, np.generic):
        return obj.item()
    if isinstance(obj, tuple):
        return ext(_TUPLE, nested(list(obj)))
    if isinstance(obj, (set, frozenset)):
        return ext(_SET, nested(list(obj)))
    if isinstance(obj, complex):
        return ext(_COMPLEX, msgpack.packb([obj.real, obj.imag]))
    if isinstance(obj, Remote):
        return ext(_HANDLE, msgpack.packb([obj.number, obj.kind[:100], obj.callable]))
    if isinstance(obj, Elementwise):
        return ext(_ELEMENTWISE, msgpack.packb([obj.kind, obj.a, obj.b, obj.order]))
    if isinstance(obj, int):  # subclasses shed whatever they override
        return int.__int__(obj)
    if isinstance(obj, float):
        return float.__float__(obj)
    if isinstance(obj, str):
        return str.__str__(obj)
    if isinstance(obj, dict):
        return dict(dict.items(obj))
    if isinstance(obj, list):
        return list(list.__iter__(obj))
    if type(obj).__name__ in ("dict_keys", "dict_values", "range"):
        return list(obj)
    if keep is None:
        raise Unsendable(f"a {type(obj).__name__} is not plain data")
    return _encode(keep(obj), nested, None)


def _encode_tensor(tensor: torch.Tensor) -> bytes:
    plain = tensor.detach().to("cpu")
    if plain.is_sparse or plain.layout != torch.strided:
        plain = plain.to_dense()
    if plain.dtype == torch.bfloat16:
        plain = plain.to(torch.float32)
    name = str(plain.dtype).removeprefix("torch.")
    if name not in _TORCH:
        raise Unsendable(f"a tensor of {plain.dtype}")
    data = plain.resolve_conj().resolve_neg().contiguous().numpy().tobytes()
    packed: bytes = msgpack.packb([name, list(plain.shape), bool(tensor.requires_grad), data])
    return packed


def unpack(data: bytes) -> Any:
    """Decode bytes of unknown origin. Raises ProtocolError for anything but plain, bounded data."""
    if len(data) > MAX_FRAME:
        raise ProtocolError("frame too large")
    try:
        return _unpack(data, 0)
    except ProtocolError:
        raise
    except (ValueError, TypeError, RecursionError, OverflowError, msgpack.UnpackException) as error:
        raise ProtocolError(f"not plain data: {error}") from error


def _unpack(data: bytes, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ProtocolError("nested too deeply")

    def ext_hook(code: int, payload: bytes) -> Any:
        return _decode(code, payload, depth + 1)

    return msgpack.unpackb(data, ext_hook=ext_hook, strict_map_key=False, max_ext_len=MAX_FRAME)


def _shape(shape: Any, size: int, itemsize: int) -> list[int]:
    if not isinstance(shape, list) or len(shape) > MAX_DIMS or not all(type(n) is int and n >= 0 for n in shape):
        raise ProtocolError("bad shape")
    if math.prod(shape) * itemsize != size:
        raise ProtocolError("shape and bytes disagree")
    return shape


def _decode(code: int, payload: bytes, depth: int) -> Any:
    if code in (_TUPLE, _SET):
        items = _unpack(payload, depth)
        if not isinstance(items, list):
            raise ProtocolError("bad sequence")
        return tuple(items) if code == _TUPLE else frozenset(items)
    fields = msgpack.unpackb(payload)
    if not isinstance(fields, list):
        raise ProtocolError("bad extension")
    if code == _ARRAY:
        kind, shape, raw = fields
        if kind not in _NUMPY or not isinstance(raw, bytes):
            raise ProtocolError("bad array")
        dtype = np.dtype("<" + kind)
        return np.frombuffer(raw, dtype=dtype).reshape(_shape(shape, len(raw), dtype.itemsize)).copy()
    if code == _TENSOR:
        name, shape, grad, raw = fields
        if name not in _TORCH or not isinstance(raw, bytes):
            raise ProtocolError("bad tensor")
        dtype_ = _TORCH[name]
        dims = _shape(shape, len(raw), dtype_.itemsize)
        flat = torch.frombuffer(bytearray(raw), dtype=dtype_) if raw else torch.empty(0, dtype=dtype_)
        tensor = flat.reshape(dims)
        return tensor.requires_grad_(bool(grad) and dtype_.is_floating_point)
    if code == _COMPLEX:
        return complex(*fields)
    if code == _HANDLE:
        number, kind, can_call = fields
        if type(number) is not int or not isinstance(kind, str):
            raise ProtocolError("bad handle")
        return Remote(number, kind[:100], bool(can_call))
    if code == _ELEMENTWISE:
        return Elementwise(*fields)
    raise ProtocolError(f"unknown extension {code}")


def send_frame(sock: socket.socket, data: bytes) -> None:
    """Send one frame. Raises ChannelClosed when nobody listens, ChannelTimeout past the socket's timeout."""
    try:
        sock.sendall(struct.pack(">Q", len(data)) + data)
    except TimeoutError as error:
        raise ChannelTimeout("the far side does not read") from error
    except OSError as error:
        raise ChannelClosed(str(error)) from error


def receive_frame(sock: socket.socket, seconds: float | None = None) -> bytes:
    """Receive one frame within `seconds`. Raises ChannelClosed, ChannelTimeout, ProtocolError (too large)."""
    deadline = None if seconds is None else time.monotonic() + seconds
    (size,) = struct.unpack(">Q", _exactly(sock, 8, deadline))
    if size > MAX_FRAME:
        raise ProtocolError("frame too large")
    return _exactly(sock, size, deadline)


def _exactly(sock: socket.socket, size: int, deadline: float | None) -> bytes:
    chunks = bytearray()
    while len(chunks) < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ChannelTimeout("no answer in time")
            sock.settimeout(left)
        try:
            chunk = sock.recv(min(size - len(chunks), 2**20))
        except TimeoutError as error:
            raise ChannelTimeout("no answer in time") from error
        except OSError as error:
            raise ChannelClosed(str(error)) from error
        if not chunk:
            raise ChannelClosed("closed before an answer came")
        chunks += chunk
    return bytes(chunks)
