"""Hidden checks of attention with one key masked."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Student, check, expect, properties

from . import reference as parts


def _pair(student: Student, Q: Any, K: Any, V: Any, pos: int, *, every_key: bool = False) -> tuple[Any, Any]:
    """Outputs and weights. Weights without the masked column get it back, as zeros, unless `every_key` is asked for:
    leaving it out costs the points of one check, not of all."""
    out, weights = parts.two(student.masked_attention(Q, K, V, pos), "masked_attention")
    expect.shape(out, (*Q.shape[:-1], V.shape[-1]), what="out", hint="one row per query, the masked position too")
    n = K.shape[-2]
    if not every_key and isinstance(weights, torch.Tensor) and weights.shape == (*Q.shape[:-1], n - 1):
        nothing = torch.zeros_like(weights[..., :1])
        weights = torch.cat([weights[..., :pos], nothing, weights[..., pos:]], dim=-1)
    hint = "a weight for every query and every key, also where it is 0"
    expect.shape(weights, (*Q.shape[:-1], n), what="weights", hint=hint)
    return out, weights


def _axis(draw: Draw, n: int) -> tuple[Any, Any]:
    """A unit vector (1, 4), and n vectors at right angles to it."""
    along = draw.tensor(1, 4)
    along = along / along.norm()
    across = draw.tensor(n, 4)
    return along, across - across @ along.T @ along


def _but(pos: int, n: int) -> list[int]:
    return [i for i in range(n) if i != pos]


@check(item="s000-4.2", points=2)
def masked_key_gets_no_weight(student: Student, draw: Draw) -> None:
    """No query gives weight to the masked key, and every other key gets some."""
    Q, K, V = parts.tokens(draw)
    pos = draw.integer(1, 3)
    Q[(pos + 2) % 5] = -Q[(pos + 1) % 5]  # the masked key has a positive score with one of them
    weights = expect.array(_pair(student, Q, K, V, pos, every_key=True)[1], what="weights").copy()
    allowed = np.ones((5, 5), dtype=bool)
    allowed[:, pos] = False
    if not (abs(weights[pos]) > 0).any():  # a silenced query, which another check is about
        weights[pos] = allowed[pos] / 4
    expect.mask(
        weights, allowed, what="the weights with one key masked", say="is masked",
        hint="a score of 0 is a score like any other: which score becomes a weight of 0? Keys stand in columns, "
        "positions count from 0",
    )  # fmt: skip


@check(item="s000-4.2", points=2)
def rest_equals_attention_without_that_key(student: Student, draw: Draw) -> None:
    """Outputs and weights of the other queries are those of attention over the other keys."""
    hint = f"{parts.WIDTH}; the softmax is over the keys that are left"
    for n, h, d in ((5, 4, 3), (4, 7, 2), (3, 2, 6)):
        Q, K, V = parts.tokens(draw, n=n, h=h, d=d)
        pos = draw.integer(1, n - 2)
        rows = _but(pos, n)
        names = ("out beside a masked key", "weights beside a masked key")
        for what, got, want in zip(names, _pair(student, Q, K, V, pos), parts.masked(Q, K, V, pos), strict=True):
            expect.close(expect.array(got, what=what)[rows], want[rows], what=what, hint=hint, rtol=properties.ROUGH)


@check(item="s000-4.2")
def rows_still_sum_to_one(student: Student, draw: Draw) -> None:
    """The weights of every other query sum to 1 after masking, also where all scores are 0, and none is negative."""
    Q, K, V = parts.tokens(draw, n=6)
    pos = draw.integer(0, 5)
    Q[(pos + 1) % 6] = 0.0  # a score of 0 is no sign of a mask
    weights = expect.array(_pair(student, Q, K, V, pos)[1], what="weights")[_but(pos, 6)]
    hint = "what the masked key would have got goes to the others: mask before the softmax, not after"
    expect.close(weights.sum(-1), [1.0] * 5, what="the sum of the weights of each query", hint=hint, rtol=1e-5)
    expect.true(bool((weights >= 0).all()), "Some weight is negative.", hint)


@check(item="s000-4.2")
def what_the_masked_token_holds_is_irrelevant(student: Student, draw: Draw) -> None:
    """Another key and another value at the masked position change no output and no weight."""
    Q, K, V = parts.tokens(draw)
    pos = draw.integer(1, 3)
    K2, V2 = K.clone(), V.clone()
    K2[pos] += draw.tensor(4, scale=3.0)
    V2[pos] += draw.tensor(3, scale=1e4)
    for name, before, after in zip(
        ("out", "weights"), _pair(student, Q, K, V, pos), _pair(student, Q, K2, V2, pos), strict=True
    ):
        expect.true(bool(expect.array(before, what=name).any()), f"{name} is zero.")
        expect.same(
            before, after, what=f"{name}, when key and value of the masked position change,", rtol=properties.ROUGH,
            hint="the masked position still takes part somewhere: in the scores, or in the sum below the softmax",
        )  # fmt: skip


@check(item="s000-4.2")
def masked_token_gets_no_gradient(student: Student, draw: Draw) -> None:
    """No gradient reaches key and value of the masked position; all others get theirs."""
    pos = draw.integer(1, 3)
    found = parts.gradients_agree(student, "masked_attention", [*parts.tokens(draw), pos], draw, parts.FLOWS)
    for name, gradient in zip("KV", found[1:], strict=True):
        expect.true(
            not (abs(gradient[pos]) > 1e-9).any(), f"A gradient reaches row pos of {name}.",
            "what a mask hides cannot be learned from",
        )  # fmt: skip
        others = abs(gradient[_but(pos, 5)]) > 1e-12
        expect.true(bool(others.any(-1).all()), f"A row of {name} that is not masked gets no gradient.", parts.FLOWS)
    _loud_key_gets_no_gradient(student, draw, pos)


def _loud_key_gets_no_gradient(student: Student, draw: Draw, pos: int) -> None:
    """The same where the masked key scores 6000 with every query. Where exp of that is taken and thrown away, the
    results are fine and the gradients are not. Results that are not finite are what another check is about."""
    along, across = _axis(draw, 5)
    Q, K, V = 3 * along + across, draw.tensor(5, 4), draw.tensor(5, 3)
    K[pos] = 4000 * along[0]
    results = [expect.array(part, what="it") for part in _pair(student, Q, K, V, pos)]
    if not all(np.isfinite(part).all() for part in results):
        return
    where = "where the masked key has a large score"
    given = [Q, K, V, pos]
    found = parts.finite_gradients(
        student, "masked_attention", given, [draw.tensor(5, 3), None], where, parts.THROWN_AWAY
    )
    leaks = any(bool((abs(expect.array(g, what="it")[pos]) > 1e-9).any()) for g in found[1:] if g is not None)
    expect.true(not leaks, "A gradient reaches a masked key or value that has a large score.", "mask before softmax")


@check(item="s000-4.2", points=2)
def masked_position_still_asks(student: Student, draw: Draw) -> None:
    """The query at the masked position is answered as the same query is anywhere else."""
    Q, K, V = parts.tokens(draw)
    pos = draw.integer(1, 3)
    hint = "the mask hides a key and a value, which is a column; the row of that position stays"
    for twin in _but(pos, 5)[::3]:
        Q[twin] = Q[pos]
        for name, part in zip(("out", "weights"), _pair(student, Q, K, V, pos), strict=True):
            rows = expect.array(part, what=name)
            expect.finite(rows[pos], what=f"the row of the masked position in {name}", hint=hint)
            expect.true(bool(rows[pos].any()), f"The row of the masked position in {name} is zero.", hint)
            what = f"{name} for one and the same query, asked at the masked position or elsewhere,"
            expect.same(rows[twin], rows[pos], what=what, hint=hint, rtol=properties.ROUGH)
    weights = expect.array(part, what="weights")
    spread = weights[pos][_but(pos, 5)]
    expect.true(bool(spread.max() - spread.min() > 1e-6), "The masked position gives all keys the same weight.", hint)


@check(item="s000-4.2")
def first_and_last_position_can_be_masked(student: Student, draw: Draw) -> None:
    """Masking the first or the last key is like masking the same key when it stands in the middle."""
    hint = "positions count from 0: the first is 0, the last is n - 1, and each is one key among others"
    for pos, shift in ((0, 2), (4, -2)):
        Q, K, V = parts.tokens(draw)
        rows = [1, 3]
        here, there = _pair(student, Q, K, V, pos), _pair(student, Q, K.roll(shift, 0), V.roll(shift, 0), 2)
        at_the_end, inside = (expect.array(part[1], what="weights")[rows] for part in (here, there))
        leaks = (abs(at_the_end[:, pos]) > 1e-6).any()
        expect.true(not leaks, f"Position {'n - 1' if pos else '0'} is masked and gets weight.", hint)
        outs = [expect.array(part[0], what="out")[rows] for part in (here, there)]
        what = "attention with one key masked, when keys and values move round together,"
        expect.same(outs[0], outs[1], what=what, hint=hint, rtol=properties.ROUGH)
        expect.same(at_the_end, np.roll(inside, -shift, axis=1), what=what, hint=hint, rtol=properties.ROUGH)
    for pos in (0, 1):
        Q, K, V = parts.tokens(draw, n=2)
        out, weights = (expect.array(part, what="it")[1 - pos] for part in _pair(student, Q, K, V, pos))
        left = [float(j != pos) for j in (0, 1)]
        expect.close(weights, left, what="the weights where one key is left", hint=hint, rtol=properties.ROUGH)
        expect.close(out, V[1 - pos], what="out where one key is left", hint=hint, rtol=properties.ROUGH)


@check(item="s000-4.2")
def mask_holds_in_batches_and_heads(student: Student, draw: Draw) -> None:
    """With a batch axis, or batch and head axes, every slice is masked as it is alone; a batch of one is a batch."""
    for lead in ((6,), (2, 6), (1,)):
        Q, K, V = parts.tokens(draw, *lead)
        pos = draw.integer(1, 3)
        out, weights = _pair(student, Q, K, V, pos)
        at = tuple(draw.integer(0, size - 1) for size in lead)
        hint = "keys stand on the last axis of the scores, whatever comes before: count axes from the end"
        alone = _pair(student, Q[at], K[at], V[at], pos)
        for name, slices, single in zip(("out", "weights"), (out, weights), alone, strict=True):
            numbers = expect.array(slices, what=name)[at]
            expect.true(bool((numbers[0] != numbers[1]).any()), f"{name} is the same for every query.")
            what = f"{name} of one slice, alone or in a batch,"
            expect.same(single, numbers, what=what, hint=hint, rtol=properties.ROUGH)


@check(item="s000-4.2")
def masked_weights_survive_large_scores(student: Student, draw: Draw) -> None:
    """Scores of size 10000 give finite results, and the allowed key far ahead of the others gets all the weight."""
    pos = draw.integer(0, 5)
    Q, K, winner = parts.decided(draw, hidden=pos)
    V, rows = draw.tensor(6, 3), _but(pos, 6)
    hint = parts.AHEAD
    out, weights = (expect.array(part, what="it")[rows] for part in _pair(student, Q, K, V, pos))
    expect.close(weights, np.eye(6)[winner][rows], what="weights with large scores", hint=hint, rtol=parts.LARGE)
    expect.close(out, V[winner][rows], what="out with large scores", hint=hint, rtol=parts.LARGE)


@check(item="s000-4.2")
def mask_holds_against_extreme_scores(student: Student, draw: Draw) -> None:
    """A masked key gets nothing when it scores near 10000, nor beside keys that all score near -10000, nor both."""
    along, across = _axis(draw, 6)
    # every query sees `along` alike; across it, keys move a score by 1.5 units at most
    across = across / across.norm(dim=1, keepdim=True)
    Q, K, V = 300 * along + 30 * across, 0.1 * across.roll(1, 0), draw.tensor(6, 3)
    pos, reach = draw.integer(0, 5), 9998 * 2 / 300 * along
    swamping, deep = K.clone(), K - reach
    swamping[pos] = reach[0]
    both = deep.clone()
    both[pos] = reach[0]
    before = [expect.array(part, what="it") for part in _pair(student, Q, K, V, pos)]
    for keys, case in (
        (swamping, "the score of the masked key is near 10000"),
        (deep, "all scores are near -10000"),
        (both, "the masked key scores near 10000 and all others near -10000"),
    ):
        after = [expect.array(part, what="it") for part in _pair(student, Q, keys, V, pos)]
        # Weights that are zeroed and shared out again are 0/0 where the masked key had all: what is finite must hold.
        finite = np.isfinite(after[0]).all(-1) & np.isfinite(after[1]).all(-1)
        enough = bool(finite.mean() > 0.5 or keys is not deep) and bool(before[0].any() and before[1].any())
        expect.true(enough, f"Where {case}, the results are not finite or zero.", parts.AHEAD)
        hint = "a masked score must lie below any other: a few thousand are too few"
        leaks = (abs(after[1][finite, pos]) > 1e-6).any() or (abs(before[1][:, pos]) > 1e-6).any()
        expect.true(not leaks, f"The masked key gets weight where {case}.", hint)
        for name, one, other in zip(("out", "weights"), before, after, strict=True):
            what = f"{name}, where {case},"
            expect.same(one[finite], other[finite], what=what, hint=hint, rtol=parts.LARGE)


@check(item="s000-4.2")
def masked_attention_keeps_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    Q, K, V = parts.tokens(draw)
    direction, pos = draw.tensor(5, 4), draw.integer(1, 3)
    _pair(student, Q, K, V, pos)
    properties.keeps_precision(student, "masked_attention", lambda step: (Q + step * direction, K, V, pos))


@check(item="s000-4.2")
def masked_attention_has_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes none of its arguments, and calling twice gives the same."""
    pos = draw.integer(1, 3)
    _pair(student, *parts.tokens(draw), pos)
    properties.no_side_effects(student, "masked_attention", (*parts.tokens(draw), pos), (*parts.tokens(draw), pos))
