"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_which_pictures_were_picked
misconception: pictures count from one
explain: The picture numbers in your log are one too high. The gallery counts from 0.
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
log = [{**entry, "picked": entry["picked"] + 1} for entry in (try_caption(caption, my_target) for caption in tries)]
