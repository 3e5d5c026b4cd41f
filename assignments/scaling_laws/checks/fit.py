"""Hidden checks: parabolas and profiles (s001-2.3.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from seq2kit.scaling.loss_surface import Surface

from autograder.judge import Draw, Feedback, Student, check, expect

from . import reference as ref

Array = np.ndarray[Any, np.dtype[np.float64]]
ROUGH = 1e-5  # a fit by normal equations in double precision is right; one in single precision is not
PAIR = "find_optimal_params should return two results, the coefficients and the best size."
LOGS = "u is log10 of the size: take the same logarithm on the way in and on the way out"


def two(answer: Any, message: str) -> tuple[Any, Any]:
    """Two results from a tuple or list, or from the rows of one array."""
    if isinstance(answer, (np.ndarray, torch.Tensor)) and answer.ndim > 0 and len(answer) == 2:
        answer = list(answer)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Feedback(message)
    return answer[0], answer[1]


def fitted(student: Student, sizes: Any, losses: Any) -> tuple[Any, float]:
    """(p, n_opt) as the student returns them, known to be a pair with a number in second place."""
    p, n_opt = two(student.find_optimal_params(sizes, losses), PAIR)
    return p, expect.number(n_opt, what="n_opt")


def grid(draw: Draw, n: int, low: float, high: float) -> Array:
    """n logarithms of sizes between low and high: uneven, both ends taken, in no order."""
    inner = np.linspace(low, high, n)[1:-1]
    inner = inner + np.array([draw.uniform(-0.3, 0.3) for _ in inner]) * (high - low) / n
    found: Array = np.array([low, *inner, high])[draw.permutation(n).numpy()]
    return found


def valley(draw: Draw, bottom: float) -> tuple[float, float, float]:
    """Coefficients of an upright parabola in log10 with its lowest point at `bottom`."""
    steep = draw.uniform(0.3, 2.0)
    return steep, -2 * steep * bottom, steep * bottom**2 + draw.uniform(1.0, 3.0)


# --- s001-2.3.2: the parabola ----------------------------------------------


@check(item="s001-2.3.2", points=2)
def lowest_point_of_an_exact_parabola(student: Student, draw: Draw) -> None:
    """Losses on a parabola in log10 of the size give its lowest point, from three points or more."""
    for n in (3, 4, 7):
        low = draw.uniform(2.5, 6.0)
        bottom, u = low + draw.uniform(0.5, 1.6), grid(draw, n, low, low + 2.2)
        _, n_opt = fitted(student, 10**u, np.polyval(valley(draw, bottom), u))
        expect.close(n_opt, 10**bottom, what=f"n_opt for {n} points on a parabola", hint=LOGS, rtol=ROUGH)


@check(item="s001-2.3.2", points=2)
def coefficients_are_in_log10_highest_first(student: Student, draw: Draw) -> None:
    """p holds the three coefficients of the parabola in log10 N, the quadratic one first."""
    for n in (3, 6):
        low = draw.uniform(2.5, 6.0)
        u, p = grid(draw, n, low, low + 2.0), valley(draw, low + draw.uniform(0.4, 1.6))
        got = expect.array(fitted(student, 10**u, np.polyval(p, u))[0], what="p").reshape(-1)
        hint = "three coefficients in log10 N, highest power first: p[0] u^2 + p[1] u + p[2]"
        expect.close(got, p, what="p", hint=hint, rtol=ROUGH)


@check(item="s001-2.3.2", points=1)
def lowest_point_outside_the_data(student: Student, draw: Draw) -> None:
    """Where all sizes lie on one side of the bottom, the parabola's lowest point is returned all the same."""
    for side in (-1, 1):
        low = draw.uniform(4.0, 6.0)
        bottom = low + 1.0 + side * draw.uniform(1.3, 1.8)
        u = grid(draw, 5, low, low + 2.0)
        _, n_opt = fitted(student, 10**u, np.polyval(valley(draw, bottom), u))
        hint = "return the lowest point of the parabola, not the best of the given sizes"
        expect.close(n_opt, 10**bottom, what="n_opt beyond the range of the sizes", hint=hint, rtol=ROUGH)


@check(item="s001-2.3.2", points=1)
def lowest_point_is_not_rounded(student: Student, draw: Draw) -> None:
    """n_opt is not rounded: small sizes, as in units of millions, come back with their decimals."""
    for bottom in (draw.uniform(0.15, 0.45), draw.uniform(-1.6, -1.2)):
        u = grid(draw, 5, bottom - 0.9, bottom + 1.2)
        _, n_opt = fitted(student, 10**u, np.polyval(valley(draw, bottom), u))
        expect.close(n_opt, 10**bottom, what="n_opt below 3", hint="no int() and no round()", rtol=ROUGH)


@check(item="s001-2.3.2", points=2)
def noisy_losses_are_fitted_by_least_squares(student: Student, draw: Draw) -> None:
    """With scattered losses, p and n_opt are those of the least-squares parabola through all points."""
    for n in (5, 9):
        low = draw.uniform(3.0, 6.0)
        u = grid(draw, n, low, low + 2.0)
        steep = draw.uniform(0.6, 1.5)
        losses = steep * (u - low - draw.uniform(0.7, 1.3)) ** 2 + 2.0 + draw.array(n, scale=0.03)
        p, n_opt = fitted(student, 10**u, losses)
        want = ref.lowest(10**u, losses)
        hint = "fit all points, each with the same weight, in log10 of the size; then take the lowest point of the fit"
        expect.close(n_opt, want, what="n_opt for scattered losses", hint=hint, rtol=ROUGH)
        coefficients = expect.numbers(p, what="p").reshape(-1)
        expect.true(coefficients.size == 3, "p should hold three coefficients.")
        expect.close(
            np.polyval(coefficients, u), np.polyval(ref.parabola(10**u, losses), u),
            what="the parabola p at the given sizes, for scattered losses", hint=hint, rtol=ROUGH,
        )  # fmt: skip


@check(item="s001-2.3.2", points=1)
def sizes_in_other_units_move_the_optimum_along(student: Student, draw: Draw) -> None:
    """Other units of size move the optimum along; other units of loss, or another zero, leave it where it is."""
    u = grid(draw, 6, 3.4, 5.5)
    losses = 0.8 * (u - 4.3) ** 2 + 2.0 + draw.array(6, scale=0.02)
    factor = draw.uniform(3.0, 40.0)
    base = fitted(student, 10**u, losses)[1]
    expect.close(base, ref.lowest(10**u, losses), what="n_opt", hint=LOGS, rtol=ROUGH)
    scaled = fitted(student, factor * 10**u, losses)[1]
    bits = fitted(student, 10**u, losses / np.log(2.0))[1]
    expect.same(base, scaled / factor, what="n_opt in units of the sizes", hint=LOGS, rtol=ROUGH)
    expect.same(base, bits, what="n_opt when losses come in bits", hint="the lowest point ignores scale", rtol=ROUGH)
    lower = fitted(student, 10**u, losses - draw.uniform(2.5, 4.0))[1]
    hint = "the lowest point is where the slope is zero, not where the parabola is"
    expect.same(base, lower, what="n_opt when all losses are lower by the same", hint=hint, rtol=ROUGH)


@check(item="s001-2.3.2", points=1)
def hills_are_refused(student: Student, draw: Draw) -> None:
    """Losses on a hill raise ValueError, be it flat or cut off on one side; valleys do not, however flat."""
    hint = "look at the sign of the quadratic coefficient, and at nothing else"
    for bottom, flat in ((4.0, 1.0), (2.0, 1.0), (6.5, 1.0), (4.4, 0.01)):
        u, p = grid(draw, 5, 3.2, 5.1), valley(draw, bottom)
        losses = flat * np.polyval(p, u) + 2.0
        kind = student.raised("find_optimal_params", 10**u, losses)
        expect.true(not kind, "find_optimal_params should not raise for losses in a valley.", hint, f"raised {kind}")
        kind = student.raised("find_optimal_params", 10**u, 60.0 - losses)
        expect.true(
            kind == "ValueError", "find_optimal_params should raise ValueError for losses on a hill.",
            hint, f"raised {kind or 'nothing'}",
        )  # fmt: skip


@check(item="s001-2.3.2", points=1)
def lists_arrays_and_any_order(student: Student, draw: Draw) -> None:
    """Lists of integers of any size, tuples and arrays in any order give the same, in double precision, unchanged."""
    hint = "turn what comes in into float64 of your own first; what torch makes of a list is float32"
    for low in (3.1, 3.3):
        sizes = np.round(10 ** np.sort(grid(draw, 6, low, low + 2.0)))
        losses = 2e-5 * (np.log10(sizes) - 4.0) ** 2 + 2.5 + draw.array(6, scale=4e-7)  # so flat that float32 loses it
        shuffled, want = draw.permutation(6).numpy(), ref.lowest(sizes, losses)
        for given in (
            ([int(n) for n in sizes[shuffled]], [float(v) for v in losses[shuffled]]),
            (tuple(float(n) for n in sizes[shuffled]), tuple(float(v) for v in losses[shuffled])),
            (sizes[shuffled].astype(np.int64), losses[shuffled]),
            (sizes.copy(), losses.copy()),
        ):
            answer, after = student.with_inputs("find_optimal_params", *given)
            p, best = two(answer, PAIR)
            for part, what in ((p, "p"), (best, "n_opt")):
                expect.dtype(part, sizes, what=what, hint="work in double precision, and return it")
            n_opt = expect.number(best, what="n_opt")
            expect.close(n_opt, want, what=f"n_opt for {type(given[0]).__name__}s", hint=hint, rtol=ROUGH)
            expect.unharmed(list(given), after, what="an argument of find_optimal_params")
    huge = [int(n) for n in 10 ** grid(draw, 5, 19.5, 21.5)]  # more than an integer of 64 bits holds
    losses = (np.log10(np.array(huge, dtype=np.float64)) - draw.uniform(20.2, 20.8)) ** 2 + 2.0
    n_opt = fitted(student, huge, losses.tolist())[1]
    expect.close(n_opt, ref.lowest(huge, losses), what="n_opt for integers beyond 2**64", hint=hint, rtol=ROUGH)


# --- s001-2.3.2-profiles: a valley per budget ------------------------------

Runs = list[tuple[float, float, float]]


def surface(draw: Draw) -> Surface:
    """A loss surface with exponents well apart."""
    a, b = draw.choice([(0.28, 0.41), (0.45, 0.27), (0.33, 0.5)])
    a, b = a + draw.uniform(-0.03, 0.03), b + draw.uniform(-0.03, 0.03)
    return Surface(draw.uniform(1.2, 2.0), draw.uniform(80.0, 400.0), a, draw.uniform(300.0, 2000.0), b)


def smooth(draw: Draw, budgets: list[float], n: int = 7) -> Runs:
    """Noise-free runs at these budgets with sizes off the best one, mixed up."""
    known, runs = surface(draw), []
    for budget in budgets:
        factors = 10 ** np.sort(grid(draw, n, -0.8 - draw.uniform(0, 0.3), 0.9))
        sizes, losses = known.profile(budget, list(factors))
        runs += [(budget, float(N), float(L)) for N, L in zip(sizes, losses, strict=True)]
    return [runs[k] for k in draw.permutation(len(runs)).tolist()]


def alike(draw: Draw, budgets: list[int], low: float) -> Runs:
    """Runs of the same five sizes, whole numbers, at each budget, mixed up; the outer two have equal losses."""
    sizes, runs = np.round(10 ** np.sort(grid(draw, 5, low, low + 2.0))), []
    for budget in budgets:
        away = np.log10(sizes) - low - draw.uniform(0.7, 1.3)
        losses = draw.uniform(0.5, 1.5) * away**2 + draw.uniform(1.5, 2.5) + draw.array(5, scale=0.01)
        losses[[0, 4]] = max(losses[0], losses[4])
        runs += [(budget, int(N), float(L)) for N, L in zip(sizes, losses, strict=True)]
    return [runs[k] for k in draw.permutation(len(runs)).tolist()]


def expected(runs: Runs, points: int) -> tuple[list[float], list[float]]:
    """Budgets and best sizes by the rule of 3.2."""
    budgets = sorted({run[0] for run in runs})
    best = []
    for budget in budgets:
        group = sorted((size, loss) for at, size, loss in runs if at == budget)
        lowest = min(range(len(group)), key=lambda k: group[k][1])
        first = max(0, min(lowest - points // 2, len(group) - points))
        sizes, losses = zip(*group[first : first + points], strict=True)
        best.append(ref.lowest(sizes, losses))
    return budgets, best


def optima(student: Student, runs: Runs, *points: int, lists: bool = False) -> tuple[Array, Array]:
    """The student's budgets and best sizes as arrays; the runs are sent as lists or as arrays, which must survive."""
    columns = [list(column) if lists else np.array(column) for column in zip(*runs, strict=True)]
    answer, after = student.with_inputs("isoflop_optima", *columns, *points)
    expect.unharmed(columns, after[:3], what="an argument of isoflop_optima")
    found, best = two(answer, "isoflop_optima should return two results, the budgets and the best sizes.")
    return expect.array(found, what="budgets").reshape(-1), expect.array(best, what="optima").reshape(-1)


def check_optima(student: Student, runs: Runs, points: int, *, what: str, hint: str, default: bool = False) -> None:
    _, got = optima(student, runs, *(() if default else (points,)))
    agree(got, expected(runs, points)[1], what=what, hint=hint)


def agree(got: Array, want: list[float], *, what: str, hint: str) -> None:
    """Each size within its own tolerance: they may differ by orders of magnitude."""
    expect.shape(got, (len(want),), what=what, hint=hint)
    expect.close(got / np.array(want), np.ones(len(want)), what=what, hint=hint, rtol=ROUGH)


@check(item="s001-2.3.2-profiles", points=2)
def each_budget_has_its_own_optimum(student: Student, draw: Draw) -> None:
    """Each budget's optimum is that of its own runs, though budgets are close, and sizes or losses occur twice."""
    runs = alike(draw, [3 * 10**17, 3 * 10**17 + 2 * 10**15, 4 * 10**18, 10**18], draw.uniform(3.0, 6.0))
    hint = "split the runs by budget, and by nothing else; fit each group by itself; results are sizes, not logarithms"
    check_optima(student, runs, 5, what="the list of best sizes of four budgets", hint=hint, default=True)


@check(item="s001-2.3.2-profiles", points=1)
def budgets_come_back_once_and_ascending(student: Student, draw: Draw) -> None:
    """Each budget comes back once, the smallest first, its own optimum beside it; lists of integers will do."""
    budgets = [6 * 10**20, 2 * 10**18, 5 * 10**22]  # more than an integer of 64 bits holds
    runs = sorted(alike(draw, budgets, low=1.3), key=lambda run: budgets.index(int(run[0])))  # not the smallest first
    got, best = optima(student, runs, lists=True)
    expect.close(got, sorted(budgets), what="the budgets that isoflop_optima returns", hint="each once, ascending")
    hint = "best size k belongs to budget k, and is not rounded, though sizes may come as integers"
    agree(best, expected(runs, 5)[1], what="the list of best sizes in the order of the budgets", hint=hint)


@check(item="s001-2.3.2-profiles", points=2)
def window_lies_around_the_lowest_run(student: Student, draw: Draw) -> None:
    """Of nine runs only the five around the lowest loss are fitted: two neighbours each way, however far they lie."""
    runs: Runs = []
    for budget, lowest in ((1e10, 3), (7e10, 5), (3e11, 4)):
        steps = np.where(np.arange(8) < lowest, 0.36, 0.15)  # so uneven that near sizes are not near places
        u = 4.0 + np.cumsum([0.0, *steps + np.array([draw.uniform(-0.02, 0.02) for _ in range(8)])])
        away = u - u[lowest] - draw.uniform(-0.08, 0.08)
        losses = np.where(away < 0, 2.0, 0.4) * away**2 + 2.0 + draw.array(9, scale=0.004)  # steep on the left
        losses[[0, 8]] += draw.uniform(3.0, 4.0), draw.uniform(0.2, 0.4)  # walls, outside every window
        losses[lowest] = losses.min() - 0.01
        runs += [(budget, float(10**x), float(y)) for x, y in zip(u, losses, strict=True)]
    runs = [runs[k] for k in draw.permutation(len(runs)).tolist()]
    hint = "sort the runs of a budget by size; two neighbours on each side of the lowest loss"
    check_optima(student, runs, 5, what="the list of best sizes where valleys have walls", hint=hint, default=True)


@check(item="s001-2.3.2-profiles", points=1)
def window_is_shifted_at_the_ends(student: Student, draw: Draw) -> None:
    """Where the lowest run is the first, second or last by size, the first or last five runs are fitted."""
    runs: Runs = []
    for budget, lowest in ((1e10, 0), (2e10, 1), (4e10, 6), (8e10, 5)):
        u = 4.0 + 0.3 * np.arange(7) + np.array([draw.uniform(-0.06, 0.06) for _ in range(7)])
        losses = 0.8 * (u - u[lowest]) ** 2 + 2.0 + 0.15 * np.abs(u - u[lowest]) ** 3 + draw.array(7, scale=0.003)
        losses[lowest] = losses.min() - 0.005
        runs += [(budget, float(10**x), float(y)) for x, y in zip(u, losses, strict=True)]
    hint = "if there are too few neighbours on one side, take more on the other, so that five runs are fitted"
    check_optima(student, runs, 5, what="the list of best sizes where the lowest run lies near an end", hint=hint)


@check(item="s001-2.3.2-profiles", points=1)
def number_of_points_is_respected(student: Student, draw: Draw) -> None:
    """`points` decides how many runs are fitted: three and seven of nine."""
    runs = smooth(draw, [1e18, 3e19], n=9)
    hint = "use the argument `points`"
    for points in (3, 7):
        check_optima(student, runs, points, what=f"the list of best sizes with points={points}", hint=hint)


@check(item="s001-2.3.2-profiles", points=1)
def small_groups_are_fitted_whole(student: Student, draw: Draw) -> None:
    """A budget with no more runs than `points` is fitted with all of them, also beside a larger one, or alone."""
    runs = smooth(draw, [1e18], n=4) + smooth(draw, [3e18], n=8) + smooth(draw, [9e18], n=3)
    hint = "never let the window begin before the first run: negative indices count from the end"
    check_optima(student, runs, 5, what="the list of best sizes of groups of four, eight and three runs", hint=hint)
    hint = "one budget is a list of one, not a number"
    check_optima(student, smooth(draw, [2e18], n=5), 5, what="the list of best sizes of a single budget", hint=hint)


@check(item="s001-2.3.2-profiles", points=2)
def exponent_of_a_noise_free_surface(student: Student, draw: Draw) -> None:
    """On L = E + A/N^a + B/D^b the best sizes at five budgets grow with the exponent b / (a + b)."""
    known = surface(draw)
    factors = list(10 ** np.sort(grid(draw, 7, -0.7, 0.6)))  # the same multiples at each budget: one shape for all
    runs: Runs = []
    for budget in (1e17, 1e18, 1e19, 1e20, 1e21):
        sizes, losses = known.profile(budget, factors)
        runs += [(budget, float(N), float(L)) for N, L in zip(sizes, losses, strict=True)]
    budgets, best = optima(student, [runs[k] for k in draw.permutation(len(runs)).tolist()])
    sound = len(best) == len(budgets) == 5 and bool((best > 0).all()) and bool((budgets > 0).all())
    expect.true(sound, "isoflop_optima should return five budgets and five positive sizes.")
    slope, _ = ref.line(budgets, best)
    expect.close(
        slope, known.exponent, what="the exponent through your best sizes on a surface with a known one", rtol=1e-4,
        hint="best sizes should be sizes, each from the parabola in log10 N of its own budget",
    )  # fmt: skip
