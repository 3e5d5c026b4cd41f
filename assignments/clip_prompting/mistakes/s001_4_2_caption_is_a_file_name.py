"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_wins_the_gallery, the_caption_is_not_taboo
misconception: a path names the picture
explain: Your caption is the name of a file. CLIP reads words; to it these are all unknown, and it does not
  open files.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
    "gallery/0031.png",
]
winning_caption = "gallery/0031.png"
log = [try_caption(caption, my_target) for caption in tries]
