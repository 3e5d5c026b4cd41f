"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_how_close_each_try_came
misconception: the log belongs to another search
explain: The ranks in your log belong to another target than yours. Run all tries again with your own picture.
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
log = [try_caption(caption, 318) for caption in tries]
