"""Hidden checks of the race: an update rule is run on problems that it has not seen, beside the tuned baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from seq2kit.optimizers import race

from autograder.judge import Draw, Student, calibrated, check, expect

_PAIR = "give back two things: the new weights and the state"
_STATE = "whatever the rule remembers has to travel through `state`: other problems are solved in between"
# Against the baseline, on the same problems and with the same noise, in powers of ten. Ten seeds of 18 problems:
#   the best of five constant rates, chosen anew for each seed by its result   -0.01, standard deviation 0.02
#   right strategies: a rate that falls in a line, along a cosine, an average   -0.32 to -0.53, deviation 0.06 to 0.07
# The bar lies where the first of these gets once in a thousand.
ROOM = 0.5  # for a third of the problems, whose mean scatters more


def update_of(student: Student) -> race.Update:
    """The student's rule, its reply known to be finite weights and a state."""

    def update(theta: race.Array, grad: race.Array, state: Any, t: int, budget: int) -> tuple[Any, Any]:
        back, state = expect.parts(
            student.my_update(theta, grad, state, t, budget), 2, what="what my_update returns", hint=_PAIR
        )
        hint = "does a step grow without end, or divide by 0 where a gradient is exactly 0?"
        return expect.numbers(back, theta.shape, what="the weights that my_update returns", hint=hint), state

    return update


@cache
def beside_the_baseline(seed: int, budgets: tuple[int, ...] = race.BUDGETS) -> tuple[tuple[race.Problem, float], ...]:
    """The problems of a race, each with what the baseline leaves of it."""
    problems = race.field(seed, budgets=budgets)
    return tuple((one, race.left_over(one, race.run(race.baseline, one))) for one in problems)


def ahead(update: race.Update, seed: int, budgets: tuple[int, ...] = race.BUDGETS) -> list[tuple[race.Problem, float]]:
    """By how many powers of ten an update rule leaves more than the baseline, for each problem; negative is better."""
    problems = beside_the_baseline(seed, budgets)
    return [(one, race.left_over(one, race.run(update, one)) - theirs) for one, theirs in problems]


def mean(gaps: Sequence[tuple[race.Problem, float]]) -> float:
    """Over the problems."""
    return sum(gap for _, gap in gaps) / len(gaps)


@check(item="race")
def every_run_ends_below_its_start(student: Student, draw: Draw) -> None:
    """Every run leaves less of the excess loss than there was, whatever the loss is measured in."""
    update = update_of(student)
    for family in race.FAMILIES:
        for units in (1e-3, 1.0, 1e3):
            problem = race.drawn(draw.integer(0, 2**31 - 1), family, race.BUDGETS[0], units=units)
            left = race.left_over(problem, race.run(update, problem))
            expect.true(
                left < 0, "A run ends no lower than it began.",
                "gradients may be a thousand times larger or smaller than yours: how long is a step then?",
                f"{family} {units:g}: {left:.2f}",
            )  # fmt: skip


@check(item="race")
def problems_are_solved_apart(student: Student, draw: Draw) -> None:
    """Problems that are solved in turns end where they end alone, those of one size too."""
    update, budget = update_of(student), race.BUDGETS[0]
    problems = [race.drawn(draw.integer(0, 2**31 - 1), family, budget) for family in race.FAMILIES[:2]]
    elsewhere = problems[0].start + draw.array(len(problems[0].start))
    problems.append(replace(problems[0], start=elsewhere))
    alone = [race.run(update, problem) for problem in problems]
    thetas, states = [problem.start.copy() for problem in problems], [None] * len(problems)
    for t in range(1, budget + 1):
        for k, problem in enumerate(problems):
            if abs(thetas[k]).max() <= 1e6:  # where race.run stops, too
                thetas[k], states[k] = update(thetas[k].copy(), problem.gradient(thetas[k], t), states[k], t, budget)
    for one, other in zip(alone, thetas, strict=True):
        expect.same(one, other, what="the end of a run while another goes on in between", hint=_STATE, rtol=1e-6)


@check(item="race")
def weights_and_gradients_stay(student: Student, draw: Draw) -> None:
    """The arrays that the rule is given stay as they were, from the first step to the last."""
    theta, state, budget = draw.array(7), None, race.BUDGETS[0]
    for t in range(1, budget + 1):
        grad = draw.array(7)
        grad[2] = 0.0
        reply, after = student.with_inputs("my_update", theta, grad, state, t, budget)
        expect.unharmed([theta, grad], after[:2], what="an array given to my_update")
        back, state = expect.parts(reply, 2, what="what my_update returns", hint=_PAIR)
        theta = expect.numbers(back, (7,), what="the weights that my_update returns")


@check(item="race", points=2)
def the_baseline_is_matched(student: Student, draw: Draw) -> None:
    """Over all problems the rule leaves no more than the baseline, or a constant rate next to its own."""
    gap = mean(ahead(update_of(student), draw.integer(0, 2**30)))
    expect.true(
        calibrated(__file__, "constant rate nearby").met_by(gap), "The tuned baseline leaves less than your rule.",
        "is a rate too small to arrive in the budget, or too large to come to rest?", f"{gap:+.3f}",
    )  # fmt: skip


@check(item="race", points=3)
def the_baseline_is_beaten_beyond_luck(student: Student, draw: Draw) -> None:
    """Over all problems the rule leaves clearly less than the luckiest constant rate could."""
    gap = mean(ahead(update_of(student), draw.integer(0, 2**30)))
    expect.true(
        not calibrated(__file__, "luckiest constant rate").met_by(gap),
        "Your rule does not beat the tuned baseline by more than luck.",
        "you know the budget: what should happen early in it, and what late?", f"{gap:+.3f}",
    )  # fmt: skip


@check(item="race")
def no_budget_is_left_behind(student: Student, draw: Draw) -> None:
    """At the shortest and at the longest budget the rule is not clearly worse than the baseline."""
    budgets = (race.BUDGETS[0], race.BUDGETS[-1])
    found = ahead(update_of(student), draw.integer(0, 2**30), budgets)
    gap = max(mean([one for one in found if one[0].budget == budget]) for budget in budgets)
    expect.true(
        gap < ROOM, "At one of the budgets your rule is clearly worse than the baseline.",
        "is the schedule measured in steps, or in shares of the budget? Does a short one leave time to arrive?",
        f"{gap:+.3f}",
    )  # fmt: skip


@check(item="race")
def no_family_is_left_behind(student: Student, draw: Draw) -> None:
    """In none of the three families is the rule clearly worse than the baseline."""
    found = ahead(update_of(student), draw.integer(0, 2**30))
    gap = max(mean([one for one in found if one[0].family == family]) for family in race.FAMILIES)
    expect.true(
        gap < ROOM, "In one of the families your rule is clearly worse than the baseline.",
        "steep and flat directions, weights with rare gradients, other units: which of them does your step not suit?",
        f"{gap:+.3f}",
    )  # fmt: skip


def constant_rates(seed: int) -> dict[str, float]:
    """For calibration: what constant rates reach on the problems of one race, against the baseline's own."""

    def at(rate: float) -> float:
        return mean(
            ahead(lambda theta, grad, state, t, budget: race.baseline(theta, grad, state, t, budget, rate), seed)
        )

    found = {rate: at(rate) for rate in (0.04, 0.05, 0.07, 0.08)}
    return {"constant rate nearby": max(found[0.05], found[0.07]), "luckiest constant rate": min(0.0, *found.values())}
