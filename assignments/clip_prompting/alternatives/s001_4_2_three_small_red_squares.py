"""
item: s001-4.2
cell: s001-4_2
why: another name, another picture
"""

my_name = "Grace Hopper"
my_target = shapes.target_for(my_name)
tries = [
    "three red squares",
    "trio small red squares",
    "three small crimson squares",
    "three small red square",
    "three small scarlet squares",
    "three small red boxes",
    "three small red",
]
winning_caption = "three small scarlet squares"
log = [try_caption(caption, my_target) for caption in tries]
