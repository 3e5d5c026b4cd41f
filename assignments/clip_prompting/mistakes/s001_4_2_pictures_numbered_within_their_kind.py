"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_which_pictures_were_picked
misconception: a number within the kind
explain: picked in your log counts among the pictures of its kind. It is the number in the gallery, 0 to 499.
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
log = [{**e, "picked": [k for k in range(500) if world.scenes[k] == world.scenes[e["picked"]]].index(e["picked"])} for e in (try_caption(c, my_target) for c in tries)]
