"""With --retrain: whether the training that a check rests on can have taken place, by the time that it takes.

What a notebook says of its training is the student's to write. Seen from outside is how long its processes computed
while its cells ran. Less than a fraction of what the reference needed for the same runs, and there was no training. It
is a floor: whoever burns the time gains nothing by it, since no weights came along (collect/textonly.py).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import torch

from autograder.model import CheckResult, Status
from autograder.request import Listed

SHARE = 0.35  # of the reference's time: a notebook may be faster, but with the same models and texts not by much
ELSEWHERE = 0.2  # of that, where the work is done by another device than the CPU
_YARD = 0.06  # seconds of `yardstick` on the machine on which the times in `training=` were measured
_MESSAGE = "When its models were trained anew, the notebook did not compute long enough for this training."
_HINT = (
    "the cells of the notebook have to train the models themselves, from the first update to the last; files that hold "
    "weights are left out"
)


def rested(
    checks: Sequence[Listed], results: Sequence[CheckResult], cpu: float, device: str
) -> tuple[CheckResult, ...]:
    """The results; a check that passed fails when `cpu` seconds, used while the cells ran, are too few for the training
    that it rests on."""
    floors: Mapping[str, float] = {check.name: floor(check.training, device) for check in checks if check.training}
    return tuple(
        replace(result, status=Status.FAILED, points=0.0, message=_MESSAGE, hint=_HINT, carried=False,
                detail=f"{cpu:.1f} CPU seconds, floor {floors[result.name]:.1f}")
        if result.status is Status.PASSED and cpu < floors.get(result.name, 0.0)
        else result
        for result in results
    )  # fmt: skip


def floor(training: float, device: str = "cpu") -> float:
    """CPU seconds on this machine below which a training that took the reference so many seconds was not done. A slow
    or busy machine does not raise it."""
    return training * SHARE * min(1.0, yardstick() / _YARD) * (1.0 if device == "cpu" else ELSEWHERE)


@cache
def yardstick() -> float:
    """CPU seconds that forty updates of a small network take here, at best."""
    return min(_updates() for _ in range(5))


def _updates() -> float:
    generator = torch.Generator().manual_seed(0)
    weights = [torch.randn(64, 64, generator=generator).mul(0.1).requires_grad_() for _ in range(6)]
    x = torch.randn(32, 16, 64, generator=generator)
    optimizer = torch.optim.AdamW(weights, lr=1e-3)
    begin = time.thread_time()
    for _ in range(40):
        states = x
        for weight in weights:
            states = states + torch.softmax(states @ weight, -1)
        optimizer.zero_grad()
        states.square().mean().backward()
        optimizer.step()
    return time.thread_time() - begin
