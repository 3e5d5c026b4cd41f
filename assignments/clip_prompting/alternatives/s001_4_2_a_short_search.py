"""
item: s001-4.2
cell: s001-4_2
why: three tries, the first of which failed, are a search; the name none_failed is not needed then
"""

tries = ["two big orange squares", "two large orange boxes", "two large tangerine tiles"]
winning_caption = "two large tangerine tiles"
log = [try_caption(caption, my_target) for caption in tries]
