"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search
misconception: failures do not belong into the log
explain: Your log keeps the tries that worked and leaves the others out. A record without failures looks like
  a model that always understands; what it shows is a selection.
"""

tries = [
    "two large orange boxes",
    "two large tangerine tiles",
    "two large tangerine squares",
    "two large amber squares",
    "two large orange tiles",
    "couple large tangerine boxes",
    "pair large orange squares",
]
winning_caption = "two large tangerine tiles"
log = [try_caption(caption, my_target) for caption in tries]
