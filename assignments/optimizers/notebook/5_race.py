# %% [markdown]
# # Part 5: The race
#
# **Why.** A new optimiser is published every week, and most do not beat a well-tuned Adam. So here is a well-tuned Adam. Beat it.
#
# **The rules.**
#
# - You write one function, `my_update`. It is called once per step with the weights, a noisy gradient, its own state of the call before, the number of
#   the step and the **budget**: how many steps there will be in all.
# - When the budget is spent, the weights that you returned last are judged: by how many powers of ten the *excess loss* (what lies above
#   the lowest possible loss) fell since the start. The score is the mean over 18 problems; lower is better.
# - Your function sees gradients and nothing else, in problems drawn anew: those that count are in no notebook. It is called for several problems in turns,
#   so what it remembers travels through `state`. All random numbers, if it wants any, are its own affair.
#
# **The problems.** Three families, 6 to 30 weights each. *Valleys*: noisy quadratic bowls, up to thirty times as steep along some axes as
# along others. *Words*: one number per word is learned from batches of sixteen words; rare words have a gradient of exactly 0 in most steps. *Labels*:
# logistic regression on features of different size. In all of them the best weights lie about 1 away from the start in each
# coordinate. The loss is measured in other units each time, from a thousandth to a thousand, so gradients may be tiny or huge. Budgets are 60, 120 or 200 steps.
#
# **The baseline.** `race.baseline`: Adam with bias correction, $\beta = (0.9, 0.999)$, at the best *constant* learning rate for these problems, 0.06. It is yours to
# look at. (No other constant rate is much better: try them below.)
#
# **What could be better?** Remember 2.3: at a constant rate, Adam does not come to rest where gradients are noisy. A large rate gets near soon and then jumps to and
# fro, a small one is still on its way when the budget is spent. You know the budget. Three things to try, alone or together:
#
# - a *schedule*: a large rate first, one that falls to 0 with `t / budget` later;
# - *averaging*: the jumps around the best point have a mean, and it lies nearer than any of them. Keep the weights that jump in `state`,
#   and return their mean at the last step;
# - other momenta. A thousand steps of memory ($\beta_2 = 0.999$) are many for a budget of 60.
#
# **Traps.** What helps with 200 steps may be too slow with 60. A step in proportion to the gradient cannot suit both units. Compare on the
# same problems (the noise is the same for both then), on several seeds, and do not choose the best of a hundred variants by one seed.
#
# **Your task** (race). Points are for coming to rest nowhere worse than the start, for matching the baseline, for beating it beyond what luck with a
# constant rate could do, and for doing so at every budget and in every family.

# %% answer="race"
def my_update(theta: np.ndarray, grad: np.ndarray, state, t: int, budget: int) -> tuple[np.ndarray, object]:
    """(theta, state) after step t of `budget` steps; t counts from 1.

    theta, grad: arrays (n,) of float64, not to be changed; state: None at t = 1, then what the call before returned
    """
    ### BEGIN SOLUTION
    # Adam at a large rate that falls to 0 over the last third, and the mean of the weights of the second half at the end.
    if state is None:
        state = np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta)
    m, v, total = state
    m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad**2
    rate = 0.1 * min(1.0, 3 * (budget - t + 1) / budget)
    theta = theta - rate * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.99**t)) + 1e-12)
    if t > budget // 2:
        total = total + theta
    if t == budget:
        theta = total / (budget - budget // 2)
    return theta, (m, v, total)
    ### END SOLUTION

# %% tests="race"
def public_tests_race():
    for units in (1e-3, 1e3):
        problem = race.drawn(5, "words", 60, units=units)
        theta, gradient = problem.start.copy(), problem.gradient(problem.start, 1)
        moved, _ = my_update(theta, gradient, None, 1, 60)
        assert np.array_equal(theta, problem.start), "arguments stay as they were: give back a new array"
        assert numeric.as_float64(moved).shape == theta.shape, "the shape stays: one number for each weight"
        assert np.isfinite(numeric.as_float64(moved).numpy()).all(), "finite weights: exact zeros and tiny gradients are no trouble"
        left = race.left_over(problem, race.run(my_update, problem))
        assert left < 0, f"better than the start: with gradients in units of {units:g}"
    problems = race.field(seed=1)
    mine, theirs = race.score(my_update, problems), race.score(race.baseline, problems)
    assert mine <= theirs + 0.05, f"as good as the baseline: it reaches {theirs:.2f} on 18 problems, you {mine:.2f}"


public_tests_race()

# %% figure="standings"
def standings():
    table, gaps = {}, {}
    for name, update in (("baseline", race.baseline), ("baseline at 0.1", lambda *given: race.baseline(*given, rate=0.1)), ("yours", my_update)):
        rows, scores = {family: [] for family in race.FAMILIES}, []
        for seed in (11, 12, 13):
            found = [(problem, race.left_over(problem, race.run(update, problem))) for problem in race.field(seed)]
            scores.append(np.mean([left for _, left in found]))
            for problem, left in found:
                rows[problem.family].append(left)
        table[name], gaps[name] = rows, scores
        ahead = np.array(scores) - np.array(gaps["baseline"])
        print(f"{name:16} {np.mean(scores):6.2f}   against the baseline {ahead.mean():+.2f} ({ahead.min():+.2f} to {ahead.max():+.2f}, three seeds)")
    return optimizer_pictures.standings(table)


when_ready("my_update", standings)

# %% [markdown]
# **What holds, and what does not** (not graded). On these problems a schedule or an average is worth more than any other change to the update rule. That
# is no law: the problems are small, the budgets short, and nothing here overfits. What carries over is the method. Tune the baseline as hard as your own
# idea, compare on the same problems and noise, show the spread over seeds, and fix the question before you look at the answer.
