"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_is_not_taboo
misconception: a synonym more makes it another caption
explain: Your caption holds all four forbidden words beside a synonym. It has to do without one of them.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "two large tangerine orange squares",
]
winning_caption = "two large tangerine orange squares"
log = [try_caption(caption, my_target) for caption in tries]
