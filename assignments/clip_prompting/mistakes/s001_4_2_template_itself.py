"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_is_not_taboo
misconception: the plain caption is allowed
explain: You hand in the plain caption of your picture. It does pick the picture, but it is the one that the
  game forbids.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "two large orange squares",
]
winning_caption = "two large orange squares"
log = [try_caption(caption, my_target) for caption in tries]
