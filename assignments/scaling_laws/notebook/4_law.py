# %% [markdown]
# # Part 4: The law through the optima
#
# ## 4.1 A line on log-log axes
#
# **Why.** If $N^* = k\,C^m$, then $\log_{10} N^* = m \log_{10} C + \log_{10} k$: a power law is a straight line on log-log
# axes, and its exponent is the slope. The exponent answers the question of the title. If compute grows by ten, the
# model should grow by $10^m$, and the data by the rest, $10^{1-m}$.
#
# **By hand.** $y = 0.1\sqrt{x}$ gives $m = 0.5$ and $c = -1$.
#
# **Traps.** Both axes are logarithmic, both to base 10, and it is $y$ that is explained by $x$. With natural logarithms
# the slope comes out the same, so you would not notice; the intercept does not.
#
# **Your task** (s001-2.3.3a).

# %% answer="s001-2.3.3a"
def fit_linear_log(x: Sequence | np.ndarray, y: Sequence | np.ndarray) -> tuple[float, float]:
    """(m, c): the least-squares line log10 y = m log10 x + c.

    x, y: K >= 2 positive numbers each, not all x equal; lists or arrays, in any order
    """
    ### BEGIN SOLUTION
    m, c = np.polyfit(np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float)), 1)
    return float(m), float(c)
    ### END SOLUTION

# %% tests="s001-2.3.3a"
def public_tests_line():
    x = [4.0, 100.0, 2500.0]
    m, c = fit_linear_log(x, [0.1 * value**0.5 for value in x])
    assert abs(float(m) - 0.5) < 1e-6, "the slope comes first; it is the exponent, 0.5 for 0.1 * sqrt(x)"
    assert abs(float(c) + 1) < 1e-6, "the intercept is log10 of the factor, -1 for 0.1 * sqrt(x)"
    m, c = fit_linear_log(np.array([1.0, 10.0]), np.array([5.0, 5.0]))
    assert abs(float(m)) < 1e-6, "what does not grow has slope 0"
    m, c = fit_linear_log(np.array([1, 10, 100]), [3.0, 30.0, 300.0])
    assert abs(float(m) - 1) < 1e-6, "an array of whole numbers: what grows in proportion has slope 1"
    print("public tests of 4.1 passed")


public_tests_line()

# %% [markdown]
# **Does the method work?** On real runs nobody can say, but there is a case where the answer is known. Suppose the loss
# were $L(N, D) = E + A N^{-a} + B D^{-b}$. Put in $D = C / 6N$, set the derivative to zero, and the best size turns out to
# grow as $C^{\,b/(a+b)}$. `loss_surface.CHINCHILLA` is such a surface with the constants that Hoffmann et al. fitted. Your
# functions should find its exponent from five profiles without noise, although its valleys are no parabolas.
#
# And how does the exponent of our little language compare with the published ones
# ([Kaplan et al. 2020](https://arxiv.org/abs/2001.08361), Hoffmann et al. 2022)? Do not expect them to agree: it
# depends on the data. A language in which little can be foreseen asks for other models than one with rules.
# Note, too, how much it depends on a choice of ours, the number of runs around each bottom, and on the seed.

# %% figure="known-answer"
def known_answer():
    surface = loss_surface.CHINCHILLA
    factors = [0.3, 0.45, 0.7, 1.0, 1.5, 2.2, 3.3]
    columns = [[], [], []]
    for budget in (1e18, 1e19, 1e20, 1e21, 1e22):
        sizes, losses = surface.profile(budget, factors)
        for column, values in zip(columns, ([budget] * len(factors), sizes, losses), strict=True):
            column.extend(values)
    m, _ = fit_linear_log(*isoflop_optima(*columns))
    print(f"{'known surface: your fit':46} {m:.4f}")
    print(f"{'known surface: b / (a + b)':46} {surface.exponent:.4f}")
    again = [(run.compute, run.parameters, run.loss) for run in scaling.shipped_runs(seed=1)]
    for points in (3, 5, 7):
        ours, second = (
            fit_linear_log(*isoflop_optima(*columns, points))[0]
            for columns in ((budgets_of_runs, sizes_of_runs, losses_of_runs), zip(*again, strict=True))
        )
        name = f"our runs, {points} around each bottom: your fit"
        print(f"{name:46} {float(ours):.4f}   (the same with another seed: {float(second):.4f})")
    for name, exponent in loss_surface.PUBLISHED_EXPONENTS.items():
        print(f"{name:46} {exponent:.3f}")
    sizes, compute, _ = zip(*loss_surface.PUBLISHED_OPTIMA, strict=True)
    print(f"{'your line through the optima that they print':46} {fit_linear_log(compute, sizes)[0]:.3f}")


when_ready("fit_linear_log", known_answer)

# %% [markdown]
# ## 4.2 What would be the best size at $10^{15}$ FLOPs?
#
# **Why.** This is what scaling laws are for: measure where it is cheap, decide where it is expensive. An extrapolation
# without an error band is a guess with decimals.
#
# **The idea.** Put $C = 10^{15}$ into the line. For the band, look at how far the $k$ points scatter around it. With
# $x_i = \log_{10} C_i$ and $y_i = \log_{10} N_i$,
#
# $$ s^2 = \frac{1}{k - 2}\sum_i \bigl(y_i - m x_i - c\bigr)^2, \qquad
#    \operatorname{se}(x) = s\,\sqrt{\frac1k + \frac{(x - \bar x)^2}{\sum_i (x_i - \bar x)^2}} $$
#
# is the standard error of *the line* at $x$. It is smallest in the middle of the data and grows with the distance from
# it. The band is $m x + c \pm t \cdot \operatorname{se}(x)$; with $k = 5$ points, 3 degrees of freedom are left, and
# $t = 3.182$ makes it a 95 % band. All of this happens in logarithms: back in parameters the band is a **factor** up and
# down, not a plus and a minus.
#
# **By hand.** Budgets 10, 100, 1000 and optima 1, 10, 1000: $x = 1, 2, 3$ and $y = 0, 1, 3$ give $m = 1.5$, $c = -1.667$,
# residuals $0.167, -0.333, 0.167$, so $s^2 = 0.1667$. At $C = 10^4$, $x = 4$: $\operatorname{se} = 0.408
# \sqrt{1/3 + 4/2} = 0.624$. The line says $10^{4.33}$, and with $t = 1$ the band is a factor $10^{0.624} = 4.2$ each way.
#
# **Trap.** Functions that interpolate stop at the last point. You want to go four orders of magnitude beyond it.
#
# **Your task** (s001-2.3.3b). `optimal_at` extrapolates with a band. Then give your answer for $10^{15}$ FLOPs from
# `optima` (the two lists of budgets and best sizes made above) with $t = 3.182$, as the dict `at_1e15`.

# %% answer="s001-2.3.3b"
def optimal_at(
    budgets: Sequence | np.ndarray, optima: Sequence | np.ndarray, compute: float, t: float = 1.0
) -> tuple[float, float, float]:
    """(n, low, high): the best size at `compute` on the log-log line through the optima, and its band.

    budgets, optima: K >= 3 positive numbers each, lists or arrays; compute: a positive number, inside or outside their
    range; t >= 0: half the width of the band in standard errors of the line. All three results are sizes.
    """
    ### BEGIN SOLUTION
    x, y = np.log10(np.asarray(budgets, dtype=float)), np.log10(np.asarray(optima, dtype=float))
    m, c = map(float, fit_linear_log(budgets, optima))
    variance = ((y - m * x - c) ** 2).sum() / (len(x) - 2)
    at = np.log10(compute)
    error = np.sqrt(variance * (1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()))
    with np.errstate(over="ignore"):  # a line that is wrong may leave the range of numbers
        return tuple(float(10 ** (m * at + c + sign * t * error)) for sign in (0, -1, 1))
    ### END SOLUTION


# The answer for 1e15 FLOPs: a dict with the keys N (best size), low, high (the 95 % band) and D (the tokens that go
# with N). Replace None, and delete the `raise` below.
at_1e15 = None
### BEGIN SOLUTION
best, lowest, highest = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": best, "low": lowest, "high": highest, "D": 1e15 / (6 * best)}
### END SOLUTION

# %% tests="s001-2.3.3b"
def public_tests_extrapolation():
    n, low, high = map(float, optimal_at([10, 100, 1000], [1, 10, 1000], 1e4))
    assert abs(math.log10(n) - 4.333) < 1e-3, "the line of the example reaches 10^4.33 at C = 10^4"
    assert low < n < high, "first the size, then the lower and the upper end of the band"
    assert abs(math.log10(high / n) - 0.624) < 1e-3, "in the example the band is 10^0.624 upwards"
    assert abs(math.log10(n / low) - 0.624) < 1e-3, "the band is a factor: the same downwards"
    n, low, high = map(float, optimal_at([1.0, 10.0, 100.0], [2.0, 4.0, 8.0], 1e6, t=3.0))
    assert abs(low / high - 1) < 1e-6, "points on a line leave no doubt: the band has no width"
    assert isinstance(at_1e15, dict) and {"N", "low", "high", "D"} <= set(at_1e15), "at_1e15 has the keys N, low, high, D"
    n, low, high = map(float, optimal_at(np.array([10.0, 100.0, 1000.0]), np.array([1.0, 10.0, 1000.0]), 1e4, t=0))
    assert abs(low / n - 1) < 1e-6 and abs(high / n - 1) < 1e-6, "t = 0 standard errors: no band"
    print("public tests of 4.2 passed")


public_tests_extrapolation()

# %% figure="picture-line"
when_ready("optimal_at", lambda: scaling_pictures.line_with_band(
    *optima, lambda compute: optimal_at(*optima, compute, t=3.182), compute=1e15))

# %% [markdown]
# **Write it down** (s001-2.3.3b, reasons; read by a person). A report read "the optimal number of parameters for $10^{15}$
# FLOPs is $10^{10}$" off such a plot, whose last point lay near $10^5$ parameters at $1.3 \cdot 10^{12}$ FLOPs.
# (a) How many tokens would that model see, and how many per parameter? (b) Which slope would the line need to get there,
# and what would a slope above 1 mean for the tokens? (c) Name one thing that your own 95 % band does not cover.

# %% [markdown] answer="s001-2.3.3b-reasons" grade_id="reasons-s001-2_3_3b"
# ### BEGIN SOLUTION
# (a) $D = C / 6N = 10^{15} / (6 \cdot 10^{10}) \approx 17{,}000$ tokens, less than two millionths of a token per parameter.
# The best models of our sweep see 15 to 23 tokens per parameter.
#
# (b) From $(1.3 \cdot 10^{12}, 10^5)$ to $(10^{15}, 10^{10})$ the slope is $5 / \log_{10}(10^{15} / 1.3 \cdot 10^{12}) = 5 / 2.89
# \approx 1.7$. With $N \propto C^m$ and $C = 6ND$ we have $D \propto C^{1 - m}$: above $m = 1$ more compute would mean fewer
# tokens. No measured profile does that; all published exponents lie between 0.46 and 0.73.
#
# (c) The band takes it for granted that the line goes on for four orders of magnitude, with the same architecture (one
# layer), the same vocabulary and recipe, and data that never run out. It knows the scatter of five points from one seed
# each, and nothing of what those have in common: a learning rate that suits small models better would bend all valleys
# the same way without adding scatter.
# ### END SOLUTION
