"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search
misconception: the log holds the failures only
explain: Your winner is missing from the log. It was a try like the others.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
]
winning_caption = "two large tangerine tiles"
log = [try_caption(caption, my_target) for caption in tries]
