# %% the_middle_by_spread
"""neither the widest nor the narrowest"""
answers["s003-11d-ii"] = "A"


def best(stats):
    return sorted(stats, key=lambda name: stats[name][0])[1]


# %% the_middle_by_width
"""neither the quietest nor the noisiest"""
answers["s003-11d-ii"] = ["a"]


def best(stats):
    widths = sorted(sigma for _, sigma in stats.values())
    return next(name for name, (_, sigma) in stats.items() if sigma == widths[1])


# %% by_the_own_match
"""the inverse of the own table"""
def best(stats):
    return {beta: name for name, beta in match(stats).items()}[1e-3]
