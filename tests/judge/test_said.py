"""What of a reply stands in a message: enough to see the slip, and too little to spell out hidden inputs."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from autograder.errors import Feedback
from autograder.guest.wire import Remote, pack, unpack
from autograder.judge import Handle, expect, in_process, said

BITS = 7
WANT = np.arange(12.0).reshape(3, 4) + 1.5


@pytest.mark.parametrize(
    "actual",
    [(5, 3), (3,), (5,), (), (15,), (3, 5, 1), (1, 3, 5), (3, 4), (3, 6), (2, 5), (3, 1), (3, 0), (5, 5), (3, 3)],
)
def test_a_slip_in_a_shape_is_shown(actual: tuple[int, ...]) -> None:
    """Axes swapped, lost, added, too long or too short by one, or as long as another one."""
    assert said.shape(actual, (3, 5)) == str(actual)


@pytest.mark.parametrize(
    ("actual", "told"),
    [
        ((3, 77), "another length along axis 1"),
        ((8, 9), "other lengths along several axes"),
        ((7, 7, 7, 7), "too many axes"),
        ((9,), "too few axes"),
    ],
)
def test_other_shapes_are_described(actual: tuple[int, ...], told: str) -> None:
    """What no slip makes is told by what is wrong with it, without a size."""
    assert said.shape(actual, (3, 5)) == told


@pytest.mark.parametrize("expected", [(), (4,), (3, 5), (2, 3, 5), (2, 3, 5, 7)])
def test_shapes_carry_few_bits(expected: tuple[int, ...]) -> None:
    """Of all shapes with sides up to 11, and of large ones, a message tells less than 100 apart."""
    sides = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 1000, 12345]
    shapes = [shape for n in range(5) for shape in itertools.product(sides, repeat=n)]
    assert len({said.shape(shape, expected) for shape in shapes}) <= 100


def test_shares_come_in_steps() -> None:
    """A share tells one of seven."""
    told = {said.share(k / 1000) for k in range(1001)}
    assert len(told) == 7
    assert said.share(0.25) == "about 25 %"


def test_a_name_is_shown_only_where_the_task_asks_for_it() -> None:
    """Any other becomes the same words."""
    assert said.name("head.weight", {"head.weight"}, "a parameter") == "head.weight"
    assert said.name("x0_is_17", {"head.weight"}, "a parameter") == "a parameter"


def replies() -> Iterator[Any]:
    """Replies that try to say something: by shapes, lengths, values, types, names, texts, shares of wrong entries."""
    rng, chance = np.random.default_rng(1), random.Random(1)
    for _ in range(400):
        yield rng.standard_normal(tuple(rng.integers(0, 9, rng.integers(0, 6))))
        yield [1.0] * chance.randrange(300)
        yield {chance.random(): 1 for _ in range(chance.randrange(40))}
        yield f"text {chance.random()}"
        yield [[1.0] * chance.randrange(9) for _ in range(chance.randrange(9))]
        remote = unpack(pack(Remote(chance.randrange(99), f"Kind{chance.random()}", True)))
        yield Handle(in_process({}), remote, "f(...)")
        yield WANT + (rng.uniform(size=WANT.shape) < rng.uniform())
        yield torch.full((3, 4), chance.choice([float("nan"), float("inf"), 1e300]), dtype=torch.float64)
        yield chance.randrange(2**60)
    for dtype in (torch.float16, torch.int8, torch.uint8, torch.int64, torch.bool, torch.complex64, torch.float32):
        yield torch.ones(3, 4, dtype=dtype)
    yield from (None, ..., b"bytes", {1, 2}, frozenset(), 2j, (), [], "", True)


def ways() -> dict[str, Callable[[Any], Any]]:
    """Each function of `expect` with a reply in its hands."""
    return {
        "array": lambda got: expect.array(got, what="f(x)"),
        "shape": lambda got: expect.shape(got, (3, 4), what="f(x)"),
        "close": lambda got: expect.close(got, WANT, what="f(x)"),
        "finite": lambda got: expect.finite(got, what="f(x)"),
        "dtype": lambda got: expect.dtype(got, WANT, what="f(x)"),
        "same": lambda got: expect.same(got, WANT, what="f(x)"),
        "same, turned": lambda got: expect.same(WANT, got, what="f(x)"),
        "unharmed": lambda got: expect.unharmed(WANT, got, what="x"),
        "at_most": lambda got: expect.at_most(got, 1.0, what="f(x)"),
        "numbers": lambda got: expect.numbers(got, (3, 4), what="f(x)"),
        "tensor": lambda got: expect.tensor(got, what="f(x)"),
        "parts": lambda got: expect.parts(got, 2, what="f(x)"),
        "mapping": lambda got: expect.mapping(got, ["a"], what="f(x)"),
        "handle": lambda got: expect.handle(got, what="f(x)"),
        "text": lambda got: expect.text(got, what="f(x)"),
        "one_of": lambda got: expect.one_of(got, ["yes", "no"], what="f(x)"),
        "mask": lambda got: expect.mask(got, WANT > 5, what="f(x)"),
        "number": lambda got: expect.number(got, what="f(x)"),
        "boolean": lambda got: expect.boolean(got, what="f(x)"),
        "letters": lambda got: expect.letters(got, offered="abc", what="f(x)"),
        "pairs": lambda got: expect.pairs(got, what="f(x)"),
    }


@pytest.mark.parametrize("name", ways())
def test_no_function_carries_much_of_a_reply(name: str) -> None:
    """Whatever comes back, message, hint and picture take few forms; and nothing but Feedback is raised."""
    told = set()
    for got in replies():
        try:
            ways()[name](got)
        except Feedback as found:
            told.add((found.message, found.hint, found.picture))
    assert len(told) <= 2**BITS
    assert not any("text 0." in message or "Kind" in message for message, _, _ in told)


def test_every_function_of_expect_is_tried() -> None:
    """A new one has to be added above, unless it raises nothing or says only what the check says."""
    there = {name for name, value in vars(expect).items() if callable(value) and not name.startswith("_")}
    imported = {"Any", "Iterable", "Feedback", "Handle", "handle_of", "mask_picture", "Array"}
    assert there - imported - {"true", "identical", "modest"} <= {name.split(",")[0] for name in ways()}


@pytest.mark.parametrize(
    ("call", "fine"),
    [
        (lambda: expect.parts((1, 2), 2, what="f(x)"), [1, 2]),
        (lambda: expect.parts([1, 2], 2, what="f(x)"), [1, 2]),
        (lambda: expect.mapping({"a": 1, 2: 3}, ["a"], what="f(x)"), {"a": 1, 2: 3}),
        (lambda: expect.one_of("no", ["yes", "no"], what="f(x)"), "no"),
        (lambda: expect.text("x", what="f(x)"), "x"),
    ],
)
def test_what_can_be_taken_apart_comes_back(call: Callable[[], Any], fine: Any) -> None:
    """The helpers for containers and words give back what is right."""
    assert call() == fine


@pytest.mark.parametrize("got", [None, (1,), (1, 2, 3), "ab", {"a": 1, "b": 2}, torch.ones(2), {1, 2}])
def test_what_is_no_pair_is_refused(got: object) -> None:
    """Not even what has two entries of another kind."""
    with pytest.raises(Feedback):
        expect.parts(got, 2, what="f(x)")


@pytest.mark.parametrize("got", [[1.0, float("nan")], [1.0, float("inf")], [1.0, 1e200], [1.0], [[1.0, 2.0]], None])
def test_numbers_are_safe_to_compute_with(got: object) -> None:
    """Finite, of the right shape, and not so large that a square overflows."""
    with pytest.raises(Feedback):
        expect.numbers(got, (2,), what="f(x)")
    assert expect.tensor([1.0, -2.0], (2,), what="f(x)").tolist() == [1.0, -2.0]


@pytest.mark.parametrize("odd", [np.zeros(3), torch.zeros(0), None, [np.zeros(2)], {"a": np.ones(2)}, "x", 2j])
def test_comparing_bit_for_bit_never_breaks(odd: object) -> None:
    """An argument that comes back as something else is changed, whatever it is."""
    for given in (1, 1.5, "x1", None, [1, 2], {"a": 1}, (0.5,)):
        if given is not odd:
            assert not expect.identical(given, odd)
