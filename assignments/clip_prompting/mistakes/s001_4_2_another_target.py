"""
item: s001-4.2
cell: s001-4_2
caught_by: the_target_belongs_to_the_name, the_caption_wins_the_gallery
misconception: any picture may be the target
explain: You search for a picture that is not yours. The name decides, so that not everybody hands in the same
  caption.
"""

my_target = 318

tries = [
    "one large violet cross",
    "single large purple cross",
    "lone large purple cross",
    "one huge purple cross",
    "one large plum cross",
    "one big purple cross",
]
winning_caption = "one large violet cross"
log = [try_caption(caption, my_target) for caption in tries]
