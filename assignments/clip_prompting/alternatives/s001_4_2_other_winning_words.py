"""
item: s001-4.2
cell: s001-4_2
why: another winner for the same picture, capitals and punctuation in the log
"""

tries = [
    "Two large orange boxes.",
    "two orange squares",
    "two large squares",
    "two large orange square",
    "two large amber squares",
    "two big orange squares",
]
winning_caption = "two large amber squares"
log = [try_caption(caption, my_target) for caption in tries]
