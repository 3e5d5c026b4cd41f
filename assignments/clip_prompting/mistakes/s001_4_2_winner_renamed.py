"""
item: s001-4.2
cell: s001-4_2
caught_by: the_caption_wins_the_gallery, the_log_tells_which_pictures_were_picked
misconception: the log may say what was meant
explain: Your log has the result of one caption beside the words of another. Computed again, these words pick
  another picture.
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
winning_caption = "two huge squares"
log = [try_caption(caption, my_target) for caption in tries]
log[-1]["caption"] = winning_caption
