"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_wins_the_gallery, the_log_shows_a_search
misconception: any picture will do
explain: Your caption says nothing about the picture, and every try is the same. A search changes something
  from one try to the next.
"""

tries = [
    "a picture",
    "a picture",
    "a picture",
    "a picture",
    "a picture",
    "a picture",
    "a picture",
    "a picture",
]
winning_caption = "a picture"
log = [try_caption(caption, my_target) for caption in tries]
