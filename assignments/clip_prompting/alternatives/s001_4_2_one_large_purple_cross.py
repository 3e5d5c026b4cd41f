"""
item: s001-4.2
cell: s001-4_2
why: another name, another picture, found with a caption that leaves a word out, and with tries that hold
  unknown words
"""

my_name = "Alan Turing"
my_target = shapes.target_for(my_name)
tries = [
    "one large cross",
    "one zorp violet cross",
    "one large purple plus",
    "two goldfish",
    "single large x",
    "one large plum cross",
    "one large purple cross",
]
winning_caption = "single large x"
log = [try_caption(caption, my_target) for caption in tries]
