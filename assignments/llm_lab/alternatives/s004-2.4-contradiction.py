# %% by_loops
"""Two loops, and a counter."""
def contradiction_rate(nli, pros, cons):
    if len(pros) == 0 or len(cons) == 0:
        return 0.0
    clashes = 0
    for pro in pros:
        for con in cons:
            if nli(pro, con)[2] > 0.5 or nli(con, pro)[2] > 0.5:
                clashes += 1
    return clashes / (len(pros) * len(cons))


# %% by_a_table
"""A table of probabilities for each order, and the larger one of both."""
def contradiction_rate(nli, pros, cons):
    if not pros or not cons:
        return 0.0
    forth = np.array([[nli(pro, con)[2] for con in cons] for pro in pros])
    back = np.array([[nli(con, pro)[2] for con in cons] for pro in pros])
    return float((np.maximum(forth, back) > 0.5).mean())


# %% by_product
"""All pairs by itertools, and the mean of truth values."""
def contradiction_rate(nli, pros, cons):
    from itertools import product

    marks = [any(nli(*order)[-1] > 0.5 for order in ((a, b), (b, a))) for a, b in product(pros, cons)]
    return float(np.mean(marks)) if marks else 0.0
