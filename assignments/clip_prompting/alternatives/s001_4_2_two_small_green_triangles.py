"""
item: s001-4.2
cell: s001-4_2
why: another name, another picture; the number of the noun alone decides nothing here
"""

my_name = "Isaac"
my_target = shapes.target_for(my_name)
tries = [
    "two small green triangle",
    "two green triangles",
    "small green triangles",
    "two small green wedges",
    "two tiny green triangles",
    "pair small green triangles",
]
winning_caption = "pair small green triangles"
log = [try_caption(caption, my_target) for caption in tries]
