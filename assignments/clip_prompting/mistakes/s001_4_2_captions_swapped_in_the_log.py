"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_which_pictures_were_picked, the_log_tells_how_likely_they_were
misconception: the order of a log does not matter
explain: The captions in your log are shifted against their results. Every entry has to hold what its own
  caption did.
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
log = [{**try_caption(caption, my_target), "caption": other} for caption, other in zip(tries, [*tries[1:], tries[0]], strict=True)]
