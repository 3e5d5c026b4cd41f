"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_is_not_taboo
misconception: another order makes it another caption
explain: Your caption has the four forbidden words in another order. The order does change the embedding, but
  the rule is to do without one of the words.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "large orange squares two",
]
winning_caption = "large orange squares two"
log = [try_caption(caption, my_target) for caption in tries]
