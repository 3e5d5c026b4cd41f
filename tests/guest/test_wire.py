"""What goes over the socket comes back as it was; what anybody else writes there is plain, bounded data or refused."""

from __future__ import annotations

import decimal
import fractions
import struct
from collections import OrderedDict
from typing import Any

import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from autograder.errors import ProtocolError
from autograder.guest import wire
from autograder.guest.wire import MAX_DEPTH, MAX_ITEMS, Remote, Unsendable, pack, unpack

LEAVES = some.none() | some.booleans() | some.integers(-(2**500), 2**500) | some.text() | some.binary()
LEAVES |= some.floats(allow_nan=False) | some.complex_numbers(allow_nan=False)
KEYS = some.text() | some.integers(-(2**63), 2**63 - 1)
PLAIN = some.recursive(
    LEAVES,
    lambda inner: some.lists(inner) | some.lists(inner).map(tuple) | some.dictionaries(KEYS, inner),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_data_comes_back_as_it_was(value: Any) -> None:
    """Containers and numbers keep their value and their type."""
    assert unpack(pack(value)) == value
    assert repr(unpack(pack(value))) == repr(value)


@pytest.mark.parametrize("dtype", sorted(wire._TORCH))
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 1, 3)])
def test_tensors_come_back_as_they_were(dtype: str, shape: tuple[int, ...]) -> None:
    """Values, dtype and shape survive, for every dtype, and also whether a gradient is wanted."""
    tensor = (4 * torch.rand(shape)).to(getattr(torch, dtype))
    if tensor.is_floating_point():
        tensor.requires_grad_()
    back = unpack(pack(tensor))
    assert torch.equal(back, tensor)
    assert (back.dtype, back.requires_grad) == (tensor.dtype, tensor.requires_grad)


@pytest.mark.parametrize("kind", sorted(wire._NUMPY))
def test_arrays_come_back_as_they_were(kind: str) -> None:
    """Values, dtype and shape survive, whatever the byte order and the layout in memory were."""
    array = np.arange(6).reshape(2, 3).astype(kind)
    for given_ in (array, array.T, array[:, ::2], array.astype(array.dtype.newbyteorder(">"))):
        back = unpack(pack(given_))
        assert np.array_equal(back, given_)
        assert back.dtype == array.dtype


class Loud(float):
    """A number that tells a story of its own."""

    def __float__(self) -> float:
        raise AssertionError("asked")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (Loud(2.0), 2.0),
        (OrderedDict(a=1), {"a": 1}),
        (fractions.Fraction(1, 4), 0.25),
        (decimal.Decimal("0.5"), 0.5),
        (range(3), [0, 1, 2]),
        ({1: 2}.keys(), [1]),
        ({3, 4}, frozenset({3, 4})),
    ],
)
def test_relatives_of_plain_data_become_plain(value: Any, plain: Any) -> None:
    """Numbers of other libraries, fractions, views and subclasses arrive as the plain data that they stand for."""
    back = unpack(pack(value))
    assert back == plain
    assert type(back) is type(plain)


def test_what_cannot_cross_is_said() -> None:
    """Objects without a keeper, numbers too large, towers and loops are Unsendable; with a keeper an object is kept."""
    loop: list[Any] = []
    loop.append(loop)
    tower: tuple[Any, ...] = ()
    for _ in range(MAX_DEPTH + 2):
        tower = (tower,)
    for value in (object(), 2**600, loop, tower, "\ud800", fractions.Fraction(10**400)):
        with pytest.raises(Unsendable):
            pack(value)
    assert unpack(pack([object()], lambda obj: Remote(7, "Net", False))) == [Remote(7, wire.UNKNOWN_KIND, False)]


@given(some.binary(max_size=200))
def test_noise_is_refused_or_harmless(data: bytes) -> None:
    """Any bytes give plain data or a ProtocolError, never anything else."""
    try:
        value = unpack(data)
    except ProtocolError:
        return
    wire._verify(value)


@given(some.integers(0, 127), PLAIN)
def test_forged_extensions_are_refused_or_harmless(code: int, value: Any) -> None:
    """The same holds for every extension with a content of any form."""
    try:
        found = unpack(msgpack.packb(msgpack.ExtType(code, pack(value))))
    except ProtocolError:
        return
    wire._verify(found)


def _extension(code: int, *parts: Any) -> bytes:
    packed: bytes = msgpack.packb(msgpack.ExtType(code, msgpack.packb(list(parts))))
    return packed


@pytest.mark.parametrize(
    "data",
    [
        _extension(wire._ARRAY, "O8", [1], b"12345678"),  # an object array would be a pointer
        _extension(wire._ARRAY, "f8", [2], b"12345678"),
        _extension(wire._ARRAY, "f8", [-1], b"12345678"),
        _extension(wire._ARRAY, "f8", [0, 2**40], b""),
        _extension(wire._TENSOR, "float64", [1] * 20, False, b"12345678"),
        _extension(wire._TENSOR, "qint8", [1], False, b"1"),
        _extension(wire._COMPLEX, "1", 2.0),
        _extension(wire._HANDLE, "1", "Net", True),
        _extension(wire._ELEMENTWISE, "tanh", 1, 0.0, 0),
        _extension(wire._WHOLE, b"1" * 65),
        _extension(wire._WHOLE, "1"),
        _extension(99),
        msgpack.packb(msgpack.Timestamp(1)),
        b"\xdd" + (MAX_ITEMS + 1).to_bytes(4, "big"),
        b"\x91" * (MAX_DEPTH + 2) + b"\x01",
    ],
    ids=repr,
)
def test_a_forged_part_is_a_protocol_error(data: bytes) -> None:
    """Wrong dtypes, shapes that do not fit, names instead of numbers, and what is too deep or too much."""
    with pytest.raises(ProtocolError):
        unpack(data)


def test_few_bytes_do_not_become_much_memory() -> None:
    """Entries are counted over the whole frame: a list of empty lists has its limit too."""
    row = msgpack.packb([[]] * 1000)
    with pytest.raises(ProtocolError, match="too many parts"):
        unpack(b"\xdd" + (3000).to_bytes(4, "big") + row * 3000)


def test_the_name_of_a_class_tells_nothing() -> None:
    """Only well-known names arrive with a handle; one that a student made up could spell out hidden inputs."""
    for kind, told in (("Linear", "Linear"), ("function", "function"), ("x is 0.4711", wire.UNKNOWN_KIND)):
        assert unpack(pack(Remote(1, kind, True))).kind == told


def alike(count: int, between: bytes) -> bytes:
    """Complex numbers that all have the hash 0."""
    numbers = (msgpack.packb([-1000003.0 * i, float(i)]) for i in range(count))
    return struct.pack(">I", count) + b"".join(msgpack.packb(msgpack.ExtType(5, n)) + between for n in numbers)


@pytest.mark.parametrize("kind", ["set", "dict"])
def test_keys_of_one_hash_are_refused(kind: str) -> None:
    """What takes quadratic time to put together is not put together."""
    as_set = msgpack.packb(msgpack.ExtType(4, b"\xdd" + alike(20_000, b"")))
    with pytest.raises(ProtocolError, match="alike"):
        unpack(as_set if kind == "set" else b"\xdf" + alike(20_000, b"\xc0"))
    assert unpack(pack({frozenset(range(9)): 1, (1, "a"): {-1, -2}})) == {frozenset(range(9)): 1, (1, "a"): {-1, -2}}


ENDLESS = [torch.zeros(1).expand(2**36), np.broadcast_to(np.zeros(1), (2**36,)), torch.zeros(1, 1).expand(2**18, 2**18)]


@pytest.mark.parametrize("value", ENDLESS)
def test_a_view_of_any_size_is_refused_before_it_is_copied(value: Any) -> None:
    """Few numbers can be seen as very many: they are counted before memory is taken for them."""
    with pytest.raises(Unsendable, match="larger than"):
        pack(value)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.longdouble(1.5), 1.5),
        (np.array([1.5, 2.0], np.longdouble), np.array([1.5, 2.0])),
        (np.complex64(2j), 2j),
        (np.complex128(1 + 2j), 1 + 2j),
        (np.array(fractions.Fraction(1, 2), object), 0.5),
    ],
)
def test_every_number_of_numpy_crosses(value: Any, plain: Any) -> None:
    """Long and complex numbers too, alone and in arrays."""
    found = unpack(pack(value))
    assert type(found) is type(plain)
    assert np.array_equal(found, plain)
