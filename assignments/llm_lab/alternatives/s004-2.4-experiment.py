# %% the_other_way_round
"""An experiment that makes it worse is one, too: from warm to cold."""
debated = trial(debates.debater(debate, debates.speaker("small")), ["cats", "books", "trees"], [1, 41, 81], 1.0, 0.3)
experiment = {"before": 1.0, "after": 0.3, "rows": debated, "summary": summary(debated)}


# %% by_a_lambda
"""A debater of one's own, and a verdict that one cannot tell: both are warm."""
small = debates.speaker("small", max_new_tokens=40)
debated = trial(lambda topic, T, seed: debate(small, topic, T, seed), ("cars", "songs", "games"), range(0, 60, 20), 0.7, 0.9)
experiment = {"summary": summary(debated), "rows": debated, "after": 0.9, "before": 0.7}


# %% rows_by_hand
"""Rows that were put together by hand, seed after seed, and a tuple of them."""
speak = debates.speaker(llm.load("small"))


def row_of(topic, seed):
    before, after = (sum(map(len, debate(speak, topic, T=T, first_seed=seed).values())) for T in (0.6, 1.2))
    return {"topic": topic, "seed": seed, "before": before, "after": after}


debated = tuple(row_of(topic, seed) for seed in (3, 30, 300) for topic in ("dogs", "cars", "songs"))
experiment = {"before": 0.6, "after": 1.2, "rows": debated, "summary": summary(debated)}
