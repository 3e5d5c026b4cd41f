"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search, the_log_tells_which_pictures_were_picked,
  the_log_tells_how_likely_they_were, the_log_tells_how_close_each_try_came
misconception: no record, no error
explain: Your log is empty. A try that is not written down did not happen.
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
log = []
