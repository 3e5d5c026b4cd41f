"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search, the_log_tells_which_pictures_were_picked
misconception: a failure can be invented
explain: Your log says that some tries failed, but computed again all of these captions pick your picture.
"""

tries = [
    "two large orange boxes",
    "two large tangerine tiles",
    "two large tangerine squares",
    "two large amber squares",
    "two large orange tiles",
    "pair large orange squares",
]
winning_caption = "two large tangerine tiles"
log = [try_caption(caption, my_target) for caption in tries]
for _entry in log[:2]:
    _entry.update(picked=258, rank=3)
