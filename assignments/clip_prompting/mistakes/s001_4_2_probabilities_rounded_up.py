"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_how_likely_they_were
misconception: confidence may be rounded up
explain: The probabilities in your log are far higher than those the model gives. Among 500 pictures, several
  of which fit, 0.4 is a clear win.
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
log = [{**try_caption(caption, my_target), "prob": 0.99} for caption in tries]
