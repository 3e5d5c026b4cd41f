"""Hidden checks of what is written down before the cells are trained: the frontier of the bound, and the gated cell."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, Student, check, expect, properties

from . import recalling, shared

_LEVEL = "count from 0 steps, where the bound is 1, as long as it is at least the level"


def _of_norm(draw: Draw, d: int, norm: float) -> Any:
    """A generic (d, d) matrix of this operator norm."""
    W = draw.array(d, d)
    return W * (norm / np.linalg.norm(W, 2))


def _steps(value: Any) -> float:
    """A number of steps, or infinity."""
    flat = expect.array(value, what="frontier(...)").reshape(-1)
    if flat.size != 1 or math.isnan(float(flat[0])):
        raise Feedback("frontier(...) should be one number.")
    return float(flat[0])


def _is(student: Student, args: tuple[Any, ...], want: float, message: str, hint: str) -> None:
    got = _steps(student.frontier(*args))
    expect.true(got == want, message, hint, f"got {got}, wanted {want}")


@check(item="s002-1.2-frontier", points=3)
def frontier_is_the_last_step_above_the_level(student: Student, draw: Draw) -> None:
    """For weights and slopes of several sizes it is the last step at which the bound is at least the level."""
    for d, gamma in ((3, 1.0), (5, 0.25), (2, 2.0), (1, 1.0)):
        steps = draw.integer(2, 40)
        norm, least = draw.uniform(0.6, 0.95), 0.0
        least = norm ** (steps + draw.uniform(0.2, 0.8))  # between two steps, well away from both
        args = (_of_norm(draw, d, norm / gamma), gamma, least)
        _is(student, args, steps, "The frontier is not where the bound falls below the level.", _LEVEL)


@check(item="s002-1.2-frontier")
def stretch_counts_and_not_eigenvalues(student: Student, draw: Draw) -> None:
    """A matrix of small eigenvalues and large norm has no frontier; one of norm below 1 has that of its norm."""
    W = np.triu(draw.array(3, 3), 1)
    hint = "what counts is how much the matrix can stretch a vector, as in the bound"
    told = "For a matrix whose eigenvalues are far below its norm, the frontier is wrong."
    _is(student, (W * (1.5 / np.linalg.norm(W, 2)), 1.0, 0.1), math.inf, told, hint)
    _is(student, (W * (0.5 / np.linalg.norm(W, 2)), 1.0, 0.2), 2, told, hint)


@check(item="s002-1.2-frontier")
def a_bound_that_does_not_fall_has_no_frontier(student: Student, draw: Draw) -> None:
    """Where the bound grows, or stays at 1, the answer is infinity."""
    for args in ((_of_norm(draw, 3, 1.3), 1.0, 0.1), (np.eye(4), 1.0, 0.5), (np.eye(1), 1.0, 1.0)):
        told = "The bound never falls below the level, yet you give a number of steps."
        _is(student, args, math.inf, told, "how large is the bound after a thousand steps?")


@check(item="s002-1.2-frontier")
def frontier_in_edge_cases(student: Student, draw: Draw) -> None:
    """Weights or slopes of zero, a level of 1, a level that is met exactly, a slow fall, and a level near zero."""
    for args, want, case in (
        ((np.zeros((3, 3)), 1.0, 0.1), 0, "for weights of zero"),
        ((_of_norm(draw, 2, 3.0), 0.0, 0.1), 0, "for an activation without slope"),
        ((_of_norm(draw, 3, 0.7), 1.0, 1.0), 0, "for a level of 1"),
        ((0.5 * np.eye(3), 1.0, 0.25), 2, "where the bound meets the level exactly"),
        ((np.eye(2), 0.5, 0.5), 1, "where the bound meets the level exactly"),
        ((0.99 * np.eye(2), 1.0, 0.1), 229, "for a bound that falls slowly"),
        ((0.5 * np.eye(2), 1.0, 1e-30), 99, "for a level near zero"),
    ):
        _is(student, args, want, f"The frontier is wrong {case}.", _LEVEL)


@check(item="s002-1.2-frontier")
def frontier_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """The matrix stays as it was, and the same call gives the same."""
    args = (_of_norm(draw, 3, 0.8), 1.0, 0.8**4.5)
    first, after = student.with_inputs("frontier", *args)
    expect.unharmed(list(args), after, what="an argument of frontier")
    expect.true(_steps(first) == _steps(student.frontier(*args)), "Called twice, frontier gives two answers.")
    other = (args[0], 1.0, 0.8**9.5)
    expect.true(_steps(student.frontier(*other)) > _steps(first), "A lower level does not give a later frontier.")
    endless = (_of_norm(draw, 2, 1.4), 1.0, 0.1)
    _, after = student.with_inputs("frontier", *endless)
    expect.unharmed(list(endless), after, what="an argument of frontier, where the bound grows,")


# --- s002-1.2-cells --------------------------------------------------------


def _arguments(draw: Draw, *lead: int, B: int = 2, H: int = 4) -> tuple[Any, Any, Any]:
    return draw.tensor(*lead, B, 3 * H), draw.tensor(*lead, B, H), draw.tensor(*lead, 3 * H, H)


@check(item="s002-1.2-cells", points=3)
def gru_step_follows_its_equations(student: Student, draw: Draw) -> None:
    """The next states are those of a gated recurrent unit, for several sizes, also 1."""
    for B, H in ((2, 5), (4, 3), (1, 1), (3, 1)):
        args = _arguments(draw, B=B, H=H)
        expect.close(
            student.gru_step(*args),
            recalling.gru(*args),
            what="gru_step(a, h, W)",
            hint="order r, z, n; z is what is kept; r acts on what the state sends to n, after the matrix",
            rtol=properties.ROUGH,
        )


@check(item="s002-1.2-cells")
def each_cell_has_its_own_matrix(student: Student, draw: Draw) -> None:
    """With one or two leading axes each cell gives what it gives alone."""
    for lead in ((3,), (2, 3)):
        args = _arguments(draw, *lead, B=4, H=2)
        expect.close(
            student.gru_step(*args),
            recalling.gru(*args),
            what="gru_step for several cells at once",
            hint="only the last two axes of a matrix are turned; the others stand for separate cells",
            rtol=properties.ROUGH,
        )


@check(item="s002-1.2-cells")
def gates_at_their_ends(student: Student, draw: Draw) -> None:
    """An update gate at 1 keeps the state, one at 0 leaves the candidate, a reset gate at 0 hides the old state."""
    a, h, W = _arguments(draw, B=3, H=4)
    kept, fresh, blind = a.clone(), a.clone(), a.clone()
    kept[:, 4:8], fresh[:, 4:8], blind[:, 4:8] = 1e3, -1e3, -1e3
    fresh[:, :4], blind[:, :4] = 1e3, -1e3
    n = a[:, 8:]
    for given, state, want, case in (
        (kept, h, h, "whose update gate is 1"),
        (kept + 1e6 * (kept == 1e3), 1e3 * h, 1e3 * h, "whose update gate is 1 and whose states are large"),
        (fresh, h, torch.tanh(n + h @ W[8:].T), "whose update gate is 0 and reset gate 1"),
        (blind, h, torch.tanh(n), "whose gates are both 0"),
    ):
        expect.close(
            student.gru_step(given, state, W),
            want,
            what=f"the next states of a cell {case}",
            hint="z says how much of the old state is kept, 1 - z how much of the candidate comes in",
            rtol=properties.ROUGH,
        )


@check(item="s002-1.2-cells")
def gru_step_keeps_precision(student: Student, draw: Draw) -> None:
    """float32 stays float32, and float64 is computed in float64."""
    properties.keeps_precision(student, "gru_step", shared.moving(draw, *_arguments(draw, B=2, H=3)))


@check(item="s002-1.2-cells")
def gru_step_has_no_side_effects(student: Student, draw: Draw) -> None:
    """The call changes none of its arguments, and calling twice gives the same."""
    properties.no_side_effects(student, "gru_step", _arguments(draw), _arguments(draw))


@check(item="s002-1.2-cells", points=2)
def the_bias_fits_the_memory(student: Student, draw: Draw) -> None:
    """After T steps a gate with this bias leaves 1/e, for T from one half to millions."""
    for T in (1, 0.5, draw.integer(2, 9), draw.uniform(20.0, 200.0), 1_000_000, 25_000_000):
        got = expect.number(student.keep_bias(T), what="keep_bias(T)")
        want = -math.log(math.expm1(1 / T))
        expect.close(
            got,
            want,
            what="keep_bias(T)",
            rtol=1e-5,
            hint="which gate leaves 1/e after T factors, and which number has that sigmoid? Near 1 digits get lost",
        )
