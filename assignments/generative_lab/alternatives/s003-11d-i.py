# %% by_spread
"""the widest means have the smallest beta"""
def match(stats, betas=(1e-6, 1e-3, 1.0)):
    names = sorted(stats, key=lambda name: -stats[name][0])
    return dict(zip(names, sorted(betas), strict=True))


# %% by_the_ratio
"""spread over width, in steps"""
panel_betas = {"c": 1, "a": 2e-1, "b": 0.000001}


def match(stats, betas=(1e-6, 1e-3, 1.0)):
    signal = {name: spread / sigma for name, (spread, sigma) in stats.items()}
    loosest, dearest = max(signal, key=signal.get), min(signal, key=signal.get)
    return {
        name: min(betas) if name == loosest else max(betas) if name == dearest else sorted(betas)[1] for name in stats
    }


# %% by_ranks
"""ranks by numpy"""
def match(stats, betas=(1e-6, 1e-3, 1.0)):
    names = list(stats)
    ranks = np.argsort(np.argsort([stats[name][1] for name in names]))
    return {name: float(np.sort(betas)[rank]) for name, rank in zip(names, ranks, strict=True)}
