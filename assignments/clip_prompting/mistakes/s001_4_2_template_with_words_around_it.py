"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_is_not_taboo, the_caption_wins_the_gallery
misconception: words around the template make it another caption
explain: Your caption holds all four forbidden words, with others around them. It is the plain caption in
  disguise, and on top of that the words around it make it miss.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "a picture of two large orange squares",
]
winning_caption = "a picture of two large orange squares"
log = [try_caption(caption, my_target) for caption in tries]
