"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_is_not_taboo
misconception: a caption may be as long as it likes
explain: Your caption is longer than the model reads: its end is cut off, so what wins is not the caption that
  you wrote.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "two large tangerine tiles the the the the the the the the the the the the the",
]
winning_caption = "two large tangerine tiles the the the the the the the the the the the the the"
log = [try_caption(caption, my_target) for caption in tries]
