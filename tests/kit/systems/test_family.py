"""Sine tasks: gradients are right, seeds repeat, and steps help."""

from __future__ import annotations

import numpy as np
from seq2kit.numeric import finite_difference
from seq2kit.systems import family


def test_gradients_are_slopes() -> None:
    """Of the error on the points that a task shows."""
    task, phi = family.tasks(3, 1)[0], family.start(1)

    def error(weights: object) -> float:
        return float(((family.answers(np.asarray(weights), task.x) - task.y) ** 2).mean())

    assert np.allclose(task.gradient(phi), finite_difference(error, phi).numpy(), atol=1e-6)


def test_equal_seeds_give_equal_tasks_and_steps_help() -> None:
    """Descent lowers the error on points that were held out, here."""
    one, other = (family.tasks(3, 2)[1] for _ in range(2))
    assert np.array_equal(one.x, other.x)
    assert np.array_equal(one.y, other.y)
    phi = family.start(1)
    assert phi.shape == (family.SIZE,)
    assert one.loss(family.adapted(phi, one, 40, 0.05)) < one.loss(phi)
