"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_wins_the_gallery, the_caption_is_not_taboo, the_log_shows_a_search
misconception: nothing said, nothing wrong
explain: Your caption is empty. Write the words that pick your picture.
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
winning_caption = ""
log = [try_caption(caption, my_target) for caption in tries]
