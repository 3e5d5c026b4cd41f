"""Surfaces have the slopes and the lowest points that they claim; walks end where they run away."""

from __future__ import annotations

import numpy as np
import pytest
from seq2kit.numeric import finite_difference
from seq2kit.optimizers import surfaces


@pytest.mark.parametrize("surface", [surfaces.VALLEY, surfaces.BEND], ids=lambda surface: surface.name[:12])
def test_slopes_are_those_of_the_values(surface: surfaces.Surface) -> None:
    """The gradient is the slope of the value, and is 0 at the lowest point, inside of the window."""
    for point in (surface.start, (0.3, -0.4)):
        slope = finite_difference(lambda x: surface.value(*x.tolist()), point).numpy()
        assert np.allclose(surface.slope(np.array(point)), slope, atol=1e-5)
    assert np.allclose(surface.slope(np.array(surface.best)), 0)
    assert surface.value(*surface.best) == 0
    left, right, bottom, top = surface.window
    assert all(left < x < right and bottom < y < top for x, y in (surface.start, surface.best))


def test_a_walk_hands_the_state_on() -> None:
    """The first state is None; each step gets what the last one gave back."""
    seen: list[object] = []

    def update(theta: surfaces.Array, grad: surfaces.Array, state: object) -> tuple[surfaces.Array, object]:
        seen.append(state)
        return theta - 0.01 * grad, len(seen)

    path = surfaces.walk(update, surfaces.VALLEY, 3)
    assert path.shape == (4, 2)
    assert seen == [None, 1, 2]


def test_a_walk_that_runs_away_ends() -> None:
    """Far outside of every window the path is cut."""
    path = surfaces.walk(lambda theta, grad, state: (theta - 10 * grad, None), surfaces.VALLEY, 500)
    assert len(path) < 20
    assert np.isfinite(path).all()
