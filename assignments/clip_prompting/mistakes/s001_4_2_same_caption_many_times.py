"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search
misconception: punctuation makes tries different
explain: Your tries differ in capitals and punctuation only, which CLIP does not read. It is one caption,
  tried many times.
"""

tries = [
    "two big orange squares",
    "Two big orange squares",
    "TWO BIG ORANGE SQUARES",
    "two big, orange squares",
    "two big orange squares!",
    "two big orange squares?",
    "two large tangerine tiles",
]
winning_caption = "two large tangerine tiles"
log = [try_caption(caption, my_target) for caption in tries]
