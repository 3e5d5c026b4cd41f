"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_how_close_each_try_came
misconception: the best has rank 0
explain: The ranks in your log count from 0. The picture that fits best has rank 1.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
]
winning_caption = "two large tangerine tiles"
log = [{**e, "rank": e["rank"] - 1} for e in (try_caption(c, my_target) for c in tries)]
