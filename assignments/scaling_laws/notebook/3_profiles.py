# %% [markdown]
# # Part 3: IsoFLOP profiles
#
# A fair comparison of sizes fixes the compute. For a budget $C$ and a size $N$, the number of tokens is
# $D = C / 6N$: a large model reads little. Plot the loss against $N$ and you get a valley, an *IsoFLOP profile*
# ([Hoffmann et al. 2022](https://arxiv.org/abs/2203.15556)). Its bottom is the best size at this budget.
#
# **The language.** Real text has a floor that nobody knows. Ours comes from a Markov chain over 256 tokens that visits
# them with Zipf frequencies, as words are visited in a text: a few all the time, most of them rarely. For such a source
# the entropy can be computed, and no model of any size can do better. Losses are in nats:
# a token that was given the probability $p$ costs $-\ln p$. Three to compare with, per token:

# %% locked="source"
source = zipf_source()
print(f"knowing nothing, ln 256:        {source.uniform_loss():.4f}")
print(f"knowing how frequent tokens are: {source.unigram_loss():.4f}   (unigram)")
print(f"knowing the token before:       {source.bigram_loss():.4f}   (bigram)")
print(f"entropy, the floor:             {source.entropy():.4f}")

# %% [markdown]
# The last two agree because in a first-order chain the token before is all there is to know. The models do not get the
# table of 65,536 transitions; they have to learn it, in a few thousand parameters, from rows most of which are rare.
#
# **The runs.** Five budgets, six or seven widths each, one layer, every run with its own learning-rate schedule that
# ends where the run ends. No token is seen twice, so nothing here can overfit.

# %% locked="profiles-data"
budgets_of_runs = np.array([run.compute for run in runs])
sizes_of_runs = np.array([run.parameters for run in runs])
losses_of_runs = np.array([run.loss for run in runs])

# %% figure="picture-floor"
scaling_pictures.loss_over_floor(runs, source)

# %% [markdown]
# ## 3.1 The bottom of a valley
#
# **Why.** The best of seven sizes is one of seven sizes. The true optimum lies between them, and which of them comes out
# best is partly luck. A parabola uses all points near the bottom.
#
# **The idea.** On a *logarithmic* axis of $N$ the valleys are nearly symmetric: half the best size and twice the best
# size are about equally bad. So fit $L \approx p_0 u^2 + p_1 u + p_2$ by least squares with $u = \log_{10} N$, find the
# lowest point in $u$, and go back to $N$.
#
# **By hand.** $L = (u - 4)^2 + 2 = u^2 - 8u + 18$ has the coefficients $(1, -8, 18)$ and its lowest point at $u = 4$,
# that is, at $N = 10{,}000$.
#
# **Traps.** Fit the same data with raw $N$ on the axis and the lowest point can come out at a negative number of
# parameters. Take one logarithm on the way in and the other on the way out, and it is off by orders of magnitude, yet
# still looks like a model size. And a parabola that opens downwards has no lowest point at all.
#
# **Your task** (s001-2.3.2).

# %% answer="s001-2.3.2"
def find_optimal_params(n_params: Sequence | np.ndarray, losses: Sequence | np.ndarray) -> tuple[np.ndarray, float]:
    """(p, n_opt): the least-squares parabola of the losses in log10 of the size, and the size at its lowest point.

    n_params: K >= 3 different positive sizes; losses: K losses; lists or arrays, in any order
    p: three coefficients, highest power first, of the parabola in log10 N; n_opt: a number of parameters, not rounded,
    which may lie outside the range of n_params
    Raises ValueError when the parabola does not open upwards.
    """
    ### BEGIN SOLUTION
    p = np.polyfit(np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float), 2)
    if p[0] <= 0:
        raise ValueError("these losses have no lowest point: the parabola does not open upwards")
    return p, float(10 ** (-p[1] / (2 * p[0])))
    ### END SOLUTION

# %% tests="s001-2.3.2"
def public_tests_parabola():
    sizes = [2_000, 30_000, 900, 120_000]
    u = np.log10(sizes)
    p, n_opt = (np.asarray(part, dtype=float).ravel() for part in find_optimal_params(sizes, (u - 4) ** 2 + 2))
    assert len(p) == 3, "the first result, p, holds the three coefficients of a parabola"
    assert len(n_opt) == 1, "the second result, n_opt, is a single number"
    assert abs(n_opt[0] - 10_000) < 1, "the lowest point of the example: (u - 4)^2 + 2 has it at N = 10,000"
    assert abs(p[0] - 1) < 1e-6, "highest power first: the example begins with 1"
    for given in (np.array(sizes), np.array(sizes, dtype=float)):
        n_opt = np.asarray(find_optimal_params(given, list((u - 4) ** 2 + 2))[1], dtype=float).ravel()
        assert abs(n_opt[0] - 10_000) < 1, "sizes as an array, of whole numbers or not, are the same sizes"
    for shape in (lambda u: 2 - (u - 4) ** 2, lambda u: -u - 0.3 * u**2):
        try:
            find_optimal_params(sizes, shape(u))
        except ValueError:
            continue
        raise AssertionError("losses on a hill have no lowest point: raise ValueError")
    print("public tests of 3.1 passed")


public_tests_parabola()

# %% [markdown]
# ## 3.2 Five valleys
#
# **Why.** One optimum is a number; five of them are a law.
#
# **The idea.** Far from the bottom a valley is no parabola: small models run into a wall. So use only the runs around
# the lowest one. Sort the runs of a budget by size, find the lowest loss, and take `points` neighbouring runs with the
# lowest in their middle. Where the lowest lies too close to an end for that, take the first or the last `points` runs
# instead.
#
# **By hand.** Seven runs by size with losses 9, 5, 3, 2, 4, 6, 9 and `points = 5`: the window is 5, 3, 2, 4, 6. With losses
# 9, 7, 5, 4, 3, 2, 4 it is 5, 4, 3, 2, 4: the last five.
#
# **Trap.** The runs of one budget need not stand together, and nobody promised an order.
#
# **Your task** (s001-2.3.2, profiles).

# %% answer="s001-2.3.2-profiles"
def isoflop_optima(
    budgets: Sequence | np.ndarray, n_params: Sequence | np.ndarray, losses: Sequence | np.ndarray, points: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    """(budgets, optima): each budget once, ascending, and the best size at each, by find_optimal_params.

    budgets, n_params, losses: compute, size and loss of each run, equally long, runs in any order. points: an odd
    number >= 3. Of each budget the window of 3.2 is fitted, or all its runs if there are no more than `points`.
    """
    ### BEGIN SOLUTION
    budgets, n_params, losses = (np.asarray(values, dtype=float) for values in (budgets, n_params, losses))
    found = np.unique(budgets)
    optima = []
    for budget in found:
        chosen = np.flatnonzero(budgets == budget)
        chosen = chosen[np.argsort(n_params[chosen])]
        first = int(np.argmin(losses[chosen])) - points // 2
        first = max(0, min(first, len(chosen) - points))
        window = chosen[first : first + points]
        optima.append(find_optimal_params(n_params[window], losses[window])[1])
    return found, np.array(optima)
    ### END SOLUTION

# %% tests="s001-2.3.2-profiles"
def public_tests_profiles():
    sizes = 10.0 ** np.array([3.0, 3.5, 4.0, 4.5, 5.0])
    near, far = (np.log10(sizes) - 3.9) ** 2, (np.log10(sizes) - 4.2) ** 2
    budgets, optima = isoflop_optima([1e12] * 5 + [1e11] * 5, [*sizes, *sizes], [*far, *near])
    assert list(map(float, budgets)) == [1e11, 1e12], "each budget once, the smallest first"
    assert len(optima) == 2, "one best size per budget"
    assert abs(float(optima[0]) - 10**3.9) < 1 and abs(float(optima[1]) - 10**4.2) < 1, (
        "each budget has its own valley: which runs did you fit together?"
    )
    sizes = 10.0 ** np.arange(1.0, 8.0)
    wall = [900, 16, 1, 0, 1, 4, 800]  # the three in the middle lie on a parabola with its lowest point at 10^4
    _, optima = isoflop_optima([1e9] * 7, list(sizes), wall, points=3)
    assert abs(float(optima[0]) - 1e4) < 1, "only the runs around the lowest one count, here three"
    for kind in (float, int):
        runs = np.array([10**9] * 7, dtype=kind), np.array(sizes, dtype=kind), np.array(wall, dtype=float)
        found = isoflop_optima(*runs, points=3)
        assert abs(float(found[1][0]) - 1e4) < 1, "runs as arrays, of whole numbers or not, are the same runs"
    print("public tests of 3.2 passed")


public_tests_profiles()

# %% locked="optima"
optima = [list(scaling.BUDGETS), [10_000.0, 15_000.0, 19_000.0, 26_000.0, 34_000.0]]  # rounded: until yours are ready


def find_optima():
    global optima
    found = isoflop_optima(budgets_of_runs, sizes_of_runs, losses_of_runs)
    optima = [[float(value) for value in part] for part in found]
    for budget, size in zip(*optima, strict=True):
        print(f"C = {budget:.1e}   best size {size:>9,.0f}   tokens {budget / 6 / size:>11,.0f}")


when_ready("isoflop_optima", find_optima)

# %% figure="picture-valleys"
when_ready("isoflop_optima", lambda: scaling_pictures.valleys(runs, optima, find_optimal_params, source))

# %% [markdown]
# ## 3.3 A budget of your own
#
# **Why.** A table is easily believed. Make one valley of it yourself: the cheapest budget, $10^{10}$ FLOPs, five of its widths, some
# seven seconds of processor time. Your runs have a seed that the table does not have, so they also tell something that you need
# for every error band: how far a loss moves when *nothing but the seed* changes.
#
# **The idea.** A run reads batches of `scaling.BATCH` = 16 sequences of `scaling.CONTEXT` = 32 tokens, one batch per update. So
# the updates follow from $C = 6ND$. For the seeds, take pairs of runs that differ in nothing else. The difference of two runs
# has twice the variance of one, so with $d_i$ the difference of pair $i$ the standard deviation of a single loss is
# $\sqrt{\tfrac{1}{n}\sum_i d_i^2 / 2}$.
#
# **By hand.** 3,072 parameters and $6 \cdot 10^7$ FLOPs: $D = 6 \cdot 10^7 / (6 \cdot 3072) = 3255.2$ tokens, 6.36 batches of 512
# tokens, so 6 updates. Losses 2.0 and 3.0 with one seed, 2.2 and 2.9 with the other: $d = 0.2, -0.1$, and
# $\sqrt{(0.04 + 0.01) / 4} = 0.112$.
#
# **Trap.** The mean of the differences is close to 0 however large the noise is: seeds are as often lucky as not.
#
# **Your task** (s001-2.3.2, seeds). Two short functions. The cell below their tests trains with your `updates_for`; run it
# once, and hand in the folder `checkpoints/` that it makes together with the notebook.

# %% answer="s001-2.3.2-seeds"
def updates_for(compute: float, parameters: int) -> int:
    """How many updates of scaling.BATCH sequences of scaling.CONTEXT tokens `compute` FLOPs pay for, by C = 6 N D.

    A whole number: the nearest one, but at least 1.
    """
    ### BEGIN SOLUTION
    tokens = compute / (6 * parameters)
    return max(1, round(tokens / (scaling.BATCH * scaling.CONTEXT)))
    ### END SOLUTION


def seed_spread(first: Sequence | np.ndarray, second: Sequence | np.ndarray) -> float:
    """The standard deviation of one run's loss over seeds, from pairs of runs.

    first, second: K >= 1 losses each, lists or arrays; the runs at place i differ in nothing but the seed
    """
    ### BEGIN SOLUTION
    difference = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    return float(np.sqrt((difference**2).mean() / 2))
    ### END SOLUTION

# %% tests="s001-2.3.2-seeds"
def public_tests_seeds():
    assert updates_for(6e7, 3072) == 6, "the example pays for 6.36 batches of 512 tokens: 6 updates"
    assert updates_for(1e10, 10860) == 300, "the run of width 20 in the table made 300 updates"
    assert updates_for(10.0, 5000) == 1, "a run makes one update at least"
    assert abs(float(seed_spread([2.0, 3.0], [2.2, 2.9])) - 0.1118) < 1e-4, "the example has 0.112"
    assert abs(float(seed_spread(np.array([1.0]), np.array([1.0])))) < 1e-12, "equal losses: no spread"
    print("public tests of 3.3 passed")


public_tests_seeds()

# %% locked="own-budget"
own_models, own_runs = {}, ()


def train_own_budget():
    global own_models, own_runs
    made = scaling_own.own_budget(updates_for)
    own_models, own_runs = made.models, made.runs
    print(f"{len(own_runs)} runs of {scaling_own.BUDGET:.0e} FLOPs, {sum(run.seconds for run in own_runs):.0f} s of processor time")


when_ready("updates_for", train_own_budget)

# %% figure="own-pairs"
def compare_seeds():
    table = {run.width: run for run in scaling.shipped_runs() if run.compute == scaling_own.BUDGET}
    print("width  parameters  updates    your loss   the table's   difference")
    for run in own_runs:
        updates, other = run.tokens // (scaling.BATCH * scaling.CONTEXT), table[run.width].loss
        print(f"{run.width:>5} {run.parameters:>11,} {updates:>8} {run.loss:>12.4f} {other:>13.4f} {run.loss - other:>+12.4f}")
    pairs = [run.loss for run in own_runs], [table[run.width].loss for run in own_runs]
    print(f"\nspread over seeds at 1e10 FLOPs: {float(seed_spread(*pairs)):.4f} nats")
    for budget in scaling.BUDGETS:
        pairs = [[run.loss for run in scaling.shipped_runs(seed) if run.compute == budget] for seed in (0, 1)]
        above = np.mean(pairs) - source.entropy()
        spread = float(seed_spread(*pairs))
        print(f"the table's two seeds at {budget:.1e} FLOPs: {spread:.4f} nats, {spread / above:.1%} of what lies above the entropy")


when_ready("seed_spread", compare_seeds)

# %% figure="picture-own"
if own_runs:
    when_ready("isoflop_optima", lambda: scaling_pictures.valleys(own_runs, isoflop_optima(
        [run.compute for run in own_runs], [run.parameters for run in own_runs], [run.loss for run in own_runs]),
        find_optimal_params))
