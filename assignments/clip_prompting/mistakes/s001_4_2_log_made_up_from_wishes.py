"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_which_pictures_were_picked, the_log_tells_how_close_each_try_came
misconception: a log may be filled in by hand
explain: Your log says that every caption picked your picture. It only looks like a search that went well:
  computed again, some of these captions pick others.
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
winning_caption = "two large tangerine tiles"
log = [{**try_caption(caption, my_target), "picked": my_target, "rank": 1} for caption in tries]
