"""
item: s001-4.2
cell: s001-4_2
why: taboo, empty and too long captions may stand in the log as tries; a tuple of records
"""

tries = [
    "two large orange squares",
    "",
    "two goldfish",
    "orange squares, large, two of them",
    "the the the the the the the the the the the the two large orange squares",
    "two large amber squares",
    "Two large AMBER squares!",
    "couple of large orange things",
]
winning_caption = "Two large AMBER squares!"
log = tuple(try_caption(caption, my_target) for caption in tries)
