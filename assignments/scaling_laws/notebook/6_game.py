# %% [markdown]
# # Part 6: The budget game
#
# **Why.** So far all runs were there. In a lab none is: each run costs, the money ends, and then somebody asks what the large
# run will reach, which nobody can try beforehand. This part is that situation as a game.
#
# **The rules.**
#
# - The *menu* lists runs as pairs $(N, D)$. A run costs $6ND$ FLOPs. A pair that stands there twice can be bought twice: two
#   seeds, two losses.
# - You have a budget of FLOPs. `choose_runs` is asked what to buy; you get the losses; it is asked again with what is left,
#   until it orders nothing, six times at most.
# - Then you commit. `forecast` gets what you bought and a compute 4 to 16 times that of the dearest run on the menu. It names the size
#   $N$ that you would train with it, the loss that this run will reach, and a **band** that should hold the loss nine
#   times in ten.
# - The run of your size is made, and its loss is held against your band.
#
# **The worlds.** A world is a table of runs, hidden behind its menu. Most are drawn: $L = E + A N^{-a} + B D^{-b}$ with other constants
# each time (entropy $E$ of 1.5 to 3 nats, exponents of 0.45 to 0.75), five budgets that double, seven sizes each, and
# noise: the seed moves a loss by 0.4 % to 1.5 % of what lies above the entropy, much as in 3.3; in some by as little as 0.1 % or
# as much as 5 %. The money is enough for a third to two thirds of what one seed of the table costs; in a few worlds for some ten
# cheap runs only, or for everything. One world is real: the runs of this notebook, with runs of $6.4 \cdot 10^{11}$ FLOPs held
# out, trained like the others on two processor cores. There no formula holds exactly, and a band that comes from the fit of a
# formula knows nothing of that. **What was held out is in nothing that you got.** You may train such a run yourself (about half a
# minute of processor time), but it is your strategy that is graded, mostly in worlds that are drawn anew.
#
# **How bands are scored.** A wide band is easily right, a narrow one sounds clever. The *interval score* of
# [Gneiting and Raftery 2007](https://doi.org/10.1198/016214506000001437) makes the two pay in one currency: the width, plus, for
# a miss, $2 / 0.1 = 20$ times the distance by which the band was missed. Whoever believes in 90 % bands gets the best score
# on average by saying what he believes.
#
# **By hand.** Band 2.0 to 2.1. A run that reaches 2.05 scores 0.1. One that reaches 2.11 scores $0.1 + 20 \cdot 0.01 = 0.3$.
#
# **How to forecast.** A straight line through log losses sinks below any floor: it forecasts a loss that no model can
# reach. The floor belongs into the fit. Two ways that work:
#
# - *One surface for all runs*, $E + A N^{-a} + B D^{-b}$. For given exponents it is linear in $E$, $A$ and $B$: least squares, solved by
#   `np.linalg.lstsq` or `np.linalg.pinv`. So try a grid of exponents and keep the best pair. Pairs that fit nearly as well are
#   what you cannot tell apart; what they say at the target differs, and that *is* your band, together with the noise of a single run.
# - *Your own functions of Parts 3 and 4*: best size and lowest loss of each budget, a line for the size, and $E + k\,C^{-g}$ through
#   the losses (again linear once $g$ is chosen).
#
# Powers of such numbers get very large or small. Divide sizes and tokens by a typical one first.
#
# **How to buy.** Many runs of one size say nothing about size. The dearest runs are nearest to the target, cheap ones
# far from the bottom tell where the valley bends. A second seed costs as much as another size.
#
# **Traps.** A bill in $ND$ is six times too small. A band without width is always wrong. One of fixed width does not know whether the
# runs scatter by a thousandth or by a twentieth.
#
# **Your task** (s001-2.3.4, game). `forecast` should take no more than a tenth of a second: it is called more than a hundred times.

# %% answer="s001-2.3.4-game"
def choose_runs(menu: list[tuple], bought: list[tuple], left: float) -> list[tuple]:
    """What to buy next: a list of (N, D) from the menu that cost at most `left` FLOPs together; empty to end.

    menu: list of (N, D), what can still be bought, each once per seed that is left; bought: list of (N, D, loss), in the
    order in which they were bought, empty at first; left: FLOPs that are left
    """
    ### BEGIN SOLUTION
    if bought:
        return []
    budgets = {}
    for N, D in menu:
        budgets.setdefault(round(math.log2(6 * N * D)), []).append((N, D))
    order = []
    for done, budget in enumerate(sorted(budgets, reverse=True)):  # the dearest first; what it leaves goes to the others
        runs_of_budget, share = sorted(budgets[budget]), left / (len(budgets) - done)
        middle = len(runs_of_budget) // 2
        for place in sorted(range(len(runs_of_budget)), key=lambda place: abs(place - middle)):
            N, D = runs_of_budget[place]
            if share >= 6 * N * D:
                order.append((N, D))
                share, left = share - 6 * N * D, left - 6 * N * D
    return order
    ### END SOLUTION


def forecast(bought: list[tuple], compute: float) -> tuple[float, float, float, float]:
    """(N, loss, low, high): the size to train with `compute` FLOPs, the loss of that run, and a band that holds it nine times in ten.

    bought: list of (N, D, loss), at least one; compute: FLOPs, beyond all that was bought
    """
    ### BEGIN SOLUTION
    N, D, losses = np.array(bought, dtype=float).T
    a, b = (exponents.reshape(-1, 1) for exponents in np.meshgrid(*[np.arange(0.2, 1.0, 0.05)] * 2))
    typical_size, typical_tokens = np.median(N), np.median(D)

    def columns(sizes, tokens):
        """(pair of exponents, run, 3): what E, A and B are multiplied by."""
        powers = (sizes / typical_size) ** -a, (tokens / typical_tokens) ** -b
        return np.stack([np.ones_like(powers[0]), *powers], axis=-1)

    constants = np.linalg.pinv(columns(N, D)) @ losses
    rest = ((np.einsum("erk,ek->er", columns(N, D), constants) - losses) ** 2).sum(axis=1)
    rest[(constants <= 0).any(axis=1)] = np.inf
    best, free = np.argmin(rest), max(1, len(losses) - 5)
    noise = np.sqrt(rest[best] / free)
    sizes = np.geomspace(N.min(), 100 * N.max(), 200)
    curves = np.einsum("erk,ek->er", columns(sizes, compute / (6 * sizes)), constants)
    lowest = np.argmin(curves[best])
    said = curves[rest <= (1 + 6 / free) * rest[best], lowest]
    return float(sizes[lowest]), float(curves[best, lowest]), float(said.min() - noise), float(said.max() + noise)
    ### END SOLUTION

# %% [markdown]
# `game.shop(choose_runs, world)` plays the buying, `game.practice(20)` draws twenty worlds with the surface behind each, and
# `game.scores` tells how a strategy does in them, in units of what lies above the entropy at the best size of the target.

# %% tests="s001-2.3.4-game"
def public_tests_game():
    for world, _, _ in game.practice(3, seed=5):
        bought = game.shop(choose_runs, world)  # raises where an order is too dear or not on the menu
        assert bought, "buy something: without a run there is nothing to forecast from"
        answer = [float(value) for value in forecast(bought, world.target)]
        assert len(answer) == 4, "forecast returns four numbers: N, loss, low, high"
        assert all(map(math.isfinite, answer)), "N, loss, low and high are finite numbers"
        N, loss, low, high = answer
        assert N > 0, "N is a number of parameters"
        assert low < high, "a run has noise, so the band has a width: low, then high"
        assert low <= loss <= high, "the loss that you forecast lies in your band"
    few = game.practice(1, seed=7)[0][0]
    poor = replace(few, flops=game.price(sorted(few.menu(), key=lambda run: run[0] * run[1])[:10]))
    for flops in (poor.flops, game.price(few.menu())):  # money for ten cheap runs, and for everything
        assert game.shop(choose_runs, replace(few, flops=flops)), "buy something, with little money or with much"
    table = game.scores(choose_runs, forecast, game.practice(10, seed=6))
    assert table["median factor from the best size"] < 2, "the sizes are far from the best: is N* that of `compute`?"
    assert table["median error of the loss"] < 1, (
        "the losses are off by more than all that lies above the entropy: does your curve have a floor?"
    )
    assert table["share of runs in the band"] >= 0.5, "most bands miss their run: they are too narrow, or the forecast is off"
    assert table["median width of the band"] < 4, "the bands are many times as wide as all that is left to gain"
    print("public tests of 6 passed")


public_tests_game()

# %% figure="practice"
def practice_table():
    for name, value in game.scores(choose_runs, forecast, game.practice(40)).items():
        print(f"{name:40} {value:>8.3f}")


when_ready("forecast", practice_table)

# %% [markdown]
# And once with the real runs. You may spend $10^{12}$ FLOPs, which is about a quarter of what both seeds of the table cost, and
# forecast a run of $6.4 \cdot 10^{11}$, four times the dearest. That run was made, and is not shown. (Nor is its result hidden anywhere
# in the kit.)

# %% figure="real-game"
def play_the_real_one():
    world = game.table_world([*scaling.shipped_runs(0), *scaling.shipped_runs(1)], flops=1e12, target=6.4e11)
    bought = game.shop(choose_runs, world)
    N, loss, low, high = map(float, forecast(bought, world.target))
    print(f"{len(bought)} runs bought for {game.price(bought):.3g} FLOPs")
    print(f"at 6.4e11 FLOPs: N = {N:,.0f}, loss {loss:.4f}, band {low:.4f} to {high:.4f}; the entropy is {source.entropy():.4f}")
    return scaling_pictures.forecast_of_a_run(bought, (world.target, loss, low, high), source.entropy())


when_ready("forecast", play_the_real_one)

# %% [markdown]
# # What holds, and what does not
#
# A published answer to these questions, not ours, makes seven claims: (1) the loss falls with size, "but only to a certain
# extent"; (2) the optimum is width 96; (3) the largest width overfits; (4) the FLOPs of a width are its square; (5) a
# parabola through the runs gives the best size; (6) it is $10^{10}$ parameters at $10^{15}$ FLOPs; (7) the decoder-only
# run is not compute-optimal, width 48 or 64 would be better.
#
# **For yourself** (not graded). Say of each claim whether it holds here, in how many of three seeds, and where in this
# notebook you saw it. Then say which exponent you would report, with an error, and for what. The solution of this
# notebook has our answer below its verdict on the translator.
