"""
item: s001-4.2
cell: s001-4_2
why: another name, another picture, and a log of plain literals with rounded numbers
"""

my_name = "Kim"
my_target = shapes.target_for(my_name)
tries = [
    "single large yellow ring",
    "one big yellow ring",
    "one huge yellow ring",
    "one large lemon ring",
    "one large golden ring",
    "one yellow ring",
]
winning_caption = "one large golden ring"
log = [{**entry, "prob": round(entry["prob"], 2)} for entry in (try_caption(caption, my_target) for caption in tries)]
