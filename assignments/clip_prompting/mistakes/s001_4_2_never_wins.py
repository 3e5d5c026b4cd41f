"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_wins_the_gallery
misconception: the right kind is good enough
explain: Your caption picks another picture of the right kind. There are three or four of them in the gallery,
  and the game is about one.
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
winning_caption = "two big orange squares"
log = [try_caption(caption, my_target) for caption in tries]
