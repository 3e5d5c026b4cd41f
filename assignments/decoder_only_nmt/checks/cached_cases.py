"""Cases for writing with a cache: a model of ours, words of a batch that end at different times, and what is written.

Which token ends a word is an argument, so it is chosen last: one that the drawn words come to at different times.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from autograder.judge import Draw

from . import reference as ref
from .cases import staggered
from .model import Shape, weights_of

# more tokens than signs of the notebook, so that a sign that is no argument is merely a wrong one;
# room for who keeps a past that should be gone
SHAPE = Shape(vocabulary=31, hidden=8, layers=2, longest=64)
CLEAR = 2e-3  # a lead that float32 does not turn around


class Script(NamedTuple):
    """Weights, sources, signs, and what greedy decoding writes: rows up to and with the end, if it comes."""

    weights: dict[str, Tensor]
    source: Tensor
    start: int
    end: int
    rows: list[list[int]]


def script(draw: Draw, b: int, S: int, limit: int, with_prefix: bool = False, ends: bool = True) -> Script:
    """Drawn until words end at three times or more (or, without `ends`, none within the limit), with no near ties; the
    other mask writes something else for each word."""
    return _script(draw.seed, b, S, limit, with_prefix, ends)


@lru_cache(maxsize=64)
def _script(seed: int, b: int, S: int, limit: int, with_prefix: bool, ends: bool) -> Script:
    draw = Draw(seed, f"cached script {b} {S} {limit} {with_prefix} {ends}")
    V = SHAPE.vocabulary
    for _ in range(2000):
        weights = weights_of(draw, SHAPE, 0.6)
        weights["positions"] *= 1.5
        start, source = draw.integer(0, V - 1), (draw.array(40, S) * 7).astype(int) % V
        found = _chosen(weights, torch.from_numpy(source), start, b, limit, with_prefix, ends)
        if found is not None:
            return found
    raise RuntimeError("no script was drawn")


def _chosen(
    weights: dict[str, Tensor], source: Tensor, start: int, b: int, limit: int, with_prefix: bool, ends: bool
) -> Script | None:
    step = ref.cached(weights)
    rows, leads = ref.write(step, source, start, -1, limit, with_prefix)
    others = ref.write(step, source, start, -1, limit, not with_prefix)[0]
    for end in range(SHAPE.vocabulary):
        cut = [ref.until(row, end) for row in rows]
        fit = [
            k for k, row in enumerate(cut)
            if leads[k] > CLEAR and row != ref.until(others[k], end) and len(set(row)) > 1
            and (1 < len(row) < limit if ends else end not in row)
        ]  # fmt: skip
        fit = list({tuple(cut[k]): k for k in fit}.values())  # no two words are written alike
        chosen = staggered(fit, cut, b) if ends else fit[:b]
        if len(chosen) == b and end != start:
            return Script(weights, source[chosen], start, end, [cut[k] for k in chosen])
    return None
