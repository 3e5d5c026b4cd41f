"""`expect.mask`: which query and key break a rule, in words and as a picture that a report lets through."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autograder.errors import Feedback
from autograder.judge import expect
from autograder.report.svg import clean

CAUSAL = np.tril(np.ones((5, 7), dtype=bool))


def weights(allowed: np.ndarray, batch: int = 3) -> torch.Tensor:
    random = np.random.default_rng(0).uniform(0.1, 1.0, (batch, *allowed.shape)) * allowed
    return torch.from_numpy(random / random.sum(-1, keepdims=True))


def told(*args: object, **kwargs: object) -> Feedback:
    with pytest.raises(Feedback) as caught:
        expect.mask(*args, what="the weights", **kwargs)  # type: ignore[arg-type]
    return caught.value


def test_what_keeps_the_rule_passes() -> None:
    """Weights exactly where the rule allows them pass, as a batch and as one matrix."""
    expect.mask(weights(CAUSAL), CAUSAL, what="the weights")
    expect.mask(weights(CAUSAL)[0], CAUSAL, what="the weights")


def test_weight_where_none_is_allowed() -> None:
    """The first offending query and key are named in the words of the rule, in whichever sheet of the batch."""
    wrong = weights(CAUSAL)
    wrong[2, 1, 4] = 0.02
    found = told(wrong, CAUSAL, say="lies in its future")
    assert found.message == "In the weights, query 1 attends to key 4, which lies in its future."
    assert clean(found.picture).count("<line") == 2


def test_no_weight_where_it_is_allowed() -> None:
    """A mask that hides too much is told as well, unless scores are so large that zeros are to be expected."""
    strict = weights(np.tril(np.ones((5, 7), dtype=bool), -1) | (np.arange(7) == 0))
    found = told(strict, CAUSAL)
    assert found.message == "In the weights, query 1 gives no weight to key 1, which the rule allows."
    assert clean(found.picture).count("<line") == 8
    expect.mask(strict, CAUSAL, what="the weights", present=False)


def test_large_matrices_show_the_place() -> None:
    """Of a matrix too large to print the part around the offender is drawn, and the picture stays small enough."""
    allowed = np.tril(np.ones((200, 180), dtype=bool))
    wrong = weights(allowed, 1)
    wrong[0, 100, 150] = 0.5
    picture = clean(told(wrong, allowed).picture)
    assert ">150<" in picture
    assert ">0<" not in picture


def test_shapes_and_numbers_come_first() -> None:
    """A wrong shape and a NaN are told before any rule."""
    assert "last two axes should be (5, 7)" in told(weights(CAUSAL).mT, CAUSAL).message
    broken = weights(CAUSAL)
    broken[0, 0, 0] = float("nan")
    assert "Not finite" in told(broken, CAUSAL).message


def test_slips_that_one_meets_are_drawn_whole() -> None:
    """No mask at all, a mask that is turned round and one that begins too early show every place they break."""
    for lies in (np.ones_like(CAUSAL), ~CAUSAL, CAUSAL[::-1], np.tril(np.ones_like(CAUSAL), 1)):
        offenders = int((lies != CAUSAL).sum())
        assert clean(told(lies.astype(float), CAUSAL).picture).count("<line") == 2 * offenders


def test_a_picture_says_little_about_the_weights() -> None:
    """However the weights are chosen, pictures and words take a few hundred forms at most: nothing is spelled out."""
    rng, rule = np.random.default_rng(4), np.tril(np.ones((6, 6), dtype=bool))
    seen = set()
    for _ in range(4000):
        drawn = rng.uniform(0.0, 1.0, (6, 6)) * (rng.uniform(size=(6, 6)) < rng.uniform())
        for present in (True, False):
            try:
                expect.mask(drawn, rule, what="the weights", present=present)
            except Feedback as found:
                seen.add((found.message, found.hint, found.picture))
    assert len(seen) <= 2 * 36
