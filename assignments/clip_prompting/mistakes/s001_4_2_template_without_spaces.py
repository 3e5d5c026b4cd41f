"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_is_not_taboo
misconception: hyphens make it another caption
explain: Your caption is the plain one with hyphens and low lines between the words. CLIP splits at those, so
  nothing was searched.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "two-large_orange--squares",
]
winning_caption = "two-large_orange--squares"
log = [try_caption(caption, my_target) for caption in tries]
