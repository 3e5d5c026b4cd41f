"""
item: s001-4.2
cell: s001-4_2
why: whoever met no failure says that instead of inventing one
"""

tries = [
    "two large orange boxes",
    "two large tangerine tiles",
    "two large tangerine squares",
]
winning_caption = "two large tangerine tiles"
none_failed = True
log = [try_caption(caption, my_target) for caption in tries]
