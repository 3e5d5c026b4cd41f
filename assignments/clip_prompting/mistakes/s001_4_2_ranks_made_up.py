"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_how_close_each_try_came
misconception: a rank is an impression
explain: The ranks in your log do not come from the model: they fall one by one, as one would like a search to
  go. Take each from its own try.
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
log = [{**try_caption(caption, my_target), "rank": len(tries) - place} for place, caption in enumerate(tries)]
