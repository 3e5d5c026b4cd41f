"""Hidden checks of part 5: clipping, and a gap between groups."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Student, check, expect

# --- s000-2.07-clip --------------------------------------------------------------

_SHAPES = ((3,), (2, 4), (5,))
_JOINT = "the norm is that of all tensors as one long vector, and one factor multiplies them all"


def _norm(grads: list[torch.Tensor]) -> float:
    return math.sqrt(sum(float((g.double() ** 2).sum()) for g in grads))


def _grads(draw: Draw, *shapes: tuple[int, ...]) -> list[torch.Tensor]:
    return [draw.tensor(*shape) for shape in shapes or _SHAPES]


def _clipped(student: Student, grads: list[torch.Tensor], most: float) -> list[Any]:
    return expect.parts(
        student.clip_by_norm(grads, most), len(grads), what="clip_by_norm(...)", hint="a list, one for each"
    )


def _compare(got: list[Any], want: list[torch.Tensor], what: str, hint: str) -> None:
    for mine, ours in zip(got, want, strict=True):
        expect.close(mine, ours, what=what, hint=hint, rtol=1e-6)


@check(item="s000-2.07-clip", points=2)
def long_gradients_are_scaled_together(student: Student, draw: Draw) -> None:
    """Above the bound, all gradients are multiplied by one factor, and the joint norm is the bound."""
    grads = _grads(draw)
    most = draw.uniform(0.2, 0.6) * _norm(grads)
    want = [g * most / _norm(grads) for g in grads]
    _compare(_clipped(student, grads, most), want, "gradients above the bound, clipped", _JOINT)


@check(item="s000-2.07-clip")
def short_gradients_stay(student: Student, draw: Draw) -> None:
    """Below the bound nothing changes."""
    grads = _grads(draw)
    got = _clipped(student, grads, draw.uniform(1.5, 9.0) * _norm(grads))
    _compare(got, grads, "gradients below the bound", "only what is too long is made shorter")


@check(item="s000-2.07-clip")
def gradients_of_zero_stay_zero(student: Student, draw: Draw) -> None:
    """Gradients that are all zero stay zero."""
    zero = [torch.zeros(shape, dtype=torch.float64) for shape in _SHAPES]
    for part in _clipped(student, zero, draw.uniform(0.5, 2.0)):
        expect.finite(part, what="gradients of zero, clipped", nan="is something divided by a norm of 0?")
        expect.true(
            not np.any(expect.array(part, what="gradients of zero, clipped")), "Gradients of zero do not stay zero."
        )


@check(item="s000-2.07-clip")
def zeros_beside_others_change_nothing(student: Student, draw: Draw) -> None:
    """Where a tensor or an entry is zero, the others are clipped as ever."""
    grads = _grads(draw)
    grads[0][:], grads[1][0, 0], grads[2][1] = 0.0, 0.0, 0.0
    most = draw.uniform(0.2, 0.6) * _norm(grads)
    want = [g * most / _norm(grads) for g in grads]
    _compare(_clipped(student, grads, most), want, "gradients with zeros among them, clipped", _JOINT)


@check(item="s000-2.07-clip")
def huge_gradients_are_clipped_too(student: Student, draw: Draw) -> None:
    """Gradients whose squares overflow come out with the joint norm that is allowed."""
    grads = _grads(draw)
    huge = [g * 1e200 for g in grads]
    got = _clipped(student, huge, 2.0)
    hint = "divide by the largest entry before you square"
    values = [
        expect.numbers(part, tuple(g.shape), what="huge gradients, clipped", hint=hint)
        for part, g in zip(got, grads, strict=True)
    ]
    expect.true(
        any(bool(np.abs(value).max() > 1e-3) for value in values), "Huge gradients are clipped to nothing.", hint
    )
    expect.true(max(float(np.abs(value).max()) for value in values) < 1e3, "Huge gradients stay huge.", hint)


@check(item="s000-2.07-clip")
def one_gradient_of_one_number(student: Student, draw: Draw) -> None:
    """A single number is cut to the bound and keeps its sign."""
    for size in (draw.uniform(3.0, 9.0), -draw.uniform(3.0, 9.0), 1.0):
        grads = [torch.tensor([size], dtype=torch.float64)]
        _compare(
            _clipped(student, grads, 0.75),
            [grads[0].sign() * 0.75],
            "a gradient of one number, clipped",
            "its sign stays",
        )


@check(item="s000-2.07-clip")
def gradients_are_new_and_keep_their_kind(student: Student, draw: Draw) -> None:
    """The arguments stay as they were; each gradient keeps its shape and dtype."""
    for dtype, size in ((torch.float64, 1.0), (torch.float32, 1.0), (torch.float64, 0.0)):
        grads = [size * g.to(dtype) for g in _grads(draw)]
        for most in (0.1, 1e3):
            got, after = student.with_inputs("clip_by_norm", grads, most)
            expect.unharmed(grads, after[0], what="grads")
            for part, g in zip(expect.parts(got, 3, what="clip_by_norm(...)"), grads, strict=True):
                expect.shape(part, tuple(g.shape), what="a clipped gradient")
                expect.dtype(part, g, what="A clipped gradient")


# --- s000-2.04-gap ---------------------------------------------------------------

_GAP = "of those in the group whose truth is 1, the share for whom 1 is said; group 0 minus group 1"


def _people(draw: Draw, counts: tuple[int, int, int, int]) -> tuple[Any, Any, Any]:
    """counts: people of (group 0, truth 1), (group 0, truth 0), (group 1, truth 1), (group 1, truth 0), shuffled."""
    group, truth = np.repeat([0, 0, 1, 1], counts), np.repeat([1, 0, 1, 0], counts)
    order = draw.permutation(sum(counts)).numpy()
    return np.array([draw.integer(0, 1) for _ in order]), truth[order], group[order]


def _gap(said: Any, truth: Any, group: Any) -> float:
    found = [said[(truth == 1) & (group == k)].mean() for k in (0, 1)]
    return float(found[0] - found[1])


def _differs(draw: Draw, counts: tuple[int, int, int, int]) -> tuple[Any, Any, Any]:
    """People for whom the usual other gaps have another value than the gap in recall, which is not zero; in group 0
    somebody is found."""
    while True:
        said, truth, group = _people(draw, counts)
        inside = [group == k for k in (0, 1)]
        right, ones = [[part[one].mean() for one in inside] for part in (said == truth, said)]
        wrongly = [said[one & (truth == 0)].mean() for one in inside]
        alarms = float(wrongly[0] - wrongly[1])
        others = [float(right[0] - right[1]), float(ones[0] - ones[1]), alarms, -alarms]
        if (
            all(abs(other - _gap(said, truth, group)) > 0.02 for other in others)
            and abs(_gap(said, truth, group)) > 0.05
            and said[(truth == 1) & (group == 0)].any()
        ):
            return said, truth, group


@check(item="s000-2.04-gap", points=2)
def the_gap_is_that_of_recalls(student: Student, draw: Draw) -> None:
    """The size of the gap is the distance of the two recalls."""
    for counts in ((5, 7, 9, 4), (11, 3, 6, 8)):
        people = _differs(draw, counts)
        got = expect.number(student.recall_gap(*people), what="recall_gap(...)")
        expect.close(abs(got), abs(_gap(*people)), what="the size of recall_gap(...)", hint=_GAP)


@check(item="s000-2.04-gap")
def the_gap_has_a_sign(student: Student, draw: Draw) -> None:
    """It is above zero where group 0 is found more often, and below where it is less often."""
    for counts in ((5, 4, 6, 3), (6, 3, 5, 4)):
        said, truth, group = _people(draw, counts)
        for better in (0, 1):
            said = np.where(truth == 1, (group == better).astype(np.int64), said)
            got = expect.number(student.recall_gap(said, truth, group), what="recall_gap(...)")
            expect.true(
                (got > 0) == (better == 0) and got != 0,
                "The sign of recall_gap(...) is wrong.",
                "group 0 minus group 1",
            )


@check(item="s000-2.04-gap")
def people_with_truth_zero_play_no_part(student: Student, draw: Draw) -> None:
    """What is said of people whose truth is 0 changes nothing."""
    said, truth, group = _differs(draw, (5, 6, 7, 8))
    moved = said.copy()
    moved[np.flatnonzero((truth == 0) & (group == 0))[0]] ^= 1  # of one: said of all, a share of a half would stay
    one, other = (
        expect.number(student.recall_gap(part, truth, group), what="recall_gap(...)") for part in (said, moved)
    )
    expect.true(abs(one - other) < 1e-9 and one != 0, "recall_gap(...) depends on people whose truth is 0.", _GAP)


@check(item="s000-2.04-gap")
def one_person_in_each_group(student: Student, draw: Draw) -> None:
    """Groups of one person each have a gap of 1, 0 or -1."""
    for said in ((1, 0), (0, 1)):
        people = (np.array(said), np.ones(2, dtype=np.int64), np.array([0, 1]))
        got = expect.number(student.recall_gap(*people), what="recall_gap for one person in each group")
        expect.true(abs(abs(got) - 1) < 1e-9, "recall_gap is wrong for one person in each group.", _GAP)


@check(item="s000-2.04-gap")
def the_gap_leaves_everything_alone(student: Student, draw: Draw) -> None:
    """The arrays stay as they were, and a second call agrees."""
    people = _differs(draw, (5, 7, 9, 4))
    first, after = student.with_inputs("recall_gap", *people)
    expect.unharmed(list(people), after, what="an argument of recall_gap")
    expect.true(expect.number(first, what="recall_gap(...)") != 0, "recall_gap(...) is zero for groups that differ.")
    expect.same(first, student.recall_gap(*people), what="recall_gap called twice with the same arguments")
