"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_wins_the_gallery, the_caption_is_not_taboo, the_log_shows_a_search
misconception: the number names the picture
explain: Your winning caption is the number of the picture. CLIP does not know the numbers of the gallery.
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
winning_caption = str(my_target)
log = [try_caption(caption, my_target) for caption in tries]
