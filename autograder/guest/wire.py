"""Plain data over a socket: msgpack with a handful of extensions, every size bounded, nothing executable.

A frame (frames.py) holds a msgpack document. Extensions: arrays, tensors, tuples, sets, complex numbers, handles (an
object that stays where it is), and elementwise functions by name.
"""

from __future__ import annotations

import decimal
import fractions
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgpack
import torch
from numpy import ascontiguousarray, frombuffer, generic, ndarray
from numpy import dtype as np_dtype
from numpy import uint8 as np_uint8
from torch import Tensor, bfloat16, empty, from_numpy, strided
from torch import frombuffer as tensor_from

from autograder.errors import ProtocolError, TooMuch
from autograder.guest.frames import MAX_FRAME
from autograder.guest.functions import Elementwise

UNKNOWN_KIND = "custom object"  # no text that student code chose is shown: not even the name of a class
MAX_ITEMS = 2_000_000  # entries of all containers of a frame together: an empty list takes one byte here, 56 there
MAX_DEPTH = 16
MAX_DIMS = 12
_ARRAY, _TENSOR, _TUPLE, _SET, _COMPLEX, _HANDLE, _ELEMENTWISE, _WHOLE = range(1, 9)
_MOST_BYTES = 64  # of one whole number: 10^153, and every float that is smaller has room for it
_ALIKE = 1_000  # keys with a hash that another one has: each is compared with all of these
_LONG = {"f16": "f8", "c32": "c16"}  # what other machines do not have
_PLAIN = (type(None), bool, int, float, str, bytes, list, dict)
_NUMPY = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"}
_DTYPES = "float16 float32 float64 bool uint8 int8 int16 int32 int64 complex64 complex128"
_TORCH: dict[str, torch.dtype] = {name: getattr(torch, name) for name in _DTYPES.split()}
# Names are taken out of their modules here, before student code runs: a notebook may overwrite them there.
_BOOL, _FLOAT = torch.bool, torch.float32


@dataclass(frozen=True)
class Remote:
    """An object that cannot cross: its number on the far side, its class name, whether it can be called."""

    number: int
    kind: str
    callable: bool


_TOO_LARGE = f"larger than {MAX_FRAME // 2**20} MB, or {MAX_DIMS} axes"


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
        raise Unsendable(_TOO_LARGE)
    return data


def _encode(obj: Any, nested: Callable[[Any], bytes], keep: Callable[[Any], Remote] | None) -> Any:
    ext = msgpack.ExtType
    if isinstance(obj, Tensor):
        return ext(_TENSOR, _encode_tensor(obj))
    if isinstance(obj, ndarray):
        if obj.nbytes > MAX_FRAME or obj.ndim > MAX_DIMS:  # before it is copied: views of a few numbers have any size
            raise Unsendable(_TOO_LARGE)
        kind = obj.dtype.str[1:]
        if kind in _LONG:
            obj, kind = obj.astype(_LONG[kind]), _LONG[kind]
        if kind not in _NUMPY:
            return _plain(obj.tolist(), nested, keep)
        plain = ascontiguousarray(obj, dtype=obj.dtype.newbyteorder("<")).view(ndarray)
        return ext(_ARRAY, msgpack.packb([kind, list(obj.shape), plain.tobytes()]))
    if isinstance(obj, generic):
        short = _LONG.get(obj.dtype.str[1:])
        return _plain(obj.astype(short).item() if short else obj.item(), nested, keep)
    if isinstance(obj, tuple):
        return ext(_TUPLE, nested(list(obj)))
    if isinstance(obj, (set, frozenset)):
        return ext(_SET, nested(list(obj)))
    if isinstance(obj, complex):
        return ext(_COMPLEX, msgpack.packb([obj.real, obj.imag]))
    if isinstance(obj, Remote):
        return ext(_HANDLE, msgpack.packb([obj.number, obj.kind[:100], obj.callable]))
    if isinstance(obj, Elementwise):
        return ext(_ELEMENTWISE, msgpack.packb([obj.kind, float(obj.a), float(obj.b), obj.order]))
    if isinstance(obj, int):  # subclasses shed whatever they override
        whole = int.__int__(obj)
        return whole if -(2**63) <= whole < 2**64 else ext(_WHOLE, _encode_whole(whole))
    if isinstance(obj, float):
        return float.__float__(obj)
    if isinstance(obj, fractions.Fraction):
        return fractions.Fraction.__float__(obj)
    if isinstance(obj, decimal.Decimal):
        return decimal.Decimal.__float__(obj)
    if isinstance(obj, str):
        return str.__str__(obj)
    if isinstance(obj, dict):
        return dict(dict.items(obj))
    if isinstance(obj, list):
        return list(list.__iter__(obj))
    if type(obj).__name__ in ("dict_keys", "dict_values", "dict_items", "range", "deque"):
        return list(obj)
    if keep is None:
        raise Unsendable(f"a {type(obj).__name__} is not plain data")
    return _encode(keep(obj), nested, None)


def _encode_whole(number: int) -> bytes:
    """One that msgpack has no form for, as a count of FLOPs easily is."""
    size = number.bit_length() // 8 + 1
    if size > _MOST_BYTES:
        raise Unsendable("a whole number of too many digits")
    packed: bytes = msgpack.packb([number.to_bytes(size, "big", signed=True)])
    return packed


def _plain(value: Any, nested: Callable[[Any], bytes], keep: Callable[[Any], Remote] | None) -> Any:
    """What numpy gives for an entry: it is asked for only once what to do with it."""
    return value if type(value) in _PLAIN else _encode(value, nested, keep)


def _encode_tensor(tensor: Tensor) -> bytes:
    if tensor.numel() * tensor.element_size() > MAX_FRAME or tensor.dim() > MAX_DIMS:
        raise Unsendable(_TOO_LARGE)
    plain = tensor.detach().to("cpu")
    if plain.is_sparse or plain.layout != strided:
        plain = plain.to_dense()
    if plain.dtype == bfloat16:
        plain = plain.to(_FLOAT)
    name = str(plain.dtype).removeprefix("torch.")
    if name not in _TORCH:
        raise Unsendable(f"a tensor of {plain.dtype}")
    data = plain.resolve_conj().resolve_neg().contiguous().numpy().tobytes()
    packed: bytes = msgpack.packb([name, list(plain.shape), bool(tensor.requires_grad), data])
    return packed


def unpack(data: bytes) -> Any:
    """Decode bytes of unknown origin. Raises ProtocolError for anything but plain, bounded data."""
    if len(data) > MAX_FRAME:
        raise TooMuch("frame too large")
    try:
        value = _Decoder().unpack(data, 0)
        _verify(value)
    except ProtocolError:
        raise
    except (ValueError, TypeError, RuntimeError, OverflowError, msgpack.UnpackException) as error:
        raise ProtocolError(f"not plain data: {str(error)[:200]}") from error
    return value


_LEAVES = {type(None), bool, int, float, complex, str, bytes, ndarray, Tensor, Remote, Elementwise}


def _verify(value: Any) -> None:
    """Only the types of this format, nested to a limited depth."""
    level, depth = [value], 0
    while level:
        if depth > MAX_DEPTH:
            raise ProtocolError("nested too deeply")
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is dict:
                below += [*item, *item.values()]
            elif kind is list or kind is tuple or kind is frozenset:
                below += item
            elif kind not in _LEAVES:
                raise ProtocolError(f"a {kind.__name__} is not plain data")
        level, depth = below, depth + 1


class _Decoder:
    """Decodes one frame. Counts entries while they are made, so that few bytes cannot become much memory."""

    def __init__(self) -> None:
        self.items = 0

    def unpack(self, data: bytes, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ProtocolError("nested too deeply")
        return msgpack.unpackb(
            data,
            ext_hook=lambda code, payload: self._decode(code, payload, depth + 1),
            list_hook=self._count,
            object_pairs_hook=self._mapping,
            strict_map_key=False,
            max_array_len=MAX_ITEMS,
            max_map_len=MAX_ITEMS,
            max_ext_len=MAX_FRAME,
        )

    def _count(self, container: Any) -> Any:
        self.items += 1 + len(container)
        if self.items > MAX_ITEMS:
            raise TooMuch("too many parts")
        return container

    def _mapping(self, pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
        _spread([key for key, _ in self._count(pairs)])
        return dict(pairs)

    def _decode(self, code: int, payload: bytes, depth: int) -> Any:
        items = self.unpack(payload, depth)
        if not isinstance(items, list):
            raise ProtocolError("bad extension")
        if code == _TUPLE:
            return tuple(items)
        if code == _SET:
            _spread(items)
            return frozenset(items)
        if code == _ARRAY:
            return _array(*items)
        if code == _TENSOR:
            return _tensor(*items)
        if code == _COMPLEX:
            return _complex(*items)
        if code == _HANDLE:
            return _handle(*items)
        if code == _ELEMENTWISE:
            return _elementwise(*items)
        if code == _WHOLE:
            return _whole(*items)
        raise ProtocolError(f"unknown extension {code}")


def _spread(keys: list[Any]) -> None:
    """Raises ProtocolError for keys made to have the same hash: a set or dict of them takes quadratic time."""
    if len(keys) > _ALIKE and len(keys) - len({hash(key) for key in keys}) > _ALIKE:
        raise ProtocolError("too many keys that are alike")


def _shape(shape: Any, size: int, itemsize: int) -> list[int]:
    if not isinstance(shape, list) or len(shape) > MAX_DIMS or not all(type(n) is int and n >= 0 for n in shape):
        raise ProtocolError("bad shape")
    if math.prod(shape) * itemsize != size:
        raise ProtocolError("shape and bytes disagree")
    if math.prod(max(n, 1) for n in shape) > MAX_FRAME:  # an empty array may have a side of any length
        raise ProtocolError("shape too large")
    return shape


def _array(kind: Any, shape: Any, raw: Any) -> ndarray[Any, Any]:
    if kind not in _NUMPY or not isinstance(raw, bytes):
        raise ProtocolError("bad array")
    dtype = np_dtype("<" + kind)
    dims = _shape(shape, len(raw), dtype.itemsize)
    if kind == "b1":  # any byte could stand there; a bool is 0 or 1
        values: ndarray[Any, Any] = frombuffer(raw, dtype=np_uint8) != 0
    else:
        values = frombuffer(raw, dtype=dtype).copy()
    return values.reshape(dims)


def _tensor(name: Any, shape: Any, grad: Any, raw: Any) -> Tensor:
    if name not in _TORCH or not isinstance(raw, bytes):
        raise ProtocolError("bad tensor")
    dtype = _TORCH[name]
    dims = _shape(shape, len(raw), dtype.itemsize)
    if dtype is _BOOL:
        return from_numpy(frombuffer(raw, dtype=np_uint8) != 0).reshape(dims)
    flat = tensor_from(bytearray(raw), dtype=dtype) if raw else empty(0, dtype=dtype, device="cpu")
    return flat.reshape(dims).requires_grad_(grad is True and dtype.is_floating_point)


def _complex(real: Any, imaginary: Any) -> complex:
    if type(real) is not float or type(imaginary) is not float:
        raise ProtocolError("bad complex number")
    return complex(real, imaginary)


def _whole(raw: Any) -> int:
    if type(raw) is not bytes or len(raw) > _MOST_BYTES:
        raise ProtocolError("bad whole number")
    return int.from_bytes(raw, "big", signed=True)


def _handle(number: Any, kind: Any, can_call: Any) -> Remote:
    if type(number) is not int or type(kind) is not str or type(can_call) is not bool:
        raise ProtocolError("bad handle")
    return Remote(number, kind if _is_well_known(kind) else UNKNOWN_KIND, can_call)


# Few enough that which of them a reply names says next to nothing.
_WELL_KNOWN = frozenset((
    "function", "method", "builtin_function_or_method", "module", "type", "object", "ndarray", "generator", "map",
    "Module", "Linear", "Embedding", "LayerNorm", "Dropout", "Sequential", "ModuleList", "MSELoss",
    "MultiheadAttention",
))  # fmt: skip


def _is_well_known(kind: str) -> bool:
    """Class names end up in messages that students read. One that a student made up may spell out hidden inputs."""
    return kind in _WELL_KNOWN


def _elementwise(kind: Any, a: Any, b: Any, order: Any) -> Elementwise:
    if type(kind) is not str or type(a) is not float or type(b) is not float or type(order) is not int:
        raise ProtocolError("bad function")
    return Elementwise(kind, a, b, order)
