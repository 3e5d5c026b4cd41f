"""Hidden checks of what attention costs: growth, heads that share memory, shares and bytes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.judge import Draw, Student, check, expect

from . import shared

# --- s002-3.1a ---------------------------------------------------------------

# (n, d) along rays: only n, only d, both alike, n as the square of d, d as the square of n
_LENGTH = [((3, 1), (7, 0)), ((5, 2), (3, 1))]
_WIDTH = [((7, 0), (3, 1)), ((3, 1), (5, 2)), ((3, 1), (5, 1))]


@check(item="s002-3.1a", points=2)
def time_of_a_head_grows_with_the_square_of_the_length(student: Student, draw: Draw) -> None:
    """For long inputs the time of a head grows as its products of n x n scores do."""
    shared.grows(
        student.time_single, [lambda n, d: n * n * d], _LENGTH, what="time_single(n, d)",
        message="For long inputs time_single grows otherwise than the time of a head.",
        hint="how many scores are there, and how many multiplications stand behind each?",
    )  # fmt: skip


@check(item="s002-3.1a")
def time_of_a_head_grows_with_the_width(student: Student, draw: Draw) -> None:
    """For wide inputs the time of a head grows in proportion to the width."""
    shared.grows(
        student.time_single, [lambda n, d: n * n * d], _WIDTH, what="time_single(n, d)",
        message="With the width d time_single grows otherwise than the time of a head.",
        hint="Q, K and V are there already, so nothing is projected; how long is the product behind one score?",
    )  # fmt: skip


@check(item="s002-3.1a")
def memory_of_a_head_holds_the_scores(student: Student, draw: Draw) -> None:
    """For long inputs the memory of a head grows as the matrix of scores does."""
    shared.grows(
        student.space_single, [lambda n, d: n * n + n * d], _LENGTH, what="space_single(n, d)",
        message="For long inputs space_single grows otherwise than the memory of a head.",
        hint="the matrix of weights is made as it stands: how many entries has it?",
    )  # fmt: skip


@check(item="s002-3.1a")
def memory_of_a_head_holds_the_inputs(student: Student, draw: Draw) -> None:
    """For wide inputs the memory of a head grows as its inputs and its result do."""
    shared.grows(
        student.space_single, [lambda n, d: n * n + n * d], _WIDTH, what="space_single(n, d)",
        message="With the width d space_single grows otherwise than the memory of a head.",
        hint="inputs and result are held too: which of the terms is larger for few, wide vectors?",
    )  # fmt: skip


# --- s002-3.1b ---------------------------------------------------------------

_ALL = [
    tuple(zip(bases, powers, strict=True))
    for bases in ((3, 5, 2),)
    for powers in (
        (1, 0, 0), (0, 1, 0), (1, 1, 0), (2, 1, 0), (1, 2, 0),
        (0, 0, 1), (1, 0, 1), (0, 1, 1), (1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 0, 1), (1, 0, 2), (0, 1, 2),
        (0, 2, 1), (3, 1, 1), (3, 1, 2), (2, 1, 3), (3, 2, 1), (1, 2, 2), (2, 2, 1), (2, 1, 2),
    )
]  # fmt: skip


def _time(n: int, d: int, h: int) -> int:
    return h * (n * n * d + n * d * d)


_SPACES: list[shared.Cost] = [
    lambda n, d, h: n * n + h * n * d + h * d * d,
    lambda n, d, h: n * n + h * n * d,  # weights not counted
    lambda n, d, h: n * n + n * d + h * d * d,  # W^O taken block by block, so that nothing is put side by side
]


@check(item="s002-3.1b")
def time_of_heads_holds_scores_of_each(student: Student, draw: Draw) -> None:
    """For long inputs, few or many heads, the time grows as the scores of all heads do."""
    long = [ray for ray in _ALL if ray[0][1] > ray[1][1]]
    shared.grows(
        student.time_multi, [_time], long, what="time_multi(n, d, h)",
        message="For long inputs time_multi grows otherwise than the time of h heads.",
        hint="each head costs what a head of width d costs, and there are h of them",
    )  # fmt: skip


@check(item="s002-3.1b")
def time_of_heads_holds_the_projections(student: Student, draw: Draw) -> None:
    """For wide inputs the time grows as the projections of all heads do."""
    wide = [ray for ray in _ALL if ray[0][1] <= ray[1][1]]
    shared.grows(
        student.time_multi, [_time], wide, what="time_multi(n, d, h)",
        message="For wide inputs time_multi grows otherwise than the time of h heads.",
        hint="what does one product (n, d) times (d, d) cost? Each head has three of them, and its share of W^O",
    )  # fmt: skip


@check(item="s002-3.1b", points=2)
def scores_are_held_for_one_head_at_a_time(student: Student, draw: Draw) -> None:
    """However many heads there are, memory holds the scores of one of them."""
    long = [((3, 1), (5, 0), (2, 0)), ((3, 2), (5, 0), (2, 1)), ((3, 3), (5, 1), (2, 1)), ((3, 3), (5, 0), (2, 2))]
    shared.grows(
        student.space_multi, [lambda n, d, h: n * n], long, what="space_multi(n, d, h)",
        message="For long inputs space_multi grows otherwise than the memory of heads computed one after the other.",
        hint="when a head begins, who still needs the scores of the one before?",
    )  # fmt: skip


@check(item="s002-3.1b")
def memory_of_heads_holds_what_is_kept(student: Student, draw: Draw) -> None:
    """Beside the scores, memory holds what is kept from head to head, and weights if they are counted."""
    shared.grows(
        student.space_multi, _SPACES, [ray for ray in _ALL if ray[0][1] < 3], what="space_multi(n, d, h)",
        message="For many heads or wide inputs space_multi grows otherwise than what has to be held.",
        hint="the results of all heads are put side by side, and weights take room too",
    )  # fmt: skip


# --- s002-3.1b-heads ---------------------------------------------------------


def _given(draw: Draw, n: int, keys: int, d: int, h: int, scale: float = 1.0) -> list[Any]:
    inputs = [draw.array(rows, d, scale=scale) for rows in (n, keys, keys)]
    return [*inputs, *([draw.array(d, d) for _ in range(h)] for _ in range(3)), draw.array(h * d, d)]


def _heads(Qb: Any, Kb: Any, Vb: Any, WQ: Any, WK: Any, WV: Any, WO: Any) -> shared.Array:
    found = [
        shared.softmax((Qb @ wq) @ (Kb @ wk).T / math.sqrt(len(wq)), 1) @ (Vb @ wv)
        for wq, wk, wv in zip(WQ, WK, WV, strict=True)
    ]
    result: shared.Array = np.concatenate(found, axis=1) @ WO
    return result


@check(item="s002-3.1b-heads", points=2)
def heads_in_sequence_are_multi_head_attention(student: Student, draw: Draw) -> None:
    """The result is that of scaled dot-product attention in each head, side by side, times W^O."""
    for n, d, h in ((6, 3, 2), (5, 4, 3)):
        case = _given(draw, n, n, d, h)
        expect.close(
            student.multihead_seq(*case), _heads(*case), what="multihead_seq(...)", rtol=1e-6,
            hint="scores over the root of d, softmax over the keys, heads side by side in order, then W^O",
        )  # fmt: skip


@check(item="s002-3.1b-heads")
def heads_take_other_keys_than_queries(student: Student, draw: Draw) -> None:
    """There may be more or fewer keys than queries."""
    for n, keys in ((4, 7), (7, 5)):
        case = _given(draw, n, keys, 3, 2)
        expect.close(
            student.multihead_seq(*case), _heads(*case), rtol=1e-6,
            what="multihead_seq(...) with another number of keys", hint="the result has a row for each query",
        )  # fmt: skip


@check(item="s002-3.1b-heads")
def heads_of_size_one(student: Student, draw: Draw) -> None:
    """One head, one position, and width 1 give right results."""
    for n, keys, d, h in ((5, 5, 3, 1), (1, 1, 3, 2), (4, 4, 1, 3)):
        case = _given(draw, n, keys, d, h)
        expect.close(
            student.multihead_seq(*case), _heads(*case), rtol=1e-6,
            what="multihead_seq(...) where something is of size 1", hint="keep an axis of size 1",
        )  # fmt: skip


@check(item="s002-3.1b-heads")
def heads_survive_large_scores(student: Student, draw: Draw) -> None:
    """Scores of many thousands give finite and right results."""
    case = _given(draw, 5, 5, 3, 2, scale=100.0)
    expect.close(
        student.multihead_seq(*case), _heads(*case), what="multihead_seq(...) with large scores", rtol=1e-6,
        hint="a common shift of a row changes nothing in its softmax",
    )  # fmt: skip


@check(item="s002-3.1b-heads", points=2)
def scores_of_heads_share_their_room(student: Student, draw: Draw) -> None:
    """Twenty heads find room where twenty matrices of scores would not, and none is cut short."""
    shared.in_linear_room(
        student, "multihead_seq", _given(draw, 2300, 2300, 2, 20), _given(draw, 6, 6, 3, 2), 2, _heads,
        cheap=_given(draw, 2300, 2300, 2, 2),
        message="Twenty long heads take more memory than there is.",
        hint="keep no head's scores or weights beyond its turn, in no list and under no name",
    )  # fmt: skip


@check(item="s002-3.1b-heads")
def heads_leave_arguments_alone(student: Student, draw: Draw) -> None:
    """Inputs and weights stay as they were, and a second call gives the same."""
    one, other = (_given(draw, 9, 9, 3, 2) for _ in range(2))  # of shapes that no other check has
    shared.stands_alone(student, "multihead_seq", one, other, _heads)


# --- s002-3.1c ---------------------------------------------------------------


@check(item="s002-3.1c")
def bottleneck_is_named(student: Student, draw: Draw) -> None:
    """The part that dominates for long inputs is named, and in what it dominates."""
    chosen = expect.letters(student.value("mc"), offered="abcde", what="mc")
    expect.true(len(chosen) == 1, "mc holds several letters.", "one of them says it all")
    expect.true(
        chosen == {"c"}, "That is not what dominates for long inputs.",
        "which part grows faster than n, and does it do so in time, in memory, or in both?",
    )  # fmt: skip


@check(item="s002-3.1c", points=2)
def share_of_the_scores_is_counted(student: Student, draw: Draw) -> None:
    """The share of the multiplications that lies in the scores is right for short, middling and very long inputs."""
    for n, d in (
        (10, 64),
        (128, 64),
        (10**6, 64),
        (draw.integer(20, 60), draw.integer(5, 15)),
        (1, draw.integer(2, 9)),
    ):
        expect.close(
            shared.lone(student.attention_fraction(n, d)), n / (n + 2 * d), what="attention_fraction(n, d)",
            hint="two products with n x n, and four of (n, d) with (d, d): one for W^O among them",
        )  # fmt: skip


@check(item="s002-3.1c")
def half_is_reached_where_it_is(student: Student, draw: Draw) -> None:
    """The length at which scores take half of the work is right."""
    for d in (512, draw.integer(20, 90), 1):
        expect.close(
            shared.lone(student.n_half(d)), 2.0 * d, what="n_half(d)", hint="set both counts equal and solve for n"
        )


# --- s004-1.07 ---------------------------------------------------------------


def _cases(draw: Draw) -> list[tuple[int, int, int, int]]:
    return [(draw.integer(20, 90), 5, 3, 2), (draw.integer(1000, 2000), 12, 7, 4), (50_021, 769, 5, 3)]


@check(item="s004-1.07")
def scores_are_counted_for_all_heads_and_layers(student: Student, draw: Draw) -> None:
    """The bytes of the scores are those of an n x n matrix for each head of each layer."""
    for n, heads, layers, size in _cases(draw):
        expect.close(
            shared.lone(student.attn_bytes(n, heads, layers, size)), float(n * n * heads * layers * size),
            what="attn_bytes(n, H, layers, bytes)", hint="a score for each pair of positions, head and layer",
        )  # fmt: skip


@check(item="s004-1.07")
def scores_grow_fourfold_when_the_length_doubles(student: Student, draw: Draw) -> None:
    """Twice the length takes four times the bytes of scores."""
    for n in (draw.integer(5, 30), draw.integer(4000, 8000)):
        one, two = (expect.number(student.attn_bytes(k, 4, 3, 2), what="attn_bytes(...)") for k in (n, 2 * n))
        expect.true(one > 0, "attn_bytes is not positive.")
        expect.true(
            abs(two / one - 4) < 1e-6,
            "Twice the length does not take four times the bytes of scores.",
            "each position meets each",
        )


@check(item="s004-1.07")
def cache_holds_keys_and_values(student: Student, draw: Draw) -> None:
    """The bytes of the cache are those of a key and a value per position and layer."""
    for n, d, layers, size in _cases(draw):
        expect.close(
            shared.lone(student.kv_bytes(n, d, layers, size)), float(2 * n * d * layers * size),
            what="kv_bytes(n, d, layers, bytes)", hint="two vectors of width d for each position, in each layer",
        )  # fmt: skip


@check(item="s004-1.07")
def cache_doubles_when_the_length_doubles(student: Student, draw: Draw) -> None:
    """Twice the length takes twice the bytes of the cache."""
    for n in (draw.integer(5, 30), draw.integer(4000, 8000)):
        one, two = (expect.number(student.kv_bytes(k, 16, 3, 2), what="kv_bytes(...)") for k in (n, 2 * n))
        expect.true(one > 0, "kv_bytes is not positive.")
        expect.true(
            abs(two / one - 2) < 1e-6,
            "Twice the length does not take twice the bytes of a cache.",
            "each position is kept once",
        )


@check(item="s004-1.07")
def a_single_position_is_counted(student: Student, draw: Draw) -> None:
    """One position has one score per head and one key and value; a wider number takes more bytes."""
    expect.close(shared.lone(student.attn_bytes(1, 3, 2, 4)), 24.0, what="attn_bytes(1, H, layers, bytes)")
    expect.close(shared.lone(student.kv_bytes(1, 5, 2, 4)), 80.0, what="kv_bytes(1, d, layers, bytes)")
