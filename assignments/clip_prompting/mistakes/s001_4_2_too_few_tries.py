"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search
misconception: one success is a search
explain: Your log holds fewer than three different captions. Write down what you tried, also what failed.
"""

tries = [
    "two big orange squares",
    "two large tangerine tiles",
]
winning_caption = "two large tangerine tiles"
log = [try_caption(caption, my_target) for caption in tries]
