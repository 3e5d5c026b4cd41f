"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_is_not_taboo
misconception: upper case makes it another caption
explain: Your caption is the plain one in capitals. CLIP reads lower case either way, so nothing was searched:
  do without one of the four words.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "TWO LARGE ORANGE SQUARES!",
]
winning_caption = "TWO LARGE ORANGE SQUARES!"
log = [try_caption(caption, my_target) for caption in tries]
