"""Hidden checks of heads: how they are ranked, and how they are cut off."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from seq2kit.depth import heads

from autograder.judge import Draw, Feedback, Student, check, expect, properties

Array = np.ndarray[Any, np.dtype[np.float64]]


def _asked(student: Student, parts: torch.Tensor, target: torch.Tensor) -> Array:
    """What the student says of the heads of a layer whose parts are known."""
    H = parts.shape[1]
    loss = student.tool("heads").made("planted", parts, target)
    return expect.numbers(
        student.head_importance(loss, H), (H,), what="head_importance(loss_fn, H)", hint="a number per head"
    )


def ablated(parts: torch.Tensor, target: torch.Tensor) -> Array:
    loss, H = heads.planted(parts, target), parts.shape[1]
    off = torch.ones(H, H, dtype=parts.dtype) - torch.eye(H, dtype=parts.dtype)
    return np.array([float(loss(row).mean() - loss(torch.ones(H)).mean()) for row in off])


def graded(parts: torch.Tensor, target: torch.Tensor) -> Array:
    """The mean over examples of the absolute derivative at each switch."""
    inner = (parts.sum(1) - target)[:, None] * parts
    return np.asarray((2 * inner.sum(-1)).abs().mean(0))


def close_to_either(got: Array, parts: torch.Tensor, target: torch.Tensor, *, what: str, hint: str) -> None:
    """All heads by ablation, or all by gradient; float32 is enough."""
    try:
        expect.close(got, graded(parts, target), what=what, rtol=1e-3, atol=0.0)
    except Feedback:
        expect.close(got, ablated(parts, target), what=what, hint=hint, rtol=1e-3, atol=0.0)


_HINT = (
    "one head off and all others on, against all on; or the absolute slope of each example's loss, and then the mean"
)


@check(item="s004-1.12", points=3)
def importance_is_that_of_the_loss(student: Student, draw: Draw) -> None:
    """For heads of any strength the numbers are those of ablation, or of gradients."""
    for H, d, examples in ((4, 3, 6), (3, 5, 8)):
        parts = draw.tensor(examples, H, d)
        target = parts.sum(1) + draw.tensor(examples, d, scale=0.3)
        close_to_either(_asked(student, parts, target), parts, target, what="the importance of heads", hint=_HINT)


@check(item="s004-1.12")
def losses_come_in_any_unit(student: Student, draw: Draw) -> None:
    """Losses of a hundred-thousandth and of many thousands give importance in the same unit."""
    for unit in (3e-3, 50.0):
        parts = draw.tensor(5, 3, 4, scale=unit)
        target = parts.sum(1) + draw.tensor(5, 4, scale=0.3 * unit)
        hint = "nothing is rounded or cut: the numbers are in the units of the loss"
        close_to_either(_asked(student, parts, target), parts, target, what="importance in other units", hint=hint)


@check(item="s004-1.12")
def dead_heads_do_not_matter(student: Student, draw: Draw) -> None:
    """A head that gives nothing has importance 0, and the others do not."""
    parts = draw.tensor(7, 4, 3)
    dead = draw.integer(0, 3)
    parts[:, dead] = 0.0
    got = np.abs(_asked(student, parts, parts.sum(1) + draw.tensor(7, 3, scale=0.2)))
    expect.true(
        bool(got[dead] < 1e-5), "A head that gives nothing is said to matter.", "what changes when it is silenced?"
    )
    expect.true(bool(np.delete(got, dead).min() > 1e-4), "A head that gives something is said not to matter.", _HINT)


@check(item="s004-1.12")
def heads_are_ranked_by_what_they_give(student: Student, draw: Draw) -> None:
    """Heads of very different strength come in the order of their strength."""
    strength = torch.tensor([0.02, 0.2, 1.0, 5.0], dtype=torch.float64)[draw.permutation(4)]
    parts = draw.tensor(40, 4, 6) * strength[:, None]
    target = parts.sum(1) + draw.tensor(40, 6, scale=0.5)
    got = _asked(student, parts, target)
    hint = "the more the loss grows without a head, the more it matters; heads stand in the order of the mask"
    expect.true(
        bool((np.argsort(got) == np.argsort(strength.numpy())).all()), "Heads are not ranked by their strength.", hint
    )


@check(item="s004-1.12")
def heads_are_asked_one_at_a_time(student: Student, draw: Draw) -> None:
    """Silencing a head does not outlast its turn: the last of equal heads matters as much as the first."""
    one = draw.tensor(9, 1, 4)
    parts = torch.cat([one, draw.tensor(9, 1, 4), one, draw.tensor(9, 1, 4), one], dim=1)
    got = _asked(student, parts, parts.sum(1) + draw.tensor(9, 4, scale=0.3))
    expect.close(got[[2, 4]], got[[0, 0]], what="the importance of heads that do the same", rtol=1e-3,
                 hint="put a switch back before the next head's turn")  # fmt: skip
    expect.true(bool(abs(got[1] - got[0]) > 1e-6), "All heads get the same importance.", _HINT)


@check(item="s004-1.12")
def every_example_counts(student: Student, draw: Draw) -> None:
    """The mean goes over all examples: more copies of them change nothing, and examples that pull in opposite
    directions do not cancel."""
    parts = draw.tensor(5, 3, 4)
    target = parts.sum(1) + draw.tensor(5, 4, scale=0.3)
    once = _asked(student, parts, target)
    thrice = _asked(student, parts.repeat(3, 1, 1), target.repeat(3, 1))
    expect.same(once, thrice, what="importance on three copies of the examples", hint="a mean, not a sum", rtol=1e-3)
    parts = torch.cat([parts[:1], parts[:1]])
    gap = draw.tensor(1, 4, scale=0.1)
    target = parts.sum(1) + torch.cat([gap, -gap])  # the slopes of these two cancel
    got = _asked(student, parts, target)
    hint = "for gradients: the absolute value of each example comes before the mean"
    close_to_either(got, parts, target, what="importance where two examples pull in opposite directions", hint=hint)


@check(item="s004-1.12")
def heads_may_help_here_and_hurt_there(student: Student, draw: Draw) -> None:
    """Where examples do better without a head, that is set against those that do worse (or, for gradients, counts by
    its absolute slope): a head that hurts more than it helps is below 0 by ablation."""
    parts = draw.tensor(6, 3, 4)
    hurt = torch.tensor([0.0, 0.65] * 3, dtype=torch.float64)
    target = parts.sum(1) - hurt[:, None] * parts[:, 0] + draw.tensor(6, 4, scale=0.02)
    hint = "for ablation: the mean loss without the head minus the mean loss with it, and no absolute value"
    got = _asked(student, parts, target)
    close_to_either(got, parts, target, what="importance of a head that hurts some examples", hint=hint)
    target = parts.sum(1) - 1.3 * parts[:, 0] + draw.tensor(6, 4, scale=0.02)
    got = _asked(student, parts, target)
    close_to_either(got, parts, target, what="importance of a head that hurts", hint=hint)


@check(item="s004-1.12")
def a_single_head_is_a_list_of_one(student: Student, draw: Draw) -> None:
    """One head and one example give one number, the right one, in an array with one axis."""
    parts = draw.tensor(1, 1, 4)
    target = parts.sum(1) + draw.tensor(1, 4, scale=0.3)
    close_to_either(_asked(student, parts, target), parts, target, what="the importance of a single head", hint=_HINT)


# --- s004-1.12-prune ---------------------------------------------------------

Four = list[torch.Tensor]


def drawn(draw: Draw, d: int, H: int, k: int) -> Four:
    return [*(draw.tensor(d, H * k) for _ in range(3)), draw.tensor(H * k, d)]


def kept(W: Four, H: int, keep: list[int]) -> Four:
    k = W[0].shape[1] // H
    blocks = [list(range(h * k, (h + 1) * k)) for h in keep]
    rows = [row for block in blocks for row in block]
    return [*(matrix[:, rows] for matrix in W[:3]), W[3][rows]]


def _pruned(student: Student, W: Four, H: int, keep: list[int]) -> list[Any]:
    return expect.parts(student.prune_heads(*W, H, keep), 4, what="what prune_heads returns", hint="Wq, Wk, Wv and Wo")


_NAMES = ("Wq", "Wk", "Wv", "Wo")
_COLUMNS = "head h owns the k columns from h k on: neighbours, not every H-th one"


def _agree(student: Student, draw: Draw, which: tuple[int, ...], hint: str) -> None:
    for d, H, k, keep in ((7, 4, 2, [1, 3]), (3, 3, 5, [0, 2])):
        W = drawn(draw, d, H, k)
        got, want = _pruned(student, W, H, list(keep)), kept(W, H, keep)
        for place in which:
            expect.close(got[place], want[place], what=f"the smaller {_NAMES[place]}", hint=hint, rtol=properties.ROUGH)


@check(item="s004-1.12-prune", points=2)
def columns_of_kept_heads_stay(student: Student, draw: Draw) -> None:
    """Of Wq, Wk and Wv the columns of the heads in `keep` are left."""
    _agree(student, draw, (0, 1, 2), _COLUMNS)


@check(item="s004-1.12-prune")
def rows_of_kept_heads_stay(student: Student, draw: Draw) -> None:
    """Of Wo the rows of the heads in `keep` are left."""
    _agree(student, draw, (3,), "the outputs of the heads lie side by side, and Wo has a row for each number of them")


@check(item="s004-1.12-prune", points=2)
def what_comes_out_is_as_if_silenced(student: Student, draw: Draw) -> None:
    """The smaller layer gives what the whole one gives with the others silenced."""
    for keep in ([0, 2, 3], [1, 2]):
        W, x = drawn(draw, 6, 4, 3), draw.tensor(2, 5, 6)
        whole, small = heads.Attention(6, 4, 3).double(), heads.Attention(6, len(keep), 3).double()
        with torch.no_grad():
            for layer, four in ((whole, W), (small, _pruned(student, W, 4, list(keep)))):
                for name, own in zip(_NAMES, four, strict=True):
                    weight = getattr(layer, name)
                    weight.copy_(expect.tensor(own, tuple(weight.shape), what=f"the smaller {name}", hint=_COLUMNS))
            mask = torch.tensor([float(h in keep) for h in range(4)], dtype=torch.float64)
            hint = "queries, keys, values and outputs of a head belong together: the same heads, in the same order"
            expect.close(
                small(x), whole(x, mask), what="what the smaller layer gives", hint=hint, rtol=properties.ROUGH
            )


@check(item="s004-1.12-prune")
def heads_come_in_the_order_of_keep(student: Student, draw: Draw) -> None:
    """The heads stand in the order in which `keep` names them, also where all of them stay."""
    W = drawn(draw, 5, 3, 2)
    for keep in ([2, 0], [1, 2, 0]):
        for mine, want, name in zip(_pruned(student, W, 3, list(keep)), kept(W, 3, keep), _NAMES, strict=True):
            expect.close(mine, want, what=f"{name} with heads in another order", hint=_COLUMNS, rtol=properties.ROUGH)


@check(item="s004-1.12-prune")
def all_or_one_can_stay(student: Student, draw: Draw) -> None:
    """Keeping all heads changes nothing; a single head, of width 1 too, can stay."""
    W = drawn(draw, 5, 3, 2)
    for mine, own, name in zip(_pruned(student, W, 3, [0, 1, 2]), W, _NAMES, strict=True):
        expect.close(mine, own, what=f"{name} where all heads stay", rtol=properties.ROUGH, hint="nothing is cut off")
    W = drawn(draw, 4, 3, 1)
    for mine, want, name in zip(_pruned(student, W, 3, [1]), kept(W, 3, [1]), _NAMES, strict=True):
        expect.close(
            mine,
            want,
            what=f"the smaller {name} of one head of width 1",
            rtol=properties.ROUGH,
            hint="a matrix with one column is a matrix",
        )


@check(item="s004-1.12-prune")
def pruning_keeps_dtypes_and_arguments(student: Student, draw: Draw) -> None:
    """float32 and float64 stay what they are; the matrices and the list that were given stay as they were."""
    for dtype in (torch.float32, torch.float64):
        W = [matrix.to(dtype) for matrix in drawn(draw, 5, 4, 2)]
        reply, after = student.with_inputs("prune_heads", *W, 4, [1, 3])
        expect.unharmed([*W, 4, [1, 3]], after, what="an argument of prune_heads")
        for mine, own, name in zip(expect.parts(reply, 4, what="what prune_heads returns"), W, _NAMES, strict=True):
            expect.dtype(mine, own, what=f"the smaller {name}")
            same = expect.array(mine, what=f"the smaller {name}")
            wide = bool((same.astype(np.float32).astype(np.float64) != same).any()) or dtype == torch.float32
            expect.true(wide, f"The smaller {name} has lost digits of float64.", "nothing needs to be converted")
