"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_shows_a_search
misconception: a dict in a list is a copy
explain: All entries of your log are one and the same dict, and each try overwrote what the one before had written.
  A list holds references: make a new dict for each try.
"""

tries = [
    "two big orange squares",
    "two large orange square",
    "two large orange boxes",
    "two large tangerine tiles",
]
winning_caption = "two large tangerine tiles"
entry, log = {}, []
for caption in tries:
    entry.update(try_caption(caption, my_target))
    log.append(entry)
