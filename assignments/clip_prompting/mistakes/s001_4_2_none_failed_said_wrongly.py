"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search
misconception: a failure that is in the log need not be admitted
explain: You say that none of your tries failed, but your own log holds some that pick another picture.
"""

tries = [
    "two big orange squares",
    "two large orange boxes",
    "two large tangerine tiles",
]
winning_caption = "two large tangerine tiles"
none_failed = True
log = [try_caption(caption, my_target) for caption in tries]
