"""Hidden checks: extrapolation with a band, and the verdict on a run (s001-2.3.3b, s001-2.3.4)."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, NameMissing, NotData, Student, StudentRaised, check, expect

from . import reference as ref

Array = np.ndarray[Any, np.dtype[np.float64]]
ROUGH = 1e-5
LOGS = "everything happens in log10: the line, its residuals, and the band; the results are sizes again"


def scattered(draw: Draw, n: int, scatter: float = 0.05) -> tuple[Array, Array]:
    """Budgets and optima on a law with scatter in log10, in no order; so large that whole numbers will do as well."""
    m, c = draw.uniform(0.3, 0.7), draw.uniform(3.0, 5.0)
    x = np.linspace(9.0, 12.0, n) + np.array([draw.uniform(-0.2, 0.2) for _ in range(n)])
    y = m * x + c + draw.array(n, scale=scatter)
    order = draw.permutation(n).numpy()
    return 10 ** x[order], 10 ** y[order]


def at(student: Student, x: Any, y: Any, compute: float, *t: float) -> Array:
    """log10 of (n, low, high), known to be three positive numbers."""
    answer = expect.array(student.optimal_at(x, y, compute, *t), what="the result of optimal_at").reshape(-1)
    expect.true(len(answer) == 3, "optimal_at should return three numbers: the size and both ends of the band.")
    expect.finite(answer, what="the result of optimal_at")
    expect.true(bool((answer > 0).all()), "optimal_at should return positive sizes.", LOGS)
    return np.asarray(np.log10(answer), dtype=np.float64)


# --- s001-2.3.3b: extrapolation --------------------------------------------


@check(item="s001-2.3.3b", points=2)
def line_is_followed_beyond_the_data(student: Student, draw: Draw) -> None:
    """The size lies on the least-squares line, inside the data and orders of magnitude outside."""
    for n in (4, 6):
        x, y = scattered(draw, n)
        for compute in (10 ** draw.uniform(14.0, 16.0), 10 ** draw.uniform(10.0, 11.0), 10 ** draw.uniform(5.0, 7.0)):
            got = at(student, x, y, compute)[0]
            expect.close(
                got, ref.band(x, y, compute, 1.0)[0], what="log10 of the size at another compute", rtol=ROUGH,
                hint="10**(m log10 C + c), also where no budget lies near: the line does not stop at the last point",
            )  # fmt: skip


@check(item="s001-2.3.3b", points=2)
def band_follows_the_standard_error(student: Student, draw: Draw) -> None:
    """The band is t standard errors of the line each way, for any number of points and any t."""
    for n in (3, 5, 9):
        x, y = scattered(draw, n)
        for t in (1.0, draw.uniform(2.0, 4.0)):
            compute = 10 ** draw.uniform(12.5, 15.5)
            _, low, high = at(student, x, y, compute, *(() if t == 1.0 else (t,)))  # 1 is what t is when left out
            want = ref.band(x, y, compute, t)
            expect.close(
                high - low, want[2] - want[1], what=f"the width of the band in log10, from {n} points", rtol=1e-4,
                hint="residuals in log10 over k - 2 degrees of freedom; 1/k plus the distance term; t to both sides",
            )  # fmt: skip


@check(item="s001-2.3.3b", points=1)
def band_widens_away_from_the_data(student: Student, draw: Draw) -> None:
    """The band is narrowest at the mean log budget and widens to both sides alike."""
    x, y = scattered(draw, 5)
    middle, away = float(np.log10(x).mean()), draw.uniform(1.5, 2.5)
    widths = []
    for place in (middle, middle + away, middle - away, middle + 2 * away):
        _, low, high = at(student, x, y, 10**place)
        widths.append(high - low)
    hint = "the distance of log10 C from the mean of the log10 budgets enters, squared"
    expect.true(0 < widths[0] < widths[1] < widths[3], "The band should widen away from the data.", hint)
    expect.same(widths[1], widths[2], what="the width at equal distances on both sides", hint=hint, rtol=1e-4)


@check(item="s001-2.3.3b", points=1)
def band_is_a_factor_both_ways(student: Student, draw: Draw) -> None:
    """low is as many times below the size as high is above it, and a t of 0 leaves no band."""
    x, y = scattered(draw, 5, scatter=0.1)
    compute = 10 ** draw.uniform(14.0, 16.0)
    n, low, high = at(student, x, y, compute, 3.0)
    expect.true(low < n < high, "optimal_at should return the size, then the lower, then the upper end.", LOGS)
    expect.close(high - n, n - low, what="the upper half of the band against the lower half, in log10",
                 hint=LOGS, rtol=1e-4)  # fmt: skip
    n, low, high = at(student, x, y, compute, 0.0)
    hint = "t counts standard errors"
    expect.close([low, high], [n, n], what="the ends of the band for t = 0", hint=hint, rtol=ROUGH)


@check(item="s001-2.3.3b", points=1)
def no_scatter_no_band(student: Student, draw: Draw) -> None:
    """For points exactly on a power law, given as lists, the band closes on the size, however far, however large."""
    m, c = draw.uniform(0.3, 0.7), draw.uniform(3.0, 5.0)
    x = 10.0 ** np.array([8.1, 9.3, 9.9, 11.4])
    for compute in (1e10, 1e15):
        y = 10 ** (m * np.log10(x) + c)
        got = at(student, x.tolist(), y.tolist(), compute, 2.0)
        want = m * math.log10(compute) + c
        expect.close(
            got, [want] * 3, what="size and band, in log10, for points on a power law", rtol=ROUGH,
            hint="the band measures the scatter around the line, and here is none",
        )  # fmt: skip
    first, beyond = draw.integer(20, 23), draw.uniform(27.0, 29.0)
    whole = [10**first, 10 ** (first + 1), 10 ** (first + 2)]  # more than an integer of 64 bits holds
    got = at(student, [10**20, 10**22, 10**24], whole, 10**beyond, 2.0)
    hint = "turn what comes in into float64 of your own first, and stay in double precision"
    what = "size and band, in log10, for integers beyond 2**64"
    expect.close(got, [first - 10 + beyond / 2] * 3, what=what, hint=hint, rtol=1e-9)


def answer_1e15(student: Student) -> tuple[dict[str, float], list[Array]]:
    """(`at_1e15` as numbers, `optima` as arrays), from the notebook."""
    answer, optima = student.value("at_1e15"), student.value("optima")
    rows = (list, tuple, np.ndarray, torch.Tensor)
    if not isinstance(optima, (list, tuple)) or len(optima) != 2 or not isinstance(optima[0], rows):
        # unpacked into names of one's own, `budgets, optima = optima`, which is no mistake: find them once more
        optima = student.isoflop_optima(*map(student.value, ("budgets_of_runs", "sizes_of_runs", "losses_of_runs")))
    if not isinstance(answer, dict) or not {"N", "low", "high", "D"} <= set(answer):
        raise Feedback("`at_1e15` should be a dict with the keys N, low, high and D.")
    if not isinstance(optima, (list, tuple)) or len(optima) != 2:
        raise Feedback("`optima` should hold two lists, the budgets and the best sizes.", "leave its cell as it is")
    numbers = {key: expect.number(answer[key], what=f"at_1e15[{key!r}]") for key in ("N", "low", "high", "D")}
    expect.true(numbers["N"] > 0, "N of `at_1e15` should be positive.", "it is a number of parameters, no logarithm")
    found = [expect.numbers(part, what="`optima`").reshape(-1) for part in optima]
    expect.true(found[0].size == found[1].size > 1, "`optima` should hold as many best sizes as budgets.")
    return numbers, found


@check(item="s001-2.3.3b", points=2)
def answer_for_1e15_follows_from_own_optima(student: Student, draw: Draw) -> None:
    """at_1e15 holds the size and the 95 % band on the line through the notebook's own optima."""
    answer, (budgets, optima) = answer_1e15(student)
    slope, _ = ref.line(budgets, optima)
    expect.true(
        0 < slope < 1, "The line through your optima is no scaling law: its slope should lie between 0 and 1.",
        "look at `optima`: five best sizes in parameters, rising with the budget",
    )  # fmt: skip
    lines = [ref.line(budgets, optima)]
    with contextlib.suppress(Feedback, StudentRaised, NameMissing, NotData):
        # an earlier slip in the line cost its points there; here the answer may follow from it
        own = expect.array(student.fit_linear_log(budgets, optima), what="the line").reshape(-1)
        if own.shape == (2,) and np.isfinite(own).all() and abs(own).max() < 20:
            lines.append((float(own[0]), float(own[1])))
    along = min(lines, key=lambda line: abs(15 * line[0] + line[1] - math.log10(answer["N"])))
    want = 10 ** np.array(ref.band(budgets, optima, 1e15, 3.182, along))
    hint = "10**(15 m + c) from your own line, with t = 3.182 for the band; not read off a plot"
    expect.close(answer["N"], want[0], what="N at 1e15 FLOPs", hint=hint, rtol=0.01)
    for key, end in (("low", want[1]), ("high", want[2])):
        expect.close(answer[key], end, what=f"{key}, an end of the band at 1e15 FLOPs", hint=hint, rtol=0.02)


@check(item="s001-2.3.3b", points=1)
def tokens_for_1e15_use_up_the_compute(student: Student, draw: Draw) -> None:
    """The tokens of at_1e15 are those that 1e15 FLOPs pay for at that size."""
    answer, _ = answer_1e15(student)
    expect.close(
        6 * answer["N"] * answer["D"], 1e15, what="6 N D of `at_1e15`", rtol=0.01,
        hint="C = 6 N D, so the size decides the tokens",
    )  # fmt: skip


# --- s001-2.3.4: the verdict -----------------------------------------------


def law(draw: Draw) -> tuple[float, float]:
    """A drawn (m, c); from 1e11 FLOPs on, sizes and tokens are so large that whole numbers will do as well."""
    return draw.uniform(0.35, 0.6), draw.uniform(1.0, 1.5)


def run_at(m: float, c: float, compute: float, ratio: float) -> tuple[float, float]:
    """(N, D) of a run at this compute whose size is `ratio` times the best one."""
    size = ratio * 10 ** (m * math.log10(compute) + c)
    return size, compute / (6 * size)


def verdict(student: Student, N: float, D: float, m: float, c: float) -> dict[str, Any]:
    """The student's verdict, known to have all keys."""
    answer = student.is_compute_optimal(N, D, m, c)
    keys = {"C", "D", "N", "N_opt", "D_opt", "optimal", "change"}
    if not isinstance(answer, dict) or not keys <= set(answer):
        raise Feedback(f"is_compute_optimal should return a dict with the keys {', '.join(sorted(keys))}.")
    return answer


def says(student: Student, ratio: float, compute: float, m: float, c: float) -> tuple[bool, str]:
    """(optimal, change) for a run of `ratio` times the best size."""
    answer = verdict(student, *run_at(m, c, compute, ratio), m, c)
    return expect.boolean(answer["optimal"], what="optimal"), str(answer["change"]).strip().lower()


@check(item="s001-2.3.4", points=1)
def compute_of_a_run(student: Student, draw: Draw) -> None:
    """C is 6 N D, and N and D come back as given, integers included, though C has more than 64 bits."""
    m, c = law(draw)
    large = draw.integer(2, 9) * 10**11, 10**13
    for N, D in ((draw.uniform(1e4, 1e6), draw.uniform(1e6, 1e8)), (draw.integer(2000, 9000), 10**6), large):
        answer = verdict(student, N, D, m, c)
        for key, want in (("C", 6 * N * D), ("N", N), ("D", D)):
            got = expect.number(answer[key], what=key)
            expect.close(got, float(want), what=f"{key} of a run", hint="C = 6 N D", rtol=1e-9)


@check(item="s001-2.3.4", points=2)
def best_size_is_that_of_the_same_compute(student: Student, draw: Draw) -> None:
    """N_opt is the point of the line at the compute that is reported for this run, whatever its own size."""
    for exponent in (12.0, 16.0, 21.0):
        (m, c), compute = law(draw), 10 ** (exponent + draw.uniform(-1.0, 1.0))
        for ratio in (0.05, 1.1, 30.0):
            N, D = run_at(m, c, compute, ratio)
            answer = verdict(student, N, D, m, c)
            own = expect.number(answer["C"], what="C")  # a slip in C has its own check
            expect.true(0.01 < own / compute < 100, "C is far from 6 N D, so the best size cannot be checked.")
            expect.close(
                expect.number(answer["N_opt"], what="N_opt"), 10 ** (m * math.log10(own) + c), what="N_opt",
                hint="10**(m log10 C + c) with the C of this run, both logarithms to base 10", rtol=1e-4,
            )  # fmt: skip


@check(item="s001-2.3.4", points=2)
def best_tokens_use_up_the_compute(student: Student, draw: Draw) -> None:
    """N_opt on D_opt tokens costs what the run cost."""
    for ratio in (0.1, 1.7, 12.0):
        (m, c), compute = law(draw), 10 ** draw.uniform(12.0, 18.0)
        N, D = run_at(m, c, compute, ratio)
        answer = verdict(student, N, D, m, c)
        best, tokens = (expect.number(answer[key], what=key) for key in ("N_opt", "D_opt"))
        expect.close(
            best * tokens, N * D, what="N_opt times D_opt", rtol=5e-3,
            hint="the same compute, spent at the best size: D_opt = C / (6 N_opt)",
        )  # fmt: skip


def directed(student: Student, draw: Draw, ratios: tuple[float, ...], word: str, message: str) -> None:
    for ratio in ratios:
        optimal, change = says(student, ratio, 10 ** draw.uniform(12.0, 20.0), *law(draw))
        hint = "compare N with N_opt at the same compute; the two entries `optimal` and `change` belong together"
        right = change == word and optimal == (word == "keep")
        expect.true(right, message, hint, f"ratio {ratio}: {optimal}, {change}")


@check(item="s001-2.3.4", points=1)
def large_models_should_be_smaller(student: Student, draw: Draw) -> None:
    """Runs many times larger than the best size are not optimal, and should be smaller."""
    directed(student, draw, (5.0, 40.0), "smaller", "A run above the best size should get the change 'smaller'.")


@check(item="s001-2.3.4", points=1)
def small_models_should_be_larger(student: Student, draw: Draw) -> None:
    """Runs many times smaller than the best size are not optimal, and should be larger."""
    directed(student, draw, (0.2, 0.02), "larger", "A run below the best size should get the change 'larger'.")


@check(item="s001-2.3.4", points=1)
def a_quarter_off_is_optimal(student: Student, draw: Draw) -> None:
    """Runs with N / N* from 0.75 to 1.25 are optimal and keep their size; those outside are not."""
    near = "A run within 25 % of the best size, 0.75 <= N / N* <= 1.25, counts as optimal: 'keep'."
    directed(student, draw, (1.0, 1.23, 0.77), "keep", near)
    far = "A run more than 25 % off the best size is not optimal."
    directed(student, draw, (1.9, 1.28), "smaller", far)
    directed(student, draw, (0.53, 0.73), "larger", far)


@check(item="s001-2.3.4", points=1)
def runs_without_size_or_tokens_are_refused(student: Student, draw: Draw) -> None:
    """No parameters or no tokens, or a negative number of them, raise ValueError; whatever is above 0 does not."""
    m, c = law(draw)
    for N, D in ((0, 1e6), (1e5, 0), (-1e5, 1e6), (1e5, -1e6), (-1e5, -1e6)):
        kind = student.raised("is_compute_optimal", N, D, m, c)
        expect.true(
            kind == "ValueError", "A run without parameters or tokens should raise ValueError.",
            "test N and D themselves: two negative numbers have a positive product", f"{N}, {D}: {kind or 'nothing'}",
        )  # fmt: skip
    for N, D in ((3, 40), (0.3, 0.4)):
        kind = student.raised("is_compute_optimal", N, D, m, 3.0)  # a best size that no rounding turns to 0
        hint = "everything above 0 is allowed: sizes and tokens may come in millions"
        expect.true(not kind, "A small run is a run, and should not be refused.", hint, f"{N}, {D}: raised {kind}")
